"""Standings of units whose raters are not known: one-way model, parts, and what is said where hardly anything is known."""

import hashlib
from dataclasses import asdict, replace

import numpy as np
from numpy.typing import NDArray

from honestrank.estimators.least_squares import FEW, LEAST_RATINGS, FewScores, fit_few_units
from honestrank.estimators.noise import noise_of_sums
from honestrank.estimators.one_way import one_way
from honestrank.estimators.parts import join_part_sums
from honestrank.fits import Noise, Scores, Warned
from honestrank.linear.factored import of_some
from honestrank.ranks.assembly import Ranking, Sample, Standing, assemble, without_errors
from honestrank.ranks.standing import means_ranked
from honestrank.sums import PartSums, Source, UnitSums
from honestrank.words.wording import InputError, percent

Floats = NDArray[np.float64]


def source_sha256(source: Source) -> str:
    """Hash of the file's bytes and the columns taken from it."""
    columns = {name: value for name, value in asdict(source.columns).items() if name != "fixed" or value}
    return hashlib.sha256(f"{source.sha256} {sorted(columns.items())}".encode()).hexdigest()


def units_standing(sums: UnitSums, source: Source, ranking: Ranking, warnings: list[Warned]) -> Standing:
    """By the one-way model, or by least squares where units are few. Raises InputError for too few marks.

    Why raters are left out is said by the caller.
    """
    sample = Sample(sums.units, sums.n, sums.means, source_sha256(source))
    noise = _noise_of(sums, ranking)
    if noise is None:
        return _all_agree(sums, sample, ranking, warnings)
    if 1 < len(sums.units) < FEW and sums.within > 0:
        few = fit_few_units(sums)
        warnings.append(Warned("few_units", {"units": len(sums.units), "few": FEW}))
        return few_standing(few, sample, ranking, warnings, noise, None)
    fitted = one_way(sums)
    return assemble(sample, fitted, ranking, noise=noise, warnings=[*warnings, *said_of_noise(noise, fitted)])


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
    # Here and not above: other files need nothing of it, and it takes long to load.
    from scipy.special import betaincinv

    width = float(np.ptp(sums.means))
    reach = width * betaincinv(0.5, sums.n + 0.5, ranking.level)
    least = int(sums.n.min())
    values = {"n": least, "difference": f"{float(reach[sums.n == least].max()):.3g}", "level": percent(ranking.level)}
    warnings = [*warnings, Warned("all_agree" if width > 0 else "all_marks_equal", values)]
    return without_errors(assemble(sample, one_way(sums), ranking, nothing_separates=True, warnings=warnings), reach)


def said_of_noise(noise: Noise, fitted: Scores) -> list[Warned]:
    """Says where nothing is known about the noise, and where one noise for all does not fit."""
    if fitted.fit.without_noise:
        return [Warned("agree_but_for_severity", {})]
    if noise.equal is None or noise.equal.p >= 0.01:
        return []
    return [Warned("noise_unequal_" + noise.way, {"p": f"{noise.equal.p:.2g}"})]


def few_standing(
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
    found = assemble(
        replace(sample, units=names, counts=sample.counts[kept], raw_means=sample.raw_means[kept]),
        _of(few.scores, kept),
        ranking,
        noise=noise.of(kept),
        comparable=None if comparable is None else comparable[np.ix_(kept, kept)],
        nothing_separates=few.scores.fit.without_noise,
        warnings=[*warnings, *said_of_noise(noise, few.scores)],
    )
    return without_errors(found) if few.scores.fit.without_noise else found


def _of(scores: Scores, kept: NDArray[np.int64]) -> Scores:
    return replace(
        scores,
        score=scores.score[kept],
        covariance=of_some(scores.covariance, kept),
        shrunken=scores.shrunken[kept],
        prediction_error=scores.prediction_error[kept],
        posterior=of_some(scores.posterior, kept),
    )


def parts_standing(parts: PartSums, source: Source, ranking: Ranking, warnings: list[Warned]) -> Standing:
    """`standing` of scores joined from parts. Raises InputError as `join_part_sums` does."""
    joined = join_part_sums(parts)
    units = parts.sums[0].units
    found = means_ranked(units, joined.score.tolist(), joined.standard_error.tolist(), joined.n.tolist(), ranking)
    return replace(
        found,
        warnings=(*warnings, Warned("parts_bound", {}), *found.warnings),
        fit_record=found.fit_record | {"inputs_sha256": source_sha256(source)},
    )
