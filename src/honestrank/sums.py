"""The types that files become: columns, sums of ratings, means, ballots. No reader and no DuckDB here.

Sums are taken about a whole-number origin near the mean, so that integer grades add up exactly in any order.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from honestrank.linear.passes import Passes
from honestrank.linear.sorted_ratings import Sheets
from honestrank.words.wording import InputError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


Unlisted = Literal["below", "unknown"]


def _refuse_twice(asked: list[str | None]) -> None:
    for place, name in enumerate(asked):
        if name and name in asked[:place]:
            raise InputError("column_asked_twice", column=name)


@dataclass(frozen=True)
class Columns:
    """Which columns of the file hold what; a group, or a factor of `fixed`, may be several columns, joined by `:`.

    `error` and `count` are those of a file of means.
    """

    unit: str
    score: str
    rater: str | None = None
    group: tuple[str, ...] = ()
    part: str | None = None
    part_weight: str | None = None
    error: str | None = None
    count: str | None = None
    fixed: tuple[tuple[str, ...], ...] = ()

    def __post_init__(self) -> None:
        """Raise InputError for a column that is to be two things at once."""
        _refuse_twice([self.unit, self.score, self.rater, self.part, self.part_weight, self.error, self.count])
        for name in (name for factor in self.fixed for name in factor):
            _refuse_twice([self.unit, self.score, self.rater, self.error, self.count, name])

    def named(self) -> list[str]:
        """Every column asked for, once each, in a fixed order."""
        optional = [self.rater, *self.group, self.part, self.part_weight, self.error, self.count]
        optional += [name for factor in self.fixed for name in factor]
        return list(dict.fromkeys([self.unit, self.score, *(name for name in optional if name)]))


@dataclass(frozen=True)
class Source:
    """Where sums came from: file name, SHA-256 of its bytes, columns, rows left out for want of a score."""

    name: str
    sha256: str
    columns: Columns
    missing: int


@dataclass(frozen=True)
class UnitSums:
    """Per unit (or per unit and part): number of scores n, sum and sum of squares about `origin`."""

    units: tuple[str, ...]
    n: Integers
    total: Floats
    squares: Floats
    origin: float

    @property
    def means(self) -> Floats:
        """Raw mean score per unit, on the scale of the file."""
        return self.origin + self.total / self.n

    @property
    def within(self) -> float:
        """Sum of squares of scores about their unit's mean."""
        return max(0.0, math.fsum(self.squares - self.total**2 / self.n))


@dataclass(frozen=True)
class PartSums:
    """UnitSums for each part, all over the same units, and the part's weight (summing to one)."""

    parts: tuple[str, ...]
    weights: Floats
    sums: tuple[UnitSums, ...]


@dataclass(frozen=True)
class FixedColumns:
    """The factors asked for, their labels (the first is the reference), and the code of each cell in each factor."""

    factors: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]
    codes: Integers


@dataclass(frozen=True)
class CrossedSums:
    """Ratings summed over equal (rater, unit, group), in this order: codes, number and sum about `origin`; sum of squares.

    With `fixed` the cells are split by its factors too. `groups` is empty when no group was asked for (`group` is then all
    zero). `duplicates` counts the cells in which one rater marked one unit more than once.
    `unit_squares`: sum of squares about the origin by unit (None: cells of one mark, so it follows from `total`).
    """

    units: tuple[str, ...]
    groups: tuple[str, ...]
    raters: int
    rater: Integers
    unit: Integers
    group: Integers
    n: Integers
    total: Floats
    squares: float
    origin: float
    duplicates: int
    fixed: FixedColumns | None = None
    unit_squares: Floats | None = None


def squares_by_unit(sums: CrossedSums) -> Floats:
    """Sum of squares about the origin by unit; from the cells' means where the reader did not keep it."""
    if sums.unit_squares is not None:
        return sums.unit_squares
    found = np.bincount(sums.unit, weights=sums.total**2 / sums.n, minlength=len(sums.units))
    return found.astype(np.float64)


@dataclass(frozen=True)
class LargeRatings:
    """Sheets with the names of their units; `parts`: for each unit the number of its connected part.

    `duplicates`: how often one rater marked one unit more than once; `is_apart`: no rater marked two units.
    """

    units: tuple[str, ...]
    sheets: Sheets | Passes
    parts: Integers
    duplicates: int
    is_apart: bool


# Per unit its marks from the worst to the best, each with how often it was given.
Marks = tuple[tuple[tuple[float, int], ...], ...]


@dataclass(frozen=True)
class Ratings:
    """What a file holds: exactly one of the kinds of sums, according to the columns asked for and the number of ratings.

    `marks`: the distribution of each unit's marks, in the order of its units, where few different ones are given.
    """

    source: Source
    units: UnitSums | None = None
    parts: PartSums | None = None
    crossed: CrossedSums | None = None
    large: LargeRatings | None = None
    marks: Marks | None = None


@dataclass(frozen=True)
class Means:
    """Per unit its mean score, standard error and, if the file tells, number of marks; what the means may move with."""

    source: Source
    units: tuple[str, ...]
    scores: tuple[float, ...]
    errors: tuple[float, ...]
    counts: tuple[int, ...] | None
    fixed: FixedColumns | None = None


@dataclass(frozen=True)
class GroupMean:
    """What one group of raters says of one unit: mean, its standard error, number of marks."""

    score: float
    standard_error: float
    n: int


@dataclass(frozen=True)
class RaterGroup:
    """A group of raters, its frozen weight (any positive scale), and its means by unit; a suppressed unit is absent."""

    name: str
    weight: float
    means: Mapping[str, GroupMean]


@dataclass(frozen=True)
class GroupedMeans:
    """Per group of raters its weight and its means by unit; `units` in the order of the file."""

    source: Source
    units: tuple[str, ...]
    groups: tuple[RaterGroup, ...]


@dataclass(frozen=True)
class Ballots:
    """`places[b, c]`: the place ballot b gives candidate c, best 1, equal for ties, 0 when not listed; `counts`: how often.

    `unlisted`: a candidate not listed stands below all listed ones ("below"), or nothing is said of it ("unknown").
    """

    candidates: tuple[str, ...]
    places: Integers
    counts: Integers
    unlisted: Unlisted = "below"

    def preferences(self) -> Floats:
        """`[i, j]`: how many ballots put i above j. Ties and, where unknown, pairs with one not listed count for neither."""
        places = self.places
        if self.unlisted == "below":
            places = np.where(places == 0, len(self.candidates) + 1, places)
        known = places > 0
        found = np.zeros((len(self.candidates), len(self.candidates)))
        for i in range(len(self.candidates)):
            above = (places[:, [i]] < places) & known[:, [i]] & known
            found[i] = self.counts @ above
        return found

    def ties(self) -> Floats:
        """`[i, j]`: how many ballots put i and j on one place (not listed on a ballot that puts them below: one place)."""
        if self.unlisted == "below":
            return float(self.counts.sum()) - self.preferences() - self.preferences().T
        both = (self.places > 0).astype(np.float64)
        return both.T @ (self.counts[:, None] * both) - self.preferences() - self.preferences().T


@dataclass(frozen=True)
class BallotColumns:
    """Long form has `item` and `rank` (and `ballot`); wide form neither: every column but `ballot` and `count` is a candidate."""

    ballot: str | None = None
    item: str | None = None
    rank: str | None = None
    count: str | None = None

    def __post_init__(self) -> None:
        """Raise InputError for a column that is to be two things at once."""
        _refuse_twice([self.ballot, self.item, self.rank, self.count])

    def named(self) -> list[str]:
        """Every column asked for, once each."""
        return list(dict.fromkeys(name for name in (self.ballot, self.item, self.rank, self.count) if name))


@dataclass(frozen=True)
class BallotFile:
    """Equal ballots put together; `labels` name the first of each kind. `cast` ballots list somebody, `blank` nobody."""

    name: str
    sha256: str
    columns: BallotColumns
    ballots: Ballots
    labels: tuple[str, ...]
    cast: int
    blank: int

    def refuse_ties(self, sentence: str) -> None:
        """Raise InputError, in this sentence, naming the first ballot that puts two candidates on one place."""
        for label, places in zip(self.labels, self.ballots.places, strict=True):
            listed = places[places > 0]
            if len(np.unique(listed)) < len(listed):
                raise InputError(sentence, ballot=label)
