"""Whoever is rated, or administers the rated, has no part in running a poll: every deed, every tie, and who else may."""

from datetime import timedelta

import pytest
from tests.cast import district as cast
from tests.cast import keys as cast_keys
from tests.cast import polls as cast_polls

from zhengyou.ballots import actions as ballot_actions
from zhengyou.base.refusals import allows
from zhengyou.counting import actions as counting_actions
from zhengyou.identity.rules import ConcernRefused
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.models import Person, Post, Responsibility
from zhengyou.polls import actions as poll_actions
from zhengyou.polls import queries as poll_queries
from zhengyou.polls import rules as poll_rules
from zhengyou.standings import actions as standings
from zhengyou.standings.actions import JUDGE

pytestmark = pytest.mark.django_db(transaction=True)

DAY = cast.NOW.date() - timedelta(days=10)


@pytest.fixture
def district():
    return cast.small_district(members_a_village=3)


@pytest.fixture
def drafted(district):
    return cast_polls.planned_poll(district, cast.launched_cycle(district), [district.members[:7]])


def appoint(person, organisation, role):
    return organisations.appoint(
        person=person, organisation=organisation, role=role, title="", from_on=DAY, at=cast.NOW, by=None
    )


def may(poll, person):
    return allows(poll_rules.check_is_not_concerned, poll, Person.objects.get(pk=person.pk), cast.NOW)


def test_members_of_the_rated_their_secretaries_and_who_stands_above_up_to_the_campaign_have_no_part(district, drafted):
    """The sheet has the first two villages."""
    free = [district.office, district.second_office, district.secretaries[2], *district.members[6:]]
    tied = [district.leader, district.town_secretary, *district.secretaries[:2], *district.members[:6]]
    assert [person.name for person in free if not may(drafted, person)] == []
    assert [person.name for person in tied if may(drafted, person)] == []


def test_a_post_or_a_responsibility_ties_as_long_as_it_lasts_and_an_office_post_alone_does_not(district, drafted):
    person = district.members[-1]
    post = appoint(person, district.root, Post.Role.CAMPAIGN_OFFICE)
    assert may(drafted, person)
    organisations.end_post(post=post, until_on=cast.NOW.date(), at=cast.NOW, by=None)
    post = appoint(person, district.town, Post.Role.LEADER)
    assert not may(drafted, person)
    organisations.end_post(post=post, until_on=cast.NOW.date(), at=cast.NOW, by=None)
    assert may(drafted, person)
    organisations.make_responsible(
        organisation=district.villages[0],
        person=person,
        tier=Responsibility.Tier.DIRECT,
        from_on=DAY,
        at=cast.NOW,
        by=None,
    )
    assert not may(drafted, person)


def test_who_administers_above_the_campaign_is_not_tied_and_who_is_below_a_rated_one_is(district):
    over = organisations.add_organisation(
        code="000", name="测试市委", kind="committee", sector="", parent=None, at=cast.NOW, by=None
    )
    organisations.change_organisation(organisation=district.root, changes={"parent": over}, at=cast.NOW, by=None)
    district.root.refresh_from_db()
    cycle = cast.launched_cycle(district)
    district.town.refresh_from_db()
    poll = poll_actions.plan_poll(
        cycle=cycle,
        name=cast_polls.NAMES,
        organisations=[district.town],
        opens_at=cast_polls.OPENS,
        closes_at=cast_polls.CLOSES,
        at=cast.NOW,
        by=district.office,
    )
    outsider = organisations.add_person(number="X1", name="市书记", organisation=over, at=cast.NOW, by=None)
    appoint(outsider, over, Post.Role.SECRETARY)
    assert may(poll, outsider)
    assert not may(poll, district.members[0])
    assert not may(poll, district.leader)


def test_every_deed_refuses_the_tied_and_names_who_may(district, drafted):
    tied = district.town_secretary
    pool = poll_queries.pools_of(drafted)[0]
    times = {"opens_at": cast_polls.OPENS, "closes_at": cast_polls.CLOSES}
    names = {"name": cast_polls.NAMES, "at": cast.NOW, "by": tied}
    refused(
        lambda: poll_actions.plan_poll(cycle=drafted.cycle, organisations=district.villages[:1], **times, **names),
        lambda: poll_actions.change_times(poll=drafted, **times, at=cast.NOW, by=tied),
        lambda: poll_actions.add_pool(poll=drafted, people=district.members[7:], **names),
        lambda: poll_actions.remove_pool(poll=drafted, pool=pool, at=cast.NOW, by=tied),
        lambda: ballot_actions.open_poll(poll=drafted, at=cast.NOW, by=tied),
    )
    cast_keys.give_keys(drafted)
    opened = ballot_actions.open_poll(poll=drafted, at=cast.NOW, by=district.office)
    refused(
        lambda: ballot_actions.hand_out_poll_codes(poll=opened, people=district.members[:1], at=cast.NOW, by=tied),
        lambda: counting_actions.ask_to_close(poll=opened, at=cast_polls.AFTER, by=tied),
    )
    counting_actions.ask_to_close(poll=opened, at=cast_polls.AFTER, by=district.office)
    refused(lambda: counting_actions.close_poll(poll=opened, at=cast_polls.AFTER, by=tied, judge=JUDGE))
    closed = counting_actions.close_poll(poll=opened, at=cast_polls.AFTER, by=district.second_office, judge=JUDGE)
    refused(lambda: standings.compute_result(poll=closed, at=cast_polls.AFTER, by=tied))


def refused(*deeds):
    for deed in deeds:
        with pytest.raises(ConcernRefused, match=r"测试镇党委.*may do it: 甲办公, 乙办公"):
            deed()


def test_the_office_that_may_run_a_poll_is_known_and_nobody_left_is_said(district):
    cycle = cast.launched_cycle(district)
    poll = cast_polls.planned_poll(district, cycle, [])
    assert poll_queries.people_who_may_run(poll, cast.NOW) == [district.office, district.second_office]
    appoint(district.office, district.town, Post.Role.SECRETARY)
    assert poll_queries.people_who_may_run(poll, cast.NOW) == [district.second_office]
    appoint(district.second_office, district.town, Post.Role.LEADER)
    with pytest.raises(ConcernRefused, match="Nobody in the campaign office is independent of the rated units"):
        poll_actions.change_times(
            poll=poll,
            opens_at=cast_polls.OPENS,
            closes_at=cast_polls.CLOSES,
            at=cast.NOW,
            by=district.office,
        )
