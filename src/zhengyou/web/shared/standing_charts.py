"""The two charts of a standing: scores with their intervals, and the places that fit. Rows come in the order they are given."""

from collections.abc import Iterable, Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zhengyou.base.words import in_readers_words, language
from zhengyou.standings.computing.document import CombinedResult, CombinedRow, PoolResult, ResultDocument, UnitResult
from zhengyou.web.shared.charts import Axis, Shade, Whisker, whisker_chart
from zhengyou.web.shared.readings import short_reading
from zhengyou.web.shared.standing_words import why_unranked

MOST_TICKS = 12
MOST_REASONS = 3  # rows of a chart that say why nothing is drawn

Row = UnitResult | CombinedRow
Table = PoolResult | CombinedResult


def score_axis(document: ResultDocument, points: Sequence[float]) -> Axis:
    """The one axis of all scores of a result, whatever pool: from the lowest interval of any to the highest, in whole points."""
    tables: list[Table] = [*document.pools, *([document.combined] if document.combined else [])]
    intervals = [row.standing.interval for table in tables for row in table.units if row.standing]
    first, last = _span(intervals, min(points, default=0), max(points, default=0))
    full = max(points, default=0)
    name = _("Points (%(full)g is the most)") % {"full": full}
    if first > 0 and intervals:
        name = _("Points (%(full)g is the most; drawn from %(first)g on)") % {"full": full, "first": first}
    return Axis(_("Mean points"), name, first, last, _ticks(first, last))


def score_chart(rows: Sequence[Row], table: Table, axis: Axis, chosen: str) -> SafeString:
    """Dots with 95 % whiskers; those that are not ranked stand last and say why."""
    if table.standing is None:
        return SafeString()
    shades = _shades(rows, chosen)
    whiskers = [
        Whisker(
            in_readers_words(row.name),
            row.score,
            *row.standing.interval,
            shades.get(row.unit, "plain"),
            read=read_by_foreigners(row),
        )
        for row in rows
        if row.standing
    ]
    whiskers += _without_figure([row for row in rows if row.standing is None], table)
    summary = _(
        "%(units)d units with their mean points and 95 %% intervals; %(apart)d of %(pairs)d pairs are clearly different."
    ) % {
        "units": sum(row.standing is not None for row in rows),
        "apart": table.standing.pairs_that_separate,
        "pairs": table.standing.pairs,
    }
    return whisker_chart(whiskers, axis, summary=summary)


def rank_chart(rows: Sequence[Row], table: Table, chosen: str) -> SafeString:
    """A bar over the places that fit each ranked organisation. It has no dot: a dot would be read as a place."""
    if table.standing is None or not table.standing.compared:
        return SafeString()
    last = table.standing.compared
    shades = _shades(rows, chosen)
    bars = [
        Whisker(
            in_readers_words(row.name),
            None,
            own.rank_low,
            own.rank_high,
            shades.get(row.unit, "plain"),
            read=read_by_foreigners(row),
        )
        if (own := row.standing) and own.rank_low is not None and own.rank_high is not None
        else _reasoned(row, table)
        for row in rows
        if row.standing
    ]
    summary = _("The places from 1 to %(last)d that fit each of %(units)d units, for all of them together.") % {
        "last": last,
        "units": last,
    }
    name = _("Places (1 is best, %(last)d are compared)") % {"last": last}
    ticks = [1.0, *(tick for tick in _ticks(1, last) if tick > 1)]
    return whisker_chart(bars, Axis(_("Possible places"), name, 1, last, ticks), summary=summary)


def _without_figure(rows: Sequence[Row], table: Table) -> list[Whisker]:
    """Each with its reason; many in one line, as they would take more of the chart than those with a figure."""
    if len(rows) <= MOST_REASONS:
        return [_reasoned(row, table) for row in rows]
    text = _("%(n)d units without a figure") % {"n": len(rows)}
    return [Whisker(text, reason=_("The table says why, one by one."))]


def _reasoned(row: Row, table: Table) -> Whisker:
    return Whisker(in_readers_words(row.name), reason=why_unranked(row, table), read=read_by_foreigners(row))


def read_by_foreigners(row: Row) -> str:
    """How a Chinese name in an English chart is read, in short."""
    return short_reading(in_readers_words(row.name)) if language() == "en" else ""


def _shades(rows: Iterable[Row], chosen: str) -> dict[str, Shade]:
    """By unit: the chosen one, those it is not clearly different from, the others. Nothing if the chosen one is not compared."""
    own = next((row.standing for row in rows if row.unit == chosen), None)
    if own is None or not own.compared:
        return {}
    shades: dict[str, Shade] = {
        row.unit: "alike" if row.unit in own.indistinguishable_from else "apart" for row in rows
    }
    return shades | {chosen: "chosen"}


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
