"""What a new numbered result may publish beside those already published: all of it, or only that something was corrected.

Decides by published documents alone, so that the decision itself gives nothing more away. Subtotals are not looked at here:
`scoring` makes none.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from honestrank import Rules, agree_safely
from zhengyou.standings.computing.document import (
    CombinedResult,
    Correction,
    CriterionResult,
    PoolResult,
    ResultDocument,
    UnitResult,
)

# A change between two publications is a group of people: five, below which nothing is shown, and one more, because
# whoever is among them knows their own ballot and takes it off.
LEAST_CHANGE = 6

CORRECTED = {
    True: {"zh-hans": "已更正；结论有变化。", "en": "Corrected; the outcome did change."},
    False: {"zh-hans": "已更正；结论没有变化。", "en": "Corrected; the outcome did not change."},
}


def may_be_published(earlier: Sequence[ResultDocument], newer: ResultDocument, cell: int) -> bool:
    """Whether the figures of `newer` may be shown to somebody who has all `earlier` documents of the poll.

    They may only if nothing that changed shows a small group: each count that both show changed by 0 or by at least 6 (or `cell`,
    if larger), and where no count of a criterion changed, its mean and error are the same, or (for the same record, computed in
    another way) all documents together leave two distributions, one not unanimous. Another way of joining cells, another band,
    another level or another verdict may not be shown.
    """
    same_record = [one for one in earlier if one.record == newer.record]
    least = max(LEAST_CHANGE, cell)
    follows = all(_may_follow(one, newer, least, one.record == newer.record) for one in earlier)
    return follows and _agree([*same_record, newer], Rules(joined_from=cell))


def correction(of: int, older: ResultDocument, newer: ResultDocument) -> ResultDocument:
    """What is published instead: which result is corrected, and whether its outcome changed."""
    changed = outcome_changed(older, newer)
    said = Correction(of, changed, CORRECTED[changed])
    return ResultDocument(newer.poll, newer.manifest, newer.record, correction=said)


def outcome_changed(older: ResultDocument, newer: ResultDocument) -> bool:
    """Whether anything people act on differs: a pool's verdict, a unit's level or band, its places, who separates, who is first."""
    return _outcomes(older) != _outcomes(newer)


def _outcomes(document: ResultDocument) -> list[Any]:
    pools = [
        (pool.pool, pool.verdict, [(row.unit, row.level, row.band) for row in pool.units], _places(pool), _first(pool))
        for pool in document.pools
    ]
    return [*pools, _places(document.combined)]


def _first(pool: PoolResult) -> list[Any]:
    """Who is first in each question."""
    return [(one.line, one.level, one.winners, one.is_certain) for one in pool.questions]


def _places(table: PoolResult | CombinedResult | None) -> list[Any]:
    ranked = table.standing.units if table and table.standing else ()
    return [(row.unit, row.compared, row.rank_low, row.rank_high, sorted(row.indistinguishable_from)) for row in ranked]


def _may_follow(older: ResultDocument, newer: ResultDocument, least: int, is_same_record: bool) -> bool:
    if [_shape(pool) for pool in older.pools] != [_shape(pool) for pool in newer.pools]:
        return False
    pairs = zip(_rows(older), _rows(newer), strict=True)
    return all(_unit_may_follow(old, new, least, is_same_record) for old, new in pairs)


def _rows(document: ResultDocument) -> list[UnitResult]:
    return [row for pool in document.pools for row in pool.units]


def _agree(documents: Sequence[ResultDocument], rules: Rules) -> bool:
    """Whether what was computed from one record agrees safely, criterion by criterion."""
    for rows in zip(*(_rows(one) for one in documents), strict=True):
        for entries in zip(*(row.criteria for row in rows), strict=True):
            if not agree_safely([entry.certificate for entry in entries], rules):
                return False
    return True


def _shape(pool: PoolResult) -> list[Any]:
    """What must be the same in both: verdict, levels, bands, which cells are shown, and everything that is told of a question."""
    return [
        pool.pool,
        pool.size,
        pool.verdict,
        [(row.unit, row.level, row.band, list(_cells(row))) for row in pool.units],
        pool.questions,
    ]


def _cells(row: UnitResult) -> Iterator[tuple[str, Any]]:
    for entry in row.criteria:
        yield entry.criterion, entry.most or [cell.marks for cell in entry.cells or ()]


def _unit_may_follow(old: UnitResult, new: UnitResult, least: int, is_same_record: bool) -> bool:
    changed = [(old.n, new.n)]
    for before, after in zip(old.criteria, new.criteria, strict=True):
        cells = zip(before.cells or (), after.cells or (), strict=True)
        counts = [(one.n, other.n) for one, other in cells]
        stays = old.n == new.n and all(one == other for one, other in counts)
        if stays and not is_same_record and _statistics(before) != _statistics(after):
            return False
        changed += counts
    return all(one == other or abs(other - one) >= least for one, other in changed)


def _statistics(entry: CriterionResult) -> tuple[float | None, ...]:
    return entry.mean, entry.standard_error, entry.rounding
