"""Charts as SVG made by the server, one row a thing: dots with whiskers, bars, or words where there is nothing to draw.

Every chart has a title and a name for its axis, stands beside its table and carries a text summary. A row's label stands above
its mark, so that the chart fits a phone without scrolling. Colours are those of the page (`standings.css`), dark or light.
"""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

ROW = 44
TOP = 58
PLOT = 332
MARGIN = 14
LABEL_WIDTH = 46  # in half-width characters, of which a Chinese one takes two

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

    def across(self, value: float) -> str:
        """Where a value stands in the picture, from the left."""
        inside = min(max(value, self.first), self.last)
        return f"{MARGIN + PLOT * (inside - self.first) / (self.last - self.first or 1):.1f}"


def whisker_chart(rows: Sequence[Whisker], axis: Axis, *, summary: str) -> SafeString:
    """Rows over one axis; no row gives nothing."""
    if not rows:
        return SafeString("")
    height = TOP + ROW * len(rows) + 12
    grid = format_html_join(
        "",
        '<line class="grid" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/><text class="tick" x="{0}" y="{3}">{4}</text>',
        ((axis.across(tick), TOP - 8, height - 8, TOP - 14, f"{tick:g}") for tick in axis.ticks),
    )
    body = format_html_join("", "{}", ((_row(row, TOP + ROW * n, axis.across),) for n, row in enumerate(rows)))
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}" font-size="14">'
        '<text class="axis" x="{}" y="16">{}</text>{}{}</svg>',
        PLOT + 2 * MARGIN,
        height,
        f"{axis.title}: {summary}",
        MARGIN,
        axis.name,
        grid,
        body,
    )


def _row(row: Whisker, top: float, place: Callable[[float], str]) -> SafeString:
    read = format_html('<tspan class="read" dx="6" lang="zh-Latn">{}</tspan>', row.read) if row.read else ""
    label = format_html('<text class="name" x="{}" y="{}">{}{}</text>', MARGIN, top + 14, _fitting(row.label), read)
    return format_html(
        '<g class="{}">{}{}</g>', "none" if row.reason else row.shade, label, _mark(row, top + 26, place)
    )


def _mark(row: Whisker, middle: float, place: Callable[[float], str]) -> SafeString:
    if row.reason:
        return format_html('<text class="why" x="{}" y="{}">{}</text>', MARGIN, middle + 7, _fitting(row.reason))
    ends = (place(row.low), place(row.high))
    if row.value is not None:
        return format_html(
            '<line class="mark" x1="{}" x2="{}" y1="{}" y2="{}"/><circle cx="{}" cy="{}" r="5.5"/>',
            *(*ends, middle, middle, place(row.value), middle),
        )
    # One place only has no length: its bar reaches a little beyond both of its ends.
    beyond = 5 if ends[0] == ends[1] else 0
    left, right = (f"{float(end) + reach:.1f}" for end, reach in zip(ends, (-beyond, beyond), strict=True))
    return format_html('<line class="mark bar" x1="{}" x2="{}" y1="{}" y2="{}"/>', left, right, middle, middle)


def _fitting(label: str) -> str:
    """The label, cut where it would leave the picture; the table beside it has it whole."""
    width = 0
    for place, character in enumerate(label):
        width += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if width > LABEL_WIDTH:
            return label[: max(place - 1, 0)] + "…"
    return label
