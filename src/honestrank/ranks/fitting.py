"""From sums of a file to a standing: chooses the model its columns allow, and says in warnings what it cannot find out.

Crossed model when raters are known and rate several units, one-way without them, Fay–Herriot over parts, least squares
where units or raters are few.
"""

import hashlib
from dataclasses import asdict, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from honestrank.estimators.crossed import components, fit_crossed
from honestrank.estimators.large import fit_moments, sheets_of
from honestrank.estimators.least_squares import FEW, LEAST_RATINGS, FewScores, fit_few, fit_few_units
from honestrank.estimators.noise import noise_beside_moments, noise_beside_raters, noise_of_sums
from honestrank.estimators.one_way import one_way
from honestrank.estimators.parts import join_part_sums
from honestrank.fits import Noise, Scores, Warned
from honestrank.linear.factored import of_some
from honestrank.linear.passes import SheetPasses
from honestrank.linear.products import pair_count
from honestrank.linear.sorted_ratings import Sheets
from honestrank.ranks.assembly import MOST_COMPARED, Ranking, Sample, Standing, assemble
from honestrank.ranks.standing import means_ranked
from honestrank.sums import CrossedSums, LargeRatings, PartSums, Ratings, Source, UnitSums, squares_by_unit
from honestrank.words.wording import InputError

Floats = NDArray[np.float64]

# A step of the exact fit at so many columns takes some 17 s of processor time; so many pairs, 2 to 9 ns each and
# looked at twice, cost about as much again (they are never stored). 5 million marks of 2,000 units by 25,000 raters:
# 5 * 10^8 pairs, 8 s.
MOST_EXACT, MOST_EXACT_PAIRS = 8_000, 1_000_000_000


def ratings_standing(ratings: Ratings, ranking: Ranking, *, raters_assigned_at_random: bool = False) -> Standing:
    """Fit the model the columns of `ratings` allow and rank what separates.

    Units of the same file that no chain of raters joins are not compared, unless raters were assigned at random.
    Raises InputError when the file is too small for the model.
    """
    found = _standing(ratings, ranking, raters_assigned_at_random)
    return found if ratings.marks is None else _with_marks(found, ratings)


def _with_marks(found: Standing, ratings: Ratings) -> Standing:
    """Each unit with the distribution of its marks."""
    sums = ratings.units or ratings.crossed
    assert sums is not None
    assert ratings.marks is not None
    of_unit = dict(zip(sums.units, ratings.marks, strict=True))
    return replace(found, units=tuple(replace(row, distribution=of_unit[row.unit]) for row in found.units))


def _standing(ratings: Ratings, ranking: Ranking, raters_assigned_at_random: bool) -> Standing:
    source = ratings.source
    warnings = [Warned("missing_scores", {"count": source.missing})] if source.missing else []
    if ratings.units is not None:
        return _from_units(ratings.units, source, ranking, warnings)
    if ratings.parts is not None:
        return _from_parts(ratings.parts, source, ranking, warnings)
    if ratings.large is not None:
        return _from_large(ratings.large, source, ranking, warnings, raters_assigned_at_random)
    assert ratings.crossed is not None
    sums = ratings.crossed
    if sums.duplicates and source.columns.rater:
        warnings.append(Warned("duplicates", {"count": sums.duplicates}))
    is_apart = _each_rater_has_one_unit(sums)
    is_plain = sums.fixed is None and (is_apart or (sums.raters == 1 and not sums.groups))
    if is_plain or _units_agree(sums):
        return _from_units(_unit_sums(sums), source, ranking, warnings)
    if is_apart or sums.raters == 1:
        warnings.append(Warned("severity_unseparated", {}))
        sums = replace(sums, rater=np.zeros_like(sums.rater), raters=1)
    return _from_crossed(sums, source, ranking, warnings, raters_assigned_at_random)


def source_sha256(source: Source) -> str:
    """Hash of the file's bytes and the columns taken from it."""
    columns = {name: value for name, value in asdict(source.columns).items() if name != "fixed" or value}
    return hashlib.sha256(f"{source.sha256} {sorted(columns.items())}".encode()).hexdigest()


def _from_units(sums: UnitSums, source: Source, ranking: Ranking, warnings: list[Warned]) -> Standing:
    sample = Sample(sums.units, sums.n, sums.means, source_sha256(source))
    warnings = [*warnings, Warned("severity_unseparated", {})]
    noise = _noise_of(sums, ranking)
    if noise is None:
        return _all_agree(sums, sample, ranking, warnings)
    if 1 < len(sums.units) < FEW and sums.within > 0:
        few = fit_few_units(sums)
        warnings.append(Warned("few_units", {"units": len(sums.units), "few": FEW}))
        return _from_few(few, sample, ranking, warnings, noise, None)
    fitted = one_way(sums)
    return assemble(sample, fitted, ranking, noise=noise, warnings=[*warnings, *_of_noise(noise, fitted)])


def _noise_of(sums: UnitSums, ranking: Ranking) -> Noise | None:
    """None where all marks of every unit are equal and no grades are declared: nothing is known about the noise."""
    if int(sums.n.sum()) <= len(sums.units):
        raise InputError("no_unit_twice")
    if sums.within <= 1e-12 * float(np.abs(sums.squares).sum()) and not ranking.grades:
        return None
    return noise_of_sums(sums, ranking.noise, ranking.grades)


def _all_agree(sums: UnitSums, sample: Sample, ranking: Ranking, warnings: list[Warned]) -> Standing:
    """Every unit's raters agree. That is no proof of certainty, and no noise is made up: nothing separates.

    An interval says how far another set of raters could differ: with n equal marks the chance of another mark is at most the
    `level` quantile p of Beta(1/2, n + 1/2) (Jeffreys), so the mean moves by at most p times the range of all marks.
    """
    if int(sums.n.sum()) < LEAST_RATINGS:
        raise InputError("below_five", marks=int(sums.n.sum()), least=LEAST_RATINGS)
    width = float(np.ptp(sums.means))
    reach = width * betaincinv(0.5, sums.n + 0.5, ranking.level)
    least = int(sums.n.min())
    values = {"n": least, "difference": f"{float(reach[sums.n == least].max()):.3g}"}
    warnings = [*warnings, Warned("all_agree" if width > 0 else "all_marks_equal", values)]
    found = assemble(sample, one_way(sums), ranking, nothing_separates=True, warnings=warnings)
    units = tuple(
        replace(row, interval=(row.score - far, row.score + far), expected_rank=None, top_chance=None)
        for row, far in zip(found.units, reach.tolist(), strict=True)
    )
    return replace(found, units=units, fit_record=found.fit_record | {"noise": {"way": "unknown"}})


def _of_noise(noise: Noise, fitted: Scores) -> list[Warned]:
    """Says where nothing is known about the noise, and where one noise for all does not fit."""
    if fitted.fit.without_noise:
        return [Warned("agree_but_for_severity", {})]
    if noise.equal is None or noise.equal.p >= 0.01:
        return []
    return [Warned("noise_unequal_" + noise.way, {"p": f"{noise.equal.p:.2g}"})]


def _from_few(
    few: FewScores,
    sample: Sample,
    ranking: Ranking,
    warnings: list[Warned],
    noise: Noise,
    comparable: NDArray[np.bool_] | None,
) -> Standing:
    """Below five ratings a unit gets nothing."""
    assert sample.counts is not None
    kept = np.flatnonzero(sample.counts >= LEAST_RATINGS)
    if len(kept) == 0:
        raise InputError("below_five", marks=int(sample.counts.max()), least=LEAST_RATINGS)
    if len(kept) < len(sample.units):
        gone = tuple(unit for unit, n in zip(sample.units, sample.counts, strict=True) if n < LEAST_RATINGS)
        warnings = [*warnings, Warned("units_below_five", {"units": gone, "least": LEAST_RATINGS})]
    names = tuple(sample.units[i] for i in kept.tolist())
    return assemble(
        replace(sample, units=names, counts=sample.counts[kept], raw_means=sample.raw_means[kept]),
        _of(few.scores, kept),
        ranking,
        noise=noise.of(kept),
        comparable=None if comparable is None else comparable[np.ix_(kept, kept)],
        nothing_separates=few.scores.fit.without_noise,
        warnings=[*warnings, *_of_noise(noise, few.scores)],
    )


def _of(scores: Scores, kept: NDArray[np.int64]) -> Scores:
    return replace(
        scores,
        score=scores.score[kept],
        covariance=of_some(scores.covariance, kept),
        shrunken=scores.shrunken[kept],
        prediction_error=scores.prediction_error[kept],
        posterior=of_some(scores.posterior, kept),
    )


def _from_parts(parts: PartSums, source: Source, ranking: Ranking, warnings: list[Warned]) -> Standing:
    joined = join_part_sums(parts)
    units = parts.sums[0].units
    found = means_ranked(units, joined.score.tolist(), joined.standard_error.tolist(), joined.n.tolist(), ranking)
    return replace(
        found,
        warnings=(*warnings, Warned("parts_bound", {}), *found.warnings),
        fit_record=found.fit_record | {"inputs_sha256": source_sha256(source)},
    )


def _from_crossed(
    sums: CrossedSums, source: Source, ranking: Ranking, warnings: list[Warned], at_random: bool
) -> Standing:
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
            return _from_few(few_scores, sample, ranking, warnings, noise, comparable)
        warnings.append(Warned("few_levels", few))
    fitted = _fitted_exactly_or_by_moments(sums, warnings)
    noise = _noise_beside(sums, fitted, ranking)
    return assemble(
        sample,
        fitted,
        ranking,
        noise=noise,
        comparable=comparable,
        nothing_separates=fitted.fit.without_noise,
        warnings=[*warnings, *_of_noise(noise, fitted)],
    )


def _fitted_exactly_or_by_moments(sums: CrossedSums, warnings: list[Warned]) -> Scores:
    is_large = min(len(sums.units), sums.raters) + len(sums.groups) > MOST_EXACT or pairs(sums) > MOST_EXACT_PAIRS
    if is_large:
        if sums.fixed is not None:
            raise InputError("fixed_too_large", units=f"{len(sums.units):,}")
        warnings.append(Warned("moments_used", {}))
    fitted = fit_moments(sums) if is_large else fit_crossed(sums)
    for key in ("fixed_dropped", "fixed_in_units"):
        if getattr(fitted.fit, key):
            warnings.append(Warned(key, {"columns": getattr(fitted.fit, key)}))
    return fitted


def _noise_beside(sums: CrossedSums, fitted: Scores, ranking: Ranking) -> Noise:
    """By moments the variances are those of plain means."""
    if fitted.fit.method == "moments":
        return noise_beside_moments(SheetPasses(sheets_of(sums)), fitted, ranking.noise)
    return noise_beside_raters(sums, fitted, ranking.noise)


def _from_large(
    found: LargeRatings, source: Source, ranking: Ranking, warnings: list[Warned], at_random: bool
) -> Standing:
    """By moments, as any file of so many ratings; by unit alone where severity and noise cannot be separated."""
    sheets, units = found.sheets, len(found.units)
    counts, total = sheets.n[:units].astype(np.int64), sheets.total[:units]
    if found.duplicates:
        warnings.append(Warned("duplicates", {"count": found.duplicates}))
    if found.is_apart or float((sheets.unit_squares - total**2 / counts).sum()) <= 1e-12 * sheets.squares:
        sums = UnitSums(found.units, counts, total, sheets.unit_squares, sheets.origin)
        return _from_units(sums, source, ranking, warnings)
    warnings.append(Warned("moments_used", {}))
    comparable, apart = None, int(found.parts.max()) + 1
    if apart > 1 and not at_random:
        warnings.append(Warned("disconnected", {"parts": apart}))
        comparable = found.parts[:, None] == found.parts if units <= MOST_COMPARED else None
    sample = Sample(found.units, counts, sheets.origin + total / counts, source_sha256(source))
    fitted = fit_moments(sheets)
    noise = noise_beside_moments(SheetPasses(sheets) if isinstance(sheets, Sheets) else sheets, fitted, ranking.noise)
    warnings += _of_noise(noise, fitted)
    return assemble(sample, fitted, ranking, noise=noise, comparable=comparable, warnings=warnings)


def pairs(sums: CrossedSums) -> int:
    """How many pairs of columns the exact model would add up in one sum (see `products`): of raters, or of units if these are more."""
    larger = sums.rater if sums.raters >= len(sums.units) else sums.unit
    return pair_count(np.bincount(larger) * (2 if sums.groups else 1))


def _each_rater_has_one_unit(sums: CrossedSums) -> bool:
    pairs = np.unique(sums.rater * len(sums.units) + sums.unit)
    return len(pairs) == sums.raters


def _units_agree(sums: CrossedSums) -> bool:
    """Whether the marks of every unit are equal, which leaves neither severity nor noise anything to show in."""
    return sums.fixed is None and _unit_sums(sums).within <= 1e-12 * sums.squares


def _unit_sums(sums: CrossedSums) -> UnitSums:
    """The marks summed by unit alone."""
    units = len(sums.units)
    n = np.bincount(sums.unit, weights=sums.n, minlength=units).astype(np.int64)
    total = np.bincount(sums.unit, weights=sums.total, minlength=units).astype(np.float64)
    return UnitSums(sums.units, n, total, squares_by_unit(sums), sums.origin)
