"""Charts as SVG made by the server: dots with whiskers. Every chart stands beside its table and carries a text summary.

A row's label stands above its whisker, so that the chart fits a phone without scrolling.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

ROW = 44
TOP = 30
PLOT = 332
MARGIN = 14
LABEL_WIDTH = 46  # in half-width characters, of which a Chinese one takes two


@dataclass(frozen=True)
class Whisker:
    """One row: a dot at `value` (None: no dot) between `low` and `high`. `shade` is 'plain', 'chosen', 'alike' or 'apart'."""

    label: str
    value: float | None
    low: float
    high: float
    shade: str = "plain"


COLOURS = {"plain": "#1d2125", "chosen": "#a61b18", "alike": "#1d2125", "apart": "#9aa0a6"}
LABELS = COLOURS | {"apart": "#5a6068"}


def whisker_chart(rows: list[Whisker], *, first: float, last: float, ticks: list[float], summary: str) -> SafeString:
    """Rows of dots with whiskers over one axis from `first` to `last`; an empty list gives nothing."""
    if not rows:
        return SafeString("")
    height = TOP + ROW * len(rows) + 12

    def across(value: float) -> str:
        inside = min(max(value, first), last)
        return f"{MARGIN + PLOT * (inside - first) / (last - first or 1):.1f}"

    grid = format_html_join(
        "",
        '<line x1="{0}" x2="{0}" y1="{1}" y2="{2}" stroke="#d9d9d4"/><text x="{0}" y="{3}" text-anchor="middle">{4}</text>',
        ((across(tick), TOP - 8, height - 8, TOP - 14, f"{tick:g}") for tick in ticks),
    )
    body = format_html_join("", "{}", ((_row(row, TOP + ROW * n, across),) for n, row in enumerate(rows)))
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}" font-size="14" fill="#1d2125">{}{}</svg>',
        PLOT + 2 * MARGIN,
        height,
        summary,
        grid,
        body,
    )


def _row(row: Whisker, top: float, place: Callable[[float], str]) -> SafeString:
    middle = top + 26
    dot = format_html('<circle cx="{}" cy="{}" r="5.5" fill="{}"/>', place(row.value or 0), middle, COLOURS[row.shade])
    return format_html(
        '<text x="{}" y="{}" fill="{}" stroke="#fff" stroke-width="4" paint-order="stroke">{}</text>'
        '<line x1="{}" x2="{}" y1="{}" y2="{}" stroke="{}" stroke-width="3"'
        ' stroke-linecap="poll"/>{}',
        MARGIN,
        top + 14,
        LABELS[row.shade],
        _fitting(row.label),
        place(row.low),
        place(row.high),
        middle,
        middle,
        COLOURS[row.shade],
        dot if row.value is not None else "",
    )


def _fitting(label: str) -> str:
    """The label, cut where it would leave the picture; the table beside it has it whole."""
    width = 0
    for place, character in enumerate(label):
        width += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if width > LABEL_WIDTH:
            return label[: max(place - 1, 0)] + "…"
    return label
