"""units.csv: each unit's distribution, reliability, both errors of the shrunken score, and why it is not compared."""

import csv
import math
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from honestrank import Standing, standing, units_csv
from honestrank.__main__ import main
from honestrank.estimators.one_way import one_way
from honestrank.ranks.assembly import Ranking
from honestrank.ranks.fitting import ratings_standing
from honestrank.reading.ratings import read_ratings
from honestrank.sums import Columns

rng = np.random.default_rng(8)
MARKS = [(r, u, int(rng.choice([2, 5, 7, 10]))) for r in range(15) for u in range(7) if u < 6 or r < 4]
TEXT = "r,u,s\n" + "".join(f"{r},unit {u},{s}\n" for r, u, s in MARKS)


def rows_of(path: Path, *options: str) -> dict[str, dict[str, str]]:
    out = path.parent / "out"
    assert main([str(path), "--unit", "u", "--score", "s", "--out", str(out), *options]) == 0
    with (out / "units.csv").open(encoding="utf-8-sig", newline="") as stream:
        return {row["unit"]: row for row in csv.DictReader(stream)}


@pytest.mark.parametrize("options", [(), ("--rater", "r")])
def test_every_unit_has_its_distribution_and_its_reasons(
    csv_file: Callable[..., Path], options: tuple[str, ...]
) -> None:
    rows = rows_of(csv_file(TEXT), *options)
    for place in range(7):
        row, own = rows[f"unit {place}"], Counter(s for _, u, s in MARKS if u == place)
        assert row["distribution"] == " ".join(f"{mark}:{own[mark]}" for mark in sorted(own))
        assert int(row["n"]) == sum(own.values())
        assert row["why_not_compared"] == ("too_few" if place == 6 else "")
    if rows["unit 0"]["reliability"]:
        assert 0 < float(rows["unit 6"]["reliability"]) < float(rows["unit 0"]["reliability"]) < 1
    assert 0 <= float(rows["unit 6"]["conditional_error"]) <= float(rows["unit 6"]["prediction_error"])


def test_measurements_have_no_distribution_and_means_have_none_to_give(csv_file: Callable[..., Path]) -> None:
    text = "u,s\n" + "".join(f"{place % 5},{place / 7}\n" for place in range(100))
    assert {row["distribution"] for row in rows_of(csv_file(text)).values()} == {""}
    means = units_csv(standing(list("abc"), [1.0, 2.0, 3.0], [0.5] * 3, [20] * 3))
    assert {row["distribution"] for row in csv.DictReader(means.splitlines())} == {""}


def test_the_error_given_the_mean_is_that_of_the_unit_effect_alone(csv_file: Callable[..., Path]) -> None:
    """One-way: var(b | marks) = B noise / (noise + n B); of the mean and it together it is larger."""
    sums = read_ratings(csv_file(TEXT), Columns("u", "s")).units
    assert sums is not None
    found = one_way(sums)
    between, noise = found.fit.variances["unit"], found.fit.variances["residual"]
    assert found.conditional_error == pytest.approx(np.sqrt(between * noise / (noise + sums.n * between)))
    assert (found.prediction_error >= found.conditional_error).all()


def test_what_ranks_go_by_is_said_and_can_be_kept(csv_file: Callable[..., Path]) -> None:
    read = read_ratings(csv_file(TEXT), Columns("u", "s"), with_marks=True)
    found = ratings_standing(read, Ranking())
    for row in found.units:
        assert row.n is not None
        assert row.rank_freedom == row.n - 1
        assert row.rank_error is not None
        assert row.rank_error >= row.standard_error - 1e-12
        assert math.isclose(sum(n for _, n in row.distribution or ()), row.n)
    again = Standing.from_dict(found.as_dict())
    assert again.as_dict() == found.as_dict()
    assert again.units[0].distribution == found.units[0].distribution
