"""Critical values of the largest of all pairs, and of one unit's pairs, at any degrees of freedom.

Tables by 1 / f are made once and read between their points. Sets of ranks are made in `welch`.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from honestrank.linear.tails import gamma_at, gamma_beyond, normal_below, student_beyond

Floats = NDArray[np.float64]

# Points of 1 / f: close where the quantile bends (few degrees of freedom).
_INVERSE = np.concatenate([np.linspace(0, 0.1, 41), np.linspace(0.12, 0.5, 20), np.linspace(0.55, 1, 10)])
_NODES = 256

# Widths of a range: above 14 its distribution is 1 to double precision. Between two of them it is taken as straight, which is
# too low by 2e-5 at most where it bends, and so errs towards larger critical values.
# Values of a normal stand 8 small steps apart, widths 5, so that every difference lies on the small steps too.
_STEP = 0.005
_Z_STEPS, _WIDTH_STEPS = np.arange(-1680, 1681, 8), np.arange(0, 2801, 5)
_Z, _WIDTHS = _STEP * _Z_STEPS, _STEP * _WIDTH_STEPS

# Of a log value: 13 * 2^-32 is 3e-9, far below the four decimals that are kept.
_HALVINGS = 32


def range_critical(units: int, freedom: Floats, level: float) -> Floats:
    """q(level; U, f) / sqrt(2), q the studentised range of U normals (Tukey; Games & Howell 1976 take f from each pair).

    P(q) = E_s R(q s), s^2 ~ chi^2_f / f, R(w) = U int phi(z) (Phi(z) - Phi(z - w))^(U-1) dz. At f below one: that of one.
    """
    return np.asarray(np.interp(1 / np.maximum(freedom, 1.0), _INVERSE, _table(max(2, units), level)), dtype=np.float64)


def single_critical(units: int, freedom: Floats, level: float) -> Floats:
    """Student's quantile for one unit's U - 1 differences at once, two-sided, by Šidák's inequality (1967)."""
    tail = (1 - level ** (1 / max(1, units - 1))) / 2
    table = student_beyond(1 / np.maximum(_INVERSE, 1e-15), tail)
    return np.asarray(np.interp(1 / np.maximum(freedom, 1.0), _INVERSE, table), dtype=np.float64)


@lru_cache(maxsize=64)
def _table(units: int, level: float) -> Floats:
    """The values at the points of 1 / f, rounded up to 4 decimals; some hundredths of a second."""
    of_range = _range_of_normals(units)
    s, weight = _chi()
    # Bisection of log q, all points at once; the quantile of a Cauchy-like range at one degree of freedom is below e^10.
    low, high = np.full(len(s), -3.0), np.full(len(s), 10.0)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        reached = np.interp(np.exp(middle)[:, None] * s, _WIDTHS, of_range, right=1.0)
        is_low = (weight * reached).sum(axis=1) < level
        low, high = np.where(is_low, middle, low), np.where(is_low, high, middle)
    found = np.append(np.interp(level, of_range, _WIDTHS), np.exp(high))
    return np.asarray(np.ceil(found * 1e4) / 1e4 / np.sqrt(2), dtype=np.float64)


def _range_of_normals(units: int) -> Floats:
    """R at each of the widths. The trapezoidal rule is exact to rounding for integrands as smooth as this (Trefethen 2014)."""
    least = int(_Z_STEPS[0] - _WIDTH_STEPS[-1])
    below = normal_below(_STEP * np.arange(least, _Z_STEPS[-1] + 1))
    inside = below[_Z_STEPS - least] - below[_Z_STEPS - _WIDTH_STEPS[:, None] - least]
    density = (_Z[1] - _Z[0]) * np.exp(-(_Z**2) / 2) / np.sqrt(2 * np.pi)
    found = units * (np.maximum(inside, 0.0) ** (units - 1)) @ density
    return np.minimum(np.maximum.accumulate(found), 1.0)


@lru_cache(maxsize=1)
def _chi() -> tuple[Floats, Floats]:
    """For each point of 1 / f but zero: values of s and their weights, by the trapezoidal rule in log s.

    From the 1e-9 quantile on: what is below is counted as if it separated, which is 1e-9 of the level.
    """
    f = 1 / _INVERSE[1:]
    low, high = (np.log(2 * quantile / f) / 2 for quantile in (gamma_at(f / 2, 1e-9), gamma_beyond(f / 2, 1e-12)))
    log_s = np.linspace(low, high, _NODES, axis=1)
    density = np.exp(f[:, None] * (log_s - np.expm1(2 * log_s) / 2))
    return np.exp(log_s), density / density.sum(axis=1)[:, None]
