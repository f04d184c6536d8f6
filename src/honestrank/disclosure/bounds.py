"""What an onlooker can work out from the figures published: quick outer bounds, and other tables that would look the same.

The outer bounds are the shuttle algorithm's (Buzzigoli & Giusti 1999). Where they leave doubt, an integer programme for each
part of the table that hangs together finds other tables, or proves that there are none. Nothing here reads the truth of a
hidden figure. The symbols of all files `disclosure_*` are listed below.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import scipy  # which loads `optimize` and `sparse` when they are first used: most who import this never solve anything
from numpy.typing import NDArray

from honestrank.disclosure.table import NO_LIMIT, Integers, Links, Table

Booleans = NDArray[np.bool_]
Floats = NDArray[np.float64]

# Symbols, in all files `disclosure_*`:
#   x_i      the count of figure i: `truth`, by the figure's place in the table
#   M x = 0  the sums, parts minus total: `links` as arrays, `matrix` over the hidden figures of one part
#   k'       k + insiders, the fewest ballots a published count may stand for: `least`
#   known    the figures an onlooker knows (public or published); the others are hidden
#   cap      the size of the smallest group a figure is part of: no count is larger
#   reach    what a hidden figure must be able to count in some other table, min(k', cap)
#   y_i      1 where the search hides figure i; x^p the other table that protects figure p
#   lambda   1 for the one form, of those a published statistic leaves, that a distribution takes in another table

# Where no size of a group is known a hidden count still needs a bound, or the programme is not bounded: above any
# electorate here.
MOST = 10**6


def shuttle(table: Table, known: Booleans) -> tuple[Integers, Integers]:
    """Least and most each figure can be, by going up and down the sums until nothing changes.

    Outer bounds: what they exclude is excluded; what they admit may still be impossible.
    """
    low = np.where(known, table.truth, 0)
    high = np.where(known, table.truth, table.caps)
    links = table.links
    while True:
        before = (low.sum(), high.sum())
        _tighten(links, low, high)
        if (low.sum(), high.sum()) == before:
            return low, high


def with_implied_zeros(table: Table, known: Booleans) -> Booleans:
    """Known figures and those that must be 0 because a known total is. That nobody gave a mark may always be published."""
    zero: Booleans = shuttle(table, known)[1] == 0
    return known | zero


def _tighten(links: Links, low: Integers, high: Integers) -> None:
    """One pass over all sums, totals from parts and parts from totals."""
    rows = len(links.total)
    least = np.zeros(rows, dtype=np.int64)
    most = np.zeros(rows, dtype=np.int64)
    np.add.at(least, links.row, low[links.part])
    np.add.at(most, links.row, high[links.part])
    np.maximum.at(low, links.total, least)
    np.minimum.at(high, links.total, np.minimum(most, NO_LIMIT))
    others_least = least[links.row] - low[links.part]
    others_most = most[links.row] - high[links.part]
    np.minimum.at(high, links.part, high[links.total][links.row] - others_least)
    np.maximum.at(low, links.part, low[links.total][links.row] - others_most)


@dataclass(frozen=True)
class Part:
    """Hidden figures that hang together: `matrix` times their counts is `right`; `choices` are distributions with a list of
    what is possible, each as the places of its figures in this part (-1: published) and the list.
    """

    figures: Integers
    matrix: scipy.sparse.csr_array
    right: Integers
    high: Integers
    choices: tuple[tuple[Integers, Integers], ...]

    @property
    def size(self) -> int:
        """How many figures are hidden here."""
        return len(self.figures)


def hidden_parts(table: Table, known: Booleans) -> list[Part]:
    """The hidden figures, cut into parts that share no sum and no distribution; in the order of the table."""
    high = shuttle(table, known)[1]
    unknown = np.flatnonzero(~known)
    if not len(unknown):
        return []
    local = np.full(len(known), -1, dtype=np.int64)
    local[unknown] = np.arange(len(unknown))
    matrix, right = _equations(table, known, local)
    listed = _listed_distributions(table, known, local)
    labels = _labels(matrix, [local[places] for places in _distribution_places(table)])
    return list(_cut(unknown, matrix, right, high[unknown], listed, labels))


def _equations(table: Table, known: Booleans, local: Integers) -> tuple[scipy.sparse.csr_array, Integers]:
    """Each sum that has a hidden figure as a row over hidden figures: parts minus total = what the published ones leave."""
    links = table.links
    rows = np.concatenate([links.row, np.arange(len(links.total))])
    places = np.concatenate([links.part, links.total])
    signs = np.concatenate([np.ones(len(links.part), np.int64), -np.ones(len(links.total), np.int64)])
    right = np.zeros(len(links.total), dtype=np.int64)
    is_known = known[places]
    np.add.at(right, rows[is_known], -signs[is_known] * table.truth[places[is_known]])
    entries = (signs[~is_known], (rows[~is_known], local[places[~is_known]]))
    matrix = scipy.sparse.csr_array(scipy.sparse.coo_array(entries, shape=(len(links.total), int((~known).sum()))))
    used = np.flatnonzero(np.diff(matrix.indptr))
    return matrix[used], right[used]


def _listed_distributions(table: Table, known: Booleans, local: Integers) -> list[tuple[Integers, Integers]]:
    found = []
    for one in table.distributions:
        places = np.array([table.place[name] for name in one.figures], dtype=np.int64)
        if one.possible is None or known[places].all():
            continue
        vectors = np.array(one.possible, dtype=np.int64)
        published = known[places]
        found.append((local[places], vectors[(vectors[:, published] == table.truth[places[published]]).all(axis=1)]))
    return found


def _distribution_places(table: Table) -> list[Integers]:
    return [np.array([table.place[name] for name in one.figures], dtype=np.int64) for one in table.distributions]


def _labels(matrix: scipy.sparse.csr_array, joined: Sequence[Integers]) -> Integers:
    """The part of each hidden figure: figures of one sum or one distribution belong together."""
    rows, columns = matrix.shape
    entries = matrix.tocoo()
    second = np.concatenate([entries.coords[1], *joined]).astype(np.int64)
    owners = np.repeat(np.arange(len(joined)), [len(places) for places in joined]).astype(np.int64)
    first = np.concatenate([entries.coords[0], rows + owners]).astype(np.int64)
    first, second = first[second >= 0], second[second >= 0]
    nodes = rows + len(joined)
    graph = scipy.sparse.coo_array(
        (np.ones(len(first)), (first, nodes + second)), shape=(nodes + columns, nodes + columns)
    )
    labels: Integers = scipy.sparse.csgraph.connected_components(graph, directed=False)[1][nodes:]
    return labels


def _cut(
    unknown: Integers,
    matrix: scipy.sparse.csr_array,
    right: Integers,
    high: Integers,
    listed: Sequence[tuple[Integers, Integers]],
    labels: Integers,
) -> Iterator[Part]:
    row_label = labels[matrix.indices[matrix.indptr[:-1]]] if matrix.shape[0] else np.zeros(0, dtype=np.int64)
    inside_of, rows_of = _members(labels), _members(row_label)
    renumbered = np.empty(len(labels), dtype=np.int64)
    choices: dict[int, list[tuple[Integers, Integers]]] = {}
    for inside in inside_of.values():
        renumbered[inside] = np.arange(len(inside))
    for places, vectors in listed:
        label = int(labels[places[places >= 0][0]])
        choices.setdefault(label, []).append((np.where(places >= 0, renumbered[places], -1), vectors))
    for label, inside in inside_of.items():
        rows = rows_of.get(label, np.zeros(0, dtype=np.int64))
        own = tuple(choices.get(label, []))
        yield Part(unknown[inside], scipy.sparse.csr_array(matrix[rows][:, inside]), right[rows], high[inside], own)


def _members(labels: Integers) -> dict[int, Integers]:
    """Label to the places that carry it, labels in the order of their first place."""
    order = np.argsort(labels, kind="stable")
    names, starts = np.unique(labels[order], return_index=True)
    groups = dict(zip(names.tolist(), np.split(order, starts[1:]), strict=True)) if len(labels) else {}
    return dict(sorted(groups.items(), key=lambda group: int(group[1][0])))


class Search:
    """Looks for tables of one part that fit what is published; each answer is whole numbers for the part's figures."""

    def __init__(self, part: Part) -> None:
        self.part = part
        lists = [len(vectors) for _, vectors in part.choices]
        self.width = part.size + sum(lists)
        self.blocks = [_padded(part.matrix, self.width)]
        self.low: list[Floats] = [part.right.astype(float)]
        start = part.size
        for (places, vectors), length in zip(part.choices, lists, strict=True):
            self._add_choice(places, vectors, start)
            start += length

    def _add_choice(self, places: Integers, vectors: Integers, start: int) -> None:
        """counts = sum of lambda x vector, one lambda is 1."""
        lambdas = np.arange(start, start + len(vectors))
        rows = np.zeros((int((places >= 0).sum()) + 1, self.width))
        for row, grade in enumerate(np.flatnonzero(places >= 0)):
            rows[row, lambdas] = vectors[:, grade]
            rows[row, places[grade]] = -1
        rows[-1, lambdas] = 1
        self.blocks.append(scipy.sparse.csr_array(rows))
        self.low.append(np.eye(len(rows))[-1])

    def best(
        self,
        objective: Floats,
        *,
        least: tuple[int, int] | None = None,
        wanted: Sequence[tuple[int, int]] = (),
        gap: float = 0,
    ) -> Integers | None:
        """A table with the largest objective, or None if none fits.

        `least` is (place, count) to be reached. With `wanted` the number of those (place, count) reached counts instead.
        """
        extra = len(wanted)
        low = np.zeros(self.width + extra)
        high = np.concatenate(
            [np.minimum(self.part.high, MOST).astype(float), np.ones(self.width + extra - self.part.size)]
        )
        if least is not None:
            low[least[0]] = least[1]
            if low[least[0]] > high[least[0]]:
                return None
        blocks = [_padded(block, self.width + extra) for block in self.blocks]
        equal = np.concatenate(self.low)
        constraints = [scipy.optimize.LinearConstraint(_stacked(blocks), equal, equal)] if equal.size else []
        goal = np.concatenate([objective, np.zeros(self.width + extra - len(objective))])
        if wanted:
            constraints.append(self._reached(wanted))
            goal[self.width :] = 1
        # HiGHS is deterministic, so that the same release gives the same answer; it minimises, hence the sign.
        found = scipy.optimize.milp(
            -goal,
            constraints=constraints,
            bounds=scipy.optimize.Bounds(low, high),
            integrality=np.ones(self.width + extra),
            options={"mip_rel_gap": gap},
        )
        return None if found.x is None else np.rint(found.x[: self.part.size]).astype(np.int64)

    def _reached(self, wanted: Sequence[tuple[int, int]]) -> scipy.optimize.LinearConstraint:
        """count - wanted x reached >= 0"""
        rows = np.arange(len(wanted))
        places, counts = np.array(wanted).T
        entries = np.concatenate([np.ones(len(wanted)), -counts.astype(float)])
        where = (np.concatenate([rows, rows]), np.concatenate([places, self.width + rows]))
        shape = (len(wanted), self.width + len(wanted))
        return scipy.optimize.LinearConstraint(
            scipy.sparse.csr_array(scipy.sparse.coo_array((entries, where), shape=shape)), 0, np.inf
        )


def _padded(block: scipy.sparse.csr_array, width: int) -> scipy.sparse.csr_array:
    return scipy.sparse.csr_array(
        (block.data.astype(float), block.indices, block.indptr), shape=(block.shape[0], width)
    )


def _stacked(blocks: Sequence[scipy.sparse.csr_array]) -> scipy.sparse.csr_array:
    return scipy.sparse.csr_array(scipy.sparse.vstack(blocks))
