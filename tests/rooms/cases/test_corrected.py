"""What the office corrects of a case that a unit has: its kind, with a reason, and single words that everybody reads."""

import json

import pytest
from tests.cast.cases import two_readers
from tests.cast.district import NOW, launched_cycle, small_district
from tests.cast.refusing import refused
from tests.rooms.cases.test_cases import DAY, assigned, fixed

from zhengyou.base.models import PublicEntry, SearchEntry
from zhengyou.cases import actions, effects, hiding, queries, reader_queries, reporting
from zhengyou.cases.models import CaseStep
from zhengyou.web.shared import case_words

pytestmark = pytest.mark.django_db
SHOWN = "张三家的路灯坏了，张三说了两次没人修"


@pytest.fixture
def district():
    return small_district()


@pytest.fixture
def cycle(district):
    return launched_cycle(district)


@pytest.fixture
def village(cycle, district):
    return district.villages[0]


def entry_of(what):
    return json.loads(PublicEntry.objects.get(what=what).document)["content"]


def test_the_kind_is_corrected_after_the_giving_with_a_reason_that_everybody_reads(district, cycle, village):
    row = assigned(district, village)
    with refused("casestep.words-missing"):
        actions.change_kind(case=row, kind="inaction", at=NOW, by=district.office)
    with refused("case.same-kind"):
        actions.change_kind(case=row, kind="delay", words="看错了。", at=NOW, by=district.office)
    with refused("role.not-office"):
        actions.change_kind(case=row, kind="inaction", words="看错了。", at=NOW, by=district.secretaries[0])
    row = actions.change_kind(case=row, kind="inaction", words="没有人做。", at=NOW + DAY, by=district.office)
    assert queries.figures(cycle, NOW.date()).kinds == {"inaction": 1}
    told = entry_of("cases.change_kind")
    assert (told["was"], told["kind"], told["case"]) == ("delay", "inaction", [row.year, row.number])
    for reader in ("public", "unit"):
        [step] = [one for one in case_words.steps_for(queries.steps_of(row), reader) if one.words]
        assert step.words == "没有人做。"
        assert "it was" in str(step.what)


def test_a_case_found_to_be_grave_goes_around_its_unit_from_then_on_and_what_that_read_is_said(
    district, cycle, village
):
    first, _second = two_readers(district, at=NOW)
    row = fixed(district, village, kind="delay")
    reporting.give_verdict(case=row, verdict="solved", goes_on=False, at=NOW)
    year, number = row.year, row.number
    row = actions.change_kind(case=row, kind="misconduct", words="收了钱。", at=NOW, by=district.office)
    assert (row.state, row.number, row.target_text, row.verdict) == ("guarded", None, "请查窗口排队。", "")
    assert queries.case_numbered(year, number) is None
    assert not SearchEntry.objects.filter(reference=row.reference).exists()
    assert reader_queries.guarded_case(row.pk, first, NOW.date()) == row
    assert not PublicEntry.objects.filter(what="cases.change_kind").exists()
    assert queries.figures(cycle, NOW.date()).received == 0
    assert effects.settle(at=NOW + DAY) == 0, "what its reporter said before does not bring it back"
    row.refresh_from_db()
    assert row.state == "guarded"
    assert queries.clocks_of(row, NOW.date())["hand_over"].from_on == NOW.date()


def test_the_public_count_of_what_goes_around_does_not_move_on_the_day_of_a_correction(district, cycle, village):
    row = assigned(district, village, at=NOW - 10 * DAY)
    actions.change_kind(case=row, kind="misconduct", words="收了钱。", at=NOW, by=district.office)
    assert queries.figures(cycle, NOW.date()).guarded == 0
    assert queries.figures(cycle, NOW.date() + 7 * DAY).guarded == 1


def test_some_words_of_a_unit_are_blacked_out_and_the_rest_stays(district, village):
    row = assigned(district, village)
    row = actions.say_fixed(case=row, says="已给张三换灯。", at=NOW, by=district.secretaries[0])
    number = queries.steps_of(row)[-1].number
    with refused("case.no-such-words"):
        hiding.hide_words(case=row, number=number, why="names", parts="李四", at=NOW, by=district.office)
    hiding.hide_words(case=row, number=number, why="names", parts="张三", at=NOW, by=district.office)
    row.refresh_from_db()
    assert row.unit_says == "已给██换灯。"
    assert all("张三" not in str(one.document) for one in PublicEntry.objects.exclude(what="cases.hide_words"))
    for reader, words in (("public", "已给██换灯。"), ("unit", "已给██换灯。"), ("office", "已给张三换灯。")):
        [step] = [one for one in case_words.steps_for(queries.steps_of(row), reader) if one.hidden]
        assert step.words == words
    hiding.hide_words(case=row, number=number, why="insults", at=NOW, by=district.office)
    row.refresh_from_db()
    assert (row.unit_says, CaseStep.objects.get(case=row, number=number).blacked) == ("", "")


def test_attack_nobody_blacks_out_their_own_words(district, village):
    from zhengyou.cases import pausing

    row = assigned(district, village)
    row = pausing.pause_clock(
        case=row, why="weather", words="下雨。", until_on=NOW.date() + 2 * DAY, at=NOW, by=district.office
    )
    number = queries.steps_of(row)[-1].number
    with refused("case.own-words"):
        hiding.hide_words(case=row, number=number, why="names", parts="下雨", at=NOW, by=district.office)


def test_words_of_a_report_that_everybody_reads_are_blacked_out_and_its_reporter_reads_why(district, village):
    row = assigned(district, village, words=SHOWN, may_show=True)
    with refused("case.nothing-to-hide"):
        hiding.black_out_words(case=row, why="names", parts="张三", at=NOW, by=district.office)
    row = actions.reword_case(case=row, target_text="请修灯。", shows=True, at=NOW, by=district.office)
    with refused("case.unknown-reason"):
        hiding.black_out_words(case=row, why="shame", parts="张三", at=NOW, by=district.office)
    with refused("role.not-office"):
        hiding.black_out_words(case=row, why="names", parts="张三", at=NOW, by=district.secretaries[0])
    row = hiding.black_out_words(case=row, why="names", parts="张三", at=NOW, by=district.office)
    assert row.public_words == SHOWN.replace("张三", "██")
    assert row.words == SHOWN
    for reader in ("public", "unit", "reporter"):
        [step] = [one for one in case_words.steps_for(queries.steps_of(row), reader) if one.hidden]
        assert "blacked out words of the report" in str(step.what)
    assert entry_of("cases.black_out_words")["why"] == "names"


def test_attack_who_wrote_a_report_down_does_not_black_out_its_words(district, village):
    row = assigned(district, village, words=SHOWN, may_show=True, source="phone", by=district.office)
    row = actions.reword_case(case=row, target_text="请修灯。", shows=True, at=NOW, by=district.office)
    with refused("case.own-words"):
        hiding.black_out_words(case=row, why="names", parts="张三", at=NOW, by=district.office)
    hiding.black_out_words(case=row, why="names", parts="张三", at=NOW, by=district.second_office)
