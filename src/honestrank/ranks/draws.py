"""Simulated draws of centred scores and the statistics of pairs in them, in single precision.

What follows from the draws is worked out in `ranksets`.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from honestrank.linear.threads import side_by_side

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Integers = NDArray[np.int64]

# Draws in one block: a row of 128 single numbers for each of a thousand units is half a megabyte and stays in the
# cache.
AT_ONCE = 128


@dataclass(frozen=True)
class Draws:
    """Draws x units of the centred scores and, if their variances were estimated, of those.

    `weight[i, j]` is 1 / s_ij, or 0 where a pair has no spread or is not to be compared.
    """

    x: Singles
    weight: Singles
    variance: Singles | None

    def largest(self) -> Singles:
        """The largest |T*| over each unit's pairs, units x draws; every pair computed once, some draws in each thread."""
        from honestrank.linear.kernels import raise_largest

        draws, units = self.x.shape
        largest = np.zeros((units, draws), dtype=np.float32)

        def search(first: int) -> None:
            for start in range(first * AT_ONCE, draws, 2 * AT_ONCE):
                places = slice(start, min(draws, start + AT_ONCE))
                x = np.ascontiguousarray(self.x[places].T)
                if self.variance is None:
                    some = np.zeros_like(x)
                    raise_largest(x, self.weight, some)
                    largest[:, places] = some
                else:
                    self._largest_of_some(x, np.ascontiguousarray(self.variance[places].T), largest[:, places])

        side_by_side(partial(search, 0), partial(search, 1))
        return largest

    def _largest_of_some(self, x: Singles, variance: Singles, largest: Singles) -> None:
        room, spread = np.empty_like(x), np.empty_like(x)
        for unit in range(len(x) - 1):
            block = np.subtract(x[unit + 1 :], x[unit], out=room[unit + 1 :])
            np.abs(block, out=block)
            weight = self.weight[unit, unit + 1 :, None]
            total = np.add(variance[unit + 1 :], variance[unit], out=spread[unit + 1 :])
            total[weight[:, 0] == 0] = np.inf
            block /= np.sqrt(total, out=total)
            np.maximum(largest[unit + 1 :], block, out=largest[unit + 1 :])
            np.maximum(largest[unit], block.max(axis=0), out=largest[unit])

    def against(self, unit: int | Integers, places: Integers) -> Singles:
        """T* of `unit` (or of one unit for each place) against every unit in the draws at `places`: places x units."""
        x, weight = self.x[places], self.weight[unit]
        own = x[np.arange(len(places)), unit][:, None]
        statistics: Singles = own - x
        if self.variance is None:
            statistics *= weight
            return statistics
        total = self.variance[places]
        total += total[np.arange(len(places)), unit][:, None]
        np.sqrt(total, out=total)
        with np.errstate(divide="ignore", invalid="ignore"):
            statistics /= total
        statistics[(slice(None), weight == 0) if weight.ndim == 1 else weight == 0] = 0
        return statistics


def simulate(
    x: Floats, covariance: Floats, spread: Floats, draws: int, seed: int, degrees_of_freedom: Floats | None
) -> Draws:
    """Normal draws with this covariance (a matrix, or variances of independent scores) about zero.

    `spread[i, j]` = s_ij. With `degrees_of_freedom` the variances are drawn too, chi-squared over their degrees. A unit
    draws by its place by variance and score, so relabelling changes nothing.
    """
    own = np.diag(covariance) if covariance.ndim == 2 else covariance
    # The random numbers go to places by variance and score, not to names or to the order of a file.
    order = np.lexsort((x, own))
    place = np.argsort(order)
    random = np.random.default_rng(seed)
    normal = random.standard_normal((draws, len(x)))
    with np.errstate(divide="ignore"):
        weight = np.where(spread > 0, 1 / spread, 0).astype(np.float32)
    if covariance.ndim == 2:
        normal = normal @ root(covariance[np.ix_(order, order)]).T
        return Draws(normal[:, place].astype(np.float32), weight, None)
    simulated = (normal * np.sqrt(own[order]))[:, place].astype(np.float32)
    if degrees_of_freedom is None:
        return Draws(simulated, weight, None)
    freedom = degrees_of_freedom[order]
    variance = random.chisquare(freedom, (draws, len(x))) / freedom * own[order]
    return Draws(simulated, weight, variance[:, place].astype(np.float32))


def root(covariance: Floats) -> Floats:
    """A matrix R with R R' = covariance, also when it is singular."""
    try:
        return np.asarray(np.linalg.cholesky(covariance), dtype=np.float64)
    except np.linalg.LinAlgError:
        values, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
        return np.asarray(vectors * np.sqrt(np.clip(values, 0, None)), dtype=np.float64)
