"""Model-based chances: probability of belonging to the top k and expected rank, from posterior draws.

Always shown as model-based, beside the rank sets that need no prior; never used to order units.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from honestrank.ranksets import SEED

Floats = NDArray[np.float64]

DRAWS = 4000


@dataclass(frozen=True)
class Chances:
    """Per unit the expected rank (best 1) and, if asked for, the probability of being among the best k."""

    expected_rank: Floats
    top: Floats | None


def posterior_chances(
    shrunken: Floats, covariance: Floats, *, places: int | None = None, draws: int = DRAWS, seed: int = SEED
) -> Chances:
    """Chances from `draws` normal posterior draws about the shrunken scores.

    `covariance` as in `rank_sets`: a U x U matrix or U variances. Ties cannot occur in a draw unless a variance is
    zero; they are then broken by place, so give only variances above zero. Monte-Carlo error at most 0.8 points of a
    hundred with 4,000 draws.
    """
    normal = np.random.default_rng(seed).standard_normal((draws, len(shrunken)))
    if covariance.ndim == 2:
        values, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
        normal = normal @ (vectors * np.sqrt(np.clip(values, 0, None))).T
    else:
        normal *= np.sqrt(covariance)
    order = np.argsort(-(shrunken + normal), axis=1, kind="stable")
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(1, len(shrunken) + 1)[None, :], axis=1)
    top = (ranks <= places).mean(axis=0) if places is not None else None
    return Chances(ranks.mean(axis=0), top)
