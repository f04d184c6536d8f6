"""Tails and quantiles of our own agree with those of SciPy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy.special import chdtrc, gammainccinv, gammaincinv, ndtr, ndtri
from scipy.stats import t as student

from honestrank.linear import tails

TAILS = some.floats(1e-9, 0.499)


@given(some.lists(some.floats(1, 1e6), min_size=1, max_size=20), TAILS)
def test_quantiles_of_student(freedom: list[float], tail: float) -> None:
    found = tails.student_beyond(np.array(freedom), tail)
    assert found == pytest.approx(student.isf(tail, freedom), rel=1e-12)


@pytest.mark.parametrize("freedom", [1.0, 1.5, 59.9, 60.0, 19_999.0, 20_000.0, 1e15, np.inf])
def test_quantiles_of_student_where_the_way_changes(freedom: float) -> None:
    for tail in (0.5 - 1e-9, 0.3, 0.025, 1e-6):
        expected = student.isf(tail, freedom) if np.isfinite(freedom) else -ndtri(tail)
        assert tails.student_beyond(np.array([freedom]), tail)[0] == pytest.approx(expected, rel=1e-12, abs=1e-15)


def test_very_many_quantiles_are_the_same() -> None:
    freedom = np.linspace(1, 90, 4 * tails.MANY_FREEDOMS)
    few = [tails.student_beyond(freedom[place : place + 100], 0.025) for place in range(0, len(freedom), 100)]
    assert np.concatenate(few) == pytest.approx(tails.student_beyond(freedom, 0.025), rel=1e-12)


@given(some.integers(1, 5000), some.floats(0, 8))
def test_tails_of_chi_squared(freedom: int, ratio: float) -> None:
    expected = float(chdtrc(freedom, freedom * ratio))
    assert tails.chi_squared_above(freedom, freedom * ratio) == pytest.approx(expected, rel=1e-11, abs=1e-290)


@given(some.floats(1e-300, 0.5))
def test_quantiles_of_the_normal(tail: float) -> None:
    assert tails.normal_beyond(tail) == pytest.approx(-ndtri(tail), rel=1e-12, abs=1e-15)


def test_tails_of_the_normal() -> None:
    z = np.linspace(-37, 9, 5000).reshape(50, 100)
    assert tails.normal_below(z) == pytest.approx(ndtr(z), rel=1e-12)


def test_quantiles_of_gamma() -> None:
    shape = np.array([0.5, 0.51, 1, 3.3, 20, 200])
    assert tails.gamma_at(shape, 1e-9) == pytest.approx(gammaincinv(shape, 1e-9), rel=1e-12)
    assert tails.gamma_beyond(shape, 1e-12) == pytest.approx(gammainccinv(shape, 1e-12), rel=1e-12)
