"""Scores put together from groups of raters by frozen weights, and answers raked to known totals.

A missing group is never made up for by raising the weight of another.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from honestrank.assembly import Ranking, Sample, Standing, assemble
from honestrank.shrinkage import fay_herriot
from honestrank.standing import inputs_sha256, pooled_where_zero
from honestrank.wording import InputError, Language, percent, places, say

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# How near, relatively, the weights come to each known total.
TOLERANCE = 1e-10
# Where the answers can meet the totals the gap shrinks by some share each round. So many rounds mean that it does
# not.
MOST_ROUNDS = 1000


@dataclass(frozen=True)
class GroupMean:
    """What one group of raters says of one unit: mean, its standard error, number of marks."""

    score: float
    standard_error: float
    n: int


def over_all_ballots(pools: Sequence[GroupMean]) -> GroupMean:
    """One mean over the ballots of several pools: x = sum n_i x_i / n, se^2 = sum (n_i se_i)^2 / n^2, n = sum n_i.

    The pools hold different people, so their errors are independent. At least one pool.
    """
    n = sum(pool.n for pool in pools)
    score = sum(pool.n * pool.score for pool in pools) / n
    error = math.sqrt(sum((pool.n * pool.standard_error) ** 2 for pool in pools)) / n
    return GroupMean(score, error, n)


@dataclass(frozen=True)
class RaterGroup:
    """A group of raters, its frozen weight (any positive scale), and its means by unit; a suppressed unit is absent."""

    name: str
    weight: float
    means: Mapping[str, GroupMean]


@dataclass(frozen=True)
class CombinedUnit:
    """A unit's combined score, or None and the groups whose figure is `missing`: then it is shown but not compared.

    `n` counts the marks of all groups; `groups` has (name, share of the weight, what it says), None where missing.
    """

    unit: str
    score: float | None
    standard_error: float | None
    degrees_of_freedom: float | None
    n: int
    missing: tuple[str, ...]
    groups: tuple[tuple[str, float, GroupMean | None], ...] = ()

    def sentence(self, language: Language) -> str:
        """The combined score with each group's own and its n, or which group is missing and that nothing makes up for it."""
        if self.score is None or self.standard_error is None:
            return say("group_missing", language, unit=self.unit, missing=self.missing)
        shown = places(self.standard_error)
        listed = [
            say("combined_group", language, name=name, score=f"{mean.score:.{shown}f}", n=mean.n, weight=percent(share))
            for name, share, mean in self.groups
            if mean is not None
        ]
        values = {"score": f"{self.score:.{shown}f}", "error": f"{self.standard_error:.{shown}f}"}
        return say("combined", language, unit=self.unit, groups=tuple(listed), **values)


def combine_groups(units: Sequence[str], groups: Sequence[RaterGroup]) -> list[CombinedUnit]:
    """score = sum w_g mean_g; se^2 = sum w_g^2 se_g^2, the groups being different people; weights scaled to sum to one.

    Degrees of freedom after Satterthwaite (1946): se^4 / sum (w_g se_g)^4 / (n_g - 1). A standard error of zero is
    replaced by the pooled one of its group, as in `standing`.
    Raises InputError for no groups, a weight that is not positive, or a group none of whose errors is above zero.
    """
    if not groups:
        raise InputError("no_rater_groups")
    for group in groups:
        if not (math.isfinite(group.weight) and group.weight > 0):
            raise InputError("group_weight_not_positive", group=group.name)
    total = sum(group.weight for group in groups)
    share = [group.weight / total for group in groups]
    errors = [_errors(group) for group in groups]
    return [_combined(unit, groups, share, errors) for unit in units]


def _combined(
    unit: str, groups: Sequence[RaterGroup], share: Sequence[float], errors: Sequence[Mapping[str, float]]
) -> CombinedUnit:
    said = tuple((group.name, w, group.means.get(unit)) for group, w in zip(groups, share, strict=True))
    missing = tuple(name for name, _, mean in said if mean is None)
    known = [mean for _, _, mean in said if mean is not None]
    n = sum(mean.n for mean in known)
    if missing:
        return CombinedUnit(unit, None, None, None, n, missing, said)
    score = math.fsum(w * mean.score for w, mean in zip(share, known, strict=True))
    parts = [(w * error[unit]) ** 2 for w, error in zip(share, errors, strict=True)]
    variance = math.fsum(parts)
    freedom = variance**2 / math.fsum(part**2 / max(1, mean.n - 1) for part, mean in zip(parts, known, strict=True))
    return CombinedUnit(unit, score, math.sqrt(variance), freedom, n, (), said)


def _errors(group: RaterGroup) -> dict[str, float]:
    if not group.means:
        return {}
    given = np.array([mean.standard_error for mean in group.means.values()])
    counts = np.array([mean.n for mean in group.means.values()], dtype=np.int64)
    errors, _ = pooled_where_zero(given, counts)
    return dict(zip(group.means, errors.tolist(), strict=True))


def combined_standing(units: Sequence[str], groups: Sequence[RaterGroup], ranking: Ranking) -> Standing:
    """`standing` of the units every group of raters has a figure for; the others are left out of it.

    `ranking.compare_from` counts the marks of all groups together. Raises InputError as `combine_groups`, and when no
    unit is complete.
    """
    complete = [row for row in combine_groups(units, groups) if not row.missing]
    if not complete:
        raise InputError("no_complete_unit")
    names = tuple(row.unit for row in complete)
    scores = np.array([row.score for row in complete], dtype=np.float64)
    errors = np.array([row.standard_error for row in complete], dtype=np.float64)
    freedom = np.array([row.degrees_of_freedom for row in complete], dtype=np.float64)
    counts = np.array([row.n for row in complete], dtype=np.int64)
    sample = Sample(names, counts, scores, inputs_sha256(names, scores, errors, counts, None))
    return assemble(sample, fay_herriot(scores, errors), ranking, degrees_of_freedom=freedom)


@dataclass(frozen=True)
class Margin:
    """One known margin: the category of each answer, and the known total of each category."""

    name: str
    categories: Sequence[str]
    totals: Mapping[str, float]


@dataclass(frozen=True)
class Raked:
    """Weights that add up to the known totals; Kish's design effect 1 + cv^2 and effective number; how it went."""

    weights: Floats
    design_effect: float
    effective_n: float
    trimmed: int
    rounds: int
    converged: bool


def rake(start: Floats, margins: Sequence[Margin], *, most: float | None = None) -> Raked:
    """Iterative proportional fitting of weights to known totals (Deming & Stephan 1940), trimmed if asked.

    `most`: no weight above so many times the mean weight; what is cut goes to the others by the next rounds, so
    totals still hold when `converged`. When caps and totals cannot both hold, `converged` is false.
    Raises InputError for weights or totals that are not positive, totals that differ between margins, a category with
    a total but no answer or with answers but no total.
    """
    codes = [_codes(margin, len(start)) for margin in margins]
    _check(start, margins)
    weights, rounds, gap, cut = start.astype(np.float64).copy(), 0, math.inf, np.zeros(len(start), dtype=bool)
    while gap > TOLERANCE and rounds < MOST_ROUNDS:
        rounds += 1
        for code, totals in codes:
            weights *= (totals / np.bincount(code, weights=weights, minlength=len(totals)))[code]
        if most is not None:
            cap = most * weights.mean()
            cut |= weights > cap * (1 + TOLERANCE)
            weights = np.minimum(weights, cap)
        gap = max(
            float(np.abs(np.bincount(code, weights=weights, minlength=len(totals)) / totals - 1).max())
            for code, totals in codes
        )
    effect = float(len(weights) * (weights**2).sum() / weights.sum() ** 2)
    return Raked(weights, effect, len(weights) / effect, int(cut.sum()), rounds, gap <= TOLERANCE)


def _codes(margin: Margin, answers: int) -> tuple[Integers, Floats]:
    if len(margin.categories) != answers:
        raise InputError("lengths_differ", what=margin.name, found=len(margin.categories), expected=answers)
    place = {category: i for i, category in enumerate(margin.totals)}
    for category in margin.categories:
        if category not in place:
            raise InputError("category_unknown", category=category, margin=margin.name)
    for category, total in margin.totals.items():
        if category not in margin.categories:
            raise InputError("category_empty", category=category, margin=margin.name, total=total)
    code = np.array([place[category] for category in margin.categories], dtype=np.int64)
    return code, np.array(list(margin.totals.values()), dtype=np.float64)


def _check(start: Floats, margins: Sequence[Margin]) -> None:
    known = [np.array(list(margin.totals.values()), dtype=np.float64) for margin in margins]
    if not margins or not all((some > 0).all() and np.isfinite(some).all() for some in (start, *known)):
        raise InputError("weights_not_positive")
    expected = float(known[0].sum())
    for margin, totals in zip(margins, known, strict=True):
        if abs(float(totals.sum()) - expected) > 1e-9 * expected:
            found = float(totals.sum())
            raise InputError("totals_differ", margin=margin.name, found=found, first=margins[0].name, expected=expected)


def weighted_mean(y: Floats, weights: Floats) -> tuple[float, float]:
    """Weighted mean and its standard error by linearisation, sqrt(n/(n-1) sum w^2 (y - mean)^2) / sum w.

    Särndal, Swensson & Wretman 1992, section 5.7, drawn with replacement. After raking it is on the large side, since
    what the known totals explain is not taken off.
    """
    total = float(weights.sum())
    mean = float(weights @ y) / total
    n = len(y)
    spread = float((weights**2) @ (y - mean) ** 2) * n / (n - 1) if n > 1 else math.inf
    return mean, math.sqrt(spread) / total
