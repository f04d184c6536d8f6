"""A table of a result as its page shows it: rows in the reader's order, a page of them, two charts, and what may be said of them.

Also the organisation that the reader asked for: by its code, or by what they typed of its name.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

from zhengyou.base.folding import in_order as by_pinyin
from zhengyou.base.words import in_readers_words, language
from zhengyou.standings import queries
from zhengyou.standings.computing.document import ResultDocument
from zhengyou.web.shared.charts import Axis
from zhengyou.web.shared.narrowing import ROWS
from zhengyou.web.shared.standing_charts import Row, Table, nearest, rank_chart, score_chart
from zhengyou.web.shared.standing_words import all_named, conclusions_about, conclusions_of, named, why_unranked

CLOSE_UP = 12
# More organisations than this are not listed to choose from: the reader types part of a name.
MOST_CHOICES = 100
MOST_MEANT = 12


def readers_language() -> Literal["en", "zh-hans"]:
    """The reader's language as the engine's sentences take it."""
    return "en" if language() == "en" else "zh-hans"


@dataclass(frozen=True)
class View:
    """What the reader chose: an organisation to highlight, only those nearest to it, the order of names instead of scores.

    `table` is the one whose details are open and whose `page` is asked for.
    """

    chosen: str = ""
    is_close: bool = False
    is_by_name: bool = False
    table: str = ""
    page: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> "View":
        """From the address; what is none of it changes nothing."""
        asked = request.GET
        table, page = asked.get("table", "")[:100], asked.get("page", "")[:10]
        return cls(
            asked.get("unit", "").strip()[:100], asked.get("close") == "1", asked.get("order") == "name", table, page
        )

    @property
    def order(self) -> str:
        """What an address that highlights another one carries on."""
        return "order=name&" if self.is_by_name else ""

    @property
    def other_order(self) -> str:
        """The address of the same in the other order."""
        words = {} if self.is_by_name else {"order": "name"}
        return "?" + urlencode(words | ({"unit": self.chosen} if self.chosen else {}))


@dataclass(frozen=True)
class Choice:
    """Which organisation is highlighted: those to choose from by name, or, where what was typed means several, these."""

    rows: tuple[Row, ...]
    typed: str = ""
    meant: tuple[Row, ...] = ()

    @property
    def is_typed(self) -> bool:
        """There are too many to list."""
        return len(self.rows) > MOST_CHOICES

    @property
    def is_lost(self) -> bool:
        """Nothing here is called what was typed."""
        return bool(self.typed) and not self.meant


def chosen_of(view: View, document: ResultDocument) -> tuple[View, Choice]:
    """The view with the code of the organisation that its word means: a code, or part of one name and of no other."""
    tables: list[Table] = [*([document.combined] if document.combined else []), *document.pools]
    rows = {row.unit: row for table in tables for row in table.units if row.standing and row.standing.compared}
    choice = Choice(tuple(sorted(rows.values(), key=lambda row: by_pinyin(in_readers_words(row.name)))))
    if not view.chosen or view.chosen in rows:
        return view, choice
    typed = view.chosen.casefold()
    meant = tuple(row for row in choice.rows if typed in in_readers_words(row.name).casefold())
    exact = [row for row in meant if in_readers_words(row.name).casefold() == typed]
    if len(meant) == 1 or exact:
        return replace(view, chosen=(exact or list(meant))[0].unit), choice
    return replace(view, chosen=""), replace(choice, typed=view.chosen, meant=meant[:MOST_MEANT])


def in_order(rows: Iterable[Row], view: View) -> list[Row]:
    """By name, or the highest score first and those that are not ranked last."""
    if view.is_by_name:
        return sorted(rows, key=lambda row: by_pinyin(in_readers_words(row.name)))
    return sorted(rows, key=lambda row: (row.standing is None, -(row.score or 0)))


def shown_table(
    table: Table, name: str, number: int, axis: Axis, view: View, most: int | None = None
) -> dict[str, Any]:
    """A pool, or all groups together, as the templates of a standing take it; with `most` only so many ranked rows are drawn."""
    rows = in_order(table.units, view)
    ranked = [row for row in rows if row.standing]
    own = next((row for row in ranked if row.unit == view.chosen and row.standing and row.standing.compared), None)
    is_near = view.is_close and own is not None
    page = _page(rows, name, view)
    drawn = nearest(ranked, view.chosen, CLOSE_UP) if is_near else list(page) if most is None else ranked[:most]
    return (
        vars(table)
        | {"chart": score_chart(drawn, table, axis, view.chosen), "rank_chart": rank_chart(drawn, table, view.chosen)}
        | {"pool": name, "file": f"scores-{name}-{number}.csv", "answer": f"standing-{name}-{number}.csv"}
        | _of_chosen(own, table)
        | {
            "ranked": ranked,
            "scored": [row for row in rows if row.score is not None],
            "compared": [row for row in ranked if row.standing and row.standing.compared],
            "drawn": [{"row": row, "why": "" if row.standing else why_unranked(row, table)} for row in drawn],
            "has_scores": any(row.score is not None for row in rows),
            "conclusions": conclusions_of(table),
            "sentences": _warnings(table),
            "is_near": is_near,
            "beyond": len(rows) - len(drawn),
            "has_far": len(ranked) > CLOSE_UP + 1,
            "page": None if is_near or most is not None else page,
            "is_open": view.table == name,
        }
    )


def lead_of(combined: dict[str, Any] | None, pools: Sequence[dict[str, Any]]) -> str:
    """The table that is shown whole, while the others wait folded: all groups together, or that with most ranked rows."""
    if combined and combined["ranked"]:
        return queries.COMBINED
    return max(pools, key=lambda pool: len(pool["ranked"]), default={"pool": ""})["pool"]


def _page(rows: Sequence[Row], name: str, view: View) -> "Page[Row]":
    """The rows that the address asks for; without a word about it the first ones, or those with the chosen one."""
    pages = Paginator(rows, ROWS)
    if view.table == name and view.page:
        return pages.get_page(view.page)
    place = next((n for n, row in enumerate(rows) if row.unit == view.chosen), 0)
    return pages.get_page(place // ROWS + 1)


def _of_chosen(own: Row | None, table: Table) -> dict[str, Any]:
    """The highlighted row of this table, whom it is not clearly different from, and what may be said of it."""
    if own is None or own.standing is None:
        return {"has_chosen": False}
    rows = {row.unit: row for row in table.units}
    others = [rows[unit] for unit in own.standing.indistinguishable_from]
    alike = named(others) if len(others) > MOST_MEANT else all_named(others)
    return {"has_chosen": True, "own": own, "alike": alike, "about": conclusions_about(own, table)}


def _warnings(table: Table) -> list[str]:
    return [warned.sentence(readers_language()) for warned in table.standing.warnings] if table.standing else []
