"""A cycle is closed by two people, and only when all that is open in it was marked to go on, thing by thing."""

from datetime import timedelta

import pytest
from tests.cast import district as cast
from tests.cast.awards import filed_objection, published_notice, selection_of
from tests.cast.commitments import published_commitment
from tests.cast.polls import opened_poll, planned_poll
from tests.cast.refusing import refused

from zhengyou.ballots import rules as ballots
from zhengyou.campaigns import actions as campaigns
from zhengyou.campaigns import queries as campaign_queries
from zhengyou.polls import actions as polls
from zhengyou.rhythm import actions, queries

pytestmark = pytest.mark.django_db
LATER = cast.NOW + timedelta(hours=1)


@pytest.fixture
def district():
    return cast.small_district()


@pytest.fixture
def cycle(district):
    return cast.launched_cycle(district)


def test_everything_open_is_listed_and_each_is_marked_before_the_second_person_can_close(district, cycle):
    poll = opened_poll(district, cycle, [district.members])
    notice = published_notice(district, cycle)
    objection = filed_objection(notice, at=cast.NOW + timedelta(minutes=1))
    commitment = published_commitment(district, cycle, district.villages[0])
    found = {one.about: (one.kind, one.count) for one in queries.open_in(cycle)}
    assert found == {
        poll.reference: ("poll", 1),
        selection_of(notice).reference: ("selection", 1),
        objection.reference: ("objection", 1),
        commitment.reference: ("promises", 3),
    }
    campaigns.ask_to_close(cycle=cycle, at=LATER, by=district.office)
    *most, last = found
    campaigns.mark_goes_on(cycle=cycle, things=most, at=LATER, by=district.office)
    with refused("cycle.things-open"):
        actions.close_cycle(cycle=cycle, at=LATER, by=district.second_office)
    campaigns.mark_goes_on(cycle=cycle, things=[last], at=LATER, by=district.office)
    row = actions.close_cycle(cycle=cycle, at=LATER, by=district.second_office)
    assert row.closed_at == LATER
    assert campaign_queries.marked_to_go_on(cycle) == set(found)
    again = actions.close_cycle(cycle=cycle, at=LATER + timedelta(days=1), by=district.second_office)
    assert again.closed_at == LATER


def test_one_person_closes_no_cycle(district, cycle):
    with refused("cycle.close-not-asked"):
        actions.close_cycle(cycle=cycle, at=LATER, by=district.second_office)
    campaigns.ask_to_close(cycle=cycle, at=LATER, by=district.office)
    with refused("cycle.close-by-one"):
        actions.close_cycle(cycle=cycle, at=LATER, by=district.office)
    campaigns.take_back_close(cycle=cycle, at=LATER, by=district.office)
    with refused("cycle.close-not-asked"):
        actions.close_cycle(cycle=cycle, at=LATER, by=district.second_office)


def test_a_mark_is_taken_back_and_then_holds_the_close_up_again(district, cycle):
    selection = selection_of(published_notice(district, cycle))
    campaigns.ask_to_close(cycle=cycle, at=LATER, by=district.office)
    mark = {"cycle": cycle, "things": [selection.reference], "at": LATER, "by": district.office}
    campaigns.mark_goes_on(**mark)
    campaigns.unmark_goes_on(**mark)
    with refused("cycle.things-open"):
        actions.close_cycle(cycle=cycle, at=LATER, by=district.second_office)


def test_a_draft_of_an_appraisal_cannot_go_on_and_what_does_is_found_in_the_next_cycle(district, cycle):
    poll = planned_poll(district, cycle, [district.members])
    selection = selection_of(published_notice(district, cycle))
    things = [poll.reference, selection.reference]
    campaigns.mark_goes_on(cycle=cycle, things=things, at=LATER, by=district.office)
    assert {one.about: (one.kind, one.goes_on) for one in queries.open_in(cycle)} == {
        poll.reference: ("draft", False),
        selection.reference: ("selection", True),
    }
    campaigns.ask_to_close(cycle=cycle, at=LATER, by=district.office)
    with refused("cycle.things-open"):
        actions.close_cycle(cycle=cycle, at=LATER, by=district.second_office)
    polls.delete_poll(poll=poll, at=LATER, by=district.office)
    closed = actions.close_cycle(cycle=cycle, at=LATER, by=district.second_office)
    days = {"starts_on": cycle.ends_on + timedelta(days=1), "ends_on": cycle.ends_on + timedelta(days=365)}
    following = campaigns.add_cycle(campaign=cycle.campaign, name="下一周期", **days, at=LATER, by=district.office)
    before, carried = queries.carried_into(following)
    assert (before, [one.about for one in carried]) == (closed, [selection.reference])
    assert queries.carried_into(closed) == (None, [])


def test_no_draft_of_a_closed_cycle_is_opened(district, cycle):
    poll = planned_poll(district, cycle, [district.members])
    ready = {"units": 1, "pools": 1, "keys_missing": 0, "at": LATER}
    ballots.check_may_open(poll, **ready)
    campaigns.ask_to_close(cycle=cycle, at=LATER, by=district.office)
    poll.cycle = campaigns.close_cycle(cycle=cycle, open_things=(), at=LATER, by=district.second_office)
    with refused("cycle.closed"):
        ballots.check_may_open(poll, **ready)
