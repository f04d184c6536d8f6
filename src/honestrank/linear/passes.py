"""What the fit by moments asks of ratings: some sums, and passes over them that each give one vector to add up.

`SheetPasses` answers from arrays in hand; `spark` asks the same of every part of the ratings in a cluster.
"""

import math
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from honestrank.linear.sorted_ratings import Sheets, summed_in_two

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Floats = NDArray[np.float64]

# Units x groups are counted in a full table up to so many entries, 400 MB; beyond, in a sparse one, which costs a
# sort.
DENSE = 50_000_000

# The vectors every pass over the ratings carries (see `large`). Three are needed; four doubles fill a register of 256
# bits, and memory is read in lines that hold them whole.
CARRIED = 4


class Passes(Protocol):
    """Ratings by rater. Columns are the units, then the groups; `ridge` is residual / rater variance, or infinite."""

    @property
    def units(self) -> int:
        """How many units there are."""

    @property
    def groups(self) -> int:
        """How many groups there are."""

    @property
    def raters(self) -> int:
        """How many raters there are."""

    @property
    def ratings(self) -> int:
        """How many ratings there are."""

    @property
    def n(self) -> Floats:
        """Ratings by column."""

    @property
    def total(self) -> Floats:
        """Sum of scores about the origin by column."""

    @property
    def squares(self) -> float:
        """Sum of squares about the origin."""

    @property
    def unit_squares(self) -> Floats:
        """Sum of squares about the origin by unit."""

    @property
    def origin(self) -> float:
        """What scores are taken about."""

    def of_raters(self) -> Floats:
        """Sum over raters of n_r^2, and of total_r^2 / n_r."""

    def shared_with_raters(self) -> Floats:
        """By column sum_r n_rc^2; then sum over raters and units, and over raters and groups, of n_rc^2 / n_r."""

    def shared_marks(self) -> "csr_array":
        """Units x groups: marks they share."""

    def back(self, ridge: float) -> Floats:
        """Sums over the marks of each column, and of all, of w_r n_r, w_r t_r and w_r; w_r = 1 / (n_r + ridge)."""

    def through_raters(self, ridge: float, v: Floats) -> Floats:
        """Sum over raters of w_r q_r q_r'v for four vectors; the last row is the intercept's."""

    def border(self, ridge: float) -> Floats:
        """Columns x groups: sum over raters of w_r n_rc n_rg."""


class SheetPasses:
    """`Passes` over arrays in hand."""

    def __init__(self, sheets: Sheets) -> None:
        self.sheets = sheets
        self.units, self.groups, self.raters, self.ratings = sheets.units, sheets.groups, sheets.raters, sheets.ratings
        self.n, self.total, self.squares, self.origin = sheets.n, sheets.total, sheets.squares, sheets.origin
        self.unit_squares = sheets.unit_squares
        self._weight: tuple[float, Floats] = (math.nan, np.empty(0))

    def of_raters(self) -> Floats:
        """As promised by `Passes`."""
        n, total = self.sheets.rater_n, self.sheets.rater_total
        return np.array([float(n @ n), float((total**2 / n).sum())])

    def shared_with_raters(self) -> Floats:
        """As promised by `Passes`."""
        by_unit, units = self._squares(self.sheets.unit)
        by_group, groups = self._squares(self.sheets.group) if self.groups else (np.zeros_like(by_unit), 0.0)
        return np.concatenate([by_unit + by_group, [units, groups]])

    def _squares(self, column: NDArray[np.uint32]) -> tuple[Floats, float]:
        from honestrank.linear.kernels import add_squares

        size, ones = self.units + self.groups, np.ones(self.raters)
        shares = []

        def add(first: int, beyond: int, out: Floats) -> None:
            seen = np.zeros(size, dtype=np.uint32)
            shares.append(add_squares(self.sheets.begins, column, ones, first, beyond, seen, out))

        squares = summed_in_two(self.sheets, add, (size,))
        return squares, math.fsum(shares)

    def shared_marks(self) -> "csr_array":
        """As promised by `Passes`."""
        from scipy.sparse import csr_array

        from honestrank.linear.kernels import add_shared

        sheets, shape = self.sheets, (self.units, max(1, self.groups))
        if not self.groups:
            return csr_array(shape)
        if shape[0] * shape[1] <= DENSE:
            dense = np.zeros(shape)
            add_shared(sheets.unit, sheets.group, sheets.units, dense)
            return csr_array(dense)
        pairs = sheets.unit.astype(np.int64) * sheets.groups + (sheets.group - sheets.units)
        kinds, counts = np.unique(pairs, return_counts=True)
        return csr_array((counts.astype(np.float64), (kinds // sheets.groups, kinds % sheets.groups)), shape=shape)

    def weight(self, ridge: float) -> Floats:
        """1 / (n_r + ridge), kept for the next pass."""
        if self._weight[0] != ridge:
            self._weight = (ridge, 1 / (self.sheets.rater_n + ridge))
        return self._weight[1]

    def back(self, ridge: float) -> Floats:
        """As promised by `Passes`."""
        from honestrank.linear.kernels import add_back

        sheets, w = self.sheets, self.weight(ridge)
        value = np.column_stack([w * sheets.rater_n, w * sheets.rater_total, w, np.zeros(sheets.raters)])

        def add(first: int, beyond: int, out: Floats) -> None:
            for column in (sheets.unit, sheets.group)[: 2 if self.groups else 1]:
                add_back(sheets.begins, column, value, first, beyond, out)

        found = summed_in_two(sheets, add, (self.units + self.groups + 1, CARRIED))
        found[-1] = sheets.rater_n @ value
        return found[:, :3]

    def through_raters(self, ridge: float, v: Floats) -> Floats:
        """As promised by `Passes`."""
        from honestrank.linear.kernels import add_through_raters

        sheets, weight = self.sheets, self.weight(ridge)

        def add(first: int, beyond: int, out: Floats) -> None:
            add_through_raters(sheets.begins, sheets.unit, sheets.group, weight, v, first, beyond, out)

        return summed_in_two(sheets, add, v.shape)

    def border(self, ridge: float) -> Floats:
        """As promised by `Passes`."""
        from honestrank.linear.kernels import add_border

        sheets, through = self.sheets, np.zeros((self.units + self.groups, self.groups))
        add_border(sheets.begins, sheets.unit, sheets.group, self.weight(ridge), self.units, through)
        return through
