"""Synthetic releases of the tests: a district with branches and units, several criteria and pools, and what is public already."""

import random
from collections.abc import Mapping, Sequence

from honestrank.disclosure.table import Distribution, State, Sum, Table, TableCount

GRADES = ("good", "fairly-good", "fair", "poor")
POINTS = (10.0, 7.0, 5.0, 2.0)

Marks = list[int]


class Release:
    """Gathers figures, sums and distributions of one release."""

    def __init__(self) -> None:
        self.figures: list[TableCount] = []
        self.sums: list[Sum] = []
        self.distributions: list[Distribution] = []

    def size(self, name: str, n: int) -> None:
        """How many ballots a group has: public."""
        self.figures.append(TableCount(name, n, "public", is_size=True))

    def distribution(
        self, name: str, marks: Sequence[int], size: str, *, state: State = "offered", loss: int = 1
    ) -> dict[str, str]:
        """The marks of one group on one criterion; the names of its figures by grade."""
        names = {grade: f"{name}/{grade}" for grade in GRADES}
        self.figures += [TableCount(names[g], n, state, loss=loss) for g, n in zip(GRADES, marks, strict=True)]
        self.distributions.append(Distribution(name, tuple(names.values()), POINTS))
        self.sums.append(Sum(size, tuple(names.values())))
        return names

    def adds_up(self, total: Mapping[str, str], parts: Sequence[Mapping[str, str]]) -> None:
        """Grade by grade the parts make up the total."""
        self.sums += [Sum(total[grade], tuple(part[grade] for part in parts)) for grade in GRADES]

    def table(self) -> Table:
        """All of it, checked."""
        return Table(tuple(self.figures), tuple(self.sums), tuple(self.distributions))


def draw_marks(rng: random.Random, n: int) -> Marks:
    """Marks of n ballots, skewed as real ones are."""
    weights = sorted((rng.random() ** 2 + 0.02 for _ in GRADES), reverse=True)
    drawn = rng.choices(range(len(GRADES)), weights=weights, k=n)
    return [drawn.count(grade) for grade in range(len(GRADES))]


def add_district(
    release: Release, rng: random.Random, prefix: str, branches: Sequence[int], criteria: int, sizes: tuple[int, int]
) -> None:
    """A pool's marks of every unit, with subtotals for each branch and the district; `branches` says how many units each has."""
    units = [(branch, unit) for branch, count in enumerate(branches) for unit in range(count)]
    ballots = {place: rng.randint(*sizes) for place in units}
    _add_sizes(release, prefix, branches, ballots)
    for criterion in range(criteria):
        marks = {place: draw_marks(rng, n) for place, n in ballots.items()}
        tops, whole = [], [0] * len(GRADES)
        for branch in range(len(branches)):
            own = [place for place in units if place[0] == branch]
            rows = [
                release.distribution(f"{prefix}{criterion}/{b}.{u}", marks[b, u], f"{prefix}n/{b}.{u}") for b, u in own
            ]
            total = [sum(marks[place][grade] for place in own) for grade in range(len(GRADES))]
            whole = [one + more for one, more in zip(whole, total, strict=True)]
            top = release.distribution(f"{prefix}{criterion}/{branch}", total, f"{prefix}n/{branch}", loss=5)
            release.adds_up(top, rows)
            tops.append(top)
        all_ = release.distribution(f"{prefix}{criterion}/all", whole, f"{prefix}n/all", loss=20)
        release.adds_up(all_, tops)


def _add_sizes(release: Release, prefix: str, branches: Sequence[int], ballots: Mapping[tuple[int, int], int]) -> None:
    for (branch, unit), n in ballots.items():
        release.size(f"{prefix}n/{branch}.{unit}", n)
    for branch in range(len(branches)):
        release.size(f"{prefix}n/{branch}", sum(n for place, n in ballots.items() if place[0] == branch))
    release.size(f"{prefix}n/all", sum(ballots.values()))
