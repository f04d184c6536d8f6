"""Lists are read by the headings of the house's pack; a list with those of another pack is told to be one."""

import pytest
from tests.cast.district import NOW, District
from tests.cast.refusing import refused
from tests.rooms.organisations.conftest import Office
from tests.rooms.organisations.lists import xlsx

from zhengyou.campaigns import actions as campaigns
from zhengyou.campaigns import packs
from zhengyou.organisations import actions, queries
from zhengyou.organisations.importing import drafts
from zhengyou.organisations.models import ImportDraft, Organisation, Person

HOSPITAL, DISTRICT = "hospital-appraisal", "excellence-2010"
ORGANISATIONS, PEOPLE = ImportDraft.What.ORGANISATIONS, ImportDraft.What.PEOPLE
DEPARTMENTS = [
    ["科室编号", "科室名称", "上级科室", "科室类别", "岗位类别", "科室主任"],
    ["H1", "东院区", "001", "院区", "", ""],
    ["H101", "心内科", "东院区", "科室", "临床", "乙"],
]
STAFF = [
    ["工号", "姓名", "所在科室", "人员类别", "岗位类别"],
    ["9001", "王医生", "H101", "在编", "医师"],
    ["9002", "李护士", "心内科", "规培", "护士"],
]
BRANCHES = [
    ["组织代码", "组织名称", "隶属党组织", "组织类别", "所属领域"],
    ["9", "某村党支部", "001", "党支部", "农村"],
]


@pytest.fixture
def hospital(db):
    """An office in a house with a hospital's words and one organisation, in which the office itself works."""
    campaigns.load_pack_words(pack_id=HOSPITAL, at=NOW, by=None)
    root = actions.add_organisation(
        code="001", name="总院", kind="hospital-group", sector="", parent=None, at=NOW, by=None
    )
    person = actions.add_person(number="001", name="乙", organisation=root, at=NOW, by=None)
    return Office(District(root, root, [], person, person, person, person, []))


def drafted(office, what, rows):
    """A list read with the headings of all other packs at hand, as the page does."""
    return actions.draft_import(
        what=what,
        data=xlsx(("名册", rows)),
        file_name="名册.xlsx",
        at=NOW,
        by=office.district.office,
        foreign=packs.headings_of_others(queries.pack_of_house()),
    )


def test_a_hospital_reads_its_own_lists(hospital):
    hospital.take(ORGANISATIONS, DEPARTMENTS)
    hospital.take(PEOPLE, STAFF)
    department = Organisation.objects.get(code="H101")
    assert (department.kind, department.sector, department.parent.code) == ("department", "clinical", "H1")
    assert [person.name for person in queries.holders_of("secretary", NOW.date())] == ["乙"]
    rows = Person.objects.filter(organisation=department).order_by("number")
    assert [(row.membership, row.post_kind) for row in rows] == [("formal", "doctor"), ("probationary", "nurse")]


def test_a_list_of_departments_without_their_kinds_is_read_by_their_names(hospital, sentences):
    names = ["心内科", "门诊部", "医务处", "儿科病区", "东院区", "骨干小队"]
    rows = [[f"K{number}", name, "001"] for number, name in enumerate(names)]
    read = hospital.preview(ORGANISATIONS, [DEPARTMENTS[0][:3], *rows])
    assert [row.values["kind"] for row in read] == [
        "department",
        "department",
        "office",
        "nursing-unit",
        "campus",
        None,
    ]
    [told] = sentences(ORGANISATIONS, read[-1].problems)
    assert told.endswith(
        "Fill in one of these: 医院集团 (Hospital group), 院区 (Campus), 科室 (Department), 护理单元 (Nursing unit), 职能部门 (Office)."
    ), told


def test_a_name_without_letters_is_offered_the_kinds_in_the_script_of_the_house(hospital, sentences):
    """The row of a total, 合计 6, was once offered them in English on a Chinese page."""
    [row] = hospital.preview(ORGANISATIONS, [DEPARTMENTS[0][:3], ["K1", "6", "001"]])
    assert "Fill in one of these: 医院集团 (Hospital group), 院区" in " ".join(sentences(ORGANISATIONS, row.problems))
    [row] = hospital.preview(ORGANISATIONS, [DEPARTMENTS[0][:3], ["K1", "Xyz", "001"]])
    assert "Fill in one of these: Hospital group, Campus" in " ".join(sentences(ORGANISATIONS, row.problems))


def test_a_kind_of_post_that_the_pack_does_not_know_is_named(hospital, sentences):
    hospital.take(ORGANISATIONS, DEPARTMENTS)
    [row] = hospital.preview(PEOPLE, [STAFF[0], ["9003", "赵", "H101", "在编", "飞行员"]])
    assert row.state == "bad"
    assert "The kind of post “飞行员” is not known. Write one of these:" in sentences(PEOPLE, row.problems)[0]


def test_what_hospitals_call_their_staff_is_known(hospital):
    hospital.take(ORGANISATIONS, DEPARTMENTS)
    words = {"医技人员": "technician", "管理人员": "administrator", "后勤人员": "support"}
    rows = [[f"98{number}", f"甲{number}", "H101", "在编", word] for number, word in enumerate(words)]
    read = hospital.preview(PEOPLE, [STAFF[0], *rows])
    assert [row.values["post_kind"] for row in read] == list(words.values())


def test_the_kind_of_post_changes_with_the_list(hospital):
    hospital.take(ORGANISATIONS, DEPARTMENTS)
    hospital.take(PEOPLE, STAFF)
    [row, _same] = hospital.preview(PEOPLE, [STAFF[0], ["9001", "王医生", "H101", "在编", "行政"], STAFF[2]])
    assert [change["field"] for change in row.changes] == ["post_kind"]


def test_a_list_with_the_headings_of_another_pack_is_told_to_be_one(hospital):
    rows = [["党组织编号", "党组织全称", "上级党组织"], ["9", "某村党支部", "001"]]
    with refused("workbook.other-pack") as refusal:
        drafted(hospital, ORGANISATIONS, rows)
    assert "Excellence campaign" in str(refusal.value)


def test_what_both_packs_know_is_read_with_a_remark(hospital):
    draft = drafted(hospital, ORGANISATIONS, BRANCHES)
    assert next(remark["slug"] for remark in draft.remarks) == "headings-of-another-pack"


def test_a_list_with_the_headings_of_the_house_says_nothing_of_other_packs(hospital):
    assert drafted(hospital, ORGANISATIONS, DEPARTMENTS).remarks == []


def test_a_list_that_no_pack_knows_is_refused_with_the_headings_of_the_house(hospital):
    with refused("workbook.no-head") as refusal:
        drafted(hospital, PEOPLE, [["颜色", "重量"], ["红", "3"]])
    assert "工号 (Staff number)" in str(refusal.value)


def test_who_answers_may_be_headed_by_name_or_number(hospital):
    hospital.take(ORGANISATIONS, [["科室编号", "科室名称", "科室主任姓名"], ["001", "总院", "乙"]])
    assert [person.name for person in queries.holders_of("secretary", NOW.date())] == ["乙"]


def test_a_column_that_the_pack_leaves_out_is_neither_asked_nor_read(hospital):
    assert "is_floating" not in drafts.columns_of(PEOPLE)
    draft = drafted(hospital, PEOPLE, [[*STAFF[0], "是否流动党员"], ["9001", "王", "001", "在编", "医师", "是"]])
    assert [remark["slug"] for remark in draft.remarks] == ["columns-unread"]


@pytest.mark.parametrize(("said", "value"), [("流动党员", True), ("非流动党员", False), ("流动", True), ("否", False)])
def test_whoever_writes_the_heading_into_the_cell_says_yes(office, said, value):
    head = ["党员编号", "姓名", "所在支部", "是否流动党员"]
    [row] = office.preview(PEOPLE, [head, ["9001", "王", "001001", said]])
    assert row.values["is_floating"] is value
