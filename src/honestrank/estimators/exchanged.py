"""The equations with units and raters exchanged: where units are the larger side they are the ones eliminated.

The search of `crossed` sees the same model with the two names exchanged; scores and their errors come out by unit.
"""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array, diags_array

from honestrank.estimators.equations import Equations, Solved, System, both_triangles, design_of
from honestrank.estimators.fixed_columns import FixedDesign
from honestrank.linear.factored import Factored
from honestrank.sums import CrossedSums

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class ExchangedEquations(Equations):
    """`Equations` of `sums` whose "unit" is the rater and whose "rater" is the unit.

    With w_u = 1 / (n_u + lambda) and Q_u the marks of unit u in each dense column, its effect is w_u (t_u - Q_u x), x the
    solution of the dense columns and C their inverse; hence its variance w_u + w_u Q_u C Q_u' w_u (residual = 1), and so for
    every linear combination with x.
    """

    names = {"rater": "unit", "unit": "rater", "group": "group"}

    def __init__(self, sums: CrossedSums, method: str) -> None:
        super().__init__(_exchanged(sums), method)

    def _design(self, sums: CrossedSums) -> FixedDesign:
        return design_of(sums, sums.rater, sums.raters)

    def fixed_units(self, solved: Solved) -> tuple[Floats, Factored]:
        """As `Equations.fixed_units`: 1 / n_u takes the place of w_u, and the free fixed columns stand at their means."""
        weight, free = 1 / self.rater_n, self.free_columns()
        ratios = solved.ratios | {"rater": math.inf}
        system = self._solve(weight, self._right(weight), ratios, self.bound_columns())
        means = self.fixed.means[free - self.units - self.groups]
        return self._by_unit(weight, np.broadcast_to(means, (self.eliminated, len(free))), free, system)

    def predictions(self, solved: Solved) -> Floats:
        """As `Equations.predictions`."""
        return self._predicted(solved)[0]

    def posterior(self, solved: Solved) -> Factored:
        """As `Equations.posterior`."""
        return self._predicted(solved)[1]

    def conditional(self, solved: Solved) -> Floats:
        """As `Equations.conditional`."""
        rows, through = self.fixed_known(solved.inverse), csr_array(diags_array(solved.weight) @ self.incidence)
        return Factored(solved.weight, through, both_triangles(solved.inverse) - rows.T @ rows).diagonal

    def _predicted(self, solved: Solved) -> tuple[Floats, Factored]:
        fixed = np.arange(self.units + self.groups, self.size)
        return self._by_unit(solved.weight, self.own_design(), fixed, solved.system)

    def _by_unit(self, weight: Floats, at: Floats, columns: Integers, system: System) -> tuple[Floats, Factored]:
        """w_u (t_u - Q_u x) + at_u x, and its covariance; `at` says how much of each of some dense columns is in it."""
        row, place = np.nonzero(at)
        fixed = coo_array((at[row, place], (row, columns[place])), shape=(self.eliminated, self.size))
        through = csr_array(csr_array(fixed) - diags_array(weight) @ self.incidence)
        score = weight * self.rater_total + through @ system.solution
        return np.asarray(score, dtype=np.float64), Factored(weight, through, both_triangles(system.inverse))


def _exchanged(sums: CrossedSums) -> CrossedSums:
    """The same cells in the order of the new names."""
    order = np.argsort(sums.unit, kind="stable")
    return replace(
        sums,
        units=tuple(map(str, range(sums.raters))),
        raters=len(sums.units),
        rater=sums.unit[order],
        unit=sums.rater[order],
        group=sums.group[order],
        n=sums.n[order],
        total=sums.total[order],
        fixed=None if sums.fixed is None else replace(sums.fixed, codes=sums.fixed.codes[order]),
        unit_squares=None,
    )
