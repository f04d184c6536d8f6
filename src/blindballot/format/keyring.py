"""The issuers' public keys of a poll: the key documents the manifest's `keys_root` stands for.

Private keys are elsewhere (issuing.py, keys.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from blindballot.format.encoding import FormatError, b64, canonical, parse_canonical
from blindballot.format.fields import Fields
from blindballot.format.manifest import Manifest, Pool
from blindballot.format.merkle import inclusion_proof, is_included, merkle_root
from blindballot.format.rsabssa import BlindSignatureError, PublicKey, is_signed

# Bytes of an RSA-2048 modulus; a token is the prefix the voter chose (32 bytes) and the signature.
MODULUS_LENGTH = 256
TOKEN_LENGTH = 32 + MODULUS_LENGTH


class KeyringError(FormatError):
    """The key documents are not those of the manifest; the message names the pool and line."""


def key_document(pool: str, keys: Iterable[tuple[str, str, int]]) -> bytes:
    """A pool's key document: `(line, issuer, modulus)` by line as in the manifest, then by issuer as in the pool."""
    listed = [{"line": line, "issuer": issuer, "n": b64(n.to_bytes(MODULUS_LENGTH, "big"))} for line, issuer, n in keys]
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
    """The public keys of tokens, loaded once: one per issuer of the pool, in the pool's order, by (pool, line)."""

    documents: tuple[bytes, ...]
    keys: Mapping[tuple[str, str], tuple[PublicKey, ...]]

    @classmethod
    def read(cls, manifest: Manifest, documents: Iterable[bytes]) -> Keyring:
        """The keys of the pools' documents, in the manifest's order.

        Raises KeyringError if the documents' root is not the manifest's, a document is not canonical, lists other lines
        or issuers than the manifest, or has a key that is not RSA-2048 or is used twice (its tokens would count twice).
        """
        listed = tuple(documents)
        if keys_root(listed) != manifest.keys_root:
            raise KeyringError("the key documents are not those the manifest's keys_root stands for")
        keys: dict[tuple[str, str], tuple[PublicKey, ...]] = {}
        for pool, document in zip(manifest.pools, listed, strict=True):
            keys.update(_read_document(manifest, pool, document))
        moduli = [key.n for group in keys.values() for key in group]
        if len(set(moduli)) != len(moduli):
            raise KeyringError("one key serves two lines, pools or issuers")
        return cls(listed, keys)

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


def _read_document(manifest: Manifest, pool: Pool, document: bytes) -> dict[tuple[str, str], tuple[PublicKey, ...]]:
    wanted = [(line.id, issuer) for line in manifest.lines for issuer in pool.issuers]
    try:
        fields = Fields(parse_canonical(document), f"keys of {pool.id}")
        fields.constant("pool", pool.id)
        listed = fields.items("keys", _read_key, len(wanted), len(wanted))
        fields.done()
    except FormatError as error:
        raise KeyringError(str(error)) from error
    if [(line, issuer) for line, issuer, _ in listed] != wanted:
        raise KeyringError(f"keys of {pool.id}: other lines, issuers or another order than the manifest's")
    grouped: dict[tuple[str, str], tuple[PublicKey, ...]] = {}
    for line, _, key in listed:
        grouped[pool.id, line] = (*grouped.get((pool.id, line), ()), key)
    return grouped


def _read_key(value: Any, where: str) -> tuple[str, str, PublicKey]:
    fields = Fields(value, where)
    line, issuer = fields.identifier("line"), fields.identifier("issuer")
    modulus = int.from_bytes(fields.binary("n", MODULUS_LENGTH), "big")
    fields.done()
    if modulus.bit_length() != 8 * MODULUS_LENGTH:
        raise FormatError(f"{where}.n: must be a modulus of 2048 bits")
    try:
        return line, issuer, PublicKey.of(modulus)
    except BlindSignatureError as error:
        raise FormatError(f"{where}.n: must be an odd modulus of 2048 bits") from error
