"""Noise of its own: whose variance ranks go by, the studentised range, agreement, and input that cannot be meant."""

import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import bartlett, studentized_range

from honestrank import InputError, rank_sets, standing
from honestrank.__main__ import main
from honestrank.estimators.crossed import fit_crossed
from honestrank.estimators.noise import noise_beside_raters, noise_of_sums, with_pseudo_marks
from honestrank.ranks.studentised import range_critical, single_critical
from honestrank.ranks.welch import _chained, welch_sets
from honestrank.sums import CrossedSums, UnitSums


def sums_of(*marks: list[float]) -> UnitSums:
    given = [np.array(own, dtype=np.float64) for own in marks]
    names = tuple(f"u{place}" for place in range(len(given)))
    n = np.array([len(own) for own in given])
    return UnitSums(names, n, np.array([y.sum() for y in given]), np.array([(y**2).sum() for y in given]), 0.0)


POINTS = [(2, 1.0), (2, 30.0), (3, 4.0), (5, 2.0), (20, 1.0), (20, 9.0), (20, 12.5), (100, 60.0), (1000, 10.0)]


@pytest.mark.parametrize("level", [0.9, 0.95, 0.99])
@pytest.mark.parametrize(("units", "freedom"), POINTS)
def test_the_critical_value_is_that_of_the_studentised_range(units: int, freedom: float, level: float) -> None:
    """Above scipy's by rounding and reading between points of the table only: the level is 95 % to a hundredth of a point."""
    ours = float(range_critical(units, np.array([freedom]), level)[0]) * math.sqrt(2)
    left = studentized_range.sf(ours, units, freedom)
    assert left == pytest.approx(1 - level, abs=1.5e-4)
    assert left < 1 - level + 2e-6


def test_one_units_differences_need_less_than_all_pairs_and_two_units_are_one_difference() -> None:
    f = np.array([7.0, 30.0, np.inf])
    assert (single_critical(20, f, 0.95) < range_critical(20, f, 0.95))[1:].all()
    assert single_critical(2, f, 0.95) == pytest.approx(range_critical(2, f, 0.95), rel=2e-3)


def test_ranks_go_by_the_larger_of_own_and_pooled_noise_and_intervals_by_the_own() -> None:
    quiet, loud = [0.0, 1.0] * 10, [0.0, 9.0] * 10
    noise = noise_of_sums(sums_of(quiet, loud))
    own = np.array([np.var(quiet, ddof=1), np.var(loud, ddof=1)])
    assert noise.variance * 20 == pytest.approx([own.mean(), own[1]])
    assert noise.error * math.sqrt(20) == pytest.approx(np.sqrt(own))
    assert noise_of_sums(sums_of(quiet, loud), "own").variance * 20 == pytest.approx(own)
    assert noise_of_sums(sums_of(quiet, loud), "pooled").variance * 20 == pytest.approx([own.mean()] * 2)


def test_the_test_of_equal_noise_is_bartletts() -> None:
    rng = np.random.default_rng(3)
    marks = [rng.normal(0, sd, n) for sd, n in ((1, 12), (2, 9), (1.5, 30))]
    found = noise_of_sums(sums_of(*(own.tolist() for own in marks))).equal
    expected = bartlett(*marks)
    assert found is not None
    assert (found.statistic, found.p) == pytest.approx((expected.statistic, expected.pvalue))


def test_half_a_mark_at_each_grade_is_half_a_mark_at_each_grade() -> None:
    """Doubling all weights turns the half marks into whole ones: the same mean, and the same squares about it."""
    grades, marks = (10.0, 7.0, 5.0, 2.0), [10.0, 10.0, 7.0]
    number, variance, mean = with_pseudo_marks(np.array([3.0]), np.array([6.0]), np.array([9.0]), grades)
    whole = np.array(marks * 2 + list(grades))
    assert (number[0], mean[0]) == (5.0, pytest.approx(whole.mean()))
    assert variance[0] * 4 == pytest.approx(((whole - whole.mean()) ** 2).sum() / 2)


def test_beside_raters_the_noise_of_each_unit_is_found_without_bias() -> None:
    """Thirty raters mark all of six units, the last three three times as noisy: over 200 samples means of s_u^2 are near 1 and 9."""
    units, raters, total = 6, 30, np.zeros(6)
    rater, unit = (axis.ravel() for axis in np.indices((raters, units)))
    ones, none = np.ones(raters * units, dtype=np.int64), np.zeros(raters * units, dtype=np.int64)
    for seed in range(200):
        rng = np.random.default_rng(seed)
        y = (rng.normal(0, 2, (raters, 1)) + rng.normal(0, [1, 1, 1, 3, 3, 3], (raters, units))).ravel()
        sums = CrossedSums(tuple("abcdef"), (), raters, rater, unit, none, ones, y, float(y @ y), 0.0, 0)
        fitted = fit_crossed(sums)
        total += (
            noise_beside_raters(sums, fitted).error ** 2
            - np.diag(fitted.covariance)
            + (fitted.fit.variances["residual"] / 30)
        )
    assert (total[3:] / 200 * 30).mean() == pytest.approx(9, abs=0.9)


def test_a_chain_of_separations_is_one_and_marginal_sets_are_the_narrower() -> None:
    rng = np.random.default_rng(8)
    marks = [rng.normal(place / 2, 1 + place % 3, 8 + 5 * place).tolist() for place in range(12)]
    sums = sums_of(*marks)
    noise = noise_of_sums(sums)
    sets = welch_sets(sums.means, noise.variance, noise, level=0.95)
    above = sets.above
    assert above.any()
    assert (above == _chained(above, sums.means)).all()
    assert not (((above.astype(int) @ above.astype(int)) > 0) & ~above).any()
    assert (sets.low <= sets.marginal_low).all()
    assert (sets.marginal_high <= sets.high).all()


@pytest.mark.parametrize(("units", "share"), [(1, 0.5), (7, 0.5), (64, 0.03), (65, 0.5), (700, 0.01), (700, 0.6)])
def test_the_closure_is_that_of_powers_of_the_relation(units: int, share: float) -> None:
    """More neighbours than one step joins, widths on both sides of a word, labels in any order."""
    rng = np.random.default_rng(units)
    scores = rng.permutation(units) / 3
    above = (rng.random((units, units)) < share) & (scores[:, None] > scores)
    power = above
    while True:
        longer = power | ((power.astype(np.float32) @ power.astype(np.float32)) > 0)
        if (longer == power).all():
            break
        power = longer
    assert (_chained(above, scores) == power).all()


def test_relabelling_and_affine_changes_of_marks_change_no_set() -> None:
    rng = np.random.default_rng(9)
    marks = [rng.normal(place, 1 + place % 2, 10 + place).tolist() for place in range(9)]
    order = rng.permutation(9)
    one, other = sums_of(*marks), sums_of(*([3 * y - 7 for y in marks[place]] for place in order))
    a = welch_sets(one.means, noise_of_sums(one).variance, noise_of_sums(one), level=0.95)
    b = welch_sets(other.means, noise_of_sums(other).variance, noise_of_sums(other), level=0.95)
    assert (a.low[order] == b.low).all()
    assert (a.high[order] == b.high).all()


class Ambiguous:
    """Whoever asks a data frame's column whether it is empty by its truth gets an error, as from pandas and polars."""

    def __init__(self, column: list[object]) -> None:
        self.column = column

    def __iter__(self) -> object:
        return iter(self.column)

    def __len__(self) -> int:
        return len(self.column)

    def __bool__(self) -> bool:
        raise ValueError("the truth value of a Series is ambiguous")


class ByName(Ambiguous):
    """Arrow's columns iterate over scalars and turn into a list by name."""

    def __iter__(self) -> object:
        raise TypeError("scalars")

    def to_pylist(self) -> list[object]:
        return list(self.column)


@pytest.mark.parametrize("made", [list, np.array, Ambiguous, ByName])
def test_columns_of_any_kind_are_taken(made: Callable[[list], object]) -> None:
    """Lists, arrays, columns that behave as those of pandas and polars, and columns that behave as Arrow's."""
    given = (["a", "b", "c"], [1.0, 2.0, 4.0], [0.1, 0.2, 0.1], [20, 30, 40])
    expected = standing(*given).units
    assert standing(*(made(column) for column in given)).units == expected  # type: ignore[arg-type]


def test_rank_sets_take_lists() -> None:
    assert rank_sets([3.0, 1.0], [0.01, 0.01]).separate == 1  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("scores", "covariance", "key"),
    [
        ([3.0, math.nan, 1.0], [1.0, 1.0, 1.0], "score_missing"),
        ([3.0, 1.0], [[1.0, 2.0], [2.0, 1.0]], "covariance_indefinite"),
    ],
)
def test_what_is_no_score_and_no_covariance_is_refused(scores: list, covariance: list, key: str) -> None:
    with pytest.raises(InputError) as refused:
        rank_sets(np.array(scores), np.array(covariance))
    assert refused.value.key == key


@pytest.mark.parametrize("count", [0, -3, 12.7])
def test_a_count_that_counts_no_marks_is_refused(count: float) -> None:
    with pytest.raises(InputError) as refused:
        standing(["a", "b"], [1.0, 2.0], [0.1, 0.1], [20, count])  # type: ignore[list-item]
    assert refused.value.key == "count_not_a_number_of_marks"


TEXT = "u,s\n" + "".join(f"{u},{(u + 3 * r) % 5}\n" for u in range(6) for r in range(15))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--draws", "1"], "take at least 20"),
        (["--draws", "0"], "take at least 20"),
        (["--draws", "-5"], "take at least 20"),
        (["--seed", "-1"], "below zero"),
        (["--level", "95"], "level"),
        (["--compare-from", "-1"], "least number"),
        (["--group", "u", "--rater", "r"], "unit column itself"),
        (["--grades", "10;7"], "10,7,5,2"),
    ],
)
def test_options_that_cannot_be_meant_are_refused_in_a_sentence(
    csv_file: Callable[..., Path], capsys: pytest.CaptureFixture[str], given: list[str], said: str
) -> None:
    assert main([str(csv_file(TEXT)), "--unit", "u", "--score", "s", *given]) == 2
    complaint = capsys.readouterr().err
    assert said in complaint
    assert complaint.count("\n") == 1


def test_a_level_is_refused_also_where_nothing_separates() -> None:
    with pytest.raises(InputError) as refused:
        standing(["a", "b"], [1.0, 1.0], [1.0, 1.0], [20, 20], level=95)
    assert refused.value.key == "bad_level"


def test_scores_whose_squares_leave_the_range_are_refused(
    csv_file: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    text = "u,s\n" + "".join(f"{u},{u + r}e150\n" for u in range(6) for r in range(15))
    assert main([str(csv_file(text)), "--unit", "u", "--score", "s"]) == 2
    assert "Divide all scores" in capsys.readouterr().err


def test_names_run_no_formula_and_break_no_line(
    csv_file: Callable[..., Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    names = ["=1+1|cmd", "@a", "-5", '"two\nlines"', "+b", "plain"]
    text = "u,s\n" + "".join(f"{name},{(place + 3 * r) % 5}\n" for place, name in enumerate(names) for r in range(15))
    assert main([str(csv_file(text)), "--unit", "u", "--score", "s", "--out", str(tmp_path / "out")]) == 0
    rows = (tmp_path / "out" / "units.csv").read_text(encoding="utf-8")
    assert {"'=1+1|cmd", "'@a", "'+b", "-5", "plain"} <= {line.split(",")[0] for line in rows.splitlines()}
    assert "two lines" in capsys.readouterr().out
    result = json.loads((tmp_path / "out" / "result.json").read_text(encoding="utf-8"))
    assert result["fit_record"]["noise"]["way"] == "own_or_pooled"
    assert result["fit_record"]["noise"]["equal_noise"]["degrees_of_freedom"] == 5


def test_reliability_and_the_reason_of_silence_stand_beside_each_unit(
    csv_file: Callable[..., Path], tmp_path: Path
) -> None:
    rng = np.random.default_rng(2)
    counts = [30, 30, 30, 30, 30, 6]
    text = "u,s\n" + "".join(f"u{p},{p + rng.normal():.3f}\n" for p, n in enumerate(counts) for _ in range(n))
    assert main([str(csv_file(text)), "--unit", "u", "--score", "s", "--out", str(tmp_path / "out")]) == 0
    result = json.loads((tmp_path / "out" / "result.json").read_text(encoding="utf-8"))
    variances = result["fit_record"]["variances"]
    for row in result["units"]:
        assert row["reliability"] == pytest.approx(row["n"] / (row["n"] + variances["residual"] / variances["unit"]))
        assert row["why_not_compared"] == ("too_few" if row["n"] == 6 else None)
