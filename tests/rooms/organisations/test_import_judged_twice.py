"""What an office was not asked about: namesakes as secretaries, causes in another sheet, rows without the name of their sheet."""

import pytest
from tests.rooms.organisations.lists import xlsx

from zhengyou.organisations.importing import causes
from zhengyou.organisations.models import ImportDraft, Post

TREE, PEOPLE = ImportDraft.What.ORGANISATIONS, ImportDraft.What.PEOPLE
HEAD = ["组织名称", "组织代码", "上级组织", "组织类别", "书记"]


def notes(row):
    return [note["slug"] for note in row.notes]


def test_a_namesake_from_elsewhere_is_no_secretary_until_the_number_is_written(office, district):
    """April's roster still named a secretary who had left; another one of that name, of a village far away, led three units."""
    branch, village, stranger = "001001003", district.villages[2], district.members[0]  # a member of the first village
    [row] = office.preview(TREE, [HEAD, [village.name, branch, "001001", "党支部", stranger.name]])
    assert notes(row) == ["person-elsewhere"]
    assert row.is_worth_a_look
    assert "secretary" not in row.values
    [row] = office.preview(TREE, [HEAD, [village.name, branch, "001001", "党支部", stranger.number]])
    assert row.values["secretary"] == stranger.number
    assert notes(row) == ["post-passes-on"], "who holds it until now is named"
    assert row.is_worth_a_look
    own = district.members[6]
    assert own.organisation_id == village.pk
    office.take(TREE, [HEAD, [village.name, branch, "001001", "党支部", own.name]])
    assert Post.objects.get(organisation=village, role=Post.Role.SECRETARY, until_on=None).person == own


@pytest.fixture
def both(office):
    """A file with both lists in which one branch's code stands twice, for two branches."""
    tree = [HEAD, ["甲党支部", "001001091", "001001", "党支部", ""], ["乙党支部", "001001091", "001001", "党支部", ""]]
    people = [
        ["姓名", "党员编号", "所在支部"],
        ["张三", "A1", "001001091"],
        ["李四", "A2", "001001091"],
        ["合计", "", ""],
    ]
    return office.draft(ImportDraft.What.BOTH, xlsx(("组织", tree), ("花名册", people)))


def test_members_wait_for_the_row_that_holds_their_branch_up(both, office):
    from zhengyou.organisations.importing import drafts

    bad = drafts.plan_of(both).bad_rows
    assert {row.problems[0]["slug"] for row in bad if row.what == PEOPLE} == {"home-bad"}
    found = causes.causes_of(bad)
    assert [len(cause.below) for cause in found] == [2]
    assert [cause.places for cause in found] == [["组织 2", "组织 3"]]


def test_a_row_is_named_with_its_sheet_where_several_are_read(both, sentences):
    said = sentences(PEOPLE, both.remarks)
    assert any(one.startswith("“花名册” · ") for one in said)
