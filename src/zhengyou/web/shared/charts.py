"""Charts made by the server, one row a thing: a dot with whiskers, a bar, or words where there is nothing to draw.

Every chart has a title and a name for its axis, stands beside its table and carries a text summary. Names are text of the page, so
that they have its size and break where they must; only what is drawn is SVG, in shares of its width. Where there is room a mark
stands on the line of its name, on a phone below it. Colours are those of the page (`standings.css`), dark or light.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

MARGIN = 5.0  # per cent of the width on each side, so that a number below the first or last tick is whole

Shade = Literal["plain", "chosen", "alike", "apart"]


@dataclass(frozen=True)
class Whisker:
    """One row: a dot at `value` between `low` and `high`; without a value a bar; with a `reason` only these words. `read`: how the
    label is read, for whoever does not read Chinese.
    """

    label: str
    value: float | None = None
    low: float = 0
    high: float = 0
    shade: Shade = "plain"
    reason: str = ""
    read: str = ""


@dataclass(frozen=True)
class Axis:
    """What is drawn from `first` to `last`: its name with the unit, the chart's title, the values that are written."""

    title: str
    name: str
    first: float
    last: float
    ticks: Sequence[float]

    def across(self, value: float) -> float:
        """Where a value stands in the picture, in per cent of its width from the left."""
        inside = min(max(value, self.first), self.last)
        return MARGIN + (100 - 2 * MARGIN) * (inside - self.first) / (self.last - self.first or 1)


def whisker_chart(rows: Sequence[Whisker], axis: Axis, *, summary: str) -> SafeString:
    """Rows over one axis; no row gives nothing."""
    if not rows:
        return SafeString("")
    ticks = [(_share(axis.across(tick)), f"{tick:g}") for tick in axis.ticks]
    grid = format_html_join("", '<line x1="{0}" x2="{0}" y2="100%"/>', ((place,) for place, _words in ticks))
    scale = format_html_join("", '<text x="{}" y="1.1em">{}</text>', ticks)
    return format_html(
        '<div class="chart" role="img" aria-label="{}"><svg class="grid">{}</svg><p class="axis">{}</p>'
        '<p class="scale"><svg>{}</svg></p>{}</div>',
        f"{axis.title}: {summary}",
        grid,
        axis.name,
        scale,
        format_html_join("", "{}", ((_row(row, axis.across),) for row in rows)),
    )


def _row(row: Whisker, place: Callable[[float], float]) -> SafeString:
    read = format_html(' <small class="pinyin" lang="zh-Latn">{}</small>', row.read) if row.read else ""
    return format_html(
        '<p class="{}"><span class="name">{}{}</span>{}</p>',
        "none" if row.reason else row.shade,
        row.label,
        read,
        _mark(row, place),
    )


def _mark(row: Whisker, place: Callable[[float], float]) -> SafeString:
    if row.reason:
        return format_html('<span class="why">{}</span>', row.reason)
    left, right = place(row.low), place(row.high)
    if row.value is not None:
        return format_html(
            '<svg><line class="mark" x1="{}" x2="{}" y1="50%" y2="50%"/><circle cx="{}" cy="50%" r="5.5"/></svg>',
            *map(_share, (left, right, place(row.value))),
        )
    # One place only has no length: its bar reaches a little beyond both of its ends.
    beyond = 1.5 if left == right else 0
    ends = _share(left - beyond), _share(right + beyond)
    return format_html('<svg><line class="mark bar" x1="{}" x2="{}" y1="50%" y2="50%"/></svg>', *ends)


def _share(place: float) -> str:
    return f"{place:.1f}%"
