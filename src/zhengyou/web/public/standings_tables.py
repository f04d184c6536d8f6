"""A table of a result as its page shows it: rows in the reader's order, two charts, and what may be said of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode

from django.http import HttpRequest

from zhengyou.base.folding import in_order as by_pinyin
from zhengyou.base.words import in_readers_words, language
from zhengyou.web.shared.charts import Axis
from zhengyou.web.shared.standing_charts import Row, Table, nearest, rank_chart, score_chart
from zhengyou.web.shared.standing_words import conclusions_of, why_unranked

CLOSE_UP = 12
# A chart of more rows is longer than anybody looks; the table has all.
MOST_CHARTED = 60


def readers_language() -> Literal["en", "zh-hans"]:
    """The reader's language as the engine's sentences take it."""
    return "en" if language() == "en" else "zh-hans"


@dataclass(frozen=True)
class View:
    """What the reader chose: an organisation to highlight, only those nearest to it, the order of names instead of scores."""

    chosen: str = ""
    is_close: bool = False
    is_by_name: bool = False

    @classmethod
    def of(cls, request: HttpRequest) -> "View":
        """From the address; what is none of it changes nothing."""
        asked = request.GET
        return cls(asked.get("unit", "")[:100], asked.get("close") == "1", asked.get("order") == "name")

    @property
    def order(self) -> str:
        """What an address that highlights another one carries on."""
        return "order=name&" if self.is_by_name else ""

    @property
    def other_order(self) -> str:
        """The address of the same in the other order."""
        words = {} if self.is_by_name else {"order": "name"}
        return "?" + urlencode(words | ({"unit": self.chosen} if self.chosen else {}))


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
    is_chosen = any(row.unit == view.chosen and row.standing and row.standing.compared for row in ranked)
    is_near = view.is_close and is_chosen
    drawn = nearest(ranked, view.chosen, CLOSE_UP) if is_near else rows if most is None else ranked[:most]
    charted = drawn[:MOST_CHARTED]
    return vars(table) | {
        "pool": name,
        "ranked": ranked,
        "compared": [row for row in ranked if row.standing and row.standing.compared],
        "drawn": [{"row": row, "why": "" if row.standing else why_unranked(row, table)} for row in drawn],
        "has_scores": any(row.score is not None for row in rows),
        "chart": score_chart(charted, table, axis, view.chosen) if ranked else "",
        "rank_chart": rank_chart(charted, table, view.chosen) if ranked else "",
        "conclusions": conclusions_of(table),
        "sentences": [warned.sentence(readers_language()) for warned in table.standing.warnings]
        if table.standing
        else [],
        "has_chosen": is_chosen,
        "is_near": is_near,
        "beyond": len(rows) - len(drawn),
        "charted": len(charted) if len(charted) < len(drawn) else 0,
        "has_far": len(ranked) > CLOSE_UP + 1,
        "file": f"scores-{name}-{number}.csv",
        "answer": f"standing-{name}-{number}.csv",
    }
