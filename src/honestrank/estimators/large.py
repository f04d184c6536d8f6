"""The crossed model for very many units: variances by moments, scores by conjugate gradients, errors from above.

No matrix of units by units is ever formed. Up to some thousand units `crossed` is exact.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from honestrank.estimators.moments import from_squares
from honestrank.fits import Fit, Scores
from honestrank.linear.passes import CARRIED, Passes, SheetPasses
from honestrank.linear.sorted_ratings import Sheets
from honestrank.linear.threads import one_thread_each
from honestrank.sums import CrossedSums, squares_by_unit
from honestrank.words.wording import InputError

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

# Of the right side, by column. The ten digits written need no more.
TOLERANCE = 1e-10

# Ratings at random need 7 to 10 passes. So many are needed only by chains of regions that hardly any rater joins.
MOST_STEPS = 500

# So few groups are solved for exactly in the preconditioner: their border is 300 numbers a unit, 2.4 kB.
MOST_GROUPS = 300

# What the vectors every pass carries stand for.
UNITS_FIXED, UNITS_RANDOM, MEAN = 0, 1, 2


@one_thread_each
def fit_moments(ratings: CrossedSums | Sheets | Passes) -> Scores:
    """Variances by moments (Gao & Owen 2020), then the scores of `crossed` at these variances.

    The mixed-model equations with raters eliminated are solved by conjugate gradients, preconditioned with one
    backfitting step (Ghosh, Hastie & Owen 2022), for fixed and for random units and for the error of the mean in the
    same passes. `covariance` holds variances only, those of plain means: by Gauss-Markov no score, and no difference
    of two, has more. `prediction_error` likewise bounds that of a prediction from the unit's own mean and the overall
    one, however the two hang together. The criterion is not evaluated (nan); `steps` counts passes over the ratings.
    Raises InputError below three ratings.
    """
    sheets = _passes(ratings)
    if sheets.ratings < 3:
        raise InputError("too_few_ratings")
    shared = _Shared(sheets)
    found = shared.moment_variances()
    residual = max(found["residual"], 1e-12 * sheets.squares / sheets.ratings)
    variances = {term: max(0.0, value) for term, value in found.items() if term != "residual"}
    ratios = {term: value / residual for term, value in variances.items() if value > 0}
    solution = _Equations(sheets, shared, ratios).solve()
    mean = sheets.origin + float(solution.x[-1, UNITS_RANDOM])
    fit = Fit(
        model="crossed" if "group" in variances else "crossed_no_group",
        method="moments",
        mean=mean,
        mean_error=math.sqrt(residual * float(solution.x[-1, MEAN])),
        variances={**variances, "residual": residual},
        objective=math.nan,
        steps=solution.steps,
        converged=solution.converged,
        start={term: value / residual for term, value in variances.items()},
        tolerance=TOLERANCE,
        dropped=tuple(term for term in variances if term not in ratios),
    )
    spread = shared.variance_of_means(variances, residual)
    error = _prediction_error(variances.get("unit", 0.0), spread, fit.mean_error)
    score, effect = sheets.origin + solution.x[: sheets.units, UNITS_FIXED], solution.x[: sheets.units, UNITS_RANDOM]
    return Scores(score, spread, mean + effect, error, error**2, fit)


def _passes(ratings: CrossedSums | Sheets | Passes) -> Passes:
    if isinstance(ratings, CrossedSums):
        return SheetPasses(sheets_of(ratings))
    return SheetPasses(ratings) if isinstance(ratings, Sheets) else ratings


def sheets_of(sums: CrossedSums) -> Sheets:
    """Crossed sums as sorted ratings: a cell of several ratings becomes as many marks."""
    units, groups = len(sums.units), len(sums.groups)
    several = bool((sums.n != 1).any())
    columns = [sums.unit, units + sums.group] if groups else [sums.unit]
    n, total = np.zeros(units + groups), np.zeros(units + groups)
    for column in columns:
        n += np.bincount(column, weights=sums.n, minlength=units + groups)
        total += np.bincount(column, weights=sums.total, minlength=units + groups)
    marks = [(np.repeat(column, sums.n) if several else column).astype(np.uint32) for column in columns]
    of_rater = np.bincount(sums.rater, weights=sums.n, minlength=sums.raters)
    return Sheets(
        units=units,
        groups=groups,
        begins=np.concatenate([[0], np.cumsum(of_rater)]).astype(np.int64),
        unit=marks[0],
        group=marks[1] if groups else np.empty(0, dtype=np.uint32),
        rater_total=np.bincount(sums.rater, weights=sums.total, minlength=sums.raters).astype(np.float64),
        n=n,
        total=total,
        squares=sums.squares,
        origin=sums.origin,
        unit_squares=squares_by_unit(sums),
    )


def _prediction_error(between: float, spread: Floats, mean_error: float) -> Floats:
    """At most sd(b | own mean) + (1 - factor) se(mean), whatever the correlation of the two."""
    factor = between / (between + spread)
    return np.asarray(np.sqrt(between * (1 - factor)) + (1 - factor) * mean_error, dtype=np.float64)


class _Shared:
    """How many marks the levels of two terms share: sums of squares of these, for moments and the errors of means."""

    def __init__(self, sheets: Passes) -> None:
        self.sheets = sheets
        found = sheets.shared_with_raters()
        self.column_squares, self.by_rater_and_unit, self.by_rater_and_group = (
            found[:-2],
            float(found[-2]),
            float(found[-1]),
        )
        self.marks = sheets.shared_marks()

    def moment_variances(self) -> dict[str, float]:
        """What `moments.moment_variances` gives: each term's variance, and `residual`."""
        sheets, units = self.sheets, self.sheets.units
        own, total = {"unit": sheets.n[:units], "group": sheets.n[units:]}, sheets.total
        of_raters = sheets.of_raters()
        levels = {"rater": (sheets.raters, float(of_raters[0]))}
        levels |= {term: (len(n), float(n @ n)) for term, n in own.items()}
        terms = [term for term, (count, _) in levels.items() if count > 1]
        left = {(term, term): float(sheets.ratings) for term in terms} | self._joint_squares(own)
        shares = {pair: sheets.ratings - value for pair, value in left.items() if set(pair) <= set(terms)}
        within = {"rater": float(of_raters[1])}
        within["unit"] = float((total[:units] ** 2 / own["unit"]).sum())
        within["group"] = float((total[units:] ** 2 / own["group"]).sum())
        overall = (float(sheets.ratings), float(total[:units].sum()), sheets.squares)
        return from_squares({term: levels[term] for term in terms}, within, shares, overall)

    def _joint_squares(self, own: dict[str, Floats]) -> dict[tuple[str, str], float]:
        """For each ordered pair of terms the sum over shared marks n_ij^2 / n_i."""
        units = self.sheets.units
        found = {
            ("rater", "unit"): self.by_rater_and_unit,
            ("unit", "rater"): float((self.column_squares[:units] / own["unit"]).sum()),
        }
        if self.sheets.groups:
            squares = self.marks.power(2)
            found["rater", "group"] = self.by_rater_and_group
            found["group", "rater"] = float((self.column_squares[units:] / own["group"]).sum())
            found["unit", "group"] = float((squares.sum(axis=1) / own["unit"]).sum())
            found["group", "unit"] = float((squares.sum(axis=0) / own["group"]).sum())
        return found

    def variance_of_means(self, variances: dict[str, float], residual: float) -> Floats:
        """Variance of each unit's plain mean: residual / n + sum over levels of var (share of the unit's marks)^2."""
        n = self.sheets.n[: self.sheets.units]
        variance = residual / n + variances.get("rater", 0.0) * self.column_squares[: self.sheets.units] / n**2
        if variances.get("group"):
            variance += variances["group"] * self.marks.power(2).sum(axis=1) / n**2
        return np.asarray(variance, dtype=np.float64)


@dataclass(frozen=True)
class Solution:
    """A column for each right side."""

    x: Floats
    steps: int
    converged: bool


class _Equations:
    """The mixed-model equations of units, groups and intercept, raters eliminated, as products with four vectors.

    They differ in what is absent: with units fixed these take the intercept's place and carry no ridge.
    """

    def __init__(self, sheets: Passes, shared: _Shared, ratios: dict[str, float]) -> None:
        self.sheets, self.shared = sheets, shared.marks
        self.units, self.groups = sheets.units, sheets.groups
        self.size = self.units + self.groups + 1
        self.rater_ridge = 1 / ratios["rater"] if "rater" in ratios else math.inf
        self.own = np.append(sheets.n, sheets.ratings)
        back = sheets.back(self.rater_ridge)
        through_own, through_total, self.ones_back = back[:, 0], back[:, 1], back[:, 2]
        self.with_mean = self.own - through_own
        self.right = np.append(sheets.total, sheets.total[: self.units].sum()) - through_total
        self.ridge, self.used = np.zeros((self.size, CARRIED)), np.ones((self.size, CARRIED))
        unit, group = slice(0, self.units), slice(self.units, self.size - 1)
        for term, columns in (("unit", unit), ("group", group)):
            if term in ratios:
                self.ridge[columns] = 1 / ratios[term]
            else:
                self.used[columns] = 0
        self.ridge[unit, UNITS_FIXED], self.used[unit, UNITS_FIXED], self.used[-1, UNITS_FIXED] = 0, 1, 0

    def product(self, v: Floats) -> Floats:
        """The left side times each column of `v`."""
        v = np.ascontiguousarray(v * self.used)
        found = self._gram(v) + self.ridge * v
        if math.isfinite(self.rater_ridge):
            found -= self.sheets.through_raters(self.rater_ridge, v)
        return np.asarray(self.used * found, dtype=np.float64)

    def _gram(self, v: Floats) -> Floats:
        """[Z X]'[Z X] v."""
        own = self.own[:-1, None]
        found = self.own[:, None] * v
        found[:-1] += own * v[-1]
        found[-1] += (own * v[:-1]).sum(axis=0)
        if self.groups:
            found[self.units : -1] += self.shared.T @ v[: self.units]
            found[: self.units] += self.shared @ v[self.units : -1]
        return found

    def solve(self) -> Solution:
        """Effects of units (fixed: about the origin), groups and the mean; the last column: its variance / residual."""
        right = np.zeros((self.size, CARRIED))
        right[:, UNITS_FIXED] = right[:, UNITS_RANDOM] = self.right
        right[-1, MEAN] = 1
        border = self._border()
        of_fixed, of_random = (self._preconditioner(column, border) for column in (UNITS_FIXED, UNITS_RANDOM))

        def precondition(left: Floats) -> Floats:
            found = of_random(left)
            found[:, UNITS_FIXED] = of_fixed(left[:, [UNITS_FIXED]])[:, 0]
            return found

        return conjugate_gradients(self.product, right * self.used, precondition)

    def _border(self) -> Floats:
        """Units and groups x the few columns that are solved for exactly, given the units: groups (if few), intercept."""
        if self.groups > MOST_GROUPS or not self.groups:
            return self.with_mean[:-1, None]
        through = self.sheets.border(self.rater_ridge)
        marks = np.vstack([self.shared.toarray(), np.diag(self.own[self.units : -1])])
        return np.column_stack([marks - through, self.with_mean[:-1]])

    def _preconditioner(self, column: int, border: Floats) -> Callable[[Floats], Floats]:
        """One backfitting step: units by their diagonal, then the columns of `border`, then units given these."""
        ridge, used = self.ridge[:, column], self.used[:, column]
        start = self.size - border.shape[1]
        own = np.where(used > 0, self.own + ridge - self.ones_back, 1.0)[:start]
        rest = border[:start] * used[:start, None] * used[start:]
        corner = np.vstack([border[start:], np.append(self.with_mean[start:-1], self.with_mean[-1])])
        corner = corner * used[start:, None] * used[start:] + np.diag(np.where(used[start:] > 0, ridge[start:], 1.0))
        schur = corner - rest.T @ (rest / own[:, None])
        # Rounding may leave the corner singular where groups follow from units: the plain diagonal always works, only
        # slower.
        if float(np.linalg.eigvalsh(schur)[0]) <= 0:
            diagonal = np.concatenate([own, np.diag(corner)])[:, None]
            return lambda r: r / diagonal
        inverse = np.linalg.inv(schur)

        def backfit(r: Floats) -> Floats:
            first = r[:start] / own[:, None]
            last = inverse @ (r[start:] - rest.T @ first)
            return np.concatenate([first - rest @ last / own[:, None], last])

        return backfit


def conjugate_gradients(
    product: Callable[[Floats], Floats], right: Floats, precondition: Callable[[Floats], Floats]
) -> Solution:
    """Solve positive definite systems side by side, each to 1e-10 of its right side; a column that is done rests.

    Hestenes & Stiefel 1952, with preconditioner as in Golub & Van Loan 2013, algorithm 11.5.1.
    """
    x, left = np.zeros_like(right), right.copy()
    goal = TOLERANCE * np.linalg.norm(right, axis=0)
    direction, before = np.zeros_like(right), np.ones(right.shape[1])
    for step in range(MOST_STEPS):
        # Columns end at different steps; one that is done rests, because its next direction would be made of
        # rounding.
        running = np.linalg.norm(left, axis=0) > goal
        if not running.any():
            return Solution(x, step, True)
        scaled = precondition(left)
        size = np.einsum("ij,ij->j", left, scaled)
        direction = np.where(running, scaled + (size / before if step else 0.0) * direction, 0.0)
        image = product(direction)
        curvature = np.einsum("ij,ij->j", direction, image)
        length = np.divide(size, curvature, out=np.zeros_like(size), where=running & (curvature > 0))
        x += length * direction
        left -= length * image
        before = np.where(running, size, 1.0)
    return Solution(x, MOST_STEPS, False)
