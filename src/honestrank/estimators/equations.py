"""Henderson's mixed-model equations of the crossed model, with the raters eliminated, as dense matrices.

Columns of the dense system: units, groups, fixed columns, the intercept. Symmetric matrices hold their lower triangle only.
Notation as in Gilmour, Thompson & Cullis (1995); the symbols are listed below.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import blas, solve_triangular
from scipy.sparse import coo_array, csr_array

from honestrank.estimators.fixed_columns import FixedDesign
from honestrank.estimators.moments import moment_variances
from honestrank.linear.dense import Factor
from honestrank.linear.factored import Covariance
from honestrank.linear.products import WeightedProducts
from honestrank.sums import CrossedSums
from honestrank.words.wording import InputError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# Symbols, and where each is kept:
#   y            the marks about `origin`; never held, only their sums
#   Z_r, Z_i     which rater, and which level of term i (unit, group), gave or got each mark
#   X            the fixed columns and the intercept, last: one Cholesky factor then gives log|V| (its first pivots) and, for REML,
#                log|X'V^-1 X| (the rest); raters and thetas add their own part in `_determinant`
#   theta_i      variance of term i / residual variance: `ratios[term]`; lambda_i = 1 / theta_i stands on the diagonal
#   w_r          1 / (n_r + lambda_r), n_r the marks of rater r: `weight`, `rater_n`
#   M            I - Z_r diag(w) Z_r': what is left of the marks when the raters are eliminated
#   q_r          how many marks rater r gave in each dense column: the rows of `incidence`
#   [Z X]'[Z X]  `gram`; [Z X]'y is `total`; [Z X]'M [Z X] = gram - sum_r w_r q_r q_r' is what is solved
#   C            the inverse of that system with lambdas: `inverse`; C^ii its block of term i
#   u_i          predictions of the levels of term i: `effects`
#   P            V^-1 - V^-1 X (X'V^-1 X)^-1 X'V^-1, V in units of the residual
#   S            y'Py, the residual sum of squares; df = marks - columns of X for REML, marks for ML: `freedom`


class System:
    """A system solved; columns left out are zero in `solution` and on the diagonal of `inverse`, which waits to be asked for."""

    def __init__(self, system: Floats, right: Floats, absent: list[slice | Integers], corner: int = 0) -> None:
        try:
            self._factor = Factor(system)
        except np.linalg.LinAlgError as error:
            raise InputError("too_few_ratings") from error
        self._absent = absent
        self.solution, self.pivots = self._factor.solve(right), self._factor.pivots
        self.corner = self._factor.last(corner) if corner else np.zeros((0, 0))

    @cached_property
    def inverse(self) -> Floats:
        """Lower triangle."""
        inverse = self._factor.invert()
        for columns in self._absent:
            np.einsum("ii->i", inverse)[columns] = 0
        return inverse


@dataclass(frozen=True)
class Solved:
    """The equations solved at given ratios (terms without a ratio are absent).

    `solution` and `inverse` cover all dense columns (absent ones are zero), `corner` the inverse at the fixed columns and the
    intercept; `weight` is 1 / (n_r + lambda) per rater, `residual` the profiled residual variance.
    """

    ratios: dict[str, float]
    weight: Floats
    system: System
    residual: float
    objective: float

    @property
    def solution(self) -> Floats:
        """Of all dense columns."""
        return self.system.solution

    @property
    def inverse(self) -> Floats:
        """Lower triangle, of all dense columns; computed when first asked for."""
        return self.system.inverse

    @property
    def corner(self) -> Floats:
        """Of the inverse, at the fixed columns and the intercept."""
        return self.system.corner


class Equations:
    """Sums of one file arranged for solving at many ratios. `method` is "REML" or "ML".

    `names`: what each term of the equations is called in the answer.
    """

    names: ClassVar[dict[str, str]] = {"rater": "rater", "unit": "unit", "group": "group"}

    def __init__(self, sums: CrossedSums, method: str) -> None:
        self.method = method
        self.origin = sums.origin
        self.squares = sums.squares
        self.units, self.groups, self.eliminated = len(sums.units), len(sums.groups), sums.raters
        self.fixed = self._design(sums)
        self.size = self.units + self.groups + len(self.fixed.names) + 1
        self.n = float(sums.n.sum())
        self.freedom = self.n - 1 - len(self.fixed.names) if method == "REML" else self.n
        self.rater_n = np.bincount(sums.rater, weights=sums.n, minlength=sums.raters).astype(np.float64)
        self.rater_total = np.bincount(sums.rater, weights=sums.total, minlength=sums.raters)
        self.incidence = _incidence(sums, self.size, self.fixed)
        self.gram = _gram(sums, self.size, self.fixed)
        self.total = np.zeros(self.size)
        self.total[: self.units] = np.bincount(sums.unit, weights=sums.total, minlength=self.units)
        if self.groups:
            self.total[self.block("group")] = np.bincount(sums.group, weights=sums.total, minlength=self.groups)
        self.total[self.block("fixed")] = self.fixed.matrix.T @ sums.total
        self.total[-1] = sums.total.sum()
        self.variance = (self.squares - self.total[-1] ** 2 / self.n) / (self.n - 1)
        self._moments = moment_variances(sums)
        self._products = WeightedProducts(self.incidence)

    def _design(self, sums: CrossedSums) -> FixedDesign:
        return design_of(sums, sums.unit, len(sums.units))

    def block(self, term: str) -> slice:
        """The dense columns of the units, of the groups, or of the fixed effects but the intercept."""
        start = self.units + self.groups
        if term == "fixed":
            return slice(start, self.size - 1)
        return slice(0, self.units) if term == "unit" else slice(self.units, start)

    def moment_start(self) -> dict[str, float]:
        """Ratios of the moments to the residual, between 0.01 and 100; terms without levels to tell apart left out."""
        variances = dict(self._moments)
        residual = variances.pop("residual")
        if residual <= 0:
            residual = self.variance
        # A start needs a logarithm, and moments may be below zero or wild where groups are few: the search goes on
        # from these bounds.
        return {term: min(100.0, max(0.01, value / residual)) for term, value in variances.items()}

    def solve(self, ratios: dict[str, float]) -> Solved:
        """Solve at `ratios` and evaluate −2 log (restricted) likelihood."""
        weight = 1 / (self.rater_n + 1 / ratios["rater"]) if "rater" in ratios else np.zeros(len(self.rater_n))
        right = self._right(weight)
        system = self._solve(weight, right, ratios)
        squares = self.squares - float(weight @ self.rater_total**2) - float(right @ system.solution)
        # Its logarithm must exist: marks that follow exactly from the terms leave a sum of squares of rounding, of
        # either sign.
        residual = max(squares / self.freedom, 1e-12 * self.variance)
        return Solved(
            ratios=ratios,
            weight=weight,
            system=system,
            residual=residual,
            objective=self.freedom * (1 + math.log(2 * math.pi * residual)) + self._determinant(ratios, system.pivots),
        )

    def _right(self, weight: Floats) -> Floats:
        """[Z X]'M y."""
        return np.asarray(self.total - self.incidence.T @ (weight * self.rater_total), dtype=np.float64)

    def _determinant(self, ratios: dict[str, float], pivots: Floats) -> float:
        """log|V| and, for REML, + log|X'V^-1 X|, V in units of the residual."""
        random = self.units + self.groups
        found = float(pivots[:random].sum()) + (float(pivots[random:].sum()) if self.method == "REML" else 0.0)
        if "rater" in ratios:
            found += float(np.log1p(ratios["rater"] * self.rater_n).sum())
        for term, levels in (("unit", self.units), ("group", self.groups)):
            found += levels * math.log(ratios[term]) if term in ratios else 0.0
        return found

    def _solve(
        self, weight: Floats, right: Floats, ratios: dict[str, float], left_out: Integers | None = None
    ) -> System:
        """[Z X]'M[Z X], M = I - Z_r diag(weight) Z_r', solved with 1 / ratio on the diagonal of each term.

        Columns of terms without a ratio, and those `left_out`, are as if they were not there.
        """
        system, right = self.gram.copy(order="F"), right.copy()
        if "rater" in ratios:
            self._products.take_from(system, weight)
        diagonal = np.einsum("ii->i", system)
        absent: list[slice | Integers] = [] if left_out is None else [left_out]
        for term in ("unit", "group"):
            if term in ratios:
                diagonal[self.block(term)] += 1 / ratios[term]
            else:
                absent.append(self.block(term))
        # A column becomes absent by a one on its diagonal: the matrix keeps its size, and log 1 adds nothing to the
        # determinant.
        for columns in absent:
            system[columns, :] = system[:, columns] = right[columns] = 0
            diagonal[columns] = 1
        return System(system, right, absent, corner=0 if left_out is not None else 1 + len(self.fixed.names))

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
        own = np.diag(inverse)
        last = self._through_fixed(inverse)
        traces = []
        for term in terms:
            columns = self.block(term)
            if term == "rater":
                squared = solved.weight**2
                through = float((squared @ (self.incidence @ last.T) ** 2).sum())
                traces.append(float(solved.weight.sum()) + self._products.forms(squared, inverse) - through)
            else:
                traces.append(float(own[columns].sum() - (last[:, columns] ** 2).sum()))
        return np.array(traces)

    def _through_fixed(self, inverse: Floats) -> Floats:
        """Rows whose squares take from the inverse what knowing the fixed effects would: for ML; none for REML."""
        return np.zeros((0, self.size)) if self.method == "REML" else self.fixed_known(inverse)

    def fixed_known(self, inverse: Floats) -> Floats:
        """Rows R: the inverse less R'R is what it would be if the fixed effects were known."""
        start = self.size - 1 - len(self.fixed.names)
        rows = np.concatenate([inverse[start:, :start], both_triangles(inverse[start:, start:])], axis=1)
        return np.asarray(solve_triangular(np.linalg.cholesky(rows[:, start:]), rows, lower=True), dtype=np.float64)

    def conditional(self, solved: Solved) -> Floats:
        """Variances of the units' effects given marks, variances and fixed effects, / residual (lme4's `condVar`)."""
        unit, rows = self.block("unit"), self.fixed_known(solved.inverse)
        return np.asarray(np.diag(solved.inverse)[unit] - (rows[:, unit] ** 2).sum(axis=0), dtype=np.float64)

    def _curvature(self, solved: Solved, terms: list[str], effects: dict[str, Floats]) -> Floats:
        """f_i'P f_j for all pairs of terms."""
        right = {}
        for term in terms:
            if term == "rater":
                right[term] = self.incidence.T @ (solved.weight / solved.ratios["rater"] * effects["rater"])
            else:
                padded = np.zeros(self.size)
                padded[self.block(term)] = effects[term]
                through = self.incidence.T @ (solved.weight * (self.incidence @ padded))
                right[term] = _times(self.gram, padded) - through
        stacked = np.stack([right[term] for term in terms])
        direct = [[self._direct(solved, one, other, effects, right) for other in terms] for one in terms]
        through = np.stack([_times(solved.inverse, right[term]) for term in terms])
        return np.asarray(np.array(direct) - stacked @ through.T)

    def _direct(
        self, solved: Solved, one: str, other: str, effects: dict[str, Floats], right: dict[str, Floats]
    ) -> float:
        """f_i'M f_j."""
        if one == other == "rater":
            own = self.rater_n * solved.weight / solved.ratios["rater"]
            return float(own @ effects["rater"] ** 2)
        dense, through = (one, other) if other == "rater" or one != "rater" else (other, one)
        return float(effects[dense] @ right[through][self.block(dense)])

    def fixed_units(self, solved: Solved) -> tuple[Floats, Covariance]:
        """Unit scores about the origin with units fixed, raters and groups random, and their covariance / residual.

        Fixed columns that vary within units stand at their means; the others are constant in each unit and stay in its score.
        """
        ratios = solved.ratios | {"unit": math.inf}
        system = self._solve(solved.weight, self._right(solved.weight), ratios, self.bound_columns())
        solution, inverse, free = system.solution, system.inverse, self.free_columns()
        covariance = both_triangles(inverse[: self.units, : self.units])
        if len(free):
            means = self.fixed.means[~self.fixed.in_units]
            through = means @ inverse[free, : self.units]
            among = float(means @ both_triangles(inverse[np.ix_(free, free)]) @ means)
            covariance += through[:, None] + through + among
            return solution[: self.units] + means @ solution[free], covariance
        return solution[: self.units], covariance

    def free_columns(self) -> Integers:
        """The dense columns of fixed effects that vary within units."""
        return self.units + self.groups + np.flatnonzero(~self.fixed.in_units)

    def bound_columns(self) -> Integers:
        """Those that do not, and the intercept: units that are fixed take their place."""
        return np.append(self.units + self.groups + np.flatnonzero(self.fixed.in_units), self.size - 1)

    def predictions(self, solved: Solved) -> Floats:
        """Shrunken scores (mean + unit effect) about the origin.

        The unit's own part of the fixed columns is in it, the rest at its means (see `FixedDesign.of_unit`).
        """
        of_fixed = self.own_design() @ solved.solution[self.units + self.groups :]
        return np.asarray(of_fixed + solved.solution[self.block("unit")], dtype=np.float64)

    def posterior(self, solved: Solved) -> Covariance:
        """The covariance of the predictions' errors / residual."""
        unit, inverse = self.block("unit"), solved.inverse
        both = both_triangles(inverse[unit, unit])
        if not self.fixed.names:
            both += inverse[-1, unit][:, None] + inverse[-1, unit] + inverse[-1, -1]
            return both
        design = self.own_design()
        crossed = design @ inverse[self.units + self.groups :, unit]
        own = design @ solved.corner @ design.T
        return np.asarray(both + crossed + crossed.T + own, dtype=np.float64)

    def own_design(self) -> Floats:
        """How much of each fixed column, and of the intercept, is in each unit's own part."""
        return np.column_stack([self.fixed.of_unit, np.ones(len(self.fixed.of_unit))])

    def fixed_effects(self, solved: Solved) -> tuple[Floats, Floats, float, float]:
        """Estimates of the fixed columns, their variances / residual, and the mean at the columns' means with its own."""
        effects, at_means = solved.solution[self.units + self.groups :], np.append(self.fixed.means, 1.0)
        mean, variance = float(at_means @ effects), float(at_means @ solved.corner @ at_means)
        return effects[:-1], np.diag(solved.corner)[:-1], mean, variance


def _times(lower: Floats, vector: Floats) -> Floats:
    """The symmetric matrix times a vector."""
    return np.asarray(blas.dsymv(1.0, lower, vector, lower=1), dtype=np.float64)


def both_triangles(lower: Floats) -> Floats:
    """The whole of a symmetric matrix given by its lower triangle."""
    return np.where(np.tri(len(lower), dtype=bool), lower, lower.T)


def design_of(sums: CrossedSums, unit: Integers, units: int) -> FixedDesign:
    """The fixed columns of the cells and how they go with the units; none where none were asked for."""
    if sums.fixed is not None:
        return FixedDesign.of(sums.fixed, sums.n, unit, units)
    nothing, cells = np.zeros(0), len(sums.n)
    return FixedDesign((), (), csr_array((cells, 0)), nothing > 0, nothing, np.zeros((units, 0)))


def _incidence(sums: CrossedSums, size: int, fixed: FixedDesign) -> csr_array:
    """Raters x dense columns: how many marks each rater gave to each unit, in each group, fixed column, and in all."""
    columns = [sums.unit, *([len(sums.units) + sums.group] if sums.groups else []), np.full(len(sums.n), size - 1)]
    rows, values = np.tile(sums.rater, len(columns)), np.tile(sums.n, len(columns)).astype(np.float64)
    places = np.concatenate(columns)
    if fixed.names:
        dummies = coo_array(fixed.matrix)
        cell, column = dummies.coords
        rows = np.concatenate([rows, sums.rater[cell]])
        values = np.concatenate([values, sums.n[cell]])
        places = np.concatenate([places, size - 1 - len(fixed.names) + column])
    return csr_array(coo_array((values, (rows, places)), shape=(sums.raters, size)))


def _gram(sums: CrossedSums, size: int, fixed: FixedDesign) -> Floats:
    """[Z X]'[Z X]: marks shared by each pair of dense columns; lower triangle."""
    units = len(sums.units)
    gram = np.zeros((size, size), order="F")
    own = [np.bincount(sums.unit, weights=sums.n, minlength=units)]
    if sums.groups:
        groups = len(sums.groups)
        own.append(np.bincount(sums.group, weights=sums.n, minlength=groups))
        shared = np.bincount(sums.unit * groups + sums.group, weights=sums.n, minlength=units * groups)
        gram[units : units + groups, :units] = shared.reshape(units, groups).T
    own.append(fixed.matrix.T @ sums.n)
    gram[-1, :-1] = np.concatenate(own)
    np.einsum("ii->i", gram)[:-1] = gram[-1, :-1]
    gram[-1, -1] = sums.n.sum()
    if fixed.names:
        _fill_fixed(gram, sums, fixed)
    return gram


def _fill_fixed(gram: Floats, sums: CrossedSums, fixed: FixedDesign) -> None:
    """The rows of the fixed columns in the lower triangle of the Gram matrix."""
    units, cells = len(sums.units), np.arange(len(sums.n))
    start = len(gram) - 1 - len(fixed.names)
    weighted = csr_array(fixed.matrix.multiply(sums.n[:, None]))
    for codes, begin, levels in ((sums.unit, 0, units), (sums.group, units, len(sums.groups))):
        if levels:
            which = csr_array(coo_array((np.ones(len(cells)), (cells, codes)), shape=(len(cells), levels)))
            gram[start:-1, begin : begin + levels] = (weighted.T @ which).toarray()
    gram[start:-1, start:-1] = np.tril((fixed.matrix.T @ weighted).toarray())
