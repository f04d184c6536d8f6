"""Crossed random effects y = mu + a_r + b_u + c_g + e by exact REML or ML, raters eliminated analytically.

Sums only: y is never seen again. `equations` holds the algebra of the mixed-model equations, this file the search.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from honestrank.equations import Equations, Solved
from honestrank.moments import TERMS
from honestrank.shrinkage import Fit, Scores
from honestrank.sufficient import CrossedSums
from honestrank.two_threads import one_thread_each
from honestrank.wording import InputError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

TOLERANCE = 1e-9
MOST_STEPS = 60
LONGEST_STEP = 3.0
NEAR = 0.1
LEAST_SHARE = 0.01
NEGLIGIBLE = 1e-8
# By whether there are several raters, and several groups.
_MODELS = {
    (True, True): "crossed",
    (True, False): "crossed_no_group",
    (False, True): "units_and_groups",
    (False, False): "units_alone",
}


@dataclass(frozen=True)
class Found:
    """The solved equations at the best ratios, where the search started, how many steps, and whether it converged."""

    solved: Solved
    start: dict[str, float]
    steps: int
    converged: bool


@one_thread_each
def fit_crossed(sums: CrossedSums, method: str = "REML") -> Scores:
    """Fit by `method` ("REML" or "ML"), then score units.

    Average-information Newton (Gilmour, Thompson & Cullis 1995) on the log ratios of the variances to the residual
    one, from moment starts; the residual variance is profiled out. The criterion is −2 log L with all constants
    (Bates et al. 2015, eqs. 34 and 41). A ratio that falls below 1e-8 is zero and its term dropped if the criterion
    rises from there. `score` and `covariance` take units as fixed and raters (and groups) as random; `shrunken`
    takes units as random. `fit.fixed` has the fixed columns' effects with standard errors, `fit.mean` is the mean where they
    stand at their means. Without convergence, or when no noise is left, the moments stand in and `fit.converged` is
    false.
    Raises InputError below three ratings.
    """
    equations = _equations(sums, method)
    return _scores(equations, search(equations))


@one_thread_each
def estimate_crossed(sums: CrossedSums, method: str = "REML") -> tuple[Fit, Floats]:
    """The fit and the shrunken scores of `fit_crossed`, without any covariance."""
    equations = _equations(sums, method)
    found = search(equations)
    return _fit(equations, found), equations.origin + equations.predictions(found.solved)


def _equations(sums: CrossedSums, method: str) -> Equations:
    if int(sums.n.sum()) < 3:
        raise InputError("too_few_ratings")
    return Equations(sums, method)


def components(sums: CrossedSums) -> Integers:
    """For each unit the number (from 0) of its connected part of the rater–unit graph."""
    units = len(sums.units)
    graph = coo_array((np.ones(len(sums.unit)), (sums.unit, units + sums.rater)), shape=(units + sums.raters,) * 2)
    _, labels = connected_components(graph, directed=False)
    _, codes = np.unique(labels[:units], return_inverse=True)
    return codes.astype(np.int64)


def search(equations: Equations) -> Found:
    """Newton steps from the moment start until what the criterion can still fall is below the tolerance."""
    start = equations.moment_start()
    active = [term for term in TERMS if term in start]
    log_ratio = np.array([math.log(start[term]) for term in active])
    now, last = equations.solve(dict(zip(active, np.exp(log_ratio), strict=True))), None
    for step in range(1, MOST_STEPS + 1):
        if not active:
            return Found(now, start, step, True)
        if now.residual < NEGLIGIBLE * equations.variance:
            return Found(equations.solve(start), start, step, False)
        gradient, information = equations.derivatives(now, active)
        kept = _kept(equations, now, active, gradient)
        if len(kept) < len(active):
            active, log_ratio = [active[i] for i in kept], log_ratio[kept]
            now = equations.solve(dict(zip(active, np.exp(log_ratio), strict=True)))
            continue
        move = _newton(gradient, _corrected(information, gradient, last, active))
        if abs(float(gradient @ move)) < TOLERANCE:
            return Found(now, start, step, True)
        before, objective = log_ratio, now.objective
        log_ratio, now = _line_search(equations, active, log_ratio, move, now)
        if (log_ratio == before + move).all() and _still_to_fall(move, gradient, objective - now.objective) < TOLERANCE:
            return Found(now, start, step, True)
        last = _Move(active, log_ratio - before, gradient, information)
    return Found(equations.solve(start), start, MOST_STEPS, False)


@dataclass(frozen=True)
class _Move:
    """A step taken, from where the criterion had this gradient and average information."""

    active: list[str]
    move: Floats
    gradient: Floats
    information: Floats


def _corrected(information: Floats, gradient: Floats, last: _Move | None, active: list[str]) -> Floats:
    """The average information, made to agree with what the last move did to the gradient.

    Symmetric rank-one correction (Nocedal & Wright 2006, section 6.2) of the mean of both ends' information; left out
    after a long move and where it would make the information indefinite.
    """
    if last is None or last.active != active or float(np.abs(last.move).max()) > NEAR:
        return information
    lacking = gradient - last.gradient - (information + last.information) @ last.move / 2
    size = float(lacking @ last.move)
    if abs(size) <= 1e-8 * float(np.linalg.norm(lacking) * np.linalg.norm(last.move)):
        return information
    corrected = information + np.outer(lacking, lacking) / size
    least = float(np.linalg.eigvalsh(information)[0])
    return corrected if float(np.linalg.eigvalsh(corrected)[0]) > 0.1 * least else information


def _still_to_fall(move: Floats, gradient: Floats, fallen: float) -> float:
    """How far the criterion may still fall after a whole Newton move, told from how far it fell: no inverse is needed.

    The move solves information @ move = -gradient, so a fall of half of -gradient @ move says that the information is the
    true curvature; off by a share s, the next fall is s^2 of this one. s is taken as at least LEAST_SHARE, since
    the fall shows it along the move only; above NEAR nothing is told.
    """
    expected = -float(gradient @ move) / 2
    share = max(LEAST_SHARE, abs(fallen / expected - 1)) if expected > 0 else math.inf
    return share**2 * expected if share < NEAR else math.inf


def _kept(equations: Equations, now: Solved, active: list[str], gradient: Floats) -> list[int]:
    """Places of the terms whose ratio is not both negligible and still falling."""
    return [i for i, term in enumerate(active) if now.ratios[term] > NEGLIGIBLE or gradient[i] < 0]


def _newton(gradient: Floats, information: Floats) -> Floats:
    """-information^-1 gradient, no component longer than LONGEST_STEP; the average information is never indefinite."""
    ridge = 1e-10 * np.trace(information) + 1e-300
    move = -np.linalg.solve(information + ridge * np.eye(len(gradient)), gradient)
    return np.asarray(np.clip(move, -LONGEST_STEP, LONGEST_STEP), dtype=np.float64)


def _line_search(
    equations: Equations, active: list[str], log_ratio: Floats, move: Floats, now: Solved
) -> tuple[Floats, Solved]:
    """Halve the move until the criterion does not rise."""
    for halving in range(30):
        tried = log_ratio + move / 2**halving
        solved = equations.solve(dict(zip(active, np.exp(tried), strict=True)))
        if solved.objective <= now.objective + TOLERANCE:
            return tried, solved
    return log_ratio, now


def _scores(equations: Equations, found: Found) -> Scores:
    solved, residual = found.solved, found.solved.residual
    score, covariance = equations.fixed_units(solved)
    posterior = equations.posterior(solved)
    return Scores(
        score=equations.origin + score,
        covariance=residual * covariance,
        shrunken=equations.origin + equations.predictions(solved),
        prediction_error=np.sqrt(np.maximum(0, residual * np.diag(posterior))),
        posterior=residual * posterior,
        fit=_fit(equations, found),
    )


def _fit(equations: Equations, found: Found) -> Fit:
    solved, design = found.solved, equations.fixed
    residual = solved.residual
    variances = {term: solved.ratios.get(term, 0.0) * residual for term in found.start}
    effects, spread, mean, mean_variance = equations.fixed_effects(solved)
    errors = np.sqrt(residual * spread)
    return Fit(
        model=_MODELS["rater" in found.start, "group" in found.start],
        method=equations.method,
        mean=equations.origin + mean,
        mean_error=math.sqrt(residual * mean_variance),
        variances={**variances, "residual": residual},
        objective=solved.objective,
        steps=found.steps,
        converged=found.converged,
        start=found.start,
        tolerance=TOLERANCE,
        dropped=tuple(term for term in found.start if term not in solved.ratios),
        fixed=dict(zip(design.names, zip(effects.tolist(), errors.tolist(), strict=True), strict=True)),
        fixed_dropped=design.dropped,
        fixed_in_units=tuple(name for name, inside in zip(design.names, design.in_units, strict=True) if inside),
        fallback=None if found.converged else "moments",
    )
