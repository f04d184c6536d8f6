"""The commendation: after the whole notice, with no open objection, once; its honours; their revocation."""

from datetime import timedelta
from functools import partial

import pytest
from tests.cast.at_once import at_once, refusals_of
from tests.cast.awards import (
    RECEIVING,
    answered_objection,
    drafted_selection,
    filed_objection,
    published_notice,
    selection_of,
)
from tests.cast.district import NOW, closed_cycle, launched_cycle, small_district
from tests.cast.refusing import refused

from zhengyou.awards import actions, queries, rules
from zhengyou.awards.models import Commendation, Honour, Votes
from zhengyou.base import addenda, journal
from zhengyou.base.models import PublicEntry
from zhengyou.base.refusals import reason_against
from zhengyou.notices.models import Objection

LATER = NOW + timedelta(hours=1)
DECISION = {
    "decision_number": "测发〔2026〕9号",
    "deciding_body": "测试区委",
    "reasons": "公示期满无异议，经研究决定。",
}


@pytest.fixture
def district(db):
    return small_district()


@pytest.fixture
def notice(district):
    return published_notice(district, launched_cycle(district))


@pytest.fixture
def selection(notice):
    return selection_of(notice)


def commend(district, selection, *, at, by=None, **changes):
    said = DECISION | changes
    return actions.record_commendation(selection=selection, at=at, by=by or district.office, **said)


def test_each_candidate_gets_an_honour_with_a_code(district, notice, selection):
    commendation = commend(district, selection, at=notice.closes_at)
    honours = queries.honours_in(commendation)
    assert [honour.organisation for honour in honours] == district.villages[:2]
    assert {honour.title for honour in honours} == {"先进基层党组织"}
    assert len({honour.code for honour in honours}) == 2
    assert queries.honour_with_code(honours[0].code.lower().replace("-", "")) == honours[0]
    assert queries.honour_with_code("0000-0000-0000") is None
    assert queries.honour_with_code("0") is None
    assert queries.honours_of(district.villages[0]) == honours[:1]
    assert queries.honours_of(district.villages[2]) == []
    assert queries.commendation_after(notice) == commendation
    entry = journal.entries_about(commendation.reference)[0]
    assert entry.payload["honours"] == [village.reference for village in district.villages[:2]]


def test_not_a_second_before_the_end_and_the_refusal_says_the_day(district, notice, selection):
    early = notice.closes_at - timedelta(seconds=1)
    with refused("commendation.notice-still-running") as caught:
        commend(district, selection, at=early)
    assert "17 March 2026" in str(caught.value)
    assert not Honour.objects.exists()


def test_pages_give_the_same_reason_as_the_refusal(notice, selection):
    early = notice.closes_at - timedelta(seconds=1)
    assert "17 March 2026" in reason_against(rules.check_may_commend, selection, early)
    assert reason_against(rules.check_may_commend, selection, notice.closes_at) == ""


def test_an_open_objection_holds_the_commendation_up(district, notice, selection):
    first = filed_objection(notice, nominee=district.villages[0].reference, at=LATER)
    filed_objection(notice, at=LATER, ticket="b" * 32)
    with refused("commendation.open-objections") as caught:
        commend(district, selection, at=notice.closes_at)
    assert "2 objections" in str(caught.value)
    assert all(row.is_frozen for row in queries.candidate_rows(selection))
    answered_objection(district, first, is_upheld=False, at=LATER)
    with refused("commendation.open-objections") as caught:
        commend(district, selection, at=notice.closes_at)
    assert "1 objection " in str(caught.value)


@pytest.mark.parametrize("state", [Objection.State.REGISTERED, Objection.State.CHECKED, Objection.State.RULED])
def test_an_objection_is_open_until_it_is_answered(district, notice, selection, state):
    objection = filed_objection(notice, at=LATER)
    answered_objection(district, objection, is_upheld=False, at=LATER)
    Objection.objects.filter(pk=objection.pk).update(state=state)
    with refused("commendation.open-objections"):
        commend(district, selection, at=notice.closes_at)


def test_an_upheld_objection_removes_its_candidate(district, notice, selection):
    objection = filed_objection(notice, nominee=district.villages[0].reference, at=LATER)
    answered_objection(district, objection, is_upheld=True, at=LATER)
    removed = [row.candidate.organisation for row in queries.candidate_rows(selection) if row.is_removed]
    assert removed == [district.villages[0]]
    commendation = commend(district, selection, at=notice.closes_at)
    assert [honour.organisation for honour in queries.honours_in(commendation)] == [district.villages[1]]


def test_an_upheld_objection_to_the_whole_leaves_nobody(district, notice, selection):
    answered_objection(district, filed_objection(notice, at=LATER), is_upheld=True, at=LATER)
    assert queries.honours_in(commend(district, selection, at=notice.closes_at)) == []


def test_twice_is_refused_with_the_number_of_the_decision(district, notice, selection):
    commend(district, selection, at=notice.closes_at)
    with refused("commendation.already-recorded") as caught:
        commend(district, selection, at=notice.closes_at, decision_number="另一号")
    assert "测发〔2026〕9号" in str(caught.value)
    assert (Commendation.objects.count(), Honour.objects.count()) == (1, 2)


def test_not_without_a_notice(district):
    selection = drafted_selection(district, launched_cycle(district))
    with refused("commendation.without-notice"):
        commend(district, selection, at=NOW)


@pytest.mark.parametrize(
    ("changes", "slug"),
    [
        ({"decision_number": " "}, "decision-number-missing"),
        ({"deciding_body": ""}, "deciding-body-missing"),
        ({"reasons": ""}, "reasons-missing"),
        ({"decision_number": "号" * 101}, "decision-number-too-long"),
        ({"deciding_body": "委" * 201}, "deciding-body-too-long"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_named_body_decides_with_reasons(district, notice, selection, changes, slug):
    with refused(f"commendation.{slug}"):
        commend(district, selection, at=notice.closes_at, **changes)


def test_the_votes_of_the_body_stand_in_the_decision(district, notice, selection):
    acting = {"at": notice.closes_at}
    for votes, why in [
        (Votes(0, 0, 0, 0), "commendation.nobody-present"),
        (Votes(9, 7, 0, 1), "commendation.votes-do-not-add-up"),
        (Votes(9, 10, -1, 0), "commendation.votes-do-not-add-up"),
        (Votes(9, 4, 4, 1), "commendation.voted-down"),
    ]:
        with refused(why):
            commend(district, selection, votes=votes, **acting)
    row = commend(
        district, selection, votes=Votes(9, 8, 0, 1), stepped_aside="某部门负责人，与候选单位有关联", **acting
    )
    assert (row.present, row.in_favour, row.against, row.abstained) == (9, 8, 0, 1)
    entry = PublicEntry.objects.filter(what="awards.record_commendation").latest("number")
    assert '"votes"' in entry.document
    by = {"at": notice.closes_at, "by": district.office}
    corrected = actions.correct_decision(commendation=row, **DECISION, votes=Votes(9, 7, 1, 1), why="抄错票数", **by)
    assert (corrected.in_favour, corrected.against) == (7, 1)
    assert {one.part for one in addenda.addenda_to(row.reference)} >= {"in_favour", "against"}
    with refused("commendation.voted-down"):
        actions.correct_decision(commendation=row, **DECISION, votes=Votes(9, 0, 9, 0), why="再改", **by)


def test_only_the_office_records(district, notice, selection):
    with refused("role.not-office"):
        commend(district, selection, at=notice.closes_at, by=district.leader)


def test_a_cycle_closed_meanwhile_does_not_stop_the_decision(district, notice, selection):
    closed_cycle(district, selection.cycle, at=notice.closes_at)
    assert commend(district, selection, at=notice.closes_at).selection == selection


def test_nobody_put_forward_ends_with_a_decision_that_names_nobody(district):
    selection = drafted_selection(district, launched_cycle(district), candidates=[])
    notice = actions.publish_candidates(
        selection=selection,
        title="公示",
        route="推荐",
        reason_for_none="无单位达到标准。",
        at=NOW,
        by=district.office,
        **RECEIVING,
    )
    assert queries.honours_in(commend(district, selection, at=notice.closes_at)) == []


@pytest.fixture
def honour(district, notice, selection):
    return queries.honours_in(commend(district, selection, at=notice.closes_at))[0]


def revoke(district, honour, *, reason="事迹不实", by=None):
    at = honour.given_at + timedelta(days=30)
    return actions.revoke_honour(honour=honour, reason=reason, at=at, by=by or district.office)


def test_a_revoked_honour_stays_on_show_with_the_reason(district, honour):
    revoke(district, honour)
    kept = queries.honour_with_code(honour.code)
    assert (kept.is_revoked, kept.revocation_reason) == (True, "事迹不实")
    assert queries.honours_of(district.villages[0])[0].is_revoked
    assert journal.entries_about(honour.reference)[0].payload["reason"] == "事迹不实"


@pytest.mark.parametrize(
    ("reason", "slug"), [(" ", "revocation-reason-missing"), ("长" * 501, "revocation-reason-too-long")]
)
def test_an_honour_is_revoked_for_a_reason(district, honour, reason, slug):
    with refused(f"honour.{slug}"):
        revoke(district, honour, reason=reason)
    assert not queries.honour(honour.pk).is_revoked


def test_only_the_office_revokes(district, honour):
    with refused("role.not-office"):
        revoke(district, honour, by=district.leader)


def test_an_honour_is_revoked_once(district, honour):
    revoke(district, honour)
    with refused("honour.already-revoked"):
        revoke(district, honour, reason="再次")
    assert queries.honour(honour.pk).revocation_reason == "事迹不实"


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_record_one_commendation():
    district = small_district()
    notice = published_notice(district, launched_cycle(district))
    selection = selection_of(notice)
    people = (district.office, district.second_office)
    outcomes = at_once(*[partial(commend, district, selection, at=notice.closes_at, by=person) for person in people])
    assert refusals_of(outcomes) == ["commendation.already-recorded"]
    assert Honour.objects.count() == 2
