"""The two charts of a standing: scores with their intervals, and the places that fit. Both keep the order of the sheet."""

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zhengyou.base.words import in_readers_words
from zhengyou.web.shared.charts import Whisker, whisker_chart

MOST_TICKS = 12


def score_chart(rows: list[dict[str, Any]], standing: dict[str, Any], points: list[int], chosen: str) -> SafeString:
    """Dots with 95 % whiskers on the part of the scale where the intervals lie; nothing for no rows."""
    low, high = _span(rows, min(points), max(points))
    whiskers = []
    for row, shade in _shaded(rows, chosen):
        first, last = row["standing"]["interval"]
        whiskers.append(Whisker(in_readers_words(row["name"]), row["score"], first, last, shade))
    summary = _(
        "%(units)d organisations with their mean points and 95 %% intervals; %(apart)d of %(pairs)d pairs separate."
    ) % {"units": len(rows), "apart": standing["pairs_that_separate"], "pairs": standing["pairs"]}
    return whisker_chart(whiskers, first=low, last=high, ticks=_ticks(low, high), summary=summary)


def rank_chart(rows: list[dict[str, Any]], standing: dict[str, Any], chosen: str) -> SafeString:
    """The range of places that fits each organisation that is compared; the dot is the place expected by the model."""
    compared = [row for row in rows if row["standing"]["compared"]]
    whiskers = [
        Whisker(in_readers_words(row["name"]), found["expected_rank"], found["rank_low"], found["rank_high"], shade)
        for row, shade in _shaded(compared, chosen)
        if (found := row["standing"])
    ]
    last = standing["compared"]
    summary = _("The places from 1 to %(last)d that fit each of %(units)d organisations, for all at once.") % {
        "last": last,
        "units": len(compared),
    }
    ticks = [1.0, *(tick for tick in _ticks(1, last) if tick > 1)]
    return whisker_chart(whiskers, first=1, last=last, ticks=ticks, summary=summary)


def _shaded(rows: list[dict[str, Any]], chosen: str) -> list[tuple[dict[str, Any], str]]:
    """Each row with its shade: the chosen one, those it cannot be told from, the others."""
    alike = next((set(row["standing"]["cannot_be_told_from"]) for row in rows if row["unit"] == chosen), None)
    if alike is None:
        return [(row, "plain") for row in rows]
    return [(row, "chosen" if row["unit"] == chosen else "alike" if row["unit"] in alike else "apart") for row in rows]


def nearest(rows: list[dict[str, Any]], chosen: str, count: int) -> list[dict[str, Any]]:
    """The chosen row and the `count` nearest to it by score, in the order given; all rows if it is not among them."""
    row = next((row for row in rows if row["unit"] == chosen), None)
    if row is None:
        return rows
    close = sorted(rows, key=lambda other: (abs(other["score"] - row["score"]), other["unit"]))[: count + 1]
    kept = {other["unit"] for other in close}
    return [other for other in rows if other["unit"] in kept]


def _span(rows: list[dict[str, Any]], lowest: float, highest: float) -> tuple[float, float]:
    """The part of the scale where the intervals lie, in whole points."""
    lows = [row["standing"]["interval"][0] for row in rows] or [lowest]
    highs = [row["standing"]["interval"][1] for row in rows] or [highest]
    return max(int(min(lows)), lowest), min(int(max(highs)) + 1, highest)


def _ticks(low: float, high: float) -> list[float]:
    """At most twelve round values on the axis."""
    steps = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
    step = next((step for step in steps if (high - low) / step < MOST_TICKS), 2000)
    first = -(-int(low) // step) * step
    return [float(value) for value in range(first, int(high) + 1, step)]
