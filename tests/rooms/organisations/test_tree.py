"""The tree: paths after adding and moving, what may not be placed where, who stands above, within and elsewhere."""

from threading import Thread
from typing import Any

import pytest
from django.db import connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.cast.district import NOW, District
from tests.cast.refusing import refused

from zhengyou.base.journal import entries_about
from zhengyou.organisations import actions, queries, tree
from zhengyou.organisations.models import Organisation, Person


def move(organisation: Organisation, parent: Organisation | None) -> Organisation:
    return actions.change_organisation(organisation=organisation, changes={"parent": parent}, at=NOW, by=None)


def add(code: str, parent: Organisation | None) -> Organisation:
    return actions.add_organisation(
        code=code, name=f"组织{code}", kind="branch", sector="", parent=parent, at=NOW, by=None
    )


def paths_by_hand() -> dict[int, tuple[str, int]]:
    """Path and depth of every organisation, found by climbing from parent to parent."""
    parents = dict(Organisation.objects.values_list("pk", "parent_id"))

    def chain(pk: int | None) -> list[int]:
        return [*chain(parents[pk]), pk] if pk else []

    return {pk: ("".join(f"{one:08d}/" for one in chain(pk)), len(chain(pk)) - 1) for pk in parents}


def paths_kept() -> dict[int, tuple[str, int]]:
    return {row.pk: (row.path, row.depth) for row in Organisation.objects.all()}


def test_moving_carries_the_subtree_along_and_says_so_in_the_journal(district: District) -> None:
    other = add("002", None)
    town = move(district.town, other)
    assert (town.path, town.depth) == (f"{other.pk:08d}/{town.pk:08d}/", 1)
    assert paths_kept() == paths_by_hand()
    village = Organisation.objects.get(pk=district.villages[0].pk)
    assert [row.pk for row in queries.above_and_below(village)[0]] == [other.pk, town.pk]
    newest = entries_about(district.town.reference)[-1]
    assert (newest.deed, newest.payload["before"]) == ("organisations.change_organisation", {"parent": "测试区委"})


def test_what_is_moved_to_the_top_begins_a_tree_of_its_own(district: District) -> None:
    town = move(district.town, None)
    assert (town.path, town.depth) == (f"{town.pk:08d}/", 0)
    assert paths_kept() == paths_by_hand()


@pytest.mark.parametrize("which", ["itself", "below", "far below"])
def test_an_organisation_is_never_placed_under_itself(district: District, which: str) -> None:
    places = {"itself": district.root, "below": district.town, "far below": district.villages[0]}
    with refused("organisation.under-itself"):
        move(district.root, places[which])
    assert paths_kept() == paths_by_hand()


def test_a_loop_is_seen_even_by_whoever_read_the_parent_before_it_moved(district: District) -> None:
    stale = Organisation.objects.get(pk=district.villages[0].pk)
    other = add("002", None)
    move(district.villages[0], other)
    with refused("organisation.under-itself"):
        move(other, stale)


def test_changing_a_name_keeps_the_place_and_renews_the_order(district: District) -> None:
    row = actions.change_organisation(organisation=district.town, changes={"name": "安宁镇党委"}, at=NOW, by=None)
    assert (row.name_key, row.path) == ("anningzhendangwei", district.town.path)
    assert queries.find_organisations("anning")[0] == row


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 6)), max_size=6))
def test_however_organisations_move_their_paths_are_those_of_their_parents(district: District, moves: Any) -> None:
    rows: list[Organisation | None] = [*district.everywhere, None]
    for moved, onto in moves:
        row = rows[moved]
        assert row is not None
        try:
            move(row, rows[onto])
        except actions.rules.TreeRefused:
            continue
        assert paths_kept() == paths_by_hand()


def test_an_id_longer_than_eight_digits_is_not_cut_off(district: District) -> None:
    row = Organisation.objects.create(pk=1_234_567_890, code="L", name="长", kind="branch", parent=district.town)
    tree.write_paths(row)
    row.refresh_from_db()
    assert row.path == f"{district.town.path}1234567890/"


def test_only_what_moved_is_written(district: District) -> None:
    versions = "SELECT id, xmin::text FROM zhengyou_organisation ORDER BY id"
    before = [tuple(row) for row in Organisation.objects.raw(versions).query]
    tree.write_paths()
    assert [tuple(row) for row in Organisation.objects.raw(versions).query] == before


def test_within_above_and_elsewhere(district: District) -> None:
    root, town, [village, other, *_rest] = district.root, district.town, district.villages
    assert tree.ids_above(village) == [root.pk, town.pk]
    assert tree.ids_above(root) == []
    assert tree.is_within(village, village)
    assert tree.is_within(village, root)
    assert not tree.is_within(root, village)
    assert tree.is_within_any(village, [other, town])
    assert not tree.is_within_any(village, [other])
    assert set(Organisation.objects.filter(tree.within(town))) == {town, *district.villages}
    homes = Person.objects.filter(tree.below([town, village], "organisation")).values_list("organisation", flat=True)
    assert set(homes) == {row.pk for row in district.villages}
    assert not Person.objects.filter(tree.below([], "organisation")).exists()
    assert tree.topmost([village, town, village, town]) == [town]
    assert tree.topmost([other, village, other]) == [other, village]
    assert tree.topmost([]) == []


@pytest.mark.parametrize(
    ("home", "unit", "is_elsewhere"),
    [
        ("village", "village", False),
        ("village", "town", False),
        ("town", "village", False),
        ("root", "village", True),
        ("other", "village", True),
        ("village", "root", False),
        ("root", "root", False),
    ],
)
def test_elsewhere_is_neither_the_unit_nor_below_it_nor_right_above_it(
    district: District, home: str, unit: str, is_elsewhere: bool
) -> None:
    places = {
        "root": district.root,
        "town": district.town,
        "village": district.villages[0],
        "other": district.villages[1],
    }
    assert tree.is_from_elsewhere(places[home], places[unit]) is is_elsewhere


@pytest.mark.django_db(transaction=True)
def test_nobody_is_added_below_an_organisation_that_is_being_moved(district: District) -> None:
    """The addition waits for the move, and so reads the new path of what it stands below."""
    village, added = district.villages[0], []

    def add_below() -> None:
        try:
            added.append(add("900", village))
        finally:
            connections.close_all()

    other = Thread(target=add_below)
    with transaction.atomic():
        move(village, district.root)
        other.start()
        other.join(0.5)
        assert added == []
    other.join(30)
    assert len(added) == 1
    assert paths_kept() == paths_by_hand()


@pytest.mark.parametrize("few", [0, 50])
def test_what_lies_within_many_is_found_by_their_paths_and_within_few_by_conditions(district, monkeypatch, few):
    monkeypatch.setattr(tree, "FEW", few)
    outers = [district.town, district.villages[0]]
    within = Organisation.objects.filter(tree.within_any(outers)).values_list("id", flat=True)
    assert sorted(tree.ids_within(outers)) == sorted(within)
    assert tree.ids_within([]) == []
