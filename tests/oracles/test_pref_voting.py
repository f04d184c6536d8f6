"""Counts of ranked ballots against pref_voting, on seeded random profiles: `make test-oracles`.

Both sides get the same ballots and must name the same numbers, relations and winners. Where the two rules differ, the
test says how and compares what is left.
"""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np
import pytest
from numpy.typing import NDArray
from pref_voting.iterative_methods import instant_runoff_put
from pref_voting.margin_based_methods import (
    beat_path,
    beat_path_defeat,
    ranked_pairs,
    ranked_pairs_defeat_tb,
    ranked_pairs_defeats,
)
from pref_voting.profiles import Profile
from pref_voting.profiles_with_ties import ProfileWithTies
from pref_voting.proportional_methods import stv_scottish
from pref_voting.scoring_methods import domination_borda_scores, symmetric_borda_scores
from pref_voting.weighted_majority_graphs import MarginGraph

from honestrank.ranked.pairwise import borda, condorcet_winner, copeland, read_orders, schulze, winners
from honestrank.ranked.pairwise import ranked_pairs as our_ranked_pairs
from honestrank.ranked.stv import Count, stv
from honestrank.sums import Ballots

Booleans = NDArray[np.bool_]
SEEDS = range(200)


@dataclass(frozen=True)
class Made:
    """One profile for both sides: ours, and theirs with whole strict orders or with short ones and ties."""

    ours: Ballots
    whole: Profile | None
    short: ProfileWithTies


def made(seed: int, *, short: bool = False, tied: bool = False, unknown: bool = False) -> Made:
    """2 to 7 candidates; 1 to 12 different ballots cast 1 to 3 times, so that candidates often draw level."""
    rng = random.Random(seed)
    size = rng.randint(2, 7)
    names = [str(i) for i in range(size)]
    ballots = [rng.sample(range(size), rng.randint(1, size) if short else size) for _ in range(rng.randint(1, 12))]
    counts = [rng.randint(1, 3) for _ in ballots]
    orders = [list(grouped(ballot, rng if tied else None)) for ballot in ballots]
    ours = read_orders(
        names,
        [[[str(i) for i in group] for group in order] for order in orders],
        counts,
        "unknown" if unknown else "below",
    )
    placed = [{i: place for place, group in enumerate(order, start=1) for i in group} for order in orders]
    theirs = ProfileWithTies(placed, counts, candidates=list(range(size)))
    if unknown:
        theirs.use_strict_preference()
    else:
        theirs.use_extended_strict_preference()
    return Made(ours, None if short or tied else Profile(ballots, counts), theirs)


def grouped(ballot: Sequence[int], rng: random.Random | None) -> Iterator[list[int]]:
    """The ballot cut into groups of equals: of one candidate, or of one or two at random."""
    at = 0
    while at < len(ballot):
        step = 1 if rng is None else rng.randint(1, 2)
        yield list(ballot[at : at + step])
        at += step


def relation(graph: nx.DiGraph, size: int) -> Booleans:
    """`[i, j]`: a path of the graph leads from i to j."""
    found = np.zeros((size, size), dtype=bool)
    for i, j in nx.transitive_closure(graph).edges:
        found[i, j] = True
    return found


KINDS = {
    "whole": {},
    "tied": {"tied": True},
    "short": {"short": True},
    "short and tied": {"short": True, "tied": True},
    "unknown": {"short": True, "unknown": True},
    "unknown and tied": {"short": True, "tied": True, "unknown": True},
}


@pytest.mark.parametrize("kind", KINDS)
def test_majorities_copeland_and_who_beats_everybody(kind: str) -> None:
    """Margins, Copeland's scores and the Condorcet winner, for every kind of ballot.

    `unlisted="below"` is pref_voting's extended strict preference, `"unknown"` its plain one.
    """
    for seed in SEEDS:
        one = made(seed, **KINDS[kind])
        preferences = one.ours.preferences()
        assert (preferences - preferences.T).tolist() == np.array(one.short.margin_matrix).tolist(), seed
        assert copeland(preferences).tolist() == list(one.short.copeland_scores().values()), seed
        assert condorcet_winner(preferences) == one.short.condorcet_winner(), seed


def test_borda_of_whole_orders() -> None:
    for seed in SEEDS:
        one = made(seed)
        assert one.whole is not None
        assert borda(one.ours).tolist() == list(one.whole.borda_scores().values()), seed


@pytest.mark.parametrize("kind", ["tied", "short", "short and tied"])
def test_borda_of_short_orders_and_ties(kind: str) -> None:
    """pref_voting has several scores for such ballots. Ours is half its symmetric one, shifted by a constant.

    With `unlisted="unknown"` nobody gets a point over a candidate not listed; pref_voting has no such score.
    """
    for seed in SEEDS:
        one = made(seed, **KINDS[kind])
        middle = (len(one.ours.candidates) - 1) * int(one.ours.counts.sum()) / 2
        theirs = [middle + points / 2 for points in symmetric_borda_scores(one.short).values()]
        assert borda(one.ours).tolist() == theirs, seed
        below = [float(points) for points in domination_borda_scores(one.short).values()]
        assert one.ours.preferences().sum(axis=1).tolist() == below, seed


@pytest.mark.parametrize("kind", KINDS)
def test_schulze(kind: str) -> None:
    """The whole relation, not only the winners. Ours measures paths by winning votes, so theirs is told to do the same.

    On whole strict orders winning votes and margins, pref_voting's own choice, give the same relation.
    """
    for seed in SEEDS:
        one = made(seed, **KINDS[kind])
        above = schulze(one.ours.preferences())
        votes = one.short.support
        defeats = beat_path_defeat(one.short, strength_function=votes)
        assert (
            above.tolist() == nx.to_numpy_array(defeats, nodelist=range(len(above)), weight=None).astype(bool).tolist()
        )
        assert winners(above) == beat_path(one.short, strength_function=votes), seed
        if one.whole is not None:
            assert winners(above) == beat_path(one.whole), seed


@pytest.mark.parametrize("kind", KINDS)
def test_ranked_pairs_in_the_order_of_candidates(kind: str) -> None:
    """Equal margins in the order of candidates on both sides.

    pref_voting goes on to lock pairs that are exactly even, until one candidate stands above all; ours leaves them even.
    So theirs holds ours and more, and is the same where no pair is even.
    """
    same = 0
    for seed in SEEDS:
        one = made(seed, **KINDS[kind])
        preferences = one.ours.preferences()
        above = our_ranked_pairs(preferences).above
        theirs = relation(ranked_pairs_defeat_tb(one.short), len(above))
        assert not (above & ~theirs).any(), seed
        if ((preferences != preferences.T) | np.eye(len(above), dtype=bool)).all():
            same += 1
            assert np.array_equal(above, theirs), seed
    assert same > 20


def test_ranked_pairs_says_when_the_order_of_equal_margins_matters() -> None:
    """`ties_decided` exactly where pref_voting, trying every order of equal margins, finds more than one relation.

    Margins drawn at random without even pairs (see above), and only those with few enough orders to try.
    """
    decided = tried = 0
    for seed in range(4_000):
        margins = uneven_margins(seed)
        _, equals = np.unique(margins[margins > 0], return_counts=True)
        if np.prod([math.factorial(n) for n in equals]) > 200:
            continue
        tried += 1
        edges = [(int(i), int(j), int(margins[i, j])) for i, j in np.argwhere(margins > 0)]
        graph = MarginGraph(list(range(len(margins))), edges)
        every = {relation(defeats, len(margins)).tobytes() for defeats in ranked_pairs_defeats(graph)}
        found = our_ranked_pairs(20.0 + margins)
        assert found.ties_decided == (len(every) > 1), seed
        assert found.above.tobytes() in every, seed
        decided += found.ties_decided
        if not found.ties_decided:
            assert winners(found.above) == ranked_pairs(graph), seed
    assert tried > 1_000
    assert 100 < decided < tried - 100


def uneven_margins(seed: int) -> NDArray[np.int64]:
    """Of 3 to 5 candidates, odd and seldom different: antisymmetric, zero on the diagonal alone."""
    rng = np.random.default_rng(seed)
    size = int(rng.integers(3, 6))
    drawn = np.triu(rng.choice([-5, -3, -1, 1, 3, 5], (size, size)), 1)
    return np.asarray(drawn - drawn.T, dtype=np.int64)


class LastStanding:
    """Draws lots as ours do where no lot is given: of those level, the last in the order of candidates goes out."""

    def choice(self, level: Sequence[int]) -> int:
        return max(level)


def half_told_apart(count: Count) -> bool:
    """A lot excluded somebody while, at an earlier stage, not all of the equals had been equal."""
    gone: set[int] = set()
    for at, stage in enumerate(count.stages):
        if stage.excluded in count.decided_by_lot:
            elected = {i for earlier in count.stages[: at + 1] for i in earlier.elected}
            equals = [i for i, votes in enumerate(stage.votes) if votes == stage.votes[stage.excluded]]
            level = [i for i in equals if i not in gone | elected]
            if any(len({earlier.votes[i] for i in level}) > 1 for earlier in count.stages[:at]):
                return True
        gone |= {stage.excluded} - {None}
    return False


def by_their_count(one: Made, seats: int) -> list[int]:
    """Decimals beyond what the legal rule keeps: ours counts in exact fractions."""
    return list(stv_scottish(one.short, num_seats=seats, decimals=15, rng=LastStanding()))


@pytest.mark.parametrize("kind", ["whole", "short"])
def test_stv(kind: str) -> None:
    """The Scottish rules without their rounding. Ballots with ties are refused by ours, so none are tried.

    Lots that exclude are drawn alike. Left out are counts where a lot decides whose surplus goes first, and where an
    earlier stage tells some of the equals apart but not who is last: ours draws among those who were behind there,
    pref_voting among all of them.
    """
    compared = with_lots = 0
    for seed in range(600):
        one = made(seed, **KINDS[kind])
        for seats in range(1, len(one.ours.candidates)):
            count = stv(one.ours, seats)
            if set(count.decided_by_lot) & set(count.elected) or half_told_apart(count):
                continue
            compared += 1
            with_lots += bool(count.decided_by_lot)
            assert sorted(count.elected) == by_their_count(one, seats), (seed, seats)
    assert compared > 1_000
    assert with_lots > 100


def without_lots(one: Made, seats: int) -> Count | None:
    count = stv(one.ours, seats)
    return None if count.decided_by_lot else count


def test_one_seat_is_instant_runoff() -> None:
    """pref_voting tries every way of excluding among equals: ours is one of its winners, the only one without ties.

    Ours looks at earlier stages before it draws lots, so a tie that was broken there is not counted as a lot.
    """
    alone = 0
    for seed in SEEDS:
        one = made(seed)
        possible = instant_runoff_put(one.whole)
        assert stv(one.ours, 1).elected[0] in possible, seed
        alone += without_lots(one, 1) is not None and len(possible) == 1
    assert alone > 50
