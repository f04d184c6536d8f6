"""Cases from the report to the verdict: every way through, every clock, and each wrong turn refused by name."""

import json
import uuid
from datetime import date, timedelta
from itertools import product

import pytest
from tests.cast.cases import named_reader, two_readers
from tests.cast.district import NOW, launched_cycle, small_district
from tests.cast.refusing import refused

from zhengyou.base.models import JournalEntry, PublicEntry
from zhengyou.base.time import is_working_day, week_of, working_days_after
from zhengyou.cases import actions, due_queries, effects, guarding, pausing, queries, reader_queries, reporting, rules
from zhengyou.cases.computing import timing
from zhengyou.cases.computing.timing import Pause
from zhengyou.cases.models import Case, CaseStep
from zhengyou.organisations.models import Post
from zhengyou.organisations.readers import Reader
from zhengyou.rhythm.queries import open_in

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PHONE = "0745-0000000"
WORDS = "上周三窗口的老王让我跑了四趟，电话 13800000000"


@pytest.fixture
def district():
    return small_district()


@pytest.fixture
def cycle(district):
    return launched_cycle(district)


@pytest.fixture
def village(district):
    return district.villages[0]


def received(unit, **given):
    """A report by the public page, and its code."""
    facts = {"kind": "delay", "words": WORDS, "contact": "", "source": "report", "ticket": uuid.uuid4(), "at": NOW}
    return actions.receive_case(unit=unit, **(facts | given))


def assigned(district, unit, *, at=NOW, **given):
    row = received(unit, at=at - DAY, **given).case  # a unit gets it on a later day at the earliest
    return actions.assign_case(case=row, to=unit, target_text="请查窗口排队。", at=at, by=district.office)


def fixed(district, unit, at=NOW, **given):
    row = assigned(district, unit, **given)
    return actions.say_fixed(case=row, says="加开了一个窗口。", at=at, by=district.secretaries[0])


def test_a_report_gets_a_code_of_sixty_bits_and_no_number(cycle, village):
    taken = received(village)
    assert len(taken.code.replace("-", "")) == 12
    assert (taken.case.state, taken.case.number) == ("received", None)
    assert queries.case_with_code(taken.code.lower()) == taken.case
    assert not JournalEntry.objects.filter(deed__startswith="cases.").exists()


def test_a_form_sent_twice_is_one_case_with_one_code(cycle, village):
    ticket = uuid.uuid4()
    first, again = received(village, ticket=ticket), received(village, ticket=ticket)
    assert (first.case, first.code) == (again.case, again.code)
    with refused("case.form-used"):
        received(village, ticket=ticket, words="另一件事")


def test_what_says_nothing_or_has_no_campaign_is_refused(district, village):
    with refused("case.no-campaign"):
        received(village)
    launched_cycle(district)
    with refused("case.says-nothing"):
        received(village, words=" ")
    with refused("case.unknown-kind"):
        received(village, kind="gossip")


def test_from_the_report_to_the_verdict(district, cycle, village):
    row = assigned(district, village, contact=PHONE)
    assert (row.state, row.year, row.number) == ("assigned", 2026, 1)
    row = pausing.call_back(case=row, words="电话里说清了。", at=NOW + DAY, by=district.office)
    row = actions.say_fixed(case=row, says="加开了一个窗口。", at=NOW + 2 * DAY, by=district.secretaries[0])
    with refused("case.other-state"):
        actions.say_fixed(case=row, says="再说一遍。", at=NOW, by=district.secretaries[0])
    row = reporting.give_verdict(case=row, verdict="not_solved", goes_on=True, at=NOW + 3 * DAY)
    sunday = date(2026, 3, 15)  # the end of the week in which it was opened again, since everybody sees the clock
    assert (row.state, row.reopened, row.from_on) == ("assigned", 1, sunday)
    row = actions.say_fixed(case=row, says="又加了一个。", at=NOW + 4 * DAY, by=district.secretaries[0])
    row = reporting.give_verdict(case=row, verdict="solved", goes_on=False, at=NOW + 5 * DAY)
    again = reporting.give_verdict(case=row, verdict="solved", goes_on=False, at=NOW + 5 * DAY)
    assert (again.state, again.unit_says, again.verdict) == ("closed", "又加了一个。", "solved")
    row = reporting.reopen_case(case=row, words="又关了。", at=NOW + 9 * DAY)
    assert (row.state, row.reopened, row.closed_on) == ("assigned", 2, None)


def test_only_its_reporter_closes_or_somebody_from_elsewhere_after_long_silence(district, cycle, village):
    row = fixed(district, village)
    with refused("case.reporter-has-time"):
        actions.close_silent(case=row, at=NOW + 10 * DAY, by=district.office)
    later = NOW + 40 * DAY
    with refused("role.not-office"):
        actions.close_silent(case=row, at=later, by=district.secretaries[0])
    row = actions.close_silent(case=row, at=later, by=district.office)
    assert (row.state, row.verdict) == ("closed", "")
    row = assigned(district, district.town, words="镇里的事")
    row = actions.say_fixed(case=row, says="好了。", at=NOW, by=district.town_secretary)
    with refused("case.own-closing"):  # the office of the level right above is not from elsewhere
        actions.close_silent(case=row, at=later, by=district.office)


def test_an_office_person_of_the_unit_neither_reads_nor_closes(district, cycle, village):
    from zhengyou.organisations import actions as organisations

    mine = district.members[0]
    organisations.appoint(
        person=mine, organisation=district.root, role=Post.Role.CAMPAIGN_OFFICE, title="",
        from_on=NOW.date(), at=NOW, by=None,
    )  # fmt: skip
    row = fixed(district, village)
    with refused("case.own-unit"):
        actions.close_silent(case=row, at=NOW + 40 * DAY, by=mine)
    reach = queries.tree.within_any([district.root], "unit")
    assert row in queries.docket(district.office, reach, NOW.date())
    assert row not in queries.docket(mine, reach, NOW.date())


def test_not_ours_names_whose_it_is_and_after_two_hands_the_level_above_decides(district, cycle):
    first, second, third, fourth = district.villages
    row = assigned(district, first)
    row = actions.pass_on(case=row, to=second, words="是他们的路。", at=NOW, by=district.secretaries[0])
    assert (row.state, row.unit, row.hands) == ("passed", second, 1)
    with refused("case.had-it-already"):
        actions.pass_on(case=row, to=first, words="还给你。", at=NOW, by=district.secretaries[1])
    row = actions.pass_on(case=row, to=third, words="是三村的。", at=NOW + DAY, by=district.secretaries[1])
    row = actions.pass_on(case=row, to=fourth, words="是四村的。", at=NOW + 2 * DAY, by=district.secretaries[2])
    assert (row.state, row.unit, row.hands) == ("unowned", third, 3)
    with refused("role.not-above"):
        actions.settle_owner(case=row, to=second, words="", at=NOW, by=district.secretaries[0])
    row = actions.settle_owner(case=row, to=second, words="", at=NOW + 2 * DAY, by=district.town_secretary)
    assert (row.state, row.unit) == ("assigned", second)
    with refused("case.settled-above"):
        actions.pass_on(case=row, to=fourth, words="不。", at=NOW, by=district.secretaries[1])
    assert queries.hands_by_unit(cycle, 9)[0][2] == 1
    assert {one.pk for one in queries.touched_of(row)} == {first.pk, second.pk, third.pk}


def test_a_unit_that_was_named_takes_it(district, cycle):
    row = assigned(district, district.villages[0])
    row = actions.pass_on(case=row, to=district.villages[1], words="是他们的。", at=NOW, by=district.secretaries[0])
    with refused("case.other-state"):
        actions.say_fixed(case=row, says="好了。", at=NOW, by=district.secretaries[1])
    row = actions.take_on(case=row, at=NOW, by=district.secretaries[1])
    assert (row.state, row.hands) == ("assigned", 1)


def test_cannot_be_done_is_confirmed_by_the_level_above_and_counted_apart(district, cycle, village):
    row = assigned(district, village)
    with refused("case.lacks-unsaid"):
        actions.say_impossible(case=row, lacks="", words="没办法。", at=NOW, by=district.secretaries[0])
    row = actions.say_impossible(case=row, lacks="means", words="没有钱。", at=NOW, by=district.secretaries[0])
    with refused("role.not-above"):
        actions.answer_impossible(case=row, confirms=True, words="对。", at=NOW, by=district.secretaries[0])
    row = actions.answer_impossible(case=row, confirms=False, words="有钱。", at=NOW, by=district.town_secretary)
    assert (row.state, row.lacks) == ("assigned", "")
    row = actions.say_impossible(case=row, lacks="rule", words="规定不许。", at=NOW, by=district.secretaries[0])
    row = actions.answer_impossible(case=row, confirms=True, words="规定如此。", at=NOW, by=district.town_secretary)
    row = reporting.give_verdict(case=row, verdict="partly", goes_on=False, at=NOW)
    effects.settle(at=NOW + DAY)
    told = queries.figures(cycle, NOW.date())
    assert (row.state, told.impossible, told.said_fixed, told.judged) == ("closed", 1, 0, 1)


def test_a_clock_counts_working_days_and_says_what_it_leaves_out():
    friday = date(2026, 3, 6)
    one = timing.clock(friday, 5, date(2026, 3, 11))
    assert (one.day, one.due_on, one.is_late) == (3, date(2026, 3, 13), False)
    assert [left.on for left in one.left_out] == [date(2026, 3, 7), date(2026, 3, 8)]
    assert timing.clock(friday, 5, date(2026, 3, 16)).is_late
    paused = timing.clock(friday, 5, date(2026, 3, 16), pauses=[Pause(date(2026, 3, 9), date(2026, 3, 11), "等零件")])
    assert (paused.day, paused.due_on, paused.is_late) == (4, date(2026, 3, 17), False)
    assert [left.why for left in paused.left_out if left.why] == ["等零件"] * 2


@pytest.mark.parametrize("days", [1, 5, 15])
@pytest.mark.parametrize("on", [date(2026, 3, 9), date(2026, 10, 8), date(2026, 2, 24), date(2027, 3, 1)])
def test_the_list_of_late_ones_agrees_with_the_clock(days, on):
    last = timing.late_if_from(days, on)
    assert timing.clock(last, days, on).is_late
    assert not timing.clock(last + DAY, days, on).is_late


DAYS = [date(2026, 9, 20) + n * DAY for n in range(30)]  # with a long holiday and two Saturdays on which people work


@pytest.mark.parametrize("done_on", [None, date(2026, 10, 12)])
@pytest.mark.parametrize(
    "pauses",
    [
        [],
        [Pause(date(2026, 9, 24), date(2026, 9, 28), "等")],
        [Pause(date(2026, 9, 24), date(2026, 10, 9), "等"), Pause(date(2026, 10, 9), date(2026, 10, 13), "再等")],
        [Pause(date(2026, 9, 30), date(2026, 10, 31), "等")],
        [Pause(date(2026, 9, 22), date(2026, 9, 30), "等"), Pause(date(2026, 9, 28), date(2026, 10, 10), "也等")],
    ],
)
def test_whether_a_clock_is_late_is_known_without_counting_its_days(pauses, done_on):
    for from_on, days, on in product(DAYS, (1, 5, 15), DAYS):
        clock = timing.clock(from_on, days, on, done_on=done_on, pauses=pauses)
        late = timing.is_late(from_on, days, on, done_on=done_on, pauses=pauses)
        assert late == clock.is_late, (from_on, days, on)


def test_late_ones_are_found_in_one_query(district, cycle, village, django_assert_max_num_queries):
    row, other = (assigned(district, village, kind=kind, contact=PHONE) for kind in ("delay", "other"))
    pausing.call_back(case=row, words="说了。", at=NOW, by=district.office)
    pausing.call_back(case=other, words="说了。", at=NOW, by=district.office)
    on = working_days_after(NOW.date(), 6)
    with django_assert_max_num_queries(2):
        assert [one.pk for one in Case.objects.filter(queries.late(cycle, on))] == [row.pk]


def test_words_for_everybody_are_the_reporters_own_with_parts_blacked_out(cycle, village, district):
    covered = WORDS.replace("13800000000", rules.BLACK * 11)
    with refused("case.other-words"):
        received(village, public_words=covered.replace("窗口", "门口"))
    row = received(village, public_words=covered, may_show=True, at=NOW - DAY).case
    row = actions.assign_case(case=row, to=village, target_text="排队久。", shows=True, at=NOW, by=district.office)
    assert row.is_shown
    with refused("case.uncovered-again"):
        reporting.black_out(case=row, public_words=WORDS, may_show=True, at=NOW)
    row = reporting.black_out(case=row, public_words=rules.BLACK * len(WORDS), may_show=True, at=NOW)
    assert set(row.public_words) == {rules.BLACK}
    row = reporting.black_out(case=row, public_words=row.public_words, may_show=False, at=NOW)
    assert not row.is_shown


def test_misconduct_goes_around_its_target_to_two_named_people(district, cycle, village):
    row = received(village, kind="misconduct", may_show=True).case
    assert (row.state, row.body, row.may_show) == ("guarded", "discipline-inspection", False)
    with refused("case.guarded"):
        actions.assign_case(case=row, to=village, target_text="查。", at=NOW, by=district.office)
    with refused("case.not-a-reader"):
        guarding.hand_over(case=row, words="已移交。", at=NOW, by=district.office)
    reader, _other = two_readers(district, at=NOW)
    with refused("reader.two-already"):
        named_reader(organisation=district.root, person=district.members[5], at=NOW, by=district.office)
    assert queries.clocks_of(row, NOW.date())["hand_over"].days == 1
    row = guarding.hand_over(case=row, words="已移交。", at=NOW, by=reader)
    assert row.state == "handed"
    assert not JournalEntry.objects.filter(subject=row.reference).exists()
    week = NOW.date() + 7 * DAY
    assert queries.figures(cycle, NOW.date()).guarded == 0  # not before its week is over
    told = queries.figures(cycle, week)
    assert (told.guarded, told.received) == (1, 0)
    assert queries.figures(cycle, week, village).guarded == 0


def test_what_a_unit_writes_for_everybody_holds_no_number_of_anybody(district, cycle, village):
    row, by = assigned(district, village), district.secretaries[0]
    for says in ("已给赵某办好，电话13700001111", "身份证１１０１０１１９９００１０１１２３４", "车湘A12345"):
        with refused("case.tells-of-somebody"):
            actions.say_fixed(case=row, says=says, at=NOW, by=by)
        with refused("case.tells-of-somebody"):
            actions.pass_on(case=row, to=district.villages[1], words=says, at=NOW, by=by)
    assert actions.say_fixed(case=row, says="2026-03-09 起加开一个窗口，共 3 个。", at=NOW, by=by).state == "fixed"


def test_a_reader_never_reads_what_is_about_their_own_unit(district, cycle, village):
    row = received(village, kind="misconduct").case
    named_reader(organisation=district.root, person=district.members[0], at=NOW, by=district.office)
    assert reader_queries.guarded_case(row.pk, district.members[0], NOW.date()) is None


def test_once_a_week_it_is_entered_what_was_given_and_what_waits_and_nothing_of_what_goes_around(
    cycle, village, district
):
    assigned(district, village)
    for n, kind in enumerate(("delay", "inaction", "misconduct")):
        received(village, kind=kind, words=f"{WORDS}{kind}", at=NOW + n * DAY)
    assert reporting.count_weeks(at=NOW + 5 * DAY) == 0
    assert reporting.count_weeks(at=NOW + 6 * DAY) == 1
    assert reporting.count_weeks(at=NOW + 6 * DAY) == 0
    assert reporting.count_weeks(at=NOW + 14 * DAY) == 1, "a week later the two that nobody gave are said to wait"
    entries = PublicEntry.objects.filter(what="cases.count_week").order_by("number")
    told = [json.loads(one.document)["content"] for one in entries]
    assert told == [
        {"week": "2026-03-09", "kinds": {"delay": 1}, "waiting": 0},
        {"week": "2026-03-16", "kinds": {}, "waiting": 2},
    ]


def test_attack_a_weekly_count_tells_no_more_of_a_day_than_the_page_of_a_case(cycle, village, district):
    """The one report of its kind was given on a Wednesday: no count says that it came in that very week, and so on one of two days."""
    monday = week_of(NOW.date())
    row = received(village, kind="inaction", at=NOW - DAY).case
    assert row.received_on == monday
    actions.assign_case(case=row, to=village, target_text="查。", at=NOW + DAY, by=district.office)
    other = received(village, kind="delay", at=NOW - 3 * DAY).case
    actions.assign_case(case=other, to=village, target_text="查。", at=NOW + DAY, by=district.office)
    reporting.count_weeks(at=NOW + 30 * DAY)
    [entry] = PublicEntry.objects.filter(what="cases.count_week")
    kinds = json.loads(entry.document)["content"]["kinds"]
    assert kinds == {"delay": 1, "inaction": 1}, "both by the week in which they were given, which everybody reads"


@pytest.mark.parametrize("given", [NOW.date() + n * DAY for n in range(7)])
def test_the_week_of_a_report_is_told_only_where_it_narrows_its_day_to_no_less_than_seven(given):
    told: dict[date | None, set[date]] = {}
    for ago in range(1, 40):
        told.setdefault(timing.week_told(given - ago * DAY, given), set()).add(given - ago * DAY)
    told.popitem()  # the last one is cut off
    assert min(len(days) for days in told.values()) >= 7
    assert all(week is None or days == {week + n * DAY for n in range(7)} for week, days in told.items())


def test_attack_no_unit_gets_a_report_on_the_day_on_which_it_came(cycle, village, district):
    row = received(village).case
    given = {"to": village, "target_text": "查。", "by": district.office}
    with refused("case.day-not-over"):
        actions.assign_case(case=row, at=NOW, **given)
    with refused("case.day-not-over"):
        actions.assign_cases(cases=[row], at=NOW, by=district.office)
    for later, due in ((0, []), (1, ["assign"])):
        rows = due_queries.due_for_office(district.office, [district.root], cycle, NOW.date() + later * DAY)
        assert [one.kind for one in rows] == due
    assert actions.assign_case(case=row, at=NOW + DAY, **given).given_on == NOW.date() + DAY


def test_how_a_reporter_is_reached_is_forgotten(district, cycle, village):
    row = fixed(district, village, contact="李四 0745-1234567")
    row = reporting.give_verdict(case=row, verdict="solved", goes_on=False, at=NOW)
    effects.settle(at=NOW + DAY)
    assert reporting.forget_contacts(at=NOW + 30 * DAY) == 0
    assert reporting.forget_contacts(at=NOW + 100 * DAY) == 1
    assert Case.objects.get(pk=row.pk).contact == ""


def test_figures_are_reasons_and_days(district, cycle, village):
    for n in range(rules.LEAST):
        if n:  # one alone would tell on which day somebody reported
            told = queries.figures(cycle, NOW.date() + 10 * DAY)
            assert (told.call_days, told.give_days, told.fix_days) == (None, None, None)
        row = assigned(district, village, words=f"第{n}件", contact=PHONE)
        pausing.call_back(case=row, words="说了。", at=NOW + DAY, by=district.office)
        actions.say_fixed(case=row, says="好了。", at=NOW + 3 * DAY, by=district.secretaries[0])
    assigned(district, village, kind="inaction")
    received(village, kind="inaction")  # counted as soon as a unit has it
    told = queries.figures(cycle, NOW.date() + 10 * DAY)
    assert (told.received, told.kinds, told.open, told.late) == (11, {"delay": 10, "inaction": 1}, 1, 1)
    assert (told.call_days, told.give_days, told.fix_days, told.judged) == (2.0, 1.0, 3.0, 0)


def test_what_is_due_is_told_to_whoever_can_do_it(district, cycle, village):
    from zhengyou.campaigns.calendar import Calendar

    row = assigned(district, village)
    calendars = [Calendar.of(cycle)]
    secretary = Reader.of(district.secretaries[0], NOW.date(), "en")
    line = due_queries.due_for(secretary, calendars)[0]
    assert (line.kind, line.count, line.unit, line.due_on) == ("work", 1, village, None)
    assert due_queries.due_for(Reader.of(district.town_secretary, NOW.date(), "en"), calendars) == []
    actions.say_impossible(case=row, lacks="means", words="没有钱。", at=NOW, by=district.secretaries[0])
    above = Reader.of(district.town_secretary, NOW.date(), "en")
    row.refresh_from_db()
    line = due_queries.due_for(above, calendars)[0]
    turn = queries.clocks_of(row, NOW.date(), [])["turn"]
    assert (line.kind, line.count, line.unit, line.due_on) == ("decide", 1, village, turn.due_on)


def test_no_instant_of_a_reporter_is_kept_anywhere(cycle, village):
    fields = {field.get_internal_type() for model in (Case, CaseStep) for field in model._meta.get_fields()}
    assert "DateTimeField" not in fields
    assert is_working_day(NOW.date())


def test_at_the_end_of_a_cycle_open_cases_stand_by_unit_and_guarded_ones_as_one_number(district, cycle, village):
    assigned(district, village)
    assigned(district, village, kind="inaction")
    row = fixed(district, village, kind="other")
    reporting.give_verdict(case=row, verdict="solved", goes_on=False, at=NOW)
    effects.settle(at=NOW + DAY)
    received(village, kind="misconduct")
    lines = {one.kind: (one.row, one.count) for one in open_in(cycle) if one.kind in ("cases", "guarded")}
    assert lines == {"cases": (village, 2), "guarded": (district.root, 1)}
