"""The crossed model for very many units: variances by moments, scores by conjugate gradients, errors from above.

No matrix of units by units is ever formed. Up to some thousand units `crossed` is exact.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from honestrank.moments import joint_marks, levels, moment_variances
from honestrank.shrinkage import Fit, Scores
from honestrank.sufficient import CrossedSums
from honestrank.wording import InputError

Floats = NDArray[np.float64]

TOLERANCE = 1e-10
MOST_STEPS = 500
MOST_GROUPS = 300


def fit_moments(sums: CrossedSums) -> Scores:
    """Variances by moments (Gao & Owen 2020), then the scores of `crossed` at these variances.

    The mixed-model equations with raters eliminated are solved by conjugate gradients, preconditioned with one
    backfitting step (Ghosh, Hastie & Owen 2022). `covariance` holds variances only, those of plain means: by
    Gauss-Markov no score, and no difference of two, has more. `prediction_error` likewise bounds that of a prediction
    from the unit's own mean and the overall one, however the two hang together. The criterion is not evaluated (nan);
    `steps` counts gradient steps.
    Raises InputError below three ratings.
    """
    if int(sums.n.sum()) < 3:
        raise InputError("too_few_ratings")
    found = moment_variances(sums)
    residual = max(found["residual"], 1e-12 * sums.squares / float(sums.n.sum()))
    variances = {term: max(0.0, found[term]) for term in levels(sums)}
    ratios = {term: value / residual for term, value in variances.items() if value > 0}
    equations = _SparseEquations(sums, ratios)
    fixed, random = equations.solve(units_fixed=True), equations.solve(units_fixed=False)
    mean_error = math.sqrt(residual * equations.mean_variance())
    fit = Fit(
        model="crossed" if "group" in variances else "crossed_no_group",
        method="moments",
        mean=sums.origin + float(random.x[-1]),
        mean_error=mean_error,
        variances={**variances, "residual": residual},
        objective=math.nan,
        steps=fixed.steps + random.steps,
        converged=fixed.converged and random.converged,
        start={term: value / residual for term, value in variances.items()},
        tolerance=TOLERANCE,
        dropped=tuple(term for term in variances if term not in ratios),
    )
    spread, units = _variance_of_means(sums, variances, residual), len(sums.units)
    error = _prediction_error(variances.get("unit", 0.0), spread, mean_error)
    return Scores(sums.origin + fixed.x[:units], spread, fit.mean + random.x[:units], error, error**2, fit)


def _prediction_error(between: float, spread: Floats, mean_error: float) -> Floats:
    """At most sd(b | own mean) + (1 - factor) se(mean), whatever the correlation of the two."""
    factor = between / (between + spread)
    return np.asarray(np.sqrt(between * (1 - factor)) + (1 - factor) * mean_error, dtype=np.float64)


def _variance_of_means(sums: CrossedSums, variances: dict[str, float], residual: float) -> Floats:
    """Variance of each unit's plain mean: residual / n + sum over levels of var (share of the unit's marks)^2."""
    units = len(sums.units)
    n = np.bincount(sums.unit, weights=sums.n, minlength=units)
    variance = residual / n
    for term in ("rater", "group"):
        if variances.get(term):
            _, unit, marks = joint_marks(sums, term, "unit")
            variance += variances[term] * np.bincount(unit, weights=marks**2, minlength=units) / n**2
    return variance


def _marks(sums: CrossedSums) -> csr_array:
    """Raters x units and groups: marks given. Cells come sorted by rater and unit, so nothing need be sorted again."""
    shape = (sums.raters, len(sums.units) + len(sums.groups))
    begins = np.concatenate([[0], np.cumsum(np.bincount(sums.rater, minlength=sums.raters))])
    n = sums.n.astype(np.float64)
    marks = csr_array((n, sums.unit, begins), shape=shape)
    if sums.groups:
        marks = marks + csr_array((n, len(sums.units) + sums.group, begins), shape=shape)
    marks.sum_duplicates()
    return marks


@dataclass(frozen=True)
class _Solution:
    x: Floats
    steps: int
    converged: bool


class _SparseEquations:
    """The mixed-model equations of units, groups and intercept, raters eliminated, as products with vectors."""

    def __init__(self, sums: CrossedSums, ratios: dict[str, float]) -> None:
        self.units, self.groups = len(sums.units), len(sums.groups)
        self.size = self.units + self.groups + 1
        self.ratios = ratios
        self.marks = _marks(sums)
        self.rater_n = np.bincount(sums.rater, weights=sums.n, minlength=sums.raters).astype(np.float64)
        self.weight = 1 / (self.rater_n + 1 / ratios["rater"]) if "rater" in ratios else np.zeros(sums.raters)
        columns = [sums.unit, *([self.units + sums.group] if self.groups else []), np.full(len(sums.n), self.size - 1)]
        self.design = [np.bincount(column, weights=sums.n, minlength=self.size) for column in columns]
        self.own = np.sum(self.design, axis=0)
        shape = (max(1, self.groups), self.units)
        self.shared = csr_array((sums.n.astype(np.float64), (sums.group, sums.unit)), shape=shape)
        totals = [np.bincount(column, weights=sums.total, minlength=self.size) for column in columns]
        rater_total = np.bincount(sums.rater, weights=sums.total, minlength=sums.raters)
        self.right = np.sum(totals, axis=0) - self._back(self.weight * rater_total)

    def _back(self, by_rater: Floats) -> Floats:
        """Sums over the marks of units, of groups, and all, of a value each rater has."""
        return np.concatenate([self.marks.T @ by_rater, [self.rater_n @ by_rater]])

    def gram(self, v: Floats) -> Floats:
        """[Z X]'[Z X] v."""
        found = self.own * v
        last = self.own[:-1] * v[-1]
        found[:-1] += last
        found[-1] += self.own[:-1] @ v[:-1]
        if self.groups:
            found[self.units : -1] += self.shared @ v[: self.units]
            found[: self.units] += self.shared.T @ v[self.units : -1]
        return np.asarray(found, dtype=np.float64)

    def system(self, *, units_fixed: bool) -> "_System":
        """With units fixed they take the intercept's place and carry no ridge."""
        ridge, used = np.zeros(self.size), np.ones(self.size)
        unit, group = slice(0, self.units), slice(self.units, self.size - 1)
        for term, columns in (("unit", unit), ("group", group)):
            if term in self.ratios:
                ridge[columns] = 1 / self.ratios[term]
            else:
                used[columns] = 0
        if units_fixed:
            ridge[unit], used[unit], used[-1] = 0, 1, 0

        def product(v: Floats) -> Floats:
            v = v * used
            through = self._back(self.weight * (self.marks @ v[:-1] + self.rater_n * v[-1]))
            return np.asarray(used * (self.gram(v) - through + ridge * v), dtype=np.float64)

        return _System(product, used, self._preconditioner(ridge, used))

    def _preconditioner(self, ridge: Floats, used: Floats) -> Callable[[Floats], Floats]:
        """One backfitting step: units by their diagonal; groups, if few, and the intercept exactly, given the units."""
        start = self.units if self.groups <= MOST_GROUPS else self.size - 1
        squares = np.append(self.marks.power(2).T @ self.weight, self.rater_n**2 @ self.weight)
        diagonal = self.own + ridge - squares
        with_mean = self.own - self._back(self.weight * self.rater_n)
        corner = np.diag(self.own[start:] + ridge[start:])
        corner[-1], corner[:, -1] = with_mean[start:], with_mean[start:]
        rest = np.zeros((start, self.size - start))
        rest[:, -1] = with_mean[:start]
        if start < self.size - 1:
            border = self.marks[:, start:]
            through = (self.marks.T @ border.multiply(self.weight[:, None]).tocsr()).toarray()
            corner[:-1, :-1] -= through[start:]
            rest[:, :-1] = self.shared.T.toarray() - through[:start]
        rest *= used[:start, None] * used[start:]
        corner = corner * used[start:, None] * used[start:] + np.diag(1 - used[start:])
        own = np.where(used > 0, diagonal, 1.0)[:start]
        schur = corner - rest.T @ (rest / own[:, None])
        if float(np.linalg.eigvalsh(schur)[0]) <= 0:
            return lambda r: r / np.concatenate([own, np.diag(corner)])

        def backfit(r: Floats) -> Floats:
            first = r[:start] / own
            last = np.linalg.solve(schur, r[start:] - rest.T @ first)
            return np.concatenate([first - rest @ last / own, last])

        return backfit

    def solve(self, *, units_fixed: bool) -> "_Solution":
        """Effects of units (about zero or, if fixed, about the origin), groups and the mean."""
        system = self.system(units_fixed=units_fixed)
        return conjugate_gradients(system.product, self.right * system.used, system.precondition)

    def mean_variance(self) -> float:
        """Variance of the overall mean over the residual variance: the last entry of the inverse."""
        system = self.system(units_fixed=False)
        last = np.zeros(self.size)
        last[-1] = 1
        return float(conjugate_gradients(system.product, last, system.precondition).x[-1])


@dataclass(frozen=True)
class _System:
    product: Callable[[Floats], Floats]
    used: Floats
    precondition: Callable[[Floats], Floats]


def conjugate_gradients(
    product: Callable[[Floats], Floats], right: Floats, precondition: Callable[[Floats], Floats]
) -> _Solution:
    """Solve a positive definite system to 1e-10 of the right side.

    Hestenes & Stiefel 1952, with preconditioner as in Golub & Van Loan 2013, algorithm 11.5.1.
    """
    x, left = np.zeros_like(right), right.copy()
    goal = TOLERANCE * float(np.linalg.norm(right))
    scaled = precondition(left)
    direction, size = scaled.copy(), float(left @ scaled)
    for step in range(MOST_STEPS):
        if float(np.linalg.norm(left)) <= goal:
            return _Solution(x, step, True)
        image = product(direction)
        length = size / float(direction @ image)
        x += length * direction
        left -= length * image
        scaled = precondition(left)
        before, size = size, float(left @ scaled)
        direction = scaled + size / before * direction
    return _Solution(x, MOST_STEPS, False)
