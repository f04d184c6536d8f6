"""The set-up assistant: what cannot be set up is said where it stands, nothing half done, nothing changed after launch."""

import hashlib
import json
import re
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from django.test import Client
from django.urls import reverse
from tests.cast import district as cast
from tests.cast.awards import drafted_selection
from tests.cast.commitments import published_commitment
from tests.cast.plans import published_plan
from tests.cast.polls import opened_poll, planned_poll

from zhengyou.campaigns import actions, packs, queries
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import Campaign, Cycle, Manifest, StageWindow
from zhengyou.identity.models import Account
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.models import Person, Post, Responsibility
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
HOSTILE = "</title><script>alert(1)</script>"
STEPS = ("stages", "themes", "sheet")
POINTS = {"points_good": 10, "points_fairly-good": 7, "points_fair": 5, "points_poor": 2}
ITEMS = ["running-the-campaign", "central-work", "commitments-kept", "practical-good", "team-and-members"]
SHEET = {
    "nothing_below": 5,
    "band_below": 10,
    "open_from": 50,
    "turnout_percent": "2/3",
    "criteria": ITEMS,
    "words_shown": "after_a_look",
} | POINTS


@pytest.fixture
def district():
    return cast.small_district(members_a_village=0)


@pytest.fixture
def cycle(district):
    return cast.drafted_cycle(district)


@pytest.fixture
def office(district):
    return signed_in(district.office)


def signed_in(person):
    client = Client(**ENGLISH)
    client.force_login(Account.objects.get(person=person))
    return client


def text_of(response):
    return response.content.decode()


def step(cycle, name):
    return reverse("office-cycle", args=[cycle.pk]) + f"{name}/"


def campaign_form(district, **changes):
    given = {
        "name": "测试活动",
        "theme": "主题",
        "organisation": district.root.pk,
        "basis_kind": "internal-annual-assessment",
        "basis_body": "测试区委",
        "basis_number": "1号",
        "basis_from": "2026-01-01",
    }
    return given | changes


def stages_form(**changes):
    days = {"opens_on": "2026-01-01", "closes_on": "2026-12-31"}
    return {
        f"{stage}_{end}": day for stage in ("promise", "fulfil", "appraise", "recognise") for end, day in days.items()
    } | changes


def test_only_the_office_enters(district, cycle):
    addresses = [
        reverse("office-campaign-name", args=["excellence-2010"]),
        reverse("office-cycle-add", args=[cycle.campaign_id]),
        reverse("office-cycle", args=[cycle.pk]),
        *[step(cycle, name) for name in (*STEPS, "close")],
    ]
    for address in addresses:
        assert Client().post(address).headers["Location"].startswith(reverse("sign-in"))
        for person in (district.leader, district.secretaries[0]):
            client = signed_in(person)
            assert (client.get(address).status_code, client.post(address).status_code) == (403, 403)
    assert queries.manifest_of(cycle) is None


def test_campaigns_and_cycles_that_are_not_there(office):
    missing = [
        "/office/cycles/999/",
        "/office/campaigns/999/cycles/new/",
        f"/office/cycles/{10**30}/",
        "/office/cycles/x/",
    ]
    for address in [*missing, *[f"/office/cycles/999/{name}/" for name in (*STEPS, "close")]]:
        assert office.get(address).status_code == 404
    for number in ("999", str(10**30), "1'--"):
        assert office.get(f"/rules/{number}.json").status_code == 404


def test_a_campaign_without_its_basis_is_refused_and_what_was_typed_stays(office, district):
    page = reverse("office-campaign-name", args=["excellence-2010"])
    for changes, sentence in [
        ({"basis_number": " "}, "Please fill this in."),
        ({"basis_until": "2025-01-01"}, "would end before it begins"),
        ({"name": "n" * 201}, "at most 200 characters"),
        ({"organisation": district.villages[0].pk}, "Choose one of the answers"),
        ({"basis_kind": "because"}, "Choose one of the answers"),
    ]:
        answer = text_of(office.post(page, campaign_form(district, **changes)))
        assert sentence in answer
        assert "主题" in answer
    assert Campaign.objects.count() == 0


def test_a_form_sent_twice_makes_one_campaign_and_one_cycle(office, district):
    page = reverse("office-campaign-name", args=["excellence-2010"])
    assert office.post(page, campaign_form(district, name="n" * 200)).status_code == 302
    again = office.post(page, campaign_form(district, name="n" * 200))
    assert "already has a campaign of this name" in text_of(again)
    page = reverse("office-cycle-add", args=[Campaign.objects.get().pk])
    form = {"name": "一年", "starts_on": "2026-01-01", "ends_on": "2026-12-31"}
    assert office.post(page, form).status_code == 302
    assert "already has a cycle of this name" in text_of(office.post(page, form))
    backwards = form | {"name": "两年", "ends_on": "2025-12-31"}
    assert "would end before it starts" in text_of(office.post(page, backwards))
    assert Cycle.objects.count() == 1


def test_a_wrong_stage_is_named_and_no_stage_is_half_set(office, cycle):
    answer = office.post(
        step(cycle, "stages"),
        stages_form(promise_opens_on="2026-02-02", appraise_closes_on="2025-12-31", recognise_closes_on="2027-01-01"),
    )
    fields = answer.context["form"].errors
    assert set(fields) == {"appraise_closes_on", "recognise_closes_on"}
    assert "would close before it opens" in fields["appraise_closes_on"][0]
    assert "lies outside the cycle" in fields["recognise_closes_on"][0]
    assert Calendar.of(cycle).windows["promise"].opens_on.isoformat() == "2026-01-01"
    assert office.post(step(cycle, "stages"), stages_form(promise_opens_on="2026-02-02")).status_code == 302
    assert Calendar.of(cycle).windows["promise"].opens_on.isoformat() == "2026-02-02"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"nothing_below": 4}, "this one is at least 5"),
        ({"band_below": 9}, "this one is at least 10"),
        ({"open_from": 49}, "this one is at least 50"),
        ({"band_below": 60}, "must rise from result to breakdown to open slips"),
        ({"points_fair": 7}, "must fall from the best grade to the worst"),
        ({"points_poor": -1}, "must be at least 0"),
        ({"points_good": "ten"}, "Write a whole number"),
        ({"criteria": []}, "The appraisal sheet has no items."),
        ({"criteria": ["<script>"]}, "Choose one of the answers"),
        ({"turnout_percent": "1/100"}, "Choose one of the answers"),
    ],
)
def test_a_sheet_that_cannot_stand_is_refused_in_words(office, cycle, changes, sentence):
    assert sentence in text_of(office.post(step(cycle, "sheet"), SHEET | changes)).replace("&lt;", "<")
    assert Cycle.objects.get().rules == cycle.rules


def test_an_item_left_out_can_be_taken_in_again(office, cycle):
    assert office.post(step(cycle, "sheet"), SHEET | {"criteria": ITEMS[:2], "open_from": 80}).status_code == 302
    changed = Cycle.objects.get().rules
    assert [item["id"] for item in changed["criteria"]] == ITEMS[:2]
    assert (changed["thresholds"]["open_from"], changed["thresholds"]["cell"]) == (80, 5)
    assert office.post(step(cycle, "sheet"), SHEET).status_code == 302
    assert Cycle.objects.get().rules == cycle.rules


def test_the_launch_freezes_once_and_later_edits_are_refused(office, district, cycle):
    page = reverse("office-cycle", args=[cycle.pk])
    assert "Please fill this in." in text_of(office.post(page, {"why": " "}))
    assert "frozen as number 1" in text_of(office.post(page, {"why": HOSTILE, "sure": "on"}, follow=True))
    shown = text_of(office.get(page))
    assert "alert(1)" in shown
    assert "<script>alert" not in shown
    second_tab = office.post(page, {"why": "once more", "sure": "on"})
    assert "This cycle has already been launched." in text_of(second_tab)
    assert "This cycle has already been launched." in text_of(office.post(page, {"why": ""}))
    manifest = Manifest.objects.get()
    public = Client().get(reverse("public-manifest", args=[manifest.pk]))
    assert hashlib.sha256(public.content).hexdigest() == manifest.fingerprint
    assert public.headers["Content-Type"] == "application/json"
    assert "frozen" in text_of(office.post(step(cycle, "sheet"), SHEET | {"open_from": 90}))
    for name, form in (("stages", stages_form()), ("themes", {"rural": "x"})):
        assert "Please fill this in." in text_of(office.post(step(cycle, name), form))  # why it is corrected
    assert json.loads(public.content)["rules"] == Cycle.objects.get().rules


def test_nothing_is_launched_while_a_theme_or_a_stage_is_missing(office, district, cycle):
    page = reverse("office-cycle", args=[cycle.pk])
    office.post(step(cycle, "themes"), {"rural": "  "})
    assert "Some sectors have no theme yet." in text_of(office.post(page, {"why": "x", "sure": "on"}))
    office.post(step(cycle, "themes"), {"rural": HOSTILE})
    StageWindow.objects.filter(stage="fulfil").delete()
    assert "Some stages have no dates yet." in text_of(office.post(page, {"why": "x", "sure": "on"}))
    office.post(step(cycle, "stages"), stages_form())
    assert "Please tick this to confirm" in text_of(office.post(page, {"why": "x"}))
    assert "frozen as number 1" in text_of(office.post(page, {"why": "x", "sure": "on"}, follow=True))
    assert "<script>alert" not in text_of(office.get(page))


def test_the_launch_asks_once_and_its_list_says_what_is_to_be_done_first(office, district, cycle):
    page = reverse("office-cycle", args=[cycle.pk])
    Responsibility.objects.filter(organisation__in=[district.villages[0], district.root]).delete()
    shown = text_of(office.get(page))
    assert "2 units have nobody responsible. Let the leader of each" in shown
    assert "These stages overlap" in shown
    assert "Freeze the rules and launch" not in shown  # it would be refused
    named = text_of(office.post(step(cycle, "secretaries"), follow=True))
    assert "1 unit has its own leader responsible now." in named
    assert "1 unit has nobody responsible, and nobody leads it." in named  # the root has no such post
    assert "Whoever leads it is responsible" not in named


def test_the_list_before_a_launch_says_how_many_leaders_cannot_sign_in(office, district, cycle):
    page, heads = (
        reverse("office-cycle", args=[cycle.pk]),
        Post.objects.filter(role=Post.Role.SECRETARY).values("person"),
    )
    Account.objects.filter(person__in=heads).delete()
    many = heads.distinct().count()
    assert f"{many} people who lead a unit have no account yet and cannot sign in." in text_of(office.get(page))
    office.post(reverse("office-account", args=[district.secretaries[0].pk]))
    assert f"{many - 1} people who lead a unit" in text_of(office.get(page))


def test_where_nobody_leads_any_unit_the_button_says_so_and_is_no_success(office, district, cycle):
    Responsibility.objects.filter(organisation=district.root).delete()
    named = text_of(office.post(step(cycle, "secretaries"), follow=True))
    assert "has a leader in the list of posts yet" in named
    assert "0 units" not in named


def test_the_list_before_a_launch_says_who_can_run_an_appraisal_and_which_groups_need_a_pool(office, district, cycle):
    page = reverse("office-cycle", args=[cycle.pk])
    shown = text_of(office.get(page))
    assert "Each of these groups of raters needs a pool" in shown
    assert "An appraisal opens with three scrutineers who can sign in. So far there are: nobody." in shown
    assert "Two people in the campaign office who have no part" not in shown
    given = {"tier": "primary", "from_on": cast.NOW.date(), "at": cast.NOW, "by": None}
    organisations.make_responsible(organisation=district.root, person=district.second_office, **given)
    shown = text_of(office.get(page))
    assert "Two people in the campaign office who have no part" in shown
    assert f"{district.second_office.name} answers for {district.root.name}" in shown
    assert "One person alone can neither close an appraisal nor end a cycle." in shown
    first = cast.scrutineers(district)[0]
    Account.objects.get(person=first).delete()
    shown = text_of(office.get(page))
    assert f"{first.name} has no account yet." in shown
    assert f"{first.name} and" not in shown
    post = {"role": Post.Role.SCRUTINEER, "title": "", "from_on": cast.NOW.date(), "at": cast.NOW, "by": None}
    organisations.appoint(person=district.office, organisation=district.root, **post)
    assert f"{district.office.name} works in the campaign office, and a" in text_of(office.get(page))


def test_a_theme_that_the_launch_needs_is_not_called_optional_and_help_fits_the_state(office, district, cycle):
    page = reverse("office-cycle", args=[cycle.pk])
    assert "(optional)" not in text_of(office.get(step(cycle, "themes")))
    assert "For now only the campaign office sees it" in text_of(office.get(page))
    actions.launch_cycle(cycle=cycle, why="x", at=cast.NOW, by=district.office)
    assert "For now only the campaign office sees it" not in text_of(office.get(page))


def test_a_cycle_is_closed_by_two_presses_of_two_people_after_what_is_open_is_marked(office, cycle, district):
    actions.launch_cycle(cycle=cycle, why="x", at=cast.NOW, by=district.office)
    selection = drafted_selection(district, cycle)
    page = step(cycle, "close")
    assert selection.title in text_of(office.get(page))
    assert "A stage of this cycle still runs, the last one until" in text_of(office.get(page))
    StageWindow.objects.update(opens_on=cycle.starts_on, closes_on=cycle.starts_on)
    assert "still runs" not in text_of(office.get(page))
    office.post(f"{page}ask/")
    second = signed_in(district.second_office)
    due = "A second person confirms the end of the cycle"
    assert [due in text_of(one.get("/office/")) for one in (office, second)] == [False, True]
    assert "1 matter is still open in this cycle." in text_of(second.post(f"{page}confirm/", follow=True))
    assert not Cycle.objects.get().is_closed
    assert "Tick at least one line" in text_of(second.post(page, {"deed": "goes_on"}))
    second.post(page, {"deed": "goes_on", "row": [selection.reference]})
    assert "Another person in the campaign office confirms it." in text_of(office.post(f"{page}confirm/", follow=True))
    assert not Cycle.objects.get().is_closed
    assert "The cycle is closed." in text_of(second.post(f"{page}confirm/", follow=True))
    assert Cycle.objects.get().closed_at <= clock.now()


def test_ticks_stay_where_one_of_the_lines_cannot_carry_over(office, cycle, district):
    """An appraisal in preparation cannot; the refusal names it, and the other line is still ticked."""
    actions.launch_cycle(cycle=cycle, why="x", at=cast.NOW, by=district.office)
    selection = drafted_selection(district, cycle)
    cycle.refresh_from_db()
    poll = planned_poll(district, cycle, [])
    page = office.post(step(cycle, "close"), {"deed": "goes_on", "row": [selection.reference, poll.reference]})
    assert "An appraisal in preparation does not carry over" in text_of(page)
    ticked = re.findall(r'value="([^"]+)" form="ticked" checked', page.content.decode())
    assert set(ticked) == {selection.reference, poll.reference}


def test_a_launched_theme_is_corrected_on_its_page_and_stands_beside_the_old_one(office, cycle, district):
    actions.launch_cycle(cycle=cycle, why="x", at=cast.NOW, by=district.office)
    form = office.get(step(cycle, "themes"))
    given = {name: "统一的主题" for name in form.context["form"].fields}
    assert office.post(step(cycle, "themes"), given | {"why": "错别字"}).status_code == 302
    about = text_of(Client().get(reverse("public-campaign-about", args=[cycle.campaign_id])))
    assert "错别字" in about
    assert "统一的主题" in about


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_of_a_cycle_asks_as_much_for_many_cycles(office, district, cycle, rows, django_assert_num_queries):
    for number in range(1, rows):
        cast.drafted_cycle(district, name=f"第{number}轮")
    with django_assert_num_queries(21):
        office.get(reverse("office-cycle", args=[cycle.pk]))


@pytest.mark.parametrize("pack", ["excellence-2010", "excellence-light", "hospital-appraisal"])
def test_the_days_that_a_pack_proposes_follow_one_another_and_fit_its_own_limit(office, district, cycle, pack):
    StageWindow.objects.filter(cycle=cycle).delete()
    Cycle.objects.filter(pk=cycle.pk).update(rules=packs.load_pack(pack).rules.as_json())
    form = office.get(step(cycle, "stages")).context["form"]
    days = [
        (form[f"{one.id}_opens_on"].value(), form[f"{one.id}_closes_on"].value())
        for one in cycle_now(cycle).ruleset.stages
    ]
    assert (days[0][0], days[-1][1]) == (cycle.starts_on, cycle.ends_on)
    assert all(later[0] == earlier[1] + timedelta(days=1) for earlier, later in pairwise(days))
    assert (
        office.post(step(cycle, "stages"), {one.html_name: one.value().isoformat() for one in form}).status_code == 302
    )
    shown = text_of(office.get(reverse("office-cycle", args=[cycle.pk])))
    assert "The busiest month asks at most" in shown
    assert "These stages overlap" not in shown
    assert "could not be opened" not in shown


def test_more_minutes_than_the_rules_allow_stop_the_launch_and_the_list_says_so_before(office, cycle):
    ruleset = cycle_now(cycle).ruleset
    tight = replace(ruleset, burden=replace(ruleset.burden, member_minutes=3))
    Cycle.objects.filter(pk=cycle.pk).update(rules=tight.as_json())
    page = reverse("office-cycle", args=[cycle.pk])
    [check] = [one for one in office.get(page).context["checks"] if "3" in str(one.words) and one.state == "stop"]
    assert str(check.words).split(".")[0] in text_of(office.post(page, {"why": "x", "sure": "on"}))
    assert not cycle_now(cycle).is_launched


def cycle_now(cycle):
    return Cycle.objects.get(pk=cycle.pk)


def test_all_of_a_kind_go_on_by_one_tick_but_a_draft_of_an_appraisal(office, cycle, district):
    actions.launch_cycle(cycle=cycle, why="x", at=cast.NOW, by=district.office)
    cycle.refresh_from_db()
    poll = planned_poll(district, cycle, [list(Person.objects.all())])
    for unit in district.villages:
        published_commitment(district, cycle, unit)
    page = step(cycle, "close")
    for refused_row in ({"row": [poll.reference]}, {"all_that_match": "kind=draft"}):
        assert office.post(page, {"deed": "goes_on"} | refused_row).status_code == 200
    told = text_of(office.post(page, {"deed": "goes_on", "row": [poll.reference]}))
    assert f"are of this cycle: {poll.name['en']}." in told
    assert queries.marked_to_go_on(cycle) == set()
    office.post(page, {"deed": "goes_on", "all_that_match": "kind=promises"})
    assert len(queries.marked_to_go_on(cycle)) == len(district.villages)
    asked = text_of(office.post(f"{page}ask/", follow=True))
    assert "Before that, 1 matter must be finished" in asked
    office.post(page, {"deed": "is_open", "all_that_match": ""})
    assert queries.marked_to_go_on(cycle) == set()


def test_an_appraisal_in_which_people_vote_goes_on_by_a_tick_of_its_own(office, cycle, district, servers):
    actions.launch_cycle(cycle=cycle, why="x", at=cast.NOW, by=district.office)
    cycle.refresh_from_db()
    poll = opened_poll(district, cycle, [list(Person.objects.all())])
    published_commitment(district, cycle, district.villages[0])
    page = step(cycle, "close")
    assert "are voting" not in text_of(office.get(page))
    for chosen in ({"row": [poll.reference]}, {"all_that_match": ""}):
        asked = text_of(office.post(page, {"deed": "goes_on"} | chosen))
        assert f"People are voting in {poll.name['en']}. Nothing was marked yet" in asked
        assert "every vote stays valid" in asked
        assert asked.index('name="voting"') < asked.index("<table"), (
            "it stands where the refusal sends the reader, not below a hundred lines"
        )
        assert ("all_that_match" in chosen) == bool(re.search(r'name="all_that_match" value="[^"]*" checked', asked))
        assert queries.marked_to_go_on(cycle) == set()
    said = text_of(office.post(page, {"deed": "goes_on", "all_that_match": "", "voting": "on"}, follow=True))
    assert "2 matters carry over." in said
    assert poll.reference in queries.marked_to_go_on(cycle)
    assert len(queries.marked_to_go_on(cycle)) == 2
    office.post(page, {"deed": "is_open", "row": [poll.reference]})
    assert poll.reference not in queries.marked_to_go_on(cycle), "to take a mark back asks nothing"


def test_what_goes_on_is_found_at_the_next_cycle(office, cycle, district):
    actions.launch_cycle(cycle=cycle, why="x", at=cast.NOW, by=district.office)
    selection = drafted_selection(district, cycle)
    actions.mark_goes_on(cycle=cycle, things=[selection.reference], at=cast.NOW, by=district.office)
    actions.ask_to_close(cycle=cycle, at=cast.NOW, by=district.office)
    actions.close_cycle(cycle=cycle, open_things=[selection.reference], at=cast.NOW, by=district.second_office)
    days = {"starts_on": cycle.ends_on + timedelta(days=1), "ends_on": cycle.ends_on + timedelta(days=365)}
    later = actions.add_cycle(campaign=cycle.campaign, name="下一年", **days, at=cast.NOW, by=district.office)
    assert "1 matter carried over from" in text_of(office.get(reverse("office-cycle", args=[later.pk])))
    assert selection.title in text_of(office.get(step(cycle, "close")))


def test_a_plan_that_is_open_stands_by_its_title_with_its_unit(office, cycle, district):
    actions.launch_cycle(cycle=cycle, why="x", at=cast.NOW, by=district.office)
    cycle.refresh_from_db()
    plan = published_plan(cycle, district.villages[0])
    page = office.get(step(cycle, "close"))
    assert f'href="{reverse("public-plan", args=[plan.organisation.code, plan.pk])}"' in page.content.decode()
    assert f"{plan.organisation.name} · {district.town.name}" in text_of(page)
    assert "1 promise" not in text_of(page)


def test_frozen_guidance_has_no_button(office, cycle, district):
    written = text_of(office.get(step(cycle, "guidance")))
    assert "Save the guidance" in written
    actions.launch_cycle(cycle=cycle, why="测试启动", at=cast.NOW, by=district.office)
    launched = text_of(office.get(step(cycle, "guidance")))
    assert "It is frozen with the rules" in launched
    assert "Save the guidance" not in launched


@pytest.mark.parametrize(
    ("page", "of_campaign"),
    [
        ("office-cycle-stages", False),
        ("office-cycle-themes", False),
        ("office-cycle-central-work", False),
        ("office-campaign-words", True),
        ("office-campaign-basis", True),
    ],
)
def test_why_something_is_corrected_is_asked_after_what_is_corrected(office, district, page, of_campaign):
    cycle = cast.launched_cycle(district)
    form = office.get(reverse(page, args=[cycle.campaign_id if of_campaign else cycle.pk])).context["form"]
    names = [field.name for field in form]
    assert len(names) > 2
    assert names[-1] == "why"
    assert [field.name for field in form.visible_fields()][-1] == "why"
