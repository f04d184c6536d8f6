"""Records for tests: exported from a poll, and forged again by somebody who holds the platform's own keys."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.blindballot.polls import Poll

from blindballot.closing.exporting import ClosingKeys, OnPaper, export_record
from blindballot.format.cosigning import Cosignature, cosign
from blindballot.format.encoding import b64, canonical, parse_canonical
from blindballot.format.keys import sign_with_point
from blindballot.format.lines import read_board_line, write_board_line
from blindballot.format.merkle import merkle_root
from blindballot.format.record import BOARD, CANCELLED, COSIGNATURES, COUNTS, LISTED, OPENED, RECORD, SIGNATURE, Place
from blindballot.format.slips import BoardSlip, marks_length
from blindballot.verifying.scrutiny import Papers, SealedRecount, recount_sealed
from blindballot.verifying.verifier import Verdict, verify

CLOSED_AT = "2026-11-30T00:00:05Z"


def verify_all(folder: Path) -> Verdict:
    """The verdict of everybody, together with what scrutineers find who open what was handed over beside the folder."""
    verdict = verify(folder, decrypt_all=True, processes=1)
    if folder.joinpath(COUNTS).exists() and not verdict.findings:
        verdict.findings += recount_handed(folder).findings
    return verdict


# The private closing keys of the polls exported here, by manifest: a scrutineer would join two shares instead.
_SECRETS: dict[str, dict[Place, int]] = {}


def recount_handed(folder: Path, handover: Path | None = None) -> SealedRecount:
    """What scrutineers find who opened all keys, of the handover beside the folder or of another one."""
    papers = Papers.read(folder, handover or folder.parent / "handover.jsonl")
    return recount_sealed(papers, _SECRETS[papers.manifest.fingerprint])


def spoil(made: Poll, pool: str, line: str, sealed: bytes | None = None, marks: bytes | None = None) -> None:
    """Somebody casts a slip that is invalid: with marks there are not, or with sealed bytes that nobody can open."""
    ballot, place = made.ballot(pool), made.manifest.line_by_id[line]
    slip = ballot.fill(place, marks or bytes([99]) * marks_length(place))
    if sealed is not None:
        slip = dataclasses.replace(slip, sealed=sealed[:1] + slip.sealed[1:] if len(sealed) == 1 else sealed)
        key = ballot.prepared[line].key
        slip = dataclasses.replace(slip, signature=sign_with_point(key, slip.body(made.manifest.digest)))
    made.slips.append(slip)


def cosign_record(made: Poll, folder: Path, said: Sequence[Cosignature]) -> None:
    """Puts what scrutineers say of the record beside it; the record's fingerprint is filled in."""
    record = hashlib.sha256((folder / RECORD).read_bytes()).hexdigest()
    lines = [cosign(dataclasses.replace(one, record=record), made.scrutineers[one.scrutineer].signing) for one in said]
    (folder / COSIGNATURES).write_bytes(b"".join(line + b"\n" for line in lines))


def export(made: Poll, at: Path, **options: Any) -> Path:
    """The poll's record folder; what scrutineers are handed lies beside it as `handover.jsonl`."""
    folder = at / "record"
    _SECRETS[made.manifest.fingerprint] = made.secrets()
    export_record(
        folder,
        handover=at / "handover.jsonl",
        manifest=made.manifest,
        keys=made.keys,
        private=ClosingKeys(made.closing_keys, made.head_key),
        slips=made.slips,
        issued=made.issued,
        closed_at=CLOSED_AT,
        extensions=made.extensions,
        paper=OnPaper(made.batches, made.cancelled),
        statements=made.statements(),
        **options,
    )
    return folder


def sign_again(made: Poll, folder: Path) -> None:
    """Makes `record.json` and its signature fit whatever the other files say now. What scrutineers said of it before is gone."""
    (folder / COSIGNATURES).unlink(missing_ok=True)
    slips = [read_board_line(line) for line in (folder / BOARD).read_bytes().splitlines(keepends=True)]
    head = parse_canonical((folder / RECORD).read_bytes())
    head["board_root"] = b64(merkle_root(slip.name(made.manifest.digest) for slip in slips))
    head["board_size"] = len(slips)
    head["files"] = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in LISTED}
    (folder / RECORD).write_bytes(canonical(head))
    (folder / SIGNATURE).write_text(b64(made.head_key.sign(canonical(head))))


def edit_board(made: Poll, folder: Path, change: Callable[[list[BoardSlip]], None], *, sort: bool = True) -> None:
    """Changes the board and signs it again: what the platform itself could try."""
    slips = [read_board_line(line) for line in (folder / BOARD).read_bytes().splitlines(keepends=True)]
    change(slips)
    if sort:
        slips.sort(key=lambda slip: slip.name(made.manifest.digest))
    (folder / BOARD).write_bytes(b"".join(write_board_line(slip) for slip in slips))
    sign_again(made, folder)


def edit_lines(made: Poll, folder: Path, name: str, change: Callable[[list[bytes]], None]) -> None:
    """Changes the lines of a file and signs the record again."""
    lines = (folder / name).read_bytes().splitlines(keepends=True)
    change(lines)
    (folder / name).write_bytes(b"".join(lines))
    sign_again(made, folder)


def edit_document(made: Poll, folder: Path, name: str, change: Callable[[Any], None]) -> None:
    """Changes a document and signs the record again."""
    document = parse_canonical((folder / name).read_bytes())
    change(document)
    (folder / name).write_bytes(canonical(document))
    sign_again(made, folder)


def edit_cancelled(made: Poll, folder: Path, change: Callable[[list[bytes]], None]) -> None:
    """Changes the lines of `cancelled.jsonl` and signs the record again."""
    edit_lines(made, folder, CANCELLED, change)


def edit_counts(made: Poll, folder: Path, change: Callable[[list[dict]], None]) -> None:  # type: ignore[type-arg]
    """Changes the pools of `counts.json` and signs the record again."""
    edit_document(made, folder, COUNTS, lambda document: change(document["pools"]))


def edit_opened(made: Poll, folder: Path, change: Callable[[list[bytes]], None]) -> None:
    """Changes the lines of `opened.jsonl` and signs the record again."""
    edit_lines(made, folder, OPENED, change)
