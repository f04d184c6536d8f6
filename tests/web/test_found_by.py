"""One rule of finding: what tells people and units apart finds them in every list of the office; a login where accounts are."""

import pytest
from django.urls import reverse
from tests.cast.district import small_district
from tests.cast.jobs import run_jobs

from zhengyou.identity import actions as identity
from zhengyou.identity.models import Account
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.models import Post
from zhengyou.web.shared import clock, narrowing

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}


@pytest.fixture
def district(db, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return small_district(at=clock.now())


@pytest.fixture
def office(client, district):
    client.force_login(Account.objects.get(person=district.office))
    return client


def rows(client, name, words):
    return list(client.get(reverse(name), {"q": words}, **ENGLISH).context["page"])


@pytest.mark.parametrize("words", ["yuan-9", "YUAN-9", "3322-7788", "name@example.org"])
def test_who_holds_a_post_is_found_by_login_phone_and_mail(office, district, words):
    person = district.secretaries[1]
    Account.objects.filter(person=person).update(login="yuan-9")
    identity.keep_contact(person=person, phone="0745-3322-7788", mail="name@example.org", at=clock.now(), by=person)
    assert {row.person for row in rows(office, "office-posts", words)} == {person}


def test_somebody_is_found_by_login_in_the_list_of_people_and_in_the_journal(office, district):
    person = district.secretaries[1]
    Account.objects.filter(person=person).update(login="yuan-9")
    assert rows(office, "office-people", "yuan-9") == [person]
    organisations.change_person(person=person, changes={"name": "袁九"}, at=clock.now(), by=district.office)
    found = rows(office, "office-journal", "yuan-9")
    assert found
    assert {person.reference} >= {row.subject for row in found if row.by != person.reference}
    assert [row.pk for row in rows(office, "office-journal", "yuanjiu")] == [row.pk for row in found]
    assert not rows(office, "office-people", "yuan-99")


def test_an_office_below_does_not_spell_out_how_those_above_sign_in(client, district):
    """The office above finds its own people so, the office below finds nobody: in no list, by no part of a login."""
    clerk, mighty = district.town_secretary, district.second_office
    held(clerk, district.town, Post.Role.CAMPAIGN_OFFICE, district.office)
    Account.objects.filter(person=mighty).update(login="qx-secret")
    organisations.change_person(person=district.secretaries[0], changes={"name": "袁九"}, at=clock.now(), by=mighty)
    lists, parts = ("office-journal", "office-posts", "office-people"), ("qx", "x-secre", "qx-secret")
    client.force_login(Account.objects.get(person=district.office))
    assert all(rows(client, name, "qx-secret") for name in lists)
    assert not rows(client, "office-journal", "qx-secre")
    client.force_login(Account.objects.get(person=clerk))
    assert not any(rows(client, name, part) for name in lists for part in parts)


def test_lists_of_people_and_of_units_take_the_same_paths(district):
    assert narrowing.of_person("person") == ("person__name", "person__name_key", "person__number")
    assert narrowing.of_unit() == ("name", "name_key", "code", "parent__name")
    unit = district.villages[0]
    for words in (unit.name[:4], unit.code, unit.name_key.split()[0], unit.parent.name[:3]):
        assert unit in narrowing.searched([unit], words, narrowing.of_unit())
    top = district.root
    assert narrowing.searched([top], "none", narrowing.of_unit()) == []  # nothing above is no word


@pytest.mark.parametrize("words", ["number", "name_key"])
def test_a_leader_is_found_by_number_and_pinyin(office, district, words):
    from tests.cast.district import launched_cycle

    cycle, person = launched_cycle(district), district.leader
    address = reverse("office-contact-leaders", args=[cycle.campaign_id])
    given = {"q": getattr(person, words).split()[0]}
    assert [row.person for row in office.get(address, given).context["page"]] == [person]


def held(person, place, role, by):
    return organisations.appoint(
        person=person, organisation=place, role=role, title="", from_on=clock.today(), at=clock.now(), by=by
    )


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("none", "Hand out an account to them now: they have none."),
        ("used", "They have an account already."),
        ("off", "Their account is switched off."),
    ],
)
def test_a_new_post_asks_for_an_account_only_where_there_is_none(office, district, state, said):
    person = district.members[0]
    if state != "none":
        Account.objects.create(person=person, login="m", password="x", is_active=state == "used")
    sent = {"person": person.number, "organisation": "001", "role": "leader", "from_on": clock.today().isoformat()}
    page = office.post(reverse("office-posts"), sent, follow=True, **ENGLISH).content.decode()
    assert said in page
    others = {"Hand out an account to them", "They have an account already", "Their account is switched off"}
    assert sum(one in page for one in others) == 1


def test_an_office_below_is_offered_no_letter_for_whoever_belongs_above(client, district):
    """A post in the town, of somebody who works in the office above: the page says whom it leaves out and why, and makes the others."""
    clerk, helper, below = district.town_secretary, district.second_office, district.secretaries[0]
    held(clerk, district.town, Post.Role.CAMPAIGN_OFFICE, district.office)
    above = held(helper, district.town, Post.Role.LEADER, district.office)
    within = Post.objects.get(person=below, role=Post.Role.SECRETARY)
    client.force_login(Account.objects.get(person=clerk))
    address, make = reverse("office-post-letters"), reverse("office-post-letters-make")
    page = client.get(address, {"row": [above.pk, within.pk]}, **ENGLISH)
    assert "1 person gets no letter from your campaign office" in page.content.decode()
    assert [helper.name] == [one.name for one in page.context["above"]]
    assert page.context["names"] == [below.name]
    assert f'value="{above.pk}"' not in page.content.decode()
    only = client.get(address, {"row": [above.pk]}, **ENGLISH)
    assert only.context["form"] is None
    assert "Ask the campaign office of that level." in only.content.decode()
    before = Account.objects.get(person=helper).password
    answer = client.post(make, {"paper": "A5", "languages": "zh-hans", "row": [above.pk, within.pk]}, **ENGLISH)
    run_jobs()
    text = b"".join(client.post(f"{answer.headers['Location']}take/")).decode()
    assert (below.number in text, helper.number in text) == (True, False)
    assert Account.objects.get(person=helper).password == before
    sent = {"person": helper.number, "organisation": district.villages[0].code, "role": "leader"}
    Account.objects.filter(person=helper).delete()
    page = client.post(reverse("office-posts"), sent | {"from_on": clock.today().isoformat()}, follow=True, **ENGLISH)
    assert "Hand out an account" not in page.content.decode()
