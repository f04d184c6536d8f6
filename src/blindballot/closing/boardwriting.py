"""Writes the files of a record that have a line for each slip: the board, what was opened, what is proved, the cancelled slips.

In the order of the format, whatever the order the slips come in, and in bounded memory. Decides nothing.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from cryptography.hazmat.primitives.asymmetric import ec

from blindballot.format.curve import prove_equal
from blindballot.format.keys import point_bytes
from blindballot.format.lines import (
    CancelledSlip,
    InvalidSlip,
    Opening,
    SealedSlip,
    read_board_line,
    read_opening_line,
    write_board_line,
    write_cancelled_line,
    write_invalid_line,
    write_opening_line,
    write_sealed_line,
)
from blindballot.format.manifest import Manifest
from blindballot.format.merkle import RootBuilder, leaf_hash
from blindballot.format.record import BOARD, CANCELLED, INVALID, OPENED, SEALED, Place
from blindballot.format.sealing import exchange
from blindballot.format.serials import SerialRegister
from blindballot.format.slips import BoardSlip, Slip, decapsulation_context
from blindballot.format.sorting import RowSorter

# Bytes of a serial: an uncompressed point of P-256.
SERIAL = 65


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A slip on its way to the board, with its sealed bytes."""

    place: Place
    slip: BoardSlip
    sealed: bytes


class BoardWriter:
    """Collects slips, and cancelled ones; then writes the board, and hands each slip on in its order.

    A context manager: sorts in hidden files under `folder` once there is more than about `memory` bytes.
    """

    def __init__(self, manifest: Manifest, folder: Path, memory: int) -> None:
        self.returned: Counter[Place] = Counter()
        self.roots = RootBuilder()
        self._manifest = manifest
        self._numbers = {place: number for number, place in enumerate(manifest.places)}
        self._count = 0
        self._stack = ExitStack()
        self._slips = self._stack.enter_context(RowSorter(folder, memory // 4))
        self._opened = self._stack.enter_context(RowSorter(folder, memory // 4))
        self._cancelled = self._stack.enter_context(RowSorter(folder, memory // 8))
        self._serials = self._stack.enter_context(SerialRegister(folder, memory // 8))

    def __enter__(self) -> BoardWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def add(self, slip: Slip) -> None:
        """A slip of the box."""
        line = write_board_line(slip.for_board)
        self._slips.add(self._row(slip.name(self._manifest.digest), (slip.pool, slip.line), line, slip.sealed))
        self._serials.add_serial(slip.serial, self._count)
        self.returned[slip.pool, slip.line] += 1
        self._count += 1

    def add_cancelled(self, slip: CancelledSlip) -> None:
        """A paper slip that was not drawn."""
        self._cancelled.add(slip.serial + write_cancelled_line(slip))
        self._serials.add_cancelled(slip.serial, self._count)
        self._count += 1

    def repeated(self) -> Iterator[int]:
        """For every serial that stands twice, how many of the two are cancelled. Once, after all were added."""
        return (cancelled for _, _, cancelled in self._serials.repeated())

    def write_board(self, folder: Path) -> Iterator[BoardRow]:
        """Writes the board slip by slip, and each slip once it is written; `roots` has them all in the end."""
        with (folder / BOARD).open("wb") as board:
            for row in self._slips.rows():
                name, place, line, sealed = self._parts(row)
                self.roots.add(leaf_hash(name))
                board.write(line)
                yield BoardRow(place, read_board_line(line), sealed)
            _flush(board)

    def keep_opening(self, row: BoardRow, opening: Opening) -> None:
        """What a slip opened to, until it is decided what is published."""
        self._opened.add(self._row(opening.name, row.place, write_opening_line(opening), row.sealed))

    def write_opened(
        self,
        folder: Path,
        handover: Path,
        handed: Collection[Place],
        kinds: Mapping[Place, str],
        closing: Mapping[Place, ec.EllipticCurvePrivateKey],
    ) -> None:
        """Writes the opened slips of open lines with their sealed bytes, and the proofs for invalid ones where counts are published;
        appends to `handover` the sealed bytes of the places that are handed to scrutineers."""
        with (
            (folder / OPENED).open("wb") as opened,
            (folder / SEALED).open("wb") as sealed_file,
            (folder / INVALID).open("wb") as proved,
            handover.open("ab") as for_scrutineers,
        ):
            for row in self._opened.rows():
                name, place, line, sealed = self._parts(row)
                if kinds[place] == "open":
                    opened.write(line)
                    sealed_file.write(write_sealed_line(SealedSlip(name, sealed)))
                    continue
                if place in handed:
                    for_scrutineers.write(write_sealed_line(SealedSlip(name, sealed)))
                reason = read_opening_line(line).invalid
                if kinds[place] == "counts" and reason:
                    proved.write(write_invalid_line(self._prove(name, place, reason, sealed, closing[place])))
            for file in (opened, sealed_file, proved, for_scrutineers):
                _flush(file)

    def write_cancelled(self, folder: Path) -> None:
        """Writes the cancelled slips."""
        with (folder / CANCELLED).open("wb") as cancelled:
            cancelled.writelines(row[SERIAL:] for row in self._cancelled.rows())
            _flush(cancelled)

    def _prove(
        self, name: bytes, place: Place, reason: str, sealed: bytes, key: ec.EllipticCurvePrivateKey
    ) -> InvalidSlip:
        secret = key.private_numbers().private_value
        exchanged = exchange(secret, sealed)
        if exchanged is None:
            return InvalidSlip(name, reason, sealed, b"", b"")
        context = decapsulation_context(self._manifest.digest, *place, name)
        proof = prove_equal(secret, point_bytes(key), sealed[:SERIAL], exchanged, context)
        return InvalidSlip(name, reason, sealed, exchanged, proof)

    def _row(self, name: bytes, place: Place, line: bytes, sealed: bytes) -> bytes:
        return name + self._numbers[place].to_bytes(4, "big") + len(line).to_bytes(2, "big") + line + sealed

    def _parts(self, row: bytes) -> tuple[bytes, Place, bytes, bytes]:
        end = 38 + int.from_bytes(row[36:38], "big")
        return row[:32], self._manifest.places[int.from_bytes(row[32:36], "big")], row[38:end], row[end:]


def _flush(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())
