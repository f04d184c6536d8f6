"""Empirical-Bayes scores where no rater is known: the one-way model from sums, Fay–Herriot from means and errors.

Both pull a unit's mean towards the overall mean by as much as its noise deserves. Raters' severity: `crossed`.
"""

import math

import numpy as np
from numpy.typing import NDArray

from honestrank.fits import Fit, Scores
from honestrank.linear.minimum import Minimum, minimise_from_zero
from honestrank.sums import UnitSums
from honestrank.words.wording import InputError

Floats = NDArray[np.float64]


def one_way(sums: UnitSums) -> Scores:
    """One-way random effects y = mu + b_u + e by exact REML on (n, sum, sum of squares).

    With theta = var(b)/var(e) and w_u = n_u / (1 + n_u theta), the profiled criterion is
    (N-1)(1 + log(2 pi s2)) + sum log(1 + n_u theta) + log sum w_u, s2 = (SSW + sum w_u (ybar_u - mu)^2) / (N-1)
    (Searle, Casella & McCulloch 1992, section 3.8). Prediction errors are g1 + g2 + g3 of Kackar & Harville (1984),
    g3 counted twice as the variances are estimated (Prasad & Rao 1990).
    Raises InputError when no unit has two scores. When all scores within every unit are equal, scores are exact.
    """
    n, means = sums.n.astype(np.float64), sums.means
    if len(n) == 0:
        raise InputError("no_units")
    if n.sum() <= len(n):
        raise InputError("no_unit_twice")
    within = sums.within if sums.within > 1e-12 * max(1.0, float(np.abs(sums.squares).sum())) else 0.0
    if within == 0.0 or len(n) == 1:
        return _without_shrinkage(means, n, within / (n.sum() - len(n)))
    minimum = _one_way_ratio(n, means, within)
    weight = n / (1 + n * minimum.at)
    mean = float(weight @ means / weight.sum())
    noise = (within + float(weight @ (means - mean) ** 2)) / (n.sum() - 1)
    fit = Fit(
        model="one_way",
        method="REML",
        mean=mean,
        mean_error=math.sqrt(noise / weight.sum()),
        variances={"unit": minimum.at * noise, "residual": noise},
        objective=_one_way_criterion(minimum.at, n, means, within),
        steps=minimum.steps,
        converged=minimum.converged,
        dropped=("unit",) if minimum.at == 0 else (),
    )
    return _one_way_scores(n, means, fit)


def _one_way_scores(n: Floats, means: Floats, fit: Fit) -> Scores:
    between, noise = fit.variances["unit"], fit.variances["residual"]
    factor = n * between / (noise + n * between)
    known = between * (1 - factor) + ((1 - factor) * fit.mean_error) ** 2
    error = np.sqrt(known + 2 * _one_way_g3(n, between, noise))
    alone = np.sqrt(between * (1 - factor))
    return Scores(means, noise / n, fit.mean + factor * (means - fit.mean), error, known, fit, alone)


def _one_way_ratio(n: Floats, means: Floats, within: float) -> Minimum:
    total, units = float(n.sum()), len(n)

    def slope(theta: float) -> float:
        weight = n / (1 + n * theta)
        mean = weight @ means / weight.sum()
        squared = weight**2
        squares = within + weight @ (means - mean) ** 2
        fall = (total - 1) * (squared @ (means - mean) ** 2) / squares
        return float(weight.sum() - squared.sum() / weight.sum() - fall)

    return minimise_from_zero(
        lambda theta: _one_way_criterion(theta, n, means, within), slope, scale=1 / max(1.0, total / units)
    )


def _one_way_criterion(theta: float, n: Floats, means: Floats, within: float) -> float:
    weight = n / (1 + n * theta)
    mean = weight @ means / weight.sum()
    df = float(n.sum()) - 1
    noise = (within + weight @ (means - mean) ** 2) / df
    return float(df * (1 + math.log(2 * math.pi * noise)) + np.log1p(n * theta).sum() + math.log(weight.sum()))


def _one_way_g3(n: Floats, between: float, noise: float) -> Floats:
    """Extra error from estimating both variances: delta method, expected information of noise I + between J."""
    spread = noise + n * between
    bb, be = float((n**2 / spread**2).sum()) / 2, float((n / spread**2).sum()) / 2
    ee = float(((n - 1) / noise**2 + 1 / spread**2).sum()) / 2
    variance = np.linalg.inv(np.array([[bb, be], [be, ee]]))
    gradient = np.stack([n * noise, -n * between]) / spread**2
    return np.asarray(np.einsum("iu,ij,ju->u", gradient, variance, gradient) * spread / n, dtype=np.float64)


def _without_shrinkage(means: Floats, n: Floats, noise: float) -> Scores:
    """Scores as they stand: one unit alone, or marks that never differ within a unit."""
    between = float(means.var(ddof=1)) if len(means) > 1 else 0.0
    fit = Fit(
        model="one_way",
        method="REML",
        mean=float(means.mean()),
        mean_error=math.sqrt(between / len(means) if len(means) > 1 else noise / n[0]),
        variances={"unit": between, "residual": noise},
        objective=0.0,
        steps=0,
        converged=True,
        dropped=("unit",) if between == 0 else (),
    )
    return Scores(means, noise / n, means.copy(), np.sqrt(noise / n), noise / n, fit)
