"""What an onlooker can still think possible: every distribution of marks that fits the published cells.

Only enumerates. Which figures may be published beside the cells is decided in `disclosure`.
"""

import functools
import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

Counts = tuple[int, ...]

# Beyond so many distributions listing them takes seconds a figure; then nothing is published, which is safe.
MOST_DISTRIBUTIONS = 30_000


@dataclass(frozen=True)
class Scale:
    """The grades in the order of the sheet and the points of each; None for “don't know” and unmarked."""

    grades: tuple[str, ...]
    points: tuple[float | None, ...]

    def mean_and_error(self, counts: Counts) -> tuple[float, float] | None:
        """Mean of the graded marks and its standard error sd / sqrt(n) (n - 1 in sd); None below two graded marks."""
        graded = [(point, n) for point, n in zip(self.points, counts, strict=True) if point is not None]
        total = sum(n for _, n in graded)
        if total < 2:
            return None
        mean = math.fsum(point * n for point, n in graded) / total
        squares = math.fsum((point - mean) ** 2 * n for point, n in graded)
        return mean, math.sqrt(squares / (total - 1) / total)

    def graded(self, counts: Counts) -> int:
        """How many marks carry points."""
        return sum(n for point, n in zip(self.points, counts, strict=True) if point is not None)

    def unanimous(self, counts: Sequence[int]) -> bool:
        """Whether all graded marks are one grade."""
        return sum(counts[place] > 0 for place in self.graded_places) <= 1

    @functools.cached_property
    def graded_places(self) -> tuple[int, ...]:
        """The places of what carries points."""
        return tuple(place for place, point in enumerate(self.points) if point is not None)


@dataclass(frozen=True)
class Cell:
    """A published cell: the grades joined in it and how many marks they have together."""

    grades: tuple[str, ...]
    n: int


@dataclass(frozen=True)
class Majority:
    """Published instead of cells when nearly unanimous: `grade` has at least `least` of `total` marks."""

    grade: str
    least: int
    total: int


@dataclass(frozen=True)
class Rules:
    """How cells came to be published: joined up to `joined_from` marks (None: by no rule known here), and replaced by a
    `Majority` as soon as one mark has the share `majority` (a fraction as two whole numbers) of all, or all but two:
    were all but one enough, the one would know what everybody else gave. “Don't know” and unmarked can be the mark too."""

    joined_from: int | None = 5
    majority: tuple[int, int] = (9, 10)

    def is_nearly_unanimous(self, counts: Counts) -> bool:
        """Whether a majority would have been published instead of cells."""
        most = max(counts, default=0)
        return most > 0 and most >= self.least_of_majority(sum(counts))

    def least_of_majority(self, total: int) -> int:
        """How many of `total` marks make a majority."""
        part, whole = self.majority
        return min(-(-part * total // whole), total - 2)

    def joined_cells(self, counts: Sequence[int], scale: Scale) -> list[tuple[int, ...]]:
        """Which neighbouring marks are joined, as the places of each cell, by the rule of docs/ballots.md.

        From left to right a cell ends as soon as it has no mark given or `joined_from`. What is left at the end goes to the
        cells before it until it has so many. One cell of all is made where all graded marks are one grade, and where outside of
        a joined cell there are too few marks for the rule of the majority to leave two values inside.
        """
        if scale.unanimous(counts):
            return [tuple(range(len(counts)))]
        least, total = self.joined_from or 0, sum(counts)
        few = max(0, total - self.least_of_majority(total) - least + 2)
        cells = _cut(counts, least)
        is_told = any(len(cell) > 1 and total - sum(counts[cell[0] : cell[-1] + 1]) <= few for cell in cells)
        return [tuple(range(len(counts)))] if is_told else cells

    def joins_to(self, counts: Mapping[str, int], scale: Scale, cells: Sequence["Cell"]) -> bool:
        """Whether the cells are those by the rule, for counts by grade of which no mark leads."""
        truth = tuple(counts.get(grade, 0) for grade in scale.grades)
        return follows_rule(truth, scale, cells, self)


def _cut(counts: Sequence[int], least: int) -> list[tuple[int, ...]]:
    cells: list[tuple[int, ...]] = []
    start = n = 0
    for place, more in enumerate(counts):
        n += more
        if n == 0 or n >= least:
            cells.append(tuple(range(start, place + 1)))
            start, n = place + 1, 0
    while n and n < least and cells:
        start = cells.pop()[0]
        n = sum(counts[start:])
    return [*cells, tuple(range(start, len(counts)))] if start < len(counts) else cells


def hidden_places(scale: Scale, cells: Sequence[Cell] | Majority) -> list[int]:
    """The grades whose number is not published: those in a joined cell; beside a majority all."""
    if isinstance(cells, Majority):
        return list(range(len(scale.grades)))
    return [scale.grades.index(grade) for cell in cells if len(cell.grades) > 1 for grade in cell.grades]


def fits(counts: Counts, scale: Scale, cells: Sequence[Cell] | Majority) -> bool:
    """Whether a distribution agrees with the published cells."""
    if min(counts) < 0 or len(counts) != len(scale.grades):
        return False
    n = dict(zip(scale.grades, counts, strict=True))
    if isinstance(cells, Majority):
        return sum(counts) == cells.total and n[cells.grade] >= cells.least
    named = [grade for cell in cells for grade in cell.grades]
    if sorted(named) != sorted(scale.grades):
        return False
    return all(sum(n[grade] for grade in cell.grades) == cell.n for cell in cells)


def candidates(truth: Counts, scale: Scale, cells: Sequence[Cell] | Majority, rules: Rules) -> list[Counts] | None:
    """Every distribution that the published cells leave possible, in lexical order; None when more than 30,000 fit.

    Where `truth` keeps a rule of `rules`, so must every candidate: an onlooker knows the rules as well.
    """
    if isinstance(cells, Majority):
        return _around_majority(scale, cells)
    size = math.prod(math.comb(cell.n + len(cell.grades) - 1, len(cell.grades) - 1) for cell in cells)
    if size > MOST_DISTRIBUTIONS:
        return None
    if follows_rule(truth, scale, cells, rules):
        found = [counts for counts in _within_cells(scale, cells, rules) if joins_to(counts, scale, cells, rules)]
    else:
        found = list(_within_cells(scale, cells, Rules(joined_from=None)))
    found.sort()
    if not rules.is_nearly_unanimous(truth):
        found = [counts for counts in found if not rules.is_nearly_unanimous(counts)]
    return found


def _around_majority(scale: Scale, majority: Majority) -> list[Counts] | None:
    rest, grades = majority.total - majority.least, len(scale.grades)
    if math.comb(rest + grades - 1, grades - 1) > MOST_DISTRIBUTIONS:
        return None
    place = scale.grades.index(majority.grade)
    spread = _compositions(rest, grades)
    return sorted((*some[:place], some[place] + majority.least, *some[place + 1 :]) for some in spread)


def _within_cells(scale: Scale, cells: Sequence[Cell], rules: Rules) -> Iterator[Counts]:
    """All that fits; by the rule a joined cell but the last ends with the first mark that makes it large, which leaves out most."""
    places = [scale.grades.index(grade) for cell in cells for grade in cell.grades]
    within = [list(_compositions(cell.n, len(cell.grades))) for cell in cells]
    if rules.joined_from is not None:
        least = rules.joined_from
        within[:-1] = [[some for some in inside if _ends_last(some, least)] for inside in within[:-1]]
    for choice in itertools.product(*within):
        counts = [0] * len(scale.grades)
        for place, n in zip(places, itertools.chain.from_iterable(choice), strict=True):
            counts[place] = n
        yield tuple(counts)


def _ends_last(counts: Counts, least: int) -> bool:
    return all(0 < n < least for n in itertools.accumulate(counts[:-1]))


def joins_to(counts: Counts, scale: Scale, cells: Sequence[Cell], rules: Rules) -> bool:
    """Whether the rule joins a distribution to just these cells."""
    return rules.joined_cells(counts, scale) == _places_of(tuple(cells), scale)


@functools.lru_cache(maxsize=64)
def _places_of(cells: tuple[Cell, ...], scale: Scale) -> list[tuple[int, ...]]:
    return [tuple(scale.grades.index(grade) for grade in cell.grades) for cell in cells]


def follows_rule(truth: Counts, scale: Scale, cells: Sequence[Cell] | Majority, rules: Rules) -> bool:
    """Whether cells were published by the joining rule, so that an onlooker may use it."""
    if rules.joined_from is None or isinstance(cells, Majority) or rules.is_nearly_unanimous(truth):
        return False
    return joins_to(truth, scale, cells, rules)


def _compositions(total: int, places: int) -> Iterator[Counts]:
    """All ways to write `total` as an ordered sum of `places` whole numbers from 0."""
    for bars in itertools.combinations(range(total + places - 1), places - 1):
        edges = (-1, *bars, total + places - 1)
        yield tuple(right - left - 1 for left, right in itertools.pairwise(edges))
