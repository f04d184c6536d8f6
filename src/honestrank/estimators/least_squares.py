"""Few units or few raters: least squares with both as fixed effects and Student's t, where no variance could be estimated.

From five units and five raters on `crossed` and `shrinkage` fit the variances.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from honestrank.fits import Fit, Scores
from honestrank.sums import CrossedSums, UnitSums
from honestrank.words.wording import InputError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# A variance between fewer than five units or raters would be estimated from less than four degrees of freedom: it may
# be anything.
FEW = 5

# Below five marks a figure says more about the handful who gave them than about the unit
# (docs/methods/small-samples.md).
LEAST_RATINGS = 5


@dataclass(frozen=True)
class FewScores:
    """Scores by least squares; `freedom` of their common noise."""

    scores: Scores
    freedom: float


def fit_few(sums: CrossedSums, component: Integers) -> FewScores:
    """y = mu + a_r + b_u + e by least squares, raters and units fixed, groups left out.

    With A = diag(n_u) - N' diag(1/n_r) N and r = t_u - N' (t_r / n_r): b = A^+ r, sum zero in each connected `component` of
    the rater-unit graph; var(b) = s^2 A^+; s^2 = RSS / (marks - raters - units + components) (Searle 1971, section 7.1).
    The score is b about the mean of all marks: ybar + b_u - sum n_v b_v / n, its error independent of ybar's. Nothing is
    shrunk. Raises InputError below five ratings, or when no degree of freedom or no noise is left.
    """
    units, n = len(sums.units), sums.n.astype(np.float64)
    # Here and not above: without raters nothing sparse is needed, and loading it takes longer than such a fit.
    from scipy.sparse import csr_array

    marks = csr_array((n, (sums.rater, sums.unit)), shape=(sums.raters, units))
    rater_n = np.bincount(sums.rater, weights=n, minlength=sums.raters)
    unit_n = np.bincount(sums.unit, weights=n, minlength=units)
    rater_total = np.bincount(sums.rater, weights=sums.total, minlength=sums.raters)
    unit_total = np.bincount(sums.unit, weights=sums.total, minlength=units)
    right = unit_total - marks.T @ (rater_total / rater_n)
    left = np.diag(unit_n) - (marks.T @ (marks / rater_n[:, None])).toarray()
    inverse = _inverse(left, component)
    effect = inverse @ right
    rest = sums.squares - float((rater_total**2 / rater_n).sum()) - float(right @ effect)
    freedom = float(n.sum()) - sums.raters - units + int(component.max()) + 1
    noise = _noise(rest, freedom, sums.squares, float(n.sum()))
    about = np.eye(units) - unit_n / unit_n.sum()
    mean = float(sums.total.sum()) / float(n.sum())
    score = sums.origin + mean + about @ effect
    covariance = noise * (about @ inverse @ about.T + 1 / n.sum())
    return _few("fixed_raters", score, covariance, sums.origin + mean, noise, float(n.sum()), freedom)


def fit_few_units(sums: UnitSums) -> FewScores:
    """Means of units with one pooled noise, s^2 = SSW / (marks - units), where no rater is known.

    Raises InputError below five ratings, or when no unit has two or no noise is left.
    """
    n = sums.n.astype(np.float64)
    freedom, marks = float(n.sum()) - len(n), float(n.sum())
    noise = _noise(sums.within, freedom, float(sums.squares.sum()), marks)
    mean = sums.origin + float(sums.total.sum()) / marks
    return _few("fixed_units", sums.means, np.diag(noise / n), mean, noise, marks, freedom)


def _noise(rest: float, freedom: float, squares: float, marks: float) -> float:
    if marks < LEAST_RATINGS:
        raise InputError("below_five", marks=int(marks), least=LEAST_RATINGS)
    if freedom < 1:
        raise InputError("no_freedom_left")
    # A residual sum of squares below 1e-12 of the whole is rounding, and would be taken for great certainty.
    return max(0.0, rest) / freedom if rest > 1e-12 * squares else 0.0


def _inverse(left: Floats, component: Integers) -> Floats:
    """A^+: each component's vector of ones is a null vector of A."""
    together = (component[:, None] == component).astype(np.float64)
    together /= together.sum(axis=1)
    scale = float(np.trace(left)) / len(left) or 1.0
    return np.asarray(np.linalg.inv(left + scale * together) - together / scale, dtype=np.float64)


def _few(
    model: str, score: Floats, covariance: Floats, mean: float, noise: float, marks: float, freedom: float
) -> FewScores:
    fit = Fit(
        model=model,
        method="least squares",
        mean=mean,
        mean_error=math.sqrt(noise / marks),
        variances={"residual": noise},
        objective=math.nan,
        steps=1,
        converged=True,
        fallback="fixed effects",
        without_noise=noise == 0,
    )
    error = np.sqrt(np.maximum(0.0, np.diag(covariance)))
    scores = Scores(score, covariance, score.copy(), error, covariance, fit)
    return FewScores(scores, freedom)
