"""Linear algebra in blocks against numpy's, and digits that do not depend on how many threads there are."""

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import csr_array

from honestrank.estimators.crossed import estimate_crossed, fit_crossed
from honestrank.estimators.large import fit_moments
from honestrank.linear.dense import UNDIVIDED, Factor
from honestrank.linear.products import WeightedProducts
from honestrank.linear.threads import side_by_side
from honestrank.ranked.plackett import plackett_luce
from honestrank.ranks.ranksets import rank_sets
from honestrank.sums import Ballots, CrossedSums

Floats = NDArray[np.float64]


def positive_definite(size: int) -> Floats:
    some = np.random.default_rng(size).standard_normal((size, size))
    return np.asfortranarray(some @ some.T + size * np.eye(size))


@pytest.mark.parametrize("size", [1, 2, 5, UNDIVIDED, UNDIVIDED + 1, UNDIVIDED + 2, 700])
def test_solution_inverse_and_determinant(size: int) -> None:
    system, right = positive_definite(size), np.random.default_rng(1).standard_normal(size)
    factor, last = Factor(system.copy(order="F")), min(size, 3)
    assert system @ factor.solve(right) == pytest.approx(right, abs=1e-9)
    corner, inverse = factor.last(last), factor.invert()
    assert np.tril(inverse) == pytest.approx(np.tril(np.linalg.inv(system)), abs=1e-12)
    assert corner == pytest.approx(np.linalg.inv(system)[-last:, -last:], abs=1e-12)
    assert factor.pivots.sum() == pytest.approx(np.linalg.slogdet(system).logabsdet, rel=1e-12)


@pytest.mark.parametrize(("size", "place"), [(3, 1), (UNDIVIDED + 50, 2), (UNDIVIDED + 50, UNDIVIDED + 40)])
def test_a_matrix_that_is_not_positive_definite(size: int, place: int) -> None:
    system = positive_definite(size)
    system[place, place] = -1
    with pytest.raises(np.linalg.LinAlgError):
        Factor(system)


def test_the_same_digits_every_time() -> None:
    system = positive_definite(UNDIVIDED + 100)
    first, again = (Factor(system.copy(order="F")).invert() for _ in range(2))
    assert (first == again).all()


@pytest.mark.parametrize("lengths", [(3, 3, 3), (1, 2, 3, 4, 5, 6, 7)])
def test_products_are_those_written_out(lengths: tuple[int, ...]) -> None:
    """Raters of one length, for whom the products are kept, and of more lengths than are kept."""
    rng, columns = np.random.default_rng(3), 9
    marks = np.zeros((40, columns))
    for rater in range(40):
        for column in rng.integers(0, columns, lengths[rater % len(lengths)]):
            marks[rater, column] += 1
    q = np.column_stack([marks, marks.sum(axis=1)])
    products = WeightedProducts(csr_array(q))
    for weight in (1 / (q[:, -1] + 3), rng.random(40)):
        written_out = (q.T * weight) @ q
        some = positive_definite(columns + 1)
        lower, taken = (np.asfortranarray(np.tril(some)) for _ in range(2))
        products.take_from(taken, weight)
        assert taken == pytest.approx(np.tril(some - written_out), abs=1e-12)
        assert products.forms(weight, lower) == pytest.approx(float(np.trace(some @ written_out)), rel=1e-12)


def test_both_tasks_are_done_and_an_error_in_either_is_raised() -> None:
    done: list[str] = []
    side_by_side(partial(done.append, "one"), partial(done.append, "other"))
    assert sorted(done) == ["one", "other"]

    def wrong() -> None:
        raise ValueError(threading.current_thread().name)

    for tasks in ((wrong, partial(done.append, "x")), (partial(done.append, "x"), wrong)):
        with pytest.raises(ValueError):
            side_by_side(*tasks)
    assert len(done) == 4


class InTurn(threading.Thread):
    """A thread that is done before the next line runs: all that a machine with one thread could do."""

    def start(self) -> None:
        self.run()

    def join(self, timeout: float | None = None) -> None:
        """Done already."""


def some_ratings() -> CrossedSums:
    """Enough units for the blocks to be divided; every rater marks five different ones."""
    rng, raters, units = np.random.default_rng(11), 600, UNDIVIDED + 30
    rater = np.repeat(np.arange(raters), 5)
    unit = np.sort(np.array([rng.permutation(units)[:5] for _ in range(raters)]), axis=1).ravel()
    score = rng.normal(0, 1, len(rater)) + rng.normal(0, 0.5, raters)[rater] + rng.normal(0, 0.5, units)[unit]
    present, unit = np.unique(unit, return_inverse=True)
    assert len(present) > UNDIVIDED
    return CrossedSums(
        units=tuple(map(str, present)),
        groups=(),
        raters=raters,
        rater=rater,
        unit=unit.astype(np.int64),
        group=np.zeros(len(rater), dtype=np.int64),
        n=np.ones(len(rater), dtype=np.int64),
        total=score,
        squares=float(score @ score),
        origin=0.0,
        duplicates=0,
    )


def exact() -> list[Floats]:
    scores = fit_crossed(some_ratings())
    return [scores.score, scores.covariance, scores.shrunken, scores.posterior, np.array([scores.fit.objective])]


def moments() -> list[Floats]:
    scores = fit_moments(some_ratings())
    return [scores.score, scores.covariance, scores.shrunken]


def sets() -> list[Floats]:
    scores = np.random.default_rng(4).normal(0, 2, 60)
    found = rank_sets(scores, np.ones(60), draws=500)
    return [np.array([found.critical_value]), found.marginal_low.astype(np.float64), found.above.astype(np.float64)]


def strengths() -> list[Floats]:
    orders = np.argsort(np.random.default_rng(5).gumbel(size=(501, 6)), axis=1) + 1
    found = plackett_luce(Ballots(tuple("abcdef"), orders, np.ones(501, dtype=np.int64)))
    return [found.strength, found.covariance]


@pytest.mark.parametrize("compute", [exact, moments, sets, strengths])
def test_one_thread_gives_the_digits_of_two(
    compute: Callable[[], list[Floats]], monkeypatch: pytest.MonkeyPatch
) -> None:
    two = compute()
    monkeypatch.setattr(threading, "Thread", InTurn)
    one = compute()
    assert all(np.array_equal(found, again) for found, again in zip(one, two, strict=True))


def test_estimates_alone_are_those_of_the_whole_fit() -> None:
    whole, (fit, shrunken) = fit_crossed(some_ratings()), estimate_crossed(some_ratings())
    assert fit == whole.fit
    assert np.array_equal(shrunken, whole.shrunken)


SOURCE = "def one_more(a):\n    return a + 1.0\n"


def compiled_from(path: Path) -> Callable[[float], float]:
    """A kernel whose source lies at `path`."""
    from honestrank.linear.compiling import compiled

    made: dict[str, Any] = {
        "__builtins__": {}
    }  # numba keeps the globals with the kernel; what others put into builtins cannot be kept
    exec(compile(SOURCE, str(path), "exec"), made)
    return compiled("float64(float64)")(made["one_more"])


def test_kernels_beside_read_only_sources_are_kept_in_the_users_own_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file in the place of the folder: not even root can write there."""
    monkeypatch.setattr("numba.core.config.CACHE_DIR", "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "own"))
    (tmp_path / "__pycache__").write_text("")
    (tmp_path / "source.py").write_text(SOURCE)
    assert compiled_from(tmp_path / "source.py")(1.0) == 2.0
    assert list((tmp_path / "own").rglob("*.nbi"))


def test_kernels_that_can_be_kept_nowhere_are_compiled_for_this_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("numba.core.config.CACHE_DIR", "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "taken" / "own"))
    for name in ("__pycache__", "taken"):
        (tmp_path / name).write_text("")
    (tmp_path / "source.py").write_text(SOURCE)
    assert compiled_from(tmp_path / "source.py")(1.0) == 2.0
