"""What a clerk of the level above entered waits for somebody else, who is told; nobody is told of what they cannot answer."""

from datetime import timedelta

import pytest
from tests.cast.commitments import photo_bytes, promise_text, promises_of, published_commitment, secretary_of
from tests.cast.district import NOW, launched_cycle, small_district
from tests.cast.refusing import refused

from zhengyou.base.time import local_day
from zhengyou.commitments import actions as commitments
from zhengyou.keeping import actions, queries
from zhengyou.organisations.readers import Reader
from zhengyou.plans import actions as plans

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return small_district()


def due(person, at):
    """The kinds of what this person has to do about promises."""
    return {one.kind for one in queries.due_for(Reader.of(person, local_day(at), "en"))}


def test_what_the_only_one_of_the_town_proposed_waits_for_the_district(district):
    cycle, village, town = launched_cycle(district), district.villages[0], district.town_secretary
    clerk = {"at": NOW, "by": town, "as_clerk": True}
    plans.choose_practice_theme(cycle=cycle, organisation=village, text="办实事", main_work="服务", **clerk)
    for n in range(2):
        row = commitments.write_promise(cycle=cycle, organisation=village, text=promise_text(n), **clerk)
    actions.propose_promises(commitment=row.commitment, **clerk)
    assert "review_promises" not in due(town, NOW)
    assert "review_promises" in due(district.leader, NOW)
    with refused("review.own-proposal"):
        commitments.review_promises(commitment=row.commitment, opinions={}, at=NOW, by=town)
    given = {"text": promise_text(9), "given_on": local_day(NOW)}
    commitments.publish_immediate_promise(cycle=cycle, organisation=village, **given, **clerk)
    assert "look_at_promises" not in due(town, NOW)
    assert "look_at_promises" in due(district.leader, NOW)
    other = district.villages[1]
    commitments.publish_immediate_promise(
        cycle=cycle, organisation=other, **given, at=NOW, by=secretary_of(other)
    )  # what a unit itself published is looked at by the town
    assert "look_at_promises" in due(town, NOW)


def test_whoever_entered_all_that_shows_it_does_not_decide_that_it_was_kept(district):
    cycle, village, town = launched_cycle(district), district.villages[0], district.town_secretary
    [promise, *_rest] = promises_of(published_commitment(district, cycle, village))
    at = NOW + timedelta(days=30)
    clerk = {"at": at, "by": town, "as_clerk": True}
    commitments.report_progress(promise=promise, text="装好了", photo=photo_bytes(), **clerk)
    commitments.state_outcome(promise=promise, outcome="fulfilled", explanation="都亮了", **clerk)
    given = {"promise": promise, "reason": "看过了", "at": at}
    with refused("decision.own-evidence"):
        actions.decide(decision="kept", by=town, **given)
    actions.decide(decision="kept", by=district.leader, **given)
    shown = {"promise": promise, "text": "装好了", "photo": photo_bytes(), "at": at}
    commitments.report_progress(**shown, by=secretary_of(village))
    assert actions.decide(decision="mostly", by=town, **given).decision == "mostly"
