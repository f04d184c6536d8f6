"""Minimises a restricted likelihood over one variance (or variance ratio) that may be zero.

One dimension only: the crossed model has its own Newton steps in `crossed`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

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
    Brent's root of `slope` refines it. Zero is returned when the slope there is not negative. `converged` is false
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
    root, report = brentq(slope, low, high, xtol=high * TOLERANCE, rtol=1e-14, full_output=True)
    return Minimum(float(root), GRID + 1 + int(report.function_calls), bool(report.converged))
