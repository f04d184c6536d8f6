"""Rank sets: critical values against Tukey's, coverage by simulation, the order relation, invariances, edges."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import studentized_range

from honestrank.defaults import SEED
from honestrank.ranks.chances import posterior_chances
from honestrank.ranks.draws import simulate
from honestrank.ranks.ranksets import RankSets, quota_statement, rank_sets, undivided
from honestrank.words.wording import InputError

Floats = NDArray[np.float64]


@pytest.mark.parametrize("units", [2, 3, 10, 30])
def test_critical_value_of_equal_errors_is_tukeys(units: int) -> None:
    found = rank_sets(np.zeros(units), np.ones(units), draws=20_000).critical_value
    assert found == pytest.approx(studentized_range.ppf(0.95, units, np.inf) / np.sqrt(2), abs=0.04)


def test_critical_value_with_estimated_errors_is_larger_and_near_the_t_of_two() -> None:
    from scipy.stats import t

    found = rank_sets(np.zeros(2), np.ones(2), draws=20_000, degrees_of_freedom=np.full(2, 9.0)).critical_value
    assert found == pytest.approx(t.ppf(0.975, 18), abs=0.06)


def test_common_error_cancels_in_differences() -> None:
    x = np.array([0.0, 1.0, 2.5, 5.0])
    common = np.diag(np.full(4, 0.2)) + 100.0
    assert np.array_equal(rank_sets(x, common).above, rank_sets(x, np.full(4, 0.2)).above)


def brute_force(x: Floats, variance: Floats, level: float) -> tuple[set[tuple[int, int]], float]:
    """Romano–Wolf over ordered pairs, written out plainly with draws of its own."""
    draws = np.random.default_rng(99).standard_normal((20_000, len(x))) * np.sqrt(variance)
    pairs = [(i, j) for i in range(len(x)) for j in range(len(x)) if i != j]
    spread = {(i, j): np.sqrt(variance[i] + variance[j]) for i, j in pairs}
    left, rejected, critical = set(pairs), set(), np.inf
    while True:
        largest = np.max([(draws[:, i] - draws[:, j]) / spread[i, j] for i, j in left], axis=0)
        critical = float(np.quantile(largest, level))
        fresh = {(i, j) for i, j in left if (x[i] - x[j]) / spread[i, j] > critical}
        if not fresh:
            return rejected, critical
        rejected |= fresh
        left -= fresh


@pytest.mark.parametrize("seed", range(4))
def test_step_down_agrees_with_the_procedure_written_out(seed: int) -> None:
    rng = np.random.default_rng(seed)
    variance = rng.uniform(0.3, 2, 7)
    x = rng.normal(0, 3, 7)
    rejected, critical = brute_force(x, variance, 0.95)
    sets = rank_sets(x, variance, draws=20_000)
    assert sets.critical_value == pytest.approx(critical, abs=0.05)
    doubtful = {
        (i, j) for i in range(7) for j in range(7)
        if abs(abs(x[i] - x[j]) / np.sqrt(variance[i] + variance[j]) - critical) < 0.06
    }  # fmt: skip
    found = {(int(i), int(j)) for i, j in np.argwhere(sets.above)}
    assert found - doubtful == rejected - doubtful


@pytest.mark.parametrize("spread", [0.1, 1.0, 6.0])
@pytest.mark.parametrize("estimated", [False, True])
def test_sets_cover_all_true_ranks_at_once(spread: float, estimated: bool) -> None:
    """At least 95 % near ties, at moderate and at wide spread; 200 samples, so 91 % is two and a half errors below."""
    rng = np.random.default_rng(17)
    covered = alone = 0
    for _ in range(200):
        truth = spread * rng.standard_normal(12)
        marks = truth[:, None] + rng.standard_normal((12, 13)) * np.sqrt(13)
        variance = marks.var(axis=1, ddof=1) / 13 if estimated else np.ones(12)
        sets = rank_sets(
            marks.mean(axis=1), variance, draws=1000, degrees_of_freedom=np.full(12, 12.0) if estimated else None
        )
        rank = (-truth).argsort().argsort() + 1
        covered += bool(((sets.low <= rank) & (rank <= sets.high)).all())
        alone += int(((sets.marginal_low <= rank) & (rank <= sets.marginal_high)).sum())
    assert covered / 200 >= 0.91
    assert alone / (200 * 12) >= 0.94


@pytest.mark.parametrize("estimated", [False, True])
def test_among_units_truly_equal_separation_is_rare(estimated: bool) -> None:
    """With errors from 13 marks taken as known it would happen in one sample of six."""
    rng = np.random.default_rng(23)
    wrong = 0
    for _ in range(300):
        marks = rng.standard_normal((10, 13))
        variance = marks.var(axis=1, ddof=1) / 13 if estimated else np.full(10, 1 / 13)
        freedom = np.full(10, 12.0) if estimated else None
        wrong += rank_sets(marks.mean(axis=1), variance, draws=1000, degrees_of_freedom=freedom).separate > 0
    assert wrong / 300 <= 0.05 + 2.5 * np.sqrt(0.05 * 0.95 / 300)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 12), st.floats(0.1, 10))
def test_separation_is_a_strict_partial_order_that_rank_sets_follow(seed: int, units: int, spread: float) -> None:
    rng = np.random.default_rng(seed)
    root = rng.normal(0, 1, (units, units))
    sets = rank_sets(spread * rng.standard_normal(units), root @ root.T, draws=1000)
    above = sets.above
    assert not (above & above.T).any()
    assert not np.diag(above).any()
    chain = (above.astype(int) @ above.astype(int)) > 0
    assert (above | ~chain).all()
    assert np.array_equal(sets.low, 1 + above.sum(axis=0))
    assert (sets.marginal_low >= 1).all()
    assert (sets.marginal_high <= units).all()
    for unit in range(units):
        told = set(np.flatnonzero(above[unit] | above[:, unit]).tolist())
        assert told | set(sets.indistinguishable_from(unit).tolist()) | {unit} == set(range(units))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.permutations(range(9)), st.floats(0.01, 100), st.floats(-100, 100))
def test_relabelling_and_affine_change(seed: int, order: list[int], scale: float, shift: float) -> None:
    rng = np.random.default_rng(seed)
    x, variance, place = rng.normal(0, 3, 9), rng.uniform(0.1, 2, 9), np.array(order)
    one = rank_sets(x, variance, draws=1000)
    two = rank_sets((scale * x + shift)[place], (scale**2 * variance)[place], draws=1000)
    assert two.critical_value == pytest.approx(one.critical_value, abs=2e-4)
    clear = np.abs(np.abs(x[:, None] - x) / np.sqrt(variance[:, None] + variance) - one.critical_value) > 1e-3
    assert np.array_equal(two.above & clear[np.ix_(place, place)], (one.above & clear)[np.ix_(place, place)])


def test_the_same_seed_gives_the_same_answer() -> None:
    x, variance = np.linspace(0, 3, 8), np.linspace(0.1, 0.4, 8)
    one, two, other = (rank_sets(x, variance, seed=seed) for seed in (1, 1, 2))
    assert one.critical_value == two.critical_value
    assert one.critical_value != other.critical_value


def test_one_unit_and_units_all_equal() -> None:
    alone = rank_sets(np.array([3.0]), np.array([1.0]))
    assert (alone.low.tolist(), alone.high.tolist(), alone.separate) == ([1], [1], 0)
    equal = rank_sets(np.zeros(5), np.ones(5))
    assert (equal.low == 1).all()
    assert (equal.high == 5).all()


def test_exact_scores_separate_exactly_when_they_differ() -> None:
    sets = rank_sets(np.array([1.0, 2.0, 2.0]), np.zeros(3))
    assert sets.low.tolist() == [3, 1, 1]
    assert sets.high.tolist() == [3, 2, 2]


def test_units_not_comparable_never_separate() -> None:
    comparable = np.array([[True, True, False], [True, True, False], [False, False, True]])
    sets = rank_sets(np.array([0.0, 50.0, 100.0]), np.ones(3), comparable=comparable)
    assert {(int(i), int(j)) for i, j in np.argwhere(sets.above)} == {(1, 0)}
    assert sets.high.tolist() == [3, 2, 3]


def test_quota_statement() -> None:
    sets = rank_sets(np.array([100.0, 50, 49.9, 0]), np.full(4, 0.1))
    assert quota_statement(sets, 1) == ["in", "out", "out", "out"]
    assert quota_statement(sets, 2) == ["in", "open", "open", "out"]
    assert quota_statement(undivided(4, 0.95), 2) == ["open"] * 4
    for places in (0, 5):
        with pytest.raises(InputError):
            quota_statement(sets, places)


@pytest.mark.parametrize(
    ("x", "covariance", "level"),
    [
        (np.zeros(0), np.zeros(0), 0.95),
        (np.zeros(2), np.zeros(3), 0.95),
        (np.zeros(2), np.array([1.0, -1.0]), 0.95),
        (np.zeros(2), np.array([[1.0, 0.5], [0.0, 1.0]]), 0.95),
        (np.zeros(2), np.ones(2), 1.0),
        (np.zeros(2), np.array([1.0, np.nan]), 0.95),
    ],
)
def test_what_cannot_be_ranked_is_refused(x: Floats, covariance: Floats, level: float) -> None:
    with pytest.raises(InputError):
        rank_sets(x, covariance, level=level)


def test_chances_add_up() -> None:
    chances = posterior_chances(np.array([3.0, 1.0, 2.0, 0.0]), np.full(4, 0.5), places=2)
    assert chances.top is not None
    assert chances.top.sum() == pytest.approx(2)
    assert chances.expected_rank.sum() == pytest.approx(10)
    assert chances.expected_rank.argsort().tolist() == [0, 2, 1, 3]
    correlated = posterior_chances(np.array([1.0, 0.0]), np.array([[5.0, 4.99], [4.99, 5.0]]), places=1)
    assert correlated.top is not None
    assert correlated.top[0] > 0.99


def test_a_thousand_units_take_seconds_not_minutes() -> None:
    import time

    rng = np.random.default_rng(2)
    began = time.perf_counter()
    sets: RankSets = rank_sets(rng.standard_normal(1000), np.ones(1000))
    assert sets.draws == 1000
    assert time.perf_counter() - began < 15


def test_expected_ranks_are_exact_and_a_tie_is_shared() -> None:
    chances = posterior_chances(np.array([1.0, 0.0]), np.array([0.5, 0.5]), places=1, draws=40_000)
    assert chances.expected_rank == pytest.approx([2 - 0.841345, 1 + 0.841345], abs=1e-6)
    assert chances.top is not None
    assert chances.top[0] == pytest.approx(0.841345, abs=0.01)
    tied = posterior_chances(np.zeros(3), np.zeros(3), places=1)
    assert tied.top == pytest.approx(np.full(3, 1 / 3))
    assert tied.expected_rank.tolist() == [2.0, 2.0, 2.0]
    with pytest.raises(InputError):
        posterior_chances(np.zeros(3), np.ones(3), places=4)


def plain_marginal(x: Floats, variance: Floats, unit: int) -> float:
    """One unit's two-sided step-down over all draws at once, written out plainly."""
    draws = simulate(x, variance, np.sqrt(variance[:, None] + variance), 2000, SEED, None).x.astype(float)
    spread = np.sqrt(variance[unit] + variance)
    statistics, t = (draws[:, [unit]] - draws) / spread, (x[unit] - x) / spread
    left = {(j, sign) for j in range(len(x)) if j != unit for sign in (1, -1)}
    critical = np.inf
    while True:
        largest = np.max([sign * statistics[:, j] for j, sign in left], axis=0)
        lower = np.sort(largest)[int(np.ceil(2001 * 0.95)) - 1]
        if lower >= critical:
            return float(critical)
        critical = lower
        left = {(j, sign) for j, sign in left if sign * t[j] <= critical}
        if not left:
            return float(critical)


@pytest.mark.parametrize("spread", [0.5, 3.0, 12.0])
def test_looking_at_the_leading_draws_alone_gives_the_answer_of_all(spread: float) -> None:
    rng = np.random.default_rng(5)
    x, variance = rng.normal(0, spread, 30), rng.uniform(0.5, 2, 30)
    sets = rank_sets(x, variance, draws=2000)
    t = (x[:, None] - x) / np.sqrt(variance[:, None] + variance)
    for unit in range(0, 30, 5):
        critical = plain_marginal(x, variance, unit)
        if (np.abs(np.abs(t[unit]) - critical) > 1e-3).all():
            assert sets.marginal_low[unit] == 1 + (t[unit] < -critical).sum()
            assert sets.marginal_high[unit] == 30 - (t[unit] > critical).sum()


def test_a_singular_covariance_and_its_relabelling() -> None:
    x = np.array([0.0, 1.0, 4.0, 9.0])
    shared = np.ones((4, 4)) + np.diag([0.3, 0.2, 0.1, 0.0])
    place = np.array([2, 0, 3, 1])
    one = rank_sets(x, shared)
    two = rank_sets(x[place], shared[np.ix_(place, place)])
    assert one.critical_value == pytest.approx(two.critical_value, abs=2e-4)
    assert np.array_equal(two.above, one.above[np.ix_(place, place)])
    assert rank_sets(x, np.ones((4, 4))).separate == 6
