"""Files of very many ratings: through DuckDB in pieces into `sheets`, so that memory grows by 16 bytes a rating.

DuckDB itself keeps within the memory it is given and puts the rest into the folder of the open table.
"""

from collections.abc import Callable
from dataclasses import dataclass

import duckdb
import numpy as np
from numpy.typing import NDArray

from honestrank.linear.sorted_ratings import Sheets, sort_ratings
from honestrank.reading.tables import WHOLE
from honestrank.sums import LargeRatings

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Codes = NDArray[np.int32]

Progress = Callable[[float], None]

# Ratings brought over in one piece, some 64 MB: whoever waits sees the share move, and memory holds one piece twice.
AT_ONCE = 4_000_000

# Whole numbers up to here are codes as they stand: a table of places for them takes 64 MB at most.
MOST_CODES = 1 << 24


def read_sheets(
    connection: duckdb.DuckDBPyConnection, order: Callable[[list[str]], list[int]], *, grouped: bool, progress: Progress
) -> LargeRatings:
    """From the view `rated` (rater, unit, grp, score); labels in `order`. Raters that ascend in the file need no sorting."""
    names = ["unit", "grp"] if grouped else ["unit"]
    known = {name: _known(connection, name) for name in names}
    coded = ", ".join(f"{known[name].expression} AS {name}" for name in names)
    rater = "rater::INTEGER" if _raters_are_numbers(connection) else _as_codes(connection, "rater")
    connection.execute(f"CREATE TEMP TABLE coded AS SELECT {rater} AS rater, {coded}, score FROM rated")
    codes, score = _in_pieces(connection, ["rater", *names], progress)
    labels = {}
    for name in names:
        places = order(list(known[name].labels))
        place = np.zeros(int(known[name].codes.max()) + 1, dtype=np.int32)
        place[known[name].codes[places]] = np.arange(len(places), dtype=np.int32)
        codes[name] = place[codes[name]]
        labels[name] = tuple(known[name].labels[i] for i in places)
    group, groups = (codes["grp"], len(labels["grp"])) if grouped else (None, 0)
    sheets = sort_ratings(codes["rater"], codes["unit"], score, units=len(labels["unit"]), group=group, groups=groups)
    return _with_parts(labels["unit"], sheets)


@dataclass(frozen=True)
class _Known:
    """How a column is turned into codes in SQL, its labels and their codes."""

    expression: str
    labels: tuple[str, ...]
    codes: Integers


def _known(connection: duckdb.DuckDBPyConnection, name: str) -> _Known:
    """Whole numbers that are not too large are codes themselves; other labels are enumerated."""
    if _is_whole(connection, name):
        found = [
            int(value) for (value,) in connection.execute(f"SELECT DISTINCT {name} FROM rated ORDER BY 1").fetchall()
        ]
        if found[0] >= 0 and found[-1] < MOST_CODES:
            return _Known(f"{name}::INTEGER", tuple(map(str, found)), np.array(found, dtype=np.int64))
    expression = _as_codes(connection, name)
    rows = connection.execute(f"SELECT unnest(enum_range(NULL::{name}_label))::VARCHAR").fetchall()
    labels = tuple(label for (label,) in rows)
    return _Known(expression, labels, np.arange(len(labels)))


def _as_codes(connection: duckdb.DuckDBPyConnection, name: str) -> str:
    """Make an enumeration of the labels in column `name`; the expression for the code of one."""
    text = f"{name}::VARCHAR"
    connection.execute(f"CREATE TYPE {name}_label AS ENUM (SELECT DISTINCT {text} AS label FROM rated ORDER BY label)")
    return f"enum_code({text}::{name}_label)::INTEGER"


def _is_whole(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    kind = connection.execute(f"SELECT typeof({name}) FROM rated LIMIT 1").fetchall()[0][0]
    return kind in WHOLE


def _raters_are_numbers(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether every rater is written as a whole number of 32 bits, each number in one way only."""
    whole = "true" if _is_whole(connection, "rater") else "TRY_CAST(rater AS INTEGER)::VARCHAR = rater"
    query = f"SELECT bool_and(TRY_CAST(rater AS INTEGER) IS NOT NULL AND {whole}) FROM rated"
    return bool(connection.execute(query).fetchall()[0][0])


def _in_pieces(
    connection: duckdb.DuckDBPyConnection, names: list[str], progress: Progress
) -> tuple[dict[str, Codes], Floats]:
    """The codes and the scores of the table `coded`, which is then dropped."""
    ratings = int(connection.execute("SELECT count(*) FROM coded").fetchall()[0][0])
    codes: dict[str, Codes] = {name: np.empty(ratings, dtype=np.int32) for name in names}
    score = np.empty(ratings)
    for start in range(0, ratings, AT_ONCE):
        query = f"SELECT * FROM coded WHERE rowid >= {start} AND rowid < {start + AT_ONCE}"
        piece = connection.execute(query).fetchnumpy()
        for name in names:
            codes[name][start : start + AT_ONCE] = piece[name]
        score[start : start + AT_ONCE] = piece["score"]
        progress(min(1.0, (start + AT_ONCE) / ratings))
    connection.execute("DROP TABLE coded")
    return codes, score


def _with_parts(units: tuple[str, ...], sheets: Sheets) -> LargeRatings:
    from honestrank.linear.kernels import join_units

    parent, seen = np.arange(sheets.units, dtype=np.uint32), np.zeros(sheets.units, dtype=np.int64)
    joined, twice = join_units(sheets.begins, sheets.unit, parent, seen)
    while (parent[parent] != parent).any():
        parent = parent[parent]
    parts = np.unique(parent, return_inverse=True)[1].astype(np.int64)
    return LargeRatings(units, sheets, parts, int(twice), joined == 0)
