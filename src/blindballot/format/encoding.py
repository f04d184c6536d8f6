"""How bytes and JSON are written: base64url, length prefixes, tags, canonical JSON, fingerprints.

Everything here is exact: what is read is accepted only in the one form in which it would be written.
"""

from __future__ import annotations

import binascii
import hashlib
import json
import re
from typing import Any, NoReturn

import rfc8785

FINGERPRINT = re.compile(r"[0-9a-f]{64}")
IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
# Written out, since \d stands for the digits of every script; all years have four digits, so that instants compare as texts.
INSTANT = re.compile(r"2[0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z")

_TO_URL = bytes.maketrans(b"+/", b"-_")
_FROM_URL = bytes.maketrans(b"-_", b"+/")


class FormatError(ValueError):
    """What was read is not in the form docs/ballots.md asks for; the message says where and why."""


def sha256(data: bytes) -> bytes:
    """SHA-256 of `data`, 32 bytes."""
    return hashlib.sha256(data).digest()


def fingerprint(data: bytes) -> str:
    """Lower-case hexadecimal SHA-256 of a document's bytes."""
    return hashlib.sha256(data).hexdigest()


def b64(data: bytes) -> str:
    """Base64url without padding (RFC 4648, section 5)."""
    return binascii.b2a_base64(data, newline=False).rstrip(b"=").translate(_TO_URL).decode("ascii")


def unb64(text: object, length: int | None = None) -> bytes:
    """The bytes of `b64` text. Raises FormatError for another alphabet, padding, stray bits or another length."""
    if not isinstance(text, str) or not text.isascii() or "+" in text or "/" in text or "=" in text:
        raise FormatError("not base64url text without padding")
    try:
        padded = text.encode("ascii").translate(_FROM_URL) + b"=" * (-len(text) % 4)
        data = binascii.a2b_base64(padded, strict_mode=True)
    except binascii.Error as error:
        raise FormatError("not base64url text without padding") from error
    if b64(data) != text:
        raise FormatError("base64url text with stray bits")
    if length is not None and len(data) != length:
        raise FormatError(f"{len(data)} bytes where {length} are wanted")
    return data


def lp(data: bytes) -> bytes:
    """`u16(length) || data`; at most 65,535 bytes."""
    return len(data).to_bytes(2, "big") + data


def u8(number: int) -> bytes:
    """One unsigned byte."""
    return number.to_bytes(1, "big")


def u32(number: int) -> bytes:
    """Four bytes, unsigned, big-endian."""
    return number.to_bytes(4, "big")


def tag(text: str) -> bytes:
    """The ASCII text and one zero byte: keeps one kind of hashed or signed bytes apart from every other."""
    return text.encode("ascii") + b"\0"


def canonical(document: Any) -> bytes:
    """Canonical JSON (RFC 8785) of `document`, without a final line feed."""
    return rfc8785.dumps(document)


def parse_json(data: bytes) -> Any:
    """JSON in UTF-8, any layout. Raises FormatError, also for a name given twice, NaN, and nesting past all sense."""
    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=_once, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise FormatError("not JSON in UTF-8") from error


def parse_canonical(data: bytes) -> Any:
    """JSON that is byte for byte its own canonical form (RFC 8785); else FormatError."""
    document = parse_json(data)
    try:
        own_form = canonical(document)
    except (rfc8785.CanonicalizationError, ValueError, RecursionError) as error:
        raise FormatError("JSON without a canonical form") from error
    if own_form != data:
        raise FormatError("not its own canonical form")
    return document


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise FormatError("a name is given twice")
    return document


def _refuse_constant(text: str) -> NoReturn:
    raise FormatError(f"{text} is not a JSON number")
