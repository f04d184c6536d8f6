"""Planning a poll says beforehand what will not come out, and why."""

from dataclasses import replace

import pytest
from django.urls import reverse
from tests.cast import booth as cast_booth
from tests.cast.district import NOW, drafted_cycle, small_district

from zhengyou.campaigns import actions as campaigns
from zhengyou.identity.models import Account
from zhengyou.polls import actions as poll_actions
from zhengyou.polls.rules import PlannedPool, foresee
from zhengyou.web.shared import clock

NAME = {"zh-hans": "领导", "en": "Leaders"}


@pytest.fixture
def district(db):
    return small_district(members_a_village=5)


@pytest.fixture
def cycle(district):
    """A cycle with the pack's weights for superiors, peers and members; the public is left out."""
    cycle = drafted_cycle(district)
    groups = tuple(replace(group, weight=0 if group.id == "public" else 25) for group in cycle.ruleset.rater_groups)
    campaigns.set_rules(cycle=cycle, ruleset=replace(cycle.ruleset, rater_groups=groups), at=NOW, by=district.office)
    campaigns.launch_cycle(cycle=cycle, why="测试启动", at=NOW, by=district.office)
    cycle.refresh_from_db()
    return cycle


def said(cycle, **rolls):
    """The sentences for pools of these groups, in English."""
    pools = [PlannedPool(NAME, group.replace("_", "-"), size) for group, size in rolls.items()]
    return [str(sentence) for sentence in foresee(cycle.ruleset, pools)]


def test_nothing_is_said_where_everything_comes_out(cycle):
    assert said(cycle, superiors=30, peers=20, members=60) == []
    assert said(cycle) == []


def test_twelve_leaders_are_told_to_count_with_their_peers(cycle):
    alone, table, together = said(cycle, superiors=12, peers=20, members=60)
    assert "units are compared from 13 ballots on" in alone
    assert table.startswith("“Superiors” has 12 people on a roll of its own and counts by itself from 30 on.")
    assert "“Superiors and peers” count as one group, with the weight 50" in table
    assert together.startswith("Put “Superiors and peers” into one pool")


def test_a_pool_of_both_leaves_only_the_table_to_say(cycle):
    [table] = said(cycle, superiors_and_peers=32, members=60)
    assert "second table of weights" in table


def test_who_is_not_asked_is_named_with_the_weight(cycle):
    sentences = said(cycle, superiors_and_peers=32)
    assert sentences[-1].startswith("No pool asks “Members and staff”, whose weight is 25.")
    assert any(one.startswith("No pool asks “Superiors and peers”") for one in said(cycle, superiors=12, members=60))


def test_a_pool_too_small_for_any_score_and_pools_of_no_group(cycle):
    small, alone = [str(one) for one in foresee(cycle.ruleset, [PlannedPool(NAME, "", 7)])]
    assert small == "“Leaders” has 7 people. Scores are shown from 10 ballots on, so none come out of it."
    assert alone.startswith("No pool belongs to a group of raters")


def test_a_pool_of_groups_that_count_apart_is_named(cycle):
    sentences = said(cycle, superiors=30, peers=20, superiors_and_peers=20, members=60)
    assert [one for one in sentences if "belongs to groups that count apart" in one]


def test_the_office_reads_it_before_the_poll_opens(cycle, district, client):
    poll = cast_booth.drafted_now(district, cycle, [])
    given = {"poll": poll, "name": NAME, "people": district.members[:6], "at": clock.now(), "by": district.office}
    poll_actions.add_pool(rater_group="superiors-and-peers", **given)
    client.force_login(Account.objects.get(person=district.office))
    page = client.get(reverse("office-poll", args=[poll.key]), headers={"accept-language": "en"}).content.decode()
    assert "What will come out, and what will not" in page
    assert "No pool asks “Members and staff”" in page
    assert "Superiors and peers, together" in page
