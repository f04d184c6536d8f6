"""Sealed marks: HPKE as everybody uses it, opened with a private key or with the result of the exchange alone; keys from a seed.

The library opens with keys only. Whoever shows that a slip cannot be opened, and keeps the key, hands out the exchange's result: the
rest of RFC 9180 is here for that.
"""

from __future__ import annotations

import hmac
import itertools

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from blindballot.format.curve import ORDER, multiply, read_point, write_point
from blindballot.format.encoding import FormatError, lp, tag
from blindballot.format.keys import POINT_LENGTH, load_point, point_bytes

SUITE = hpke.Suite(hpke.KEM.P256, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_128_GCM)
SEED_LENGTH = 32

_KEM = b"KEM\x00\x10"
_HPKE = b"HPKE\x00\x10\x00\x01\x00\x01"
_CLOSING = tag("blindballot-closing-1")


def closing_key(seed: bytes, pool: str, line: str) -> ec.EllipticCurvePrivateKey:
    """The private closing key of a place, which follows from the poll's seed of 32 bytes (RFC 9180, 7.1.3, after HKDF)."""
    info = _CLOSING + lp(pool.encode("ascii")) + lp(line.encode("ascii"))
    return derive_key(HKDF(hashes.SHA256(), 32, None, info).derive(seed))


def derive_key(material: bytes) -> ec.EllipticCurvePrivateKey:
    """The private key that follows from random bytes: DeriveKeyPair of RFC 9180, 7.1.3, for DHKEM(P-256, HKDF-SHA256)."""
    root = _extract(_KEM, b"", b"dkp_prk", material)
    for counter in range(256):
        number = int.from_bytes(_expand(_KEM, root, b"candidate", bytes([counter]), 32), "big")
        if 0 < number < ORDER:
            return ec.derive_private_key(number, ec.SECP256R1())
    raise ValueError("no key follows from these bytes")


def seal_to_point(public: bytes, plain: bytes, info: bytes) -> bytes:
    """`plain` sealed to a point, under `info`. Raises FormatError for what is no point."""
    return SUITE.encrypt(plain, load_point(public), info)


def open_with_key(key: ec.EllipticCurvePrivateKey, sealed: bytes, info: bytes) -> bytes | None:
    """What was sealed to the key under `info`, or None if it does not open."""
    try:
        return SUITE.decrypt(sealed, key, info)
    except (InvalidTag, ValueError):
        return None


def exchange(secret: int, sealed: bytes) -> bytes | None:
    """The point that the private number and the sealed bytes' own point make together; None if that is no point."""
    try:
        made = multiply(secret, read_point(sealed[:POINT_LENGTH]))
    except FormatError:
        return None
    return write_point(made) if made else None


def open_with_exchange(exchanged: bytes, public: bytes, sealed: bytes, info: bytes) -> bytes | None:
    """What was sealed to `public`, from the exchange's result (RFC 9180, sections 4.1 and 5.1, base mode), or None."""
    encapsulated, ciphertext = sealed[:POINT_LENGTH], sealed[POINT_LENGTH:]
    key, nonce = _schedule(exchanged, encapsulated, public, info)
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, b"")
    except (InvalidTag, ValueError):
        return None


def seal_with_randomness(material: bytes, public: bytes, plain: bytes, info: bytes) -> bytes:
    """What `plain` sealed to `public` is if the one-time key follows from these random bytes: for who shows how a seal was made.

    Raises FormatError if `public` is no point.
    """
    own = derive_key(material)
    encapsulated = point_bytes(own)
    made = multiply(own.private_numbers().private_value, read_point(public))
    if made is None:
        raise FormatError("no point")
    key, nonce = _schedule(write_point(made), encapsulated, public, info)
    return encapsulated + AESGCM(key).encrypt(nonce, plain, b"")


def _schedule(exchanged: bytes, encapsulated: bytes, public: bytes, info: bytes) -> tuple[bytes, bytes]:
    """Key and nonce of AES-GCM that follow from the exchange's result."""
    root = _extract(_KEM, b"", b"eae_prk", exchanged[1:33])
    shared = _expand(_KEM, root, b"shared_secret", encapsulated + public, 32)
    context = b"\x00" + _extract(_HPKE, b"", b"psk_id_hash", b"") + _extract(_HPKE, b"", b"info_hash", info)
    secret = _extract(_HPKE, shared, b"secret", b"")
    return _expand(_HPKE, secret, b"key", context, 16), _expand(_HPKE, secret, b"base_nonce", context, 12)


def _extract(suite: bytes, salt: bytes, label: bytes, material: bytes) -> bytes:
    """LabeledExtract of RFC 9180, section 4."""
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + material, "sha256")


def _expand(suite: bytes, key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    """LabeledExpand of RFC 9180, section 4: HKDF-Expand of RFC 5869, section 2.3, with what is expanded spelled out."""
    spelled = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    block, made = b"", b""
    for counter in itertools.count(1):
        block = hmac.digest(key, block + spelled + bytes([counter]), "sha256")
        made += block
        if len(made) >= length:
            break
    return made[:length]
