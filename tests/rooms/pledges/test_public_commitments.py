"""Who made a public commitment: entered once, by the office or a level above, corrected and taken back with the reason."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.cast.district import NOW, campaign_beneath, launched_cycle, small_district
from tests.cast.refusing import refused

from zhengyou.base.models import JournalEntry
from zhengyou.campaigns import actions as campaigns
from zhengyou.organisations.models import Person
from zhengyou.pledges import actions, queries
from zhengyou.pledges.rules import Made

pytestmark = pytest.mark.django_db
MADE = Made(on=date(2026, 3, 9), place="测试1村党员大会", evidence="会议记录第3号")


@pytest.fixture
def house():
    return small_district()


@pytest.fixture
def cycle(house):
    return launched_cycle(house)


def entered(house, cycle, people, **more):
    given = {"made": MADE, "at": NOW, "by": house.office} | more
    return actions.enter_public_commitments(cycle=cycle, people=people, **given)


def names(cycle, organisation=None):
    return {one.person.name for one in queries.who_committed_in_public(cycle, organisation)}


def test_a_list_is_entered_once_and_known_by_unit(house, cycle) -> None:
    people = house.members[:4]
    assert len(entered(house, cycle, people).new) == 4
    again = entered(house, cycle, house.members[:5])
    assert (len(again.new), again.had) == (1, 4)
    assert names(cycle, house.villages[0]) == {one.name for one in house.members[:3]}
    assert names(cycle) == names(cycle, house.town) == {one.name for one in house.members[:5]}
    assert names(cycle, house.villages[3]) == set()


def test_who_left_or_is_probationary_is_told_apart(house, cycle) -> None:
    gone, new, stays = house.members[:3]
    entered(house, cycle, [gone, new, stays])
    Person.objects.filter(pk=gone.pk).update(left_on=NOW.date())
    Person.objects.filter(pk=new.pk).update(membership=Person.Membership.PROBATIONARY)
    known = {one.person.name: one.is_probationary for one in queries.who_committed_in_public(cycle)}
    assert known == {new.name: True, stays.name: False}
    with refused("public-commitment.person-left"):
        entered(house, cycle, [Person.objects.get(pk=gone.pk)])


def test_it_is_corrected_and_taken_back_with_what_stood_before(house, cycle) -> None:
    [row] = entered(house, cycle, house.members[:1]).new
    actions.correct_public_commitment(commitment=row, made=replace(MADE, place="公开栏"), at=NOW, by=house.office)
    said = JournalEntry.objects.get(deed="pledges.correct_public_commitment").payload
    assert (said["before"]["place"], said["after"]["place"]) == (MADE.place, "公开栏")
    [shown] = queries.named_on_page(house.villages[0], NOW.date())
    assert (shown.name, shown.place) == (row.person.name, "公开栏")
    with refused("publiccommitment.why-taken-back-missing"):
        actions.take_back_public_commitments(commitments=[row], why=" ", at=NOW, by=house.office)
    for _twice in range(2):
        actions.take_back_public_commitments(commitments=[row], why="会上没有宣读", at=NOW, by=house.office)
    assert JournalEntry.objects.filter(deed="pledges.take_back_public_commitments").count() == 1
    assert names(cycle) == set()
    assert queries.named_on_page(house.villages[0], NOW.date()) == []
    with refused("public-commitment.taken-back"):
        actions.correct_public_commitment(commitment=row, made=MADE, at=NOW, by=house.office)
    assert len(entered(house, cycle, house.members[:1]).new) == 1


def test_the_level_above_enters_for_its_units_only(house, cycle) -> None:
    assert len(entered(house, cycle, house.members[:1], by=house.town_secretary, as_clerk=True).new) == 1
    with refused("role.not-clerk-above"):
        entered(house, cycle, house.members[:1], by=house.secretaries[0], as_clerk=True)
    with refused("role.not-office"):
        entered(house, cycle, house.members[1:2], by=house.town_secretary)
    with refused("role.not-office"):
        [row] = queries.standing_in(cycle)
        actions.take_back_public_commitments(commitments=[row], why="无", at=NOW, by=house.secretaries[1])


def test_a_day_has_come_and_lies_in_the_cycle(house, cycle) -> None:
    with refused("public-commitment.day-ahead"):
        entered(house, cycle, house.members[:1], made=replace(MADE, on=NOW.date() + timedelta(days=1)))
    with refused("public-commitment.before-the-cycle"):
        entered(house, cycle, house.members[:1], made=replace(MADE, on=date(2025, 12, 31)))
    with refused("publiccommitment.place-missing"):
        entered(house, cycle, house.members[:1], made=replace(MADE, place="\n"))
    with refused("public-commitment.of-nobody"):
        entered(house, cycle, [])
    with refused("public-commitment.too-many"):
        entered(house, cycle, house.members[:1] * 2001)


def test_another_campaigns_people_are_from_outside(house, cycle) -> None:
    town = campaign_beneath(house)
    with refused("public-commitment.from-outside"):
        entered(house, town, [house.leader])
    campaigns.ask_to_close(cycle=cycle, at=NOW, by=house.office)
    campaigns.close_cycle(cycle=cycle, open_things=(), at=NOW, by=house.second_office)
    with refused("cycle.closed"):
        entered(house, cycle, house.members[:1])


def test_the_page_forgets_a_year_after_the_cycle(house, cycle) -> None:
    entered(house, cycle, house.members[:1])
    assert len(queries.named_on_page(house.villages[0], cycle.ends_on + timedelta(days=365))) == 1
    assert queries.named_on_page(house.villages[0], cycle.ends_on + timedelta(days=366)) == []
