"""Screens for marks that need a second look, each a flag with its explanation; nothing is ever left out because of one.

A flag goes to the level above. Which ballots may be looked at is decided by the disclosure gate, not here.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, ndtr, pdtrc

from honestrank.fits import Warned
from honestrank.given import matrix
from honestrank.sums import CrossedSums
from honestrank.words.wording import InputError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# How unlikely by chance a flag must be, all that is looked at together: stricter than 5 %, because a flag accuses
# somebody.
SURE = 0.01

# With three items of four grades there are 64 ways to mark, and honest ballots agree all the time; nor does the
# scatter of three marks say much about a rater.
LEAST_ITEMS = 4


@dataclass(frozen=True)
class Flag:
    """What was found, on what (ballots, raters or units by number or name), how unlikely by chance, and the words.

    `p` is already corrected for the number of things looked at.
    """

    kind: Literal["equal_ballots", "straight_lines", "unlike_the_others", "leans_on_cluster"]
    subjects: tuple[str, ...]
    p: float
    said: Warned


def equal_ballots(marks: Integers, sure: float = SURE) -> list[Flag]:
    """Patterns that more ballots share than independent items would give; rows ballots, columns items, 0 not marked.

    Under independence with the observed shares of marks, the number of other ballots equal to one is Poisson with mean
    (B - 1) prod shares; its tail is multiplied by the number of distinct patterns (Bonferroni). Items do hang together, so
    good and bad units make agreement likelier than that: patterns of one mark only are left to `straight_lines`, and
    fewer than four items are not screened.
    """
    marks = _whole(marks)
    ballots, items = marks.shape
    if items < LEAST_ITEMS or ballots < 2:
        return []
    shares = _shares(marks)
    patterns, owner, counts = np.unique(marks, axis=0, return_inverse=True, return_counts=True)
    chance = np.prod([shares[item][patterns[:, item]] for item in range(items)], axis=0)
    tail = np.minimum(1.0, pdtrc(counts - 2.0, (ballots - 1) * chance) * len(patterns))
    found = []
    for place in np.flatnonzero((counts >= 2) & (tail < sure) & (np.ptp(patterns, axis=1) > 0)):
        alike = tuple(str(i + 1) for i in np.flatnonzero(owner == place))
        values = {"count": int(counts[place]), "items": items, "expected": _short(1 + (ballots - 1) * chance[place])}
        found.append(Flag("equal_ballots", alike, float(tail[place]), Warned("equal_ballots", values)))
    return found


def straight_lines(marks: Integers, sure: float = SURE) -> list[Flag]:
    """Whether more ballots give one mark to all items than independent items would: one flag for all of them.

    Poisson tail about sum over ballots of the chance of a straight line, sum over marks of the product of shares.
    """
    marks = _whole(marks)
    ballots, items = marks.shape
    if items < LEAST_ITEMS:
        return []
    straight = np.flatnonzero((np.ptp(marks, axis=1) == 0) & (marks[:, 0] > 0))
    expected = ballots * float(np.prod(_shares(marks)[:, 1:], axis=0).sum())
    p = float(pdtrc(len(straight) - 1.0, expected)) if len(straight) else 1.0
    if p >= sure:
        return []
    values = {"count": len(straight), "ballots": ballots, "items": items, "expected": _short(expected)}
    return [Flag("straight_lines", tuple(str(i + 1) for i in straight), p, Warned("straight_lines", values))]


def _whole(marks: Any) -> Integers:
    """Ballots by items as whole numbers, 0 where no mark is given. Raises InputError for other marks and below 0."""
    found = matrix(marks, "marks")
    if found.ndim != 2:
        raise InputError("not_a_table", what="marks")
    found = np.where(np.isnan(found), 0.0, found)
    wrong = np.argwhere(~((found >= 0) & (found < 1e6) & (found == np.trunc(found))))
    if len(wrong):
        raise InputError("marks_not_whole", row=int(wrong[0][0]) + 1, value=f"{found[tuple(wrong[0])]:g}")
    return found.astype(np.int64)


def _shares(marks: Integers) -> Floats:
    """Items x marks: share of ballots that gave an item this mark."""
    width = int(marks.max()) + 1
    return np.array([np.bincount(column, minlength=width) / len(marks) for column in marks.T])


def unlike_the_others(
    sums: CrossedSums, raters: Sequence[str], variances: dict[str, float], sure: float = SURE
) -> list[Flag]:
    """Raters whose marks scatter more about mean + severity + unit than noise allows (person fit).

    With residuals e from the two-way least-squares fit, the mean square of e / noise over a rater's marks, less one
    degree of freedom for the severity, is chi-squared (Wright & Masters 1982, chapter 5: outfit); Bonferroni over raters.
    Only raters with at least four marks; repeated marks of one unit count by their mean.
    """
    residual = _two_way_residuals(sums)
    n = np.bincount(sums.rater, minlength=sums.raters)
    squares = np.bincount(sums.rater, weights=sums.n * residual**2, minlength=sums.raters) / variances["residual"]
    screened = np.flatnonzero(n >= LEAST_ITEMS)
    p = np.minimum(1.0, chdtrc(n[screened] - 1.0, squares[screened]) * max(1, len(screened)))
    found = []
    for rater, chance in zip(screened[p < sure].tolist(), p[p < sure].tolist(), strict=True):
        times = _short(math.sqrt(squares[rater] / (n[rater] - 1)))
        values = {"rater": raters[rater], "n": int(n[rater]), "times": times}
        found.append(Flag("unlike_the_others", (raters[rater],), chance, Warned("unlike_the_others", values)))
    return found


def _two_way_residuals(sums: CrossedSums, rounds: int = 200) -> Floats:
    """Cell means less rater and unit effects, by backfitting."""
    mean, n = sums.total / sums.n, sums.n.astype(np.float64)
    rater_n = np.bincount(sums.rater, weights=n, minlength=sums.raters)
    unit_n = np.bincount(sums.unit, weights=n, minlength=len(sums.units))
    unit = np.zeros(len(sums.units))
    for _ in range(rounds):
        rater = np.bincount(sums.rater, weights=n * (mean - unit[sums.unit]), minlength=sums.raters) / rater_n
        before, unit = (
            unit,
            np.bincount(sums.unit, weights=n * (mean - rater[sums.rater]), minlength=len(unit)) / unit_n,
        )
        # Far below a thousandth of a mark, which is more than any flag needs.
        if float(np.abs(unit - before).max()) < 1e-10:
            break
    return np.asarray(mean - rater[sums.rater] - unit[sums.unit], dtype=np.float64)


def leans_on_cluster(
    units: Sequence[str], unit: Integers, cluster: Sequence[str], score: Floats, sure: float = SURE
) -> list[Flag]:
    """Units whose mean rests on one cluster of marks (one office, one evening, one address).

    `unit[i]`, `cluster[i]`, `score[i]`: the marks. Tested: mean inside the cluster against mean outside, with the standard
    deviation of all marks about their unit and cluster; two-sided, Bonferroni over all unit-cluster pairs. Of a unit's
    clusters the most unlike is named.
    """
    names, code = np.unique(np.asarray(cluster, dtype=str), return_inverse=True)
    pair = unit * len(names) + code
    pairs, place = np.unique(pair, return_inverse=True)
    n, total = np.bincount(place).astype(np.float64), np.bincount(place, weights=score)
    freedom = len(score) - len(pairs)
    noise = float(((score - (total / n)[place]) ** 2).sum()) / freedom if freedom > 0 else 0.0
    all_n = np.bincount(unit, minlength=len(units)).astype(np.float64)[pairs // len(names)]
    all_total = np.bincount(unit, weights=score, minlength=len(units))[pairs // len(names)]
    outside = all_n - n
    screened = np.flatnonzero((outside > 0) & (noise > 0))
    without = (all_total - total)[screened] / outside[screened]
    spread = np.sqrt(noise * (1 / n[screened] + 1 / outside[screened]))
    p = np.minimum(1.0, 2 * ndtr(-np.abs((total / n)[screened] - without) / spread) * len(screened))
    owner = pairs[screened] // len(names)
    found = []
    for place in _least_of_each(p, owner):
        if p[place] < sure:
            i, name = screened[place], units[int(owner[place])]
            values = {"n": int(n[i]), "cluster": str(names[pairs[i] % len(names)]), "unit": name}
            values |= {"without": _short(without[place]), "mean": _short(all_total[i] / all_n[i])}
            found.append(Flag("leans_on_cluster", (name,), float(p[place]), Warned("leans_on_cluster", values)))
    return found


def _least_of_each(p: Floats, owner: Integers) -> list[int]:
    """For each owner the place of its smallest p: what differs from an outlier is not one itself."""
    order = np.lexsort((p, owner))
    first = np.flatnonzero(np.diff(owner[order], prepend=-1))
    return [int(place) for place in order[first]]


def _short(value: float) -> str:
    return f"{value:.3g}"
