"""Moments and conjugate gradients against the exact model, and the bound on their errors, on data of middle size."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from honestrank.__main__ import main
from honestrank.estimators.crossed import fit_crossed
from honestrank.estimators.equations import Equations
from honestrank.estimators.large import MOST_GROUPS, fit_moments
from honestrank.estimators.moments import moment_variances
from honestrank.ranks import beside_raters
from honestrank.sums import CrossedSums
from honestrank.words.wording import InputError

Floats = NDArray[np.float64]


def simulated(seed: int, *, raters: int = 1500, units: int = 120, groups: int = 0, each: int = 12) -> CrossedSums:
    rng = np.random.default_rng(seed)
    rater = np.repeat(np.arange(raters), each)
    unit = np.concatenate([rng.choice(units, each, replace=False) for _ in range(raters)])
    group = rng.integers(0, max(1, groups), len(rater))
    y = rng.normal(0, 1.2, len(rater)) + rng.normal(0, 0.6, raters)[rater] + rng.normal(0, 0.5, units)[unit]
    y += rng.normal(0, 0.4, groups)[group] if groups else 0
    order = np.lexsort((group, unit, rater))
    return CrossedSums(
        units=tuple(map(str, range(units))),
        groups=tuple(map(str, range(groups))),
        raters=raters,
        rater=rater[order],
        unit=unit[order],
        group=group[order],
        n=np.ones(len(rater), dtype=np.int64),
        total=y[order],
        squares=float(y @ y),
        origin=0.0,
        duplicates=0,
    )


@pytest.mark.parametrize("groups", [0, 10, MOST_GROUPS + 20])
def test_variances_are_near_those_of_exact_reml(groups: int) -> None:
    """Stated tolerance: 5 % of a variance at 18,000 marks; of the group's, whose levels are few, as far as they tell."""
    sums = simulated(1, groups=groups)
    exact, found = fit_crossed(sums).fit, fit_moments(sums).fit
    assert found.converged
    for term, variance in exact.variances.items():
        assert found.variances[term] == pytest.approx(variance, rel=0.15 if term == "group" else 0.05)
    assert found.mean == pytest.approx(exact.mean, abs=0.1 * exact.mean_error)
    assert found.mean_error == pytest.approx(exact.mean_error, rel=0.1)


@pytest.mark.parametrize("groups", [0, 10, MOST_GROUPS + 20])
def test_scores_are_those_of_the_exact_equations_at_the_same_variances(groups: int) -> None:
    sums = simulated(2, groups=groups)
    found = fit_moments(sums)
    equations = Equations(sums, "REML")
    solved = equations.solve(found.fit.start)
    score, covariance = equations.fixed_units(solved)
    shrunken, posterior = equations.predictions(solved), equations.posterior(solved)
    residual = found.fit.variances["residual"]
    assert found.score == pytest.approx(score, abs=1e-7)
    assert found.shrunken == pytest.approx(shrunken, abs=1e-7)
    assert found.fit.mean == pytest.approx(float(solved.solution[-1]), abs=1e-7)
    assert found.fit.mean_error == pytest.approx(np.sqrt(residual * float(solved.corner[-1, -1])), rel=1e-6)
    assert (found.prediction_error >= np.sqrt(residual * np.diag(posterior)) - 1e-9).all()
    own = np.diag(covariance)
    differences = residual * (own[:, None] + own - 2 * covariance)
    bound = found.covariance[:, None] + found.covariance
    assert (bound - differences)[~np.eye(len(own), dtype=bool)].min() > 0
    assert (found.covariance / (residual * own)).max() < 1.6


def test_a_term_without_variance_is_dropped() -> None:
    sums = simulated(3)
    flat = CrossedSums(**{**sums.__dict__, "total": sums.total - np.bincount(sums.unit, sums.total)[sums.unit] / 150})
    squares = float(flat.total @ flat.total)
    found = fit_moments(CrossedSums(**{**flat.__dict__, "squares": squares}))
    assert "unit" in found.fit.dropped
    assert np.ptp(found.shrunken) < 1e-6


def test_moments_are_right_on_average() -> None:
    found: list[list[float]] = [list(moment_variances(simulated(seed, raters=300)).values()) for seed in range(30)]
    assert np.mean(found, axis=0) == pytest.approx([0.36, 0.25, 1.44], rel=0.05)


def test_too_few_ratings() -> None:
    tiny = simulated(4, raters=1, units=2, each=2)
    with pytest.raises(InputError):
        fit_moments(tiny)


def test_a_file_of_very_many_units_is_scored_but_not_compared(
    csv_file: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    rng = np.random.default_rng(6)
    units = beside_raters.MOST_EXACT + 500
    text = "r,u,s\n" + "".join(
        f"{place % (units - 1)},{place % units},{mark}\n"
        for place, mark in enumerate(rng.integers(1, 6, 12 * units).tolist())
    )
    assert main([str(csv_file(text)), "--rater", "r", "--unit", "u", "--score", "s", "--compare-from", "10"]) == 0
    said = capsys.readouterr().out
    assert "fitted by moments" in said
    assert "standard errors are upper bounds" in said
    assert f"{units} units are too many to compare every pair" in said
    assert "No unit is compared." in said
