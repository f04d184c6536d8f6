"""The desk's pages about units: the table of those below, one's own through its year, and what is due with day and minutes."""

import csv
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

import pytest
from django.urls import reverse
from tests.cast.commitments import (
    promises_of,
    proposed_commitment,
    published_commitment,
    secretary_of,
)
from tests.cast.district import closed_cycle, drafted_cycle, launched_cycle, small_district
from tests.cast.leading import adopted
from tests.cast.plans import published_plan, remark, wordings

from zhengyou.base.time import local_day
from zhengyou.campaigns import actions as campaigns
from zhengyou.campaigns.calendar import Calendar
from zhengyou.commitments import actions as commitments
from zhengyou.commitments.by_unit import first_doubted
from zhengyou.commitments.models import Promise
from zhengyou.identity.models import Account
from zhengyou.keeping import actions as keeping
from zhengyou.organisations.readers import Reader
from zhengyou.plans import actions as plans
from zhengyou.remarks.models import Remark
from zhengyou.rhythm.below import promises_below, units_below
from zhengyou.situations import actions as situations
from zhengyou.situations import queries as situation_queries
from zhengyou.situations import rules as situation_rules
from zhengyou.submissions import actions as submissions
from zhengyou.submissions.actions import HandedIn
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db


def noon(days_ago=0):
    return datetime.combine(clock.today() - timedelta(days=days_ago), time(4), tzinfo=UTC)


@pytest.fixture
def district():
    return small_district(at=noon(70))


@pytest.fixture
def cycle(district):
    return launched_cycle(district, at=noon(60))


@pytest.fixture
def enter(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"

    def as_(person):
        client.force_login(Account.objects.get(person=person))
        return client

    return as_


def below(cycle, upper, on):
    return {row.organisation.code: row for row in units_below(Calendar.of(cycle), [upper], on)}


def test_the_table_says_of_each_unit_below_what_is_published_reported_doubted_and_past_its_day(district, cycle) -> None:
    told, silent, waiting, idle = district.villages
    [first, second, *_rest] = promises_of(published_commitment(district, cycle, told, at=noon(50)))
    published_commitment(district, cycle, silent, at=noon(50))
    proposed_commitment(cycle, waiting, at=noon(50))
    commitments.report_progress(promise=first, text="完成一半", at=noon(10), by=district.secretaries[0])
    commitments.answer_promise(promise=second, mark="off_course", words="", arrival=None, at=noon(5))
    Promise.objects.filter(pk=first.pk).update(due_on=clock.today() - timedelta(days=1))
    rows = below(cycle, district.root, clock.today())
    assert list(rows) == [row.code for row in (district.town, *district.villages)]
    row = rows[told.code]
    assert (row.reported, row.doubted, row.overdue, row.is_late) == (1, 1, 1, False)
    assert row.concerns - {"untold"} == {"doubted", "overdue"}
    assert row.next_day == clock.today() - timedelta(days=1)
    assert first_doubted(cycle, [told.pk, silent.pk]) == {told.pk: second.pk}
    assert rows[idle.code].next_day == Calendar.of(cycle).window("promise").closes_on
    assert rows[silent.code].concerns - {"untold"} == {"unreported"}
    assert rows[waiting.code].concerns - {"untold"} == {"waiting"}
    assert (rows[idle.code].state, rows[idle.code].concerns) == ("none", {"untold"})
    after = cycle.ends_on + timedelta(days=1)
    assert "late" in below(cycle, district.town, after)[idle.code].concerns
    figures = promises_below(Calendar.of(cycle), [district.town], clock.today())
    assert (figures.units, figures.published, figures.waiting, figures.overdue) == (4, 2, 1, 1)


def test_nobody_sees_units_that_are_not_below_their_own(district, cycle, enter) -> None:
    page = enter(district.secretaries[0]).get(reverse("desk-units-below")).content.decode()
    assert district.villages[1].name not in page
    assert "No unit below yours takes part" in page
    member = district.members[0]
    Account.objects.create(person=member, login="member", password="x")
    page = enter(member).get(reverse("desk-units-below")).content.decode()
    assert "You hold no such post" in page
    assert district.villages[1].name not in page


def test_a_leader_and_a_town_find_their_units_with_filter_search_and_file(district, cycle, enter) -> None:
    proposed_commitment(cycle, district.villages[0], at=noon(50))
    for person in (district.leader, district.town_secretary):
        client = enter(person)
        assert "Units below mine" in client.get(reverse("desk-home")).content.decode()
        narrowed = client.get(reverse("desk-units-below"), {"concern": "waiting"}).content.decode()
        assert reverse("desk-review", args=[district.villages[0].code]) in narrowed
        assert district.villages[1].name not in narrowed
        found = client.get(reverse("desk-units-below"), {"q": district.villages[2].code}).content.decode()
        assert [row.name for row in district.villages if row.name in found] == [district.villages[2].name]
    file = client.get(reverse("desk-units-below"), {"as": "csv"}).content.decode("utf-8-sig")
    assert len(file.splitlines()) == 1 + len(district.villages)


def test_one_s_own_unit_shows_the_next_step_with_its_day_and_nobody_opens_another_s(district, cycle, enter) -> None:
    client = enter(district.secretaries[0])
    page = client.get(reverse("desk-unit")).content.decode()
    assert "Choose the theme" in page or "Write and propose" in page
    assert (
        f'<a role="button" href="{reverse("desk-theme", args=[district.villages[0].code])}?cycle={cycle.pk}">' in page
    )
    assert client.get(reverse("desk-unit-one", args=[district.villages[1].code])).status_code == 404
    leader = enter(district.leader).get(reverse("desk-unit")).content.decode()
    assert district.root.name in leader
    assert '<a role="button"' not in leader


def test_what_is_due_says_its_day_and_minutes_the_earliest_first(district, cycle, enter) -> None:
    every = enter(district.secretaries[0]).get(reverse("desk-home")).context["lines"]
    assert {line.kind for line, _late in every} == {"tell_situation", "choose_theme", "write_promises", "write_vow"}
    lines = [(line, late) for line, late in every if line.kind in ("choose_theme", "write_promises")]
    assert {line.due_on for line, _late in lines} == {date(cycle.ends_on.year, 12, 31)}
    assert [line.minutes for line, _late in lines] == [5, 8]
    published_commitment(district, cycle, district.villages[1], at=noon(50))
    shown = enter(district.secretaries[1]).get(reverse("desk-home")).context["lines"]
    [(line, late), *_rest] = [one for one in shown if one[0].kind != "tell_situation"]
    assert (line.kind, line.due_on, late) == ("report_progress", clock.today() - timedelta(days=20), 20)


def test_what_people_wait_for_comes_first_in_the_table_and_by_name_above_it(district, cycle, enter) -> None:
    doubted, past, waiting, _idle = district.villages
    [first, *_rest] = promises_of(published_commitment(district, cycle, doubted, at=noon(50)))
    commitments.answer_promise(promise=first, mark="off_course", words="", arrival=None, at=noon(5))
    [late, *_rest] = promises_of(published_commitment(district, cycle, past, at=noon(50)))
    Promise.objects.filter(pk=late.pk).update(due_on=clock.today() - timedelta(days=1))
    proposed_commitment(cycle, waiting, at=noon(50))
    page = enter(district.leader).get(reverse("desk-units-below"))
    assert [row.organisation.pk for row in page.context["page"]][:3] == [past.pk, waiting.pk, doubted.pk]
    assert page.context["below"] == promises_below(Calendar.of(cycle), [district.root], clock.today())
    for address, head in (("desk-units-below", "h2"), ("desk-home", "h3")):
        shown = enter(district.leader).get(reverse(address)).content.decode()
        assert f"<{head}>Look here first</{head}>" in shown
        named = shown[shown.index("Look here first") :]
        assert past.name in named.partition("</ul>")[0]
        assert waiting.name not in named.partition("</ul>")[0]
        assert "1 overdue" in " ".join(named.split())


def test_what_an_earlier_cycle_still_owes_is_counted_above_with_the_same_days_as_in_the_unit_s_own_list(
    district, cycle, enter
) -> None:
    village, at = district.villages[0], noon(40)
    [first, second, *_rest] = promises_of(published_commitment(district, cycle, village, at=noon(50)))
    for row in (first, second):
        Promise.objects.filter(pk=row.pk).update(due_on=local_day(noon(45)))
        keeping.decide(promise=row, decision="nothing_shown", reason="没有材料", at=at, by=district.leader)
    closed_cycle(district, cycle, at=at)
    now = drafted_cycle(district, at=at, name="下一年度")
    campaigns.launch_cycle(cycle=now, why="", at=at, by=district.office)
    owns = enter(secretary_of(village)).get(reverse("desk-home")).context["lines"]
    late = [days for line, days in owns if line.kind == "explain_promise"]
    assert len(late) == 2
    assert min(late) > 10
    for leading in (district.town_secretary, district.leader):
        client = enter(leading)
        [(_cycle, figures)] = client.get(reverse("desk-home")).context["below"]
        assert (figures.contested, figures.earlier, figures.days_late) == (2, 2, max(late))
        page = client.get(reverse("desk-units-below"), {"concern": "earlier", "as": "csv"}).content.decode("utf-8-sig")
        [heads, row] = list(csv.reader(page.splitlines()))
        told = dict(zip(heads, row, strict=True))
        assert (told["Answers owed"], told["Days late with an answer"]) == ("2", str(max(late)))
        shown = client.get(reverse("desk-units-below")).content.decode()
        assert f"{max(late)} days late" in shown
        assert reverse("public-promise", args=[village.code, first.pk]) in shown
    adopted(district, now.campaign, district.leader, village, at=at)
    points = enter(district.leader).get(reverse("desk-contact-points")).content.decode()
    assert "owes 2 answers" in " ".join(points.split())
    office = enter(district.office)
    assert f"the oldest {max(late)} days late" in office.get(reverse("office-home")).content.decode()
    listed = office.get(reverse("office-coverage", args=[now.pk]), {"missing": "answer"})
    assert [(row.organisation.pk, row.owed) for row in listed.context["page"]] == [(village.pk, 2)]
    for row in (first, second):
        keeping.answer_in_public(promise=row, text="材料已补上", at=noon(1), by=secretary_of(village))
    [(_cycle, figures)] = enter(district.leader).get(reverse("desk-home")).context["below"]
    assert (figures.contested, figures.earlier) == (0, 0)


def test_a_report_on_the_situation_that_is_late_is_counted_above_as_in_the_unit_s_own_list(district, enter) -> None:
    cycle = launched_cycle(district, at=noon(60))
    calendar = Calendar.of(cycle)
    late = next(one for one in situation_rules.periods_of(calendar)).last + timedelta(days=3)
    told = district.villages[0]
    at = datetime.combine(late, time(4), tzinfo=UTC)
    situations.publish_report(
        cycle=cycle, organisation=told, title="一季度", text="路修了一半", at=at, by=secretary_of(told)
    )
    rows = units_below(calendar, [district.town], late)
    own = situation_queries.due_for(Reader.of(district.secretaries[1], late, "en"))
    assert [row.organisation.pk for row in rows if "untold" in row.concerns] == [
        row.pk for row in district.villages[1:]
    ]
    assert {row.report_due_on for row in rows} == {None, *(one.due_on for one in own)}
    assert promises_below(calendar, [district.town], late).untold == len(district.villages) - 1


def test_one_s_own_unit_holds_every_line_of_the_to_dos_with_how_late_it_is(district, cycle, enter) -> None:
    published_commitment(district, cycle, district.villages[1], at=noon(50))
    client = enter(district.secretaries[1])
    unit = district.villages[1].pk
    to_do = {
        (line, late) for line, late in client.get(reverse("desk-home")).context["lines"] if line.organisation == unit
    }
    page = client.get(reverse("desk-unit"))
    steps = {(stage.step, stage.days_late) for stage in page.context["stages"] if stage.step}
    assert to_do == steps | set(page.context["lines"])
    assert not steps & set(page.context["lines"])
    assert "20 days late" in page.content.decode()


def test_a_stage_that_runs_is_not_red_and_has_one_tag_at_most(district, cycle, enter) -> None:
    [first, second, *_rest] = promises_of(published_commitment(district, cycle, district.villages[0], at=noon(5)))
    commitments.answer_promise(promise=second, mark="off_course", words="", arrival=None, at=noon(4))
    Promise.objects.filter(pk=first.pk).update(due_on=clock.today() - timedelta(days=1))
    page = enter(district.secretaries[0]).get(reverse("desk-unit")).content.decode()
    stages = page[page.index('<ol class="path">') :].partition("</ol>")[0].split("<h2>")[1:]
    assert any("open now" in stage for stage in stages)
    assert [stage.count('class="tag') for stage in stages if stage.count('class="tag') > 1] == []
    assert 'class="tag red">open now' not in page


def test_only_whoever_leads_a_unit_is_led_on_to_the_words_that_wait_for_an_answer(district, cycle, enter) -> None:
    village = district.villages[0]
    [first, *_rest] = promises_of(published_commitment(district, cycle, village, at=noon(5)))
    commitments.answer_promise(promise=first, mark="off_course", words="还没有动工", arrival=None, at=noon(4))
    Remark.objects.update(state=Remark.State.SHOWN)
    member = next(person for person in district.members if person.organisation_id == village.pk)
    Account.objects.create(person=member, login="member", password="x")
    for person, is_led_on in ((secretary_of(village), True), (member, False)):
        page = enter(person).get(reverse("desk-unit")).content.decode()
        assert "1 message from people without an answer" in page
        assert (f"{reverse('desk-remarks')}?cycle={cycle.pk}" in page) == is_led_on


def test_whoever_is_refused_at_the_office_s_door_stands_at_the_desk(district, cycle, enter) -> None:
    refused = enter(district.secretaries[0]).get(reverse("office-home"))
    page = refused.content.decode()
    assert refused.status_code == 403
    assert f'href="{reverse("desk-home")}">To my desk' in page
    assert f'href="{reverse("office-journal")}"' not in page


def test_each_link_to_enter_papers_says_of_which_unit(district, cycle, enter) -> None:
    page = enter(district.leader).get(reverse("desk-units-below")).content.decode()
    assert all(f'Enter papers<span class="unseen">: {unit.name}</span>' in page for unit in district.villages)


def test_to_do_for_this_unit_holds_all_that_its_desk_holds_for_it(district, cycle, enter) -> None:
    village, secretary = district.villages[0], district.secretaries[0]
    came = HandedIn("paper", local_day(noon(1)))
    theme = {"cycle": cycle, "organisation": village, "text": "把路修好", "main_work": "修路", "as_clerk": True}
    submissions.enter_for_unit(
        organisation=village,
        what="theme",
        text="把路修好",
        came=came,
        deed=partial(plans.choose_practice_theme, **theme),
        ticket=None,
        at=noon(1),
        by=district.town_secretary,
    )
    plan = published_plan(cycle, village, at=noon(50))
    remark(wordings(plan)[1], "请写清时间", by_office=district.office, at=noon(45))
    client = enter(secretary)
    texts = {line.text: line.organisation for line, _late in client.get(reverse("desk-home") + "?all").context["lines"]}
    entered, asked = "Look at what was entered for your unit: 把路修好", f"Answer 1 comment on “{plan.title}”"
    assert {texts[entered], texts[asked]} == {village.pk}
    page = client.get(reverse("desk-unit"))
    assert {entered, asked} <= {line.text for line, _late in page.context["lines"]}
    assert all(organisation in (village.pk, None) for organisation in texts.values())


def test_each_count_of_a_unit_s_year_leads_to_what_it_counts(district, cycle, enter) -> None:
    village = district.villages[0]
    [first, second, _third] = promises_of(published_commitment(district, cycle, village, at=noon(50)))
    commitments.answer_promise(promise=second, mark="off_course", words="", arrival=None, at=noon(5))
    Promise.objects.filter(pk=first.pk).update(due_on=clock.today() - timedelta(days=1))
    member = next(one for one in district.members if one.organisation_id == village.pk)
    Account.objects.create(person=member, login="member", password="x")
    for person, several in (
        (secretary_of(village), f"{reverse('desk-commitment', args=[village.code])}?cycle={cycle.pk}"),
        (member, f"{reverse('public-organisation', args=[village.code])}#promises"),
    ):
        client = enter(person)
        facts = {
            fact.text: fact.address
            for stage in client.get(reverse("desk-unit")).context["stages"]
            for fact in stage.facts
        }
        assert facts["3 promises without a report"] == several
        assert facts["1 promise that somebody doubts"] == reverse("public-promise", args=[village.code, second.pk])
        assert facts["1 promise is overdue"] == reverse("public-promise", args=[village.code, first.pk])
        for address in (one for one in facts.values() if one):
            assert client.get(address.partition("#")[0]).status_code == 200
