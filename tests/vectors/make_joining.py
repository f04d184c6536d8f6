"""Writes tests/vectors/joining-1.json: tallies of one criterion and the cells they are joined to, for both implementations.

Run once by hand (`python -m tests.vectors.make_joining`); like the records, the file is the contract.
"""

from __future__ import annotations

import json
import random
from pathlib import Path

from blindballot.format.joining import join_runs, leading_mark

TARGET = Path(__file__).parent / "joining-1.json"


def tallies() -> list[tuple[list[int], int]]:
    """Drawn ones of all sizes, and the edges of every threshold."""
    rng = random.Random(28)
    made = [([size - other, other, 0, 0, 0, 0], 5) for size in (5, 9, 10, 29, 30, 49, 50, 80) for other in range(8)]
    made += [([4, size - 4 - others, others, 0, 0, 0], 5) for size in range(60, 101, 4) for others in (0, 5, 6, 8)]
    for _ in range(260):
        marks = rng.randint(4, 14)
        weights = [rng.random() ** rng.choice([1, 4]) for _ in range(marks)]
        drawn = rng.choices(range(marks), weights=weights, k=rng.choice([rng.randint(5, 49), rng.randint(50, 500)]))
        made.append(([drawn.count(mark) for mark in range(marks)], rng.choice([4, 5, 5, 5, 6, 9])))
    return [(tally, least) for tally, least in made if min(tally) >= 0]


def main() -> None:
    """Write the file, one tally a line."""
    lines = []
    for tally, least in tallies():
        most = leading_mark(tally)
        cells = join_runs(tally, least) if most is None else None
        lines.append(json.dumps({"tally": tally, "least": least, "most": most, "cells": cells}))
    TARGET.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="ascii")


if __name__ == "__main__":
    main()
