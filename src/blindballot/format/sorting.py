"""Sorts more rows than memory holds: sorted runs in temporary files, merged while they are read.

Rows are bytes and sort as bytes. The files are encrypted under a key that never leaves memory, so that what is deleted
later says nothing; they lie in one hidden folder, which goes when the sorter is left.
"""

from __future__ import annotations

import heapq
import itertools
import secrets
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

# Bytes held before a run is written.
MEMORY = 64 << 20
# Files merged at once: far below what a system lets a process open.
RUNS_TOGETHER = 64
# Bytes read from a run at once: so many that the disk is not asked for every row, so few that 64 runs fit the memory.
SMALLEST_BLOCK, LARGEST_BLOCK = 1 << 12, 1 << 16
# What Python needs for a row beside its bytes, about.
ROW_OVERHEAD = 64
LONGEST_ROW = 0xFFFF


class RowSorter:
    """Add rows, then read them in order, once. A context manager; `folder` is where its own folder is made (system's default)."""

    def __init__(self, folder: Path | None = None, memory: int = MEMORY) -> None:
        self._parent = folder
        self._memory = memory
        self._block = min(LARGEST_BLOCK, max(SMALLEST_BLOCK, memory // (2 * RUNS_TOGETHER)))
        self._folder: Path | None = None
        self._rows: list[bytes] = []
        self._held = 0
        self._levels: list[list[Path]] = []
        self._numbers = itertools.count()
        self._key = AES(secrets.token_bytes(32))

    def __enter__(self) -> RowSorter:
        return self

    def __exit__(self, *_: object) -> None:
        self._rows = []
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def add(self, row: bytes) -> None:
        """One row of at most 65,535 bytes; about `memory` bytes of them are held before a run is written."""
        self._rows.append(row)
        self._held += len(row) + ROW_OVERHEAD
        if self._held > self._memory:
            self._spill()

    def rows(self) -> Iterator[bytes]:
        """All rows in order. Nothing may be added any more."""
        self._rows.sort()
        runs = [self._read(path) for level in self._levels for path in level]
        return heapq.merge(*runs, self._rows) if runs else iter(self._rows)

    def _spill(self) -> None:
        self._rows.sort()
        self._write_run(0, self._rows)
        self._rows = []
        self._held = 0

    def _write_run(self, level: int, rows: Iterable[bytes]) -> None:
        """A run on its level; many runs of one level are merged into one of the next, so that few files are read at once."""
        if level == len(self._levels):
            self._levels.append([])
        runs = self._levels[level]
        runs.append(self._write(rows))
        if len(runs) == RUNS_TOGETHER:
            self._write_run(level + 1, heapq.merge(*(self._read(path) for path in runs)))
            for path in runs:
                path.unlink()
            runs.clear()

    def _write(self, rows: Iterable[bytes]) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix=".sorting.", dir=self._parent))
        path = self._folder / str(next(self._numbers))
        cipher = self._cipher(path)
        with path.open("wb") as file:
            block = bytearray()
            for row in rows:
                block += len(row).to_bytes(2, "big") + row
                if len(block) >= self._block:
                    file.write(cipher.update(block))
                    block.clear()
            file.write(cipher.update(block))
        return path

    def _read(self, path: Path) -> Iterator[bytes]:
        cipher = self._cipher(path)
        held = b""
        with path.open("rb") as file:
            while block := file.read(self._block):
                held += cipher.update(block)
                start = 0
                while start + 2 <= len(held):
                    end = start + 2 + int.from_bytes(held[start : start + 2], "big")
                    if end > len(held):
                        break
                    yield held[start + 2 : end]
                    start = end
                held = held[start:]

    def _cipher(self, path: Path) -> CipherContext:
        """Each run has the key stream of its own number; in counter mode both directions are one."""
        return Cipher(self._key, CTR(int(path.name).to_bytes(8, "big") + bytes(8))).encryptor()
