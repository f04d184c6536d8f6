"""Finds a serial that stands twice among millions, in bounded memory: serials are sorted with the places they stand at.

Knows nothing of slips; a record is 64 bytes of serial (without the 0x04 all begin with) and 8 of offset.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from blindballot.format.sorting import RowSorter

# Bytes held before sorted runs go to disk.
MEMORY = 32 << 20
RECORD_LENGTH = 72
SERIAL_LENGTH = 64
# The bit of an offset that says the serial stands in the file of cancelled slips; no file is that long.
_CANCELLED = 1 << 63


class SerialRegister:
    """Takes serials with the offset of their line; a context manager, since large boards spill into temporary files."""

    def __init__(self, folder: Path | None = None, memory: int = MEMORY) -> None:
        self._sorter = RowSorter(folder, memory)

    def __enter__(self) -> SerialRegister:
        return self

    def __exit__(self, *_: object) -> None:
        self._sorter.__exit__()

    def add(self, records: bytes) -> None:
        """Records of 72 bytes, one after the other."""
        for start in range(0, len(records), RECORD_LENGTH):
            self._sorter.add(records[start : start + RECORD_LENGTH])

    def add_serial(self, serial: bytes, offset: int) -> None:
        """A serial of 65 bytes and what tells its place."""
        self._sorter.add(serial[1:] + offset.to_bytes(8, "big"))

    def add_cancelled(self, serial: bytes, offset: int) -> None:
        """A cancelled serial, 65 bytes, and the offset of its own line."""
        self.add_serial(serial, _CANCELLED | offset)

    def repeated(self) -> Iterator[tuple[int, int, int]]:
        """`(first, other, cancelled)`: where two with one serial stand, and how many of the two are cancelled.

        One of the board is first. Once, after all were added.
        """
        first = b""
        for record in self._sorter.rows():
            if record[:SERIAL_LENGTH] != first[:SERIAL_LENGTH]:
                first = record
                continue
            places = [int.from_bytes(each[SERIAL_LENGTH:], "big") for each in (first, record)]
            cancelled = sum(1 for place in places if place & _CANCELLED)
            yield places[0] & ~_CANCELLED, places[1] & ~_CANCELLED, cancelled
