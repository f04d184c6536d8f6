"""A basis that is not in force yet, a campaign made by mistake, packs with faults: said early, and none of it a dead end."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.cast import booth as cast_booth
from tests.cast import district as cast
from tests.cast.refusing import refused

from zhengyou.base.models import JournalEntry, PublicEntry
from zhengyou.campaigns import actions, packs
from zhengyou.campaigns.models import Campaign, Cycle, Manifest
from zhengyou.identity.models import Account
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db
LIGHT = (packs.FOLDER / "excellence-light.toml").read_text(encoding="utf-8")


@pytest.fixture
def district():
    return cast.small_district(members_a_village=0)


@pytest.fixture
def cycle(district):
    return cast.drafted_cycle(district)


@pytest.fixture
def office(district):
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(Account.objects.get(person=district.office))
    return client


def basis_form(**changes):
    given = {"basis_kind": "internal-annual-assessment", "basis_body": "测试区委", "basis_number": "2号"}
    return given | {"basis_from": "2026-01-01", "basis_until": ""} | changes


def text_of(response):
    return response.content.decode()


def test_a_basis_that_begins_tomorrow_is_said_at_once_and_can_be_corrected_before_the_launch(office, district):
    day = clock.today() + timedelta(days=1)
    tomorrow = day.isoformat()
    given = {"name": "活动", "theme": "主题", "organisation": district.root.pk} | basis_form(basis_from=tomorrow)
    made = office.post(reverse("office-campaign-name", args=["excellence-light"]), given, follow=True)
    sentence = f"The legal basis is in force from {day:%-d %B %Y}"
    assert sentence in text_of(made)
    campaign = Campaign.objects.get()
    cycle = actions.add_cycle(
        campaign=campaign,
        name="年度",
        starts_on=clock.today(),
        ends_on=clock.today() + timedelta(days=300),
        at=clock.now(),
        by=district.office,
    )
    page = text_of(office.get(reverse("office-cycle", args=[cycle.pk])))
    assert sentence in page
    assert reverse("office-campaign-basis", args=[campaign.pk]) in page
    answer = office.post(reverse("office-campaign-basis", args=[campaign.pk]), basis_form(), follow=True)
    assert "The legal basis is corrected." in text_of(answer)
    assert sentence not in text_of(answer)
    campaign.refresh_from_db()
    assert (campaign.basis_number, campaign.basis_until) == ("2号", None)
    assert JournalEntry.objects.filter(deed="campaigns.correct_basis").count() == 1


def test_a_basis_is_corrected_under_way_beside_the_old_with_a_reason_and_a_new_number_of_the_rules(
    office, district, cycle
):
    first = actions.launch_cycle(cycle=cycle, why="测试", at=cast.NOW, by=district.office)
    address = reverse("office-campaign-basis", args=[cycle.campaign_id])
    before = Campaign.objects.values().get()
    assert "why" in office.post(address, basis_form()).context["form"].errors
    assert Campaign.objects.values().get() == before
    assert office.post(address, basis_form(why="文号写错了")).status_code == 302
    newest = Manifest.objects.order_by("-number").first()
    assert (newest.number, newest.cycle, newest.why) == (first.number + 1, cycle, "文号写错了")
    assert '"number":"2号"' in newest.document
    entry = PublicEntry.objects.order_by("-number").first()
    assert (entry.what, "basis_number" in entry.document) == ("campaigns.correct_basis", True)
    about = text_of(office.get(reverse("public-campaign-about", args=[cycle.campaign_id])))
    assert "文号写错了" in about
    assert f"<del>{before['basis_number']}</del>" in about
    answer = office.post(address, basis_form(why="再来一次"))
    assert "Nothing is different" in text_of(answer)
    assert Manifest.objects.count() == newest.number


def test_a_basis_that_ends_before_it_begins_is_refused_beside_what_was_typed(office, cycle):
    answer = office.post(
        reverse("office-campaign-basis", args=[cycle.campaign_id]), basis_form(basis_until="2025-01-01")
    )
    assert "would end before it begins" in text_of(answer)
    assert 'value="2025-01-01"' in text_of(answer)


def test_a_cycle_and_then_its_campaign_can_be_taken_back(office, cycle):
    campaign_page = reverse("office-campaign", args=[cycle.campaign_id])
    refusal = office.post(reverse("office-campaign-delete", args=[cycle.campaign_id]), follow=True)
    assert "This campaign has cycles" in text_of(refusal)
    assert office.post(reverse("office-cycle-delete", args=[cycle.pk])).url == campaign_page
    assert office.post(reverse("office-campaign-delete", args=[cycle.campaign_id])).url == reverse("office-home")
    assert not Campaign.objects.exists()


def test_what_was_launched_stays(district, cycle):
    actions.launch_cycle(cycle=cycle, why="测试", at=cast.NOW, by=district.office)
    with refused("cycle.frozen"):
        actions.delete_cycle(cycle=cycle, at=cast.NOW, by=district.office)
    assert Cycle.objects.exists()


def test_a_cycle_in_which_something_was_made_stays_whole(district, cycle):
    actions.launch_cycle(cycle=cycle, why="测试", at=cast.NOW, by=district.office)
    cycle.refresh_from_db()
    cast_booth.drafted_now(district, cycle, [[district.office, district.leader, *district.secretaries]])
    Cycle.objects.update(launched_at=None)
    with refused("cycle.has-traces"):
        actions.delete_cycle(cycle=cycle, at=cast.NOW, by=district.office)
    assert Cycle.objects.exists()
    assert not JournalEntry.objects.filter(deed="campaigns.delete_cycle").exists()


@pytest.fixture
def own_packs(settings, tmp_path):
    settings.HOME = tmp_path
    (tmp_path / "packs").mkdir()
    return tmp_path / "packs"


def test_a_pack_with_a_fault_is_named_where_packs_are_chosen_with_the_first_and_elsewhere_with_all(office, own_packs):
    text = LIGHT.replace('id = "excellence-light"', 'id = "our-town"', 1).replace("points = 7", "points = 70", 1)
    (own_packs / "our-town.toml").write_text(text.replace(', en = "Rural"', "", 1), encoding="utf-8")
    (own_packs / "gbk.toml").write_bytes("创先争优".encode("gbk"))
    page = text_of(office.get(reverse("office-campaign-create")))
    assert "The name in English is missing" in page
    assert "not saved as UTF-8" in page
    assert "must fall" not in page
    every = text_of(office.get(reverse("office-packs")))
    assert "The name in English is missing" in every
    assert "must fall" in every
    assert office.get(reverse("office-campaign-name", args=["our-town"])).url == reverse("office-campaign-create")


def test_a_pack_that_does_not_fit_is_offered_last_and_not_as_a_link(office):
    page = text_of(office.get(reverse("office-campaign-create")))
    assert reverse("office-campaign-name", args=["hospital-appraisal"]) not in page
    assert "does not fit the units here" in page
    assert page.index("2010") < page.index("hospital")
    assert "minutes of each person" in page


APPRAISAL = {"rooms": ["polls", "paper"], "stages": ["appraise"]}
GONE = (
    "/desk/words/", "/desk/promises/", "/words/", "/notices/", "/honours/", "/office/selections/", "/office/objections/",
)  # fmt: skip


def test_what_is_not_chosen_leaves_no_trace(office, district, cycle):
    actions.choose_parts(cycle=cycle, at=cast.NOW, by=district.office, **APPRAISAL)
    actions.launch_cycle(cycle=cycle, why="测试", at=cast.NOW, by=district.office)
    for address in GONE:
        answer = office.get(address)
        assert answer.status_code == 404, address
        assert "does without this part" in text_of(answer)
    find, entries, desk = (text_of(office.get(address)) for address in ("/organisations/", "/entries/", "/desk/"))
    assert "<h1>Find a unit</h1>" in " ".join(find.split()).replace("> ", ">").replace(" <", "<")
    assert "romise" not in entries.partition("<main")[2]
    assert "Honour" not in entries.partition("<main")[2]
    assert reverse("desk-remarks") not in desk
    assert office.get("/booth/").status_code == office.get("/office/polls/").status_code == 200


def test_before_the_first_launch_every_part_can_be_seen(office, cycle):
    assert {office.get(address).status_code for address in GONE if address != "/desk/words/"} == {200}
