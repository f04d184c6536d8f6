"""Figures kept by week are those of the cases at every moment: over random histories, beside deeds that are under way, and where
somebody wrote in the tables by hand.
"""

import random
import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.cast.district import NOW, launched_cycle, small_district

from zhengyou.base.refusals import Refused
from zhengyou.base.time import week_of, working_days_after
from zhengyou.cases import actions, effects, pausing, queries, reporting, setting_aside, tallies
from zhengyou.cases.models import Case, CaseWeek, CaseWeekStale
from zhengyou.operating import looking
from zhengyou.rhythm import actions as rhythm

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PHONE = "0745-0000000"


@pytest.fixture
def district():
    return small_district()


@pytest.fixture
def cycle(district):
    return launched_cycle(district)


def report(lot, district, at):
    kind, contact = lot.choice(["delay", "inaction", "other"]), lot.choice(["", PHONE])
    facts = {"words": "等了三天", "source": "report", "ticket": uuid.uuid4(), "kind": kind, "contact": contact}
    return actions.receive_case(unit=lot.choice(district.villages[:2]), at=at, **facts).case


def deeds(lot, district, row, at):
    """Everything that can be done about a case, each as it may be refused."""
    office, unit = {"at": at, "by": district.office}, {"at": at, "by": district.secretaries[0]}
    second, above = {"at": at, "by": district.second_office}, {"at": at, "by": district.town_secretary}
    here, there = district.villages[:2]
    until = working_days_after(at.date(), 3)
    return [
        lambda: actions.assign_case(case=row, to=here, target_text="请查。", **office),
        lambda: actions.say_fixed(case=row, says="好了。", **unit),
        lambda: actions.pass_on(case=row, to=there, words="不归我们。", **unit),
        lambda: actions.say_impossible(case=row, lacks="means", words="没有钱。", **unit),
        lambda: actions.answer_impossible(case=row, confirms=lot.random() < 0.5, words="说明。", **above),
        lambda: actions.change_kind(
            case=row, kind=lot.choice(["delay", "inaction", "misconduct"]), words="看过。", **office
        ),
        lambda: actions.close_silent(case=row, **office),
        lambda: pausing.call_back(case=row, words="说清了。", **office),
        lambda: pausing.deny_call(case=row, at=at),
        lambda: pausing.pause_clock(case=row, why="delivery", words="等零件。", until_on=until, **office),
        lambda: reporting.give_verdict(
            case=row, verdict=lot.choice(["solved", "partly", "not_solved"]), goes_on=lot.random() < 0.3, at=at
        ),
        lambda: reporting.reopen_case(case=row, words="又坏了。", at=at),
        lambda: reporting.take_back_contact(case=row, at=at),
        lambda: reporting.go_around(case=row, at=at),
        lambda: [
            setting_aside.answer_aside(aside=one, agrees=True, **second)
            for one in setting_aside.ask_aside(cases=[row], why="senseless", words="没有内容。", **office)
        ],
        lambda: setting_aside.say_is_person(case=row, at=at),
        lambda: effects.settle(at=at),
    ]


def counted_anew(cycle, on):
    """The same figures where nothing is kept, within a transaction that is taken back."""
    with transaction.atomic():
        CaseWeek.objects.all().delete()
        told = queries.figures(cycle, on)
        transaction.set_rollback(True)
    return told


@pytest.mark.parametrize("seed", range(3))
def test_property_kept_figures_are_those_of_the_cases_whatever_is_done(cycle, district, seed):
    lot, rows, at, done = random.Random(seed), [], NOW, 0
    for _n in range(90):
        at += lot.choice([0, 0, 1, 1, 2]) * DAY
        if len(rows) < 14 and lot.random() < 0.4:
            rows.append(report(lot, district, at))
            continue
        if not rows:
            continue
        row = Case.objects.select_related("cycle__campaign__organisation", "unit").get(pk=lot.choice(rows).pk)
        try:
            with transaction.atomic():
                lot.choice(deeds(lot, district, row, at))()
            done += 1
        except Refused:
            pass
        if lot.random() < 0.3:
            rhythm.forget(at=at)
            assert tallies.wrong() == []
        assert queries.figures(cycle, at.date()) == counted_anew(cycle, at.date())
    assert done > 15
    rhythm.forget(at=at)
    assert not CaseWeekStale.objects.exists()
    assert queries.figures(cycle, at.date()) == counted_anew(cycle, at.date())


def given(district, at=NOW, **more):
    row = report(random.Random(1), district, at - DAY)
    return actions.assign_case(
        case=row, to=district.villages[0], target_text="请查。", at=at, by=district.office, **more
    )


def test_what_is_kept_is_read_instead_of_the_cases_and_a_deed_makes_its_week_stale(cycle, district):
    row = given(district)
    assert tallies.keep() == 1
    with CaptureQueriesContext(connection) as asked:
        assert tallies.of_cycle(cycle).kinds[row.kind]["open"] == 1
    assert len(asked) == 3, "the kept weeks, and the first and the last day on which any was given"
    actions.say_fixed(case=row, says="好了。", at=NOW + 8 * DAY, by=district.secretaries[0])
    assert [one.week for one in CaseWeekStale.objects.all()] == [week_of(NOW.date())]
    assert tallies.of_cycle(cycle).kinds[row.kind]["open"] == 0, "right before the worker comes"
    assert (tallies.keep(), tallies.keep()) == (1, 0)
    assert tallies.of_cycle(cycle).took["fix"].total() == 1


def test_what_is_kept_has_no_day_of_a_case_and_a_reporters_word_makes_nothing_stale_on_its_day(cycle, district):
    row = actions.say_fixed(case=given(district), says="好了。", at=NOW, by=district.secretaries[0])
    tallies.keep()
    [kept] = CaseWeek.objects.all()
    assert str(row.received_on) not in str(kept.counts)
    assert str(row.given_on) not in str(kept.counts)
    reporting.write_as_reporter(case=row, words="还有一件事。", at=NOW)
    reporting.give_verdict(case=row, verdict="solved", goes_on=False, at=NOW)
    report(random.Random(2), district, NOW)
    assert not CaseWeekStale.objects.exists(), "else the hour of a verdict, or of a report, would stand there"
    effects.settle(at=NOW + DAY)
    assert CaseWeekStale.objects.count() == 1


def test_weeks_of_another_calendar_are_counted_again(cycle, district):
    row = given(district)
    tallies.keep()
    CaseWeek.objects.update(calendar="before")
    assert tallies.of_cycle(cycle).kinds[row.kind]["received"] == 1
    assert tallies.keep() == 1
    assert CaseWeek.objects.get().calendar == tallies.CALENDAR


def test_what_somebody_wrote_by_hand_is_found(cycle, district):
    row = given(district)
    tallies.keep()
    assert tallies.wrong() == []
    Case.objects.filter(pk=row.pk).update(reopened=1)
    assert [week for _cycle, week in tallies.wrong()] == [week_of(NOW.date())]
    assert [one.slug for one in looking._cases(NOW)] == ["cases.weeks-wrong"]
    CaseWeek.objects.all().delete()
    assert tallies.keep() == 1
    assert looking._cases(NOW) == []


def test_what_goes_around_its_target_leaves_the_week_in_which_it_was_given(cycle, district):
    row = given(district)
    tallies.keep()
    actions.change_kind(case=row, kind="misconduct", words="看过。", at=NOW, by=district.office)
    assert queries.figures(cycle, NOW.date()).received == 0
    tallies.keep()
    assert not CaseWeek.objects.exists()
