"""Times rivals written in Python, in their own environment: `build/rivals/bin/python rivals_alone.py glmm|choix FILE [FORMULA REPEATS]`.

Prints one line of JSON: the seconds of the quickest run. Imports nothing of ours.
"""

import csv
import json
import sys
import time
from pathlib import Path


def fit_glmm(path: Path, formula: str) -> float:
    """From the file's strings to the estimates; Satterthwaite's degrees of freedom, which we do not compute, left out."""
    import glmm

    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream)
        names = next(reader)
        columns = dict(zip(names, zip(*reader, strict=True), strict=True))
    ratings = {name: list(map(float, values)) if name == "y" else list(values) for name, values in columns.items()}
    return float(glmm.fit(ratings, formula, reml=True, satterthwaite=False).loglik)


def fit_choix(path: Path) -> float:
    """Spectral ranking iterated to the maximum of the likelihood."""
    import choix
    import numpy as np

    orders = np.load(path)
    return float(choix.ilsr_rankings(orders.shape[1], orders)[0])


def main() -> None:
    kind, path = sys.argv[1], Path(sys.argv[2])
    found = []
    for _ in range(int(sys.argv[4]) if len(sys.argv) > 4 else 1):
        start = time.perf_counter()
        objective = fit_glmm(path, sys.argv[3]) if kind == "glmm" else fit_choix(path)
        found.append(time.perf_counter() - start)
    print(json.dumps({"seconds": min(found), "objective": objective}))


if __name__ == "__main__":
    main()
