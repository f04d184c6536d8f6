"""Whatever a reporter ever wrote in a case, no form of anybody who read it hands it to the unit, to everybody or to other reporters."""

import pytest
from tests.cast.cases import two_readers
from tests.cast.district import NOW, launched_cycle, small_district
from tests.cast.refusing import refused
from tests.rooms.cases.test_cases import DAY, PHONE, received

from zhengyou.base.time import working_days_after
from zhengyou.cases import actions, effects, guarding, own_words, pausing, queries, reporting, setting_aside
from zhengyou.cases.models import Case, CaseReading, CaseStep

pytestmark = pytest.mark.django_db
MESSAGE = "补一句：那天排在我前面的是卖豆腐的老周，他也听见了。"
CALLED = "她说孩子就在窗口旁边站着，穿红色的雨衣，哭了很久。"
REOPENING = "说是修好了，可我昨天又跑了一趟，灯还是只亮了一半，别人也看见。"
VERDICT = "只办成一半，药费单子还差两张，会计说他不记得收过我的。"
LATER = NOW + 9 * DAY


@pytest.fixture
def district():
    return small_district()


@pytest.fixture
def cycle(district):
    return launched_cycle(district)


@pytest.fixture
def row(district, cycle):
    """A case whose reporter wrote in every way there is, opened again and with its unit."""
    one = received(district.villages[0], words="卫生所不开票", contact=PHONE, at=NOW - DAY).case
    reporting.write_as_reporter(case=one, words=MESSAGE, at=NOW - DAY)
    by = {"at": NOW, "by": district.office}
    one = actions.assign_case(case=one, to=one.unit, target_text="有人反映开具票据不及时。", **by)
    pausing.call_back(case=one, words=CALLED, **by)
    actions.say_fixed(case=one, says="票已补开。", at=NOW, by=district.secretaries[0])
    reporting.give_verdict(case=one, verdict="partly", goes_on=False, words=VERDICT, at=NOW + DAY)
    reporting.reopen_case(case=one, words=REOPENING, at=NOW + 2 * DAY)
    effects.settle(at=NOW + 3 * DAY)
    return one


def reworded(row, district, words):
    actions.reword_case(case=row, target_text=words, shows=False, repeats=True, at=LATER, by=district.office)


def paused(row, district, words):
    until = working_days_after(LATER.date(), 2)
    pausing.pause_clock(case=row, why="delivery", words=words, until_on=until, at=LATER, by=district.office)


def denied(row, district, words):
    if Case.objects.get(pk=row.pk).pause_asked_on is None:
        pausing.ask_for_pause(case=row, why="delivery", words="等零件。", at=LATER, by=district.secretaries[0])
    pausing.deny_pause(case=row, words=words, at=LATER, by=district.office)


def another_kind(row, district, words):
    actions.change_kind(case=row, kind="inaction", words=words, at=LATER, by=district.office)


OFFICE = [reworded, paused, denied, another_kind]


@pytest.mark.parametrize("way", OFFICE)
@pytest.mark.parametrize("said", [MESSAGE, CALLED, REOPENING, VERDICT], ids=["message", "call", "reopening", "verdict"])
def test_attack_nothing_a_reporter_ever_wrote_leaves_by_a_form_of_the_office(row, district, way, said):
    for words in (said, f"请注意：{said[2:25]}……"):
        with refused("case.copies-report"):
            way(row, district, words)
    way(row, district, "请按反映的情况再查一次。")


@pytest.mark.parametrize("way", OFFICE)
def test_attack_a_copy_in_traditional_characters_or_wide_signs_is_a_copy(row, district, way):
    with refused("case.copies-report"):
        way(row, district, "請注意：那天排在我前面的是賣豆腐的老周，他也聽見了。")
    assert own_words.repeated_of(row, "請問賣豆腐的老周") != ""


@pytest.mark.parametrize("way", [paused, denied, another_kind])
@pytest.mark.parametrize(
    ("name", "told"), [("place", "三年级二班"), ("happened", "上周三"), ("contact", "李四（村口）")]
)
def test_attack_where_and_when_it_was_is_told_to_nobody_however_short(row, district, way, name, told):
    Case.objects.filter(pk=row.pk).update(**{name: told})
    with refused("case.copies-report"):
        way(row, district, f"{told}的事要等。")
    way(row, district, "要等零件，三天后再看。")


def test_attack_no_tick_hands_the_unit_how_its_reporter_is_reached(row, district):
    Case.objects.filter(pk=row.pk).update(contact="李四（村口）", place="三年级二班")
    with refused("case.copies-report"):
        reworded(row, district, "请找村口的李四 村口问一问。")
    reworded(row, district, "请到三年级二班看一看。")  # where it was a unit may need; the tick says that it has to stay


def test_attack_a_first_text_copies_no_message_that_came_before_it(cycle, district):
    one = received(district.villages[0], words="卫生所不开票", at=NOW - DAY).case
    reporting.write_as_reporter(case=one, words=MESSAGE, at=NOW - DAY)
    given = {"case": one, "to": one.unit, "at": NOW, "by": district.office}
    with refused("case.copies-report"):
        actions.assign_case(target_text=f"开票问题。{MESSAGE}", repeats=True, **given)
    with refused("case.repeats-report"):
        actions.assign_case(target_text="请问卖豆腐的老周。", **given)
    assert actions.assign_case(target_text="有人反映开具票据不及时。", **given).number


def passed(row, district, words):
    actions.pass_on(case=row, to=district.villages[1], words=words, at=LATER, by=district.secretaries[0])


def said_fixed(row, district, words):
    actions.say_fixed(case=row, says=words, at=LATER, by=district.secretaries[0])


def said_impossible(row, district, words):
    actions.say_impossible(case=row, lacks="means", words=words, at=LATER, by=district.secretaries[0])


def asked_for_pause(row, district, words):
    pausing.ask_for_pause(case=row, why="delivery", words=words, at=LATER, by=district.secretaries[0])


def noted_who(row, district, words):
    actions.say_who(case=row, in_house=words, at=LATER, by=district.secretaries[0])


def answered(row, district, words):
    if Case.objects.get(pk=row.pk).state == Case.State.ASSIGNED:
        actions.say_impossible(case=row, lacks="means", words="没有钱。", at=LATER, by=district.secretaries[0])
    actions.answer_impossible(case=row, confirms=False, words=words, at=LATER, by=district.town_secretary)


def settled(row, district, words):
    chain = [*district.villages[1:3], district.town] if Case.objects.get(pk=row.pk).state != Case.State.UNOWNED else []
    for secretary, to in zip(district.secretaries, chain, strict=False):
        actions.pass_on(case=row, to=to, words="不归我们。", at=LATER, by=secretary)
    actions.settle_owner(case=row, to=district.villages[0], words=words, at=LATER, by=district.town_secretary)


@pytest.mark.parametrize("way", [passed, said_fixed, said_impossible, asked_for_pause, noted_who, answered, settled])
def test_attack_who_wrote_it_down_at_the_counter_tells_it_no_further_and_a_guess_tells_nothing(row, district, way):
    by = district.town_secretary if way in (answered, settled) else district.secretaries[0]
    what, side = CaseReading.What.REPORT, CaseStep.Side.OFFICE
    CaseReading.objects.create(case=row, person=by, what=what, side=side, on=LATER.date())
    with refused("case.copies-report"):
        way(row, district, MESSAGE)
    CaseReading.objects.all().delete()
    way(row, district, MESSAGE)  # whoever never read it is told by no refusal that a guess is right


def test_what_the_unit_reads_anyway_is_no_copy_though_its_reporter_repeats_it(row, district):
    text = "有人反映开具票据不及时，请在五个工作日内把欠开的票据补齐并逐户说明。"
    reworded(row, district, text)
    reporting.write_as_reporter(case=row, words=f"你们写的是“{text}”，不对。", at=LATER)
    reworded(row, district, text)
    assert queries.steps_of(row)[-1].kind == CaseStep.Kind.REWORDED


def test_attack_what_one_reporter_wrote_is_sent_to_no_other_one(cycle, district):
    rows = [received(district.villages[n], words=f"第{n}件小事", at=NOW).case for n in range(2)]
    reporting.write_as_reporter(case=rows[0], words=MESSAGE, at=NOW)
    by = {"at": NOW, "by": district.office}
    with refused("case.copies-another"):
        actions.write_same_message(cases=rows, words=f"有人说：{MESSAGE}", **by)
    assert not CaseStep.objects.filter(kind="message", side="office").exists()
    assert actions.write_same_message(cases=rows[:1], words=f"您说“{MESSAGE}”，我们记下了。", **by) == 1
    assert actions.write_same_message(cases=rows, words="已在查。", **by) == 2


def test_attack_the_readers_of_misconduct_tell_no_reporter_what_another_one_wrote(cycle, district):
    first, _second = two_readers(district, at=NOW)
    said = {"kind": "misconduct", "contact": "李四 0745-1"}
    rows = [received(district.villages[n], words=f"收钱{n}", at=NOW + DAY, **said).case for n in range(2)]
    reporting.write_as_reporter(case=rows[0], words=MESSAGE, at=NOW + DAY)
    by = {"at": NOW + DAY, "by": first}
    with refused("case.copies-another"):
        guarding.hand_over_many(cases=rows, words=f"已移交。{MESSAGE}", **by)
    with refused("case.copies-another"):
        setting_aside.ask_aside(cases=rows, why="senseless", words=MESSAGE, **by)
    with refused("case.copies-another"):
        guarding.hand_over_many(cases=rows, words="已移交，联系人：李四 0745-1。", **by)
    assert guarding.hand_over_many(cases=rows, words="今天当面移交。", **by) == 2


def test_a_piece_of_a_message_that_is_no_copy_has_a_tick(row):
    assert own_words.repeated_of(row, "请问卖豆腐的老周") != ""
    assert own_words.copied_of(row, "请问卖豆腐的老周") == ""
