"""Writes the record folder, whole or not at all, and beside it the file of openings for the scrutineers.

Slips may come in any order and leave none of it behind: the board is sorted by the slips' names.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from blindballot.box.receiving import SlipRefused, check_slip
from blindballot.closing.boardwriting import BoardWriter, Place
from blindballot.closing.tallying import Tally, open_slip
from blindballot.format.encoding import FormatError, b64
from blindballot.format.gate import read_gate
from blindballot.format.keyring import Keyring
from blindballot.format.keys import acknowledgement_bytes, load_point, point_bytes
from blindballot.format.manifest import Manifest
from blindballot.format.record import (
    COUNTS,
    KEYS,
    LISTED,
    MANIFEST,
    RECORD,
    SIGNATURE,
    CancelledSlip,
    Extension,
    PoolCounts,
    RecordHead,
    check_extensions,
    write_counts,
)
from blindballot.format.slips import Slip
from blindballot.format.sorting import MEMORY

# Takes the pools as they would be published and the true counts by pool, line and criterion; answers with gate.json.
Gate = Callable[[list[PoolCounts], Mapping[tuple[str, str, str], Mapping[str, int]]], bytes]


class ExportError(ValueError):
    """The box does not make a sound record: a slip that should not be in it, a serial twice, a key of another poll."""


@dataclass(frozen=True, slots=True)
class ClosingKeys:
    """The private keys the close needs: by pool those that open slips, and the platform's that signs the record."""

    closing: Mapping[str, ec.EllipticCurvePrivateKey]
    acknowledgement: ed25519.Ed25519PrivateKey

    def check(self, manifest: Manifest) -> None:
        """Raises ExportError unless these are the keys the manifest names."""
        if acknowledgement_bytes(self.acknowledgement) != manifest.acknowledgement_key:
            raise ExportError("the acknowledgement key is not the manifest's")
        for pool in manifest.pools:
            if pool.id not in self.closing or point_bytes(self.closing[pool.id]) != pool.closing_key:
                raise ExportError(f"the closing key of {pool.id} is not the manifest's")


def export_record(
    folder: Path,
    *,
    openings: Path,
    manifest: Manifest,
    keys: Keyring,
    private: ClosingKeys,
    slips: Iterable[Slip],
    issued: Mapping[str, Mapping[str, int]],
    closed_at: str,
    extensions: Sequence[Extension] = (),
    cancelled: Iterable[CancelledSlip] = (),
    gate: Gate | None = None,
    memory: int = MEMORY,
) -> list[PoolCounts]:
    """Open, count and write the record of `slips` (one for each serial) to `folder`, the unpublished openings to `openings`.

    `gate` is asked once all is counted and before anything is written, and answers with gate.json: what it withholds is published
    as less. `issued` is tokens by pool and issuer, without those of `cancelled` paper slips; `extensions` in their order. Folder and
    openings appear complete or not at all, the openings first and readable by their owner only; neither is overwritten
    (FileExistsError). Past about `memory` bytes slips are sorted in hidden files beside `folder`, which are gone in the end.
    Raises ExportError for a slip the box should have refused, a serial that stands twice or is cancelled, extensions that
    break a rule, a close before its time, or another poll's keys. Returns what `counts.json` says.
    """
    for target in (folder, openings):
        if target.exists():
            raise FileExistsError(target)
    private.check(manifest)
    _check_times(manifest, extensions, closed_at)
    with (
        _whole_or_nothing(folder, openings) as (partial, handover),
        BoardWriter(manifest, folder.parent, memory) as board,
    ):
        unused = _gather_cancelled(manifest, board, cancelled)
        tally = _gather(manifest, keys, private, slips, board)
        counts = tally.counts(issued, unused)
        if gate is not None:
            withheld = read_gate(manifest, gate(counts, tally.exact()))
            counts = tally.counts(issued, unused, withheld)
        _check_serials(board)
        to_open = {(pool.pool, line["line"]) for pool in counts for line in pool.lines if line["publication"] == "open"}
        counted = {(pool.pool, line["line"]) for pool in counts for line in pool.lines if pool.verdict == "valid"}
        root, size = board.write(partial, handover, to_open, counted)
        _write(partial / MANIFEST, manifest.data)
        _write(partial / KEYS, keys.file())
        _write(partial / COUNTS, write_counts(counts))
        files = {name: _fingerprint(partial / name) for name in LISTED}
        head = RecordHead(manifest.fingerprint, closed_at, tuple(extensions), root, size, files)
        _write_head(partial, head, private.acknowledgement)
    return counts


@contextmanager
def _whole_or_nothing(folder: Path, openings: Path) -> Iterator[tuple[Path, Path]]:
    """A folder and a file to write, which take their names in the end, or vanish if anything failed."""
    handle, handover = tempfile.mkstemp(prefix=f".{openings.name}.", dir=openings.parent)
    os.close(handle)
    partial = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        yield partial, Path(handover)
        partial.chmod(0o755)
        Path(handover).rename(openings)
        partial.rename(folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        Path(handover).unlink(missing_ok=True)
        raise


def _check_times(manifest: Manifest, extensions: Sequence[Extension], closed_at: str) -> None:
    try:
        last = check_extensions(manifest, extensions)
    except FormatError as error:
        raise ExportError(str(error)) from error
    if closed_at < last:
        raise ExportError(f"closed at {closed_at}, before the time that is in force, {last}")


def _gather_cancelled(manifest: Manifest, board: BoardWriter, cancelled: Iterable[CancelledSlip]) -> Counter[Place]:
    """Checks the cancelled slips, hands them on and counts them by pool and line."""
    counted: Counter[Place] = Counter()
    for slip in cancelled:
        if slip.pool not in manifest.pool_by_id or slip.line not in manifest.line_by_id:
            raise ExportError(f"a cancelled slip is of {slip.pool}, {slip.line}, which the manifest does not have")
        try:
            load_point(slip.serial)
        except FormatError as error:
            raise ExportError(f"a cancelled serial of {slip.pool}, {slip.line} is {error}") from error
        counted[slip.pool, slip.line] += 1
        board.add_cancelled(slip)
    return counted


def _gather(
    manifest: Manifest, keys: Keyring, private: ClosingKeys, slips: Iterable[Slip], board: BoardWriter
) -> Tally:
    """Checks and opens the slips, hands them on and tallies them."""
    tally = Tally(manifest)
    for slip in slips:
        try:
            check_slip(manifest, keys, slip)
        except SlipRefused as refusal:
            raise ExportError(f"a slip of {slip.pool}, {slip.line} is {refusal}") from refusal
        opening = open_slip(manifest, private.closing[slip.pool], slip)
        board.add(slip.for_board, opening)
        tally.add(slip.pool, slip.line, opening)
    return tally


def _check_serials(board: BoardWriter) -> None:
    cancelled = next(board.repeated(), None)
    if cancelled is not None:
        what = ("a serial stands twice in the box", "the box holds a slip whose serial is cancelled")
        raise ExportError((*what, "a serial is cancelled twice")[cancelled])


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _write_head(folder: Path, head: RecordHead, key: ed25519.Ed25519PrivateKey) -> None:
    """Writes and signs `record.json`, once it reads as one."""
    data = head.to_bytes()
    RecordHead.read(data)
    _write(folder / RECORD, data)
    _write(folder / SIGNATURE, b64(key.sign(data)).encode())


def _fingerprint(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
