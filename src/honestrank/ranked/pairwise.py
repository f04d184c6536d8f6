"""Ballots that rank candidates, and the classic counts of them: Borda, Copeland, Schulze, ranked pairs.

Everything here follows from one matrix of pairwise preferences. Seats by transfer: `stv`; a model with errors: `plackett`.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from honestrank.sums import Ballots, Unlisted
from honestrank.words.wording import InputError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

Order = Sequence[str | Sequence[str]]


def read_orders(
    candidates: Sequence[str],
    orders: Sequence[Order],
    counts: Sequence[int] | None = None,
    unlisted: Unlisted = "below",
) -> Ballots:
    """Ballots from orders, best first; a group inside an order is a tie: `["a", ["b", "c"], "d"]`.

    Raises InputError for no candidates, a candidate twice or not standing, an empty ballot, a count below one.
    """
    number = np.ones(len(orders), dtype=np.int64) if counts is None else np.asarray(counts, dtype=np.int64)
    if not candidates:
        raise InputError("no_candidates")
    if len(set(candidates)) < len(candidates):
        raise InputError("candidate_twice", candidate=next(c for c in candidates if list(candidates).count(c) > 1))
    if len(number) != len(orders):
        raise InputError("lengths_differ", what="counts", found=len(number), expected=len(orders))
    if len(orders) == 0 or (number < 1).any():
        raise InputError("no_ballots")
    place = {name: i for i, name in enumerate(candidates)}
    rows = [_places(place, order, ballot) for ballot, order in enumerate(orders, start=1)]
    return Ballots(tuple(candidates), np.array(rows, dtype=np.int64), number, unlisted)


def _places(place: dict[str, int], order: Order, ballot: int) -> list[int]:
    places = [0] * len(place)
    for at, group in enumerate(order, start=1):
        for name in [group] if isinstance(group, str) else group:
            if name not in place:
                raise InputError("not_standing", ballot=ballot, candidate=name)
            if places[place[name]]:
                raise InputError("ranked_twice", ballot=ballot, candidate=name)
            places[place[name]] = at
    if not any(places):
        raise InputError("empty_ballot", ballot=ballot)
    return places


def condorcet_winner(preferences: Floats) -> int | None:
    """The candidate who beats every other by a majority of those who prefer one to the other, if there is one."""
    wins = (preferences > preferences.T).sum(axis=1)
    best = int(wins.argmax())
    return best if wins[best] == len(preferences) - 1 else None


def borda(ballots: Ballots) -> Floats:
    """Points: one for each candidate put below, a half for each tie (Borda 1784; ties after Black 1976)."""
    ties = ballots.ties()
    np.fill_diagonal(ties, 0)
    return np.asarray((ballots.preferences() + ties / 2).sum(axis=1), dtype=np.float64)


def copeland(preferences: Floats) -> Floats:
    """Pairwise majorities won less those lost (Copeland 1951)."""
    won = (preferences > preferences.T).astype(np.float64)
    return np.asarray(won.sum(axis=1) - won.sum(axis=0), dtype=np.float64)


def schulze_paths(preferences: Floats) -> Floats:
    """Strength of the strongest path of majorities between candidates, by winning votes (Schulze 2011, section 2.3.1)."""
    strength = np.where(preferences > preferences.T, preferences, 0.0)
    for through in range(len(strength)):
        strength = np.maximum(strength, np.minimum(strength[:, [through]], strength[[through], :]))
    np.fill_diagonal(strength, 0)
    return strength


def schulze(preferences: Floats) -> Booleans:
    """`[i, j]`: i stands above j, a strict partial order (Schulze 2011, section 4.1); ties stay ties."""
    strength = schulze_paths(preferences)
    return np.asarray(strength > strength.T)


@dataclass(frozen=True)
class Locked:
    """`above[i, j]`: i stands above j. `ties_decided`: another order among equal majorities would change it."""

    above: Booleans
    ties_decided: bool


def ranked_pairs(preferences: Floats) -> Locked:
    """Majorities locked in from the largest margin down, but for those that close a circle (Tideman 1987).

    Equal margins are taken in the order of the candidates. If one of them could still be locked in when its turn among
    the equals began, and no longer when it came, then taking it first would give another relation: `ties_decided`.
    """
    margin = preferences - preferences.T
    pairs = [(int(i), int(j)) for i, j in np.argwhere(margin > 0)]
    above, ties_decided = np.zeros(margin.shape, dtype=bool), False
    for _, equals in itertools.groupby(
        sorted(pairs, key=lambda pair: (-margin[pair], pair)), lambda pair: margin[pair]
    ):
        for i, j in [(i, j) for i, j in equals if not above[j, i]]:
            if above[j, i]:
                ties_decided = True
                continue
            before, after = above[:, i].copy(), above[j].copy()
            before[i] = after[j] = True
            above |= before[:, None] & after
    return Locked(above, ties_decided)


def winners(above: Booleans) -> list[int]:
    """The candidates above whom nobody stands."""
    return [int(i) for i in np.flatnonzero(~above.any(axis=0))]
