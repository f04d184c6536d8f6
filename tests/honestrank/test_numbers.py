"""Published figures of small data sets that the engine must give to six digits.

Data under the GPL may not lie here. What is typed in are facts: sums of squares, covariances, cell sums, published means. A table
made up to have them all has the same likelihood, and so the same figures, as the data.
"""

from collections.abc import Callable

import numpy as np
import pytest

from honestrank import standing
from honestrank.estimators.crossed import fit_crossed
from honestrank.estimators.fay_herriot import fay_herriot
from honestrank.estimators.raking import Margin, rake, weighted_mean
from honestrank.screens.reliability import alpha_of_covariance, cronbach_alpha
from honestrank.sums import CrossedSums
from honestrank.words.wording import InputError


def crossed(rater: np.ndarray, unit: np.ndarray, y: np.ndarray) -> CrossedSums:
    units, raters = tuple(str(i) for i in range(int(unit.max()) + 1)), int(rater.max()) + 1
    ones, none = np.ones(len(y), dtype=np.int64), np.zeros(len(y), dtype=np.int64)
    return CrossedSums(units, (), raters, rater, unit, none, ones, y, float(y @ y), 0.0, 0)


def with_squares(part: np.ndarray, squares: float) -> np.ndarray:
    return part * np.sqrt(squares / (part**2).sum())


def penicillin() -> CrossedSums:
    """24 plates x 6 samples (Davies & Goldsmith 1972, table 6.6): sum 3308, sums of squares of plates, samples and the rest."""
    table = np.random.default_rng(1).normal(size=(24, 6))
    plate, sample = table.mean(axis=1, keepdims=True), table.mean(axis=0, keepdims=True)
    whole = np.ones_like(table)
    y = 3308 / 144 + with_squares((plate - table.mean()) * whole, 105.888888888889)
    y = y + with_squares((sample - table.mean()) * whole, 449.222222222222)
    y = y + with_squares(table - plate - sample + table.mean(), 34.777777777778)
    rater, unit = np.indices(y.shape)
    return crossed(rater.ravel(), unit.ravel(), y.ravel())


def pastes() -> CrossedSums:
    """10 batches x 3 casks x 2 (Davies & Goldsmith 1972, table 6.5): sum 3603.2, squares of batches, casks in them, the rest."""
    table = np.random.default_rng(2).normal(size=(10, 3, 2))
    batch, cask = table.mean(axis=(1, 2), keepdims=True), table.mean(axis=2, keepdims=True)
    whole = np.ones_like(table)
    y = 3603.2 / 60 + with_squares((batch - table.mean()) * whole, 247.402666666667)
    y = y + with_squares((cask - batch) * whole, 350.906666666667) + with_squares(table - cask, 20.34)
    return crossed(np.repeat(np.arange(30), 2), np.repeat(np.arange(10), 6), y.ravel())


# lme4 1.1-31 (R 4.2.2) with the optimiser's tolerances at 1e-12; at its default tolerance lme4 stops early, in the seventh digit.
#   lmer(diameter ~ 1 + (1|plate) + (1|sample), Penicillin, REML = ...)
#   lmer(strength ~ 1 + (1|sample) + (1|batch), Pastes, REML = ...)
LME4 = [
    (penicillin, "ML", 332.18834867, (0.845572, 1.770646, 0.549932), (22.972222, 0.744596)),
    (penicillin, "REML", 330.86058899, (0.846704, 1.931558, 0.549923), (22.972222, 0.808573)),
    (pastes, "ML", 247.99446586, (2.904077, 1.095060, 0.823408), (60.053333, 0.642135)),
    (pastes, "REML", 246.99074585, (2.904078, 1.287365, 0.823408), (60.053333, 0.676870)),
]


@pytest.mark.parametrize(("data", "method", "criterion", "deviations", "mean"), LME4)
def test_lme4s_examples(
    data: Callable[[], CrossedSums],
    method: str,
    criterion: float,
    deviations: tuple[float, ...],
    mean: tuple[float, float],
) -> None:
    fit = fit_crossed(data(), method).fit
    assert fit.objective == pytest.approx(criterion, abs=1e-6)
    found = [np.sqrt(fit.variances[term]) for term in ("rater", "unit", "residual")]
    assert found == pytest.approx(deviations, abs=1e-5)
    assert (fit.mean, fit.mean_error) == pytest.approx(mean, abs=3e-6)


# Covariances of the conscientiousness items C1..C5 of psych::bfi, C4 and C5 keyed the other way: each from the rows that have both.
PAIRS = [
    [1.5409412515],
    [0.699717026, 1.7380376198],
    [0.4914193864, 0.6036989557, 1.66036577],
    [0.5799554556, 0.6881883842, 0.596873855, 1.8909498093],
    [0.503460306, 0.639973702, 0.7140159163, 1.0675274987, 2.6521486158],
]
# n times the sums of squares and products, of the 2,707 rows that have all five.
ROWS = [
    [11235430, 5135778, 3673072, 4297740, 3733943],
    [5135778, 12789456, 4435766, 5132935, 4728676],
    [3673072, 4435766, 12168578, 4443760, 5234103],
    [4297740, 5132935, 4443760, 13834700, 7806994],
    [3733943, 4728676, 5234103, 7806994, 19407664],
]


def test_alpha_of_the_conscientiousness_items() -> None:
    """R: psych::alpha(bfi[c("C1", ..., "C5")], check.keys = TRUE) takes covariances by pairs and gives .726735."""
    lower = np.zeros((5, 5))
    for i, row in enumerate(PAIRS):
        lower[i, : i + 1] = row
    assert alpha_of_covariance(lower + np.tril(lower, -1).T) == pytest.approx(0.726735, abs=5e-7)
    assert alpha_of_covariance(np.array(ROWS, dtype=np.float64)) == pytest.approx(0.729277, abs=5e-7)


def test_alpha_by_pairs_uses_every_pair_there_is() -> None:
    rng = np.random.default_rng(3)
    items = rng.normal(size=(40, 1)) + rng.normal(size=(40, 3))
    assert cronbach_alpha(items, "pairs") == pytest.approx(cronbach_alpha(items))
    items[::5, 0] = np.nan
    covariance = np.cov(items, rowvar=False)
    kept = ~np.isnan(items[:, 0])
    covariance[0, 0] = items[kept, 0].var(ddof=1)
    for j in (1, 2):
        covariance[0, j] = covariance[j, 0] = np.cov(items[kept, 0], items[kept, j])[0, 1]
    assert cronbach_alpha(items, "pairs") == pytest.approx(alpha_of_covariance(covariance))
    assert cronbach_alpha(items, "pairs") != pytest.approx(cronbach_alpha(items), abs=1e-6)
    with pytest.raises(InputError):
        cronbach_alpha(np.full((4, 3), np.nan), "pairs")


# Expenditure on fresh milk, 43 areas (US Consumer Expenditure Survey 1989; Arora & Lahiri 1997; You & Chapman 2006):
# (mean, standard error) by major area, as in the MIT-licensed package samplics.
MILK = {
    1: [(1.099, 0.163), (1.075, 0.08), (1.105, 0.083), (0.628, 0.109), (0.753, 0.119), (0.981, 0.141), (1.257, 0.202)],
    2: [(1.095, 0.127), (1.405, 0.168), (1.356, 0.178), (0.615, 0.1), (1.46, 0.201), (1.338, 0.148), (0.854, 0.143)],
    3: [
        (1.176, 0.149), (1.111, 0.145), (1.257, 0.135), (1.43, 0.172), (1.278, 0.137), (1.292, 0.163),
        (1.002, 0.125), (1.183, 0.247), (1.044, 0.14), (1.267, 0.171), (1.193, 0.106),
    ],
    4: [
        (0.791, 0.121), (0.795, 0.121), (0.759, 0.259), (0.796, 0.106), (0.565, 0.089), (0.886, 0.225),
        (0.952, 0.205), (0.807, 0.119), (0.582, 0.067), (0.684, 0.106), (0.787, 0.126), (0.44, 0.092),
        (0.759, 0.132), (0.77, 0.1), (0.8, 0.113), (0.756, 0.083), (0.865, 0.121), (0.64, 0.129),
    ],
}  # fmt: skip


def milk() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rows = [(area, *row) for area, some in MILK.items() for row in some]
    area, y, error = (np.array(column, dtype=np.float64) for column in zip(*rows, strict=True))
    return y, error, (area[:, None] == np.arange(1, 5)).astype(float)


def test_fay_herriot_on_milk_with_the_major_areas_as_fixed_effects() -> None:
    """samplics and R's sae::mseFH(yi ~ as.factor(MajorArea), SD^2) give .01855033 and, for the first area, 1.021971 (.013460)."""
    found = fay_herriot(*milk())
    assert found.fit.variances["unit"] == pytest.approx(0.01855033, abs=5e-9)
    assert found.shrunken[:3] == pytest.approx([1.0219705, 1.0476020, 1.0679514], abs=1e-6)
    assert found.prediction_error[:3] ** 2 == pytest.approx([0.01346026, 0.00537288, 0.00570199], abs=1e-7)


def test_the_milk_data_through_the_top_function() -> None:
    """The same estimates; what is measured, and so the rank sets, stay as they are without the areas."""
    y, error, areas = milk()
    units = [f"{i}" for i in range(43)]
    found, plain = (standing(units, y.tolist(), error.tolist(), None, design=design) for design in (areas, None))
    assert found.fit_record["variances"]["unit"] == pytest.approx(0.01855033, abs=5e-9)
    assert [unit.shrunken for unit in found.units[:3]] == pytest.approx([1.0219705, 1.0476020, 1.0679514], abs=1e-6)
    assert found.units[0].prediction_error ** 2 == pytest.approx(0.01346026, abs=1e-7)
    for one, other in zip(found.units, plain.units, strict=True):
        assert (one.score, one.interval, one.separates_above) == (other.score, other.interval, other.separates_above)
    assert sum(unit.prediction_error for unit in found.units) < sum(unit.prediction_error for unit in plain.units)
    assert found.fit_record["inputs_sha256"] != plain.fit_record["inputs_sha256"]


def test_the_effects_of_the_milk_areas_are_weighted_means() -> None:
    """With one column an area, beta is the mean of its scores weighted by 1 / (A + D), its variance 1 / sum of these."""
    y, error, areas = milk()
    fit = fay_herriot(y, error, areas).fit
    weight = 1 / (fit.variances["unit"] + error**2)
    total = areas.T @ weight
    betas, errors = zip(*fit.fixed.values(), strict=True)
    assert betas == pytest.approx(areas.T @ (weight * y) / total)
    assert errors == pytest.approx(1 / np.sqrt(total))


def test_units_that_differ_by_their_columns_alone_are_still_ranked() -> None:
    """A = 0 given the columns: no unit differs from what they say, but they say that units differ."""
    x = np.repeat([0.0, 10.0], 6)
    y = x + np.tile([0.01, -0.01], 6)
    design = np.column_stack([np.ones(12), x])
    found = standing([f"{i}" for i in range(12)], y.tolist(), [0.5] * 12, None, design=design)
    assert found.pairs_that_separate == 36
    assert [warned.key for warned in found.warnings] == ["term_dropped"]
    assert found.units[0].expected_rank is None


def test_a_design_of_ones_is_the_default_and_a_bad_one_is_refused() -> None:
    y, error, areas = milk()
    one, two = fay_herriot(y, error), fay_herriot(y, error, np.ones((43, 1)))
    assert one.fit.objective == two.fit.objective
    units = [f"{i}" for i in range(43)]
    wide, odd = np.eye(43), np.column_stack([np.ones(43), y, 1e9 * y])
    for design in (
        np.ones((42, 1)),
        np.column_stack([areas, np.ones(43)]),
        wide,
        odd,
        np.ones(43),
        areas * np.nan,
        0 * areas,
    ):
        with pytest.raises(InputError) as refused:
            standing(units, y.tolist(), error.tolist(), None, design=design)
        assert refused.value.key == "bad_design"
        assert "43" in refused.value.sentence("en")
        assert "43" in refused.value.sentence("zh-hans")
    with pytest.raises(InputError):
        standing(["one"], [1.0], [0.5], None, design=np.ones((1, 1)))


def test_columns_may_be_measured_in_very_different_units() -> None:
    y, error, areas = milk()
    one, two = fay_herriot(y, error, areas), fay_herriot(y, error, areas * np.array([1e-9, 1, 1e6, 1e9]))
    assert two.fit.variances["unit"] == pytest.approx(one.fit.variances["unit"])
    assert two.shrunken == pytest.approx(one.shrunken)


# Schools of apiclus1 (R package survey) by type and whether all targets were met: how many, and the sum of api00.
API = {
    ("E", "No"): (12, 7156), ("H", "No"): (3, 1978), ("M", "No"): (8, 4851),
    ("E", "Yes"): (132, 86281), ("H", "Yes"): (11, 6682), ("M", "Yes"): (17, 10935),
}  # fmt: skip


def test_raking_of_the_api_schools() -> None:
    """R: svymean(~api00, rake(dclus1, list(~stype, ~sch.wide), list(pop.types, pop.schwide), list(maxit = 200, epsilon = 1e-12))).

    At its default epsilon of 1 survey stops early, at 641.2302. Weights depend on the cell alone, so sums by cell are enough.
    """
    cells = [cell for cell, (n, _) in API.items() for _ in range(n)]
    score = np.array([total / n for n, total in API.values() for _ in range(n)])
    margins = [
        Margin("stype", [stype for stype, _ in cells], {"E": 4421, "H": 755, "M": 1018}),
        Margin("sch.wide", [met for _, met in cells], {"No": 1072, "Yes": 5122}),
    ]
    raked = rake(np.full(183, 33.8469963074), margins)
    assert raked.converged
    assert weighted_mean(score, raked.weights)[0] == pytest.approx(641.230321, abs=1e-6)
