"""Fixed effects of the crossed model: categorical columns as dummies against their first level, dependent ones dropped.

Knows cells and counts only. `equations` puts them into the system, `sufficient` reads them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy  # which loads `sparse` when it is first used: most who import this have no columns
from numpy.typing import NDArray

from honestrank.sums import FixedColumns

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

# A column follows from the others when sweeping them out leaves less than this share of its size: rounding of sums of
# counts.
DEPENDENT = 1e-9


@dataclass(frozen=True)
class FixedDesign:
    """Dummies of cells, one column a level but the first, and how they go with the units.

    `dropped`: columns that follow from the intercept and earlier ones, and factors of one level. `in_units[j]`: column j
    follows from units and the columns that do not, so it belongs to the unit's own part. `means`: shares of marks.
    `of_unit[u, j]`: what column j adds to unit u's score when all that varies within units stands at its mean.
    """

    names: tuple[str, ...]
    dropped: tuple[str, ...]
    matrix: scipy.sparse.csr_array
    in_units: Booleans
    means: Floats
    of_unit: Floats

    @classmethod
    def of(cls, fixed: FixedColumns, n: Integers, unit: Integers, units: int) -> FixedDesign:
        """Design from `fixed`, the marks `n` of each cell and its unit."""
        names, dummies = _dummies(fixed)
        weighted = dummies.multiply(n[:, None]).tocsr()
        gram = (dummies.T @ weighted).toarray()
        totals, marks = np.asarray(weighted.sum(axis=0)).ravel(), float(n.sum())
        kept = _independent(gram - np.outer(totals, totals) / marks, np.diag(gram))
        alone = [name for name, labels in zip(fixed.factors, fixed.labels, strict=True) if len(labels) == 1]
        dropped = (*alone, *(name for name, keep in zip(names, kept, strict=True) if not keep))
        places = np.flatnonzero(kept)
        matrix, means = dummies[:, places].tocsr(), totals[places] / marks
        incidence = scipy.sparse.csr_array(
            scipy.sparse.coo_array((n.astype(np.float64), (unit, np.arange(len(n)))), shape=(units, len(n)))
        )
        shared = (incidence @ matrix).toarray()
        own = np.bincount(unit, weights=n, minlength=units).astype(np.float64)
        in_units, of_unit = _split(gram[np.ix_(places, places)], shared, own, means)
        return cls(tuple(names[i] for i in places), dropped, matrix, in_units, means, of_unit)


def _dummies(fixed: FixedColumns) -> tuple[list[str], scipy.sparse.csr_array]:
    """Names and cells x columns; a cell of the first level has no entry."""
    cells = len(fixed.codes)
    names: list[str] = []
    blocks = [scipy.sparse.csr_array((cells, 0), dtype=np.float64)]
    for place, (factor, labels) in enumerate(zip(fixed.factors, fixed.labels, strict=True)):
        names += [f"{factor}={label}" for label in labels[1:]]
        rows = np.flatnonzero(fixed.codes[:, place])
        entries = (np.ones(len(rows)), (rows, fixed.codes[rows, place] - 1))
        blocks.append(scipy.sparse.csr_array(scipy.sparse.coo_array(entries, shape=(cells, len(labels) - 1))))
    return names, scipy.sparse.csr_array(scipy.sparse.hstack(blocks, format="csr"))


def _independent(gram: Floats, size: Floats) -> Booleans:
    """Which columns do not follow from earlier ones, by sweeping their Gram matrix from the first to the last."""
    left, kept = gram.copy(), np.zeros(len(gram), dtype=bool)
    for place in range(len(gram)):
        pivot = left[place, place]
        if pivot > DEPENDENT * size[place]:
            kept[place] = True
            left = left - np.outer(left[:, place], left[place]) / pivot
    return kept


def _split(gram: Floats, shared: Floats, own: Floats, means: Floats) -> tuple[Booleans, Floats]:
    """Which columns follow from the units, and `of_unit`; `shared` = marks of each unit in each column."""
    within = gram - shared.T @ (shared / own[:, None])
    in_units = ~_independent(within, np.diag(gram))
    of_unit = np.tile(means, (len(own), 1))
    free, bound = np.flatnonzero(~in_units), np.flatnonzero(in_units)
    if len(bound):
        slopes = np.linalg.solve(within[np.ix_(free, free)], within[np.ix_(free, bound)])
        of_unit[:, bound] = (shared[:, bound] - shared[:, free] @ slopes) / own[:, None] + means[free] @ slopes
    return in_units, of_unit
