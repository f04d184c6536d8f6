"""Finds a serial that stands twice among millions, in bounded memory: serials are spread over files by their hash.

Knows nothing of slips; a record is 64 bytes of serial and 8 of offset.
"""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack

BUCKETS = 64
IN_MEMORY = 1 << 18
RECORD_LENGTH = 72
SERIAL_LENGTH = 64
_CANCELLED = 1 << 63


class SerialRegister:
    """Takes serials with the offset of their line; a context manager, since large boards spill into temporary files."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._buckets = [
            self._stack.enter_context(tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115 (the stack closes it)
            for _ in range(BUCKETS)
        ]

    def __enter__(self) -> SerialRegister:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def add(self, records: bytes) -> None:
        """Records of 72 bytes, one after the other."""
        for start in range(0, len(records), RECORD_LENGTH):
            self._add(records[start : start + RECORD_LENGTH])

    def add_cancelled(self, serial: bytes, offset: int) -> None:
        """A cancelled serial, 65 bytes, and the offset of its own line; after all of the board's."""
        self._add(serial[1:] + (_CANCELLED | offset).to_bytes(8, "big"))

    def _add(self, record: bytes) -> None:
        self._buckets[zlib.crc32(record[:SERIAL_LENGTH]) % BUCKETS].write(record)

    def repeated(self) -> Iterator[tuple[int, int, bool]]:
        """`(earlier, later, is cancelled)`: a line of the board, and another line of it, or a cancelled one, with its serial."""
        for bucket in self._buckets:
            bucket.seek(0)
            seen: dict[bytes, int] = {}
            while record := bucket.read(RECORD_LENGTH):
                offset = int.from_bytes(record[SERIAL_LENGTH:], "big")
                earlier = seen.setdefault(record[:SERIAL_LENGTH], offset)
                if earlier != offset and not earlier & _CANCELLED:
                    yield earlier, offset & ~_CANCELLED, bool(offset & _CANCELLED)
