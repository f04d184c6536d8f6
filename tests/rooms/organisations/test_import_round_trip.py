"""Whatever the house holds, the workbook it gives away changes nothing when it is imported again."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.cast.district import NOW

from zhengyou.organisations import actions
from zhengyou.organisations.importing import drafts, headings, rosters, workbooks
from zhengyou.organisations.models import ImportDraft, Organisation, Person, Post, Responsibility, held_on

KINDS = ["committee", "general-branch", "branch", "joint-branch", "group", "other"]
SECTORS = ["", "rural", "street-community", "government-office", "private-social"]
letters = st.characters(min_codepoint=32, max_codepoint=0xFFEF, exclude_categories=("Cs", "Cc", "Cn", "Co"))
names = st.text(letters, min_size=1, max_size=12).filter(str.strip) | st.sampled_from(["合计", "备注", "=1+1", "张 三"])
# The district that the office fixture makes has codes that begin with 001.
codes = st.text("0123456789ABC-._０１Ａ 支部=+@'", min_size=1, max_size=6).filter(
    lambda text: text.strip() == text and not text.startswith("001")
)
places = st.integers(0, 5)
organisations = st.dictionaries(
    codes, st.tuples(names, st.sampled_from(KINDS), st.sampled_from(SECTORS), places), max_size=6
)
members = st.dictionaries(
    codes, st.tuples(names, st.sampled_from(Person.Membership.values), st.booleans(), places), max_size=6
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=organisations, people=members)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_poll_trip_changes_nothing(office, language, tree, people):
    with transaction.atomic():
        fill(office, tree, people)
        for what, count in [
            (ImportDraft.What.ORGANISATIONS, Organisation.objects.count()),
            (ImportDraft.What.PEOPLE, Person.objects.count()),
        ]:
            plan = drafts.plan_of(office.draft(what, rosters.present_workbook(what, language)))
            assert plan.counts == {"bad": 0, "changed": 0, "new": 0, "unchanged": count}
            assert plan.missing == 0
        transaction.set_rollback(True)


def fill(office, tree, people):
    """Adds organisations below one another and, below them, members with posts and responsibilities."""
    known = [office.district.town]
    for code, (name, kind, sector, place) in tree.items():
        parent = known[place % len(known)] if place else None
        known.append(
            actions.add_organisation(code=code, name=name, kind=kind, sector=sector, parent=parent, at=NOW, by=None)
        )
    day = NOW.date() + timedelta(days=1)
    for number, (name, membership, is_floating, place) in people.items():
        home = known[place % len(known)]
        person = actions.add_person(
            number=number, name=name, organisation=home, at=NOW, by=None, membership=membership, is_floating=is_floating
        )
        actions.appoint(
            person=person, organisation=home, role=Post.Role.SECRETARY, title="", from_on=day, at=NOW, by=None
        )
        if not Responsibility.objects.filter(held_on(day), organisation=home).exists():
            actions.make_responsible(organisation=home, person=person, tier="direct", from_on=day, at=NOW, by=None)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("what", ImportDraft.What.values)
def test_an_empty_workbook_has_headings_that_are_all_known(office, what, language):
    data = rosters.empty_workbook(what, language)
    [first, second] = workbooks.read_sheets(data)
    assert len(first.rows) == 1
    row = {column.slug: "x" for column in headings.COLUMNS[what]}
    reading = headings.read_list([first.__class__(first.name, False, [*first.rows, (2, list(row.values()))])], what)
    assert reading.rows[0].cells == row
    assert not reading.remarks
    assert len(second.rows) > 2
