"""What is public of printed sheets: a root over a batch's serials from the printing on, and at the close how many were drawn.

A serial is hidden behind a nonce; those of cancelled slips are opened, so that drawn and cancelled make up what was printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from blindballot.format.encoding import FormatError, b64, canonical, parse_canonical
from blindballot.format.fields import Fields
from blindballot.format.lines import CancelledSlip
from blindballot.format.manifest import NONCE_LENGTH, Manifest
from blindballot.format.merkle import inclusion_proof, is_included, leaf_hash, merkle_root

FORMAT = "blindballot-printed-1"
MOST_BATCHES = 100_000
MOST_SHEETS = 100_000


@dataclass(frozen=True, slots=True)
class PrintedBatch:
    """A batch of sheets, each with a slip for every line of its pool; how many were drawn, and the root of all its slips."""

    pool: str
    number: int
    sheets: int
    drawn: int
    root: bytes


@dataclass(frozen=True, slots=True)
class PrintedSlip:
    """One printed slip of a batch as its printer knows it."""

    line: str
    serial: bytes
    nonce: bytes


def printed_leaf(nonce: bytes, serial: bytes) -> bytes:
    """The leaf of a printed slip: 16 random bytes, then its serial."""
    if len(nonce) != NONCE_LENGTH:
        raise FormatError(f"the nonce of a printed slip has {NONCE_LENGTH} bytes")
    return nonce + serial


def printed_root(slips: Iterable[PrintedSlip]) -> bytes:
    """The RFC 9162 root of a batch, whatever the order its slips come in."""
    return merkle_root(_ordered(slips))


def cancelled_of(
    pool: str, batch: int, slips: Sequence[PrintedSlip], undrawn: Iterable[PrintedSlip]
) -> list[CancelledSlip]:
    """The undrawn ones of a batch's slips as the record lists them, each with the path to the batch's root."""
    leaves = _ordered(slips)
    places = {leaf: index for index, leaf in enumerate(leaves)}
    cancelled = []
    for slip in undrawn:
        index = places[printed_leaf(slip.nonce, slip.serial)]
        path = tuple(inclusion_proof(leaves, index))
        cancelled.append(CancelledSlip(pool, slip.line, slip.serial, batch, slip.nonce, index, path))
    return cancelled


def is_of_batch(manifest: Manifest, batch: PrintedBatch, slip: CancelledSlip) -> bool:
    """Whether the cancelled slip's path leads to the batch's root."""
    size = batch.sheets * len(manifest.lines_of(manifest.pool_by_id[batch.pool]))
    return is_included(printed_leaf(slip.nonce, slip.serial), slip.index, size, slip.path, batch.root)


def write_printed(batches: Iterable[PrintedBatch]) -> bytes:
    """The bytes of `printed.json`, of batches in the manifest's order of pools, then by number."""
    listed = [
        {"pool": b.pool, "number": b.number, "sheets": b.sheets, "drawn": b.drawn, "root": b64(b.root)} for b in batches
    ]
    return canonical({"format": FORMAT, "batches": listed})


def read_printed(manifest: Manifest, data: bytes) -> Mapping[tuple[str, int], PrintedBatch]:
    """The batches by pool and number. Raises FormatError naming the field."""
    fields = Fields(parse_canonical(data))
    fields.constant("format", FORMAT)
    batches = fields.items("batches", _read_batch, 0, MOST_BATCHES)
    fields.done()
    order = {pool.id: place for place, pool in enumerate(manifest.pools)}
    last = (-1, 0)
    for index, batch in enumerate(batches):
        place = (order.get(batch.pool, -1), batch.number)
        if place[0] < 0 or place <= last:
            raise FormatError(f"batches[{index}]: must be of the manifest's pools, in order, each number once")
        last = place
    return {(batch.pool, batch.number): batch for batch in batches}


def _read_batch(value: object, where: str) -> PrintedBatch:
    fields = Fields(value, where)
    pool, number, sheets = fields.identifier("pool"), fields.whole("number", 1), fields.whole("sheets", 1, MOST_SHEETS)
    batch = PrintedBatch(pool, number, sheets, fields.whole("drawn", 0, sheets), fields.binary("root", 32))
    fields.done()
    return batch


def _ordered(slips: Iterable[PrintedSlip]) -> list[bytes]:
    return sorted((printed_leaf(slip.nonce, slip.serial) for slip in slips), key=leaf_hash)
