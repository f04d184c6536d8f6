"""Each unit's own noise: own variance or the pooled one, whichever is larger, and whether the noise differs at all.

Symbols: n_u marks, s_u^2 their own variance, s^2 the pooled one, f_u degrees of freedom. How ranks follow: `ranks.welch`.
"""

import numpy as np
from numpy.typing import NDArray

from honestrank.defaults import Way
from honestrank.fits import EqualNoise, Noise, Scores
from honestrank.linear.factored import variances
from honestrank.linear.passes import Passes
from honestrank.linear.tails import chi_squared_above
from honestrank.sums import CrossedSums, UnitSums, squares_by_unit
from honestrank.words.wording import InputError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# The weight of the mark that is thought of at each declared grade: half a mark, as Jeffreys' prior has.
PSEUDO = 0.5


def noise_of_sums(sums: UnitSums, way: Way = "own_or_pooled", grades: tuple[float, ...] = ()) -> Noise:
    """Noise of units from their marks. Own errors come from each unit's sums; a unit of one mark has only the pooled one.

    Raises InputError when no unit has two marks.
    """
    n = sums.n.astype(np.float64)
    within = np.maximum(0.0, sums.squares - sums.total**2 / n)
    # Less than 1e-12 of a unit's squares is rounding.
    within[within <= 1e-12 * np.maximum(1.0, sums.squares)] = 0.0
    return _noise(n, within, sums.means, way, grades)


def noise_of_errors(
    scores: Floats, errors: Floats, counts: Integers, way: Way = "own_or_pooled", grades: tuple[float, ...] = ()
) -> Noise:
    """Noise of units known by mean, standard error and number of marks: s_u^2 = n_u se_u^2.

    Raises InputError when all errors are zero and no grades are declared, or no unit has two marks.
    """
    n = counts.astype(np.float64)
    return _noise(n, np.maximum(n - 1, 0) * n * errors**2, scores, way, grades, errors)


def _noise(
    n: Floats, within: Floats, means: Floats, way: Way, grades: tuple[float, ...], errors: Floats | None = None
) -> Noise:
    freedom = n - 1
    if freedom.sum() < 1:
        raise InputError("no_unit_twice")
    pooled = floored(float(within.sum()), n, means, grades)
    if pooled <= 0:
        raise InputError("se_all_zero")
    own = np.divide(within, freedom, out=np.full(len(n), pooled), where=freedom > 0)
    if errors is not None:
        own = np.where(freedom > 0, own, n * errors**2)
    taken = _taken(own, pooled, way, n, within, means, grades)
    most = np.maximum(freedom, 1.0)
    return Noise(
        way=way,
        variance=taken / n,
        freedom=np.full(len(n), freedom.sum()) if way == "pooled" else most,
        extra=np.zeros(len(n)),
        error=np.sqrt(np.where((own > 0) & (way != "pooled"), own, pooled) / n),
        pooled=np.full(len(n), pooled) / n,
        pooled_freedom=float(freedom.sum()),
        equal=equal_noise(own[freedom > 0], freedom[freedom > 0]),
        interval=None if way == "pooled" else _intervals(n, within, means, grades),
    )


def _taken(
    own: Floats, pooled: float, way: Way, n: Floats, within: Floats, means: Floats, grades: tuple[float, ...]
) -> Floats:
    """The variance of one mark that ranks go by."""
    if way == "pooled":
        return np.full(len(own), pooled)
    if way == "own":
        found = with_pseudo_marks(n, within, means, grades)[1] if grades else own
        return np.where(found > 0, found, pooled)
    return np.maximum(own, pooled)


def floored(within: float, n: Floats, means: Floats, grades: tuple[float, ...]) -> float:
    """The pooled variance, at least what it is with half a mark more at each declared grade, about the mean of all marks."""
    freedom = float(n.sum()) - len(n)
    pooled = within / freedom
    if not grades:
        return pooled
    points = np.array(grades)
    centre = float(n @ means / n.sum())
    added = PSEUDO * float(((points - centre) ** 2).sum())
    return max(pooled, (within + added) / (freedom + PSEUDO * len(points)))


def with_pseudo_marks(
    n: Floats, within: Floats, means: Floats, grades: tuple[float, ...]
) -> tuple[Floats, Floats, Floats]:
    """(number, variance, mean) of each unit's marks and half a mark at each grade."""
    points = np.array(grades)
    added = PSEUDO * len(points)
    number = n + added
    mean = (n * means + PSEUDO * points.sum()) / number
    squares = within + n * (means - mean) ** 2 + PSEUDO * ((points - mean[:, None]) ** 2).sum(axis=1)
    return number, squares / (number - 1), mean


def _intervals(
    n: Floats, within: Floats, means: Floats, grades: tuple[float, ...]
) -> tuple[Floats, Floats, Floats] | None:
    """Centre, standard error and degrees of freedom of a unit's own interval where grades are declared."""
    if not grades:
        return None
    number, variance, mean = with_pseudo_marks(n, within, means, grades)
    return mean, np.sqrt(variance / number), number - 1


def equal_noise(variance: Floats, freedom: Floats) -> EqualNoise | None:
    """Bartlett's test (1937) that all variances are one: chi-squared with U - 1 degrees of freedom.

    Skewed marks make it reject too often. None below two units, or where a variance is zero (equality cannot be tested).
    """
    if len(variance) < 2 or not (variance > 0).all():
        return None
    total, units = float(freedom.sum()), len(variance)
    pooled = float(freedom @ variance) / total
    correction = 1 + (float((1 / freedom).sum()) - 1 / total) / (3 * (units - 1))
    statistic = max(0.0, (total * np.log(pooled) - float(freedom @ np.log(variance))) / correction)
    return EqualNoise(float(statistic), units - 1, chi_squared_above(units - 1, statistic))


def noise_beside_raters(sums: CrossedSums, fitted: Scores, way: Way = "own_or_pooled") -> Noise:
    """Noise of units whose raters are known, from the residuals y - mu - a_r - b_u (- c_g - x'beta) of the fit.

    With w_r = 1 / (n_r + lambda), lambda the ratio of the noise to the raters' variance, a unit's squared residuals have
    the expectation s_u^2 f_u, f_u = (1 - 1/n_u) sum (1 - w_r) over its marks (exact where every rater marks every unit).
    Its marks reach its score with a variance of s_u^2 h_u, h_u = 1 / sum (1 - w_r); what exceeds the pooled noise is
    `extra` on the diagonal of the covariance.
    """
    pooled = fitted.fit.variances["residual"]
    n = np.bincount(sums.unit, weights=sums.n, minlength=len(sums.units))
    left = _left_by_raters(sums, fitted, pooled)
    freedom = np.maximum(left * (1 - 1 / n), 0)
    squares = _squared_residuals(sums, fitted, pooled)
    has = freedom >= 0.5
    own = np.divide(squares, freedom, out=np.full(len(n), pooled), where=has)
    taken = np.full(len(n), pooled) if way == "pooled" else np.maximum(own, pooled)
    reach = 1 / np.maximum(left, 0.5)
    extra = (taken - pooled) * reach
    shared = variances(fitted.covariance)
    total = float(freedom.sum())
    return Noise(
        way=way,
        variance=taken * reach,
        freedom=np.full(len(n), max(1.0, total)) if way == "pooled" else np.maximum(freedom, 1.0),
        extra=extra,
        error=np.sqrt(np.maximum(0.0, shared + extra)),
        pooled=None,
        pooled_freedom=max(1.0, total),
        equal=equal_noise(own[has], freedom[has]),
    )


def _left_by_raters(sums: CrossedSums, fitted: Scores, pooled: float) -> Floats:
    """Per unit the sum of 1 - w_r over its marks; without a raters' term nothing is taken away."""
    raters = fitted.fit.variances.get("rater", 0.0)
    if fitted.fit.model == "fixed_raters":
        ridge = 0.0
    elif raters > 0:
        ridge = pooled / raters
    else:
        return np.bincount(sums.unit, weights=sums.n, minlength=len(sums.units)).astype(np.float64)
    rater_n = np.bincount(sums.rater, weights=sums.n, minlength=sums.raters)
    weight = 1 - 1 / (rater_n + ridge)
    return np.bincount(sums.unit, weights=sums.n * weight[sums.rater], minlength=len(sums.units)).astype(np.float64)


def _squared_residuals(sums: CrossedSums, fitted: Scores, pooled: float) -> Floats:
    """Per unit the sum of squared residuals about unit, rater and what else the fit holds, cell by cell.

    Units' effects are refitted to what is left (their residuals sum to zero), so shrinkage of other terms leaves no trend.
    """
    units, n = len(sums.units), sums.n.astype(np.float64)
    score = fitted.score - sums.origin
    of_rater, group_n = np.zeros(sums.raters), np.bincount(sums.rater, weights=n, minlength=sums.raters)
    raters = fitted.fit.variances.get("rater", 0.0)
    rest = np.zeros(len(n))
    if len(sums.groups):
        rest = _group_effects(sums, score, fitted, pooled)[sums.group]
    if fitted.fit.model == "fixed_raters" or raters > 0:
        ridge = 0.0 if fitted.fit.model == "fixed_raters" else pooled / raters
        gap = sums.total - n * (score[sums.unit] + rest)
        of_rater = np.bincount(sums.rater, weights=gap, minlength=sums.raters) / (group_n + ridge)
    fit = of_rater[sums.rater] + rest
    own_n = np.bincount(sums.unit, weights=n, minlength=units)
    left = np.bincount(sums.unit, weights=sums.total - n * fit, minlength=units)
    squares = squares_by_unit(sums) + np.bincount(sums.unit, weights=n * fit**2 - 2 * sums.total * fit, minlength=units)
    return np.maximum(0.0, squares - left**2 / own_n)


def _group_effects(sums: CrossedSums, score: Floats, fitted: Scores, pooled: float) -> Floats:
    """Groups' effects by one shrunken mean each of what units leave, raters taken as noise."""
    between = fitted.fit.variances.get("group", 0.0)
    if between <= 0:
        return np.zeros(len(sums.groups))
    n = sums.n.astype(np.float64)
    gap = np.bincount(sums.group, weights=sums.total - n * score[sums.unit], minlength=len(sums.groups))
    count = np.bincount(sums.group, weights=n, minlength=len(sums.groups))
    return np.asarray(gap / (count + pooled / between), dtype=np.float64)


def noise_beside_moments(ratings: Passes, fitted: Scores, way: Way = "own_or_pooled") -> Noise:
    """Noise of units from the sums of very many ratings: s_u^2 = (variance of its marks) - (variances of raters and groups).

    A difference of two variances, so f_u = (n_u - 1) (s_u^2 / variance of its marks)^2. The covariance holds the variances of
    plain means, hence a score's own variance is all of it.
    """
    pooled, n = fitted.fit.variances["residual"], ratings.n[: ratings.units]
    shared = variances(fitted.covariance)
    others = sum(fitted.fit.variances.get(term, 0.0) for term in ("rater", "group"))
    freedom = np.maximum(n - 1, 1.0)
    marks = np.maximum(0.0, ratings.unit_squares - ratings.total[: ratings.units] ** 2 / n) / freedom
    own = np.maximum(0.0, marks - others)
    has = (n > 1) & (own > 0)
    taken = np.where(has & (own > pooled) & (way != "pooled"), own, pooled)
    extra = (taken - pooled) / n
    share = np.divide(own, marks, out=np.ones(len(n)), where=has)
    total = float(n.sum() - len(n))
    return Noise(
        way=way,
        variance=shared + extra,
        freedom=np.full(len(n), max(1.0, total)) if way == "pooled" else np.maximum(1.0, freedom * share**2),
        extra=extra,
        error=np.sqrt(shared + extra),
        pooled=None,
        pooled_freedom=max(1.0, total),
        equal=equal_noise(marks[n > 1], freedom[n > 1]),
    )


def pooled_where_zero(errors: Floats, counts: Integers | None) -> tuple[Floats, int]:
    """Zeros replaced by sqrt(pooled variance / n), as equal marks prove no certainty; and how many there were.

    Where n is not known it is taken as the same for all. Raises InputError when all are zero.
    """
    zero = errors == 0
    if zero.all():
        raise InputError("se_all_zero")
    if not zero.any():
        return errors, 0
    n = np.full(len(errors), 2.0) if counts is None else np.maximum(counts, 2).astype(np.float64)
    pooled = float(((n - 1) * n * errors**2).sum() / (n - 1).sum())
    return np.where(zero, np.sqrt(pooled / n), errors), int(zero.sum())


def at_least_pooled(errors: Floats, counts: Integers) -> Floats:
    """Standard errors raised to the pooled noise over n, for comparing."""
    n = np.maximum(counts, 2).astype(np.float64)
    pooled = float(((n - 1) * n * errors**2).sum() / (n - 1).sum())
    return np.maximum(errors, np.sqrt(pooled / n))
