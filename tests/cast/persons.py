"""Polls that rate persons, for tests: who committed in public, a poll of them, held and closed."""

from dataclasses import replace
from datetime import timedelta

from tests.cast.district import NOW, District, drafted_cycle
from tests.cast.keys import give_keys
from tests.cast.polls import AFTER, CLOSES, OPENS, watched

from zhengyou.ballots import actions as ballot_actions
from zhengyou.campaigns import actions as campaigns
from zhengyou.campaigns.models import Cycle
from zhengyou.counting import actions as counting
from zhengyou.organisations.models import Person
from zhengyou.pledges import actions as pledges
from zhengyou.pledges.rules import Made
from zhengyou.polls import actions as poll_actions
from zhengyou.polls.models import Poll
from zhengyou.rhythm import actions as rhythm

NAMES = {"zh-hans": "党员民主测评", "en": "Appraisal of members"}


def small_cycle(district: District, *, groups: tuple[str, ...] = ()) -> Cycle:
    """A launched cycle with two items for persons, so that each person is one slip; only these groups of raters, of equal weight."""
    cycle = drafted_cycle(district)
    sheet = replace(cycle.ruleset, person_criteria=cycle.ruleset.person_criteria[:2])
    if groups:
        kept = tuple(replace(one, weight=100 // len(groups)) for one in sheet.rater_groups if one.id in groups)
        sheet = replace(sheet, rater_groups=kept, joint_groups=())
    campaigns.set_rules(cycle=cycle, ruleset=sheet, at=NOW, by=district.office)
    campaigns.launch_cycle(cycle=cycle, why="测试启动", at=NOW, by=district.office)
    cycle.refresh_from_db()
    return cycle


def committed(district: District, cycle: Cycle, people: list[Person], *, at=NOW) -> None:
    """These people committed in public the day before."""
    made = Made(at.date() - timedelta(days=1), "测试大会")
    pledges.enter_public_commitments(cycle=cycle, people=people, made=made, at=at, by=district.office)


def planned_of(
    district: District, cycle: Cycle, people: list[Person], pools: list[list[Person]], *, by=None, groups=("", "", "")
) -> Poll:
    """A drafted poll of these people with these pools, each of its group of raters or of none, and three scrutineers."""
    row = poll_actions.plan_poll(
        cycle=cycle,
        name=NAMES,
        organisations=[],
        people=people,
        opens_at=OPENS,
        closes_at=CLOSES,
        at=NOW,
        by=by or district.office,
    )
    for number, voters in enumerate(pools, 1):
        name = {"zh-hans": f"第{number}组", "en": f"Pool {number}"}
        group = groups[number - 1]
        poll_actions.add_pool(poll=row, name=name, people=voters, rater_group=group, at=NOW, by=district.office)
    watched(row, district)
    return row


def opened_of(
    district: District, cycle: Cycle, people: list[Person], pools: list[list[Person]], groups=("", "", "")
) -> Poll:
    """The same with its keys, opened."""
    row = planned_of(district, cycle, people, pools, groups=groups)
    give_keys(row)
    return ballot_actions.open_poll(poll=row, at=NOW, by=district.office)


def closed_of(poll: Poll, district: District) -> Poll:
    """Closed by two people after its time, and counted."""
    counting.ask_to_close(poll=poll, at=AFTER, by=district.office)
    return rhythm.close_and_count(poll=poll, at=AFTER, by=district.second_office)
