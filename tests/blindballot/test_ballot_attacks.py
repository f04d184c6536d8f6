"""Attacks by name. In the first part somebody outside sends slips to the box; in the second the platform itself, holding
every key but the voters' and (with two issuers) the other issuer's, forges the record and signs it again."""

from __future__ import annotations

import dataclasses
import secrets
from dataclasses import replace
from pathlib import Path

import pytest
from tests.blindballot.polls import GRADES, Poll, document, make_poll
from tests.blindballot.records import (
    edit_board,
    edit_counts,
    edit_lines,
    edit_opened,
    export,
    recount_handed,
    verify_all,
)

from blindballot.box.receiving import SlipRefused, acknowledge, check_slip, is_acknowledgement, read_cast_request
from blindballot.closing.tallying import open_slip
from blindballot.format import rsabssa
from blindballot.format.curve import ORDER
from blindballot.format.encoding import b64, canonical, parse_canonical
from blindballot.format.keys import generate_point_key, point_bytes, sign_with_point
from blindballot.format.lines import (
    Opening,
    SealedSlip,
    read_board_line,
    read_opening_line,
    read_sealed_line,
    write_opening_line,
    write_sealed_line,
)
from blindballot.format.publication import publish_line
from blindballot.format.record import BOARD, CLOSING_KEYS, COUNTS, OPENED, RECORD, SEALED, SIGNATURE
from blindballot.format.slips import BoardSlip, Slip
from blindballot.verifying.verifier import Verdict, verify
from blindballot.voter.voting import Ballot

IDS = [grade for grade, _, _ in GRADES]


def refusal(made: Poll, slip: Slip) -> str:
    with pytest.raises(SlipRefused) as refused:
        check_slip(made.manifest, made.keys, slip)
    return refused.value.reason


def signed(made: Poll, slip: Slip, ballot: Ballot) -> Slip:
    """The slip signed properly by the key of its serial."""
    key = ballot.prepared[slip.line].key
    return dataclasses.replace(slip, signature=sign_with_point(key, slip.body(made.manifest.digest)))


def stuffed(made: Poll, pool: str, tokens: int) -> tuple[Slip, Ballot]:
    """A slip of a voter who does not exist, with made-up tokens."""
    ballot = Ballot.begin(made.manifest, made.keys, pool)
    for one in ballot.prepared.values():
        one.tokens = [secrets.token_bytes(288) for _ in range(tokens)]
    return ballot.cast({"u1": {"work": "good"}})[0], ballot


def test_stuffing_without_a_token(made: Poll) -> None:
    assert refusal(made, stuffed(made, "members", 1)[0]) == "forged-token"


def test_an_office_alone_cannot_add_a_ballot_where_two_issue(made: Poll) -> None:
    ballot = Ballot.begin(made.manifest, made.keys, "guests")
    ballot.accept("office", made.sign("guests", "office", ballot.request("office")))
    for one in ballot.prepared.values():
        one.tokens[1] = one.tokens[0]
    assert refusal(made, ballot.cast({})[0]) == "forged-token"
    for one in ballot.prepared.values():
        one.tokens = one.tokens[:1]
    assert refusal(made, ballot.cast({})[0]) == "wrong-issuers"


def test_tokens_of_two_issuers_do_not_change_places(made: Poll) -> None:
    ballot = made.ballot("guests")
    for one in ballot.prepared.values():
        one.tokens.reverse()
    assert refusal(made, ballot.cast({})[0]) == "forged-token"


def test_a_token_of_another_line(made: Poll) -> None:
    ballot = made.ballot("members")
    first, second = ballot.cast({})
    assert refusal(made, signed(made, dataclasses.replace(first, tokens=second.tokens), ballot)) == "forged-token"
    crossed = dataclasses.replace(first, line="u2")
    key = ballot.prepared["u1"].key
    crossed = dataclasses.replace(crossed, signature=sign_with_point(key, crossed.body(made.manifest.digest)))
    assert refusal(made, crossed) == "forged-token"


def test_a_token_of_another_pool(made: Poll) -> None:
    one_issuer = make_poll(pools={"members": 16, "guests": 16}, lines=("u1",))
    ballot = one_issuer.ballot("members")
    crossed = signed(one_issuer, dataclasses.replace(ballot.cast({})[0], pool="guests"), ballot)
    assert refusal(one_issuer, crossed) == "forged-token"


def test_a_token_of_another_poll(made: Poll) -> None:
    other = make_poll(pools={"members": 16, "guests": 12}, issuers={"guests": ("office", "county")})
    assert other.manifest.digest != made.manifest.digest
    ballot = other.ballot("members")
    # tests share RSA keys between polls, so here even the token fits; the signature binds the manifest
    assert refusal(made, ballot.cast({})[0]) == "forged-signature"


def test_a_token_on_another_serial(made: Poll) -> None:
    ballot = made.ballot("members")
    ballot.prepared["u1"].key = generate_point_key()
    ballot.prepared["u1"].serial = point_bytes(ballot.prepared["u1"].key)
    assert refusal(made, ballot.cast({})[0]) == "forged-token"


@pytest.mark.parametrize("field", ["version", "commitment", "sealed"])
def test_nobody_without_the_serials_key_changes_a_slip(made: Poll, field: str) -> None:
    first, again = (made.ballot("members").cast({}, version=version)[0] for version in (1, 2))
    assert refusal(made, dataclasses.replace(first, **{field: getattr(again, field)})) == "forged-signature"


def turned(signature: bytes) -> bytes:
    """The other signature that everybody can write from one: `r || n - s`."""
    return signature[:32] + (ORDER - int.from_bytes(signature[32:], "big")).to_bytes(32, "big")


def test_nobody_on_the_way_writes_a_second_signature(made: Poll) -> None:
    slip = made.ballot("members").cast({})[0]
    check_slip(made.manifest, made.keys, slip)
    other = dataclasses.replace(slip, signature=turned(slip.signature))
    assert refusal(made, other) == "forged-signature"
    assert other.name(made.manifest.digest) == slip.name(made.manifest.digest)


def test_a_huge_body_is_refused_before_it_is_parsed(made: Poll) -> None:
    with pytest.raises(SlipRefused, match="too-large"):
        read_cast_request(made.manifest, b"[" * 10_000_000)


def test_key_substitution_for_one_voter(made: Poll) -> None:
    """An issuer that signs one voter's serials with a key of its own is noticed before anything is cast.

    What it signs may by chance be larger than the modulus it should have used, which is refused first.
    """
    ballot = Ballot.begin(made.manifest, made.keys, "members")
    own_key = made.issuer_keys["guests", "u1", "county"]
    answer = {
        line: own_key.sign_blinded((int.from_bytes(one, "big") % own_key.n).to_bytes(256, "big"))
        for line, one in ballot.request("office").items()
    }
    with pytest.raises(ValueError, match=r"not a signature on the serial|a number beyond the modulus"):
        ballot.accept("office", answer)


def test_grade_out_of_range_is_invalid_and_counted_as_such(tmp_path: Path) -> None:
    made = make_poll(pools={"members": 12}, lines=("u1",))
    for number in range(11):
        made.vote("members", {"u1": {"work": IDS[number % 4]}})
    for marks in (bytes([5]), bytes([254]), b"", bytes([1, 1])):
        ballot = made.ballot("members")
        slip = ballot.fill(made.manifest.lines[0], marks)
        if len(marks) == 1:
            check_slip(made.manifest, made.keys, slip)
            made.slips.append(slip)
        else:
            assert refusal(made, slip) == "malformed"
    made.issued["members"]["office"] = 12
    made.slips.pop(0)
    folder = export(made, tmp_path)
    verdict = verify_all(folder)
    assert verdict.findings == []
    assert b'"invalid":{"no-such-mark":2}' in (folder / "counts.json").read_bytes()


def test_a_slip_sealed_to_another_context_is_unreadable(tmp_path: Path) -> None:
    made = make_poll(pools={"members": 12}, lines=("u1",))
    donor, ballot = made.ballot("members"), made.ballot("members")
    stolen = donor.cast({"u1": {"work": "good"}})[0]
    own = ballot.cast({})[0]
    copied = signed(made, dataclasses.replace(own, sealed=stolen.sealed, commitment=stolen.commitment), ballot)
    check_slip(made.manifest, made.keys, copied)
    made.slips += [stolen, copied]
    for _ in range(9):
        made.vote("members", {"u1": {"work": "poor"}})
    folder = export(made, tmp_path)
    assert b'"invalid":{"unreadable":1}' in (folder / "counts.json").read_bytes()
    assert verify_all(folder).is_sound


def checks(verdict: Verdict) -> set[str]:
    return {finding.check for finding in verdict.findings}


def test_the_forgers_tools_leave_a_sound_record_sound(made: Poll, folder: Path) -> None:
    edit_board(made, folder, lambda slips: None)
    assert verify_all(folder).is_sound


def test_the_platform_stuffs_a_slip(made: Poll, folder: Path) -> None:
    edit_board(made, folder, lambda slips: slips.append(stuffed(made, "members", 1)[0].for_board))
    assert "forged-token" in checks(verify(folder))


def test_the_platform_stuffs_where_it_is_the_only_issuer(made: Poll, folder: Path) -> None:
    """It can make tokens, but then must say that more were issued than it has people: the poll is void."""
    extra = []
    for _ in range(3):
        ballot = made.ballot("members")
        extra.append(ballot.cast({"u1": {"work": "good"}})[0])
    digest, key = made.manifest.digest, made.closing_keys["members", "u1"]
    edit_board(made, folder, lambda slips: slips.extend(slip.for_board for slip in extra))
    assert checks(verify(folder)) == {"opened-missing", "sealed-missing"}

    def open_too(lines: list[bytes]) -> None:
        lines.extend(write_opening_line(open_slip(made.manifest, key, slip)) for slip in extra)
        lines.sort(key=lambda line: read_opening_line(line).name)

    def show_too(lines: list[bytes]) -> None:
        lines.extend(write_sealed_line(SealedSlip(slip.name(digest), slip.sealed)) for slip in extra)
        lines.sort(key=lambda line: read_sealed_line(line).name)

    def count_too(pools: list[dict]) -> None:  # type: ignore[type-arg]
        pools[0]["issued"]["office"] = 17
        line = pools[0]["lines"][0]
        line.update(returned=17, valid=17)
        line["criteria"][0]["cells"][1]["n"] += 3

    edit_opened(made, folder, open_too)
    edit_lines(made, folder, SEALED, show_too)
    edit_counts(made, folder, count_too)
    assert checks(verify(folder, decrypt_all=True)) == {"verdict"}


def test_more_returned_than_issued_is_void(made: Poll, folder: Path) -> None:
    edit_counts(made, folder, lambda pools: pools[0]["issued"].update(office=13))
    verdict = verify(folder)
    assert checks(verdict) == {"verdict"}
    assert "says valid, the numbers make it void" in verdict.findings[0].sentence("en")


def test_the_platform_drops_a_slip(made: Poll, folder: Path) -> None:
    def drop(slips: list[BoardSlip]) -> None:
        slips.remove(next(slip for slip in slips if slip.pool == "members"))

    edit_board(made, folder, drop)
    assert checks(verify(folder)) == {"opened-stranger", "sealed-stranger"}


def test_the_platform_drops_a_slip_that_only_scrutineers_see_opened(made: Poll, folder: Path) -> None:
    def drop(slips: list[BoardSlip]) -> None:
        slips.remove(next(slip for slip in slips if slip.pool == "guests"))

    edit_board(made, folder, drop)
    assert checks(verify(folder)) == {"returned"}
    assert "sealed-stranger" in {finding.check for finding in recount_handed(folder).findings}


def test_a_slip_dropped_with_its_count_and_opening_is_missed_by_its_voter(tmp_path: Path) -> None:
    """The record is then sound in itself; the acknowledged slip's name is under no root of it."""
    made = make_poll(pools={"members": 12}, lines=("u1",))
    for _ in range(8):
        made.vote("members", {"u1": {"work": "good"}})
    dropped = made.slips.pop(3)
    digest = made.manifest.digest
    receipt = acknowledge(made.acknowledgement_key, digest, dropped)
    folder = export(made, tmp_path)
    assert verify_all(folder).is_sound
    names = [read_board_line(line).name(digest) for line in (folder / BOARD).read_bytes().splitlines(keepends=True)]
    assert is_acknowledgement(made.manifest, dropped, receipt)
    assert dropped.name(digest) not in names
    assert sorted(names) == names


def test_the_platform_replays_a_slip(made: Poll, folder: Path) -> None:
    edit_board(made, folder, lambda slips: slips.append(slips[3]))
    verdict = verify(folder)
    assert {"board-order", "serial-twice"} <= checks(verdict)


def test_two_versions_under_one_serial(made: Poll, folder: Path) -> None:
    ballot = made.ballot("members")
    both = [ballot.cast({}, version=version)[0].for_board for version in (1, 2)]
    edit_board(made, folder, lambda slips: slips.extend(both))
    verdict = verify(folder)
    assert "serial-twice" in checks(verdict)
    twice = next(finding for finding in verdict.findings if finding.check == "serial-twice")
    assert twice.line
    assert "stands on line" in twice.sentence("en")


def test_the_platform_alters_a_slip(made: Poll, folder: Path) -> None:
    def alter(slips: list[BoardSlip]) -> None:
        slips[4] = dataclasses.replace(slips[4], commitment=bytes(32))

    edit_board(made, folder, alter)
    assert "forged-signature" in checks(verify(folder))


def test_the_platform_turns_a_signature(made: Poll, folder: Path) -> None:
    """OpenSSL would take it, and the slip keeps its name; the record is another one all the same."""

    def turn(slips: list[BoardSlip]) -> None:
        slips[4] = dataclasses.replace(slips[4], signature=turned(slips[4].signature))

    edit_board(made, folder, turn)
    verdict = verify(folder)
    assert [(finding.line, finding.check) for finding in verdict.findings if finding.file == BOARD] == [
        (5, "forged-signature")
    ]


def test_the_platform_puts_its_own_key_under_a_slip(made: Poll, folder: Path) -> None:
    def alter(slips: list[BoardSlip]) -> None:
        key = generate_point_key()
        own = dataclasses.replace(slips[4], serial=point_bytes(key))
        slips[4] = dataclasses.replace(own, signature=sign_with_point(key, own.body(made.manifest.digest)))

    edit_board(made, folder, alter)
    assert "forged-token" in checks(verify(folder))


def test_a_serial_that_is_no_point(made: Poll, folder: Path) -> None:
    ballot = Ballot.begin(made.manifest, made.keys, "members")
    one = ballot.prepared["u1"]
    serial = b"\x04" + bytes(64)
    prefix, message = rsabssa.prepare(serial)
    key = made.issuer_keys["members", "u1", "office"]
    blinded, inverse = rsabssa.blind(key.public, message)
    one.tokens = [prefix + rsabssa.finalize(key.public, message, key.sign_blinded(blinded), inverse)]
    slip = replace(ballot.fill(made.manifest.lines[0], bytes([1])), serial=serial)
    assert refusal(made, slip) == "malformed"
    edit_board(made, folder, lambda slips: slips.append(slip.for_board))
    assert "bad-serial" in checks(verify(folder))


def test_slips_left_in_the_order_they_came(made: Poll, folder: Path) -> None:
    edit_board(made, folder, lambda slips: slips.reverse(), sort=False)
    assert "board-order" in checks(verify(folder))


def test_a_slip_of_a_pool_nobody_heard_of(made: Poll, folder: Path) -> None:
    edit_board(made, folder, lambda slips: slips.append(dataclasses.replace(slips[0], pool="ghosts")))
    assert "unknown-line" in checks(verify(folder))


def test_other_marks_are_claimed_for_an_opened_slip(made: Poll, folder: Path) -> None:
    def change(lines: list[bytes]) -> None:
        opening = read_opening_line(lines[2])
        lines[2] = write_opening_line(dataclasses.replace(opening, marks=bytes([4 if opening.marks[0] != 4 else 1])))

    edit_opened(made, folder, change)
    verdict = verify(folder)
    assert [(finding.file, finding.line, finding.check) for finding in verdict.findings] == [
        (OPENED, 3, "other-commitment")
    ]


def test_an_opened_slip_is_kept_back(made: Poll, folder: Path) -> None:
    edit_opened(made, folder, lambda lines: lines.pop(2))
    assert checks(verify(folder)) == {"opened-missing"}


@pytest.mark.parametrize("reason", ["unreadable", "other-commitment", "no-such-mark"])
def test_an_unwelcome_slip_of_an_open_line_is_called_invalid(made: Poll, folder: Path, reason: str) -> None:
    """And its figures are made to fit: the published key opens the sealed bytes all the same."""

    def change(lines: list[bytes]) -> None:
        lines[2] = write_opening_line(Opening(read_opening_line(lines[2]).name, invalid=reason))

    opening = read_opening_line((folder / OPENED).read_bytes().splitlines(keepends=True)[2])
    slip = next(slip for slip in made.slips if slip.name(made.manifest.digest) == opening.name)

    def count_so(pools: list[dict]) -> None:  # type: ignore[type-arg]
        line = next(each for each in pools[0]["lines"] if each["line"] == slip.line)
        line.update(valid=line["valid"] - 1, invalid={reason: 1})
        line["criteria"][0]["cells"][opening.marks[0] - 1]["n"] -= 1

    edit_opened(made, folder, change)
    edit_counts(made, folder, count_so)
    verdict = verify(folder)
    assert [(finding.file, finding.line, finding.check) for finding in verdict.findings] == [
        (OPENED, 3, "false-invalid")
    ]


def test_slips_of_a_sealed_line_are_published(made: Poll, folder: Path) -> None:
    slip = next(slip for slip in made.slips if slip.pool == "guests")
    secret = Opening(slip.name(made.manifest.digest), marks=bytes([1]), salt=bytes(32))

    def change(lines: list[bytes]) -> None:
        lines.append(write_opening_line(secret))
        lines.sort(key=lambda line: read_opening_line(line).name)

    edit_opened(made, folder, change)
    assert checks(verify(folder)) == {"opened-forbidden"}


def test_open_counts_are_cooked(made: Poll, folder: Path) -> None:
    def change(pools: list[dict]) -> None:  # type: ignore[type-arg]
        cells = pools[0]["lines"][0]["criteria"][0]["cells"]
        cells[0]["n"], cells[1]["n"] = cells[0]["n"] + 2, cells[1]["n"] - 2

    edit_counts(made, folder, change)
    verdict = verify(folder)
    assert checks(verdict) == {"recount"}
    assert "criteria is not what the opened slips add up to" in verdict.findings[0].sentence("en")


def test_sealed_counts_are_cooked_and_the_scrutineers_see_it(made: Poll, folder: Path) -> None:
    line = made.manifest.line_by_id["u1"]
    claimed = publish_line(made.manifest, line, {bytes([1]): 6, bytes([2]): 5}, {})
    edit_counts(made, folder, lambda pools: pools[1]["lines"].__setitem__(0, claimed))
    assert verify(folder).is_sound
    assert {finding.check for finding in recount_handed(folder).findings} == {"recount"}


def test_a_line_is_published_beyond_its_numbers(made: Poll, folder: Path) -> None:
    edit_counts(made, folder, lambda pools: pools[1]["lines"][0].update(publication="open", abstained=0))
    verdict = verify(folder)
    assert checks(verdict) == {"bad-counts"}
    assert "pools[1].lines[0]" in verdict.findings[0].sentence("en")


def test_a_small_cell_is_published(made: Poll, folder: Path) -> None:
    def change(pools: list[dict]) -> None:  # type: ignore[type-arg]
        marks = [*IDS, "dont_know", "unmarked"]
        counts = [7, 3, 1, 0, 0, 0]
        cells = [{"marks": [mark], "n": count} for mark, count in zip(marks, counts, strict=True)]
        pools[1]["lines"][0]["criteria"][0]["cells"] = cells

    edit_counts(made, folder, change)
    assert checks(verify(folder)) == {"bad-counts"}


def test_a_poll_below_its_turnout_opens_nothing(tmp_path: Path) -> None:
    plan = document({"members": 60}, ("u1",), ("work",))
    plan["thresholds"] |= {"open_from": 10, "turnout": [2, 3]}
    made = make_poll(plan)
    for number in range(12):
        made.vote("members", {"u1": {"work": IDS[number % 4]}})
    folder = export(made, tmp_path)
    assert (folder / OPENED).read_bytes() == b""
    assert (tmp_path / "handover.jsonl").read_bytes().count(b"\n") == 1
    verdict = verify_all(folder)
    assert verdict.is_sound
    assert verdict.pools[0].verdict == "below-turnout"
    assert parse_canonical((folder / CLOSING_KEYS).read_bytes())["keys"] == []
    assert parse_canonical((folder / COUNTS).read_bytes())["pools"][0]["lines"] == [
        {"line": "u1", "returned": 12, "publication": "nothing"}
    ]


def test_a_pool_below_its_turnout_is_opened_all_the_same(tmp_path: Path) -> None:
    """What is open in one pool is not in another that has no verdict: its slips stay closed."""
    plan = document({"members": 20, "away": 60}, ("u1",), ("work",))
    plan["thresholds"] |= {"open_from": 10, "turnout": [1, 2]}
    made = make_poll(plan)
    for pool in ("members", "away"):
        for number in range(12):
            made.vote(pool, {"u1": {"work": IDS[number % 4]}})
    folder = export(made, tmp_path)
    assert (folder / OPENED).read_bytes().count(b"\n") == 12
    slip = next(each for each in made.slips if each.pool == "away")
    opening = open_slip(made.manifest, made.closing_keys["away", "u1"], slip)

    def add(lines: list[bytes]) -> None:
        lines.append(write_opening_line(opening))
        lines.sort(key=lambda line: read_opening_line(line).name)

    edit_opened(made, folder, add)
    assert checks(verify(folder)) == {"opened-forbidden"}


def test_the_platform_closes_before_the_time(made: Poll, folder: Path) -> None:
    head = parse_canonical((folder / RECORD).read_bytes())
    head["closed_at"] = "2026-11-26T23:59:59Z"
    (folder / RECORD).write_bytes(canonical(head))
    (folder / SIGNATURE).write_text(b64(made.head_key.sign(canonical(head))))
    assert checks(verify(folder)) == {"closed-early"}
