"""The office writes down what happens to people and organisations: lists, pages, forms, undoing."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from tests.cast.district import small_district

from zhengyou.identity.models import Account
from zhengyou.organisations.models import Organisation, Person
from zhengyou.web.shared import clock

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return small_district(members_a_village=3)


@pytest.fixture
def office(client, district):
    client.force_login(Account.objects.get(person=district.office))
    return client


def given(**more):
    return {"on": clock.today().isoformat(), "reason": "调往外地"} | more


def change(office, row, what, **data):
    name = "office-person-change" if isinstance(row, Person) else "office-organisation-change"
    address = reverse(name, args=[row.pk, what])
    assert office.get(address, headers={"accept-language": "en"}).status_code == 200
    return office.post(address, given(**data), follow=True, **ENGLISH)


def test_somebody_is_found_opened_leaves_and_comes_back(office, district):
    person = district.members[0]
    listed = office.get(reverse("office-people"), {"q": person.number}, **ENGLISH).content.decode()
    page = reverse("office-person", args=[person.pk])
    assert page in listed
    for address in (page, reverse("office-organisation", args=[person.organisation_id])):
        shown = office.get(address, **ENGLISH).content.decode()
        assert 'class="ways" aria-label="Main"' in shown, "what a page is given takes nothing from its frame"
    shown = change(office, person, "left").content.decode()
    assert "It can be undone here for a day." in shown
    assert "调往外地" in shown
    assert page not in office.get(reverse("office-people"), **ENGLISH).content.decode()
    undo = re.search(r'action="(/office/changes/\d+/undo/)"', shown)[1]
    shown = office.post(undo, follow=True, **ENGLISH).content.decode()
    assert "everything is as it was before" in shown
    assert Person.objects.get(pk=person.pk).left_on is None
    assert f'href="{page}change/left/"' in shown


def test_every_way_has_its_form_and_does_its_deed(office, district):
    person, other, third = district.members[:3]
    village, near = district.villages[:2]
    assert change(office, person, "rename", name="新名").context["person"].name == "新名"
    assert change(office, person, "recode", code="N-1").context["person"].number == "N-1"
    home = near if person.organisation_id != near.pk else village
    assert change(office, person, "move", to=home.code).context["person"].organisation == home
    assert change(office, other, "join", kept="N-1").context["person"].left_on == clock.today()
    died = change(office, third, "died")
    assert died.context["person"].left_on == clock.today()
    assert "died on " in died.content.decode()
    assert change(office, near, "move", to=village.code).context["above"][-1] == (village, True)
    assert change(office, near, "move", to=district.town.code).context["above"][-1] == (district.town, True)
    assert change(office, near, "rename", name="新村党支部").context["organisation"].name == "新村党支部"
    assert change(office, near, "recode", code="X1").context["organisation"].former_codes == [near.code]
    assert change(office, near, "merge", into=village.code).context["organisation"].ended_on == clock.today()
    shown = office.get(reverse("office-organisation", args=[village.pk]), **ENGLISH).content.decode()
    assert "← 新村党支部" in re.sub(r"\s+", " ", shown)


def test_what_is_known_is_corrected_without_a_day(office, district):
    person, village = district.members[0], district.villages[0]
    address = reverse("office-person-change", args=[person.pk, "correct"])
    office.post(address, {"membership": "probationary", "is_floating": "on"}, **ENGLISH)
    row = Person.objects.get(pk=person.pk)
    assert (row.membership, row.is_floating) == ("probationary", True)
    kind = Organisation.objects.exclude(kind=village.kind).first().kind
    office.post(reverse("office-organisation-change", args=[village.pk, "correct"]), {"kind": kind}, **ENGLISH)
    assert Organisation.objects.get(pk=village.pk).kind == kind


def test_a_refusal_stands_above_the_form_and_what_was_typed_stays(office, district):
    village = district.villages[0]
    shown = change(office, village, "dissolve", reason="撤并").content.decode()
    assert "still belong to" in shown
    assert 'value="撤并"' in shown
    assert office.get(reverse("office-person-change", args=[1, "nonsense"]), **ENGLISH).status_code == 404


def test_a_unit_says_what_comes_first_before_it_can_be_dissolved_and_the_topmost_that_it_stays(office, district):
    """No way leads to a form that can only refuse, and of a unit nobody is warned of illness."""
    village = district.villages[0]
    page, way = reverse("office-organisation", args=[village.pk]), "change/dissolve/"
    shown = office.get(page, **ENGLISH).content.decode()
    assert f"still belong to {village.name}" in re.sub(r"</?span[^>]*>", "", shown)
    assert f'href="{page}{way}"' not in shown
    assert f'href="{page}change/merge/"' in shown
    Person.objects.filter(organisation=village).update(left_on=clock.today())
    assert f'href="{page}{way}"' in office.get(page, **ENGLISH).content.decode()
    top = reverse("office-organisation", args=[district.root.pk])
    shown = office.get(top, **ENGLISH).content.decode()
    assert "It can be renamed, not ended." in shown
    assert not re.findall(r'href="[^"]*change/(?:move|merge|dissolve)/"', shown)
    reasons = [office.get(f"{page}change/{what}/", **ENGLISH).content.decode() for what in ("rename", "merge")]
    assert all("Only the campaign office reads it." in one and "illness" not in one for one in reasons)
    leaving = reverse("office-person-change", args=[district.members[-1].pk, "left"])
    assert "illness" in office.get(leaving, **ENGLISH).content.decode()


def test_a_unit_or_a_person_leads_to_a_post_for_them_and_back(office, district):
    village, person = district.villages[0], district.members[0]
    unit, own = reverse("office-organisation", args=[village.pk]), reverse("office-person", args=[person.pk])
    sent = {"person": person.number, "organisation": village.code, "role": "secretary", "from_on": clock.today()}
    for page, begun in ((unit, "organisation"), (own, "person")):
        shown = office.get(page, **ENGLISH).content.decode()
        way = re.search(rf'href="(/office/posts/\?{begun}=[^"#]+)#give-a-post"', shown)[1]
        form = office.get(way, **ENGLISH).content.decode()
        assert re.search(r'<details id="give-a-post" open>', form)
        assert f'value="{sent[begun]}"' in form
        assert office.post(way, sent, **ENGLISH).headers["Location"] == page
    assert '<details id="give-a-post">' in office.get(reverse("office-posts"), **ENGLISH).content.decode()


def test_only_the_office_sees_people(client, district):
    for address in (reverse("office-people"), reverse("office-person", args=[district.members[0].pk])):
        assert client.get(address).status_code == 302
    client.force_login(Account.objects.create(person=district.members[0], login="m", password="x"))
    for address in (reverse("office-people"), reverse("office-person", args=[district.members[1].pk])):
        assert client.get(address).status_code == 403


def test_a_death_needs_no_reason_and_a_day_ahead_is_complained_of_with_what_else_is_missing(office, district):
    died, leaver = district.members[:2]
    shown = change(office, died, "died", reason="").content.decode()
    assert "died on " in shown
    ahead = (clock.today() + timedelta(days=3)).isoformat()
    form = change(office, leaver, "left", on=ahead, reason="").context["form"]
    assert set(form.errors) == {"on", "reason"}
    assert "This day lies ahead." in str(form.errors["on"])


def test_no_form_opens_of_somebody_who_is_gone_or_of_what_has_ended(office, district):
    died, village = district.members[0], district.villages[3]
    change(office, died, "died")
    change(office, village, "merge", into=district.villages[0].code)
    for row, name, words in (
        (died, "office-person", f"{died.name} has left already"),
        (village, "office-organisation", f"{village.name} has ended already"),
    ):
        page, form = reverse(name, args=[row.pk]), reverse(f"{name}-change", args=[row.pk, "move"])
        shown = office.get(form, follow=True, **ENGLISH)
        assert shown.redirect_chain == [(page, 302)]
        assert words in shown.content.decode()


def test_a_name_that_stands_beside_it_already_is_asked_about_by_a_box(office, district):
    village, other = district.villages[:2]
    asked = change(office, village, "rename", name=other.name).content.decode()
    assert f"There already is: {other.name} ({other.code})" in asked
    assert re.search(r'type="checkbox" name="is_another"', asked)
    change(office, village, "rename", name=other.name, is_another="on")
    village.refresh_from_db()
    assert village.name == other.name
    shown = office.get(reverse("office-organisation", args=[village.pk]), **ENGLISH).content.decode()
    assert shown.count("› <a") == 2, "the way to it names each level apart"
