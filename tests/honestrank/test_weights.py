"""Frozen weights of rater groups and raking: formulas by hand, invariances, coverage, refusals in sentences."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from honestrank.estimators.raking import Margin, rake, weighted_mean
from honestrank.estimators.rater_groups import combine_groups
from honestrank.ranks.assembly import Ranking
from honestrank.ranks.of_means import combined_standing
from honestrank.sums import GroupMean, RaterGroup
from honestrank.words.wording import InputError


def groups(members: float = 50, superiors: float = 30, public: float = 20) -> list[RaterGroup]:
    return [
        RaterGroup("members", members, {"a": GroupMean(8, 0.2, 30), "b": GroupMean(6, 0.3, 25)}),
        RaterGroup("superiors", superiors, {"a": GroupMean(7, 0.5, 4), "b": GroupMean(7, 0.5, 4)}),
        RaterGroup("public", public, {"a": GroupMean(9, 0.1, 200)}),
    ]


def test_a_missing_group_is_named_and_never_made_up_for() -> None:
    first, second = combine_groups(["a", "b"], groups())
    assert first.score == pytest.approx(0.5 * 8 + 0.3 * 7 + 0.2 * 9)
    assert first.standard_error == pytest.approx(math.sqrt(0.1**2 + 0.15**2 + 0.02**2))
    assert first.n == 234
    assert (second.score, second.standard_error, second.missing) == (None, None, ("public",))


def test_degrees_of_freedom_lie_between_the_smallest_and_the_sum() -> None:
    first, _ = combine_groups(["a", "b"], groups())
    assert first.degrees_of_freedom is not None
    assert 3 <= first.degrees_of_freedom <= 29 + 3 + 199
    alone = combine_groups(["a"], [groups()[0]])[0]
    assert alone.degrees_of_freedom == pytest.approx(29)


@settings(max_examples=30, deadline=None)
@given(st.floats(0.01, 100))
def test_only_the_proportions_of_weights_count(scale: float) -> None:
    one = combine_groups(["a"], groups())[0]
    two = combine_groups(["a"], groups(50 * scale, 30 * scale, 20 * scale))[0]
    assert two.score == pytest.approx(one.score)
    assert two.standard_error == pytest.approx(one.standard_error)


def test_equal_marks_in_one_group_do_not_feign_certainty() -> None:
    some = RaterGroup("members", 1, {"a": GroupMean(10, 0.0, 10), "b": GroupMean(6, 0.4, 10)})
    assert combine_groups(["a"], [some])[0].standard_error == pytest.approx(0.4 / math.sqrt(2))


def test_intervals_of_combined_scores_cover() -> None:
    rng = np.random.default_rng(3)
    inside = 0
    units = list("abcdefghij")
    for _ in range(80):
        made = []
        for weight, n, sd in ((2.0, 5, 2.0), (1.0, 20, 1.0)):
            marks = rng.normal(0, sd, (len(units), n))
            means = {u: GroupMean(m.mean(), m.std(ddof=1) / math.sqrt(n), n) for u, m in zip(units, marks, strict=True)}
            made.append(RaterGroup(str(n), weight, means))
        for row in combined_standing(units, made, Ranking(draws=100)).units:
            inside += row.interval[0] <= 0 <= row.interval[1]
    assert inside / 800 == pytest.approx(0.95, abs=0.025)


def test_standing_holds_the_complete_units_only() -> None:
    found = combined_standing(["a", "b"], groups()[:2], Ranking())
    assert [row.unit for row in found.units] == ["a", "b"]
    assert [row.unit for row in combined_standing(["a", "b"], groups(), Ranking()).units] == ["a"]
    with pytest.raises(InputError) as refused:
        combined_standing(["b"], groups(), Ranking())
    assert refused.value.key == "no_complete_unit"


def test_weights_that_are_none_are_refused() -> None:
    for some, key in (([], "no_rater_groups"), (groups(members=0), "group_weight_not_positive")):
        with pytest.raises(InputError) as refused:
            combine_groups(["a"], some)
        assert refused.value.key == key


SEX = ["m"] * 60 + ["f"] * 40
AGE = (["young"] * 3 + ["old"]) * 25


def margins(men: float = 480, young: float = 500) -> list[Margin]:
    return [
        Margin("sex", SEX, {"m": men, "f": 1000 - men}),
        Margin("age", AGE, {"young": young, "old": 1000 - young}),
    ]


def cells(weights: np.ndarray) -> np.ndarray:
    return np.array([[weights[[s == x and a == y for s, a in zip(SEX, AGE, strict=True)]].sum() for y in ("young", "old")]
                     for x in ("m", "f")])  # fmt: skip


def test_raking_meets_both_margins_and_keeps_odds_ratios() -> None:
    """Deming & Stephan: the fitted table has the margins wanted and the interactions it started from."""
    found = rake(np.ones(100), margins())
    table, before = cells(found.weights), cells(np.ones(100))
    assert found.converged
    assert table.sum(axis=1) == pytest.approx([480, 520])
    assert table.sum(axis=0) == pytest.approx([500, 500])
    odds = [t[0, 0] * t[1, 1] / t[0, 1] / t[1, 0] for t in (table, before)]
    assert odds[0] == pytest.approx(odds[1])
    assert found.design_effect == pytest.approx(1 + found.weights.var() / found.weights.mean() ** 2)
    assert found.effective_n == pytest.approx(100 / found.design_effect)


def test_trimming_caps_weights_and_still_meets_the_totals() -> None:
    free, trimmed = rake(np.ones(100), margins(young=400)), rake(np.ones(100), margins(young=400), most=2.45)
    assert free.weights.max() > 2.45 * free.weights.mean()
    assert trimmed.converged
    assert trimmed.trimmed > 0
    assert trimmed.weights.max() <= 2.45 * trimmed.weights.mean() * (1 + 1e-8)
    assert cells(trimmed.weights).sum(axis=0) == pytest.approx([400, 600])
    assert not rake(np.ones(100), margins(young=100), most=1.1).converged


def test_raking_takes_off_the_bias_of_who_answered() -> None:
    rng = np.random.default_rng(5)
    y = np.where(np.array(AGE) == "old", 8.0, 4.0) + rng.normal(0, 1, 100)
    plain, _ = weighted_mean(y, np.ones(100))
    raked, error = weighted_mean(y, rake(np.ones(100), margins()).weights)
    assert plain == pytest.approx(5, abs=0.4)
    assert raked == pytest.approx(6, abs=0.4)
    assert error > 0
    assert weighted_mean(y, np.ones(100))[1] == pytest.approx(y.std(ddof=1) / 10)


@pytest.mark.parametrize(
    ("start", "changed", "key"),
    [
        (np.ones(100), [Margin("sex", SEX, {"m": 1, "f": 1, "x": 1})], "category_empty"),
        (np.ones(100), [Margin("sex", SEX, {"m": 1})], "category_unknown"),
        (np.ones(100), [*margins(), Margin("again", SEX, {"m": 1, "f": 1})], "totals_differ"),
        (np.zeros(100), margins(), "weights_not_positive"),
        (np.ones(100), [], "weights_not_positive"),
        (np.ones(99), margins(), "lengths_differ"),
    ],
)
def test_what_cannot_be_raked_is_refused(start: np.ndarray, changed: list[Margin], key: str) -> None:
    with pytest.raises(InputError) as refused:
        rake(start, changed)
    assert refused.value.key == key
    assert refused.value.sentence("zh-hans")
