"""Fay–Herriot: empirical-Bayes scores from means and their known errors."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from honestrank.fits import BEYOND_COLUMNS, Fit, Scores
from honestrank.linear.minimum import minimise_from_zero
from honestrank.words.wording import InputError

Floats = NDArray[np.float64]


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
    return Scores(scores, known, shrunken, np.sqrt(g1 + g2 + 2 * g3), g1 + g2, fit, np.sqrt(g1))


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
