"""Fixed effects in the crossed model: lme4's figures, generalised least squares written out, dependent columns, the command."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from honestrank.__main__ import main
from honestrank.estimators.crossed import fit_crossed
from honestrank.fits import Fit, Scores
from honestrank.ranks.assembly import Ranking
from honestrank.ranks.fitting import ratings_standing
from honestrank.reading.ratings import read_ratings
from honestrank.sums import Columns, CrossedSums, FixedColumns

# lme4 1.1-31 (R 4.2.2), tolerances of the optimiser set to 1e-12:
#   for (v in c("studage", "lectage")) { x <- factor(InstEval[[v]], ordered = FALSE)
#     contrasts(x) <- contr.treatment(nlevels(x)); InstEval[[v]] <- x }
#   lmer(y ~ 1 + studage + lectage + service + (1|s) + (1|d), InstEval, REML = ...)
LME4 = {
    "ML": (
        (0.32589578, 0.51639120, 1.17620250),
        237563.46084965,
        {
            "studage=4": (0.05175414662, 0.02314436417),
            "studage=6": (0.07196743288, 0.02393640305),
            "studage=8": (0.13577799254, 0.02632824965),
            "lectage=2": (-0.08079285219, 0.01537977400),
            "lectage=3": (-0.11036729419, 0.01672419698),
            "lectage=4": (-0.18918296461, 0.01960540328),
            "lectage=5": (-0.16462731634, 0.02140206187),
            "lectage=6": (-0.24515085760, 0.02047380861),
            "service=1": (-0.07085657768, 0.01336513897),
        },
    ),
    "REML": (
        (0.32619885, 0.51670029, 1.17624874),
        237626.17482740,
        {
            "studage=4": (0.05176620209, 0.02315618740),
            "studage=6": (0.07199134135, 0.02394818618),
            "studage=8": (0.13580090704, 0.02634069916),
            "lectage=2": (-0.08079353165, 0.01538100202),
            "lectage=3": (-0.11037715451, 0.01672560323),
            "lectage=4": (-0.18919080274, 0.01960715888),
            "lectage=5": (-0.16464674270, 0.02140419233),
            "lectage=6": (-0.24517198279, 0.02047642049),
            "service=1": (-0.07084401729, 0.01336668256),
        },
    ),
}


@pytest.mark.parametrize("method", ["ML", "REML"])
def test_insteval_with_fixed_effects_is_lme4s(shared_data: Path, method: str) -> None:
    columns = Columns("d", "y", rater="s", fixed=(("studage",), ("lectage",), ("service",)))
    sums = read_ratings(shared_data / "insteval.csv", columns).crossed
    assert sums is not None
    fit = fit_crossed(sums, method).fit
    deviations, criterion, effects = LME4[method]
    assert [math.sqrt(fit.variances[t]) for t in ("rater", "unit", "residual")] == pytest.approx(deviations, abs=1e-6)
    assert fit.objective == pytest.approx(criterion, abs=1e-5)
    assert list(fit.fixed) == list(effects)
    for name, (effect, error) in effects.items():
        assert fit.fixed[name] == (pytest.approx(effect, abs=1e-6), pytest.approx(error, abs=1e-6))
    assert (fit.fixed_dropped, fit.fixed_in_units) == ((), ())


@dataclass
class Made:
    """One mark a row; the third factor varies between units only."""

    rater: np.ndarray
    unit: np.ndarray
    codes: np.ndarray
    y: np.ndarray

    @classmethod
    def up(cls, seed: int) -> "Made":
        rng = np.random.default_rng(seed)
        rater = np.concatenate([np.full(rng.integers(3, 8), r) for r in range(24)])
        unit = rng.integers(0, 8, len(rater))
        unit[:8] = np.arange(8)
        codes = np.stack([rng.integers(0, 3, len(rater)), rng.integers(0, 2, len(rater)), unit % 2], axis=1)
        y = rng.normal(0, 1, len(rater)) + rng.normal(0, 0.9, 24)[rater] + rng.normal(0, 1.2, 8)[unit]
        y = y + np.array([0, 1.0, -2.0])[codes[:, 0]] + 0.7 * codes[:, 1] + 1.5 * codes[:, 2]
        return cls(rater, unit, codes, y)

    def sums(self, factors: int = 3) -> CrossedSums:
        labels = (("a", "b", "c"), ("x", "y"), ("lo", "hi"))[:factors]
        fixed = FixedColumns(("one", "two", "three")[:factors], labels, self.codes[:, :factors])
        ones, none = np.ones(len(self.y), dtype=np.int64), np.zeros(len(self.y), dtype=np.int64)
        units = tuple(str(i) for i in range(8))
        squares = float(self.y @ self.y)
        return CrossedSums(units, (), 24, self.rater, self.unit, none, ones, self.y, squares, 0.0, 0, fixed)

    def x(self, factors: int = 3) -> np.ndarray:
        columns = [self.codes[:, 0] == 1, self.codes[:, 0] == 2, self.codes[:, 1] == 1, self.codes[:, 2] == 1]
        kept = [np.ones(len(self.y)), *columns[: {1: 2, 2: 3, 3: 4}[factors]]]
        return np.stack(kept, axis=1).astype(float)

    def design(self, codes: np.ndarray) -> np.ndarray:
        return (codes[:, None] == np.arange(codes.max() + 1)).astype(float)

    def covariance(self, variances: dict[str, float]) -> np.ndarray:
        z = {"rater": self.design(self.rater), "unit": self.design(self.unit)}
        random = sum(variances[term] * design @ design.T for term, design in z.items())
        return random + variances["residual"] * np.eye(len(self.y))


def criterion(made: Made, variances: dict[str, float], method: str) -> float:
    """-2 log L from the full covariance matrix, nothing eliminated."""
    v, x = made.covariance(variances), made.x()
    information = x.T @ np.linalg.solve(v, x)
    left = made.y - x @ np.linalg.solve(information, x.T @ np.linalg.solve(v, made.y))
    value = np.linalg.slogdet(v)[1] + left @ np.linalg.solve(v, left)
    n = len(made.y)
    if method == "ML":
        return float(value + n * math.log(2 * math.pi))
    return float(value + np.linalg.slogdet(information)[1] + (n - 5) * math.log(2 * math.pi))


@pytest.mark.parametrize("method", ["REML", "ML"])
@pytest.mark.parametrize("seed", range(3))
def test_minimises_the_criterion_with_effects_of_generalised_least_squares(seed: int, method: str) -> None:
    made = Made.up(seed)
    fit = fit_crossed(made.sums(), method).fit
    assert fit.objective == pytest.approx(criterion(made, fit.variances, method), abs=1e-6)
    for term, variance in fit.variances.items():
        for changed in (variance * 0.95, variance * 1.05 + 1e-4):
            assert criterion(made, fit.variances | {term: changed}, method) > fit.objective - 1e-9
    v, x = made.covariance(fit.variances), made.x()
    spread = np.linalg.inv(x.T @ np.linalg.solve(v, x))
    beta = spread @ x.T @ np.linalg.solve(v, made.y)
    assert list(fit.fixed) == ["one=b", "one=c", "two=y", "three=hi"]
    assert [effect for effect, _ in fit.fixed.values()] == pytest.approx(beta[1:], abs=1e-7)
    assert [error for _, error in fit.fixed.values()] == pytest.approx(np.sqrt(np.diag(spread))[1:], abs=1e-7)
    at_means = x.mean(axis=0)
    assert fit.mean == pytest.approx(at_means @ beta, abs=1e-7)
    assert fit.mean_error == pytest.approx(math.sqrt(at_means @ spread @ at_means), abs=1e-7)


@pytest.mark.parametrize("seed", range(3))
def test_scores_stand_at_the_means_of_what_varies_within_units_and_keep_what_does_not(seed: int) -> None:
    made = Made.up(seed)
    scores = fit_crossed(made.sums())
    assert scores.fit.fixed_in_units == ("three=hi",)
    variances = scores.fit.variances
    inner = made.x()[:, 1:4]
    x = np.column_stack([made.design(made.unit), inner])
    v = made.covariance(variances | {"unit": 0.0})
    spread = np.linalg.inv(x.T @ np.linalg.solve(v, x))
    beta = spread @ x.T @ np.linalg.solve(v, made.y)
    k = np.column_stack([np.eye(8), np.tile(inner.mean(axis=0), (8, 1))])
    assert scores.score == pytest.approx(k @ beta, abs=1e-7)
    assert scores.covariance == pytest.approx(k @ spread @ k.T, abs=1e-7)
    predicted, error = predictions(made, variances)
    assert scores.shrunken == pytest.approx(predicted, abs=1e-6)
    assert scores.posterior == pytest.approx(error, abs=1e-6)


def predictions(made: Made, variances: dict[str, float]) -> tuple[np.ndarray, np.ndarray]:
    """K beta + b and the covariance of its error, by the textbook formula with the full covariance matrix."""
    x, z = made.x(), made.design(made.unit)
    v = made.covariance(variances)
    spread = np.linalg.inv(x.T @ np.linalg.solve(v, x))
    beta = spread @ x.T @ np.linalg.solve(v, made.y)
    k = np.tile(x.mean(axis=0), (8, 1))
    k[:, 4] = np.arange(8) % 2
    g = variances["unit"] * z.T
    b = g @ np.linalg.solve(v, made.y - x @ beta)
    rest = k - g @ np.linalg.solve(v, x)
    error = variances["unit"] * np.eye(8) - g @ np.linalg.solve(v, g.T) + rest @ spread @ rest.T
    return k @ beta + b, error


def test_no_fixed_columns_and_columns_of_one_level_are_the_plain_model() -> None:
    made = Made.up(5)
    plain = CrossedSums(**{**made.sums().__dict__, "fixed": None})
    one_level = FixedColumns(("same",), (("always",),), np.zeros((len(made.y), 1), dtype=np.int64))
    one, two = fit_crossed(plain), fit_crossed(CrossedSums(**{**plain.__dict__, "fixed": one_level}))
    assert two.fit.objective == one.fit.objective
    assert two.score.tolist() == one.score.tolist()
    assert two.fit.fixed_dropped == ("same",)


def test_dependent_columns_are_found_and_named() -> None:
    made = Made.up(6)
    doubled = np.column_stack([made.codes[:, :2], made.codes[:, 0]])
    fixed = FixedColumns(("one", "two", "again"), (("a", "b", "c"), ("x", "y"), ("a", "b", "c")), doubled)
    found = fit_crossed(CrossedSums(**{**made.sums().__dict__, "fixed": fixed})).fit
    without = fit_crossed(made.sums(2)).fit
    assert found.fixed_dropped == ("again=b", "again=c")
    assert found.objective == pytest.approx(without.objective, abs=1e-8)
    assert found.fixed == without.fixed


def test_a_columns_effect_added_to_every_mark_changes_no_score_within() -> None:
    made = Made.up(7)
    moved = Made(made.rater, made.unit, made.codes, made.y + 3.0 * (made.codes[:, 0] == 2))
    one, two = fit_crossed(made.sums()), fit_crossed(moved.sums())
    assert np.diff(two.score) == pytest.approx(np.diff(one.score), abs=1e-5)
    assert two.fit.fixed["one=c"][0] == pytest.approx(one.fit.fixed["one=c"][0] + 3, abs=1e-5)


def text(made: Made, *, raters: bool = True) -> str:
    rows = [
        f"{f'r{r}' if raters else i},u{u},{'abc'[c[0]]},{'xy'[c[1]]},{'lh'[c[2]]},{y:.6f}"
        for i, (r, u, c, y) in enumerate(zip(made.rater, made.unit, made.codes, made.y, strict=True))
    ]
    return "r,u,one,two,three,s\n" + "\n".join(rows) + "\n"


def standing_fit(path: Path, columns: Columns) -> dict[str, object]:
    return ratings_standing(read_ratings(path, columns), Ranking(draws=200, compare_from=10)).fit_record


def test_from_a_file_with_several_factors(csv_file: Callable[..., Path]) -> None:
    made = Made.up(1)
    path = csv_file(text(made))
    record = standing_fit(path, Columns("u", "s", rater="r", fixed=(("one",), ("two",), ("three",))))
    direct: Fit = fit_crossed(made.sums()).fit
    assert record["objective"] == pytest.approx(direct.objective, abs=1e-4)
    assert list(record["fixed"]) == ["one=b", "one=c", "two=y", "three=l"]  # type: ignore[call-overload]
    joined = standing_fit(path, Columns("u", "s", rater="r", fixed=(("one", "two"),)))
    assert list(joined["fixed"]) == [f"one:two={level}" for level in ("a:y", "b:x", "b:y", "c:x", "c:y")]  # type: ignore[call-overload]


def test_without_raters_severity_cannot_be_separated_and_is_said_so(csv_file: Callable[..., Path]) -> None:
    made = Made.up(2)
    path = csv_file(text(made, raters=False))
    records = []
    for rater in (None, "r"):
        found = ratings_standing(
            read_ratings(path, Columns("u", "s", rater=rater, fixed=(("one",),))), Ranking(draws=200, compare_from=1)
        )
        assert [warned.key for warned in found.warnings] == ["severity_unseparated"]
        assert found.fit_record["model"] == "units_alone"
        records.append(found.fit_record["objective"])
    assert records[0] == pytest.approx(records[1], abs=1e-8)
    x = made.x(1)
    variances: dict[str, float] = {**found.fit_record["variances"], "rater": 0.0}
    v = made.covariance(variances)
    beta = np.linalg.solve(x.T @ np.linalg.solve(v, x), x.T @ np.linalg.solve(v, made.y))
    assert [effect for effect, _ in found.fit_record["fixed"].values()] == pytest.approx(beta[1:], abs=1e-4)


def test_the_command_says_what_moves_the_mean(
    csv_file: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(csv_file(text(Made.up(1))))
    asked = [path, "--unit", "u", "--score", "s", "--rater", "r", "--fixed", "one", "--fixed", "three"]
    assert main(asked) == 0
    said = capsys.readouterr().out
    assert "The mean moves with one, three, each against its first level: one=b +" in said
    assert "three=l do not vary within units" in said
    assert main([*asked, "--lang", "zh"]) == 0
    assert "总平均随 one、three 变动" in capsys.readouterr().out
    assert main([path, "--unit", "u", "--score", "s", "--fixed", "nobody"]) == 2
    assert "no column “nobody”" in capsys.readouterr().err
    assert main([path, "--unit", "u", "--score", "s", "--part", "r", "--fixed", "one"]) == 2
    assert "--part and --fixed do not go together" in capsys.readouterr().err


def test_a_unit_seen_at_one_level_only_takes_the_levels_effect_from_the_others() -> None:
    made = Made.up(3)
    made.codes[made.unit == 0, 0] = 2
    scores: Scores = fit_crossed(made.sums(2))
    assert scores.fit.fixed_in_units == ()
    raw = made.y[made.unit == 0].mean()
    expected = raw - scores.fit.fixed["one=c"][0] * (1 - (made.codes[:, 0] == 2).mean())
    assert abs(scores.score[0] - expected) < abs(scores.score[0] - raw)
