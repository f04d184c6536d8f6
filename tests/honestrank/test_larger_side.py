"""Units the larger side: the same answer as with raters eliminated, lme4's numbers with the sides exchanged, nothing squared."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.bench.made_ratings import many_units
from tests.honestrank.test_crossed import REFERENCE, Data

from honestrank.__main__ import main
from honestrank.estimators import crossed
from honestrank.estimators.crossed import fit_crossed, search
from honestrank.estimators.equations import Equations
from honestrank.estimators.exchanged import ExchangedEquations
from honestrank.fits import Scores
from honestrank.linear.factored import Factored, of_some
from honestrank.reading.ratings import read_ratings
from honestrank.sums import Columns, CrossedSums, FixedColumns


def made(
    seed: int, *, groups: int = 0, fixed: bool = False, severity: float = 0.7, between: float = 0.9
) -> CrossedSums:
    """14 raters, 90 units of few marks, some cells marked twice; of two factors the second varies between units only."""
    rng = np.random.default_rng(seed)
    cell = np.unique(np.concatenate([rng.integers(0, 14 * 90, 320), rng.integers(0, 14, 90) * 90 + np.arange(90)]))
    rater, unit = np.divmod(cell, 90)
    n = rng.integers(1, 3, len(cell))
    codes = np.stack([rng.integers(0, 3, len(cell)), unit % 2], axis=1)
    group = rng.integers(0, groups, len(cell)) if groups else np.zeros_like(unit)
    mean = rng.normal(0, severity, 14)[rater] + rng.normal(0, between, 90)[unit] + rng.normal(0, 0.5, 9)[group]
    mean += 0.6 * codes[:, 0] - codes[:, 1] if fixed else 0.0
    marks = [m + rng.normal(0, 1, k) for m, k in zip(mean, n.tolist(), strict=True)]
    return CrossedSums(
        units=tuple(map(str, range(90))),
        groups=tuple(map(str, range(groups))),
        raters=14,
        rater=np.unique(rater, return_inverse=True)[1],
        unit=unit,
        group=group,
        n=n,
        total=np.array([y.sum() for y in marks]),
        squares=float(sum(y @ y for y in marks)),
        origin=1.5,
        duplicates=int((n > 1).sum()),
        fixed=FixedColumns(("item", "kind"), (("a", "b", "c"), ("x", "y")), codes) if fixed else None,
    )


def with_raters_eliminated(sums: CrossedSums, method: str) -> Scores:
    equations = Equations(sums, method)
    return crossed._scores(equations, search(equations))


SHAPES = {
    "plain": {},
    "groups": {"groups": 4},
    "fixed": {"fixed": True},
    "groups and fixed": {"groups": 3, "fixed": True},
    "no severity": {"severity": 0.0},
    "no difference": {"between": 0.0},
}


@pytest.mark.parametrize("method", ["REML", "ML"])
@pytest.mark.parametrize("shape", SHAPES)
def test_the_side_that_is_eliminated_changes_nothing(shape: str, method: str) -> None:
    sums, everyone = made(len(shape), **SHAPES[shape]), np.arange(90)
    ours, other = fit_crossed(sums, method), with_raters_eliminated(sums, method)
    assert isinstance(ours.covariance, Factored)
    assert ours.fit.objective == pytest.approx(other.fit.objective, abs=1e-8)
    assert ours.fit.variances == pytest.approx(other.fit.variances, abs=1e-7)
    assert list(ours.fit.variances) == list(other.fit.variances)
    assert (ours.fit.model, ours.fit.dropped) == (other.fit.model, other.fit.dropped)
    assert ours.fit.start == pytest.approx(other.fit.start)
    assert ours.fit.fixed_in_units == other.fit.fixed_in_units
    for name, values in ours.fit.fixed.items():
        assert values == pytest.approx(other.fit.fixed[name], abs=1e-7)
    for found, expected in (
        (ours.score, other.score),
        (ours.shrunken, other.shrunken),
        (ours.prediction_error, other.prediction_error),
        (ours.conditional_error, other.conditional_error),
        (of_some(ours.covariance, everyone), other.covariance),
        (of_some(ours.posterior, everyone), other.posterior),
        (ours.covariance.diagonal, np.diag(np.asarray(other.covariance))),
        (of_some(ours.covariance, everyone[5:40:3]), of_some(other.covariance, everyone[5:40:3])),
    ):
        assert found == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize("method", ["REML", "ML"])
def test_the_criterion_is_that_of_the_whole_covariance_matrix(method: str) -> None:
    rng = np.random.default_rng(3)
    rater, unit = rng.integers(0, 6, 120), np.concatenate([np.arange(40), rng.integers(0, 40, 80)])
    rater[:6] = np.arange(6)
    data = Data(rater, unit, None, rng.normal(0, 1, 120) + rng.normal(0, 1, 40)[unit] + rng.normal(0, 1, 6)[rater])
    scores = fit_crossed(data.sums(), method)
    variances, z = scores.fit.variances, data.designs()["unit"]
    assert scores.fit.objective == pytest.approx(data.criterion(variances, method), abs=1e-6)
    for term, variance in variances.items():
        for changed in (variance * 0.95, variance * 1.05 + 1e-4):
            assert data.criterion(variances | {term: changed}, method) > scores.fit.objective - 1e-9
    inverse = np.linalg.inv(data.covariance(variances))
    given_all = variances["unit"] * np.eye(40) - variances["unit"] ** 2 * z.T @ inverse @ z
    assert scores.conditional_error == pytest.approx(np.sqrt(np.diag(given_all)), abs=1e-7)


@pytest.mark.parametrize("method", ["ML", "REML"])
def test_insteval_with_students_as_units_is_lme4s(shared_data: Path, method: str) -> None:
    """2,972 students marked by 1,128 lecturers: the same model, the other way round."""
    columns = Columns("s", "y", rater="d", group=("dept", "service"))
    sums = read_ratings(shared_data / "insteval.csv", columns).crossed
    assert sums is not None
    fit = fit_crossed(sums, method).fit
    (student, lecturer, group, residual), mean, mean_error, objective = REFERENCE[method]
    found = [np.sqrt(fit.variances[term]) for term in ("unit", "rater", "group", "residual")]
    assert found == pytest.approx([student, lecturer, group, residual], abs=1e-6)
    assert (fit.mean, fit.mean_error) == pytest.approx((mean, mean_error), abs=1e-6)
    assert fit.objective == pytest.approx(objective, abs=1e-5)


def test_ten_thousand_units_of_six_hundred_raters_are_exact_and_nothing_of_units_squared_is_made() -> None:
    """The shape of MovieLens' small file: the dense side has 610 levels, whoever they are."""
    sums = many_units()
    assert len(sums.units) == 9_724
    equations = ExchangedEquations(sums, "REML")
    assert equations.size == 611
    scores, turned = fit_crossed(sums), replace(sums, units=tuple(map(str, range(sums.raters))), raters=9_724)
    order = np.argsort(sums.unit, kind="stable")
    turned = replace(turned, rater=sums.unit[order], unit=sums.rater[order], n=sums.n[order], total=sums.total[order])
    assert scores.fit.objective == pytest.approx(fit_crossed(turned).fit.objective, abs=1e-6)
    assert scores.fit.converged
    assert isinstance(scores.covariance, Factored)
    assert isinstance(scores.posterior, Factored)


def test_the_command_is_exact_where_units_are_many_and_raters_few(
    csv_file: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """8,500 units by 40 raters: once moments, three to eight in a hundred off."""
    rng = np.random.default_rng(6)
    text = "r,u,s\n" + "".join(f"{place % 40},{place % 8500},{rng.integers(1, 6)}\n" for place in range(3 * 8500))
    assert main([str(csv_file(text)), "--rater", "r", "--unit", "u", "--score", "s", "--compare-from", "3"]) == 0
    said = capsys.readouterr().out
    assert "fitted by REML" in said
    assert "upper bounds" not in said
    assert "8500 units are too many to compare every pair" in said
