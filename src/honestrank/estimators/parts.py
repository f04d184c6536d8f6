"""Unit scores put together from parts: several slips of one voter that nobody can join, or several criteria.

Which parts make a unit, and their weights, is the caller's rule; nothing is renormalised when a part is missing.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from honestrank.sums import PartSums
from honestrank.words.wording import InputError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class PartScores:
    """Per unit: score, upper bound of its standard error, and the number of ballots in its smallest part."""

    score: Floats
    standard_error: Floats
    n: Integers


def join_parts(weights: ArrayLike, means: ArrayLike, standard_errors: ArrayLike, counts: ArrayLike) -> PartScores:
    """score_u = sum_p w_p mean_pu; se_u <= sum_p w_p se_pu; n_u = min_p n_pu.

    `weights` has one entry per part (any positive scale, usually the number of criteria in the part); the others are
    parts x units. The same voters fill all parts, but their slips cannot be joined, so the correlation is unknown;
    by the triangle inequality for standard deviations the bound holds for every correlation and is reached at 1.
    Raises InputError for weights that are not positive, lists of different length or an empty list of parts.
    """
    weight, mean, error = (np.asarray(given, dtype=np.float64) for given in (weights, means, standard_errors))
    count = np.asarray(counts, dtype=np.int64)
    if not (len(weight) == len(mean) == len(error) == len(count) > 0):
        raise InputError("lengths_differ", what="parts", found=len(mean), expected=len(weight))
    if not ((weight > 0) & np.isfinite(weight)).all():
        raise InputError("weight_not_positive", part=int(np.argmin(weight)) + 1)
    # Divided once, at the end: equal weights then give the plain mean, not a sum of rounded shares.
    total = weight.sum()
    return PartScores(weight @ mean / total, weight @ error / total, count.min(axis=0))


def join_part_sums(parts: PartSums) -> PartScores:
    """`join_parts` on sums read from a file: each part's mean and its own standard error sd / sqrt(n).

    Raises InputError naming the first unit with a single score in a part.
    """
    for name, sums in zip(parts.parts, parts.sums, strict=True):
        for place in np.flatnonzero(sums.n < 2):
            raise InputError("part_too_small", unit=sums.units[place], part=name)
    means = np.stack([sums.means for sums in parts.sums])
    counts = np.stack([sums.n for sums in parts.sums])
    squares = np.stack([np.maximum(0.0, sums.squares - sums.total**2 / sums.n) for sums in parts.sums])
    return join_parts(parts.weights, means, np.sqrt(squares / (counts - 1) / counts), counts)
