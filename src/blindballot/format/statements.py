"""Documents that name their own form and are signed: how they are signed, and the second issuer's count.

A signature covers the tag of the form and the hash of the canonical document without it (docs/ballots.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ed25519

from blindballot.format.encoding import FormatError, b64, canonical, parse_canonical, sha256, tag
from blindballot.format.fields import Fields
from blindballot.format.keys import SIGNATURE_LENGTH, is_signed_by_platform

STATEMENT = "blindballot-issuer-statement-1"
LARGEST_DOCUMENT = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class IssuerStatement:
    """A second issuer's signed count."""

    poll: str
    pool: str
    issuer: str
    manifest: str
    issued: int


def write_statement(statement: IssuerStatement, key: ed25519.Ed25519PrivateKey) -> bytes:
    """The bytes of a signed count."""
    document = {name: getattr(statement, name) for name in ("poll", "pool", "issuer", "manifest", "issued")}
    return signed({"format": STATEMENT, **document}, key)


def read_statement(data: bytes, statement_key: bytes) -> IssuerStatement:
    """The count of canonical bytes, its signature checked. Raises FormatError."""
    document = read_document(data)
    fields = Fields(document)
    fields.constant("format", STATEMENT)
    statement = IssuerStatement(
        poll=fields.text("poll", 36),
        pool=fields.identifier("pool"),
        issuer=fields.identifier("issuer"),
        manifest=fields.fingerprint("manifest"),
        issued=fields.whole("issued", 0),
    )
    check_signed(fields, document, statement_key)
    return statement


def read_document(data: bytes) -> dict[str, Any]:
    """The object of canonical bytes. Raises FormatError for anything else, or more than 8 MiB."""
    if len(data) > LARGEST_DOCUMENT:
        raise FormatError("too large")
    document = parse_canonical(data)
    if not isinstance(document, dict):
        raise FormatError("must be an object")
    return document


def signed(document: dict[str, Any], key: ed25519.Ed25519PrivateKey) -> bytes:
    """The canonical bytes of the document with its signature under an Ed25519 key."""
    return canonical(document | {"signature": b64(key.sign(signed_bytes(document)))})


def signed_bytes(document: dict[str, Any]) -> bytes:
    """What is signed of a document, which may have its signature already."""
    unsigned = {name: value for name, value in document.items() if name != "signature"}
    return tag(document["format"]) + sha256(canonical(unsigned))


def check_signed(fields: Fields, document: dict[str, Any], key: bytes) -> None:
    """Takes the signature, after which no field may be left. Raises FormatError if it is not of this Ed25519 key."""
    signature = fields.binary("signature", SIGNATURE_LENGTH)
    fields.done()
    if not is_signed_by_platform(key, signature, signed_bytes(document)):
        raise FormatError("signature: is not of the key that should have signed")
