"""Sums over raters of w_r q_r q_r', q_r saying how many marks rater r gave in each column, for many weights in turn.

Only the lower triangle is kept, in Fortran order as LAPACK wants it.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class WeightedProducts:
    """`incidence` (raters x columns, the last of them the raters' totals) with the pairs of columns that raters share.

    A rater with m columns makes m (m + 1) / 2 pairs, 16 bytes each; `pair_count` tells beforehand.
    """

    def __init__(self, incidence: csr_array) -> None:
        self.incidence = incidence
        self.columns = incidence.shape[1]
        self._marks = incidence[:, [self.columns - 1]].toarray().ravel()
        self._pairs_of_rater, self._position, self._product = _pairs(incidence[:, : self.columns - 1].tocsr())

    def at(self, weight: Floats) -> Floats:
        """The sum at these weights of raters: lower triangle, Fortran order; what lies above the diagonal is zero."""
        values = np.repeat(weight, self._pairs_of_rater)
        values *= self._product
        flat = np.bincount(self._position, weights=values, minlength=self.columns**2)
        matrix = np.asarray(flat, dtype=np.float64).reshape(self.columns, self.columns).T
        matrix[-1, :] = self.incidence.T @ (weight * self._marks)
        return matrix


def pair_count(columns_of_rater: Integers) -> int:
    """How many pairs raters make who have marks in so many columns each."""
    return int((columns_of_rater * (columns_of_rater + 1) // 2).sum())


def _pairs(rows: csr_array) -> tuple[Integers, Integers, Floats]:
    """How many pairs each rater has; each pair's flat place right * (columns + 1) + left, left >= right, and product."""
    rows.sort_indices()
    length = np.diff(rows.indptr).astype(np.int64)
    begin = np.repeat(rows.indptr[:-1].astype(np.int64), length)
    earlier = np.arange(len(begin)) - begin + 1
    left = np.repeat(np.arange(len(begin)), earlier)
    right = np.arange(len(left)) + np.repeat(begin - (np.cumsum(earlier) - earlier), earlier)
    position = rows.indices.astype(np.int64)[right] * (rows.shape[1] + 1)
    position += rows.indices[left]
    return length * (length + 1) // 2, position, rows.data[left] * rows.data[right]
