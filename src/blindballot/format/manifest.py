"""The manifest: what a poll promises before it opens. Its dataclasses, and reading them with clear errors.

A manifest is only ever made by reading its canonical bytes, so what was written and what is in force cannot differ.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from blindballot.format.encoding import (
    FINGERPRINT,
    FormatError,
    b64,
    canonical,
    fingerprint,
    parse_canonical,
    sha256,
    unb64,
)
from blindballot.format.fields import Fields, Names, check_different, read_identifier, read_whole
from blindballot.format.joining import SMALLEST_CELL
from blindballot.format.marks import DONT_KNOW_ID, UNMARKED_ID
from blindballot.format.merkle import leaf_hash, merkle_root
from blindballot.format.questions import Question, read_question

FORMAT = "blindballot-manifest-1"
# A slip with more possible patterns of marks would be a fingerprint by accident. A dictated pattern can be looked for all the same.
MOST_PATTERNS = 4096
MOST_POINTS = 1000
LEAST_GRADES, MOST_GRADES, MOST_CRITERIA = 2, 12, 1000
MOST_SCRUTINEERS = 100
ALL_LINES = "all"
# Below five people somebody could be recognised by their marks; the rules may ask for more, never for fewer.
SMALLEST_GROUP = 5
# Bytes: enough that nobody finds out by trying whether a name stands behind a leaf of the roll.
NONCE_LENGTH = 16


class ManifestError(FormatError):
    """The manifest is not one; the message names the field and what it should be."""


@dataclass(frozen=True, slots=True)
class Grade:
    """One grade, worth `points`; the manifest lists them best first."""

    id: str
    points: int
    name: Names


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing marked with a grade."""

    id: str
    name: Names


@dataclass(frozen=True, slots=True)
class Line:
    """What one slip marks: one unit, some of its criteria (ids, in order); or a question, and then no criteria."""

    id: str
    unit: str
    name: Names
    criteria: tuple[str, ...]
    question: Question | None = None


@dataclass(frozen=True, slots=True)
class Pool:
    """The people counted together: how many, the root of their roll, the lines they mark, who issues tokens to them.

    `marked` is None for all lines. `statement_keys` has an Ed25519 key for each issuer from the second on.
    """

    id: str
    name: Names
    size: int
    roll_root: bytes
    marked: tuple[str, ...] | None
    issuers: tuple[str, ...]
    statement_keys: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Scrutineer:
    """Somebody who recounts what is not published slip by slip: two points, to sign with and to be handed keys under."""

    id: str
    name: str
    signing_key: bytes
    decryption_key: bytes


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From how many valid slips what is published, and the share of the roll that must have returned."""

    nothing_below: int
    band_below: int
    open_from: int
    cell: int
    turnout: tuple[int, int]


@dataclass(frozen=True)
class Manifest:
    """A poll's manifest as read from the canonical bytes `data`."""

    data: bytes
    poll: str
    title: Names
    campaign: str
    opens_at: str
    closes_at: str
    grades: tuple[Grade, ...]
    criteria: tuple[Criterion, ...]
    lines: tuple[Line, ...]
    pools: tuple[Pool, ...]
    keys_root: bytes
    scrutineers: tuple[Scrutineer, ...]
    acknowledgement_key: bytes
    head_key: bytes
    thresholds: Thresholds

    @cached_property
    def digest(self) -> bytes:
        """M of docs/ballots.md: the 32 bytes every slip binds."""
        return sha256(self.data)

    @cached_property
    def fingerprint(self) -> str:
        """The digest in hexadecimal, as people compare it."""
        return fingerprint(self.data)

    @cached_property
    def line_by_id(self) -> dict[str, Line]:
        """The lines by their ids, in the manifest's order."""
        return {line.id: line for line in self.lines}

    @cached_property
    def pool_by_id(self) -> dict[str, Pool]:
        """The pools by their ids, in the manifest's order."""
        return {pool.id: pool for pool in self.pools}

    @cached_property
    def scrutineer_by_id(self) -> dict[str, Scrutineer]:
        """The scrutineers by their ids, in the manifest's order."""
        return {scrutineer.id: scrutineer for scrutineer in self.scrutineers}

    def lines_of(self, pool: Pool) -> tuple[Line, ...]:
        """The lines that a pool's people mark, in the manifest's order."""
        if pool.marked is None:
            return self.lines
        return tuple(self.line_by_id[line] for line in pool.marked)

    @cached_property
    def places(self) -> tuple[tuple[str, str], ...]:
        """Every pool with every line it marks, in the manifest's order of pools, then lines."""
        return tuple((pool.id, line.id) for pool in self.pools for line in self.lines_of(pool))


def write_manifest(document: dict[str, Any]) -> Manifest:
    """The manifest of a document of plain values, by way of its canonical bytes. Raises like `read_manifest`."""
    return read_manifest(canonical(document))


def read_manifest(data: bytes) -> Manifest:
    """The manifest of canonical JSON bytes. Raises ManifestError naming the wrong field and what it should be."""
    try:
        manifest = _read(data)
        _check(manifest)
    except ManifestError:
        raise
    except FormatError as error:
        raise ManifestError(str(error)) from error
    return manifest


def roll_leaf(nonce: bytes, person: str) -> bytes:
    """The leaf of one person on a pool's roll: 16 random bytes, then the person's reference."""
    if len(nonce) != NONCE_LENGTH:
        raise FormatError(f"a roll's nonce has {NONCE_LENGTH} bytes")
    return nonce + person.encode("utf-8")


def order_roll(leaves: Iterable[bytes]) -> list[bytes]:
    """A roll's leaves in the order of their hashes, which tells nothing of the people."""
    return sorted(leaves, key=leaf_hash)


def roll_root(leaves: Iterable[bytes]) -> bytes:
    """The RFC 9162 root of a roll, whatever the order its leaves come in."""
    return merkle_root(order_roll(leaves))


def _read(data: bytes) -> Manifest:
    fields = Fields(parse_canonical(data))
    fields.constant("format", FORMAT)
    manifest = Manifest(
        data=data,
        poll=fields.text("poll"),
        title=fields.names("title"),
        campaign=fields.take("campaign"),
        opens_at=fields.instant("opens_at"),
        closes_at=fields.instant("closes_at"),
        grades=fields.items("grades", _grade, 0, MOST_GRADES),
        criteria=fields.items("criteria", _criterion, 0, MOST_CRITERIA),
        lines=fields.items("lines", _line, 1, 100_000),
        pools=fields.items("pools", _pool, 1, 10_000),
        keys_root=fields.binary("keys_root", 32),
        scrutineers=fields.items("scrutineers", _scrutineer, 0, MOST_SCRUTINEERS),
        acknowledgement_key=fields.binary("acknowledgement_key", 32),
        head_key=fields.binary("head_key", 32),
        thresholds=_thresholds(fields.take("thresholds"), "thresholds"),
    )
    fields.done()
    return manifest


def _grade(value: Any, where: str) -> Grade:
    fields = Fields(value, where)
    grade = Grade(fields.identifier("id"), fields.whole("points", 0, MOST_POINTS), fields.names("name"))
    fields.done()
    return grade


def _criterion(value: Any, where: str) -> Criterion:
    fields = Fields(value, where)
    criterion = Criterion(fields.identifier("id"), fields.names("name"))
    fields.done()
    return criterion


def _line(value: Any, where: str) -> Line:
    fields = Fields(value, where)
    head = fields.identifier("id"), fields.text("unit"), fields.names("name")
    if fields.has("question"):
        line = Line(*head, (), read_question(fields.take("question"), f"{where}.question"))
    else:
        line = Line(*head, fields.items("criteria", read_identifier, 1, 12))
    fields.done()
    check_different(list(line.criteria), f"{where}.criteria")
    return line


def _pool(value: Any, where: str) -> Pool:
    fields = Fields(value, where)
    pool = Pool(
        fields.identifier("id"),
        fields.names("name"),
        fields.whole("size", SMALLEST_GROUP),
        fields.binary("roll_root", 32),
        _marked(fields),
        issuers := fields.items("issuers", read_identifier, 1, 2),
        fields.items("statement_keys", _statement_key, len(issuers) - 1, len(issuers) - 1),
    )
    fields.done()
    check_different(list(pool.issuers), f"{where}.issuers")
    return pool


def _marked(fields: Fields) -> tuple[str, ...] | None:
    """The lines a pool marks; whether they are the manifest's is checked when the whole manifest is read."""
    value = fields.take("lines")
    if value == ALL_LINES:
        return None
    listed = Fields({"lines": value}, fields.where).items("lines", read_identifier, 1, 100_000)
    check_different(list(listed), f"{fields.where}.lines")
    return listed


def _statement_key(value: Any, where: str) -> bytes:
    try:
        return unb64(value, 32)
    except FormatError as error:
        raise FormatError(f"{where}: {error}") from error


def _scrutineer(value: Any, where: str) -> Scrutineer:
    fields = Fields(value, where)
    scrutineer = Scrutineer(
        fields.identifier("id"), fields.text("name"), fields.point("signing_key"), fields.point("decryption_key")
    )
    fields.done()
    return scrutineer


def _thresholds(value: Any, where: str) -> Thresholds:
    fields = Fields(value, where)
    nothing_below = fields.whole("nothing_below", SMALLEST_GROUP)
    band_below = fields.whole("band_below", nothing_below)
    open_from = fields.whole("open_from", band_below)
    cell = fields.whole("cell", SMALLEST_CELL)
    share, whole = fields.items("turnout", lambda item, place: read_whole(item, place, 0, 1000), 2, 2)
    fields.done()
    if not share <= whole or whole == 0:
        raise FormatError(f"{where}.turnout: must be a share like [2, 3]")
    return Thresholds(nothing_below, band_below, open_from, cell, (share, whole))


def _check(manifest: Manifest) -> None:
    """What holds between fields."""
    _check_head(manifest)
    _check_grades(manifest)
    check_different([criterion.id for criterion in manifest.criteria], "criteria")
    check_different([line.id for line in manifest.lines], "lines")
    check_different([pool.id for pool in manifest.pools], "pools")
    check_different([each.id for each in manifest.scrutineers], "scrutineers")
    points = [b64(key) for each in manifest.scrutineers for key in (each.signing_key, each.decryption_key)]
    check_different(points, "scrutineers")
    _check_lines_of_pools(manifest)
    known = {criterion.id for criterion in manifest.criteria}
    for index, line in enumerate(manifest.lines):
        unknown = sorted(set(line.criteria) - known)
        if unknown:
            raise ManifestError(f"lines[{index}].criteria: {unknown[0]} is not a criterion of this manifest")
        if (len(manifest.grades) + 2) ** len(line.criteria) > MOST_PATTERNS:
            raise ManifestError(f"lines[{index}].criteria: too many for one slip; more than {MOST_PATTERNS} patterns")


def _check_lines_of_pools(manifest: Manifest) -> None:
    """A pool that marks all lines says so; a list has some of them, in the manifest's order."""
    for index, pool in enumerate(manifest.pools):
        if pool.marked is None:
            continue
        marked = set(pool.marked)
        ordered = tuple(line.id for line in manifest.lines if line.id in marked)
        if ordered != pool.marked or len(ordered) == len(manifest.lines):
            raise ManifestError(f"pools[{index}].lines: must be some of the manifest's lines, in its order, or all")


def _check_grades(manifest: Manifest) -> None:
    """Grades and criteria are there exactly where a line has criteria; the grades stand best first."""
    is_graded = any(line.question is None for line in manifest.lines)
    least = LEAST_GRADES if is_graded else 0
    if not least <= len(manifest.grades) <= (MOST_GRADES if is_graded else 0):
        raise ManifestError(
            f"grades: must be a list of {LEAST_GRADES} to {MOST_GRADES} items; none if all lines are questions"
        )
    if bool(manifest.criteria) is not is_graded:
        raise ManifestError(f"criteria: must be a list of 1 to {MOST_CRITERIA} items; none if all lines are questions")
    check_different([grade.id for grade in manifest.grades], "grades")
    if any(grade.id in (UNMARKED_ID, DONT_KNOW_ID) for grade in manifest.grades):
        raise ManifestError(f"grades: {UNMARKED_ID} and {DONT_KNOW_ID} are kept for marks without a grade")
    points = [grade.points for grade in manifest.grades]
    if points != sorted(points, reverse=True) or 0 in points[:1]:
        raise ManifestError("grades: must stand best first, the best worth more than nothing")


def _check_head(manifest: Manifest) -> None:
    try:
        if str(uuid.UUID(manifest.poll)) != manifest.poll:
            raise ValueError
    except ValueError as error:
        raise ManifestError("poll: must be a UUID in lower case") from error
    campaign = manifest.campaign
    if not isinstance(campaign, str) or not (campaign == "" or _is_fingerprint(campaign)):
        raise ManifestError("campaign: must be a fingerprint or empty")
    if manifest.head_key == manifest.acknowledgement_key:
        raise ManifestError("head_key: must be another key than acknowledgement_key")
    if manifest.opens_at >= manifest.closes_at:
        raise ManifestError("closes_at: must be after opens_at")


def _is_fingerprint(text: str) -> bool:
    return FINGERPRINT.fullmatch(text) is not None
