"""How the box hides what it holds under the poll's key: keyed hashes for keys, AES-GCM for documents, all of one length."""

import hmac
import os
import struct
from hashlib import sha256

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

# The longest slip, with two tokens and ids of 64 letters, has 1,430 bytes; of one length all tell nothing of pool, line and version.
PADDED = 1536
NONCE = 12


class Sealer:
    """Hashes and seals under the 32 bytes of one poll's key file."""

    def __init__(self, key: bytes) -> None:
        both = HKDF(SHA256(), 64, None, b"zhengyou-box-1").derive(key)
        self._hashing, self._sealing = both[:32], AESGCM(both[32:])

    def name(self, kind: str, known: bytes) -> bytes:
        """The key of the row about something that is known to whoever asks, such as a slip's serial."""
        return hmac.new(self._hashing, kind.encode() + b"\0" + known, sha256).digest()

    def seal(self, name: bytes, document: bytes) -> bytes:
        """The document, padded, for the row of this key only. Raises ValueError if it is longer than any slip."""
        if len(document) > PADDED:
            raise ValueError(f"{len(document)} bytes are more than a slip has")
        nonce = os.urandom(NONCE)
        padded = struct.pack(">H", len(document)) + document.ljust(PADDED, b"\0")
        return nonce + self._sealing.encrypt(nonce, padded, name)

    def open(self, name: bytes, sealed: bytes) -> bytes:
        """The document of the row of this key. Raises InvalidTag for another row's, or one that was changed."""
        padded = self._sealing.decrypt(sealed[:NONCE], sealed[NONCE:], name)
        (length,) = struct.unpack(">H", padded[:2])
        return padded[2 : 2 + length]
