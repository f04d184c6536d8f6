"""Cuts a board into stretches that can be checked apart, and each file of opened slips at the same names.

Where a file is not in order or a line cannot be read there is one stretch: the check itself will say what is wrong.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

from blindballot.format.encoding import FormatError
from blindballot.format.record import LONGEST_LINE, lines_between, read_board_line, read_opening_line
from blindballot.verifying.boardcheck import Stretch

# Bytes of the board in one stretch: long enough that starting it costs nothing, short enough that processes end together.
SMALLEST = 1 << 16
LARGEST = 1 << 22


def plan_stretches(board: Path, opened: Sequence[Path], digest: bytes, processes: int) -> list[Stretch]:
    """Stretches covering the board and every opened file once, from 64 KiB to 4 MiB of board each."""
    size = board.stat().st_size
    sizes = [path.stat().st_size for path in opened]
    length = min(LARGEST, max(SMALLEST, size // (processes * 8)))
    try:
        cuts = _cuts(board, opened, digest, length)
    except FormatError:
        cuts = []
    edges = [(0, *(0 for _ in opened)), *cuts, (size, *sizes)]
    if any(earlier > later for a, b in itertools.pairwise(edges) for earlier, later in zip(a, b, strict=True)):
        edges = [edges[0], edges[-1]]
    return [
        Stretch((start[0], end[0]), tuple(zip(start[1:], end[1:], strict=True)))
        for start, end in itertools.pairwise(edges)
    ]


def _cuts(board: Path, opened: Sequence[Path], digest: bytes, length: int) -> list[tuple[int, ...]]:
    """Offsets in the board and in each opened file where the same name begins."""
    size = board.stat().st_size
    cuts = []
    for near in range(length, size, length):
        offset, line = _line_from(board, near)
        if not line:
            break
        name = read_board_line(line).name(digest)
        cuts.append((offset, *(_first_from(path, name) for path in opened)))
    return cuts


def _first_from(path: Path, name: bytes) -> int:
    """The offset of the first opened slip whose name is not below `name`, by bisection over bytes."""
    low, high = 0, path.stat().st_size
    while low < high:
        offset, line = _line_from(path, (low + high) // 2)
        if offset >= high:
            break
        if read_opening_line(line).name < name:
            low = offset + len(line)
        else:
            high = offset
    for offset, line in lines_between(path, low, high):
        if read_opening_line(line).name >= name:
            return offset
    return high


def _line_from(path: Path, near: int) -> tuple[int, bytes]:
    """The first line that begins at byte `near` or after it, and where; empty at the end of the file."""
    with path.open("rb") as file:
        if near:
            file.seek(near - 1)
            file.readline(LONGEST_LINE)
        return file.tell(), file.readline(LONGEST_LINE)
