"""A clock stands still up to a day and runs again by itself; only who left a telephone is called, and can say that nobody did."""

import json
from datetime import date, timedelta

import pytest
from django.utils import translation
from tests.cast.district import NOW, launched_cycle, small_district
from tests.cast.refusing import refused
from tests.rooms.cases.test_cases import DAY, PHONE, assigned, received

from zhengyou.base.models import PublicEntry
from zhengyou.base.time import working_days_after
from zhengyou.cases import actions, due_queries, effects, hiding, pausing, pausing_rules, queries, reporting, rules
from zhengyou.cases.computing import timing
from zhengyou.cases.computing.reaching import holds_a_phone
from zhengyou.cases.computing.repeating import repeated
from zhengyou.cases.models import Case, CaseStep
from zhengyou.web.shared import case_words

pytestmark = pytest.mark.django_db
WEEK = working_days_after(NOW.date(), 5)
ASKED = {"why": "delivery", "words": "零件在路上。"}


@pytest.fixture
def district():
    return small_district()


@pytest.fixture
def cycle(district):
    return launched_cycle(district)


@pytest.fixture
def row(district, cycle):
    return assigned(district, district.villages[0])


def paused(row, district, **given):
    facts = {**ASKED, "until_on": WEEK, "at": NOW, "by": district.office}
    return pausing.pause_clock(case=row, **(facts | given))


def fix_clock(row, on):
    return queries.clocks_of(row, on)["fix"]


@pytest.mark.parametrize(
    ("given", "slug"),
    [
        ({"words": " "}, "casestep.words-missing"),
        ({"words": "等李四回电 13800000000"}, "case.tells-of-somebody"),
        ({"why": "leisure"}, "case.pause-for-nothing"),
        ({"until_on": NOW.date()}, "case.pause-too-long"),
        ({"until_on": working_days_after(NOW.date(), 10) + DAY}, "case.pause-too-long"),
    ],
)
def test_attack_a_forged_pause_has_a_reason_of_the_list_and_a_day_that_is_not_far(row, district, given, slug):
    with refused(slug):
        paused(row, district, **given)
    with refused("role.not-office"):
        paused(row, district, by=district.secretaries[0])


def test_a_pause_ends_by_itself_with_its_last_day(row, district, cycle):
    row = paused(row, district)
    during, after = fix_clock(row, WEEK), fix_clock(row, WEEK + 20 * DAY)
    assert (during.day, during.paused_until, during.due_on) == (0, WEEK, working_days_after(WEEK, 5))
    assert (after.paused_until, after.due_on, after.is_late) == (None, working_days_after(WEEK, 5), True)
    assert pausing_rules.is_paused(row, WEEK)
    assert not pausing_rules.is_paused(row, WEEK + DAY)
    assert row not in Case.objects.filter(queries.late_in_hand(cycle, WEEK + DAY))
    assert row in Case.objects.filter(queries.late_in_hand(cycle, WEEK + 20 * DAY))


def test_another_pause_is_another_public_step_and_all_are_counted(row, district, cycle):
    row = paused(row, district)
    later = NOW + 2 * DAY
    again = {"why": "weather", "until_on": working_days_after(later.date(), 10), "at": later}
    row = paused(row, district, by=district.second_office, **again)
    assert (row.pauses, len(PublicEntry.objects.filter(what="cases.pause_clock"))) == (2, 2)
    entry = PublicEntry.objects.filter(what="cases.pause_clock").order_by("-pk")[0]
    content = json.loads(entry.document)["content"]
    assert (content["why"], content["pauses"]) == ("weather", 2)
    assert fix_clock(row, WEEK + DAY).paused_until == working_days_after(later.date(), 10)
    told = queries.figures(cycle, WEEK)
    assert (told.paused, told.pauses) == (1, 2)


def test_attack_a_forged_pause_without_end_nobody_pauses_twice_in_a_row(row, district):
    row = paused(row, district)
    with refused("case.paused-by-you"):
        paused(row, district, at=NOW + DAY)
    row = paused(row, district, at=NOW + DAY, by=district.second_office)
    assert paused(row, district, at=NOW + 2 * DAY).pauses == 3


def test_attack_a_forged_pause_without_end_all_of_a_case_together_are_three_times_the_longest(row, district):
    at = NOW
    for by in (district.office, district.second_office, district.office):
        row = paused(row, district, at=at, by=by, until_on=working_days_after(at.date(), 10))
        at += (working_days_after(at.date(), 10) - at.date()).days * DAY
    with refused("case.paused-too-long"):
        paused(row, district, at=at, by=district.second_office, until_on=working_days_after(at.date(), 1))


def test_a_pause_that_takes_the_place_of_another_counts_from_its_own_day(row, district):
    until = working_days_after(NOW.date(), 10)
    for n in range(6):
        row = paused(row, district, by=(district.office, district.second_office)[n % 2], until_on=until)
    assert row.pauses == 6


def test_attack_words_taken_back_nobody_hides_their_own_reason(row, district):
    row = pausing.ask_for_pause(case=row, at=NOW, by=district.secretaries[0], **ASKED)
    row = paused(row, district)  # with the same words as the unit's
    asked, said = queries.steps_of(row)[-2:]
    for step in (asked, said):
        with refused("case.own-words"):
            hiding.hide_words(case=row, number=step.number, why="insults", at=NOW, by=district.office)
    step = hiding.hide_words(case=row, number=said.number, why="names", at=NOW, by=district.second_office)
    assert (step.hidden, step.by) == ("names", district.office)


def test_the_office_starts_a_clock_before_its_day_and_the_units_own_word_ends_a_pause(row, district):
    row = pausing.start_clock(case=paused(row, district), at=NOW + 2 * DAY, by=district.office)
    assert fix_clock(row, WEEK).due_on == working_days_after(NOW.date() + 2 * DAY, 5)
    with refused("case.not-paused"):
        pausing.start_clock(case=row, at=NOW + 3 * DAY, by=district.office)
    row = paused(row, district, at=NOW + 3 * DAY, by=district.second_office)
    row = actions.say_fixed(case=row, says="好了。", at=NOW + 3 * DAY, by=district.secretaries[0])
    assert fix_clock(row, WEEK).done_on == NOW.date() + 3 * DAY
    kinds = [step.kind for step in queries.steps_of(row)]
    assert kinds[-3:] == ["paused", "resumed", "fixed"]


def test_a_unit_asks_for_a_pause_and_its_clock_runs_until_the_office_says_so(row, district, cycle):
    row = pausing.ask_for_pause(case=row, at=NOW, by=district.secretaries[0], **ASKED)
    assert fix_clock(row, WEEK).paused_until is None
    with refused("case.pause-asked"):
        pausing.ask_for_pause(case=row, at=NOW, by=district.secretaries[0], **ASKED)
    with refused("role.not-secretary"):
        pausing.ask_for_pause(case=row, at=NOW, by=district.secretaries[1], **ASKED)
    due = {one.kind for one in due_queries.due_for_office(district.office, [district.root], cycle, NOW.date())}
    assert "pause" in due
    row = pausing.deny_pause(case=row, words="可以先修。", at=NOW, by=district.office)
    with refused("case.pause-not-asked"):
        pausing.deny_pause(case=row, words="可以先修。", at=NOW, by=district.office)
    row = pausing.ask_for_pause(case=row, at=NOW, by=district.secretaries[0], **ASKED)
    assert queries.pause_asked(row).words == "零件在路上。"
    row = paused(row, district)
    assert (row.pause_asked_on, fix_clock(row, WEEK).paused_until) == (None, WEEK)
    with refused("case.paused-already"):
        pausing.ask_for_pause(case=row, at=NOW, by=district.secretaries[0], **ASKED)


def test_attack_a_forged_call_nobody_is_called_who_left_no_telephone(row, district):
    with refused("case.nobody-to-call"):
        pausing.call_back(case=row, words="打过了。", at=NOW, by=district.office)
    row = actions.write_message(case=row, words="收到了。", at=NOW + DAY, by=district.office, as_office=True)
    clocks = queries.clocks_of(row, WEEK)
    assert (row.called_on, clocks["answer"].done_on) == (NOW.date() + DAY, NOW.date() + DAY)
    assert "call_back" not in clocks
    with refused("case.no-call-entered"):
        pausing.deny_call(case=row, at=NOW)


def test_a_reporter_says_that_nobody_called_and_the_clock_runs_on_from_the_report(district, cycle):
    row = assigned(district, district.villages[0], contact=PHONE)
    row = pausing.call_back(case=row, words="说清了。", at=NOW, by=district.office)
    for _twice in range(2):
        row = pausing.deny_call(case=row, at=NOW + 2 * DAY)
    assert [step.kind for step in queries.steps_of(row)][-2:] == ["called", "not_called"]
    clock = queries.clocks_of(row, WEEK)["call_back"]
    assert (row.called_on, row.calls_denied, clock.done_on, clock.is_late) == (None, 1, None, True)
    assert queries.figures(cycle, WEEK).calls_denied == 0, "a figure that moved at once would tell the hour"
    effects.settle(at=NOW + 3 * DAY)
    assert queries.figures(cycle, WEEK).calls_denied == 0, "of few cases it would tell who left a telephone"
    for n in range(rules.LEAST):
        assigned(district, district.villages[1], words=f"第{n}件")
    assert queries.figures(cycle, WEEK).calls_denied == 1
    assert queries.figures(cycle, WEEK, district.villages[0]).calls_denied == 0
    row = Case.objects.get(pk=row.pk)
    row = pausing.call_back(case=row, words="这次说清了。", at=NOW + 3 * DAY, by=district.office)
    assert row.called_on == NOW.date() + 3 * DAY


def test_the_middle_of_days_counts_no_call_that_nobody_could_make(district, cycle):
    for n in range(2 * rules.LEAST):
        row = assigned(district, district.villages[0], words=f"第{n}件", contact=PHONE if n % 2 else "微信 abc")
        if n % 2:
            pausing.call_back(case=row, words="说了。", at=NOW + 2 * DAY, by=district.office)
        else:
            actions.write_message(case=row, words="收到。", at=NOW, by=district.office, as_office=True)
    assert queries.figures(cycle, WEEK).call_days == 3.0


def test_who_took_back_the_number_before_any_call_is_none_that_could_be_called(district, cycle):
    taken = received(district.villages[0], contact=PHONE).case
    row = reporting.take_back_contact(case=taken, at=NOW)
    assert (row.contact, row.has_phone) == ("", False)


@pytest.mark.parametrize(
    ("contact", "is_phone"),
    [
        ("13800000000", True), ("李四 0745-0000000", True), ("138 0000 0000", True), ("１３８００００００００", True),
        ("短号 66123", True), ("未知", False), ("wang12345@example.org", False), ("微信 abc", False), ("3楼402", False), ("", False),
    ],
)  # fmt: skip
def test_what_a_telephone_is(contact, is_phone):
    assert holds_a_phone(contact) is is_phone


def test_the_text_for_the_unit_repeats_nothing_of_the_report_unless_it_is_meant(district, cycle):
    row = received(district.villages[0], words="我女儿上周三在三年级二班教室门口等了两个小时", at=NOW - DAY).case
    given = {"case": row, "to": row.unit, "at": NOW, "by": district.office}
    with refused("case.repeats-report"):
        actions.assign_case(target_text="有家长在三年级二班教室门口等候，请查。", **given)
    row = actions.assign_case(target_text="有家长在校内等候过久，请查。", **given)
    text = "三年级二班教室门口等了两个小时，请查。"
    again = {"case": row, "shows": False, "at": NOW, "by": district.office}
    with refused("case.repeats-report"):
        actions.reword_case(target_text=text, **again)
    assert actions.reword_case(target_text=text, repeats=True, **again).target_text == text


def test_no_tick_gives_a_unit_the_report_itself(district, cycle):
    words = "低保材料交上去二十天没有回音，打电话说经办人下乡了。"
    rows = [received(district.villages[0], words=said, at=NOW - DAY).case for said in (words, "窗口周三没有人")]
    given = {"to": district.villages[0], "repeats": True, "at": NOW, "by": district.office}
    for row, text in ((rows[0], words), (rows[0], f"请查：{words[:24]}"), (rows[1], "请查：窗口周三没有人！")):
        with refused("case.copies-report"):
            actions.assign_case(case=row, target_text=text, **given)
    row = actions.assign_case(case=rows[0], target_text="低保材料交上去二十天了，请查。", **given)
    with refused("case.copies-report"):
        actions.reword_case(case=row, target_text=words, shows=False, repeats=True, at=NOW, by=district.office)


def test_no_reason_of_the_office_tells_everybody_the_report(district, cycle):
    words = "低保材料交上去二十天没有回音，打电话说经办人下乡了。"
    row = received(district.villages[0], words=words, at=NOW - DAY).case
    by = {"at": NOW, "by": district.office}
    row = actions.assign_case(case=row, to=row.unit, target_text="有申请久未答复。", **by)
    with refused("case.copies-report"):
        pausing.pause_clock(case=row, why="decision", words=words, until_on=NOW.date() + DAY, **by)
    with refused("case.copies-report"):
        actions.change_kind(case=row, kind="inaction", words=words, **by)
    pausing.ask_for_pause(case=row, why="decision", words="等上级。", at=NOW, by=district.secretaries[0])
    with refused("case.copies-report"):
        pausing.deny_pause(case=row, words=f"不停：{words}", **by)


def test_what_everybody_may_read_may_stand_in_the_text_for_the_unit(district, cycle):
    words = "低保材料交上去二十天没有回音，打电话说王小红下乡了。"
    open_one = {"words": words, "may_show": True, "public_words": words.replace("王小红", "███"), "at": NOW - DAY}
    row = received(district.villages[0], **open_one).case
    given = {"case": row, "to": row.unit, "repeats": True, "at": NOW, "by": district.office}
    with refused("case.copies-report"):
        actions.assign_case(target_text=words, **given)
    assert actions.assign_case(target_text="低保材料交上去二十天没有回音，打电话", **given).number


def test_runs_are_found_in_both_scripts_and_names_of_units_are_none():
    assert repeated("The queue at window three is too long today.", "I said the queue at window three is too long") == (
        "The queue at window three is too long"
    )
    assert repeated("请红石镇政务服务中心查一查", "红石镇政务服务中心的人不理我", ["红石镇政务服务中心"]) == ""
    assert repeated("窗口关门太早", "他们关门早") == ""
    assert repeated("等了“两个 小时”才办", "我等了两个小时才办好") == "等了“两个 小时”才办"


def test_who_of_the_unit_does_it_is_for_the_unit_and_goes_with_the_case(row, district):
    with refused("role.not-secretary"):
        actions.say_who(case=row, in_house="小赵", at=NOW, by=district.secretaries[1])
    row = actions.say_who(case=row, in_house=" 小赵 ", at=NOW, by=district.secretaries[0])
    assert row.in_house == "小赵"
    row = actions.pass_on(case=row, to=district.villages[1], words="是他们的。", at=NOW, by=district.secretaries[0])
    assert row.in_house == ""


def test_the_next_case_follows_in_the_order_of_what_is_due(district, cycle):
    rows = [received(district.villages[0], words=f"第{n}件", at=NOW - n * DAY).case for n in range(3)]
    mine = Case.objects.filter(state="received")
    on = NOW.date()
    assert queries.next_by_due(mine, rows[2], on) == rows[1]
    assert queries.next_by_due(mine, rows[0], on) == rows[2]
    assert queries.next_by_due(mine.filter(pk=rows[0].pk), rows[0], on) is None


@pytest.mark.parametrize(
    ("late", "says"),
    [(0, "paused until 17 March 2026 · then due by"), (9, "it was %d working days late before, and still is")],
)
def test_a_paused_clock_that_was_late_says_no_day_that_is_over(row, district, late, says):
    Case.objects.update(from_on=row.from_on - late * DAY)
    row.refresh_from_db()
    clock = fix_clock(paused(row, district), NOW.date())
    with translation.override("en"):
        assert (says % clock.over if late else says) in case_words.words_of_clock(clock)


def test_the_last_day_is_not_said_as_none_left(row):
    last = fix_clock(row, fix_clock(row, NOW.date()).due_on)
    with translation.override("en"):
        assert case_words.words_of_clock(last).startswith("today is the last day · until ")


@pytest.mark.parametrize(
    ("day", "says"), [(13, "the same day"), (15, "before the next working day"), (16, "after 1 working day")]
)
def test_what_was_done_on_days_off_was_not_done_the_same_day(day, says):
    done = timing.clock(date(2026, 3, 13), 1, NOW.date(), done_on=date(2026, 3, day))  # a Friday
    with translation.override("en"):
        assert case_words.words_of_clock(done).endswith(f"March 2026, {says}")


def test_a_case_opened_again_counts_from_the_end_of_its_week_and_says_so(row, district):
    Case.objects.update(reopened=1, from_on=date(2026, 3, 15), fixed_on=NOW.date(), state="fixed")
    row.refresh_from_db()
    [fix, *_others] = case_words.clock_lines(row, NOW.date(), queries.steps_of(row), "public")
    with translation.override("en"):
        says = case_words.words_of_clock(fix.clock)
    assert (fix.is_again, says) == (True, "done on 10 March 2026, in the week in which it was opened again")


def test_what_cannot_be_done_waits_for_the_level_above_and_not_to_be_taken_on(row, district):
    row = actions.say_impossible(case=row, lacks="means", words="没有钱。", at=NOW, by=district.secretaries[0])
    lines = case_words.clock_lines(row, NOW.date(), queries.steps_of(row), "public")
    with translation.override("en"):
        assert [str(line.name) for line in lines] == ["The level above answers"]


def test_every_pause_in_the_tables_has_its_last_day():
    assert {"until_on", "why"} <= {field.name for field in CaseStep._meta.get_fields()}
    assert timing.clock(date(2026, 3, 6), 5, date(2026, 3, 6) + timedelta(days=1)).paused_until is None
