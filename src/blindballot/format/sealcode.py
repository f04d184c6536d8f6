"""Seal codes: what a device says of a stack of slips before it is cast or opened, and what it shows of a slip that it opens.

The bytes are in docs/ballots.md. A code binds the manifest, so that it stands in the record of its own poll only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from blindballot.format.encoding import FormatError, b64, canonical, parse_canonical, sha256, tag, unb64
from blindballot.format.fields import Fields
from blindballot.format.keys import POINT_LENGTH
from blindballot.format.letters import first_letters, in_groups, read_letters, with_check
from blindballot.format.sealing import seal_with_randomness
from blindballot.format.slips import MOST_VERSION, SALT_LENGTH, commitment_of, seal_info

# 130 bits: a device that looks for two stacks with one code would try 2^65 of them while the voter waits.
CODE_LETTERS = 26
RANDOMNESS_LENGTH = 32
# Bytes of each slip's name by which a device tells where its slips stand.
SHORT_NAME = 9

_CODE = tag("blindballot-seal-code-1")
_OPENED = "blindballot-opened-slip-1"


def seal_item(commitment: bytes, sealed_hash: bytes) -> bytes:
    """What one slip gives to the code: its commitment and its sealed marks, but no token and no signature."""
    return sha256(commitment + sealed_hash)


def seal_digest(digest: bytes, items: Iterable[bytes]) -> bytes:
    """The 32 bytes of a stack under the manifest's digest, whatever the order in which its items come."""
    return sha256(_CODE + digest + b"".join(sorted(items)))


def seal_letters(sealed: bytes) -> str:
    """The 26 letters of a stack's 32 bytes, without their check letters."""
    return first_letters(sealed, CODE_LETTERS)


def printed_code(letters: str) -> str:
    """The letters with their two check letters, in groups of four, as a device shows them."""
    return in_groups(with_check(letters, 2))


def read_code(text: str) -> str:
    """The 26 letters of a typed code. Raises CodeError: a letter was mistyped, or some are missing."""
    return read_letters(text, CODE_LETTERS, 2)


def write_where(names: Iterable[bytes]) -> str:
    """Where a device's slips stand in the record: the first bytes of each name, ascending, in base64url."""
    return b64(b"".join(name[:SHORT_NAME] for name in sorted(names)))


def read_where(text: str) -> list[bytes]:
    """The beginnings of names. Raises FormatError."""
    data = unb64("".join(text.split()))
    if not data or len(data) % SHORT_NAME:
        raise FormatError("this does not say where slips stand")
    return [data[start : start + SHORT_NAME] for start in range(0, len(data), SHORT_NAME)]


@dataclass(frozen=True, slots=True)
class OpenedSlip:
    """A slip that was opened instead of cast: all that its commitment and its seal were made from. It has neither token nor signature."""

    manifest: str
    pool: str
    line: str
    serial: bytes
    version: int
    marks: bytes
    salt: bytes
    randomness: bytes

    def to_bytes(self) -> bytes:
        """The canonical line that a device shows."""
        return canonical(
            {
                "format": _OPENED,
                "manifest": self.manifest,
                "pool": self.pool,
                "line": self.line,
                "serial": b64(self.serial),
                "version": self.version,
                "marks": b64(self.marks),
                "salt": b64(self.salt),
                "randomness": b64(self.randomness),
            }
        )

    @classmethod
    def read(cls, data: bytes) -> OpenedSlip:
        """The slip of a canonical line. Raises FormatError naming the field."""
        fields = Fields(parse_canonical(data))
        fields.constant("format", _OPENED)
        slip = cls(
            fields.fingerprint("manifest"),
            fields.identifier("pool"),
            fields.identifier("line"),
            fields.binary("serial", POINT_LENGTH),
            fields.whole("version", 1, MOST_VERSION),
            fields.binary("marks"),
            fields.binary("salt", SALT_LENGTH),
            fields.binary("randomness", RANDOMNESS_LENGTH),
        )
        fields.done()
        return slip

    def item(self, closing_key: bytes) -> bytes:
        """What the slip gives to the code, made anew from what is shown and the closing key of its place."""
        digest = bytes.fromhex(self.manifest)
        info = seal_info(digest, self.pool, self.line, self.serial, self.version)
        sealed = seal_with_randomness(self.randomness, closing_key, self.marks + self.salt, info)
        return seal_item(commitment_of(digest, self.serial, self.marks, self.salt), sha256(sealed))
