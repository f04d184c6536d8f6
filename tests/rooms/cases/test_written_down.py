"""What somebody hands in on paper or says at a counter is written down by office or clerk, who is named; the code goes with them."""

import uuid
from dataclasses import replace
from functools import partial

import pytest
from tests.cast.at_once import at_once
from tests.cast.cases import outsiders
from tests.cast.district import NOW, launched_cycle, small_district
from tests.cast.refusing import refused
from tests.rooms.cases.test_cases import DAY, WORDS, received

from zhengyou.base.models import JournalEntry
from zhengyou.cases import actions, effects, queries, reporting
from zhengyou.cases.importing.hotline import HotlineRow
from zhengyou.cases.models import Case, CaseStep
from zhengyou.management.demo import reports
from zhengyou.web.shared import case_words

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return small_district()


@pytest.fixture
def cycle(district):
    return launched_cycle(district)


@pytest.fixture
def village(district, cycle):
    return district.villages[0]


def test_a_clerk_of_another_unit_writes_down_what_was_said_and_is_named_to_the_reporter_alone(district, village):
    clerk = district.secretaries[1]
    taken = received(village, source="counter", witness="门卫老李", contact="0745-1", by=clerk)
    step = queries.steps_of(taken.case)[0]
    assert (step.side, step.by) == ("clerk", clerk)
    told = {
        who: [one.who for one in case_words.steps_for([step], who)] for who in ("public", "unit", "office", "reporter")
    }
    assert clerk.name in str(told["office"])
    assert clerk.name in str(told["reporter"])
    assert clerk.name not in str(told["public"]) + str(told["unit"])
    assert queries.case_with_code(taken.code) == taken.case


def test_the_journal_names_the_clerk_and_not_the_case_so_that_no_hour_leads_to_a_reporter(district, cycle, village):
    for source in ("phone", "paper"):
        taken = received(village, source=source, words=f"{WORDS}{source}", by=district.office)
        assert not JournalEntry.objects.filter(subject=taken.case.reference).exists()
    kept = JournalEntry.objects.filter(deed="cases.receive_case")
    assert {(one.subject, one.by) for one in kept} == {(cycle.reference, district.office.reference)}


def test_nobody_writes_down_a_report_about_a_unit_they_belong_to(district, village):
    own = {"by": district.secretaries[0]}
    for given in (
        {"source": "paper"},
        {"source": "counter"},  # before anybody hears it read back
        {"source": "paper", "contact": "0745-1"},
        {"source": "paper", "kind": "misconduct", "words": "收红包"},
    ):
        with refused("case.own-unit"):
            received(village, **own, **given)
    assert received(village, source="paper", by=district.town_secretary).case.state == "received"
    elsewhere = received(village, kind="misconduct", words="收红包", source="paper", by=district.secretaries[1])
    assert elsewhere.case.state == "guarded"


def test_what_is_spoken_is_read_back_before_somebody_and_nobody_else_enters_it(district, village):
    with refused("case.witness-missing"):
        received(village, source="counter", by=district.secretaries[1])
    with refused("case.not-a-clerk"):
        received(village, source="paper", by=district.members[0])
    with refused("role.not-office"):
        received(village, source="phone", by=district.secretaries[1])


def test_whoever_was_there_is_forgotten_with_the_way_to_reach_the_reporter(district, village):
    row = received(village, source="counter", witness="门卫老李", by=district.office, at=NOW - DAY).case
    row = actions.assign_case(case=row, to=village, target_text="查。", at=NOW, by=district.office)
    row = actions.say_fixed(case=row, says="好了。", at=NOW, by=district.secretaries[0])
    reporting.give_verdict(case=row, verdict="solved", goes_on=False, at=NOW)
    effects.settle(at=NOW + DAY)
    assert reporting.forget_contacts(at=NOW + 100 * DAY) == 1
    row.refresh_from_db()
    assert row.witness == ""


@pytest.mark.parametrize(
    ("said", "about"),
    [
        (reports.DISTRICT, {"低保", "路灯", "水管", "水渠", "灯杆"}),
        (reports.HOSPITAL, {"检查", "预约", "换药", "门诊"}),
    ],
)
def test_in_the_demo_a_unit_reads_a_text_about_what_was_reported(said, about) -> None:
    """One text for two matters made a case about an allowance a broken lamp at the desk of its unit."""
    district = small_district(at=NOW - 60 * DAY)
    cycle = launched_cycle(district, at=NOW - 50 * DAY)
    readers = tuple(outsiders(district, at=NOW - 40 * DAY))
    unit, head, top = district.villages[0], district.secretaries[0], district.root
    office = (district.office, district.second_office)
    hands = reports.Hands(*office, unit, head, district.villages[1], readers, top)
    kinds = ("delay", "buck-passing")
    reports.tell(cycle, hands, replace(said, kinds=kinds, around="misconduct"), NOW)
    given = list(Case.objects.exclude(target_text=""))
    assert len(given) == 5
    for row in given:
        assert any(one in row.target_text and one in row.words for one in about), (row.words, row.target_text)
    words = [row.words for row in Case.objects.all()]
    assert not any(one != other and one[:6] == other[:6] for one in words for other in words), "each in its own words"
    written = [row.words for row in CaseStep.objects.exclude(words="")] + [row.target_text for row in given]
    assert {one[-1] for one in [*words, *written]} == {"。"}, "nothing is cut off, and nothing is stuck on"


@pytest.mark.django_db(transaction=True)
def test_a_report_sent_twice_at_one_moment_gives_both_answers_the_same_code():
    """The browser shows the second answer; once that was an error, and the code of the first was lost."""
    district = small_district()
    cycle, ticket = launched_cycle(district), uuid.uuid4()
    outcomes = at_once(*[partial(received, district.villages[0], ticket=ticket) for _tap in range(3)])
    assert len({one.code for one in outcomes}) == 1
    row = HotlineRow(2, "H1", "", district.villages[0].pk, "delay", "井盖坏了", "0745-1", "", "")
    take = partial(actions.take_hotline, rows=[row], cycle=cycle, at=NOW, by=district.office)
    outcomes = at_once(take, take)
    assert len({taken[0][1].code for taken in outcomes}) == 1
    assert Case.objects.count() == 2
    assert actions.take_hotline(rows=[replace(row, words="别的事")], cycle=cycle, at=NOW, by=district.office) == []
