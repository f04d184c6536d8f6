"""The two charts of a standing: scores with their intervals, and the places that fit. Both keep the order of the sheet."""

from collections.abc import Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zhengyou.base.words import in_readers_words
from zhengyou.standings.computing.document import CombinedResult, CombinedRow, PoolResult, UnitResult
from zhengyou.web.shared.charts import Whisker, whisker_chart

MOST_TICKS = 12

Row = UnitResult | CombinedRow
Table = PoolResult | CombinedResult


def score_chart(rows: Sequence[Row], table: Table, points: list[int], chosen: str) -> SafeString:
    """Dots with 95 % whiskers on the part of the scale where the intervals lie, for those of `rows` that are ranked."""
    if table.standing is None:
        return SafeString()
    intervals = [(row, row.standing.interval) for row in rows if row.standing]
    low, high = _span([interval for _row, interval in intervals], min(points), max(points))
    shades = _shades(rows, chosen)
    whiskers = [
        Whisker(in_readers_words(row.name), row.score, *interval, shades.get(row.unit, "plain"))
        for row, interval in intervals
    ]
    summary = _(
        "%(units)d organisations with their mean points and 95 %% intervals; %(apart)d of %(pairs)d pairs separate."
    ) % {"units": len(whiskers), "apart": table.standing.pairs_that_separate, "pairs": table.standing.pairs}
    return whisker_chart(whiskers, first=low, last=high, ticks=_ticks(low, high), summary=summary)


def rank_chart(rows: Sequence[Row], table: Table, chosen: str) -> SafeString:
    """The range of places that fits each organisation that is compared; the dot is the place expected by the model."""
    if table.standing is None:
        return SafeString()
    shades = _shades(rows, chosen)
    whiskers = [
        Whisker(
            in_readers_words(row.name), own.expected_rank, own.rank_low, own.rank_high, shades.get(row.unit, "plain")
        )
        for row in rows
        if (own := row.standing) and own.rank_low is not None and own.rank_high is not None
    ]
    last = table.standing.compared
    summary = _("The places from 1 to %(last)d that fit each of %(units)d organisations, for all at once.") % {
        "last": last,
        "units": len(whiskers),
    }
    ticks = [1.0, *(tick for tick in _ticks(1, last) if tick > 1)]
    return whisker_chart(whiskers, first=1, last=last, ticks=ticks, summary=summary)


def _shades(rows: Sequence[Row], chosen: str) -> dict[str, str]:
    """By unit: the chosen one, those it is indistinguishable from, the others. Nothing if the chosen one is not ranked here."""
    own = next((row.standing for row in rows if row.unit == chosen), None)
    if own is None:
        return {}
    return {row.unit: "alike" if row.unit in own.indistinguishable_from else "apart" for row in rows} | {
        chosen: "chosen"
    }


def nearest(rows: list[Row], chosen: str, count: int) -> list[Row]:
    """The chosen row and the `count` ranked ones nearest to it by score, in the order given; all rows if it is not among them."""
    scores = {row.unit: row.standing.score for row in rows if row.standing}
    if chosen not in scores:
        return rows
    close = sorted(scores, key=lambda unit: (abs(scores[unit] - scores[chosen]), unit))[: count + 1]
    return [row for row in rows if row.unit in close]


def _span(intervals: Sequence[tuple[float, float]], lowest: float, highest: float) -> tuple[float, float]:
    """The part of the scale where the intervals lie, in whole points."""
    lows = [low for low, _high in intervals] or [lowest]
    highs = [high for _low, high in intervals] or [highest]
    return max(int(min(lows)), lowest), min(int(max(highs)) + 1, highest)


def _ticks(low: float, high: float) -> list[float]:
    """At most twelve round values on the axis."""
    steps = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
    step = next((step for step in steps if (high - low) / step < MOST_TICKS), 2000)
    first = -(-int(low) // step) * step
    return [float(value) for value in range(first, int(high) + 1, step)]
