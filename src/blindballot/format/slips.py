"""Slips: their bytes, commitment, seal context, name and JSON. Making them is voting.py, checking them receiving.py.

Every length is fixed by the format; a slip object that exists has the right ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from blindballot.format.encoding import FormatError, b64, lp, sha256, tag, u8, u32
from blindballot.format.fields import Fields
from blindballot.format.keyring import TOKEN_LENGTH
from blindballot.format.keys import POINT_LENGTH, SIGNATURE_LENGTH
from blindballot.format.manifest import Line, Manifest
from blindballot.format.marks import DONT_KNOW
from blindballot.format.questions import is_answer

# Bytes. Marks have few values: the salt alone keeps a commitment from being opened by trying them.
SALT_LENGTH = 32
SEAL_OVERHEAD = POINT_LENGTH + SALT_LENGTH + 16
MOST_VERSION = 2**32 - 1
LONGEST_SEALED = SEAL_OVERHEAD + 12

_COMMITMENT = tag("blindballot-commitment-1")
_SEALED = tag("blindballot-sealed-1")
_SLIP = tag("blindballot-slip-1")
_DECAPSULATION = tag("blindballot-decapsulation-1")
_ACKNOWLEDGEMENT = tag("blindballot-acknowledgement-1")


@dataclass(frozen=True)
class BoardSlip:
    """A slip as the board shows it: everything signed, with the hash of the sealed marks in place of them."""

    pool: str
    line: str
    serial: bytes
    tokens: tuple[bytes, ...]
    version: int
    commitment: bytes
    sealed_hash: bytes
    signature: bytes

    def body(self, digest: bytes) -> bytes:
        """The bytes the serial's key signs, under the manifest's digest, as docs/ballots.md lays them out."""
        return b"".join(
            (
                _SLIP,
                digest,
                lp(self.pool.encode("ascii")),
                lp(self.line.encode("ascii")),
                self.serial,
                u8(len(self.tokens)),
                *self.tokens,
                u32(self.version),
                self.commitment,
                self.sealed_hash,
            )
        )

    def name(self, digest: bytes) -> bytes:
        """H(body), 32 bytes: what the board is ordered by and a receipt names. The signature is no part of it."""
        return sha256(self.body(digest))

    def to_json(self) -> dict[str, Any]:
        """The board's object for this slip."""
        return {
            "pool": self.pool,
            "line": self.line,
            "serial": b64(self.serial),
            "tokens": [b64(token) for token in self.tokens],
            "version": self.version,
            "commitment": b64(self.commitment),
            "sealed_hash": b64(self.sealed_hash),
            "signature": b64(self.signature),
        }

    @classmethod
    def from_json(cls, value: object, where: str = "") -> BoardSlip:
        """The slip of one object of the board. Raises FormatError for a missing or strange field or a wrong length."""
        fields = Fields(value, where)
        sealed_hash = fields.binary("sealed_hash", 32)
        slip = cls(*_head(fields), sealed_hash, fields.binary("signature", SIGNATURE_LENGTH))
        fields.done()
        return slip


@dataclass(frozen=True)
class Slip:
    """A slip as it is cast: with the sealed marks."""

    pool: str
    line: str
    serial: bytes
    tokens: tuple[bytes, ...]
    version: int
    commitment: bytes
    sealed: bytes
    signature: bytes

    @cached_property
    def for_board(self) -> BoardSlip:
        """This slip as the board shows it: with the hash of its sealed marks in their place."""
        return BoardSlip(
            self.pool,
            self.line,
            self.serial,
            self.tokens,
            self.version,
            self.commitment,
            sha256(self.sealed),
            self.signature,
        )

    def body(self, digest: bytes) -> bytes:
        """The bytes the serial's key signs, under the manifest's digest."""
        return self.for_board.body(digest)

    def name(self, digest: bytes) -> bytes:
        """H(body), 32 bytes: what the board is ordered by and a receipt names."""
        return self.for_board.name(digest)

    def to_json(self) -> dict[str, Any]:
        """The object that is sent to the box."""
        document = self.for_board.to_json()
        del document["sealed_hash"]
        return {**document, "sealed": b64(self.sealed)}

    @classmethod
    def from_json(cls, value: object, where: str = "") -> Slip:
        """The slip of a cast object. Raises FormatError for a missing or strange field or a wrong length."""
        fields = Fields(value, where)
        sealed = fields.binary("sealed")
        if not SEAL_OVERHEAD < len(sealed) <= LONGEST_SEALED:
            raise FormatError(f"{where or 'slip'}.sealed: {len(sealed)} bytes")
        slip = cls(*_head(fields), sealed, fields.binary("signature", SIGNATURE_LENGTH))
        fields.done()
        return slip


def commitment_of(digest: bytes, serial: bytes, marks: bytes, salt: bytes) -> bytes:
    """The commitment to `marks` under a salt of 32 bytes; it hides them and binds them to the serial."""
    return sha256(_COMMITMENT + digest + serial + lp(marks) + salt)


def seal_info(digest: bytes, pool: str, line: str, serial: bytes, version: int) -> bytes:
    """HPKE's `info`: binds the sealed marks to manifest, pool, line, serial and version."""
    return _SEALED + digest + lp(pool.encode("ascii")) + lp(line.encode("ascii")) + serial + u32(version)


def acknowledgement_of(digest: bytes, name: bytes) -> bytes:
    """What the box signs when it has taken the slip of this name, under the manifest's digest."""
    return _ACKNOWLEDGEMENT + digest + name


def decapsulation_context(digest: bytes, pool: str, line: str, name: bytes) -> bytes:
    """What the proof that a slip was opened rightly binds beside its points: manifest, pool, line and the slip's name."""
    return _DECAPSULATION + digest + lp(pool.encode("ascii")) + lp(line.encode("ascii")) + name


def marks_length(line: Line) -> int:
    """Bytes of a line's marks: one for each criterion; of a question, one for each option that a slip may name."""
    return line.question.most if line.question else len(line.criteria)


def sealed_length(line: Line) -> int:
    """Bytes of the sealed marks of a line: the same for every voter."""
    return SEAL_OVERHEAD + marks_length(line)


def are_marks(manifest: Manifest, line: Line, marks: bytes) -> bool:
    """Whether `marks` has one byte per criterion, each unmarked, a grade's place from 1, or don't know; or is a question's answer."""
    if line.question:
        return is_answer(line.question, marks)
    most = len(manifest.grades)
    return len(marks) == len(line.criteria) and all(mark <= most or mark == DONT_KNOW for mark in marks)


def _head(fields: Fields) -> tuple[str, str, bytes, tuple[bytes, ...], int, bytes]:
    return (
        fields.identifier("pool"),
        fields.identifier("line"),
        fields.binary("serial", POINT_LENGTH),
        fields.items("tokens", _token, 1, 2),
        fields.whole("version", 1, MOST_VERSION),
        fields.binary("commitment", 32),
    )


def _token(value: Any, where: str) -> bytes:
    fields = Fields({"token": value}, where)
    return fields.binary("token", TOKEN_LENGTH)
