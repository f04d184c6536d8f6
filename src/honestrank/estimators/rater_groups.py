"""Scores put together from groups of raters by frozen weights, and answers raked to known totals.

A missing group is never made up for by raising the weight of another.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from honestrank.estimators.noise import at_least_pooled, pooled_where_zero
from honestrank.sums import GroupMean, RaterGroup
from honestrank.words.wording import InputError, Language, percent, places, say

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def over_all_ballots(pools: Sequence[GroupMean]) -> GroupMean:
    """One mean over the ballots of several pools: x = sum n_i x_i / n, se^2 = sum (n_i se_i)^2 / n^2, n = sum n_i.

    The pools hold different people, so their errors are independent. At least one pool.
    """
    n = sum(pool.n for pool in pools)
    score = sum(pool.n * pool.score for pool in pools) / n
    error = math.sqrt(sum((pool.n * pool.standard_error) ** 2 for pool in pools)) / n
    return GroupMean(score, error, n)


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


def combine_groups(
    units: Sequence[str], groups: Sequence[RaterGroup], *, for_ranks: bool = False
) -> list[CombinedUnit]:
    """score = sum w_g mean_g; se^2 = sum w_g^2 se_g^2, the groups being different people; weights scaled to sum to one.

    Degrees of freedom after Satterthwaite (1946): se^4 / sum (w_g se_g)^4 / (n_g - 1). A standard error of zero is
    replaced by the pooled one of its group, as in `standing`; `for_ranks`, so is every smaller one.
    Raises InputError for no groups, a weight that is not positive, or a group none of whose errors is above zero.
    """
    if not groups:
        raise InputError("no_rater_groups")
    for group in groups:
        if not (math.isfinite(group.weight) and group.weight > 0):
            raise InputError("group_weight_not_positive", group=group.name)
    total = sum(group.weight for group in groups)
    share = [group.weight / total for group in groups]
    errors = [_errors(group, for_ranks) for group in groups]
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


def _errors(group: RaterGroup, for_ranks: bool) -> dict[str, float]:
    if not group.means:
        return {}
    given = np.array([mean.standard_error for mean in group.means.values()])
    counts = np.array([mean.n for mean in group.means.values()], dtype=np.int64)
    errors, _ = pooled_where_zero(given, counts)
    if for_ranks:
        errors = at_least_pooled(errors, counts)
    return dict(zip(group.means, errors.tolist(), strict=True))
