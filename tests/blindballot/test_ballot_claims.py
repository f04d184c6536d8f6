"""Slips called invalid where counts are published and the key stays secret: without a proof that holds nobody is believed."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from tests.blindballot.polls import GRADES, Poll, make_poll
from tests.blindballot.records import edit_counts, edit_lines, export, spoil, verify_all

from blindballot.format.curve import prove_equal
from blindballot.format.keys import point_bytes
from blindballot.format.lines import (
    InvalidSlip,
    read_invalid_line,
    write_invalid_line,
)
from blindballot.format.record import INVALID
from blindballot.format.sealing import exchange
from blindballot.format.slips import decapsulation_context
from blindballot.verifying.verifier import Verdict, verify

IDS = [grade for grade, _, _ in GRADES]


def checks(verdict: Verdict) -> set[str]:
    return {finding.check for finding in verdict.findings}


def claim_of(made: Poll, reason: str, secret: int | None = None) -> InvalidSlip:
    """The platform, which has the closing key, calls a good slip of a line that publishes counts invalid, with a proof."""
    slip = next(each for each in made.slips if (each.pool, each.line) == ("guests", "u1"))
    name, key = slip.name(made.manifest.digest), made.closing_keys["guests", "u1"]
    secret = secret or key.private_numbers().private_value
    point = exchange(secret, slip.sealed)
    assert point is not None
    context = decapsulation_context(made.manifest.digest, "guests", "u1", name)
    proof = prove_equal(secret, point_bytes(key), slip.sealed[:65], point, context)
    return InvalidSlip(name, reason, slip.sealed, point, proof)


def claim(made: Poll, folder: Path, said: InvalidSlip) -> None:
    """The claim is put into the record, and the counts fit it."""

    def count_so(pools: list[dict]) -> None:  # type: ignore[type-arg]
        line = pools[1]["lines"][0]
        line.update(valid=line["valid"] - 1, invalid={said.reason: 1})
        max(line["criteria"][0]["cells"], key=lambda cell: cell["n"])["n"] -= 1

    edit_lines(made, folder, INVALID, lambda lines: lines.append(write_invalid_line(said)))
    edit_counts(made, folder, count_so)


@pytest.mark.parametrize("reason", ["unreadable", "other-commitment", "no-such-mark"])
def test_an_unwelcome_slip_of_a_counts_line_is_called_invalid(made: Poll, folder: Path, reason: str) -> None:
    """With a true proof what comes out is its good marks: the claim is false."""
    claim(made, folder, claim_of(made, reason))
    verdict = verify(folder)
    assert "false-invalid" in checks(verdict)
    assert (INVALID, 1) in [(finding.file, finding.line) for finding in verdict.findings]


def test_an_unwelcome_slip_is_made_unreadable_with_another_key(made: Poll, folder: Path) -> None:
    """The exchange of some other key does not open the slip; but then it cannot be proved."""
    claim(made, folder, claim_of(made, "unreadable", secret=7))
    assert "bad-proof" in checks(verify(folder))


def test_a_proof_for_one_slip_proves_nothing_of_another(tmp_path: Path) -> None:
    made = make_poll(pools={"members": 16}, lines=("u1",))
    for number in range(12):
        made.vote("members", {"u1": {"work": IDS[number % 4]}})
    spoil(made, "members", "u1")
    folder = export(made, tmp_path)
    assert verify_all(folder).findings == []

    def turn(lines: list[bytes]) -> None:
        said = read_invalid_line(lines[0])
        slip = made.slips[0]
        name = slip.name(made.manifest.digest)
        lines[0] = write_invalid_line(dataclasses.replace(said, name=name, sealed=slip.sealed))

    edit_lines(made, folder, INVALID, turn)
    assert checks(verify(folder)) == {"bad-proof"}


def test_invalid_slips_are_claimed_without_naming_one(made: Poll, folder: Path) -> None:
    claim(made, folder, claim_of(made, "unreadable"))
    edit_lines(made, folder, INVALID, list.clear)
    assert checks(verify(folder)) == {"unproved-invalid"}
