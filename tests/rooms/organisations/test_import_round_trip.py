"""Whatever the house holds, the workbook it gives away changes nothing when it is imported again."""

from datetime import timedelta
from itertools import product

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.cast.district import NOW, District
from tests.rooms.organisations.conftest import Office

from zhengyou.campaigns import actions as campaigns
from zhengyou.campaigns import packs
from zhengyou.organisations import actions
from zhengyou.organisations.importing import columns, drafts, headings, rosters, workbooks
from zhengyou.organisations.models import Organisation, Person, Post, Responsibility, held_on

letters = st.characters(min_codepoint=32, max_codepoint=0xFFEF, exclude_categories=("Cs", "Cc", "Cn", "Co"))
# Signs that hide are in no name: forms and imports clean them away.
names = st.text(letters.filter(str.isprintable), min_size=1, max_size=12).filter(str.strip) | st.sampled_from(
    ["合计", "备注", "=1+1", "张 三"]
)
# The district that the office fixture makes has codes that begin with 001.
codes = st.text("0123456789ABC-._０１Ａ 支部=+@'", min_size=1, max_size=6).filter(
    lambda text: text.strip() == text and not text.startswith("001")
)
places = st.integers(0, 5)
choices = st.integers(0, 20)  # one of the pack's words; some of them stand for none
organisations = st.dictionaries(codes, st.tuples(names, choices, choices, places), max_size=6)
members = st.dictionaries(
    codes, st.tuples(names, st.sampled_from(Person.Membership.values), st.booleans(), choices, places), max_size=6
)


def house_of(pack_id: str) -> Office:
    """An office in a house with the words of that pack and one organisation, in which the office itself works."""
    pack = packs.load_pack(pack_id)
    campaigns.load_pack_words(pack_id=pack_id, at=NOW, by=None)
    root = actions.add_organisation(code="001", name="甲", kind=pack.root_kind, sector="", parent=None, at=NOW, by=None)
    person = actions.add_person(number="001", name="乙", organisation=root, at=NOW, by=None)
    return Office(District(root, root, [], person, person, person, person, []))


# A house that fails is small as it is: to make it smaller would take minutes, as each one is written and read anew.
@settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(tree=organisations, people=members)
@pytest.mark.parametrize("pack_id", packs.pack_ids())
def test_a_round_trip_changes_nothing_whatever_the_pack(db, pack_id, tree, people):
    with transaction.atomic():
        office = house_of(pack_id)
        fill(office, tree, people, packs.load_pack(pack_id))
        counts = {"organisations": Organisation.objects.count(), "people": Person.objects.count()}
        for (what, count), language in product(counts.items(), ["zh-hans", "en"]):
            plan = drafts.plan_of(office.draft(what, rosters.present_workbook(what, language)))
            assert plan.counts == {"bad": 0, "asked": 0, "changed": 0, "new": 0, "unchanged": count}
            assert plan.missing == []
        transaction.set_rollback(True)


def one_of(words, choice):
    """One of the pack's words, or none."""
    return words[choice].id if choice < len(words) else ""


def fill(office, tree, people, pack):
    """Adds organisations below one another and, below them, members with posts and responsibilities."""
    known = [office.district.town]
    for code, (name, kind, sector, place) in tree.items():
        parent = known[place % len(known)] if place else None
        known.append(
            actions.add_organisation(
                code=code,
                name=name,
                kind=pack.organisation_kinds[kind % len(pack.organisation_kinds)].id,
                sector=one_of(pack.sectors, sector),
                parent=parent,
                at=NOW,
                by=None,
            )
        )
    day = NOW.date() + timedelta(days=1)
    for number, (name, membership, is_floating, post_kind, place) in people.items():
        home = known[place % len(known)]
        person = actions.add_person(
            number=number,
            name=name,
            organisation=home,
            membership=membership,
            is_floating=is_floating,
            post_kind=one_of(pack.post_kinds, post_kind),
            at=NOW,
            by=None,
        )
        actions.appoint(
            person=person, organisation=home, role=Post.Role.SECRETARY, title="", from_on=day, at=NOW, by=None
        )
        if not Responsibility.objects.filter(held_on(day), organisation=home).exists():
            actions.make_responsible(organisation=home, person=person, tier="direct", from_on=day, at=NOW, by=None)


@pytest.mark.parametrize("pack_id", packs.pack_ids())
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("what", columns.COLUMNS)
def test_an_empty_workbook_has_headings_that_are_all_known(db, what, language, pack_id):
    campaigns.load_pack_words(pack_id=pack_id, at=NOW, by=None)
    [first, second] = workbooks.read_sheets(rosters.empty_workbook(what, language))
    assert len(first.rows) == 1
    row = {column.slug: "x" for column in columns.columns_of_house(what)}
    reading = headings.read_lists([first.__class__(first.name, False, [*first.rows, (2, list(row.values()))])], [what])
    assert reading.rows[0].cells == row
    assert not reading.remarks
    assert len(second.rows) > 2
