"""Checks one stretch of the board, slip by slip, together with the opened slips that belong to it.

Stretches are independent, so several processes can check a board; the verifier joins what they found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from blindballot.format.encoding import FormatError, sha256
from blindballot.format.findings import Finding
from blindballot.format.keyring import Keyring, is_token
from blindballot.format.keys import is_signed_by_point, load_point
from blindballot.format.manifest import Manifest
from blindballot.format.merkle import leaf_hash
from blindballot.format.record import BOARD, Opening, line_number, lines_between, read_board_line, read_opening_line
from blindballot.format.slips import BoardSlip, are_marks, commitment_of

# A broken record fails in every line: whoever reads the findings has seen enough after so many.
MOST_FINDINGS = 20
Place = tuple[str, str]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Bytes from-to of the board, and of each file of opened slips the bytes whose names fall in it."""

    board: Span
    opened: tuple[Span, ...]


@dataclass(slots=True)
class Checked:
    """What one stretch came to. `leaves` has 32 bytes a slip, `serials` 72: the serial without its 0x04, its line's offset."""

    first: bytes = b""
    last: bytes = b""
    leaves: bytearray = field(default_factory=bytearray)
    serials: bytearray = field(default_factory=bytearray)
    returned: Counter[Place] = field(default_factory=Counter)
    patterns: dict[Place, Counter[bytes]] = field(default_factory=dict)
    invalid: dict[Place, Counter[str]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    is_disordered: bool = False


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file of opened slips, what it is called in findings, and the places whose slips it must hold, all and only."""

    path: Path
    label: str
    places: frozenset[Place]


@dataclass(frozen=True, slots=True)
class BoardCheck:
    """Checks stretches of one record's board."""

    folder: Path
    manifest: Manifest
    keys: Keyring
    opened: tuple[OpenedFile, ...]

    def check(self, stretch: Stretch) -> Checked:
        """Every check of the stretch's slips: form, order, tokens, signature, and of their openings. Stops after many findings."""
        checked = Checked()
        readers = [_OpenedReader(file, span, checked) for file, span in zip(self.opened, stretch.opened, strict=True)]
        board = self.folder / BOARD
        for offset, line in lines_between(board, *stretch.board):
            if len(checked.findings) >= MOST_FINDINGS:
                return checked
            try:
                slip = read_board_line(line)
            except FormatError as error:
                self._find(checked, offset, "line-form", detail=str(error))
                continue
            self._check_slip(slip, offset, checked, readers)
        for reader in readers if not checked.is_disordered else ():
            reader.finish()
        return checked

    def _check_slip(self, slip: BoardSlip, offset: int, checked: Checked, readers: list[_OpenedReader]) -> None:
        body = slip.body(self.manifest.digest)
        leaf = body + slip.signature
        name = sha256(leaf)
        place = (slip.pool, slip.line)
        checked.leaves += leaf_hash(leaf)
        checked.serials += slip.serial[1:] + offset.to_bytes(8, "big")
        checked.returned[place] += 1
        fault = self._fault(slip, body)
        if fault:
            # a changed slip has a changed name, which would put its neighbours out of order too
            self._find(checked, offset, fault)
            return
        if name <= checked.last and not checked.is_disordered:
            checked.is_disordered = True
            self._find(checked, offset, "board-order")
        checked.first, checked.last = checked.first or name, name
        if checked.is_disordered:
            return
        for reader in readers:
            self._check_opening(slip, place, reader.take(name), reader, (offset, checked))

    def _fault(self, slip: BoardSlip, body: bytes) -> str:
        """The check that the slip fails by itself, or nothing."""
        keys = self.keys.keys.get((slip.pool, slip.line))
        if keys is None:
            return "unknown-line"
        if len(slip.tokens) != len(keys):
            return "wrong-issuers"
        for key, token in zip(keys, slip.tokens, strict=True):
            if not is_token(key, slip.serial, token):
                return "forged-token"
        try:
            serial = load_point(slip.serial)
        except FormatError:
            return "bad-serial"
        return "" if is_signed_by_point(serial, slip.signature, body) else "forged-signature"

    def _check_opening(
        self, slip: BoardSlip, place: Place, opening: Opening | None, reader: _OpenedReader, at: tuple[int, Checked]
    ) -> None:
        offset, checked = at
        if place not in reader.file.places:
            if opening:
                reader.find("opened-forbidden")
            return
        if opening is None:
            self._find(checked, offset, "opened-missing", detail=reader.file.label)
        elif opening.invalid:
            checked.invalid.setdefault(place, Counter())[opening.invalid] += 1
        elif commitment_of(self.manifest.digest, slip.serial, opening.marks, opening.salt) != slip.commitment:
            reader.find("other-commitment")
        elif not are_marks(self.manifest, self.manifest.line_by_id[slip.line], opening.marks):
            reader.find("no-such-mark")
        else:
            checked.patterns.setdefault(place, Counter())[opening.marks] += 1

    def _find(self, checked: Checked, offset: int, check: str, **values: object) -> None:
        checked.findings.append(Finding(BOARD, line_number(self.folder / BOARD, offset), check, values))


class _OpenedReader:
    """Walks the opened slips of a stretch beside its board; both are in the order of names."""

    def __init__(self, file: OpenedFile, span: Span, checked: Checked) -> None:
        self.file = file
        self._checked = checked
        self._offset = self._next_offset = span[0]
        self._openings = self._read(span)
        self._next = next(self._openings, None)

    def take(self, name: bytes) -> Opening | None:
        """The opening of the slip with this name, if it is the next; those before it open nothing on the board."""
        self._pass_strangers(name)
        if self._next is None or self._next.name != name:
            return None
        opening, self._offset = self._next, self._next_offset
        self._advance()
        return opening

    def finish(self) -> None:
        """What is left opens nothing on the board."""
        self._pass_strangers(None)

    def find(self, check: str, offset: int | None = None, **values: object) -> None:
        """Note a finding at the opening last taken, or at `offset`."""
        place = self._offset if offset is None else offset
        number = line_number(self.file.path, place)
        self._checked.findings.append(Finding(self.file.label, number, check, values))

    def _pass_strangers(self, name: bytes | None) -> None:
        """Skip openings below `name`, or all; a run of them is one finding, at its first."""
        start = self._next_offset
        has_strangers = False
        while self._next and (name is None or self._next.name < name):
            has_strangers = True
            self._advance()
        if has_strangers:
            self.find("opened-stranger", start)

    def _advance(self) -> None:
        self._next = next(self._openings, None)

    def _read(self, span: Span) -> Iterator[Opening]:
        last = b""
        for offset, line in lines_between(self.file.path, *span):
            self._next_offset = offset
            try:
                opening = read_opening_line(line)
            except FormatError as error:
                self.find("line-form", offset, detail=str(error))
                continue
            if opening.name <= last:
                self.find("opened-order", offset)
                continue
            last = opening.name
            yield opening
