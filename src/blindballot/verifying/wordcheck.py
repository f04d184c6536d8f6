"""Holds what a scrutineer signed against the record: lines that were opened, and slips called invalid that nobody else can see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from blindballot.format.cosigning import CHECKED, Cosignature
from blindballot.format.encoding import FormatError
from blindballot.format.lines import lines_between, read_board_line
from blindballot.format.manifest import Manifest
from blindballot.format.record import Place, PoolCounts, kinds_of

# A check that a word fails, and the values of its sentence.
Fault = tuple[str, Mapping[str, object]]


def called_invalid(counts: Iterable[PoolCounts]) -> dict[Place, int]:
    """How many slips are called invalid on each place where neither key nor proof is published."""
    return {
        (pool.pool, line["line"]): sum(line["invalid"].values())
        for pool in counts
        for line in pool.lines
        if pool.verdict == "valid" and line["publication"] in ("nothing", "band")
    }


def faults_of_word(said: Cosignature, counts: tuple[PoolCounts, ...], found: Counter[Place]) -> list[Fault]:
    """What of a word does not fit the record. `found` counts its `invalid` by place; a name that is on no board has no place."""
    called, opened = called_invalid(counts), {place for place, kind in kinds_of(counts).items() if kind}
    faults: list[Fault] = []
    if not set(found) <= called.keys() & set(said.lines):
        faults.append(("bad-cosignature", {"detail": "invalid: names slips of other lines"}))
    if not set(said.lines) <= opened:
        faults.append(("bad-cosignature", {"detail": "lines: names lines of which no slip was opened"}))
    for place in (place for place in said.lines if place in called and found[place] != called[place]):
        values = {"said": called[place], "counted": found[place], "pool": place[0], "place": place[1]}
        faults.append(("unproved-invalid", values))
    return faults


def is_whole(said: Cosignature, handed: Collection[Place]) -> bool:
    """Whether somebody recounted all that only scrutineers can recount."""
    return said.kind == CHECKED and set(handed) <= set(said.lines)


def check_word(said: Cosignature, manifest: Manifest, counts: tuple[PoolCounts, ...], board: Path) -> None:
    """Raises FormatError unless the word fits the record with this board. Reads the board only where slips are named."""
    found: Counter[Place] = Counter()
    if said.invalid:
        wanted = set(said.invalid)
        for _offset, line in lines_between(board, 0, board.stat().st_size):
            slip = read_board_line(line)
            if (name := slip.name(manifest.digest)) in wanted:
                found[slip.pool, slip.line] += 1
                wanted.discard(name)
        found.update(("", "") for _name in wanted)
    for check, values in faults_of_word(said, counts, found):
        raise FormatError(f"{check}: {values}")
