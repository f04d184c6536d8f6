"""Windows: who keeps them, what a mark is and is not, what is shown of marks and when, what is flagged, codes."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from django.db import transaction
from tests.cast.district import NOW, closed_cycle, launched_cycle, small_district
from tests.cast.refusing import refused
from tests.cast.windows import BAD, FAIR, GOOD, MIDDLING, WORST, marked, opened
from tests.cast.writing import arrived

from zhengyou.base import codes
from zhengyou.base.models import JournalEntry, PublicEntry, SearchEntry
from zhengyou.campaigns.models import Cycle
from zhengyou.cases import queries as cases
from zhengyou.cases.models import Case
from zhengyou.management.demo import counters
from zhengyou.organisations.readers import Reader
from zhengyou.remarks import actions as remarks
from zhengyou.remarks.models import Remark, Spent
from zhengyou.windows import actions, queries, rules
from zhengyou.windows.models import MarkTally, ReasonTally, ServicePoint, WindowCode, WindowFlag, WindowWatch

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture
def district():
    return small_district()


@pytest.fixture
def cycle(district):
    return launched_cycle(district)


@pytest.fixture
def point(cycle, district):
    return opened(district)


def counts(point, **which):
    rows = MarkTally.objects.filter(window=point, **which)
    return {step: sum(row.count for row in rows if row.step == step) for step in {row.step for row in rows}}


def reader(person):
    return Reader.of(person, NOW.date(), "en")


def test_the_secretary_or_an_office_above_keeps_a_window(cycle, district) -> None:
    mine = opened(district)
    assert PublicEntry.objects.filter(what="windows.open_point").count() == 1
    opened(district, name="2号窗口", by=district.office)
    for stranger in (district.secretaries[1], district.leader, district.members[0]):
        with refused("role.not-office"):
            opened(district, name="3号窗口", by=stranger)
        with refused("role.not-office"):
            actions.close_point(point=mine, on=NOW.date(), because="撤并", at=NOW, by=stranger)
    assert [row.name for row in queries.points_of(district.villages[0])] == ["1号窗口", "2号窗口"]
    assert [row.pk for row in queries.points_kept_by(reader(district.town_secretary))] == [
        row.pk for row in queries.points_of(district.villages[0])
    ]
    assert not queries.points_kept_by(reader(district.secretaries[1]))


@pytest.mark.parametrize(
    ("changed", "slug"),
    [
        ({"name": " "}, "servicepoint.name-missing"),
        ({"what": " "}, "servicepoint.what-missing"),
        ({"name": "长" * 61}, "servicepoint.name-too-long"),
        ({"opened_on": date(2026, 9, 1)}, "window.opens-too-late"),
        ({"opened_on": date(1899, 1, 1)}, "day.year-long-ago"),
    ],
)
def test_a_window_says_what_it_is(cycle, district, changed, slug) -> None:
    with refused(slug):
        opened(district, **changed)


def test_a_window_closes_with_a_reason_and_is_put_back_within_a_day(point, district) -> None:
    by = district.secretaries[0]
    with refused("window.name-taken"):
        opened(district)
    with refused("servicepoint.closed-because-missing"):
        actions.close_point(point=point, on=NOW.date(), because=" ", at=NOW, by=by)
    with refused("window.closes-before-it-opens"):
        actions.close_point(point=point, on=date(2026, 1, 1), because="撤并", at=NOW, by=by)
    actions.close_point(point=point, on=NOW.date(), because="撤并", at=NOW, by=by)
    assert SearchEntry.objects.get(kind="window").state == "closed"
    with refused("window.closed"):
        actions.change_point(
            point=point, name="x", what="y", place="", closes_at=None, opened_on=NOW.date(), at=NOW, by=by
        )
    with refused("window.too-late-to-undo"):
        actions.reopen_point(point=point, at=NOW + timedelta(days=2), by=by)
    actions.reopen_point(point=point, at=NOW + timedelta(hours=1), by=by)
    point.refresh_from_db()
    assert point.closed_on is None
    marked(point)
    actions.close_point(point=point, on=NOW.date(), because="撤并", at=NOW, by=by)
    point.refresh_from_db()
    with refused("window.takes-no-marks"):
        marked(point, at=NOW + timedelta(days=1))


def test_a_mark_is_one_more_in_a_count_at_once_and_leaves_no_row_of_its_own(point) -> None:
    before = JournalEntry.objects.count()
    for step in (GOOD, BAD, GOOD):
        marked(point, step, reasons=["waiting"])
    assert counts(point) == {GOOD: 2, BAD: 1}
    assert {row.week_on for row in MarkTally.objects.all()} == {date(2026, 3, 9)}
    assert list(ReasonTally.objects.order_by("is_bad").values_list("is_bad", "count")) == [(False, 2), (True, 1)]
    assert JournalEntry.objects.count() == before
    assert not Remark.objects.exists()


@pytest.mark.parametrize(
    ("given", "slug"),
    [
        ({"step": ""}, "window.no-step"),
        ({"step": "best"}, "window.no-step"),
        ({"step": GOOD, "reasons": ["bribe"]}, "window.unknown-reason"),
        ({"step": GOOD, "words": "长" * 501}, "window.words-too-long"),
        ({"step": GOOD, "contact": "1" * 101}, "window.contact-too-long"),
        ({"step": GOOD, "code": "0000-0000-0000"}, "window.code"),
    ],
)
def test_a_mark_nobody_gave_is_nothing(point, given, slug) -> None:
    with refused(slug):
        marked(point, **given)
    assert not MarkTally.objects.exists()
    assert not Spent.objects.exists()


def test_a_form_sent_twice_is_one_mark_and_good_for_no_other(point) -> None:
    arrival = arrived()
    for _time in range(2):
        actions.give_mark(point=point, step=BAD, at=NOW, arrival=arrival)
    assert counts(point) == {BAD: 1}
    with refused("remark.form-used"):
        actions.give_mark(point=point, step=GOOD, at=NOW, arrival=arrival)
    assert counts(point) == {BAD: 1}


def test_marks_never_wait_only_words_do(point) -> None:
    given = marked(point, GOOD, words="问什么都讲得清楚")
    assert given.remark.is_waiting
    assert counts(point) == {GOOD: 1}
    assert not queries.spoken(point)
    Remark.objects.update(state="shown")
    assert [(row.step, row.remark.words) for row in queries.spoken(point)] == [(GOOD, "问什么都讲得清楚")]
    arrival = arrived()
    twice = [
        actions.give_mark(point=point, step=FAIR, words="第二句话", at=NOW, arrival=arrival).remark for _n in range(2)
    ]
    assert twice[0] == twice[1]
    assert counts(point) == {GOOD: 1, FAIR: 1}


def test_a_bad_mark_with_words_or_a_way_back_is_a_case_and_a_bare_one_is_not(point) -> None:
    assert marked(point, BAD).case_code == ""
    arrival = arrived()
    given = [
        actions.give_mark(point=point, step=WORST, words="等了两小时没人理", at=NOW, arrival=arrival) for _n in range(2)
    ]
    assert given[0].case_code == given[1].case_code
    case = cases.case_with_code(given[0].case_code)
    assert (case.words, case.window_words, case.unit_id) == ("等了两小时没人理", "1号窗口", point.organisation_id)
    assert marked(point, BAD, contact="门口喊一声").case_code
    assert marked(point, GOOD, contact="门口喊一声").case_code == ""
    assert Case.objects.count() == 2
    assert not Remark.objects.exists()
    assert counts(point) == {BAD: 2, WORST: 1, GOOD: 1}
    assert "门口喊一声" not in str([list(MarkTally.objects.values()), list(JournalEntry.objects.values())])


def test_without_a_campaign_that_has_windows_nothing_is_taken(cycle, district, point) -> None:
    rules_before = Cycle.objects.get(pk=cycle.pk).rules
    Cycle.objects.update(rules=rules_before | {"rooms": [one for one in rules_before["rooms"] if one != "windows"]})
    with refused("window.takes-no-marks"):
        marked(point)
    Cycle.objects.update(rules=rules_before)
    closed_cycle(district, cycle)
    with refused("window.takes-no-marks"):
        marked(point)


def figures(point, cycle, on):
    return queries.figures_of(point, cycle, on)


def test_counts_are_shown_by_weeks_that_are_over_and_only_together_with_enough_others(point, cycle) -> None:
    def by_phone(day):
        one = figures(point, cycle, day).by_way["phone"]
        return dict(one.counts), one.later

    for n in range(9):
        marked(point, GOOD if n else BAD, at=NOW + timedelta(minutes=11 * n))
    assert by_phone(date(2026, 3, 16)) == ({}, 0)
    marked(point, at=NOW + WEEK)
    assert by_phone(date(2026, 3, 17)) == ({}, 0)  # the tenth came this week
    assert by_phone(date(2026, 3, 23)) == ({BAD: 1, GOOD: 9}, 0)
    for n in range(12):  # all alike: their number, never their steps, until one differs
        marked(point, WORST, at=NOW + 2 * WEEK + timedelta(minutes=11 * n))
    assert by_phone(date(2026, 3, 30)) == ({BAD: 1, GOOD: 9}, 12)
    marked(point, MIDDLING, at=NOW + 3 * WEEK)
    assert by_phone(date(2026, 4, 6)) == ({BAD: 1, GOOD: 9, WORST: 12, MIDDLING: 1}, 0)


def test_no_two_days_differ_by_few_marks_or_by_marks_that_are_alike() -> None:
    """An attacker at the counter compares what is shown on any two days: with any counts by week."""
    chance = random.Random(7)
    for _round in range(300):
        weeks = [
            (date(2026, 1, 5) + n * WEEK, step, chance.randint(1, 9))
            for n in range(12)
            for step in (GOOD, FAIR, BAD)
            if chance.random() < 0.35
        ]
        shown = [rules.released(weeks, date(2026, 1, 1) + n * timedelta(days=1)).counts for n in range(100)]
        for before, after in pairwise(shown):
            change = {step: after.get(step, 0) - before.get(step, 0) for step in after}
            changed = [n for n in change.values() if n]
            assert min(change.values(), default=0) >= 0
            assert not changed or (sum(changed) >= rules.LEAST and len(changed) > 1)


def test_reasons_are_shown_with_the_marks_they_stand_beside(point, cycle) -> None:
    for n in range(12):
        marked(point, BAD if n < 6 else GOOD, at=NOW + timedelta(minutes=11 * n), reasons=["waiting"])
    marked(point, BAD, at=NOW + timedelta(hours=3), reasons=["papers"])
    assert figures(point, cycle, date(2026, 3, 11)).reasons == {}.fromkeys((True, False), {})
    assert figures(point, cycle, date(2026, 3, 16)).reasons == {True: {"waiting": 6}, False: {"waiting": 6}}


def test_attack_stuffing_a_window_is_counted_apart_and_flagged_above(point, cycle, district) -> None:
    for _n in range(60):
        marked(point, GOOD)
    honest = 20
    assert counts(point, is_burst=False) == {GOOD: honest}
    assert counts(point, is_burst=True) == {GOOD: 60 - honest}
    marked(point, BAD, at=NOW + timedelta(hours=1))
    assert counts(point, is_burst=False)[BAD] == 1  # whoever comes later is not held back
    shown = figures(point, cycle, date(2026, 3, 16))
    assert (dict(shown.by_way["phone"].counts), shown.in_bursts["phone"].later) == ({GOOD: 20, BAD: 1}, 40)
    burst = WindowFlag.objects.get(kind="burst")
    assert burst.count == 40
    assert queries.unsettled_for(reader(district.town_secretary)) == 2
    assert not queries.flags_for(
        reader(district.secretaries[0])
    )  # the unit reads what was found, not that it is watched


def test_without_a_solved_puzzle_five_in_ten_minutes_are_many(point) -> None:
    for _n in range(8):
        actions.give_mark(point=point, step=GOOD, at=NOW, arrival=arrived(is_solved=False))
    assert counts(point, is_burst=True) == {GOOD: 3}


def test_attack_a_counter_that_praises_itself_on_its_own_device(point, cycle, district) -> None:
    closing = datetime(2026, 3, 10, 17, 5, tzinfo=UTC) - timedelta(hours=8)
    for n in range(25):
        marked(
            point, GOOD, at=closing + timedelta(seconds=70 * n), is_at_counter=True, words="好", contact="1", code="x"
        )
    assert counts(point, way="counter") == {GOOD: 25}
    assert not counts(point, way="phone")
    assert not Remark.objects.exists()
    assert {(row.kind, row.way) for row in WindowFlag.objects.all()} == {("run", "counter"), ("closing", "counter")}
    assert WindowFlag.objects.get(kind="run").count == 25
    for n in range(12):
        marked(point, BAD if n % 2 else GOOD, at=NOW + WEEK + timedelta(minutes=11 * n))
    shown = figures(point, cycle, date(2026, 3, 23)).by_way
    assert shown["phone"].total == 12  # never added up


def test_attack_the_counters_own_device_sets_no_mark_of_a_phone_aside(point) -> None:
    for _n in range(30):
        actions.give_mark(point=point, step=GOOD, at=NOW, arrival=arrived(is_solved=False), is_at_counter=True)
    actions.give_mark(point=point, step=WORST, at=NOW, arrival=arrived(is_solved=False))
    assert counts(point, way="counter", is_burst=True)[GOOD] > 20
    assert counts(point, way="phone", is_burst=False) == {WORST: 1}


def test_a_run_ends_with_any_other_step_and_only_praise_is_odd(point) -> None:
    for n in range(45):
        marked(point, MIDDLING if n % 15 == 14 else GOOD, at=NOW - timedelta(hours=2) + timedelta(minutes=4 * n))
    for n in range(30):
        marked(point, WORST, at=NOW + timedelta(hours=2, minutes=4 * n))
    assert not WindowFlag.objects.exists()


def test_what_was_noted_to_find_oddities_is_forgotten_with_the_day(point) -> None:
    marked(point)
    assert WindowWatch.objects.count() == 1
    assert actions.forget_watches(at=NOW) == 0
    marked(point, at=NOW + timedelta(days=1))
    assert WindowWatch.objects.count() == 1
    assert actions.forget_watches(at=NOW + timedelta(days=2)) == 1


def test_a_flag_is_settled_once_by_somebody_above(point, district) -> None:
    for _n in range(22):
        marked(point, MIDDLING)
    flag = WindowFlag.objects.get()
    for own in (district.secretaries[0], district.members[0], district.secretaries[1]):
        with refused("role.not-office"):
            actions.settle_flag(flag=flag, finding="没有问题", at=NOW, by=own)
    with refused("windowflag.finding-missing"):
        actions.settle_flag(flag=flag, finding=" ", at=NOW, by=district.town_secretary)
    actions.settle_flag(flag=flag, finding="集中培训后一起评价", at=NOW, by=district.town_secretary)
    with refused("window.settled"):
        actions.settle_flag(flag=flag, finding="再查", at=NOW, by=district.office)
    assert [row.finding for row in queries.flags_for(reader(district.secretaries[0]))] == ["集中培训后一起评价"]
    assert queries.unsettled_for(reader(district.town_secretary)) == 0


def test_a_code_counts_once_at_its_own_window(point, district, cycle) -> None:
    made = [codes.fresh() for _n in range(3)]
    sheet = actions.add_codes(point=point, made=made, at=NOW, by=district.office)
    assert (sheet.number, sheet.count, sheet.is_own) == (1, 3, False)
    with refused("window.number-of-codes"):
        actions.add_codes(point=point, made=[], at=NOW, by=district.office)
    with refused("role.not-office"):
        actions.add_codes(point=point, made=made, at=NOW, by=district.secretaries[1])
    assert marked(point, BAD, code=made[0].lower().replace("-", " ")).way == "coded"
    other = opened(district, n=1)
    with refused("window.code"):
        marked(other, GOOD, code=made[1])
    assert counts(point, way="coded") == {BAD: 1}
    assert WindowCode.objects.filter(is_used=True).count() == 1
    assert not any(code in str(list(WindowCode.objects.values())) for code in made)


def test_attack_a_copy_of_a_slip_tells_nothing_and_takes_no_place_in_the_share(point, district) -> None:
    """Who kept a copy sends it after the visitor, or before: each time the same is said, and one mark of the two is in the share."""
    used, unused = codes.fresh(), codes.fresh()
    actions.add_codes(point=point, made=[used, unused], at=NOW, by=district.office)
    marked(point, WORST, code=used)
    told = {marked(point, GOOD, code=code) for code in (used, unused)}
    assert len(told) == 1
    assert counts(point, way="coded") == {WORST: 1, GOOD: 1}
    assert counts(point, way="again") == {GOOD: 1}
    assert counts(point, way="phone") == {}
    for _n in range(26):  # one slip is no key to an open door: what comes with it again is a burst like anything else
        marked(point, GOOD, code=used)
    assert counts(point, way="again", is_burst=True)[GOOD] > 5
    assert counts(point, way="coded") == {WORST: 1, GOOD: 1}
    assert marked(point, BAD).is_burst is False  # and shuts no phone out


def test_attack_a_unit_that_prints_slips_itself_neither_makes_a_share_nor_unmakes_one(point, district, cycle) -> None:
    made = {by: [codes.fresh() for _n in range(12)] for by in ("office", "unit")}
    for by, person in (("office", district.office), ("unit", district.secretaries[0])):
        actions.add_codes(point=point, made=made[by], at=NOW, by=person)
    for n, code in enumerate(made["office"]):
        marked(point, BAD if n % 2 else GOOD, code=code)
    for n, code in enumerate(made["unit"]):
        marked(point, GOOD if n else FAIR, code=code)
    shown = figures(point, cycle, date(2026, 3, 16))
    assert (dict(shown.by_way["coded"].counts), shown.printed) == ({GOOD: 6, BAD: 6}, 12)
    assert (dict(shown.by_way["own"].counts), shown.own) == ({FAIR: 1, GOOD: 11}, 12)


def test_attack_guessing_codes(point, district) -> None:
    actions.add_codes(point=point, made=[codes.fresh() for _n in range(200)], at=NOW, by=district.office)
    for n in range(100):
        with refused("window.code"):
            marked(point, GOOD, code=codes.spelled(n))
    assert not MarkTally.objects.exists()


def test_attack_no_row_says_who_came_when(point, district) -> None:
    """Of everything the database holds after marks at known times nothing tells their order or their hour."""
    made = [codes.fresh() for _n in range(2)]
    actions.add_codes(point=point, made=made, at=NOW, by=district.office)

    def everything():
        tables = (MarkTally, ReasonTally, WindowFlag, WindowCode, ServicePoint)
        return [list(table.objects.order_by("pk").values()) for table in tables]

    seen = []
    for order in ((GOOD, BAD, FAIR), (FAIR, GOOD, BAD), (GOOD, GOOD, FAIR)):
        with transaction.atomic():
            mark_them(point, order)
            found = everything()
            seen.append([sorted(str({k: v for k, v in row.items() if k != "id"}) for row in rows) for rows in found])
            transaction.set_rollback(True)
    assert seen[0] == seen[1]
    assert seen[0] != seen[2]  # there is something to find


def test_words_of_one_day_stand_in_no_order_of_arrival(point) -> None:
    for n in range(8):
        marked(point, GOOD, at=NOW + timedelta(minutes=11 * n), words=f"第{n}句话")
    Remark.objects.update(state="shown")
    shown = [row.remark for row in queries.spoken(point)]
    assert [row.public_id for row in shown] == sorted(row.public_id for row in shown)
    assert [queries.spoken_before(row) for row in queries.spoken(point)] == list(range(8))


def test_attack_no_number_of_words_tells_between_which_others_they_came(point, cycle) -> None:
    """Everybody is told the number of their own words at once: a counter that writes before and after a visitor would know the hour."""
    arguments = {
        "subject": cycle,
        "heading": "话",
        "kind": "answer",
        "cycle": cycle,
        "organisation": point.organisation,
    }
    before = remarks.take_remark(words="之前", at=NOW, arrival=arrived(), **arguments)
    said = [marked(point, GOOD, at=NOW + timedelta(minutes=n), words=f"第{n}句话").remark for n in range(4)]
    after = remarks.take_remark(words="之后", at=NOW + timedelta(hours=1), arrival=arrived(), **arguments)
    assert after.pk == before.pk + 1, "elsewhere numbers run on, and words at a window leave no gap"
    assert min(row.pk for row in said) > 10**6


def mark_them(point, steps):
    for n, step in enumerate(steps):
        marked(point, step, at=NOW + timedelta(minutes=40 * n))


def test_windows_without_marks_are_found_after_a_week(cycle, district, point) -> None:
    other = opened(district, n=1)
    marked(point)
    assert queries.coverage_of(cycle, date(2026, 3, 11)) == (2, 2)
    assert queries.coverage_of(cycle, date(2026, 3, 16)) == (2, 1)
    assert list(queries.without_marks(cycle, date(2026, 3, 16))) == [other]


def test_attack_a_detector_switched_off_no_unit_moves_or_empties_the_hour_at_which_its_day_ends(
    point, district
) -> None:
    said = {"name": point.name, "what": point.what, "place": point.place, "opened_on": point.opened_on, "at": NOW}
    for hour in (time(8), time(23, 59)):
        with refused("window.own-closing-time"):
            actions.change_point(point=point, closes_at=hour, by=district.secretaries[0], **said)
    row = actions.change_point(point=point, closes_at=time(17), by=district.office, **said)
    assert row.closes_at == time(17)
    with refused("window.own-closing-time"):
        actions.change_point(point=point, closes_at=None, by=district.secretaries[0], **said)


def test_attack_a_window_closed_and_entered_anew_keeps_its_hour_and_what_was_odd(point, district) -> None:
    """Under its name or another one, at once or half a year later: the hour is the office's, and the level above reads what was."""
    own = district.secretaries[0]
    with refused("window.own-closing-time"):
        opened(district, name="夜间窗口", closes_at=time(23, 59))
    said = {"name": point.name, "what": point.what, "place": "", "opened_on": point.opened_on, "at": NOW}
    actions.change_point(point=point, closes_at=time(16), by=district.office, **said)
    for _n in range(rules.LONG_RUN):
        marked(point, at=NOW)
    actions.close_point(point=point, on=NOW.date(), because="撤并", at=NOW, by=own)
    for days, name in ((1, "1号窗口"), (180, "综合服务台")):
        again = opened(district, name=name, at=NOW + timedelta(days=days))
        assert again.closes_at == time(16)
    assert queries.history_of(point.organisation, NOW.date() + timedelta(days=180)) == (1, 1)
    actions.close_point(point=again, on=again.opened_on, because="撤", at=NOW + timedelta(days=180), by=own)
    assert opened(district, n=1).closes_at is None  # another unit's hour is its own


def test_attack_an_open_window_is_not_put_off_and_none_closes_far_ahead(point, district) -> None:
    """Either would take no marks, or change nothing more, without a reason that anybody reads."""
    by, later = district.secretaries[0], NOW.date() + timedelta(days=20)
    said = {"name": point.name, "what": point.what, "place": point.place, "closes_at": None, "at": NOW, "by": by}
    with refused("window.opened-already"):
        actions.change_point(point=point, opened_on=later, **said)
    actions.change_point(point=point, opened_on=NOW.date() - timedelta(days=3), **said)
    coming = opened(district, name="2号窗口", opened_on=later)
    actions.change_point(point=coming, **said | {"opened_on": later + timedelta(days=5), "name": "2号窗口"})
    with refused("window.closes-too-late"):
        actions.close_point(point=point, on=date(2030, 1, 1), because="撤并", at=NOW, by=by)


def test_late_is_the_last_half_hour_of_the_window_itself() -> None:
    evening = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)  # 17:00 in the house
    assert rules.is_late(time(17, 30), evening)
    assert not rules.is_late(time(17, 31), evening)
    assert rules.is_late(None, evening)
    assert not rules.is_late(None, evening - timedelta(minutes=1))


def test_the_demos_windows_are_opened_marked_and_told_of_by_the_real_actions(cycle, district) -> None:
    first = counters.DISTRICT[0]
    made = [replace(first, code=district.villages[0].code, a_day=1)]
    [window] = counters.open_counters(tuple(made), district.office, NOW + timedelta(days=60))
    shown = figures(window, cycle, (NOW + timedelta(days=60)).date())
    assert shown.printed == 80
    assert shown.by_way["coded"].total >= 10
    assert {row.kind for row in WindowFlag.objects.all()} >= {"run"}
    assert Case.objects.count() == 1
    assert len(queries.spoken(window)) == 2
