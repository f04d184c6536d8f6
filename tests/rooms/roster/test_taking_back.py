"""Who and what was entered is taken out again, one by one or with the whole import, as long as nothing hangs on it."""

from datetime import timedelta

import pytest
from tests.cast import booth as cast_booth
from tests.cast import district as cast
from tests.cast.refusing import refused
from tests.rooms.organisations.lists import xlsx

from zhengyou.base.models import JournalEntry, SearchEntry
from zhengyou.identity import actions as accounts
from zhengyou.identity.models import Account
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.importing.drafts import plan_of
from zhengyou.organisations.models import ImportDraft, Organisation, Person, Post, Responsibility
from zhengyou.polls import actions as polls
from zhengyou.polls.models import RollEntry, VoterPool
from zhengyou.roster import actions, imports, posts, queries, taking_back
from zhengyou.roster.models import RosterChange
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db
Kind = RosterChange.Kind
TREE = ["组织代码", "组织名称", "上级组织", "组织类别", "书记", "第一责任人"]
PEOPLE = ["姓名", "党员编号", "所在支部"]


@pytest.fixture
def district() -> cast.District:
    return cast.small_district(members_a_village=3)


@pytest.fixture
def given(district) -> dict:
    return {"at": clock.now(), "by": district.office}


def taken(given: dict, tree: list[list], people: list[list]) -> ImportDraft:
    data = xlsx(("组织", [TREE, *tree]), ("党员", [PEOPLE, *people]))
    draft = organisations.draft_import(what="both", data=data, file_name="五月.xlsx", **given)
    return imports.confirm_import(draft=draft, seen=plan_of(draft).fingerprint, **given)


def a_file(district: cast.District) -> tuple[list[list], list[list]]:
    """A new town with a new village and people; a village that moves there under another name; people who move; duties that pass on."""
    first, second, third = district.villages[:3]
    moved = next(one for one in district.members if one.organisation_id == second.pk)
    tree = [
        ["888", "新镇党委", "001", "党委", "N1", "N1"],
        ["888001", "新村党支部", "888", "党支部", "N2", ""],
        [first.code, "改名村党支部", "888", "党支部", moved.number, moved.number],
    ]
    people = [["新一", "N1", "888"], ["新二", "N2", "888001"], [moved.name, moved.number, third.code]]
    return tree, people


def everything() -> list:
    """The roster as rows, and what of it is found; what was merely written down beside it is not."""
    rows = [list(table.objects.order_by("pk").values()) for table in (Person, Organisation, Post, Responsibility)]
    found = SearchEntry.objects.order_by("reference").values_list("reference", "title", "place__folded")
    return [*rows, list(found)]


def entered(row: Person | Organisation) -> RosterChange:
    changes = queries.changes_of_person(row) if isinstance(row, Person) else queries.changes_of_organisation(row)
    return changes.get(kind=Kind.ENTERED)


def test_a_whole_import_with_new_units_and_people_leaves_nothing_behind(district, given) -> None:
    Post.objects.update(from_on=clock.today() - timedelta(days=9))
    Responsibility.objects.update(from_on=clock.today() - timedelta(days=9))
    before = everything()
    draft = taken(given, *a_file(district))
    assert queries.counts_by_kind(queries.written_by(draft))[Kind.ENTERED] == 4
    steps: list[tuple[int, int]] = []
    count = queries.written_by(draft).count()
    told = {"told": lambda done, of: steps.append((done, of))}
    assert taking_back.take_back_import(draft=draft, **told, **given) == count
    assert everything() == before
    assert steps == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert ImportDraft.objects.get(pk=draft.pk).outcome["taken_back"] == count
    assert taking_back.take_back_import(draft=draft, **given) == 0
    assert JournalEntry.objects.filter(deed="roster.take_back_import").count() == 1


def test_what_was_undone_before_by_itself_does_not_hinder(district, given) -> None:
    before = everything()
    draft = taken(given, *a_file(district))
    mine = queries.written_by(draft).filter(undone_at=None)
    for change in mine.filter(kind__in=queries.OF_POSTS).order_by("-pk"):
        actions.undo_change(change=change, **given)
    actions.undo_change(change=entered(Person.objects.get(number="N2")), **given)
    assert not Person.objects.filter(number="N2").exists()
    taking_back.take_back_import(draft=draft, **given)
    assert everything() == before


def test_one_entry_goes_by_itself_with_its_place_on_a_drafted_roll_and_its_unused_account(district, given) -> None:
    poll = cast_booth.drafted_now(district, cast_booth.small_cycle(district), [district.members[:5]])
    taken(given, [], [["新一", "N1", "001001001"]])
    person = Person.objects.get(number="N1")
    polls.put_on_roll(pool=VoterPool.objects.get(poll=poll), voters=[person])
    accounts.open_account(person=person, login="n1", password="einmal-nur-so", is_handed_out=True, **given)
    actions.undo_change(change=entered(person), **given)
    assert not Person.objects.filter(number="N1").exists()
    assert RollEntry.objects.filter(poll=poll).count() == 5
    assert not Account.objects.filter(login="n1").exists()
    [deed] = JournalEntry.objects.filter(deed="roster.undo_change")
    assert deed.payload["number"] == "N1"


def test_what_hangs_on_an_entry_is_said_and_nothing_is_done(district, given) -> None:
    draft = taken(given, [["888", "新镇党委", "001", "党委", "", ""]], [["新一", "N1", "888"], ["新二", "N2", "888"]])
    place, person = Organisation.objects.get(code="888"), Person.objects.get(number="N1")
    with refused("roster.something-hangs-on-it") as caught:
        actions.undo_change(change=entered(place), **given)
    assert "新镇党委" in str(caught.value)
    posts.give_post(person=person, organisation=place, role="leader", title="", from_on=clock.today(), **given)
    before = everything()
    for deed in (
        lambda: actions.undo_change(change=entered(person), **given),
        lambda: taking_back.take_back_import(draft=draft, **given),
    ):
        with refused("roster.something-hangs-on-it") as caught:
            deed()
        assert "新一" in str(caught.value)
        assert everything() == before
    assert queries.written_by(draft).filter(undone_at=None).count() == 3


def test_an_account_in_use_keeps_its_person(district, given) -> None:
    taken(given, [], [["新一", "N1", "001001001"]])
    person = Person.objects.get(number="N1")
    accounts.open_account(person=person, login="n1", password="selbst-gewaehlt-7", **given)
    with refused("roster.something-hangs-on-it"):
        actions.undo_change(change=entered(person), **given)
    assert Account.objects.filter(login="n1").exists()


def test_what_was_changed_since_is_named_and_nothing_is_taken_back(district, given) -> None:
    draft = taken(given, *a_file(district))
    actions.give_name(about=Person.objects.get(number="N1"), name="新壹", on=clock.today(), reason="更正", **given)
    before = everything()
    with refused("roster.not-the-newest") as caught:
        taking_back.take_back_import(draft=draft, **given)
    assert "新壹" in str(caught.value)
    assert everything() == before


def test_of_many_that_were_changed_since_five_are_named_and_the_rest_counted(district, given) -> None:
    draft = taken(given, [], [[f"新{n}", f"N{n}", "001001001"] for n in range(8)])
    for n in range(8):
        actions.give_name(
            about=Person.objects.get(number=f"N{n}"), name=f"新新{n}", on=clock.today(), reason="更正", **given
        )
    with refused("roster.not-the-newest") as caught:
        taking_back.take_back_import(draft=draft, **given)
    assert "新新4 (N4)" in str(caught.value)
    assert "新新5" not in str(caught.value)
    assert "and 3 more" in str(caught.value)


def test_after_a_day_and_for_an_office_below_an_import_stays(district, given) -> None:
    draft = taken(given, *a_file(district))
    clerk = district.members[-1]
    posts.give_post(
        person=clerk, organisation=district.town, role="campaign_office", title="", from_on=clock.today(), **given
    )
    with refused("roster.done-above"):
        taking_back.take_back_import(draft=draft, at=given["at"], by=clerk)
    with refused("roster.too-late"):
        taking_back.take_back_import(draft=draft, at=given["at"] + timedelta(days=1, minutes=1), by=given["by"])


def test_who_was_left_out_and_written_down_is_no_part_of_what_is_taken_back(district, given) -> None:
    draft = taken(given, *a_file(district))
    gone = district.members[-1]
    later = {"at": given["at"] + timedelta(minutes=1), "by": given["by"]}
    imports.end_missing(
        draft=draft, references=[f"people:{gone.number}"], died=False, on=clock.today(), reason="转出", **later
    )
    taking_back.take_back_import(draft=draft, **later)
    assert Person.objects.get(pk=gone.pk).left_on is not None


def test_whoever_is_entered_by_hand_is_taken_out_again(district, given) -> None:
    before = everything()
    place = actions.enter_organisation(name="新村党支部", parent=district.town, kind="branch", sector="rural", **given)
    person = actions.enter_person(name="新一", organisation=place, membership="formal", post_kind="", **given)
    for row in (person, place):
        actions.undo_change(change=entered(row), **given)
    assert everything() == before


def test_taking_back_asks_as_often_for_sixty_rows_as_for_six(district, given, django_assert_max_num_queries) -> None:
    for size, code in ((6, "A"), (60, "B")):
        draft = taken(given, [], [[f"新{n}", f"{code}{n}", "001001001"] for n in range(size)])
        with django_assert_max_num_queries(150):
            taking_back.take_back_import(draft=draft, **given)
        assert not Person.objects.filter(number__startswith=code).exists()
