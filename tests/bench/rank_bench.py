"""How fast honestrank is. Beside every row stands what it is measured against, in the same run.

Rows `…_vs_lme4`, `…_vs_glmm`, `…_vs_mixedlm`, `…_vs_choix`: `ratio` says how many times the rival's time is ours (rivals: `make
bench-rivals`). The others: `ratio` is ours over the reference, what DuckDB needs for the plain means of the same
ratings, or what the row's function says. Run alone: `.venv/bin/python -m tests.bench.rank_bench [NAME …]`.
"""

from __future__ import annotations

import itertools
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from scipy.stats import studentized_range
from tests.bench import rivals
from tests.bench.made_ratings import Made, as_sums, keep, made_ratings, many_units

from honestrank.estimators.crossed import estimate_crossed, fit_crossed
from honestrank.estimators.large import fit_moments
from honestrank.estimators.noise import noise_of_errors
from honestrank.linear.sorted_ratings import sort_ratings
from honestrank.ranked.plackett import plackett_luce
from honestrank.ranks.ranksets import rank_sets
from honestrank.ranks.studentised import range_critical
from honestrank.ranks.welch import welch_sets
from honestrank.reading.ratings import read_ratings
from honestrank.sums import Ballots, Columns

INSTEVAL = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "insteval.csv"
FORMULA = "y ~ 1 + (1|s) + (1|d) + (1|dept:service)"
REPEATS = 5
HUGE = 100_000_000
Row = dict[str, Any]


RIVALS = (("lme4", rivals.lme4_seconds), ("glmm", rivals.glmm_seconds), ("mixedlm", rivals.mixedlm_seconds))


def best(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """Seconds of the quickest of some runs, after one that is not counted."""
    found = []
    for _ in range(repeats + 1):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return min(found[1:])


def row(name: str, ours: float, reference: float, *, unit: str = "s") -> Row:
    """A row whose ratio is ours over the reference."""
    return {
        "name": name,
        "ours": round(ours, 4),
        "reference": round(reference, 4),
        "ratio": round(ours / reference, 2),
        "unit": unit,
    }


def against(name: str, ours: float, rival: float | None) -> Iterator[Row]:
    """A row whose ratio says how many times the rival takes as long; nothing, said in words, when it is not installed."""
    if rival is None:
        print(f"{name} is not measured: its rival is not installed.")
    else:
        yield {
            "name": name,
            "ours": round(ours, 4),
            "reference": round(rival, 3),
            "ratio": round(rival / ours, 1),
            "unit": "s",
        }


def plain_means(made: Made) -> float:
    """Seconds DuckDB takes for the mean of each unit, the ratings lying in its memory."""
    connection = duckdb.connect()
    keep(connection, made)
    return best(lambda: connection.execute("SELECT unit, avg(score) FROM ratings GROUP BY unit").fetchnumpy())


def measure_insteval() -> Iterator[Row]:
    """From the file's strings to REML estimates: variances, mean, units' predictions, as the rivals give them."""
    if not INSTEVAL.exists():
        print(
            f"InstEval is not measured: put the ratings of lme4's InstEval at {INSTEVAL} (columns s, d, dept, service, y)."
        )
        return
    columns = Columns("d", "y", rater="s", group=("dept", "service"))

    def fit() -> None:
        sums = read_ratings(INSTEVAL, columns).crossed
        assert sums is not None
        estimate_crossed(sums)

    query = f"SELECT d, avg(y) FROM read_csv('{INSTEVAL}') GROUP BY d"
    ours = best(fit)
    yield row("insteval_seconds", ours, best(lambda: duckdb.connect().execute(query).fetchnumpy()))
    for rival, seconds in RIVALS:
        took = seconds(INSTEVAL, FORMULA, 3)
        yield from against(f"insteval_vs_{rival}", ours, took and took.whole)


def measure_reml() -> Iterator[Row]:
    """A million ratings, 100,000 raters, 2,000 units, exact: from arrays (rivals: from their frame), then from the file."""
    made = made_ratings(100_000, 2_000)
    ours = best(lambda: estimate_crossed(as_sums(made)), 3)
    yield row("reml_1e6_seconds", ours, plain_means(made))
    if not rivals.any_installed():
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "ratings.csv")
        with path.open("w", encoding="utf-8") as stream:
            stream.write("r,u,y\n")
            np.savetxt(stream, np.column_stack([made.rater, made.unit, made.score]), fmt="%d", delimiter=",")
        columns = Columns("u", "y", rater="r")

        def from_file() -> None:
            read = read_ratings(path, columns).crossed
            assert read is not None
            estimate_crossed(read)

        whole, formula = best(from_file, 2), "y ~ 1 + (1|r) + (1|u)"
        for rival, took in (
            ("glmm", rivals.glmm_seconds(path, formula, 1)),
            ("lme4", rivals.lme4_seconds(path, formula, 1)),
        ):
            yield from against(f"reml_1e6_vs_{rival}", ours, took and took.fit)
            yield from against(f"reml_1e6_file_vs_{rival}", whole, took and took.whole)


def measure_larger_side() -> Iterator[Row]:
    """100,000 ratings of 9,724 units by 610 raters (the shape of MovieLens' small file), exact: all scores with their errors."""
    sums = many_units()
    made = Made(sums.rater.astype(np.int32), sums.unit.astype(np.int32), sums.total + sums.origin)
    ours = best(lambda: fit_crossed(sums))
    yield row("many_units_seconds", ours, plain_means(made))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "ratings.csv")
        with path.open("w", encoding="utf-8") as stream:
            stream.write("r,u,y\n")
            np.savetxt(stream, np.column_stack([made.rater, made.unit, made.score]), fmt="%g", delimiter=",")
        for rival, seconds in RIVALS:
            took = seconds(path, "y ~ 1 + (1|r) + (1|u)", 1)
            yield from against(f"many_units_vs_{rival}", ours, took and took.fit)


def measure_tables() -> Iterator[Row]:
    """Critical values for a number of units not met before, against the same from scipy for one number of degrees of freedom."""
    units = itertools.count(50)
    ours = best(lambda: range_critical(next(units), np.array([12.0]), 0.95))
    yield row("critical_table", ours, best(lambda: studentized_range.ppf(0.95, next(units), 12.0), 2))


def measure_start() -> Iterator[Row]:
    """Importing, the help, and 1,000 marks from file to answer, against Python that starts and does nothing."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "marks.csv")
        path.write_text(
            "r,u,s\n" + "".join(f"{i % 50},{i * 7 % 40},{i * i % 11}\n" for i in range(1000)), encoding="utf-8"
        )
        marks = ["-m", "honestrank", str(path), "--unit", "u", "--score", "s"]
        nothing = best(lambda: _started(["-c", "pass"]))
        for name, words in (
            ("start_import", ["-c", "import honestrank"]),
            ("start_help", ["-m", "honestrank", "--help"]),
            ("start_1000_marks", marks),
            ("start_1000_by_rater", [*marks, "--rater", "r"]),
        ):
            yield row(name, best(partial(_started, words)), nothing)


def _started(words: list[str]) -> None:
    subprocess.run([sys.executable, *words], check=True, stdout=subprocess.DEVNULL)


def measure_moments() -> Iterator[Row]:
    """Ten million ratings of 10,000 units, from arrays sorted by rater to variances and scores."""
    made = made_ratings(1_000_000, 10_000)
    ours = best(lambda: fit_moments(sort_ratings(made.rater, made.unit, made.score, units=10_000)))
    yield row("fit_vs_groupby_1e7", ours, plain_means(made))


def measure_huge() -> Iterator[Row]:
    """A hundred million ratings of 10,000 units: from arrays in memory, and the whole command from Parquet; peak memory."""
    for name, kind in (("fit_1e8", "arrays"), ("command_1e8", "command")):
        found = rivals.alone(kind, HUGE)
        if found is None:
            continue
        yield row(f"{name}_seconds", found.seconds, found.reference)
        yield row(f"{name}_gigabytes", found.gigabytes, 5.0, unit="GB")


def measure_rank_sets() -> Iterator[Row]:
    """1,000 units and draws, against one subtraction for every pair and draw."""
    rng = np.random.default_rng(2)
    scores, draws = rng.standard_normal(1000), rng.standard_normal((1000, 1000)).astype(np.float32)
    room = np.empty_like(draws)

    def floor() -> None:
        for one in draws:
            np.subtract(draws, one, out=room)

    yield row("ranksets_1000", best(lambda: rank_sets(scores, np.ones(1000), draws=1000)), best(floor, 2))


def measure_marginal() -> Iterator[Row]:
    """All sets of 500 and 2,000 units with a noise of their own, against reading one critical value for every pair."""
    for units in (500, 2_000):
        rng = np.random.default_rng(units)
        scores, errors, counts = rng.normal(0, 2, units), rng.uniform(0.5, 1, units), rng.integers(13, 90, units)
        noise, pairs = noise_of_errors(scores, errors, counts), rng.uniform(12, 90, (units, units))
        ours = best(lambda: welch_sets(scores, noise.variance, noise, level=0.95), 3)  # noqa: B023
        yield row(f"welch_sets_{units}", ours, best(lambda: range_critical(units, pairs, 0.95), 3))  # noqa: B023


def measure_plackett() -> Iterator[Row]:
    """100,000 ballots of ten, against sorting them and against choix (iterated spectral ranking)."""
    rng = np.random.default_rng(0)
    order = (-(np.linspace(-1, 1, 10) + rng.gumbel(size=(100_000, 10)))).argsort(axis=1)
    places = order.argsort(axis=1) + 1
    ballots = Ballots(tuple(map(str, range(10))), places, np.ones(100_000, dtype=np.int64))
    ours = best(lambda: plackett_luce(ballots))
    yield row("plackett_seconds", ours, best(lambda: places.argsort(axis=1)))
    yield from against("plackett_vs_choix", ours, rivals.choix_seconds(order))


# The last one fills the memory and would disturb those after it.
BENCHES = (
    measure_start,
    measure_tables,
    measure_insteval,
    measure_reml,
    measure_larger_side,
    measure_moments,
    measure_rank_sets,
    measure_marginal,
    measure_plackett,
    measure_huge,
)


def measure(asked: tuple[str, ...] = ()) -> Iterator[Row]:
    """All rows, one after the other, or those of the benches named."""
    for absent in rivals.absent():
        print(absent)
    for bench in BENCHES:
        if not asked or bench.__name__.removeprefix("measure_") in asked:
            yield from bench()


if __name__ == "__main__":
    for found in measure(tuple(sys.argv[1:])):
        print(
            f"{found['name']:24}{found['ours']:>10}{found['reference']:>12} {found['unit']}{found['ratio']:>9}",
            flush=True,
        )
