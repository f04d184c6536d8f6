"""How fast honestrank is: a fit from a file, exact REML on a million ratings, moments on ten million, rank sets, Plackett–Luce.

Beside each stands a floor measured in the same run: what DuckDB needs for the plain means of the same ratings, or, for
rank sets and Plackett–Luce, one pass of plain numpy over the same numbers. Run: `PYTHONPATH=src python -m tests.bench.rank_bench`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from honestrank.crossed import fit_crossed
from honestrank.large import fit_moments
from honestrank.plackett import plackett_luce
from honestrank.rankings import Ballots
from honestrank.ranksets import rank_sets
from honestrank.sufficient import Columns, CrossedSums, read_ratings

INSTEVAL = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "insteval.csv"
REPEATS = 3


def best(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """Seconds of the quickest of some runs."""
    found = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return min(found)


def row(name: str, ours: float, reference: float) -> dict[str, Any]:
    return {
        "name": name,
        "ours": round(ours, 3),
        "reference": round(reference, 4),
        "ratio": round(ours / reference, 1),
        "unit": "s",
    }


def simulated(raters: int, units: int, each: int = 10) -> CrossedSums:
    """Grades 1 to 5 with severity and unit effects, as sums in the order a file gives."""
    rng = np.random.default_rng(20100512)
    rater = np.repeat(np.arange(raters), each)
    unit = rng.integers(0, units, len(rater))
    effects = rng.normal(0, 0.4, raters)[rater] + rng.normal(0, 0.5, units)[unit]
    y = np.clip(np.round(3 + effects + rng.normal(0, 1.1, len(rater))), 1, 5) - 3
    order = np.lexsort((unit, rater))
    first = np.flatnonzero(np.diff(rater[order] * units + unit[order], prepend=-1))
    return CrossedSums(
        units=tuple(map(str, range(units))),
        groups=(),
        raters=raters,
        rater=rater[order][first],
        unit=unit[order][first],
        group=np.zeros(len(first), dtype=np.int64),
        n=np.diff(first, append=len(order)),
        total=np.add.reduceat(y[order], first),
        squares=float(y @ y),
        origin=3.0,
        duplicates=0,
    )


def plain_means(sums: CrossedSums) -> float:
    """Seconds DuckDB takes for the mean of each unit, the ratings lying in its memory."""
    connection = duckdb.connect()
    unit, score = sums.unit, sums.total
    connection.execute("CREATE TABLE ratings AS SELECT unnest($1) AS unit, unnest($2) AS score", [unit, score])
    return best(lambda: connection.execute("SELECT unit, avg(score) FROM ratings GROUP BY unit").fetchnumpy())


def measure_insteval() -> dict[str, Any]:
    """`insteval_seconds`: strings to estimates, against reading the file's means by lecturer in DuckDB."""
    columns = Columns("d", "y", rater="s", group=("dept", "service"))

    def fit() -> None:
        sums = read_ratings(INSTEVAL, columns).crossed
        assert sums is not None
        fit_crossed(sums)

    query = f"SELECT d, avg(y) FROM read_csv('{INSTEVAL}') GROUP BY d"
    return row("insteval_seconds", best(fit), best(lambda: duckdb.connect().execute(query).fetchnumpy()))


def measure_reml() -> dict[str, Any]:
    """`reml_1e6_seconds`: a million ratings, 100,000 raters, 2,000 units, exact."""
    sums = simulated(100_000, 2_000)
    return row("reml_1e6_seconds", best(lambda: fit_crossed(sums)), plain_means(sums))


def measure_moments() -> dict[str, Any]:
    """`fit_vs_groupby_1e7`: ten million ratings of 10,000 units."""
    sums = simulated(1_000_000, 10_000)
    return row("fit_vs_groupby_1e7", best(lambda: fit_moments(sums), 1), plain_means(sums))


def measure_rank_sets() -> dict[str, Any]:
    """`ranksets_1000`: 1,000 units and draws, against one subtraction for every pair and draw."""
    rng = np.random.default_rng(2)
    scores, draws = rng.standard_normal(1000), rng.standard_normal((1000, 1000)).astype(np.float32)
    room = np.empty_like(draws)

    def floor() -> None:
        for one in draws:
            np.subtract(draws, one, out=room)

    return row("ranksets_1000", best(lambda: rank_sets(scores, np.ones(1000))), best(floor))


def measure_plackett() -> dict[str, Any]:
    """`plackett_seconds`: 100,000 ballots of ten, against sorting them."""
    rng = np.random.default_rng(0)
    noisy = np.linspace(-1, 1, 10) + rng.gumbel(size=(100_000, 10))
    places = (-noisy).argsort(axis=1).argsort(axis=1) + 1
    ballots = Ballots(tuple(map(str, range(10))), places, np.ones(100_000, dtype=np.int64))
    return row("plackett_seconds", best(lambda: plackett_luce(ballots)), best(lambda: places.argsort(axis=1)))


def measure() -> list[dict[str, Any]]:
    """All rows, one after the other."""
    benches = (measure_insteval, measure_reml, measure_moments, measure_rank_sets, measure_plackett)
    return [bench() for bench in benches]


if __name__ == "__main__":
    for found in measure():
        print(f"{found['name']:22}{found['ours']:>9} s{found['reference']:>10} s{found['ratio']:>8}")
