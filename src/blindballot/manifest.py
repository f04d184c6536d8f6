"""The manifest: what a round promises before it opens. Reading with clear errors, and the dataclasses everybody uses.

A manifest is only ever made by reading its canonical bytes, so what was written and what is in force cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from blindballot.encoding import (
    IDENTIFIER,
    INSTANT,
    FormatError,
    canonical,
    fingerprint,
    parse_canonical,
    sha256,
    unb64,
)
from blindballot.merkle import leaf_hash, merkle_root
from blindballot.points import is_point

FORMAT = "zhengyou-manifest-1"
LANGUAGES = ("zh-hans", "en")
MOST_PATTERNS = 4096
SMALLEST_GROUP = 5
SMALLEST_CELL = 3
NONCE_LENGTH = 16
UNMARKED = 0
DONT_KNOW = 255

Names = dict[str, str]


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
    """What one slip marks: one unit, some of its criteria (ids, in order)."""

    id: str
    unit: str
    name: Names
    criteria: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pool:
    """The people counted together: how many, the root of their roll, their closing key, who issues tokens to them."""

    id: str
    name: Names
    size: int
    roll_root: bytes
    closing_key: bytes
    issuers: tuple[str, ...]


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
    """A round's manifest as read from `data`. `digest` is the 32 bytes every slip binds, `fingerprint` the same in hexadecimal."""

    data: bytes
    round: str
    title: Names
    campaign: str
    opens_at: str
    closes_at: str
    grades: tuple[Grade, ...]
    criteria: tuple[Criterion, ...]
    lines: tuple[Line, ...]
    pools: tuple[Pool, ...]
    keys_root: bytes
    acknowledgement_key: bytes
    thresholds: Thresholds

    def __post_init__(self) -> None:
        object.__setattr__(self, "digest", sha256(self.data))
        object.__setattr__(self, "fingerprint", fingerprint(self.data))
        object.__setattr__(self, "_lines", {line.id: line for line in self.lines})
        object.__setattr__(self, "_pools", {pool.id: pool for pool in self.pools})

    digest: bytes = b""
    fingerprint: str = ""

    def line(self, line_id: str) -> Line:
        """The line with this id; KeyError if there is none."""
        found: dict[str, Line] = self._lines  # type: ignore[attr-defined]
        return found[line_id]
