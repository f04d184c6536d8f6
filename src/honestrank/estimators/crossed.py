"""Crossed random effects y = mu + a_r + b_u + c_g + e by exact REML or ML, raters eliminated analytically.

Sums only: y is never seen again. `equations` holds the algebra of the mixed-model equations, this file the search.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from honestrank.estimators.equations import Equations, Solved
from honestrank.estimators.exchanged import ExchangedEquations
from honestrank.estimators.moments import TERMS
from honestrank.fits import Fit, Scores
from honestrank.linear.factored import times, variances
from honestrank.linear.threads import one_thread_each
from honestrank.sums import CrossedSums
from honestrank.words.wording import InputError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# The search is over when the criterion, a deviance, can fall by less than this. The estimates are then within some
# 1e-6 of a standard error (decision 0018); the rounding of a criterion in the hundreds of thousands, some 1e-10, is
# not far below.
TOLERANCE = 1e-9

# InstEval takes three. A search that needs so many goes nowhere, and the moments stand in.
MOST_STEPS = 60

# Of a log ratio: one step changes no ratio more than e^3, twentyfold. Further off, the information of here says
# nothing.
LONGEST_STEP = 3.0

# Damping grows fourfold each time: after so many (4^40 = 10^24) the move is nothing.
MOST_DAMPINGS = 40

# Of a log ratio: after a move below a tenth the mean of both ends' information speaks for what lies between.
TRUSTED_MOVE = 0.1

# The share by which a fall may differ from what its step promised and still tell of the next one: s^2 holds near the
# minimum only.
TRUSTED_SHARE = 0.1

# A fall shows the information along its move only, so this share of error is assumed at least (decision 0018).
LEAST_SHARE = 0.01

# A residual variance below this share of all variance is rounding: unit and rater explain every mark, and ratios to
# it mean nothing.
NO_NOISE_LEFT = 1e-8

# A ratio of variances that may be on its way to zero: such a term's standard deviation is a hundredth of the noise's.
VANISHING_RATIO = 1e-4

# The slope in a log ratio below which the criterion counts as flat: see `_without_a_term` for what could be missed,
# 0.000025 of a deviance, of which a test at 95 % would notice 3.84.
FLAT_SLOPE = 1e-4

# By whether there are several raters, and several groups.
_MODELS = {
    (True, True): "crossed",
    (True, False): "crossed_no_group",
    (False, True): "units_and_groups",
    (False, False): "units_alone",
}


@dataclass(frozen=True)
class Fitted:
    """The solved equations at the best ratios, where the search started, how many steps, and whether it converged."""

    solved: Solved
    start: dict[str, float]
    steps: int
    converged: bool
    without_noise: bool = False


@one_thread_each
def fit_crossed(sums: CrossedSums, method: str = "REML") -> Scores:
    """Fit by `method` ("REML" or "ML"), then score units.

    Average-information Newton (Gilmour, Thompson & Cullis 1995) on the log ratios of the variances to the residual
    one, from moment starts; the residual variance is profiled out. The criterion is −2 log L with all constants
    (Bates et al. 2015, eqs. 34 and 41). A ratio below 1e-4 that still falls, the criterion being nearly flat there, is
    zero and its term dropped, if the criterion is no higher without it. `score` and `covariance` take units as fixed and
    raters (and groups) as random; `shrunken` takes units as random. `fit.fixed` has the fixed columns' effects with
    standard errors, `fit.mean` is the mean where they stand at their means. Without convergence, or when no noise is left,
    the moments stand in and `fit.converged` is false.
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
    # The smaller side is the dense one: one step then costs its cube, whatever the other has.
    found = ExchangedEquations(sums, method) if sums.raters < len(sums.units) else Equations(sums, method)
    if found.freedom < 1:
        raise InputError("fixed_leave_nothing")
    return found


def components(sums: CrossedSums) -> Integers:
    """For each unit the number (from 0) of its connected part of the rater–unit graph."""
    units = len(sums.units)
    graph = coo_array((np.ones(len(sums.unit)), (sums.unit, units + sums.rater)), shape=(units + sums.raters,) * 2)
    _, labels = connected_components(graph, directed=False)
    _, codes = np.unique(labels[:units], return_inverse=True)
    return codes.astype(np.int64)


def search(equations: Equations) -> Fitted:
    """Newton steps from the moment start until what the criterion can still fall is below the tolerance."""
    start = equations.moment_start()
    active = [term for term in TERMS if term in start]
    log_ratio = np.array([math.log(start[term]) for term in active])
    now, last = _solved(equations, active, log_ratio), None
    for step in range(1, MOST_STEPS + 1):
        if not active:
            return Fitted(now, start, step, True)
        if now.residual < NO_NOISE_LEFT * equations.variance:
            return Fitted(equations.solve(start), start, step, False, without_noise=True)
        gradient, information = equations.derivatives(now, active)
        lacking = _without_a_term(equations, now, active, gradient)
        if lacking:
            active, now = lacking
            log_ratio = np.log([now.ratios[term] for term in active])
            continue
        curvature = _definite(_corrected(information, gradient, last, active))
        if float(gradient @ np.linalg.solve(curvature, gradient)) < TOLERANCE:
            return Fitted(now, start, step, True)
        before, objective = log_ratio, now.objective
        log_ratio, now, is_whole = _step(equations, active, log_ratio, now, gradient, curvature)
        if is_whole and _still_to_fall(log_ratio - before, gradient, objective - now.objective) < TOLERANCE:
            return Fitted(now, start, step, True)
        last = _Move(active, log_ratio - before, gradient, information)
    return Fitted(equations.solve(start), start, MOST_STEPS, False)


def _solved(equations: Equations, active: list[str], log_ratio: Floats) -> Solved:
    return equations.solve(dict(zip(active, np.exp(log_ratio), strict=True)))


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
    if last is None or last.active != active or float(np.abs(last.move).max()) > TRUSTED_MOVE:
        return information
    lacking = gradient - last.gradient - (information + last.information) @ last.move / 2
    size = float(lacking @ last.move)
    # Nocedal & Wright's safeguard (6.26): a divisor of nearly nothing would make anything of the correction.
    if abs(size) <= 1e-8 * float(np.linalg.norm(lacking) * np.linalg.norm(last.move)):
        return information
    corrected = information + np.outer(lacking, lacking) / size
    # The correction may lower the least curvature, but not to a tenth: moves would grow tenfold on one observation.
    least = float(np.linalg.eigvalsh(information)[0])
    return corrected if float(np.linalg.eigvalsh(corrected)[0]) > 0.1 * least else information


def _still_to_fall(move: Floats, gradient: Floats, fallen: float) -> float:
    """How far the criterion may still fall after a whole Newton move, judged by how far it fell: no inverse is needed.

    The move solves information @ move = -gradient, so a fall of half of -gradient @ move says that the information is the
    true curvature; off by a share s, the next fall is s^2 of this one. s is taken as at least LEAST_SHARE, since
    the fall shows it along the move only; above TRUSTED_SHARE the answer is infinite.
    """
    expected = -float(gradient @ move) / 2
    share = max(LEAST_SHARE, abs(fallen / expected - 1)) if expected > 0 else math.inf
    return share**2 * expected if share < TRUSTED_SHARE else math.inf


def _without_a_term(
    equations: Equations, now: Solved, active: list[str], gradient: Floats
) -> tuple[list[str], Solved] | None:
    """The terms left, and the solution, where one whose small ratio still falls can go without raising the criterion.

    Only where the criterion is nearly flat in its log: a minimum between here and zero would then be lower by at most a
    quarter of the slope (for a parabola in the ratio, which the criterion is near enough so close to zero).
    """
    for term, slope in zip(active, gradient, strict=True):
        if now.ratios[term] < VANISHING_RATIO and 0 < slope < FLAT_SLOPE:
            left = [other for other in active if other != term]
            solved = equations.solve({other: now.ratios[other] for other in left})
            if solved.objective <= now.objective + TOLERANCE:
                return left, solved
    return None


def _definite(information: Floats) -> Floats:
    """The average information, which rounding may leave singular or worse, with eigenvalues above zero."""
    values, vectors = np.linalg.eigh(information)
    # 1e-10 of the largest is where rounding ends and information begins; 1e-300 serves a matrix of zeros.
    return np.asarray((vectors * np.maximum(values, 1e-10 * abs(values[-1]) + 1e-300)) @ vectors.T, dtype=np.float64)


def _step(
    equations: Equations, active: list[str], log_ratio: Floats, now: Solved, gradient: Floats, curvature: Floats
) -> tuple[Floats, Solved, bool]:
    """A Newton move that does not raise the criterion, damped as far as need be; whether it was a whole one.

    Damping adds to the curvature's diagonal (Levenberg & Marquardt; Nocedal & Wright 2006, section 10.3). The criterion is
    nearly flat in the log of a ratio on its way to zero. Undamped, such a ratio would take a very long step, and the step of
    the other ratios would be cut down with it.
    """
    damping = 0.0
    for _ in range(MOST_DAMPINGS):
        move = -np.linalg.solve(curvature + damping * np.eye(len(active)), gradient)
        if np.abs(move).max() <= LONGEST_STEP:
            solved = _solved(equations, active, log_ratio + move)
            if solved.objective <= now.objective + TOLERANCE:
                return log_ratio + move, solved, damping == 0
        # A damping of |gradient| / LONGEST_STEP alone would keep the move in bounds; it begins at a hundredth of
        # that.
        damping = max(4 * damping, 1e-2 * float(np.abs(gradient).max()) / LONGEST_STEP)
    return log_ratio, now, False


def _scores(equations: Equations, found: Fitted) -> Scores:
    solved, residual = found.solved, found.solved.residual
    score, covariance = equations.fixed_units(solved)
    posterior = equations.posterior(solved)
    return Scores(
        score=equations.origin + score,
        covariance=times(covariance, residual),
        shrunken=equations.origin + equations.predictions(solved),
        prediction_error=np.sqrt(np.maximum(0, residual * variances(posterior))),
        posterior=times(posterior, residual),
        fit=_fit(equations, found),
        conditional_error=np.sqrt(np.maximum(0, residual * equations.conditional(solved))),
    )


def _fit(equations: Equations, found: Fitted) -> Fit:
    solved, design = found.solved, equations.fixed
    residual = solved.residual
    called = {equations.names[term]: term for term in found.start}
    start = {term: found.start[called[term]] for term in TERMS if term in called}
    found_variances = {term: solved.ratios.get(called[term], 0.0) * residual for term in start}
    effects, spread, mean, mean_variance = equations.fixed_effects(solved)
    errors = np.sqrt(residual * spread)
    return Fit(
        model=_MODELS["rater" in start, "group" in start],
        method=equations.method,
        mean=equations.origin + mean,
        mean_error=math.sqrt(residual * mean_variance),
        variances={**found_variances, "residual": residual},
        objective=solved.objective,
        steps=found.steps,
        converged=found.converged,
        without_noise=found.without_noise,
        start=start,
        tolerance=TOLERANCE,
        dropped=tuple(term for term in start if called[term] not in solved.ratios),
        fixed=dict(zip(design.names, zip(effects.tolist(), errors.tolist(), strict=True), strict=True)),
        fixed_dropped=design.dropped,
        fixed_in_units=tuple(name for name, inside in zip(design.names, design.in_units, strict=True) if inside),
        fallback=None if found.converged else "moments",
    )
