"""From the pools of a poll to one combined score: groups of raters kept apart, then put together by the frozen weights.

Works on published figures only. A group that is missing is never made up for by the others (honestrank.estimators.rater_groups).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from honestrank import (
    CombinedUnit,
    GroupMean,
    InputError,
    Ranking,
    RaterGroup,
    Standing,
    combine_groups,
    combined_standing,
    over_all_ballots,
)
from zhengyou.standings.computing.document import (
    CombinedResult,
    CombinedRow,
    GroupFigure,
    Names,
    PoolResult,
    SmallRoll,
    WeighedGroup,
    with_standing,
)
from zhengyou.standings.computing.scoring import DECIMALS


def combine_pools(
    pools: Sequence[PoolResult],
    groups: Iterable[WeighedGroup],
    compare_from: int,
    small: tuple[SmallRoll, ...] = (),
) -> CombinedResult | None:
    """The combined scores of a result's pools, or None where the pools belong to fewer than two groups of raters, or grade nobody.

    `groups` are those of the table of weights that serves the poll, by the rolls at its opening (`small` says why, if it is the
    second); a pool names its own in `rater_group`. Every group of positive weight counts: if one was not
    asked, or its figure for a unit is not shown, the unit is shown but not compared.
    """
    weighed = [group for group in groups if group.weight > 0]
    members = [_pools_of(group, pools) for group in weighed]
    if sum(1 for own in members if own) < 2 or not any(pool.units for pool in pools):
        return None
    asked = [RaterGroup(group.id, group.weight, _means(own)) for group, own in zip(weighed, members, strict=True)]
    names = {row.unit: row.name for pool in pools for row in pool.units}
    rows = _combined(list(names), asked)
    ranked = _standing(rows, asked, compare_from)
    return CombinedResult(
        groups=tuple(
            replace(group, pools=tuple(pool.pool for pool in own)) for group, own in zip(weighed, members, strict=True)
        ),
        figures=tuple(figure for unit in names for figure in _figures(unit, weighed, asked)),
        units=with_standing([_row(row, names[row.unit]) for row in rows], ranked),
        standing=ranked,
        small=small,
    )


def rolls_of(pools: Iterable[PoolResult]) -> dict[str, int]:
    """How many people stand on the rolls of each group of raters."""
    rolls: dict[str, int] = defaultdict(int)
    for pool in pools:
        rolls[pool.rater_group] += pool.size
    return rolls


def _pools_of(group: WeighedGroup, pools: Sequence[PoolResult]) -> list[PoolResult]:
    """The pools of a group; of a joint one those of all it joins, if everybody is asked: in a pool together or each in their own."""
    own = [pool for pool in pools if pool.rater_group in {group.id, *group.of}]
    asked = {pool.rater_group for pool in own}
    return own if group.id in asked or asked >= set(group.of) else []


def _means(pools: Sequence[PoolResult]) -> dict[str, GroupMean]:
    """What a group's pools say together: the mean over all their ballots. A unit that one of them does not show is left out."""
    shown: dict[str, list[GroupMean]] = defaultdict(list)
    for pool in pools:
        for row in pool.units:
            if row.score is not None and row.standard_error is not None:
                shown[row.unit].append(GroupMean(row.score, row.standard_error, row.n))
    return {unit: _rounded(over_all_ballots(means)) for unit, means in shown.items() if len(means) == len(pools)}


def _rounded(mean: GroupMean) -> GroupMean:
    """As published: whoever recomputes the combined score has no more digits."""
    return GroupMean(round(mean.score, DECIMALS), round(mean.standard_error, DECIMALS), mean.n)


def _figures(unit: str, groups: Sequence[WeighedGroup], asked: Sequence[RaterGroup]) -> Iterator[GroupFigure]:
    for group, own in zip(groups, asked, strict=True):
        if mean := own.means.get(unit):
            yield GroupFigure(unit, group.id, group.weight, mean.n, mean.score, mean.standard_error)


def _combined(units: list[str], groups: list[RaterGroup]) -> list[CombinedUnit]:
    """The units' combined scores; none where nothing is known about the noise of a whole group."""
    try:
        return combine_groups(units, groups)
    except InputError:
        everyone = tuple(group.name for group in groups)
        return [CombinedUnit(unit, None, None, None, 0, everyone) for unit in units]


def _row(row: CombinedUnit, name: Names) -> CombinedRow:
    score = None if row.score is None else round(row.score, DECIMALS)
    error = None if row.standard_error is None else round(row.standard_error, DECIMALS)
    return CombinedRow(row.unit, name, row.n, score, error, row.missing)


def _standing(rows: Sequence[CombinedUnit], groups: list[RaterGroup], compare_from: int) -> Standing | None:
    complete = [row.unit for row in rows if not row.missing]
    if len(complete) < 2:
        return None
    return combined_standing(complete, groups, Ranking(compare_from=compare_from)).as_written()
