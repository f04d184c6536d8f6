"""Files of very many ratings: through DuckDB in pieces into `sheets`, so that memory grows by 16 bytes a rating.

DuckDB itself keeps within the memory it is given and puts the rest into the folder of the open table.
"""

from collections.abc import Callable
from dataclasses import dataclass

import duckdb
import numpy as np
from numpy.typing import NDArray

from honestrank.passes import Passes
from honestrank.sheets import Sheets, sort_ratings

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Codes = NDArray[np.int32]
Progress = Callable[[float], None]

AT_ONCE = 4_000_000


@dataclass(frozen=True)
class LargeRatings:
    """Sheets with the names of their units; `parts`: for each unit the number of its connected part.

    `duplicates`: how often one rater marked one unit more than once; `is_apart`: no rater marked two units.
    """

    units: tuple[str, ...]
    sheets: Sheets | Passes
    parts: Integers
    duplicates: int
    is_apart: bool


def read_sheets(
    connection: duckdb.DuckDBPyConnection, order: Callable[[list[str]], list[int]], *, grouped: bool, progress: Progress
) -> LargeRatings:
    """From the view `rated` (rater, unit, grp, score); labels in `order`. Raters that ascend in the file need no sorting."""
    labels, names = {}, ["unit", "grp"] if grouped else ["unit"]
    for name in names:
        labels[name] = _labels(connection, name)
    coded = ", ".join(f"enum_code({name}::{name}_label)::INTEGER AS {name}" for name in names)
    rater = "rater::INTEGER" if _raters_are_numbers(connection) else _as_codes(connection, "rater")
    connection.execute(f"CREATE TEMP TABLE coded AS SELECT {rater} AS rater, {coded}, score FROM rated")
    codes, score = _in_pieces(connection, ["rater", *names], progress)
    for name in names:
        places = order(list(labels[name]))
        place = np.empty(len(places), dtype=np.int32)
        place[places] = np.arange(len(places), dtype=np.int32)
        codes[name] = place[codes[name]]
        labels[name] = tuple(labels[name][i] for i in places)
    group, groups = (codes["grp"], len(labels["grp"])) if grouped else (None, 0)
    sheets = sort_ratings(codes["rater"], codes["unit"], score, units=len(labels["unit"]), group=group, groups=groups)
    return _with_parts(labels["unit"], sheets)


def _as_codes(connection: duckdb.DuckDBPyConnection, name: str) -> str:
    """Make an enumeration of the labels in column `name`; the expression for the code of one."""
    connection.execute(f"CREATE TYPE {name}_label AS ENUM (SELECT DISTINCT {name} FROM rated ORDER BY {name})")
    return f"enum_code({name}::{name}_label)::INTEGER"


def _labels(connection: duckdb.DuckDBPyConnection, name: str) -> tuple[str, ...]:
    _as_codes(connection, name)
    rows = connection.execute(f"SELECT unnest(enum_range(NULL::{name}_label))::VARCHAR").fetchall()
    return tuple(label for (label,) in rows)


def _raters_are_numbers(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether every rater is written as a whole number of 32 bits, each number in one way only."""
    query = "SELECT bool_and(coalesce(TRY_CAST(rater AS INTEGER)::VARCHAR = rater, false)) FROM rated"
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
    from honestrank.kernels import join_units

    parent, seen = np.arange(sheets.units, dtype=np.uint32), np.zeros(sheets.units, dtype=np.int64)
    joined, twice = join_units(sheets.begins, sheets.unit, parent, seen)
    while (parent[parent] != parent).any():
        parent = parent[parent]
    parts = np.unique(parent, return_inverse=True)[1].astype(np.int64)
    return LargeRatings(units, sheets, parts, int(twice), joined == 0)
