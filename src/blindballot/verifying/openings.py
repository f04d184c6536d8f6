"""Opens a slip as the verifier does it: what is claimed of it must come out again, from a published key or a proved exchange.

Written anew beside the close, which it checks: the two share the format and its arithmetic only.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric import ec

from blindballot.format.curve import is_equal, read_point
from blindballot.format.encoding import FormatError, sha256
from blindballot.format.keys import POINT_LENGTH
from blindballot.format.lines import InvalidSlip, Opening
from blindballot.format.manifest import Manifest
from blindballot.format.sealing import open_with_exchange, open_with_key
from blindballot.format.slips import (
    SALT_LENGTH,
    BoardSlip,
    are_marks,
    commitment_of,
    decapsulation_context,
    seal_info,
    sealed_length,
)


def fault_of_marks(manifest: Manifest, slip: BoardSlip, marks: bytes, salt: bytes) -> str:
    """The reason why marks and salt make the slip invalid, or nothing."""
    if commitment_of(manifest.digest, slip.serial, marks, salt) != slip.commitment:
        return "other-commitment"
    return "" if are_marks(manifest, manifest.line_by_id[slip.line], marks) else "no-such-mark"


def is_sealed_of(manifest: Manifest, slip: BoardSlip, sealed: bytes) -> bool:
    """Whether these are the sealed bytes that the slip has the hash of, as long as those of its line are."""
    return len(sealed) == sealed_length(manifest.line_by_id[slip.line]) and sha256(sealed) == slip.sealed_hash


def open_published(manifest: Manifest, slip: BoardSlip, name: bytes, sealed: bytes, secret: int) -> Opening:
    """What the slip opens to with the published private key of its place."""
    key = ec.derive_private_key(secret, ec.SECP256R1())
    return _opening(manifest, slip, name, open_with_key(key, sealed, _info(manifest, slip)))


def check_claim(manifest: Manifest, slip: BoardSlip, claim: InvalidSlip, public: bytes) -> str:
    """The check that a claim of invalidity fails whose closing key `public` stays secret, or nothing."""
    if not is_sealed_of(manifest, slip, claim.sealed):
        return "other-sealed"
    if not _is_point(claim.sealed[:POINT_LENGTH]):
        if claim.point or claim.proof:
            return "bad-proof"
        return "" if claim.reason == "unreadable" else "false-invalid"
    context = decapsulation_context(manifest.digest, slip.pool, slip.line, claim.name)
    try:
        is_proved = is_equal(public, claim.sealed[:POINT_LENGTH], claim.point, context, claim.proof)
    except FormatError:
        is_proved = False
    if not is_proved:
        return "bad-proof"
    plain = open_with_exchange(claim.point, public, claim.sealed, _info(manifest, slip))
    opened = _opening(manifest, slip, claim.name, plain)
    return "" if opened.invalid == claim.reason else "false-invalid"


def _opening(manifest: Manifest, slip: BoardSlip, name: bytes, plain: bytes | None) -> Opening:
    if plain is None:
        return Opening(name, invalid="unreadable")
    marks, salt = plain[:-SALT_LENGTH], plain[-SALT_LENGTH:]
    fault = fault_of_marks(manifest, slip, marks, salt)
    return Opening(name, invalid=fault) if fault else Opening(name, marks, salt)


def _info(manifest: Manifest, slip: BoardSlip) -> bytes:
    return seal_info(manifest.digest, slip.pool, slip.line, slip.serial, slip.version)


def _is_point(data: bytes) -> bool:
    try:
        read_point(data)
    except FormatError:
        return False
    return True
