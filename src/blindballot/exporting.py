"""Writes the record folder, whole or not at all, and beside it the file of openings for the scrutineers.

Slips may come in any order and leave none of it behind: the board is sorted by the slips' names.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from blindballot.encoding import FormatError, b64
from blindballot.keyring import Keyring
from blindballot.keys import acknowledgement_bytes, load_point, point_bytes
from blindballot.manifest import Manifest
from blindballot.merkle import RootBuilder, leaf_hash
from blindballot.receiving import SlipRefused, check_slip
from blindballot.record import (
    BOARD,
    CANCELLED,
    COUNTS,
    KEYS,
    LISTED,
    MANIFEST,
    OPENED,
    RECORD,
    SIGNATURE,
    CancelledSlip,
    Extension,
    Opening,
    PoolCounts,
    RecordHead,
    check_extensions,
    write_board_line,
    write_cancelled_line,
    write_counts,
    write_opening_line,
)
from blindballot.slips import Slip
from blindballot.tallying import Tally, open_slip


class ExportError(ValueError):
    """The box does not make a sound record: a slip that should not be in it, a serial twice, a key of another round."""


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


@dataclass(slots=True)
class _Gathered:
    """Slips by name: what the record needs of each, the leaf's hash, where it belongs, the board's line, the opening."""

    tally: Tally
    by_name: dict[bytes, tuple[tuple[str, str], bytes, bytes, Opening]] = field(default_factory=dict)
    serials: set[bytes] = field(default_factory=set)


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
) -> list[PoolCounts]:
    """Open, count and write the record of `slips` (one for each serial) to `folder`, the unpublished openings to `openings`.

    `issued` is tokens by pool and issuer, without those of `cancelled` paper slips; `extensions` in their order. Folder and
    openings appear complete or not at all, the openings first and readable by their owner only; neither is overwritten
    (FileExistsError). Raises ExportError for a slip the box should have refused, a serial that stands twice or is
    cancelled, extensions that break a rule, a close before its time, or another round's keys. Returns what `counts.json`
    says.
    """
    for target in (folder, openings):
        if target.exists():
            raise FileExistsError(target)
    private.check(manifest)
    _check_times(manifest, extensions, closed_at)
    unused = _order_cancelled(manifest, cancelled)
    gathered = _gather(manifest, keys, private, slips)
    if any(slip.serial in gathered.serials for slip in unused):
        raise ExportError("the box holds a slip whose serial is cancelled")
    counts = gathered.tally.counts(issued, Counter((slip.pool, slip.line) for slip in unused))
    with _whole_or_nothing(folder, openings) as (partial, handover):
        root = _write_slips(partial, handover, gathered, counts)
        _write(partial / MANIFEST, manifest.data)
        _write(partial / KEYS, keys.file())
        _write(partial / CANCELLED, b"".join(write_cancelled_line(slip) for slip in unused))
        _write(partial / COUNTS, write_counts(counts))
        files = {name: _fingerprint(partial / name) for name in LISTED}
        head = RecordHead(manifest.fingerprint, closed_at, tuple(extensions), root, len(gathered.by_name), files)
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


def _order_cancelled(manifest: Manifest, cancelled: Iterable[CancelledSlip]) -> list[CancelledSlip]:
    ordered = sorted(cancelled, key=lambda slip: slip.serial)
    for slip in ordered:
        if slip.pool not in manifest.pool_by_id or slip.line not in manifest.line_by_id:
            raise ExportError(f"a cancelled slip is of {slip.pool}, {slip.line}, which the manifest does not have")
        try:
            load_point(slip.serial)
        except FormatError as error:
            raise ExportError(f"a cancelled serial of {slip.pool}, {slip.line} is {error}") from error
    if len({slip.serial for slip in ordered}) != len(ordered):
        raise ExportError("a serial is cancelled twice")
    return ordered


def _gather(manifest: Manifest, keys: Keyring, private: ClosingKeys, slips: Iterable[Slip]) -> _Gathered:
    gathered = _Gathered(Tally(manifest))
    for slip in slips:
        try:
            check_slip(manifest, keys, slip)
        except SlipRefused as refusal:
            raise ExportError(f"a slip of {slip.pool}, {slip.line} is {refusal}") from refusal
        if slip.serial in gathered.serials:
            raise ExportError(f"a serial of {slip.pool}, {slip.line} stands twice")
        gathered.serials.add(slip.serial)
        opening = open_slip(manifest, private.closing[slip.pool], slip)
        place = (slip.pool, slip.line)
        leaf = leaf_hash(slip.leaf(manifest.digest))
        gathered.by_name[opening.name] = (place, leaf, write_board_line(slip.for_board), opening)
        gathered.tally.add(*place, opening)
    return gathered


def _write_slips(folder: Path, handover: Path, gathered: _Gathered, counts: list[PoolCounts]) -> bytes:
    """Writes the board, the opened slips and the openings; the board's root."""
    to_open = {(pool.pool, line["line"]) for pool in counts for line in pool.lines if line["publication"] == "open"}
    counted = {pool.pool for pool in counts if pool.verdict == "valid"}
    builder = RootBuilder()
    with (folder / BOARD).open("wb") as board, (folder / OPENED).open("wb") as opened, handover.open("wb") as sealed:
        for name in sorted(gathered.by_name):
            place, leaf, line, opening = gathered.by_name[name]
            builder.add(leaf)
            board.write(line)
            if place in to_open:
                opened.write(write_opening_line(opening))
            elif place[0] in counted:
                sealed.write(write_opening_line(opening))
        for file in (board, opened, sealed):
            file.flush()
            os.fsync(file.fileno())
    return builder.root()


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
