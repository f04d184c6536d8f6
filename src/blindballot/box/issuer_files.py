"""The files that pass between the office and a second issuer: request, reply, opening (docs/ballots.md).

Reading and writing only: canonical JSON, every field asked for, signatures checked. What may be done with them is elsewhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ed25519

from blindballot.format.encoding import b64, canonical, fingerprint, parse_canonical
from blindballot.format.fields import Fields, Names
from blindballot.format.keyring import MODULUS_LENGTH, read_modulus
from blindballot.format.keys import acknowledgement_bytes
from blindballot.format.manifest import MOST_CRITERIA, SMALLEST_GROUP, Manifest, Pool
from blindballot.format.statements import check_signed, read_document, signed

REQUEST = "blindballot-issuer-request-1"
REPLY, OPENING = "blindballot-issuer-reply-1", "blindballot-issuer-opening-1"


@dataclass(frozen=True, slots=True)
class IssuerRequest:
    """What the office asks of a second issuer; `digest` names everything but the office's own address."""

    digest: str
    poll: str
    pool: str
    issuer: str
    name: Names
    title: Names
    opens_at: str
    closes_at: str
    size: int
    lines: tuple[dict[str, Any], ...]
    criteria: list[Any]
    origin: str

    @property
    def line_ids(self) -> list[str]:
        """The lines a key is wanted for, in order."""
        return [line["id"] for line in self.lines]

    @property
    def sheet(self) -> list[tuple[str, str, Any]]:
        """What each line asks, without the names that are shown."""
        return _sheet(self.lines)


@dataclass(frozen=True, slots=True)
class IssuerReply:
    """A second issuer's answer: its public keys by line, its statement key, the size of its roll."""

    request: str
    poll: str
    pool: str
    issuer: str
    origin: str
    size: int
    statement_key: bytes
    moduli: dict[str, bytes]


def read_request(data: bytes) -> IssuerRequest:
    """The request of a file. Raises FormatError."""
    document = _document(data)
    fields = Fields(document)
    fields.constant("format", REQUEST)
    request = IssuerRequest(
        digest=fingerprint(canonical({name: value for name, value in document.items() if name != "origin"})),
        poll=fields.text("poll", 36),
        pool=fields.identifier("pool"),
        issuer=fields.identifier("issuer"),
        name=fields.names("name"),
        title=fields.names("title"),
        opens_at=fields.instant("opens_at"),
        closes_at=fields.instant("closes_at"),
        size=fields.whole("size", SMALLEST_GROUP),
        lines=fields.items("lines", _read_line, 1, 100_000),
        criteria=list(fields.items("criteria", lambda item, _where: item, 0, MOST_CRITERIA)),
        origin=fields.text("origin", 300),
    )
    fields.take("pool_name")
    fields.done()
    return request


def write_reply(request: IssuerRequest, size: int, moduli: dict[str, bytes], key: ed25519.Ed25519PrivateKey) -> bytes:
    """The bytes of a reply, signed by the statement key it names."""
    return signed(
        {
            "format": REPLY,
            "request": request.digest,
            "poll": request.poll,
            "pool": request.pool,
            "issuer": request.issuer,
            "origin": request.origin,
            "size": size,
            "statement_key": b64(acknowledgement_bytes(key)),
            "keys": [{"line": line, "n": b64(modulus)} for line, modulus in moduli.items()],
        },
        key,
    )


def read_reply(data: bytes) -> IssuerReply:
    """The reply of a file, its signature checked against the key it names. Raises FormatError."""
    document = _document(data)
    fields = Fields(document)
    fields.constant("format", REPLY)
    reply = IssuerReply(
        request=fields.text("request", 64),
        poll=fields.text("poll", 36),
        pool=fields.identifier("pool"),
        issuer=fields.identifier("issuer"),
        origin=fields.text("origin", 300),
        size=fields.whole("size", 0),
        statement_key=fields.binary("statement_key", 32),
        moduli=dict(fields.items("keys", _read_key, 1, 100_000)),
    )
    check_signed(fields, document, reply.statement_key)
    return reply


def write_opening(manifest: str, key_documents: list[bytes]) -> bytes:
    """The bytes a second issuer opens a poll with: the frozen manifest and all its pools' key documents."""
    parsed = [parse_canonical(document) for document in key_documents]
    return canonical({"format": OPENING, "manifest": parse_canonical(manifest.encode()), "keys": parsed})


def read_opening(data: bytes) -> tuple[bytes, list[bytes]]:
    """Manifest and key documents of an opening file, as bytes. Raises FormatError; neither is checked further."""
    fields = Fields(_document(data))
    fields.constant("format", OPENING)
    manifest = canonical(fields.take("manifest"))
    documents = fields.items("keys", lambda item, _where: canonical(item), 1, 10_000)
    fields.done()
    return manifest, list(documents)


def sheet_of(manifest: Manifest, pool: Pool) -> list[tuple[str, str, Any]]:
    """What each line of a pool asks, to be compared with the `sheet` of the request."""
    marked = {line.id for line in manifest.lines_of(pool)}
    return _sheet(line for line in parse_canonical(manifest.data)["lines"] if line["id"] in marked)


def _sheet(lines: Iterable[dict[str, Any]]) -> list[tuple[str, str, Any]]:
    return [(line["id"], line["unit"], line.get("question", line.get("criteria"))) for line in lines]


def _document(data: bytes) -> dict[str, Any]:
    """Canonical JSON; a final line feed, which mail programs and editors add, is forgiven."""
    return read_document(data.rstrip(b"\r\n"))


def _read_line(value: Any, where: str) -> dict[str, Any]:
    fields = Fields(value, where)
    line = {"id": fields.identifier("id"), "unit": fields.text("unit"), "name": fields.names("name")}
    asked = "question" if fields.has("question") else "criteria"
    line[asked] = fields.take(asked)
    fields.done()
    return line


def _read_key(value: Any, where: str) -> tuple[str, bytes]:
    fields = Fields(value, where)
    line, key = fields.identifier("line"), read_modulus(fields.take("n"), f"{where}.n")
    fields.done()
    return line, key.n.to_bytes(MODULUS_LENGTH, "big")
