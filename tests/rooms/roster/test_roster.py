"""People leave, move, are found twice; organisations end, are merged, renamed and recoded; each undone within a day."""

from datetime import date, timedelta

import pytest
from tests.cast import booth as cast_booth
from tests.cast import district as cast
from tests.cast.refusing import refused

from zhengyou.identity import queries as accounts
from zhengyou.identity.actions import open_account
from zhengyou.organisations import actions as organisations
from zhengyou.organisations import queries
from zhengyou.organisations.models import Organisation, Person, Post, Responsibility
from zhengyou.polls.models import RollEntry
from zhengyou.roster import actions, posts
from zhengyou.roster import queries as roster
from zhengyou.roster.models import RosterChange
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db
LEFT = RosterChange.Kind.LEFT


@pytest.fixture
def district() -> cast.District:
    return cast.small_district(members_a_village=3)


def given(district: cast.District, **more: object) -> dict:
    return {"on": clock.today(), "reason": "调往外地", "at": clock.now(), "by": district.office} | more


def everything() -> dict[str, list]:
    """All rows that a change may touch, for comparing."""
    tables = (Person, Organisation, Post, Responsibility)
    rows = {table.__name__: list(table.objects.order_by("pk").values()) for table in tables}
    return rows | {"rolls": sorted(RollEntry.objects.values_list("pool", "person"))}


def secretary_of(district: cast.District, place: Organisation) -> Person:
    return Post.objects.get(organisation=place, role=Post.Role.SECRETARY).person


def test_whoever_leaves_holds_nothing_and_does_not_sign_in(district) -> None:
    village = district.villages[0]
    person = secretary_of(district, village)
    open_account(person=person, login="x", password="long enough", at=clock.now(), by=None)
    actions.let_go(person=person, kind=LEFT, **given(district))
    assert not queries.holds_post(person, Post.Role.SECRETARY, village, clock.today())
    assert accounts.account_of(person) is None
    assert queries.the_one_person(person.number).possible == []
    with refused("person.left"):
        actions.let_go(person=person, kind=LEFT, **given(district))


def test_everything_is_as_it_was_after_an_undo(district) -> None:
    village, other = district.villages[:2]
    person, kept = secretary_of(district, village), secretary_of(district, other)
    cycle = cast_booth.small_cycle(district)
    cast_booth.drafted_now(district, cycle, [[person, *district.members[:6]]])
    before = everything()
    deeds = (
        lambda: actions.let_go(person=person, kind=LEFT, **given(district)),
        lambda: actions.move_person(person=person, to=other, **given(district)),
        lambda: actions.join_people(duplicate=person, kept=kept, **given(district)),
        lambda: actions.end_organisation(organisation=village, into=other, **given(district)),
        lambda: actions.move_organisation(organisation=village, to=other, **given(district)),
        lambda: actions.move_organisation(organisation=other, to=district.root, **given(district)),
        lambda: actions.give_name(about=person, name="新名", **given(district)),
        lambda: actions.give_name(about=village, name="新村党支部", **given(district)),
        lambda: actions.give_code(about=person, code="990011", **given(district)),
        lambda: actions.give_code(about=village, code="99X", **given(district)),
    )
    for deed in deeds:
        change = deed()
        assert everything() != before, change.kind
        actions.undo_change(change=change, at=clock.now(), by=district.office)
        assert everything() == before, change.kind
        with refused("roster.undone"):
            actions.undo_change(change=change, at=clock.now(), by=district.office)


def test_rolls_follow_until_the_opening_and_never_after(district) -> None:
    cycle = cast_booth.small_cycle(district)
    first, second, *others = district.members[:8]
    opened = cast_booth.opened_now(district, cycle, [[first, second, *others]])
    drafted = cast_booth.drafted_now(district, cycle, [[first, *others]])
    actions.let_go(person=first, kind=RosterChange.Kind.DIED, **given(district))
    actions.join_people(duplicate=others[0], kept=second, **given(district))

    def on_roll(poll) -> set[int]:
        return set(RollEntry.objects.filter(poll=poll).values_list("person", flat=True))

    assert on_roll(opened) == {one.pk for one in (first, second, *others)}
    assert on_roll(drafted) == {one.pk for one in (second, *others[1:])}


def test_only_the_newest_change_is_undone_and_only_for_a_day(district) -> None:
    person, (village, other) = district.members[0], district.villages[:2]
    first = actions.give_name(about=person, name="新名", **given(district))
    to = other if person.organisation_id == village.pk else village
    second = actions.move_person(person=person, to=to, **given(district))
    with refused("roster.not-the-newest"):
        actions.undo_change(change=first, at=clock.now(), by=district.office)
    with refused("roster.too-late"):
        actions.undo_change(change=second, at=clock.now() + timedelta(days=1, minutes=1), by=district.office)
    actions.undo_change(change=second, at=clock.now(), by=district.office)
    actions.undo_change(change=first, at=clock.now(), by=district.office)


def test_a_merger_is_not_undone_over_the_heads_of_people_who_moved_on_since(district) -> None:
    village, other, third = district.villages[:3]
    person = queries.members_of([village])[0]
    merged = actions.end_organisation(organisation=village, into=other, **given(district))
    moved = actions.move_person(person=person, to=third, **given(district))
    with refused("roster.not-the-newest"):
        actions.undo_change(change=merged, at=clock.now(), by=district.office)
    actions.undo_change(change=moved, at=clock.now(), by=district.office)
    actions.undo_change(change=merged, at=clock.now(), by=district.office)
    assert Person.objects.get(pk=person.pk).organisation == village


def test_an_organisation_moves_with_all_below_it_and_never_below_itself(district) -> None:
    village, other = district.villages[:2]
    lower = organisations.add_organisation(
        code="X9", name="村民小组", kind="branch", sector="rural", parent=village, at=clock.now(), by=None
    )
    people = set(queries.members_of([village]))
    for organisation, to, reason in (
        (district.root, village, "organisation.topmost"),
        (district.town, village, "organisation.under-itself"),
        (village, lower, "organisation.under-itself"),
        (village, village, "organisation.under-itself"),
        (village, district.town, "organisation.there-already"),
    ):
        with refused(reason):
            actions.move_organisation(organisation=organisation, to=to, **given(district))
    actions.move_organisation(organisation=village, to=other, **given(district))
    village.refresh_from_db()
    lower.refresh_from_db()
    other.refresh_from_db()
    assert lower.path.startswith(village.path)
    assert village.path.startswith(other.path)
    assert set(queries.members_of([village])) == people
    assert secretary_of(district, village)
    actions.end_organisation(organisation=lower, on=clock.today(), reason="撤销", at=clock.now(), by=district.office)
    with refused("organisation.ended"):
        actions.move_organisation(organisation=lower, to=other, **given(district))


def test_an_organisation_ends_only_when_nobody_is_left_behind(district) -> None:
    village, other = district.villages[:2]
    with refused("organisation.has-people"):
        actions.end_organisation(organisation=village, **given(district))
    with refused("organisation.topmost"):
        actions.end_organisation(organisation=district.root, into=village, **given(district))
    with refused("organisation.under-itself"):
        actions.end_organisation(organisation=district.town, into=village, **given(district))
    with refused("roster.the-same"):
        actions.end_organisation(organisation=village, into=village, **given(district))
    people = set(queries.members_of([village]))
    actions.end_organisation(organisation=village, into=other, **given(district))
    assert people <= set(queries.members_of([other]))
    assert village not in queries.living_organisations()
    with refused("organisation.ended"):
        actions.end_organisation(organisation=village, into=other, **given(district))
    with refused("organisation.ended"):
        actions.move_person(person=secretary_of(district, other), to=village, **given(district))


def test_an_empty_organisation_is_dissolved_and_one_with_others_below_is_not(district) -> None:
    added = organisations.add_organisation(
        code="77", name="新建总支", kind="general-branch", sector="", parent=district.town, at=clock.now(), by=None
    )
    below = organisations.add_organisation(
        code="771", name="新建支部", kind="branch", sector="", parent=added, at=clock.now(), by=None
    )
    with refused("organisation.has-others-below"):
        actions.end_organisation(organisation=added, **given(district))
    for row in (below, added):
        assert actions.end_organisation(organisation=row, **given(district)).kind == "dissolved"


def test_a_code_means_one_thing_for_good_and_old_addresses_stay(district) -> None:
    village, other = district.villages[:2]
    old = village.code
    actions.give_code(about=village, code="88-1", **given(district))
    assert queries.organisation_with_code(old) == queries.organisation_with_code("88-1") == village
    for taken in (old, other.code, "88-1"):
        with refused("roster.code-taken"):
            actions.give_code(about=other, code=taken, **given(district))
    with refused("roster.odd-code"):
        actions.give_code(about=other, code="a/b", **given(district))


def test_a_change_has_a_day_that_has_come_and_a_reason(district) -> None:
    person = district.members[0]
    with refused("roster.day-ahead"):
        actions.let_go(person=person, kind=LEFT, **given(district, on=clock.today() + timedelta(days=1)))
    with refused("roster.day-long-ago"):
        actions.let_go(person=person, kind=LEFT, **given(district, on=date(1900, 1, 1)))
    with refused("rosterchange.reason-missing"):
        actions.let_go(person=person, kind=LEFT, **given(district, reason=" "))
    assert not RosterChange.objects.exists()
    assert Person.objects.get(pk=person.pk).left_on is None


def test_the_last_of_the_office_can_neither_leave_nor_lose_the_post_by_a_move(district) -> None:
    office = queries.holders_of(Post.Role.CAMPAIGN_OFFICE, clock.today())
    for person in office[1:]:
        actions.let_go(person=person, kind=LEFT, **given(district, by=office[0]))
    with refused("post.last-in-office"):
        actions.let_go(person=office[0], kind=LEFT, **given(district, by=office[0]))
    with refused("post.last-in-office"):
        actions.move_person(person=office[0], to=district.villages[0], **given(district, by=office[0]))


def test_nothing_ends_before_it_began(district) -> None:
    person, village = district.members[0], district.villages[0]
    before = clock.today() - timedelta(days=30)
    Person.objects.filter(pk=person.pk).update(joined_on=clock.today())
    Organisation.objects.filter(pk=village.pk).update(founded_on=clock.today())
    with refused("roster.day-before-beginning"):
        actions.let_go(person=person, kind=LEFT, **given(district, on=before))
    with refused("roster.day-before-beginning"):
        actions.end_organisation(organisation=village, into=district.villages[1], **given(district, on=before))
    actions.let_go(person=person, kind=LEFT, **given(district))
    actions.end_organisation(organisation=village, into=district.villages[1], **given(district))


ID_NUMBER = "42010619790111954X"


@pytest.mark.parametrize(
    "deed",
    [
        lambda the: actions.enter_person(
            name="王新", number=ID_NUMBER, organisation=the.root, membership="formal", post_kind="", at=clock.now(), by=the.office
        ),
        lambda the: actions.enter_organisation(
            name=f"新村{ID_NUMBER}", parent=the.root, kind="branch", sector="", at=clock.now(), by=the.office
        ),
        lambda the: actions.give_name(about=the.members[0], name=f"王新 {ID_NUMBER}", **given(the)),
        lambda the: actions.give_code(about=the.members[0], code=ID_NUMBER, **given(the)),
        lambda the: actions.let_go(person=the.members[0], kind=LEFT, **given(the, reason=f"身份证 {ID_NUMBER}")),
        lambda the: posts.give_post(
            person=the.members[0], organisation=the.root, role="leader", title=ID_NUMBER, from_on=clock.today(),
            at=clock.now(), by=the.office,
        ),
    ],
)  # fmt: skip
def test_no_id_card_number_comes_in_by_hand(district, deed) -> None:
    before = everything()
    with refused("roster.id-number"):
        deed(district)
    assert everything() == before


def test_a_number_or_code_typed_in_full_width_is_the_one_that_an_import_would_read(district) -> None:
    entry = {"organisation": district.villages[0], "membership": "formal", "post_kind": ""}
    acting = {"at": clock.now(), "by": district.office}
    row = actions.enter_person(name="全角甲", number="００９ ９９９", **entry, **acting)
    assert row.number == "009999"
    with refused("roster.code-taken"):
        actions.enter_person(name="全角乙", number="００９９９９", **entry, **acting)
    place = {"parent": district.town, "kind": "branch", "sector": ""}
    assert actions.enter_organisation(name="全角党支部", code="７７－８", **place, **acting).code == "77-8"
    actions.give_code(about=row, code="３５９９９", **given(district))
    assert Person.objects.get(pk=row.pk).number == "35999"


def test_a_post_is_not_offered_for_undoing_once_its_holder_has_left(district) -> None:
    person, village, role = district.members[0], district.villages[0], Post.Role.LEADER
    acting = {"at": clock.now(), "by": district.office}
    posts.give_post(person=person, organisation=village, role=role, title="", from_on=clock.today(), **acting)
    appointed = RosterChange.objects.get()
    assert roster.is_newest(appointed)
    left = actions.let_go(person=person, kind=LEFT, **given(district))
    assert not roster.is_newest(appointed)
    actions.undo_change(change=left, **acting)
    assert roster.is_newest(appointed)


def test_a_new_name_that_stands_beside_it_already_is_asked_about(district) -> None:
    village, other = district.villages[:2]
    with refused("roster.namesake") as refusal:
        actions.give_name(about=village, name=other.name, **given(district))
    assert other.code in str(refusal.value)
    actions.give_name(about=village, name=village.name, **given(district))
    actions.give_name(about=village, name=other.name, is_another=True, **given(district))
    with refused("organisation.under-itself") as refusal:
        actions.move_organisation(organisation=village, to=village, **given(district))
    assert "under itself" in str(refusal.value)
