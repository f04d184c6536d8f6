"""A published notice, its selection, a ruling, a decision: corrected or withdrawn with a reason, and nothing in silence."""

from datetime import timedelta

import pytest
from tests.cast.awards import answered_objection, drafted_selection, filed_objection, published_notice, selection_of
from tests.cast.district import NOW, launched_cycle, small_district
from tests.cast.refusing import refused

from zhengyou.awards import actions, queries
from zhengyou.awards.models import Selection
from zhengyou.base.addenda import addenda_to
from zhengyou.notices import actions as notice_actions
from zhengyou.notices import queries as notices

pytestmark = pytest.mark.django_db
DECISION = {"decision_number": "测发〔2026〕9号", "deciding_body": "测试区委", "reasons": "集体研究。"}


@pytest.fixture
def district():
    return small_district()


@pytest.fixture
def notice(district):
    return published_notice(district, launched_cycle(district))


@pytest.fixture
def selection(notice):
    return selection_of(notice)


@pytest.fixture
def correct(district, selection):
    def correct_it(*, at, texts=None, deeds=None, off=(), why="更正"):
        return actions.correct_announcement(
            selection=selection, texts=texts or {}, deeds=deeds or {}, off=off, why=why, at=at, by=district.office
        )

    return correct_it


def test_a_typo_in_the_title_leaves_the_clock_a_wrong_phone_starts_it_anew(notice, correct):
    two_days_on = NOW + timedelta(days=2)
    row = correct(at=two_days_on, texts={"title": "正确的标题"})
    assert (row.title, row.ends_on, row.restarted_at) == ("正确的标题", notice.ends_on, None)
    row = correct(at=two_days_on, texts={"phone": "0745-1111111"}, why="电话印错")
    assert row.ends_on == notices.last_day(two_days_on.date(), row.working_days).ends_on > notice.ends_on
    assert [(one.number, one.part, one.why) for one in addenda_to(notice.reference)] == [
        (1, "title", "更正"),
        (2, "phone", "电话印错"),
    ]


def test_deeds_are_corrected_and_a_candidate_taken_off_and_the_notice_says_both(selection, notice, correct):
    first, second = queries.candidates(selection)
    row = correct(at=NOW, deeds={first.pk: "更正后的事迹。"}, off=[second.pk], why="单位申请退出")
    assert [one["deeds"] for one in row.nominees] == ["更正后的事迹。"]
    assert row.fingerprint != notice.fingerprint
    assert {one.part for one in addenda_to(notice.reference)} == {"nominee", "deeds"}
    assert [one.pk for one in queries.candidates(selection)] == [first.pk]


def test_nothing_half_done_stays_of_a_correction_without_a_reason(selection, notice, correct):
    candidates = queries.candidates(selection)
    with refused("addendum.why-missing"):
        correct(at=NOW, off=[candidates[0].pk], why="")
    assert queries.candidates(selection) == candidates
    notice.refresh_from_db()
    assert len(notice.nominees) == 2


def test_a_withdrawn_notice_stays_on_show_takes_no_objection_and_its_selection_is_a_draft_again(
    district, selection, notice
):
    by = {"at": NOW, "by": district.office}
    actions.withdraw_announcement(selection=selection, why="依据错误", **by)
    selection.refresh_from_db()
    assert selection.notice is None
    notice.refresh_from_db()
    assert (notice.is_withdrawn, notice.withdrawal_reason) == (True, "依据错误")
    assert not notices.clock_of(notice, NOW).is_running
    with refused("objection.notice-withdrawn"):
        filed_objection(notice, at=NOW)
    again = {"title": "新公示", "route": "研究。", "receiving_body": "办", "phone": "1", "mail": "", "address": "路"}
    fresh = actions.publish_candidates(selection=selection, **again, **by)
    assert fresh.number == notice.number + 1
    with refused("notice.withdrawn-already"):
        notice_actions.withdraw_notice(notice=notice, why="再次", **by)


@pytest.fixture
def announced_again(district, selection):
    """The notice is withdrawn and its selection, or a new one of the same title, announced at that instant."""

    def announce(*, at, is_new=False):
        by = {"at": at, "by": district.office}
        again = {
            "title": "新公示",
            "route": "研究。",
            "receiving_body": "办",
            "phone": "1",
            "mail": "",
            "address": "路",
        }
        if not is_new:
            actions.withdraw_announcement(selection=selection, why="依据错误", **by)
            return actions.publish_candidates(selection=Selection.objects.get(pk=selection.pk), **again, **by)
        actions.withdraw_selection(selection=selection, why="重复设立", **by)
        drafted = drafted_selection(district, selection.cycle, title=selection.title)
        return actions.publish_candidates(selection=drafted, **again, **by)

    return announce


@pytest.mark.parametrize("is_new", [False, True])
def test_no_new_notice_leaves_an_objection_behind(district, notice, announced_again, is_new):
    named = district.villages[0].reference
    objection = filed_objection(notice, nominee=named, at=NOW)
    fresh = announced_again(at=NOW + timedelta(hours=1), is_new=is_new)
    selection = selection_of(fresh)
    assert [row.is_frozen for row in queries.candidate_rows(selection)] == [True, False]
    later = {"at": fresh.closes_at, "by": district.office}
    with refused("commendation.open-objections"):
        actions.record_commendation(selection=selection, **DECISION, **later)
    answered_objection(district, objection, is_upheld=True, at=NOW + timedelta(hours=2))
    assert [row.is_removed for row in queries.candidate_rows(selection)] == [True, False]
    honours = queries.honours_in(actions.record_commendation(selection=selection, **DECISION, **later))
    assert [one.organisation for one in honours] == [district.villages[1]]


@pytest.mark.parametrize("is_new", [False, True])
def test_whom_an_upheld_objection_took_off_is_not_announced_again_until_the_ruling_is_turned_round(
    district, notice, selection, announced_again, is_new
):
    named = district.villages[0].reference
    objection = answered_objection(district, filed_objection(notice, nominee=named, at=NOW), is_upheld=True, at=NOW)
    with refused("selection.objection-upheld-before"):
        announced_again(at=NOW + timedelta(hours=1), is_new=is_new)
    notice.refresh_from_db()
    assert notice.is_withdrawn
    turn = {"objection": objection, "is_upheld": False, "why": "核查有误", "by": district.office}
    notice_actions.correct_ruling(**turn, at=NOW + timedelta(hours=2))
    drafted = Selection.objects.order_by("pk").last()
    again = {"title": "新公示", "route": "研究。", "receiving_body": "办", "phone": "1", "mail": "", "address": "路"}
    assert actions.publish_candidates(selection=drafted, **again, at=NOW + timedelta(hours=3), by=district.office)


def test_an_objection_to_the_whole_of_a_withdrawn_notice_waits_for_its_answer_and_binds_nobody(
    district, notice, announced_again
):
    objection = filed_objection(notice, at=NOW)
    fresh = announced_again(at=NOW + timedelta(hours=1))
    selection = selection_of(fresh)
    assert not any(row.is_frozen for row in queries.candidate_rows(selection))
    later = {"at": fresh.closes_at, "by": district.office}
    with refused("commendation.open-objections"):
        actions.record_commendation(selection=selection, **DECISION, **later)
    answered_objection(district, objection, is_upheld=True, at=NOW + timedelta(hours=2))
    assert len(queries.honours_in(actions.record_commendation(selection=selection, **DECISION, **later))) == 2


def test_a_withdrawn_selection_frees_its_title_and_can_neither_be_announced_nor_commended(district, selection, notice):
    by = {"at": NOW, "by": district.office}
    actions.withdraw_selection(selection=selection, why="重复设立", **by)
    drafted_selection(district, selection.cycle)  # the same title again
    selection.refresh_from_db()
    with refused("selection.withdrawn-already"):
        actions.record_commendation(selection=selection, **DECISION, at=notice.closes_at, by=district.office)
    with refused("selection.withdrawn-already"):
        actions.change_selection(selection=selection, title="别的", quota=3, why="改", **by)


def test_title_and_quota_change_freely_before_the_notice_and_with_a_reason_after_it(district, selection, notice):
    by = {"at": NOW + timedelta(days=1), "by": district.office}
    draft = drafted_selection(district, selection.cycle, title="示范店")
    assert actions.change_selection(selection=draft, title="示范点", quota=1, **by).title == "示范点"
    with refused("selection.quota-below-announced"):
        actions.change_selection(selection=selection, title=selection.title, quota=1, why="改", **by)
    with refused("addendum.why-missing"):
        actions.change_selection(selection=selection, title="先进党组织", quota=3, **by)
    actions.change_selection(selection=selection, title="先进党组织", quota=3, why="规范名称", **by)
    assert [one.part for one in addenda_to(notice.reference)] == ["selection-title"]
    notice.refresh_from_db()
    assert notice.restarted_at == by["at"]


def test_a_wrong_ruling_is_turned_round_until_the_decision_and_the_candidate_stands_again(district, selection, notice):
    nominee = district.villages[0].reference
    objection = answered_objection(
        district, filed_objection(notice, nominee=nominee, at=NOW), is_upheld=True, at=NOW + timedelta(hours=1)
    )
    assert notices.removed_nominees(notice) == {nominee}
    turn = {"objection": objection, "is_upheld": False, "by": district.office}
    notice_actions.correct_ruling(**turn, why="核查有误", at=NOW + timedelta(hours=2))
    assert notices.removed_nominees(notice) == set()
    [row] = addenda_to(objection.reference)
    assert (row.before, row.after, row.why) == ("upheld", "not upheld", "核查有误")
    actions.record_commendation(selection=selection, **DECISION, at=notice.closes_at, by=district.office)
    with refused("notice.settled"):
        notice_actions.correct_ruling(**turn | {"is_upheld": True}, why="再改", at=notice.closes_at)


def test_a_recorded_decision_is_corrected_beside_the_old_and_its_notice_no_more(district, selection, notice, correct):
    by = {"at": notice.closes_at, "by": district.office}
    commendation = actions.record_commendation(selection=selection, **DECISION, **by)
    given = DECISION | {"decision_number": "测发〔2026〕10号"}
    actions.correct_decision(commendation=commendation, **given, why="文号印错", **by)
    assert [(one.part, one.before) for one in addenda_to(commendation.reference)] == [
        ("decision_number", "测发〔2026〕9号")
    ]
    with refused("selection.decided"):
        correct(at=notice.closes_at, texts={"title": "晚了"})
