"""Shares with margins: the published figures of Clopper and Pearson, coverage by counting, what is no share."""

from math import comb

import pytest

from zhengyou.standings.computing.shares import share


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(0, 10, 0, 31), (10, 10, 69, 100), (5, 10, 18, 82), (50, 100, 39, 61), (3, 11, 6, 61), (143, 200, 64, 78)],
)
def test_the_intervals_are_those_of_the_tables_rounded_outward(count, of, low, high) -> None:
    one = share(count, of)
    assert (one.low, one.high) == (low, high)


@pytest.mark.parametrize("of", [10, 25, 60])
@pytest.mark.parametrize("truth", [0.02, 0.5, 0.9, 0.99])
def test_they_hold_at_least_as_often_as_they_say(of, truth) -> None:
    held = sum(
        comb(of, k) * truth**k * (1 - truth) ** (of - k)
        for k in range(of + 1)
        if share(k, of).low <= 100 * truth <= share(k, of).high
    )
    assert held >= 0.95


@pytest.mark.parametrize(("count", "of"), [(-1, 10), (11, 10), (0, 0)])
def test_what_is_no_share_is_refused(count, of) -> None:
    with pytest.raises(ValueError, match="is no share"):
        share(count, of)
