"""Cuts a board into stretches that can be checked apart, and each file that goes along with it at the same names.

Where a file is not in order or a line cannot be read there is one stretch: the check itself will say what is wrong.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

from blindballot.format.encoding import FormatError
from blindballot.format.lines import (
    LONGEST_LINE,
    InvalidSlip,
    Opening,
    SealedSlip,
    lines_between,
    read_board_line,
)
from blindballot.format.record import BOARD
from blindballot.verifying.boardcheck import BESIDE, Stretch

# Bytes of the board in one stretch: long enough that starting it costs nothing, short enough that processes end together.
SMALLEST = 1 << 16
LARGEST = 1 << 22


def plan_stretches(folder: Path, digest: bytes, processes: int) -> list[Stretch]:
    """Stretches covering the board and every file beside it once, from 64 KiB to 4 MiB of board each."""
    board = folder / BOARD
    size = board.stat().st_size
    sizes = [(folder / file).stat().st_size for file in BESIDE]
    length = min(LARGEST, max(SMALLEST, size // (processes * 8)))
    try:
        cuts = _cuts(folder, digest, length)
    except FormatError:
        cuts = []
    edges = [(0, *(0 for _ in sizes)), *cuts, (size, *sizes)]
    if any(earlier > later for a, b in itertools.pairwise(edges) for earlier, later in zip(a, b, strict=True)):
        edges = [edges[0], edges[-1]]
    return [
        Stretch((start[0], end[0]), tuple(zip(start[1:], end[1:], strict=True)))
        for start, end in itertools.pairwise(edges)
    ]


def _cuts(folder: Path, digest: bytes, length: int) -> list[tuple[int, ...]]:
    """Offsets in the board and in each file beside it where the same name begins."""
    size = (folder / BOARD).stat().st_size
    cuts = []
    for near in range(length, size, length):
        offset, line = _line_from(folder / BOARD, near)
        if not line:
            break
        name = read_board_line(line).name(digest)
        cuts.append((offset, *(_first_from(folder / file, read, name) for file, read in BESIDE.items())))
    return cuts


def _first_from(path: Path, read: Callable[[bytes], Opening | SealedSlip | InvalidSlip], name: bytes) -> int:
    """The offset of the first line whose slip's name is not below `name`, by bisection over bytes."""
    low, high = 0, path.stat().st_size
    while low < high:
        offset, line = _line_from(path, (low + high) // 2)
        if offset >= high:
            break
        if read(line).name < name:
            low = offset + len(line)
        else:
            high = offset
    for offset, line in lines_between(path, low, high):
        if read(line).name >= name:
            return offset
    return high


def _line_from(path: Path, near: int) -> tuple[int, bytes]:
    """The first line that begins at byte `near` or after it, and where; empty at the end of the file."""
    with path.open("rb") as file:
        if near:
            file.seek(near - 1)
            file.readline(LONGEST_LINE)
        return file.tell(), file.readline(LONGEST_LINE)
