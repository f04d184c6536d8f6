"""Codes that people copy by hand: 60 bits in three groups of four, and their keyed hash, which alone is kept.

The codes of paper slips have check letters and belong to blindballot, which knows nothing of this house.
"""

import hashlib
import hmac
import re
import secrets

from django.conf import settings

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O or U, which are read as figures or as words
LETTERS = 12
BITS = 5 * LETTERS  # nobody guesses 60 bits, and everybody can copy twelve letters


def fresh() -> str:
    """A random code in groups of four."""
    return spelled(secrets.randbits(BITS))


def spelled(number: int) -> str:
    """The code that stands for the lowest 60 bits of a number."""
    return grouped("".join(ALPHABET[number >> 5 * place & 31] for place in range(LETTERS)))


def grouped(letters: str) -> str:
    """The letters in groups of four, as they are printed and kept."""
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def plain(typed: str) -> str:
    """The letters of a typed code; lower case, blanks, dashes, and O I L for 0 1 1 are forgiven."""
    return re.sub(r"[^0-9A-Z]", "", typed.upper()).translate(str.maketrans("OIL", "011"))


def is_complete(letters: str) -> bool:
    """Whether plain letters can be such a code."""
    return len(letters) == LETTERS and set(letters) <= set(ALPHABET)


def digest(purpose: str, code: str) -> str:
    """HMAC-SHA-256 of a code, however it was typed, under the house's code key and bound to its purpose."""
    return likeness(purpose, plain(code))


def likeness(purpose: str, text: str) -> str:
    """HMAC-SHA-256 of a text as it is, under the same key: whether two are equal can be told, and nothing else without the key."""
    return hmac.new(settings.CODE_KEY.encode(), f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()
