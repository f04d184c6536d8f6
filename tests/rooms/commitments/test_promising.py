"""Writing, proposing, reviewing, mending and publishing promises."""

import uuid
from dataclasses import replace
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
from tests.cast.district import NOW, closed_cycle, drafted_cycle, launched_cycle, small_district
from tests.cast.refusing import refused

from zhengyou.base.journal import entries_about
from zhengyou.campaigns import actions as campaigns
from zhengyou.campaigns.models import StageWindow
from zhengyou.campaigns.ruleset import Named
from zhengyou.commitments import actions, queries
from zhengyou.commitments.models import Commitment, Promise
from zhengyou.commitments.rules import Opinion
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
    opinions = {first.pk: Opinion(False, opinion)} | {row.pk: Opinion(True) for row in others}
    actions.review_promises(commitment=commitment, opinions=opinions, at=NOW, by=district.town_secretary)
    first.refresh_from_db()
    return first


def test_the_whole_way_from_draft_over_an_opinion_to_publication(district, cycle, village):
    commitment = proposed_commitment(cycle, village, items=3)
    first = _send_first_back(district, commitment)
    assert first.state == Promise.State.RETURNED
    assert queries.published_promises(village) == []
    secretary = secretary_of(village)
    with refused("commitment.not-mended") as caught:
        actions.propose_promises(commitment=commitment, at=NOW, by=secretary)
    assert str(caught.value).startswith("1 promise was")
    mended = promise_text(9)
    actions.change_promise(promise=first, text=mended, at=NOW, by=secretary)
    again = actions.propose_promises(commitment=commitment, at=NOW, by=secretary)
    assert again.proposals == 2
    actions.review_promises(commitment=commitment, opinions={first.pk: Opinion(True)}, at=NOW, by=district.leader)
    (published,) = queries.published_promises(village)
    assert published.lines[0].promise.what == mended.what
    assert len(published.lines) == 3
    assert published.commitment.published_at == NOW
    reviews = queries.reviewed_promises(commitment)[0].reviews
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
    ]
    assert [entry.payload["is_published"] for entry in entries_about(commitment.reference)[1::2]] == [False, True]


@pytest.mark.parametrize(
    ("due_on", "slug"),
    [
        (date(2026, 3, 9), "promise.due-in-the-past"),
        (date(2025, 12, 31), "promise.due-in-the-past"),
        (date(2027, 1, 1), "promise.due-outside-the-cycle"),
    ],
    ids=["yesterday", "before the cycle", "after the cycle"],
)
def test_a_promise_due_before_today_or_outside_the_cycle_is_refused(cycle, village, due_on, slug):
    with refused(slug):
        _write(cycle, village, text=promise_text(due_on=due_on))
    assert Commitment.objects.count() == 0


def test_a_promise_may_be_due_today_and_on_the_last_day(cycle, village):
    _write(cycle, village, text=promise_text(1, due_on=date(2026, 3, 10)))
    _write(cycle, village, text=promise_text(2, due_on=date(2026, 12, 31)))
    assert Promise.objects.count() == 2


@pytest.mark.parametrize(
    ("part", "slug"),
    [
        ({"what": "  "}, "what-missing"),
        ({"standard": ""}, "standard-missing"),
        ({"for_whom": ""}, "for-whom-missing"),
        ({"evidence": ""}, "evidence-missing"),
        ({"aim": "glory"}, "unknown-aim"),
        ({"what": "长" * 301}, "what-too-long"),
        ({"for_whom": "长" * 121}, "for-whom-too-long"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_promise_with_a_part_missing_or_too_long_is_refused(cycle, village, part, slug):
    with refused(f"promise.{slug}"):
        _write(cycle, village, text=replace(promise_text(), **part))


def test_a_promise_serves_an_aim_of_the_frozen_rules(district):
    cycle = drafted_cycle(district)
    aims = (Named("lights", {"zh-hans": "照明", "en": "Light"}),)
    campaigns.set_rules(cycle=cycle, ruleset=replace(cycle.ruleset, aims=aims), at=NOW, by=district.office)
    campaigns.launch_cycle(cycle=cycle, why="启动", at=NOW, by=district.office)
    cycle.refresh_from_db()
    assert queries.aims_of(cycle) == {"lights": {"zh-hans": "照明", "en": "Light"}}
    assert _write(cycle, district.villages[0], text=promise_text(aim="lights")).aim == "lights"
    with refused("promise.unknown-aim"):
        _write(cycle, district.villages[0], text=promise_text(aim="service"))


STEPS_OF_THE_SECRETARY = {
    "write": lambda promise, by: _write(
        promise.commitment.cycle, promise.commitment.organisation, text=promise_text(8), by=by
    ),
    "change": lambda promise, by: actions.change_promise(promise=promise, text=promise_text(8), at=NOW, by=by),
    "withdraw": lambda promise, by: actions.withdraw_promise(promise=promise, at=NOW, by=by),
    "propose": lambda promise, by: actions.propose_promises(commitment=promise.commitment, at=NOW, by=by),
}


@pytest.mark.parametrize("step", STEPS_OF_THE_SECRETARY)
def test_the_secretary_of_another_organisation_does_nothing(district, cycle, village, step):
    promise = _write(cycle, village)
    with refused("role.not-secretary"):
        STEPS_OF_THE_SECRETARY[step](promise, district.secretaries[1])


@pytest.mark.parametrize(
    ("at", "slug"),
    [
        (datetime(2026, 2, 28, 2, tzinfo=UTC), "stage.not-yet-open"),
        (datetime(2026, 4, 1, 2, tzinfo=UTC), "stage.closed"),
    ],
    ids=["before", "after"],
)
def test_nothing_is_written_before_the_stage_opens_or_after_it_closes(cycle, village, at, slug):
    StageWindow.objects.filter(cycle=cycle, stage="promise").update(
        opens_on=date(2026, 3, 1), closes_on=date(2026, 3, 31)
    )
    with refused(slug):
        _write(cycle, village, at=at)


def test_nothing_is_written_in_a_closed_cycle(district, cycle, village):
    closed_cycle(district, cycle, at=NOW)
    with refused("cycle.closed"):
        _write(cycle, village)


def test_a_proposal_of_one_promise_is_too_short(cycle, village):
    commitment = drafted_commitment(cycle, village, items=1)
    with refused("commitment.too-few-or-many") as caught:
        actions.propose_promises(commitment=commitment, at=NOW, by=secretary_of(village))
    assert str(caught.value) == "Propose 2 to 10 promises. There are 1 now."


def test_after_ten_promises_no_more_is_written(cycle, village):
    commitment = drafted_commitment(cycle, village, items=10)
    with refused("commitment.full"):
        _write(cycle, village, text=promise_text(11))
    assert len(promises_of(commitment)) == 10
    assert actions.propose_promises(commitment=commitment, at=NOW, by=secretary_of(village)).proposals == 1


@pytest.mark.parametrize("step", STEPS_OF_THE_SECRETARY)
def test_nothing_changes_while_it_is_reviewed(cycle, village, step):
    commitment = proposed_commitment(cycle, village)
    with refused("commitment.being-reviewed"):
        STEPS_OF_THE_SECRETARY[step](promises_of(commitment)[0], secretary_of(village))
    commitment.refresh_from_db()
    assert commitment.proposals == 1


@pytest.mark.parametrize("step", STEPS_OF_THE_SECRETARY)
def test_nothing_published_is_changed_again(district, cycle, village, step):
    commitment = published_commitment(district, cycle, village)
    with refused("commitment.published"):
        STEPS_OF_THE_SECRETARY[step](promises_of(commitment)[0], secretary_of(village))


def test_a_draft_proposed_late_is_checked_again_for_its_deadline(cycle, village):
    commitment = drafted_commitment(cycle, village, items=2)
    _write(cycle, village, text=promise_text(3, due_on=date(2026, 3, 20)))
    with refused("promise.due-in-the-past") as caught:
        actions.propose_promises(commitment=commitment, at=NOW + timedelta(days=30), by=secretary_of(village))
    assert "20 March 2026" in str(caught.value)


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
    with refused("promise.agreed"):
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
    confirmed = actions.review_promises(commitment=commitment, opinions={}, at=NOW, by=district.leader)
    assert confirmed.state == Commitment.State.PUBLISHED
    assert len(queries.published_promises(village)[0].lines) == 2


def test_a_withdrawn_promise_is_not_reworded(cycle, village):
    promise, secretary = _write(cycle, village), secretary_of(village)
    actions.withdraw_promise(promise=promise, at=NOW, by=secretary)
    with refused("promise.withdrawn"):
        actions.change_promise(promise=promise, text=promise_text(8), at=NOW, by=secretary)


def _review(commitment, by, *, proposal=None, **opinions):
    """Review it: `first` and `second` are the opinions of its two promises, agreed to if nothing else is said."""
    first, second = promises_of(commitment)
    by_promise = {first.pk: opinions.get("first", Opinion(True)), second.pk: opinions.get("second", Opinion(True))}
    said = {pk: opinion for pk, opinion in by_promise.items() if opinion is not None} | opinions.get("more", {})
    return actions.review_promises(commitment=commitment, opinions=said, at=NOW, by=by, proposal=proposal)


@pytest.fixture
def proposed(cycle, village):
    return proposed_commitment(cycle, village, items=2)


@pytest.mark.parametrize(
    ("opinions", "slug"),
    [
        ({"first": Opinion(False, "  ")}, "promisereview.opinion-missing"),
        ({"first": Opinion(False, "长" * 501)}, "promisereview.opinion-too-long"),
        ({"second": None}, "review.not-each-promise"),
        ({"more": {999_999: Opinion(True)}}, "review.not-each-promise"),
    ],
    ids=["no opinion", "a long opinion", "a promise left out", "a promise of others"],
)
def test_every_promise_needs_a_word_and_sending_back_an_opinion(district, proposed, opinions, slug):
    before = len(entries_about(proposed.reference))
    with refused(slug):
        _review(proposed, district.leader, **opinions)
    assert {row.state for row in promises_of(proposed)} == {Promise.State.PROPOSED}
    assert all(not kept.reviews for kept in queries.reviewed_promises(proposed))
    assert len(entries_about(proposed.reference)) == before


@pytest.mark.parametrize("who", ["the own secretary", "another secretary", "the office"])
def test_only_the_level_above_reviews(district, proposed, who):
    people = {
        "the own secretary": district.secretaries[0],
        "another secretary": district.secretaries[1],
        "the office": district.office,
    }
    with refused("role.not-above"):
        _review(proposed, people[who])


def test_nobody_reviews_what_they_proposed(district, village, proposed):
    secretary = secretary_of(village)
    _appoint(secretary, district.town, Post.Role.LEADER)
    with refused("review.own-proposal"):
        _review(proposed, secretary)


def test_a_second_reviewer_is_refused(district, proposed):
    _review(proposed, district.town_secretary, first=Opinion(False, "写明标准"))
    with refused("review.no-longer-waiting"):
        _review(proposed, district.leader)


def test_a_reviewer_who_saw_an_older_proposal_is_refused(district, village, proposed):
    _review(proposed, district.town_secretary, first=Opinion(False, "写明标准"))
    secretary, first = secretary_of(village), promises_of(proposed)[0]
    actions.change_promise(promise=first, text=promise_text(7), at=NOW, by=secretary)
    actions.propose_promises(commitment=proposed, at=NOW, by=secretary)
    with refused("review.no-longer-waiting"):
        _review(proposed, district.leader, proposal=1, second=None)


def test_the_same_form_sent_twice_is_one_promise_and_other_words_are_another(cycle, village):
    ticket = uuid.uuid4()
    one = _write(cycle, village, ticket=ticket)
    assert _write(cycle, village, ticket=ticket).pk == one.pk
    assert _write(cycle, village, ticket=ticket, text=promise_text(2)).pk != one.pk
    assert Promise.objects.count() == 2


def test_whoever_saw_an_older_wording_does_not_overwrite_the_newer_one(cycle, village):
    promise, secretary = _write(cycle, village), secretary_of(village)
    actions.change_promise(promise=promise, text=promise_text(2), at=NOW, by=secretary, revision=1)
    with refused("promise.changed-meanwhile"):
        actions.change_promise(promise=promise, text=promise_text(3), at=NOW, by=secretary, revision=1)
    actions.change_promise(promise=promise, text=promise_text(2), at=NOW, by=secretary, revision=1)
    promise.refresh_from_db()
    assert (promise.what, promise.revision) == (promise_text(2).what, 2)


def _appoint(person, organisation, role):
    organisations.appoint(
        person=person, organisation=organisation, role=role, title="", from_on=date(2026, 1, 1), at=NOW, by=None
    )


def test_an_organisation_with_nobody_above_does_not_promise(district, cycle):
    _appoint(district.leader, district.root, Post.Role.SECRETARY)
    with refused("organisation.nobody-above"):
        _write(cycle, district.root, by=district.leader)


def test_an_organisation_outside_the_campaign_does_not_promise(district, cycle):
    other = organisations.add_organisation(
        code="900", name="外区", kind="branch", sector="rural", parent=None, at=NOW, by=None
    )
    _appoint(district.leader, other, Post.Role.SECRETARY)
    with refused("organisation.takes-no-part"):
        _write(cycle, other, by=district.leader)
