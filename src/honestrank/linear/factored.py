"""A covariance of very many scores, kept as their own variances and what goes through a small core.

Nothing of the size units x units is formed but for the units asked for.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from honestrank.linear.threads import side_by_side

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Factored:
    """diag(own) + F C F': `through` is F (units x small, sparse), `core` the symmetric C."""

    own: Floats
    through: "csr_array"
    core: Floats

    @cached_property
    def diagonal(self) -> Floats:
        """The variances."""
        from honestrank.linear.kernels import add_form_of_each

        rows, found = self.through.tocsr(), self.own.astype(np.float64)
        begins, columns = rows.indptr.astype(np.int64), rows.indices.astype(np.uint32)
        given = (begins, columns, rows.data.astype(np.float64), np.ascontiguousarray(self.core))
        # Both threads have about as many entries.
        middle = int(np.searchsorted(begins, begins[-1] // 2))
        side_by_side(
            lambda: add_form_of_each(*given, 0, middle, found),
            lambda: add_form_of_each(*given, middle, len(found), found),
        )
        return found

    def of(self, kept: Integers) -> Floats:
        """The whole matrix of some of the units."""
        rows = self.through[kept].tocsr()
        half = np.asarray(rows @ (rows @ self.core).T)
        return np.asarray((half + half.T) / 2 + np.diag(self.own[kept]), dtype=np.float64)

    def times(self, factor: float) -> "Factored":
        """The same in other units of measure."""
        return Factored(factor * self.own, self.through, factor * self.core)


Covariance = Floats | Factored


def variances(covariance: Covariance) -> Floats:
    """The variances in a covariance of any form: a matrix, variances alone, or factored."""
    if isinstance(covariance, Factored):
        return covariance.diagonal
    return np.diag(covariance) if covariance.ndim == 2 else covariance


def of_some(covariance: Covariance, kept: Integers) -> Floats:
    """That of some of the units: a matrix, or variances where they stand alone."""
    if isinstance(covariance, Factored):
        return covariance.of(kept)
    return covariance[np.ix_(kept, kept)] if covariance.ndim == 2 else covariance[kept]


def times(covariance: Covariance, factor: float) -> Covariance:
    """A covariance of any form times a number."""
    return covariance.times(factor) if isinstance(covariance, Factored) else factor * covariance
