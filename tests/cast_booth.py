"""Rounds that are open this very minute, for pages and browsers that read the real clock. Small sheets keep the keys few."""

from collections.abc import Callable
from datetime import datetime, timedelta

from tests.cast import NOW, District, drafted_cycle
from tests.cast_keys import give_keys
from tests.cast_rounds import NAMES, cast_body, issue_body, watched

from blindballot.encoding import canonical, unb64
from blindballot.manifest import read_manifest
from blindballot.voting import Ballot
from zhengyou.appraisals import actions, queries
from zhengyou.appraisals.models import Round
from zhengyou.campaigns import actions as campaigns
from zhengyou.campaigns.models import Cycle
from zhengyou.organisations.models import Person
from zhengyou.web.shared import clock

HOUR = timedelta(hours=1)


def small_cycle(district: District, *, criteria: int = 2) -> Cycle:
    """A launched cycle whose sheet has few items, so that each organisation is one slip."""
    cycle = drafted_cycle(district)
    sheet = cycle.rules | {"criteria": cycle.rules["criteria"][:criteria]}
    campaigns.set_rules(cycle=cycle, rules_=sheet, at=NOW, by=district.office)
    campaigns.launch_cycle(cycle=cycle, why="测试启动", at=NOW, by=district.office)
    cycle.refresh_from_db()
    return cycle


def drafted_now(district: District, cycle: Cycle, pools: list[list[Person]], *, units: int = 1) -> Round:
    """A drafted round from an hour ago to two hours from now."""
    row = actions.plan_round(
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
        actions.add_pool(round_=row, name=name, people=people, at=clock.now(), by=district.office)
    watched(row, district, at=clock.now())
    return row


def over_now(district: District, cycle: Cycle, pools: list[list[Person]]) -> Round:
    """A round over one village that was opened three hours ago and whose time ended an hour ago; not closed yet."""
    at = clock.now() - 3 * HOUR
    row = actions.plan_round(
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
        actions.add_pool(round_=row, name=name, people=people, at=at, by=district.office)
    watched(row, district, at=at)
    give_keys(row)
    return actions.open_round(round_=row, at=at, by=district.office)


def opened_now(district: District, cycle: Cycle, pools: list[list[Person]], *, units: int = 1) -> Round:
    """The same with its keys made, opened."""
    row = drafted_now(district, cycle, pools, units=units)
    give_keys(row)
    return actions.open_round(round_=row, at=clock.now(), by=district.office)


def codes_for(round_: Round, people: list[Person]) -> list[str]:
    """A fresh code for each."""
    office = queries.people_who_may_run(round_, clock.now())[0]
    codes = actions.hand_out_round_codes(round_=round_, people=people, at=clock.now(), by=office)
    return [codes[person.pk] for person in people]


def vote(round_: Round, pool: str, code: str, grade: Callable[[int], str], *, at: datetime | None = None) -> None:
    """One ballot with this code; `grade(place of the line)` names the grade of all its items."""
    at = at or clock.now()
    manifest = read_manifest(round_.manifest.encode())
    ballot = Ballot.begin(manifest, queries.public_keys(round_), pool)
    answer = actions.issue_tokens(round_=round_, body=issue_body(round_, ballot, code), at=at)
    ballot.accept("office", {line: unb64(text) for line, text in answer["signatures"].items()})
    marks = {line.id: dict.fromkeys(line.criteria, grade(place)) for place, line in enumerate(manifest.lines)}
    actions.take_slips(round_=round_, body=cast_body(round_, ballot.cast(marks)), at=at)


def closed_now(round_: Round, district: District) -> Round:
    """Closed by two people as soon as its time is over; nobody waits for the clock."""
    after = round_.closes_at + timedelta(minutes=1)
    actions.ask_to_close(round_=round_, at=after, by=district.office)
    return actions.close_round(round_=round_, at=after, by=district.second_office)


def keys_body(round_: Round, code: str) -> bytes:
    """The request with which a booth opens the sheet of a code."""
    return canonical({"manifest": round_.fingerprint, "code": code})
