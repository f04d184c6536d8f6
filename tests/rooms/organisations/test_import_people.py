"""Importing members: recognised words, bad rows, ID-card numbers that must not be kept, bad rows to take."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.core import serializers
from django.db import connection
from django.utils import translation
from tests.rooms.organisations.lists import csv_text, xlsx

from zhengyou.organisations.importing import drafts, workbooks
from zhengyou.organisations.models import ImportDraft, Person

PEOPLE = ImportDraft.What.PEOPLE
HEAD = ["姓名", "党员编号", "所在支部", "人员类别", "是否流动党员"]


def state(judged):
    return [(row.number, row.state) for row in judged]


def test_members_in_the_words_offices_use(office):
    office.take(
        PEOPLE,
        [
            HEAD,
            ["张　三", "Ａ００１", "001001001", "正式党员", "否"],
            ["李四", 17.0, "测试2村党支部", "预备", "√"],
            ["Ann  Lee", "A003", 1001003.0, "", ""],
        ],
    )
    rows = Person.objects.filter(number__in=["A001", "17", "A003"]).order_by("id")
    assert list(rows.values_list("name", "number", "organisation__code", "membership", "is_floating", "name_key")) == [
        ("张三", "A001", "001001001", "formal", False, "zhangsan zs"),
        ("李四", "17", "001001002", "probationary", True, "lisi ls"),
        ("Ann Lee", "A003", "001001003", "formal", False, "annlee al"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_csv_and_english_headings(office, encoding):
    text = csv_text([["Number", "Name", "Branch", "Standing", "Floating"], ["E1", "王五", "001001", "Formal", "yes"]])
    [row] = office.preview(PEOPLE, text.encode(encoding))
    assert row.state == "new"
    assert row.values == {"name": "王五", "organisation": "001001", "membership": "formal", "is_floating": True}


def test_an_old_workbook(office):
    office.take(PEOPLE, (Path(__file__).parent / "workbooks" / "members.xls").read_bytes())
    assert list(Person.objects.filter(number__startswith="900").values_list("name", "organisation__code")) == [
        ("旧表甲", "001001001"),
        ("旧表乙", "001001002"),
    ]


def test_changes_only(office):
    draft = office.take(
        PEOPLE,
        [
            HEAD,
            ["成员1-0", "M1000", "001001002", "正式党员", "否"],
            ["成员1-1", "M1001", "001001001", "预备党员", ""],
            ["成员1-2", "M1002", "", "", ""],
        ],
    )
    assert draft.outcome["counts"] == {"bad": 0, "asked": 0, "changed": 2, "new": 0, "unchanged": 1}
    assert Person.objects.get(number="M1000").organisation.code == "001001002"
    assert Person.objects.get(number="M1001").membership == "probationary"
    assert Person.objects.filter(left_on=None).count() == 20


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (["赵六", "B1", "不存在支部", "", ""], "The unit “不存在支部” is not in the tree."),
        (["赵六", "B1", "", "", ""], "“Organisation” is empty."),
        (["", "B1", "001001", "", ""], "“Name” is empty."),
        (
            ["赵六", "B1", "001001", "外星人", ""],
            "The membership “外星人” is not known. Write one of these: 正式党员 (Full member), 预备党员 (Probationary member), "
            "入党积极分子 (Applicant for membership), 干部职工 (Staff, not a member).",
        ),
        (["赵六", "B1", "001001", "", "也许"], "The floating “也许” is not known."),
        (["赵六", "431202198001011234", "001001", "", ""], "The number looks like an ID-card number"),
        (["赵" * 81, "B1", "001001", "", ""], "The name is longer than 80 characters."),
    ],
)
def test_bad_rows_are_named_in_words(office, sentences, row, sentence):
    judged = office.preview(PEOPLE, [HEAD, row, ["好人", "B9", "001001", "", ""]])
    assert state(judged) == [(2, "bad"), (3, "new")]
    assert any(text.startswith(sentence) for text in sentences(PEOPLE, judged[0].problems))


def test_a_member_twice_and_one_who_left(office, sentences):
    Person.objects.filter(number="M1000").update(left_on=date(2026, 1, 1))
    judged = office.preview(
        PEOPLE,
        [
            HEAD,
            ["甲", "B1", "001001", "", ""],
            ["甲", " B1", "001001", "", ""],
            ["乙", "B2", "001001", "", ""],
            ["乙", "B2", "001", "", ""],
            ["成员1-0", "M1000", "", "", ""],
        ],
    )
    assert [row.state for row in judged] == ["new", "bad", "bad", "bad", "bad"]
    assert sentences(PEOPLE, judged[4].problems)[0].startswith("This member has left")


def test_id_card_numbers_reach_neither_draft_nor_database_nor_log(office, caplog):
    secrets = ["431202198001011234", "43120219900202123X", "431202197503031000"]
    rows = [
        ["姓名", "身份证号码", "党员编号", "所在支部", "电话"],
        ["张三", secrets[0], "C1", "001001", ""],
        ["李四", "", secrets[1], "001001", ""],
        [f"王五 {secrets[0][:6]} {secrets[0][6:14]} {secrets[0][14:]}", "", "C3", "001001", secrets[0]],
        ["赵六", "", int(secrets[2]), "001001", ""],
    ]
    draft = office.draft(PEOPLE, xlsx((secrets[0], rows), (secrets[1], [["x"]])))
    assert [row.state for row in drafts.plan_of(draft).rows] == ["new", "bad", "bad", "bad"]
    office.confirm(draft)
    assert {remark["slug"] for remark in draft.remarks} == {"sheet-taken", "columns-unread", "id-column", "id-values"}
    assert Person.objects.get(number="C1").name == "张三"
    kept = caplog.text + _whole_database()
    for secret in secrets:
        assert secret[:17] not in kept
        assert secret[6:14] not in kept


def _whole_database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [row[0] for row in cursor.fetchall()]
        texts = []
        for table in tables:
            cursor.execute(f'SELECT row_to_json(whole)::text FROM "{table}" AS whole')
            texts += [row[0] for row in cursor.fetchall()]
    assert any("张三" in text for text in texts)
    return "\n".join(texts)


def test_bad_rows_can_be_taken_mended_and_imported_again(office):
    rows = [HEAD, ["=HYPERLINK(1)", "B1", "无此支部", "", ""], ["-2+3", "B2", "无此支部", "", "是"]]
    draft = office.draft(PEOPLE, rows)
    for language in ("zh-hans", "en"):
        with translation.override(language):
            text = drafts.bad_rows_file(draft, language, as_csv=True).decode("utf-8-sig")
            book = drafts.bad_rows_file(draft, language, as_csv=False)
        assert "'=HYPERLINK(1)" in text
        assert "'-2+3" in text
        [sheet] = workbooks.read_sheets(book)
        assert sheet.rows[1][1][7] == "2"
        for file in (text.replace("无此支部", "001001").encode(), _mended(sheet.rows)):
            judged = office.preview(PEOPLE, file)
            assert [(row.state, row.values["name"]) for row in judged] == [
                ("new", "=HYPERLINK(1)"),
                ("new", "-2+3"),
            ]


def _mended(rows: list[tuple[int, list[str]]]) -> bytes:
    return xlsx(("改好", [["001001" if cell == "无此支部" else cell for cell in cells] for _number, cells in rows]))


def test_a_draft_keeps_only_the_columns_it_needs(office):
    draft = office.draft(PEOPLE, [[*HEAD, "家庭住址"], ["张三", "C1", "001001", "", "", "某某路1号"]])
    assert "某某路" not in serializers.serialize("json", [draft])
    assert json.loads(json.dumps(draft.rows))[0]["cells"] == {"name": "张三", "number": "C1", "organisation": "001001"}
