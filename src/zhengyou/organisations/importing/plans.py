"""The plan of an import: organisations first, then people as the tree will stand, then who holds what; and what the file leaves out."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from zhengyou.organisations.importing.columns import HOLDERS, plain
from zhengyou.organisations.importing.headings import ReadRow
from zhengyou.organisations.importing.holders import judge_holders, judge_moves
from zhengyou.organisations.importing.judging import CHANGED, NEW, UNCHANGED, JudgedRow, Missing, Plan, WrittenZeros
from zhengyou.organisations.importing.known import Home, Known
from zhengyou.organisations.importing.people import judge_people
from zhengyou.organisations.importing.tree import judge_organisations
from zhengyou.organisations.models import ImportDraft

ORGANISATIONS, PEOPLE = ImportDraft.What.ORGANISATIONS.value, ImportDraft.What.PEOPLE.value
FEWEST_NAMED = 10  # one in so many is named by whatever is meant as a list of all
OF_UNITS, OF_PEOPLE = (
    ("code", "parent", "organisation"),
    ("number", *HOLDERS),
)  # columns with codes of the one, numbers of the other
Answers = Mapping[str, Mapping[str, str]]


def plan_rows(read: list[ReadRow], answers: Answers, day: date) -> Plan:
    """What these rows, read on that day, would do to the house as it stands. A constant number of queries, whatever the number of rows."""
    by_kind = {what: [row for row in read if row.what == what] for what in (ORGANISATIONS, PEOPLE)}
    has_holders = any(set(HOLDERS) & set(row.cells) for row in by_kind[ORGANISATIONS])
    known = Known(with_people=bool(by_kind[PEOPLE]) or has_holders, day=day)
    tree = judge_organisations(by_kind[ORGANISATIONS], known, _written(read, OF_UNITS))
    homes = known.homes_after(row for row in tree if row.key and not row.problems)
    bad = {name: row for row in reversed(tree) if row.problems for name in (row.key, plain(row.label)) if name}
    people = judge_people(by_kind[PEOPLE], known, homes, answers, bad, _written(read, OF_PEOPLE))
    fit = [row for row in people if row.state in (NEW, CHANGED, UNCHANGED)]
    judge_holders(tree, fit, known, homes)
    judge_moves(fit, tree, known)
    missing = _missing_organisations(tree, known.homes) if tree else []
    missing += _missing_people(people, known, homes) if people else []
    return Plan([*tree, *people], missing, _is_of_corrections([*tree, *people], missing))


def _written(read: list[ReadRow], slugs: tuple[str, ...]) -> WrittenZeros:
    return WrittenZeros(row.cells.get(slug, "") for row in read for slug in slugs)


def _is_of_corrections(rows: list[JudgedRow], missing: list[Missing]) -> bool:
    """Whether it names less than a tenth of those on record at its places: it mends some rows, and is no list of all."""
    named, near = len({(row.what, row.key) for row in rows if row.is_known}), sum(one.is_near for one in missing)
    return named * FEWEST_NAMED < named + near


def everybody_missing() -> list[Missing]:
    """All that the house has now, as if a file named none of it. A constant number of queries."""
    known = Known(with_people=True, day=date.max)
    return [*_missing_organisations([], known.homes), *_missing_people([], known, known.homes)]


def _missing_organisations(rows: list[JudgedRow], homes: dict[str, Home]) -> list[Missing]:
    named = {row.key for row in rows}
    near = named | {homes[key].parent for key in named if key in homes} - {None}
    return [
        Missing(ORGANISATIONS, code, home.name, _name(homes, home.parent), [], home.parent in near)
        for code, home in homes.items()
        if home.ended_on is None and code not in named
    ]


def _missing_people(rows: list[JudgedRow], known: Known, homes: dict[str, Home]) -> list[Missing]:
    named, places = {row.key for row in rows}, set(_places(rows, known.people))
    return [
        Missing(PEOPLE, number, member["name"], _name(homes, member["organisation"]), known.posts.get(number, []),
                member["organisation"] in places)
        for number, member in known.living_people().items()
        if number not in named
    ]  # fmt: skip


def _places(rows: Iterable[JudgedRow], people: dict[str, dict[str, Any]]) -> Iterable[str]:
    for row in rows:
        if "organisation" in row.values:
            yield row.values["organisation"]
        if row.is_known and row.key in people:
            yield people[row.key]["organisation"]


def _name(homes: dict[str, Home], code: str | None) -> str:
    return f"{homes[code].name} ({code})" if code in homes else ""
