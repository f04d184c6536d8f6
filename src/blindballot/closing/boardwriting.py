"""Writes the files of a record that have a line for each slip: the board, its openings, the cancelled slips.

In the order of the format, whatever the order the slips come in, and in bounded memory. Checks only that serials differ.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Set
from contextlib import ExitStack
from pathlib import Path

from blindballot.format.manifest import Manifest
from blindballot.format.merkle import RootBuilder, leaf_hash
from blindballot.format.record import (
    BOARD,
    CANCELLED,
    OPENED,
    CancelledSlip,
    Opening,
    write_board_line,
    write_cancelled_line,
    write_opening_line,
)
from blindballot.format.serials import SerialRegister
from blindballot.format.slips import BoardSlip
from blindballot.format.sorting import RowSorter

Place = tuple[str, str]
# Bytes of a serial: an uncompressed point of P-256.
SERIAL = 65


class BoardWriter:
    """Collects slips with their openings, and cancelled ones; then writes them all.

    A context manager: sorts in hidden files under `folder` once there is more than about `memory` bytes.
    """

    def __init__(self, manifest: Manifest, folder: Path, memory: int) -> None:
        self._digest = manifest.digest
        self._places = [(pool.id, line.id) for pool in manifest.pools for line in manifest.lines]
        self._numbers = {place: number for number, place in enumerate(self._places)}
        self._count = 0
        self._stack = ExitStack()
        self._slips = self._stack.enter_context(RowSorter(folder, memory // 2))
        self._cancelled = self._stack.enter_context(RowSorter(folder, memory // 4))
        self._serials = self._stack.enter_context(SerialRegister(folder, memory // 4))

    def __enter__(self) -> BoardWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def add(self, slip: BoardSlip, opening: Opening) -> None:
        """A slip and what it opened to."""
        number = self._numbers[slip.pool, slip.line].to_bytes(4, "big")
        line = write_board_line(slip)
        head = opening.name + leaf_hash(slip.leaf(self._digest)) + number + len(line).to_bytes(2, "big")
        self._slips.add(head + line + write_opening_line(opening))
        self._serials.add_serial(slip.serial, self._count)
        self._count += 1

    def add_cancelled(self, slip: CancelledSlip) -> None:
        """A paper slip that was not drawn."""
        self._cancelled.add(slip.serial + write_cancelled_line(slip))
        self._serials.add_cancelled(slip.serial, self._count)
        self._count += 1

    def repeated(self) -> Iterator[int]:
        """For every serial that stands twice, how many of the two are cancelled. Once, after all were added."""
        return (cancelled for _, _, cancelled in self._serials.repeated())

    def write(self, folder: Path, handover: Path, to_open: Set[Place], to_hand_over: Set[Place]) -> tuple[bytes, int]:
        """Writes board, opened and cancelled slips to `folder`, the openings kept back to `handover`; the board's root and size."""
        builder = RootBuilder()
        with (
            (folder / BOARD).open("wb") as board,
            (folder / OPENED).open("wb") as opened,
            handover.open("wb") as sealed,
        ):
            for row in self._slips.rows():
                builder.add(row[32:64])
                place = self._places[int.from_bytes(row[64:68], "big")]
                end = 70 + int.from_bytes(row[68:70], "big")
                board.write(row[70:end])
                if place in to_open:
                    opened.write(row[end:])
                elif place in to_hand_over:
                    sealed.write(row[end:])
            for file in (board, opened, sealed):
                file.flush()
                os.fsync(file.fileno())
        with (folder / CANCELLED).open("wb") as cancelled:
            cancelled.writelines(row[SERIAL:] for row in self._cancelled.rows())
            cancelled.flush()
            os.fsync(cancelled.fileno())
        return builder.root(), builder.size
