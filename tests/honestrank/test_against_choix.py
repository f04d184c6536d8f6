"""Plackett–Luce strengths against choix, another library that maximises the same likelihood."""

import choix
import numpy as np
import pytest
from numpy.typing import NDArray

from honestrank.ranked.pairwise import read_orders
from honestrank.ranked.plackett import plackett_luce
from honestrank.sums import Unlisted

Floats = NDArray[np.float64]


def orders_by_the_model(seed: int, candidates: int, ballots: int, *, shortest: int) -> list[list[int]]:
    """Orders by strengths with Gumbel noise, each cut to a random length from `shortest` to everybody."""
    rng = np.random.default_rng(seed)
    strength = rng.normal(0, 1, candidates)
    whole = np.argsort(-(strength + rng.gumbel(size=(ballots, candidates))), axis=1)
    lengths = rng.integers(shortest, candidates + 1, ballots)
    return [order[:length].tolist() for order, length in zip(whole, lengths, strict=True)]


def strengths(orders: list[list[int]], candidates: int, unlisted: Unlisted) -> Floats:
    found = plackett_luce(
        read_orders([str(i) for i in range(candidates)], [[str(i) for i in order] for order in orders], None, unlisted)
    )
    assert found.converged
    return found.strength


def centred(strength: Floats) -> Floats:
    return strength - strength.mean()


@pytest.mark.parametrize(("seed", "candidates", "ballots"), [(1, 3, 40), (2, 5, 60), (3, 8, 80)])
def test_whole_orders(seed: int, candidates: int, ballots: int) -> None:
    orders = orders_by_the_model(seed, candidates, ballots, shortest=candidates)
    ours = strengths(orders, candidates, "below")
    spectral = choix.ilsr_rankings(candidates, orders, alpha=0, tol=1e-11)
    newton = choix.opt_rankings(candidates, orders, alpha=0)
    assert ours == pytest.approx(centred(spectral), abs=1e-8)
    assert ours == pytest.approx(centred(newton), abs=1e-6)


@pytest.mark.parametrize(("seed", "candidates", "ballots"), [(5, 4, 60), (6, 6, 80), (7, 9, 120)])
def test_short_orders_that_say_nothing_of_the_rest(seed: int, candidates: int, ballots: int) -> None:
    """choix compares only those listed on a ballot with each other: our `unlisted="unknown"`."""
    orders = orders_by_the_model(seed, candidates, ballots, shortest=2)
    ours = strengths(orders, candidates, "unknown")
    assert ours == pytest.approx(centred(choix.ilsr_rankings(candidates, orders, alpha=0, tol=1e-11)), abs=1e-8)
    assert ours == pytest.approx(centred(choix.opt_rankings(candidates, orders, alpha=0)), abs=1e-6)


@pytest.mark.parametrize(("seed", "candidates", "ballots"), [(8, 4, 40), (9, 6, 60), (10, 8, 80)])
def test_short_orders_above_all_the_rest(seed: int, candidates: int, ballots: int) -> None:
    """Our `unlisted="below"`, told to choix choice by choice: each listed candidate first among all not yet chosen."""
    orders = orders_by_the_model(seed, candidates, ballots, shortest=1)
    choices = []
    for order in orders:
        left = set(range(candidates))
        for chosen in order:
            left.remove(chosen)
            choices += [(chosen, tuple(left))] if left else []
    ours = strengths(orders, candidates, "below")
    assert ours == pytest.approx(centred(choix.ilsr_top1(candidates, choices, alpha=0, tol=1e-11)), abs=1e-8)
    assert ours == pytest.approx(centred(choix.opt_top1(candidates, choices, alpha=0)), abs=1e-6)
