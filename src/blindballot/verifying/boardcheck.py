"""Checks one stretch of the board, slip by slip, together with what other files say of its slips.

Stretches are independent, so several processes can check a board; the verifier joins what they found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from blindballot.format.encoding import FormatError, sha256
from blindballot.format.findings import Finding
from blindballot.format.keyring import Keyring, is_token
from blindballot.format.keys import is_signed_by_point, load_point
from blindballot.format.lines import (
    InvalidSlip,
    Opening,
    SealedSlip,
    line_number,
    lines_between,
    read_board_line,
    read_invalid_line,
    read_opening_line,
    read_sealed_line,
)
from blindballot.format.manifest import Manifest
from blindballot.format.merkle import leaf_hash
from blindballot.format.record import BOARD, INVALID, OPENED, SEALED, Place
from blindballot.format.slips import BoardSlip
from blindballot.verifying.openings import check_claim, fault_of_marks, is_sealed_of, open_published

# A broken record fails in every line: whoever reads the findings has seen enough after so many.
MOST_FINDINGS = 20
Span = tuple[int, int]
Named = TypeVar("Named", bound=Opening | SealedSlip | InvalidSlip)
# The files that go along with the board, by the names of slips, and how a line of each is read.
BESIDE: dict[str, Callable[[bytes], Opening | SealedSlip | InvalidSlip]] = {
    OPENED: read_opening_line,
    SEALED: read_sealed_line,
    INVALID: read_invalid_line,
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """Bytes from-to of the board, and of each file beside it, in the order of BESIDE, the bytes whose names fall in it."""

    board: Span
    beside: tuple[Span, ...]


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
    watched: dict[bytes, Place] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    is_disordered: bool = False


@dataclass(frozen=True, slots=True)
class Claims:
    """What the record says of its places: how each is published, the private keys of open ones; and names to look out for."""

    kinds: Mapping[Place, str]
    secrets: Mapping[Place, int]
    watched: frozenset[bytes] = frozenset()
    opens_all: bool = False


@dataclass(frozen=True, slots=True)
class BoardCheck:
    """Checks stretches of one record's board."""

    folder: Path
    manifest: Manifest
    keys: Keyring
    claims: Claims

    def check(self, stretch: Stretch) -> Checked:
        """Every check of the stretch's slips: form, order, tokens, signature, and of what is said of them. Stops after many findings."""
        checked = Checked()
        opened_at, sealed_at, invalid_at = stretch.beside
        beside = _Files(
            _Beside(self.folder / OPENED, read_opening_line, opened_at, checked),
            _Beside(self.folder / SEALED, read_sealed_line, sealed_at, checked),
            _Beside(self.folder / INVALID, read_invalid_line, invalid_at, checked),
        )
        board = self.folder / BOARD
        for offset, line in lines_between(board, *stretch.board):
            if len(checked.findings) >= MOST_FINDINGS:
                return checked
            try:
                slip = read_board_line(line)
            except FormatError as error:
                self._find(checked, offset, "line-form", detail=str(error))
                continue
            self._check_slip(slip, offset, checked, beside)
        if not checked.is_disordered:
            beside.opened.finish()
            beside.sealed.finish()
            beside.invalid.finish()
        return checked

    def _check_slip(self, slip: BoardSlip, offset: int, checked: Checked, beside: _Files) -> None:
        body = slip.body(self.manifest.digest)
        name = sha256(body)
        place = (slip.pool, slip.line)
        checked.leaves += leaf_hash(name)
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
        if name in self.claims.watched:
            checked.watched[name] = place
        if not checked.is_disordered:
            self._check_claims(slip, name, (offset, checked), beside)

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

    def _check_claims(self, slip: BoardSlip, name: bytes, at: tuple[int, Checked], beside: _Files) -> None:
        """What the files beside the board say of this slip, and whether they may."""
        opening, sealed, claim = beside.opened.take(name), beside.sealed.take(name), beside.invalid.take(name)
        kind = self.claims.kinds.get((slip.pool, slip.line), "")
        if kind == "open":
            self._check_open(slip, (opening, sealed), at, beside)
        else:
            if opening:
                beside.opened.find("opened-forbidden")
            if sealed:
                beside.sealed.find("sealed-forbidden")
        if claim and kind == "counts":
            fault = check_claim(self.manifest, slip, claim, self.keys.closing[slip.pool, slip.line])
            if fault:
                beside.invalid.find(fault)
            else:
                at[1].invalid.setdefault((slip.pool, slip.line), Counter())[claim.reason] += 1
        elif claim:
            beside.invalid.find("invalid-forbidden")

    def _check_open(
        self,
        slip: BoardSlip,
        said: tuple[Opening | None, SealedSlip | None],
        at: tuple[int, Checked],
        beside: _Files,
    ) -> None:
        (opening, sealed), (offset, checked), place = said, at, (slip.pool, slip.line)
        if opening is None:
            self._find(checked, offset, "opened-missing", detail=OPENED)
        if sealed is None:
            self._find(checked, offset, "sealed-missing")
        elif not is_sealed_of(self.manifest, slip, sealed.sealed):
            beside.sealed.find("other-sealed")
        elif opening and place in self.claims.secrets and (opening.invalid or self.claims.opens_all):
            own = open_published(self.manifest, slip, opening.name, sealed.sealed, self.claims.secrets[place])
            if own != opening:
                beside.opened.find("false-invalid" if opening.invalid else "false-opening")
        if opening and opening.invalid:
            checked.invalid.setdefault(place, Counter())[opening.invalid] += 1
        elif opening:
            fault = fault_of_marks(self.manifest, slip, opening.marks, opening.salt)
            if fault:
                beside.opened.find(fault)
            else:
                checked.patterns.setdefault(place, Counter())[opening.marks] += 1

    def _find(self, checked: Checked, offset: int, check: str, **values: object) -> None:
        checked.findings.append(Finding(BOARD, line_number(self.folder / BOARD, offset), check, values))


class _Beside(Generic[Named]):
    """Walks a file that says something of slips beside a stretch of the board; both are in the order of names."""

    def __init__(self, path: Path, read: Callable[[bytes], Named], span: Span, checked: Checked) -> None:
        self._path, self._read_line = path, read
        self._kind = path.stem
        self._checked = checked
        self._offset = self._next_offset = span[0]
        self._lines = self._read(span)
        self._next = next(self._lines, None)

    def take(self, name: bytes) -> Named | None:
        """What is said of the slip with this name, if it is the next; what comes before it is of no slip of the board."""
        self._pass_strangers(name)
        if self._next is None or self._next.name != name:
            return None
        said, self._offset = self._next, self._next_offset
        self._advance()
        return said

    def finish(self) -> None:
        """What is left is of no slip of the board."""
        self._pass_strangers(None)

    def find(self, check: str, offset: int | None = None, **values: object) -> None:
        """Note a finding at the line last taken, or at `offset`."""
        number = line_number(self._path, self._offset if offset is None else offset)
        self._checked.findings.append(Finding(self._path.name, number, check, values))

    def _pass_strangers(self, name: bytes | None) -> None:
        """Skip lines below `name`, or all; a run of them is one finding, at its first."""
        start = self._next_offset
        has_strangers = False
        while self._next and (name is None or self._next.name < name):
            has_strangers = True
            self._advance()
        if has_strangers:
            self.find(f"{self._kind}-stranger", start)

    def _advance(self) -> None:
        self._next = next(self._lines, None)

    def _read(self, span: Span) -> Iterator[Named]:
        last = b""
        for offset, line in lines_between(self._path, *span):
            if len(self._checked.findings) >= MOST_FINDINGS:
                return
            self._next_offset = offset
            try:
                said = self._read_line(line)
            except FormatError as error:
                self.find("line-form", offset, detail=str(error))
                continue
            if said.name <= last:
                self.find(f"{self._kind}-order", offset)
                continue
            last = said.name
            yield said


@dataclass(frozen=True, slots=True)
class _Files:
    opened: _Beside[Opening]
    sealed: _Beside[SealedSlip]
    invalid: _Beside[InvalidSlip]
