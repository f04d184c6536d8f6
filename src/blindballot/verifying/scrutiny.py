"""The scrutineers' part: recounts the lines that are not published slip by slip, from their sealed slips and the keys two shares make.

Checks nothing that everybody can check; `verify` does that. What comes out is what a scrutineer may sign.
"""

from __future__ import annotations

import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from blindballot.format.encoding import FormatError
from blindballot.format.findings import Finding
from blindballot.format.gate import read_gate
from blindballot.format.handover import (
    Handover,
    handed_places,
    join_shares,
    open_passed,
    open_shares,
    read_handover,
    read_passed,
)
from blindballot.format.keyring import Keyring
from blindballot.format.keys import point_bytes
from blindballot.format.lines import SealedSlip, line_number, lines_between, read_board_line
from blindballot.format.manifest import Manifest, read_manifest
from blindballot.format.publication import NOTHING_WITHHELD, Withheld, one_band_a_unit, publish_line
from blindballot.format.record import BOARD, COUNTS, GATE, KEYS, MANIFEST, Place, PoolCounts, kinds_of, read_counts
from blindballot.format.scrutineers import ScrutineerKeys
from blindballot.format.slips import BoardSlip
from blindballot.verifying.boardcheck import MOST_FINDINGS
from blindballot.verifying.openings import is_sealed_of, open_published
from blindballot.verifying.verifier import LARGEST_DOCUMENT, UnreadableError


class ScrutinyError(FormatError):
    """A scrutineer cannot go on; `word` is `not-yours`, `nobody-passed` or `share-misfit`, for whoever says it in another language."""

    def __init__(self, word: str, said: str) -> None:
        super().__init__(said)
        self.word = word


@dataclass(slots=True)
class SealedRecount:
    """The places recounted, the names of slips found invalid where the record names none, and what does not fit."""

    lines: tuple[Place, ...] = ()
    invalid: tuple[bytes, ...] = ()
    slips: int = 0
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Papers:
    """What a scrutineer holds: the record's folder, what was handed over for it, and what both say."""

    folder: Path
    manifest: Manifest
    keys: Keyring
    counts: tuple[PoolCounts, ...]
    gate: dict[Place, Withheld]
    handover: Handover

    @classmethod
    def read(cls, folder: Path, handover: Path) -> Papers:
        """Raises UnreadableError if one of them cannot be read, or belongs to another poll."""
        try:
            _check_files(folder, handover)
            manifest = read_manifest((folder / MANIFEST).read_bytes())
            keys = Keyring.read_file(manifest, (folder / KEYS).read_bytes())
            gate = read_gate(manifest, (folder / GATE).read_bytes())
            counts = read_counts(manifest, (folder / COUNTS).read_bytes(), gate)
            return cls(folder, manifest, keys, counts, gate, read_handover(manifest, handover))
        except (OSError, FormatError) as error:
            raise UnreadableError(str(error)) from error

    def own_id(self, keys: ScrutineerKeys) -> str:
        """The scrutineer of the manifest whose keys these are. Raises ScrutinyError if they are nobody's."""
        card = keys.card
        for each in self.manifest.scrutineers:
            if (each.signing_key, each.decryption_key) == (card.signing_key, card.decryption_key):
                return each.id
        raise ScrutinyError("not-yours", "these keys are not those of a scrutineer of this manifest")

    def own_shares(self, keys: ScrutineerKeys) -> dict[Place, int]:
        """The shares handed to whoever holds these keys, each found to fit. Raises ScrutinyError."""
        own = self.own_id(keys)
        try:
            return open_shares(self.manifest, self.keys, self.handover, own, keys.decryption)
        except FormatError as error:
            raise ScrutinyError("share-misfit", str(error)) from error

    def join(self, keys: ScrutineerKeys, passed: Iterable[bytes]) -> dict[Place, int]:
        """The closing keys, from one's own shares and the first of the lines passed to one that fits. Raises FormatError."""
        own, shares = self.own_id(keys), self.own_shares(keys)
        why: FormatError = ScrutinyError("nobody-passed", "nobody has passed shares to you yet")
        for line in passed:
            try:
                sent = read_passed(self.manifest, line)
                if sent.receiver != own:
                    continue
                theirs = open_passed(self.manifest, self.keys, self.handover, sent, keys.decryption)
            except FormatError as error:
                why = error
            else:
                return join_shares(self.manifest, (own, shares), (sent.sender, theirs))
        raise why


def recount_sealed(papers: Papers, secrets: Mapping[Place, int]) -> SealedRecount:
    """Recount the sealed lines of a record from the slips handed over and the private closing keys, by place.

    Every slip of these lines must be there as the board has its hash, and no other; the sums must be what `counts.json` says.
    Raises UnreadableError if the board cannot be read.
    """
    recount = _Recount(papers, secrets)
    try:
        recount.run()
    except (OSError, FormatError) as error:
        raise UnreadableError(str(error)) from error
    return recount.done


def _check_files(folder: Path, handover: Path) -> None:
    """Raises UnreadableError for what is no ordinary file, or larger than what is read whole: it might never end."""
    whole = [folder / name for name in (MANIFEST, KEYS, GATE, COUNTS)]
    for path in (*whole, folder / BOARD, handover):
        found = path.stat() if path == handover else path.lstat()
        if not stat.S_ISREG(found.st_mode) or (path in whole and found.st_size > LARGEST_DOCUMENT):
            raise UnreadableError(f"{path}: not an ordinary file, or too large")


class _Recount:
    def __init__(self, papers: Papers, secrets: Mapping[Place, int]) -> None:
        self.papers, self.manifest, self.secrets = papers, papers.manifest, secrets
        self.places = handed_places(papers.manifest, papers.counts)
        self.named = {place for place, kind in kinds_of(papers.counts).items() if kind == "counts"}
        self.file = papers.handover.path.name
        self.patterns: dict[Place, Counter[bytes]] = {}
        self.reasons: dict[Place, Counter[str]] = {}
        self.done = SealedRecount(lines=self.places)

    def run(self) -> None:
        if tuple(handed.place for handed in self.papers.handover.places) != self.places or not self._do_keys_fit():
            self._find(self.file, 0, "other-places")
            return
        self._walk()
        if not self.done.findings:
            for said in self.papers.counts:
                self._compare(said)

    def _do_keys_fit(self) -> bool:
        return all(
            place in self.secrets
            and point_bytes(ec.derive_private_key(self.secrets[place], ec.SECP256R1()))
            == self.papers.keys.closing[place]
            for place in self.places
        )

    def _walk(self) -> None:
        """Goes along the board and the slips handed over, both in the order of names."""
        wanted, names, board = set(self.places), [], self.papers.folder / BOARD
        handed = _Handed(self.papers.handover.slips())
        for offset, line in lines_between(board, 0, board.stat().st_size):
            slip = read_board_line(line)
            place = (slip.pool, slip.line)
            if place not in wanted:
                continue
            name = slip.name(self.manifest.digest)
            self._say_strangers(handed.pass_until(name))
            if handed.next is None or handed.next.name != name:
                self._find(BOARD, line_number(board, offset), "opened-missing", detail=self.file)
                continue
            if self._open(place, slip, handed.next, handed.number) and place not in self.named:
                names.append(name)
            handed.advance()
        self._say_strangers(handed.pass_until(None))
        self.done.invalid = tuple(sorted(names))

    def _say_strangers(self, numbers: list[int]) -> None:
        for number in numbers:
            self._find(self.file, number, "sealed-stranger")

    def _open(self, place: Place, slip: BoardSlip, sealed: SealedSlip, number: int) -> bool:
        """Opens and counts the slip; whether it is invalid."""
        self.done.slips += 1
        if not is_sealed_of(self.manifest, slip, sealed.sealed):
            self._find(self.file, number, "other-sealed")
            return False
        opening = open_published(self.manifest, slip, sealed.name, sealed.sealed, self.secrets[place])
        if opening.invalid:
            self.reasons.setdefault(place, Counter())[opening.invalid] += 1
            return True
        self.patterns.setdefault(place, Counter())[opening.marks] += 1
        return False

    def _compare(self, said: PoolCounts) -> None:
        sealed = [each for each in said.lines if (said.pool, each["line"]) in self.places]
        own = [self._publish(said.pool, each["line"]) for each in sealed]
        for stated, counted in zip(sealed, one_band_a_unit(self.manifest, own), strict=True):
            wrong = next((name for name, value in counted.items() if stated.get(name) != value), None)
            if wrong is not None:
                values = {"pool": said.pool, "place": counted["line"], "field": wrong, "counted": counted[wrong]}
                self._find(COUNTS, 0, "recount", **values)

    def _publish(self, pool: str, line: str) -> dict[str, Any]:
        place = (pool, line)
        patterns, reasons = self.patterns.get(place, Counter()), self.reasons.get(place, Counter())
        withheld = self.papers.gate.get(place, NOTHING_WITHHELD)
        return publish_line(self.manifest, self.manifest.line_by_id[line], patterns, reasons, withheld)

    def _find(self, file: str, number: int, check: str, **values: object) -> None:
        if len(self.done.findings) < MOST_FINDINGS:
            self.done.findings.append(Finding(file, number, check, values))


class _Handed:
    """The sealed slips one after the other; those that no slip of the board asks for are passed."""

    next: SealedSlip | None
    number: int

    def __init__(self, slips: Iterator[tuple[int, SealedSlip]]) -> None:
        self._slips = slips
        self.advance()

    def advance(self) -> None:
        """On to the next slip, which may be none."""
        self.number, self.next = next(self._slips, (0, None))

    def pass_until(self, name: bytes | None) -> list[int]:
        """Passes what stands before this name, or all; the numbers of the first lines passed."""
        passed: list[int] = []
        while self.next is not None and (name is None or self.next.name < name):
            if len(passed) < MOST_FINDINGS:
                passed.append(self.number)
            self.advance()
        return passed
