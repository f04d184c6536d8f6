"""The calendar: which stages are open on a day, and who takes part. Asked with one query, then handed on."""

from datetime import date, timedelta

import pytest
from tests.cast import district as cast
from tests.cast.refusing import refused

from zhengyou.campaigns import actions
from zhengyou.campaigns.calendar import Calendar
from zhengyou.organisations import actions as organisations

pytestmark = pytest.mark.django_db
MAY = date(2026, 5, 1)


@pytest.fixture
def district():
    return cast.small_district()


@pytest.fixture
def cycle(district):
    """Launched; the fulfilment has the month of May."""
    cycle = cast.drafted_cycle(district)
    windows = {"fulfil": (MAY, date(2026, 5, 31))}
    actions.set_windows(cycle=cycle, windows=windows, at=cast.NOW, by=district.office)
    actions.launch_cycle(cycle=cycle, why="测试", at=cast.NOW, by=district.office)
    cycle.refresh_from_db()
    return cycle


@pytest.mark.parametrize(
    ("day", "begun", "is_open", "over"),
    [(-1, False, False, False), (0, True, True, False), (30, True, True, False), (31, True, False, True)],
)
def test_a_stage_is_open_from_its_first_day_to_its_last(cycle, day, begun, is_open, over):
    calendar, on = Calendar.of(cycle), MAY + timedelta(days=day)
    assert calendar.has_begun("fulfil", on) is begun
    assert calendar.is_open("fulfil", on) is is_open
    assert calendar.is_over("fulfil", on) is over


def test_before_its_first_day_and_after_its_last_a_stage_refuses_and_says_which(cycle):
    calendar = Calendar.of(cycle)
    with refused("stage.not-yet-open"):
        calendar.check_begun("fulfil", MAY - timedelta(days=1))
    calendar.check_begun("fulfil", date(2026, 12, 1))
    with refused("stage.closed"):
        calendar.check_open("fulfil", date(2026, 6, 1))
    calendar.check_open("fulfil", MAY)


def test_nothing_is_open_before_the_launch_and_after_the_close(district, cycle):
    cast.closed_cycle(district, cycle, at=cast.NOW)
    cycle.refresh_from_db()
    assert not Calendar.of(cycle).is_open("fulfil", MAY)
    with refused("cycle.closed"):
        Calendar.of(cycle).check_open("fulfil", MAY)
    drafted = cast.drafted_cycle(district, name="下一轮")
    with refused("cycle.not-launched"):
        Calendar.of(drafted).check_open("fulfil", MAY)


def test_every_campaign_under_way_has_a_calendar_the_widest_first_and_all_cost_one_query(
    district, cycle, django_assert_num_queries
):
    of_town = cast.campaign_beneath(district)
    with django_assert_num_queries(1):
        calendar, beneath = Calendar.under_way()
        assert (calendar.cycle, beneath.cycle) == (cycle, of_town)
        assert [stage.id for stage, _window in calendar.in_order()] == ["promise", "fulfil", "appraise", "recognise"]
        calendar.check_takes_part(district.villages[0])
    assert [one.cycle for one in Calendar.under_way_for([district.root])] == [cycle, of_town]
    cast.closed_cycle(district, cycle, at=cast.NOW)
    assert [one.cycle for one in Calendar.under_way()] == [of_town]


def test_only_living_organisations_of_the_campaign_take_part(district, cycle):
    calendar = Calendar.of(cycle)
    calendar.check_takes_part(district.root)
    stranger = organisations.add_organisation(
        code="900", name="外区委", kind="committee", sector="", parent=None, at=cast.NOW, by=None
    )
    with refused("organisation.takes-no-part"):
        calendar.check_takes_part(stranger)
    district.villages[0].ended_on = MAY
    with refused("organisation.takes-no-part"):
        calendar.check_takes_part(district.villages[0])
