"""Records for tests: exported from a poll, and forged again by somebody who holds the platform's own keys."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.blindballot.polls import Poll

from blindballot.closing.exporting import ClosingKeys, export_record
from blindballot.format.encoding import b64, canonical, parse_canonical
from blindballot.format.merkle import merkle_root
from blindballot.format.record import (
    BOARD,
    CANCELLED,
    COUNTS,
    LISTED,
    OPENED,
    RECORD,
    SIGNATURE,
    read_board_line,
    write_board_line,
)
from blindballot.format.slips import BoardSlip

CLOSED_AT = "2026-11-30T00:00:05Z"


def export(made: Poll, at: Path, **options: Any) -> Path:
    """The poll's record folder; the openings lie beside it as `openings.jsonl`."""
    folder = at / "record"
    export_record(
        folder,
        openings=at / "openings.jsonl",
        manifest=made.manifest,
        keys=made.keys,
        private=ClosingKeys(made.closing_keys, made.acknowledgement_key),
        slips=made.slips,
        issued=made.issued,
        closed_at=CLOSED_AT,
        extensions=made.extensions,
        cancelled=made.cancelled,
        **options,
    )
    return folder


def sign_again(made: Poll, folder: Path) -> None:
    """Makes `record.json` and its signature fit whatever the other files say now."""
    slips = [read_board_line(line) for line in (folder / BOARD).read_bytes().splitlines(keepends=True)]
    head = parse_canonical((folder / RECORD).read_bytes())
    head["board_root"] = b64(merkle_root(slip.leaf(made.manifest.digest) for slip in slips))
    head["board_size"] = len(slips)
    head["files"] = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in LISTED}
    (folder / RECORD).write_bytes(canonical(head))
    (folder / SIGNATURE).write_text(b64(made.acknowledgement_key.sign(canonical(head))))


def edit_board(made: Poll, folder: Path, change: Callable[[list[BoardSlip]], None], *, sort: bool = True) -> None:
    """Changes the board and signs it again: what the platform itself could try."""
    slips = [read_board_line(line) for line in (folder / BOARD).read_bytes().splitlines(keepends=True)]
    change(slips)
    if sort:
        slips.sort(key=lambda slip: slip.name(made.manifest.digest))
    (folder / BOARD).write_bytes(b"".join(write_board_line(slip) for slip in slips))
    sign_again(made, folder)


def edit_cancelled(made: Poll, folder: Path, change: Callable[[list[bytes]], None]) -> None:
    """Changes the lines of `cancelled.jsonl` and signs the record again."""
    lines = (folder / CANCELLED).read_bytes().splitlines(keepends=True)
    change(lines)
    (folder / CANCELLED).write_bytes(b"".join(lines))
    sign_again(made, folder)


def edit_counts(made: Poll, folder: Path, change: Callable[[list[dict]], None]) -> None:  # type: ignore[type-arg]
    """Changes the pools of `counts.json` and signs the record again."""
    document = parse_canonical((folder / COUNTS).read_bytes())
    change(document["pools"])
    (folder / COUNTS).write_bytes(canonical(document))
    sign_again(made, folder)


def edit_opened(made: Poll, folder: Path, change: Callable[[list[bytes]], None]) -> None:
    """Changes the lines of `opened.jsonl` and signs the record again."""
    lines = (folder / OPENED).read_bytes().splitlines(keepends=True)
    change(lines)
    (folder / OPENED).write_bytes(b"".join(lines))
    sign_again(made, folder)
