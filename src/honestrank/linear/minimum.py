"""Minimises a restricted likelihood over one variance (or variance ratio) that may be zero.

One dimension only: the crossed model has its own Newton steps in `crossed`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

# Ten values a decade over sixteen decades: of two minima the lower is found unless they lie closer than a tenth of a
# decade.
GRID = 161

# Of the variance: as far as doubles go, since the answer prints ten digits of it.
TOLERANCE = 1e-13


@dataclass(frozen=True)
class Minimum:
    """Where the criterion is least, how many evaluations it took, and whether a stationary point was found."""

    at: float
    steps: int
    converged: bool


def minimise_from_zero(criterion: Callable[[float], float], slope: Callable[[float], float], scale: float) -> Minimum:
    """The global minimum of `criterion` over [0, scale * 1e8].

    A logarithmic grid from scale * 1e-8 brackets the least value (a restricted likelihood may have two minima), then
    the root of `slope` refines it. Zero is returned when the slope there is not negative. `converged` is false
    when the criterion still falls at the upper end.
    """
    grid = np.concatenate([[0.0], scale * np.logspace(-8, 8, GRID)])
    best = int(np.argmin([criterion(float(value)) for value in grid]))
    if best == 0 and slope(0.0) >= 0:
        return Minimum(0.0, GRID + 1, True)
    if best == GRID:
        return Minimum(float(grid[-1]), GRID + 1, False)
    low, high = float(grid[max(0, best - 1)]), float(grid[best + 1])
    if slope(low) * slope(high) > 0:
        return Minimum(float(grid[best]), GRID + 1, False)
    root, calls = root_between(slope, low, high, high * TOLERANCE)
    return Minimum(root, GRID + 1 + calls, True)


def root_between(slope: Callable[[float], float], low: float, high: float, tolerance: float) -> tuple[float, int]:
    """Where `slope`, of opposite signs at the ends, is zero, to within `tolerance`, and how often it was asked.

    Chandrupatla's method (1997): inverse quadratic interpolation where that is safe, else halving; never slower than some
    three times halving. Here and not from `scipy.optimize`, whose import takes longer than most fits.
    """
    a, b = high, low
    at_a, at_b = slope(a), slope(b)
    share, calls = 0.5, 2
    while at_a != 0 and at_b != 0:
        between = a + share * (b - a)
        value = slope(between)
        calls += 1
        c, at_c = (a, at_a) if (value > 0) == (at_a > 0) else (b, at_b)
        if c == b:
            b, at_b = a, at_a
        a, at_a = between, value
        best = a if abs(at_a) < abs(at_b) else b
        least = (tolerance + 4e-16 * abs(best)) / abs(b - a)
        if least > 0.5:
            return best, calls
        share = min(1 - least, max(least, _share(a, at_a, b, at_b, c, at_c)))
    return (a if at_a == 0 else b), calls


def _share(a: float, at_a: float, b: float, at_b: float, c: float, at_c: float) -> float:
    """Which share of the way from a to b to try next."""
    xi, phi = (a - b) / (c - b), (at_a - at_b) / (at_c - at_b)
    if not phi**2 < xi or not (1 - phi) ** 2 < 1 - xi:
        return 0.5
    direct = at_a / (at_b - at_a) * at_c / (at_b - at_c)
    return direct + (c - a) / (b - a) * at_a / (at_c - at_a) * at_b / (at_c - at_b)
