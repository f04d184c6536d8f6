"""One-way REML and Fay–Herriot: closed forms on balanced data, brute force elsewhere, zeros, invariances."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal, norm

from honestrank.estimators.fay_herriot import fay_herriot
from honestrank.estimators.one_way import one_way
from honestrank.sums import UnitSums
from honestrank.words.wording import InputError


def sums_of(marks: list[list[float]], origin: float = 0.0) -> UnitSums:
    shifted = [np.array(some, dtype=float) - origin for some in marks]
    return UnitSums(
        tuple(f"u{i:03}" for i in range(len(marks))),
        np.array([len(some) for some in shifted], dtype=np.int64),
        np.array([some.sum() for some in shifted]),
        np.array([(some**2).sum() for some in shifted]),
        origin,
    )


def restricted_criterion(marks: list[list[float]], between: float, noise: float) -> float:
    """−2 log restricted likelihood straight from the definition, with the N x N covariance."""
    y = np.concatenate([np.array(some, dtype=float) for some in marks])
    unit = np.repeat(np.arange(len(marks)), [len(some) for some in marks])
    v = noise * np.eye(len(y)) + between * (unit[:, None] == unit)
    ones = np.ones(len(y))
    information = ones @ np.linalg.solve(v, ones)
    mean = ones @ np.linalg.solve(v, y) / information
    log_density = multivariate_normal(np.full(len(y), mean), v).logpdf(y)
    return float(-2 * log_density - np.log(2 * np.pi) + np.log(information))


def random_marks(seed: int, units: int, spread: float) -> list[list[float]]:
    rng = np.random.default_rng(seed)
    return [list(rng.normal(rng.normal(0, spread), 1, rng.integers(1, 9))) for _ in range(units)]


def test_balanced_one_way_is_the_analysis_of_variance() -> None:
    marks = [[1, 2, 4], [3, 5, 4], [8, 9, 6], [2, 2, 5.0]]
    table = np.array(marks)
    within = table.var(axis=1, ddof=1).mean()
    between = (3 * table.mean(axis=1).var(ddof=1) - within) / 3
    fit = one_way(sums_of(marks)).fit
    assert fit.variances["residual"] == pytest.approx(within, rel=1e-10)
    assert fit.variances["unit"] == pytest.approx(between, rel=1e-10)
    assert fit.mean == pytest.approx(table.mean())


@pytest.mark.parametrize("seed", range(6))
def test_unbalanced_one_way_minimises_the_criterion(seed: int) -> None:
    marks = random_marks(seed, 12, 1.0)
    fit = one_way(sums_of(marks)).fit
    between, noise = fit.variances["unit"], fit.variances["residual"]
    assert fit.objective == pytest.approx(restricted_criterion(marks, between, noise), abs=1e-8)
    for factor in (0.97, 1.03):
        assert restricted_criterion(marks, between * factor, noise) > fit.objective
        assert restricted_criterion(marks, between, noise * factor) > fit.objective


def test_no_difference_between_units_is_found_as_zero() -> None:
    scores = one_way(sums_of([[1, 3, 5], [5, 1, 3], [3, 5, 1]]))
    assert scores.fit.variances["unit"] == 0.0
    assert scores.fit.dropped == ("unit",)
    assert np.ptp(scores.shrunken) == pytest.approx(0)


def test_one_way_needs_a_unit_with_two_scores() -> None:
    with pytest.raises(InputError) as refused:
        one_way(sums_of([[1], [2], [3]]))
    assert refused.value.key == "no_unit_twice"


def test_a_unit_with_a_single_score_is_shrunken_most() -> None:
    scores = one_way(sums_of([[9.0], [9.0] * 5 + [8.9, 9.1], [1, 1.2, 0.8], [5, 4, 6], [4, 4.5]]))
    assert abs(scores.shrunken[0] - 9) > abs(scores.shrunken[1] - 9)
    assert scores.prediction_error[0] > scores.prediction_error[1]


def test_equal_marks_within_every_unit_leave_scores_as_they_are() -> None:
    scores = one_way(sums_of([[1, 1], [2, 2]], origin=1.0))
    assert scores.shrunken.tolist() == [1.0, 2.0]
    assert scores.fit.variances["residual"] == 0.0
    everything_equal = one_way(sums_of([[3, 3], [3, 3]]))
    assert everything_equal.fit.dropped == ("unit",)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.01, 100), st.floats(-1000, 1000))
def test_affine_change_of_scores(seed: int, scale: float, shift: float) -> None:
    marks = random_marks(seed, 8, 0.7)
    one = one_way(sums_of(marks))
    two = one_way(sums_of([[scale * mark + shift for mark in some] for some in marks], origin=shift))
    tolerance = 1e-6 * max(1.0, scale)
    assert two.shrunken == pytest.approx(scale * one.shrunken + shift, abs=tolerance)
    assert two.prediction_error == pytest.approx(scale * one.prediction_error, abs=tolerance)


def test_fay_herriot_with_equal_errors_has_a_closed_form() -> None:
    y = np.array([1.0, 4, 6, 2, 9])
    scores = fay_herriot(y, np.full(5, 1.5))
    variance = y.var(ddof=1) - 1.5**2
    assert scores.fit.variances["unit"] == pytest.approx(variance, rel=1e-10)
    factor = variance / (variance + 2.25)
    assert scores.shrunken == pytest.approx(y.mean() + factor * (y - y.mean()))


@pytest.mark.parametrize("seed", range(6))
def test_fay_herriot_minimises_the_criterion(seed: int) -> None:
    rng = np.random.default_rng(seed)
    errors = rng.uniform(0.3, 2, 15)
    y = rng.normal(0, 1, 15) + rng.normal(0, errors)
    fit = fay_herriot(y, errors).fit

    def criterion(variances: np.ndarray) -> np.ndarray:
        """As `restricted_criterion`, for covariances without anything beside the diagonal, many at once."""
        v = variances[:, None] + errors**2
        information = (1 / v).sum(axis=1)
        mean = (y / v).sum(axis=1) / information
        log_density = norm.logpdf(y, mean[:, None], np.sqrt(v)).sum(axis=1)
        return -2 * log_density - np.log(2 * np.pi) + np.log(information)

    assert fit.objective == pytest.approx(criterion(np.array([fit.variances["unit"]]))[0], abs=1e-8)
    assert fit.objective <= criterion(np.linspace(0, 10, 4001)).min() + 1e-9


def test_prediction_errors_of_fay_herriot_are_honest() -> None:
    """Over many samples the mean squared error is what the prediction error says, within simulation error."""
    rng = np.random.default_rng(3)
    errors = np.tile([0.5, 1.0, 2.0], 10)
    squared, claimed = np.zeros(30), np.zeros(30)
    for _ in range(200):
        truth = rng.normal(0, 1, 30)
        scores = fay_herriot(truth + rng.normal(0, errors), errors)
        squared += (scores.shrunken - truth) ** 2
        claimed += scores.prediction_error**2
    assert squared.sum() / claimed.sum() == pytest.approx(1.0, abs=0.08)


def test_fay_herriot_edges() -> None:
    one = fay_herriot(np.array([5.0]), np.array([0.4]))
    assert one.shrunken.tolist() == [5.0]
    assert fay_herriot(np.array([5.0, 5.1]), np.array([0.4, 0.4])).fit.dropped == ("unit",)
    with pytest.raises(InputError):
        fay_herriot(np.array([]), np.array([]))
    with pytest.raises(InputError):
        fay_herriot(np.array([1.0, 2.0]), np.array([0.0, 1.0]))
