"""Times rivals written in Python in their own environment: `build/rivals/bin/python rivals_alone.py KIND FILE [FORMULA REPEATS]`.

Prints one line of JSON: the seconds of the quickest run, `whole` from the file, `fit` from what was read. Imports nothing of ours.
"""

import csv
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def read_ratings(path: Path) -> dict[str, list[Any]]:
    """The file's columns: numbers in `y`, strings elsewhere."""
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream)
        names = next(reader)
        columns = dict(zip(names, zip(*reader, strict=True), strict=True))
    return {name: list(map(float, values)) if name == "y" else list(values) for name, values in columns.items()}


def fit_glmm(ratings: dict[str, list[Any]], formula: str) -> None:
    """The estimates; Satterthwaite's degrees of freedom, which we do not compute, left out."""
    import glmm

    glmm.fit(ratings, formula, reml=True, satterthwaite=False)


def fit_mixedlm(ratings: dict[str, list[Any]], formula: str) -> None:
    """The estimates by REML, from a frame of pandas."""
    import mixedlm
    import pandas

    mixedlm.lmer(formula, pandas.DataFrame(ratings), REML=True)


def fit_choix(orders: Any) -> None:
    """Spectral ranking iterated to the maximum of the likelihood."""
    import choix

    choix.ilsr_rankings(orders.shape[1], orders)


FITS = {"glmm": fit_glmm, "mixedlm": fit_mixedlm}


def quickest(read: Callable[[], Any], fit: Callable[[Any], None], repeats: int) -> dict[str, float]:
    """Seconds of the quickest of some runs."""
    whole, alone = [], []
    for _ in range(repeats):
        start = time.perf_counter()
        ratings = read()
        between = time.perf_counter()
        fit(ratings)
        end = time.perf_counter()
        whole.append(end - start)
        alone.append(end - between)
    return {"whole": min(whole), "fit": min(alone)}


def main() -> None:
    kind, path = sys.argv[1], Path(sys.argv[2])
    if kind in FITS:
        found = quickest(lambda: read_ratings(path), lambda read: FITS[kind](read, sys.argv[3]), int(sys.argv[4]))
    else:
        import numpy as np

        found = quickest(lambda: np.load(path), fit_choix, 1)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
