"""Files that mend some rows: who is not in them, posts given by the second one; codes that lost their zeros, two faults at once."""

import pytest
from tests.rooms.organisations.lists import xlsx

from zhengyou.organisations.importing import drafts, workbooks
from zhengyou.organisations.models import ImportDraft, Organisation, Post

TREE, PEOPLE, BOTH = ImportDraft.What.ORGANISATIONS, ImportDraft.What.PEOPLE, ImportDraft.What.BOTH
UNITS = ["组织名称", "组织代码", "上级组织", "组织类别", "书记"]
STAFF = ["姓名", "党员编号", "所在支部", "人员类别"]


def slugs(remarks):
    return [one["slug"] for one in remarks]


def test_a_file_that_names_few_of_those_at_its_places_is_one_of_corrections(office, district):
    head, place = ["姓名", "党员编号", "所在支部"], district.villages[0].code
    new = [[f"新员{n}", f"Q{n:03d}", place] for n in range(20)]
    office.take(PEOPLE, [head, *new])
    few = drafts.plan_of(office.draft(PEOPLE, [head, [new[0][0], new[0][1], place]]))
    assert few.is_of_corrections
    assert any(one.is_near for one in few.missing), "whoever asks for them all the same finds them"
    assert not drafts.plan_of(office.draft(PEOPLE, [head, *new[:5]])).is_of_corrections


def test_our_own_workbook_of_rows_to_mend_is_one_of_corrections(office):
    draft = office.draft(TREE, [UNITS, ["某村党支部", "001001091", "无处", "党支部", ""]])
    sheets = workbooks.read_sheets(drafts.bad_rows_file(draft, "zh-hans", as_csv=False))
    again = drafts.reading_of(sheets, TREE)
    assert slugs(again.remarks) == ["to-mend"], "its own columns are not told as unread"
    mended = office.draft(TREE, drafts.bad_rows_file(draft, "en", as_csv=False))
    assert drafts.plan_of(mended).is_of_corrections


def test_the_post_of_somebody_whose_row_was_doubtful_is_given_by_the_workbook_of_rows_to_mend(office):
    tree = [UNITS, ["新村党支部", "001001092", "001001", "党支部", "徐华强"]]
    people = [STAFF, ["徐华强", "X001", "001001092", "无此类"], ["李四", "X002", "001001092", "正式党员"]]
    first = office.confirm(office.draft(BOTH, xlsx(("组织", tree), ("花名册", people))))
    unit = Organisation.objects.get(code="001001092")
    assert not Post.objects.filter(organisation=unit).exists()
    assert [(row.key, slugs(notes)) for row, notes in drafts.unset_of(first)] == [("001001092", ["person-unknown"])]
    units, staff = workbooks.read_sheets(drafts.bad_rows_file(first, "zh-hans", as_csv=False))
    mended = [
        (sheet.name, [[cell.replace("无此类", "正式党员") for cell in cells] for _n, cells in sheet.rows])
        for sheet in (units, staff)
    ]
    second = office.confirm(office.draft(BOTH, xlsx(*mended)))
    assert Post.objects.get(organisation=unit, role=Post.Role.SECRETARY).person.number == "X001"
    assert drafts.unset_of(first) == drafts.unset_of(second) == []
    assert second.outcome["is_of_corrections"]
    table = drafts.bad_rows_file(first, "zh-hans", as_csv=True).decode("utf-8-sig")
    assert "徐华强" in table.splitlines()[1], "CSV has room for one list: the rows that could not be taken"


def test_a_code_that_is_a_number_has_the_zeros_with_which_the_same_file_writes_it(office, district):
    """The cell 77 is a number; its children name it 0077, and those codes here begin with zeros says nothing of how many."""
    above = [["大村总支", 77, "001", "党支部", ""], ["小村党支部", "007701", "0077", "党支部", ""]]
    rows = office.preview(TREE, [UNITS, *above])
    assert [(row.key, row.values["parent"]) for row in rows] == [("0077", "001"), ("007701", "0077")]
    assert "zeros-written" in slugs(rows[0].notes)
    office.take(TREE, [UNITS, ["别村党支部", "88", "001", "党支部", ""]])
    known, below = office.preview(
        TREE, [UNITS, ["别村党支部", 88, "001", "党支部", ""], ["下村党支部", "008801", "0088", "党支部", ""]]
    )
    assert (known.key, below.values["parent"]) == ("88", "88"), "the record wins over the file"
    assert "zeros-beyond" in slugs(below.notes), "and it is told"
    [person, _unit] = sorted(
        drafts.plan_of(
            office.draft(
                BOTH,
                xlsx(
                    ("组织", [UNITS, ["大村总支", "0077", "001", "党支部", "000055"]]),
                    ("花名册", [STAFF, ["王五", 55, 77, "正式党员"]]),
                ),
            )
        ).rows,
        key=lambda row: row.what != PEOPLE,
    )
    assert (person.key, person.values["organisation"]) == ("000055", "0077")


@pytest.mark.parametrize(
    ("what", "rows", "told"),
    [
        (TREE, [UNITS, ["某村", "", "无处", "无此类", ""]], {"missing", "parent-unknown", "unknown-word-all"}),
        (TREE, [UNITS, ["某村", "9001", "无处", "无此类", ""]], {"parent-unknown", "unknown-word-all"}),
        (PEOPLE, [STAFF, ["张三", "", "无处", "无此类"]], {"home-unknown", "unknown-word-all"}),
        (PEOPLE, [STAFF, ["张三", "9001", "无处", "无此类"]], {"home-unknown", "unknown-word-all"}),
        (PEOPLE, [STAFF, ["", "9001", "无处", "无此类"]], {"missing", "home-unknown", "unknown-word-all"}),
    ],
)
def test_a_row_with_two_faults_tells_both_at_once(office, what, rows, told):
    [row] = office.preview(what, rows)
    assert set(slugs(row.problems)) == told
    assert len(row.problems) == len(told)


def test_of_several_with_one_name_each_is_told_with_the_unit_above(office, district, sentences):
    units = [["甲村党支部", code, above, "党支部", ""] for code, above in (("A1", "001"), ("A2", "001001"))]
    office.take(TREE, [UNITS, *units])
    [person] = office.preview(PEOPLE, [STAFF, ["张三", "9001", "甲村党支部", "正式党员"]])
    [unit] = office.preview(TREE, [UNITS, ["下村", "A3", "甲村党支部", "党支部", ""]])
    for what, row in ((PEOPLE, person), (TREE, unit)):
        [said] = sentences(what, row.problems)
        assert f"A1 ({district.root.name})" in said
        assert f"A2 ({district.town.name})" in said
