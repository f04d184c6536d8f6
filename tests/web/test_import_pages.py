"""The office's pages for lists: upload, preview, confirming, bad rows, lists to take, who is responsible."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.cast.district import small_district
from tests.rooms.organisations.lists import csv_text, xlsx

from zhengyou.identity.models import Account
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.importing import workbooks
from zhengyou.organisations.models import ImportDraft, Organisation, Person, Responsibility, held_on
from zhengyou.roster import actions as roster
from zhengyou.web.shared import clock

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
HEAD = ["组织名称", "代码", "上级组织", "类别"]
ROWS = [["测试村党支部", "9001", "001001", "党支部"], ["坏村党支部", "9002", "某处", "党支部"]]


@pytest.fixture
def district(db, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return small_district()


@pytest.fixture
def office(client, district):
    client.force_login(Account.objects.get(person=district.office))
    return client


def text_of(response):
    return response.content.decode()


def upload(office, data, what="organisations", name="名册.xlsx"):
    file = SimpleUploadedFile(name, data)
    return office.post(reverse("office-imports"), {"what": what, "file": file}, **ENGLISH)


def uploaded(office, rows, what="organisations"):
    """The draft of an upload that is read without complaint."""
    answer = upload(office, xlsx(("表", rows)), what)
    draft = ImportDraft.objects.latest("id")
    assert answer.url == reverse("office-import", args=[draft.pk])
    return draft


def preview(office, draft, **query):
    return office.get(reverse("office-import", args=[draft.pk]), query, **ENGLISH)


def confirm(office, draft, seen=None):
    sent = {"seen": seen or preview(office, draft).context["plan"].fingerprint}
    return office.post(reverse("office-import", args=[draft.pk]), sent, **ENGLISH)


def test_from_a_workbook_to_the_tree(office, district):
    draft = uploaded(office, [["一览表"], HEAD, *ROWS])
    page = text_of(preview(office, draft))
    assert "2 rows read in" in page
    assert "The parent “某处” is neither in this file nor in the tree. Correct it or add it." in page
    assert "Import 1 new and 0 changed rows" in page
    assert not Organisation.objects.filter(code="9001").exists()

    assert confirm(office, draft).url == reverse("office-import", args=[draft.pk])
    done = text_of(preview(office, draft))
    assert "Import done" in done
    assert "坏村党支部" in done
    assert "测试村党支部" in text_of(office.get(reverse("office-tree")))
    again = confirm(office, draft, seen="x" * 64)
    assert "This import is already done." in text_of(again)


def test_the_preview_shows_each_state(office):
    draft = uploaded(office, [HEAD, *ROWS, ["改名", "001001001", "", ""], ["测试2村党支部", "001001002", "", ""]])
    shown = {tab: text_of(preview(office, draft, show=tab)) for tab in ("mend", "look", "missing", "ready")}
    assert "坏村党支部" in shown["mend"]
    assert "“9001” is new. Other codes here begin with zeros" in shown["look"]
    assert "测试3村党支部" in shown["missing"]
    assert "测试村党支部" in shown["look"]
    assert "<del>测试1村党支部</del> → <ins>改名</ins>" in shown["ready"]
    changed = text_of(preview(office, draft, show="ready", kind="changed"))
    assert "测试2村党支部" not in changed
    assert "测试2村党支部" in text_of(preview(office, draft, show="ready", q="测试2"))


def test_an_old_preview_is_refused_and_shown_anew(office, district):
    draft = uploaded(office, [HEAD, ROWS[0]])
    seen = preview(office, draft).context["plan"].fingerprint
    town, day = organisations.organisation_with_code("001001"), clock.today()
    for row in [*organisations.subtree(town).exclude(pk=town.pk), town]:
        Organisation.objects.filter(pk=row.pk).update(ended_on=day)
    roster.give_name(about=district.root, name="测试区", on=day, reason="改名", at=clock.now(), by=district.office)
    page = text_of(confirm(office, draft, seen))
    assert "have changed since this preview" in page
    assert "The parent “001001” has ended." in page
    assert not Organisation.objects.filter(code="9001").exists()


def test_what_was_chosen_stays_when_a_file_is_refused(office):
    for data, sentence in [
        (b"\xff\xd8\xff\xe0", "This is not a workbook."),
        (b"", "This file is empty."),
        (csv_text([["姓名", "党员编号"]]).encode(), "This looks like the other kind of list."),
        (b"a" * (workbooks.LARGEST + 1), "This file is larger than 10 MB."),
    ]:
        page = text_of(upload(office, data, name="x.csv"))
        assert sentence in page
        assert re.search(r'<input [^>]*value="organisations"[^>]* checked', page)
    assert "Please choose a file" in text_of(office.post(reverse("office-imports"), {"what": "people"}, **ENGLISH))
    assert ImportDraft.objects.count() == 0


def test_bad_rows_as_files(office):
    draft = uploaded(office, [HEAD, ["=1+1", "9002", "某处", "党支部"], ROWS[0]])
    for confirmed in (False, True):
        if confirmed:
            confirm(office, draft)
        table = office.get(reverse("office-import-bad", args=[draft.pk, "csv"]), **ENGLISH)
        assert "attachment" in table["Content-Disposition"]
        assert "'=1+1" in table.content.decode("utf-8-sig")
        book = office.get(reverse("office-import-bad", args=[draft.pk, "xlsx"]), **ENGLISH)
        [sheet] = workbooks.read_sheets(book.content)
        assert sheet.rows[0][1][-2:] == ["Row in the file", "What is wrong"]
        assert sheet.rows[1][1][:3] == ["9002", "=1+1", "某处"]


def test_discarding(office):
    draft = uploaded(office, [HEAD, *ROWS])
    assert office.get(reverse("office-import-discard", args=[draft.pk])).url == reverse(
        "office-import", args=[draft.pk]
    )
    assert office.post(reverse("office-import-discard", args=[draft.pk])).url == reverse("office-imports")
    assert preview(office, draft).status_code == 404
    assert office.post(reverse("office-import-discard", args=[draft.pk])).status_code == 404


@pytest.mark.parametrize("what", ["organisations", "people"])
def test_lists_to_take(office, what):
    empty = office.get(reverse("office-list-empty", args=[what]), **ENGLISH)
    assert len(workbooks.read_sheets(empty.content)) == 2
    present = office.get(reverse("office-list", args=[what]))
    assert upload(office, present.content, what).status_code == 302
    plan = preview(office, ImportDraft.objects.get()).context["plan"]
    assert plan.counts["unchanged"] == len(plan.rows) > 5
    assert office.get(reverse("office-list", args=["nothing"])).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_rows(office, rows, django_assert_num_queries):
    draft = uploaded(office, [HEAD, *[[f"村{n}党支部", f"9{n}", "001001", "党支部"] for n in range(rows)]])
    preview(office, draft)
    with django_assert_num_queries(8):
        preview(office, draft)
    confirm(office, draft)
    with django_assert_num_queries(8):
        preview(office, draft)
    for n in range(rows):
        assert Organisation.objects.get(code=f"9{n}").parent.code == "001001"


def test_imports_and_organisations_with_nobody_responsible_are_listed(office, district):
    for _turn in range(3):
        uploaded(office, [HEAD, *ROWS])
    Responsibility.objects.filter(organisation__in=district.villages[:3]).delete()
    assert text_of(office.get(reverse("office-imports"))).count("名册.xlsx") == 3
    page = text_of(office.get(reverse("office-responsible"), **ENGLISH))
    assert "3 units have nobody responsible" in page
    assert all(village.name in page for village in district.villages[:3])


def test_naming_somebody_responsible(office, district):
    Responsibility.objects.filter(organisation=district.villages[0]).delete()
    page = reverse("office-responsible")
    assert 'value="001001001"' in text_of(office.get(page, {"organisation": "001001001"}))
    sent = {"organisation": "测试1村党支部", "person": "成员1", "tier": "direct", "from_on": clock.today()}
    several = text_of(office.post(page, sent, **ENGLISH))
    assert all(f'name="person-one" value="M100{n}"' in several for n in range(3))
    assert 'value="成员1"' in several
    nobody = text_of(office.post(page, sent | {"person": "没有这人", "organisation": "无"}, **ENGLISH))
    assert "No unit has the code or name 无." in nobody
    assert "No member has the number or name 没有这人." in nobody
    assert office.post(page, sent | {"person": "M1002"}).url == page
    rows = Responsibility.objects.filter(held_on(clock.today()), organisation=district.villages[0])
    assert [row.person.number for row in rows] == ["M1002"]
    earlier = office.post(page, sent | {"person": "M1001", "from_on": "2020-01-01"}, **ENGLISH)
    assert "answers for it only from" in text_of(earlier)
    found = text_of(office.get(page, {"q": "成员1-2"}))
    assert district.villages[0].name in found
    assert district.villages[1].name not in found


def test_searching_the_tree(office):
    page = text_of(office.get(reverse("office-tree"), {"q": "ceshi1cun"}, **ENGLISH))
    assert "1 found" in page
    assert "测试1村党支部" in page
    assert "测试2村党支部" not in page


def test_only_the_office_comes_in(client, district):
    pages = [
        reverse("office-imports"),
        reverse("office-import", args=[1]),
        reverse("office-import-bad", args=[1, "csv"]),
        reverse("office-list", args=["people"]),
        reverse("office-responsible"),
    ]
    for page in pages:
        assert client.get(page).url.startswith(reverse("sign-in"))
    client.force_login(Account.objects.get(person=district.secretaries[0]))
    for page in pages:
        assert client.get(page).status_code == 403


def test_members_after_the_organisations(office):
    head = ["姓名", "党员编号", "所在支部", "身份证号"]
    draft = uploaded(office, [head, ["张三", "C1", "测试1村党支部", "431202198001011234"]], "people")
    page = text_of(preview(office, draft))
    assert "The column “身份证号” was left out: ID-card numbers are never stored here." in page
    confirm(office, draft)
    assert Person.objects.get(number="C1").organisation.name == "测试1村党支部"
    assert "431202198001011234" not in page + text_of(preview(office, draft))


def test_a_file_that_django_would_keep_on_disk_is_read_too(office, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    file = io.BytesIO(csv_text([HEAD, *ROWS]).encode("gbk"))
    file.name = "名册.csv"
    answer = office.post(reverse("office-imports"), {"what": "organisations", "file": file})
    assert answer.status_code == 302


def test_a_file_of_corrections_lists_nobody_as_missing_unless_asked(office, district):
    """Twenty people on record at a place, one of them in the file: nobody is to be ticked off by mistake."""
    place = district.villages[0].code
    head, rows = ["姓名", "党员编号", "所在支部"], [[f"新员{n}", f"Q{n:03d}", place] for n in range(20)]
    confirm(office, uploaded(office, [head, *rows], "people"))
    draft = uploaded(office, [head, ["新名", "Q000", place], ["另一人", "Q100", place]], "people")
    said, ask = "This file mends some rows and is no list of everybody", "List all the same who is not in it"
    for confirmed in (False, True):
        if confirmed:
            confirm(office, draft)
        shown = preview(office, draft, show="missing")
        assert said in text_of(shown)
        assert "新员5" not in text_of(shown)
        missing = reverse("office-import-missing", args=[draft.pk])
        page = text_of(office.get(missing, **ENGLISH))
        assert (said in page, ask in page, 'name="row"' in page) == (True, True, False)
        assert "新员5" in text_of(office.get(missing, {"whole": "yes", "q": "新员5"}, **ENGLISH))
    person = Person.objects.get(number="Q005")
    ticked = {"how": "left", "on": clock.today().isoformat(), "reason": "离开", "row": f"people:{person.number}"}
    answer = office.post(f"{missing}?whole=yes", ticked, **ENGLISH)
    assert answer.url == f"{missing}?whole=yes"
    assert Person.objects.get(pk=person.pk).left_on == clock.today()


def test_the_end_of_an_import_says_which_posts_nobody_holds_yet(office):
    draft = uploaded(office, [[*HEAD, "书记"], [*ROWS[0], "无此人"]])
    done = text_of(confirm(office, draft)) or text_of(preview(office, draft))
    assert "Posts that nobody holds yet" in done
    assert "测试村党支部 (9001)" in done
    book = office.get(reverse("office-import-bad", args=[draft.pk, "xlsx"]), **ENGLISH)
    [sheet] = workbooks.read_sheets(book.content)
    assert "无此人" in sheet.rows[1][1]
