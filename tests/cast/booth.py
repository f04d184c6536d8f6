"""Polls that are open this very minute, for pages and browsers that read the real clock. Small sheets keep the keys few."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from tests.cast.district import NOW, District, drafted_cycle
from tests.cast.keys import give_keys
from tests.cast.memory import built_upon
from tests.cast.polls import NAMES, cast_body, issue_body, watched

from blindballot.format.encoding import canonical, unb64
from blindballot.format.manifest import read_manifest
from blindballot.voter.voting import Ballot
from zhengyou.ballots import actions as ballot_actions
from zhengyou.ballots import queries as ballot_queries
from zhengyou.campaigns import actions as campaigns
from zhengyou.campaigns.models import Cycle
from zhengyou.counting import actions as counting_actions
from zhengyou.organisations.models import Person
from zhengyou.polls import actions as poll_actions
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll
from zhengyou.standings.actions import JUDGE
from zhengyou.web.shared import clock

HOUR = timedelta(hours=1)


def small_cycle(district: District, *, criteria: int = 2) -> Cycle:
    """A launched cycle whose sheet has few items, so that each organisation is one slip."""
    return built_upon(("small cycle", criteria), partial(_small_cycle, district, criteria))


def _small_cycle(district: District, criteria: int) -> Cycle:
    cycle = drafted_cycle(district)
    sheet = replace(cycle.ruleset, criteria=cycle.ruleset.criteria[:criteria])
    campaigns.set_rules(cycle=cycle, ruleset=sheet, at=NOW, by=district.office)
    campaigns.launch_cycle(cycle=cycle, why="测试启动", at=NOW, by=district.office)
    cycle.refresh_from_db()
    return cycle


def drafted_now(district: District, cycle: Cycle, pools: list[list[Person]], *, units: int = 1) -> Poll:
    """A drafted poll from an hour ago to two hours from now."""
    row = poll_actions.plan_poll(
        cycle=cycle,
        name=NAMES,
        organisations=district.villages[:units],
        opens_at=clock.now() - HOUR,
        closes_at=clock.now() + 2 * HOUR,
        at=clock.now(),
        by=district.office,
    )
    for number, people in enumerate(pools, 1):
        name = {"zh-hans": f"第{number}组", "en": f"Pool {number}"}
        poll_actions.add_pool(poll=row, name=name, people=people, at=clock.now(), by=district.office)
    watched(row, district, at=clock.now())
    return row


def over_now(district: District, cycle: Cycle, pools: list[list[Person]]) -> Poll:
    """A poll over one village that was opened three hours ago and whose time ended an hour ago; not closed yet."""
    at = clock.now() - 3 * HOUR
    row = poll_actions.plan_poll(
        cycle=cycle,
        name=NAMES,
        organisations=district.villages[:1],
        opens_at=at,
        closes_at=at + 2 * HOUR,
        at=at,
        by=district.office,
    )
    for number, people in enumerate(pools, 1):
        name = {"zh-hans": f"第{number}组", "en": f"Pool {number}"}
        poll_actions.add_pool(poll=row, name=name, people=people, at=at, by=district.office)
    watched(row, district, at=at)
    give_keys(row)
    return ballot_actions.open_poll(poll=row, at=at, by=district.office)


def opened_now(district: District, cycle: Cycle, pools: list[list[Person]], *, units: int = 1) -> Poll:
    """The same with its keys made, opened."""
    row = drafted_now(district, cycle, pools, units=units)
    give_keys(row)
    return ballot_actions.open_poll(poll=row, at=clock.now(), by=district.office)


def codes_for(poll: Poll, people: list[Person]) -> list[str]:
    """A fresh code for each."""
    office = poll_queries.people_who_may_run(poll, clock.now())[0]
    codes = ballot_actions.hand_out_poll_codes(poll=poll, people=people, at=clock.now(), by=office)
    return [codes[person.pk] for person in people]


def vote(poll: Poll, pool: str, code: str, grade: Callable[[int], str], *, at: datetime | None = None) -> None:
    """One ballot with this code; `grade(place of the line)` names the grade of all its items."""
    at = at or clock.now()
    manifest = read_manifest(poll.manifest.encode())
    ballot = Ballot.begin(manifest, ballot_queries.public_keys(poll), pool)
    answer = ballot_actions.issue_tokens(poll=poll, body=issue_body(poll, ballot, code), at=at)
    ballot.accept("office", {line: unb64(text) for line, text in answer["signatures"].items()})
    marks = {line.id: dict.fromkeys(line.criteria, grade(place)) for place, line in enumerate(manifest.lines)}
    ballot_actions.take_slips(poll=poll, body=cast_body(poll, ballot.cast(marks)), at=at)


def closed_now(poll: Poll, district: District) -> Poll:
    """Closed by two people as soon as its time is over; nobody waits for the clock."""
    after = poll.closes_at + timedelta(minutes=1)
    counting_actions.ask_to_close(poll=poll, at=after, by=district.office)
    return counting_actions.close_poll(poll=poll, at=after, by=district.second_office, judge=JUDGE)


def keys_body(poll: Poll, code: str) -> bytes:
    """The request with which a booth opens the sheet of a code."""
    return canonical({"manifest": poll.fingerprint, "code": code})
