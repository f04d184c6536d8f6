"""What scrutineers sign about a record: that they saw it, that they recounted lines of it, or that it does not fit.

Such a statement is no part of the record, whose head is signed before them; it names the head instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from blindballot.format.encoding import FormatError, b64, canonical, unb64
from blindballot.format.fields import Fields, read_text
from blindballot.format.keys import SIGNATURE_LENGTH, is_signed_by_point, load_point, sign_with_point
from blindballot.format.manifest import Manifest
from blindballot.format.record import Place
from blindballot.format.statements import read_document, signed_bytes

FORMAT = "blindballot-cosignature-1"
SEEN, CHECKED, DISAGREES = KINDS = ("seen", "checked", "disagrees")
# Bytes: room for the places of a large poll.
LONGEST_COSIGNATURE = 1_000_000


@dataclass(frozen=True, slots=True)
class Cosignature:
    """One scrutineer's word on the record whose head has this fingerprint.

    `lines` are the places recounted, `invalid` the names of slips found invalid there where the record names none.
    """

    record: str
    scrutineer: str
    kind: str
    lines: tuple[Place, ...] = ()
    invalid: tuple[bytes, ...] = ()
    remark: str = ""

    def to_json(self) -> dict[str, Any]:
        """The document before it is signed."""
        return {
            "format": FORMAT,
            "record": self.record,
            "scrutineer": self.scrutineer,
            "kind": self.kind,
            "lines": [{"pool": pool, "line": line} for pool, line in self.lines],
            "invalid": [b64(name) for name in self.invalid],
            "remark": self.remark,
        }


def cosign(said: Cosignature, key: ec.EllipticCurvePrivateKey) -> bytes:
    """The line, without its line feed, that the scrutineer's signing key signs."""
    document = said.to_json()
    return canonical(document | {"signature": b64(sign_with_point(key, signed_bytes(document)))})


def read_cosignature(manifest: Manifest, record: str, line: bytes) -> Cosignature:
    """The statement of a line without its line feed. Raises FormatError if it is of another record, or not signed by its scrutineer."""
    document = read_document(line)
    fields = Fields(document)
    fields.constant("format", FORMAT)
    fields.constant("record", record)
    scrutineer = manifest.scrutineer_by_id.get(fields.identifier("scrutineer"))
    if scrutineer is None:
        raise FormatError("scrutineer: is not a scrutineer of the manifest")
    kind = fields.text("kind")
    lines = fields.items("lines", _read_place, 0, len(manifest.places))
    invalid = fields.items("invalid", lambda item, _where: unb64(item, 32), 0, LONGEST_COSIGNATURE)
    remark = fields.take("remark")
    remark = read_text(remark, "remark") if remark != "" else ""
    signature = fields.binary("signature", SIGNATURE_LENGTH)
    fields.done()
    said = Cosignature(record, scrutineer.id, kind, lines, invalid, remark)
    _check(manifest, said)
    if not is_signed_by_point(load_point(scrutineer.signing_key), signature, signed_bytes(document)):
        raise FormatError("signature: is not of this scrutineer's signing key")
    return said


def cosignature_lines(path: Path) -> Iterator[bytes]:
    """The lines of the file with their line feeds; none if there is no file. A line too long to be meant comes in pieces."""
    if path.exists():
        with path.open("rb") as file:
            while line := file.readline(LONGEST_COSIGNATURE):
                yield line


def _check(manifest: Manifest, said: Cosignature) -> None:
    order = {place: index for index, place in enumerate(manifest.places)}
    places = [order.get(place, -1) for place in said.lines]
    if said.kind not in KINDS:
        raise FormatError(f"kind: must be one of {', '.join(KINDS)}")
    if (said.lines or said.invalid) and said.kind != CHECKED:
        raise FormatError("lines: are for what was checked")
    if -1 in places or places != sorted(set(places)):
        raise FormatError("lines: must be places of the manifest, in its order")
    if list(said.invalid) != sorted(set(said.invalid)):
        raise FormatError("invalid: must be in the order of names")
    if said.kind == DISAGREES and not said.remark:
        raise FormatError("remark: must say what does not fit")


def _read_place(value: object, where: str) -> Place:
    fields = Fields(value, where)
    place = fields.identifier("pool"), fields.identifier("line")
    fields.done()
    return place
