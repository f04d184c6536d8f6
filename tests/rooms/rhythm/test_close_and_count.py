"""A poll is closed and counted in one deed, which goes on where it was cut off."""

from datetime import timedelta

import pytest
from tests.cast import booth as cast_booth
from tests.cast import district as cast
from tests.cast import results as cast_results
from tests.cast.refusing import refused

from zhengyou.counting import actions as counting
from zhengyou.counting import queries as records
from zhengyou.polls.models import Poll
from zhengyou.polls.rules import PollRefused
from zhengyou.rhythm import actions
from zhengyou.standings import queries as standings
from zhengyou.standings.actions import JUDGE
from zhengyou.standings.models import Result

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return cast.small_district()


@pytest.fixture
def asked(district) -> Poll:
    """A poll in which eleven of twelve voted, whose close somebody asked for."""
    people = district.members
    row = cast_booth.opened_now(district, cast_results.weighed_cycle(district), [people], units=2)
    for code in cast_booth.codes_for(row, people[1:]):
        cast_booth.vote(row, "pool-1", code, lambda place: ["good", "fair"][place])
    return counting.ask_to_close(poll=row, at=row.closes_at + timedelta(minutes=1), by=district.office)


def counted(poll: Poll, by) -> Poll:
    return actions.close_and_count(poll=poll, at=poll.closes_at + timedelta(minutes=2), by=by)


def test_the_second_person_closes_and_the_result_is_there(asked, district):
    closed = counted(asked, district.second_office)
    assert (closed.state, standings.newest_result(closed).number) == (Poll.State.CLOSED, 1)


def test_a_deed_cut_off_after_the_close_goes_on_with_the_result(asked, district):
    at = asked.closes_at + timedelta(minutes=2)
    closed = counting.close_poll(poll=asked, at=at, by=district.second_office, judge=JUDGE)
    record = records.record_counts(closed)
    assert not Result.objects.exists()
    again = counted(asked, district.second_office)
    assert standings.newest_result(again).number == 1
    assert records.record_counts(again) == record


def test_a_poll_that_is_closed_and_counted_is_not_closed_again(asked, district):
    counted(asked, district.second_office)
    with refused("poll.not-open"):
        counted(asked, district.second_office)
    assert Result.objects.count() == 1


def test_whoever_is_rated_is_told_nothing_but_no_even_after_the_close(asked, district):
    counted(asked, district.second_office)
    with refused("person.is-concerned"):
        counted(asked, district.secretaries[0])


def test_nobody_closes_and_counts_alone(asked, district):
    with pytest.raises(PollRefused, match="A second person"):
        counted(asked, district.office)
    assert (Poll.objects.get().state, Result.objects.count()) == (Poll.State.OPENED, 0)
