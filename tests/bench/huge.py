"""Fits too large to share a process with other benches: `python -m tests.bench.huge arrays|command RATINGS`.

Prints one line of JSON: seconds, peak memory in gigabytes (data and DuckDB included), seconds of the reference.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
from tests.bench.made_ratings import EACH, Made, keep, made_ratings

from honestrank.estimators.large import fit_moments
from honestrank.linear.sorted_ratings import sort_ratings

UNITS = 10_000
GIGABYTES = 4.0
MEANS = "SELECT unit, avg(score) FROM ratings GROUP BY unit"
# Effects from hashes, so that DuckDB makes the file by itself: three uniform numbers add up to about a normal one.
GRADES = (
    "greatest(1, least(5, round(3 + ((hash(rater) % 1000) / 1000.0 - .5) + 1.5 * ((hash(unit * 7 + 1) % 1000) / 1000.0 - .5) "
    "+ 2.2 * ((hash(i) % 1000 + hash(i + 1) % 1000 + hash(i + 2) % 1000) / 1000.0 - 1.5))))"
)


def quickest(connection: duckdb.DuckDBPyConnection) -> float:
    """Seconds of the plain means, best of three."""
    found = []
    for _ in range(3):
        start = time.perf_counter()
        connection.execute(MEANS).fetchnumpy()
        found.append(time.perf_counter() - start)
    return min(found)


def fit_arrays(ratings: int) -> dict[str, float]:
    """From arrays in memory, sorted by rater, to variances and scores; reference: means of the same table in DuckDB."""
    made, found = made_ratings(ratings // EACH, UNITS), []
    for _ in range(2):
        start = time.perf_counter()
        fit_moments(sort_ratings(made.rater, made.unit, made.score, units=UNITS))
        found.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return {"seconds": min(found), "gigabytes": peak, "reference": _means_in_memory(made)}


def _bounded() -> duckdb.DuckDBPyConnection:
    """A connection that keeps within its memory, as the command is told to."""
    return duckdb.connect(config={"memory_limit": f"{GIGABYTES}GB"})


def _means_in_memory(made: Made) -> float:
    connection = _bounded()
    keep(connection, made)
    return quickest(connection)


def fit_file(ratings: int) -> dict[str, float]:
    """The whole command on a Parquet file sorted by rater; reference: DuckDB's means from the same file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "ratings.parquet")
        connection = _bounded()
        connection.execute(
            f"COPY (SELECT rater, unit, ({GRADES})::TINYINT AS score FROM (SELECT i, i // {EACH} AS rater, "
            f"(hash(i * 3 + 5) % {UNITS})::INTEGER AS unit FROM range({ratings}) made(i))) TO '{path}' (FORMAT parquet)"
        )
        connection.execute(f"CREATE VIEW ratings AS SELECT * FROM '{path}'")
        columns = ("--rater", "rater", "--unit", "unit", "--score", "score", "--memory", str(GIGABYTES))
        command = [sys.executable, "-m", "honestrank", str(path), *columns]
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        if status:
            raise RuntimeError("the command failed")
        return {"seconds": seconds, "gigabytes": used.ru_maxrss / 1e6, "reference": quickest(connection)}


if __name__ == "__main__":
    print(json.dumps((fit_arrays if sys.argv[1] == "arrays" else fit_file)(int(sys.argv[2]))))
