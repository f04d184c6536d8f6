"""Standings of units whose raters are known: the crossed model exactly, by moments where there are very many, or least squares.

Without raters: `of_units`.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from honestrank.estimators.crossed import components, fit_crossed
from honestrank.estimators.large import fit_moments, sheets_of
from honestrank.estimators.least_squares import FEW, fit_few
from honestrank.estimators.noise import noise_beside_moments, noise_beside_raters
from honestrank.fits import Noise, Scores, Warned
from honestrank.linear.passes import SheetPasses
from honestrank.linear.products import pair_count
from honestrank.linear.sorted_ratings import Sheets
from honestrank.ranks.assembly import MOST_COMPARED, Ranking, Sample, Standing, assemble, without_errors
from honestrank.ranks.of_units import few_standing, said_of_noise, source_sha256, units_standing
from honestrank.sums import CrossedSums, LargeRatings, Source, UnitSums
from honestrank.words.wording import InputError

# A step of the exact fit at so many columns takes some 17 s of processor time; so many pairs, 2 to 9 ns each and
# looked at twice, cost about as much again (they are never stored). 5 million marks of 2,000 units by 25,000 raters:
# 5 * 10^8 pairs, 8 s.
MOST_EXACT, MOST_EXACT_PAIRS = 8_000, 1_000_000_000


def crossed_standing(
    sums: CrossedSums, source: Source, ranking: Ranking, warnings: list[Warned], at_random: bool
) -> Standing:
    """By the crossed model, or least squares where units or raters are few. Raises InputError for too few marks."""
    counts = np.bincount(sums.unit, weights=sums.n, minlength=len(sums.units))
    means = sums.origin + np.bincount(sums.unit, weights=sums.total, minlength=len(sums.units)) / counts
    sample = Sample(sums.units, counts.astype(np.int64), means, source_sha256(source))
    component = components(sums)
    apart = int(component.max()) + 1
    comparable = None
    if apart > 1 and not at_random:
        warnings.append(Warned("disconnected", {"parts": apart}))
        comparable = component[:, None] == component if len(sums.units) <= MOST_COMPARED else None
    found = _fitted(sums, sample, ranking, warnings, component, comparable)
    return replace(found, fit_record=found.fit_record | {"components": apart, "raters_at_random": at_random})


def _fitted(
    sums: CrossedSums,
    sample: Sample,
    ranking: Ranking,
    warnings: list[Warned],
    component: NDArray[np.int64],
    comparable: NDArray[np.bool_] | None,
) -> Standing:
    """Least squares for few units or raters, moments for very many, else the exact model."""
    few = {"units": len(sums.units), "raters": sums.raters, "few": FEW}
    if len(sums.units) < FEW or 1 < sums.raters < FEW:
        if sums.fixed is None and len(sums.units) > 1:
            warnings.append(Warned("few_units_or_raters", few))
            few_scores = fit_few(sums, component)
            noise = noise_beside_raters(sums, few_scores.scores, ranking.noise)
            return few_standing(few_scores, sample, ranking, warnings, noise, comparable)
        warnings.append(Warned("few_levels", few))
    fitted = _fitted_exactly_or_by_moments(sums, warnings, component)
    noise = _noise_beside(sums, fitted, ranking)
    found = assemble(
        sample,
        fitted,
        ranking,
        noise=noise,
        comparable=comparable,
        nothing_separates=fitted.fit.without_noise,
        warnings=[*warnings, *said_of_noise(noise, fitted)],
    )
    return without_errors(found) if fitted.fit.without_noise else found


def _fitted_exactly_or_by_moments(sums: CrossedSums, warnings: list[Warned], component: NDArray[np.int64]) -> Scores:
    is_large = min(len(sums.units), sums.raters) + len(sums.groups) > MOST_EXACT or pairs(sums) > MOST_EXACT_PAIRS
    if is_large:
        if sums.fixed is not None:
            raise InputError("fixed_too_large", units=f"{len(sums.units):,}")
        warnings.append(Warned("moments_used", {}))
    fitted = fit_moments(sums) if is_large else fit_crossed(sums)
    if fitted.fit.without_noise and sums.fixed is None and len(sums.units) <= MOST_EXACT:
        # No variance can be put beside a noise of nothing, but what raters and units add to every mark is known.
        return fit_few(sums, component).scores
    for key in ("fixed_dropped", "fixed_in_units"):
        if getattr(fitted.fit, key):
            warnings.append(Warned(key, {"columns": getattr(fitted.fit, key)}))
    return fitted


def _noise_beside(sums: CrossedSums, fitted: Scores, ranking: Ranking) -> Noise:
    """By moments the variances are those of plain means."""
    if fitted.fit.method == "moments":
        return noise_beside_moments(SheetPasses(sheets_of(sums)), fitted, ranking.noise)
    return noise_beside_raters(sums, fitted, ranking.noise)


def large_standing(
    found: LargeRatings, source: Source, ranking: Ranking, warnings: list[Warned], at_random: bool
) -> Standing:
    """By moments, as any file of so many ratings; by unit alone where severity and noise cannot be separated."""
    sheets, units = found.sheets, len(found.units)
    counts, total = sheets.n[:units].astype(np.int64), sheets.total[:units]
    if found.duplicates:
        warnings.append(Warned("duplicates", {"count": found.duplicates}))
    if found.is_apart:
        warnings.append(Warned("severity_unseparated", {}))
    if found.is_apart or float((sheets.unit_squares - total**2 / counts).sum()) <= 1e-12 * sheets.squares:
        sums = UnitSums(found.units, counts, total, sheets.unit_squares, sheets.origin)
        return units_standing(sums, source, ranking, warnings)
    warnings.append(Warned("moments_used", {}))
    comparable, apart = None, int(found.parts.max()) + 1
    if apart > 1 and not at_random:
        warnings.append(Warned("disconnected", {"parts": apart}))
        comparable = found.parts[:, None] == found.parts if units <= MOST_COMPARED else None
    sample = Sample(found.units, counts, sheets.origin + total / counts, source_sha256(source))
    fitted = fit_moments(sheets)
    noise = noise_beside_moments(SheetPasses(sheets) if isinstance(sheets, Sheets) else sheets, fitted, ranking.noise)
    warnings += said_of_noise(noise, fitted)
    return assemble(sample, fitted, ranking, noise=noise, comparable=comparable, warnings=warnings)


def pairs(sums: CrossedSums) -> int:
    """How many pairs of columns the exact model would add up in one sum (see `products`): of raters, or of units if these are more."""
    larger = sums.rater if sums.raters >= len(sums.units) else sums.unit
    return pair_count(np.bincount(larger) * (2 if sums.groups else 1))
