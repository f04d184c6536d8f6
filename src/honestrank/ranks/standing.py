"""The product's one top function: scores with errors in, everything that may honestly be said about ranks out.

For means that somebody else computed; files of ratings are fitted by `ratings_standing`.
"""

import hashlib
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from honestrank.defaults import SEED, Way
from honestrank.estimators.fay_herriot import fay_herriot
from honestrank.estimators.noise import noise_of_errors, pooled_where_zero
from honestrank.fits import Warned
from honestrank.given import check_text, complete, listed, matrix, names_of, numbers
from honestrank.ranks.assembly import Ranking, Sample, Standing, assemble, check_ranking, grades_given
from honestrank.ranks.ranksets import check_scores, check_size
from honestrank.words.wording import InputError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


# Whole numbers beyond are not told from each other by a double, and nobody gave so many marks.
MOST_MARKS = 1e15

# Figures that differ by less were rounded in another way.
ALIKE = 1e-3


def standing(
    units: Sequence[str],
    scores: Sequence[float],
    standard_errors: Sequence[float],
    counts: Sequence[int] | None,
    *,
    covariance: Floats | None = None,
    design: Floats | None = None,
    level: float = 0.95,
    seed: int = SEED,
    draws: int | None = None,
    compare_from: int = 13,
    quota: int | None = None,
    estimated_errors: bool = True,
    noise: Way = "own_or_pooled",
    grades: Sequence[float] = (),
) -> Standing:
    """Standing of units known by their mean scores with standard errors (higher is better).

    Shrinkage by Fay–Herriot REML over all units; rank sets over the units with `counts` >= `compare_from`, from
    `covariance` (U x U) or from independent errors. `design` (U x p, the intercept among its columns, of full rank): what
    the means are expected to move with. Shrunken scores are then pulled towards x'beta instead of one mean, and chances
    follow them; scores, intervals and rank sets stay as they are. `counts=None` says the errors come from elsewhere (a survey's
    published tables): every unit is compared. `estimated_errors`: each standard error was estimated from its own
    `counts` marks, so intervals and rank sets use n - 1 degrees of freedom (at least one), and rank sets the larger of the
    unit's own noise and the pooled one (`noise`). `grades`: the marks a rater may give, on the scale of the scores; intervals
    then count half a mark more at each, and the pooled noise is floored by them. A standard error of zero among others is
    replaced by the pooled one and warned about. Scores of zero variance between units: no pair separates.
    `quota=k` adds surely in / surely out / open, and the model-based chance of the top k.
    Columns are lists, arrays or columns of pandas, polars and Arrow; matrices may be data frames too.
    Raises InputError for lists that do not fit, values that are not finite, a design that does not fit or whose columns
    follow from each other, or nothing known about the noise.
    """
    ranking = Ranking(level, seed, draws, compare_from, quota, noise, grades_given(grades))
    return means_ranked(
        units,
        scores,
        standard_errors,
        counts,
        ranking,
        covariance=covariance,
        design=design,
        estimated_errors=estimated_errors,
    )


def means_ranked(
    units: Sequence[str],
    scores: Sequence[float],
    standard_errors: Sequence[float],
    counts: Sequence[int] | None,
    ranking: Ranking,
    *,
    covariance: Floats | None = None,
    design: Floats | None = None,
    estimated_errors: bool = True,
) -> Standing:
    """`standing` as `ranking` asks; without counts every unit is compared. Raises InputError as `standing` does."""
    check_ranking(ranking)
    inputs = _Inputs.checked(units, scores, standard_errors, counts, covariance)
    _refuse_beyond_grades(inputs.units, inputs.scores, ranking.grades)
    design = None if design is None else matrix(design, "design")
    errors, replaced = pooled_where_zero(inputs.errors, inputs.counts)
    fitted = fay_herriot(inputs.scores, errors, design)
    if inputs.covariance is not None:
        check_scores(inputs.scores, inputs.covariance, ranking.level)
        fitted = replace(fitted, covariance=inputs.covariance)
    own = None
    if estimated_errors and inputs.counts is not None and int(inputs.counts.max()) > 1:
        own = noise_of_errors(inputs.scores, errors, inputs.counts, ranking.noise, ranking.grades)
        if inputs.covariance is not None:
            extra = np.maximum(0.0, own.variance - np.diag(inputs.covariance))
            own = replace(own, pooled=None, extra=extra)
    warnings = [Warned("zero_se_replaced", {"count": replaced})] if replaced else []
    sample = Sample(inputs.units, inputs.counts, inputs.scores, inputs.sha256(design))
    if counts is None:
        ranking = replace(ranking, compare_from=0)
    return assemble(sample, fitted, ranking, noise=own, warnings=warnings)


@dataclass(frozen=True)
class _Inputs:
    units: tuple[str, ...]
    scores: Floats
    errors: Floats
    counts: Integers | None
    covariance: Floats | None

    @classmethod
    def checked(
        cls,
        units: Sequence[str],
        scores: Sequence[float],
        errors: Sequence[float],
        counts: Sequence[int] | None,
        covariance: Floats | None,
    ) -> "_Inputs":
        units = _named(units)
        given = {"scores": numbers(scores, "scores"), "standard errors": numbers(errors, "standard errors")}
        scores, errors = (column.tolist() for column in given.values())
        if counts is not None:
            given["counts"] = numbers(counts, "counts")
        for what, values in given.items():
            if len(values) != len(units):
                raise InputError("lengths_differ", what=what, found=len(values), expected=len(units))
            for unit, value in zip(units, values.tolist(), strict=True):
                if not math.isfinite(value):
                    raise InputError("not_finite", what=what, unit=unit)
        check_size(np.append(given["scores"], given["standard errors"]))
        for unit, error in zip(units, errors, strict=True):
            if error < 0:
                raise InputError("se_negative", unit=unit)
        _refuse_twice(units)
        _refuse_part_marks(units, given.get("counts", np.empty(0)).tolist())
        number = None if counts is None else given["counts"].astype(np.int64)
        joint = None if covariance is None else _covariance(units, covariance)
        if joint is not None:
            _refuse_other_errors(units, joint, given["standard errors"])
        return cls(tuple(units), given["scores"], given["standard errors"], number, joint)

    def sha256(self, design: Floats | None) -> str:
        return inputs_sha256(self.units, self.scores, self.errors, self.counts, self.covariance, design)


def _named(units: Iterable[Any]) -> list[str]:
    found = listed(units, "units")
    if not found:
        raise InputError("no_units")
    for place, unit in enumerate(found, start=1):
        if unit is None or str(unit).strip() in ("", "<NA>", "nan", "NaT"):
            raise InputError("unit_unnamed", place=place)
    return [str(unit) for unit in found]


def _covariance(units: list[str], given: Any) -> Floats:
    """The matrix; a data frame that names its columns by the units has to have them in their order."""
    names = names_of(given)
    if names != tuple(units) and sorted(names) == sorted(units):
        raise InputError("other_order", what="covariance")
    return complete(given, "covariance")


def _refuse_other_errors(units: list[str], covariance: Floats, errors: Floats) -> None:
    """Raise InputError where the covariance and the standard errors tell two stories; its shape is looked at later."""
    if covariance.shape != (len(units), len(units)):
        return
    for unit, own, squared in zip(units, np.diag(covariance).tolist(), (errors**2).tolist(), strict=True):
        if own >= 0 and abs(own - squared) > ALIKE * max(own, squared):
            raise InputError("covariance_differs", unit=unit, variance=f"{own:.6g}", squared=f"{squared:.6g}")


def _refuse_beyond_grades(units: Sequence[str], scores: Floats, grades: tuple[float, ...]) -> None:
    if not grades or not all(map(math.isfinite, grades)):
        return
    slack = ALIKE * max(map(abs, grades))
    for unit, score in zip(units, scores.tolist(), strict=True):
        if not min(grades) - slack <= score <= max(grades) + slack:
            listed_grades = ", ".join(f"{grade:g}" for grade in grades)
            raise InputError("score_beyond_grades", unit=unit, value=f"{score:g}", grades=listed_grades)


def _refuse_twice(units: list[str]) -> None:
    if len(set(units)) < len(units):
        raise InputError("unit_twice", unit=next(unit for unit in units if units.count(unit) > 1))


def _refuse_part_marks(units: list[str], counts: list[float]) -> None:
    for unit, count in zip(units, counts, strict=False):
        if not 1 <= count <= MOST_MARKS or count != int(count):
            raise InputError("count_not_a_number_of_marks", unit=unit, value=f"{count:g}")


def inputs_sha256(
    units: Sequence[str],
    scores: Floats,
    errors: Floats,
    counts: Integers | None,
    covariance: Floats | None,
    design: Floats | None = None,
) -> str:
    """Hash of the canonical JSON of everything given. Raises InputError for a name that holds half a sign."""
    for place, unit in enumerate(units, start=1):
        check_text(unit, "units", place)
    matrix = None if covariance is None else covariance.tolist()
    given = [units, scores.tolist(), errors.tolist(), None if counts is None else counts.tolist(), matrix]
    given += [] if design is None else [np.asarray(design, dtype=np.float64).tolist()]
    return hashlib.sha256(json.dumps(given, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
