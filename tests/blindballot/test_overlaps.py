"""Two polls of overlapping pools: how few people tell their results apart, against every way of choosing pools."""

import itertools
import random

import pytest

from blindballot.closing.overlaps import smallest_difference


def by_trying_all(first: list[set[int]], second: list[set[int]]) -> int | None:
    """Every choice of pools of both polls, the slow way."""
    found = []
    for some in itertools.product([False, True], repeat=len(first)):
        for others in itertools.product([False, True], repeat=len(second)):
            one = set().union(*(pool for pool, is_in in zip(first, some, strict=True) if is_in))
            other = set().union(*(pool for pool, is_in in zip(second, others, strict=True) if is_in))
            if one != other:
                found.append(len(one ^ other))
    return min(found, default=None)


def split(people: list[int], pieces: int, rng: random.Random) -> list[set[int]]:
    cuts = sorted(rng.sample(range(1, len(people)), pieces - 1))
    return [set(people[left:right]) for left, right in itertools.pairwise([0, *cuts, len(people)])]


@pytest.mark.parametrize("seed", range(40))
def test_the_least_difference_is_that_of_all_choices(seed: int) -> None:
    rng = random.Random(seed)
    people = list(range(30))
    first = split(people[: rng.randint(20, 30)], rng.randint(1, 4), rng)
    second = split(people[rng.randint(0, 6) :], rng.randint(1, 4), rng)
    assert smallest_difference(first, second) == by_trying_all(first, second)


def test_the_same_pools_differ_by_nobody() -> None:
    pools = [set(range(8)), set(range(8, 20))]
    assert smallest_difference(pools, [set(pool) for pool in pools[::-1]]) == by_trying_all(pools, pools) == 8
    assert smallest_difference([{1, 2, 3, 4, 5}], [{1, 2, 3, 4, 5}]) == 5


def test_pools_joined_later_show_who_was_in_neither() -> None:
    first = [set(range(10)), set(range(10, 22))]
    assert smallest_difference(first, [set(range(22))]) == 10
    assert smallest_difference(first, [set(range(25))]) == 3
    assert smallest_difference(first, [set(range(1, 22))]) == 1
