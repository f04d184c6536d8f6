"""Sufficient statistics of a file of ratings: plain SQL computes sums, the solvers take arrays.

Sums are taken about a whole-number origin near the mean, so that integer grades add up exactly in any order.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

from honestrank.tables import OpenTable, Table, quoted_name, refuse_ragged
from honestrank.wording import InputError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

MISSING = ("", "NA")


@dataclass(frozen=True)
class Columns:
    """Which columns of the file hold what; a group may be several columns, joined by `:`.

    `error` and `count` are those of a file of means.
    """

    unit: str
    score: str
    rater: str | None = None
    group: tuple[str, ...] = ()
    part: str | None = None
    part_weight: str | None = None
    error: str | None = None
    count: str | None = None

    def named(self) -> list[str]:
        """Every column asked for, once each, in a fixed order."""
        optional = [self.rater, *self.group, self.part, self.part_weight, self.error, self.count]
        return list(dict.fromkeys([self.unit, self.score, *(name for name in optional if name)]))


@dataclass(frozen=True)
class Source:
    """Where sums came from: file name, SHA-256 of its bytes, columns, rows left out for want of a score."""

    name: str
    sha256: str
    columns: Columns
    missing: int


@dataclass(frozen=True)
class UnitSums:
    """Per unit (or per unit and part): number of scores n, sum and sum of squares about `origin`."""

    units: tuple[str, ...]
    n: Integers
    total: Floats
    squares: Floats
    origin: float

    @property
    def means(self) -> Floats:
        """Raw mean score per unit, on the scale of the file."""
        return self.origin + self.total / self.n

    @property
    def within(self) -> float:
        """Sum of squares of scores about their unit's mean."""
        return max(0.0, math.fsum(self.squares - self.total**2 / self.n))


@dataclass(frozen=True)
class PartSums:
    """UnitSums for each part, all over the same units, and the part's weight (summing to one)."""

    parts: tuple[str, ...]
    weights: Floats
    sums: tuple[UnitSums, ...]


@dataclass(frozen=True)
class CrossedSums:
    """Ratings summed over equal (rater, unit, group): codes, number and sum about `origin`, and the sum of squares.

    `groups` is empty when no group was asked for (`group` is then all zero). `duplicates` counts the cells in
    which one rater marked one unit more than once.
    """

    units: tuple[str, ...]
    groups: tuple[str, ...]
    raters: int
    rater: Integers
    unit: Integers
    group: Integers
    n: Integers
    total: Floats
    squares: float
    origin: float
    duplicates: int


@dataclass(frozen=True)
class Ratings:
    """What a file holds: exactly one of the three kinds of sums, according to the columns asked for."""

    source: Source
    units: UnitSums | None = None
    parts: PartSums | None = None
    crossed: CrossedSums | None = None


def read_ratings(path: str | Path, columns: Columns) -> Ratings:
    """Read CSV (UTF-8, UTF-16 or GBK; comma, semicolon, tab or bar) or Parquet into sums.

    With a rater column the sums are crossed, with a part column per part, else per unit. Rows whose score is blank
    or `NA` are left out and counted. Raises InputError naming the column or the first offending line.
    """
    with OpenTable(Path(path)) as table:
        table.require(columns.named())
        try:
            missing = _load(table, columns)
            origin = _origin(table, columns)
            source = Source(table.path.name, table.sha256, columns, missing)
            if columns.rater:
                return Ratings(source, crossed=_crossed(table.connection, origin))
            if columns.part:
                return Ratings(source, parts=_parts(table.connection, columns, origin))
            return Ratings(source, units=_units(table.connection, origin))
        except duckdb.Error as error:
            raise refuse_ragged(table, error) from error


def _load(table: Table, columns: Columns) -> int:
    """Check every value, make the view `rated` (unit, score, rater, grp, part, weight); rows without a score."""
    text = {name: f"trim({quoted_name(name)}::VARCHAR)" for name in columns.named()}
    labels = [columns.unit, *([columns.rater] if columns.rater else []), *columns.group]
    labels += [columns.part] if columns.part else []
    blank = " OR ".join(f"coalesce({text[name]}, '') = ''" for name in labels)
    score = f"TRY_CAST({text[columns.score]} AS DOUBLE)"
    absent = f"coalesce({text[columns.score]}, '') IN ('', 'NA')"
    counts = table.connection.execute(
        f"SELECT count(*) FILTER (WHERE {absent}), count(*) FILTER (WHERE NOT {absent}), "
        f"count(*) FILTER (WHERE {blank}), "
        f"count(*) FILTER (WHERE NOT {absent} AND ({score} IS NULL OR NOT isfinite({score}))) FROM ratings_file"
    ).fetchone()
    missing, present, blanks, wrong = counts or (0, 0, 0, 0)
    if blanks or wrong:
        raise _first_offence(table, columns, labels)
    if not present:
        raise InputError("no_scores", column=columns.score)
    group = " || ':' || ".join(text[name] for name in columns.group) or "''"
    weight = f"TRY_CAST({text[columns.part_weight]} AS DOUBLE)" if columns.part_weight else "1.0"
    table.connection.execute(
        f"CREATE VIEW rated AS SELECT {text[columns.unit]} AS unit, {score} AS score, "
        f"{text[columns.rater] if columns.rater else 'NULL'} AS rater, {group} AS grp, "
        f"{text[columns.part] if columns.part else 'NULL'} AS part, {weight} AS weight "
        f"FROM ratings_file WHERE NOT {absent}"
    )
    return int(missing)


def _first_offence(table: Table, columns: Columns, labels: Sequence[str]) -> InputError:
    """The first line, in file order, with a blank label or a score that is no finite number."""
    place = {name: table.columns.index(name) for name in columns.named()}
    for line, row in table.rows():
        if len(row) != len(table.columns):
            return InputError("ragged", line=line, found=len(row), expected=len(table.columns))
        for name in labels:
            if not row[place[name]].strip():
                return InputError("blank_label", line=line, column=name)
        value = row[place[columns.score]].strip()
        key = _score_offence(value)
        if key:
            return InputError(key, line=line, value=value, column=columns.score)
    return InputError("no_scores", column=columns.score)


def _score_offence(value: str) -> str | None:
    if value in MISSING:
        return None
    try:
        return None if math.isfinite(float(value)) else "score_not_finite"
    except ValueError:
        return "score_is_text"


def _origin(table: Table, columns: Columns) -> float:
    row = table.connection.execute("SELECT avg(score), min(score), max(score) FROM rated").fetchone()
    if row is None or not all(math.isfinite(value) for value in row):
        raise InputError("no_scores", column=columns.score)
    mean, low, high = (float(value) for value in row)
    return float(round(mean)) if abs(mean) < 1e15 and low < high else mean


def _units(connection: duckdb.DuckDBPyConnection, origin: float, where: str = "true") -> UnitSums:
    found = connection.execute(
        "SELECT unit, count(*) AS n, sum(score - $1) AS total, sum((score - $1) * (score - $1)) AS squares "
        f"FROM rated WHERE {where} GROUP BY unit",
        [origin],
    ).fetchnumpy()
    order = label_order([str(label) for label in found["unit"]])
    return UnitSums(
        tuple(str(found["unit"][i]) for i in order),
        np.asarray(found["n"], dtype=np.int64)[order],
        np.asarray(found["total"], dtype=np.float64)[order],
        np.asarray(found["squares"], dtype=np.float64)[order],
        origin,
    )


def _parts(connection: duckdb.DuckDBPyConnection, columns: Columns, origin: float) -> PartSums:
    rows = connection.execute("SELECT part, min(weight), max(weight), bool_or(weight IS NULL) FROM rated GROUP BY part")
    weights: dict[str, float] = {}
    for part, low, high, absent in rows.fetchall():
        if low != high or absent:
            raise InputError("weight_varies", part=part, column=columns.part_weight)
        if not (math.isfinite(low) and low > 0):
            raise InputError("weight_not_positive", part=part)
        weights[part] = low
    parts = [list(weights)[i] for i in label_order(list(weights))]
    sums = []
    for part in parts:
        connection.execute("CREATE OR REPLACE TEMP TABLE this_part AS SELECT $1 AS name", [part])
        sums.append(_units(connection, origin, "part = (SELECT name FROM this_part)"))
    _check_all_parts(parts, sums)
    share = np.array([weights[part] for part in parts])
    return PartSums(tuple(parts), share / share.sum(), tuple(sums))


def _check_all_parts(parts: Sequence[str], sums: Sequence[UnitSums]) -> None:
    everyone = {unit for part in sums for unit in part.units}
    for part, found in zip(parts, sums, strict=True):
        lacking = sorted(everyone - set(found.units))
        if lacking:
            raise InputError("part_missing", unit=lacking[0], part=part)


def _crossed(connection: duckdb.DuckDBPyConnection, origin: float) -> CrossedSums:
    found = connection.execute(
        "SELECT rater, unit, grp, count(*) AS n, sum(score - $1) AS total, "
        "sum((score - $1) * (score - $1)) AS squares FROM rated GROUP BY rater, unit, grp",
        [origin],
    ).fetchnumpy()
    raters, rater = _codes(found["rater"])
    units, unit = _codes(found["unit"])
    groups, group = _codes(found["grp"])
    order = np.lexsort((group, unit, rater))
    n = np.asarray(found["n"], dtype=np.int64)
    _, marks = np.unique(rater * len(units) + unit, return_inverse=True)
    return CrossedSums(
        units=units,
        groups=groups if groups != ("",) else (),
        raters=len(raters),
        rater=rater[order],
        unit=unit[order],
        group=group[order],
        n=n[order],
        total=np.asarray(found["total"], dtype=np.float64)[order],
        squares=math.fsum(found["squares"]),
        origin=origin,
        duplicates=int((np.bincount(marks, weights=n) > 1).sum()),
    )


def _codes(labels: NDArray[np.object_]) -> tuple[tuple[str, ...], Integers]:
    """The distinct labels in reading order, and each label's place among them."""
    distinct, codes = np.unique(np.asarray(labels, dtype=str), return_inverse=True)
    order = label_order([str(label) for label in distinct])
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return tuple(str(distinct[i]) for i in order), place[codes]


def label_order(labels: Sequence[str]) -> list[int]:
    """Places of `labels` in reading order: as numbers when all are whole numbers, else by code point."""
    if all(label.isdecimal() for label in labels):
        return sorted(range(len(labels)), key=lambda i: (int(labels[i]), labels[i]))
    return sorted(range(len(labels)), key=lambda i: labels[i])
