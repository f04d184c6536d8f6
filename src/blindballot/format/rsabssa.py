"""RSA blind signatures of RFC 9474, all four variants, on gmpy2 for the raw power and `cryptography` for the check.

The deterministic core (`blind_with`) takes its randomness as arguments, for the RFC's test vectors; use `blind`.
No partially blind signatures, no key generation (issuing.py).
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

import gmpy2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from blindballot.format.encoding import u32

EXPONENT = 65537
HASH_LENGTH = 48
PREFIX_LENGTH = 32


class BlindSignatureError(ValueError):
    """A step of RFC 9474 failed: a length, a range, or a signature that does not fit."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One of the RFC's four named variants (section 5): bytes of PSS salt, and whether a random prefix goes before."""

    name: str
    salt_length: int
    randomized: bool


RANDOMIZED = Variant("RSABSSA-SHA384-PSS-Randomized", 48, True)
RANDOMIZED_ZERO = Variant("RSABSSA-SHA384-PSSZERO-Randomized", 0, True)
DETERMINISTIC = Variant("RSABSSA-SHA384-PSS-Deterministic", 48, False)
DETERMINISTIC_ZERO = Variant("RSABSSA-SHA384-PSSZERO-Deterministic", 0, False)
VARIANTS = (RANDOMIZED, RANDOMIZED_ZERO, DETERMINISTIC, DETERMINISTIC_ZERO)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A modulus n and exponent e; loaded once into OpenSSL for verifying."""

    n: int
    e: int
    loaded: rsa.RSAPublicKey

    @classmethod
    def of(cls, n: int, e: int = EXPONENT) -> PublicKey:
        """The key with modulus `n`. Raises BlindSignatureError for an even or small modulus."""
        if n % 2 == 0:
            raise BlindSignatureError("not an RSA public key: the modulus is even")
        try:
            return cls(n, e, rsa.RSAPublicNumbers(e, n).public_key())
        except ValueError as error:
            raise BlindSignatureError("not an RSA public key") from error

    @property
    def length(self) -> int:
        """Bytes of the modulus."""
        return (self.n.bit_length() + 7) // 8


@dataclass(frozen=True, slots=True, repr=False)
class PrivateKey:
    """An RSA private key in CRT form (RFC 8017, section 3.2): p, q, dP, dQ, qInv beside the public key, as gmpy2 computes with."""

    public: PublicKey
    p: gmpy2.mpz
    q: gmpy2.mpz
    d_p: gmpy2.mpz
    d_q: gmpy2.mpz
    q_inv: gmpy2.mpz
    n: gmpy2.mpz

    @classmethod
    def of(cls, p: int, q: int, e: int = EXPONENT) -> PrivateKey:
        """The key of the primes `p` and `q`; they are taken on trust."""
        p, q = gmpy2.mpz(p), gmpy2.mpz(q)
        d = gmpy2.invert(e, (p - 1) * (q - 1))
        return cls(PublicKey.of(int(p * q), e), p, q, d % (p - 1), d % (q - 1), gmpy2.invert(q, p), p * q)


def prepare(message: bytes, variant: Variant = RANDOMIZED) -> tuple[bytes, bytes]:
    """`(prefix, prefix || message)`, section 4.1; the prefix is empty in the deterministic variants."""
    prefix = secrets.token_bytes(PREFIX_LENGTH) if variant.randomized else b""
    return prefix, prefix + message


def blind(key: PublicKey, prepared: bytes, variant: Variant = RANDOMIZED) -> tuple[bytes, int]:
    """`(blinded message, inverse of the blinding factor)` with fresh randomness, section 4.2."""
    while True:
        factor = secrets.randbelow(key.n - 1) + 1
        if gmpy2.gcd(factor, key.n) == 1:
            break
    inverse = int(gmpy2.invert(factor, key.n))
    return blind_with(key, prepared, secrets.token_bytes(variant.salt_length), inverse), inverse


def blind_with(key: PublicKey, prepared: bytes, salt: bytes, inverse: int) -> bytes:
    """The blinded message for a given PSS salt and inverse blinding factor: `z = m * r^e mod n`, section 4.2."""
    encoded = int.from_bytes(_encode_pss(prepared, key.n.bit_length() - 1, salt), "big")
    if gmpy2.gcd(encoded, key.n) != 1:
        raise BlindSignatureError("the message has a factor in common with the modulus")
    factor = gmpy2.invert(inverse, key.n)
    blinded = encoded * gmpy2.powmod(factor, key.e, key.n) % key.n
    return int(blinded).to_bytes(key.length, "big")


def blind_sign(key: PrivateKey, blinded: bytes) -> bytes:
    """`s = z^d mod n` by the Chinese remainder theorem in constant time, checked `s^e = z` before answering (section 4.3).

    Raises BlindSignatureError for another length, z outside [0, n), or a computing fault (which would betray the key).
    """
    z = _number(key.public, blinded)
    z_p, z_q = z % key.p, z % key.q
    s_p = gmpy2.powmod_sec(z_p, key.d_p, key.p) if z_p else 0
    s_q = gmpy2.powmod_sec(z_q, key.d_q, key.q) if z_q else 0
    s = s_q + key.q * ((s_p - s_q) * key.q_inv % key.p)
    if gmpy2.powmod(s, key.public.e, key.n) != z:
        raise BlindSignatureError("the signature does not fit its own key")
    signature: bytes = s.to_bytes(key.public.length, "big")
    return signature


def finalize(
    key: PublicKey, prepared: bytes, blind_signature: bytes, inverse: int, variant: Variant = RANDOMIZED
) -> bytes:
    """The signature `s * r^-1 mod n`, verified before it is returned (section 4.4); else BlindSignatureError."""
    unblinded = int(_number(key, blind_signature) * gmpy2.mpz(inverse) % key.n)
    signature = unblinded.to_bytes(key.length, "big")
    if not is_signed(key, prepared, signature, variant):
        raise BlindSignatureError("the issuer's answer is not a signature on the serial")
    return signature


def is_signed(key: PublicKey, prepared: bytes, signature: bytes, variant: Variant = RANDOMIZED) -> bool:
    """RSASSA-PSS-VERIFY with SHA-384, MGF1-SHA-384 and the variant's salt length (section 4.5)."""
    try:
        key.loaded.verify(signature, prepared, _PADDINGS[variant.salt_length], _SHA384)
    except InvalidSignature:
        return False
    return True


_SHA384 = hashes.SHA384()
_PADDINGS = {length: padding.PSS(padding.MGF1(_SHA384), length) for length in (0, 48)}


def _number(key: PublicKey, data: bytes) -> gmpy2.mpz:
    if len(data) != key.length:
        raise BlindSignatureError(f"{len(data)} bytes where the key wants {key.length}")
    number = gmpy2.mpz(int.from_bytes(data, "big"))
    if number >= key.n:
        raise BlindSignatureError("a number beyond the modulus")
    return number


def _encode_pss(message: bytes, bits: int, salt: bytes) -> bytes:
    """EMSA-PSS-ENCODE of RFC 8017, section 9.1.1, with SHA-384 and MGF1-SHA-384."""
    length = (bits + 7) // 8
    if length < HASH_LENGTH + len(salt) + 2:
        raise BlindSignatureError("the modulus is too short")
    digest = hashlib.sha384(bytes(8) + hashlib.sha384(message).digest() + salt).digest()
    block = bytes(length - len(salt) - HASH_LENGTH - 2) + b"\x01" + salt
    mask = _mgf1(digest, len(block))
    masked = bytearray(a ^ b for a, b in zip(block, mask, strict=True))
    masked[0] &= 0xFF >> (8 * length - bits)
    return bytes(masked) + digest + b"\xbc"


def _mgf1(seed: bytes, length: int) -> bytes:
    blocks = range(-(-length // HASH_LENGTH))
    return b"".join(hashlib.sha384(seed + u32(i)).digest() for i in blocks)[:length]
