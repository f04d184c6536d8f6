"""A clerk in the office of a town: what she finds of the units below, what each owes, and where she enters what came on paper."""

import re
from datetime import UTC, datetime, time, timedelta
from html import unescape

import pytest
from django.urls import reverse
from tests.cast.commitments import promises_of, proposed_commitment, published_commitment, secretary_of
from tests.cast.district import PASSWORD, closed_cycle, drafted_cycle, launched_cycle, small_district
from tests.cast.writing import arrived
from tests.rooms.cases.test_cases import received

from zhengyou.base.time import local_day
from zhengyou.campaigns import actions as campaigns
from zhengyou.commitments import actions as commitments
from zhengyou.commitments.models import Promise
from zhengyou.identity import actions as identity
from zhengyou.identity.models import Account
from zhengyou.keeping import actions as keeping
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.models import Post
from zhengyou.remarks.models import Remark
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
def clerk(client, district, cycle):
    """Somebody of the town with a post in its office, and no other, signed in."""
    at = noon(60)
    person = organisations.add_person(
        number="C001", name="镇干事", organisation=district.town, membership="formal", is_floating=False, post_kind="",
        at=at, by=None,
    )  # fmt: skip
    begins = {"role": Post.Role.CAMPAIGN_OFFICE, "title": "", "from_on": local_day(at)}
    organisations.appoint(person=person, organisation=district.town, at=at, by=district.office, **begins)
    identity.open_account(person=person, login="clerk", password=PASSWORD, at=at, by=None)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(Account.objects.get(person=person))
    return client


def texts(lines):
    return [line.text for line, _late in lines]


def test_her_first_pages_lead_to_the_units_below_with_what_each_owes_and_the_way_to_enter_paper(
    clerk, district, cycle
) -> None:
    told, waiting, *_others = district.villages
    [first, *_rest] = promises_of(published_commitment(district, cycle, told, at=noon(50)))
    Promise.objects.filter(pk=first.pk).update(due_on=clock.today() - timedelta(days=3))
    proposed_commitment(cycle, waiting, at=noon(50))
    for page in ("desk-home", "office-home"):
        shown = clerk.get(reverse(page)).content.decode()
        assert f"{reverse('desk-units-below')}?cycle={cycle.pk}" in shown
        assert f"{reverse('desk-units-below')}?concern=overdue&amp;cycle={cycle.pk}" in shown
        assert told.name in shown[shown.index("Look here first") :]
    table = clerk.get(reverse("desk-units-below"))
    assert len(table.context["page"]) == len(district.villages)
    text = table.content.decode()
    assert "1 overdue" in text
    for unit in district.villages:
        assert reverse("desk-submissions", args=[unit.code]) in text
        assert clerk.get(reverse("desk-submissions", args=[unit.code])).status_code == 200
    assert reverse("desk-review", args=[waiting.code]) not in text, "she does not review, so nothing leads there"
    assert clerk.get(reverse("desk-review", args=[waiting.code])).status_code == 403


def test_what_a_unit_owes_stands_on_its_page_of_papers_with_days_and_each_line_leads_to_its_form(
    clerk, district, cycle
) -> None:
    idle, told, *_others = district.villages
    page = clerk.get(reverse("desk-submissions", args=[idle.code]))
    owed = dict(zip(texts(page.context["lines"]), [line.url for line, _late in page.context["lines"]], strict=True))
    for words, what in (
        ("Choose the theme", "theme"),
        ("Write and propose", "board"),
        ("Report in", "situation"),
    ):
        [address] = [url for text, url in owed.items() if text.startswith(words)]
        assert address.startswith(reverse("desk-submission-enter", args=[idle.code, what]))
        assert clerk.get(address).status_code == 200
    [first, *_rest] = promises_of(published_commitment(district, cycle, told, at=noon(50)))
    Promise.objects.filter(pk=first.pk).update(due_on=clock.today() - timedelta(days=3))
    lines = clerk.get(reverse("desk-submissions", args=[told.code])).context["lines"]
    [(line, late)] = [one for one in lines if one[0].text.startswith("Say how")]
    assert (late, line.url.partition("?")[0]) == (3, reverse("desk-submission-enter", args=[told.code, "outcome"]))
    own = Account.objects.get(person=secretary_of(told))
    clerk.force_login(own)
    theirs = clerk.get(reverse("desk-home")).context["lines"]
    unit = {(one.text, days) for one, days in theirs if one.organisation == told.pk}
    assert {(one.text, days) for one, days in lines} == unit, "the same lines as on the unit's own desk"


def test_an_answer_of_an_earlier_cycle_is_one_tap_from_its_form_with_the_promise_chosen(clerk, district, cycle) -> None:
    village, at = district.villages[0], noon(40)
    [first, *_rest] = promises_of(published_commitment(district, cycle, village, at=noon(50)))
    Promise.objects.filter(pk=first.pk).update(due_on=local_day(noon(45)))
    keeping.decide(promise=first, decision="nothing_shown", reason="没有材料", at=at, by=district.leader)
    closed_cycle(district, cycle, at=at)
    between = clerk.get(reverse("desk-submissions", args=[village.code])).context["lines"]
    now = drafted_cycle(district, at=at, name="下一年度")
    [line] = [one for one, _late in between if first.what in one.text]
    assert f'value="{first.pk}"' in clerk.get(line.url).content.decode(), "between two cycles too"
    campaigns.launch_cycle(cycle=now, why="", at=at, by=district.office)
    lines = clerk.get(reverse("desk-submissions", args=[village.code])).context["lines"]
    [(line, late)] = [one for one in lines if first.what in one[0].text]
    assert late > 10
    form = clerk.get(line.url).content.decode()
    assert re.search(rf'<option value="{first.pk}"\s+selected', form)
    came = {"came_how": "paper", "came_on": clock.today().isoformat()}
    sent = clerk.post(line.url, {"promise": first.pk, "text": "材料已补上", **came}, follow=True)
    assert "Entered for" in sent.content.decode()
    lines = clerk.get(reverse("desk-submissions", args=[village.code])).context["lines"]
    assert not [one for one in lines if first.what in one[0].text]


def test_she_reads_what_waits_for_those_who_lead_and_decides_nothing(clerk, district, cycle) -> None:
    village = district.villages[0]
    [first, *_rest] = promises_of(published_commitment(district, cycle, village, at=noon(50)))
    Promise.objects.filter(pk=first.pk).update(due_on=clock.today() - timedelta(days=3))
    first.refresh_from_db()
    said = {"outcome": "fulfilled", "explanation": "路灯都亮了", "at": noon(1), "by": secretary_of(village)}
    commitments.state_outcome(promise=first, **said)
    home = clerk.get(reverse("desk-home")).content.decode()
    assert "1 promise waits for the decision of those who lead" in " ".join(home.split())
    page = clerk.get(reverse("desk-keeping")).content.decode()
    decide = reverse("desk-keeping-decide", args=[village.code, first.pk])
    assert reverse("public-promise", args=[village.code, first.pk]) in page
    assert decide not in page
    assert clerk.post(decide, {"decision": "not_kept", "reason": "看过了"}).status_code == 403
    clerk.force_login(Account.objects.get(person=district.town_secretary))
    assert decide in clerk.get(reverse("desk-keeping")).content.decode()


def test_she_reads_and_hides_what_people_wrote_about_the_units_below_and_nothing_about_her_own(
    clerk, district, cycle
) -> None:
    below = promises_of(published_commitment(district, cycle, district.villages[0], at=noon(50)))[0]
    own = promises_of(published_commitment(district, cycle, district.town, at=noon(50)))[0]
    for promise, words in ((below, "还没有动工"), (own, "镇里没有来过")):
        given = {"mark": "off_course", "words": words, "arrival": arrived(), "at": noon(4)}
        commitments.answer_promise(promise=promise, **given)
    page = unescape(clerk.get(reverse("desk-remarks")).content.decode())
    assert "还没有动工" in page
    assert "镇里没有来过" not in page
    rows = {row.words: row for row in Remark.objects.all()}
    for words, state in (("还没有动工", "hidden"), ("镇里没有来过", rows["镇里没有来过"].state)):
        given = {"deed": "hide", "reason": "insult", "row": rows[words].pk}
        answer = clerk.post(reverse("desk-remarks"), given, follow=True).content.decode()
        assert ("You belong to" in answer) == (words == "镇里没有来过"), "what is not done is said"
        rows[words].refresh_from_db()
        assert rows[words].state == state


def test_a_clerk_of_another_town_finds_none_of_these_units_and_enters_nothing_for_them(clerk, district, cycle) -> None:
    beside = organisations.add_organisation(
        code="001002", name="邻镇党委", kind="committee", sector="rural", parent=district.root, at=noon(60), by=None
    )
    Post.objects.filter(role=Post.Role.CAMPAIGN_OFFICE, organisation=district.town).update(organisation=beside)
    village = district.villages[0]
    table = clerk.get(reverse("desk-units-below")).content.decode()
    assert village.name not in table
    assert clerk.get(reverse("desk-submissions", args=[village.code])).status_code == 403
    theme = {"text": "别人的主题", "main_work": "修路", "came_how": "paper", "came_on": clock.today().isoformat()}
    assert clerk.post(reverse("desk-submission-enter", args=[village.code, "theme"]), theme).status_code == 403


def test_a_unit_without_somebody_in_a_tier_says_so_with_the_way_to_enter_somebody(clerk, district) -> None:
    village = district.villages[0]
    page = clerk.get(reverse("office-organisation", args=[village.pk])).content.decode()
    assert "Nobody is entered as: " in page
    address = f"{reverse('office-responsible')}?organisation={village.code}"
    assert f'href="{address}#name-somebody"' in page
    form = clerk.get(address)
    assert form.context["form"]["organisation"].value() == village.code
    given = {"person": secretary_of(village).number, "tier": "direct", "from_on": clock.today().isoformat()}
    said = clerk.post(address, given | {"organisation": village.code}, follow=True).content.decode()
    assert f"now answers for {village.name}" in unescape(re.sub("<[^>]+>", "", said))
    missing = clerk.get(reverse("office-organisation", args=[village.pk])).context["missing"]
    assert missing
    assert "direct" not in missing.casefold()


def test_every_way_on_her_first_pages_opens(clerk, district, cycle) -> None:
    village = district.villages[0]
    promises_of(published_commitment(district, cycle, village, at=noon(50)))
    received(village, at=noon(9))
    for page in (reverse("desk-home"), reverse("office-home"), reverse("desk-submissions", args=[village.code])):
        shown = clerk.get(page).content.decode()
        main = shown[shown.index("<main") : shown.index("</main>")]
        ways = {unescape(one).partition("#")[0] for one in re.findall(r'<a [^>]*href="(/[^"]*)"', main)}
        assert ways
        assert {one: clerk.get(one).status_code for one in ways} == dict.fromkeys(ways, 200)
    clerk.force_login(Account.objects.get(person=district.office))
    assert "Give 1 report to its unit" in clerk.get(reverse("desk-home")).content.decode(), "whose line it is"
