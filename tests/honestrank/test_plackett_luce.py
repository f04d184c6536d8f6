"""Plackett–Luce: closed forms, the likelihood written out, coverage of its errors, and what cannot be compared."""

import itertools
import math
import time

import numpy as np
import pytest
from scipy.optimize import minimize

from honestrank.ranked.pairwise import read_orders
from honestrank.ranked.plackett import plackett_luce, preference
from honestrank.ranks.ranksets import rank_sets
from honestrank.sums import Ballots, Unlisted
from honestrank.words.wording import InputError


def test_two_candidates_are_odds() -> None:
    found = plackett_luce(read_orders("ab", [["a", "b"], ["b", "a"]], [30, 10]))
    assert found.strength[0] - found.strength[1] == pytest.approx(math.log(3))
    variance = found.covariance[0, 0] + found.covariance[1, 1] - 2 * found.covariance[0, 1]
    assert variance == pytest.approx(1 / 30 + 1 / 10)
    middle, low, high = preference(found, 0, 1)
    assert middle == pytest.approx(0.75)
    assert (low, high) == pytest.approx((0.59458, 0.85988), abs=1e-5)


def log_likelihood(ballots: Ballots, strength: np.ndarray) -> float:
    """Every choice written out."""
    total = 0.0
    for places, count in zip(ballots.places, ballots.counts, strict=True):
        left = [i for i in range(len(strength)) if places[i] or ballots.unlisted == "below"]
        for i in sorted(np.flatnonzero(places), key=lambda i: places[i]):
            total += count * (strength[i] - np.log(np.exp(strength[left]).sum()))
            left.remove(i)
    return total


@pytest.mark.parametrize("unlisted", ["below", "unknown"])
def test_maximises_the_likelihood_written_out(unlisted: Unlisted) -> None:
    rng = np.random.default_rng(3)
    orders = [rng.permutation(list("abcde"))[: rng.integers(2, 6)].tolist() for _ in range(60)]
    ballots = read_orders("abcde", orders, unlisted=unlisted)
    found = plackett_luce(ballots)
    assert found.converged
    assert found.log_likelihood == pytest.approx(log_likelihood(ballots, found.strength))
    best = minimize(lambda t: -log_likelihood(ballots, t), np.zeros(5), method="BFGS").x
    assert found.strength == pytest.approx(best - best.mean(), abs=1e-4)
    step, information = 1e-4, np.empty((5, 5))
    for i, j in itertools.product(range(5), repeat=2):
        corners = [log_likelihood(ballots, found.strength + a * step * np.eye(5)[i] + b * step * np.eye(5)[j])
                   for a, b in ((1, 1), (1, -1), (-1, 1), (-1, -1))]  # fmt: skip
        information[i, j] = -(corners[0] - corners[1] - corners[2] + corners[3]) / (4 * step**2)
    assert found.covariance == pytest.approx(np.linalg.pinv(information, rcond=1e-4), abs=1e-4)
    assert found.covariance.sum(axis=0) == pytest.approx(np.zeros(5), abs=1e-9)


def draw(strength: np.ndarray, ballots: int, rng: np.random.Generator) -> Ballots:
    """Orders by the model: strengths plus Gumbel noise, sorted."""
    order = np.argsort(-(strength + rng.gumbel(size=(ballots, len(strength)))), axis=1)
    names = tuple(str(i) for i in range(len(strength)))
    return Ballots(names, np.argsort(order, axis=1) + 1, np.ones(ballots, dtype=np.int64))


def test_intervals_cover_and_rank_sets_follow() -> None:
    rng = np.random.default_rng(12)
    truth = np.array([-1.0, -0.2, 0.0, 0.3, 0.9])
    inside = 0
    for _ in range(200):
        found = plackett_luce(draw(truth, 60, rng))
        inside += int((np.abs(found.strength - truth) <= 1.96 * found.standard_error).sum())
    assert inside / 1000 == pytest.approx(0.95, abs=0.03)
    found = plackett_luce(draw(truth, 3000, rng))
    assert rank_sets(found.strength, found.covariance).low.tolist() == [5, 4, 3, 2, 1]


def test_the_order_of_ballots_and_counting_them_together_change_nothing() -> None:
    rng = np.random.default_rng(8)
    one = draw(np.array([0.0, 0.5, 1.0]), 200, rng)
    places, counts = np.unique(one.places, axis=0, return_counts=True)
    found, same = plackett_luce(one), plackett_luce(Ballots(one.candidates, places, counts))
    assert same.strength == pytest.approx(found.strength, abs=1e-9)
    assert same.covariance == pytest.approx(found.covariance, abs=1e-9)


def test_candidates_no_chain_of_ballots_joins_are_named() -> None:
    for orders, above, below in (
        ([["a", "b", "c"], ["a", "c", "b"]], "b", "a"),
        ([["a", "b"], ["b", "a"], ["c", "d"], ["d", "c"]], "a", "c"),
    ):
        names = sorted({name for order in orders for name in order})
        with pytest.raises(InputError) as refused:
            plackett_luce(read_orders(names, orders, unlisted="unknown"))
        assert refused.value.values == {"above": above, "below": below}


def test_made_up_contests_are_those_of_ballots_with_one_candidate_more() -> None:
    orders, names = [["a", "b", "c"], ["a", "c", "b"], ["b", "a", "c"]], ("a", "b", "c")
    found = plackett_luce(read_orders(names, orders, [3, 2, 1]), pseudo=2)
    contests = [[name, "ghost"] for name in names] + [["ghost", name] for name in names]
    spelled = read_orders((*names, "ghost"), orders + contests, [3, 2, 1] + [2] * 6, unlisted="unknown")
    same, about = plackett_luce(spelled), np.eye(3) - 1 / 3
    assert found.strength == pytest.approx(same.strength[:3] - same.strength[:3].mean(), abs=1e-8)
    assert found.covariance == pytest.approx(about @ same.covariance[:3, :3] @ about, abs=1e-8)
    assert found.log_likelihood == pytest.approx(same.log_likelihood, abs=1e-8)


@pytest.mark.parametrize("unlisted", ["below", "unknown"])
def test_made_up_contests_join_what_no_chain_joins(unlisted: Unlisted) -> None:
    ballots = read_orders("abcd", [["a", "b"], ["b", "a"], ["a", "b", "c"]], unlisted=unlisted)
    with pytest.raises(InputError) as refused:
        plackett_luce(ballots)
    assert "--pseudo 0.5" in refused.value.sentence("en")
    assert "--pseudo 0.5" in refused.value.sentence("zh-hans")
    found = plackett_luce(ballots, pseudo=0.5)
    assert found.converged
    assert found.strength.sum() == pytest.approx(0, abs=1e-12)
    assert found.strength[0] > found.strength[2]


def test_ties_are_refused() -> None:
    with pytest.raises(InputError) as refused:
        plackett_luce(read_orders("abc", [["a", "b", "c"], ["c", ["a", "b"]]]))
    assert (refused.value.key, refused.value.values) == ("tie_not_in_model", {"ballot": 2})


def test_a_hundred_thousand_ballots_take_no_minutes() -> None:
    ballots = draw(np.linspace(-1, 1, 10), 100_000, np.random.default_rng(0))
    began = time.perf_counter()
    found = plackett_luce(ballots)
    assert time.perf_counter() - began < 20
    assert found.strength == pytest.approx(np.linspace(-1, 1, 10), abs=0.05)
