"""Counts of ranked ballots: published examples, properties that hold for every profile, refusals in sentences."""

import random
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from honestrank.ranked.pairwise import (
    borda,
    condorcet_winner,
    copeland,
    ranked_pairs,
    read_orders,
    schulze,
    schulze_paths,
    winners,
)
from honestrank.ranked.stv import stv
from honestrank.sums import Ballots
from honestrank.words.wording import InputError


def strict(candidates: str, *counted: tuple[int, str]) -> Ballots:
    return read_orders(list(candidates), [list(order) for _, order in counted], [count for count, _ in counted])


SCHULZE_2011 = strict(
    "ABCDE",
    (5, "ACBED"), (5, "ADECB"), (8, "BEDAC"), (3, "CABED"), (7, "CAEBD"), (2, "CBADE"), (7, "DCEBA"), (8, "EBADC"),
)  # fmt: skip
# Four towns vote for a capital: 42 % live in M, 26 % in N, 15 % in C, 17 % in K.
CAPITAL = strict("MNCK", (42, "MNCK"), (26, "NCKM"), (15, "CKNM"), (17, "KCNM"))


def test_schulze_2011_section_3() -> None:
    paths = schulze_paths(SCHULZE_2011.preferences())
    assert paths.astype(int).tolist() == [
        [0, 28, 28, 30, 24],
        [25, 0, 28, 33, 24],
        [25, 29, 0, 29, 24],
        [25, 28, 28, 0, 24],
        [25, 28, 28, 31, 0],
    ]
    above = schulze(SCHULZE_2011.preferences())
    assert "".join(sorted("ABCDE", key=lambda c: -above["ABCDE".index(c)].sum())) == "EACBD"
    assert winners(above) == [4]


def test_the_capital() -> None:
    """Counted by hand: N beats all; points 126, 194, 173, 107; C then N are excluded, so K has the one seat."""
    preferences = CAPITAL.preferences()
    assert condorcet_winner(preferences) == 1
    assert borda(CAPITAL).tolist() == [126, 194, 173, 107]
    assert copeland(preferences).tolist() == [-3, 3, 1, -1]
    assert ranked_pairs(preferences).above.sum(axis=1).tolist() == [0, 3, 2, 1]
    assert not ranked_pairs(preferences).ties_decided
    count = stv(CAPITAL, 1)
    assert (count.elected, count.quota, [stage.excluded for stage in count.stages]) == ((3,), 51, [2, 1, None])


def test_tideman_ranked_pairs_drops_the_weakest_majority_of_a_circle() -> None:
    """A beats B by 30, B beats C by 20, C beats A by 10: the last is dropped."""
    circle = strict("ABC", (35, "ABC"), (20, "BCA"), (25, "CAB"), (0 + 5, "BCA"))
    margins = circle.preferences() - circle.preferences().T
    assert (margins[0, 1], margins[1, 2], margins[2, 0]) == (35, 35, 15)
    assert ranked_pairs(circle.preferences()).above.sum(axis=1).tolist() == [2, 1, 0]
    assert ranked_pairs(strict("ABC", (1, "ABC"), (1, "BCA"), (1, "CAB")).preferences()).ties_decided


def test_an_order_of_equal_margins_that_nobody_would_try_first_is_found_too() -> None:
    """D beats A and C beats B by 3; A beats B and C, B beats D, D beats C by 1.

    From the first equal pair down and from the last one up, B's majority over D comes too late and is dropped: D A C B.
    Taken first it holds: C B D A.
    """
    margins = np.array([[0, 1, 1, -3], [-1, 0, -3, 1], [-1, 3, 0, -1], [3, -1, 1, 0]])
    locked = ranked_pairs(20.0 + margins)
    assert winners(locked.above) == [3]
    assert locked.ties_decided


def test_three_seats_for_a_dinner() -> None:
    """Twenty guests; quota 6. Chocolate 12: surplus 6 as 4 and 2; pears out, oranges 6; sweets out; strawberries stay."""
    names = ["oranges", "pears", "chocolate", "strawberries", "sweets"]
    orders = [["oranges"], ["pears", "oranges"], ["chocolate", "strawberries"], ["chocolate", "sweets"],
              ["strawberries"], ["sweets"]]  # fmt: skip
    count = stv(read_orders(names, orders, [4, 2, 8, 4, 1, 1]), 3)
    assert [names[i] for i in count.elected] == ["chocolate", "oranges", "strawberries"]
    assert [tuple(map(int, stage.votes)) for stage in count.stages] == [
        (4, 2, 12, 1, 1), (4, 2, 6, 5, 3), (6, 0, 6, 5, 3), (6, 0, 6, 5, 0),
    ]  # fmt: skip
    assert count.decided_by_lot == ()


def test_transferred_ballots_keep_their_fraction() -> None:
    """12 votes, 2 seats, quota 5. A has 9: each ballot goes on at 4/9, so 6 give B 8/3 and 3 give C 4/3."""
    count = stv(strict("ABC", (6, "ABC"), (3, "ACB"), (1, "B"), (2, "C")), 2)
    assert count.stages[1].votes == (Fraction(5), Fraction(11, 3), Fraction(10, 3))
    assert count.elected == (0, 1)


def test_lots_are_told_and_obeyed() -> None:
    even = strict("AB", (3, "A"), (3, "B"))
    assert (stv(even, 1).elected, stv(even, 1).decided_by_lot) == ((0,), (1,))
    assert stv(even, 1, lot=[0, 1]).elected == (1,)


def profile(seed: int, candidates: int, *, short: bool = False) -> Ballots:
    rng = random.Random(seed)
    names = [f"c{i}" for i in range(candidates)]
    orders = [rng.sample(names, rng.randint(1, candidates) if short else candidates) for _ in range(15)]
    return read_orders(names, orders, [rng.randint(1, 9) for _ in orders])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 6), st.booleans())
def test_a_condorcet_winner_wins_and_relations_are_orders(seed: int, candidates: int, short: bool) -> None:
    preferences = profile(seed, candidates, short=short).preferences()
    best = condorcet_winner(preferences)
    for above in (schulze(preferences), ranked_pairs(preferences).above):
        assert not (above & above.T).any()
        assert (above | ~((above.astype(int) @ above.astype(int)) > 0)).all()
        assert best is None or winners(above) == [best]
    assert best is None or int(copeland(preferences).argmax()) == best


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.permutations(range(5)))
def test_names_and_their_order_do_not_matter(seed: int, order: list[int]) -> None:
    one = profile(seed, 5, short=True)
    names = tuple(one.candidates[i] for i in order)
    two = Ballots(names, one.places[:, order], one.counts)
    mixed = np.ix_(order, order)
    assert borda(two) == pytest.approx(borda(one)[order])
    assert np.array_equal(schulze(two.preferences()), schulze(one.preferences())[mixed])
    locked = ranked_pairs(one.preferences())
    if not locked.ties_decided and not ranked_pairs(two.preferences()).ties_decided:
        assert np.array_equal(ranked_pairs(two.preferences()).above, locked.above[mixed])
    counts = stv(one, 2), stv(two, 2)
    if not any(count.decided_by_lot for count in counts):
        assert {one.candidates[i] for i in counts[0].elected} == {names[i] for i in counts[1].elected}


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_a_clone_neither_helps_nor_harms_the_others(seed: int) -> None:
    """A candidate beside c0 on every ballot: Schulze and ranked pairs still name the same winners, the clone for c0."""
    one = profile(seed, 4)
    rng = random.Random(seed)
    orders = []
    for places in one.places:
        order = [one.candidates[i] for i in np.argsort(places)]
        at = order.index("c0")
        orders.append(order[:at] + rng.sample(["c0", "twin"], 2) + order[at + 1 :])
    two = read_orders([*one.candidates, "twin"], orders, one.counts.tolist())
    for count in (schulze, lambda preferences: ranked_pairs(preferences).above):
        before = {one.candidates[i] for i in winners(count(one.preferences()))}
        after = {two.candidates[i].replace("twin", "c0") for i in winners(count(two.preferences()))}
        if not ranked_pairs(one.preferences()).ties_decided and not ranked_pairs(two.preferences()).ties_decided:
            assert before == after


def test_ties_and_those_not_listed() -> None:
    orders = [["a", ["b", "c"]], ["d"]]
    below = read_orders("abcd", orders)
    assert borda(below).tolist() == [4.0, 2.5, 2.5, 3.0]
    unknown = read_orders("abcd", orders, unlisted="unknown")
    assert unknown.preferences().tolist() == [[0, 1, 1, 0], [0] * 4, [0] * 4, [0] * 4]
    assert borda(unknown).tolist() == [2.0, 0.5, 0.5, 0.0]


@pytest.mark.parametrize(
    ("candidates", "orders", "counts", "key"),
    [
        ("", [["a"]], None, "no_candidates"),
        ("aa", [["a"]], None, "candidate_twice"),
        ("ab", [], None, "no_ballots"),
        ("ab", [["a"]], [0], "no_ballots"),
        ("ab", [["a"]], [1, 1], "lengths_differ"),
        ("ab", [["a"], ["c"]], None, "not_standing"),
        ("ab", [["a", "a"]], None, "ranked_twice"),
        ("ab", [["a"], []], None, "empty_ballot"),
    ],
)
def test_bad_ballots_are_refused(candidates: str, orders: list[list[str]], counts: list[int] | None, key: str) -> None:
    with pytest.raises(InputError) as refused:
        read_orders(candidates, orders, counts)
    assert refused.value.key == key
    assert refused.value.sentence("zh-hans")


def test_what_cannot_be_counted_by_transfer_is_refused() -> None:
    ballots = read_orders("abc", [["a", ["b", "c"]]])
    for some, seats, lot, key in (
        (ballots, 1, None, "tie_on_ballot"),
        (CAPITAL, 0, None, "bad_seats"),
        (CAPITAL, 5, None, "bad_seats"),
        (CAPITAL, 1, [0, 0, 1, 2], "lengths_differ"),
    ):
        with pytest.raises(InputError) as refused:
            stv(some, seats, lot)
        assert refused.value.key == key
