"""What the box does with what arrives: reads request bodies, checks a slip, acknowledges it. It opens nothing.

A refusal carries a reason for the page to put into words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ed25519

from blindballot.format.encoding import FormatError, b64, canonical, parse_json, sha256
from blindballot.format.fields import Fields
from blindballot.format.keyring import MODULUS_LENGTH, Keyring, is_token
from blindballot.format.keys import is_signed_by_platform, is_signed_by_point, load_point
from blindballot.format.manifest import Manifest
from blindballot.format.slips import Slip, acknowledgement_of, sealed_length

# Bytes of a request: a head, and for each line a serial, two tokens and a sealed mark in base64. More is no ballot.
BODY_HEAD = 4096
BODY_PER_LINE = 2048
LONGEST_CODE = 200

REASONS = (
    "malformed",
    "too-large",
    "wrong-manifest",
    "unknown-pool",
    "unknown-line",
    "wrong-lines",
    "wrong-issuers",
    "forged-token",
    "forged-signature",
)


class SlipRefused(ValueError):
    """The request or slip is refused; `reason` is one of REASONS, `detail` says more for a log-free developer's eye."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class IssueRequest:
    """What an identified person asks to have signed: a blinded serial for every line of the sheet."""

    code: str
    blinded: dict[str, bytes]

    @property
    def digest(self) -> bytes:
        """What recognises the same request sent again."""
        return sha256(canonical({line: b64(serial) for line, serial in self.blinded.items()}))


def read_issue_request(manifest: Manifest, data: bytes) -> IssueRequest:
    """The request to issue tokens. Raises SlipRefused: malformed, too-large, wrong-manifest, wrong-lines.

    Whose code it is, and so which lines are wanted, is not known yet: `check_lines` asks.
    """
    fields = _read_body(manifest, data)
    try:
        code = fields.text("code", LONGEST_CODE)
        listed = Fields(fields.take("blinded"), "blinded")
        fields.done()
        blinded = {line.id: listed.binary(line.id, MODULUS_LENGTH) for line in manifest.lines if listed.has(line.id)}
        listed.done()
    except FormatError as error:
        raise SlipRefused("malformed", str(error)) from error
    return IssueRequest(code, blinded)


def check_lines(manifest: Manifest, pool: str, request: IssueRequest) -> None:
    """Nothing if the request has a serial for each line that the pool marks and for no other, else SlipRefused, wrong-lines."""
    if list(request.blinded) != [line.id for line in manifest.lines_of(manifest.pool_by_id[pool])]:
        raise SlipRefused("wrong-lines", "a serial for every line of the pool is wanted")


def read_cast_request(manifest: Manifest, data: bytes) -> tuple[Slip, ...]:
    """The slips of a cast request, not yet checked. Raises SlipRefused: malformed, too-large, wrong-manifest."""
    fields = _read_body(manifest, data)
    try:
        slips = fields.items("slips", Slip.from_json, 1, len(manifest.lines))
        fields.done()
    except FormatError as error:
        raise SlipRefused("malformed", str(error)) from error
    return slips


def check_slip(manifest: Manifest, keys: Keyring, slip: Slip) -> None:
    """Nothing if the slip may enter the box, else SlipRefused. Neither its marks nor other slips are looked at.

    Reasons: unknown-pool, unknown-line, wrong-issuers (another number of tokens than the pool has issuers), malformed (a
    length that is not this line's, a serial off the curve), forged-token (also of another pool or line), forged-signature.
    """
    pool = manifest.pool_by_id.get(slip.pool)
    line = manifest.line_by_id.get(slip.line)
    if pool is None:
        raise SlipRefused("unknown-pool", slip.pool)
    if line is None or (pool.id, line.id) not in keys.keys:
        raise SlipRefused("unknown-line", slip.line)
    if len(slip.tokens) != len(pool.issuers):
        raise SlipRefused("wrong-issuers", f"{len(slip.tokens)} tokens for {len(pool.issuers)} issuers")
    if len(slip.sealed) != sealed_length(line):
        raise SlipRefused("malformed", f"{len(slip.sealed)} sealed bytes")
    try:
        serial = load_point(slip.serial)
    except FormatError as error:
        raise SlipRefused("malformed", str(error)) from error
    for key, token in zip(keys.keys[pool.id, line.id], slip.tokens, strict=True):
        if not is_token(key, slip.serial, token):
            raise SlipRefused("forged-token")
    if not is_signed_by_point(serial, slip.signature, slip.body(manifest.digest)):
        raise SlipRefused("forged-signature")


def acknowledge(private_key: ed25519.Ed25519PrivateKey, digest: bytes, slip: Slip) -> bytes:
    """The box's Ed25519 signature, 64 bytes, that it holds this slip; `digest` is the manifest's."""
    return private_key.sign(acknowledgement_message(digest, slip))


def is_acknowledgement(manifest: Manifest, slip: Slip, acknowledgement: bytes) -> bool:
    """Whether the box of this manifest acknowledged the slip."""
    message = acknowledgement_message(manifest.digest, slip)
    return is_signed_by_platform(manifest.acknowledgement_key, acknowledgement, message)


def acknowledgement_message(digest: bytes, slip: Slip) -> bytes:
    """The bytes an acknowledgement signs."""
    return acknowledgement_of(digest, slip.name(digest))


def _read_body(manifest: Manifest, data: bytes) -> Fields:
    if len(data) > BODY_HEAD + BODY_PER_LINE * len(manifest.lines):
        raise SlipRefused("too-large", f"{len(data)} bytes")
    try:
        document: Any = parse_json(data)
        fields = Fields(document)
        named = fields.take("manifest")
    except FormatError as error:
        raise SlipRefused("malformed", str(error)) from error
    if named != manifest.fingerprint:
        raise SlipRefused("wrong-manifest")
    return fields
