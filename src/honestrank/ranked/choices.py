"""Ballots as successive choices: log likelihood, its slope and information, for `plackett`, which climbs it.

Three ways to the same sums: by ballots, by the sets that were left (few candidates), by sets with ties as choices of
several at once (Turner, van Etten, Firth and Kosmidis 2020). `_WithContests` adds contests that nobody held.
"""

from functools import partial
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from honestrank.linear.threads import side_by_side
from honestrank.sums import Ballots
from honestrank.words.wording import InputError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
Bytes = NDArray[np.uint8]

# There are 2^12 sets of so many candidates: fewer than a poll has ballots, and kept in a table.
FEW = 12

# Candidates of a set in square times places at once, over all different sets: some minutes of work.
MOST_GROUPS = 2e10


class Choices(Protocol):
    """`wins[i, j]`: on some ballot i was chosen while j was left. `orders`: how many were chosen at once, 1 left out."""

    wins: Booleans
    orders: tuple[int, ...]

    def at(self, found: Floats) -> tuple[float, Floats, Floats]:
        """Log likelihood, gradient and observed information in the strengths, then in the log prevalence of each order."""
        ...


def choices_of(ballots: Ballots, *, ties: bool) -> Choices:
    """The quickest way to the sums. Raises InputError for a tie where `ties` are no part of the model."""
    if ties:
        return _Together(ballots)
    return _BySet(ballots) if len(ballots.candidates) <= FEW else _ByBallot(ballots)


def _refuse_tie(ballot: int) -> None:
    if ballot >= 0:
        raise InputError("tie_not_in_model", ballot=ballot + 1)


class _ByBallot:
    """`order[b, s]` is chosen at stage s; behind them come those not listed."""

    orders: tuple[int, ...] = ()

    def __init__(self, ballots: Ballots) -> None:
        from honestrank.linear.kernels import sort_ballots

        shape, half = ballots.places.shape, len(ballots.places) // 2
        self.order = np.zeros(shape, dtype=np.uint32)
        self.choices, self.stands = np.zeros((2, shape[0]), dtype=np.int64)
        self.count = ballots.counts.astype(np.float64)
        won, tied = np.zeros((2, shape[1], shape[1]), dtype=np.uint8), [-1, -1]
        places = np.ascontiguousarray(ballots.places, dtype=np.int64)

        def sort(part: int, these: slice) -> None:
            given = (places[these], ballots.unlisted == "below", self.order[these])
            tied[part] = sort_ballots(*given, self.choices[these], self.stands[these], won[part])

        side_by_side(partial(sort, 0, slice(half)), partial(sort, 1, slice(half, None)))
        _refuse_tie(tied[0] if tied[0] >= 0 or tied[1] < 0 else half + tied[1])
        self.wins: Booleans = np.asarray(won.any(axis=0), dtype=np.bool_)

    def at(self, found: Floats) -> tuple[float, Floats, Floats]:
        """Two threads, half of the ballots each."""
        from honestrank.linear.kernels import add_choices

        size, half = len(found), len(self.order) // 2
        likelihood, gradient, information = np.zeros(2), np.zeros((2, size)), np.zeros((2, size, size))

        def add(part: int, first: int, beyond: int) -> None:
            given = (self.order, self.choices, self.stands, self.count, found, first, beyond)
            likelihood[part] = add_choices(*given, gradient[part], information[part])

        side_by_side(partial(add, 0, 0, half), partial(add, 1, half, len(self.order)))
        lower = information.sum(axis=0)
        whole = lower + lower.T - np.diag(np.diag(lower))
        return float(likelihood.sum()), gradient.sum(axis=0), np.asarray(whole, dtype=np.float64)


class _Sets:
    """The different sets that were left (`members`, `how_often`), what was chosen from them, and how many at once (`sizes`)."""

    def __init__(self, ballots: Ballots) -> None:
        few = len(ballots.candidates) <= FEW
        found = _sets_in_a_table(ballots) if few else _sets_sorted(ballots)
        self.members, self.how_often, self.chosen, self.wins, self.sizes, self.first_tie = found


_Found = tuple[Bytes, Floats, Floats, Booleans, Booleans, int]


def _sets_in_a_table(ballots: Ballots) -> _Found:
    from honestrank.linear.left_sets import count_left

    size, half = len(ballots.candidates), len(ballots.places) // 2
    places = np.ascontiguousarray(ballots.places, dtype=np.int64)
    count, tied = ballots.counts.astype(np.float64), [-1, -1]
    table, below, chosen = np.zeros((2, 2**size)), np.zeros((2, size), dtype=np.int64), np.zeros((2, size))
    sizes = np.zeros((2, size + 1, size + 1), dtype=np.uint8)

    def walk(part: int, these: slice) -> None:
        given = (places[these], ballots.unlisted == "below", count[these])
        tied[part] = count_left(*given, table[part], below[part], chosen[part], sizes[part])

    side_by_side(partial(walk, 0, slice(half)), partial(walk, 1, slice(half, None)))
    together, bits = table.sum(axis=0), np.arange(size)
    sets = np.flatnonzero(together)
    members = ((sets[:, None] >> bits) & 1).astype(np.uint8)
    wins = (((below[0] | below[1])[:, None] >> bits) & 1).astype(np.bool_)
    first_tie = tied[0] if tied[0] >= 0 or tied[1] < 0 else half + tied[1]
    somewhere = np.asarray(sizes.any(axis=0), dtype=np.bool_)
    return members, together[sets], chosen.sum(axis=0), wins, somewhere, first_tie


def _sets_sorted(ballots: Ballots) -> _Found:
    """The same for many candidates: a set is a row of bits, and equal rows are found by sorting."""
    places, count, size = ballots.places, ballots.counts.astype(np.float64), len(ballots.candidates)
    rows, weights, first_tie = [], [], len(places)
    chosen, wins = np.zeros(size), np.zeros((size, size), dtype=np.bool_)
    sizes = np.zeros((size + 1, size + 1), dtype=np.bool_)
    for place in range(1, int(places.max()) + 1):
        group, left = places == place, places >= place
        if ballots.unlisted == "below":
            left |= places == 0
        held = np.flatnonzero(group.any(axis=1) & (left.sum(axis=1) > 1))
        group, left, behind = group[held], left[held], (left & ~group)[held]
        together = group.sum(axis=1)
        chosen += (count[held] / together) @ group
        wins |= (group.T.astype(np.float32) @ behind.astype(np.float32)) > 0
        sizes[together, left.sum(axis=1)] = True
        first_tie = min([first_tie, *held[together > 1].tolist()])
        rows.append(np.packbits(left, axis=1))
        weights.append(count[held])
    sets, which = np.unique(np.concatenate(rows), axis=0, return_inverse=True)
    counted = np.bincount(which.ravel(), weights=np.concatenate(weights), minlength=len(sets))
    how_often = np.asarray(counted, dtype=np.float64)
    members = np.unpackbits(sets, axis=1, count=size)
    return members, how_often, chosen, wins, sizes, first_tie if first_tie < len(places) else -1


class _BySet(_Sets):
    """One candidate at a time, out of the sets that were left."""

    orders: tuple[int, ...] = ()

    def __init__(self, ballots: Ballots) -> None:
        super().__init__(ballots)
        _refuse_tie(self.first_tie)
        self.stands = self.members.astype(np.float64)

    def at(self, found: Floats) -> tuple[float, Floats, Floats]:
        """A sum over sets: their number does not grow with the ballots."""
        worth = np.exp(found)
        whole = self.stands @ worth
        likelihood = float(self.chosen @ found - self.how_often @ np.log(whole))
        share = self.stands * worth / whole[:, None]
        expected = self.how_often @ share
        information = np.diag(expected) - share.T @ (self.how_often[:, None] * share)
        return likelihood, self.chosen - expected, np.asarray(information, dtype=np.float64)


class _Together(_Sets):
    """One or several at a time: a group of g with weight exp(prevalence of g) times the geometric mean of their worths."""

    def __init__(self, ballots: Ballots) -> None:
        super().__init__(ballots)
        self.orders = tuple(int(g) for g in np.flatnonzero(self.sizes[2:].any(axis=1)) + 2)
        work = float((self.members.sum(axis=1, dtype=np.float64) ** 2).sum()) * (sum(self.orders) + 1)
        if work > MOST_GROUPS:
            raise InputError("ties_too_many", most=f"{max(self.orders)}")
        _refuse_always_tied(self.sizes, self.orders)
        self.tied = self._ties_counted(ballots)

    def _ties_counted(self, ballots: Ballots) -> Floats:
        """How often so many were chosen at once, by order. Who alone is left is no choice; all that are left may be one."""
        found = np.zeros(len(ballots.candidates) + 1)
        for place in range(1, int(ballots.places.max()) + 1):
            together = (ballots.places == place).sum(axis=1)
            found += np.bincount(together, weights=ballots.counts, minlength=len(found))
        return np.asarray(found[list(self.orders)], dtype=np.float64)

    def at(self, found: Floats) -> tuple[float, Floats, Floats]:
        """The groups that could be chosen from a set are summed, not listed (`left_sets.sum_of_groups`)."""
        from honestrank.linear.left_sets import add_groups

        size, observed = len(self.chosen), np.concatenate([self.chosen, self.tied])
        expected, information = np.zeros(len(found)), np.zeros((len(found), len(found)))
        given = (self.members, self.how_often, found[:size], np.array(self.orders, dtype=np.int64), found[size:])
        logs = add_groups(*given, expected, information)
        return float(observed @ found) - logs, observed - expected, information


def _refuse_always_tied(sizes: Booleans, orders: tuple[int, ...]) -> None:
    """Raise InputError where some order of tie was taken whenever there was room for it: its prevalence is then infinite.

    A choice of g out of a says that g is no less frequent than any other order up to a; all have to say so of each other in circles.
    """
    from scipy.sparse.csgraph import connected_components

    every = (1, *orders)
    said = np.array([[bool(sizes[g, max(g, other) :].any()) for other in every] for g in every])
    _, part = connected_components(said, directed=True, connection="strong")
    beyond = [g for g, own in zip(every, part.tolist(), strict=True) if own != part[0]]
    if beyond:
        raise InputError("always_tied", order=min(beyond))


class WithContests:
    """The same with one candidate more, against whom each wins and loses `pseudo` contests of two; its strength stands last."""

    def __init__(self, choices: Choices, size: int, pseudo: float) -> None:
        self.choices, self.size, self.pseudo = choices, size, pseudo
        self.wins, self.orders = choices.wins, choices.orders

    def at(self, found: Floats) -> tuple[float, Floats, Floats]:
        """As `Choices.at`; a contest ends with one winner."""
        size, ghost = self.size, len(found) - 1
        likelihood, slope, own = self.choices.at(found[:-1])
        ahead = found[:size] - found[ghost]
        won = 1 / (1 + np.exp(-ahead))
        likelihood -= self.pseudo * float((np.logaddexp(0, ahead) + np.logaddexp(0, -ahead)).sum())
        gain, curvature = self.pseudo * (1 - 2 * won), 2 * self.pseudo * won * (1 - won)
        gradient, information = np.append(slope, -gain.sum()), np.zeros((len(found), len(found)))
        gradient[:size] += gain
        information[:-1, :-1] = own
        information[np.arange(size), np.arange(size)] += curvature
        information[ghost, :size] = information[:size, ghost] = -curvature
        information[ghost, ghost] = curvature.sum()
        return likelihood, gradient, information
