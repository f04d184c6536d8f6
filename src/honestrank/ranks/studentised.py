"""Critical values of the largest of all pairs, and of one unit's pairs, at any degrees of freedom.

Tables by 1 / f are made once and read between their points. Sets of ranks are made in `welch`.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv, ndtr, stdtrit

Floats = NDArray[np.float64]

# Points of 1 / f: close where the quantile bends (few degrees of freedom).
_INVERSE = np.concatenate([np.linspace(0, 0.1, 11), np.linspace(0.12, 0.5, 20), np.linspace(0.55, 1, 10)])
_NODES = 400


def range_critical(units: int, freedom: Floats, level: float) -> Floats:
    """q(level; U, f) / sqrt(2), q the studentised range of U normals (Tukey; Games & Howell 1976 take f from each pair).

    P(q) = E_s R(q s), s^2 ~ chi^2_f / f, R(w) = U int phi(z) (Phi(z) - Phi(z - w))^(U-1) dz. At f below one: that of one.
    """
    return np.asarray(np.interp(1 / np.maximum(freedom, 1.0), _INVERSE, _table(max(2, units), level)), dtype=np.float64)


def single_critical(units: int, freedom: Floats, level: float) -> Floats:
    """Student's quantile for one unit's U - 1 differences at once, two-sided, by Šidák's inequality (1967).

    At very few degrees of freedom that of all pairs is the smaller one, and holds for these too.
    """
    tail = (1 - level ** (1 / max(1, units - 1))) / 2
    with np.errstate(divide="ignore"):
        table = np.array([stdtrit(1 / inverse if inverse else 1e15, 1 - tail) for inverse in _INVERSE])
    found = np.interp(1 / np.maximum(freedom, 1.0), _INVERSE, table)
    return np.asarray(np.minimum(found, range_critical(units, freedom, level)), dtype=np.float64)


@lru_cache(maxsize=64)
def _table(units: int, level: float) -> Floats:
    z, weight = np.polynomial.legendre.leggauss(_NODES)
    z, weight = 12 * z, 12 * weight
    widths = np.linspace(0, 14, 561)
    inside = ndtr(z[None, :]) - ndtr(z[None, :] - widths[:, None])
    density = weight * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    of_range = units * (np.maximum(inside, 0.0) ** (units - 1)) @ density
    of_range = np.minimum(np.maximum.accumulate(of_range), 1.0)
    found = [_quantile(inverse, widths, of_range, level) / np.sqrt(2) for inverse in _INVERSE]
    return np.array(found)


def _quantile(inverse: float, widths: Floats, of_range: Floats, level: float) -> float:
    """The q at which the studentised range has probability `level`, rounded up to 4 decimals."""
    if inverse == 0:
        return float(np.ceil(np.interp(level, of_range, widths) * 1e4) / 1e4)
    x, weight = np.polynomial.legendre.leggauss(_NODES)
    # Close to zero where s is small, since there a statistic is large: u = x^3.
    x, weight = (x + 1) / 2, weight / 2
    s = np.sqrt(2 * inverse * gammaincinv(0.5 / inverse, x**3))
    weight = weight * 3 * x**2
    low, high = 0.0, 1e4
    for _ in range(60):
        middle = (low + high) / 2
        chance = float(weight @ np.interp(middle * s, widths, of_range, right=1.0))
        low, high = (middle, high) if chance < level else (low, middle)
    return float(np.ceil(high * 1e4) / 1e4)
