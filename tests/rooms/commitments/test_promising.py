"""Writing, proposing, reviewing, mending and publishing promises."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.cast.commitments import (
    drafted_commitment,
    promise_text,
    promises_of,
    proposed_commitment,
    published_commitment,
    secretary_of,
)
from tests.cast.district import NOW, launched_cycle, small_district

from zhengyou.base.journal import entries_about
from zhengyou.base.refusals import Refused
from zhengyou.campaigns import actions as campaigns
from zhengyou.campaigns.models import StageWindow
from zhengyou.campaigns.rules import StageRefused
from zhengyou.commitments import actions, queries
from zhengyou.commitments.models import Commitment, Promise
from zhengyou.commitments.rules import PromiseRefused, ReviewRefused, Verdict
from zhengyou.identity.rules import RoleRefused
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.models import Post

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return small_district()


@pytest.fixture
def cycle(district):
    return launched_cycle(district)


@pytest.fixture
def village(district):
    return district.villages[0]


def _write(cycle, village, **changes):
    given = {"text": promise_text(), "at": NOW, "by": secretary_of(village)} | changes
    return actions.write_promise(cycle=cycle, organisation=village, **given)


def _send_first_back(district, commitment, opinion="标准太低，请写明亮灯率"):
    first, *others = promises_of(commitment)
    verdicts = {first.pk: Verdict(False, opinion)} | {row.pk: Verdict(True) for row in others}
    actions.review_promises(commitment=commitment, verdicts=verdicts, at=NOW, by=district.town_secretary)
    first.refresh_from_db()
    return first


def test_the_whole_way_from_draft_over_an_opinion_to_publication(district, cycle, village):
    commitment = proposed_commitment(cycle, village, items=3)
    first = _send_first_back(district, commitment)
    assert first.state == Promise.State.RETURNED
    assert queries.published_promises(village) == []
    secretary = secretary_of(village)
    with pytest.raises(PromiseRefused, match="1"):
        actions.propose_promises(commitment=commitment, at=NOW, by=secretary)
    mended = promise_text(9)
    actions.change_promise(promise=first, text=mended, at=NOW, by=secretary)
    again = actions.propose_promises(commitment=commitment, at=NOW, by=secretary)
    assert again.proposals == 2
    actions.review_promises(commitment=commitment, verdicts={first.pk: Verdict(True)}, at=NOW, by=district.leader)
    (published,) = queries.published_promises(village)
    assert published.lines[0].promise.what == mended.what
    assert len(published.lines) == 3
    assert published.commitment.published_at == NOW
    reviews = queries.draft_lines(commitment)[0].reviews
    assert [(row.proposal, row.agrees, row.opinion) for row in reviews] == [
        (2, True, ""),
        (1, False, "标准太低，请写明亮灯率"),
    ]
    assert [row.wording["what"] for row in reviews] == [mended.what, promise_text(1).what]
    deeds = [entry.deed for entry in entries_about(commitment.reference)]
    assert deeds == [
        "commitments.propose_promises",
        "commitments.review_promises",
        "commitments.propose_promises",
        "commitments.review_promises",
        "commitments.publish_commitment",
    ]


@pytest.mark.parametrize(
    "due_on", [date(2026, 3, 9), date(2027, 1, 1), date(2025, 12, 31)], ids=["yesterday", "after the cycle", "before"]
)
def test_a_promise_due_before_today_or_outside_the_cycle_is_refused(cycle, village, due_on):
    with pytest.raises(PromiseRefused):
        _write(cycle, village, text=promise_text(due_on=due_on))
    assert Commitment.objects.count() == 0


def test_a_promise_may_be_due_today_and_on_the_last_day(cycle, village):
    _write(cycle, village, text=promise_text(1, due_on=date(2026, 3, 10)))
    _write(cycle, village, text=promise_text(2, due_on=date(2026, 12, 31)))
    assert Promise.objects.count() == 2


@pytest.mark.parametrize(
    "part",
    [{"what": "  "}, {"standard": ""}, {"for_whom": ""}, {"evidence": ""}, {"aim": "glory"}, {"what": "长" * 301}],
)
def test_a_promise_with_a_part_missing_or_too_long_is_refused(cycle, village, part):
    text = promise_text()
    with pytest.raises(PromiseRefused):
        _write(cycle, village, text=type(text)(**{**text.__dict__, **part}))


def test_only_the_own_secretary_writes_changes_withdraws_and_proposes(district, cycle, village):
    promise = _write(cycle, village)
    stranger = district.secretaries[1]
    calls = [
        lambda: _write(cycle, village, by=stranger),
        lambda: actions.change_promise(promise=promise, text=promise_text(2), at=NOW, by=stranger),
        lambda: actions.withdraw_promise(promise=promise, at=NOW, by=stranger),
        lambda: actions.propose_promises(commitment=promise.commitment, at=NOW, by=district.leader),
    ]
    for call in calls:
        with pytest.raises(RoleRefused):
            call()


def test_nothing_is_written_before_the_stage_opens_after_it_closes_or_in_a_closed_cycle(district, cycle, village):
    StageWindow.objects.filter(cycle=cycle, stage="promise").update(
        opens_on=date(2026, 3, 1), closes_on=date(2026, 3, 31)
    )
    for at in (datetime(2026, 2, 28, 2, tzinfo=UTC), datetime(2026, 4, 1, 2, tzinfo=UTC)):
        with pytest.raises(StageRefused):
            _write(cycle, village, at=at)
    campaigns.close_cycle(cycle=cycle, at=NOW, by=district.office)
    with pytest.raises(StageRefused):
        _write(cycle, village)


def test_a_proposal_needs_two_to_ten_promises(cycle, village):
    commitment = drafted_commitment(cycle, village, items=1)
    with pytest.raises(PromiseRefused, match="2"):
        actions.propose_promises(commitment=commitment, at=NOW, by=secretary_of(village))
    for n in range(2, 11):
        _write(cycle, village, text=promise_text(n))
    with pytest.raises(PromiseRefused, match="10"):
        _write(cycle, village, text=promise_text(11))
    assert len(promises_of(commitment)) == 10
    actions.propose_promises(commitment=commitment, at=NOW, by=secretary_of(village))


def test_proposing_twice_and_changing_what_is_being_reviewed_is_refused(cycle, village):
    commitment = proposed_commitment(cycle, village)
    secretary, first = secretary_of(village), promises_of(commitment)[0]
    calls = [
        lambda: actions.propose_promises(commitment=commitment, at=NOW, by=secretary),
        lambda: _write(cycle, village, text=promise_text(8)),
        lambda: actions.change_promise(promise=first, text=promise_text(8), at=NOW, by=secretary),
        lambda: actions.withdraw_promise(promise=first, at=NOW, by=secretary),
    ]
    for call in calls:
        with pytest.raises(PromiseRefused):
            call()
    commitment.refresh_from_db()
    assert commitment.proposals == 1


def test_published_promises_are_never_changed_again(district, cycle, village):
    commitment = published_commitment(district, cycle, village)
    first, secretary = promises_of(commitment)[0], secretary_of(village)
    for call in (actions.change_promise, actions.withdraw_promise):
        more = {"text": promise_text(8)} if call is actions.change_promise else {}
        with pytest.raises(PromiseRefused):
            call(promise=first, at=NOW, by=secretary, **more)
    with pytest.raises(PromiseRefused):
        _write(cycle, village, text=promise_text(8))


def test_a_draft_proposed_late_is_checked_again_for_its_deadline(cycle, village):
    commitment = drafted_commitment(cycle, village, items=2)
    _write(cycle, village, text=promise_text(3, due_on=date(2026, 3, 20)))
    with pytest.raises(PromiseRefused, match="2026-03-20"):
        actions.propose_promises(commitment=commitment, at=NOW + timedelta(days=30), by=secretary_of(village))


def test_what_was_proposed_in_time_may_be_mended_after_the_stage_closed(district, cycle, village):
    commitment = proposed_commitment(cycle, village, items=2)
    first = _send_first_back(district, commitment)
    StageWindow.objects.filter(cycle=cycle, stage="promise").update(closes_on=date(2026, 3, 10))
    later, secretary = NOW + timedelta(days=3), secretary_of(village)
    actions.change_promise(promise=first, text=promise_text(7), at=later, by=secretary)
    assert actions.propose_promises(commitment=commitment, at=later, by=secretary).state == Commitment.State.PROPOSED


def test_agreed_promises_stay_as_they_are_while_others_are_mended(district, cycle, village):
    commitment = proposed_commitment(cycle, village, items=2)
    _send_first_back(district, commitment)
    agreed = promises_of(commitment)[1]
    with pytest.raises(PromiseRefused):
        actions.change_promise(promise=agreed, text=promise_text(7), at=NOW, by=secretary_of(village))


def test_a_returned_promise_may_be_withdrawn_and_stays_in_the_record(district, cycle, village):
    commitment = proposed_commitment(cycle, village, items=3)
    first = _send_first_back(district, commitment)
    secretary = secretary_of(village)
    for _twice in range(2):
        actions.withdraw_promise(promise=first, at=NOW, by=secretary)
    assert len(promises_of(commitment)) == 2
    assert Promise.objects.get(pk=first.pk).state == Promise.State.WITHDRAWN
    actions.propose_promises(commitment=commitment, at=NOW, by=secretary)
    confirmed = actions.review_promises(commitment=commitment, verdicts={}, at=NOW, by=district.leader)
    assert confirmed.state == Commitment.State.PUBLISHED
    assert len(queries.published_promises(village)[0].lines) == 2


def test_sending_back_needs_an_opinion_and_every_promise_needs_a_word(district, cycle, village):
    commitment = proposed_commitment(cycle, village, items=2)
    first, second = promises_of(commitment)
    for verdicts in (
        {first.pk: Verdict(False, "  "), second.pk: Verdict(True)},
        {first.pk: Verdict(True)},
        {first.pk: Verdict(True), second.pk: Verdict(True), 999_999: Verdict(True)},
        {first.pk: Verdict(False, "长" * 501), second.pk: Verdict(True)},
    ):
        with pytest.raises(ReviewRefused):
            actions.review_promises(commitment=commitment, verdicts=verdicts, at=NOW, by=district.leader)
    assert {row.state for row in promises_of(commitment)} == {Promise.State.PROPOSED}


def test_only_the_level_above_reviews_and_nobody_reviews_what_they_proposed(district, cycle, village):
    commitment = proposed_commitment(cycle, village, items=2)
    verdicts = {row.pk: Verdict(True) for row in promises_of(commitment)}
    secretary = secretary_of(village)
    for stranger in (secretary, district.secretaries[1], district.office):
        with pytest.raises(RoleRefused):
            actions.review_promises(commitment=commitment, verdicts=verdicts, at=NOW, by=stranger)
    organisations.appoint(
        person=secretary,
        organisation=district.town,
        role=Post.Role.LEADER,
        title="",
        from_on=date(2026, 1, 1),
        at=NOW,
        by=None,
    )
    with pytest.raises(ReviewRefused):
        actions.review_promises(commitment=commitment, verdicts=verdicts, at=NOW, by=secretary)


def test_a_second_reviewer_and_one_who_saw_an_older_proposal_are_refused(district, cycle, village):
    commitment = proposed_commitment(cycle, village, items=2)
    first = _send_first_back(district, commitment)
    verdicts = {first.pk: Verdict(True)}
    with pytest.raises(ReviewRefused):
        actions.review_promises(commitment=commitment, verdicts=verdicts, at=NOW, by=district.leader)
    secretary = secretary_of(village)
    actions.change_promise(promise=first, text=promise_text(7), at=NOW, by=secretary)
    actions.propose_promises(commitment=commitment, at=NOW, by=secretary)
    with pytest.raises(ReviewRefused):
        actions.review_promises(commitment=commitment, verdicts=verdicts, at=NOW, by=district.leader, proposal=1)


def test_the_same_form_sent_twice_is_one_promise_and_other_words_are_another(cycle, village):
    key = uuid.uuid4()
    one = _write(cycle, village, key=key)
    assert _write(cycle, village, key=key).pk == one.pk
    assert _write(cycle, village, key=key, text=promise_text(2)).pk != one.pk
    assert Promise.objects.count() == 2


def test_whoever_saw_an_older_wording_does_not_overwrite_the_newer_one(cycle, village):
    promise, secretary = _write(cycle, village), secretary_of(village)
    actions.change_promise(promise=promise, text=promise_text(2), at=NOW, by=secretary, revision=1)
    with pytest.raises(PromiseRefused):
        actions.change_promise(promise=promise, text=promise_text(3), at=NOW, by=secretary, revision=1)
    actions.change_promise(promise=promise, text=promise_text(2), at=NOW, by=secretary, revision=1)
    promise.refresh_from_db()
    assert (promise.what, promise.revision) == (promise_text(2).what, 2)


def test_organisations_outside_or_with_nobody_above_cannot_promise(district, cycle):
    organisations.appoint(
        person=district.leader,
        organisation=district.root,
        role=Post.Role.SECRETARY,
        title="",
        from_on=date(2026, 1, 1),
        at=NOW,
        by=None,
    )
    with pytest.raises(PromiseRefused):
        _write(cycle, district.root, by=district.leader)
    other = organisations.add_organisation(
        code="900", name="外区", kind="branch", sector="rural", parent=None, at=NOW, by=None
    )
    organisations.appoint(
        person=district.leader,
        organisation=other,
        role=Post.Role.SECRETARY,
        title="",
        from_on=date(2026, 1, 1),
        at=NOW,
        by=None,
    )
    with pytest.raises(PromiseRefused):
        _write(cycle, other, by=district.leader)


def test_a_refused_review_leaves_nothing_half_done(district, cycle, village):
    commitment = proposed_commitment(cycle, village, items=2)
    journal_before = len(entries_about(commitment.reference))
    with pytest.raises(Refused):
        actions.review_promises(commitment=commitment, verdicts={}, at=NOW, by=district.leader)
    assert len(entries_about(commitment.reference)) == journal_before
    assert all(not line.reviews for line in queries.draft_lines(commitment))
