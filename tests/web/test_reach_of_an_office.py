"""The attacks of an office beneath another: it reaches its own people alone, binds nobody above, and takes back no deed from there."""

import re
from functools import partial
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.cast import district as cast
from tests.cast.awards import drafted_selection
from tests.cast.district import launched_cycle
from tests.cast.refusing import refused
from tests.rooms.organisations.lists import xlsx

from zhengyou.awards.models import Candidate
from zhengyou.identity.models import Account
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.importing.drafts import plan_of
from zhengyou.organisations.models import Organisation, Person, Post, Responsibility
from zhengyou.roster import actions as roster
from zhengyou.roster import imports, posts
from zhengyou.roster import queries as roster_queries
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return cast.small_district(at=clock.now())


@pytest.fixture
def clerk(district):
    """Somebody of the district's own who works in the office of the town, and so below the district's."""
    return in_office(district, district.members[0], district.town)


@pytest.fixture
def town(client, clerk):
    client.force_login(Account.objects.create(person=clerk, login="town", password="x"))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def in_office(district, person, organisation):
    post = {"role": Post.Role.CAMPAIGN_OFFICE, "title": "", "from_on": clock.today(), "at": clock.now()}
    organisations.appoint(person=person, organisation=organisation, **post, by=district.office)
    return person


def give(client, page, person, **more):
    given = {"person": person, "organisation": "001001", "from_on": clock.today().isoformat(), **more}
    return client.post(reverse(page), given).content.decode()


def test_a_stranger_is_neither_shown_nor_given_a_post_or_duty_nor_told_apart_from_nobody(town, district):
    before = (Post.objects.count(), Responsibility.objects.count())
    for page, more in (("office-posts", {"role": "secretary"}), ("office-responsible", {"tier": "primary"})):
        for typed in (district.office.number, district.leader.name, "bangong", "ZZ9"):
            shown = give(town, page, typed, **more)
            assert f"your campaign office looks after has the number or name {typed}" in shown
            assert "ask the campaign office of the level above both" in shown
            assert not re.search(f"{district.office.name}.{{0,99}}{district.root.name}", shown)
    assert (Post.objects.count(), Responsibility.objects.count()) == before


def test_a_strange_unit_is_said_to_be_nobodys_here_and_no_other_is_offered_for_its_code(town, district):
    """The code of the district, “001”, begins the codes of all units of the town: none of them was meant."""
    person = district.members[1]
    for typed in (district.root.code, district.root.name, "ZZ9"):
        shown = give(town, "office-posts", person.number, organisation=typed, role="secretary")
        assert f"No unit that your campaign office looks after has the code or name {typed}." in shown
        assert "Several fit" not in shown
    assert district.villages[0].name in give(town, "office-posts", person.number, organisation="00100100", role="x")


def test_a_record_is_not_joined_into_a_strangers(town, district):
    duplicate = district.members[1]
    address = reverse("office-person-change", args=[duplicate.pk, "join"])
    given = {"kept": district.office.number, "on": clock.today().isoformat(), "reason": "同一个人"}
    assert "your campaign office looks after" in town.post(address, given).content.decode()
    assert Person.objects.get(pk=duplicate.pk).left_on is None


def test_who_works_in_the_office_above_is_bound_by_nobody_below(clerk, district):
    """A town's own member who works for the district would have to leave the town's appraisal to others."""
    mighty = in_office(district, district.members[1], district.root)
    given = {"person": mighty, "organisation": district.town, "from_on": clock.today(), "at": clock.now()}
    post, duty = {**given, "role": "secretary", "title": ""}, {**given, "tier": "secondary"}
    for deed, facts in ((organisations.appoint, post), (organisations.make_responsible, duty)):
        with refused("post.office-above"):
            deed(**facts, by=clerk)
        assert deed(**facts, by=district.office)
    written = {"on": clock.today(), "reason": "同一个人", "at": clock.now()}
    with refused("post.office-above"):
        roster.join_people(duplicate=district.secretaries[0], kept=mighty, **written, by=clerk)


def test_no_post_from_above_is_ended_or_passed_on_below(clerk, district):
    """A town would else become the district's office, by a duplicate of one who works there and lives in the town."""
    mighty = in_office(district, district.members[1], district.root)
    written = {"on": clock.today(), "reason": "同一个人", "at": clock.now()}
    deeds = (
        partial(roster.join_people, duplicate=mighty, kept=clerk),
        partial(roster.let_go, person=mighty, kind="left"),
        partial(roster.change_many, people=[mighty], kind="died", ticket=uuid4()),
    )
    for deed in deeds:
        with refused("roster.duty-out-of-reach"):
            deed(**written, by=clerk)
    assert Post.objects.get(person=mighty, role="campaign_office").until_on is None
    roster.let_go(person=mighty, kind="left", **written, by=district.office)


def test_what_the_office_above_wrote_down_is_not_undone_below(town, district, clerk):
    village = district.villages[0]
    written = {"on": clock.today(), "reason": "更名", "at": clock.now()}
    change = roster.give_name(about=village, name="新名党支部", **written, by=district.office)
    page, undo = reverse("office-organisation", args=[village.pk]), reverse("office-roster-undo", args=[change.pk])
    assert undo not in town.get(page).content.decode()
    assert "Only that campaign office can undo it" in town.post(undo, follow=True).content.decode()
    assert Organisation.objects.get(pk=village.pk).name == "新名党支部"
    own = roster.give_name(about=district.villages[1], name="又一党支部", **written, by=clerk)
    roster.undo_change(change=own, at=clock.now(), by=district.office)  # from above it is


def test_no_unit_is_moved_out_of_reach_and_none_of_others_is_drawn_in(town, district, clerk):
    neighbour = organisations.add_organisation(
        code="002", name="邻镇党委", kind="committee", sector="rural", parent=district.root, at=clock.now(), by=None
    )
    village, given = district.villages[0], {"on": clock.today().isoformat(), "reason": "划转"}
    out = reverse("office-organisation-change", args=[village.pk, "move"])
    for code in (neighbour.code, district.root.code):
        town.post(out, {**given, "to": code})
    for stranger in (neighbour, district.root):
        address = reverse("office-organisation-change", args=[stranger.pk, "move"])
        assert town.post(address, {**given, "to": district.town.code}).status_code == 403
    top = reverse("office-organisation-change", args=[district.town.pk, "move"])
    assert "because that belongs to it" in town.post(top, {**given, "to": village.code}).content.decode()
    above = {pk: parent for pk, parent in Organisation.objects.values_list("pk", "parent_id")}
    assert above[village.pk] == district.town.pk
    assert above[neighbour.pk] == above[district.town.pk] == district.root.pk


def test_no_candidates_are_brought_into_a_selection_above(town, district):
    selection = drafted_selection(district, launched_cycle(district, at=clock.now()), at=clock.now(), candidates=[])
    address = reverse("office-candidates-file", args=[selection.pk])
    sent = SimpleUploadedFile("a.csv", "代码,事迹\n001001001,好".encode())
    assert town.get(address).status_code == 403
    assert town.post(address, {"file": sent}).status_code == 403
    assert not Candidate.objects.filter(selection=selection).exists()


def test_ticked_units_beyond_the_reach_are_left_out_and_none_goes_beyond_it(town, district):
    outside = organisations.add_organisation(
        code="X9", name="外镇党委", kind="committee", sector="", parent=district.root, at=clock.now(), by=None
    )
    sent = {"asked": "on", "on": clock.today().isoformat(), "reason": "调整", "ticket": uuid4()}
    rows = [outside.pk, district.root.pk, district.villages[0].pk]
    page = reverse("office-organisations-many")
    for to in (outside, district.root):
        town.post(page, sent | {"deed": "moved", "row": rows, "to": to.code})
    town.post(page, sent | {"deed": "corrected", "row": rows, "sector": "public-institution"})
    town.post(page, sent | {"deed": "dissolved", "row": [outside.pk]})
    town.post(page, sent | {"deed": "merged", "row": [outside.pk], "to": district.villages[1].code})
    everywhere = {row.pk: row for row in Organisation.objects.all()}
    assert everywhere[district.villages[0].pk].parent == district.town
    assert everywhere[district.villages[0].pk].sector == "public-institution"
    assert everywhere[district.root.pk].sector == everywhere[outside.pk].sector == ""
    assert everywhere[outside.pk].ended_on is None


def test_an_import_from_above_is_not_taken_back_below(town, district):
    person, other = district.members[3], district.villages[0]
    data = xlsx(("名册", [["姓名", "党员编号", "所在支部"], [person.name, person.number, other.code]]))
    given = {"at": clock.now(), "by": district.office}
    draft = organisations.draft_import(what="people", data=data, file_name="四月.xlsx", **given)
    imports.confirm_import(draft=draft, seen=plan_of(draft).fingerprint, **given)
    [change] = roster_queries.changes_of_person(person)
    page = town.get(reverse("office-person", args=[person.pk])).content.decode()
    assert "by import of 四月.xlsx" in page
    assert "Undo it" not in page
    for name, which in (("office-roster-undo", change.pk), ("office-roster-together-undo", change.together)):
        assert (
            "Only that campaign office can undo it"
            in town.post(reverse(name, args=[which]), follow=True).content.decode()
        )
    for page in ("office-import", "office-import-undo"):
        assert town.get(reverse(page, args=[draft.pk])).status_code == 403
    assert town.post(reverse("office-import-undo", args=[draft.pk]), {"sure": "on"}).status_code == 403
    assert Person.objects.get(pk=person.pk).organisation == other


def test_posts_and_entries_from_above_are_not_taken_back_below_nor_those_of_neighbours(town, district):
    village, given = district.villages[0], {"at": clock.now(), "by": district.office}
    person = roster.enter_person(name="新来", organisation=village, membership="formal", post_kind="", **given)
    days = {"from_on": clock.today(), "title": ""}
    posts.give_post(person=person, organisation=village, role="leader", **days, **given)
    posts.give_post(person=person, organisation=district.root, role="scrutineer", **days, **given)
    undo = [reverse("office-roster-undo", args=[one.pk]) for one in roster_queries.changes_of_person(person)]
    page = town.get(reverse("office-person", args=[person.pk])).content.decode()
    assert not [address for address in undo if address in page]
    at_the_top, here, entry = undo
    assert town.post(at_the_top).status_code == 403
    for address in (here, entry):
        assert "Only that campaign office can undo it" in town.post(address, follow=True).content.decode()
    assert Post.objects.filter(person=person, until_on=None).count() == 2


def test_no_deed_is_offered_on_the_account_of_somebody_who_works_in_an_office_above(town, district):
    person = district.members[1]
    Account.objects.create(person=person, login="above", password="x")
    page = reverse("office-account", args=[person.pk])
    in_office(district, person, district.town)
    assert "Make a new password" in town.get(page).content.decode()
    in_office(district, person, district.root)
    shown = town.get(page).content.decode()
    assert "The campaign office of the level above can do it." in shown
    assert not re.search("Make a new password|Switch the account off", shown)
