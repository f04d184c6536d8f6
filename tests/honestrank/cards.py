"""How often a card, or a file of few units or raters, finds a difference where there is none: docs/methods/small-samples.md.

`python -m tests.honestrank.cards` prints the rows of both tables (some minutes).
"""

import numpy as np
from numpy.typing import NDArray

from honestrank.comparing.comparisons import Comparison, Figure, Wave, among_peers, over_time
from honestrank.ranks.assembly import Ranking
from honestrank.ranks.fitting import ratings_standing
from honestrank.sums import Columns, CrossedSums, Ratings, Source

GRADES = np.array([10.0, 7, 5, 2])
SHARES = {
    "middle (50 % excellent)": (0.5, 0.3, 0.15, 0.05),
    "high (82 % excellent)": (0.82, 0.12, 0.04, 0.02),
    "ceiling (95 % excellent)": (0.95, 0.03, 0.01, 0.01),
}
NUMBERS = (8, 10, 13, 20, 30)


def figure(name: int, marks: NDArray[np.float64]) -> Figure:
    return Figure(str(name), float(marks.mean()), float(marks.std(ddof=1)) / len(marks) ** 0.5, len(marks))


def covered(share: tuple[float, ...], n: int, samples: int) -> tuple[float, float]:
    """Share of cards among five peers, and over time, that say nothing false; where all marks are equal nothing is said."""
    random = np.random.default_rng(20100512 + n)
    false = np.zeros(2)
    for _ in range(samples):
        mine, *peers = (figure(i, some) for i, some in enumerate(random.choice(GRADES, (6, n), p=share)))
        found = (
            among_peers(mine, peers, compare_from=0),
            over_time("u", Wave("now", {"all": mine}), Wave("before", {"all": peers[0]}), compare_from=0),
        )
        false += [isinstance(card, Comparison) and card.outcome != "indistinguishable" for card in found]
    peers_false, time_false = (1 - false / samples).tolist()
    return peers_false, time_false


def separated(units: int, raters: int, files: int) -> float:
    """Share of files in which any pair separates: each rater marks each unit twice, no true difference, rater sd 2."""
    random, false = np.random.default_rng(20100512 + units), 0
    rater, unit = (index.ravel() for index in np.indices((raters, units)))
    nothing, names = np.zeros(len(unit), dtype=np.int64), tuple(map(str, range(units)))
    source = Source("made", "", Columns("u", "y", rater="r"), 0)
    for _ in range(files):
        y = random.normal(0, 2, raters)[rater] + random.normal(0, 1, (2, len(unit)))
        own = np.bincount(unit, weights=(y**2).sum(axis=0))
        cells = (rater, unit, nothing, nothing + 2, y.sum(axis=0), float(own.sum()), 0.0, len(unit))
        found = ratings_standing(
            Ratings(source, crossed=CrossedSums(names, (), raters, *cells, unit_squares=own)), Ranking(compare_from=0)
        )
        false += any(row.separates_above for row in found.units)
    return false / files


if __name__ == "__main__":
    for name, share in SHARES.items():
        for n in NUMBERS:
            print(f"| {name} | {n} | " + " | ".join(f"{100 * kept:.1f}" for kept in covered(share, n, 1500)) + " |")
    for units, raters in ((3, 6), (4, 4), (4, 12), (12, 4)):
        print(f"| {units} | {raters} | {100 * separated(units, raters, 400):.1f} |")
