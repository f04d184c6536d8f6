"""The issuer: makes RSA-2048 keys, keeps them under a password, signs blinded serials.

The key signs what it is given. Who may have a token, and that each gets one, is checked by the room that calls it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import rsa

from blindballot.format.encoding import b64
from blindballot.format.keys import KeyFileError, key_to_pem, load_pem
from blindballot.format.rsabssa import EXPONENT, PrivateKey, PublicKey, blind_sign

# A key lives for one poll, and a token forged after it is worth nothing. Larger keys would cost phones and server several times
# as much.
BITS = 2048


@dataclass(frozen=True, slots=True, repr=False)
class IssuerKey:
    """The key of one sheet, pool, line and issuer. `loaded` is for writing it out; signing uses the CRT numbers."""

    private: PrivateKey
    loaded: rsa.RSAPrivateKey

    @classmethod
    def generate(cls) -> IssuerKey:
        """A fresh RSA-2048 key; about 0.16 s."""
        return cls._of(rsa.generate_private_key(EXPONENT, BITS))

    @classmethod
    def from_pem(cls, pem: bytes, password: bytes) -> IssuerKey:
        """The key of `to_pem`. Raises KeyFileError for another password, a damaged file or another kind of key."""
        # Trying the primes again would take a hundred times as long; a damaged key fails at its first signature's own check.
        loaded = load_pem(pem, password, trusted=True)
        if not isinstance(loaded, rsa.RSAPrivateKey) or loaded.key_size != BITS:
            raise KeyFileError("not an RSA-2048 key")
        if loaded.public_key().public_numbers().e != EXPONENT:
            raise KeyFileError("not a key with the exponent 65537")
        return cls._of(loaded)

    @classmethod
    def _of(cls, loaded: rsa.RSAPrivateKey) -> IssuerKey:
        numbers = loaded.private_numbers()
        return cls(PrivateKey.of(numbers.p, numbers.q), loaded)

    @property
    def public(self) -> PublicKey:
        """The public half."""
        return self.private.public

    @property
    def n(self) -> int:
        """The modulus, which the pool's key document lists."""
        return self.private.public.n

    def to_pem(self, password: bytes) -> bytes:
        """PKCS #8 PEM encrypted under a password that may not be empty."""
        return key_to_pem(self.loaded, password)

    def sign_blinded(self, blinded: bytes) -> bytes:
        """The blind signature on 256 bytes; a retry gets the same. Raises BlindSignatureError if out of range."""
        return blind_sign(self.private, blinded)


def sign_all(signing: Mapping[str, IssuerKey], blinded: Mapping[str, bytes]) -> dict[str, str]:
    """The blind signature of each line's key on that line's serial, as Base64url. Raises BlindSignatureError."""
    return {line: b64(signing[line].sign_blinded(serial)) for line, serial in blinded.items()}
