"""A proposal taken back by its unit, and a published promise corrected by the level above, never by its maker."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from tests.cast.commitments import (
    promise_text,
    promises_of,
    proposed_commitment,
    published_commitment,
    secretary_of,
)
from tests.cast.district import NOW, launched_cycle, small_district
from tests.cast.refusing import refused

from zhengyou.base.addenda import addenda_to
from zhengyou.base.models import JournalEntry
from zhengyou.commitments import actions
from zhengyou.commitments.models import Commitment, OutcomeStatement, Promise

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return small_district()


@pytest.fixture
def cycle(district):
    return launched_cycle(district)


def test_what_waits_is_taken_back_by_its_own_unit_once_and_what_is_published_never(district, cycle):
    village, other = district.villages[:2]
    row = proposed_commitment(cycle, village)
    with refused("role.not-secretary"):
        actions.take_back_proposal(commitment=row, at=NOW, by=district.town_secretary)
    for _press in range(2):
        row = actions.take_back_proposal(commitment=row, at=NOW, by=secretary_of(village))
    assert row.state == Commitment.State.DRAFTED
    assert {promise.state for promise in promises_of(row)} == {Promise.State.DRAFTED}
    assert JournalEntry.objects.filter(deed="commitments.take_back_proposal").count() == 1
    proposed = actions.propose_promises(commitment=row, at=NOW, by=secretary_of(village))
    assert proposed.state == Commitment.State.PROPOSED
    published = published_commitment(district, cycle, other)
    with refused("commitment.not-waiting"):
        actions.take_back_proposal(commitment=published, at=NOW, by=secretary_of(other))


def test_a_published_promise_is_corrected_from_above_with_a_reason_beside_the_old(district, cycle):
    village = district.villages[0]
    [promise, *_rest] = promises_of(published_commitment(district, cycle, village))
    right = replace(promise.text, what="修好测试路第一段的路灯")
    given = {"promise": promise, "text": right, "why": "错字", "at": NOW}
    with refused("promise.corrected-by-its-maker"):
        actions.correct_promise(**given, by=secretary_of(village))
    with refused("role.not-office"):
        actions.correct_promise(**given, by=district.secretaries[1])
    with refused("addendum.why-missing"):
        actions.correct_promise(**given | {"why": " "}, by=district.town_secretary)
    with refused("addendum.nothing-changed"):
        actions.correct_promise(**given | {"text": promise.text}, by=district.town_secretary)
    row = actions.correct_promise(**given, by=district.town_secretary)
    assert (row.what, row.revision) == ("修好测试路第一段的路灯", promise.revision + 1)
    assert [(one.part, one.before, one.why) for one in addenda_to(promise.reference)] == [
        ("what", promise_text(1).what, "错字")
    ]
    actions.correct_promise(**given | {"promise": row, "text": promise.text, "why": "又改回"}, by=district.office)
    assert len(addenda_to(promise.reference)) == 2


@pytest.mark.parametrize("held_by", ["its day", "an answer", "its end"])
def test_the_day_and_the_standard_of_a_promise_that_is_held_to_stay(district, cycle, held_by):
    village = district.villages[0]
    [promise, *_rest] = promises_of(published_commitment(district, cycle, village))
    at, given = NOW, {"promise": promise, "why": "笔误", "by": district.town_secretary}
    later = replace(promise.text, due_on=promise.due_on - timedelta(days=9))
    actions.correct_promise(**given, text=later, at=NOW)  # nobody has counted on it yet
    promise.refresh_from_db()
    if held_by == "its day":
        at = datetime.combine(promise.due_on, NOW.timetz())
    elif held_by == "an answer":
        actions.answer_promise(promise=promise, mark="on_course", at=NOW, arrival=None)
    else:
        at = datetime.combine(promise.due_on, NOW.timetz())
        actions.state_outcome(
            promise=promise,
            outcome=OutcomeStatement.Outcome.FULFILLED,
            explanation="都做完了。",
            at=at,
            by=secretary_of(village),
        )
    for changed in ({"due_on": promise.due_on + timedelta(days=3)}, {"standard": "大致完成"}):
        with refused("promise.held-to"):
            actions.correct_promise(**given, text=replace(promise.text, **changed), at=at)
    row = actions.correct_promise(**given, text=replace(promise.text, what="只改一个错字"), at=at)
    assert (row.due_on, row.standard) == (promise.due_on, promise.standard)
