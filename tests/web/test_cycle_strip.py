"""The strip of a cycle's stages: how each stands on a day, what is next, and where the bars lie. No database."""

from datetime import date, datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from zhengyou.web.shared.cycle_strip import strip_of

DAYS = {
    "promise": (date(2026, 1, 1), date(2026, 3, 31)),
    "fulfil": (date(2026, 2, 1), date(2026, 10, 31)),
    "appraise": (date(2026, 10, 1), date(2026, 10, 31)),
    "recognise": (date(2026, 12, 1), date(2026, 12, 31)),
}


class Dates:
    """Stages with their days, as a calendar gives them."""

    def __init__(self, closed_at: datetime | None = None) -> None:
        self.cycle = SimpleNamespace(closed_at=closed_at)

    def in_order(self) -> list[tuple[Any, Any]]:
        """Each stage with its window."""
        return [
            (SimpleNamespace(name={"en": name, "zh-hans": name}), SimpleNamespace(opens_on=first, closes_on=last))
            for name, (first, last) in DAYS.items()
        ]


@pytest.mark.parametrize(
    ("day", "states", "following"),
    [
        (date(2025, 12, 31), ["ahead"] * 4, "promise"),
        (date(2026, 3, 31), ["open", "open", "ahead", "ahead"], "promise"),
        (date(2026, 4, 1), ["past", "open", "ahead", "ahead"], "appraise"),
        (date(2026, 10, 31), ["past", "open", "open", "ahead"], "appraise"),
        (date(2026, 11, 15), ["past", "past", "past", "ahead"], "recognise"),
        (date(2027, 1, 1), ["past"] * 4, None),
    ],
)
def test_one_stage_is_next_and_each_says_how_it_stands(day: date, states: list[str], following: str | None) -> None:
    strip: Any = strip_of(Dates(), day)  # type: ignore[arg-type]
    assert [bar.state for bar in strip.bars] == states
    assert (strip.next.name["en"] if strip.next else None) == following


def test_bars_lie_within_the_strip_and_today_only_within_the_cycle() -> None:
    strip: Any = strip_of(Dates(), date(2026, 7, 2))  # type: ignore[arg-type]
    ends = [float(bar.start[:-1]) + float(bar.length[:-1]) for bar in strip.bars]
    assert strip.bars[0].start == "0.00%"
    assert max(ends) == pytest.approx(100, abs=0.02)
    assert strip.today == "49.86%"
    after: Any = strip_of(Dates(), date(2027, 1, 1))  # type: ignore[arg-type]
    assert after.today == ""


def test_a_closed_cycle_has_nothing_next_and_says_the_day_here() -> None:
    closed = datetime(2026, 11, 30, 23, 30, tzinfo=ZoneInfo("UTC"))
    strip: Any = strip_of(Dates(closed), date(2026, 12, 5))  # type: ignore[arg-type]
    assert (strip.next, strip.closed_on) == (None, date(2026, 12, 1))


def test_a_closed_cycle_has_no_stage_that_goes_on_and_no_line_for_today() -> None:
    strip: Any = strip_of(Dates(datetime(2026, 10, 10, 4, tzinfo=ZoneInfo("UTC"))), date(2026, 10, 10))  # type: ignore[arg-type]
    assert [bar.state for bar in strip.bars] == ["past", "past", "past", "never"]
    assert [bar.closes_on.month for bar in strip.bars[:3]] == [3, 10, 10]
    assert strip.bars[1].closes_on == date(2026, 10, 10)
    assert strip.today == ""
    assert strip.bars[3].length == "0.00%"
    ends = [float(bar.start[:-1]) + float(bar.length[:-1]) for bar in strip.bars[:3]]
    days = [(bar.closes_on - strip.starts_on).days + 1 for bar in strip.bars[:3]]
    whole = (strip.ends_on - strip.starts_on).days + 1
    assert ends == pytest.approx([100 * one / whole for one in days], abs=0.02)  # no bar is drawn beyond the close


def test_without_a_cycle_there_is_no_strip() -> None:
    assert strip_of(None, date(2026, 7, 2)) is None
