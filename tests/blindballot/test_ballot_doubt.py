"""A device that is doubted: its seal code against the record and against opened slips; slips that the record leaves out."""

from __future__ import annotations

import dataclasses
import json
import secrets
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.blindballot.polls import GRADES, Poll, document, make_poll
from tests.blindballot.records import edit_board, export

from blindballot.__main__ import main
from blindballot.box.receiving import acknowledge
from blindballot.format.encoding import FormatError, b64, canonical, sha256, unb64
from blindballot.format.keys import point_bytes
from blindballot.format.letters import CodeError
from blindballot.format.lines import read_board_line
from blindballot.format.merkle import inclusion_proof
from blindballot.format.record import BOARD, RECORD, SIGNATURE
from blindballot.format.sealcode import (
    OpenedSlip,
    printed_code,
    read_code,
    read_where,
    seal_digest,
    seal_item,
    seal_letters,
    write_where,
)
from blindballot.format.sealing import open_with_key, seal_with_randomness
from blindballot.format.slips import Slip, commitment_of, seal_info
from blindballot.verifying.missingcheck import FORGED, UNACKNOWLEDGED, MissingFile, check_missing
from blindballot.verifying.sealcheck import ASK_WHERE, DIFFERS, FITS, FOUND, NOT_FOUND, WAITS, check_opened, find_code
from blindballot.verifying.signedboard import SignedBoard

VECTORS: dict[str, Any] = json.loads((Path(__file__).parents[1] / "vectors" / "sealcode-1.json").read_text())
IDS = [grade for grade, _, _ in GRADES]


def letters_of(digest: bytes, slips: Sequence[Slip]) -> str:
    """The code that an honest device shows before it casts these slips."""
    return seal_letters(seal_digest(digest, [seal_item(slip.commitment, sha256(slip.sealed)) for slip in slips]))


def stack_of(made: Poll, number: int) -> list[Slip]:
    """The slips of the members' voter of this number."""
    return made.slips[2 * number : 2 * number + 2]


def names_of(made: Poll, slips: Sequence[Slip]) -> list[bytes]:
    return [slip.name(made.manifest.digest) for slip in slips]


def test_the_vector_of_the_code() -> None:
    digest = bytes.fromhex(VECTORS["fingerprint"])
    items = []
    for case in VECTORS["slips"]:
        slip = OpenedSlip.read(case["opened"].encode())
        info = seal_info(digest, slip.pool, slip.line, slip.serial, slip.version)
        sealed = seal_with_randomness(slip.randomness, unb64(case["closing_key"]), slip.marks + slip.salt, info)
        assert b64(sealed) == case["sealed"]
        assert b64(commitment_of(digest, slip.serial, slip.marks, slip.salt)) == case["commitment"]
        items.append(slip.item(unb64(case["closing_key"])))
        assert b64(items[-1]) == case["item"]
    made = seal_digest(digest, reversed(items))
    assert (b64(made), seal_letters(made), printed_code(seal_letters(made))) == (
        VECTORS["digest"],
        VECTORS["letters"],
        VECTORS["code"],
    )
    names = [unb64(name) for name in VECTORS["names"]]
    assert write_where(names) == VECTORS["where"]
    assert read_where(VECTORS["where"]) == [name[:9] for name in sorted(names)]


def test_a_mistyped_code_is_no_code_rather_than_another_one() -> None:
    code = VECTORS["code"]
    assert read_code(code.lower().replace("-", " ")) == VECTORS["letters"]
    wrong = ("Z" if code[0] != "Z" else "Y") + code[1:]
    for typed in (wrong, code[:-1], code + "0", ""):
        with pytest.raises(CodeError):
            read_code(typed)


def test_what_is_sealed_with_known_randomness_opens_like_any_other(made: Poll) -> None:
    key = made.closing_keys["members", "u1"]
    sealed = seal_with_randomness(secrets.token_bytes(32), point_bytes(key), b"marks", b"info")
    assert open_with_key(key, sealed, b"info") == b"marks"
    assert open_with_key(key, sealed, b"other") is None


def test_a_cast_code_is_found_by_trying_and_by_where_its_slips_stand(made: Poll, folder: Path) -> None:
    board = SignedBoard.read(folder)
    stack = stack_of(made, 3)
    letters = letters_of(made.manifest.digest, stack)
    where = read_where(write_where(names_of(made, stack)))
    assert find_code(board, letters) == (FOUND, 2)
    assert find_code(board, letters, where) == (FOUND, 2)
    assert find_code(board, letters, most_tries=10) == (ASK_WHERE, 0)
    assert find_code(board, letters_of(made.manifest.digest, stack[:1])) == (FOUND, 1)
    assert find_code(board, letters, where[:1]) == (NOT_FOUND, 0)


def test_a_device_shows_the_code_of_other_bytes_than_it_casts(made: Poll, folder: Path) -> None:
    """It shows a stack with the voter's marks, and casts one with its own: whatever place it names, the code is not there."""
    shown = made.ballot("members").cast({"u1": {"work": IDS[0]}, "u2": {"work": IDS[0]}})
    letters = letters_of(made.manifest.digest, shown)
    board = SignedBoard.read(folder)
    assert find_code(board, letters) == (NOT_FOUND, 0)
    really_cast = read_where(write_where(names_of(made, stack_of(made, 5))))
    assert find_code(board, letters, really_cast) == (NOT_FOUND, 0)


def test_a_code_is_in_the_record_of_its_own_poll_only(made: Poll, folder: Path) -> None:
    """The same commitments and sealed bytes, shown under the manifest of another poll, make another code."""
    other = make_poll(document({"members": 16}, ("u1", "u2"), ("work",)))
    assert other.manifest.digest != made.manifest.digest
    stack = stack_of(made, 3)
    board = SignedBoard.read(folder)
    where = read_where(write_where(names_of(made, stack)))
    elsewhere = letters_of(other.manifest.digest, stack)
    assert elsewhere != letters_of(made.manifest.digest, stack)
    assert find_code(board, elsewhere) == (NOT_FOUND, 0)
    assert find_code(board, elsewhere, where) == (NOT_FOUND, 0)


def opened_stack(made: Poll) -> tuple[str, list[OpenedSlip]]:
    """A code and what its slips were made from, by a device that opens them."""
    slips, digest = [], made.manifest.digest
    for line in ("u1", "u2"):
        key = made.ballot("members").prepared[line]
        salt, randomness = secrets.token_bytes(32), secrets.token_bytes(32)
        slips.append(
            OpenedSlip(made.manifest.fingerprint, "members", line, key.serial, 1, bytes([2]), salt, randomness)
        )
    items = [slip.item(made.keys.closing["members", slip.line]) for slip in slips]
    return seal_letters(seal_digest(digest, items)), slips


def test_opened_slips_make_the_code_and_nothing_else_does(made: Poll) -> None:
    letters, slips = opened_stack(made)
    assert check_opened(made.manifest, made.keys, letters, slips) == FITS
    assert check_opened(made.manifest, made.keys, letters, slips[:1]) == WAITS
    lies = [
        {"marks": bytes([1])},
        {"salt": bytes(32)},
        {"randomness": bytes(32)},
        {"version": 2},
        {"serial": made.slips[0].serial},
    ]
    for lie in lies:
        told = [dataclasses.replace(slips[0], **lie), slips[1]]  # type: ignore[arg-type]
        assert check_opened(made.manifest, made.keys, letters, told) == DIFFERS
    other = dataclasses.replace(slips[0], manifest="0" * 64)
    for strange in (
        [other, slips[1]],
        [slips[0], slips[0]],
        [],
        [dataclasses.replace(slips[0], pool="guests"), slips[1]],
    ):
        with pytest.raises(FormatError):
            check_opened(made.manifest, made.keys, letters, strange)


def test_the_command_finds_a_code_and_reads_opened_slips(
    made: Poll, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = printed_code(letters_of(made.manifest.digest, stack_of(made, 2)))
    where = write_where(names_of(made, stack_of(made, 2)))
    assert main(["sealcode", str(folder), code, where, "--lang", "en"]) == 0
    assert "Found: the 2 slips" in capsys.readouterr().out
    letters, slips = opened_stack(made)
    assert main(["sealcode", str(folder), printed_code(letters), "--lang", "en"]) == 1
    assert "NOT found" in capsys.readouterr().out
    opened = tmp_path / "opened.txt"
    opened.write_bytes(b"\n".join(slip.to_bytes() for slip in slips))
    assert main(["sealcode", str(folder), printed_code(letters), "--opened", str(opened), "--lang", "en"]) == 0
    assert "work good" in capsys.readouterr().out
    assert main(["sealcode", str(folder), "ABCD", "--lang", "en"]) == 2
    (folder / BOARD).write_bytes((folder / BOARD).read_bytes()[:-100])
    assert main(["sealcode", str(folder), code, where, "--lang", "en"]) == 2
    assert "not the record as it was signed" in capsys.readouterr().err


def missing_file(made: Poll, folder: Path, slip: Slip, **changed: Any) -> bytes:
    """What a device saves that misses this slip in the record of the folder."""
    digest = made.manifest.digest
    board = [read_board_line(line) for line in (folder / BOARD).read_bytes().splitlines(keepends=True)]
    names = [one.name(digest) for one in board]
    place = sum(name < slip.name(digest) for name in names)
    around = [
        {"name": b64(names[at]), "index": at, "path": [b64(step) for step in inclusion_proof(names, at)]}
        for at in (place - 1, place)
        if 0 <= at < len(names)
    ]
    missed = {"slip": slip.for_board.to_json(), "around": around}
    missed["acknowledgement"] = b64(acknowledge(made.acknowledgement_key, digest, slip))
    file = {
        "format": "blindballot-missing-slips-1",
        "manifest": made.manifest.fingerprint,
        "head": b64((folder / RECORD).read_bytes()),
        "head_signature": (folder / SIGNATURE).read_text(),
        "slips": [missed | changed],
    }
    return canonical(file)


def whats_proved(folder: Path, file: bytes) -> tuple[list[str], bool, bool]:
    proved = check_missing(MissingFile.read(file), SignedBoard.read(folder))
    return [what for _pool, _line, what in proved.slips], proved.has_two_heads, proved.is_proof


def leave_out(made: Poll, folder: Path, *slips: Slip) -> None:
    gone = {slip.serial for slip in slips}
    edit_board(
        made, folder, lambda board: board.__setitem__(slice(None), [one for one in board if one.serial not in gone])
    )


def test_a_slip_that_the_record_leaves_out_is_proved(
    made: Poll, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    slip = made.slips[7]
    leave_out(made, folder, slip)
    file = missing_file(made, folder, slip)
    assert whats_proved(folder, file) == (["left-out"], False, True)
    (tmp_path / "missing.json").write_bytes(file)
    assert main(["missing", str(tmp_path / "missing.json"), str(folder), "--lang", "en"]) == 0
    assert "the record leaves it out" in capsys.readouterr().out


def test_what_the_box_never_took_proves_nothing(made: Poll, folder: Path, tmp_path: Path) -> None:
    """Somebody who wants to cry foul: a slip that is there, one without acknowledgement, without token, of another poll."""
    there = made.slips[7]
    assert whats_proved(folder, missing_file(made, folder, there)) == (["there"], False, False)
    never = made.ballot("members").cast({"u1": {"work": IDS[0]}})[0]
    forged = missing_file(made, folder, never, acknowledgement=b64(bytes(64)))
    assert whats_proved(folder, forged) == ([UNACKNOWLEDGED], False, False)
    alone = dataclasses.replace(never, tokens=there.tokens)
    assert whats_proved(folder, missing_file(made, folder, alone)) == ([FORGED], False, False)
    (tmp_path / "missing.json").write_bytes(missing_file(made, folder, there))
    assert main(["missing", str(tmp_path / "missing.json"), str(folder)]) == 1
    (tmp_path / "missing.json").write_bytes(b"{}")
    assert main(["missing", str(tmp_path / "missing.json"), str(folder)]) == 2


def test_an_older_version_in_place_of_the_acknowledged_one_is_proved_and_a_newer_one_is_not(
    tmp_path: Path,
) -> None:
    poll = make_poll(document({"members": 8}))
    for _ in range(6):
        poll.vote("members", {"u1": {"work": IDS[0]}})
    ballot = poll.ballot("members")
    first, second = (ballot.cast({"u1": {"work": IDS[place]}}, version=place + 1)[0] for place in (0, 1))
    for number, (cast, missed, said) in enumerate([(first, second, "older"), (second, first, "replaced")]):
        poll.slips.append(cast)
        (tmp_path / str(number)).mkdir()
        folder = export(poll, tmp_path / str(number))
        poll.slips.pop()
        what, _two, is_proof = whats_proved(folder, missing_file(poll, folder, missed))
        assert (what, is_proof) == ([said], said == "older")


def test_a_device_was_shown_another_record_than_everybody_else(made: Poll, folder: Path, tmp_path: Path) -> None:
    """Two heads signed by one key are a proof by themselves, and the neighbours say what the other one left out."""
    by_name = sorted(made.slips, key=lambda one: one.name(made.manifest.digest))
    slip = by_name[len(by_name) // 2]  # with a neighbour on either side
    shown = Path(shutil.copytree(folder, tmp_path / "shown"))
    leave_out(made, shown, slip)
    file = missing_file(made, shown, slip)
    assert whats_proved(folder, file) == (["other-head"], True, True)
    bare = json.loads(file)
    bare["slips"][0]["around"] = bare["slips"][0]["around"][:1]
    assert whats_proved(folder, canonical(bare))[0] == ["there"]
    bare["head_signature"] = b64(bytes(64))
    with pytest.raises(FormatError, match="nobody signed"):
        whats_proved(folder, canonical(bare))
