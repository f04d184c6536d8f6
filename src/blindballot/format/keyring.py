"""The issuers' public keys of a poll: the key documents the manifest's `keys_root` stands for.

Private keys are elsewhere (issuing.py, keys.py).
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gmpy2

from blindballot.format.encoding import FormatError, b64, canonical, parse_canonical, unb64
from blindballot.format.fields import Fields
from blindballot.format.manifest import Manifest, Pool
from blindballot.format.merkle import inclusion_proof, is_included, merkle_root
from blindballot.format.rsabssa import BlindSignatureError, PublicKey, is_signed

# Bytes of an RSA-2048 modulus; a token is the prefix the voter chose (32 bytes) and the signature.
MODULUS_LENGTH = 256
TOKEN_LENGTH = 32 + MODULUS_LENGTH
SMALL_FACTOR = 1 << 16


class KeyringError(FormatError):
    """The key documents are not those of the manifest; the message names the pool and line."""


def key_document(pool: str, keys: Iterable[tuple[str, bytes, Sequence[int]]]) -> bytes:
    """A pool's key document: `(line, closing key, moduli)` by line as in the manifest; a modulus for each issuer of the pool."""
    listed = [
        {
            "line": line,
            "closing_key": b64(closing),
            "n": [b64(n.to_bytes(MODULUS_LENGTH, "big")) for n in moduli],
        }
        for line, closing, moduli in keys
    ]
    return canonical({"pool": pool, "keys": listed})


def keys_root(documents: Iterable[bytes]) -> bytes:
    """The RFC 9162 root over the pools' key documents in the manifest's order of pools."""
    return merkle_root(documents)


def keys_path(documents: list[bytes], index: int) -> list[bytes]:
    """The inclusion path by which a booth checks its own pool's document."""
    return inclusion_proof(documents, index)


def is_key_document_of(manifest: Manifest, pool: Pool, document: bytes, path: list[bytes]) -> bool:
    """Whether `path` shows the document to be the pool's under the manifest's `keys_root`."""
    index = manifest.pools.index(pool)
    return is_included(document, index, len(manifest.pools), path, manifest.keys_root)


@dataclass(frozen=True, slots=True)
class Keyring:
    """By (pool, line): the public keys of tokens, loaded once, one per issuer in the pool's order; the closing key, a point."""

    documents: tuple[bytes, ...]
    keys: Mapping[tuple[str, str], tuple[PublicKey, ...]]
    closing: Mapping[tuple[str, str], bytes]

    @classmethod
    def read(cls, manifest: Manifest, documents: Iterable[bytes]) -> Keyring:
        """The keys of the pools' documents, in the manifest's order.

        Raises KeyringError if the documents' root is not the manifest's, a document is not canonical, lists other lines
        than its pool marks or another number of issuers, or has a key that is weak, not RSA-2048, no point, or stands twice
        (tokens would count twice).
        """
        listed = tuple(documents)
        if keys_root(listed) != manifest.keys_root:
            raise KeyringError("the key documents are not those the manifest's keys_root stands for")
        keys: dict[tuple[str, str], tuple[PublicKey, ...]] = {}
        closing: dict[tuple[str, str], bytes] = {}
        for pool, document in zip(manifest.pools, listed, strict=True):
            for line, point, moduli in _read_document(manifest, pool, document):
                keys[pool.id, line], closing[pool.id, line] = moduli, point
        listed_moduli = [key.n for group in keys.values() for key in group]
        if len(set(listed_moduli)) != len(listed_moduli) or len(set(closing.values())) != len(closing):
            raise KeyringError("one key serves two lines, pools or issuers")
        return cls(listed, keys, closing)

    @classmethod
    def read_file(cls, manifest: Manifest, data: bytes) -> Keyring:
        """The keys of the record's `keys.json`, a canonical list of the documents. Raises KeyringError."""
        try:
            listed = parse_canonical(data)
        except FormatError as error:
            raise KeyringError(str(error)) from error
        if not isinstance(listed, list) or len(listed) != len(manifest.pools):
            raise KeyringError("must be a list of one document for each pool")
        return cls.read(manifest, [canonical(document) for document in listed])

    def file(self) -> bytes:
        """The bytes of `keys.json`."""
        return canonical([parse_canonical(document) for document in self.documents])


def is_token(key: PublicKey, serial: bytes, token: bytes) -> bool:
    """Whether `token = prefix || signature` is the key's signature on the serial (RFC 9474, section 4.5, randomized)."""
    return is_signed(key, token[:32] + serial, token[32:])


def _read_document(
    manifest: Manifest, pool: Pool, document: bytes
) -> tuple[tuple[str, bytes, tuple[PublicKey, ...]], ...]:
    wanted = [line.id for line in manifest.lines_of(pool)]
    issuers = len(pool.issuers)
    try:
        fields = Fields(parse_canonical(document), f"keys of {pool.id}")
        fields.constant("pool", pool.id)
        listed = fields.items("keys", lambda item, where: _read_keys(item, where, issuers), len(wanted), len(wanted))
        fields.done()
    except FormatError as error:
        raise KeyringError(str(error)) from error
    if [line for line, _, _ in listed] != wanted:
        raise KeyringError(f"keys of {pool.id}: other lines or another order than the manifest's")
    return listed


def _read_keys(value: Any, where: str, issuers: int) -> tuple[str, bytes, tuple[PublicKey, ...]]:
    fields = Fields(value, where)
    read = fields.identifier("line"), fields.point("closing_key"), fields.items("n", read_modulus, issuers, issuers)
    fields.done()
    return read


def read_modulus(value: object, where: str) -> PublicKey:
    """The key of a modulus in base64url. Raises FormatError unless it has 2048 bits and no small factor."""
    try:
        modulus = int.from_bytes(unb64(value, MODULUS_LENGTH), "big")
    except FormatError as error:
        raise FormatError(f"{where}: {error}") from error
    if modulus.bit_length() != 8 * MODULUS_LENGTH:
        raise FormatError(f"{where}: must be a modulus of 2048 bits")
    if math.gcd(modulus, _small_primes()) != 1:
        raise FormatError(f"{where}: must be a modulus without a factor below 2^16")
    try:
        return PublicKey.of(modulus)
    except BlindSignatureError as error:
        raise FormatError(f"{where}: must be an odd modulus of 2048 bits") from error


@functools.cache
def _small_primes() -> int:
    """The product of all primes below 2^16."""
    sieve = bytearray([1]) * SMALL_FACTOR
    for number in range(2, math.isqrt(SMALL_FACTOR) + 1):
        if sieve[number]:
            sieve[number * number :: number] = bytes(len(range(number * number, SMALL_FACTOR, number)))
    return math.prod(number for number in range(2, SMALL_FACTOR) if sieve[number])


def weak_moduli(keys: Keyring) -> list[tuple[str, str]]:
    """The places with a modulus that is prime or has a factor in common with another one: their tokens could be forged.

    Slow (each modulus is tried for primality), so it is done when keys are made and where somebody asks for it. The common
    factors are found by one product of all moduli (Bernstein 2005, batch gcd without the trees).
    """
    moduli = [(place, key.n) for place, group in keys.keys.items() for key in group]
    whole = math.prod(n for _, n in moduli)
    return [place for place, n in moduli if gmpy2.is_prime(n) or math.gcd(whole // n, n) != 1]
