"""Two people do the same thing in the same moment, on connections of their own."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from tests.cast.at_once import at_once, refusals_of
from tests.cast.commitments import (
    drafted_commitment,
    promise_text,
    promises_of,
    proposed_commitment,
    published_commitment,
    secretary_of,
)
from tests.cast.district import NOW, launched_cycle, small_district
from tests.cast.writing import arrived

from zhengyou.base.time import local_day
from zhengyou.commitments import actions
from zhengyou.commitments.models import CitizenAnswer, Commitment, Promise, PromiseReview
from zhengyou.commitments.rules import Opinion

pytestmark = pytest.mark.django_db(transaction=True, databases=["default"])


@pytest.fixture
def district():
    return small_district(members_a_village=0)


@pytest.fixture
def cycle(district):
    return launched_cycle(district)


@pytest.fixture
def village(district):
    return district.villages[0]


def test_the_first_two_promises_of_an_organisation_make_one_commitment(cycle, village):
    write = partial(actions.write_promise, cycle=cycle, organisation=village, at=NOW, by=secretary_of(village))
    outcomes = at_once(*[partial(write, text=promise_text(n)) for n in (1, 2)])
    assert refusals_of(outcomes) == []
    assert Commitment.objects.count() == 1
    assert Promise.objects.count() == 2


def test_of_two_proposals_one_is_refused(cycle, village):
    commitment = drafted_commitment(cycle, village, items=2)
    propose = partial(actions.propose_promises, commitment=commitment, at=NOW, by=secretary_of(village))
    assert refusals_of(at_once(propose, propose)) == ["commitment.being-reviewed"]
    commitment.refresh_from_db()
    assert commitment.proposals == 1


def test_of_two_reviews_one_is_refused_and_each_promise_has_one_review(district, cycle, village):
    commitment = proposed_commitment(cycle, village, items=2)
    pks = [row.pk for row in promises_of(commitment)]
    review = partial(actions.review_promises, commitment=commitment, at=NOW)
    outcomes = at_once(
        partial(review, opinions={pk: Opinion(True) for pk in pks}, by=district.leader),
        partial(review, opinions={pk: Opinion(False, "写明标准") for pk in pks}, by=district.town_secretary),
    )
    assert refusals_of(outcomes) == ["review.no-longer-waiting"]
    assert PromiseReview.objects.count() == 2
    assert len(set(PromiseReview.objects.values_list("agrees", flat=True))) == 1


def test_a_form_sent_twice_in_one_moment_is_one_answer_with_one_number(district, cycle, village):
    promise = promises_of(published_commitment(district, cycle, village, items=2))[0]
    answer = partial(actions.answer_promise, promise=promise, mark="on_course", at=NOW, arrival=arrived())
    assert len({row.pk for row in at_once(answer, answer)}) == 1
    assert CitizenAnswer.objects.count() == 1


@pytest.mark.parametrize("speaks", ["citizen", "unit", "outcome"])
def test_nobody_speaks_of_a_promise_in_the_moment_in_which_it_is_taken_off(district, cycle, village, speaks):
    given = {"cycle": cycle, "organisation": village, "given_on": local_day(NOW), "at": NOW}
    text, clerk = promise_text(due_on=cycle.ends_on), {"by": district.town_secretary, "as_clerk": True}
    promise = actions.publish_immediate_promise(text=text, **clerk, **given)
    unit = {"promise": promise, "at": NOW, "by": secretary_of(village)}
    say = {
        "citizen": partial(actions.answer_promise, promise=promise, mark="on_course", at=NOW, arrival=arrived()),
        "unit": partial(actions.report_progress, text="已经动工。", **unit),
        "outcome": partial(actions.state_outcome, outcome="fulfilled", explanation="办好了。", **unit),
    }[speaks]
    taken_off = partial(actions.take_off_on_the_spot, promise=promise, reason="录错了", at=NOW, **clerk)
    refusals = refusals_of(_said_before_it_is_over(taken_off, say))
    promise.refresh_from_db()
    assert refusals == ["promise.not-published"]
    assert promise.state == Promise.State.WITHDRAWN


def _said_before_it_is_over(deed: Callable[[], Any], say: Callable[[], Any]) -> list[Any]:
    """What `say` came to, begun on another connection while the transaction of `deed` is still open."""
    outcomes: list[Any] = []
    speaker = threading.Thread(target=lambda: outcomes.extend(at_once(say)))
    with transaction.atomic():
        deed()
        speaker.start()
        speaker.join(0.5)  # whoever does not wait is done by now
    speaker.join(30)
    return outcomes
