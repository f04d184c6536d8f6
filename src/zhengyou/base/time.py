"""Days and instants by the Chinese working calendar. The clock itself is not here: instants come in as arguments."""

from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

import chinese_calendar
from django.conf import settings


def local_day(at: datetime) -> date:
    """The calendar day of an instant where the campaign runs."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def start_of_day(at: datetime) -> datetime:
    """The first instant of that instant's calendar day where the campaign runs."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).replace(hour=0, minute=0, second=0, microsecond=0)


def calendar_is_official(day: date) -> bool:
    """Whether the official days off of that year are known; otherwise only weekends are counted as free."""
    return day.year in _official_years()


@cache
def _official_years() -> frozenset[int]:
    return frozenset(known.year for known in chinese_calendar.constants.holidays)


@lru_cache(maxsize=8192)  # days of some twenty years: clocks of cases ask for each day of each case
def is_working_day(day: date) -> bool:
    """Whether offices work on that day, make-up days and official holidays included (Monday to Friday in unknown years)."""
    if calendar_is_official(day):
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < 5


def working_days_after(day: date, count: int) -> date:
    """The `count`-th working day after `day`; `day` itself is not counted. `count` is at least 1."""
    if count < 1:
        raise ValueError("count must be at least 1")
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def working_days_between(first: date, last: date) -> int:
    """How many working days lie in `first..last`, both included."""
    return sum(is_working_day(first + timedelta(days=n)) for n in range((last - first).days + 1))


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def year_before(day: date) -> date:
    """The same day a year before; where there is none, the day after it. What ended then or later ended no more than a year ago."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return date(day.year - 1, 3, 1)


def year_is_over_on(last: date) -> date:
    """The first day on which what ended on this `last` day ended more than a year ago."""
    try:
        return last.replace(year=last.year + 1) + timedelta(days=1)
    except ValueError:
        return date(last.year + 1, 3, 1)


def instant_text(at: datetime) -> str:
    """An instant in whole seconds of UTC, as manifests, records and journal entries write it: `2026-03-10T02:00:00Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def instant_of(text: str) -> datetime:
    """The instant that `instant_text` wrote. Raises ValueError."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
