"""Puts the answer together around fitted scores: rank sets, intervals, chances, warnings by key, the fit record.

Fits nothing itself; words, pages and files are made elsewhere.
"""

import json
import math
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from honestrank.defaults import SEED, WAYS, Way
from honestrank.fits import BEYOND_COLUMNS, Noise, Scores, Warned
from honestrank.given import check_level, check_whole, numbers
from honestrank.linear.factored import of_some, variances
from honestrank.linear.tails import normal_beyond, student_beyond
from honestrank.ranks.chances import Chances, posterior_chances
from honestrank.ranks.ranksets import RankSets, check_draws, quota_statement, rank_sets, undivided
from honestrank.ranks.welch import price_in_width, welch_sets
from honestrank.words.wording import InputError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

# Significant digits of everything written. Machines differ in the last of a double's sixteen (sums in another order,
# another library); ten are the same everywhere but for figures on the edge of rounding.
DIGITS = 10

# All pairs of more units are not compared: their matrices would take 200 MB each, and nobody reads 12.5 million
# pairs.
MOST_COMPARED = 5_000

ENGINE_VERSION = "1"


@dataclass(frozen=True)
class UnitStanding:
    """What is said about one unit. Ranks are None for a unit that is shown but not compared, n where it is not known.

    `interval`: level-confidence interval of `score`. `rank_low`..`rank_high`: simultaneous rank set;
    `marginal_*`: the set for this unit alone. `expected_rank`, `top_chance`: model-based. `reliability`: n / (n + lambda),
    lambda the noise over the variance between units. `why_not_compared`: "too_few" marks or "too_many" units.
    `prediction_error`: of mean and unit effect together; `conditional_error`: of the unit effect alone, given the mean, the
    fixed effects and the variances (lme4's conditional standard deviation). `distribution`: (mark, how many), from the
    worst mark to the best, where the marks are known and few different ones are given. `rank_error`: the standard error that
    rank sets go by, at `rank_freedom` degrees of freedom (None: known from elsewhere). `why_no_interval`: "no_noise" where no
    mark shows how far another set of raters would differ; the ends of the interval and the errors are then not a number.
    """

    unit: str
    n: int | None
    raw_mean: float
    score: float
    standard_error: float
    shrunken: float
    prediction_error: float
    interval: tuple[float, float]
    compared: bool
    rank_low: int | None
    rank_high: int | None
    marginal_low: int | None
    marginal_high: int | None
    separates_above: tuple[str, ...]
    indistinguishable_from: tuple[str, ...]
    quota: Literal["in", "out", "open"] | None
    expected_rank: float | None
    top_chance: float | None
    reliability: float | None = None
    why_not_compared: str | None = None
    conditional_error: float | None = None
    distribution: tuple[tuple[float, int], ...] | None = None
    rank_error: float | None = None
    rank_freedom: float | None = None
    why_no_interval: str | None = None


@dataclass(frozen=True)
class Standing:
    """The whole answer. Units keep the order they were given in; only the separation relation orders them."""

    units: tuple[UnitStanding, ...]
    level: float
    compared: int
    pairs: int
    pairs_that_separate: int
    median_width: float
    quota: int | None
    warnings: tuple[Warned, ...]
    fit_record: dict[str, Any]

    def as_dict(self, *, pairs: bool = True) -> dict[str, Any]:
        """Plain lists, numbers and texts; floats rounded to 10 significant digits, infinities as None.

        Without `pairs`, `indistinguishable_from` is left out: it follows from `separates_above` of all units.
        """
        plain = {field.name: getattr(self, field.name) for field in fields(self)}
        plain["units"] = [_row(unit, pairs) for unit in self.units]
        plain["warnings"] = [asdict(warned) for warned in self.warnings]
        return {name: value if name == "units" else _plain(value) for name, value in plain.items()}

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> "Standing":
        """Reads what `as_dict` wrote with its pairs; the numbers are those written, so writing it again gives an equal dictionary.

        Raises KeyError or TypeError for anything else.
        """
        units = tuple(
            UnitStanding(**{name: _read_back(name, value) for name, value in row.items()}) for row in plain["units"]
        )
        warnings = tuple(
            Warned(row["key"], {name: _fixed(value) for name, value in row["values"].items()})
            for row in plain["warnings"]
        )
        return cls(**{**plain, "units": units, "warnings": warnings})

    def as_written(self) -> "Standing":
        """This answer to the digits that `as_dict` writes, as it is read back."""
        return Standing.from_dict(self.as_dict())

    def to_json(self) -> str:
        """The answer as JSON text that ends with a line feed: equal bytes for equal input on one platform."""
        return json.dumps(self.as_dict(), ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False) + "\n"


@dataclass(frozen=True)
class Ranking:
    """How to compare: confidence level, seed, draws (None: by the number of units), least n compared, quota.

    `noise`: what each unit's noise is taken to be; `grades`: the marks a rater may give, where they are declared.
    """

    level: float = 0.95
    seed: int = SEED
    draws: int | None = None
    compare_from: int = 13
    quota: int | None = None
    noise: Way = "own_or_pooled"
    grades: tuple[float, ...] = ()


@dataclass(frozen=True)
class Sample:
    """The units, how many marks each has (None: not known), their raw means, and the SHA-256 of the inputs."""

    units: tuple[str, ...]
    counts: Integers | None
    raw_means: Floats
    sha256: str


def assemble(
    sample: Sample,
    fitted: Scores,
    ranking: Ranking,
    *,
    noise: Noise | None = None,
    comparable: Booleans | None = None,
    nothing_separates: bool = False,
    warnings: Sequence[Warned] = (),
) -> Standing:
    """Rank sets, intervals, chances and the fit record around fitted scores, whichever model fitted them.

    `noise`: what is known of each unit's own noise; without it the covariance is taken as known. `comparable` as in
    `rank_sets`, for all units of the sample. `nothing_separates`: nothing is known about the noise.
    All pairs of more than 5,000 units are not compared: they are shown without ranks.
    Raises InputError for a quota that does not fit the number of units compared.
    """
    check_ranking(ranking)
    everyone = np.arange(len(sample.units))
    chosen = everyone if sample.counts is None else everyone[sample.counts >= ranking.compare_from]
    warnings = [*warnings, *_warnings(fitted, len(sample.units), len(chosen), ranking)]
    rows = _alone(sample, fitted, ranking, noise)
    for place in set(everyone.tolist()) - set(chosen.tolist()):
        rows[place]["why_not_compared"] = "too_few"
    if len(chosen) > MOST_COMPARED:
        for place in chosen.tolist():
            rows[place]["why_not_compared"] = "too_many"
        warnings.append(Warned("too_many_to_compare", {"count": len(chosen), "most": MOST_COMPARED}))
        chosen = chosen[:0]
    nothing_separates |= "unit" in fitted.fit.dropped
    sets = _rank(fitted, chosen, ranking, noise, comparable, nothing_separates)
    widths = sets.high - sets.low + 1 if sets else np.zeros(1)
    return Standing(
        units=_compared(rows, chosen, sets, _chances(fitted, chosen, ranking), ranking),
        level=ranking.level,
        compared=len(chosen),
        pairs=len(chosen) * (len(chosen) - 1) // 2,
        pairs_that_separate=sets.separate if sets else 0,
        median_width=float(np.median(widths)),
        quota=ranking.quota,
        warnings=tuple(warnings),
        fit_record=_fit_record(fitted, sets, ranking, sample.sha256)
        | {"noise": _noise_record(fitted, chosen, ranking, noise)},
    )


def without_errors(found: Standing, reach: Floats | None = None) -> Standing:
    """The same where marks tell nothing of the noise: no errors, and no interval but what `reach` about each score allows."""
    far = np.zeros(len(found.units)) if reach is None else reach
    unknown: dict[str, Any] = dict.fromkeys(("standard_error", "prediction_error"), math.nan)
    unknown |= dict.fromkeys(("reliability", "conditional_error", "expected_rank", "top_chance", "rank_error"))
    unknown["rank_freedom"] = None
    units = tuple(
        replace(
            row,
            **unknown,
            interval=(row.score - some, row.score + some) if some > 0 else (math.nan, math.nan),
            why_no_interval=None if some > 0 else "no_noise",
        )
        for row, some in zip(found.units, far.tolist(), strict=True)
    )
    record = found.fit_record | {"noise": {"way": "unknown"}, "mean_error": found.fit_record["mean_error"] or math.nan}
    return replace(found, units=units, fit_record=record)


def check_ranking(ranking: Ranking) -> None:
    """Raise InputError for a way to compare that cannot be meant.

    A level outside 0 and 1, fewer draws than the level needs to be seen in them, a seed below zero, a least number below
    zero, grades that are no numbers, and a part of a number where whole ones count.
    """
    check_level(ranking.level)
    for name in ("compare_from", "quota"):
        check_whole(name, getattr(ranking, name))
    check_draws(ranking.draws, ranking.level, ranking.seed)
    if ranking.compare_from < 0:
        raise InputError("least_negative", least=ranking.compare_from)
    if ranking.noise not in WAYS:
        raise InputError("bad_noise", value=ranking.noise)
    if not all(math.isfinite(grade) for grade in ranking.grades):
        raise InputError("grade_not_finite")


def grades_given(grades: Sequence[float]) -> tuple[float, ...]:
    """Declared grades as numbers, each once. Raises InputError for what is no list of them."""
    return tuple(dict.fromkeys(numbers(grades, "grades").tolist()))


def _rank(
    fitted: Scores,
    chosen: Integers,
    ranking: Ranking,
    noise: Noise | None,
    comparable: Booleans | None,
    nothing_separates: bool,
) -> RankSets | None:
    if len(chosen) == 0:
        return None
    if nothing_separates:
        return undivided(len(chosen), ranking.level)
    among = None if comparable is None else comparable[np.ix_(chosen, chosen)]
    if noise is not None:
        kept, covariance = noise.of(chosen), _covariance(fitted, noise, chosen)
        return welch_sets(fitted.score[chosen], covariance, kept, level=ranking.level, comparable=among)
    return rank_sets(
        fitted.score[chosen],
        of_some(fitted.covariance, chosen),
        level=ranking.level,
        draws=ranking.draws,
        seed=ranking.seed,
        comparable=among,
    )


def _covariance(fitted: Scores, noise: Noise, chosen: Integers) -> Floats:
    """What ranks go by: independent scores have their units' own variances, others their covariance and what is beyond it."""
    if noise.pooled is not None:
        return noise.variance[chosen]
    found = of_some(fitted.covariance, chosen)
    return found + (noise.extra[chosen] if found.ndim == 1 else np.diag(noise.extra[chosen]))


def _rank_variances(fitted: Scores, noise: Noise | None) -> Floats:
    """The diagonal of what ranks go by."""
    if noise is None:
        return variances(fitted.covariance)
    return noise.variance if noise.pooled is not None else variances(fitted.covariance) + noise.extra


def _noise_record(fitted: Scores, chosen: Integers, ranking: Ranking, noise: Noise | None) -> dict[str, Any]:
    """The way noise was taken, the test that it is one for all, and what the way costs in width."""
    if noise is None:
        return {"way": "known"}
    record: dict[str, Any] = {"way": noise.way, "grades": list(ranking.grades)}
    record["equal_noise"] = None if noise.equal is None else asdict(noise.equal)
    if len(chosen) > 1 and len(chosen) <= MOST_COMPARED:
        kept = noise.of(chosen)
        pooled = of_some(fitted.covariance, chosen) if kept.pooled is None else kept.pooled
        covariance = _covariance(fitted, noise, chosen)
        record["price_in_width"] = price_in_width(covariance, kept, pooled, ranking.level)
    return record


def _chances(fitted: Scores, chosen: Integers, ranking: Ranking) -> Chances | None:
    if len(chosen) == 0 or {"unit", BEYOND_COLUMNS} & set(fitted.fit.dropped):
        return None
    posterior = of_some(fitted.posterior, chosen)
    return posterior_chances(fitted.shrunken[chosen], posterior, places=ranking.quota, seed=ranking.seed)


def _warnings(fitted: Scores, units: int, compared: int, ranking: Ranking) -> list[Warned]:
    found = []
    if units == 1:
        found.append(Warned("single_unit", {}))
    elif "unit" in fitted.fit.dropped and compared > 1:
        found.append(Warned("no_difference", {"units": compared}))
    found += [Warned("term_dropped", {"term": term}) for term in fitted.fit.dropped if term != "unit"]
    if not fitted.fit.converged:
        found.append(Warned("not_converged", {}))
    if compared < units:
        found.append(Warned("too_few_to_compare", {"count": units - compared, "least": ranking.compare_from}))
    return found


def _intervals(fitted: Scores, level: float, noise: Noise | None) -> tuple[Floats, Floats, Floats]:
    """Per unit the standard error of its score, and the ends of its interval (normal, or Student's t)."""
    tail = (1 - level) / 2
    if noise is None:
        own = variances(fitted.covariance)
        error, half = np.sqrt(own), np.sqrt(own) * normal_beyond(tail)
        return error, fitted.score - half, fitted.score + half
    if noise.interval is not None:
        centre, error, freedom = noise.interval
    else:
        centre, error = fitted.score, noise.error
        # Only the part that was estimated from the unit's own marks has few degrees of freedom.
        freedom = noise.freedom * np.maximum(1.0, (error**2 / np.maximum(noise.variance, 1e-300)) ** 2)
    half = error * student_beyond(np.maximum(freedom, 1.0), tail)
    return noise.error, np.minimum(centre - half, fitted.score), np.maximum(centre + half, fitted.score)


def _reliability(sample: Sample, fitted: Scores) -> Floats | None:
    """n / (n + lambda); for means with errors the variance between units over that and the error's."""
    between, residual = fitted.fit.variances.get("unit", 0.0), fitted.fit.variances.get("residual")
    if between <= 0:
        return None
    if residual is not None and sample.counts is not None:
        return np.asarray(sample.counts / (sample.counts + residual / between), dtype=np.float64)
    own = variances(fitted.covariance)
    return np.asarray(between / (between + own), dtype=np.float64)


def _alone(sample: Sample, fitted: Scores, ranking: Ranking, noise: Noise | None) -> list[dict[str, Any]]:
    """What is said of each unit by itself. No mean of declared grades lies beyond them, so no interval does."""
    error, low, high = _intervals(fitted, ranking.level, noise)
    if ranking.grades:
        low = np.minimum(np.maximum(low, min(ranking.grades)), fitted.score)
        high = np.maximum(np.minimum(high, max(ranking.grades)), fitted.score)
    reliable, compared_by = _reliability(sample, fitted), np.sqrt(np.maximum(0.0, _rank_variances(fitted, noise)))
    return [
        {
            "unit": unit,
            "n": None if sample.counts is None else int(sample.counts[i]),
            "raw_mean": float(sample.raw_means[i]),
            "score": float(fitted.score[i]),
            "standard_error": float(error[i]),
            "shrunken": float(fitted.shrunken[i]),
            "prediction_error": float(fitted.prediction_error[i]),
            "interval": (float(low[i]), float(high[i])),
            "reliability": None if reliable is None else float(reliable[i]),
            "rank_error": float(compared_by[i]),
            "rank_freedom": None if noise is None else float(noise.freedom[i]),
            "conditional_error": None if fitted.conditional_error is None else float(fitted.conditional_error[i]),
        }
        for i, unit in enumerate(sample.units)
    ]


def _compared(
    rows: Sequence[dict[str, Any]], chosen: Integers, sets: RankSets | None, chances: Chances | None, ranking: Ranking
) -> tuple[UnitStanding, ...]:
    nothing = dict.fromkeys(("rank_low", "rank_high", "marginal_low", "marginal_high", "quota"))
    nothing |= dict.fromkeys(("expected_rank", "top_chance"))
    said = [{**row, **nothing, "compared": False, "separates_above": (), "indistinguishable_from": ()} for row in rows]
    if sets is not None:
        names = np.array([row["unit"] for row in rows], dtype=object)[chosen]
        statement = quota_statement(sets, ranking.quota) if ranking.quota is not None else [None] * len(chosen)
        for place, i in enumerate(chosen.tolist()):
            said[i] |= {
                "compared": True,
                "rank_low": int(sets.low[place]),
                "rank_high": int(sets.high[place]),
                "marginal_low": int(sets.marginal_low[place]),
                "marginal_high": int(sets.marginal_high[place]),
                "separates_above": tuple(names[sets.above[place]].tolist()),
                "indistinguishable_from": tuple(names[sets.indistinguishable_from(place)].tolist()),
                "quota": statement[place],
                "expected_rank": None if chances is None else float(chances.expected_rank[place]),
                "top_chance": None if chances is None or chances.top is None else float(chances.top[place]),
            }
    return tuple(UnitStanding(**row) for row in said)


def _fit_record(fitted: Scores, sets: RankSets | None, ranking: Ranking, sha256: str) -> dict[str, Any]:
    record: dict[str, Any] = asdict(fitted.fit)
    record["seed"] = ranking.seed
    record["compare_from"] = ranking.compare_from
    record["draws"] = sets.draws if sets else 0
    record["critical_value"] = sets.critical_value if sets else None
    record["rank_steps"] = sets.steps if sets else 0
    record["inputs_sha256"] = sha256
    record["versions"] = {
        "honestrank": ENGINE_VERSION,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": _installed("scipy"),
        "duckdb": _installed("duckdb"),
    }
    return record


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _row(unit: UnitStanding, pairs: bool) -> dict[str, Any]:
    others = {"separates_above": list(unit.separates_above)}
    if pairs:
        others["indistinguishable_from"] = list(unit.indistinguishable_from)
    names = [field.name for field in fields(unit) if field.name not in ("separates_above", "indistinguishable_from")]
    return {name: _plain(getattr(unit, name)) for name in names} | others


def _fixed(value: Any) -> Any:
    return tuple(_fixed(item) for item in value) if isinstance(value, list) else value


def _read_back(name: str, value: Any) -> Any:
    """What `_plain` wrote of a unit: numbers that were none are none again."""
    if name == "interval":
        return tuple(math.nan if end is None else end for end in value)
    return math.nan if value is None and name in ("standard_error", "prediction_error") else _fixed(value)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        # Zero is added because no database keeps a minus zero: what was kept and read back must write the same files.
        return float(f"{value:.{DIGITS}g}") + 0.0 if math.isfinite(value) else None
    return value
