"""An import taken back through its pages, posts in the history of person and organisation, entries that go."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.cast.district import small_district
from tests.cast.jobs import run_jobs
from tests.rooms.organisations.lists import csv_text

from zhengyou.base.models import Job
from zhengyou.identity.models import Account
from zhengyou.organisations.models import ImportDraft, Person, Post
from zhengyou.roster.models import RosterChange
from zhengyou.web.office import organisations_preview_pages, organisations_undo_pages
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


def taken(office, count: int) -> ImportDraft:
    rows = [["姓名", "党员编号", "所在支部"], *[[f"新人{n}", f"Z{n:03d}", "001001001"] for n in range(count)]]
    file = SimpleUploadedFile("五月.csv", csv_text(rows).encode())
    office.post(reverse("office-imports"), {"what": "people", "file": file})
    draft = ImportDraft.objects.latest("id")
    seen = office.get(reverse("office-import", args=[draft.pk])).context["plan"].fingerprint
    office.post(reverse("office-import", args=[draft.pk]), {"seen": seen})
    return draft


def pressed(office, address, **sent) -> str:
    return office.post(address, sent, follow=True, **ENGLISH).content.decode()


def shown(office, name, *args) -> str:
    return office.get(reverse(name, args=args), **ENGLISH).content.decode()


def test_an_import_is_taken_back_after_one_question(office, district) -> None:
    draft = taken(office, 3)
    assert "3 entries, names, places and posts are new or changed by it." in shown(office, "office-import", draft.pk)
    undo = reverse("office-import-undo", args=[draft.pk])
    together = RosterChange.objects.filter(source=draft)[0].together
    assert f'href="{undo}"' in shown(office, "office-roster-together", together)
    assert "<strong>3</strong> Entered" in shown(office, "office-import-undo", draft.pk)
    assert "Please tick this to confirm" in pressed(office, undo, sure="")
    assert Person.objects.filter(number__startswith="Z").count() == 3
    page = pressed(office, undo, sure="on")
    assert "3 changes are undone." in page
    assert "This import was taken back: 3 changes of it are undone" in page
    assert not Person.objects.filter(number__startswith="Z").exists()
    assert "Nothing of this import is left to be taken back." in pressed(office, undo, sure="on")
    assert office.get(reverse("office-roster-together", args=[together])).url == reverse("office-people")


def test_what_is_much_is_written_and_taken_back_by_a_worker_with_its_steps(office, monkeypatch) -> None:
    monkeypatch.setattr(organisations_preview_pages, "WRITTEN_AT_ONCE", 2)
    monkeypatch.setattr(organisations_undo_pages, "UNDONE_AT_ONCE", 2)
    draft = taken(office, 3)
    run_jobs()
    page = pressed(office, reverse("office-import-undo", args=[draft.pk]), sure="on")
    assert "Taking it back" in page
    assert "htmx.min" in page
    run_jobs()
    assert "Everything is as it was before it." in shown(office, "office-import", draft.pk)
    assert not Person.objects.filter(number__startswith="Z").exists()
    assert set(Job.objects.values_list("kind", "steps")) == {("write-in", 4), ("take-back", 4)}


def test_a_refusal_stands_above_the_question(office, district) -> None:
    draft = taken(office, 2)
    person = Person.objects.get(number="Z001")
    days = {"from_on": clock.today(), "title": ""}
    pressed(office, reverse("office-posts"), person=person.number, organisation="001001001", role="leader", **days)
    page = pressed(office, reverse("office-import-undo", args=[draft.pk]), sure="on")
    assert "新人1 cannot be taken out any more. On this entry hangs: a post." in page
    assert Person.objects.filter(number__startswith="Z").count() == 2


def test_one_new_entry_goes_by_the_button_on_its_page(office) -> None:
    taken(office, 2)
    person = Person.objects.get(number="Z000")
    page = shown(office, "office-person", person.pk)
    assert "by import of 五月.csv" in page
    page = pressed(office, re.search(r'action="(/office/changes/\d+/undo/)"', page)[1])
    assert "The entry is taken out." in page
    assert [row.number for row in Person.objects.filter(number__startswith="Z")] == ["Z001"]


def test_a_post_by_hand_stands_with_both_and_is_undone_there(office, district) -> None:
    village, person = district.villages[0], district.members[1]
    days = {"from_on": clock.today(), "title": "副组长"}
    pressed(office, reverse("office-posts"), person=person.number, organisation=village.code, role="leader", **days)
    post = Post.objects.get(person=person, role="leader")
    pressed(office, reverse("office-post-change", args=[post.pk]), **days | {"title": "组长"})
    for page in (shown(office, "office-person", person.pk), shown(office, "office-organisation", village.pk)):
        assert page.index("Post changed") < page.index("formerly 副组长") < page.index("Post given")
    [undo] = re.findall(r'action="(/office/changes/\d+/undo/)"', shown(office, "office-person", person.pk))
    assert "everything is as it was before" in pressed(office, undo)
    assert Post.objects.get(pk=post.pk).title == "副组长"
    pressed(office, reverse("office-post-end", args=[post.pk]), until_on=clock.today())
    assert "Post ended" in shown(office, "office-person", person.pk)
