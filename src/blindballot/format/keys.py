"""Key material: serials, closing and scrutineers' keys on P-256, the platform's on Ed25519, written as PEM under a password.

The issuers' RSA keys are in issuing.py; public keys of a poll as a whole in keyring.py.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from blindballot.format.curve import ORDER
from blindballot.format.encoding import FormatError

# A point of P-256 is always written as 4, x, y: the one form that browsers import and export.
POINT_LENGTH = 65
UNCOMPRESSED = 4
SIGNATURE_LENGTH = 64

PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey

_CURVE = ec.SECP256R1()
_ECDSA = ec.ECDSA(hashes.SHA256())


class KeyFileError(ValueError):
    """A key file could not be opened: another password, another kind of key, or not a key at all."""


def generate_point_key() -> ec.EllipticCurvePrivateKey:
    """A fresh P-256 key: a closing key, or a serial."""
    return ec.generate_private_key(_CURVE)


def generate_acknowledgement_key() -> ed25519.Ed25519PrivateKey:
    """A fresh Ed25519 key, which signs acknowledgements and the record."""
    return ed25519.Ed25519PrivateKey.generate()


def point_bytes(key: ec.EllipticCurvePrivateKey | ec.EllipticCurvePublicKey) -> bytes:
    """The public point, uncompressed, 65 bytes."""
    public = key.public_key() if isinstance(key, ec.EllipticCurvePrivateKey) else key
    return public.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def load_point(data: bytes) -> ec.EllipticCurvePublicKey:
    """The key of an uncompressed P-256 point. Raises FormatError for another length or a point off the curve."""
    if len(data) != POINT_LENGTH or data[0] != UNCOMPRESSED:
        raise FormatError("not an uncompressed point of P-256")
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, data)
    except ValueError as error:
        raise FormatError("not a point of P-256") from error


def acknowledgement_bytes(key: ed25519.Ed25519PrivateKey) -> bytes:
    """The public half of an Ed25519 key, 32 bytes."""
    return key.public_key().public_bytes_raw()


def sign_with_point(key: ec.EllipticCurvePrivateKey, data: bytes) -> bytes:
    """ECDSA on P-256 with SHA-256 as `r || s`, 64 bytes (FIPS 186-5); of the two values that `s` can have the smaller one."""
    r, s = decode_dss_signature(key.sign(data, _ECDSA))
    return r.to_bytes(32, "big") + min(s, ORDER - s).to_bytes(32, "big")


def is_signed_by_point(key: ec.EllipticCurvePublicKey, signature: bytes, data: bytes) -> bool:
    """Whether the 64 bytes `r || s` sign `data` under the point, in the one form there is: a larger `s` is refused."""
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if not 0 < r < ORDER or not 0 < s <= ORDER // 2:
        return False
    der = encode_dss_signature(r, s)
    try:
        key.verify(der, data, _ECDSA)
    except InvalidSignature:
        return False
    return True


def is_signed_by_platform(public: bytes, signature: bytes, data: bytes) -> bool:
    """Whether `signature` is the Ed25519 signature of the acknowledgement key `public` on `data`."""
    try:
        ed25519.Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def key_to_pem(key: PrivateKey, password: bytes) -> bytes:
    """PKCS #8 PEM encrypted under a password that may not be empty."""
    if not password:
        raise ValueError("a key file needs a password")
    encryption = serialization.BestAvailableEncryption(password)
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)


def point_key_from_pem(pem: bytes, password: bytes) -> ec.EllipticCurvePrivateKey:
    """The P-256 key of `key_to_pem`; KeyFileError if it is none or the password another."""
    key = load_pem(pem, password)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise KeyFileError("not a P-256 key")
    return key


def acknowledgement_key_from_pem(pem: bytes, password: bytes) -> ed25519.Ed25519PrivateKey:
    """The Ed25519 key of `key_to_pem`; KeyFileError if it is none or the password another."""
    key = load_pem(pem, password)
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise KeyFileError("not an Ed25519 key")
    return key


def load_pem(pem: bytes, password: bytes, *, trusted: bool = False) -> object:
    """Any private key of an encrypted PEM file; KeyFileError if it cannot be opened. A `trusted` RSA key is not tried."""
    try:
        return serialization.load_pem_private_key(pem, password, unsafe_skip_rsa_key_validation=trusted)
    except (ValueError, TypeError) as error:
        raise KeyFileError("the key file cannot be opened with this password") from error
