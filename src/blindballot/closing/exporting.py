"""Writes the record folder, whole or not at all, and beside it what is handed to the scrutineers.

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
from blindballot.closing.boardwriting import BoardWriter
from blindballot.closing.tallying import Tally, Turnout, open_sealed, turnout_of
from blindballot.format.encoding import FormatError, b64
from blindballot.format.gate import open_gate, read_gate
from blindballot.format.handover import handed_places, write_places
from blindballot.format.keyring import Keyring
from blindballot.format.keys import acknowledgement_bytes, load_point, point_bytes
from blindballot.format.lines import CancelledSlip
from blindballot.format.manifest import Manifest
from blindballot.format.printed import PrintedBatch, is_of_batch, read_printed, write_printed
from blindballot.format.record import (
    CLOSING_KEYS,
    COUNTS,
    GATE,
    KEYS,
    LISTED,
    MANIFEST,
    PRINTED,
    RECORD,
    SIGNATURE,
    STATEMENTS,
    Extension,
    Place,
    PoolCounts,
    RecordHead,
    check_extensions,
    kinds_of,
    write_closing_keys,
    write_counts,
)
from blindballot.format.slips import Slip
from blindballot.format.sorting import MEMORY
from blindballot.format.statements import read_statement

# Takes the pools as they would be published and the true counts by pool, line and criterion; answers with gate.json.
Gate = Callable[[list[PoolCounts], Mapping[tuple[str, str, str], Mapping[str, int]]], bytes]


class ExportError(ValueError):
    """The box does not make a sound record: a slip that should not be in it, a serial twice, a key of another poll."""


@dataclass(frozen=True, slots=True, repr=False)
class ClosingKeys:
    """The private keys the close needs: by place those that open slips, and the platform's that signs the record's head."""

    closing: Mapping[Place, ec.EllipticCurvePrivateKey]
    head: ed25519.Ed25519PrivateKey

    def check(self, manifest: Manifest, keys: Keyring) -> None:
        """Raises ExportError unless these are the keys the manifest stands for."""
        if acknowledgement_bytes(self.head) != manifest.head_key:
            raise ExportError("the head key is not the manifest's")
        for pool, line in manifest.places:
            known = self.closing.get((pool, line))
            if known is None or point_bytes(known) != keys.closing[pool, line]:
                raise ExportError(f"the closing key of {pool}, {line} is not the manifest's")


@dataclass(frozen=True, slots=True)
class OnPaper:
    """What the record tells of paper: the batches that were printed, and the slips that were not drawn."""

    batches: Sequence[PrintedBatch] = ()
    cancelled: Sequence[CancelledSlip] = ()


@dataclass(frozen=True, slots=True)
class Exported:
    """What a close came to: the pools as `counts.json` has them, and the true counts, which are written nowhere."""

    counts: list[PoolCounts]
    exact: Mapping[tuple[str, str, str], Mapping[str, int]]


def export_record(
    folder: Path,
    *,
    handover: Path,
    manifest: Manifest,
    keys: Keyring,
    private: ClosingKeys,
    slips: Iterable[Slip],
    issued: Mapping[str, Mapping[str, int]],
    closed_at: str,
    extensions: Sequence[Extension] = (),
    paper: OnPaper | None = None,
    statements: Sequence[bytes] = (),
    gate: Gate | None = None,
    memory: int = MEMORY,
) -> Exported:
    """Open, count and write the record of `slips` (one for each serial) to `folder`, what scrutineers are handed to `handover`.

    `gate` is asked once all is counted and before counts are written, and answers with gate.json: what it withholds is published
    as less. `issued` is tokens by pool and issuer, without those of cancelled paper slips; `extensions` in their order; `statements` of
    second issuers in the manifest's order of pools. No slip of a pool without a valid verdict is opened. Folder and handover
    appear complete or not at all, the handover first and readable by its owner only; neither is overwritten
    (FileExistsError). Past about `memory` bytes slips are sorted in hidden files beside `folder`, which are gone in the end.
    Raises ExportError for a slip the box should have refused, a serial that stands twice or is cancelled, paper or statements
    that do not fit, extensions that break a rule, a close before its time, or another poll's keys.
    """
    for target in (folder, handover):
        if target.exists():
            raise FileExistsError(target)
    paper = paper or OnPaper()
    private.check(manifest, keys)
    _check_times(manifest, extensions, closed_at)
    _check_statements(manifest, statements, issued)
    with (
        _whole_or_nothing(folder, handover) as (partial, handed_over),
        BoardWriter(manifest, folder.parent, memory) as board,
    ):
        unused = _gather_cancelled(manifest, board, paper)
        _gather(manifest, keys, slips, board)
        turnout = turnout_of(manifest, issued, board.returned)
        tally = _open(manifest, private, board, partial, turnout)
        answer = gate(tally.counts(turnout, unused), tally.exact()) if gate else open_gate(manifest)
        counts = tally.counts(turnout, unused, read_gate(manifest, answer))
        handed = _hand_over(manifest, private, counts, handed_over)
        board.write_opened(partial, handed_over, handed, kinds_of(counts), private.closing)
        board.write_cancelled(partial)
        documents = {MANIFEST: manifest.data, KEYS: keys.file(), GATE: answer, COUNTS: write_counts(counts)}
        documents[CLOSING_KEYS] = _published_keys(manifest, private, counts)
        documents[PRINTED] = write_printed(paper.batches)
        documents[STATEMENTS] = b"".join(statement + b"\n" for statement in statements)
        _write_documents(partial, documents)
        said = manifest.fingerprint, closed_at, tuple(extensions), board.roots.root(), board.roots.size
        _write_head(partial, RecordHead(*said, {name: _fingerprint(partial / name) for name in LISTED}), private.head)
    return Exported(counts, tally.exact())


def _write_documents(folder: Path, documents: Mapping[str, bytes]) -> None:
    for name, data in documents.items():
        _write(folder / name, data)


def _hand_over(manifest: Manifest, private: ClosingKeys, counts: Sequence[PoolCounts], path: Path) -> tuple[Place, ...]:
    """Writes the shares of the closing keys that scrutineers are handed; whose those are."""
    places = handed_places(manifest, counts)
    numbers = {place: private.closing[place].private_numbers().private_value for place in places}
    path.write_bytes(b"".join(write_places(manifest, numbers)))
    return places


def _published_keys(manifest: Manifest, private: ClosingKeys, counts: Sequence[PoolCounts]) -> bytes:
    """The closing keys of open lines; those of all others stay secret."""
    places = [place for place, kind in kinds_of(counts).items() if kind == "open"]
    numbers = {place: private.closing[place].private_numbers().private_value for place in places}
    return write_closing_keys(manifest, numbers)


@contextmanager
def _whole_or_nothing(folder: Path, handover: Path) -> Iterator[tuple[Path, Path]]:
    """A folder and a file to write, which take their names in the end, or vanish if anything failed."""
    handle, handed_over = tempfile.mkstemp(prefix=f".{handover.name}.", dir=handover.parent)
    os.close(handle)
    partial = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        yield partial, Path(handed_over)
        partial.chmod(0o755)
        Path(handed_over).rename(handover)
        partial.rename(folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        Path(handed_over).unlink(missing_ok=True)
        raise


def _check_times(manifest: Manifest, extensions: Sequence[Extension], closed_at: str) -> None:
    try:
        last = check_extensions(manifest, extensions)
    except FormatError as error:
        raise ExportError(str(error)) from error
    if closed_at < last:
        raise ExportError(f"closed at {closed_at}, before the time that is in force, {last}")


def _check_statements(manifest: Manifest, statements: Sequence[bytes], issued: Mapping[str, Mapping[str, int]]) -> None:
    pools = [pool for pool in manifest.pools if pool.statement_keys]
    if len(pools) != len(statements):
        raise ExportError(f"{len(statements)} statements of second issuers where the manifest names {len(pools)}")
    for pool, statement in zip(pools, statements, strict=True):
        try:
            said = read_statement(statement, pool.statement_keys[0])
        except FormatError as error:
            raise ExportError(f"the statement of {pool.id}: {error}") from error
        meant = (manifest.poll, pool.id, pool.issuers[1], manifest.fingerprint, issued[pool.id][pool.issuers[1]])
        if (said.poll, said.pool, said.issuer, said.manifest, said.issued) != meant:
            raise ExportError(f"the statement of {pool.id} is of another poll or count")


def _gather_cancelled(manifest: Manifest, board: BoardWriter, paper: OnPaper) -> Counter[Place]:
    """Checks the cancelled slips, hands them on and counts them by place."""
    try:
        batches = read_printed(manifest, write_printed(paper.batches))
    except FormatError as error:
        raise ExportError(str(error)) from error
    places, counted, of_batch = set(manifest.places), Counter[Place](), Counter[tuple[str, int, str]]()
    for slip in paper.cancelled:
        if (slip.pool, slip.line) not in places:
            raise ExportError(f"a cancelled slip is of {slip.pool}, {slip.line}, which the manifest does not have")
        try:
            load_point(slip.serial)
        except FormatError as error:
            raise ExportError(f"a cancelled serial of {slip.pool}, {slip.line} is {error}") from error
        batch = batches.get((slip.pool, slip.batch))
        if batch is None or not is_of_batch(manifest, batch, slip):
            raise ExportError(f"a cancelled slip of {slip.pool}, {slip.line} is not of its batch")
        counted[slip.pool, slip.line] += 1
        of_batch[slip.pool, slip.batch, slip.line] += 1
        board.add_cancelled(slip)
    for (pool, number), batch in batches.items():
        for line in manifest.lines_of(manifest.pool_by_id[pool]):
            if of_batch[pool, number, line.id] != batch.sheets - batch.drawn:
                raise ExportError(f"batch {number} of {pool}: drawn and cancelled slips are not those printed")
    return counted


def _gather(manifest: Manifest, keys: Keyring, slips: Iterable[Slip], board: BoardWriter) -> None:
    """Checks the slips and hands them on, unopened; then that no serial stands twice."""
    for slip in slips:
        try:
            check_slip(manifest, keys, slip)
        except SlipRefused as refusal:
            raise ExportError(f"a slip of {slip.pool}, {slip.line} is {refusal}") from refusal
        board.add(slip)
    _check_serials(board)


def _open(
    manifest: Manifest, private: ClosingKeys, board: BoardWriter, folder: Path, turnout: Mapping[str, Turnout]
) -> Tally:
    """Writes the board; opens and tallies the slips of pools with a valid verdict."""
    tally = Tally(manifest)
    for row in board.write_board(folder):
        pool, line = row.place
        if turnout[pool].verdict == "valid":
            opening = open_sealed(manifest, private.closing[row.place], row.slip, row.sealed)
            board.keep_opening(row, opening)
            tally.add(pool, line, opening)
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
