"""A light run of the simulation behind the claims; the whole of it is `make coverage`."""

from pathlib import Path

import pytest
from tests.honestrank.coverage import Found, Row, all_rows, simulate

SAMPLES = 120
# Those that broke the claim before units had a noise of their own: 20 to 80 % false separations.
BROKEN_BEFORE = (
    ("marks", "20 equal units, sd 3 : 1, n = 13"),
    ("marks", "20 equal units, n = 10 (sd 3) beside 200 (sd 1)"),
    ("marks, grades declared", "20 equal units, 82 % top, n = 10 beside 200"),
    ("means, grades declared", "20 equal units, 95 % top, n = 13"),
    ("raters, complete", "20 equal units, 12 raters, sd 3 : 1"),
    ("raters, in part", "20 equal units, n = 10 (sd 3) beside 50 (sd 1)"),
)


def row_named(path: str, name: str) -> Row:
    return next(row for row in all_rows() if (row.path, row.name) == (path, name))


@pytest.mark.parametrize(("path", "name"), BROKEN_BEFORE)
def test_the_claim_is_kept_where_noise_is_unequal(path: str, name: str) -> None:
    found = simulate(row_named(path, name), SAMPLES)
    assert found.is_kept
    assert found.intervals > 0.92


def test_the_simulation_sees_a_claim_that_is_broken() -> None:
    assert not Found(SAMPLES, 0.2, 0.8, 0.95, 20).is_kept


def test_every_row_of_the_page_is_one_of_the_simulation() -> None:
    names = [(row.path, row.name) for row in all_rows()]
    assert len(set(names)) == len(names)


METHODS = Path(__file__).resolve().parents[2] / "docs" / "methods"


def test_the_page_has_every_row() -> None:
    page = (METHODS / "coverage.md").read_text("utf-8")
    assert all(f"| {row.name} | {row.path} |" in page for row in all_rows())
