"""April made out of March's workbook as an office keeps it, 4,000 people: moved, renamed, new, left, died, a unit dissolved; taken back."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import CalamineWorkbook
from tests.cast.jobs import run_jobs
from tests.rooms.organisations.lists import xlsx

from zhengyou.campaigns import actions as campaigns
from zhengyou.identity import actions as identity
from zhengyou.identity.models import Account
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.models import ImportDraft, Organisation, Person
from zhengyou.web.shared import clock

pytestmark = [pytest.mark.django_db, pytest.mark.long]
ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
MARCH = Path(__file__).parents[1] / "rooms/organisations/workbooks/office-march.xlsx"
HEADS = ("D3:E3", "H3:I3", "K3:L3")  # of the sheet of units, over two rows
CODE, NAME, HOME, NUMBER, CALLED = 1, 2, 2, 3, 4  # columns of the sheet of units, and of that of people
GONE, DIED, ENDED = 12, 2, "001003002002"


@pytest.fixture
def office(client, db, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    given = {"at": clock.now(), "by": None}
    campaigns.load_pack_words(pack_id="excellence-2010", **given)
    root = organisations.add_organisation(
        code="001", name="中共清江区委", kind="committee", sector="", parent=None, **given
    )
    person = organisations.add_person(number="0001", name="周文清", organisation=root, **given)
    organisations.appoint(
        person=person, organisation=root, role="campaign_office", title="", from_on=clock.today(), **given
    )
    identity.open_account(person=person, login="office", password="ein-langes-wort-7", **given)
    client.force_login(Account.objects.get(person=person))
    return client


def sheets():
    """The rows of March's two lists, each merged cell below the headings written out."""
    book, lists = CalamineWorkbook.from_path(str(MARCH)), []
    for name in book.sheet_names[:2]:
        sheet = book.get_sheet_by_name(name)
        rows = [[None if cell == "" else cell for cell in row] for row in sheet.to_python(skip_empty_area=False)]
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
            for row in range(top, bottom + 1) if top > 4 else ():
                rows[row][left : right + 1] = [rows[top][left]] * (right + 1 - left)
        lists.append((name, rows))
    return lists


def april():
    """What became of March, and who is meant by it."""
    (units, tree), (members, people) = sheets()
    by_number = {row[NUMBER]: row for row in people if isinstance(row[NUMBER], str) and row[NUMBER].isascii()}
    here = {row.number: row for row in Person.objects.select_related("organisation").exclude(number="0001")}
    whole = [number for number in sorted(here) if number in by_number and here[number].organisation.code != ENDED]
    ordinary = [number for number in whole if number > "001000"]  # who leads stands before them
    moved, renamed, died, left = ordinary[:40:2], ordinary[41:51], ordinary[60:62], ordinary[70:82]
    for number in [*moved, *(one for one in here if here[one].organisation.code == ENDED)]:
        by_number[number][HOME], by_number[number][HOME - 1] = "001003002001", None
    for number in renamed:
        by_number[number][CALLED] = f"{by_number[number][CALLED]}改"
    people[:] = [row for row in people if row[NUMBER] not in {*died, *left}]
    people += [[None, None, "001003002001", f"9{n:05d}", f"新人{n}", "女", None, "正式党员"] for n in range(10)]
    tree[:] = [row for row in tree if row[CODE] != ENDED]
    row = next(row for row in tree if row[CODE] == "001003002001")
    row[NAME] = "河西联合党支部"
    tree.append([None, "001003002099", "河西新党支部", "001003002", None, "党支部", "农村"])
    return xlsx((units, tree), (members, people), merged=HEADS), {
        "moved": moved,
        "renamed": renamed,
        "died": died,
        "left": left,
    }


def uploaded(office, data, file_name):
    office.post(reverse("office-imports"), {"what": "both", "file": SimpleUploadedFile(file_name, data)}, **ENGLISH)
    run_jobs()
    draft = ImportDraft.objects.latest("id")
    return draft, office.get(reverse("office-import", args=[draft.pk]), **ENGLISH)


def confirmed(office, draft, preview):
    address = reverse("office-import", args=[draft.pk])
    office.post(address, {"seen": preview.context["fingerprint"]}, **ENGLISH)
    run_jobs()
    return office.get(address, **ENGLISH)


def written_down(office, draft, how, people=(), units=()):
    """The answer of the page that says what became of those not in the file."""
    rows = [*(f"people:{number}" for number in people), *(f"organisations:{code}" for code in units)]
    sent = {"how": how, "on": clock.today().isoformat(), "reason": "四月名册", "row": rows}
    page = office.post(reverse("office-import-missing", args=[draft.pk]), sent, follow=True, **ENGLISH)
    return page.content.decode()


def house():
    people = Person.objects.values_list("number", "name", "organisation__code", "left_on")
    units = Organisation.objects.values_list("code", "name", "parent__code", "ended_on")
    return sorted(people, key=str), sorted(units, key=str)


def test_april_of_a_district(office):
    draft, preview = uploaded(office, MARCH.read_bytes(), "三月.xlsx")
    assert [(show, count) for show, _name, count in preview.context["tab"].tabs] == [
        ("mend", 28), ("look", 1), ("missing", 1), ("ready", 4385),
    ]  # fmt: skip
    causes = preview.context["tab"].page.object_list
    assert [(cause.row.label, len(cause.rows), len(cause.below)) for cause in causes][:2] == [
        ("第一党支部", 2, 15), ("徐华强", 2, 0),
    ]  # fmt: skip
    done = confirmed(office, draft, preview)
    assert done.context["counts"] == {"bad": 28, "asked": 0, "changed": 1, "new": 4385, "unchanged": 0}
    assert len(done.context["tab"].page.object_list) == len(causes)
    march = house()

    data, meant = april()
    draft, preview = uploaded(office, data, "四月.xlsx")
    counts = preview.context["counts"]
    ended = Organisation.objects.get(code=ENDED)
    at_ended = Person.objects.filter(organisation=ended).count()
    assert at_ended > 0
    assert (counts["new"], counts["asked"]) == (11, 0)
    assert counts["bad"] == 28
    missing = {
        one.reference
        for one in office.get(reverse("office-import", args=[draft.pk]), {"show": "missing"}).context["tab"].page
    }
    gone = {f"people:{number}" for number in [*meant["died"], *meant["left"], "0001"]} | {f"organisations:{ENDED}"}
    assert missing == gone
    changed = {row.key for row in preview.context["plan"].rows if row.state == "changed"}
    assert {*meant["moved"], *meant["renamed"], "001003002001"} <= changed
    assert len(changed - {*meant["moved"], *meant["renamed"], "001003002001"}) >= at_ended
    done = confirmed(office, draft, preview)
    assert done.context["changed"]["count"] >= 11 + len(meant["moved"]) + len(meant["renamed"]) + 1 + at_ended

    assert f"{DIED} people have left" in written_down(office, draft, "died", people=meant["died"])
    said = written_down(office, draft, "left", people=meant["left"], units=[ENDED])
    assert f"{GONE} people have left, 1 units are dissolved" in said
    assert Person.objects.filter(left_on=clock.today()).count() == GONE + DIED
    assert Organisation.objects.get(code=ENDED).ended_on == clock.today()
    assert set(Person.objects.filter(number__in=meant["moved"]).values_list("organisation__code", flat=True)) == {
        "001003002001"
    }

    again, preview = uploaded(office, data, "四月再.xlsx")
    assert (preview.context["counts"]["new"], preview.context["counts"]["changed"]) == (0, 0)
    left_out = office.get(reverse("office-import", args=[again.pk]), {"show": "missing"}).context["tab"].page
    assert [one.reference for one in left_out] == ["people:0001"]
    office.post(reverse("office-import-discard", args=[again.pk]))

    undo = reverse("office-import-undo", args=[draft.pk])
    office.post(undo, {"sure": "on"})
    run_jobs()
    assert Organisation.objects.filter(
        code="001003002099"
    ).exists()  # its people would come back to a unit that has ended
    for together in draft_deeds(draft):
        office.post(reverse("office-roster-together-undo", args=[together]), **ENGLISH)
    office.post(undo, {"sure": "on"})
    run_jobs()
    assert house() == march


def draft_deeds(draft):
    """What was written down of those not in the file, the newest first."""
    from zhengyou.roster.models import RosterChange

    rows = RosterChange.objects.filter(source=draft, undone_at=None).exclude(
        made_at=ImportDraft.objects.get(pk=draft.pk).applied_at
    )
    return list(dict.fromkeys(rows.order_by("-pk").values_list("together", flat=True)))
