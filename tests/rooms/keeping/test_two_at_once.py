"""Two people do something about the end of a promise, a plan or a contact point in the same moment, on connections of their own."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest
from tests.cast.at_once import at_once, refusals_of
from tests.cast.commitments import promise_text, promises_of, published_commitment, secretary_of
from tests.cast.district import NOW, closed_cycle, drafted_cycle, launched_cycle, small_district
from tests.cast.plans import BODY, later, published_plan, remark, wordings

from zhengyou.campaigns import actions as campaigns
from zhengyou.commitments import actions as commitments
from zhengyou.commitments.models import OutcomeStatement, Promise
from zhengyou.consultation import actions as consultation
from zhengyou.consultation.models import Plan, PlanResponse
from zhengyou.keeping import actions, queries
from zhengyou.keeping.models import Dropping, PromiseDecision, UnitAnswer
from zhengyou.leadership import actions as leadership
from zhengyou.leadership.models import ContactPoint, LeadingTeam

pytestmark = pytest.mark.django_db(transaction=True, databases=["default"])
AFTER = NOW + timedelta(days=30)


@pytest.fixture
def district():
    return small_district(members_a_village=0)


@pytest.fixture
def cycle(district):
    return launched_cycle(district)


@pytest.fixture
def village(district):
    return district.villages[0]


@pytest.fixture
def promise(district, cycle, village):
    [row, *_rest] = promises_of(published_commitment(district, cycle, village))
    Promise.objects.filter(pk=row.pk).update(due_on=date(NOW.year, 4, 1))
    row.refresh_from_db()
    return row


def test_of_two_decisions_of_which_neither_saw_the_other_one_is_refused(promise, district):
    decide = partial(actions.decide, promise=promise, decision="nothing_shown", at=AFTER, after=0)
    outcomes = at_once(
        partial(decide, reason="没有材料", by=district.leader),
        partial(decide, reason="去看过，没有", by=district.town_secretary),
    )
    assert refusals_of(outcomes) == ["decision.made-meanwhile"]
    assert PromiseDecision.objects.count() == 1


def test_of_two_words_on_how_it_ended_one_is_refused_and_so_is_the_second_answer(promise, district, village):
    state = partial(commitments.state_outcome, promise=promise, at=AFTER, by=secretary_of(village), after=0)
    said = at_once(
        partial(state, outcome="fulfilled", explanation="都亮了"),
        partial(state, outcome="partly", explanation="差两盏"),
    )
    assert refusals_of(said) == ["outcome.said-meanwhile"]
    assert OutcomeStatement.objects.count() == 1
    actions.decide(promise=promise, decision="nothing_shown", reason="没有材料", at=AFTER, by=district.leader)
    answer = partial(actions.answer_in_public, promise=promise, at=AFTER, by=secretary_of(village))
    assert refusals_of(at_once(partial(answer, text="月底补上"), partial(answer, text="材料在村部"))) == [
        "answer.not-asked"
    ]
    assert UnitAnswer.objects.count() == 1


def test_of_two_corrections_one_is_refused(promise, district):
    correct = partial(commitments.correct_promise, promise=promise, why="笔误", at=NOW)
    texts = [replace(promise.text, evidence=words) for words in ("照片", "电费单")]
    outcomes = at_once(
        partial(correct, text=texts[0], by=district.leader), partial(correct, text=texts[1], by=district.town_secretary)
    )
    assert refusals_of(outcomes) == ["promise.changed-meanwhile"]


def test_what_is_inherited_is_taken_over_once_and_not_dropped_as_well(promise, district, cycle, village):
    actions.decide(promise=promise, decision="nothing_shown", reason="没有材料", at=AFTER, by=district.leader)
    at = NOW + timedelta(days=300)
    closed_cycle(district, cycle, at=at)
    following = drafted_cycle(district, at=at, name="下一年度")
    campaigns.launch_cycle(cycle=following, why="", at=at, by=district.office)
    following.refresh_from_db()
    by = secretary_of(village)
    first, second = (one.promise for one in queries.inherited(following, village)[:2])
    write = partial(commitments.write_promise, cycle=following, organisation=village, at=at, by=by)
    over = partial(write, text=promise_text(due_on=following.ends_on), carried_from=first)
    assert refusals_of(at_once(over, over)) == ["promise.taken-over"]
    wish = actions.ask_to_drop(promise=second, cycle=following, reason="已改道", at=at, by=by)
    over = partial(write, text=promise_text(2, due_on=following.ends_on), carried_from=second)
    consent = partial(
        actions.answer_dropping, dropping=wish, consents=True, opinion="", at=at, by=district.town_secretary
    )
    assert refusals_of(at_once(consent, consent)) == ["dropping.answered"]
    assert Dropping.objects.filter(consents=True).count() == 1
    third = queries.inherited(following, village)[2].promise
    wish = actions.ask_to_drop(promise=third, cycle=following, reason="已改道", at=at, by=by)
    partial(over, carried_from=third)()
    assert refusals_of(at_once(partial(consent, dropping=wish))) == ["dropping.taken-over"]


def test_of_two_who_reword_answer_mend_and_adopt_one_is_refused(district, cycle, village):
    plan, by = published_plan(cycle, village), secretary_of(village)
    row = remark(wordings(plan)[1], "太少了", by_office=district.office)
    answer = partial(consultation.respond, plan=plan, remark_ids=[row.pk], outcome="not_taken_up", at=later(12), by=by)
    assert refusals_of(at_once(partial(answer, text="明年再议"), partial(answer, text="钱不够"))) == [
        "response.already-answered"
    ]
    mend = partial(
        consultation.change_response, response=PlanResponse.objects.get(), outcome="not_taken_up", paragraph_ids=[],
        at=later(12), by=by,
    )  # fmt: skip
    assert refusals_of(at_once(partial(mend, text="后年再议"), partial(mend, text="明年一定"))) == [
        "response.changed-meanwhile"
    ]
    version = consultation.begin_version(plan=plan, at=later(12), by=by)
    lamps, budget, meeting = wordings(plan)[1:]
    reword = partial(consultation.reword_paragraph, wording=lamps, at=later(12), by=by)
    for text, other in (
        ("装八盏", partial(reword, text="装十盏")),
        ("装九盏", partial(consultation.remove_paragraph, wording=lamps, because="不装", at=later(12), by=by)),
    ):
        lamps = wordings(plan)[1]
        assert refusals_of(at_once(partial(reword, text=text, wording=lamps), partial(other, wording=lamps))) == [
            "paragraph.changed-meanwhile"
        ]
    drop = partial(consultation.remove_paragraph, wording=budget, because="另文公布", at=later(12), by=by)
    assert refusals_of(at_once(drop, drop)) == ["paragraph.changed-meanwhile"]
    aside = partial(consultation.set_version_aside, plan=plan, at=later(12), by=by)
    consultation.set_version_aside(plan=plan, at=later(12), by=by)
    move = partial(consultation.move_paragraph, wording=meeting, is_up=True, at=later(12), by=by)
    assert refusals_of(at_once(move)) == ["paragraph.changed-meanwhile"]
    assert len(refusals_of(at_once(aside))) == 1
    adopt = partial(consultation.adopt_plan, plan=plan, body=BODY, adopted_on=later(11).date(), at=later(13), by=by)
    assert refusals_of(at_once(adopt, adopt)) == ["plan.adopted"]
    assert Plan.objects.filter(adopted_on__isnull=False).count() == 1
    assert version.number == 2


def test_of_two_who_end_a_contact_point_or_change_a_team_one_is_refused(district, cycle, village):
    top, by, on = cycle.campaign, district.office, NOW.date()
    adopt = partial(
        leadership.adopt_unit, campaign=top, leader=district.leader, organisation=village, from_on=on, at=NOW, by=by
    )
    assert refusals_of(at_once(adopt, adopt)) == []
    point = ContactPoint.objects.get()
    release = partial(leadership.release_unit, point=point, until_on=on, at=NOW, by=by)
    assert refusals_of(at_once(release, release)) == ["leadership.changed-meanwhile"]
    team = leadership.form_team(campaign=top, kind=LeadingTeam.Kind.TEAM, name="路灯组", tasks="", at=NOW, by=by)
    change = partial(leadership.change_team, team=team, tasks="装灯", at=NOW, by=by)
    assert refusals_of(at_once(partial(change, name="灯组"), partial(change, name="路组"))) == [
        "leadership.changed-meanwhile"
    ]
    team.refresh_from_db()
    member = leadership.name_member(
        team=team, person=district.leader, role="member", duty="", place=1, from_on=on, at=NOW, by=by
    )
    end = partial(leadership.end_member, member=member, until_on=on, at=NOW, by=by)
    assert refusals_of(at_once(end, end)) == ["leadership.changed-meanwhile"]
