"""Ratings sorted by rater for very many of them: codes of 32 bits for who marked whom, and of the scores only sums.

Eight bytes a rating while they are summed, four afterwards. Variances are made of them in `moments`, scores in `large`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from honestrank.linear.threads import side_by_side

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Codes = NDArray[np.uint32]


@dataclass(frozen=True)
class Sheets:
    """Rater r marked `unit[begins[r] : begins[r + 1]]`, a unit once for every rating; sums are about `origin`.

    `group` holds the groups' codes plus the number of units, and is empty when there are no groups.
    """

    units: int
    groups: int
    begins: Integers
    unit: Codes
    group: Codes
    rater_total: Floats
    n: Floats
    total: Floats
    squares: float
    origin: float
    unit_squares: Floats

    @property
    def raters(self) -> int:
        """How many raters there are."""
        return len(self.begins) - 1

    @property
    def ratings(self) -> int:
        """How many ratings there are."""
        return len(self.unit)

    @property
    def rater_n(self) -> Floats:
        """Ratings each rater gave."""
        return np.diff(self.begins).astype(np.float64)

    def in_two_parts(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """First and last-but-one raters of two parts with about as many ratings each."""
        half = int(np.searchsorted(self.begins, self.ratings // 2))
        return (0, half), (half, self.raters)


def sort_ratings(
    rater: NDArray[np.int32],
    unit: NDArray[np.int32],
    score: Floats,
    *,
    units: int,
    group: NDArray[np.int32] | None = None,
    groups: int = 0,
    origin: float | None = None,
) -> Sheets:
    """Sums of ratings given by three arrays of codes from 0; quick when raters ascend, else they are sorted first.

    Every code of a unit and group below `units` and `groups` must occur. Scores are summed about `origin`, a whole
    number near their mean, so whole-number scores add up exactly, in whatever order.
    """
    from honestrank.linear.kernels import find_begins

    begins = np.empty(len(rater) + 1, dtype=np.int64)
    raters = find_begins(rater.view(np.uint32), begins)
    if raters < 0:
        order = np.argsort(rater, kind="stable")
        taken = None if group is None else group[order]
        return sort_ratings(
            rater[order], unit[order], score[order], units=units, group=taken, groups=groups, origin=origin
        )
    origin = float(np.round(score.mean())) if origin is None else origin
    shifted = np.empty(0, dtype=np.uint32) if group is None else (group + np.int32(units)).view(np.uint32)
    empty = np.zeros(units + groups)
    sheets = Sheets(
        units,
        groups,
        begins[: raters + 1].copy(),
        unit.view(np.uint32),
        shifted,
        np.zeros(raters),
        empty,
        empty,
        0,
        origin,
        empty[:units],
    )
    return _with_sums(sheets, score)


def _with_sums(bare: Sheets, score: Floats) -> Sheets:
    from honestrank.linear.kernels import add_scores

    rater_total, squares = np.zeros(bare.raters), [0.0, 0.0]
    n, total, squares_of = np.zeros((3, 2, bare.units + bare.groups))
    parts = bare.in_two_parts()

    def add(place: int) -> None:
        for column in (bare.unit, bare.group)[: 2 if len(bare.group) else 1]:
            given = (bare.begins, column, score, bare.origin, *parts[place])
            squares[place] = add_scores(*given, rater_total, n[place], total[place], squares_of[place])

    side_by_side(partial(add, 0), partial(add, 1))
    return Sheets(
        bare.units, bare.groups, bare.begins, bare.unit, bare.group,
        rater_total, n.sum(axis=0), total.sum(axis=0), sum(squares), bare.origin,
        squares_of.sum(axis=0)[: bare.units],
    )  # fmt: skip


def summed_in_two(sheets: Sheets, add: Callable[[int, int, Floats], object], shape: tuple[int, ...]) -> Floats:
    """add(first rater, rater beyond, out) over both parts of the raters at once; the two outs added."""
    outs = np.zeros((2, *shape))
    one, other = sheets.in_two_parts()
    side_by_side(partial(add, *one, outs[0]), partial(add, *other, outs[1]))
    return np.asarray(outs[0] + outs[1], dtype=np.float64)
