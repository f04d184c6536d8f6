"""Ratings made up for benches: grades 1 to 5 with severity and unit effects, ten a rater, sorted by rater."""

from dataclasses import dataclass

import duckdb
import numpy as np
from numpy.typing import NDArray

from honestrank.sums import CrossedSums

AT_ONCE = 10_000_000
EACH = 10


@dataclass(frozen=True)
class Made:
    """Codes of 32 bits and scores, one entry a rating."""

    rater: NDArray[np.int32]
    unit: NDArray[np.int32]
    score: NDArray[np.float64]


def made_ratings(raters: int, units: int) -> Made:
    """The same ratings for the same numbers; made in parts, so that no more memory is needed than they fill."""
    rng, ratings = np.random.default_rng(20100512), raters * EACH
    severity = rng.normal(0, 0.4, raters).astype(np.float32)
    effect = rng.normal(0, 0.5, units).astype(np.float32)
    made = Made(np.empty(ratings, np.int32), np.empty(ratings, np.int32), np.empty(ratings))
    for start in range(0, ratings, AT_ONCE):
        here = slice(start, min(ratings, start + AT_ONCE))
        rater = made.rater[here]
        rater[:] = np.arange(here.start, here.stop) // EACH
        made.unit[here] = rng.integers(0, units, len(rater))
        y = 3 + severity[rater] + effect[made.unit[here]] + 1.1 * rng.standard_normal(len(rater), dtype=np.float32)
        made.score[here] = np.clip(np.round(y), 1, 5)
    return made


def keep(connection: duckdb.DuckDBPyConnection, made: Made) -> None:
    """Put units and scores into the table `ratings` of a database in memory."""
    connection.register("made", {"unit": made.unit, "score": made.score})
    connection.execute("CREATE TABLE ratings AS SELECT unit, score FROM made")
    connection.unregister("made")


def as_sums(made: Made) -> CrossedSums:
    """The same as sums over rater and unit, as a file gives them."""
    units = int(made.unit.max()) + 1
    order = np.argsort(made.rater.astype(np.int64) * units + made.unit, kind="stable")
    rater, unit, y = made.rater[order].astype(np.int64), made.unit[order].astype(np.int64), made.score[order] - 3
    first = np.flatnonzero(np.diff(rater * units + unit, prepend=-1))
    return CrossedSums(
        units=tuple(map(str, range(units))),
        groups=(),
        raters=int(rater[-1]) + 1,
        rater=rater[first],
        unit=unit[first],
        group=np.zeros(len(first), dtype=np.int64),
        n=np.diff(first, append=len(order)),
        total=np.add.reduceat(y, first),
        squares=float(y @ y),
        origin=3.0,
        duplicates=0,
    )


def many_units(raters: int = 610, units: int = 9_724, marks: int = 100_836) -> CrossedSums:
    """Sums of the shape of MovieLens' small file (GroupLens): half stars, few busy raters, most units with few marks."""
    rng = np.random.default_rng(20100512)
    busy, asked = rng.pareto(1.0, raters) + 0.2, rng.pareto(0.9, units) + 0.05
    seen = np.zeros(raters * units, dtype=bool)
    seen[rng.integers(0, raters, units) * units + np.arange(units)] = True
    seen[np.arange(raters) * units + rng.integers(0, units, raters)] = True
    while (left := marks - int(seen.sum())) > 0:
        rater, unit = rng.choice(raters, left, p=busy / busy.sum()), rng.choice(units, left, p=asked / asked.sum())
        seen[rater * units + unit] = True
    rater, unit = np.divmod(np.flatnonzero(seen), units)
    y = 3.5 + rng.normal(0, 0.45, raters)[rater] + rng.normal(0, 0.5, units)[unit] + rng.normal(0, 0.9, len(rater))
    y = np.clip(np.round(2 * y) / 2, 0.5, 5) - 3
    nothing, ones = np.zeros(len(y), dtype=np.int64), np.ones(len(y), dtype=np.int64)
    names = tuple(map(str, range(units)))
    return CrossedSums(names, (), raters, rater, unit, nothing, ones, y, float(y @ y), 3.0, 0)
