"""Two campaigns at once: the second, launched beneath the first, changes nothing of it, and each has pages of its own."""

import pytest
from django.urls import reverse
from tests.cast import district as cast
from tests.cast.awards import drafted_selection
from tests.cast.booth import drafted_now
from tests.cast.commitments import promises_of, published_commitment

from zhengyou import jobs
from zhengyou.awards.models import Selection
from zhengyou.commitments.models import Promise
from zhengyou.identity.models import Account
from zhengyou.keeping import queries as keeping
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.models import Organisation, Post
from zhengyou.organisations.readers import Reader
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return cast.small_district(at=clock.now())


@pytest.fixture
def cycle(district):
    return cast.launched_cycle(district, at=clock.now())


@pytest.fixture
def of_town(district, cycle):
    """The town's own campaign, launched after the district's."""
    return cast.campaign_beneath(district, at=clock.now())


def signed_in(client, person):
    client.force_login(Account.objects.get(person=person))
    return client


def page(client, name, *args, cycle=None):
    return client.get(reverse(name, args=args) + (f"?cycle={cycle.pk}" if cycle else "")).content.decode()


def test_a_campaign_launched_beneath_leaves_the_front_page_to_the_first_and_has_one_of_its_own(client, cycle, of_town):
    front = page(client, "public-home")
    assert f"<strong>{cycle.campaign.name}</strong>" in front  # the head of the page
    own = reverse("public-campaign", args=[of_town.campaign_id])
    assert own in front
    beneath = client.get(own).content.decode()
    assert f"<strong>{of_town.campaign.name}</strong>" in beneath
    assert client.get(reverse("public-campaign", args=[cycle.campaign_id])).url == reverse("public-home")
    assert client.get(reverse("public-campaign", args=[of_town.campaign_id + 1])).status_code == 404


def test_a_unit_in_two_campaigns_promises_in_each_and_its_desk_shows_both(client, district, cycle, of_town):
    """The village of another committee was offered to write promises in the health campaign (found 23)."""
    village, secretary = district.villages[0], district.secretaries[0]
    due = keeping.due_for(Reader.of(secretary, clock.today(), "en"))
    assert {(one.kind, one.cycle) for one in due} == {
        (kind, one) for kind in ("choose_theme", "write_promises") for one in (cycle, of_town)
    }
    signed_in(client, secretary)
    desk = page(client, "desk-home")
    assert cycle.campaign.name in desk
    assert of_town.campaign.name in desk
    write = reverse("desk-promise-write", args=[village.code])
    given = {
        "what": "镇里的事",
        "standard": "好",
        "checked_by": "thing",
        "for_whom": "村民",
        "evidence": "照片",
        "aim": "service",
    }
    given |= {"due_on": of_town.ends_on.isoformat()}
    answer = client.post(f"{write}?cycle={of_town.pk}", given)
    assert answer.url == reverse("desk-commitment", args=[village.code]) + f"?cycle={of_town.pk}"
    assert Promise.objects.get().commitment.cycle == of_town
    assert "镇里的事" not in page(client, "desk-commitment", village.code, cycle=cycle)


def test_who_stands_outside_the_second_campaign_never_meets_it(client, district, cycle, of_town):
    neighbour = organisations.add_organisation(
        code="002", name="邻镇", kind="committee", sector="rural", parent=district.root, at=clock.now(), by=None
    )
    organisations.appoint(
        person=district.secretaries[1],
        organisation=neighbour,
        role=Post.Role.SECRETARY,
        title="",
        from_on=clock.today(),
        at=clock.now(),
        by=None,
    )
    signed_in(client, district.secretaries[1])
    assert cycle.name in page(client, "desk-unit-one", neighbour.code)
    outside = reverse("desk-commitment", args=[neighbour.code]) + f"?cycle={of_town.pk}"
    assert client.get(outside).status_code == 404


def test_the_office_works_in_the_campaign_that_the_address_names(client, district, cycle, of_town):
    drafted_selection(district, cycle, at=clock.now(), title="区里的称号")
    signed_in(client, district.office)
    assert "区里的称号" in page(client, "office-selections")
    assert "区里的称号" not in page(client, "office-selections", cycle=of_town)
    made = client.post(reverse("office-selection-make") + f"?cycle={of_town.pk}", {"title": "镇里的称号", "quota": 2})
    assert made.status_code == 302
    assert Selection.objects.get(title="镇里的称号").cycle == of_town
    assert reverse("office-cycle", args=[of_town.pk]) in page(client, "office-home", cycle=of_town)


def test_an_office_beneath_has_no_part_in_the_campaign_above(client, district, cycle, of_town):
    organisations.appoint(
        person=district.secretaries[2],
        organisation=Organisation.objects.get(pk=district.town.pk),
        role=Post.Role.CAMPAIGN_OFFICE,
        title="",
        from_on=clock.today(),
        at=clock.now(),
        by=None,
    )
    signed_in(client, district.secretaries[2])
    assert client.get(reverse("office-cycle", args=[of_town.pk])).status_code == 200
    assert client.get(reverse("office-cycle", args=[cycle.pk])).status_code == 403
    assert client.get(reverse("office-selections") + f"?cycle={cycle.pk}").status_code == 404


def test_a_cycle_that_does_not_exist_is_found_on_no_page(client, district, cycle):
    signed_in(client, district.office)
    unit = reverse("public-organisation", args=[district.villages[0].code])
    for address in ("/", unit, "/promises/", "/trust/", reverse("office-home"), reverse("desk-home")):
        for named in ("999999", "x", "-1", "9" * 30):
            assert client.get(address, {"cycle": named}).status_code == 404, (address, named)
        assert client.get(address, {"cycle": cycle.pk}).status_code == 200, address
        assert client.get(address, {"cycle": ""}).status_code == 200, address


def test_in_a_house_with_several_campaigns_a_cycle_is_named_with_its_own(client, district, cycle, of_town):
    village = district.villages[0]
    [promise, *_rest] = promises_of(published_commitment(district, of_town, village, at=clock.now()))
    promised = page(client, "public-promise", village.code, promise.pk)
    assert f"{of_town.campaign.name} · {of_town.name}" in promised
    assert f"<strong>{of_town.campaign.name}</strong>" in promised  # at the head of the page
    assert f"{of_town.campaign.name} · {of_town.name}" in page(client, "public-organisation", village.code)


def test_the_menu_of_the_desk_holds_what_the_posts_of_its_reader_need(client, district, cycle):
    desk, below, scrutiny = (reverse(f"desk-{name}") for name in ("home", "units-below", "scrutiny-polls"))
    for person, own, other in (
        (district.town_secretary, below, scrutiny),
        (cast.scrutineers(district, at=clock.now())[0], scrutiny, below),
    ):
        menu = signed_in(client, person).get(desk).content.decode().partition("<main")[0]
        assert f'href="{own}' in menu
        assert f'href="{other}' not in menu


def test_the_first_page_of_an_office_beneath_tells_of_its_own_peoples_deeds_alone(client, district, cycle, of_town):
    """The district's office launched both; the town's office reads what its own people did, here and in the journal."""
    organisations.appoint(
        person=district.town_secretary,
        organisation=district.town,
        role=Post.Role.CAMPAIGN_OFFICE,
        title="",
        from_on=clock.today(),
        at=clock.now(),
        by=district.office,
    )
    signed_in(client, district.town_secretary)
    assert {one.by for one in client.get(reverse("office-home")).context["deeds"]} == set()
    signed_in(client, district.office)
    assert {one.by for one in client.get(reverse("office-home")).context["deeds"]} == {district.office.name}


def test_an_office_beneath_finds_its_own_people_alone(client, district, cycle, of_town):
    """Jobs, set-up and search boxes tell it nothing of what lies beside, by name or by number."""
    at = clock.now()
    given = {"at": at, "by": district.office}
    beside = organisations.add_organisation(
        code="002", name="邻镇", kind="committee", sector="", parent=district.root, **given
    )
    stranger = organisations.add_person(number="N900", name="外人甲", organisation=beside, **given)
    post = {"role": Post.Role.CAMPAIGN_OFFICE, "title": "", "from_on": clock.today()}
    organisations.appoint(person=district.town_secretary, organisation=district.town, **post, **given)
    poll = drafted_now(district, cycle, [])
    jobs.ask("keys", poll, page="/office/", **given)
    signed_in(client, district.town_secretary)
    assert client.get(reverse("office-home")).context["jobs"] == []
    units = client.get(reverse("office-set-up")).context["steps"][1].state
    assert str(1 + len(district.villages)) in units
    told = client.get(reverse("office-set-up"), headers={"accept-language": "en"}).content.decode()
    assert "Enter the units" in told
    assert "workbook" not in told

    join = reverse("office-person-change", args=[district.members[0].pk, "join"])
    for typed in (stranger.name, stranger.number):
        answer = client.post(join, {"kept": typed, "on": clock.today().isoformat(), "reason": "同一人", "sure": "on"})
        assert "kept" in answer.context["form"].errors
        assert beside.name not in answer.content.decode()
    name_them = {"organisation": district.villages[0].code, "tier": "primary", "from_on": clock.today().isoformat()}
    for typed in ("外人", stranger.number):
        refused = client.post(reverse("office-responsible"), name_them | {"person": typed})
        assert "person" in refused.context["form"].errors
        assert stranger.name not in refused.content.decode()

    signed_in(client, district.office)
    assert len(client.get(reverse("office-home")).context["jobs"]) == 1
