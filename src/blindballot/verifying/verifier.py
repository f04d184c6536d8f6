"""Recounts a record folder: every signature, the board's root, and what the opened slips add up to; offline.

Imports nothing that issues, votes, tallies or exports. With the scrutineers' openings it recounts the sealed lines too.
"""

from __future__ import annotations

import hashlib
import itertools
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from blindballot.format.encoding import FormatError, unb64
from blindballot.format.findings import Finding
from blindballot.format.keyring import Keyring
from blindballot.format.keys import SIGNATURE_LENGTH, is_signed_by_platform
from blindballot.format.manifest import Line, Manifest, read_manifest
from blindballot.format.merkle import RootBuilder
from blindballot.format.publication import one_band_a_unit, pool_verdict, publish_line
from blindballot.format.record import (
    BOARD,
    CANCELLED,
    COUNTS,
    KEYS,
    MANIFEST,
    OPENED,
    RECORD,
    SIGNATURE,
    Extension,
    PoolCounts,
    RecordHead,
    check_extensions,
    form_of,
    line_number,
    read_counts,
)
from blindballot.format.serials import SerialRegister
from blindballot.verifying.boardcheck import MOST_FINDINGS, Checked, OpenedFile, Place
from blindballot.verifying.cancelledcheck import check_cancelled
from blindballot.verifying.processes import check_stretches
from blindballot.verifying.stretches import plan_stretches

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
    """What verifying came to: nothing found is a sound record."""

    manifest: str = ""
    slips: int = 0
    opened: int = 0
    extensions: tuple[Extension, ...] = ()
    pools: list[PoolTurnout] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """Whether every check passed."""
        return not self.findings


def verify(
    folder: Path,
    openings: Path | None = None,
    *,
    announced: str = "",
    processes: int | None = None,
    progress: Progress | None = None,
) -> Verdict:
    """Check the record in `folder`; with `openings` (the scrutineers' file) recount its sealed lines too.

    `announced` is the manifest's fingerprint as published before the vote, `processes` defaults to the cores there are,
    `progress` is called with bytes of the board done and in all. Collects findings, up to about twenty, instead of
    stopping at the first. Memory does not grow with the board. Raises UnreadableError if a file cannot be read.
    """
    if not folder.is_dir():
        raise UnreadableError(f"{folder}: not a folder")
    if openings is not None and not openings.is_file():
        raise UnreadableError(f"{openings}: not a file")
    try:
        verification = _Verification(folder, openings, progress or (lambda done, size: None))
        verification.run(announced, processes or _cores())
    except OSError as error:
        raise UnreadableError(str(error)) from error
    return verification.verdict


class _Verification:
    """One verification on its way: what was read so far and what was found."""

    def __init__(self, folder: Path, openings: Path | None, progress: Progress) -> None:
        self.folder = folder
        self.form = form_of(folder)
        self.openings = openings
        self.progress = progress
        self.verdict = Verdict()
        self.returned: Counter[Place] = Counter()
        self.patterns: dict[Place, Counter[bytes]] = {}
        self.invalid: dict[Place, Counter[str]] = {}
        self.cancelled: Counter[Place] | None = None

    def run(self, announced: str, processes: int) -> None:
        """Every check, as far as what was read allows."""
        are_there = self._are_files_there()
        head = self._read_head()
        manifest = self._read_manifest(announced) if are_there else None
        if manifest is None:
            return
        self._check_signature(manifest)
        if head is not None:
            self._check_head(manifest, head)
        keys = self._read_keys(manifest)
        counts = self._read_counts(manifest)
        if keys is not None and counts is not None:
            self._check_board(manifest, counts, head, processes)
            self._recount(manifest, counts)
        if head is not None:
            self._check_fingerprints(head)

    def _find(self, file: str, check: str, line: int = 0, **values: object) -> None:
        self.verdict.findings.append(Finding(file, line, check, values))

    def _are_files_there(self) -> bool:
        there = {entry.name for entry in self.folder.iterdir() if not entry.name.startswith(".")}
        for name in sorted(there.difference(self.form.files)):
            self._find(name, "strange-file")
        for name in self.form.files:
            if name not in there:
                self._find(name, "missing-file")
        return there.issuperset(self.form.files)

    def _read_manifest(self, announced: str) -> Manifest | None:
        try:
            manifest = read_manifest((self.folder / MANIFEST).read_bytes())
        except FormatError as error:
            self._find(MANIFEST, "bad-manifest", detail=error)
            return None
        self.verdict.manifest = manifest.fingerprint
        if announced and announced != manifest.fingerprint:
            self._find(MANIFEST, "other-manifest", detail=manifest.fingerprint)
        return manifest

    def _read_head(self) -> RecordHead | None:
        if not (self.folder / RECORD).exists():
            return None
        try:
            return RecordHead.read((self.folder / RECORD).read_bytes(), self.form)
        except FormatError as error:
            self._find(RECORD, "bad-head", detail=error)
            return None

    def _check_signature(self, manifest: Manifest) -> None:
        try:
            signature = unb64((self.folder / SIGNATURE).read_text("latin-1"), SIGNATURE_LENGTH)
        except FormatError:
            signature = b""
        if not is_signed_by_platform(manifest.acknowledgement_key, signature, (self.folder / RECORD).read_bytes()):
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

    def _read_keys(self, manifest: Manifest) -> Keyring | None:
        try:
            return Keyring.read_file(manifest, (self.folder / KEYS).read_bytes())
        except FormatError as error:
            self._find(KEYS, "bad-keys", detail=error)
            return None

    def _read_counts(self, manifest: Manifest) -> tuple[PoolCounts, ...] | None:
        try:
            return read_counts(manifest, (self.folder / COUNTS).read_bytes(), self.form)
        except FormatError as error:
            self._find(COUNTS, "bad-counts", detail=error)
            return None

    def _check_board(
        self, manifest: Manifest, counts: tuple[PoolCounts, ...], head: RecordHead | None, processes: int
    ) -> None:
        opened = self._opened_files(counts)
        board = self.folder / BOARD
        stretches = plan_stretches(board, [file.path for file in opened], manifest.digest, processes)
        root, last, size = RootBuilder(), b"", board.stat().st_size
        with SerialRegister() as serials:
            for stretch, checked in check_stretches(self.folder, opened, stretches, processes):
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
            if self.form.has_cancelled:
                found, self.cancelled = check_cancelled(self.folder / CANCELLED, manifest, serials)
                self.verdict.findings += found
            self._check_serials(serials)
        self.verdict.slips = root.size
        if head is not None and root.size != head.board_size:
            self._find(BOARD, "board-size", detail=root.size)
        if head is not None and root.root() != head.board_root:
            self._find(BOARD, "board-root")

    def _opened_files(self, counts: tuple[PoolCounts, ...]) -> tuple[OpenedFile, ...]:
        """The opened slips of the record, and the scrutineers' openings, with the places each must hold."""
        kinds = {
            (pool.pool, line["line"]): line["publication"] if pool.verdict == "valid" else ""
            for pool in counts
            for line in pool.lines
        }
        to_open = frozenset(place for place, kind in kinds.items() if kind == "open")
        sealed = frozenset(place for place, kind in kinds.items() if kind not in ("", "open"))
        files = (OpenedFile(self.folder / OPENED, OPENED, to_open),)
        return files if self.openings is None else (*files, OpenedFile(self.openings, self.openings.name, sealed))

    def _join(self, checked: Checked) -> None:
        self.verdict.findings += checked.findings
        self.returned.update(checked.returned)
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

    def _recount(self, manifest: Manifest, counts: tuple[PoolCounts, ...]) -> None:
        self.verdict.opened = sum(each.total() for each in self.patterns.values())
        self.verdict.opened += sum(each.total() for each in self.invalid.values())
        # counts over slips that failed would only repeat what was found there
        of_slips = {BOARD, OPENED, self.openings.name if self.openings else BOARD}
        are_slips_sound = all(finding.file not in of_slips for finding in self.verdict.findings)
        for pool, said in zip(manifest.pools, counts, strict=True):
            returned = [self.returned[pool.id, line.id] for line in manifest.lines]
            verdict = pool_verdict(manifest, pool, said.issued, returned)
            numbers = (said.issued, max(returned), said.verdict, sum(said.cancelled.values()))
            self.verdict.pools.append(PoolTurnout(pool.id, pool.size, *numbers))
            self._compare_cancelled(manifest, said)
            if not are_slips_sound:
                continue
            if verdict != said.verdict:
                self._find(COUNTS, "verdict", pool=pool.id, said=said.verdict, counted=verdict)
            for line, stated, counted in zip(manifest.lines, said.lines, returned, strict=True):
                if stated["returned"] != counted:
                    self._find(
                        COUNTS, "returned", pool=pool.id, place=line.id, said=stated["returned"], counted=counted
                    )
            if verdict == "valid":
                self._recount_lines(manifest, said)

    def _compare_cancelled(self, manifest: Manifest, said: PoolCounts) -> None:
        if self.cancelled is None or any(finding.file == CANCELLED for finding in self.verdict.findings):
            return
        for line in manifest.lines:
            stated, counted = said.cancelled.get(line.id, 0), self.cancelled[said.pool, line.id]
            if stated != counted:
                self._find(COUNTS, "cancelled", pool=said.pool, place=line.id, said=stated, counted=counted)

    def _recount_lines(self, manifest: Manifest, said: PoolCounts) -> None:
        """Compares the lines of a valid pool whose slips were opened with what these slips add up to."""
        opened = [each for each in said.lines if self.openings is not None or each["publication"] == "open"]
        counted = [self._publish(manifest, said.pool, manifest.line_by_id[each["line"]]) for each in opened]
        if self.form.has_one_band_a_unit:
            counted = one_band_a_unit(manifest, counted)
        for stated, own in zip(opened, counted, strict=True):
            wrong = next((name for name, value in own.items() if stated.get(name) != value), None)
            if wrong is not None:
                self._find(COUNTS, "recount", pool=said.pool, place=own["line"], field=wrong, counted=own[wrong])

    def _publish(self, manifest: Manifest, pool: str, line: Line) -> dict[str, Any]:
        patterns = self.patterns.get((pool, line.id), Counter())
        invalid = self.invalid.get((pool, line.id), Counter())
        kinds = self.form.kinds_without_reasons
        return publish_line(manifest, line, patterns, invalid, True, kinds_without_reasons=kinds)

    def _check_fingerprints(self, head: RecordHead) -> None:
        for name in self.form.listed:
            with (self.folder / name).open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != head.files[name]:
                    self._find(name, "file-changed")


def _cores() -> int:
    """The cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
