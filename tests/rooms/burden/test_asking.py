"""Asking: what stages and polls ask is put on record, and nobody asks more than the frozen cap, however they try."""

from datetime import date
from functools import partial
from pathlib import Path

import pytest
from tests.cast.at_once import at_once, refusals_of
from tests.cast.district import NOW, campaign_beneath, drafted_cycle, launched_cycle, small_district
from tests.cast.keys import give_keys
from tests.cast.polls import opened_poll, planned_poll
from tests.cast.refusing import refused

from zhengyou.ballots import actions as ballots
from zhengyou.base.models import JournalEntry
from zhengyou.burden import actions, queries, rules
from zhengyou.burden.models import Ask
from zhengyou.burden.rules import BY_SLUG, FORMS, Asking, Cap, FilledBy
from zhengyou.campaigns import actions as campaigns
from zhengyou.campaigns import queries as campaign_queries
from zhengyou.campaigns.models import Cycle
from zhengyou.organisations import actions as organisations

CAP = Cap(unit_minutes=60, member_minutes=10)
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
ROOMS = Path(__file__).resolve().parents[3] / "src/zhengyou"


@pytest.fixture
def district(db):
    return small_district()


def asking(unit, minutes, *, form="promise", month=MARCH, wide=False):
    return Asking(BY_SLUG[form], unit, month, minutes, is_for_all_below=wide)


def ask(district, *asked, about=None, cap=CAP):
    return actions.ask(asked=asked, about=about or district.members[0], cap=cap, at=NOW, by=district.office)


def test_what_is_asked_is_on_record_by_form(district):
    village = district.villages[0]
    ask(district, asking(village, 20), asking(village, 5, form="practice-theme"))
    assert [(used.form.slug, used.minutes) for used in queries.asked_in(village, date(2026, 3, 31))] == [
        ("promise", 20),
        ("practice-theme", 5),
    ]
    assert queries.asked_in(village, APRIL) == []
    assert queries.asked_in(village, MARCH, FilledBy.MEMBER) == []
    assert JournalEntry.objects.latest("id").payload == {"forms": {"practice-theme": 5, "promise": 20}}


def test_the_cap_itself_may_be_asked_and_one_minute_more_not(district):
    village = district.villages[0]
    ask(district, asking(village, 60))
    with refused("burden.over-the-cap") as caught:
        ask(district, asking(village, 1, form="outcome"))
    assert [(used.form.slug, used.minutes) for used in caught.value.used] == [("promise", 60)]
    assert "promises 60" in str(caught.value)
    assert Ask.objects.count() == 1
    ask(district, asking(village, 60, month=APRIL), asking(district.villages[1], 60))


def test_units_and_members_are_counted_apart(district):
    village = district.villages[0]
    ask(district, asking(village, 60), asking(village, 10, form="ballot"))
    with refused("burden.over-the-cap"):
        ask(district, asking(village, 1, form="ballot"), about=district.members[1])


@pytest.mark.parametrize("first", ["wide", "narrow"])
def test_what_all_below_are_asked_counts_for_each(district, first):
    wide, narrow = asking(district.root, 40, wide=True), asking(district.villages[2], 30, form="outcome")
    one, other = (wide, narrow) if first == "wide" else (narrow, wide)
    ask(district, one)
    with refused("burden.over-the-cap"):
        ask(district, other)


def test_what_one_branch_of_the_tree_is_asked_does_not_burden_another(district):
    ask(district, asking(district.town, 50, wide=True))
    ask(district, asking(district.root, 50, form="outcome"))
    with refused("burden.over-the-cap"):
        ask(district, asking(district.root, 20, form="practice-theme", wide=True))


def test_a_unit_full_already_stops_nobody_elsewhere(district):
    full, other = district.villages[:2]
    ask(district, asking(full, 60))
    ask(district, asking(other, 60), about=district.members[1])


def test_all_is_asked_or_nothing(district):
    with refused("burden.over-the-cap"):
        ask(district, asking(district.villages[0], 30), asking(district.villages[1], 61))
    assert not Ask.objects.exists()


def test_forms_that_are_not_counted_burden_nobody(district):
    office = [asking(district.villages[0], 500, form=form.slug) for form in FORMS if not form.is_counted]
    assert ask(district, *office) == []


def test_the_question_costs_one_query(district, django_assert_num_queries):
    ask(district, *[asking(village, 50) for village in district.villages])
    with django_assert_num_queries(1):
        rules.check_may_ask([asking(district.root, 10, form="outcome", wide=True)], CAP)


def test_every_form_has_a_room_of_the_house_and_its_own_name():
    assert len(BY_SLUG) == len(FORMS)
    assert all((ROOMS / form.room / "models.py").exists() for form in FORMS)
    assert all(form.is_counted == bool(form.seconds) for form in FORMS)


# Launches


def test_a_launch_asks_what_its_stages_ask(district):
    cycle = launched_cycle(district)
    asked = {(used.form.slug, used.minutes) for used in queries.asked_in(district.villages[0], date(2026, 1, 5))}
    assert asked == {("practice-theme", 5), ("promise", 16), ("progress-report", 6)}
    assert ("outcome", 10) in {
        (used.form.slug, used.minutes) for used in queries.asked_in(district.villages[0], date(2026, 12, 5))
    }
    assert set(Ask.objects.values_list("about", flat=True)) == {cycle.reference}


def test_the_launch_page_is_told_what_a_choice_costs(district):
    cycle = drafted_cycle(district)
    costs = {
        (cost.form.slug, cost.form.filled_by, cost.when, cost.minutes)
        for cost in campaign_queries.cost_of(cycle.ruleset)
    }
    assert ("promise", "unit", "first", 16) in costs
    assert ("ballot", "member", "first", 3) in costs
    light = campaigns.choose_parts(
        cycle=cycle, rooms=["polls"], stages=["appraise"], at=NOW, by=district.office
    ).ruleset
    assert [cost.form.slug for cost in campaign_queries.cost_of(light)] == ["ballot"]


def test_a_launch_above_the_cap_is_refused_and_leaves_nothing(district):
    cycle = drafted_cycle(district)
    ask(district, asking(district.villages[3], 50, month=date(2026, 1, 1)))
    with refused("burden.over-the-cap") as caught:
        campaigns.launch_cycle(cycle=cycle, why="启动", at=NOW, by=district.office)
    assert "测试4村党支部" in str(caught.value)
    assert Cycle.objects.get(pk=cycle.pk).launched_at is None
    assert Ask.objects.count() == 1


def test_a_launch_with_a_lower_frozen_cap_is_refused(district):
    cycle = drafted_cycle(district)
    cycle.rules["burden"]["unit_minutes"] = 20
    cycle.save()
    with refused("burden.over-the-cap"):
        campaigns.launch_cycle(cycle=cycle, why="启动", at=NOW, by=district.office)


def test_attack_launching_twice_asks_once(district):
    cycle = launched_cycle(district)
    asks = Ask.objects.count()
    with refused("cycle.launched-already"):
        campaigns.launch_cycle(cycle=cycle, why="再启动", at=NOW, by=district.office)
    assert Ask.objects.count() == asks


@pytest.mark.django_db(transaction=True)
def test_attack_two_launches_at_once_never_pass_the_cap_together():
    district = small_district()
    cycles = [drafted_cycle(district), campaign_beneath(district, is_launched=False)]
    ask(district, asking(district.town, 20, month=date(2026, 1, 1), form="outcome", wide=True))
    launch = partial(campaigns.launch_cycle, why="启动", at=NOW, by=district.office)
    outcomes = at_once(*[partial(launch, cycle=cycle) for cycle in cycles])
    assert refusals_of(outcomes) == ["burden.over-the-cap"]
    assert Cycle.objects.exclude(launched_at=None).count() == 1


# Polls


def test_a_joining_unit_is_asked_what_all_within_are_asked(district):
    launched_cycle(district)
    late = organisations.add_organisation(
        code="77", name="新建村党支部", kind="branch", sector="rural", parent=district.town, at=NOW, by=None
    )
    assert queries.asked_in(late, date(2026, 1, 5))


@pytest.mark.django_db
def test_an_opened_poll_asks_the_members_on_its_rolls_by_the_size_of_its_sheet():
    district = small_district(members_a_village=6)
    poll = opened_poll(district, launched_cycle(district), [district.members[:6]])
    [used] = queries.asked_in(district.villages[0], MARCH, FilledBy.MEMBER)
    assert (used.form.slug, used.minutes) == ("ballot", 1)
    assert queries.asked_in(district.villages[1], MARCH, FilledBy.MEMBER) == []
    assert Ask.objects.filter(about=poll.reference).count() == 1


@pytest.mark.django_db
def test_a_poll_above_the_cap_of_members_does_not_open():
    district = small_district(members_a_village=6)
    poll = planned_poll(district, launched_cycle(district), [district.members[:6]])
    give_keys(poll)
    ask(district, asking(district.villages[0], 10, form="ballot"))
    with refused("burden.over-the-cap") as caught:
        ballots.open_poll(poll=poll, at=NOW, by=district.office)
    assert "ballot 10" in str(caught.value)
    poll.refresh_from_db()
    assert poll.state == "drafted"


@pytest.mark.django_db(transaction=True)
def test_attack_two_polls_opened_at_once_never_pass_the_cap_together():
    district = small_district(members_a_village=6)
    cycle = launched_cycle(district)
    polls = [planned_poll(district, cycle, [district.members[:6]]) for _time in (1, 2)]
    for poll in polls:
        give_keys(poll)
    ask(district, asking(district.villages[0], 9, form="ballot"))
    outcomes = at_once(*[partial(ballots.open_poll, poll=poll, at=NOW, by=district.office) for poll in polls])
    assert refusals_of(outcomes) == ["burden.over-the-cap"]
    assert [used.minutes for used in queries.asked_in(district.villages[0], MARCH, FilledBy.MEMBER)] == [10]
