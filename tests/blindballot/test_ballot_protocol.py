"""Issue, cast, acknowledge, vote again: the protocol from both ends, and what the box refuses with which reason."""

from __future__ import annotations

import dataclasses
import json

import pytest
from tests.blindballot.polls import Poll, document, make_poll

from blindballot.box import receiving
from blindballot.box.issuing import IssuerKey
from blindballot.box.receiving import SlipRefused, check_slip
from blindballot.closing.tallying import open_slip
from blindballot.format.encoding import b64
from blindballot.format.keys import (
    KeyFileError,
    acknowledgement_key_from_pem,
    generate_acknowledgement_key,
    generate_point_key,
    key_to_pem,
    point_bytes,
    point_key_from_pem,
)
from blindballot.format.rsabssa import BlindSignatureError
from blindballot.format.slips import BoardSlip, Slip
from blindballot.voter.voting import Ballot


@pytest.fixture(scope="module")
def made() -> Poll:
    return make_poll(
        pools={"members": 8, "guests": 8}, criteria=("work", "service"), issuers={"guests": ("office", "county")}
    )


@pytest.mark.parametrize("pool", ["members", "guests"])
def test_a_cast_slip_is_accepted_acknowledged_and_opened(made: Poll, pool: str) -> None:
    slips = made.ballot(pool).cast({"u1": {"work": "good", "service": "dont_know"}, "u2": {"service": "poor"}})
    for slip, marks in zip(slips, (bytes([2, 255]), bytes([0, 4])), strict=True):
        check_slip(made.manifest, made.keys, slip)
        acknowledgement = receiving.acknowledge(made.acknowledgement_key, made.manifest.digest, slip)
        assert len(acknowledgement) == 64
        assert receiving.is_acknowledgement(made.manifest, slip, acknowledgement)
        assert open_slip(made.manifest, made.closing_keys[pool, slip.line], slip).marks == marks
    assert not receiving.is_acknowledgement(made.manifest, slips[0], acknowledgement)


def test_slips_of_one_ballot_share_nothing(made: Poll) -> None:
    first, second = made.ballot("members").cast({})
    assert first.serial != second.serial
    assert first.tokens != second.tokens
    assert first.commitment != second.commitment


def test_sealed_marks_have_one_length_whatever_they_are(made: Poll) -> None:
    ballot = made.ballot("members")
    full = ballot.cast({line: {"work": "good", "service": "good"} for line in ("u1", "u2")})
    assert {len(slip.sealed) for slip in (*full, *ballot.cast({}, version=2))} == {65 + 2 + 32 + 16}


def test_a_second_vote_has_the_same_serial_and_token(made: Poll) -> None:
    ballot = made.ballot("members")
    first, again = ballot.cast({})[0], ballot.cast({"u1": {"work": "good"}}, version=2)[0]
    check_slip(made.manifest, made.keys, again)
    assert (again.serial, again.tokens, again.version) == (first.serial, first.tokens, 2)
    assert again.name(made.manifest.digest) != first.name(made.manifest.digest)


def test_json_poll_trip(made: Poll) -> None:
    slip = made.ballot("guests").cast({})[0]
    assert Slip.from_json(json.loads(json.dumps(slip.to_json()))) == slip
    assert BoardSlip.from_json(slip.for_board.to_json()) == slip.for_board


def test_a_retry_asks_and_answers_the_same(made: Poll) -> None:
    ballot = Ballot.begin(made.manifest, made.keys, "members")
    first, again = ballot.request("office"), ballot.request("office")
    assert first == again
    assert made.sign("members", "office", first) == made.sign("members", "office", again)


def test_no_slip_without_every_issuers_token(made: Poll) -> None:
    ballot = Ballot.begin(made.manifest, made.keys, "guests")
    ballot.accept("office", made.sign("guests", "office", ballot.request("office")))
    with pytest.raises(ValueError, match="a token is missing"):
        ballot.cast({})


def test_a_false_answer_of_the_issuer_is_noticed_and_kept_out(made: Poll) -> None:
    ballot = Ballot.begin(made.manifest, made.keys, "members")
    answer = made.sign("members", "office", ballot.request("office"))
    answer["u2"] = answer["u1"]
    with pytest.raises(BlindSignatureError):
        ballot.accept("office", answer)
    assert all(one.tokens == [None] for one in ballot.prepared.values())


def test_a_grade_that_does_not_exist_cannot_be_filled_in(made: Poll) -> None:
    with pytest.raises(KeyError):
        made.ballot("members").cast({"u1": {"work": "superb"}})


def refusal(made: Poll, slip: Slip) -> str:
    with pytest.raises(SlipRefused) as refused:
        check_slip(made.manifest, made.keys, slip)
    assert refused.value.reason in receiving.REASONS
    return refused.value.reason


def test_refusals_carry_their_reason(made: Poll) -> None:
    slip = made.ballot("members").cast({})[0]
    changed = dataclasses.replace
    assert refusal(made, changed(slip, pool="nobody")) == "unknown-pool"
    assert refusal(made, changed(slip, line="u9")) == "unknown-line"
    assert refusal(made, changed(slip, tokens=slip.tokens * 2)) == "wrong-issuers"
    assert refusal(made, changed(slip, sealed=slip.sealed + b"x")) == "malformed"
    assert refusal(made, changed(slip, serial=b"\x04" + bytes(64))) == "malformed"
    assert refusal(made, changed(slip, version=2)) == "forged-signature"
    assert refusal(made, changed(slip, signature=bytes(64))) == "forged-signature"


def cast_body(made: Poll, slips: list[Slip], **changes: object) -> bytes:
    body = {"manifest": made.manifest.fingerprint, "slips": [slip.to_json() for slip in slips]}
    return json.dumps({**body, **changes}).encode()


def test_a_cast_request_is_read(made: Poll) -> None:
    slips = made.ballot("members").cast({})
    assert list(receiving.read_cast_request(made.manifest, cast_body(made, slips))) == slips


def test_bad_cast_requests(made: Poll) -> None:
    slips = made.ballot("members").cast({})
    sound = cast_body(made, slips)

    def reason(body: bytes) -> str:
        with pytest.raises(SlipRefused) as refused:
            receiving.read_cast_request(made.manifest, body)
        return refused.value.reason

    assert reason(cast_body(made, slips, manifest="0" * 64)) == "wrong-manifest"
    assert reason(cast_body(made, slips * 2)) == "malformed"
    assert reason(cast_body(made, [])) == "malformed"
    assert reason(cast_body(made, slips, more=1)) == "malformed"
    assert reason(sound[:-1]) == "malformed"
    assert reason(b"[]") == "malformed"
    assert reason(b"{}") == "malformed"
    assert reason(b"\x00\xff") == "malformed"
    assert reason(b'{"manifest":' + b"[" * 5000) == "malformed"
    assert reason(b" " * 20_000 + sound) == "too-large"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("serial", "AAAA"),
        ("tokens", []),
        ("tokens", ["AAAA"]),
        ("tokens", "AAAA"),
        ("version", 0),
        ("version", 2**32),
        ("version", "1"),
        ("version", True),
        ("commitment", None),
        ("sealed", "AAAA"),
        ("sealed", b64(bytes(5000))),
        ("signature", b64(bytes(63))),
        ("pool", "UPPER"),
        ("line", "x" * 65),
        ("sealed_hash", b64(bytes(32))),
    ],
)
def test_a_malformed_slip_is_refused(made: Poll, name: str, value: object) -> None:
    document = made.ballot("members").cast({})[0].to_json()
    document[name] = value
    body = json.dumps({"manifest": made.manifest.fingerprint, "slips": [document]}).encode()
    with pytest.raises(SlipRefused, match="malformed"):
        receiving.read_cast_request(made.manifest, body)


def test_issue_requests(made: Poll) -> None:
    blinded = {
        line: b64(one) for line, one in Ballot.begin(made.manifest, made.keys, "members").request("office").items()
    }
    body = {"manifest": made.manifest.fingerprint, "code": "ABCD", "blinded": blinded}

    def read(**changes: object) -> receiving.IssueRequest:
        return receiving.read_issue_request(made.manifest, json.dumps({**body, **changes}).encode())

    assert read().code == "ABCD"
    assert {line: b64(one) for line, one in read().blinded.items()} == blinded
    for changes, reason in (
        ({"manifest": ""}, "wrong-manifest"),
        ({"blinded": {**blinded, "u9": blinded["u1"]}}, "malformed"),
        ({"blinded": {**blinded, "u1": "AAAA"}}, "malformed"),
        ({"blinded": 7}, "malformed"),
        ({"code": ""}, "malformed"),
        ({"code": "x" * 500}, "malformed"),
    ):
        with pytest.raises(SlipRefused, match=reason):
            read(**changes)


def test_an_issue_request_is_for_all_lines_of_the_pool_and_no_other() -> None:
    plan = document({"members": 8, "half": 8})
    plan["pools"][1]["lines"] = ["u2"]
    made = make_poll(plan)
    both = Ballot.begin(made.manifest, made.keys, "members").request("office")
    one = Ballot.begin(made.manifest, made.keys, "half").request("office")
    assert list(one) == ["u2"]
    receiving.check_lines(made.manifest, "members", receiving.IssueRequest("code", both))
    receiving.check_lines(made.manifest, "half", receiving.IssueRequest("code", one))
    for pool, blinded in (("members", one), ("half", both), ("members", {}), ("half", {"u1": both["u1"]})):
        with pytest.raises(SlipRefused, match="wrong-lines"):
            receiving.check_lines(made.manifest, pool, receiving.IssueRequest("code", blinded))


def test_a_pool_that_marks_some_lines_has_slips_of_these_alone() -> None:
    plan = document({"members": 8, "half": 8})
    plan["pools"][1]["lines"] = ["u2"]
    made = make_poll(plan)
    ballot = made.ballot("half")
    (slip,) = ballot.cast({"u2": {"work": "good"}})
    check_slip(made.manifest, made.keys, slip)
    assert refusal(made, dataclasses.replace(slip, line="u1")) == "unknown-line"


def test_keys_come_back_from_their_files_with_their_password_only(issuer_key: IssuerKey) -> None:
    closing, acknowledgement = generate_point_key(), generate_acknowledgement_key()
    pems = [issuer_key.to_pem(b"pw"), key_to_pem(closing, b"pw"), key_to_pem(acknowledgement, b"pw")]
    readers = [IssuerKey.from_pem, point_key_from_pem, acknowledgement_key_from_pem]
    assert IssuerKey.from_pem(pems[0], b"pw").n == issuer_key.n
    assert point_bytes(point_key_from_pem(pems[1], b"pw")) == point_bytes(closing)
    assert acknowledgement_key_from_pem(pems[2], b"pw").private_bytes_raw() == acknowledgement.private_bytes_raw()
    for place, read in enumerate(readers):
        assert b"ENCRYPTED" in pems[place]
        for pem, password in ((pems[place], b"other"), (pems[place - 1], b"pw"), (b"nonsense", b"pw")):
            with pytest.raises(KeyFileError):
                read(pem, password)
    with pytest.raises(ValueError, match="needs a password"):
        issuer_key.to_pem(b"")


def test_a_key_does_not_print_itself(issuer_key: IssuerKey) -> None:
    assert str(issuer_key.private.p) not in repr(issuer_key) + repr(issuer_key.private)
