"""What a new numbered result may tell beside those already published: all of it, or only that something was corrected.

Decides by published documents alone, so that the decision itself tells nothing more. Subtotals are `scoring`'s affair.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from honestrank.candidates import Rules
from honestrank.disclosure import agree_safely
from honestrank.wording import say

Document = dict[str, Any]


LEAST_CHANGE = 6


def may_be_told(earlier: Sequence[Document], newer: Document, cell: int) -> bool:
    """Whether the figures of `newer` may be told to somebody who has all `earlier` documents of the poll.

    Told only if nothing that changed shows a small group: each count that both tell changed by 0 or by at least 6 (five and
    one who knows their own ballot; or `cell`, if larger), and where no count of a criterion changed, its mean and error are the
    same, or (for the same record, computed in another way) all documents together leave two distributions, one not unanimous.
    Another way of joining cells, another band, another level or another verdict is not told.
    """
    same_record = [one for one in earlier if one["record"] == newer["record"]]
    least = max(LEAST_CHANGE, cell)
    follows = all(_may_follow(one, newer, least, one in same_record) for one in earlier)
    return follows and _agree([*same_record, newer], Rules(joined_from=cell))


def correction(of: int, older: Document, newer: Document) -> Document:
    """What is told instead: which result is corrected, and whether its outcome changed."""
    changed = outcome_changed(older, newer)
    key = "corrected_changed" if changed else "corrected_unchanged"
    return {
        **{name: newer[name] for name in ("format", "poll", "manifest", "record")},
        "correction": {
            "of": of,
            "outcome_changed": changed,
            "sentences": {"zh-hans": say(key, "zh"), "en": say(key, "en")},
        },
        "pools": [],
    }


def outcome_changed(older: Document, newer: Document) -> bool:
    """Whether anything people act on differs: a pool's verdict, a unit's level or band, its range of places, who separates."""
    return _outcomes(older) != _outcomes(newer)


def _outcomes(document: Document) -> list[Any]:
    pools = [
        (
            pool["pool"],
            pool["verdict"],
            [(row["unit"], row["level"], row["band"]) for row in pool["units"]],
            _places(pool),
        )
        for pool in document["pools"]
    ]
    return [*pools, _places(document.get("combined") or {"standing": None})]


def _places(compared: Document) -> list[Any]:
    return [
        (row["unit"], row["compared"], row["rank_low"], row["rank_high"], sorted(row["cannot_be_told_from"]))
        for row in (compared["standing"] or {"units": []})["units"]
    ]


def _may_follow(older: Document, newer: Document, least: int, is_same_record: bool) -> bool:
    if [_shape(pool) for pool in older["pools"]] != [_shape(pool) for pool in newer["pools"]]:
        return False
    pairs = zip(_rows(older), _rows(newer), strict=True)
    return all(_unit_may_follow(old, new, least, is_same_record) for old, new in pairs)


def _rows(document: Document) -> list[Document]:
    return [row for pool in document["pools"] for row in pool["units"]]


def _agree(documents: Sequence[Document], rules: Rules) -> bool:
    """All that was computed from one record, criterion by criterion."""
    for rows in zip(*(_rows(one) for one in documents), strict=True):
        for entries in zip(*(row["criteria"] for row in rows), strict=True):
            if not agree_safely([entry["certificate"] for entry in entries], rules):
                return False
    return True


def _shape(pool: Document) -> list[Any]:
    """What must be the same in both: verdict, levels, bands and the cells that are told."""
    return [
        pool["pool"],
        pool["size"],
        pool["verdict"],
        [(row["unit"], row["level"], row["band"], list(_cells(row))) for row in pool["units"]],
    ]


def _cells(row: Document) -> Iterator[tuple[str, Any]]:
    for entry in row["criteria"]:
        yield entry["criterion"], entry["most"] or [cell["marks"] for cell in entry["cells"]]


def _unit_may_follow(old: Document, new: Document, least: int, is_same_record: bool) -> bool:
    changed = [(old["n"], new["n"])]
    for before, after in zip(old["criteria"], new["criteria"], strict=True):
        cells = zip(before["cells"] or [], after["cells"] or [], strict=True)
        counts = [(one["n"], other["n"]) for one, other in cells]
        stays = old["n"] == new["n"] and all(one == other for one, other in counts)
        if stays and not is_same_record and _statistics(before) != _statistics(after):
            return False
        changed += counts
    return all(one == other or abs(other - one) >= least for one, other in changed)


def _statistics(entry: Document) -> list[Any]:
    return [entry[name] for name in ("mean", "standard_error", "rounding")]
