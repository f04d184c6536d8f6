"""Agreement: the published examples of Shrout & Fleiss and of Krippendorff, closed forms, properties, refusals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from honestrank.screens.reliability import (
    cronbach_alpha,
    intraclass,
    krippendorff_alpha,
    ratings_needed,
    spearman_brown,
)
from honestrank.words.wording import InputError

# Shrout & Fleiss 1979, table 2: six targets, four judges.
TABLE = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], dtype=float)
# Krippendorff 2011, section C: four observers, twelve units, some not rated.
OBSERVERS = np.array([
    [1, 2, 3, 3, 2, 1, 4, 1, 2, np.nan, np.nan, np.nan],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, np.nan, 3],
    [np.nan, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, np.nan],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, np.nan],
])  # fmt: skip


def test_shrout_and_fleiss_1979_table_4() -> None:
    found = {form: one.value for form, one in intraclass(TABLE).items()}
    assert found == pytest.approx(
        {"1,1": 0.165742, "2,1": 0.289764, "3,1": 0.714841, "1,k": 0.442797, "2,k": 0.620051, "3,k": 0.909316}, abs=1e-6
    )


def test_shrout_and_fleiss_intervals() -> None:
    """As printed by the R package psych for the same table."""
    found = intraclass(TABLE)
    assert found["1,1"].interval == pytest.approx((-0.133, 0.723), abs=1e-3)
    assert found["2,1"].interval == pytest.approx((0.019, 0.761), abs=1e-3)
    assert found["3,1"].interval == pytest.approx((0.342, 0.946), abs=1e-3)
    assert found["3,k"].interval == pytest.approx((0.676, 0.986), abs=1e-3)
    assert found["3,1"].f == pytest.approx(11.027, abs=1e-3)
    assert found["3,1"].p == pytest.approx(0.000135, abs=1e-6)


def test_krippendorff_2011() -> None:
    for metric, alpha in (("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)):
        assert krippendorff_alpha(OBSERVERS, metric) == pytest.approx(alpha, abs=5e-4)  # type: ignore[arg-type]


def test_alpha_is_the_consistency_of_the_mean_of_all_items() -> None:
    """Cronbach's alpha and ICC(3,k) are one number (Hoyt 1941)."""
    assert cronbach_alpha(TABLE) == pytest.approx(intraclass(TABLE)["3,k"].value)
    with_gap = np.vstack([TABLE, [1, np.nan, 2, 3]])
    assert cronbach_alpha(with_gap) == cronbach_alpha(TABLE)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.1, 50), st.floats(-100, 100))
def test_affine_change_and_relabelling_change_nothing(seed: int, scale: float, shift: float) -> None:
    rng = np.random.default_rng(seed)
    table = rng.normal(size=(8, 1)) + rng.normal(size=(8, 4))
    changed = (scale * table + shift)[rng.permutation(8)][:, rng.permutation(4)]
    one, two = intraclass(table), intraclass(changed)
    for form, found in one.items():
        assert two[form].value == pytest.approx(found.value, abs=1e-8)
        assert two[form].interval == pytest.approx(found.interval, abs=1e-6)
        assert found.interval[0] <= found.value <= found.interval[1]
    assert cronbach_alpha(changed) == pytest.approx(cronbach_alpha(table), abs=1e-8)
    assert krippendorff_alpha(changed, "interval") == pytest.approx(
        krippendorff_alpha(scale * table + shift, "interval"), abs=1e-8
    )


def test_perfect_and_chance_agreement() -> None:
    assert krippendorff_alpha(np.array([[1.0, 2, 3], [1, 2, 3]])) == 1
    rng = np.random.default_rng(4)
    for metric in ("nominal", "ordinal", "interval"):
        found = krippendorff_alpha(rng.integers(1, 5, (2, 20_000)).astype(float), metric)  # type: ignore[arg-type]
        assert found == pytest.approx(0, abs=0.03)


def test_ratings_needed() -> None:
    """InstEval: one lecturer's mean reaches .7 with 13 marks, .8 with 22, .9 with 48."""
    needed = ratings_needed(0.512477**2, 1.176839**2)
    assert needed == {0.7: 13, 0.8: 22, 0.9: 48}
    for target, n in needed.items():
        assert n is not None
        single = 0.512477**2 / (0.512477**2 + 1.176839**2)
        assert spearman_brown(single, n) >= target > spearman_brown(single, n - 1)
    assert ratings_needed(0.0, 1.0) == {0.7: None, 0.8: None, 0.9: None}
    assert ratings_needed(1.0, 0.0)[0.9] == 1


@pytest.mark.parametrize(
    "table",
    [np.ones((4, 1)), np.ones((1, 4)), np.ones((3, 3)), np.array([[1, np.nan], [2, np.nan], [3, np.nan]])],
)
def test_what_cannot_agree_is_refused(table: np.ndarray) -> None:
    for measure in (cronbach_alpha, intraclass, krippendorff_alpha):
        with pytest.raises(InputError) as refused:
            measure(table)
        assert refused.value.key == "too_few_to_agree"
