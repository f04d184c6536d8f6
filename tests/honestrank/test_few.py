"""Few units or raters: least squares written out, Student's intervals, what is refused, and what the fit record shows."""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import honestrank as hr
from honestrank.__main__ import main
from honestrank.estimators.crossed import components
from honestrank.estimators.least_squares import fit_few, fit_few_units
from honestrank.estimators.noise import noise_beside_raters
from honestrank.ranks.assembly import Ranking, Standing
from honestrank.ranks.fitting import ratings_standing
from honestrank.ranks.welch import welch_sets
from honestrank.reading.ratings import read_ratings
from honestrank.sums import Columns, CrossedSums, UnitSums
from honestrank.words.wording import InputError


def crossed(rater: np.ndarray, unit: np.ndarray, y: np.ndarray, origin: float = 0.0) -> CrossedSums:
    units, n = int(unit.max()) + 1, np.ones(len(y), dtype=np.int64)
    moved = y - origin
    names = tuple(str(i) for i in range(units))
    none = np.zeros(len(y), dtype=np.int64)
    return CrossedSums(
        names, (), int(rater.max()) + 1, rater, unit, none, n, moved, float(moved @ moved), origin, 0
    )  # fmt: skip


def made(seed: int, units: int, raters: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    rater, unit = (axis.ravel() for axis in np.indices((raters, units)))
    kept = rng.random(len(rater)) < 0.8
    kept[:units] = True
    kept[::units] = True
    rater, unit = rater[kept], unit[kept]
    y = rng.normal(0, 1, len(rater)) + rng.normal(0, 1, raters)[rater] + rng.normal(0, 1, units)[unit]
    return rater, unit, y


@pytest.mark.parametrize(("units", "raters"), [(3, 30), (12, 3), (4, 4)])
def test_least_squares_written_out(units: int, raters: int) -> None:
    rater, unit, y = made(units, units, raters)
    sums = crossed(rater, unit, y, origin=2.0)
    found = fit_few(sums, components(sums))
    x = np.column_stack([rater[:, None] == np.arange(raters), unit[:, None] == np.arange(1, units)]).astype(float)
    beta, rest, rank, _ = np.linalg.lstsq(x, y, rcond=None)
    noise = float(rest[0]) / (len(y) - rank)
    assert found.freedom == len(y) - rank
    assert found.scores.fit.variances["residual"] == pytest.approx(noise)
    effect = np.concatenate([[0.0], beta[raters:]])
    share = np.bincount(unit) / len(y)
    assert found.scores.score == pytest.approx(y.mean() + effect - share @ effect)
    own = np.zeros((units, x.shape[1]))
    own[1:, raters:] = np.eye(units - 1)
    contrasts = own - share @ own
    spread = noise * (contrasts @ np.linalg.inv(x.T @ x) @ contrasts.T + 1 / len(y))
    assert found.scores.covariance == pytest.approx(spread)
    assert found.scores.shrunken == pytest.approx(found.scores.score)


def test_means_with_one_pooled_noise_where_no_rater_is_known() -> None:
    y = np.array([[1.0, 2, 3, 4], [2, 2, 5, 7], [9, 8, 9, 6]])
    sums = UnitSums(("a", "b", "c"), np.full(3, 4), y.sum(axis=1), (y**2).sum(axis=1), 0.0)
    found = fit_few_units(sums)
    noise = y.var(axis=1, ddof=1).mean()
    assert found.freedom == 9
    assert found.scores.score == pytest.approx(y.mean(axis=1))
    assert found.scores.covariance == pytest.approx(np.eye(3) * noise / 4)


def standing_of(path: Path, *, rater: str | None = "r", at_random: bool = False, least: int = 10) -> Standing:
    ratings = read_ratings(path, Columns("u", "s", rater=rater))
    ranking = Ranking(draws=1000, compare_from=least)
    return ratings_standing(ratings, ranking, raters_assigned_at_random=at_random)


def text(rows: list[tuple[str, str, float]]) -> str:
    return "u,r,s\n" + "".join(f"{unit},{rater},{score:.4f}\n" for unit, rater, score in rows)


def panel(seed: int, units: str, raters: int, step: float = 0.0) -> str:
    rng = np.random.default_rng(seed)
    severity = rng.normal(0, 1, raters)
    return text(
        [(u, f"r{r}", step * i + severity[r] + rng.normal(0, 1)) for i, u in enumerate(units) for r in range(raters)]
    )


def keys(found: Standing) -> list[str]:
    return [warned.key for warned in found.warnings]


def test_four_units_are_fixed_effects_and_five_are_not(csv_file: Callable[..., Path]) -> None:
    few = standing_of(csv_file(panel(1, "abcd", 20, 3.0)))
    assert few.fit_record["fallback"] == "fixed effects"
    assert few.fit_record["model"] == "fixed_raters"
    assert few.as_dict()["fit_record"]["objective"] is None
    assert "few_units_or_raters" in keys(few)
    assert few.pairs_that_separate == 6
    enough = standing_of(csv_file(panel(1, "abcde", 20, 3.0)))
    assert (enough.fit_record["fallback"], enough.fit_record["model"]) == (None, "crossed_no_group")
    alone = standing_of(csv_file(panel(1, "abc", 20, 3.0)), rater=None)
    assert alone.fit_record["model"] == "fixed_units"
    assert "few_units" in keys(alone)


def test_four_raters_of_many_units_with_two_marks_each(csv_file: Callable[..., Path]) -> None:
    once = panel(2, "abcdefghijkl", 4, 2.0)
    found = standing_of(csv_file(once + panel(3, "abcdefghijkl", 4, 2.0).split("\n", 1)[1]), least=5)
    assert (found.fit_record["model"], found.fit_record["fallback"]) == ("fixed_raters", "fixed effects")
    assert {row.n for row in found.units} == {8}
    assert found.pairs_that_separate > 30
    with pytest.raises(InputError) as refused:
        standing_of(csv_file(once), least=4)
    assert refused.value.key == "below_five"


def test_intervals_are_students_and_cover(csv_file: Callable[..., Path]) -> None:
    """Two units, six raters, five degrees of freedom: the difference's interval must be about right, not normal."""
    separate = inside = 0
    for seed in range(250):
        rng = np.random.default_rng(seed)
        table = rng.normal(0, 1, (6, 2)) + rng.normal(0, 2, (6, 1))
        rater, unit = (axis.ravel() for axis in np.indices(table.shape))
        sums = crossed(rater, unit, table.ravel())
        few = fit_few(sums, components(sums))
        d = few.scores.score[0] - few.scores.score[1]
        v = few.scores.covariance
        error = math.sqrt(v[0, 0] + v[1, 1] - 2 * v[0, 1])
        separate += welch_sets(
            few.scores.score, v, noise_beside_raters(sums, few.scores, "pooled"), level=0.95
        ).separate
        inside += abs(d) <= 1.96 * error
    assert separate / 250 == pytest.approx(0.05, abs=0.03)
    assert inside / 250 < 0.93


def test_below_five_nothing(csv_file: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    rows = [("a", f"r{r}", float(r % 3)) for r in range(8)] + [("b", f"r{r}", 5.0 + r % 2) for r in range(4)]
    found = standing_of(csv_file(text(rows)))
    assert [row.unit for row in found.units] == ["a"]
    assert "units_below_five" in keys(found)
    tiny = csv_file("u,r,s\na,1,1\nb,1,2\na,2,1\nb,2,3\n")
    assert main([str(tiny), "--unit", "u", "--score", "s", "--rater", "r"]) == 2
    assert "nothing is said below 5" in capsys.readouterr().err
    assert main([str(tiny), "--unit", "u", "--score", "s", "--rater", "r", "--lang", "zh"]) == 2
    assert "少于 5 个不给任何结果" in capsys.readouterr().err
    with pytest.raises(InputError) as refused:
        standing_of(csv_file("u,r,s\na,1,1\nb,1,2\na,2,1\nc,2,3\nc,3,4\n"))
    assert refused.value.key == "no_freedom_left"


def test_parts_that_share_no_rater_are_visible_and_not_compared(csv_file: Callable[..., Path]) -> None:
    rng = np.random.default_rng(4)
    rows = [
        (unit, f"{side}{r}", 10.0 * i + rng.normal())
        for i, (unit, side) in enumerate([("a", "x"), ("b", "x"), ("c", "y"), ("d", "y")])
        for r in range(12)
    ]
    path = csv_file(text(rows))
    found = standing_of(path)
    assert (found.fit_record["components"], found.fit_record["raters_at_random"]) == (2, False)
    assert "disconnected" in keys(found)
    by_name = {row.unit: row for row in found.units}
    assert by_name["d"].separates_above == ("c",)
    assert (by_name["d"].rank_low, by_name["d"].rank_high) == (1, 3)
    drawn = standing_of(path, at_random=True)
    assert (drawn.fit_record["components"], drawn.fit_record["raters_at_random"]) == (2, True)
    assert "disconnected" not in keys(drawn)


def test_no_variance_between_units_is_visible_and_leaves_every_rank(csv_file: Callable[..., Path]) -> None:
    rng = np.random.default_rng(8)
    table = rng.normal(0, 1, (12, 7)) + rng.normal(0, 2, (12, 1))
    table -= table.mean(axis=0)
    found = standing_of(csv_file(text([(f"u{u}", f"r{r}", table[r, u]) for r in range(12) for u in range(7)])))
    assert "unit" in found.fit_record["dropped"]
    assert found.fit_record["variances"]["unit"] == 0
    assert "no_difference" in keys(found)
    assert {(row.rank_low, row.rank_high) for row in found.units} == {(1, 7)}


def test_without_noise_least_squares_say_what_is_known(csv_file: Callable[..., Path]) -> None:
    rows = [(f"u{u}", f"r{r}", 2.0 * u + r) for u in range(6) for r in range(12)]
    found = standing_of(csv_file(text(rows)))
    assert (found.fit_record["converged"], found.fit_record["fallback"]) == (True, "fixed effects")
    assert found.fit_record["noise"] == {"way": "unknown"}
    assert keys(found) == ["agree_but_for_severity"]
    assert [row.score for row in found.units] == pytest.approx([5.5 + 2 * u for u in range(6)])
    assert repr(hr.Standing.from_dict(found.as_dict()).units[0].interval) == "(nan, nan)"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([(f"u{u}", f"r{r}", 2.0 * u) for u in range(6) for r in range(12)], ["all_agree"]),
        (
            [(f"u{u}", "only one", 2.0 * u + mark % 3) for u in range(6) for mark in range(12)],
            ["duplicates", "one_rater"],
        ),
        ([(f"u{u}", f"r{u}-{r}", 2.0 * u + r % 3) for u in range(6) for r in range(12)], ["severity_unseparated"]),
    ],
)
def test_severity_is_said_to_be_unknown_only_where_raters_do_not_tell_it(
    rows: list[tuple[str, str, float]], said: list[str], csv_file: Callable[..., Path]
) -> None:
    assert keys(standing_of(csv_file(text(rows)))) == said
