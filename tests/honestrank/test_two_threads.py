"""Linear algebra in blocks against numpy's, and digits that do not depend on how many threads there are."""

import threading
from functools import partial

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import csr_array

from honestrank.dense import UNDIVIDED, solve_and_invert
from honestrank.products import WeightedProducts
from honestrank.two_threads import side_by_side

Floats = NDArray[np.float64]


def positive_definite(size: int) -> Floats:
    some = np.random.default_rng(size).standard_normal((size, size))
    return np.asfortranarray(some @ some.T + size * np.eye(size))


@pytest.mark.parametrize("size", [1, 2, 5, UNDIVIDED, UNDIVIDED + 1, UNDIVIDED + 2, 700])
def test_solution_inverse_and_determinant(size: int) -> None:
    system, right = positive_definite(size), np.random.default_rng(1).standard_normal(size)
    found = solve_and_invert(system.copy(order="F"), right)
    assert found is not None
    solution, inverse, pivots = found
    assert system @ solution == pytest.approx(right, abs=1e-9)
    assert np.tril(inverse) == pytest.approx(np.tril(np.linalg.inv(system)), abs=1e-12)
    assert pivots.sum() == pytest.approx(np.linalg.slogdet(system).logabsdet, rel=1e-12)


@pytest.mark.parametrize(("size", "place"), [(3, 1), (UNDIVIDED + 50, 2), (UNDIVIDED + 50, UNDIVIDED + 40)])
def test_a_matrix_that_is_not_positive_definite(size: int, place: int) -> None:
    system = positive_definite(size)
    system[place, place] = -1
    assert solve_and_invert(system, np.ones(size)) is None


def test_the_same_digits_every_time() -> None:
    system = positive_definite(UNDIVIDED + 100)
    first, again = (solve_and_invert(system.copy(order="F"), np.ones(len(system))) for _ in range(2))
    assert first is not None
    assert again is not None
    assert all((one == two).all() for one, two in zip(first, again, strict=True))


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
        assert products.at(weight) == pytest.approx(np.tril((q.T * weight) @ q), abs=1e-12)


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
