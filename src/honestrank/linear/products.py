"""Sums over raters of w_r q_r q_r', q_r saying how many marks rater r gave in each column, for many weights in turn.

Only the lower triangle is kept, in Fortran order as LAPACK wants it. Symbols: q_r is row r of `incidence`; w_r its weight; n_r =
q_r's last entry; P_k = sum of q_r q_r' over the raters with n_r = k; C a symmetric matrix given by its lower triangle.
"""

from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import blas
from scipy.sparse import csr_array

from honestrank.linear.threads import side_by_side

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# Each kind keeps a square matrix of its own; the fit itself holds three (docs/methods/scale.md), so that four about
# double it.
MOST_KINDS = 4


class WeightedProducts:
    """`incidence`: raters x columns, the last of them the raters' totals n_r.

    Weights are 1 / (n_r + lambda) or their powers: where raters gave only a few different numbers of marks the sum is
    sum_k w_k P_k, P_k being that over the raters with n_r = k, and no rater is looked at twice.
    """

    def __init__(self, incidence: csr_array) -> None:
        self.incidence = incidence
        self.columns = incidence.shape[1]
        self._marks = incidence[:, [self.columns - 1]].toarray().ravel()
        rows = incidence[:, : self.columns - 1].tocsr()
        rows.sort_indices()
        self._begins, self._codes = rows.indptr.astype(np.int64), rows.indices.astype(np.uint32)
        self._values = rows.data.astype(np.float64)
        # An entry costs as many additions as its rater has entries from it on. Each thread gets the columns of half
        # of all additions.
        pairs = np.repeat(self._begins[1:], np.diff(self._begins)) - np.arange(len(self._codes))
        by_column = np.cumsum(np.bincount(self._codes, weights=pairs, minlength=self.columns))
        self._half = int(np.searchsorted(by_column, by_column[-1] / 2))
        # For `forms` a rater costs the square of its columns.
        by_rater = np.cumsum(np.diff(self._begins) ** 2)
        self._half_of_raters = int(np.searchsorted(by_rater, by_rater[-1] / 2)) if len(by_rater) else 0
        kinds, self._first, self._kind = np.unique(self._marks, return_index=True, return_inverse=True)
        # Kept sums pay when adding k square matrices is no more work than going through all pairs of all raters. A
        # pair lies scattered in memory and is taken to cost as much as two entries in a row.
        is_few = len(kinds) <= MOST_KINDS and len(kinds) * self.columns**2 <= 2 * by_column[-1]
        self._of_kind = [self._of_one_kind(kind) for kind in range(len(kinds) if is_few else 0)]

    def take_from(self, lower: Floats, weight: Floats) -> None:
        """Take the sum at these weights of raters from a lower triangle in Fortran order, in its place."""
        transposed = lower.T
        if self._is_by_kind(weight):
            for products, value in zip(self._of_kind, weight[self._first], strict=True):
                blas.daxpy(products.reshape(-1), transposed.reshape(-1), a=-float(value))
        else:
            self._add(-weight, transposed)
        # The last column, q_r's n_r, is left out of the kernels: every rater has it, and it is one sparse product.
        transposed[:, -1] -= self.incidence.T @ (weight * self._marks)

    def forms(self, weight: Floats, lower: Floats) -> float:
        """Sum over raters of w_r q_r'C q_r, the trace of C times the sum at these weights; C's lower triangle, Fortran order."""
        upper = lower.T
        if self._is_by_kind(weight):
            # tr(C P) of two symmetric matrices from one triangle of each: twice the sum of products less the
            # diagonal's.
            own, found = np.diag(upper), 0.0
            for products, value in zip(self._of_kind, weight[self._first], strict=True):
                found += float(value) * (2 * float(np.vdot(upper, products)) - float(own @ np.diag(products)))
        else:
            found = self._forms(weight, upper)
        last = self.incidence.T @ (weight * self._marks)
        return found + 2 * float(upper[:-1, -1] @ last[:-1]) + float(upper[-1, -1] * last[-1])

    def _is_by_kind(self, weight: Floats) -> bool:
        """Whether the sums of each kind of rater are kept and weights differ between kinds only."""
        return bool(self._of_kind) and bool((weight[self._first][self._kind] == weight).all())

    def _forms(self, weight: Floats, upper: Floats) -> float:
        """Of all columns but the last: two threads, each with half of the work's raters."""
        from honestrank.linear.kernels import sum_forms

        half, found, given = self._half_of_raters, [0.0, 0.0], (self._begins, self._codes, self._values, weight)

        def add(part: int, first: int, beyond: int) -> None:
            found[part] = sum_forms(*given, first, beyond, upper)

        side_by_side(partial(add, 0, 0, half), partial(add, 1, half, len(self._marks)))
        return sum(found)

    def _add(self, weight: Floats, transposed: Floats) -> None:
        """The transpose of the sum, but for its last column: two threads, each with half of the work's columns."""
        from honestrank.linear.kernels import add_products

        given = (self._begins, self._codes, self._values, weight)
        side_by_side(
            partial(add_products, *given, 0, self._half, transposed),
            partial(add_products, *given, self._half, self.columns, transposed),
        )

    def _of_one_kind(self, kind: int) -> Floats:
        products = np.zeros((self.columns, self.columns))
        self._add((self._kind == kind).astype(np.float64), products)
        return products


def pair_count(columns_of_rater: Integers) -> int:
    """How many pairs raters make who have marks in so many columns each: the work of one sum."""
    return int((columns_of_rater * (columns_of_rater + 1) // 2).sum())
