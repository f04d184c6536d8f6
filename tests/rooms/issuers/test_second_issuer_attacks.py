"""Two issuers: neither the office nor the second issuer can add a ballot alone, not even with keys, database and exporter in hand."""

import json
import re
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from tests.cast import booth as cast_booth
from tests.cast import boxes as cast_boxes
from tests.cast import district as cast
from tests.cast import issuers as cast_issuers

from blindballot.box.receiving import SlipRefused, check_slip
from blindballot.closing.exporting import ClosingKeys, export_record
from blindballot.format import rsabssa
from blindballot.format.encoding import canonical, unb64
from blindballot.format.keys import acknowledgement_key_from_pem
from blindballot.format.statements import IssuerStatement, write_statement
from blindballot.voter.voting import Ballot
from zhengyou.ballots import actions as ballot_actions
from zhengyou.ballots import queries as ballot_queries
from zhengyou.ballots import rules as ballot_rules
from zhengyou.base.time import instant_text
from zhengyou.counting import actions as counting_actions
from zhengyou.counting import queries as counting_queries
from zhengyou.issuers import actions as issuer_actions
from zhengyou.issuers.models import IssuerDuty
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll
from zhengyou.standings.actions import JUDGE
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def district():
    return cast.small_district(members_a_village=3)


@pytest.fixture
def both(district):
    return cast_issuers.opened_by_both(district, cast_booth.small_cycle(district), district.members[:6])


@pytest.fixture
def wide(district):
    """The same with a sheet of two lines."""
    return cast_issuers.opened_by_both(district, cast_booth.small_cycle(district), district.members[:6], units=2)


def take_count(both, statement, district, at):
    return ballot_actions.take_statement(poll=both.poll, pool=both.pool, statement=statement, at=at, by=district.office)


def close(both, district, at):
    counting_actions.ask_to_close(poll=both.poll, at=at, by=district.office)
    return counting_actions.close_poll(poll=both.poll, at=at, by=district.second_office, judge=JUDGE)


def verify(folder):
    command = [sys.executable, "-m", "blindballot", "verify", str(folder), "--lang", "en"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def after(both):
    return both.poll.closes_at + MINUTE


def slip_of(both, tokens, line=None):
    """A slip on a serial of one's own, with these tokens for (line, serial), otherwise in perfect order."""
    ballot = both.ballot()
    line = line or both.manifest.lines[0]
    one = ballot.prepared[line.id]
    one.tokens = list(tokens(ballot, line))
    marks = ballot.marks_of(line, dict.fromkeys(line.criteria, "good"))
    return ballot.fill(line, marks)


def signed_by(keys: dict, ballot: Ballot, place: int, line: str) -> bytes:
    """What an issuer makes for a serial with its private keys, without asking any roll."""
    one = ballot.prepared[line]
    public = ballot.keys.keys[ballot.pool.id, line][place]
    signature = keys[line].sign_blinded(one.blinded[place])
    token = rsabssa.finalize(public, one.prefixes[place] + one.serial, signature, one.inverses[place])
    return one.prefixes[place] + token


def office_keys(both):
    return ballot_queries.signing_keys(both.pool.pk, both.poll.fingerprint)


def county_keys(both):
    return issuer_actions.duty_signing_keys(both.duty.pk)


def forgeries_by(both, keys, place):
    """Every slip that one issuer, with its own keys of every line, can make: its own token stands at `place`."""
    first, second = both.manifest.lines

    def own(ballot, line):
        return signed_by(keys, ballot, place, line.id)

    def beside(ballot, line, other):
        pair = [own(ballot, line), other]
        return pair if place == 0 else pair[::-1]

    def of_the_other_line(ballot, line):
        """The issuer's own signature on this serial, by its key of another line."""
        public = both.keys.keys[both.pool.slug, second.id][place]
        prefix, message = rsabssa.prepare(ballot.prepared[line.id].serial)
        blinded, inverse = rsabssa.blind(public, message)
        return prefix + rsabssa.finalize(public, message, keys[second.id].sign_blinded(blinded), inverse)

    stolen = cast_issuers.vote(both, both.people[-1 - place].number, "fair").prepared[first.id].tokens[1 - place]
    return {
        "its own token twice": slip_of(both, lambda b, line: [own(b, line)] * 2),
        "a forged second token": slip_of(both, lambda b, line: beside(b, line, bytes(287) + b"\1")),
        "its own token of another line": slip_of(both, lambda b, line: beside(b, line, of_the_other_line(b, line))),
        "somebody's token of another serial": slip_of(both, lambda b, line: beside(b, line, stolen)),
        "one token only": slip_of(both, lambda b, line: [own(b, line)]),
    }


ALONE = [("office", office_keys, 0), ("county", county_keys, 1)]


@pytest.mark.parametrize(("who", "keys_of", "place"), ALONE, ids=["office", "county"])
def test_an_issuer_alone_cannot_put_a_ballot_into_the_box(wide, who, keys_of, place):
    forged = forgeries_by(wide, keys_of(wide), place)
    held = cast_boxes.slips_in(wide.poll)
    for what, slip in forged.items():
        sent = canonical({"manifest": wide.poll.fingerprint, "slips": [slip.to_json()]})
        with pytest.raises(ballot_rules.BallotRefused) as caught:
            ballot_actions.take_slips(poll=wide.poll, body=sent, at=clock.now())
        assert caught.value.reason in {"forged-token", "wrong-issuers", "malformed"}, what
    assert cast_boxes.slips_in(wide.poll) == held


def test_the_same_slip_with_both_tokens_is_taken(both):
    """The forgeries above fail for their tokens and for nothing else."""
    slip = slip_of(
        both, lambda b, line: [signed_by(office_keys(both), b, 0, line.id), signed_by(county_keys(both), b, 1, line.id)]
    )
    check_slip(both.manifest, both.keys, slip)
    sent = canonical({"manifest": both.poll.fingerprint, "slips": [slip.to_json()]})
    assert len(ballot_actions.take_slips(poll=both.poll, body=sent, at=clock.now())) == 1


@pytest.mark.parametrize(("who", "keys_of", "place"), ALONE, ids=["office", "county"])
def test_slips_stuffed_in_behind_the_box_are_found_by_the_verifier(wide, monkeypatch, tmp_path, who, keys_of, place):
    """The office has the closing key, the database and the exporter. It leaves out its own check: the record betrays it."""
    forged = forgeries_by(wide, keys_of(wide), place)
    for person in wide.people[:4]:
        cast_issuers.vote(wide, person.number, "good")
    honest = export(wide, tmp_path / "honest", [])
    assert verify(honest).returncode == 0
    monkeypatch.setattr("blindballot.closing.exporting.check_slip", lambda *_given: None)
    stuffed = [slip for what, slip in forged.items() if what != "one token only"]
    told = verify(export(wide, tmp_path / "stuffed", stuffed))
    assert told.returncode == 1
    assert len(re.findall(r"board\.jsonl, line \d+.*token", told.stdout)) == len(stuffed) == 4, told.stdout


def stated(both, pool, issued):
    """What the second issuer signs of its count."""
    key = acknowledgement_key_from_pem(bytes(IssuerDuty.objects.get().statement_key), settings.KEY_PASSWORD)
    said = IssuerStatement(str(both.poll.key), pool.slug, pool.issuer, both.poll.fingerprint, issued)
    return write_statement(said, key)


def export(both, folder, stuffed):
    """The record as the office exports it, with these slips beside those of the box."""
    [pool] = poll_queries.pools_of(both.poll)
    row = Poll.objects.get()
    private = ClosingKeys(
        ballot_queries.closing_keys(row, both.manifest),
        ballot_queries.head_key(row),
    )
    held = cast_boxes.slips_in(row)
    handover = folder.parent / "handover.jsonl"
    handover.unlink(missing_ok=True)
    export_record(
        folder,
        handover=handover,
        manifest=both.manifest,
        keys=both.keys,
        private=private,
        slips=[*held, *stuffed],
        issued={pool.slug: {"office": 6, "county": 6}},
        closed_at=instant_text(row.closes_at),
        statements=[stated(both, pool, 6)],
    )
    return folder


def test_slips_above_the_second_issuers_count_make_the_poll_void(both, district):
    """Even an office that had stolen the second issuer's keys could not return more than that issuer says it issued."""
    for person in both.people:
        ballot = both.ballot()
        cast_issuers.drawn_from_office(both, ballot, person.number)
        ballot.accept(
            "county",
            {line: county_keys(both)[line].sign_blinded(data) for line, data in ballot.request("county").items()},
        )
        cast_issuers.put_into_box(both, ballot, "good")
    take_count(both, cast_issuers.stated(both, after(both)), district, after(both))
    closed = close(both, district, after(both))
    [pool] = counting_queries.record_counts(closed)["pools"]
    assert (pool["issued"], pool["verdict"]) == ({"county": 0, "office": 6}, "void")


def test_the_offices_roll_says_nothing_of_the_second_issuer(both):
    cast_issuers.drawn_from_county(both, both.ballot(), both.people[0].number)
    assert not any(mark.is_issued for mark in poll_queries.marks_of(both.poll).values())
    with pytest.raises(SlipRefused, match="forged-token"):
        check_slip(both.manifest, both.keys, slip_of(both, lambda b, line: [bytes(288), bytes(288)]))
    assert unb64(json.loads(cast_issuers.stated(both, after(both)))["signature"], 64)
