"""Two people do the same thing in the same moment, on connections of their own."""

import threading
import uuid

import pytest
from django.db import connections
from tests.cast.commitments import (
    drafted_commitment,
    promise_text,
    promises_of,
    proposed_commitment,
    published_commitment,
    secretary_of,
)
from tests.cast.district import NOW, launched_cycle, small_district

from zhengyou.base.refusals import Refused
from zhengyou.commitments import actions
from zhengyou.commitments.models import CitizenAnswer, Commitment, Promise, PromiseReview
from zhengyou.commitments.rules import Verdict

pytestmark = pytest.mark.django_db(transaction=True, databases=["default"])


def _both(*calls):
    """Run the calls at the same moment; what each returned or how it was refused."""
    start, outcomes = threading.Barrier(len(calls), timeout=20), []

    def run(call):
        try:
            start.wait()
            outcomes.append(call())
        except Refused as refusal:
            outcomes.append(refusal)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(outcomes) == len(calls)
    return outcomes


def _refusals(outcomes):
    return sum(isinstance(outcome, Refused) for outcome in outcomes)


def test_two_at_once():
    """One database is built once for all five meetings, because building it takes longer than they do."""
    district = small_district(members_a_village=0)
    cycle = launched_cycle(district)
    one, two, three, four = district.villages
    _first_promises_meet(cycle, one)
    _proposals_meet(cycle, two)
    _reviews_meet(district, cycle, three)
    _answers_meet(district, cycle, four)


def _first_promises_meet(cycle, village):
    """The first two promises of an organisation make one commitment."""
    by = secretary_of(village)
    texts = [promise_text(1), promise_text(2)]
    outcomes = _both(
        *[
            lambda text=text: actions.write_promise(cycle=cycle, organisation=village, text=text, at=NOW, by=by)
            for text in texts
        ]
    )
    assert _refusals(outcomes) == 0
    assert Commitment.objects.filter(organisation=village).count() == 1
    assert Promise.objects.filter(commitment__organisation=village).count() == 2


def _proposals_meet(cycle, village):
    """Of two proposals one is refused."""
    commitment, by = drafted_commitment(cycle, village, items=2), secretary_of(village)
    outcomes = _both(*[lambda: actions.propose_promises(commitment=commitment, at=NOW, by=by)] * 2)
    assert _refusals(outcomes) == 1
    commitment.refresh_from_db()
    assert commitment.proposals == 1


def _reviews_meet(district, cycle, village):
    """Of two reviews one is refused, and each promise has one review."""
    commitment = proposed_commitment(cycle, village, items=2)
    pks = [row.pk for row in promises_of(commitment)]
    agree = {pk: Verdict(True) for pk in pks}
    back = {pk: Verdict(False, "写明标准") for pk in pks}
    outcomes = _both(
        lambda: actions.review_promises(commitment=commitment, verdicts=agree, at=NOW, by=district.leader),
        lambda: actions.review_promises(commitment=commitment, verdicts=back, at=NOW, by=district.town_secretary),
    )
    assert _refusals(outcomes) == 1
    verdicts = set(PromiseReview.objects.filter(promise__in=pks).values_list("agrees", flat=True))
    assert len(verdicts) == 1
    assert PromiseReview.objects.filter(promise__in=pks).count() == 2


def _answers_meet(district, cycle, village):
    """A form sent twice in one moment is one answer with one number."""
    promise = promises_of(published_commitment(district, cycle, village, items=2))[0]
    key = uuid.uuid4()
    outcomes = _both(*[lambda: actions.answer_promise(promise=promise, verdict="kept", at=NOW, key=key)] * 2)
    assert len({answer.pk for answer in outcomes}) == 1
    assert CitizenAnswer.objects.count() == 1
