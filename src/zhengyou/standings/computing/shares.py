"""Shares with margins: exact intervals of a share (Clopper and Pearson 1934), to which Korn and Graubard's come down where every
answer weighs the same. Never "±", which runs below 0 and above 100.
"""

import math
from dataclasses import dataclass

LEVEL = 0.95


@dataclass(frozen=True)
class Share:
    """How many of how many, and between which whole per cents the share lies, rounded outward."""

    count: int
    of: int
    low: int
    high: int


def share(count: int, of: int, level: float = LEVEL) -> Share:
    """The share with its exact interval. `of` is at least 1 and `count` at most `of`."""
    if not 0 <= count <= of or of < 1:
        raise ValueError(f"{count} of {of} is no share")
    from scipy.special import betaincinv  # takes a tenth of a second, and few pages need it

    rest = (1 - level) / 2
    low = 0.0 if count == 0 else float(betaincinv(count, of - count + 1, rest))
    high = 1.0 if count == of else float(betaincinv(count + 1, of - count, 1 - rest))
    return Share(count, of, math.floor(100 * low), math.ceil(100 * high))
