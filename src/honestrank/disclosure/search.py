"""Which offered figures must stay hidden so that others cannot be worked out: the smallest loss, by integer programme.

Knows the truth and uses it. What an onlooker could make of the choice is tried in `disclosure_proof`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy  # which loads `optimize` and `sparse` when they are first used: most who import this never solve anything

from honestrank.disclosure.bounds import Booleans, shuttle
from honestrank.disclosure.table import Integers, Table

Entries = list[tuple[int, int, float]]

# No figure need move further than this, and a larger bound would slip through the solver's tolerance for 0/1.
FURTHEST = 10_000


@dataclass(frozen=True)
class Need:
    """A figure that must look as if it could count `count` at least (or, with `is_most`, at most)."""

    place: int
    count: int
    is_most: bool = False


class Neighbours:
    """Which sums a figure stands in, and which figures a sum has."""

    def __init__(self, table: Table) -> None:
        self.table = table
        links = table.links
        rows = np.concatenate([links.row, np.arange(len(links.total))])
        places = np.concatenate([links.part, links.total])
        shape = (len(links.total), len(table.figures))
        self.figures_of = scipy.sparse.csr_array(
            scipy.sparse.coo_array((np.ones(len(rows)), (rows, places)), shape=shape)
        )
        self.sums_of = scipy.sparse.csr_array(self.figures_of.T)

    def sums(self, place: int) -> list[int]:
        """The sums in which a figure stands, the shortest first."""
        found = self.sums_of.indices[self.sums_of.indptr[place] : self.sums_of.indptr[place + 1]]
        return sorted(
            found.tolist(), key=lambda row: (self.figures_of.indptr[row + 1] - self.figures_of.indptr[row], row)
        )

    def members(self, row: int) -> list[int]:
        """The figures of a sum, its total among them."""
        return sorted(self.figures_of.indices[self.figures_of.indptr[row] : self.figures_of.indptr[row + 1]].tolist())

    def around(self, places: Iterable[int], movable: Booleans, steps: int) -> list[int]:
        """The movable figures that can be reached from some by so many steps over sums and distributions."""
        reached = np.zeros(len(movable), dtype=bool)
        reached[list(places)] = True
        for _ in range(steps):
            rows = self.figures_of @ reached.astype(float) > 0
            more = (self.sums_of @ rows.astype(float) > 0) & movable
            if not (more & ~reached).any():
                break
            reached |= more
        return np.flatnonzero(reached & movable).tolist()


def hide_companions(table: Table, known: Booleans, reach: Integers, neighbours: Neighbours) -> Booleans:
    """A quick first choice for large tables: as long as plain sums pin a hidden figure, the cheapest companion in its shortest
    sum goes with it. What the sums alone do not show is left to the search.
    """
    known = known.copy()
    tried: set[int] = set()
    while True:
        high = shuttle(table, known)[1]
        leaks = [at for at in np.flatnonzero(~known & (high < reach)).tolist() if at not in tried]
        if not leaks:
            return known
        for leak in leaks:
            if not _hide_companion(table, known, leak, int(reach[leak]), neighbours):
                tried.add(leak)


def _hide_companion(table: Table, known: Booleans, leak: int, reach: int, neighbours: Neighbours) -> bool:
    """Whether another figure is now hidden in every sum of the leak whose hidden figures together count too few."""
    done = False
    for row in neighbours.sums(leak):
        members = neighbours.members(row)
        total = int(table.links.total[row])
        hidden = sum(table.figures[at].n for at in members if not known[at] and at != total)
        while known[total] and hidden < reach:
            able = [at for at in members if known[at] and at != total and _may_go(table, at)]
            if not able:
                break
            chosen = min(able, key=lambda at: (table.figures[at].loss, table.figures[at].n, at))
            known[chosen] = False
            hidden += table.figures[chosen].n
            done = True
    return done


def _may_go(table: Table, at: int) -> bool:
    figure = table.figures[at]
    return figure.state == "offered" and figure.n > 0 and not figure.is_size


def cheapest_hiding(table: Table, known: Booleans, needs: Sequence[Need], region: Sequence[int]) -> list[int] | None:
    """The published, offered figures of `region` to hide so that each need is met by some other table; None if none would do.

    Smallest sum of losses; on a tie the smallest sum of places in the table. Figures outside the region keep their counts.
    """
    able = [at for at in region if known[at] and table.figures[at].state == "offered"]
    programme = _Programme(table, known, list(region), able)
    for need in needs:
        programme.add_copy(need)
    return programme.solve()


class _Programme:
    """Hidden or not, a 0/1 for each figure that may be hidden; for each need one other table over the region."""

    def __init__(self, table: Table, known: Booleans, region: list[int], able: list[int]) -> None:
        self.table = table
        self.region = region
        self.able = {at: column for column, at in enumerate(able)}
        self.width = len(able)
        self.entries: Entries = []
        self.low: list[float] = []
        self.high: list[float] = []
        self.bounds: list[tuple[float, float]] = [(0, 1)] * len(able)
        self.known = known
        self.rows = self._rows()

    def _rows(self) -> list[list[tuple[int, int]]]:
        """The sums over the region: (figure, sign) of those that may move."""
        inside = set(self.region)
        links = self.table.links
        found: dict[int, list[tuple[int, int]]] = {}
        for row, part in zip(links.row.tolist(), links.part.tolist(), strict=True):
            if part in inside:
                found.setdefault(row, []).append((part, 1))
        for row, total in enumerate(links.total.tolist()):
            if total in inside:
                found.setdefault(row, []).append((total, -1))
        return list(found.values())

    def _add_row(self, entries: Iterable[tuple[int, float]], low: float, high: float) -> None:
        row = len(self.low)
        self.entries += [(row, column, value) for column, value in entries]
        self.low.append(low)
        self.high.append(high)

    def add_copy(self, need: Need) -> None:
        """Columns for the changes of one other table against the truth."""
        column = {at: self.width + place for place, at in enumerate(self.region)}
        self.width += len(self.region)
        for at in self.region:
            n = self.table.figures[at].n
            down, up = min(n, FURTHEST), min(max(int(self.table.caps[at]) - n, 0), FURTHEST)
            self.bounds.append((-down, up))
            if at in self.able:
                self._add_row([(column[at], 1), (self.able[at], -up)], -np.inf, 0)
                self._add_row([(column[at], 1), (self.able[at], down)], 0, np.inf)
        for row in self.rows:
            self._add_row([(column[at], sign) for at, sign in row], 0, 0)
        change = need.count - self.table.figures[need.place].n
        low, high = (-np.inf, change) if need.is_most else (change, np.inf)
        self._add_row([(column[need.place], 1)], low, high)
        for one in self.table.distributions:
            self._add_list(one.figures, one.possible, column)

    def _add_list(self, names: Sequence[str], possible: Sequence[Sequence[int]] | None, column: dict[int, int]) -> None:
        """Where statistics are published the other table takes one of the listed forms."""
        places = [self.table.place[name] for name in names]
        if possible is None or not any(at in column for at in places):
            return
        lambdas = list(range(self.width, self.width + len(possible)))
        self.width += len(possible)
        self.bounds += [(0, 1)] * len(possible)
        self._add_row([(at, 1) for at in lambdas], 1, 1)
        for grade, at in enumerate(places):
            form = [(one, float(vector[grade])) for one, vector in zip(lambdas, possible, strict=True)]
            own = [(column[at], -1.0)] if at in column else []
            n = float(self.table.figures[at].n)
            self._add_row([*form, *own], n, n)

    def solve(self) -> list[int] | None:
        """The figures to hide, in the order of the table."""
        if not self.low:
            return None
        rows, columns, values = (np.array(part) for part in zip(*self.entries, strict=True))
        matrix = scipy.sparse.csr_array(
            scipy.sparse.coo_array((values, (rows, columns)), shape=(len(self.low), self.width))
        )
        bounds = np.array(self.bounds, dtype=float)
        found = scipy.optimize.milp(
            self._losses(),
            constraints=scipy.optimize.LinearConstraint(matrix, self.low, self.high),
            bounds=scipy.optimize.Bounds(bounds[:, 0], bounds[:, 1]),
            integrality=np.ones(self.width),
            options={"mip_rel_gap": 0},
        )
        if found.x is None:
            return None
        return [at for at, column in self.able.items() if found.x[column] > 0.5]

    def _losses(self) -> np.ndarray:
        goal = np.zeros(self.width)
        count = len(self.able)
        for at, column in self.able.items():
            # Ties go to the figures that stand first: their places add less than one loss altogether.
            goal[column] = self.table.figures[at].loss + (column + 1) / (count * (count + 1))
        return goal
