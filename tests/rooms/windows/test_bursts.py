"""What comes among very many within ten minutes: apart, and yet with its steps and reasons, so that nothing bad can lie hidden."""

from datetime import date

import pytest
from tests.cast.district import NOW, launched_cycle, small_district
from tests.cast.windows import GOOD, WORST, marked, opened

from zhengyou.remarks.rules import USUAL
from zhengyou.windows import queries, rules

pytestmark = pytest.mark.django_db
AFTER = date(2026, 3, 16)  # the Monday after NOW


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
