"""Scores from parts, and the one top function: what it says, what it withholds, the same bytes every time."""

import csv
import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from honestrank import GroupMean, InputError, Standing, join_parts, over_all_ballots, standing, units_csv


def by_unit(found: Standing) -> dict[str, dict[str, object]]:
    return {row["unit"]: row for row in found.as_dict()["units"]}


def test_parts_weigh_by_their_criteria_and_bound_the_error() -> None:
    joined = join_parts(
        np.array([3.0, 1.0]),
        np.array([[8.0, 6.0], [4.0, 10.0]]),
        np.array([[0.2, 0.4], [0.4, 0.8]]),
        np.array([[30, 20], [28, 25]]),
    )
    assert joined.score.tolist() == [7.0, 7.0]
    assert joined.standard_error == pytest.approx([0.25, 0.5])
    assert joined.n.tolist() == [28, 20]
    with pytest.raises(InputError):
        join_parts(np.array([0.0]), np.ones((1, 1)), np.ones((1, 1)), np.ones((1, 1), dtype=np.int64))
    with pytest.raises(InputError):
        join_parts(np.array([]), np.ones((0, 1)), np.ones((0, 1)), np.ones((0, 1), dtype=np.int64))


@settings(max_examples=40, deadline=None)
@given(st.floats(-1, 1), st.floats(0.1, 0.9), st.integers(0, 1000))
def test_no_correlation_of_parts_exceeds_the_bound(correlation: float, weight: float, seed: int) -> None:
    one, two = np.random.default_rng(seed).uniform(0.1, 2, 2)
    bound = join_parts(
        np.array([weight, 1 - weight]), np.zeros((2, 1)), np.array([[one], [two]]), np.ones((2, 1), dtype=np.int64)
    ).standard_error[0]
    a, b = weight * one, (1 - weight) * two
    assert np.sqrt(max(0, a * a + b * b + 2 * correlation * a * b)) <= bound * (1 + 1e-12)


@pytest.fixture
def pisa(shared_data: Path) -> tuple[list[str], list[float], list[float]]:
    with (shared_data / "pisa2018.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    names = [row["jurisdiction"] for row in rows]
    return names, [float(row["math_score"]) for row in rows], [float(row["math_se"]) for row in rows]


def test_pisa_2018_mathematics(pisa: tuple[list[str], list[float], list[float]]) -> None:
    found = standing(*pisa, None, quota=10)
    rows = by_unit(found)
    assert found.compared == 38
    assert found.pairs == 703
    assert 480 <= found.pairs_that_separate <= 505
    assert rows["Japan"]["rank_low"] == 1
    assert rows["Japan"]["quota"] == "in"
    assert rows["Colombia"]["rank_high"] == 38
    assert rows["Colombia"]["quota"] == "out"
    assert "Estonia" in rows["Japan"]["indistinguishable_from"]  # type: ignore[operator]
    assert sum(float(row["top_chance"]) for row in rows.values()) == pytest.approx(10)  # type: ignore[arg-type]
    for row in rows.values():
        assert row["rank_low"] <= row["marginal_low"] <= row["marginal_high"] <= row["rank_high"]  # type: ignore[operator]


def test_the_same_input_gives_the_same_bytes(pisa: tuple[list[str], list[float], list[float]]) -> None:
    assert standing(*pisa, None).to_json() == standing(*pisa, None).to_json()
    record = json.loads(standing(*pisa, None).to_json())["fit_record"]
    assert record["model"] == "fay_herriot"
    assert record["converged"]
    assert len(record["inputs_sha256"]) == 64
    changed = (pisa[0], [pisa[1][0] + 1e-9, *pisa[1][1:]], pisa[2])
    assert standing(*changed, None).fit_record["inputs_sha256"] != record["inputs_sha256"]


def test_units_with_few_ratings_are_shown_but_not_compared() -> None:
    found = standing(["a", "b", "c"], [9.0, 5.0, 1.0], [0.1, 0.1, 0.1], [40, 12, 40])
    rows = by_unit(found)
    assert rows["b"]["score"] == 5.0
    assert rows["b"]["compared"] is False
    assert rows["b"]["rank_low"] is None
    assert rows["a"]["separates_above"] == ["c"]
    assert found.compared == 2
    assert [warned.key for warned in found.warnings] == ["too_few_to_compare"]
    assert standing(["a"], [9.0], [0.1], [5]).compared == 0


def test_small_groups_get_wider_intervals_than_the_normal_ones() -> None:
    arguments = (["a", "b"], [9.0, 5.0], [0.5, 0.5], [13, 13])
    small = by_unit(standing(*arguments))["a"]["interval"]
    known = by_unit(standing(*arguments, estimated_errors=False))["a"]["interval"]
    assert small[0] < known[0]  # type: ignore[index]
    assert known == pytest.approx([9 - 1.959964 * 0.5, 9 + 1.959964 * 0.5])


def test_no_detectable_difference_gives_every_rank_to_everybody() -> None:
    found = standing(["a", "b", "c"], [5.0, 5.01, 4.99], [0.5, 0.5, 0.5], [20, 20, 20], quota=1)
    assert all((row.rank_low, row.rank_high, row.quota) == (1, 3, "open") for row in found.units)
    assert found.pairs_that_separate == 0
    assert [warned.key for warned in found.warnings] == ["no_difference"]
    assert "看不出" in found.warnings[0].sentence("zh-hans")


def test_equal_marks_prove_no_certainty() -> None:
    found = standing(["a", "b", "c"], [10.0, 9.5, 5.0], [0.0, 0.4, 0.4], [20, 20, 20])
    assert found.warnings[0].key == "zero_se_replaced"
    assert by_unit(found)["a"]["standard_error"] == pytest.approx(0.3265986, abs=1e-6)


def test_a_covariance_changes_what_separates() -> None:
    units, scores, errors = ["a", "b"], [5.0, 4.0], [1.0, 1.0]
    correlated = np.array([[1.0, 0.99], [0.99, 1.0]])
    apart = standing(units, scores, errors, None).pairs_that_separate
    assert apart == 0
    together = standing([*units, "c"], [*scores, -20.0], [1.0, 1.0, 1.0], None, covariance=np.eye(3))
    assert together.pairs_that_separate >= 2
    known = np.eye(3)
    known[:2, :2] = correlated
    assert standing([*units, "c"], [*scores, -20.0], [1.0, 1.0, 1.0], None, covariance=known).pairs_that_separate == 3


def test_one_unit_alone() -> None:
    found = standing(["only"], [7.0], [0.3], [50])
    assert (found.units[0].rank_low, found.units[0].rank_high) == (1, 1)
    assert found.warnings[0].key == "single_unit"


@pytest.mark.parametrize(
    ("arguments", "key"),
    [
        (([], [], [], []), "no_units"),
        ((["a"], [1.0, 2.0], [1.0], [20]), "lengths_differ"),
        ((["a", "a"], [1.0, 2.0], [1.0, 1.0], [20, 20]), "unit_twice"),
        ((["a", "b"], [1.0, float("nan")], [1.0, 1.0], [20, 20]), "not_finite"),
        ((["a", "b"], [1.0, 2.0], [1.0, -1.0], [20, 20]), "se_negative"),
        ((["a", "b"], [1.0, 2.0], [0.0, 0.0], [20, 20]), "se_all_zero"),
    ],
)
def test_what_does_not_fit_is_refused(
    arguments: tuple[list[str], list[float], list[float], list[int]], key: str
) -> None:
    with pytest.raises(InputError) as refused:
        standing(*arguments)
    assert refused.value.key == key


def test_a_quota_larger_than_the_field_is_refused() -> None:
    with pytest.raises(InputError):
        standing(["a", "b"], [1.0, 9.0], [0.1, 0.1], [20, 20], quota=3)


def test_a_standing_that_was_kept_reads_back_and_writes_the_same_files() -> None:
    rng = np.random.default_rng(5)
    units, n = [f"u{i}" for i in range(9)], [13, 30, 9, 40, 25, 60, 14, 13, 20]
    scores, errors = rng.normal(7, 1, 9).round(4).tolist(), rng.uniform(0, 0.3, 9).round(4).tolist()
    found = standing(units, scores, [0.0, *errors[1:]], n, quota=3)
    kept = json.loads(json.dumps(found.as_dict()))
    again = Standing.from_dict(kept)
    assert again == found.as_written()
    assert again.as_dict() == found.as_dict()
    assert (again.to_json(), units_csv(again)) == (found.to_json(), units_csv(found))
    assert [warned.sentence("en") for warned in again.warnings] == [warned.sentence("en") for warned in found.warnings]


def test_ballots_of_several_pools_count_alike() -> None:
    pools = [GroupMean(8.0, 0.2, 30), GroupMean(5.0, 0.4, 10)]
    joined = over_all_ballots(pools)
    assert (joined.score, joined.n) == (7.25, 40)
    assert joined.standard_error == pytest.approx(math.hypot(30 * 0.2, 10 * 0.4) / 40)
    assert over_all_ballots(pools[:1]) == pools[0]


def test_equal_weights_give_the_plain_mean_to_the_last_digit() -> None:
    for k in range(1, 13):
        means = [[round(2 + 0.17 * i, 2)] for i in range(k)]
        found = join_parts([1.0] * k, means, means, [[20]] * k)
        assert round(float(found.score[0]), 4) == round(sum(mean for [mean] in means) / k, 4)
