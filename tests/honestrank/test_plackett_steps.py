"""Plackett–Luce on ballots that list half of many candidates: Newton's first steps are far too long there."""

import math

import numpy as np
import pytest

from honestrank.ranked.plackett import plackett_luce
from honestrank.sums import Ballots


@pytest.mark.parametrize("seed", range(6))
def test_thirty_six_ballots_of_eighty_three_candidates_have_strengths(seed: int) -> None:
    """24 of 100 such data sets diverged: a likelihood of infinity was taken for a rise."""
    rng = np.random.default_rng(seed)
    candidates, listed = 83, 43
    strength = rng.normal(0, 1, candidates)
    places = np.zeros((36, candidates), dtype=np.int64)
    for ballot in places:
        standing = rng.permutation(candidates)[:listed]
        order = np.argsort(-(strength[standing] + rng.gumbel(size=listed)))
        ballot[standing[order]] = 1 + np.arange(listed)
    names = tuple(f"c{place}" for place in range(candidates))
    found = plackett_luce(Ballots(names, places, np.ones(36, dtype=np.int64), "unknown"))
    assert found.converged
    assert math.isfinite(found.log_likelihood)
    assert found.log_likelihood < 0
    assert np.corrcoef(found.strength, strength)[0, 1] > 0.8
