"""Who is who in an import: a number with another name, people without a number, those whom the file leaves out, words learned once."""

from datetime import date

import pytest
from tests.cast.district import NOW
from tests.cast.refusing import refused

from zhengyou.organisations import actions, queries
from zhengyou.organisations.importing import causes, drafts
from zhengyou.organisations.models import ImportDraft, Organisation, Person, Post
from zhengyou.roster import actions as roster
from zhengyou.roster import imports
from zhengyou.roster.models import RosterChange

TREE, PEOPLE = ImportDraft.What.ORGANISATIONS, ImportDraft.What.PEOPLE
HEAD = ["姓名", "党员编号", "所在支部"]
OTHER_PERSON = [HEAD, ["夏红波", "M1000", "001001002"]]


def answered(office, draft, answer, number=""):
    actions.answer_question(
        draft=draft, number="M1000", answer=answer, new_number=number, at=NOW, by=office.district.office
    )
    draft.refresh_from_db()
    return drafts.plan_of(draft)


def test_another_name_at_another_place_is_asked_about_and_not_written(office):
    draft = office.draft(PEOPLE, [*OTHER_PERSON, ["成员1-1", "M1001", "001001002"]])
    plan = drafts.plan_of(draft)
    assert [row.state for row in plan.rows] == ["asked", "changed"]
    office.confirm(draft)
    assert Person.objects.get(number="M1000").name == "成员1-0"
    assert Person.objects.get(number="M1001").organisation.code == "001001002"


def test_the_same_person_is_renamed_and_moved(office):
    draft = office.draft(PEOPLE, OTHER_PERSON)
    assert answered(office, draft, "same").counts["changed"] == 1
    office.confirm(draft)
    person = Person.objects.get(number="M1000")
    assert (person.name, person.organisation.code) == ("夏红波", "001001002")


@pytest.mark.parametrize(("given", "number"), [("", "N000001"), ("9001", "9001")])
def test_another_person_gets_a_number_and_the_first_is_missing(office, given, number):
    draft = office.draft(PEOPLE, OTHER_PERSON)
    plan = answered(office, draft, "another", given)
    assert plan.rows[0].key == number
    assert "people:M1000" in {one.reference for one in plan.missing}
    office.confirm(draft)
    assert Person.objects.get(number="M1000").name == "成员1-0"
    assert Person.objects.get(number=number).name == "夏红波"


def test_another_persons_number_must_be_free_and_an_answer_can_be_taken_back(office):
    draft = office.draft(PEOPLE, OTHER_PERSON)
    assert answered(office, draft, "another", "M1001").rows[0].problems[0]["slug"] == "number-taken"
    assert answered(office, draft, "again").rows[0].state == "asked"


def test_another_name_of_somebody_with_a_post_is_asked_about_at_the_same_place_too(office):
    [row] = office.preview(PEOPLE, [HEAD, ["周文清", "P0004", "001001001"]])
    assert (row.state, row.posts) == ("asked", [["secretary", "测试1村党支部"]])
    [row] = office.preview(PEOPLE, [HEAD, ["周文清", "M1000", "001001001"]])
    assert row.state == "changed"


def test_people_without_a_number_get_one_once(office):
    rows = [
        ["姓名", "所在支部", "身份证号"],
        ["新同志", "001001001", "431202198001011234"],
        ["成员1-0", "001001001", ""],
    ]
    draft = office.take(PEOPLE, rows)
    assert draft.outcome["issued"] == [["N000001", "新同志", "001001001"]]
    assert draft.outcome["counts"]["unchanged"] == 1
    assert drafts.plan_of(office.draft(PEOPLE, rows)).counts["unchanged"] == 2
    office.take(PEOPLE, [*rows, ["又一位", "001001002", ""]])
    assert Person.objects.get(name="又一位").number == "N000002"


def test_two_of_one_name_at_one_place_need_numbers(office):
    judged = office.preview(PEOPLE, [["姓名", "所在支部"], ["王芳", "001001001"], ["王芳", "001001001"]])
    assert [row.problems[0]["slug"] for row in judged] == ["namesakes", "namesakes"]


def test_staff_who_are_no_members_come_in_with_their_kind(office):
    office.take(
        PEOPLE,
        [
            [*HEAD, "人员类别", "岗位类别"],
            ["甲", "S1", "001", "干部职工", "窗口"],
            ["乙", "S2", "001", "入党积极分子", ""],
        ],
    )
    rows = Person.objects.filter(number__in=["S1", "S2"]).order_by("number")
    assert [(row.membership, row.post_kind) for row in rows] == [("staff", "service-window"), ("activist", "")]


def test_a_doubtful_secretary_refuses_no_row_and_the_one_who_holds_the_post_is_meant(office, district):
    for number, home in (("X1", district.villages[2]), ("X2", district.villages[3]), ("X3", district.town)):
        actions.add_person(number=number, name="钟娟", organisation=home, at=NOW, by=None)
    rows = [["组织代码", "组织名称", "书记"], ["001001", "测试镇党委", "钟娟"], ["001001001", "新名党支部", "钟娟"]]
    town, village = office.preview(TREE, rows)
    assert town.values == {"secretary": "X3"}  # the one in the organisation itself
    assert [note["slug"] for note in village.notes] == ["person-unclear"]
    assert village.values == {"name": "新名党支部"}
    Post.objects.create(
        person=Person.objects.get(number="X1"), organisation=district.villages[0], role="secretary", from_on=NOW.date()
    )
    assert office.preview(TREE, rows)[1].notes == []


def test_a_word_is_learned_once_and_taken_back(office, district):
    rows = [["组织代码", "组织名称", "组织类别", "所属领域", "上级组织"], ["9", "园区党委", "党委", "园区", "001"]]
    [bad] = office.preview(TREE, rows)
    [cause] = causes.causes_of([bad])
    assert cause.word == ("sector", "园区")
    word = {"category": "sector", "slug": "rural", "text": "园区", "at": NOW, "by": district.office}
    actions.learn_word(**word)
    actions.learn_word(**word)
    assert queries.term_with_slug("sector", "rural").learned == ["园区"]
    assert office.preview(TREE, rows)[0].values["sector"] == "rural"
    actions.unlearn_word(**word)
    assert office.preview(TREE, rows)[0].state == "bad"


@pytest.mark.parametrize(
    ("category", "slug", "text", "reason"),
    [
        ("sector", "rural", "社区", "word.means-another"),
        ("sector", "no-such", "园区", "word.unknown"),
        ("people_column", "name", "大名", "word.unknown"),
        ("sector", "rural", "431202198001011234", "word.no-word"),
    ],
)
def test_what_is_no_new_word_is_not_learned(district, category, slug, text, reason):
    with refused(reason):
        actions.learn_word(category=category, slug=slug, text=text, at=NOW, by=district.office)


def test_a_learned_word_survives_another_reading_of_the_pack(office, district):
    from zhengyou.campaigns import actions as campaigns

    actions.learn_word(category="sector", slug="rural", text="园区", at=NOW, by=district.office)
    campaigns.load_pack_words(pack_id="excellence-2010", at=NOW, by=district.office)
    assert queries.term_with_slug("sector", "rural").learned == ["园区"]


def test_one_cause_is_one_line_with_those_below_it(office):
    head = ["组织代码", "组织名称", "组织类别", "上级组织"]
    rows = [head, ["9", "园区党委", "不知道", "001"], *[[f"9{n}", f"{n}党支部", "党支部", "9"] for n in range(1, 5)]]
    rows += [["91x", "末党支部", "党支部", "91"], ["8", "另一党委", "不知道", "001"]]
    [cause] = causes.causes_of(drafts.plan_of(office.draft(TREE, rows)).bad_rows)
    assert (cause.places, len(cause.below)) == (["2", "8"], 5)


def test_those_not_in_the_file_leave_with_day_and_reason_and_can_be_undone(office, district):
    draft = office.take(PEOPLE, [HEAD, ["成员1-0", "M1000", ""], ["成员4-1", "M4001", "001001003"]])
    left_out = {one.reference: one for one in drafts.missing_of(draft)}
    assert left_out["people:M1001"].is_near
    assert not left_out["people:P0001"].is_near
    given = {"died": False, "on": NOW.date(), "reason": "转出", "at": NOW, "by": district.office}
    assert imports.end_missing(
        draft=draft, references=["people:M1001", "people:M1002", "junk", "people:M9"], **given
    ) == (2, 0)
    assert {"people:M1001", "people:M1002"}.isdisjoint(one.reference for one in drafts.missing_of(draft))
    actions.keep_missing(draft=draft, references=["people:P0001"], at=NOW, by=district.office)
    draft.refresh_from_db()
    assert "people:P0001" not in {one.reference for one in drafts.missing_of(draft)}
    change = RosterChange.objects.get(person__number="M1001")
    roster.undo_change(change=change, at=NOW, by=district.office)
    assert Person.objects.get(number="M1001").left_on is None


def test_dissolving_is_all_or_nothing(office, district):
    draft = office.draft(TREE, [["组织代码", "组织名称"], ["001", "测试区委"]])
    references = [one.reference for one in drafts.plan_of(draft).missing]
    assert len(references) == 5
    given = {"died": False, "on": date(2026, 3, 1), "reason": "撤销", "at": NOW, "by": district.office}
    with refused("organisation.has-people"):
        imports.end_missing(draft=draft, references=references, **given)
    assert not Organisation.objects.exclude(ended_on=None).exists()
    Person.objects.update(organisation=district.root)
    assert imports.end_missing(draft=draft, references=references, **given) == (0, 5)


NUMBERED = [HEAD, ["甲", "000101", "001001001"], ["乙", "000102", "001001001"], ["丙", "000103", "001001001"]]


def slugs(rows):
    return [[note["slug"] for note in row.notes] for row in rows]


def test_a_number_without_its_zeros_is_nobody_else_and_nobody_new_unasked(office, district):
    office.take(PEOPLE, NUMBERED)
    draft = office.draft(
        PEOPLE, [HEAD, ["甲", 101.0, "001001001"], ["不同", 102.0, "001001001"], ["新人", 104.0, "001001001"]]
    )
    plan = drafts.plan_of(draft)
    assert [(row.key, row.state) for row in plan.rows] == [
        ("000101", "unchanged"), ("000102", "asked"), ("000104", "new"),
    ]  # fmt: skip
    assert plan.rows[1].question["slug"] == "who-zeros"
    assert slugs(plan.rows)[2] == ["zeros-put"]
    assert plan.rows[2].is_worth_a_look
    answer = {"draft": draft, "number": "000102", "new_number": "", "at": NOW, "by": district.office}
    actions.answer_question(answer="another", **answer)
    draft.refresh_from_db()
    office.confirm(draft)
    assert Person.objects.get(number="000102").name == "乙"
    assert Person.objects.get(number="N000001").name == "不同"
    assert Person.objects.get(number="000104").name == "新人"


def test_a_unit_without_its_zeros_in_a_row_of_a_person_is_said(office):
    [row] = office.preview(PEOPLE, [HEAD, ["新人", "P77", 1001001.0]])
    assert row.values["organisation"] == "001001001"
    assert slugs([row]) == [["zeros"]]


def test_where_numbers_are_of_many_lengths_a_short_new_one_is_only_told(office):
    office.take(PEOPLE, [*NUMBERED, ["丁", "0001", "001001001"]])
    [row] = office.preview(PEOPLE, [HEAD, ["新人", 104.0, "001001001"]])
    assert (row.key, slugs([row])) == ("104", [["zeros-perhaps"]])


def test_of_two_that_zeros_alone_tell_apart_the_name_says_who_is_meant(office):
    office.take(PEOPLE, [HEAD, ["周文清", "0001", "001001001"], ["夏红波", "000001", "001001001"]])
    rows = office.preview(PEOPLE, [HEAD, ["夏红波", 1.0, "001001001"]])
    assert [(row.key, row.state) for row in rows] == [("000001", "unchanged")]
    [row] = office.preview(PEOPLE, [HEAD, ["别人", 1.0, "001001001"]])
    assert row.problems[0]["slug"] == "unclear-code"


def test_new_codes_get_the_zeros_of_what_stands_above_them(office):
    head = ["名称", "代码", "上级", "类别"]
    rows = office.preview(
        TREE,
        [
            head,
            ["新镇党委", 1009.0, 1.0, "党委"],
            ["新村党支部", 1009001.0, 1009.0, "党支部"],
            ["改名", 1001001.0, 1001.0, ""],
        ],
    )
    assert [(row.key, row.state) for row in rows] == [
        ("001009", "new"), ("001009001", "new"), ("001001001", "changed"),
    ]  # fmt: skip
    assert rows[1].values["parent"] == "001009"
    assert [row.is_worth_a_look for row in rows] == [True] * 3


def test_whoever_has_no_number_and_stands_elsewhere_now_may_have_moved(office, district):
    head = ["姓名", "所在支部"]
    office.take(PEOPLE, [head, ["欧阳春", "001001001"], ["孙一", "001001001"]])
    rows = office.preview(PEOPLE, [head, ["欧阳春", "001001002"], ["孙一", "001001001"]])
    assert slugs(rows) == [["number-issued", "perhaps-moved"], []]
    [_issued, note] = rows[0].notes
    assert note["found"] == ["N000001, 测试1村党支部 (001001001)"]
