"""Computed results of the tests: closed polls whose pools belong to groups of raters."""

from dataclasses import replace
from datetime import timedelta

from tests.cast import booth as cast_booth
from tests.cast import keys as cast_keys
from tests.cast.district import NOW, District, drafted_cycle

from zhengyou.ballots import actions as ballot_actions
from zhengyou.campaigns import actions as campaigns
from zhengyou.campaigns.models import Cycle
from zhengyou.counting import actions as counting
from zhengyou.organisations.models import Person
from zhengyou.polls import actions as poll_actions
from zhengyou.polls.models import Poll
from zhengyou.rhythm import actions as rhythm
from zhengyou.web.shared import clock

GRADES = ("good", "fairly-good", "fair", "poor")
WEIGHTS = {"members": 60, "public": 40}


def weighed_cycle(district: District) -> Cycle:
    """A launched cycle with one item on its sheet, in which members and the public have a weight."""
    cycle = drafted_cycle(district)
    rules = cycle.ruleset
    groups = tuple(replace(group, weight=WEIGHTS.get(group.id, 0)) for group in rules.rater_groups)
    rules = replace(rules, criteria=rules.criteria[:1], rater_groups=groups)
    campaigns.set_rules(cycle=cycle, ruleset=rules, at=NOW, by=district.office)
    campaigns.launch_cycle(cycle=cycle, why="测试启动", at=NOW, by=district.office)
    cycle.refresh_from_db()
    return cycle


def computed_poll(
    district: District, cycle: Cycle, *, pools: dict[str, list[Person]], better: int = 0, units: int = 2
) -> Poll:
    """A closed poll with its result: people by group of raters. The later a unit stands on the sheet, the worse its grades;
    `better` shifts everybody's up.
    """
    row = cast_booth.drafted_now(district, cycle, [], units=units)
    for number, (group, people) in enumerate(pools.items(), 1):
        name = {"zh-hans": f"第{number}组", "en": f"Pool {number}"}
        poll_actions.add_pool(poll=row, name=name, people=people, rater_group=group, at=clock.now(), by=district.office)
    cast_keys.give_keys(row)
    row = ballot_actions.open_poll(poll=row, at=clock.now(), by=district.office)
    for number, people in enumerate(pools.values(), 1):
        for voter, code in enumerate(cast_booth.codes_for(row, people)):
            cast_booth.vote(
                row, f"pool-{number}", code, lambda place, n=voter: GRADES[min(max(n % 3 + place - better, 0), 3)]
            )
    after = row.closes_at + timedelta(minutes=1)
    counting.ask_to_close(poll=row, at=after, by=district.office)
    return rhythm.close_and_count(poll=row, at=after, by=district.second_office)
