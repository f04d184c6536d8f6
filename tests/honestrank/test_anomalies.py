"""Screens: they find what was planted, seldom cry wolf, and say in words what they found."""

import numpy as np
import pytest

from honestrank.screens.anomalies import equal_ballots, leans_on_cluster, straight_lines, unlike_the_others
from honestrank.sums import CrossedSums


def honest(seed: int, ballots: int = 80, items: int = 8) -> np.ndarray:
    return np.random.default_rng(seed).choice([1, 2, 3, 4], size=(ballots, items), p=[0.4, 0.3, 0.2, 0.1])


def test_copied_ballots_are_found_and_named() -> None:
    marks = honest(1)
    marks[[3, 10, 40]] = [1, 2, 4, 3, 1, 4, 2, 3]
    (flag,) = equal_ballots(marks)
    assert flag.subjects == ("4", "11", "41")
    assert flag.p < 1e-4
    assert "3 ballots carry the very same 8 marks" in flag.said.sentence("en")
    assert "3 张票的 8 项" in flag.said.sentence("zh-hans")


def test_straight_lines_are_found_together() -> None:
    marks = honest(2)
    marks[:6] = 1
    (flag,) = straight_lines(marks)
    assert flag.subjects == tuple("123456")
    assert equal_ballots(marks) == []
    marks[:, :] = 0
    assert straight_lines(marks) == []


def test_honest_ballots_seldom_raise_a_flag() -> None:
    flags = [equal_ballots(honest(seed)) + straight_lines(honest(seed)) for seed in range(300)]
    assert sum(map(bool, flags)) <= 300 * 2 * 0.01 + 6


def test_few_items_are_not_screened() -> None:
    marks = np.ones((30, 3), dtype=np.int64)
    assert equal_ballots(marks) == straight_lines(marks) == []


def crossed(y: np.ndarray) -> CrossedSums:
    raters, units = y.shape
    rater, unit = np.indices(y.shape)
    return CrossedSums(
        tuple(map(str, range(units))), (), raters, rater.ravel(), unit.ravel(), np.zeros(y.size, dtype=np.int64),
        np.ones(y.size, dtype=np.int64), y.ravel(), float((y**2).sum()), 0.0, 0,
    )  # fmt: skip


def table(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.normal(0, 1, (40, 12)) + rng.normal(0, 2, (40, 1)) + rng.normal(0, 1, 12)


def test_a_rater_unlike_the_others_is_found_a_harsh_one_is_not() -> None:
    y = table(3)
    y[5] = np.random.default_rng(9).normal(0, 4, 12)
    y[7] -= 6
    (flag,) = unlike_the_others(crossed(y), [f"r{i}" for i in range(40)], {"residual": 1.0})
    assert flag.subjects == ("r5",)
    assert "no fault" in flag.said.sentence("en")


def test_ordinary_raters_seldom_raise_a_flag() -> None:
    names = [str(i) for i in range(40)]
    flags = [unlike_the_others(crossed(table(seed)), names, {"residual": 1.0}) for seed in range(200)]
    assert sum(map(bool, flags)) <= 200 * 0.01 + 5


def test_a_unit_that_leans_on_one_cluster() -> None:
    rng = np.random.default_rng(4)
    unit = np.repeat(np.arange(5), 40)
    cluster = [f"office {i}" for i in rng.integers(0, 6, 200)]
    score = rng.normal(7, 1, 200)
    score[[i for i in range(40, 80) if cluster[i] == "office 2"]] += 4
    (flag,) = leans_on_cluster(list("abcde"), unit, cluster, score)
    assert flag.subjects == ("b",)
    assert "office 2" in flag.said.sentence("en")
    inside = [score[i] for i in range(40, 80) if cluster[i] != "office 2"]
    assert flag.said.values["without"] == f"{np.mean(inside):.3g}"


def test_clusters_seldom_raise_a_flag_by_chance() -> None:
    rng = np.random.default_rng(11)
    unit = np.repeat(np.arange(5), 40)
    wrong = 0
    for _ in range(300):
        cluster = [str(i) for i in rng.integers(0, 6, 200)]
        wrong += bool(leans_on_cluster(list("abcde"), unit, cluster, rng.normal(0, 1, 200)))
    assert wrong <= 300 * 0.01 + 5


@pytest.mark.parametrize("cluster", [["one"] * 6, [str(i) for i in range(6)]])
def test_clusters_that_tell_nothing(cluster: list[str]) -> None:
    assert leans_on_cluster(["a"], np.zeros(6, dtype=np.int64), cluster, np.arange(6.0)) == []
