"""How far ratings agree: Cronbach's alpha, intraclass correlations, Krippendorff's alpha, and how many ratings are needed.

Figures about the instrument, not about a unit; none of them is a standard error.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.special import fdtr, fdtri

from honestrank.given import check_level, is_definite, matrix
from honestrank.given import complete as whole_matrix
from honestrank.words.wording import InputError

Floats = NDArray[np.float64]

Metric = Literal["nominal", "ordinal", "interval", "ratio"]

# The customary marks: enough to compare groups, good, enough to decide about one.
TARGETS = (0.7, 0.8, 0.9)


def cronbach_alpha(items: Floats, missing: Literal["rows", "pairs"] = "rows") -> float:
    """k / (k - 1) (1 - sum of item variances / variance of the sum) (Cronbach 1951, eq. 2); rows answers, columns items.

    Of rows with a missing answer (nan) nothing is used ("rows"), or each covariance is taken from the rows that have
    both its items ("pairs", as R's psych does). Raises InputError below two items or two such rows that differ.
    """
    if missing not in ("rows", "pairs"):
        raise InputError("bad_metric", value=str(missing)[:40], metrics="rows, pairs")
    items = _marks(items)
    if missing == "rows":
        complete = items[~np.isnan(items).any(axis=1)]
        if items.shape[1] < 2 or len(complete) < 2:
            raise InputError("too_few_to_agree")
        return alpha_of_covariance(np.cov(complete, rowvar=False))
    k = items.shape[1]
    covariance = np.zeros((k, k))
    for i, j in itertools.combinations_with_replacement(range(k), 2):
        both = items[~np.isnan(items[:, i]) & ~np.isnan(items[:, j])]
        if len(both) < 2:
            raise InputError("too_few_to_agree")
        covariance[i, j] = covariance[j, i] = np.cov(both[:, i], both[:, j])[0, 1]
    return alpha_of_covariance(covariance)


def alpha_of_covariance(covariance: Floats) -> float:
    """Cronbach's alpha from the items' covariance matrix. Raises InputError below two items or where their sum is constant."""
    covariance = whole_matrix(covariance, "covariance")
    if covariance.ndim != 2 or len(covariance) != covariance.shape[1]:
        raise InputError("bad_covariance")
    if not is_definite(covariance):
        raise InputError("covariance_indefinite")
    k, whole = len(covariance), float(covariance.sum())
    if k < 2 or whole <= 1e-12 * float(np.trace(covariance)):
        raise InputError("too_few_to_agree")
    return float(k / (k - 1) * (1 - float(np.trace(covariance)) / whole))


def _marks(table: Any) -> Floats:
    """Rows by columns, nan where no mark is given. Raises InputError as `given.matrix`, and for a mark that is infinite."""
    found = matrix(table, "marks")
    if found.ndim != 2:
        raise InputError("not_a_table", what="marks")
    if np.isinf(found).any():
        raise InputError("infinite_in_row", what="marks", row=int(np.argwhere(np.isinf(found))[0][0]) + 1)
    return found


@dataclass(frozen=True)
class Intraclass:
    """One coefficient of Shrout & Fleiss with its F test and 95 % interval.

    `form`: "1,1", "2,1", "3,1" for a single rating, "1,k", "2,k", "3,k" for the mean of all k.
    """

    form: str
    value: float
    f: float
    p: float
    interval: tuple[float, float]


def intraclass(table: Floats, level: float = 0.95) -> dict[str, Intraclass]:
    """The six coefficients of Shrout & Fleiss (1979) from a complete table, rows targets, columns raters.

    1: each target has raters of its own; 2: the raters are a random sample and all rate all; 3: only these raters
    matter. Intervals: their pages 423-426; 2 by Satterthwaite as there. Raises InputError for a table that is not complete,
    has fewer than two rows or columns, or no differences within rows.
    """
    check_level(level)
    table = _marks(table)
    n, k = table.shape
    if n < 2 or k < 2 or not np.isfinite(table).all():
        raise InputError("too_few_to_agree")
    mean = table.mean()
    between = k * float(((table.mean(axis=1) - mean) ** 2).sum()) / (n - 1)
    raters = n * float(((table.mean(axis=0) - mean) ** 2).sum()) / (k - 1)
    all_squares = float(((table - mean) ** 2).sum())
    within = (all_squares - between * (n - 1)) / (n * (k - 1))
    error = (all_squares - between * (n - 1) - raters * (k - 1)) / ((n - 1) * (k - 1))
    if error <= 1e-14 * all_squares:
        raise InputError("agree_but_for_level" if all_squares > 0 else "too_few_to_agree")
    squares = _Squares(n, k, between, raters, within, error, (1 + level) / 2)
    return {found.form: found for found in (*squares.one_way(), *squares.random_raters(), *squares.fixed_raters())}


@dataclass(frozen=True)
class _Squares:
    """Mean squares of a two-way table: BMS, JMS, WMS and EMS of the paper."""

    n: int
    k: int
    between: float
    raters: float
    within: float
    error: float
    tail: float

    def one_way(self) -> tuple[Intraclass, Intraclass]:
        freedom = (self.n - 1, self.n * (self.k - 1))
        return self._consistency("1", self.within, freedom)

    def fixed_raters(self) -> tuple[Intraclass, Intraclass]:
        freedom = (self.n - 1, (self.n - 1) * (self.k - 1))
        return self._consistency("3", self.error, freedom)

    def _consistency(self, case: str, noise: float, freedom: tuple[int, int]) -> tuple[Intraclass, Intraclass]:
        f, k = self.between / noise, self.k
        p = 1 - float(fdtr(*freedom, f))
        low = f / float(fdtri(*freedom, self.tail))
        high = f * float(fdtri(*freedom[::-1], self.tail))
        single = Intraclass(f"{case},1", _single(f, k), f, p, (_single(low, k), _single(high, k)))
        return single, Intraclass(f"{case},k", 1 - 1 / f, f, p, (1 - 1 / low, 1 - 1 / high))

    def random_raters(self) -> tuple[Intraclass, Intraclass]:
        n, k, noise = self.n, self.k, self.error
        agreement = (self.between - noise) / (self.between + (k - 1) * noise + k * (self.raters - noise) / n)
        mean = (self.between - noise) / (self.between + (self.raters - noise) / n)
        f = self.between / noise
        p = 1 - float(fdtr(n - 1, (n - 1) * (k - 1), f))
        low, high = self._agreement_interval(agreement)
        single = Intraclass("2,1", agreement, f, p, (low, high))
        return single, Intraclass("2,k", mean, f, p, (spearman_brown(low, k), spearman_brown(high, k)))

    def _agreement_interval(self, agreement: float) -> tuple[float, float]:
        n, k, noise = self.n, self.k, self.error
        ratio = self.raters / noise
        spread = n * (1 + (k - 1) * agreement) - k * agreement
        top = (k - 1) * (n - 1) * (k * agreement * ratio + spread) ** 2
        freedom = top / ((n - 1) * k**2 * agreement**2 * ratio**2 + spread**2)
        upper = float(fdtri(n - 1, freedom, self.tail))
        lower = float(fdtri(freedom, n - 1, self.tail))
        rest = k * self.raters + (k * n - k - n) * noise
        low = n * (self.between - upper * noise) / (upper * rest + n * self.between)
        high = n * (lower * self.between - noise) / (rest + n * lower * self.between)
        return low, high


def _single(f: float, k: int) -> float:
    return (f - 1) / (f + k - 1)


def spearman_brown(reliability: float, times: float) -> float:
    """Reliability of `times` as many ratings: m r / (1 + (m - 1) r) (Spearman 1910; Brown 1910).

    Minus infinity at and below r = -1 / (m - 1), where the formula has no value. Raises InputError for a reliability above 1 or
    times that are not above zero.
    """
    if not (reliability <= 1 and 0 < times < math.inf):
        raise InputError("bad_reliability")
    whole = 1 + (times - 1) * reliability
    return times * reliability / whole if whole > 0 else -math.inf


def ratings_needed(
    unit_variance: float, noise_variance: float, targets: Sequence[float] = TARGETS
) -> dict[float, int | None]:
    """Fewest ratings a unit for each reliability: n / (n + noise / unit) >= target (Brennan 2001, section 1.2).

    Noise is what one rating adds: residual, and raters' severity where a unit's ratings come from raters of its own.
    None where units do not differ at all. Raises InputError for variances below zero, targets outside 0 and 1.
    """
    if not (0 <= unit_variance < math.inf and 0 <= noise_variance < math.inf and all(0 < one < 1 for one in targets)):
        raise InputError("bad_reliability")
    if unit_variance == 0:
        return dict.fromkeys(targets)
    ratio = noise_variance / unit_variance
    return {target: max(1, math.ceil(target / (1 - target) * ratio - 1e-9)) for target in targets}


def krippendorff_alpha(table: Floats, metric: Metric = "nominal") -> float:
    """1 - observed / expected disagreement (Krippendorff 2011, section C), rows raters, columns things rated, nan missing.

    Things rated once say nothing and are left out. Raises InputError when fewer than two are left, or all marks are one.
    """
    if metric not in get_args(Metric):
        raise InputError("bad_metric", value=str(metric)[:40], metrics=", ".join(get_args(Metric)))
    table = _marks(table)
    columns = [column[~np.isnan(column)] for column in table.T]
    paired = [column for column in columns if len(column) >= 2]
    if len(paired) < 2:
        raise InputError("too_few_to_agree")
    values, codes = np.unique(np.concatenate(paired), return_inverse=True)
    if len(values) < 2:
        raise InputError("too_few_to_agree")
    together = np.zeros((len(values), len(values)))
    edges = np.cumsum([0, *(len(column) for column in paired)])
    for begin, end in itertools.pairwise(edges.tolist()):
        n = np.bincount(codes[begin:end], minlength=len(values))
        together += (np.outer(n, n) - np.diag(n)) / (end - begin - 1)
    margin = together.sum(axis=0)
    distance = _distance(values, margin, metric)
    expected = (np.outer(margin, margin) * distance).sum() / (margin.sum() - 1)
    return float(1 - (together * distance).sum() / expected)


def _distance(values: Floats, margin: Floats, metric: Metric) -> Floats:
    """Squared difference of each pair of values."""
    if metric == "nominal":
        return 1.0 - np.eye(len(values))
    if metric == "ordinal":
        between = np.cumsum(margin) - margin / 2
        return np.asarray((between[:, None] - between) ** 2, dtype=np.float64)
    difference = values[:, None] - values
    if metric == "interval":
        return np.asarray(difference**2, dtype=np.float64)
    total = values[:, None] + values
    return np.asarray(np.divide(difference, total, out=np.zeros_like(total), where=total != 0) ** 2, dtype=np.float64)
