"""Recounts a record folder: every signature, the board's root, and what the opened slips add up to; offline.

Imports nothing that issues, votes, tallies or exports.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import stat
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from blindballot.format.cosigning import Cosignature, cosignature_lines, read_cosignature
from blindballot.format.encoding import FormatError, unb64
from blindballot.format.findings import Finding
from blindballot.format.gate import read_gate
from blindballot.format.handover import handed_places
from blindballot.format.keyring import Keyring, weak_moduli
from blindballot.format.keys import SIGNATURE_LENGTH, is_signed_by_platform, point_bytes
from blindballot.format.lines import LONGEST_LINE, line_number
from blindballot.format.manifest import Line, Manifest, read_manifest
from blindballot.format.merkle import RootBuilder
from blindballot.format.printed import read_printed
from blindballot.format.publication import NOTHING_WITHHELD, Withheld, pool_verdict, publish_line
from blindballot.format.record import (
    ALL_FILES,
    BOARD,
    CANCELLED,
    CLOSING_KEYS,
    COSIGNATURES,
    COUNTS,
    GATE,
    INVALID,
    KEYS,
    LISTED,
    MANIFEST,
    OPENED,
    PRINTED,
    RECORD,
    SEALED,
    SIGNATURE,
    STATEMENTS,
    Extension,
    Place,
    PoolCounts,
    RecordHead,
    check_extensions,
    kinds_of,
    read_closing_keys,
    read_counts,
)
from blindballot.format.serials import SerialRegister
from blindballot.format.statements import read_statement
from blindballot.verifying.boardcheck import MOST_FINDINGS, Checked, Claims
from blindballot.verifying.cancelledcheck import Batches, check_cancelled
from blindballot.verifying.processes import check_stretches
from blindballot.verifying.stretches import plan_stretches
from blindballot.verifying.wordcheck import called_invalid, faults_of_word, is_whole
from blindballot.verifying.zips import is_hidden

# Bytes of a document that is read whole. A file of lines may be of any size.
LARGEST_DOCUMENT, LARGEST_HEAD, LARGEST_SIGNATURE = 64 << 20, 1 << 20, 1 << 10
ENOUGH_SCRUTINEERS = 2

Progress = Callable[[int, int], None]


class UnreadableError(Exception):
    """There is no folder to verify, or a file in it cannot be read."""


@dataclass(frozen=True, slots=True)
class PoolTurnout:
    """One row of the verdict's table: the roll, the tokens issued by issuer, the most slips any line returned, cancelled ones."""

    pool: str
    size: int
    issued: dict[str, int]
    returned: int
    verdict: str
    cancelled: int


@dataclass(slots=True)
class Verdict:
    """What verifying came to: nothing found is a sound record.

    `record` is the fingerprint of the head. `waiting` counts the slips called invalid on lines so small that only scrutineers
    can tell, and that fewer than two of them have told of so far. `handed` are the places that only scrutineers can recount.
    `rules` is the manifest as read, for what things are called.
    """

    manifest: str = ""
    record: str = ""
    announced: str = ""
    slips: int = 0
    opened: int = 0
    waiting: int = 0
    extensions: tuple[Extension, ...] = ()
    pools: list[PoolTurnout] = field(default_factory=list)
    cosignatures: list[Cosignature] = field(default_factory=list)
    handed: tuple[Place, ...] = ()
    findings: list[Finding] = field(default_factory=list)
    rules: Manifest | None = None

    @property
    def is_sound(self) -> bool:
        """Whether every check passed."""
        return not self.findings

    @property
    def is_changed_copy(self) -> bool:
        """Whether files are missing, strange or other than the head says: the copy at hand says nothing about the record."""
        return any(finding.check in ("missing-file", "strange-file", "file-changed") for finding in self.findings)

    @property
    def has_enough_scrutineers(self) -> bool:
        """Whether two of the scrutineers say that they recounted every line that only they can."""
        return sum(is_whole(said, self.handed) for said in self.cosignatures) >= ENOUGH_SCRUTINEERS


def verify(
    folder: Path,
    *,
    announced: str = "",
    decrypt_all: bool = False,
    screen_keys: bool = False,
    processes: int | None = None,
    progress: Progress | None = None,
) -> Verdict:
    """Check the record in `folder`.

    `announced` is the manifest's fingerprint as published before the vote. `decrypt_all` opens the valid slips of open lines
    too, with the published keys. `screen_keys` looks for issuers' keys that are prime or share a factor. `processes` defaults
    to the cores there are, `progress` is called with bytes of the board done and in all. Collects findings, up to about twenty,
    instead of stopping at the first. Memory does not grow with the board. Raises UnreadableError if a file cannot be read.
    """
    if not folder.is_dir():
        raise UnreadableError(f"{folder}: not a folder")
    try:
        verification = _Verification(folder, progress or (lambda done, size: None))
        verification.run(announced, decrypt_all, screen_keys, processes or _cores())
    except OSError as error:
        raise UnreadableError(str(error)) from error
    return verification.verdict


class _Verification:
    """One verification on its way: what was read so far and what was found."""

    def __init__(self, folder: Path, progress: Progress) -> None:
        self.folder = folder
        self.progress = progress
        self.verdict = Verdict()
        self.returned: Counter[Place] = Counter()
        self.patterns: dict[Place, Counter[bytes]] = {}
        self.invalid: dict[Place, Counter[str]] = {}
        self.watched: dict[bytes, Place] = {}
        self.cancelled: Counter[Place] | None = None

    def run(self, announced: str, decrypt_all: bool, screen_keys: bool, processes: int) -> None:
        """Every check, as far as what was read allows."""
        are_there = self._are_files_there()
        self.verdict.announced = announced
        if any(finding.check == "not-a-file" for finding in self.verdict.findings):
            return
        head = self._read_head()
        if not are_there:
            return
        manifest = self._read_manifest(announced)
        if manifest is not None:
            self._check_signature(manifest)
            if head is not None:
                self._check_head(manifest, head)
            self._check_contents(manifest, head, (decrypt_all, screen_keys, processes))
        if head is not None:
            self._check_fingerprints(head)

    def _check_contents(self, manifest: Manifest, head: RecordHead | None, options: tuple[bool, bool, int]) -> None:
        decrypt_all, screen_keys, processes = options
        keys = self._read_keys(manifest, screen_keys)
        gate = self._read_gate(manifest)
        counts = self._read_counts(manifest, gate) if gate is not None else None
        if keys is None or gate is None or counts is None:
            return
        self._read_cosignatures(manifest)
        self._check_statements(manifest, counts)
        secrets = self._read_closing_keys(manifest, keys, counts)
        watched = frozenset(name for said in self.verdict.cosignatures for name in said.invalid)
        self._check_board(manifest, Claims(kinds_of(counts), secrets, watched, decrypt_all), head, processes)
        self._recount(manifest, counts, gate)
        self._check_scrutiny(manifest, counts)

    def _find(self, file: str, check: str, line: int = 0, **values: object) -> None:
        self.verdict.findings.append(Finding(file, line, check, values))

    def _are_files_there(self) -> bool:
        """Whether all are; each an ordinary file and no larger than what is read whole may be."""
        there = {entry.name for entry in self.folder.iterdir() if not is_hidden(entry.name)}
        for name in sorted(there.difference(ALL_FILES, [COSIGNATURES])):
            self._find(name, "strange-file")
        for name in ALL_FILES:
            if name not in there:
                self._find(name, "missing-file")
        for name in sorted(there.intersection([*ALL_FILES, COSIGNATURES])):
            found, most = (self.folder / name).lstat(), _most_bytes(name)
            if not stat.S_ISREG(found.st_mode) or (most and found.st_size > most):
                self._find(name, "not-a-file", detail=most or "")
        return there.issuperset(ALL_FILES)

    def _bytes(self, name: str) -> bytes:
        return (self.folder / name).read_bytes()

    def _read_manifest(self, announced: str) -> Manifest | None:
        try:
            manifest = read_manifest(self._bytes(MANIFEST))
        except FormatError as error:
            self._find(MANIFEST, "bad-manifest", detail=error)
            return None
        self.verdict.manifest, self.verdict.rules = manifest.fingerprint, manifest
        if announced and announced != manifest.fingerprint:
            self._find(MANIFEST, "other-manifest", detail=manifest.fingerprint)
        return manifest

    def _read_head(self) -> RecordHead | None:
        if not (self.folder / RECORD).exists():
            return None
        data = self._bytes(RECORD)
        self.verdict.record = hashlib.sha256(data).hexdigest()
        try:
            return RecordHead.read(data)
        except FormatError as error:
            self._find(RECORD, "bad-head", detail=error)
            return None

    def _check_signature(self, manifest: Manifest) -> None:
        try:
            signature = unb64(self._bytes(SIGNATURE).decode("latin-1"), SIGNATURE_LENGTH)
        except FormatError:
            signature = b""
        if not is_signed_by_platform(manifest.head_key, signature, self._bytes(RECORD)):
            self._find(SIGNATURE, "bad-signature")

    def _check_head(self, manifest: Manifest, head: RecordHead) -> None:
        if head.manifest != manifest.fingerprint:
            self._find(MANIFEST, "head-manifest")
        self.verdict.extensions = head.extensions
        try:
            in_force = check_extensions(manifest, head.extensions)
        except FormatError as error:
            self._find(RECORD, "bad-extension", detail=error)
            in_force = manifest.closes_at
        if head.closed_at < in_force:
            self._find(RECORD, "closed-early", detail=in_force)

    def _read_keys(self, manifest: Manifest, screen_keys: bool) -> Keyring | None:
        try:
            keys = Keyring.read_file(manifest, self._bytes(KEYS))
        except FormatError as error:
            self._find(KEYS, "bad-keys", detail=error)
            return None
        for pool, line in weak_moduli(keys) if screen_keys else ():
            self._find(KEYS, "weak-key", detail=f"{pool}, {line}")
        return keys

    def _read_gate(self, manifest: Manifest) -> dict[Place, Withheld] | None:
        try:
            return read_gate(manifest, self._bytes(GATE))
        except FormatError as error:
            self._find(GATE, "bad-gate", detail=error)
            return None

    def _read_counts(self, manifest: Manifest, gate: dict[Place, Withheld]) -> tuple[PoolCounts, ...] | None:
        try:
            return read_counts(manifest, self._bytes(COUNTS), gate)
        except FormatError as error:
            self._find(COUNTS, "bad-counts", detail=error)
            return None

    def _read_closing_keys(self, manifest: Manifest, keys: Keyring, counts: tuple[PoolCounts, ...]) -> dict[Place, int]:
        """The published private keys that fit their closing keys."""
        kinds = kinds_of(counts)
        try:
            secrets = read_closing_keys(
                self._bytes(CLOSING_KEYS), [place for place in manifest.places if kinds[place] == "open"]
            )
        except FormatError as error:
            self._find(CLOSING_KEYS, "bad-closing-keys", detail=error)
            return {}
        for place, secret in list(secrets.items()):
            if point_bytes(ec.derive_private_key(secret, ec.SECP256R1())) != keys.closing[place]:
                self._find(CLOSING_KEYS, "other-key", detail=", ".join(place))
                del secrets[place]
        return secrets

    def _check_statements(self, manifest: Manifest, counts: tuple[PoolCounts, ...]) -> None:
        """Each second issuer's signed count is there, of this poll, and the number that is counted with."""
        wanted = [(pool, said) for pool, said in zip(manifest.pools, counts, strict=True) if pool.statement_keys]
        with (self.folder / STATEMENTS).open("rb") as file:
            for number, (pool, said) in enumerate(wanted, 1):
                line = file.readline(LONGEST_LINE)
                try:
                    if not line.endswith(b"\n"):
                        raise FormatError(f"there is none for {pool.id}")
                    statement = read_statement(line[:-1], pool.statement_keys[0])
                except FormatError as error:
                    self._find(STATEMENTS, "bad-statement", number, detail=error)
                    return
                issuer = pool.issuers[1]
                named = (statement.poll, statement.pool, statement.issuer, statement.manifest)
                if named != (manifest.poll, pool.id, issuer, manifest.fingerprint):
                    self._find(STATEMENTS, "bad-statement", number, detail="it is of another poll, pool or issuer")
                elif statement.issued != said.issued[issuer]:
                    self._find(STATEMENTS, "bad-statement", number, detail=f"it says {statement.issued}")
            if file.read(1):
                self._find(STATEMENTS, "bad-statement", len(wanted) + 1, detail="nobody else was to state a count")

    def _read_cosignatures(self, manifest: Manifest) -> None:
        order = {each.id: place for place, each in enumerate(manifest.scrutineers)}
        last = -1
        for number, line in enumerate(cosignature_lines(self.folder / COSIGNATURES), 1):
            try:
                if not line.endswith(b"\n"):
                    raise FormatError("the line is cut or too long")
                said = read_cosignature(manifest, self.verdict.record, line[:-1])
                if order[said.scrutineer] <= last:
                    raise FormatError("scrutineer: must be in the manifest's order, each once")
            except FormatError as error:
                self._find(COSIGNATURES, "bad-cosignature", number, detail=error)
                return
            last = order[said.scrutineer]
            self.verdict.cosignatures.append(said)

    def _check_board(self, manifest: Manifest, claims: Claims, head: RecordHead | None, processes: int) -> None:
        board = self.folder / BOARD
        stretches = plan_stretches(self.folder, manifest.digest, processes)
        root, last, size = RootBuilder(), b"", board.stat().st_size
        with SerialRegister() as serials:
            for stretch, checked in check_stretches(self.folder, claims, stretches, processes):
                if checked.first and checked.first <= last:
                    self._find(BOARD, "board-order", line_number(board, stretch.board[0]))
                last = checked.last or last
                for start in range(0, len(checked.leaves), 32):
                    root.add(bytes(checked.leaves[start : start + 32]))
                serials.add(bytes(checked.serials))
                self._join(checked)
                self.progress(stretch.board[1], size)
                if len(self.verdict.findings) >= MOST_FINDINGS:
                    return
            batches = self._read_printed(manifest)
            found, self.cancelled = check_cancelled(self.folder / CANCELLED, manifest, batches, serials)
            self.verdict.findings += found
            self._check_serials(serials)
        self.verdict.slips = root.size
        if head is not None and root.size != head.board_size:
            self._find(BOARD, "board-size", detail=root.size)
        if head is not None and root.root() != head.board_root:
            self._find(BOARD, "board-root")

    def _read_printed(self, manifest: Manifest) -> Batches | None:
        try:
            return read_printed(manifest, self._bytes(PRINTED))
        except FormatError as error:
            self._find(PRINTED, "bad-printed", detail=error)
            return None

    def _join(self, checked: Checked) -> None:
        self.verdict.findings += checked.findings
        self.returned.update(checked.returned)
        self.watched.update(checked.watched)
        for place, patterns in checked.patterns.items():
            self.patterns.setdefault(place, Counter()).update(patterns)
        for place, reasons in checked.invalid.items():
            self.invalid.setdefault(place, Counter()).update(reasons)

    def _check_serials(self, serials: SerialRegister) -> None:
        # two cancelled ones stand out of order, which was found already
        repeated = (each for each in serials.repeated() if each[2] < 2)
        for first, other, cancelled in itertools.islice(repeated, MOST_FINDINGS):
            line = line_number(self.folder / BOARD, first)
            if cancelled:
                self._find(BOARD, "cancelled-used", line, detail=line_number(self.folder / CANCELLED, other))
            else:
                self._find(BOARD, "serial-twice", line_number(self.folder / BOARD, other), detail=line)

    def _recount(self, manifest: Manifest, counts: tuple[PoolCounts, ...], gate: dict[Place, Withheld]) -> None:
        kinds = kinds_of(counts)
        for place in (place for place, kind in kinds.items() if kind == "open"):
            self.verdict.opened += sum(self.patterns.get(place, Counter()).values())
            self.verdict.opened += sum(self.invalid.get(place, Counter()).values())
        # counts over slips that failed would only repeat what was found there
        are_slips_sound = {finding.file for finding in self.verdict.findings}.isdisjoint(
            (BOARD, OPENED, SEALED, INVALID)
        )
        for pool, said in zip(manifest.pools, counts, strict=True):
            lines = manifest.lines_of(pool)
            returned = [self.returned[pool.id, line.id] for line in lines]
            verdict = pool_verdict(manifest, pool, said.issued, returned)
            numbers = (said.issued, max(returned), said.verdict, sum(said.cancelled.values()))
            self.verdict.pools.append(PoolTurnout(pool.id, pool.size, *numbers))
            self._compare_cancelled(lines, said)
            if not are_slips_sound:
                continue
            if verdict != said.verdict:
                self._find(COUNTS, "verdict", pool=pool.id, said=said.verdict, counted=verdict)
            for line, stated, counted in zip(lines, said.lines, returned, strict=True):
                if stated["returned"] != counted:
                    self._find(
                        COUNTS, "returned", pool=pool.id, place=line.id, said=stated["returned"], counted=counted
                    )
            if verdict == said.verdict == "valid":
                self._recount_lines(manifest, said, gate)

    def _compare_cancelled(self, lines: tuple[Line, ...], said: PoolCounts) -> None:
        if self.cancelled is None or any(finding.file == CANCELLED for finding in self.verdict.findings):
            return
        for line in lines:
            stated, counted = said.cancelled.get(line.id, 0), self.cancelled[said.pool, line.id]
            if stated != counted:
                self._find(COUNTS, "cancelled", pool=said.pool, place=line.id, said=stated, counted=counted)

    def _recount_lines(self, manifest: Manifest, said: PoolCounts, gate: dict[Place, Withheld]) -> None:
        """Compares the open lines of a valid pool with what their slips add up to; of other lines the invalid slips."""
        opened = [each for each in said.lines if each["publication"] == "open"]
        counted = [self._publish(manifest, said.pool, manifest.line_by_id[each["line"]], gate) for each in opened]
        for stated, own in zip(opened, counted, strict=True):
            wrong = next((name for name, value in own.items() if stated.get(name) != value), None)
            if wrong is not None:
                self._find(COUNTS, "recount", pool=said.pool, place=own["line"], field=wrong, counted=own[wrong])
        for line in (each for each in said.lines if each["publication"] == "counts"):
            proved = self.invalid.get((said.pool, line["line"]), Counter())
            if dict(proved) != line["invalid"]:
                numbers = {"said": sum(line["invalid"].values()), "counted": proved.total()}
                self._find(COUNTS, "unproved-invalid", pool=said.pool, place=line["line"], **numbers)

    def _publish(self, manifest: Manifest, pool: str, line: Line, gate: dict[Place, Withheld]) -> dict[str, Any]:
        place = (pool, line.id)
        patterns, invalid = self.patterns.get(place, Counter()), self.invalid.get(place, Counter())
        return publish_line(manifest, line, patterns, invalid, gate.get(place, NOTHING_WITHHELD))

    def _check_scrutiny(self, manifest: Manifest, counts: tuple[PoolCounts, ...]) -> None:
        """Slips called invalid where neither key nor proof is published must stand in the list of whoever recounted them."""
        called, told = called_invalid(counts), Counter[Place]()
        self.verdict.handed = handed_places(manifest, counts)
        for number, said in enumerate(self.verdict.cosignatures, 1):
            found = Counter(self.watched.get(name, ("", "")) for name in said.invalid)
            for check, values in faults_of_word(said, counts, found):
                self._find(COSIGNATURES, check, number, **values)
            told.update(place for place in said.lines if place in called)
        self.verdict.waiting = sum(n for place, n in called.items() if told[place] < ENOUGH_SCRUTINEERS)

    def _check_fingerprints(self, head: RecordHead) -> None:
        for name in LISTED:
            with (self.folder / name).open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != head.files[name]:
                    self._find(name, "file-changed")


def _most_bytes(name: str) -> int:
    """The most bytes a file may have, or 0 where it is read line by line."""
    if name == SIGNATURE:
        return LARGEST_SIGNATURE
    if name == RECORD:
        return LARGEST_HEAD
    return LARGEST_DOCUMENT if name.endswith(".json") else 0


def _cores() -> int:
    """The cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
