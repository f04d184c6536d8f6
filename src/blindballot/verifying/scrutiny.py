"""The scrutineers' part: recounts the lines that are not published slip by slip, from what their slips were opened to.

Checks nothing that everybody can check; `verify` does that. What comes out is what a scrutineer may sign.
"""

from __future__ import annotations

import stat
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from blindballot.format.encoding import FormatError
from blindballot.format.findings import Finding
from blindballot.format.gate import read_gate
from blindballot.format.lines import Opening, line_number, lines_between, read_board_line, read_opening_line
from blindballot.format.manifest import Manifest, read_manifest
from blindballot.format.publication import NOTHING_WITHHELD, Withheld, one_band_a_unit, publish_line
from blindballot.format.record import BOARD, COUNTS, GATE, MANIFEST, Place, PoolCounts, kinds_of, read_counts
from blindballot.format.slips import BoardSlip
from blindballot.verifying.boardcheck import MOST_FINDINGS
from blindballot.verifying.openings import fault_of_marks
from blindballot.verifying.verifier import LARGEST_DOCUMENT, UnreadableError

# Kinds of publication whose figures rest on slips that only scrutineers see opened.
SEALED_KINDS = ("nothing", "band", "counts")


@dataclass(slots=True)
class SealedRecount:
    """The places recounted, the names of slips found invalid where the record names none, and what does not fit."""

    lines: tuple[Place, ...] = ()
    invalid: tuple[bytes, ...] = ()
    slips: int = 0
    findings: list[Finding] = field(default_factory=list)


def recount_sealed(folder: Path, openings: Path) -> SealedRecount:
    """Recount the sealed lines of a record from a file of openings, of the form of `opened.jsonl`.

    Every slip of these lines must be opened there, and no other; the sums must be what `counts.json` says. Raises
    UnreadableError if manifest, counts or openings cannot be read.
    """
    try:
        _check_files(folder, openings)
        manifest = read_manifest((folder / MANIFEST).read_bytes())
        gate = read_gate(manifest, (folder / GATE).read_bytes())
        counts = read_counts(manifest, (folder / COUNTS).read_bytes(), gate)
        recount = _Recount(folder, openings, manifest, (counts, gate))
        recount.run()
    except (OSError, FormatError) as error:
        raise UnreadableError(str(error)) from error
    return recount.done


def _check_files(folder: Path, openings: Path) -> None:
    """Raises UnreadableError for what is no ordinary file, or larger than what is read whole: it might never end."""
    whole = {MANIFEST: LARGEST_DOCUMENT, COUNTS: LARGEST_DOCUMENT}
    for path in (folder / MANIFEST, folder / COUNTS, folder / BOARD, openings):
        found = path.stat() if path == openings else path.lstat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > whole.get(path.name, found.st_size):
            raise UnreadableError(f"{path}: not an ordinary file, or too large")


class _Recount:
    def __init__(
        self,
        folder: Path,
        openings: Path,
        manifest: Manifest,
        said: tuple[tuple[PoolCounts, ...], dict[Place, Withheld]],
    ) -> None:
        self.folder, self.openings = folder, openings
        self.manifest, (self.counts, self.gate) = manifest, said
        counts = self.counts
        self.kinds = {place: kind for place, kind in kinds_of(counts).items() if kind in SEALED_KINDS}
        self.patterns: dict[Place, Counter[bytes]] = {}
        self.reasons: dict[Place, Counter[str]] = {}
        self.done = SealedRecount(lines=tuple(place for place in manifest.places if place in self.kinds))

    def run(self) -> None:
        opened = self._read_openings()
        names: list[bytes] = []
        board = self.folder / BOARD
        for offset, line in lines_between(board, 0, board.stat().st_size):
            slip = read_board_line(line)
            name = slip.name(self.manifest.digest)
            place = (slip.pool, slip.line)
            if place not in self.kinds:
                continue
            opening = opened.pop(name, None)
            if opening is None:
                self._find(BOARD, line_number(board, offset), "opened-missing", detail=self.openings.name)
                continue
            if self._add(place, slip, opening) and self.kinds[place] != "counts":
                names.append(name)
        for _name in opened:
            self._find(self.openings.name, 0, "opened-forbidden")
        self.done.invalid = tuple(sorted(names))
        if not self.done.findings:
            for said in self.counts:
                self._compare(said)

    def _read_openings(self) -> dict[bytes, Opening]:
        opened: dict[bytes, Opening] = {}
        for number, (_, line) in enumerate(lines_between(self.openings, 0, self.openings.stat().st_size), 1):
            opening = read_opening_line(line)
            if opening.name in opened:
                self._find(self.openings.name, number, "opened-order")
            opened[opening.name] = opening
        return opened

    def _add(self, place: Place, slip: BoardSlip, opening: Opening) -> bool:
        """Counts the slip; whether it is invalid."""
        self.done.slips += 1
        if opening.invalid:
            self.reasons.setdefault(place, Counter())[opening.invalid] += 1
            return True
        fault = fault_of_marks(self.manifest, slip, opening.marks, opening.salt)
        if fault:
            self._find(self.openings.name, 0, fault)
        self.patterns.setdefault(place, Counter())[opening.marks] += 1
        return False

    def _compare(self, said: PoolCounts) -> None:
        sealed = [each for each in said.lines if (said.pool, each["line"]) in self.kinds]
        own = [self._publish(said.pool, each["line"]) for each in sealed]
        for stated, counted in zip(sealed, one_band_a_unit(self.manifest, own), strict=True):
            wrong = next((name for name, value in counted.items() if stated.get(name) != value), None)
            if wrong is not None:
                values = {"pool": said.pool, "place": counted["line"], "field": wrong, "counted": counted[wrong]}
                self._find(COUNTS, 0, "recount", **values)

    def _publish(self, pool: str, line: str) -> dict[str, Any]:
        place = (pool, line)
        patterns, reasons = self.patterns.get(place, Counter()), self.reasons.get(place, Counter())
        withheld = self.gate.get(place, NOTHING_WITHHELD)
        return publish_line(self.manifest, self.manifest.line_by_id[line], patterns, reasons, withheld)

    def _find(self, file: str, number: int, check: str, **values: object) -> None:
        if len(self.done.findings) < MOST_FINDINGS:
            self.done.findings.append(Finding(file, number, check, values))
