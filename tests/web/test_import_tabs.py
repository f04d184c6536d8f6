"""The tabs of a preview through its pages: questions answered, words taught, those left out written down, large files by a worker."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast.district import small_district
from tests.cast.jobs import run_jobs
from tests.rooms.organisations.lists import csv_text, xlsx

from zhengyou.identity.models import Account
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.importing.drafts import plan_of
from zhengyou.organisations.importing.rosters import present_workbook
from zhengyou.organisations.models import ImportDraft, Organisation, Person, Term
from zhengyou.web.office.organisations_import_pages import READ_AT_ONCE
from zhengyou.web.shared import clock

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
PEOPLE = [["姓名", "党员编号", "所在支部"], ["夏红波", "M1000", "001001002"], ["周文清", "P0004", "001001001"]]
TREE = [["组织代码", "组织名称", "组织类别", "所属领域", "上级组织"], ["9", "园区党委", "党委", "园区", "001"]]


@pytest.fixture
def district(db, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return small_district()


@pytest.fixture
def office(client, district):
    client.force_login(Account.objects.get(person=district.office))
    return client


def uploaded(office, data):
    office.post(reverse("office-imports"), {"what": "both", "file": SimpleUploadedFile("名册.xlsx", data)}, **ENGLISH)
    return ImportDraft.objects.latest("id")


def seen(office, address, **query):
    return office.get(address, query, **ENGLISH).content.decode()


def posted(office, name, *args, **sent):
    return office.post(reverse(name, args=args), sent, follow=True, **ENGLISH).content.decode()


def test_a_question_opens_the_preview_and_is_answered_row_by_row(office):
    draft = uploaded(office, xlsx(("党员", PEOPLE)))
    page = seen(office, reverse("office-import", args=[draft.pk]))
    assert "Name and place both change: is 夏红波 the same person?" in page
    assert page.index("周文清") < page.index("夏红波")  # who holds a post comes first
    assert "2 rows wait for your answers" in page
    page = posted(office, "office-import-answer", draft.pk, number="M1000", answer="another", new_number="")
    assert "Taken as another person." in page
    assert "the system gives N000001" in page
    page = posted(office, "office-import-answer", draft.pk, number="M1000", answer="again")
    assert "The question is open again." in page
    page = posted(office, "office-import-answer", draft.pk, number="M1000", answer="same")
    assert "Import 0 new and 1 changed rows" in page


def test_an_unknown_word_is_taught_where_it_stands_and_taken_back(office):
    draft = uploaded(office, xlsx(("组织", TREE)))
    assert "Take “园区” from now on as" in seen(office, reverse("office-import", args=[draft.pk]))
    page = posted(office, "office-import-learn", draft.pk, category="sector", text="园区", slug="rural")
    assert "“园区” is known from now on." in page
    assert "Import 1 new and 0 changed rows" in page
    assert "Take back “园区”" in seen(office, reverse("office-import-words"))
    page = posted(office, "office-import-forget", category="sector", slug="rural", text="园区")
    assert "“园区” is not known any more." in page
    assert Term.objects.get(category="sector", slug="rural").learned == []


def test_the_choice_stands_at_the_only_word_that_comes_near(office):
    head, [*row, above] = TREE
    draft = uploaded(office, xlsx(("组织", [head, [*row[:3], "农村x", above]])))
    page = seen(office, reverse("office-import", args=[draft.pk]))
    assert re.findall(r'<option value="([\w-]+)" selected>', page) == ["rural"]
    draft = uploaded(office, xlsx(("组织", TREE)))
    assert " selected>" not in seen(office, reverse("office-import", args=[draft.pk]))


def test_all_headings_are_on_the_page_that_the_import_links(office):
    assert reverse("office-import-words") in seen(office, reverse("office-imports"))
    page = seen(office, reverse("office-import-words"))
    assert "支部代码" in page
    assert "入党积极分子" in page or "Applicant for membership" in page


def test_those_not_in_the_file_are_ticked_and_leave(office, district):
    draft = uploaded(office, xlsx(("党员", [PEOPLE[0], ["成员1-0", "M1000", "001001001"]])))
    page = seen(office, reverse("office-import", args=[draft.pk]))
    assert "成员1-1" in page  # the first tab that needs a person
    assert 'form="ticked"' not in page  # that form stands on the page behind
    sent = {"how": "left", "on": "2026-01-05", "reason": ""}
    address = "office-import-missing"
    assert "Tick those that you mean." in posted(office, address, draft.pk, **sent)
    page = posted(office, address, draft.pk, **sent, row=["people:M1001", "people:M1002"])
    assert "Say why, in a few words." in page
    assert page.count("checked") == 3  # the two ticks and the choice are kept
    page = posted(office, address, draft.pk, **sent | {"reason": "转出"}, row=["people:M1001", "people:M1002"])
    assert "2 people have left" in page
    assert Person.objects.filter(number__in=["M1001", "M1002"], left_on="2026-01-05").count() == 2
    page = posted(office, address, draft.pk, **sent | {"how": "keep"}, row=["people:P0004"])
    assert "1 entry stays as it is." in page
    assert "P0004" not in page


def test_a_large_file_is_read_and_written_by_a_worker(office):
    rows = [[f"新人{n}", f"Z{n:05d}", "001001001", "正式党员", "专业技术岗位", "否"] for n in range(4000)]
    head = [*PEOPLE[0], "人员类别", "岗位类别", "是否流动党员"]
    data = csv_text([head, *rows]).encode()
    assert len(data) > READ_AT_ONCE
    draft = uploaded(office, data)
    page = reverse("office-import", args=[draft.pk])
    waiting = seen(office, page)
    assert "Reading the file" in waiting
    assert "hx-get=" in waiting
    assert "htmx.min" in waiting  # or the page stands still for ever
    run_jobs()
    answer = office.get(page, **ENGLISH)
    assert "Import 4000 new and 0 changed rows" in answer.content.decode()
    posted(office, "office-import", draft.pk, seen=answer.context["plan"].fingerprint)
    assert "Importing the rows" in seen(office, page)
    run_jobs()
    assert "Import done" in seen(office, page)
    assert Person.objects.filter(number__startswith="Z").count() == 4000


def test_a_large_file_that_cannot_be_read_says_so_and_is_discarded(office):
    draft = uploaded(office, b"a,b\n" * 100_001)
    run_jobs()
    assert "more than 100,000 rows" in seen(office, reverse("office-import", args=[draft.pk]))
    posted(office, "office-import-discard", draft.pk)
    assert not ImportDraft.objects.exists()


def test_the_tabs_share_one_plan_until_the_roster_changes(office, district):
    draft = uploaded(office, xlsx(("党员", PEOPLE)))
    address = reverse("office-import", args=[draft.pk])
    first = seen(office, address, show="look")
    with CaptureQueriesContext(connection) as queries:
        assert "夏红波" in seen(office, address, show="look")
    assert not [one for one in queries if '"zhengyou_importdraft"."rows"' in one["sql"]]
    assert "Name and place both change" in first
    organisations.change_person(
        person=Person.objects.get(number="M1000"), changes={"name": "夏红波"}, at=clock.now(), by=district.office
    )
    assert "Name and place both change" not in seen(office, address, show="look")


def test_days_of_joining_and_founding_are_read_kept_shown_and_handed_out_again(office, district):
    """As offices write them: 1990.7.19, 1990年7月. One that is no day keeps nobody out."""
    people = [["姓名", "党员编号", "党支部代码", "入党时间"], ["甲入", "D1", "001001001", "1990.7.19"]]
    people += [["乙入", "D2", "001001001", "1990年7月"], ["丙入", "D3", "001001001", "改革开放后"]]
    tree = [
        ["组织代码", "组织名称", "组织类别", "成立时间"],
        ["001001001", district.villages[0].name, "党支部", "1983-05"],
    ]
    draft = uploaded(office, xlsx(("组织", tree), ("党员", people)))
    page = seen(office, reverse("office-import", args=[draft.pk]))
    assert "“改革开放后” is no day that can be read, and is left out" in page
    organisations.confirm_import(draft=draft, seen=plan_of(draft).fingerprint, at=clock.now(), by=district.office)
    joined = dict(Person.objects.filter(number__startswith="D").values_list("number", "joined_on"))
    assert joined == {"D1": date(1990, 7, 19), "D2": date(1990, 7, 1), "D3": None}
    assert "19 July 1990" in seen(office, reverse("office-person", args=[Person.objects.get(number="D1").pk]))
    assert "1 May 1983" in seen(office, reverse("office-organisation", args=[district.villages[0].pk]))
    assert "1990-07-19" in seen(office, reverse("office-people") + "?as=csv")
    for what in ("people", "organisations"):
        again = draft_of(present_workbook(what, "zh-hans"), what, district)
        assert set(plan_of(again).counts.values()) == {0, len(again.rows)}


def draft_of(data, what, district):
    return organisations.draft_import(what=what, data=data, file_name="今.xlsx", at=clock.now(), by=district.office)


def test_what_a_line_gathers_is_unfolded_row_by_row(office):
    rows = [["组织代码", "组织名称", "组织类别", "所属领域", "上级组织"], ["8", "园区党委", "党委", "不详", "001"]]
    rows += [[f"8{n}", f"园区{n}支部", "党支部", "不详" if n < 3 else "", "8" if n > 4 else "001"] for n in range(9)]
    draft = uploaded(office, xlsx(("组织", rows), ("党员", [PEOPLE[0], ["成员1-0", "M1000", "1001002"]])))
    address = reverse("office-import", args=[draft.pk])
    page = seen(office, address, show="mend")
    assert "and 3 other rows" in page
    alike, below = (office.get(address, {"like": "组织 2", **more}, **ENGLISH) for more in ({}, {"below": "1"}))
    assert [row.place for row in alike.context["page"]] == ["组织 2", "组织 3", "组织 4", "组织 5"]
    assert [row.place for row in below.context["page"]] == ["组织 8", "组织 9", "组织 10", "组织 11"]
    assert [row.place for row in office.get(address, {"like": "zeros"}).context["page"]] == ["党员 2"]
    assert "There are none any more" in seen(office, address, like="党员 77")


def test_what_an_import_changed_stands_at_each_page_and_is_undone_from_its_own(office, district):
    draft = uploaded(office, xlsx(("党员", [PEOPLE[0], ["成员1-0", "M1000", "001001002"], ["成员丙", "M1001", ""]])))
    page = posted(office, "office-import", draft.pk, seen=plan_of(draft).fingerprint)
    assert "2 entries, names, places and posts are new or changed by it." in page
    together = office.get(re.search(r'href="([^"]+/together/[^"]+)"', page)[1], **ENGLISH).content.decode()
    assert "Changed by the import of 名册.xlsx" in together
    person = Person.objects.get(number="M1000")
    assert "by import of 名册.xlsx" in seen(office, reverse("office-person", args=[person.pk]))
    renamed = Person.objects.get(number="M1001")
    assert "formerly 成员1-1" in seen(office, reverse("office-person", args=[renamed.pk]))
    undo = re.search(r'href="([^"]+/undo/)"', together)[1]
    undone = office.post(undo, {"sure": "on"}, follow=True, **ENGLISH).content.decode()
    assert "2 changes are undone." in undone
    assert Person.objects.get(number="M1000").organisation == district.villages[0]


TWICE = [
    ["组织代码", "组织名称", "组织类别", "所属领域", "上级组织"],
    ["7", "真支部", "党支部", "", "001"],
    ["8", "好支部", "党支部", "", "001"],
    ["7", "重复代码支部", "党支部", "", "001"],
    ["71", "下级支部", "党支部", "", "7"],
]


def test_one_cause_is_one_line_before_the_writing_and_after_it(office):
    """Two rows with one code are one cause, named by the first of them; whoever waits for it is counted, in a narrowed list too."""
    people = [PEOPLE[0], *([f"某人{n}", f"W{n}", "7"] for n in range(15))]
    draft = uploaded(office, xlsx(("组织", TWICE), ("党员", people)))
    address = reverse("office-import", args=[draft.pk])
    before, narrowed = (office.get(address, {"show": "mend", **more}, **ENGLISH) for more in ({}, {"kind": "tree"}))
    posted(office, "office-import", draft.pk, seen=plan_of(draft).fingerprint)
    after = office.get(address, **ENGLISH)
    for answer, rows in ((before, 2), (narrowed, 0), (after, 2)):
        (cause,) = answer.context["tab"].page.object_list
        assert (cause.row.label, len(cause.rows), len(cause.below)) == ("真支部", rows, 16)
        assert "And 16 rows below it" in answer.content.decode()
    assert "Correct that row first" not in after.content.decode()
    below = office.get(address, {"like": "组织 2", "below": "1"}, **ENGLISH)
    assert below.content.decode().count("stands in row 组织 2, which cannot be imported") == 15
    assert "重复代码支部" in seen(office, address, like="组织 4")
    table = office.get(reverse("office-import-bad", args=[draft.pk, "csv"]), **ENGLISH).content.decode()
    assert [line.split(",")[1] for line in table.splitlines()[1:]] == [
        "真支部",
        "重复代码支部",
        "下级支部",
    ]  # row by row


def test_the_page_of_an_import_that_is_done_stays_short(office):
    """A word that the house does not know is one line, whoever leads but is not there another; numbers that were given are a file."""
    tree = [
        ["组织代码", "组织名称", "组织类别", "所属领域", "上级组织", "书记"],
        *([f"8{n:02d}", f"园{n}支部", "党支部", "园区" if n < 12 else "", "001", f"外人{n}"] for n in range(80)),
    ]
    people = [["姓名", "所在支部"], *([f"无号{n}", "001001001"] for n in range(60))]
    draft = uploaded(office, xlsx(("组织", tree), ("党员", people)))
    posted(office, "office-import", draft.pk, seen=plan_of(draft).fingerprint)
    address = reverse("office-import", args=[draft.pk])
    page = seen(office, address)
    assert "and 11 other rows" in page
    assert "And 67 more like this." in page
    assert "These are the first 50 of 60." in page
    assert page.count(f"{Organisation.objects.get(code='001001001').name} (001001001)</td>") == 50
    assert page.count("<tr>") == 53  # fifty numbers, one cause, and two heads
    assert "from now on as" not in page  # whoever teaches a word reads the file again
    assert [row.label for row in office.get(address, {"like": "person-unknown"}).context["page"]][:2] == [
        "园12支部",
        "园13支部",
    ]
    assert seen(office, address, q="园3支部").count('<th scope="row">') == 51  # one cause beside the numbers
    book = office.get(reverse("office-import-issued", args=[draft.pk]), **ENGLISH)
    again = draft_of_file(office, book.content)
    assert plan_of(again).counts | {"unchanged": 60} == plan_of(again).counts


def draft_of_file(office, data):
    office.post(reverse("office-imports"), {"what": "people", "file": SimpleUploadedFile("号.xlsx", data)}, **ENGLISH)
    return ImportDraft.objects.latest("id")
