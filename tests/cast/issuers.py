"""Polls with a second issuer, whose house lives in the same test database but touches only its own tables."""

from dataclasses import dataclass
from datetime import datetime

from tests.cast.booth import drafted_now
from tests.cast.district import District
from tests.cast.keys import give_duty_keys, give_keys

from blindballot.format.encoding import b64, canonical, unb64
from blindballot.format.keyring import Keyring
from blindballot.format.manifest import Manifest, read_manifest
from blindballot.voter.voting import Ballot
from zhengyou.ballots import actions as ballot_actions
from zhengyou.ballots import queries as ballot_queries
from zhengyou.campaigns.models import Cycle
from zhengyou.issuers import actions as issuer_actions
from zhengyou.issuers.models import IssuerDuty
from zhengyou.organisations.models import Person
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll, VoterPool
from zhengyou.web.shared import clock

OFFICE_SITE = "http://testserver"
COUNTY = {"zh-hans": "县级发票方", "en": "County issuer"}
ADDRESS = "https://issuer.example"


@dataclass
class Both:
    """An open poll with a second issuer, and what both houses handed out."""

    poll: Poll
    pool: VoterPool
    duty: IssuerDuty
    people: list[Person]
    office_codes: dict[str, str]
    county_codes: dict[str, str]

    @property
    def manifest(self) -> Manifest:
        return read_manifest(self.poll.manifest.encode())

    @property
    def keys(self) -> Keyring:
        return ballot_queries.public_keys(self.poll)

    def ballot(self) -> Ballot:
        return Ballot.begin(self.manifest, self.keys, self.pool.slug)


def named(district: District, cycle: Cycle, people: list[Person], *, units: int = 1) -> tuple[Poll, VoterPool]:
    """A drafted poll whose one pool names the county, with the office's own keys made."""
    row = drafted_now(district, cycle, [people], units=units)
    [pool] = poll_queries.pools_of(row)
    pool = ballot_actions.name_issuer(
        poll=row, pool=pool, issuer="county", name=COUNTY, address=ADDRESS, at=clock.now(), by=district.office
    )
    give_keys(row)
    return row, pool


def roll_of(people: list[Person]) -> list[tuple[str, str]]:
    """The county's own list of the same people."""
    return [(person.number, person.name) for person in people]


def answered(row: Poll, pool: VoterPool, people: list[Person]) -> tuple[IssuerDuty, bytes]:
    """The county takes the request on; returns its duty and its reply."""
    request = ballot_queries.issuer_request_file(row, pool, OFFICE_SITE)
    duty = issuer_actions.take_on_duty(request=request, roll=roll_of(people), at=clock.now())
    give_duty_keys(duty)
    return duty, issuer_actions.write_duty_reply(duty)


def opened_by_both(district: District, cycle: Cycle, people: list[Person], *, units: int = 1) -> Both:
    """Everything exchanged, opened by both, all codes handed out."""
    row, pool = named(district, cycle, people, units=units)
    _duty, reply = answered(row, pool, people)
    ballot_actions.take_reply(poll=row, pool=pool, reply=reply, origin=OFFICE_SITE, at=clock.now(), by=district.office)
    row = ballot_actions.open_poll(poll=row, at=clock.now(), by=district.office)
    [duty] = issuer_actions.open_duties(opening=ballot_queries.issuer_opening_file(row), at=clock.now())
    codes = ballot_actions.hand_out_poll_codes(poll=row, people=people, at=clock.now(), by=district.office)
    second = {entry.number: code for entry, code in issuer_actions.hand_out_duty_codes(duty=duty, at=clock.now())}
    first = {person.number: codes[person.pk] for person in people}
    return Both(row, poll_queries.pools_of(row)[0], duty, people, first, second)


def body(both: Both, ballot: Ballot, issuer: str, code: str) -> bytes:
    """What a booth sends to have its serials signed by one of the two."""
    blinded = {line: b64(data) for line, data in ballot.request(issuer).items()}
    return canonical({"manifest": both.poll.fingerprint, "code": code, "blinded": blinded})


def drawn_from_office(both: Both, ballot: Ballot, number: str) -> None:
    """The office's tokens for this person."""
    answer = ballot_actions.issue_tokens(
        poll=both.poll, body=body(both, ballot, "office", both.office_codes[number]), at=clock.now()
    )
    ballot.accept("office", {line: unb64(text) for line, text in answer["signatures"].items()})


def drawn_from_county(both: Both, ballot: Ballot, number: str) -> None:
    """The county's tokens for this person."""
    answer = issuer_actions.issue_second_tokens(
        poll_key=both.poll.key,
        pool=both.pool.slug,
        body=body(both, ballot, "county", both.county_codes[number]),
        at=clock.now(),
    )
    ballot.accept("county", {line: unb64(text) for line, text in answer["signatures"].items()})


def vote(both: Both, number: str, grade: str) -> Ballot:
    """One whole ballot with both codes."""
    ballot = both.ballot()
    drawn_from_office(both, ballot, number)
    drawn_from_county(both, ballot, number)
    put_into_box(both, ballot, grade)
    return ballot


def put_into_box(both: Both, ballot: Ballot, grade: str) -> None:
    """Cast every line with this grade."""
    marks = {line.id: dict.fromkeys(line.criteria, grade) for line in both.manifest.lines}
    slips = [slip.to_json() for slip in ballot.cast(marks)]
    sent = canonical({"manifest": both.poll.fingerprint, "slips": slips})
    ballot_actions.take_slips(poll=both.poll, body=sent, at=clock.now())


def stated(both: Both, at: datetime) -> bytes:
    """The county's signed count."""
    return issuer_actions.state_count(duty=both.duty, at=at)
