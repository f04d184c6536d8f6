"""Model-based chances: probability of belonging to the top k and expected rank, from the posterior of the scores.

Always shown as model-based, beside the rank sets that need no prior; never used to order units.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from honestrank.defaults import SEED
from honestrank.linear.tails import normal_below
from honestrank.ranks.draws import root
from honestrank.words.wording import InputError

Floats = NDArray[np.float64]

# A chance of one half, where it is largest, then has a Monte-Carlo error of 0.8 in a hundred.
DRAWS = 4000


@dataclass(frozen=True)
class Chances:
    """Per unit the expected rank (best 1) and, if asked for, the probability of being among the best k."""

    expected_rank: Floats
    top: Floats | None


def posterior_chances(
    shrunken: Floats, covariance: Floats, *, places: int | None = None, draws: int = DRAWS, seed: int = SEED
) -> Chances:
    """Chances when the true scores are normal about the shrunken ones.

    `covariance` as in `rank_sets`: a U x U matrix or U variances. The expected rank is exact: one plus the sum over the
    others of the probability of standing above, a tie counting half. The chance of the top `places` comes from `draws`
    simulated draws (Monte-Carlo error at most 0.8 points of a hundred with 4,000); units tied for the last places
    share them. Raises InputError for `places` beyond the number of units.
    """
    if places is not None and not 1 <= places <= len(shrunken):
        raise InputError("bad_quota", units=len(shrunken))
    top = None if places is None else _top_chance(shrunken, covariance, places, draws, seed)
    return Chances(_expected_rank(shrunken, covariance), top)


def _expected_rank(shrunken: Floats, covariance: Floats) -> Floats:
    own = np.diag(covariance) if covariance.ndim == 2 else covariance
    squared = own[:, None] + own - (2 * covariance if covariance.ndim == 2 else 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = (shrunken - shrunken[:, None]) / np.sqrt(np.maximum(squared, 0))
    np.fill_diagonal(t, 0)
    return np.asarray(0.5 + normal_below(np.where(np.isnan(t), 0, t)).sum(axis=1), dtype=np.float64)


def _top_chance(shrunken: Floats, covariance: Floats, places: int, draws: int, seed: int) -> Floats:
    normal = np.random.default_rng(seed).standard_normal((draws, len(shrunken)))
    normal = normal @ root(covariance).T if covariance.ndim == 2 else normal * np.sqrt(covariance)
    score = shrunken + normal
    last = np.partition(score, len(shrunken) - places, axis=1)[:, len(shrunken) - places, None]
    above, tied = score > last, score == last
    share = (places - above.sum(axis=1)) / tied.sum(axis=1)
    return np.asarray((above + tied * share[:, None]).mean(axis=0), dtype=np.float64)
