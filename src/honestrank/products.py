"""Sums over raters of w_r q_r q_r', fast at any weights that depend on a rater's number of marks only.

q_r says how many marks rater r gave in each column. Only the lower triangle is kept, in Fortran order as LAPACK wants it.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

PAIRS_AT_ONCE = 1 << 22


class WeightedProducts:
    """`incidence` (raters x columns, intercept last) arranged by `size_of_rater`, each rater's place among the sizes.

    A matrix is made once, with a row for each pair of columns and a column for each size, so that the sum at given
    weights is one sparse product whose work does not grow with the number of raters who share their pairs.
    """

    def __init__(self, incidence: csr_array, size_of_rater: Integers, sizes: int) -> None:
        self.incidence = incidence
        self.columns = incidence.shape[1]
        self._size_of_rater = size_of_rater
        self._marks = incidence[:, [self.columns - 1]].toarray().ravel()
        blocks = _blocks(incidence[:, : self.columns - 1].tocsr(), size_of_rater, self.columns, sizes)
        self._pairs = next(blocks, csr_array((self.columns**2, sizes)))
        for block in blocks:
            self._pairs = self._pairs + block

    def at(self, weight_of_size: Floats) -> Floats:
        """The sum at these weights: lower triangle, Fortran order; what lies above the diagonal is zero."""
        matrix = np.asarray(self._pairs @ weight_of_size).reshape(self.columns, self.columns).T
        matrix[-1, :] = self.incidence.T @ (weight_of_size[self._size_of_rater] * self._marks)
        return matrix


def _blocks(rows: csr_array, size_of_rater: Integers, columns: int, sizes: int) -> Iterator[csr_array]:
    """The pairs of each block of raters: (right * columns + left) x size, left >= right."""
    rows.sort_indices()
    begin, length = rows.indptr[:-1].astype(np.int64), np.diff(rows.indptr).astype(np.int64)
    pairs_before = np.concatenate([[0], np.cumsum(length * (length + 1) // 2)])
    start = 0
    while start < len(length):
        limit = pairs_before[start] + PAIRS_AT_ONCE
        stop = max(start + 1, int(np.searchsorted(pairs_before, limit, side="right")) - 1)
        entries = np.arange(rows.indptr[start], rows.indptr[stop])
        owner = np.repeat(np.arange(start, stop), length[start:stop])
        place = entries - begin[owner] + 1
        left = np.repeat(entries, place)
        within = np.arange(len(left)) - np.repeat(np.cumsum(place) - place, place)
        right = within + np.repeat(begin[owner], place)
        position = rows.indices[right].astype(np.int64) * columns + rows.indices[left]
        size = np.repeat(size_of_rater[owner], place)
        product = rows.data[left] * rows.data[right]
        yield csr_array((product, (position, size)), shape=(columns**2, sizes))
        start = stop
