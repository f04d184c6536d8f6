"""Henderson's mixed-model equations of the crossed model, with the raters eliminated, as dense matrices.

Columns of the dense system: units, then groups, then the intercept (last, so that one Cholesky factor gives both
determinants). Notation as in Gilmour, Thompson & Cullis (1995): theta_i = var_i / residual, lambda = 1 / theta.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_solve, lapack
from scipy.sparse import coo_array, csc_array

from honestrank.sufficient import CrossedSums
from honestrank.wording import InputError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

TERMS = ("rater", "unit", "group")


@dataclass(frozen=True)
class Solved:
    """The equations solved at given ratios (terms without a ratio are absent).

    `solution` and `inverse` cover all dense columns (absent ones are zero); `weight` is 1 / (n_r + lambda) per rater;
    `my` = y'My, `residual` the profiled residual variance; `mean_variance` in units of the residual.
    """

    ratios: dict[str, float]
    weight: Floats
    crossproduct: Floats
    solution: Floats
    inverse: Floats
    residual: float
    objective: float
    mean: float
    mean_variance: float


class Equations:
    """Sums of one file arranged for solving at many ratios. `method` is "REML" or "ML"."""

    def __init__(self, sums: CrossedSums, method: str) -> None:
        self.method = method
        self.origin = sums.origin
        self.squares = sums.squares
        self.units, self.groups = len(sums.units), len(sums.groups)
        self.size = self.units + self.groups + 1
        self.n = float(sums.n.sum())
        self.freedom = self.n - 1 if method == "REML" else self.n
        self.rater_n = np.bincount(sums.rater, weights=sums.n, minlength=sums.raters).astype(np.float64)
        self.rater_total = np.bincount(sums.rater, weights=sums.total, minlength=sums.raters)
        self.incidence = _incidence(sums, self.size)
        self.gram = _gram(sums, self.size)
        self.total = np.zeros(self.size)
        np.add.at(self.total, sums.unit, sums.total)
        if self.groups:
            np.add.at(self.total, self.units + sums.group, sums.total)
        self.total[-1] = sums.total.sum()
        self.variance = (self.squares - self.total[-1] ** 2 / self.n) / (self.n - 1)
        self._sizes, self._size_of_rater = np.unique(self.rater_n, return_inverse=True)
        self._by_size = _products_by_size(self.incidence, self._size_of_rater, len(self._sizes))

    def block(self, term: str) -> slice:
        """The dense columns of the units or of the groups."""
        return slice(0, self.units) if term == "unit" else slice(self.units, self.units + self.groups)

    def weighted_products(self, weight_of_size: Floats) -> Floats:
        """sum over raters of w_r q_r q_r', where w depends on n_r only: one sparse product, whatever their number."""
        positions, matrix = self._by_size
        dense = np.zeros(self.size * self.size)
        dense[positions] = matrix @ weight_of_size
        return dense.reshape(self.size, self.size)

    def moment_start(self) -> dict[str, float]:
        """Ratios to the residual from sums of squares within raters, units, groups and in all, set to their expectation.

        Ratios start between 0.01 and 100. Terms without levels to tell apart are left out.
        """
        counts = self._counts()
        terms = [term for term in TERMS if term in counts]
        classes = [*terms, "all"]
        left = np.array([[self._within_share(row, column) for column in terms] + [0.0] for row in classes])
        left[:, -1] = [self.n - len(counts[row]) if row != "all" else self.n - 1 for row in classes]
        right = np.array([self._within(row) for row in classes])
        variances = np.linalg.lstsq(left, right, rcond=None)[0]
        residual = variances[-1] if variances[-1] > 0 else right[-1] / self.n
        return {term: float(np.clip(variances[i] / residual, 0.01, 100.0)) for i, term in enumerate(terms)}

    def _counts(self) -> dict[str, Floats]:
        """Marks per level of each term that has more than one level."""
        diagonal = np.diag(self.gram)
        counts = {"rater": self.rater_n, "unit": diagonal[self.block("unit")], "group": diagonal[self.block("group")]}
        return {term: n for term, n in counts.items() if len(n) > 1}

    def _within(self, term: str) -> float:
        if term == "all":
            return float(self.squares - self.total[-1] ** 2 / self.n)
        if term == "rater":
            return float(self.squares - (self.rater_total**2 / self.rater_n).sum())
        columns = self.block(term)
        return float(self.squares - (self.total[columns] ** 2 / np.diag(self.gram)[columns]).sum())

    def _within_share(self, row: str, column: str) -> float:
        """Coefficient of var(column) in the expected sum of squares within `row`: n - sum n_rc^2 / n_r."""
        if row == column:
            return 0.0
        joint = self._joint(row, column)
        return self.n - float((joint.sum(axis=1) / self._level_counts(row)).sum())

    def _level_counts(self, term: str) -> Floats:
        if term == "all":
            return np.array([self.n])
        return self.rater_n if term == "rater" else np.diag(self.gram)[self.block(term)]

    def _joint(self, row: str, column: str) -> Floats:
        """Squared numbers of marks that levels of `row` share with levels of `column`, summed over `column`, as a column."""
        if row == "all":
            return np.array([[float((self._level_counts(column) ** 2).sum())]])
        if "rater" in (row, column):
            squared = self.incidence.power(2)[:, self.block(column if row == "rater" else row)]
            return np.asarray(squared.sum(axis=1 if row == "rater" else 0), dtype=np.float64).reshape(-1, 1)
        shared = self.gram[self.block(row), self.block(column)] ** 2
        return np.asarray(shared.sum(axis=1, keepdims=True))

    def solve(self, ratios: dict[str, float]) -> Solved:
        """Solve at `ratios` and evaluate −2 log (restricted) likelihood."""
        weight_of_size = 1 / (self._sizes + 1 / ratios["rater"]) if "rater" in ratios else np.zeros(len(self._sizes))
        weight = weight_of_size[self._size_of_rater]
        crossproduct = self.gram - self.weighted_products(weight_of_size)
        right = self._right(weight)
        kept = self._kept(ratios)
        system = crossproduct[np.ix_(kept, kept)]
        for term in ("unit", "group"):
            if term in ratios:
                place = np.flatnonzero(np.isin(kept, np.arange(self.size)[self.block(term)]))
                system[place, place] += 1 / ratios[term]
        solution, inverse = np.zeros(self.size), np.zeros((self.size, self.size))
        solution[kept], inverse[np.ix_(kept, kept)], pivots = _solve_symmetric(system, right[kept])
        squares = self.squares - float(weight @ self.rater_total**2) - float(right @ solution)
        residual = max(squares / self.freedom, 1e-12 * self.variance)
        return Solved(
            ratios=ratios,
            weight=weight,
            crossproduct=crossproduct,
            solution=solution,
            inverse=inverse,
            residual=residual,
            objective=self.freedom * (1 + math.log(2 * math.pi * residual)) + self._determinant(ratios, pivots),
            mean=float(solution[-1]),
            mean_variance=float(inverse[-1, -1]),
        )

    def _right(self, weight: Floats) -> Floats:
        """[Z X]'M y."""
        return np.asarray(self.total - self.incidence.T @ (weight * self.rater_total), dtype=np.float64)

    def _determinant(self, ratios: dict[str, float], pivots: Floats) -> float:
        """log|V| and, for REML, + log|X'V^-1 X|, V in units of the residual."""
        found = float(pivots[:-1].sum()) + (float(pivots[-1]) if self.method == "REML" else 0.0)
        if "rater" in ratios:
            found += float(np.log1p(ratios["rater"] * self.rater_n).sum())
        for term, levels in (("unit", self.units), ("group", self.groups)):
            found += levels * math.log(ratios[term]) if term in ratios else 0.0
        return found

    def _kept(self, ratios: dict[str, float]) -> Integers:
        """Dense columns in use: those of terms with a ratio, and the intercept."""
        blocks = [np.arange(self.size)[self.block(term)] for term in ("unit", "group") if term in ratios]
        return np.concatenate([*blocks, [self.size - 1]])

    def derivatives(self, solved: Solved, terms: list[str]) -> tuple[Floats, Floats]:
        """Gradient and average information of the profiled criterion in the log ratios of `terms`.

        gradient_i = q_i − tr(C^ii) / theta_i − df u_i'u_i / (theta_i S); information_ij = df (f_i'P f_j / S − a_i a_j / S^2)
        with f_i = Z_i u_i, a_i = u_i'u_i / theta_i, S = y'P y (Gilmour, Thompson & Cullis 1995, section 3).
        """
        total = solved.residual * self.freedom
        effects = {term: self.effects(solved, term) for term in terms}
        traces = self._traces(solved, terms)
        squares = np.array([float(effects[term] @ effects[term]) / solved.ratios[term] for term in terms])
        levels = np.array([len(effects[term]) for term in terms], dtype=np.float64)
        ratio = np.array([solved.ratios[term] for term in terms])
        gradient = levels - traces / ratio - self.freedom * squares / total
        curvature = self._curvature(solved, terms, effects)
        return gradient, self.freedom * (curvature / total - np.outer(squares, squares) / total**2)

    def effects(self, solved: Solved, term: str) -> Floats:
        """Best linear unbiased predictions of the levels of `term`."""
        if term == "rater":
            return np.asarray(solved.weight * (self.rater_total - self.incidence @ solved.solution))
        return solved.solution[self.block(term)]

    def _traces(self, solved: Solved, terms: list[str]) -> Floats:
        """tr(C^ii) of each term, C^rr through the eliminated raters: sum w + sum over raters of w^2 q'C^-1 q."""
        inverse = solved.inverse
        if self.method == "ML":
            inverse = inverse - np.outer(inverse[-1], inverse[-1]) / inverse[-1, -1]
        traces = []
        for term in terms:
            if term == "rater":
                squared = (1 / (self._sizes + 1 / solved.ratios["rater"])) ** 2
                traces.append(float(solved.weight.sum() + (inverse * self.weighted_products(squared)).sum()))
            else:
                traces.append(float(np.trace(inverse[self.block(term), self.block(term)])))
        return np.array(traces)

    def _curvature(self, solved: Solved, terms: list[str], effects: dict[str, Floats]) -> Floats:
        """f_i'P f_j for all pairs of terms."""
        right = {}
        for term in terms:
            if term == "rater":
                right[term] = self.incidence.T @ (solved.weight / solved.ratios["rater"] * effects["rater"])
            else:
                right[term] = solved.crossproduct[:, self.block(term)] @ effects[term]
        stacked = np.stack([right[term] for term in terms], axis=1)
        direct = [[self._direct(solved, one, other, effects, right) for other in terms] for one in terms]
        return np.asarray(np.array(direct) - stacked.T @ solved.inverse @ stacked)

    def _direct(
        self, solved: Solved, one: str, other: str, effects: dict[str, Floats], right: dict[str, Floats]
    ) -> float:
        """f_i'M f_j."""
        if one == other == "rater":
            own = self.rater_n * solved.weight / solved.ratios["rater"]
            return float(own @ effects["rater"] ** 2)
        dense, through = (one, other) if other == "rater" or one != "rater" else (other, one)
        return float(effects[dense] @ right[through][self.block(dense)])

    def fixed_units(self, solved: Solved) -> tuple[Floats, Floats]:
        """Unit scores about the origin with units fixed, raters and groups random, and their covariance / residual."""
        columns = self._kept(solved.ratios | {"unit": 1.0})[:-1]
        system = solved.crossproduct[np.ix_(columns, columns)]
        place = np.arange(self.units, len(columns))
        system[place, place] += 1 / solved.ratios["group"] if len(place) else 0.0
        right = self._right(solved.weight)[columns]
        solution, inverse, _ = _solve_symmetric(system, right)
        return solution[: self.units], inverse[: self.units, : self.units]

    def random_units(self, solved: Solved) -> tuple[Floats, Floats]:
        """Shrunken scores (mean + unit effect) about the origin, and the covariance of their errors / residual."""
        unit, inverse = self.block("unit"), solved.inverse
        with_mean = inverse[unit, -1][:, None] + inverse[-1, unit] + inverse[-1, -1]
        return solved.mean + solved.solution[unit], inverse[unit, unit] + with_mean


def _solve_symmetric(system: Floats, right: Floats) -> tuple[Floats, Floats, Floats]:
    """Solution, inverse and log squared pivots of a positive definite system, by one Cholesky factor."""
    factor, failed = lapack.dpotrf(system, lower=1, clean=1)
    if failed:
        raise InputError("too_few_ratings")
    lower, _ = lapack.dpotri(factor, lower=1)
    inverse = np.asarray(lower + np.tril(lower, -1).T)
    return cho_solve((factor, True), right), inverse, 2 * np.log(np.diag(factor))


def _incidence(sums: CrossedSums, size: int) -> csc_array:
    """Raters x dense columns: how many marks each rater gave to each unit, in each group, and in all."""
    columns, rows, values = [sums.unit], [sums.rater], [sums.n]
    if sums.groups:
        columns, rows, values = [*columns, len(sums.units) + sums.group], [*rows, sums.rater], [*values, sums.n]
    columns, rows, values = [*columns, np.full(len(sums.n), size - 1)], [*rows, sums.rater], [*values, sums.n]
    coordinates = (np.concatenate(rows), np.concatenate(columns))
    matrix = coo_array((np.concatenate(values).astype(np.float64), coordinates), shape=(sums.raters, size))
    return csc_array(matrix)


def _gram(sums: CrossedSums, size: int) -> Floats:
    """[Z X]'[Z X]: marks shared by each pair of dense columns."""
    gram = np.zeros((size, size))
    units, columns = len(sums.units), [sums.unit]
    if sums.groups:
        columns.append(units + sums.group)
    columns.append(np.full(len(sums.n), size - 1))
    for one in columns:
        for other in columns:
            np.add.at(gram, (one, other), sums.n)
    return gram


def _products_by_size(incidence: csc_array, size_of_rater: Integers, sizes: int) -> tuple[Integers, csc_array]:
    """For each number of marks k, P_k = sum of q q' over raters with n_r = k: flat positions, and positions x sizes."""
    rows = incidence.tocsr()
    positions, values, owners = [], [], []
    for k in range(sizes):
        chosen = rows[size_of_rater == k]
        product = (chosen.T @ chosen).tocoo()
        positions.append(product.row.astype(np.int64) * incidence.shape[1] + product.col)
        values.append(product.data)
        owners.append(np.full(product.nnz, k))
    distinct, place = np.unique(np.concatenate(positions), return_inverse=True)
    entries = coo_array((np.concatenate(values), (place, np.concatenate(owners))), shape=(len(distinct), sizes))
    return distinct, csc_array(entries)
