"""What an onlooker can still think possible: every distribution of marks that fits the published cells.

Only enumerates. Which figures may be published beside the cells is decided in `disclosure`.
"""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Counts = tuple[int, ...]

# Beyond so many distributions listing them takes seconds a figure; then nothing is published, which is safe.
MOST_DISTRIBUTIONS = 100_000


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

    def unanimous(self, counts: Counts) -> bool:
        """Whether all graded marks are one grade."""
        return sum(1 for point, n in zip(self.points, counts, strict=True) if point is not None and n) <= 1


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
    `Majority` as soon as one grade has the share `majority` (a fraction as two whole numbers) of all marks, or all but two:
    were all but one enough, the one would know what everybody else gave.
    “Don't know” and unmarked are no grades: however many there are, cells are published."""

    joined_from: int | None = 5
    majority: tuple[int, int] = (9, 10)

    def is_nearly_unanimous(self, counts: Counts, scale: Scale) -> bool:
        """Whether a majority would have been published instead of cells."""
        most = max((n for point, n in zip(scale.points, counts, strict=True) if point is not None), default=0)
        return most > 0 and most >= self.least_of_majority(sum(counts))

    def least_of_majority(self, total: int) -> int:
        """How many of `total` marks make a majority."""
        part, whole = self.majority
        return min(-(-part * total // whole), total - 2)


def joined_cells(counts: Sequence[int], at_least: int = 5) -> list[tuple[int, ...]]:
    """Which neighbouring grades are joined so that every cell has 0 or at least `at_least` marks.

    Take the first cell with 0 < n < at_least; join it with its smaller neighbour (on a tie the one before it); repeat.
    Returns the places of the grades in each cell. With fewer than `at_least` marks in all, one cell remains.
    """
    cells = [([place], n) for place, n in enumerate(counts)]
    while len(cells) > 1:
        small = next((i for i, (_, n) in enumerate(cells) if 0 < n < at_least), None)
        if small is None:
            break
        before = cells[small - 1][1] if small > 0 else math.inf
        after = cells[small + 1][1] if small + 1 < len(cells) else math.inf
        left = small - 1 if before <= after else small
        cells[left : left + 2] = [(cells[left][0] + cells[left + 1][0], cells[left][1] + cells[left + 1][1])]
    return [tuple(places) for places, _ in cells]


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
    """Every distribution that the published cells leave possible, in lexical order; None when more than 100,000 fit.

    Where `truth` keeps a rule of `rules`, so must every candidate: an onlooker knows the rules as well.
    """
    if isinstance(cells, Majority):
        return _around_majority(scale, cells)
    size = math.prod(math.comb(cell.n + len(cell.grades) - 1, len(cell.grades) - 1) for cell in cells)
    if size > MOST_DISTRIBUTIONS:
        return None
    found = sorted(_within_cells(scale, cells))
    if rules.joined_from is not None and _joins_to(truth, scale, cells, rules.joined_from):
        found = [counts for counts in found if _joins_to(counts, scale, cells, rules.joined_from)]
    if not rules.is_nearly_unanimous(truth, scale):
        found = [counts for counts in found if not rules.is_nearly_unanimous(counts, scale)]
    return found


def _around_majority(scale: Scale, majority: Majority) -> list[Counts] | None:
    rest, grades = majority.total - majority.least, len(scale.grades)
    if math.comb(rest + grades - 1, grades - 1) > MOST_DISTRIBUTIONS:
        return None
    place = scale.grades.index(majority.grade)
    spread = _compositions(rest, grades)
    return sorted((*some[:place], some[place] + majority.least, *some[place + 1 :]) for some in spread)


def _within_cells(scale: Scale, cells: Sequence[Cell]) -> Iterator[Counts]:
    places = [scale.grades.index(grade) for cell in cells for grade in cell.grades]
    for choice in itertools.product(*(list(_compositions(cell.n, len(cell.grades))) for cell in cells)):
        counts = [0] * len(scale.grades)
        for place, n in zip(places, itertools.chain.from_iterable(choice), strict=True):
            counts[place] = n
        yield tuple(counts)


def _joins_to(counts: Counts, scale: Scale, cells: Sequence[Cell], at_least: int) -> bool:
    joined = {tuple(scale.grades[place] for place in places) for places in joined_cells(counts, at_least)}
    return joined == {tuple(cell.grades) for cell in cells}


def _compositions(total: int, places: int) -> Iterator[Counts]:
    """All ways to write `total` as an ordered sum of `places` whole numbers from 0."""
    for bars in itertools.combinations(range(total + places - 1), places - 1):
        edges = (-1, *bars, total + places - 1)
        yield tuple(right - left - 1 for left, right in itertools.pairwise(edges))
