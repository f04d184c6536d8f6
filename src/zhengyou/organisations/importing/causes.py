"""Why rows cannot be imported, each cause once: with the rows that share it, and those that wait below them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from zhengyou.organisations.importing.judging import JudgedRow
from zhengyou.organisations.importing.rosters import CATEGORIES
from zhengyou.organisations.models import ImportDraft

BELOW = {"parent-bad": "parent", "home-bad": "above"}  # never causes of their own: what they name is the cause
ALIKE = {
    "unknown-word", "unknown-word-all", "home-unknown", "home-unclear", "home-ended", "parent-unknown", "parent-near",
    "parent-unclear",
    "parent-ended", "unclear-code", "missing", "missing-word", "formula-failed", "formula-uncomputed", "is-day", "shortened", "rounded",
}  # fmt: skip
KINDS: dict[str, tuple[Any, frozenset[str]]] = {
    "words": (_("Unknown words"), frozenset({"unknown-word", "unknown-word-all"})),
    "places": (
        _("Places not found"),
        frozenset({"home-unknown", "home-unclear", "home-ended", "parent-unknown", "parent-near", "parent-unclear", "parent-ended"}),
    ),
    "empty": (_("Empty cells"), frozenset({"missing", "missing-word"})),
    "codes": (
        _("Codes and numbers"),
        frozenset({
            "id-number", "rounded", "shortened", "is-day", "is-truth", "odd-code", "unclear-code", "number-taken", "namesakes",
            "person-unclear",
        }),
    ),
    "formulas": (_("Formulas"), frozenset({"formula-failed", "formula-uncomputed"})),
    "twice": (_("Said twice"), frozenset({"repeated", "contradicted"})),
    "tree": (_("Order of the tree"), frozenset({*BELOW, "under-itself", "circle", "too-deep"})),
    "gone": (_("Left or ended"), frozenset({"left", "ended"})),
}  # fmt: skip
OTHER = "other"


@dataclass
class Cause:
    """One reason: the first row that has it, all that have it, and those that cannot be imported only because of these."""

    row: JudgedRow
    rows: list[JudgedRow] = field(default_factory=list)
    below: list[JudgedRow] = field(default_factory=list)

    @property
    def places(self) -> list[str]:
        """Where its rows stand in the file."""
        return [row.place for row in self.rows or [self.row]]

    @property
    def query(self) -> str:
        """The words of an address that asks for its rows: the first of them names it."""
        return urlencode({"like": self.row.place})

    @property
    def others(self) -> int:
        """How many rows have it beside the first."""
        return max(len(self.rows) - 1, 0)

    @property
    def word(self) -> tuple[str, str] | None:
        """The category and the spelling, if the cause is a word that the house could learn."""
        problem = self.row.problems[0]
        is_word = problem["slug"].startswith("unknown-word") and problem["field"] in CATEGORIES
        return (CATEGORIES[problem["field"]].value, problem["value"]) if is_word else None

    @property
    def likely(self) -> dict[str, str] | None:
        """The names of the word that is meant, if only one comes near the spelling: the choice stands there already."""
        problem = self.row.problems[0]
        near = problem["found"] if problem["slug"] == "unknown-word" else []
        return {key: name for key, name in near[0].items() if key != "written"} if len(near) == 1 else None


def causes_of(rows: Iterable[JudgedRow], among: Iterable[JudgedRow] | None = None) -> list[Cause]:
    """The causes behind bad rows, those that hold up most rows first.

    `among` are all bad rows of the file where `rows` are some of them: a row may wait for one that is not among those.
    """
    bad = list(rows)
    by_key = first_by_key(bad if among is None else among)
    causes: dict[tuple[Any, ...], Cause] = {}
    for row in bad:
        if row.problems[0]["slug"] not in BELOW:
            causes.setdefault(_cause_of(row), Cause(row)).rows.append(row)
    for row in bad:
        if row.problems[0]["slug"] in BELOW:
            root = _root_of(row, by_key)
            causes.setdefault(_cause_of(root), Cause(root)).below.append(row)
    return sorted(causes.values(), key=lambda cause: -len(cause.rows) - len(cause.below))


def kind_of(row: JudgedRow) -> str:
    """Of which kind the first problem of a bad row is."""
    slug = row.problems[0]["slug"]
    return next((kind for kind, (_name, slugs) in KINDS.items() if slug in slugs), OTHER)


def first_by_key(rows: Iterable[JudgedRow]) -> dict[tuple[str, str], JudgedRow]:
    """By kind and code or number the row that bears it; of several the first in the file, which is seldom the one that slipped in."""
    by_key: dict[tuple[str, str], JudgedRow] = {}
    for row in rows:
        if row.key:
            by_key.setdefault((row.what, row.key), row)
    return by_key


def _cause_of(row: JudgedRow) -> tuple[Any, ...]:
    problem = row.problems[0]
    if problem["slug"] == "contradicted":
        return row.what, problem["slug"], problem["value"]
    if problem["slug"] in ALIKE and len(row.problems) == 1:
        return row.what, problem["slug"], problem.get("field"), problem.get("value")
    return (id(row),)


def _root_of(row: JudgedRow, by_key: dict[tuple[str, str], JudgedRow]) -> JudgedRow:
    seen = {id(row)}
    while row.problems[0]["slug"] in BELOW:
        problem = row.problems[0]
        above = by_key.get((ImportDraft.What.ORGANISATIONS.value, problem[BELOW[problem["slug"]]]))
        if above is None or id(above) in seen:
            break
        seen.add(id(above))
        row = above
    return row
