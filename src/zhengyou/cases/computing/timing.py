"""Clocks of cases: how they stand on a day, in working days, with the days left out and the pauses; and the middle of many."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from zhengyou.base.time import is_working_day, week_of, working_days_after

WEEK = timedelta(days=7)


def week_told(received_on: date, given_on: date) -> date | None:
    """The Monday of the week in which a report came, as others than its reporter and the office learn it beside the day on which a unit
    got it: only where that week was over for a week by then. Else None, which is any of seven days at least before the giving: the week
    alone, or that it is not told, would narrow it to less.
    """
    monday = week_of(received_on)
    return monday if monday + 2 * WEEK <= given_on else None


@dataclass(frozen=True)
class LeftOut:
    """A day that a clock does not count: `free`, or, with the reason that everybody reads, `paused`."""

    on: date
    why: str = ""


@dataclass(frozen=True)
class Pause:
    """Days on which a clock stands still: from the day after `from_on` up to `until_on`, and why. `is_ended`: somebody ended it."""

    from_on: date
    until_on: date
    why: str
    is_ended: bool = False

    def holds(self, on: date) -> bool:
        """Whether the clock stands still at the end of that day."""
        return self.from_on <= on < self.until_on or (on == self.until_on and not self.is_ended)


@dataclass(frozen=True)
class CaseClock:
    """One clock as it stands on a day: the days counted so far, those left out, and when it ends. `done_on` stopped it,
    `paused_until` is the last day on which it stands still, if it does.
    """

    from_on: date
    days: int
    counted: tuple[date, ...]
    left_out: tuple[LeftOut, ...]
    due_on: date
    done_on: date | None
    is_late: bool
    paused_until: date | None

    @property
    def day(self) -> int:
        """Which of its days it is: 0 on the day on which it began."""
        return len(self.counted)

    @property
    def over(self) -> int:
        """By how many working days it is late; 0 while it is not, and where free days alone have passed since its end."""
        return max(self.day - self.days, 0)


def clock(
    from_on: date, days: int, on: date, *, done_on: date | None = None, pauses: Iterable[Pause] = ()
) -> CaseClock:
    """How a clock of so many working days stands at the end of a day. The day on which it began is not counted.

    A pause, a new holiday, a reopening or another kind changes it by itself, since nothing of it is kept anywhere.
    """
    return _clock(from_on, days, on, done_on, tuple(pauses))


@lru_cache(maxsize=512)  # the rows of a list that is ordered by what is due have few days among them
def _clock(from_on: date, days: int, on: date, done_on: date | None, pauses: tuple[Pause, ...]) -> CaseClock:
    end = done_on or on
    counted: list[date] = []
    left_out: list[LeftOut] = []
    day = from_on
    while day < end:
        day += timedelta(days=1)
        if why := _pause_on(day, pauses):
            left_out.append(LeftOut(day, why))
        elif is_working_day(day):
            counted.append(day)
        else:
            left_out.append(LeftOut(day))
    paused_until = next((one.until_on for one in pauses if done_on is None and one.holds(on)), None)
    due_on = _due_on(from_on, days, pauses)
    is_late = len(counted) > days or end > due_on
    return CaseClock(from_on, days, tuple(counted), tuple(left_out), due_on, done_on, is_late, paused_until)


def _pause_on(day: date, pauses: Iterable[Pause]) -> str:
    return next((one.why for one in pauses if one.from_on < day <= one.until_on), "")


def _due_on(from_on: date, days: int, pauses: tuple[Pause, ...]) -> date:
    day = from_on
    while days:
        day += timedelta(days=1)
        days -= is_working_day(day) and not _pause_on(day, pauses)
    return day


def is_late(from_on: date, days: int, on: date, *, done_on: date | None = None, pauses: Iterable[Pause] = ()) -> bool:
    """Whether a clock is late, as `clock` says it, but without a look at each of its days: for many clocks."""
    end = done_on or on  # late once its last day is over, also where free days alone came behind it
    return end > from_on and _counted(from_on, end - timedelta(days=1), list(pauses)) >= days


def _counted(from_on: date, last: date, pauses: list[Pause]) -> int:
    """How many working days lie behind `from_on`, up to the last day, outside the pauses."""
    counted, known = working_days_from(from_on, last), from_on
    for one in sorted(pauses, key=lambda pause: pause.from_on):
        first, end = max(known, one.from_on), min(last, one.until_on)
        if end > first:
            counted, known = counted - working_days_from(first, end), end
    return counted


@lru_cache(maxsize=64)
def late_if_from(days: int, on: date) -> date:
    """The last day on which a clock of so many working days, without a pause, can have begun to be late on that day."""
    day = on
    while working_days_after(day, days) >= on:
        day -= timedelta(days=1)
    return day


@lru_cache(maxsize=16384)
def working_days_from(first: date, last: date) -> int:
    """How many working days a thing took that began on the first and was done on the last of these days; 0 on the same day."""
    return sum(is_working_day(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))


def middle_of(took: Counter[int]) -> float:
    """The median of numbers that occur so often, without writing a hundred thousand of them out."""
    passed, every, middle = 0, took.total(), list[int]()
    for days in sorted(took):
        passed += took[days]
        middle += [days] * ((passed > (every - 1) // 2) + (passed > every // 2) - len(middle))
        if len(middle) == 2:
            break
    return sum(middle) / 2
