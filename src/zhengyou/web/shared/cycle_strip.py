"""A cycle's stages as a drawn strip: what is over, what is open and until when, what comes, and what is next, in words.

`parts/cycle_strip.html` draws it with `cycle.css`; the page that shows it hands it in as `strip`. No query.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from zhengyou.base.time import local_day
from zhengyou.base.words import Names
from zhengyou.campaigns.calendar import Calendar

State = Literal["past", "open", "ahead", "never"]


@dataclass(frozen=True)
class StageBar:
    """One stage on a day: its name, its days, how it stands, and where its bar lies, in percent of the strip."""

    name: Names
    opens_on: date
    closes_on: date
    state: State
    days_left: int
    start: str
    length: str


@dataclass(frozen=True)
class CycleStrip:
    """The stages by their first day. `next` ends or begins first; None once all are over. `today` is where the day lies, or nothing."""

    bars: list[StageBar]
    next: StageBar | None
    today: str
    starts_on: date
    ends_on: date
    closed_on: date | None


def strip_of(calendar: Calendar | None, day: date) -> CycleStrip | None:
    """The strip of a cycle as it stands on that day; None where there is no cycle or no stage with dates."""
    stages = sorted(calendar.in_order(), key=lambda one: (one[1].opens_on, one[1].closes_on)) if calendar else []
    if calendar is None or not stages:
        return None
    first = min(window.opens_on for _stage, window in stages)
    last = max(window.closes_on for _stage, window in stages)
    whole, closed_at = (last - first).days + 1, calendar.cycle.closed_at
    ended = local_day(closed_at) if closed_at else None
    bars = [
        StageBar(
            stage.name,
            window.opens_on,
            min(window.closes_on, ended or window.closes_on),
            _state(window.opens_on, window.closes_on, day, ended),
            max((window.closes_on - day).days, 0),
            _percent((window.opens_on - first).days, whole),
            _percent(max((min(window.closes_on, ended or last) - window.opens_on).days + 1, 0), whole),
        )
        for stage, window in stages
    ]
    today = _percent((day - first).days, whole) if first <= day <= last and not ended else ""
    following = None if ended else _next(bars)
    return CycleStrip(bars, following, today, first, last, ended)


def _state(opens_on: date, closes_on: date, day: date, ended: date | None) -> State:
    """How a stage stands; with a closed cycle it has ended as well, or never began."""
    if ended is not None:
        return "past" if opens_on <= ended else "never"
    if closes_on < day:
        return "past"
    return "open" if opens_on <= day else "ahead"


def _next(bars: list[StageBar]) -> StageBar | None:
    """The stage that ends or begins first; of several the one that stands last."""
    coming = [bar for bar in reversed(bars) if bar.state != "past"]
    return min(coming, key=lambda bar: bar.closes_on if bar.state == "open" else bar.opens_on, default=None)


def _percent(days: int, whole: int) -> str:
    return f"{100 * days / whole:.2f}%"
