"""How wide our rank sets are beside Holm's and Bonferroni's on the same data: the table of docs/methods/rank-sets.md.

`python -m tests.honestrank.widths` prints its rows; `test_widths` holds the page to them.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, stdtr

from honestrank.estimators.noise import noise_of_errors
from honestrank.ranks.ranksets import RankSets, rank_sets
from honestrank.ranks.welch import welch_sets

Floats = NDArray[np.float64]
DATA = Path(__file__).parents[2].parent / "shared" / "data"


@dataclass(frozen=True)
class Width:
    """Pairs that separate and the median number of places in a set, by ours, Holm's and Bonferroni's."""

    name: str
    units: int
    pairs: tuple[int, int, int]
    median: tuple[float, float, float]

    def row(self) -> str:
        """The row of the page."""
        cells = [f"{pairs} / {median:g}" for pairs, median in zip(self.pairs, self.median, strict=True)]
        return f"| {self.name} | {self.units} | {' | '.join(cells)} |"


def rejected(p: Floats, level: float, *, stepped: bool) -> NDArray[np.bool_]:
    """Of the ordered hypotheses "i is not above j" those that Holm (stepped) or Bonferroni rejects."""
    units = len(p)
    off = ~np.eye(units, dtype=bool)
    flat = p[off]
    order = np.argsort(flat, kind="stable")
    bound = (1 - level) / (len(flat) - np.arange(len(flat)) if stepped else np.full(len(flat), len(flat)))
    passed = flat[order] <= bound
    last = len(flat) if passed.all() else int(np.argmin(passed))
    found = np.zeros(len(flat), dtype=bool)
    found[order[: last if stepped else int(passed.sum())]] = True
    above = np.zeros((units, units), dtype=bool)
    above[off] = found
    return above


def beside(name: str, sets: RankSets, p: Floats, level: float = 0.95) -> Width:
    """Our sets beside those that p-values of the ordered hypotheses give."""
    tables = [sets.above, rejected(p, level, stepped=True), rejected(p, level, stepped=False)]
    widths = [float(np.median(len(p) - above.sum(axis=0) - above.sum(axis=1))) for above in tables]
    pairs = [int(above.sum()) for above in tables]
    return Width(name, len(p), (pairs[0], pairs[1], pairs[2]), (widths[0], widths[1], widths[2]))


def of_known(name: str, scores: Floats, errors: Floats) -> Width:
    """Errors known from elsewhere: simulated sets beside normal p-values."""
    spread = np.sqrt(errors[:, None] ** 2 + errors**2)
    return beside(name, rank_sets(scores, errors**2), ndtr(-(scores[:, None] - scores) / spread))


def of_estimated(name: str, scores: Floats, errors: Floats, counts: NDArray[np.int64]) -> Width:
    """Errors estimated from marks: the sets of files and of the product beside p-values of Welch's t with the same noise."""
    noise = noise_of_errors(scores, errors, counts)
    squared = noise.variance[:, None] + noise.variance
    own = noise.variance**2 / noise.freedom
    t = (scores[:, None] - scores) / np.sqrt(squared)
    p = stdtr(squared**2 / (own[:, None] + own), -t)
    return beside(name, welch_sets(scores, noise.variance, noise, level=0.95), p)


def made(units: int, spread: float, least: int, most: int, seed: int) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Means, standard errors and numbers of marks with a noise of one, true scores of this spread in standard errors."""
    rng = np.random.default_rng(seed)
    counts = rng.integers(least, most + 1, units)
    true = rng.normal(0, spread / np.sqrt(counts.mean()), units)
    errors = np.sqrt(rng.chisquare(counts - 1) / (counts - 1) / counts)
    return true + rng.normal(0, 1, units) / np.sqrt(counts), errors, counts


def rows() -> Iterator[Width]:
    """Every row of the page, the PISA ones where the data lies."""
    if (DATA / "pisa2018.csv").exists():
        with (DATA / "pisa2018.csv").open(encoding="utf-8", newline="") as stream:
            table = list(csv.DictReader(stream))
        for subject, column in (("mathematics", "math"), ("reading", "reading"), ("science", "science")):
            known = [row for row in table if row[f"{column}_score"] != "NA"]
            scores = np.array([float(row[f"{column}_score"]) for row in known])
            yield of_known(f"PISA 2018, {subject}", scores, np.array([float(row[f"{column}_se"]) for row in known]))
    for units in (50, 100, 200):
        scores = np.random.default_rng(units).normal(0, 2, units) + np.random.default_rng(units + 1).normal(0, 1, units)
        yield of_known("made, spread of 2 errors, errors known", scores, np.ones(units))
    for units, spread, least, most in ((20, 1, 13, 13), (20, 5, 13, 13), (100, 5, 13, 60), (300, 3, 13, 60)):
        marks = f"{least} to {most}" if most > least else str(least)
        yield of_estimated(f"made, spread of {spread} errors, {marks} marks", *made(units, spread, least, most, units))


if __name__ == "__main__":
    for found in rows():
        print(found.row())
