"""The house as an import finds it, and as its organisations will stand once their rows are written. Read once; writes nothing."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from zhengyou.organisations import queries
from zhengyou.organisations.importing.columns import plain
from zhengyou.organisations.importing.judging import JudgedRow, TermIndex
from zhengyou.organisations.models import Term


@dataclass(frozen=True)
class Home:
    """An organisation as rows name it."""

    code: str
    name: str
    kind: str
    sector: str
    parent: str | None
    ended_on: date | None
    founded_on: date | None = None


class Known:
    """Organisations by code, words by category; people and posts where they are asked for. `day`: when the file was read."""

    def __init__(self, *, with_people: bool, day: date) -> None:
        self.day = day
        rows = queries.all_organisations()
        codes = {row.pk: row.code for row in rows}
        self.homes = {
            row.code: Home(
                row.code, row.name, row.kind, row.sector, codes.get(row.parent_id or 0), row.ended_on, row.founded_on
            )
            for row in rows
        }
        self.words = {category: TermIndex(terms) for category, terms in queries.terms_by_category().items()}
        self.people: dict[str, dict[str, Any]] = queries.all_members() if with_people else {}
        self.posts = queries.posts_by_number() if with_people else {}

    def index(self, category: str) -> TermIndex:
        """The words of one category; none where the pack has none."""
        return self.words.get(Term.Category(category).value) or TermIndex([])

    def living_people(self) -> dict[str, dict[str, Any]]:
        """Everybody who has not left, by number."""
        return {number: member for number, member in self.people.items() if member["left_on"] is None}

    def homes_after(self, rows: Iterable[JudgedRow]) -> "dict[str, Home]":
        """The organisations as they will stand once these rows are written."""
        homes = dict(self.homes)
        for row in rows:
            before = homes.get(row.key) or Home(row.key, row.label, "", "", None, None)
            fields = {slug: row.values[slug] for slug in ("name", "kind", "sector", "parent") if slug in row.values}
            homes[row.key] = replace(before, **fields)
        return homes


def codes_by_name(homes: dict[str, Home]) -> dict[str, list[str]]:
    """Name, for comparing, to the codes of those that bear it and have not ended."""
    names: dict[str, list[str]] = defaultdict(list)
    for code, home in homes.items():
        if home.ended_on is None:
            names[plain(home.name)].append(code)
    return names


def above(code: str, homes: dict[str, Home]) -> list[str]:
    """The codes from here up to the root, its own first; a circle ends where it begins."""
    chain: list[str] = []
    here: str | None = code
    while here is not None and here in homes and here not in chain:
        chain.append(here)
        here = homes[here].parent
    return chain
