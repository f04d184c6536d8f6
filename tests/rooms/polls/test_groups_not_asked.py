"""A group of raters that cannot be asked yet gets no pool, and its weight counts nowhere."""

from dataclasses import replace

import pytest
from django.urls import reverse
from tests.cast import booth as cast_booth
from tests.cast.district import NOW, drafted_cycle, small_district
from tests.cast.refusing import refused

from zhengyou.campaigns import actions as campaigns
from zhengyou.identity.models import Account
from zhengyou.polls import actions as poll_actions
from zhengyou.polls.models import VoterPool
from zhengyou.web.office.polls_forms import PoolForm
from zhengyou.web.shared import clock


@pytest.fixture
def district(db):
    return small_district(members_a_village=5)


@pytest.fixture
def poll(district):
    """A drafted poll of a cycle in which the public is not asked."""
    cycle = drafted_cycle(district)
    groups = tuple(replace(group, asked=group.id != "public") for group in cycle.ruleset.rater_groups)
    campaigns.set_rules(cycle=cycle, ruleset=replace(cycle.ruleset, rater_groups=groups), at=NOW, by=district.office)
    campaigns.launch_cycle(cycle=cycle, why="测试启动", at=NOW, by=district.office)
    cycle.refresh_from_db()
    return cast_booth.drafted_now(district, cycle, [])


def test_no_pool_is_made_of_a_group_that_is_not_asked(poll, district):
    names = {"zh-hans": "第一组", "en": "Pool 1"}
    given = {"poll": poll, "name": names, "people": district.members[:6], "at": clock.now(), "by": district.office}
    with refused("pool.group-not-asked"):
        poll_actions.add_pool(rater_group="public", **given)
    assert not VoterPool.objects.exists()
    poll_actions.add_pool(rater_group="members", **given)


def test_the_form_of_a_pool_does_not_offer_it(poll):
    form = PoolForm(groups=poll.cycle.ruleset.groups_to_choose)
    choices = [value for value, _label in form.fields["rater_group"].choices]
    assert choices == ["", "superiors", "peers", "members", "superiors-and-peers"]


def test_the_office_reads_that_it_is_not_asked(poll, district, client):
    client.force_login(Account.objects.get(person=district.office))
    page = client.get(reverse("office-poll", args=[poll.key]), headers={"accept-language": "en"}).content.decode()
    assert "Not asked here yet" in page
    assert "The public and service users" in page
