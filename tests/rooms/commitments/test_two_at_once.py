"""Two people do the same thing in the same moment, on connections of their own."""

from functools import partial

import pytest
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
