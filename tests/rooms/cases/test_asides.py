"""What goes around the unit it is about and says nothing is set aside by both readers, counted in public, and nothing of it is lost."""

import json
from datetime import timedelta

import pytest
from tests.cast.cases import named_reader, outsiders, two_readers
from tests.cast.district import NOW, launched_cycle, small_district
from tests.cast.refusing import refused
from tests.rooms.cases.test_cases import DAY, received

from zhengyou.base.models import JournalEntry, PublicEntry
from zhengyou.campaigns.calendar import Calendar
from zhengyou.cases import actions, due_queries, guarding, queries, reader_queries, reporting, setting_aside
from zhengyou.cases.models import Case, CaseReading
from zhengyou.organisations.readers import Reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return small_district()


@pytest.fixture
def cycle(district):
    return launched_cycle(district)


@pytest.fixture
def readers(district, cycle):
    """The two readers."""
    return two_readers(district, at=NOW)


@pytest.fixture
def flood(district, readers):
    """Six reports of misconduct that came one after the other, and one that says something."""
    said = {"kind": "misconduct", "contact": "李四 0745-1"}
    rows = [received(district.villages[n % 3], words=f"啊啊啊{n}", **said).case for n in range(6)]
    return [*rows, received(district.villages[0], words="收了红包", **said).case]


def asked(rows, by, **given):
    facts = {"why": "senseless", "words": "全是乱敲的字。", "at": NOW} | given
    return setting_aside.ask_aside(cases=rows, by=by, **facts)[0]


def states(rows):
    return [Case.objects.get(pk=row.pk).state for row in rows]


def test_both_readers_set_aside_at_once_what_says_nothing_and_everybody_reads_how_many(cycle, readers, flood):
    first, second = readers
    one = asked(flood, first)
    assert set(states(flood)) == {"guarded"}
    assert reader_queries.guarded_waiting(cycle.campaign.organisation)[0] == 7
    one = setting_aside.answer_aside(aside=one, agrees=True, keeps=[flood[6].pk], at=NOW, by=second)
    assert one.count == 6
    assert states(flood) == ["set_aside"] * 6 + ["guarded"]
    told = queries.figures(cycle, NOW.date() + timedelta(days=7))
    assert (told.guarded, told.guarded_aside, told.set_aside) == (7, 6, 0)
    entry = json.loads(PublicEntry.objects.get(what="cases.answer_aside").document)
    assert entry["content"] == {"cases": 6, "why": "senseless", "around": True}
    assert Case.objects.get(pk=flood[6].pk).aside is None


def test_nothing_of_a_reporter_is_lost_and_a_message_brings_a_report_back_once(cycle, readers, flood, district):
    first, second = readers
    setting_aside.answer_aside(aside=asked(flood[:2], first), agrees=True, at=NOW, by=second)
    row = Case.objects.get(pk=flood[0].pk)
    assert (row.words, row.contact) == (flood[0].words, flood[0].contact)
    assert row in reader_queries.guarded_for(second, NOW.date())
    row = reporting.write_as_reporter(case=row, words="我是认真的，请看。", at=NOW + DAY)
    assert (row.state, row.closed_on, row.aside) == ("guarded", None, None)
    assert queries.clocks_of(row, (NOW + 2 * DAY).date())["hand_over"].day == 1
    setting_aside.answer_aside(aside=asked([row], second), agrees=True, at=NOW + DAY, by=first)
    row = reporting.write_as_reporter(case=row, words="再看一次。", at=NOW + 2 * DAY)
    assert row.state == "set_aside"
    assert queries.steps_of(row)[-1].words == "再看一次。"


def test_one_person_alone_sets_nothing_aside(cycle, readers, flood, district):
    first, second = readers
    one = asked(flood[:3], first)
    with refused("aside.one-person"):
        setting_aside.answer_aside(aside=one, agrees=True, at=NOW, by=first)
    with refused("case.not-a-reader"):
        setting_aside.answer_aside(aside=one, agrees=True, at=NOW, by=district.office)
    with refused("case.not-a-reader"):
        asked(flood[:3], district.office)
    with refused("aside.asked-already"):
        asked(flood[2:4], second)
    setting_aside.answer_aside(aside=one, agrees=False, at=NOW, by=second)
    assert set(states(flood)) == {"guarded"}
    with refused("aside.answered"):
        setting_aside.answer_aside(aside=one, agrees=True, at=NOW, by=second)
    assert not PublicEntry.objects.filter(what="cases.answer_aside").exists()


def test_what_one_reader_alone_may_read_is_not_set_aside(cycle, district):
    """The other one belongs to the unit that it is about."""
    [outsider] = outsiders(district, at=NOW, count=1)
    for person in (district.members[0], outsider):
        named_reader(organisation=district.root, person=person, at=NOW, by=district.office)
    row = received(district.villages[0], kind="misconduct").case
    with refused("aside.nobody-else-reads"):
        asked([row], outsider)


def test_a_reason_is_named_and_nobody_sets_aside_more_than_can_be_read(cycle, readers, flood):
    with refused("aside.unknown-reason"):
        asked(flood, readers[0], why="boring")
    with refused("caseaside.words-missing"):
        asked(flood, readers[0], words=" ")
    with refused("case.how-many"):
        asked([], readers[0])
    guarding.hand_over(case=flood[6], words="已移交。", at=NOW, by=readers[0])
    with refused("case.other-state"):
        asked(flood, readers[0])


def test_setting_aside_is_undone_within_a_day(cycle, readers, flood):
    first, second = readers
    one = setting_aside.answer_aside(aside=asked(flood, first), agrees=True, at=NOW, by=second)
    with refused("aside.too-late"):
        setting_aside.undo_aside(aside=one, at=NOW + timedelta(hours=25), by=first)
    assert setting_aside.undo_aside(aside=one, at=NOW + timedelta(hours=23), by=first) == 7
    assert set(states(flood)) == {"guarded"}
    with refused("aside.nothing-to-undo"):
        setting_aside.undo_aside(aside=one, at=NOW, by=first)
    entry = json.loads(PublicEntry.objects.get(what="cases.undo_aside").document)
    assert entry["content"] == {"cases": 7, "around": True}


def test_what_is_handed_over_meanwhile_stays_so(cycle, readers, flood):
    first, second = readers
    one = asked(flood, first)
    guarding.hand_over_many(cases=flood[5:], words="已移交。", at=NOW, by=second)
    assert setting_aside.answer_aside(aside=one, agrees=True, at=NOW, by=second).count == 5
    assert states(flood)[5:] == ["handed", "handed"]


def test_the_journal_names_no_case_and_no_unit_and_the_reporters_see_who_read(cycle, readers, flood, district):
    first, second = readers
    guarding.note_readings(cases=flood, at=NOW, by=first)
    guarding.note_readings(cases=flood, at=NOW, by=first)
    assert CaseReading.objects.filter(person=first).count() == 7
    setting_aside.answer_aside(aside=asked(flood, first), agrees=True, at=NOW, by=second)
    kept = JournalEntry.objects.filter(deed__startswith="cases.").exclude(deed__endswith="_reader")
    assert {one.subject for one in kept} == {cycle.reference}
    assert not [unit for unit in district.villages if any(unit.reference in str(one.payload) for one in kept)]


def test_the_other_reader_is_told_and_whoever_asked_is_not(cycle, readers, flood):
    first, second = readers
    asked(flood[:6], first)
    calendars = [Calendar.of(cycle)]

    def due(person):
        return [(one.kind, one.count) for one in due_queries.due_for(Reader.of(person, NOW.date(), "en"), calendars)]

    assert due(first) == [("hand_over", 1)]
    assert due(second) == [("hand_over", 1), ("aside", 6)]
    line = due_queries.due_for(Reader.of(first, NOW.date(), "en"), calendars)[0]
    assert line.due_on == queries.clocks_of(flood[6], NOW.date())["hand_over"].due_on  # the day that their list shows


def test_what_came_by_itself_and_goes_around_nothing_nobody_sets_aside(cycle, readers, district):
    row = received(district.villages[0], at=NOW - DAY).case
    with refused("role.not-office"):
        asked([row], readers[1])
    with refused("case.not-from-flood"):
        asked([row], district.office)
    assert actions.assign_case(case=row, to=row.unit, target_text="查。", at=NOW, by=district.office).number == 1


@pytest.fixture
def in_numbers(district, cycle):
    """Three reports about delays that came within minutes."""
    rows = [received(district.villages[0], words=f"啊啊{n}").case for n in range(3)]
    Case.objects.filter(pk__in=[row.pk for row in rows]).update(is_from_flood=True)
    return list(Case.objects.filter(pk__in=[row.pk for row in rows]).order_by("words"))


def test_one_person_of_the_office_alone_sets_no_report_aside(in_numbers, cycle, district):
    one = asked(in_numbers, district.office)
    assert set(states(in_numbers)) == {"received"}
    with refused("aside.one-person"):
        setting_aside.answer_aside(aside=one, agrees=True, at=NOW, by=district.office)
    with refused("role.not-office"):
        setting_aside.answer_aside(aside=one, agrees=True, at=NOW, by=district.town_secretary)
    keeps = [in_numbers[2].pk]
    setting_aside.answer_aside(aside=one, agrees=True, keeps=keeps, at=NOW, by=district.second_office)
    assert states(in_numbers) == ["set_aside", "set_aside", "received"]
    entry = json.loads(PublicEntry.objects.get(what="cases.answer_aside").document)
    assert entry["content"] == {"cases": 2, "why": "senseless", "around": False}
    told = queries.figures(cycle, NOW.date() + timedelta(days=30))
    assert (told.set_aside, told.guarded_aside, told.received) == (2, 0, 0)


def test_its_reporter_says_that_a_person_sent_it_and_it_waits_again_once(in_numbers, district):
    pair = (district.office, district.second_office)
    for n in range(2):
        by, other = pair if n else reversed(pair)
        one = asked([Case.objects.get(pk=in_numbers[0].pk)], by)
        setting_aside.answer_aside(aside=one, agrees=True, at=NOW, by=other)
        row = Case.objects.get(pk=in_numbers[0].pk)
        assert queries.clocks_of(row, NOW.date()) == {}
        if n:
            with refused("aside.came-back-before"):
                setting_aside.say_is_person(case=row, at=NOW)
        else:
            row = setting_aside.say_is_person(case=row, at=NOW)
            assert (row.state, row.closed_on, row.aside) == ("received", None, None)
            assert setting_aside.say_is_person(case=row, at=NOW).state == "received"


def test_what_is_asked_about_can_be_given_to_its_unit_meanwhile(in_numbers, district, cycle):
    one = asked(in_numbers, district.office)
    Case.objects.update(received_on=NOW.date() - DAY)
    row = actions.assign_case(
        case=in_numbers[0], to=in_numbers[0].unit, target_text="请查。", at=NOW, by=district.second_office
    )
    due = {
        one.kind: one.count
        for one in due_queries.due_for_office(district.second_office, [district.root], cycle, NOW.date())
    }
    assert due == {"aside_flood": 2, "write_back": 1}
    setting_aside.answer_aside(aside=one, agrees=True, at=NOW, by=district.second_office)
    assert states([row]) == ["assigned"]
    setting_aside.undo_aside(aside=one, at=NOW, by=district.office)
    assert states(in_numbers) == ["assigned", "received", "received"]
