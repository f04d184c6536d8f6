"""The crossed model: reference numbers on real data, dense brute force, closed forms, zeros, invariances."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import multivariate_normal, norm

from honestrank.estimators.crossed import components, fit_crossed
from honestrank.fits import Scores
from honestrank.reading.ratings import read_ratings
from honestrank.sums import Columns, CrossedSums

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Data:
    """Ratings one by one, for the definition to be written out in full."""

    def __init__(self, rater: Integers, unit: Integers, group: Integers | None, y: Floats) -> None:
        self.rater, self.unit, self.group, self.y = rater, unit, group, y

    def sums(self, origin: float = 0.0) -> CrossedSums:
        group = np.zeros_like(self.unit) if self.group is None else self.group
        groups = () if self.group is None else tuple(str(i) for i in range(int(group.max()) + 1))
        shifted = self.y - origin
        return CrossedSums(
            units=tuple(str(i) for i in range(int(self.unit.max()) + 1)),
            groups=groups,
            raters=int(self.rater.max()) + 1,
            rater=self.rater,
            unit=self.unit,
            group=group,
            n=np.ones(len(shifted), dtype=np.int64),
            total=shifted,
            squares=float(shifted @ shifted),
            origin=origin,
            duplicates=0,
        )

    def designs(self) -> dict[str, Floats]:
        columns = {"rater": self.rater, "unit": self.unit} | ({} if self.group is None else {"group": self.group})
        return {term: np.eye(int(codes.max()) + 1)[codes] for term, codes in columns.items()}

    def criterion(self, variances: dict[str, float], method: str) -> float:
        v = self.covariance(variances)
        ones = np.ones(len(self.y))
        information = ones @ np.linalg.solve(v, ones)
        mean = ones @ np.linalg.solve(v, self.y) / information
        found = -2 * multivariate_normal(np.full(len(self.y), mean), v).logpdf(self.y)
        return float(found + (np.log(information) - np.log(2 * np.pi) if method == "REML" else 0.0))

    def covariance(self, variances: dict[str, float]) -> Floats:
        v = variances["residual"] * np.eye(len(self.y))
        for term, z in self.designs().items():
            v += variances[term] * z @ z.T
        return v


def made_up(seed: int, *, grouped: bool = True) -> Data:
    rng = np.random.default_rng(seed)
    raters, units, groups = 25, 8, 3
    rater = np.concatenate([np.full(rng.integers(2, 7), r) for r in range(raters)])
    unit = rng.integers(0, units, len(rater))
    unit[:units] = np.arange(units)
    group = rng.integers(0, groups, len(rater))
    group[:groups] = np.arange(groups)
    y = rng.normal(0, 1, len(rater)) + rng.normal(0, 0.8, raters)[rater] + rng.normal(0, 1, units)[unit]
    y += rng.normal(0, 0.7, groups)[group] if grouped else 0.0
    return Data(rater, unit, group if grouped else None, y)


@pytest.fixture(scope="session")
def insteval(shared_data: Path) -> CrossedSums:
    columns = Columns("d", "y", rater="s", group=("dept", "service"))
    sums = read_ratings(shared_data / "insteval.csv", columns).crossed
    assert sums is not None
    return sums


FOUND = (16, 18, 19, 25, 28, 32, 45, 62, 123)  # seeds by which an earlier search failed
REFERENCE = {
    "ML": ((0.324665, 0.512409, 0.110138, 1.176840), 3.255212, 0.028242, 237653.291792),
    "REML": ((0.324679, 0.512477, 0.112019, 1.176839), 3.255252, 0.028513, 237658.578334),
}


@pytest.mark.parametrize("method", ["ML", "REML"])
def test_insteval(insteval: CrossedSums, method: str) -> None:
    """lme4 stops a little early at its default tolerance, hence 1e-5 on the criterion."""
    deviations, mean, mean_error, objective = REFERENCE[method]
    fit = fit_crossed(insteval, method).fit
    found = [np.sqrt(fit.variances[term]) for term in ("rater", "unit", "group", "residual")]
    assert found == pytest.approx(deviations, abs=1e-6)
    assert fit.mean == pytest.approx(mean, abs=1e-6)
    assert fit.mean_error == pytest.approx(mean_error, abs=1e-6)
    assert fit.objective == pytest.approx(objective, abs=1e-5)
    assert fit.converged
    assert fit.steps <= 8


@pytest.mark.parametrize("method", ["REML", "ML"])
@pytest.mark.parametrize("grouped", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_minimises_the_criterion_written_out_in_full(seed: int, grouped: bool, method: str) -> None:
    data = made_up(seed, grouped=grouped)
    fit = fit_crossed(data.sums(origin=0.5), method).fit
    assert fit.objective == pytest.approx(data.criterion(fit.variances, method), abs=1e-6)
    for term, variance in fit.variances.items():
        for changed in (variance * 0.95, variance * 1.05 + 1e-4):
            assert data.criterion(fit.variances | {term: changed}, method) > fit.objective - 1e-9


@pytest.mark.parametrize("method", ["REML", "ML"])
@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.long) for seed in FOUND)])
def test_variances_at_zero_or_nearly_are_found(seed: int, method: str) -> None:
    """Two groups, grades, hardly any difference: a term on its way to zero must not keep the others from the minimum."""
    rng = np.random.default_rng(seed)
    rater, unit = rng.integers(0, 30, 180), np.repeat(np.arange(20), 9)
    own, severity = rng.choice([0.0, 0.1, 1.0]), rng.choice([0.0, 0.2])
    y = np.round(rng.normal(0, own, 20)[unit] + rng.normal(0, severity, 30)[rater] + rng.normal(0, 1, 180))
    data = Data(np.unique(rater, return_inverse=True)[1], unit, unit % 2, y)
    fit = fit_crossed(data.sums(), method).fit
    assert fit.converged
    for term, variance in fit.variances.items():
        for changed in (variance * 0.9, variance * 1.1 + 1e-3, *([0.0] if term != "residual" else [])):
            assert data.criterion(fit.variances | {term: changed}, method) > fit.objective - 1e-6
    assert all(fit.variances[term] == 0 for term in fit.dropped)


@pytest.mark.parametrize("times", [1.2, 1.6, 3.0])
def test_a_small_variance_that_many_marks_make_plain_is_not_taken_for_zero(times: float) -> None:
    """500 units with 40,000 marks each, whose means vary `times` as much as noise would make them: exact by hand."""
    units, marks = 500, 40_000
    means = norm.ppf((np.arange(units) + 0.5) / units)
    means *= np.sqrt(times / marks / means.var(ddof=1))
    fit = fit_crossed(
        CrossedSums(
            units=tuple(map(str, range(units))),
            groups=(),
            raters=1,
            rater=np.zeros(units, dtype=np.int64),
            unit=np.arange(units),
            group=np.zeros(units, dtype=np.int64),
            n=np.full(units, marks),
            total=marks * means,
            squares=float(units * (marks - 1) + marks * (means @ means)),
            origin=0.0,
            duplicates=units,
        )
    ).fit
    assert fit.converged
    assert fit.dropped == ()
    assert fit.variances["unit"] == pytest.approx((times - 1) / marks, rel=1e-4)
    assert fit.variances["residual"] == pytest.approx(1.0, rel=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_scores_and_predictions_are_those_of_generalised_least_squares(seed: int) -> None:
    data = made_up(seed)
    scores = fit_crossed(data.sums(origin=-1.0))
    variances, designs = scores.fit.variances, data.designs()
    v = data.covariance(variances)
    ones = np.ones(len(data.y))
    residual = data.y - scores.fit.mean
    predicted = scores.fit.mean + variances["unit"] * designs["unit"].T @ np.linalg.solve(v, residual)
    assert scores.shrunken == pytest.approx(predicted, abs=1e-7)
    fixed = data.covariance(variances | {"unit": 0.0})
    information = designs["unit"].T @ np.linalg.solve(fixed, designs["unit"])
    assert scores.score == pytest.approx(
        np.linalg.solve(information, designs["unit"].T @ np.linalg.solve(fixed, data.y)), abs=1e-7
    )
    assert scores.covariance == pytest.approx(np.linalg.inv(information), abs=1e-7)
    p = np.linalg.inv(v) - np.outer(np.linalg.solve(v, ones), np.linalg.solve(v, ones)) / (
        ones @ np.linalg.solve(v, ones)
    )
    k = variances["unit"] * designs["unit"]
    weight = np.linalg.solve(v, ones) / (ones @ np.linalg.solve(v, ones))
    about_mean = variances["unit"] * np.eye(8) - k.T @ p @ k
    across = np.outer(np.ones(8), k.T @ weight)
    expected = about_mean - across - across.T + 1 / (ones @ np.linalg.solve(v, ones))
    assert scores.posterior == pytest.approx(expected, abs=1e-6)


def test_balanced_data_are_the_analysis_of_variance() -> None:
    rng = np.random.default_rng(4)
    table = rng.normal(0, 0.5, (24, 6)) + rng.normal(0, 0.9, (24, 1)) + rng.normal(0, 2, 6)
    rater, unit = np.indices(table.shape)
    fit = fit_crossed(Data(rater.ravel(), unit.ravel(), None, table.ravel()).sums()).fit
    left = table - table.mean(axis=0) - table.mean(axis=1, keepdims=True) + table.mean()
    residual = (left**2).sum() / (23 * 5)
    assert fit.variances["residual"] == pytest.approx(residual, rel=1e-7)
    assert fit.variances["unit"] == pytest.approx(table.mean(axis=0).var(ddof=1) - residual / 24, rel=1e-6)
    assert fit.variances["rater"] == pytest.approx(table.mean(axis=1).var(ddof=1) - residual / 6, rel=1e-6)


@pytest.mark.parametrize("term", ["rater", "unit"])
def test_a_term_without_variance_is_dropped(term: str) -> None:
    rng = np.random.default_rng(8)
    table = rng.normal(0, 1, (12, 7))
    axis = 0 if term == "unit" else 1
    table += rng.normal(0, 2, (12, 1) if term == "unit" else 7)
    table -= table.mean(axis=axis, keepdims=True)
    rater, unit = np.indices(table.shape)
    fit = fit_crossed(Data(rater.ravel(), unit.ravel(), None, table.ravel()).sums()).fit
    assert term in fit.dropped
    assert fit.variances[term] == 0.0
    assert fit.converged


def refitted(data: Data) -> Scores:
    return fit_crossed(data.sums())


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000), st.floats(0.1, 20), st.floats(-50, 50))
def test_affine_change(seed: int, scale: float, shift: float) -> None:
    data = made_up(seed)
    one, two = refitted(data), refitted(Data(data.rater, data.unit, data.group, scale * data.y + shift))
    assert two.score == pytest.approx(scale * one.score + shift, abs=1e-3 * scale)
    assert two.shrunken == pytest.approx(scale * one.shrunken + shift, abs=1e-3 * scale)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000), st.randoms(use_true_random=False))
def test_relabelling_and_row_order(seed: int, random: "object") -> None:
    data = made_up(seed)
    labels = list(range(8))
    random.shuffle(labels)  # type: ignore[attr-defined]
    rows = list(range(len(data.y)))
    random.shuffle(rows)  # type: ignore[attr-defined]
    unit = np.array(labels)[data.unit]
    group = data.group
    assert group is not None
    other = refitted(Data(data.rater[rows], unit[rows], group[rows], data.y[rows]))
    same = refitted(data)
    assert other.score[np.array(labels)] == pytest.approx(same.score, abs=1e-5)
    assert other.fit.objective == pytest.approx(same.fit.objective, abs=1e-6)


def test_a_constant_added_to_one_rater_moves_no_unit_when_all_rate_all() -> None:
    rng = np.random.default_rng(1)
    table = rng.normal(0, 1, (15, 5)) + rng.normal(0, 1, 5)
    rater, unit = np.indices(table.shape)
    harsher = table.copy()
    harsher[3] -= 4
    found = [refitted(Data(rater.ravel(), unit.ravel(), None, some.ravel())).score for some in (table, harsher)]
    assert np.diff(found[1]) == pytest.approx(np.diff(found[0]), abs=1e-9)


def test_components_of_the_rater_unit_graph() -> None:
    data = Data(np.array([0, 0, 1, 2, 2]), np.array([0, 1, 1, 2, 3]), None, np.arange(5.0))
    assert components(data.sums()).tolist() == [0, 0, 1, 1]
