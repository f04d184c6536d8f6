"""Whoever writes about a case is told at once all that is wrong with it: names, copies, numbers, days, units."""

import uuid

import pytest
from django.urls import reverse
from tests.web.test_case_pages import ENGLISH, NOW, assigned, received, signed_in
from tests.web.test_case_pages import cycle as cycle  # noqa: PLC0414 - a fixture
from tests.web.test_case_pages import district as district  # noqa: PLC0414
from tests.web.test_case_pages import village as village  # noqa: PLC0414

from zhengyou.base.time import working_days_after
from zhengyou.cases import actions, own_words, pausing
from zhengyou.cases.models import Case, CaseReading, CaseStep
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db
STORY = "那天下午我抱着孩子在窗口外面等到六点，里面两个人一直在说笑"
COPY = f"{STORY[:24]}，给赵春花家再办，电话13800000000。"
NAMED, COPIED, NUMBER = "赵春花", "is what its reporter wrote", "identity or plate number"


def answer(client, name, args, given):
    return client.post(reverse(name, args=args), given, **ENGLISH).content.decode()


def answer_of(client, name, *args):
    return client.get(reverse(name, args=args), **ENGLISH).content.decode()


def test_the_text_for_a_unit_its_name_copy_number_turn_of_phrase_and_unit_are_said_in_one_round(
    cycle, village, district
):
    row = received(village, words=f"{STORY}。墙上的铃按了没有人应。").case
    district.villages[1].ended_on = clock.today()
    district.villages[1].save()
    given = {"to": district.villages[1].code, "target_text": f"{COPY}墙上的铃按了没有，也查一查。"}
    page = answer(signed_in(district.office), "office-case-act", [row.pk, "assign"], given)
    for said in (
        "This seems to name somebody",
        COPIED,
        NUMBER,
        "is in what its reporter wrote as well",
        "No unit has the code or name",
    ):
        assert said in page, said
    assert 'name="repeats"' in page
    assert Case.objects.get().state == "received"


def test_the_reason_of_a_pause_its_name_copy_number_and_day_are_said_in_one_round(cycle, village, district):
    row = received(village, words=STORY).case
    row = actions.assign_case(case=row, to=village, target_text="请查。", at=NOW, by=district.office)
    given = {"why": "delivery", "words": COPY, "until_on": clock.today().replace(year=clock.today().year + 1)}
    page = answer(signed_in(district.office), "office-case-act", [row.pk, "pause"], given)
    for said in ("This seems to name somebody", COPIED, NUMBER, "Choose a day after today"):
        assert said in page, said
    pausing.ask_for_pause(case=row, why="delivery", words="等零件。", at=NOW, by=district.secretaries[0])
    for name, more in (("deny", {}), ("kind", {"kind": row.kind, "sure": "on"})):
        page = answer(signed_in(district.office), "office-case-act", [row.pk, name], {"words": COPY, **more})
        for said in ("This seems to name somebody", COPIED, NUMBER):
            assert said in page, (name, said)
    assert "It is of this kind already" in page


def test_what_a_unit_says_its_name_copy_number_pointing_and_unit_are_said_in_one_round(cycle, village, district):
    row, by = assigned(district, village), district.secretaries[0]
    Case.objects.filter(pk=row.pk).update(words=STORY)
    said = f"{COPY}请反映人再来，老王和王主任也来。"
    given = {"words": said, "says": said, "to": village.code}
    said_of_all = ("Say it without", "老王", "、王主任”", NUMBER, "points to the person who made the report")
    page = answer(signed_in(by), "desk-case-act", [row.year, row.number, "pass"], given)
    for said in (*said_of_all, "has had this case in hand already"):
        assert said in page, said
    assert COPIED not in page, "whoever has not read it learns by no refusal whether a guess is right"
    what, side = CaseReading.What.REPORT, CaseStep.Side.OFFICE
    CaseReading.objects.create(case=row, person=by, what=what, side=side, on=clock.today())
    for name in ("pass", "fix"):
        page = answer(signed_in(by), "desk-case-act", [row.year, row.number, name], given)
        for said in (*said_of_all, COPIED):
            assert said in page, (name, said)
    several = {"deed": "fix", "row": [row.pk], "asked": "yes", "ticket": uuid.uuid4().hex, **given}
    page = answer(signed_in(by), "desk-case-many", [], several)
    for said in (*said_of_all, COPIED):
        assert said in page, said


def test_what_seems_to_be_misconduct_under_another_kind_is_asked_about_before_its_unit_gets_it(
    cycle, village, district
):
    office, grave = signed_in(district.office), received(village, kind="other", words="办证时他收了红包").case
    given = {"to": village.code, "target_text": "请查办证的流程。"}
    assert "correct its kind: it then goes around the unit" in answer_of(office, "office-case", grave.pk)
    assert 'name="stays"' in answer_of(office, "office-case-act", grave.pk, "assign")
    page = answer(office, "office-case-act", [grave.pk, "assign"], given)
    assert "Read it first: correct its kind" in page
    assert Case.objects.get().state == "received"
    answer(office, "office-case-act", [grave.pk, "assign"], given | {"stays": "on"})
    assert Case.objects.get().state == "assigned"
    plain = received(village, kind="other", words="路灯坏了").case
    assert "correct its kind: it then goes around" not in answer_of(office, "office-case", plain.pk)
    assert 'name="stays"' not in answer_of(office, "office-case-act", plain.pk, "assign")


TURN = "墙上的铃按了三回也没有人应"


@pytest.mark.parametrize("name", ["pause", "deny", "kind"])
def test_attack_a_turn_of_phrase_of_a_report_is_asked_about_before_everybody_reads_it(cycle, village, district, name):
    row = received(village, words=f"{STORY}。{TURN}。").case
    row = actions.assign_case(case=row, to=village, target_text="请查。", at=NOW, by=district.office)
    pausing.ask_for_pause(case=row, why="delivery", words="等零件。", at=NOW, by=district.secretaries[0])
    until = working_days_after(clock.today(), 2)
    given = {"why": "delivery", "words": f"{TURN}，待查。", "until_on": until, "kind": "inaction"}
    page = answer(signed_in(district.office), "office-case-act", [row.pk, name], given)
    assert "is in what its reporter wrote as well" in page
    assert 'name="repeats_seen"' in page
    assert not CaseStep.objects.filter(case=row, words__contains=TURN).exists()
    honest = {**given, "words": "窗口的呼叫装置已经订货，等厂家发货。"}
    answer(signed_in(district.office), "office-case-act", [row.pk, name], honest)
    assert CaseStep.objects.filter(case=row, words=honest["words"]).exists(), "an honest reason is not asked about"


def test_a_turn_of_phrase_that_has_to_stay_is_ticked_and_a_shown_one_is_no_question(cycle, village, district):
    row = received(village, words=f"{STORY}。{TURN}。").case
    row = actions.assign_case(case=row, to=village, target_text="请查。", at=NOW, by=district.office)
    given = {"kind": "inaction", "words": f"{TURN}，属不作为。"}
    Case.objects.filter(pk=row.pk).update(may_show=True, is_shown=True, public_words=row.words)
    assert own_words.turn_of_phrase(Case.objects.get(pk=row.pk), given["words"]) == ""
    Case.objects.filter(pk=row.pk).update(may_show=False, is_shown=False, public_words="")
    answer(signed_in(district.office), "office-case-act", [row.pk, "kind"], {**given, "repeats_seen": "on"})
    assert CaseStep.objects.filter(case=row, words=given["words"]).exists()


def test_a_unit_that_has_not_read_a_report_is_asked_about_no_turn_of_phrase(cycle, village, district):
    row, by = assigned(district, village), district.secretaries[0]
    Case.objects.filter(pk=row.pk).update(words=f"{STORY}。{TURN}。")
    assert own_words.turn_of_phrase(Case.objects.get(pk=row.pk), TURN, by) == ""
    what, side = CaseReading.What.REPORT, CaseStep.Side.OFFICE
    CaseReading.objects.create(case=row, person=by, what=what, side=side, on=clock.today())
    page = answer(signed_in(by), "desk-case-act", [row.year, row.number, "fix"], {"says": f"{TURN}，已修好。"})
    assert 'name="repeats_seen"' in page


def test_only_what_goes_around_its_unit_is_asked_about_before_a_kind_is_corrected(cycle, village, district):
    row = received(village, words=STORY).case
    row = actions.assign_case(case=row, to=village, target_text="请查。", at=NOW, by=district.office)
    for kind in ("misconduct", "no such kind"):
        given = {"kind": kind, "words": "看过了，属于另一类。"}
        assert "Please tick this to confirm" in answer(
            signed_in(district.office), "office-case-act", [row.pk, "kind"], given
        )
    answer(signed_in(district.office), "office-case-act", [row.pk, "kind"], {**given, "kind": "inaction"})
    assert Case.objects.get(pk=row.pk).kind == "inaction"


def test_a_text_for_the_unit_is_not_said_to_be_everybodys_and_shows_nothing_that_may_not_be_shown(
    cycle, village, district
):
    row = received(village, words=STORY).case
    row = actions.assign_case(case=row, to=village, target_text="请查。", at=NOW, by=district.office)
    assert 'name="shows"' not in answer_of(signed_in(district.office), "office-case-act", row.pk, "reword")
    page = answer(
        signed_in(district.office), "office-case-act", [row.pk, "reword"], {"target_text": "请赵春花家再来。"}
    )
    assert "the unit keeps this text" in page
    assert "everybody can read this" not in page
