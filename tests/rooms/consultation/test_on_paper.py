"""What people wrote on forms about a plan is entered by a level above, each form once, and stands among the others."""

from datetime import timedelta

import pytest
from tests.cast.district import NOW, launched_cycle, small_district
from tests.cast.plans import BODY, LAMPS, later, published_plan, remark, wordings
from tests.cast.refusing import refused

from zhengyou.base.models import JournalEntry
from zhengyou.base.time import local_day
from zhengyou.consultation import actions, on_paper, queries
from zhengyou.consultation.models import PlanRemark, PlanResponse, RemarkSheet
from zhengyou.consultation.on_paper import Written
from zhengyou.remarks import actions as remarks
from zhengyou.remarks.models import Remark

pytestmark = pytest.mark.django_db
DAY = local_day(later(4))
LINES = [Written("12", 1, "路灯太少，应该再加五盏。"), Written("13", 0, "没有提到水渠。")]


@pytest.fixture
def district():
    return small_district()


@pytest.fixture
def plan(district):
    return published_plan(launched_cycle(district), district.villages[0])


def entered(district, plan, written=LINES, **more):
    version = queries.newest_version(plan, is_published=True)
    given = {"version": version, "written": written, "handed_in_on": DAY, "at": later(5), "by": district.town_secretary}
    return on_paper.enter_sheets(**given | more)


def test_what_stands_on_forms_waits_for_a_look_and_keeps_no_name(district, plan):
    sheets = entered(district, plan)
    assert [one.number for one in sheets] == ["12", "13"]
    rows = list(queries.with_sheets(PlanRemark.objects.order_by("pk")).select_related("remark", "wording"))
    assert [(one.wording.place, one.remark.words, one.sheets) for one in rows] == [
        (1, LINES[0].words, 1),
        (0, LINES[1].words, 1),
    ]
    assert {one.remark.state for one in rows} == {Remark.State.WAITING}, "as what comes by the page"
    assert rows[0].remark.heading == f"{plan.title} · 1"
    journal = JournalEntry.objects.get(deed="consultation.enter_sheets")
    assert journal.by == district.town_secretary.reference
    assert journal.payload["sheets"] == ["12", "13"]


def test_a_form_is_entered_once_however_its_number_is_typed(district, plan):
    entered(district, plan)
    for typed in ("12", " 012", "１２"):
        with refused("sheet.entered-already") as told:
            entered(district, plan, [Written("20", 1, "新的"), Written(typed, 2, "别的")])
        assert "12" in str(told.value)
    assert RemarkSheet.objects.count() == 2, "all of it or nothing"
    assert [one.number for one in entered(district, plan, [Written("a-7", 1, "新的")])] == ["A-7"]


def test_equal_words_on_the_page_and_on_forms_are_one_comment(district, plan):
    first = remark(wordings(plan)[1], "应该再加五盏。", by_office=district.office)
    entered(district, plan, [Written("1", 1, "应该再加五盏"), Written("2", 1, "应该再加五盏。")])
    row = queries.with_sheets(PlanRemark.objects.select_related("remark")).get()
    assert (row.pk, row.sheets, row.remark.times, row.remark.is_shown) == (first.pk, 2, 3, True)
    assert [one.number for one in on_paper.sheets_of([row])[row.pk]] == ["1", "2"]


def test_comments_of_forms_are_grouped_with_alike_ones_and_answered(district, plan):
    words = "村口到学校的路灯太少了，晚上孩子走路看不见，应该再加五盏。"
    remark(wordings(plan)[1], words, by_office=district.office)
    entered(district, plan, [Written("1", 1, f"{words}最好太阳能。")])
    remarks.show_remarks(remarks=Remark.objects.filter(state="waiting"), at=later(5), by=district.office)
    by = district.secretaries[0]
    assert actions.propose_groups(plan=plan, at=later(5), by=by) == 1
    rows = list(PlanRemark.objects.order_by("pk"))
    assert len({one.group_id for one in rows}) == 1
    given = {
        "outcome": PlanResponse.Outcome.NOT_TAKEN_UP,
        "text": "没有钱。",
        "own_answers": {rows[1].pk: "太阳能也贵。"},
    }
    actions.respond(plan=plan, remark_ids=[one.pk for one in rows], at=later(5), by=by, **given)
    assert "太阳能也贵。" in Remark.objects.get(pk=rows[1].remark_id).answer


def test_only_a_level_above_enters_and_only_what_came_in_time(district, plan):
    for by in (district.secretaries[0], district.secretaries[1], district.members[0]):
        with refused("role.not-clerk-above"):
            entered(district, plan, by=by)
    with refused("sheet.before-the-plan"):
        entered(district, plan, handed_in_on=local_day(NOW) - timedelta(days=1))
    with refused("sheet.handed-in-late"):
        entered(district, plan, handed_in_on=plan.open_until + timedelta(days=1), at=later(12))
    until = on_paper.entered_until(plan)
    after = later((until - local_day(NOW)).days)
    with refused("sheet.entered-late"):
        entered(district, plan, at=after + timedelta(days=1))
    assert not RemarkSheet.objects.exists()
    assert len(entered(district, plan, at=after)) == 2, "on the very last day"


def test_what_members_wrote_before_everybody_could_read_it_says_so(district, plan):
    entered(district, plan, LINES[:1], handed_in_on=local_day(NOW), at=later(1))
    assert PlanRemark.objects.get().is_of_members


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ([], "sheet.nothing-written"),
        ([Written("", 1, "话")], "sheet.number-wrong"),
        ([Written("7/8", 1, "话")], "sheet.number-wrong"),
        ([Written("7", 9, "话")], "sheet.no-such-paragraph"),
        ([Written("7", 1, " ")], "planremark.words-missing"),
        ([Written("7", 1, "长" * 1001)], "planremark.words-too-long"),
        ([Written("7", 1, "一样的话"), Written("07", 1, "一样的话。")], "sheet.same-twice"),
        ([Written(str(n), 1, f"话{n}") for n in range(101)], "sheet.too-many"),
    ],
)
def test_what_cannot_be_on_a_form_is_refused_and_nothing_of_it_kept(district, plan, written, reason):
    with refused(reason):
        entered(district, plan, written)
    assert not PlanRemark.objects.exists()


def test_a_form_is_about_the_version_that_could_be_read_then(district, plan):
    by = district.secretaries[0]
    actions.begin_version(plan=plan, at=later(5), by=by)
    actions.reword_paragraph(wording=wordings(plan)[1], text=f"{LAMPS}再加五盏。", at=later(5), by=by)
    actions.publish_version(plan=plan, open_until=local_day(later(12)), at=later(5), by=by)
    assert [one.number for one in on_paper.versions_on_paper(district.villages[0], local_day(later(6)))] == [2, 1]
    with refused("sheet.before-the-version"):
        entered(district, plan, at=later(6))
    entered(district, plan, at=later(6), version=queries.version_numbered(plan, 1))
    assert {one.wording.version.number for one in PlanRemark.objects.select_related("wording__version")} == {1}


def test_what_came_in_time_is_taken_and_answered_though_the_plan_was_adopted_meanwhile(district, plan):
    by, day = district.secretaries[0], plan.open_until + timedelta(days=1)
    at = later((day - local_day(NOW)).days)
    actions.adopt_plan(plan=plan, body=BODY, adopted_on=day, at=at, by=by)
    entered(district, plan, LINES[:1], at=at)
    remarks.show_remarks(remarks=Remark.objects.all(), at=at, by=district.office)
    plan.refresh_from_db()
    row = PlanRemark.objects.get()
    given = {"outcome": PlanResponse.Outcome.NOT_TAKEN_UP, "text": "明年再看。"}
    actions.respond(plan=plan, remark_ids=[row.pk], at=at, by=by, **given)
    assert queries.account_of(plan).unanswered == 0
