"""Importing organisations: what is new, changed, bad; writing it; doing it twice; two at once."""

from datetime import date, timedelta

import pytest
from django.db import connection
from tests.cast.district import NOW
from tests.cast.refusing import refused
from tests.rooms.organisations.lists import xlsx

from zhengyou.base.models import JournalEntry
from zhengyou.organisations import actions, queries, rules
from zhengyou.organisations.importing import drafts
from zhengyou.organisations.importing.judging import CodeIndex
from zhengyou.organisations.importing.sentences import say
from zhengyou.organisations.models import ImportDraft, Organisation, Post, Responsibility, held_on

TREE = ImportDraft.What.ORGANISATIONS
HEAD = ["组织名称", "代码", "上级组织", "类别", "所属领域"]


def state(judged):
    return [(row.number, row.state) for row in judged]


def test_a_list_as_offices_keep_it(office):
    """Merged title, headings in their own order and words, codes as numbers, a blank row, children first, a total."""
    rows = [
        ["测试镇党组织一览表", "", "", "", "", ""],
        ["序号", "党组织名称", "上级党组织代码", "编码（必填）", "组织类别", "领域"],
        [1, "新村党支部", 2001.0, 2002.0, "党支部", "村"],
        [],
        [2, "  新 镇 党 委", "００１", 2001.0, "基层党委", "农村"],
        [3, "测试1村党支部", "测试镇党委", "001001001", "支部", ""],
        ["合计", 3, "", "", "", ""],
    ]
    draft = office.draft(TREE, xlsx(("一览表", rows), ("说明", [["填写说明"]]), merged=("A1:F1",)))
    plan = drafts.plan_of(draft)
    assert state(plan.rows) == [(3, "new"), (5, "new"), (6, "unchanged")]
    assert len(plan.missing) == 5
    assert {remark["slug"] for remark in draft.remarks} == {"sheet-taken", "columns-unread", "left-out"}

    office.confirm(draft)
    town = Organisation.objects.get(code="2001")
    village = Organisation.objects.get(code="2002")
    assert (town.name, town.kind, town.sector, town.parent.code, town.name_key) == (
        "新镇党委",
        "committee",
        "rural",
        "001",
        "xinzhendangwei",
    )
    assert village.parent == town
    assert village.path == f"{town.path}{village.pk:08d}/"
    assert (town.depth, village.depth) == (1, 2)


def test_importing_again_changes_nothing_and_writes_nothing(office, django_assert_num_queries):
    rows = [HEAD, ["新村党支部", "3001", "001001", "党支部", "农村"]]
    office.take(TREE, rows)
    again = office.draft(TREE, rows)
    with django_assert_num_queries(2):
        plan = drafts.plan_of(again)
    assert state(plan.rows) == [(2, "unchanged")]
    with refused("import.empty"):
        office.confirm(again)


def test_only_changed_rows_are_written(office):
    def versions():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT code, xmin::text, ctid::text FROM {Organisation._meta.db_table}")
            return {code: rest for code, *rest in cursor.fetchall()}

    before = versions()
    office.take(
        TREE, [HEAD, ["测试1村党总支", "001001001", "", "", ""], ["测试2村党支部", "001001002", "", "党支部", ""]]
    )
    after = versions()
    assert {code for code in before if before[code] != after[code]} == {"001001001"}


def test_a_move_carries_the_subtree_along(office, district):
    office.take(TREE, [HEAD, ["新镇党委", "002", "001", "党委", ""], ["测试镇党委", "001001", "002", "", ""]])
    new = Organisation.objects.get(code="002")
    village = Organisation.objects.get(code="001001001")
    assert village.path == f"{new.path}{district.town.pk:08d}/{village.pk:08d}/"
    assert village.depth == 3


def test_changes_are_shown_before_and_after(office):
    [row] = office.preview(TREE, [HEAD, ["改名支部", "001001001", "001", "联合支部", "机关"]])
    assert [(change["field"], change["before"], change["after"]) for change in row.changes] == [
        ("name", "测试1村党支部", "改名支部"),
        ("kind", "branch", "joint-branch"),
        ("sector", "rural", "government-office"),
        ("parent", "测试镇党委 (001001)", "测试区委 (001)"),
    ]


@pytest.mark.parametrize(("known", "given", "meant"), [
    ("0001", "1", ["0001"]), ("1", "0001", ["1"]), ("0001", "000001", []), ("000001", "0001", []), ("0001", "０００１", ["0001"]),
])  # fmt: skip
def test_codes_written_as_texts_with_other_zeros_are_others(known, given, meant):
    assert CodeIndex([known]).find(given) == meant


def test_of_many_units_of_one_name_a_few_are_named(office, sentences):
    found = [f"00{n} (镇{n})" for n in range(7)]
    [said] = sentences(TREE, [say("parent-unclear", value="一支部", found=found)])
    assert "004 (镇4) …" in said
    assert "005" not in said
    assert "006 (镇6)" in sentences(TREE, [say("unknown-word-all", field="kind", value="x", found=found)])[0]


def test_lost_leading_zeros_are_found_and_said(office, sentences):
    [row] = office.preview(TREE, [["名称", "代码", "上级"], ["改名", 1001001.0, 1001.0]])
    assert (row.key, row.state) == ("001001001", "changed")
    assert (
        sentences(TREE, row.notes)[0] == "“1001001” was taken for 001001001: its leading zeros are missing in the file."
    )
    [new] = office.preview(TREE, [["名称", "代码", "上级", "类型"], ["新支部", "009009", 1001.0, "支部"]])
    assert new.values["parent"] == "001001"
    assert "“1001” was taken for 001001" in sentences(TREE, new.notes)[0]


def test_a_code_on_record_without_its_zeros_is_not_said_to_lack_them_in_the_file(office, sentences):
    office.take(TREE, [["名称", "代码", "上级", "类型"], ["短码支部", "77", "001001", "党支部"]])
    [row] = office.preview(TREE, [["名称", "代码", "上级"], ["短码支部", "0077", "001001"]])
    assert (row.key, [note["slug"] for note in row.notes]) == ("77", ["zeros-beyond"])
    assert "is on record without these zeros" in sentences(TREE, row.notes)[0]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (["甲", "9001", "没有的单位", "支部", ""], "The parent “没有的单位” is neither in this file nor in the tree."),
        (
            ["甲", "9001", "测试镇委", "支部", ""],
            "The parent “测试镇委” is neither in this file nor in the tree. Did you mean: 测试镇党委 (001001)",
        ),
        (["甲", "9001", "9001", "支部", ""], "The unit stands under itself."),
        (["甲", "", "001", "支部", ""], "“Code” is empty."),
        (["", "9001", "001", "支部", ""], "“Name” is empty."),
        (["甲", "9001", "001", "党支布", ""], "The kind “党支布” is not known. Did you mean: 党支部 (Branch)"),
        (
            ["甲", "9001", "001", "Bogus", ""],
            "The kind “Bogus” is not known. Write one of these: Committee, General branch",
        ),
        (["甲", "9001", "001", "支部", "海洋"], "The sector “海洋” is not known."),
        (
            ["甲", "9001", "001", "", ""],
            "“Kind” is empty, and the name does not say it. Fill in one of these: 党委 (Committee)",
        ),
        (["甲", "90/01", "001", "支部", ""], "The code holds signs that no code can have (/ \\ ? # %)."),
        (["甲", "9" * 41, "001", "支部", ""], "The code is longer than 40 characters."),
        (["甲" * 201, "9001", "001", "支部", ""], "The name is longer than 200 characters."),
        (["甲", 4312020000000010001, "001", "支部", ""], "The code has more than 15 digits and was kept as a number"),
        (["甲", "431202198001011234", "001", "支部", ""], "The code looks like an ID-card number"),
    ],
)
def test_bad_rows_are_named_in_words(office, sentences, row, sentence):
    judged = office.preview(TREE, [HEAD, row, ["好支部", "9100", "001", "", ""]])
    assert state(judged) == [(2, "bad"), (3, "new")]
    assert any(text.startswith(sentence) for text in sentences(TREE, judged[0].problems))


def test_codes_twice_in_a_file(office, sentences):
    judged = office.preview(
        TREE,
        [
            HEAD,
            ["甲支部", "9001", "001", "", ""],
            ["甲支部", "9001", "001", "", ""],
            ["乙支部", "9002", "001", "", ""],
            ["丙支部", "9002", "001", "", ""],
        ],
    )
    assert state(judged) == [(2, "new"), (3, "bad"), (4, "bad"), (5, "bad")]
    assert sentences(TREE, judged[1].problems) == ["Row 2 says the same. Delete one of the two."]
    assert "also in these rows, which say something else: 5" in sentences(TREE, judged[2].problems)[0]


def test_circles_and_rows_under_bad_rows(office, sentences):
    judged = office.preview(
        TREE,
        [
            HEAD,
            ["甲支部", "9001", "9002", "", ""],
            ["乙支部", "9002", "9003", "", ""],
            ["丙支部", "9003", "9001", "", ""],
            ["丁支部", "9004", "9003", "", ""],
            ["测试镇党委", "001001", "001001001", "", ""],
            ["戊支部", "9005", "001001", "", ""],
        ],
    )
    assert [row.state for row in judged] == ["bad", "bad", "bad", "bad", "bad", "new"]
    assert "in a circle: 9001, 9002, 9003, 9001" in sentences(TREE, judged[0].problems)[0]
    assert sentences(TREE, judged[3].problems) == ["Its parent in row 4 cannot be imported. Correct that row first."]
    assert "in a circle: 001001, 001001001, 001001" in sentences(TREE, judged[4].problems)[0]


def test_two_organisations_may_change_places(office, district):
    """Under the old tree each move alone would be a circle; together they are none."""
    office.take(
        TREE, [HEAD, ["测试1村党支部", "001001001", "001", "", ""], ["测试镇党委", "001001", "001001001", "", ""]]
    )
    village = Organisation.objects.get(code="001001001")
    assert Organisation.objects.get(code="001001").parent == village
    assert [row.code for row in queries.subtree(village)][:2] == ["001001001", "001001"]


def test_a_tree_too_deep_is_refused(office, sentences):
    rows = [HEAD, *[[f"{n}支部", f"D{n}", f"D{n - 1}" if n else "001", "", ""] for n in range(45)]]
    judged = office.preview(TREE, rows)
    assert [row.state for row in judged].count("new") == rules.DEEPEST - 1
    bad = next(row for row in judged if row.state == "bad")
    assert sentences(TREE, bad.problems) == ["The unit would stand more than 40 levels deep. Correct the parent."]
    draft = office.take(TREE, rows)
    assert draft.outcome["counts"]["new"] == rules.DEEPEST - 1
    assert max(Organisation.objects.values_list("depth", flat=True)) == rules.DEEPEST - 1


def test_a_parent_by_a_name_that_two_bear(office, sentences):
    office.take(TREE, [HEAD, ["测试镇党委", "002", "001", "党委", ""]])
    [row] = office.preview(TREE, [HEAD, ["甲支部", "9001", "测试镇党委", "", ""]])
    assert sentences(TREE, row.problems) == [
        "Several units are called “测试镇党委”: 001001 (测试区委), 002 (测试区委). Name the parent by its code."
    ]


def test_codes_of_parents_come_before_their_names(office):
    head = ["上级组织名称", "组织名称", "组织代码", "上级组织代码"]
    [row] = office.preview(TREE, [head, ["随便什么", "甲支部", "9001", "001001"]])
    assert row.values["parent"] == "001001"


def test_ended_organisations_stay_as_they_are(office, district, sentences):
    Organisation.objects.filter(code="001001001").update(ended_on=date(2026, 1, 1))
    judged = office.preview(TREE, [HEAD, ["改名", "001001001", "", "", ""], ["甲支部", "9001", "001001001", "", ""]])
    assert sentences(TREE, judged[0].problems)[0].startswith("This unit has ended")
    assert sentences(TREE, judged[1].problems)[0].startswith("The parent “001001001” has ended")


def test_a_new_units_row_says_whom_it_will_have(office, district):
    head = ["代码", "名称", "类型", "上级", "书记", "第一责任人"]
    [row] = office.preview(TREE, [head, ["777", "新村党支部", "支部", "001001", "村书记1", "村书记4"]])
    assert row.state == "new"
    assert [(change["field"], change["before"], change["after"]) for change in row.changes] == [
        ("primary", "", "村书记4 (P0007)"),
        ("secretary", "", "村书记1 (P0004)"),
    ]


def test_responsible_people_and_the_secretary(office, district, sentences):
    head = ["组织名称", "代码", "第一责任人", "直接责任人", "书记"]
    rows = [head, ["测试1村党支部", "001001001", "M1000", "成员1-1", "P0007"]]
    [row] = office.preview(TREE, rows)
    assert [(change["field"], change["before"], change["after"]) for change in row.changes] == [
        ("primary", "丙领导 (P0002)", "成员1-0 (M1000)"),
        ("direct", "", "成员1-1 (M1001)"),
        ("secretary", "村书记1 (P0004)", "村书记4 (P0007)"),
    ]
    office.take(TREE, rows)
    village, day = district.villages[0], NOW.date()
    holders = Responsibility.objects.filter(held_on(day), organisation=village).order_by("person__number")
    assert [(row.tier, row.person.number) for row in holders] == [("primary", "M1000"), ("direct", "M1001")]
    assert Responsibility.objects.get(organisation=village, until_on=day).person == district.leader
    assert Post.objects.get(organisation=village, role="secretary", until_on=None).person.number == "P0007"
    assert drafts.plan_of(office.draft(TREE, rows)).counts["unchanged"] == 1

    mended = [head, ["测试1村党支部", "001001001", "M1002", "", ""]]
    office.take(TREE, mended)
    assert Responsibility.objects.get(organisation=village, tier="primary", until_on=None).person.number == "M1002"
    later = NOW + timedelta(days=30)
    office.take(TREE, rows, later)
    assert Responsibility.objects.get(organisation=village, until_on=later.date()).person.number == "M1002"


def test_people_who_are_not_known_or_not_clear(office, district, sentences):
    head = ["组织名称", "代码", "第一责任人"]
    actions.add_person(number="X1", name="成员2-0", organisation=district.town, at=NOW, by=None)
    judged = office.preview(
        TREE,
        [
            head,
            ["测试1村党支部", "001001001", "尚未导入"],
            ["测试2村党支部", "001001002", "成员2-0"],
            ["测试3村党支部", "001001003", "成员2-0"],
        ],
    )
    assert [row.state for row in judged] == ["unchanged", "changed", "unchanged"]
    assert "is not among the members and was left out" in sentences(TREE, judged[0].notes)[0]
    assert judged[1].values == {"primary": "M2000"}
    assert "The overall responsibility was left as it is: name them by number" in sentences(TREE, judged[2].notes)[0]


def test_a_new_one_like_a_known_one_and_one_without_parent_are_remarked(office, sentences):
    judged = office.preview(
        TREE, [HEAD, ["测试1村党支部", "9001", "001001", "", ""], ["新区委", "Q9002", "", "党委", ""]]
    )
    assert any("already one of this name" in text for text in sentences(TREE, judged[0].notes))
    assert sentences(TREE, judged[1].notes) == ["No parent is given: it will stand at the top of the tree."]


def test_one_entry_in_the_journal_with_counts_and_digest(office, district):
    before = JournalEntry.objects.count()
    draft = office.take(TREE, [HEAD, ["甲支部", "9001", "001", "", ""], ["乙支部", "9002", "无", "", ""]])
    read, done = JournalEntry.objects.order_by("id")[before:]
    assert (read.deed, done.deed) == ("organisations.draft_import", "organisations.confirm_import")
    assert done.by == district.office.reference
    assert done.payload["digest"] == draft.digest
    assert (done.payload["new"], done.payload["bad"]) == (1, 1)


def test_a_draft_is_confirmed_once(office):
    draft = office.draft(TREE, [HEAD, ["甲支部", "9001", "001", "", ""]])
    seen = drafts.plan_of(draft).fingerprint
    office.confirm(draft)
    with refused("import.done"):
        actions.confirm_import(draft=draft, seen=seen, at=NOW, by=office.district.office)
    assert Organisation.objects.filter(code="9001").count() == 1


def test_nothing_is_written_when_the_tree_changed_since_the_preview(office, district):
    draft = office.draft(TREE, [HEAD, ["甲支部", "9001", "001001", "", ""], ["乙支部", "9002", "001", "", ""]])
    seen = drafts.plan_of(draft).fingerprint
    Organisation.objects.filter(code="001001").update(ended_on=NOW.date())
    with refused("import.stale"):
        actions.confirm_import(draft=draft, seen=seen, at=NOW, by=district.office)
    assert not Organisation.objects.filter(code__startswith="900").exists()
    assert drafts.plan_of(draft).counts["bad"] == 1


def test_discarded_and_forgotten_drafts_are_gone(office, district):
    rows = [HEAD, ["甲支部", "9001", "001", "", ""]]
    draft, old = office.draft(TREE, rows), office.draft(TREE, rows, NOW - timedelta(days=8))
    actions.discard_import(draft=ImportDraft.objects.get(pk=draft.pk), at=NOW, by=district.office)
    for act in (actions.discard_import, lambda **said: actions.confirm_import(seen="", **said)):
        with refused("import.gone"):
            act(draft=draft, at=NOW, by=district.office)
    office.draft(TREE, rows)
    assert not ImportDraft.objects.filter(pk=old.pk).exists()


def test_after_the_import_only_the_bad_rows_are_kept(office):
    draft = office.take(TREE, [HEAD, ["甲支部", "9001", "001", "", ""], ["乙支部", "9002", "无", "", ""]])
    draft.refresh_from_db()
    assert draft.rows == []
    assert [row["number"] for row in draft.outcome["bad_rows"]] == [3]


def test_the_other_kind_of_list_is_recognised(office):
    for what, head, reason in [
        (TREE, ["姓名", "党员编号"], "workbook.other-list"),
        (TREE, ["某某", "其他"], "workbook.no-head"),
        (TREE, HEAD, "workbook.no-rows"),
    ]:
        with refused(reason):
            office.draft(what, [head])


def test_where_both_kinds_are_looked_for_the_headings_of_both_are_named(office):
    with refused("workbook.no-head") as refusal:
        office.draft(ImportDraft.What.BOTH, [["某某", "其他"]])
    for heading in ("组织代码", "姓名"):
        assert heading in str(refusal.value)


def test_a_hidden_sheet_is_taken_only_if_no_other_fits(office):
    full = [HEAD, ["甲支部", "9001", "001", "", ""]]
    less = [["名称", "代码", "上级"], ["乙支部", "9002", "001"]]
    draft = office.draft(TREE, xlsx(("新", less), ("旧", full), hidden=("旧",)))
    assert draft.rows[0]["cells"]["code"] == "9002"
    draft = office.draft(TREE, xlsx(("空", [["x"]]), ("旧", full), hidden=("旧",)))
    assert draft.rows[0]["cells"]["code"] == "9001"


def test_headings_in_two_rows_and_lines_below_the_list(office):
    rows = [
        ["组织名称", "代码", "上级", "责任人", ""],
        ["", "", "", "第一责任人", "直接责任人"],
        ["测试1村党支部", "001001001", "测试镇党委", "M1000", "M1001"],
        ["组织名称", "代码", "上级", "第一责任人", "直接责任人"],
        ["测试2村党支部", "001001002", "", "M2000", ""],
        ["测试3村党支部", "001001003", "", "", ""],
        ["填表人：某某", "", "", "", ""],
    ]
    book = xlsx(("表", rows), merged=("A1:A2", "B1:B2", "C1:C2", "D1:E1"))
    draft = office.draft(TREE, book)
    assert draft.remarks == [{"slug": "left-out", "rows": [4, 7]}]
    judged = drafts.plan_of(draft).rows
    assert [row.values for row in judged] == [{"primary": "M1000", "direct": "M1001"}, {"primary": "M2000"}, {}]
