"""The four comparisons of one unit (M16), from published results only: with its past, among peers, inside, from outside.

Each is a dictionary for a page: `compared`, the numbers behind it, and `sentences` in the reader's language.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from honestrank.comparisons import (
    Comparison,
    Figure,
    Inside,
    NotCompared,
    PublishedPlace,
    Wave,
    among_peers,
    among_published,
    inside,
    outside_view,
    over_time,
    separation_need,
)
from honestrank.weights import CombinedUnit, GroupMean, RaterGroup, combine_groups
from honestrank.wording import Language
from zhengyou.standings.models import OutsideFigure

OUTSIDE_GROUPS = ("public",)
INSIDE_GROUPS = ("superiors", "members")
NEAREST = 5
SIZE_BANDS = (7, 20, 50, 100)

Found = Comparison | Inside | PublishedPlace | NotCompared


@dataclass(frozen=True)
class Seen:
    """One unit in one pool of one result: the poll's name, the pool of the result, its row, the grades with points."""

    poll: dict[str, str]
    pool: dict[str, Any]
    row: dict[str, Any]
    grades: tuple[tuple[str, int], ...]


def size_band(members: int) -> str:
    """The size band of an organisation for its peer group: up to 7 members, to 20, to 50, to 100, or more."""
    low = 0
    for high in SIZE_BANDS:
        if members <= high:
            return f"{low}–{high}"
        low = high + 1
    return f"{low}–"


@dataclass(frozen=True)
class Reader:
    """Who reads: language of names and sentences, and from how many ballots a unit is compared."""

    language: str
    compare_from: int

    @property
    def tongue(self) -> Language:
        """The language as the engine calls it."""
        return "en" if self.language == "en" else "zh"

    def name(self, words: dict[str, str]) -> str:
        """A name kept in both languages, in the reader's."""
        return words.get(self.language) or next(iter(words.values()), "")

    def figure(self, row: dict[str, Any]) -> Figure:
        """A published row as the engine takes it."""
        return Figure(self.name(row["name"]), row["score"], row["standard_error"], row["n"])


def past(now: Seen, before: Seen | None, criteria: dict[str, dict[str, str]], reader: Reader) -> dict[str, Any] | None:
    """The change since an earlier poll of the same group of raters, over the items both asked; None without one."""
    if before is None:
        return None
    unit = reader.name(now.row["name"])
    waves = [_wave(seen, criteria, reader) for seen in (now, before)]
    return _plain(over_time(unit, *waves, compare_from=reader.compare_from), reader)


def _wave(seen: Seen, criteria: dict[str, dict[str, str]], reader: Reader) -> Wave:
    items = {
        reader.name(criteria.get(item["criterion"], {"": item["criterion"]})): Figure(
            item["criterion"], item["mean"], item["comparison_error"], seen.row["n"]
        )
        for item in seen.row["criteria"]
        if item["mean"] is not None
    }
    return Wave(reader.name(seen.poll), items, seen.grades)


def peers(row: dict[str, Any], others: Iterable[dict[str, Any]], reader: Reader) -> dict[str, Any]:
    """A unit against the mean of its declared peers, as far as they have a score."""
    figures = [reader.figure(other) for other in others if other["score"] is not None and other["unit"] != row["unit"]]
    return _plain(among_peers(reader.figure(row), figures, compare_from=reader.compare_from), reader)


def units_inside(whole: str, rows: Iterable[dict[str, Any]], reader: Reader) -> dict[str, Any]:
    """The units inside a whole, each against the mean of the others, and which pairs separate."""
    figures = [reader.figure(row) for row in rows if row["score"] is not None]
    return _plain(inside(whole, figures, compare_from=reader.compare_from), reader)


def outside(
    unit: str, parts: list[dict[str, Any]], groups: dict[str, dict[str, Any]], reader: Reader
) -> dict[str, Any] | None:
    """What the public says against what members and superiors say. None where one of the two sides was not asked.

    `parts`: this unit's figure by group of raters; `groups`: the groups asked, by id, with name and weight.
    """
    sides = [
        [groups[group] for group in wanted if group in groups and groups[group]["pools"]]
        for wanted in (OUTSIDE_GROUPS, INSIDE_GROUPS)
    ]
    if not all(sides):
        return None
    names = [
        ("、" if reader.tongue == "zh" else ", ").join(reader.name(group["name"]) for group in side) for side in sides
    ]
    figures = [_together(unit, parts, side) for side in sides]
    found = outside_view(unit, figures[0], figures[1], names=(names[0], names[1]), compare_from=reader.compare_from)
    return _plain(found, reader)


def _together(unit: str, parts: list[dict[str, Any]], groups: list[dict[str, Any]]) -> CombinedUnit:
    """Several groups' figures of one unit by their weights; one that is missing is named."""
    given = {part["group"]: part for part in parts}
    raters = []
    for group in groups:
        part = given.get(group["id"])
        means = {unit: GroupMean(part["score"], part["standard_error"], part["n"])} if part else {}
        raters.append(RaterGroup(group["id"], group["weight"], means))
    missing = tuple(rater.name for rater in raters if not rater.means)
    if missing or not any(rater.means[unit].standard_error for rater in raters):
        return CombinedUnit(unit, None, None, None, 0, missing or tuple(rater.name for rater in raters))
    return combine_groups([unit], raters)[0]


def elsewhere(row: dict[str, Any], figures: list[Figure], reader: Reader) -> dict[str, Any] | None:
    """A unit among means published by others; None where none is on record."""
    if not figures:
        return None
    return _plain(among_published(reader.figure(row), figures, compare_from=reader.compare_from), reader)


def figure_of(published: OutsideFigure) -> Figure:
    """A figure published elsewhere, its error taken as known where no number of ratings is given."""
    return Figure(published.name, published.mean, published.standard_error, published.count)


def needs(
    row: dict[str, Any], others: list[dict[str, Any]], pool: dict[str, Any], reader: Reader
) -> list[dict[str, Any]]:
    """What would have to be different for this unit and each of the nearest it cannot be told from to separate."""
    critical = (pool["standing"] or {}).get("fit_record", {}).get("critical_value")
    alike = set(row["standing"]["cannot_be_told_from"]) if row["standing"] else set()
    nearest = sorted(
        (other for other in others if other["unit"] in alike),
        key=lambda other: (abs(other["score"] - row["score"]), other["unit"]),
    )
    return [need(row, other, pool, critical, reader) for other in nearest[:NEAREST]] if critical else []


def need(
    row: dict[str, Any], other: dict[str, Any], pool: dict[str, Any], critical: float, reader: Reader
) -> dict[str, Any]:
    """What would have to be different for two units of a pool to separate."""
    found = separation_need(
        *(row["score"], row["standard_error"], row["n"]),
        *(other["score"], other["standard_error"], other["n"]),
        critical,
        names=(reader.name(row["name"]), reader.name(other["name"])),
        pool_size=pool["size"],
    )
    return {"unit": other["unit"], "name": other["name"], "sentences": found.sentences(reader.tongue)}


def _plain(found: Found, reader: Reader) -> dict[str, Any]:
    return found.as_dict() | {"sentences": found.sentences(reader.tongue)}
