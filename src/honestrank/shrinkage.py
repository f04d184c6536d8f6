"""Empirical-Bayes scores where no rater is known: the one-way model from sums, Fay–Herriot from means and errors.

Both pull a unit's mean towards the overall mean by as much as its noise deserves. Raters' severity: `crossed`.
"""

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from honestrank.sufficient import UnitSums
from honestrank.variance import TOLERANCE, Minimum, minimise_from_zero
from honestrank.wording import InputError

Floats = NDArray[np.float64]

BEYOND_COLUMNS = "unit beyond the columns"


@dataclass(frozen=True)
class Fit:
    """How a model was fitted, to be published with its results.

    `variances` by term (`residual` is the noise of one mark), `objective` = −2 log (restricted) likelihood with all
    its constants, `start` the starting ratios to the residual, `dropped` the terms whose variance is zero.
    `fixed`: effect and standard error of each fixed column against its factor's first level; `fixed_dropped`: columns that
    follow from others; `fixed_in_units`: those that do not vary within units and so stay in the units' scores.
    `fallback`: what stands in for the model asked for, if anything: "moments" or "fixed effects".
    """

    model: str
    method: str
    mean: float
    mean_error: float
    variances: dict[str, float]
    objective: float
    steps: int
    converged: bool
    start: dict[str, float] = field(default_factory=dict)
    tolerance: float = TOLERANCE
    dropped: tuple[str, ...] = ()
    fixed: dict[str, tuple[float, float]] = field(default_factory=dict)
    fixed_dropped: tuple[str, ...] = ()
    fixed_in_units: tuple[str, ...] = ()
    fallback: str | None = None


@dataclass(frozen=True)
class Scores:
    """Per unit: score and its covariance (variances alone if independent), shrunken score and prediction error.

    `posterior` is the covariance of the shrunken scores' errors (variances alone if taken as independent).
    """

    score: Floats
    covariance: Floats
    shrunken: Floats
    prediction_error: Floats
    posterior: Floats
    fit: Fit


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
    return Scores(means, noise / n, fit.mean + factor * (means - fit.mean), error, known, fit)


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


def fay_herriot(scores: Floats, standard_errors: Floats, design: Floats | None = None) -> Scores:
    """Fay–Herriot: y_i = x_i'beta + b_i + e_i with known var(e_i) = D_i; the variance A of b by REML.

    Criterion (m-p) log 2 pi + sum log(A + D_i) + log|X'WX| + sum w_i (y_i - x_i'beta)^2, w_i = 1 / (A + D_i)
    (Fay & Herriot 1979; Rao & Molina 2015, section 6.1.2). `design`: m x p of full rank, the intercept among its columns;
    by default the intercept alone. Prediction error: g1 + g2 + 2 g3 (Datta & Lahiri 2000; Rao & Molina 2015, section 6.2.1),
    which holds for REML. With one unit there is nothing to shrink towards; `fit.mean` is x'beta where x is at its mean.
    With A = 0 the fit drops "unit" or, where x'beta differs between units, `BEYOND_COLUMNS`: they may still differ by it.
    `fit.fixed`: beta with standard errors by column, where a design is given.
    Raises InputError unless all D_i are above zero, and for a design that does not fit or is not of full rank.
    """
    if len(scores) == 0:
        raise InputError("no_units")
    known = standard_errors**2
    if not (known > 0).all():
        raise InputError("se_all_zero")
    if len(scores) == 1 and design is None:
        return _single(scores, known)
    area = _Area(scores, known, np.ones((len(scores), 1)) if design is None else np.asarray(design, dtype=np.float64))
    minimum = minimise_from_zero(area.criterion, area.slope, scale=float(np.median(known)))
    weight, predicted, inverse = area.at(minimum.at)
    factor = minimum.at * weight
    g2 = (1 - factor) ** 2 * np.einsum("ip,pq,iq->i", area.design, inverse, area.design)
    g3 = known**2 * weight**3 * 2 / (weight**2).sum()
    at_mean = area.design.mean(axis=0)
    zero = "unit" if np.ptp(predicted) == 0 else BEYOND_COLUMNS
    fit = Fit(
        model="fay_herriot",
        method="REML",
        mean=float(predicted.mean()),
        mean_error=math.sqrt(float(at_mean @ inverse @ at_mean)),
        variances={"unit": minimum.at},
        objective=area.criterion(minimum.at),
        steps=minimum.steps,
        converged=minimum.converged,
        dropped=(zero,) if minimum.at == 0 else (),
        fixed={} if design is None else area.effects(minimum.at),
    )
    g1, shrunken = factor * known, predicted + factor * (scores - predicted)
    return Scores(scores, known, shrunken, np.sqrt(g1 + g2 + 2 * g3), g1 + g2, fit)


@dataclass(frozen=True)
class _Area:
    """The Fay–Herriot criterion of given means as a function of A."""

    scores: Floats
    known: Floats
    design: Floats

    def __post_init__(self) -> None:
        if not self._is_of_full_rank():
            raise InputError("bad_design", units=len(self.scores))

    def _is_of_full_rank(self) -> bool:
        """A row for each score, fewer columns, finite, none following from others, whatever units they are measured in."""
        if self.design.ndim != 2 or not np.isfinite(self.design).all():
            return False
        (rows, columns), length = self.design.shape, np.linalg.norm(self.design, axis=0)
        fits = rows == len(self.scores) and 0 < columns < rows and bool((length > 0).all())
        return fits and int(np.linalg.matrix_rank(self.design / length)) == columns

    def at(self, variance: float) -> tuple[Floats, Floats, Floats]:
        """Weights, x'beta and (X'WX)^-1."""
        weight = 1 / (variance + self.known)
        inverse = np.asarray(np.linalg.inv(self.design.T @ (weight[:, None] * self.design)), dtype=np.float64)
        beta = inverse @ (self.design.T @ (weight * self.scores))
        return weight, self.design @ beta, inverse

    def effects(self, variance: float) -> dict[str, tuple[float, float]]:
        """Beta and its standard error, by column."""
        weight, _, inverse = self.at(variance)
        beta, error = inverse @ (self.design.T @ (weight * self.scores)), np.sqrt(np.diag(inverse))
        return {f"column {i}": (float(b), float(e)) for i, (b, e) in enumerate(zip(beta, error, strict=True), start=1)}

    def criterion(self, variance: float) -> float:
        weight, predicted, inverse = self.at(variance)
        constant = (len(self.scores) - self.design.shape[1]) * math.log(2 * math.pi)
        determinants = -float(np.log(weight).sum()) - float(np.linalg.slogdet(inverse)[1])
        return float(constant + determinants + weight @ (self.scores - predicted) ** 2)

    def slope(self, variance: float) -> float:
        weight, predicted, inverse = self.at(variance)
        squared = weight**2
        through = float(np.trace(inverse @ (self.design.T @ (squared[:, None] * self.design))))
        return float(weight.sum()) - through - float(squared @ (self.scores - predicted) ** 2)


def _single(scores: Floats, known: Floats) -> Scores:
    error = math.sqrt(float(known[0]))
    fit = Fit("fay_herriot", "REML", float(scores[0]), error, {"unit": 0.0}, 0.0, 0, True, dropped=("unit",))
    return Scores(scores, known, scores.copy(), np.sqrt(known), known, fit)
