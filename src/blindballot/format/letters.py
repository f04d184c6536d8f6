"""Codes that people type: Crockford's 32 letters, and check letters that find every single wrong letter and every swapped pair.

What a code means is not known here: keys of printed slips, numbers of sheets and seal codes are all written so.
"""

from __future__ import annotations

import secrets
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# What people write for letters that the alphabet leaves out.
_LOOKALIKES = str.maketrans("OIL", "011")
# x^5 + x^2 + 1, which GF(32) is made with.
_REDUCTION = 0b100101


class CodeError(ValueError):
    """The text is no code: `reason` is `length`, `check` (a letter is wrong) or `round` (a code of another poll)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def fresh_letters(count: int) -> str:
    """That many random letters, five bits each."""
    return "".join(secrets.choice(ALPHABET) for _place in range(count))


def first_letters(data: bytes, count: int) -> str:
    """The first bits of `data` as that many letters, five bits each."""
    bits = int.from_bytes(data, "big") >> 8 * len(data) - 5 * count
    return "".join(ALPHABET[bits >> 5 * place & 31] for place in reversed(range(count)))


def with_check(letters: str, checks: int) -> str:
    """The letters followed by one or two check letters: sums over GF(32), reduced by x^5 + x^2 + 1."""
    return letters + "".join(ALPHABET[_check(letters, power)] for power in range(1, checks + 1))


def in_groups(letters: str) -> str:
    """The letters in groups of four, as they are printed."""
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def read_letters(text: str, count: int, checks: int) -> str:
    """The `count` letters of a typed code, forgiving case, width, spaces, dashes and O I L for 0 1 1. Raises CodeError."""
    folded = unicodedata.normalize("NFKC", text).upper()
    letters = "".join(letter for letter in folded if letter.isalnum()).translate(_LOOKALIKES)
    if len(letters) != count + checks or not set(letters) <= set(ALPHABET):
        raise CodeError("length")
    if with_check(letters[:count], checks) != letters:
        raise CodeError("check")
    return letters[:count]


def _check(letters: str, power: int) -> int:
    total = 0
    for letter in letters:
        total ^= ALPHABET.index(letter)
        for _step in range(power):
            total = total << 1 ^ (_REDUCTION if total & 16 else 0)
    return total
