"""Rounds of the tests: planned, opened, voted in and closed through the real actions and the real box."""

from collections.abc import Callable
from datetime import timedelta

from tests.cast import NOW, District, scrutineers
from tests.cast_keys import give_keys

from blindballot.encoding import b64, canonical, unb64
from blindballot.keyring import Keyring
from blindballot.manifest import Manifest, read_manifest
from blindballot.voting import Ballot
from zhengyou.appraisals import actions, queries
from zhengyou.appraisals.models import Round, VoterPool
from zhengyou.appraisals.queries import paper
from zhengyou.campaigns.models import Cycle
from zhengyou.organisations.models import Person

OPENS = NOW
CLOSES = NOW + timedelta(days=7)
AFTER = CLOSES + timedelta(minutes=1)
NAMES = {"zh-hans": "测试测评", "en": "Test appraisal"}

Marks = Callable[[int, int], str]


def planned_round(district: District, cycle: Cycle, pools: list[list[Person]]) -> Round:
    """A drafted round over the district's villages with these pools."""
    row = actions.plan_round(
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
        actions.add_pool(round_=row, name=name, people=people, at=NOW, by=district.office)
    watched(row, district)
    return row


def watched(round_: Round, district: District, *, at=NOW) -> None:
    """Register the district's two scrutineers for a drafted round."""
    for person in scrutineers(district):
        actions.register_scrutineer(round_=round_, person=person, at=at, by=district.office)


def opened_round(district: District, cycle: Cycle, pools: list[list[Person]]) -> Round:
    """The same with its keys made, opened."""
    row = planned_round(district, cycle, pools)
    give_keys(row)
    return actions.open_round(round_=row, at=NOW, by=district.office)


def drawn_ballot(round_: Round, pool: VoterPool, code: str, *, at=NOW) -> Ballot:
    """A ballot with its tokens issued on this code."""
    manifest, keys = read_round(round_)
    ballot = Ballot.begin(manifest, keys, pool.slug)
    answer = actions.issue_tokens(round_=round_, body=issue_body(round_, ballot, code), at=at)
    ballot.accept("office", {line: unb64(text) for line, text in answer["signatures"].items()})
    return ballot


def issue_body(round_: Round, ballot: Ballot, code: str) -> bytes:
    """The request a booth sends to have a ballot's serials signed."""
    blinded = {line: b64(data) for line, data in ballot.request("office").items()}
    return canonical({"manifest": round_.fingerprint, "code": code, "blinded": blinded})


def cast_body(round_: Round, slips) -> bytes:
    """The request a booth sends to put slips into the box."""
    return canonical({"manifest": round_.fingerprint, "slips": [slip.to_json() for slip in slips]})


def read_round(round_: Round) -> tuple[Manifest, Keyring]:
    """Manifest and keys as a booth would read them."""
    manifest = read_manifest(round_.manifest.encode())
    documents = []
    for pool in queries.pools_of(round_):
        on_paper = {entry.person_id for entry in paper.paper_voters(pool)}
        person = next(person for person in queries.people_on_roll(round_, pool) if person.pk not in on_paper)
        office = queries.people_who_may_run(round_, NOW)[0]
        code = actions.hand_out_round_codes(round_=round_, people=[person], at=NOW, by=office)[person.pk]
        shown = actions.show_sheet_keys(round_=round_, fingerprint=round_.fingerprint, code=code, at=NOW)
        documents.append(canonical(shown["keys"]))
    return manifest, Keyring.read(manifest, documents)


def marks_for(manifest: Manifest, voter: int, marks: Marks) -> dict[str, dict[str, str]]:
    """A voter's marks for every line: `marks(voter, place of the line)` names the grade of all its criteria."""
    return {line.id: dict.fromkeys(line.criteria, marks(voter, place)) for place, line in enumerate(manifest.lines)}


def vote_all(round_: Round, pool: VoterPool, district: District, marks: Marks) -> None:
    """Everybody of a pool votes."""
    people = queries.people_on_roll(round_, pool)
    manifest, keys = read_round(round_)
    codes = actions.hand_out_round_codes(round_=round_, people=people, at=NOW, by=district.office)
    for voter, person in enumerate(people):
        ballot = Ballot.begin(manifest, keys, pool.slug)
        answer = actions.issue_tokens(round_=round_, body=issue_body(round_, ballot, codes[person.pk]), at=NOW)
        ballot.accept("office", {line: unb64(text) for line, text in answer["signatures"].items()})
        slips = ballot.cast(marks_for(manifest, voter, marks))
        actions.take_slips(round_=round_, body=cast_body(round_, slips), at=NOW)


def closed_round(round_: Round, district: District) -> Round:
    """Closed by two people after its time."""
    actions.ask_to_close(round_=round_, at=AFTER, by=district.office)
    return actions.close_round(round_=round_, at=AFTER, by=district.second_office)
