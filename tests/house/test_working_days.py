"""Working days by the real calendar: make-up days, long holidays, and a year whose calendar nobody knows yet."""

from datetime import UTC, date, datetime, timedelta

import pytest

from zhengyou.base.time import (
    calendar_is_official,
    is_working_day,
    local_day,
    working_days_after,
    working_days_between,
)

UNKNOWN_YEAR = 2099


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 3, 10), 5, date(2026, 3, 17)),  # an ordinary Tuesday
        (date(2026, 3, 14), 1, date(2026, 3, 16)),  # from a Saturday
        (date(2026, 2, 13), 1, date(2026, 2, 14)),  # a Saturday made up for the Spring Festival
        (date(2026, 2, 13), 5, date(2026, 2, 27)),  # over the Spring Festival, 15 to 23 February
        (date(2026, 2, 13), 6, date(2026, 2, 28)),  # the second made-up Saturday
        (date(2026, 9, 18), 1, date(2026, 9, 20)),  # a Sunday made up for the National Day
        (date(2026, 9, 30), 5, date(2026, 10, 13)),  # over the National Day, with the made-up Saturday 10 October
        (date(2025, 9, 30), 5, date(2025, 10, 14)),  # the year before, with the made-up Saturday 11 October
        (date(2025, 12, 31), 1, date(2026, 1, 4)),  # over the New Year, to a made-up Sunday
    ],
)
def test_last_day_by_the_official_calendar(start, count, end):
    assert calendar_is_official(start)
    assert working_days_after(start, count) == end


def test_a_week_is_five_days_where_the_calendar_is_unknown():
    new_year = date(UNKNOWN_YEAR, 1, 1)
    assert new_year.weekday() == 3
    assert not calendar_is_official(new_year)
    assert is_working_day(new_year)
    assert not is_working_day(date(UNKNOWN_YEAR, 1, 3))
    assert working_days_after(new_year, 5) == date(UNKNOWN_YEAR, 1, 8)


def test_a_holiday_on_a_weekday_is_free_and_a_made_up_sunday_is_not():
    assert not is_working_day(date(2026, 10, 5))
    assert is_working_day(date(2026, 9, 20))
    assert not is_working_day(date(2026, 9, 27))


@pytest.mark.parametrize("start", [date(2026, 2, 10) + timedelta(days=n) for n in range(20)])
def test_counting_on_and_counting_between_agree(start):
    for count in (1, 5, 15):
        end = working_days_after(start, count)
        assert is_working_day(end)
        assert working_days_between(start + timedelta(days=1), end) == count


def test_no_count_below_one():
    with pytest.raises(ValueError, match="at least 1"):
        working_days_after(date(2026, 3, 10), 0)


def test_the_day_is_the_local_one():
    assert local_day(datetime(2026, 3, 10, 15, 59, tzinfo=UTC)) == date(2026, 3, 10)
    assert local_day(datetime(2026, 3, 10, 16, 0, tzinfo=UTC)) == date(2026, 3, 11)
