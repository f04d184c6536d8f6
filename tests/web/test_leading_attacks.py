"""Forged requests about who leads and about carriers: another unit's secretary, an office beside, posts that ended, made-up people."""

from datetime import timedelta

import pytest
from django.urls import reverse
from tests.cast.district import launched_cycle, small_district
from tests.cast.leading import adopted, carriers_of, formed_group, seated

from zhengyou.base.models import JournalEntry
from zhengyou.identity import actions as identity
from zhengyou.identity.models import Account
from zhengyou.leadership import actions as leading
from zhengyou.leadership import queries as leadership
from zhengyou.leadership.models import ContactPoint, TeamMember
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.models import Organisation, Post
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db
EARLIER = timedelta(days=5)


@pytest.fixture
def district():
    return small_district(at=clock.now() - EARLIER)


@pytest.fixture
def cycle(district):
    return launched_cycle(district, at=clock.now() - EARLIER)


@pytest.fixture
def house(district, cycle):
    """Everything that can be attacked: a group with two members, a unit looked after, a carrier, a demonstration unit."""
    at = clock.now() - EARLIER
    group = formed_group(district, cycle.campaign, at=at)
    deputy = seated(district, group, district.town_secretary, role="deputy", at=at)
    point = adopted(district, cycle.campaign, district.leader, district.villages[0], at=at)
    carrier, example = carriers_of(district, cycle, at=at)
    return group, deputy, point, carrier, example


def addresses(cycle, house):
    group, deputy, point, carrier, example = house
    campaign, kind = cycle.campaign_id, {"name": "别的", "tasks": "", "kind": "team"}
    today = clock.today().isoformat()
    end = {"on": today, "until_on": today, "reason": "不需要了", "sure": "on"}
    return [
        ("office-leading", [campaign], kind),
        ("office-leading-change", [campaign, group.pk], kind),
        ("office-leading-end", [campaign, group.pk], end),
        (
            "office-leading-member",
            [campaign, deputy.pk],
            {"role": "head", "duty": "自封", "place": 1, "from_on": today},
        ),
        ("office-leading-member-end", [campaign, deputy.pk], end),
        ("office-contact-points", [campaign], {"leader": group.pk, "from_on": today}),
        ("office-contact-end", [campaign, point.pk], end),
        ("office-carriers", [cycle.pk], {"name": "假载体", "kind": "linked-levels", "since_on": today}),
        ("office-carrier-change", [cycle.pk, carrier.pk], {"name": "假载体", "kind": "linked-levels"}),
        ("office-carrier-year", [cycle.pk, carrier.pk], {"content": "假内容"}),
        ("office-carrier-end", [cycle.pk, carrier.pk], end),
        ("office-demonstrations", [cycle.pk], {"criteria": "自荐", "designated_by": "本村", "designated_on": today}),
        ("office-demonstration-end", [cycle.pk, example.pk], end),
        ("desk-contact-end", [point.pk], end),
    ]


def signed_in(client, person):
    if not Account.objects.filter(person=person).exists():
        identity.open_account(person=person, login=person.number, password="secret-Words-9", at=clock.now(), by=None)
    client.force_login(Account.objects.get(person=person))
    return client


def an_office_at(district, unit):
    clerk = district.members[-1]
    facts = {"role": Post.Role.CAMPAIGN_OFFICE, "title": "", "from_on": clock.today(), "at": clock.now(), "by": None}
    organisations.appoint(person=clerk, organisation=unit, **facts)
    return clerk


def whoever(district, who):
    return {
        "a member": lambda: district.members[0],
        "its own secretary": lambda: district.secretaries[0],
        "another unit's secretary": lambda: district.secretaries[1],
        "the level above": lambda: district.town_secretary,
        "an office beside": lambda: an_office_at(district, district.villages[1]),
        "an office below": lambda: an_office_at(district, district.town),
        "nobody": lambda: None,
    }[who]()


@pytest.mark.parametrize(
    "who",
    [
        "a member",
        "its own secretary",
        "another unit's secretary",
        "the level above",
        "an office beside",
        "an office below",
        "nobody",
    ],
)
def test_attack_who_leads_and_what_carries_is_changed_by_nobody_but_its_office(client, district, cycle, house, who):
    forged = addresses(cycle, house)
    person = whoever(district, who)
    if person is not None:
        signed_in(client, person)
    before = JournalEntry.objects.count()
    for name, args, given in forged:
        answer = client.post(reverse(name, args=args), given)
        assert answer.status_code in (302, 403, 404, 409), (name, answer.status_code)
        if answer.status_code == 302:
            assert "/sign-in" in answer.url or "login" in answer.url, (name, answer.url)
    assert JournalEntry.objects.count() == before


def test_attack_a_post_that_ended_opens_nothing_any_more(client, district, cycle, house):
    clerk = an_office_at(district, district.root)
    office = signed_in(client, clerk)
    address = reverse("office-leading", args=[cycle.campaign_id])
    assert office.get(address).status_code == 200
    Post.objects.filter(person=clerk).update(from_on=clock.today() - EARLIER, until_on=clock.today())
    before = JournalEntry.objects.count()
    for name, args, given in addresses(cycle, house):
        assert office.post(reverse(name, args=args), given).status_code in (403, 404, 409), name
    assert JournalEntry.objects.count() == before
    # A leader whose post has ended still stands in the history, and looks after nothing any more.
    Post.objects.filter(person=district.leader).update(until_on=clock.today())
    leader = signed_in(client, district.leader)
    assert leader.post(reverse("desk-contact-points"), {"organisation": district.villages[1].code}).status_code != 500
    assert not ContactPoint.objects.filter(organisation=district.villages[1]).exists()


def test_attack_whoever_leads_nothing_is_told_so_at_the_contact_points(client, district, cycle, house):
    point = house[2]
    somebody = signed_in(client, district.secretaries[1])
    ended = somebody.post(reverse("desk-contact-end", args=[point.pk]))
    assert (ended.status_code, "no longer exists" in ended.content.decode()) == (403, False)
    given = {"organisation": district.villages[0].code, "from_on": clock.today().isoformat()}
    for person in (district.members[0], district.secretaries[0], district.secretaries[1]):
        for sent in (given, {}):
            asked = signed_in(client, person).post(
                reverse("desk-contact-points"), sent, headers={"Accept-Language": "en"}
            )
            assert (asked.status_code, "look after units" in asked.content.decode()) == (403, True)
        for number in (point.pk, point.pk + 1000):
            assert client.post(reverse("desk-contact-end", args=[number])).status_code == 403
    assert not ContactPoint.objects.filter(leader=district.secretaries[1]).exists()
    point.refresh_from_db()
    assert point.until_on is None


def test_whoever_enters_a_unit_that_they_look_after_already_is_told_since_when(client, district, cycle, house):
    leader = signed_in(client, district.leader)
    given = {"organisation": district.villages[0].code, "from_on": clock.today().isoformat()}
    answer = leader.post(reverse("desk-contact-points"), given, headers={"Accept-Language": "en"}, follow=True)
    assert "You look after this unit already, since" in answer.content.decode()
    assert ContactPoint.objects.filter(leader=district.leader, organisation=district.villages[0]).count() == 1


def test_attack_ids_of_another_campaign_or_of_nobody_name_nothing(client, district, cycle, house):
    group, deputy, point, carrier, _example = house
    office = signed_in(client, district.office)
    top = Organisation.objects.create(code="zz9", name="别处", kind="committee", path="/zz9/", depth=0)
    stranger = organisations.add_person(number="ZZ9", name="别处某人", organisation=top, at=clock.now(), by=None)
    campaign, today = cycle.campaign_id, clock.today().isoformat()
    before = JournalEntry.objects.count()
    seat = {"person": stranger.number, "role": "member", "duty": "", "place": 1, "from_on": today}
    for given in (
        seat,
        seat | {"person": "no-such-number"},
        seat | {"role": "emperor", "person": district.leader.number},
    ):
        office.post(reverse("office-leading-team", args=[campaign, group.pk]), given)
    for forged in ("organisation", "leader"):
        given = {"leader": district.leader.number, "organisation": district.villages[1].code, "from_on": today}
        office.post(reverse("office-contact-points", args=[campaign]), given | {forged: "zz9"})
    for name, args in [
        ("office-leading-change", [campaign + 1000, group.pk]),
        ("office-leading-member", [campaign, deputy.pk + 1000]),
        ("office-contact-end", [campaign, point.pk + 1000]),
        ("office-carrier-change", [cycle.pk, carrier.pk + 1000]),
    ]:
        assert office.post(reverse(name, args=args), {"name": "x"}).status_code in (404, 409)
    assert JournalEntry.objects.count() == before
    assert TeamMember.objects.filter(team=group).count() == 2
    assert leadership.teams_of(cycle.campaign, clock.today())[0].team == group


def test_everybody_reads_of_teams_that_have_somebody(client, district, cycle):
    at, place = clock.now() - EARLIER, reverse("public-leading", args=[cycle.campaign_id])
    given = {"kind": "team", "name": "督导组", "tasks": "到联系点了解情况", "at": at, "by": district.office}
    leading.form_team(campaign=cycle.campaign, **given)
    empty = client.get(place, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "It has not been entered yet who leads this campaign." in empty
    assert "督导组" not in empty
    formed_group(district, cycle.campaign, at=at)
    page = client.get(place, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert district.leader.name in page
    assert "督导组" not in page
    assert "are shown as the campaign office wrote them" in page
