"""Faults that spreadsheets make: each is told by its row, in words that say what to do; none becomes an organisation of its own."""

import io
import zipfile
from datetime import UTC, datetime

import pytest
import xlsxwriter
from django.utils import translation
from tests.cast.refusing import refused
from tests.rooms.organisations.lists import xlsx

from zhengyou.organisations.importing import drafts
from zhengyou.organisations.models import ImportDraft

TREE, PEOPLE = ImportDraft.What.ORGANISATIONS, ImportDraft.What.PEOPLE
HEAD = ["组织代码", "组织名称", "上级组织", "组织类别"]


def faulty_workbook():
    """Days, numbers, a yes, failed and uncomputed formulas, a hidden row, and a parent merged over two columns and three rows."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "remove_timezone": True}) as book:
        sheet = book.add_worksheet("组织")
        day, moment = book.add_format({"num_format": "m-d"}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.write_row(0, 0, HEAD)
        sheet.write_datetime(1, 0, datetime(2026, 3, 1, tzinfo=UTC), day)
        sheet.write_boolean(2, 0, True)
        sheet.write_datetime(3, 0, datetime(2026, 3, 1, 12, 30, tzinfo=UTC), moment)
        sheet.write_string(4, 0, "E1")
        sheet.write_formula(4, 2, '=VLOOKUP("q",A1:B2,2,0)', None, "#N/A")
        sheet.write_string(5, 0, "E2")
        sheet.write_formula(5, 2, "=A5", None, "")
        sheet.write_string(6, 0, "H1")
        sheet.set_row(6, options={"hidden": True})
        for row in range(1, 7):
            sheet.write_string(row, 1, f"第{row}党支部")
        sheet.merge_range("C8:D10", "001")
        for row in (7, 8, 9):
            sheet.write_string(row, 0, f"M{row}")
            sheet.write_string(row, 1, f"合并{row}党支部")
    return out.getvalue()


def problems(office, what, data):
    """By row of the file: the slugs of its problems."""
    plan = drafts.plan_of(office.draft(what, data))
    return {row.number: [problem["slug"] for problem in row.problems] for row in plan.rows}


def test_days_yes_and_failed_formulas_are_told_by_row(office):
    assert problems(office, TREE, faulty_workbook()) == {
        2: ["is-day"],
        3: ["is-truth"],
        4: ["is-day"],
        5: ["formula-failed"],
        6: ["formula-uncomputed"],
        7: [],
        8: [],
        9: [],
        10: [],
    }


def test_a_row_of_nothing_but_formulas_that_were_never_computed_is_told(office):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("组织")
        sheet.write_row(0, 0, HEAD)
        for column in range(3):
            sheet.write_formula(1, column, "='[1]表'!A1", None, "")
        sheet.write_row(2, 0, ["E1", "某村党支部", "001", "党支部"])
    found = problems(office, TREE, out.getvalue())
    assert found[2] == ["formula-uncomputed"] * 3
    assert found[3] == []


def test_a_text_in_gbk_may_begin_with_the_mark_of_another_encoding(office):
    text = "组织代码,组织名称,上级组织,组织类别\nE1,某村党支部,001,党支部\n"
    [row] = office.preview(TREE, b"\xef\xbb\xbf" + text.encode("gbk"))
    assert row.label == "某村党支部"


def test_a_merged_parent_counts_for_all_its_rows_and_hidden_rows_are_remarked(office):
    draft = office.draft(TREE, faulty_workbook())
    rows = {row.key: row for row in drafts.plan_of(draft).rows}
    assert [rows[f"M{n}"].values["parent"] for n in (7, 8, 9)] == ["001"] * 3
    assert {"slug": "unseen", "rows": [7]} in draft.remarks


def test_numbers_that_the_spreadsheet_shortened_are_no_codes(office, sentences):
    [row] = office.preview(TREE, "组织代码,组织名称,上级组织\n4.31E+15,某村党支部,001\n".encode())
    assert "was shortened by the spreadsheet" in sentences(TREE, row.problems)[0]


def test_a_quotation_mark_never_closed_is_refused_with_its_line(office):
    lines = ["党员编号,姓名,所在支部", *[f"M{n},成员{n},001001" for n in range(30)], 'M900,"成员甲,001001']
    for rest in (2, 100):
        text = "\n".join([*lines, *[f"N{n},成员{n},001001" for n in range(rest)]])
        with refused("workbook.quote-not-closed") as refusal, translation.override("en"):
            office.draft(PEOPLE, text.encode())
        assert "opens in line 32" in str(refusal.value)


def test_full_width_commas_part_the_cells(office):
    [row] = office.preview(PEOPLE, "党员编号，姓名，所在支部\nM1，成员甲，001001\n".encode("gb18030"))
    assert (row.key, row.state) == ("M1", "new")


def test_tabs_with_commas_inside_part_at_the_tabs(office):
    text = "Code\tName\tKind\tParent\n" + "".join(f"A{n}\tVillage, Town, County {n}\tbranch\t001\n" for n in range(5))
    rows = office.preview(TREE, text.encode("utf-16"))
    assert [row.label for row in rows] == [f"Village, Town, County {n}" for n in range(5)]


@pytest.mark.parametrize(
    "head",
    [
        ["党员编号", "姓名", "党支部代码"],
        ["编号", "姓名", "所在单位代码"],
        ["编号", "姓名", "所在单位名称", "现所在党支部编号"],
    ],
)
def test_where_somebody_belongs_is_found_by_the_parts_of_the_heading(office, head):
    row = ["9001", "王", *["随便", "001001"][4 - len(head) :]]
    [judged] = office.preview(PEOPLE, [head, row])
    assert judged.values["organisation"] == "001001"


def test_headings_in_two_rows_are_read_as_one(office, district):
    rows = [
        ["填报单位（盖章）", "", "", "", "", "", "填报时间", ""],
        ["序号", "党组织", "", "上级党组织", "", "书记", "", "备注"],
        ["", "代码", "名称", "代码", "名称", "姓名", "联系电话", ""],
        [1, "9001", "新村党支部", "001001", "测试镇党委", "成员1-0", "138", ""],
    ]
    draft = office.draft(TREE, xlsx(("表", rows), merged=("B2:C2", "D2:E2", "F2:G2")))
    [row] = drafts.plan_of(draft).rows
    assert (row.key, row.values["parent"], row.values["secretary"]) == ("9001", "001001", "M1000")
    assert {"slug": "columns-unread", "columns": ["序号", "书记联系电话", "备注"]} in draft.remarks


def test_all_sheets_with_the_same_headings_are_read_and_both_kinds_from_one_file(office):
    head = ["姓名", "党员编号", "所在支部"]
    data = xlsx(
        ("甲镇", [head, ["张三", "C1", "9001"]]),
        ("乙镇", [["党员花名册"], head, ["李四", "C2", "001001"]]),
        ("组织", [[*HEAD, "书记"], ["9001", "新村党支部", "001001", "党支部", "张三"]]),
        ("说明", [["填表说明"]]),
    )
    draft = office.draft(ImportDraft.What.BOTH, data)
    plan = drafts.plan_of(draft)
    assert [(row.what, row.place, row.state) for row in plan.rows] == [
        ("organisations", "组织 2", "new"),
        ("people", "甲镇 2", "new"),
        ("people", "乙镇 3", "new"),
    ]
    assert plan.rows[0].values["secretary"] == "C1"
    office.confirm(draft)
    assert drafts.plan_of(office.draft(ImportDraft.What.BOTH, data)).counts["unchanged"] == 3


def test_a_workbook_that_lies_about_its_sheets_is_read_by_its_values(office):
    """The marks are read beside the values; a package without relations has none, and nothing breaks."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(faulty_workbook())) as book, zipfile.ZipFile(out, "w") as other:
        for member in book.namelist():
            text = book.read(member)
            other.writestr(member, text.replace(b'hidden="1"', b'hidden="&#49;"'))
    assert problems(office, TREE, out.getvalue())[5] == ["formula-failed"]


def test_a_day_that_cannot_be_is_left_out_and_told_and_keeps_its_row_from_nothing(office, sentences):
    head = ["组织代码", "组织名称", "上级组织代码", "组织类别", "成立日期"]
    rows = [["F1", "甲党支部", "001", "党支部", "2099-01-01"], ["F2", "乙党支部", "001", "党支部", "1905年3月"]]
    plan = drafts.plan_of(office.draft(TREE, xlsx(("组织", [head, *rows]))))
    assert [[note["slug"] for note in row.notes if note["slug"] == "day-unlikely"] for row in plan.rows] == [
        ["day-unlikely"],
        [],
    ]
    assert [row.values.get("founded_on") for row in plan.rows] == [None, "1905-03-01"]
    head = ["党员编号", "姓名", "所在支部", "入党日期"]
    people = [
        ["P1", "甲某", "001", "2099-01-01"],
        ["P2", "乙某", "001", "1905-03-01"],
        ["P3", "丙某", "001", "1999-07"],
    ]
    plan = drafts.plan_of(office.draft(PEOPLE, xlsx(("党员", [head, *people]))))
    assert [row.values.get("joined_on") for row in plan.rows] == [None, None, "1999-07-01"]
