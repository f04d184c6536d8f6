"""Rank sets where every unit has a noise of its own: Games–Howell over all pairs, with Welch's degrees of freedom.

Nothing is drawn: the same input gives the same sets. Errors that are known from elsewhere: `ranksets`.
"""

import numpy as np
from numpy.typing import NDArray

from honestrank.fits import Noise
from honestrank.ranks.ranksets import RankSets, check_scores, low_and_high
from honestrank.ranks.studentised import range_critical, single_critical

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

# Bits in a word, and how many rows of bits are joined at once: most units have so many neighbours or fewer.
WORD, AT_ONCE = 64, 256


def welch_sets(
    scores: Floats, covariance: Floats, noise: Noise, *, level: float, comparable: Booleans | None = None
) -> RankSets:
    """Rank sets of scores whose errors were estimated unit by unit.

    v_i = `noise.variance`, f_i its degrees of freedom; s_ij^2 = C_ii + C_jj - 2 C_ij; i separates above j where
    x_i - x_j > c(f_ij) s_ij with f_ij = s_ij^4 / (v_i^2 / f_i + v_j^2 / f_j) (Welch 1938; Satterthwaite 1946) and c the
    studentised range (Games & Howell 1976), or where a chain of such pairs leads from i to j: the statements of a chain are
    right together. Marginal sets take Šidák's value for one unit's differences. `comparable` as in `rank_sets`.
    Raises InputError as `rank_sets` does.
    """
    check_scores(scores, covariance, level)
    squared, freedom = _pairs(covariance, noise)
    spread, difference = np.sqrt(squared), scores[:, None] - scores
    units = len(scores)
    critical = range_critical(units, freedom, level)
    above = difference > critical * spread
    # At very few degrees of freedom the value of all pairs is the smaller one, and holds for one unit's pairs too.
    single = np.minimum(critical, single_critical(units, freedom, level)) * spread
    one_above, one_below = difference > single, difference < -single
    for some in (above, one_above, one_below):
        np.fill_diagonal(some, False)
        if comparable is not None:
            some &= comparable
    above = _chained(above, scores)
    lowest = float(range_critical(units, np.array([np.inf]), level)[0])
    return RankSets(
        level=level,
        draws=0,
        seed=0,
        critical_value=lowest,
        steps=1,
        **low_and_high("", above, above.T),
        **low_and_high("marginal_", one_above | above, one_below | above.T),
        above=above,
    )


def price_in_width(covariance: Floats, noise: Noise, pooled: Floats, level: float) -> float:
    """How much wider the median pair is than it would be with one noise for all: the ratio of half-widths, less one."""
    units = len(noise.freedom)
    if units < 2:
        return 0.0
    squared, freedom = _pairs(covariance, noise)
    plain = _squared(pooled)
    above = np.triu_indices(units, 1)
    ours = np.median((range_critical(units, freedom, level) * np.sqrt(squared))[above])
    critical = float(range_critical(units, np.array([noise.pooled_freedom]), level)[0])
    theirs = critical * float(np.median(np.sqrt(plain)[above]))
    return float(ours / theirs - 1) if theirs > 0 else float("inf")


def _squared(covariance: Floats) -> Floats:
    if covariance.ndim == 1:
        return np.asarray(covariance[:, None] + covariance, dtype=np.float64)
    own = np.diag(covariance)
    return np.asarray(np.maximum(0.0, own[:, None] + own - covariance - covariance.T), dtype=np.float64)


def _pairs(covariance: Floats, noise: Noise) -> tuple[Floats, Floats]:
    """(s_ij^2, f_ij). What a difference owes to other units' marks is taken as known."""
    squared = _squared(covariance)
    own = noise.variance**2 / noise.freedom
    least = np.minimum(noise.freedom[:, None], noise.freedom)
    with np.errstate(over="ignore"):
        # Errors that are known exactly have infinitely many degrees of freedom, and so has a pair of such.
        welch = np.where(own[:, None] + own > 0, squared**2 / np.maximum(own[:, None] + own, 1e-300), np.inf)
    freedom = np.maximum(welch, least)
    return squared, freedom


def _chained(above: Booleans, scores: Floats) -> Booleans:
    """The transitive closure. It holds no pair more than `above` where every unit has the same degrees of freedom.

    Whoever is above has the higher score, so one sweep from the last unit up will do: a row of bits for each, joined with
    those of the nearest units below it, then of those that these do not reach.
    """
    units, order = len(scores), np.argsort(-scores, kind="stable")
    packed = np.packbits(above[np.ix_(order, order)], axis=1)
    words = np.zeros((units, -(-units // WORD)), dtype=np.uint64)
    reached = words.view(np.uint8)
    reached[:, : packed.shape[1]] = packed
    for unit in range(units - 1, -1, -1):
        left = reached[unit].copy()
        while len(nearest := np.flatnonzero(np.unpackbits(left, count=units))[:AT_ONCE]):
            further = np.bitwise_or.reduce(words[nearest], axis=0)
            words[unit] |= further
            left &= ~further.view(np.uint8)
            byte, bit = divmod(int(nearest[-1]), 8)
            left[:byte] = 0
            left[byte] &= 0xFF >> (bit + 1)
    found = np.empty_like(above)
    found[np.ix_(order, order)] = np.unpackbits(reached, axis=1, count=units).astype(bool)
    return found
