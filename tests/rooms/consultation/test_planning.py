"""A plan from its first draft to its adoption: paragraphs and their identities, the days, remarks, answers, versions, the end."""

import uuid
from datetime import timedelta

import pytest
from tests.cast.commitments import secretary_of
from tests.cast.district import NOW, launched_cycle, small_district
from tests.cast.plans import (
    BODY,
    BUDGET,
    LAMPS,
    days_from,
    drafted_plan,
    later,
    published_plan,
    remark,
    wordings,
)
from tests.cast.refusing import refused
from tests.cast.writing import arrived

from zhengyou.base.entries import entries
from zhengyou.base.time import local_day
from zhengyou.consultation import actions, due_queries, queries, rules, splitting
from zhengyou.consultation.comparing import Lineage
from zhengyou.consultation.computing import differences, grouping, paragraphs
from zhengyou.consultation.models import EarlierResponse, Plan, PlanRemark
from zhengyou.organisations.readers import Reader
from zhengyou.remarks import actions as remarks
from zhengyou.remarks import rules as remark_rules
from zhengyou.remarks.models import Remark

pytestmark = pytest.mark.django_db
TODAY = local_day(NOW)


@pytest.fixture
def district():
    return small_district()


@pytest.fixture
def cycle(district):
    return launched_cycle(district)


@pytest.fixture
def village(district):
    return district.villages[0]


@pytest.fixture
def secretary(village):
    return secretary_of(village)


@pytest.fixture
def plan(cycle, village):
    return published_plan(cycle, village)


def texts(plan):
    return [row.text for row in wordings(plan)][1:]


def answered(plan, rows, secretary, outcome="not_taken_up", named=(), **more):
    given = {"remark_ids": [row.pk for row in rows], "outcome": outcome, "text": "已按此修改。", "paragraph_ids": named}
    return actions.respond(plan=plan, **(given | {"at": later(11), "by": secretary} | more))


def test_a_pasted_text_falls_into_paragraphs():
    pasted = "总则\n第二行\r\n\r\n一、任务\n1. 修路灯\n1.5公里\n（一）落实\n第三条 其他\n\n \n"
    assert paragraphs.split(pasted) == ["总则\n第二行", "一、任务", "1. 修路灯\n1.5公里", "（一）落实", "第三条 其他"]
    assert paragraphs.split(" \n\t") == []


def test_differences_are_by_sign_in_chinese_and_by_word_in_english():
    before, after = "六月修十二盏灯。其余不变。The lamp works.", "五月修十八盏灯。其余不变。The lamps work."
    found = differences.pieces(before, after)
    assert "".join(one.text for one in found if one.kind != "new") == before
    assert "".join(one.text for one in found if one.kind != "gone") == after
    assert [one.text for one in found if one.kind == "gone"] == ["六", "二", "lamp works"]
    assert "其余不变" not in "".join(one.text for one in differences.changed(found[:6]))


def test_groups_are_of_remarks_that_share_most_of_their_words():
    common = "路灯太少，学校门口晚上看不见路，请多装几盏"
    own, other = "。另外公交站也没有灯，老人摔倒过两次", "请公布每季度的账目"
    rows = [(1, common), (2, common + "！！"), (3, common + own), (4, other), (5, "同意"), (6, "同意")]
    assert grouping.alike(rows) == [grouping.Alike(1, {2: False, 3: True})]
    assert grouping.alike(reversed(rows)) == grouping.alike(rows)


def test_paragraphs_keep_their_identity_through_all_changes(cycle, village, secretary):
    plan = drafted_plan(cycle, village)
    acting = {"at": NOW, "by": secretary}
    _whole, lamps, budget, meeting = wordings(plan)
    actions.reword_paragraph(wording=lamps, text="修路灯。", **acting)
    actions.move_paragraph(wording=meeting, is_up=True, **acting)
    assert [row.paragraph_id for row in wordings(plan)][1:] == [
        lamps.paragraph_id,
        meeting.paragraph_id,
        budget.paragraph_id,
    ]
    actions.reword_paragraph(wording=budget, text="费用。\n\n公布。", **acting)
    actions.add_paragraphs(version=lamps.version, after=0, text="总则", **acting)
    assert texts(plan) == ["总则", "修路灯。", "每季度开一次村民议事会。", "费用。", "公布。"]
    actions.join_paragraph(wording=wordings(plan)[4], **acting)
    actions.remove_paragraph(wording=wordings(plan)[1], because="", **acting)
    assert texts(plan) == ["修路灯。", "每季度开一次村民议事会。", "费用。\n公布。"]
    with refused("paragraph.is-last"):
        actions.join_paragraph(wording=wordings(plan)[3], **acting)
    with refused("paragraph.is-the-whole"):
        actions.reword_paragraph(wording=wordings(plan)[0], text="别的", **acting)


@pytest.mark.parametrize(
    ("shift", "slug"),
    [
        ((-1, 2, 9), "days.in-the-past"),
        ((0, 0, 9), "days.members-not-first"),
        ((0, 2, 7), "days.too-short"),
        ((0, 2, 900), "days.past-the-cycle"),
    ],
)
def test_members_read_first_and_everybody_for_seven_days(cycle, village, secretary, shift, slug):
    plan = drafted_plan(cycle, village)
    days = rules.ReadingDays(*(TODAY + timedelta(days=n) for n in shift))
    with refused(slug):
        actions.publish_plan(plan=plan, days=days, at=NOW, by=secretary)
    days = rules.ReadingDays(TODAY, TODAY + timedelta(days=1), TODAY + timedelta(days=7))
    assert actions.publish_plan(plan=plan, days=days, at=NOW, by=secretary).open_until == days.open_until


def test_what_is_published_stays_as_it_is(plan, secretary):
    with refused("version.published"):
        actions.reword_paragraph(wording=wordings(plan)[1], text="别的", at=NOW, by=secretary)
    with refused("version.published"):
        actions.publish_plan(plan=plan, days=days_from(TODAY), at=NOW, by=secretary)
    entry = entries().first()
    assert entry.what == "consultation.publish_plan"
    assert LAMPS not in entry.document, "members read it first: the entry holds its fingerprint only"


def test_members_first_then_anybody_until_the_last_day(plan, district):
    lamps, member = wordings(plan)[1], district.members[0]
    give = {"wording": lamps, "arrival": arrived()}
    with refused("planremark.members-first"):
        actions.remark_on_paragraph(**give, words="太少", at=NOW)
    with refused("role.not-of-the-members"):
        actions.remark_on_paragraph(**give, words="太少", at=NOW, by=district.members[-1])
    first = actions.remark_on_paragraph(**give, words="太少", at=NOW, by=member)
    assert first.is_of_members
    assert not hasattr(first, "person")
    assert not remark(lamps, "学校门口没有灯", at=later(9)).is_of_members
    with refused("planremark.days-over"):
        actions.remark_on_paragraph(wording=lamps, words="迟到", at=later(10), arrival=arrived())


def test_a_remark_sent_twice_is_one_and_equal_words_fold(plan):
    lamps, arrival = wordings(plan)[1], arrived()
    once = [actions.remark_on_paragraph(wording=lamps, words="太少", at=later(4), arrival=arrival) for _n in range(2)]
    assert once[0] == once[1]
    for _n in range(99):
        actions.remark_on_paragraph(wording=lamps, words="太 少！", at=later(4), arrival=arrived())
    assert PlanRemark.objects.count() == 1
    assert Remark.objects.get().times == 100


def test_a_remark_changes_the_plan_and_everybody_sees_where(plan, district, secretary):
    lamps, budget, meeting = wordings(plan)[1:]
    taken = remark(lamps, "学校到卫生室的路也没有灯", by_office=district.office)
    refused_one = remark(meeting, "议事会每月开一次", by_office=district.office)
    gone = remark(budget, "年底公布太晚", by_office=district.office)
    response = answered(plan, [taken], secretary, "taken_up", [lamps.paragraph_id])
    answered(plan, [refused_one], secretary)
    answered(plan, [gone], secretary, "partly", [budget.paragraph_id])
    with refused("plan.taken-up-unchanged"):
        actions.adopt_plan(plan=plan, body=BODY, adopted_on=TODAY + timedelta(days=11), at=later(11), by=secretary)
    acting = {"at": later(11), "by": secretary}
    actions.begin_version(plan=plan, **acting)
    new = wordings(plan)
    actions.reword_paragraph(
        wording=new[1], text="六月底前修好村口到学校和卫生室的路灯，共十八盏。\n\n由村委会负责。", **acting
    )
    actions.remove_paragraph(wording=wordings(plan)[3], because="改为每季度公布，见第一段。", **acting)
    with refused("plan.version-unpublished"):
        actions.adopt_plan(plan=plan, body=BODY, adopted_on=TODAY + timedelta(days=11), **acting)
    actions.publish_version(plan=plan, open_until=None, **acting)
    done = actions.adopt_plan(plan=plan, body=BODY, adopted_on=TODAY + timedelta(days=11), **acting)
    assert rules.phase_on(done, TODAY) == Plan.Phase.ADOPTED
    lineage = Lineage(plan)
    first, second = queries.versions_of(plan)
    rows = queries.comparison(first, second, lineage)
    assert [(row.before, row.after, row.is_changed) for row in rows] == [
        ((1,), (1, 2), True),
        ((2,), (), True),
        ((3,), (3,), False),
    ]
    assert rows[1].because == "改为每季度公布，见第一段。"
    assert "和卫生室" in [piece.text for piece in rows[0].pieces if piece.kind == "new"]
    [lost] = queries.lost_from(plan, second, lineage)
    assert (lost.wording.text, lost.remarks) == (BUDGET, 1)
    heirs = [row for row in wordings(plan) if taken in queries.remarks_at(row, lineage)]
    assert [row.place for row in heirs] == [1, 2], "it goes with all heirs of its paragraph"
    account = queries.account_of(plan)
    assert (account.remarks, account.taken_up, account.partly, account.not_taken_up) == (3, 1, 1, 1)
    assert Remark.objects.get(pk=taken.remark_id).answer == response.text
    assert entries().first().what == "consultation.adopt_plan"
    with refused("plan.adopted"):
        actions.begin_version(plan=plan, **acting)


def test_remarks_stay_open_on_the_old_version_while_the_next_is_written(plan, secretary):
    old = wordings(plan)[1]
    actions.begin_version(plan=plan, at=later(4), by=secretary)
    with refused("version.being-written"):
        actions.begin_version(plan=plan, at=later(4), by=secretary)
    with refused("version.unchanged"):
        actions.publish_version(plan=plan, open_until=TODAY + timedelta(days=20), at=later(4), by=secretary)
    actions.reword_paragraph(wording=wordings(plan)[1], text="修二十盏。", at=later(4), by=secretary)
    made = remark(old, "太少")
    with refused("version.days-running"):
        actions.publish_version(plan=plan, open_until=None, at=later(4), by=secretary)
    actions.publish_version(plan=plan, open_until=TODAY + timedelta(days=20), at=later(4), by=secretary)
    late = remark(old, "谁的表单开着，话也不丢", at=later(15))
    assert {made.pk, late.pk} == {row.wording_id and row.pk for row in PlanRemark.objects.filter(wording=old)}


def test_no_next_version_cuts_the_days_that_people_were_told(plan, secretary):
    actions.begin_version(plan=plan, at=later(3), by=secretary)
    actions.reword_paragraph(wording=wordings(plan)[1], text="修二十盏。", at=later(3), by=secretary)
    actions.prolong_consultation(plan=plan, open_until=TODAY + timedelta(days=20), at=later(3), by=secretary)
    for days in (12, 19):
        with refused("days.shortened"):
            actions.publish_version(plan=plan, open_until=TODAY + timedelta(days=days), at=later(3), by=secretary)
    with refused("days.shortened"):
        actions.prolong_consultation(plan=plan, open_until=TODAY + timedelta(days=20), at=later(3), by=secretary)
    actions.publish_version(plan=plan, open_until=TODAY + timedelta(days=20), at=later(3), by=secretary)


def test_a_group_is_answered_once_and_own_words_by_themselves(plan, district, secretary):
    lamps, common = wordings(plan)[1], "路灯太少，学校门口晚上看不见路，请多装几盏"
    rows = [
        remark(lamps, f"{common}{more}", by_office=district.office)
        for more in ("", "谢谢", "。公交站也没有灯，老人摔倒过两次")
    ]
    assert actions.propose_groups(plan=plan, at=later(5), by=secretary) == 1
    assert actions.propose_groups(plan=plan, at=later(5), by=secretary) == 0
    [group] = queries.groups_of(plan, is_open=True)
    assert (group.size, group.first.remark.words) == (3, common)
    with refused("response.own-words-unanswered"):
        answered(plan, rows, secretary)
    answered(plan, rows, secretary, own_answers={rows[2].pk: "公交站由镇里装。"})
    assert Remark.objects.get(pk=rows[2].remark_id).answer == "已按此修改。\n公交站由镇里装。"
    assert queries.groups_of(plan, is_open=True) == []
    apart = actions.take_out_of_group(remark=rows[1], at=later(6), by=secretary)
    assert apart.group is None


def test_an_answer_names_its_paragraph_and_is_mended_until_the_end(plan, district, secretary):
    lamps, _budget, meeting = wordings(plan)[1:]
    row = remark(lamps, "太少", by_office=district.office)
    with refused("response.paragraph-not-named"):
        answered(plan, [row], secretary, "taken_up")
    with refused("planresponse.text-missing"):
        answered(plan, [row], secretary, text=" ")
    made = answered(plan, [row], secretary)
    with refused("response.already-answered"):
        answered(plan, [row], secretary)
    mended = actions.change_response(
        response=made, outcome="partly", text="改了。", paragraph_ids=[meeting.paragraph_id], at=later(11), by=secretary
    )
    assert Remark.objects.get(pk=row.remark_id).answer == mended.text == "改了。"
    [earlier] = EarlierResponse.objects.all()
    assert (earlier.outcome, earlier.text) == ("not_taken_up", "已按此修改。")
    actions.change_response(
        response=made, outcome="partly", text="改了。", paragraph_ids=[meeting.paragraph_id], at=later(11), by=secretary
    )
    assert EarlierResponse.objects.count() == 1


def test_some_comments_are_taken_out_of_one_answer_and_answered_apart(plan, district, secretary):
    lamps = wordings(plan)[1]
    rows = [remark(lamps, f"太少{n}", by_office=district.office) for n in range(3)]
    made = answered(plan, rows, secretary)
    given = {
        "response": made,
        "outcome": "not_taken_up",
        "text": "这一条另说：不改。",
        "at": later(11),
        "by": secretary,
    }
    with refused("response.nothing-left"):
        splitting.answer_apart(remark_ids=[row.pk for row in rows], **given)
    with refused("response.not-of-this-answer"):
        splitting.answer_apart(remark_ids=[], **given)
    ticket = uuid.UUID(int=7)
    apart = splitting.answer_apart(remark_ids=[rows[0].pk], ticket=ticket, **given)
    assert splitting.answer_apart(remark_ids=[rows[0].pk], ticket=ticket, **given) == apart
    with refused("response.not-of-this-answer"):
        splitting.answer_apart(remark_ids=[rows[0].pk], **given)
    answers = [Remark.objects.get(pk=row.remark_id).answer for row in rows]
    assert answers == ["这一条另说：不改。", made.text, made.text]
    [earlier] = EarlierResponse.objects.all()
    assert (earlier.response, earlier.text) == (apart, made.text), "what they read before stays readable"
    assert [one.pk for one in splitting.given_to_several(plan)] == [made.pk]
    with refused("role.not-of-the-plan"):
        splitting.answer_apart(remark_ids=[rows[1].pk], **given | {"by": district.secretaries[2]})


def test_what_is_answered_apart_keeps_every_answer_that_stood_there(plan, district, secretary):
    rows = [remark(wordings(plan)[1], f"太少{n}", by_office=district.office) for n in range(2)]
    made, given = answered(plan, rows, secretary), {"outcome": "not_taken_up", "by": secretary}
    actions.change_response(response=made, text="第二次说的。", paragraph_ids=[], at=later(11), **given)
    apart = splitting.answer_apart(response=made, remark_ids=[rows[0].pk], text="另说。", at=later(12), **given)
    kept = EarlierResponse.objects.filter(response=apart)
    assert [one.text for one in kept] == ["第二次说的。", "已按此修改。"], "the newest first, and none is lost"
    assert EarlierResponse.objects.filter(response=made).count() == 1


# Attacks, each by itself.


def test_attack_adoption_forged_with_an_open_remark(plan, district, secretary):
    remark(wordings(plan)[1], "太少", by_office=district.office)
    with refused("plan.remark-unanswered"):
        actions.adopt_plan(plan=plan, body=BODY, adopted_on=TODAY + timedelta(days=11), at=later(11), by=secretary)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f"{LAMPS}。", False),
        (LAMPS.replace("。", ","), False),
        (LAMPS[:4] + "\u200b " + LAMPS[4:], False),
        (f"{LAMPS[:6]}\n\n{LAMPS[6:]}", False),
        (f"{LAMPS}学校门口也装。", True),
    ],
)
def test_attack_taken_up_by_a_mark_a_blank_or_a_split(plan, district, secretary, text, says):
    lamps, acting = wordings(plan)[1], {"at": later(11), "by": secretary}
    answered(
        plan, [remark(lamps, "学校门口也要灯", by_office=district.office)], secretary, "taken_up", [lamps.paragraph_id]
    )
    actions.begin_version(plan=plan, **acting)
    actions.reword_paragraph(wording=wordings(plan)[1], text=text, **acting)
    actions.publish_version(plan=plan, open_until=None, **acting)
    given = {"plan": plan, "body": BODY, "adopted_on": TODAY + timedelta(days=11), **acting}
    if says:
        assert actions.adopt_plan(**given).adopted_on
    else:
        with refused("plan.taken-up-unchanged"):
            actions.adopt_plan(**given)


def test_attack_taken_up_by_joining_paragraphs(plan, district, secretary):
    lamps, acting = wordings(plan)[1], {"at": later(11), "by": secretary}
    answered(
        plan, [remark(lamps, "学校门口也要灯", by_office=district.office)], secretary, "taken_up", [lamps.paragraph_id]
    )
    actions.begin_version(plan=plan, **acting)
    actions.join_paragraph(wording=wordings(plan)[1], **acting)
    actions.publish_version(plan=plan, open_until=None, **acting)
    with refused("plan.taken-up-unchanged"):
        actions.adopt_plan(plan=plan, body=BODY, adopted_on=TODAY + timedelta(days=11), **acting)


@pytest.mark.parametrize(
    ("was", "now"), [("1.5米", "15米"), ("20%", "20"), ("温度-3度", "温度3度"), ("18盏", "28盏"), ("3000元", "3,000元")]
)
def test_marks_that_belong_to_a_number_are_no_mere_marks(was, now):
    assert differences.substance(was) != differences.substance(now)
    assert differences.substance(f"{was}。") == differences.substance(f" {was}，")


def test_attack_adoption_before_somebody_has_looked_at_a_remark(plan, secretary):
    remark(wordings(plan)[1], "太少")
    with refused("plan.remark-waiting"):
        actions.adopt_plan(plan=plan, body=BODY, adopted_on=TODAY + timedelta(days=11), at=later(11), by=secretary)


def test_attack_adoption_while_remarks_are_taken(plan, secretary):
    with refused("plan.days-running"):
        actions.adopt_plan(plan=plan, body=BODY, adopted_on=TODAY + timedelta(days=9), at=later(9), by=secretary)


def test_attack_answer_by_the_secretary_of_another_unit(plan, district):
    row = remark(wordings(plan)[1], "太少", by_office=district.office)
    with refused("role.not-of-the-plan"):
        answered(plan, [row], district.secretaries[1])


def test_attack_answer_to_a_remark_on_another_plan(plan, cycle, district, secretary):
    other = published_plan(cycle, district.villages[1])
    row = remark(wordings(other)[1], "太少", by_office=district.office)
    with refused("response.of-another-plan"):
        answered(plan, [row], secretary)


def test_attack_answer_that_names_a_paragraph_of_another_plan(plan, cycle, district, secretary):
    row = remark(wordings(plan)[1], "太少", by_office=district.office)
    other = published_plan(cycle, district.villages[1])
    with refused("response.paragraph-of-another-plan"):
        answered(plan, [row], secretary, "taken_up", [wordings(other)[1].paragraph_id])


def test_attack_the_unit_hides_words_about_itself(plan, secretary):
    row = remark(wordings(plan)[1], "太少")
    with refused("remark.own-unit"):
        remarks.hide_remarks(remarks=[row.remark], reason=Remark.Reason.BESIDE, at=later(4), by=secretary)


def test_attack_a_remark_on_a_text_that_is_not_published(cycle, village):
    with refused("planremark.not-published"):
        remark(wordings(drafted_plan(cycle, village))[1], "太少")


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("长" * 100_000, "planremark.words-too-long"),
        ("a\0b", "remark.words-unreadable"),
        (" \n", "planremark.words-missing"),
        ("\u200b\u2800", "remark.words-invisible"),
    ],
)
def test_attack_words_that_cannot_be_words(plan, words, slug):
    with refused(slug):
        remark(wordings(plan)[1], words)
    assert not PlanRemark.objects.exists()
    assert remark_rules.holds_a_number("13800000000")


@pytest.mark.parametrize("part", ["title", "text"])
def test_attack_a_plan_tells_somebodys_number(cycle, village, secretary, part):
    given = {"title": "计划", "text": "修路"} | {part: "找张三13800138000"}
    with refused("answer.tells-of-somebody"):
        actions.begin_plan(cycle=cycle, organisation=village, at=NOW, by=secretary, **given)


def test_attack_another_unit_writes_the_plan(plan, district, cycle):
    stranger = district.secretaries[1]
    for deed, given in (
        (actions.begin_version, {}),
        (actions.prolong_consultation, {"open_until": TODAY + timedelta(days=30)}),
        (actions.propose_groups, {}),
    ):
        with refused("role.not-of-the-plan"):
            deed(plan=plan, at=later(4), by=stranger, **given)
    with refused("role.not-of-the-plan"):
        actions.begin_plan(cycle=cycle, organisation=plan.organisation, title="x", text="y", at=NOW, by=stranger)


def test_attack_a_consultation_is_shortened(plan, secretary):
    with refused("days.shortened"):
        actions.prolong_consultation(plan=plan, open_until=TODAY + timedelta(days=5), at=later(4), by=secretary)


def test_what_was_hidden_at_the_adoption_and_is_shown_since_is_answered_still(plan, district, secretary):
    lamps = wordings(plan)[1]
    shown, hidden = remark(lamps, "太少", by_office=district.office), remark(lamps, "还要修水渠")
    look = {"remarks": [hidden.remark], "by": district.office}
    remarks.hide_remarks(reason="beside", at=later(4), **look)
    answered(plan, [shown], secretary)
    adopted = actions.adopt_plan(plan=plan, body=BODY, adopted_on=local_day(later(30)), at=later(30), by=secretary)
    account = queries.account_of(adopted)
    assert (account.hidden, account.unanswered, account.not_taken_up) == (1, 0, 1)
    reader = Reader.of(secretary, local_day(later(31)), "en")
    assert due_queries.due_for(reader, [plan.cycle]) == []
    remarks.show_remarks(at=later(31), **look)
    [due] = due_queries.due_for(reader, [plan.cycle])
    assert (due.kind, due.count) == ("answer", 1)
    given = {"plan": adopted, "remark_ids": [hidden.pk], "text": "明年再修。", "at": later(31), "by": secretary}
    with refused("response.text-stays"):
        actions.respond(outcome="taken_up", paragraph_ids=[lamps.paragraph_id], **given)
    assert queries.account_of(adopted).unanswered == 1
    response = actions.respond(outcome="not_taken_up", **given)
    assert queries.account_of(adopted).unanswered == 0
    assert due_queries.due_for(reader, [plan.cycle]) == []
    with refused("plan.adopted"):
        actions.change_response(
            response=response, outcome="not_taken_up", text="不修。", paragraph_ids=[], at=later(32), by=secretary
        )
