"""Who reads what goes around its target: nobody of the office, nobody who heads a unit, nothing that came before, and two people for each
change, which everybody and the reporter see.
"""

import json

import pytest
from tests.cast.cases import named_reader, outsiders, released, two_readers
from tests.cast.district import NOW, launched_cycle, small_district
from tests.cast.refusing import refused
from tests.rooms.cases.test_cases import DAY, received

from zhengyou.base.models import JournalEntry, PublicEntry
from zhengyou.cases import actions, guarding, queries, reader_queries, reporting
from zhengyou.cases.models import Case
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.models import Post, Responsibility

pytestmark = pytest.mark.django_db
ON = NOW.date()


@pytest.fixture
def district():
    return small_district()


@pytest.fixture
def cycle(district):
    return launched_cycle(district)


@pytest.fixture
def village(district):
    return district.villages[0]


def around(unit, at=NOW, words="收了红包"):
    return received(unit, kind="misconduct", words=words, at=at).case


def named(district, person, at):
    """A reader from the day after `at`."""
    return named_reader(organisation=district.root, person=person, at=at + DAY, by=district.office)


def reads(person, row, on=ON):
    return reader_queries.guarded_case(row.pk, person, on) is not None


def test_a_reader_is_named_by_one_and_confirmed_by_another_and_everybody_sees_that_it_changed(district, cycle, village):
    [person] = outsiders(district, at=NOW, count=1)
    facts = {"organisation": district.root, "person": person, "at": NOW - DAY, "by": district.office}
    row, named = around(village), guarding.name_reader(**facts)
    assert not reads(person, row)
    assert not reader_queries.is_reader(person, ON)
    with refused("reader.one-person"):
        guarding.confirm_reader(reader=named, at=NOW - DAY, by=district.office)
    with refused("role.not-office"):
        guarding.confirm_reader(reader=named, at=NOW - DAY, by=district.secretaries[0])
    assert not PublicEntry.objects.filter(what="cases.confirm_reader").exists()
    named = guarding.confirm_reader(reader=named, at=NOW - DAY, by=district.second_office)
    assert reads(person, row)
    with refused("reader.confirmed"):
        guarding.confirm_reader(reader=named, at=NOW, by=district.second_office)
    named = guarding.release_reader(reader=named, at=NOW, by=district.office)
    with refused("reader.released-by-one"):
        guarding.release_reader(reader=named, at=NOW, by=district.office)
    assert reads(person, row), "one person alone releases nobody"
    guarding.release_reader(reader=named, at=NOW, by=district.second_office)
    assert not reads(person, row)
    told = [json.loads(one.document)["content"] for one in PublicEntry.objects.filter(what__endswith="_reader")]
    assert told == [{"readers": 1}, {"readers": 0}]


def test_attack_the_office_names_somebody_to_read_what_lies_there(district, cycle, village):
    """Two of the office agree on a stranger: what came before, and on the day itself, stays closed to that person."""
    before, [person] = around(village, NOW - 5 * DAY), outsiders(district, at=NOW, count=1)
    same_day = around(village, words="同一天")
    named(district, person, NOW)
    later = around(village, NOW + DAY, "后来的")
    assert [reads(person, row, ON + DAY) for row in (before, same_day, later)] == [False, False, True]
    with refused("case.not-a-reader"):
        guarding.hand_over(case=before, words="已移交。", at=NOW + DAY, by=person)
    assert set(reader_queries.unread_by_anybody(district.root, ON + DAY)) == {before, same_day}


@pytest.mark.parametrize("who", ["office", "second_office", "leader", "town_secretary", "secretary", "answers"])
def test_nobody_of_an_office_and_nobody_who_heads_or_answers_for_a_unit_is_a_reader(district, cycle, who):
    people = {"secretary": district.secretaries[3], "answers": district.members[0]}
    person = people.get(who) or getattr(district, who)
    if who == "answers":
        organisations.make_responsible(
            organisation=district.villages[3],
            person=person,
            tier=Responsibility.Tier.DIRECT,
            from_on=ON,
            at=NOW,
            by=None,
        )
    with refused("reader.office-or-head"):
        guarding.name_reader(organisation=district.root, person=person, at=NOW, by=district.office)


def test_attack_the_refusal_of_a_reader_is_the_same_with_and_without_a_report_about_their_unit(district, cycle):
    """Otherwise it would tell the office about which unit there is one."""
    around(district.villages[0])
    said = []
    for head in district.secretaries[:2]:
        with pytest.raises(Exception) as refusal:
            guarding.name_reader(organisation=district.root, person=head, at=NOW, by=district.office)
        said.append(str(refusal.value).replace(head.name, ""))
    assert said[0] == said[1]


@pytest.mark.parametrize("role", [Post.Role.CAMPAIGN_OFFICE, Post.Role.SECRETARY])
def test_whoever_gets_such_a_post_later_reads_nothing_from_that_day(district, cycle, village, role):
    reader, other = two_readers(district, at=NOW)
    row = around(village)
    home = district.root if role == Post.Role.CAMPAIGN_OFFICE else district.villages[3]
    organisations.appoint(person=reader, organisation=home, role=role, title="", from_on=ON + DAY, at=NOW, by=None)
    assert reads(reader, row)
    assert not reads(reader, row, ON + DAY)
    with refused("case.not-a-reader"):
        guarding.hand_over(case=row, words="已移交。", at=NOW + DAY, by=reader)
    assert reads(other, row, ON + DAY)
    assert [one.person for one in reader_queries.readers_now(district.root, ON + DAY)] == [other]


def test_whoever_got_a_post_while_waiting_is_not_confirmed(district, cycle):
    [person] = outsiders(district, at=NOW, count=1)
    row = guarding.name_reader(organisation=district.root, person=person, at=NOW, by=district.office)
    organisations.appoint(
        person=person, organisation=district.root, role=Post.Role.CAMPAIGN_OFFICE, title="", from_on=ON, at=NOW, by=None
    )
    with refused("reader.office-or-head"):
        guarding.confirm_reader(reader=row, at=NOW, by=district.second_office)


def test_what_nobody_may_read_is_given_by_two_people_and_reporter_and_public_see_it(district, cycle, village):
    row, people = around(village, NOW - 3 * DAY), outsiders(district, at=NOW)
    with refused("giving.no-readers"):
        guarding.ask_giving(organisation=district.root, at=NOW, by=district.office)
    for person in people:
        named(district, person, NOW - DAY)
    asked = guarding.ask_giving(organisation=district.root, at=NOW, by=district.office)
    after = Case.objects.get(pk=around(village, NOW + DAY, "问过之后").pk)
    with refused("giving.one-person"):
        guarding.confirm_giving(giving=asked, at=NOW, by=district.office)
    assert not reads(people[0], row)
    guarding.confirm_giving(giving=asked, at=NOW + DAY, by=district.second_office)
    assert [reads(one, row, ON + DAY) for one in people] == [True, True]
    assert reads(people[0], after, ON + DAY)
    with refused("giving.done"):
        guarding.confirm_giving(giving=asked, at=NOW + DAY, by=district.second_office)
    with refused("giving.nothing"):
        guarding.ask_giving(organisation=district.root, at=NOW + DAY, by=district.office)
    entry = json.loads(PublicEntry.objects.get(what="cases.confirm_giving").document)
    assert entry["content"] == {"readers": 2}
    assert [one.what for one in reader_queries.changes_since(row)] == ["named", "named", "given"]
    assert reader_queries.readers_of(row, ON + DAY) == 2
    assert not JournalEntry.objects.filter(subject=row.reference).exists()


def test_what_one_of_them_reads_still_is_given_to_nobody_else(district, cycle, village):
    first, _second = two_readers(district, at=NOW)
    row = around(village)
    third = district.members[5]
    released(reader_queries.readers_named(district.root)[1], district, at=NOW)
    named(district, third, NOW)
    with refused("giving.nothing"):
        guarding.ask_giving(organisation=district.root, at=NOW + DAY, by=district.office)
    assert (reads(first, row, ON + DAY), reads(third, row, ON + DAY)) == (True, False)
    assert [one.what for one in reader_queries.changes_since(row)] == ["released", "named"]
    assert reader_queries.readers_of(row, ON + DAY) == 1


def test_a_reader_never_reads_what_is_about_their_own_unit(district, cycle, village):
    row = around(village)
    named_reader(organisation=district.root, person=district.members[0], at=NOW, by=district.office)
    assert not reads(district.members[0], row)


def test_what_was_handed_over_is_closed_for_reading_after_a_week_and_takes_no_message_then(district, cycle, village):
    reader, _other = two_readers(district, at=NOW)
    row = guarding.hand_over(case=around(village), words="已移交。", at=NOW, by=reader)
    reporting.write_as_reporter(case=row, words="他还在收。", at=NOW + 7 * DAY)
    assert reads(reader, row, ON + 7 * DAY)
    assert not reads(reader, row, ON + 8 * DAY)
    with refused("case.handed-over"):
        reporting.write_as_reporter(case=row, words="有人看吗？", at=NOW + 8 * DAY)


def test_the_list_says_what_was_read_what_was_answered_and_who_waits(district, cycle, village):
    reader, _other = two_readers(district, at=NOW)
    row = around(village)

    def signs():
        [one] = reader_queries.with_signs(reader_queries.guarded_for(reader, ON), reader)
        return one.was_read, one.was_answered, one.waits_for_answer

    assert signs() == (False, False, False)
    guarding.note_readings(cases=[row], at=NOW, by=reader)
    reporting.write_as_reporter(case=row, words="他还在教课。", at=NOW)
    assert signs() == (True, False, True)
    guarding.write_guarded_message(case=row, words="收到。", at=NOW, by=reader)
    assert signs() == (True, True, False)


def test_what_the_office_finds_to_be_misconduct_goes_to_those_who_read_that_day(district, cycle, village):
    row = received(village, at=NOW - 3 * DAY).case
    reader, _other = two_readers(district, at=NOW - DAY)
    row = actions.change_kind(case=row, kind="misconduct", at=NOW, by=district.office)
    assert reads(reader, row)
    assert queries.case_with_id(row.pk) is None


def test_a_release_is_taken_back_or_declined_and_its_asker_alone_releases_nobody(district, cycle, village):
    two_readers(district, at=NOW - DAY)
    reader = reader_queries.readers_named(district.root)[0]
    act = {"reader": reader, "at": NOW}
    row = around(village)
    for who in (district.office, district.second_office):
        guarding.release_reader(**act, by=district.office)
        with refused("role.not-office"):
            guarding.keep_reader(**act, by=district.secretaries[0])
        guarding.keep_reader(**act, by=who)
        reader.refresh_from_db()
        assert reader.release_asked_by is None
        assert reads(reader.person, row)
        guarding.keep_reader(**act, by=who)
    guarding.release_reader(**act, by=district.second_office)
    guarding.release_reader(**act, by=district.office)
    with refused("reader.released"):
        guarding.keep_reader(**act, by=district.second_office)
    assert JournalEntry.objects.filter(deed="cases.keep_reader").count() == 2
