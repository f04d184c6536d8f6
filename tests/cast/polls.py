"""Polls of the tests: planned, opened, voted in and closed through the real actions and the real box."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from tests.cast.district import NOW, District, scrutineers
from tests.cast.keys import give_keys
from tests.cast.memory import built_upon
from tests.cast.watchers import make_ready

from blindballot.format.encoding import b64, canonical, unb64
from blindballot.format.keyring import Keyring
from blindballot.format.manifest import Manifest, read_manifest
from blindballot.voter.voting import Ballot
from zhengyou.ballots import actions as ballot_actions
from zhengyou.campaigns.models import Cycle
from zhengyou.counting import actions as counting_actions
from zhengyou.organisations.models import Person
from zhengyou.paper import queries as paper_queries
from zhengyou.polls import actions as poll_actions
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll, VoterPool
from zhengyou.standings.actions import JUDGE

OPENS = NOW
CLOSES = NOW + timedelta(days=7)
AFTER = CLOSES + timedelta(minutes=1)
NAMES = {"zh-hans": "测试测评", "en": "Test appraisal"}

Marks = Callable[[int, int], str]


def planned_poll(district: District, cycle: Cycle, pools: list[list[Person]]) -> Poll:
    """A drafted poll over the district's villages with these pools."""
    key = ("poll", cycle.pk, *(tuple(person.pk for person in people) for people in pools))
    return built_upon(key, partial(_planned_poll, district, cycle, pools))


def _planned_poll(district: District, cycle: Cycle, pools: list[list[Person]]) -> Poll:
    row = poll_actions.plan_poll(
        cycle=cycle,
        name=NAMES,
        organisations=district.villages[:2],
        opens_at=OPENS,
        closes_at=CLOSES,
        at=NOW,
        by=district.office,
    )
    for number, people in enumerate(pools, 1):
        name = {"zh-hans": f"第{number}组", "en": f"Pool {number}"}
        poll_actions.add_pool(poll=row, name=name, people=people, at=NOW, by=district.office)
    watched(row, district)
    return row


def watched(poll: Poll, district: District, *, at=NOW) -> None:
    """Register the district's three scrutineers for a drafted poll, with keys that they tried."""
    for person in scrutineers(district):
        poll_actions.register_scrutineer(poll=poll, person=person, at=at, by=district.office)
        make_ready(poll, person, at)


def opened_poll(district: District, cycle: Cycle, pools: list[list[Person]]) -> Poll:
    """The same with its keys made, opened."""
    row = planned_poll(district, cycle, pools)
    give_keys(row)
    return ballot_actions.open_poll(poll=row, at=NOW, by=district.office)


def drawn_ballot(poll: Poll, pool: VoterPool, code: str, *, at=NOW) -> Ballot:
    """A ballot with its tokens issued on this code."""
    manifest, keys = read_poll(poll)
    ballot = Ballot.begin(manifest, keys, pool.slug)
    answer = ballot_actions.issue_tokens(poll=poll, body=issue_body(poll, ballot, code), at=at)
    ballot.accept("office", {line: unb64(text) for line, text in answer["signatures"].items()})
    return ballot


def issue_body(poll: Poll, ballot: Ballot, code: str) -> bytes:
    """The request a booth sends to have a ballot's serials signed."""
    blinded = {line: b64(data) for line, data in ballot.request("office").items()}
    return canonical({"manifest": poll.fingerprint, "code": code, "blinded": blinded})


def cast_body(poll: Poll, slips) -> bytes:
    """The request a booth sends to put slips into the box."""
    return canonical({"manifest": poll.fingerprint, "slips": [slip.to_json() for slip in slips]})


def read_poll(poll: Poll) -> tuple[Manifest, Keyring]:
    """Manifest and keys as a booth would read them."""
    manifest = read_manifest(poll.manifest.encode())
    documents = []
    for pool in poll_queries.pools_of(poll):
        on_paper = {entry.person_id for entry in paper_queries.paper_voters(pool)}
        person = next(person for person in poll_queries.people_on_roll(poll, pool) if person.pk not in on_paper)
        office = poll_queries.people_who_may_run(poll, NOW)[0]
        code = ballot_actions.hand_out_poll_codes(poll=poll, people=[person], at=NOW, by=office)[person.pk]
        shown = ballot_actions.show_sheet_keys(poll=poll, fingerprint=poll.fingerprint, code=code, at=NOW)
        documents.append(canonical(shown["keys"]))
    return manifest, Keyring.read(manifest, documents)


def marks_for(manifest: Manifest, voter: int, marks: Marks) -> dict[str, dict[str, str]]:
    """A voter's marks for every line: `marks(voter, place of the line)` names the grade of all its criteria."""
    return {line.id: dict.fromkeys(line.criteria, marks(voter, place)) for place, line in enumerate(manifest.lines)}


def vote_all(poll: Poll, pool: VoterPool, district: District, marks: Marks) -> None:
    """Everybody of a pool votes."""
    people = poll_queries.people_on_roll(poll, pool)
    manifest, keys = read_poll(poll)
    codes = ballot_actions.hand_out_poll_codes(poll=poll, people=people, at=NOW, by=district.office)
    for voter, person in enumerate(people):
        ballot = Ballot.begin(manifest, keys, pool.slug)
        answer = ballot_actions.issue_tokens(poll=poll, body=issue_body(poll, ballot, codes[person.pk]), at=NOW)
        ballot.accept("office", {line: unb64(text) for line, text in answer["signatures"].items()})
        slips = ballot.cast(marks_for(manifest, voter, marks))
        ballot_actions.take_slips(poll=poll, body=cast_body(poll, slips), at=NOW)


def closed_poll(poll: Poll, district: District) -> Poll:
    """Closed by two people after its time."""
    counting_actions.ask_to_close(poll=poll, at=AFTER, by=district.office)
    return counting_actions.close_poll(poll=poll, at=AFTER, by=district.second_office, judge=JUDGE)
