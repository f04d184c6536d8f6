"""Polls that rate persons: who may be on the sheet, who reads what came of it, from how many ballots."""

import pytest
from tests.cast import persons as cast
from tests.cast.district import NOW, small_district
from tests.cast.keys import give_keys
from tests.cast.polls import AFTER, vote_all
from tests.cast.refusing import refused

from blindballot.format.encoding import unb64
from blindballot.format.merkle import RootBuilder, leaf_hash
from zhengyou.ballots import actions as ballot_actions
from zhengyou.base.models import PublicEntry
from zhengyou.base.refusals import allows
from zhengyou.base.words import with_ends
from zhengyou.counting import queries as counting
from zhengyou.grades import rules as grade_rules
from zhengyou.identity import actions as identity
from zhengyou.identity import rules as identity_rules
from zhengyou.identity.models import Account
from zhengyou.organisations import actions as roster
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Person
from zhengyou.persons import queries, rules
from zhengyou.pledges import actions as pledges
from zhengyou.pledges.queries import standing_in
from zhengyou.polls import queries as polls
from zhengyou.polls.rules import PlannedPool, foresee_of_persons
from zhengyou.rhythm import actions as rhythm
from zhengyou.standings import actions as standings
from zhengyou.standings.models import Result

pytestmark = pytest.mark.django_db(transaction=True)
GRADES = ("good", "fairly-good", "fair", "poor")


@pytest.fixture
def house():
    return small_district(members_a_village=24)


@pytest.fixture
def cycle(house):
    return cast.small_cycle(house)


def test_only_who_committed_in_public_is_rated_and_nobody_on_probation(house, cycle) -> None:
    first, second, new = house.members[:3]
    with refused("person.without-public-commitment"):
        cast.planned_of(house, cycle, [first], [house.members[:12]])
    Person.objects.filter(pk=new.pk).update(membership=Person.Membership.PROBATIONARY)
    new.refresh_from_db()
    cast.committed(house, cycle, [first, second, new])
    with refused("person.on-probation"):
        cast.planned_of(house, cycle, [new], [house.members[:12]])
    with refused("person.is-concerned"):
        cast.planned_of(house, cycle, [first], [], by=house.secretaries[0])
    poll = cast.planned_of(house, cycle, [first, second], [house.members[:12]])  # on probation one votes all the same
    give_keys(poll)
    pledges.take_back_public_commitments(
        commitments=list(standing_in(cycle).filter(person=second)), why="没有宣读", at=NOW, by=house.office
    )
    with refused("person.without-public-commitment"):
        ballot_actions.open_poll(poll=poll, at=NOW, by=house.office)


def test_each_reads_their_own_and_their_committee_and_the_level_above_all(house, cycle) -> None:
    rated, voters = house.members[:2], house.members[:24]
    cast.committed(house, cycle, rated)
    poll = cast.opened_of(house, cycle, rated, [voters, house.members[24:29]])
    for pool in polls.pools_of(poll):
        vote_all(poll, pool, house, lambda voter, place: GRADES[(voter * (1 + place)) % 3])
    assert queries.outcomes_of(rated[0]) == []
    assert queries.poll_for_reader(poll.key) is queries.names_for_reader(poll.booth_key) is None
    assert queries.poll_for_reader(poll.booth_key).way_in == poll.booth_key
    closed = cast.closed_of(poll, house)
    assert queries.record_for_reader(poll.booth_key) is queries.record_for_reader(poll.key) is None
    assert queries.names_for_reader(poll.booth_key) == closed
    assert queries.names_for_reader(poll.key) is None
    [mine] = queries.outcomes_of(rated[0])
    large, small = mine.pools
    assert (large.row.n, large.row.level) == (24, "counts")
    assert (small.row.level, small.row.score, small.row.criteria) == ("band", None, ())
    assert large.row.score
    assert large.higher == large.lower == ()
    assert [one.rated.person for one in queries.outcomes_at(closed, house.villages[0])] == rated
    today = AFTER.date()
    answering = {one.person_id for one in organisations.responsible_for(house.villages[0], today)}
    reads = {one.pk for one in Person.objects.all() if identity_rules.may_read_of_people(one, house.villages[0], today)}
    assert reads == {house.secretaries[0].pk, house.town_secretary.pk, house.leader.pk} | answering
    for one in Person.objects.all():  # the yearly grades of these people are read by the same
        assert allows(grade_rules.check_may_read, one, house.villages[0], today) == (one.pk in reads)
    with refused("person.not-for-you"):
        rules.check_may_read_of(house.office, house.villages[0], today)
    assert [one.unit for one in queries.units_to_read(house.town_secretary, today)] == [house.villages[0]]
    assert queries.units_to_read(house.members[0], today) == []
    # It never becomes a result for everybody, neither at the close nor when somebody asks for it.
    assert not Result.objects.exists()
    assert not PublicEntry.objects.filter(what="standings.compute_result").exists()
    with refused("result.of-persons"):
        standings.compute_result(poll=closed, at=AFTER, by=house.second_office)
    with refused("poll.not-open"):
        rhythm.close_and_count(poll=closed, at=AFTER, by=house.second_office)


def test_the_list_of_slips_has_names_that_give_the_announced_root_and_say_nothing(house, cycle, client) -> None:
    rated = house.members[:2]
    cast.committed(house, cycle, rated)
    poll = cast.opened_of(house, cycle, rated, [house.members[:12]])
    [pool] = polls.pools_of(poll)
    vote_all(poll, pool, house, lambda voter, place: GRADES[voter % 3])
    address = f"/records/{poll.booth_key}/names"
    assert client.get(address).status_code == 404, "before the close there is none"
    closed = cast.closed_of(poll, house)
    slips = counting.named_slips(closed)
    names = client.get(address).content.decode().splitlines()
    builder = RootBuilder()
    for name in names:
        builder.add(leaf_hash(unb64(name, 32)))
    assert builder.root().hex() == slips.root
    assert (len(names), slips.size) == (24, 24)
    said = PublicEntry.objects.get(what="counting.close_poll").document
    assert slips.root in said
    assert slips.root[:4] in client.get("/booth/").content.decode()
    page = client.get(f"/records/{poll.booth_key}/")
    assert page.status_code == 200
    assert rated[0].name not in page.content.decode()
    for closed_door in ("files/record.json", "files/counts.json", "index.json", "runs/0", "record.zip", "report/"):
        assert client.get(f"/records/{poll.booth_key}/{closed_door}").status_code == 404, closed_door
    assert client.get(f"/records/{poll.key}/names").status_code == 404


def test_the_person_and_their_committee_read_the_groups_together_and_nobody_a_place(house, client) -> None:
    groups = ("members", "public")
    cycle, rated = cast.small_cycle(house, groups=groups), house.members[:2]
    cast.committed(house, cycle, rated)
    pools = [house.members[:12], house.members[24:36]]
    poll = cast.opened_of(house, cycle, rated, pools, groups=groups)
    for number, pool in enumerate(polls.pools_of(poll)):
        vote_all(poll, pool, house, lambda voter, place, more=number: GRADES[(voter * (1 + place) + more) % 3])
    cast.closed_of(poll, house)
    [mine] = queries.outcomes_of(rated[0])
    scores = [pool.row.score for pool in mine.pools]
    assert None not in scores
    assert mine.together.score == pytest.approx(sum(scores) / 2, abs=0.01)
    assert (mine.together.n, mine.together.standing, mine.together.alike, mine.missing) == (24, None, (), ())
    told = f"{mine.together.score:.2f}"
    client.force_login(identity.open_account(person=rated[0], login="own", password="a-long-one-1", at=NOW, by=None))
    assert f"<strong>{told}" in client.get("/desk/people/?lang=en").content.decode()
    client.force_login(Account.objects.get(person=house.secretaries[0]))
    page = client.get(f"/desk/people/{poll.key}/{house.villages[0].code}/?lang=en").content.decode()
    assert told in page.partition("All groups together")[2]
    client.force_login(Account.objects.get(person=house.office))
    assert "together" not in client.get(f"/office/polls/{poll.key}/?lang=en").content.decode()


def test_ones_own_page_names_the_items_of_which_nothing_is_told_and_explains_no_interval_that_is_not_there(
    house, client
):
    cycle, rated = cast.small_cycle(house), house.members[:2]
    cast.committed(house, cycle, rated)
    poll = cast.opened_of(house, cycle, rated, [house.members[:12]])
    [pool] = polls.pools_of(poll)
    vote_all(poll, pool, house, lambda voter, place: ("good", "fair", "poor")[voter % 3] if place % 2 else "good")
    cast.closed_of(poll, house)
    row = queries.outcomes_of(rated[0])[0].pools[0].row
    withheld = [one for one in row.criteria if one.mean is None]
    assert withheld, "what nearly all gave alike is not told"
    client.force_login(identity.open_account(person=rated[0], login="own", password="a-long-one-1", at=NOW, by=None))
    page = client.get("/desk/people/?lang=en").content.decode()
    assert "Nothing is shown for" in page
    assert ("By chance alone" in page) == (row.score is not None)


def test_planning_says_who_will_be_told_nothing(cycle) -> None:
    pools = [PlannedPool({"zh-hans": name, "en": name}, "", size) for name, size in (("甲", 6), ("乙", 9))]
    said = foresee_of_persons(cycle.ruleset, pools, ["张三", "李四"])
    assert len(said) == 4
    assert "张三" in said[2]
    pools[1] = PlannedPool(pools[1].name, "", 10)
    assert len(foresee_of_persons(cycle.ruleset, pools, ["张三"])) == 2
    assert len(foresee_of_persons(cycle.ruleset, pools[1:], ["张三"])) == 0


def test_whoever_shares_a_name_stands_on_the_sheet_with_their_unit(house, cycle) -> None:
    first, other, third = house.members[0], house.members[24], house.members[1]
    roster.change_person(person=other, changes={"name": first.name}, at=NOW, by=house.office)
    other.refresh_from_db()
    cast.committed(house, cycle, [first, other, third])
    poll = cast.planned_of(house, cycle, [first, other, third], [house.members[:12]])
    shown = [line["name"]["zh-hans"] for line in polls.sheet_lines(poll)]
    here, there = (village.name for village in house.villages[:2])
    assert shown == [f"{first.name}（{here}）", f"{first.name}（{there}）", third.name]


def test_two_of_one_name_and_one_unit_stand_on_the_sheet_with_the_end_of_their_numbers(house, cycle) -> None:
    """As short as tells them apart: the whole number is nobody's to read from a sheet."""
    first, other, third = house.members[:3]
    for person, name, number in ((first, first.name, "M20260123"), (other, first.name, "M20260124")):
        roster.change_person(person=person, changes={"name": name, "number": number}, at=NOW, by=house.office)
        person.refresh_from_db()
    cast.committed(house, cycle, [first, other, third])
    poll = cast.planned_of(house, cycle, [first, other, third], [house.members[:12]])
    shown = [line["name"]["zh-hans"] for line in polls.sheet_lines(poll)]
    here = first.organisation.name
    assert shown == [f"{first.name}（{here} · …23）", f"{first.name}（{here} · …24）", third.name]
    assert with_ends([("王", "甲")] * 2, ["1007", "2007"]) == [("王", "甲 · …1007"), ("王", "甲 · …2007")]
