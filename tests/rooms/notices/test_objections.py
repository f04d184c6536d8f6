"""Objections: they count by arrival, are sent once, and are handled step by step from outside the nominee."""

from datetime import timedelta

import pytest
from tests.cast.awards import answered_objection, filed_objection, published_notice
from tests.cast.district import NOW, launched_cycle, small_district

from zhengyou.base import journal
from zhengyou.base.models import JournalEntry
from zhengyou.identity.rules import RoleRefused
from zhengyou.notices import actions, queries
from zhengyou.notices.models import Objection
from zhengyou.notices.rules import ObjectionRefused, OutsiderRefused, check_is_outside
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.models import Post

LATER = NOW + timedelta(hours=1)
TEXT = "所述的路并未修通。"


@pytest.fixture
def district(db):
    return small_district()


@pytest.fixture
def notice(district):
    return published_notice(district, launched_cycle(district))


def file(notice, *, nominee="", content=TEXT, name="", contact="", ticket="a" * 32, at=LATER, **changes):
    return actions.file_objection(
        notice=notice, nominee=nominee, content=content, name=name, contact=contact, ticket=ticket, at=at, **changes
    )


def test_an_objection_is_received_with_a_number_and_a_code(district, notice):
    first = file(notice, nominee=district.villages[0].reference, name="某居民", contact="0745-1111111")
    second = file(notice, ticket="b" * 32)
    assert (first.objection.number, second.objection.number) == (1, 2)
    assert first.objection.state == Objection.State.RECEIVED
    assert len(first.code.replace("-", "")) == 12
    assert first.code != second.code


def test_the_code_finds_it_forgivingly_and_is_not_stored(notice):
    filed = file(notice)
    assert queries.objection_with_code(filed.code.lower().replace("-", " ")) == filed.objection
    assert queries.objection_with_code("0000-0000-0000") is None
    stored = Objection.objects.values().get(pk=filed.objection.pk)
    entries = [str(entry.payload) for entry in JournalEntry.objects.all()]
    assert filed.code not in str(stored)
    assert not any(filed.code in entry for entry in entries)


def test_the_same_form_twice_is_one_objection_with_the_same_code(notice):
    first, again = file(notice), file(notice, at=LATER + timedelta(minutes=5))
    assert again.objection == first.objection
    assert again.code == first.code
    assert Objection.objects.count() == 1


def test_another_text_needs_another_form(notice):
    file(notice)
    with pytest.raises(ObjectionRefused):
        file(notice, content="另一件事。")
    assert Objection.objects.count() == 1


def test_objections_count_by_arrival(notice):
    last = file(notice, at=notice.closes_at - timedelta(seconds=1))
    assert last.objection.number == 1
    with pytest.raises(ObjectionRefused, match="0745-0000000"):
        file(notice, ticket="b" * 32, at=notice.closes_at)


def test_the_office_enters_later_what_arrived_in_time(district, notice):
    late = notice.closes_at + timedelta(days=1)
    came = {"way": Objection.Way.LETTER, "by": district.office, "at": late}
    filed = file(notice, arrived_at=notice.closes_at - timedelta(hours=2), **came)
    assert filed.objection.arrived_at == notice.closes_at - timedelta(hours=2)
    for arrived_at in (notice.closes_at, late + timedelta(minutes=1), notice.published_at - timedelta(minutes=1)):
        with pytest.raises(ObjectionRefused):
            file(notice, ticket="b" * 32, arrived_at=arrived_at, **came)
    with pytest.raises(RoleRefused):
        file(notice, ticket="b" * 32, way=Objection.Way.LETTER, by=district.leader)


@pytest.mark.parametrize("changes", [{"content": "  "}, {"content": "长" * 2001}, {"nominee": "organisation:0"}])
def test_what_an_objection_must_contain(notice, changes):
    with pytest.raises(ObjectionRefused):
        file(notice, **changes)
    assert not Objection.objects.exists()


@pytest.mark.parametrize("changes", [{"name": "名" * 81}, {"contact": "1" * 201}])
def test_name_and_contact_have_a_length(notice, changes):
    with pytest.raises(ObjectionRefused):
        file(notice, **changes)


def test_the_journal_names_no_objector(district, notice):
    filed = file(notice, name="某居民", contact="0745-1111111")
    entry = journal.entries_about(filed.objection.reference)[0]
    assert (entry.deed, entry.by, entry.payload) == ("notices.file_objection", "", {"way": "form"})


def test_the_docket_goes_step_by_step(district, notice):
    objection = filed_objection(notice, nominee=district.villages[0].reference, at=LATER)
    step = {"objection": objection, "at": LATER, "by": district.office}
    with pytest.raises(ObjectionRefused):
        actions.record_check(checker=district.secretaries[3], finding="属实", **step)
    with pytest.raises(ObjectionRefused):
        actions.rule_on_objection(is_upheld=True, **step)
    assert actions.register_objection(**step).state == Objection.State.REGISTERED
    with pytest.raises(ObjectionRefused):
        actions.register_objection(**step)
    with pytest.raises(ObjectionRefused):
        actions.record_check(checker=district.secretaries[3], finding=" ", **step)
    checked = actions.record_check(checker=district.secretaries[3], finding="属实", **step)
    assert (checked.state, checked.checked_by, checked.finding) == ("checked", district.secretaries[3], "属实")
    with pytest.raises(ObjectionRefused):
        actions.answer_objection(answer="答复", **step)
    assert actions.rule_on_objection(is_upheld=True, **step).is_upheld is True
    with pytest.raises(ObjectionRefused):
        actions.rule_on_objection(is_upheld=False, **step)
    with pytest.raises(ObjectionRefused):
        actions.answer_objection(answer="", **step)
    answered = actions.answer_objection(answer="已核实。", **step)
    assert (answered.state, answered.is_open, answered.is_upheld) == ("answered", False, True)
    with pytest.raises(ObjectionRefused):
        actions.answer_objection(answer="再答", **step)
    deeds = [entry.deed for entry in journal.entries_about(objection.reference)]
    assert deeds == [
        f"notices.{verb}"
        for verb in ("file_objection", "register_objection", "record_check", "rule_on_objection", "answer_objection")
    ]


def test_only_the_office_leads_the_docket(district, notice):
    objection = filed_objection(notice, at=LATER)
    with pytest.raises(RoleRefused):
        actions.register_objection(objection=objection, at=LATER, by=district.secretaries[3])


def test_who_may_check_an_objection_to_a_village(district):
    village, day = district.villages[0], NOW.date()
    check_is_outside(district.secretaries[1], [village], day)  # another village
    check_is_outside(district.office, [village], day)  # above it, and of the campaign office
    for insider in (district.secretaries[0], district.members[0]):
        with pytest.raises(OutsiderRefused):
            check_is_outside(insider, [village], day)
    for above in (district.town_secretary, district.leader):
        with pytest.raises(OutsiderRefused):
            check_is_outside(above, [village], day)


def test_who_is_below_the_nominee_belongs_to_it(district):
    with pytest.raises(OutsiderRefused):
        check_is_outside(district.secretaries[0], [district.town], NOW.date())


def test_the_office_itself_does_not_check_its_own_organisation(district):
    with pytest.raises(OutsiderRefused):
        check_is_outside(district.office, [district.root], NOW.date())


def test_a_post_in_the_nominee_counts_as_belonging_to_it(district):
    outsider, day = district.secretaries[3], NOW.date()
    organisations.appoint(
        person=outsider,
        organisation=district.villages[0],
        role=Post.Role.LEADER,
        title="",
        from_on=day,
        at=NOW,
        by="",
        until_on=day + timedelta(days=10),
    )
    with pytest.raises(OutsiderRefused):
        check_is_outside(outsider, [district.villages[0]], day)
    check_is_outside(outsider, [district.villages[0]], day + timedelta(days=10))


def test_an_objection_to_the_whole_concerns_every_nominee(district, notice):
    objection = filed_objection(notice, at=LATER)
    step = {"objection": objection, "at": LATER, "by": district.office}
    actions.register_objection(**step)
    for insider in district.secretaries[:2]:
        with pytest.raises(OutsiderRefused):
            actions.record_check(checker=insider, finding="不属实", **step)
    assert actions.record_check(checker=district.secretaries[2], finding="不属实", **step).checked_by is not None


def test_an_office_person_of_the_nominee_neither_reads_nor_handles_it(district, notice):
    """A member of the nominated village who works in the office."""
    insider = district.secretaries[0]
    organisations.appoint(
        person=insider,
        organisation=district.root,
        role=Post.Role.CAMPAIGN_OFFICE,
        title="",
        from_on=NOW.date(),
        at=NOW,
        by="",
    )
    mine = filed_objection(notice, nominee=district.villages[0].reference, at=LATER)
    other = filed_objection(notice, nominee=district.villages[1].reference, at=LATER, ticket="b" * 32)
    with pytest.raises(OutsiderRefused):
        queries.objection_for(mine.pk, reader=insider, on=NOW.date())
    with pytest.raises(OutsiderRefused):
        actions.register_objection(objection=mine, at=LATER, by=insider)
    assert queries.objection_for(other.pk, reader=insider, on=NOW.date()) == other
    assert queries.objection_for(0, reader=insider, on=NOW.date()) is None


def test_open_objections_freeze_and_upheld_ones_remove(district, notice):
    one, two = (village.reference for village in district.villages[:2])
    objection = filed_objection(notice, nominee=one, at=LATER)
    assert (queries.open_objections(notice), queries.frozen_nominees(notice)) == (1, {one})
    answered_objection(district, objection, is_upheld=True, at=LATER)
    assert (queries.open_objections(notice), queries.frozen_nominees(notice)) == (0, set())
    assert queries.removed_nominees(notice) == {one}
    whole = filed_objection(notice, at=LATER, ticket="b" * 32)
    assert queries.frozen_nominees(notice) == {one, two}
    answered_objection(district, whole, is_upheld=False, at=LATER)
    assert queries.removed_nominees(notice) == {one}


def test_the_docket_lists_open_ones_first(district, notice):
    answered = filed_objection(notice, at=LATER)
    answered_objection(district, answered, is_upheld=False, at=LATER)
    later = filed_objection(notice, at=LATER + timedelta(hours=2), ticket="b" * 32)
    earlier = filed_objection(notice, at=LATER + timedelta(hours=1), ticket="c" * 32)
    assert list(queries.docket()) == [earlier, later, answered]
