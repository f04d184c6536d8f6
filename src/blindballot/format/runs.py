"""The board in aligned runs, so that a device finds its slips without fetching all, and without naming one.

A run is 2^height neighbouring lines of the board; its root is a node of the board's tree, so that the index of all runs
hashes to the root the record is signed over. Serving and fetching are elsewhere.
"""

from __future__ import annotations

import bisect
import itertools
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from blindballot.format.encoding import FormatError, b64, canonical, parse_canonical
from blindballot.format.fields import Fields
from blindballot.format.lines import read_board_line
from blindballot.format.manifest import read_manifest
from blindballot.format.merkle import RootBuilder, leaf_hash
from blindballot.format.record import BOARD, MANIFEST, RECORD, RecordHead
from blindballot.format.slips import BoardSlip

FORMAT = "blindballot-board-index-1"
# 1,024 slips a run: what a device fetches hides its slips among a thousand others, and is about a megabyte.
HEIGHT = 10
# Runs of a board of 10^9 slips.
MOST_RUNS = 1 << 20


@dataclass(frozen=True, slots=True)
class Run:
    """The name of a run's first slip, and the root over its leaves."""

    first: bytes
    root: bytes


@dataclass(frozen=True, slots=True)
class BoardIndex:
    """All runs of a board of `size` slips, each of 2^height slips but the last, which may have fewer."""

    height: int
    size: int
    runs: tuple[Run, ...]

    def to_bytes(self) -> bytes:
        """The canonical bytes of the index as it is served."""
        runs = [{"first": b64(run.first), "root": b64(run.root)} for run in self.runs]
        return canonical({"format": FORMAT, "height": self.height, "size": self.size, "runs": runs})

    @classmethod
    def read(cls, data: bytes) -> BoardIndex:
        """The index of canonical bytes. Raises FormatError naming the field."""
        fields = Fields(parse_canonical(data))
        fields.constant("format", FORMAT)
        height, size = fields.whole("height", 0, 30), fields.whole("size", 0)
        runs = fields.items("runs", _read_run, 0, MOST_RUNS)
        fields.done()
        return cls(height, size, runs)

    def check(self, head: RecordHead) -> None:
        """Raises FormatError unless the runs are all of the record's board: their number, their order, their root."""
        if self.size != head.board_size or len(self.runs) != -(-self.size // (1 << self.height)):
            raise FormatError("the index is of another number of slips than the record")
        if any(one.first >= following.first for one, following in itertools.pairwise(self.runs)):
            raise FormatError("the runs of the index are not in the order of names")
        builder = RootBuilder()
        for run in self.runs:
            builder.add(run.root)
        if builder.root() != head.board_root:
            raise FormatError("the index does not have the root of the record")

    def run_of(self, name: bytes) -> int:
        """The number, from 0, of the run in which a slip of this name stands if it is on the board."""
        return max(0, bisect.bisect_right(self.runs, name, key=lambda run: run.first) - 1)

    def read_run(self, number: int, data: bytes, digest: bytes) -> list[BoardSlip]:
        """The slips of run `number` from its board lines. Raises FormatError unless it is the run of the index."""
        slips = [read_board_line(line) for line in data.splitlines(keepends=True)]
        wanted = min(1 << self.height, self.size - (number << self.height))
        builder = RootBuilder()
        for slip in slips:
            builder.add(leaf_hash(slip.name(digest)))
        if len(slips) != wanted or builder.root() != self.runs[number].root:
            raise FormatError(f"the lines are not run {number} of the index")
        if slips[0].name(digest) != self.runs[number].first:
            raise FormatError(f"the index says another first slip of run {number}")
        return slips


def slip_names(folder: Path) -> bytes:
    """The names of all slips of the record in `folder`, ascending, one a line: they say of no slip what it marks, nor of whom.

    Their RFC 9162 root is the board's. Raises FormatError if the folder holds no sound head or board.
    """
    head = RecordHead.read((folder / RECORD).read_bytes())
    digest, builder, lines = read_manifest((folder / MANIFEST).read_bytes()).digest, RootBuilder(), []
    with (folder / BOARD).open("rb") as file:
        for line in file:
            name = read_board_line(line).name(digest)
            builder.add(leaf_hash(name))
            lines.append(f"{b64(name)}\n")
    if builder.root() != head.board_root:
        raise FormatError("the board does not have the root of the record")
    return "".join(lines).encode()


def build_index(board: Path, digest: bytes, height: int = HEIGHT) -> tuple[BoardIndex, tuple[int, ...]]:
    """The index of a board, and where in the file each run begins. Raises FormatError for a line that is no slip."""
    runs, offsets, size, offset = [], [], 0, 0
    builder, first = RootBuilder(), b""
    with board.open("rb") as file:
        for line in file:
            slip = read_board_line(line)
            if size % (1 << height) == 0:
                if size:
                    runs.append(Run(first, builder.root()))
                builder, first = RootBuilder(), slip.name(digest)
                offsets.append(offset)
            builder.add(leaf_hash(slip.name(digest)))
            size += 1
            offset += len(line)
    if size:
        runs.append(Run(first, builder.root()))
    return BoardIndex(height, size, tuple(runs)), tuple(offsets)


@dataclass(frozen=True, slots=True)
class IndexedBoard:
    """A record's board with its index, to be handed out run by run."""

    board: Path
    index: BoardIndex
    offsets: tuple[int, ...]

    @classmethod
    def open(cls, folder: Path, cache: Path, height: int = HEIGHT) -> IndexedBoard:
        """The board of the record in `folder`. The index is built once and kept in `cache`, outside the folder.

        A cache that does not fit the record is built anew. Raises FormatError if the folder holds no sound head or board.
        """
        head = RecordHead.read((folder / RECORD).read_bytes())
        board = folder / BOARD
        try:
            kept = json.loads(cache.read_bytes())
            index = BoardIndex.read(canonical(kept["index"]))
            index.check(head)
            offsets = tuple(int(offset) for offset in kept["offsets"])
            if index.height != height or len(offsets) != len(index.runs):
                raise ValueError("another index")
        except (OSError, ValueError, KeyError, TypeError):
            index, offsets = build_index(board, read_manifest((folder / MANIFEST).read_bytes()).digest, height)
            index.check(head)
            _keep(cache, index, offsets)
        return cls(board, index, offsets)

    def run(self, number: int) -> bytes | None:
        """The board's lines of run `number`, or None if there is none."""
        if not 0 <= number < len(self.offsets):
            return None
        with self.board.open("rb") as file:
            file.seek(self.offsets[number])
            following = self.offsets[number + 1] if number + 1 < len(self.offsets) else None
            return file.read() if following is None else file.read(following - self.offsets[number])


def _read_run(value: object, where: str) -> Run:
    fields = Fields(value, where)
    run = Run(fields.binary("first", 32), fields.binary("root", 32))
    fields.done()
    return run


def _keep(cache: Path, index: BoardIndex, offsets: tuple[int, ...]) -> None:
    """Whole or not at all: several processes may build it at once."""
    document = {"index": json.loads(index.to_bytes()), "offsets": list(offsets)}
    handle, name = tempfile.mkstemp(prefix=f".{cache.name}.", dir=cache.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(json.dumps(document).encode())
    Path(name).rename(cache)
