"""What imports change stands in the history of people and organisations, and is undone there one at a time, or all of it together."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import district as cast
from tests.cast.refusing import refused
from tests.rooms.organisations.lists import xlsx

from zhengyou.organisations import actions as organisations
from zhengyou.organisations.importing.drafts import plan_of
from zhengyou.organisations.models import ImportDraft, Organisation, Person, Post, Responsibility
from zhengyou.roster import actions, imports, queries
from zhengyou.roster.models import RosterChange
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db
Kind = RosterChange.Kind
TREE = ["组织代码", "组织名称", "上级组织", "书记", "第一责任人"]
PEOPLE = ["姓名", "党员编号", "所在支部"]


@pytest.fixture
def district() -> cast.District:
    return cast.small_district(members_a_village=3)


def taken(district: cast.District, what: str, *rows: list) -> ImportDraft:
    given = {"at": clock.now(), "by": district.office}
    data = xlsx(("名册", [TREE if what == "organisations" else PEOPLE, *rows]))
    draft = organisations.draft_import(what=what, data=data, file_name="四月.xlsx", **given)
    return imports.confirm_import(draft=draft, seen=plan_of(draft).fingerprint, **given)


def kinds(changes) -> list[tuple[str, str]]:
    return [(one.kind, one.what) for one in changes]


def everything() -> list[list]:
    return [list(table.objects.order_by("pk").values()) for table in (Person, Organisation, Post, Responsibility)]


def undo(district: cast.District, change: RosterChange) -> None:
    actions.undo_change(change=change, at=clock.now(), by=district.office)


def test_a_name_and_a_place_from_a_file_are_undone_one_by_one(district) -> None:
    village, other, third = district.villages[:3]
    person = district.members[0]
    home = other if person.organisation_id == village.pk else village
    before = everything()
    taken(district, "organisations", [third.code, "新名村党支部", village.code, "", ""])
    taken(district, "people", [person.name, person.number, home.code])
    moved, renamed = queries.changes_of_organisation(third)
    assert (moved.kind, renamed.kind) == (Kind.MOVED, Kind.RENAMED)
    assert (moved.source.file_name, moved.reason, moved.made_by) == ("四月.xlsx", "", district.office)
    [change] = queries.changes_of_person(person)
    assert (change.kind, change.into_organisation) == (Kind.MOVED, home)
    with refused("roster.not-the-newest"):
        undo(district, renamed)
    for one in (moved, change, renamed):
        undo(district, one)
    assert everything() == before


def test_a_new_secretary_from_a_file_stands_with_both_and_with_the_unit(district) -> None:
    village = district.villages[0]
    former = Post.objects.get(organisation=village, role=Post.Role.SECRETARY)
    Post.objects.filter(pk=former.pk).update(from_on=clock.today() - timedelta(days=9))
    person = next(one for one in district.members if one.organisation_id == village.pk and one.pk != former.person_id)
    before = everything()
    taken(district, "organisations", [village.code, village.name, "", person.number, person.number])
    assert kinds(queries.changes_of_person(former.person)) == [(Kind.POST_ENDED, "secretary")]
    assert sorted(kinds(queries.changes_of_person(person))) == [
        (Kind.POST_GIVEN, "primary"),
        (Kind.POST_GIVEN, "secretary"),
    ]
    changes = list(queries.changes_of_organisation(village))
    ended = next(one for one in changes if one.kind == Kind.POST_ENDED and one.what == "secretary")
    with refused("roster.not-the-newest"):
        undo(district, ended)
    for one in changes:
        undo(district, one)
    assert everything() == before


def test_what_was_changed_since_by_hand_is_not_overwritten(district) -> None:
    village, other, third = district.villages[:3]
    person = next(one for one in district.members if one.organisation_id == village.pk)
    given = {"at": clock.now(), "by": district.office}
    taken(district, "people", [person.name, person.number, third.code])
    actions.end_organisation(organisation=village, into=other, on=clock.today(), reason="并入", **given)
    [change] = queries.changes_of_person(person)
    with refused("roster.not-the-newest"):
        undo(district, change)
    taken(district, "organisations", [third.code, third.name, "", person.number, ""])
    post = Post.objects.get(organisation=third, person=person)
    organisations.change_post(post=post, title="代理", from_on=post.from_on, until_on=None, **given)
    [made] = [one for one in queries.changes_of_organisation(third) if one.kind == Kind.POST_GIVEN]
    with refused("roster.not-the-newest"):
        undo(district, made)


def test_a_duty_that_somebody_else_has_since_does_not_come_back(district) -> None:
    village = district.villages[0]
    first, second = [one for one in district.members if one.organisation_id == village.pk][:2]
    given = {"at": clock.now(), "by": district.office}
    named = {"organisation": village, "tier": "direct", "from_on": clock.today() - timedelta(days=3)}
    organisations.make_responsible(person=first, **named, **given)
    left = actions.let_go(person=first, kind=Kind.LEFT, on=clock.today(), reason="转出", **given)
    organisations.make_responsible(person=second, **named | {"from_on": clock.today()}, **given)
    before = everything()
    with refused("roster.post-given-since"):
        undo(district, left)
    assert everything() == before


def test_nobody_comes_back_to_a_place_that_has_ended(district) -> None:
    village, other = district.villages[:2]
    person = next(one for one in district.members if one.organisation_id == village.pk)
    given = {"on": clock.today(), "reason": "调整", "at": clock.now(), "by": district.office}
    left = actions.let_go(person=person, kind=Kind.LEFT, **given)
    merged = actions.end_organisation(organisation=village, into=other, **given)
    with refused("roster.not-the-newest"):
        undo(district, left)
    undo(district, merged)
    undo(district, left)
    assert Person.objects.get(pk=person.pk).left_on is None


def test_a_whole_import_is_undone_together(district) -> None:
    people = [one for one in district.members if one.organisation_id == district.villages[0].pk]
    before = everything()
    draft = taken(district, "people", *[[one.name, one.number, district.villages[1].code] for one in people])
    key = queries.changes_of_import(draft)[0].together
    assert queries.changes_of_import(draft).count() == len(people)
    assert actions.undo_together(together=key, at=clock.now(), by=district.office) == len(people)
    assert everything() == before


def test_whoever_moves_by_a_file_leaves_their_duties_unless_the_file_keeps_them(district) -> None:
    (village, other), secretary = district.villages[:2], district.secretaries[0]
    before = everything()
    draft = taken(district, "people", [secretary.name, secretary.number, other.code])
    assert draft.outcome["counts"]["changed"] == 1
    assert kinds(queries.changes_of_person(secretary)) == [(Kind.POST_ENDED, "secretary"), (Kind.MOVED, "")]
    assert not Post.objects.filter(organisation=village, role="secretary", until_on=None).exists()
    actions.undo_together(together=queries.changes_of_import(draft)[0].together, at=clock.now(), by=district.office)
    assert everything() == before


def test_the_preview_says_which_duty_ends_and_a_file_that_names_them_keeps_it(district) -> None:
    (village, other), secretary = district.villages[:2], district.secretaries[0]
    moving = [PEOPLE, [secretary.name, secretary.number, other.code]]
    sheets = [("组织", [TREE, [village.code, village.name, "", secretary.number, ""]]), ("党员", moving)]
    given = {"file_name": "四月.xlsx", "at": clock.now(), "by": district.office}
    kept, ends = (
        plan_of(organisations.draft_import(what=what, data=xlsx(*some), **given)).rows[-1]
        for what, some in (("both", sheets), ("people", sheets[1:]))
    )
    assert ([note["slug"] for note in kept.notes], kept.ends) == ([], [])
    assert ([note["slug"] for note in ends.notes], ends.ends) == (["duty-ends"], ["secretary"])


def test_what_the_movers_leave_ends_in_as_many_statements_for_all_as_for_one(district) -> None:
    """Three secretaries who also answer for their villages move away by one file, or one does: the database is asked as often."""
    asked = []
    for movers in (district.secretaries[:1], district.secretaries[1:]):
        homes = {one.pk: one.organisation for one in movers}
        rows = [[one.name, one.number, district.town.code] for one in movers]
        with CaptureQueriesContext(connection) as context:
            taken(district, "people", *rows)
        asked.append(len(context))
        for one in movers:
            assert not Post.objects.filter(person=one, organisation=homes[one.pk], until_on=None).exists()
            assert not Responsibility.objects.filter(person=one, organisation=homes[one.pk], until_on=None).exists()
    assert asked[0] == asked[1]


def test_a_history_leaves_the_rows_and_answers_of_its_import_where_they_are(district) -> None:
    """An import of forty thousand people may have as many answers: read beside each change they would fill the memory."""
    person, other = district.members[0], district.villages[3]
    taken(district, "people", [person.name, person.number, other.code])
    [change] = queries.changes_of_person(person)
    for name in ("rows", "outcome", "remarks", "answers", "kept"):
        assert name in change.source.get_deferred_fields()
    assert change.source.file_name == "四月.xlsx"
