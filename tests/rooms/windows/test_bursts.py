"""What comes among very many within ten minutes: apart, and yet with its steps and reasons, so that nothing bad can lie hidden.
And what is odd by its week, though no moment of it is.
"""

from datetime import date, timedelta

import pytest
from tests.cast.district import NOW, launched_cycle, small_district
from tests.cast.windows import BAD, GOOD, WORST, marked, opened

from zhengyou.base import codes
from zhengyou.organisations.readers import Reader
from zhengyou.remarks.rules import USUAL
from zhengyou.windows import actions, queries, rules
from zhengyou.windows.models import WindowFlag

pytestmark = pytest.mark.django_db
AFTER = date(2026, 3, 16)  # the Monday after NOW
WEEK = timedelta(days=7)


@pytest.fixture
def district():
    return small_district()


@pytest.fixture
def cycle(district):
    return launched_cycle(district)


@pytest.fixture
def point(cycle, district):
    return opened(district)


def test_bad_marks_that_praise_pushed_out_are_shown_by_step_and_reason(point, cycle):
    for _n in range(USUAL):
        marked(point, GOOD)
    for n in range(rules.LEAST):
        marked(point, WORST if n else GOOD, reasons=["waiting"])
    shown = queries.figures_of(point, cycle, AFTER)
    assert shown.in_bursts["phone"].counts == {GOOD: 1, WORST: 9}
    assert shown.burst_reasons[True] == {"waiting": 9}
    assert WORST not in shown.by_way["phone"].counts


def test_a_burst_says_nothing_of_so_few_that_one_could_be_told(point, cycle):
    for _n in range(USUAL):
        marked(point, GOOD)
    for step in (WORST, GOOD, WORST):
        marked(point, step)
    assert queries.figures_of(point, cycle, NOW.date()).in_bursts["phone"] == rules.WindowCounts()
    assert queries.figures_of(point, cycle, AFTER).in_bursts["phone"] == rules.WindowCounts()


def test_attack_praise_given_slowly_or_spread_over_windows_is_odd_by_its_week(point, district) -> None:
    """Ten best marks a day at two windows: no burst, no run of twenty, nothing late; the week tells."""
    second = opened(district, name="2号窗口")
    for n in range(44):
        day, minutes = divmod(n, 11)
        at = NOW - timedelta(hours=1) + timedelta(days=day, minutes=20 * minutes)
        marked((point, second)[n % 2], GOOD, at=at)
    assert not WindowFlag.objects.exists()
    assert actions.flag_weeks(at=NOW) == 0  # a week that is not over says nothing
    for _twice in range(2):
        assert actions.flag_weeks(at=NOW + WEEK) == 1
    flag = WindowFlag.objects.get()
    assert (flag.kind, flag.way, flag.count, flag.day) == ("alike", "phone", 44, date(2026, 3, 9))
    assert queries.unsettled_for(Reader.of(district.town_secretary, NOW.date(), "en")) == 1
    assert actions.flag_weeks(at=NOW + 6 * WEEK) == 0
    assert not rules.is_praise_alone(38, 40)  # where some find something to say nothing is odd
    assert not rules.is_praise_alone(39, 39)


def test_slips_that_come_a_second_time_are_odd_by_their_week_once_they_are_enough(point, district) -> None:
    made = [codes.fresh() for _n in range(10)]
    actions.add_codes(point=point, made=made, at=NOW, by=district.office)
    for code in made:
        marked(point, GOOD, code=code)
    for code in made[:9]:
        marked(point, BAD, code=code)
    assert actions.flag_weeks(at=NOW + WEEK) == 0  # of nine nobody is told
    marked(point, BAD, code=made[9])
    assert actions.flag_weeks(at=NOW + WEEK) == 1
    assert [(row.kind, row.count) for row in WindowFlag.objects.all()] == [("again", 10)]
