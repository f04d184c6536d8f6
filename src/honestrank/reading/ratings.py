"""Sufficient statistics of a file of ratings: plain SQL reads, checks and codes it, sums of few cells follow; the solvers take arrays.

Sums are taken about a whole-number origin near the mean, so that integer grades add up exactly in any order.
"""

import math
from collections.abc import Sequence
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

from honestrank.defaults import MANY
from honestrank.reading.in_pieces import Progress, read_sheets
from honestrank.reading.labels import LARGEST, MISSING, label_order
from honestrank.reading.marks import marks_by_unit
from honestrank.reading.tables import WHOLE, OpenTable, Table, quoted_name, refuse_ragged
from honestrank.sums import Columns, CrossedSums, FixedColumns, PartSums, Ratings, Source, UnitSums
from honestrank.words.wording import InputError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# Bytes. Files up to 64 MB are parsed once and kept; longer ones are read again by every query, so that memory stays
# small.
KEPT_IN_MEMORY = 1 << 26


def read_ratings(
    path: str | Path,
    columns: Columns,
    *,
    many: int = MANY,
    memory: float | None = None,
    progress: Progress = lambda _: None,
    with_marks: bool = False,
) -> Ratings:
    """Read CSV (UTF-8, UTF-16 or GBK; comma, semicolon, tab or bar) or Parquet into sums.

    With a rater or fixed columns the sums are crossed (one rater if none is named), with a part column per part, else per
    unit. Rows whose score is blank or `NA` are left out and counted. Raises InputError naming the column or the first
    offending line. More than `many` ratings with raters (and without fixed columns) are read in pieces, `progress` told
    the share done; DuckDB uses at most `memory` gigabytes and puts what is more into a temporary folder. `with_marks`: each
    unit's distribution too, unless the file is read in pieces or by part.
    """
    with OpenTable(Path(path), memory) as table:
        table.require(columns.named())
        try:
            missing, origin, count = _load(table, columns, many)
            source = Source(table.path.name, table.sha256, columns, missing)
            if _is_large(columns, count, many):
                read = read_sheets(table.connection, label_order, grouped=bool(columns.group), progress=progress)
                return Ratings(source, large=read)
            if columns.rater or columns.fixed:
                crossed = _crossed(table.connection, columns, origin)
                marks = marks_by_unit(table.connection, crossed.units) if with_marks else None
                return Ratings(source, crossed=crossed, marks=marks)
            if columns.part:
                return Ratings(source, parts=_parts(table.connection, columns, origin))
            units = _units(table.connection, origin)
            return Ratings(
                source, units=units, marks=marks_by_unit(table.connection, units.units) if with_marks else None
            )
        except duckdb.Error as error:
            raise refuse_ragged(table, error) from error


def _is_large(columns: Columns, count: int, many: int) -> bool:
    """Whether the ratings are read in pieces."""
    return bool(columns.rater) and not columns.fixed and count > many


def _load(table: Table, columns: Columns, many: int) -> tuple[int, float, int]:
    """Check every value, make the view `rated` (unit, score, and rater, grp, part, weight); rows without a score, origin, rest.

    Short files are kept in memory, long ones read again by every query.
    """
    labels = [columns.unit, *([columns.rater] if columns.rater else []), *columns.group]
    labels += [columns.part] if columns.part else []
    labels += [name for factor in columns.fixed for name in factor]
    marked = _mark(table, columns, many)
    blank = " OR ".join(f"{name} IS NULL" for name in marked)
    missing, count, wrong, mean, low, high, is_whole = table.connection.execute(
        "SELECT count(*) - count(score), count(score), "
        f"count(*) FILTER (WHERE {blank} OR NOT coalesce(isfinite(score), true)), avg(score), min(score), max(score), "
        "bool_and(score = trunc(score)) FROM marked"
    ).fetchall()[0]
    if wrong:
        raise _first_offence(table, columns, labels)
    if mean is not None and max(abs(low), abs(high)) > LARGEST:
        raise InputError("score_too_large", value=f"{max(abs(low), abs(high)):g}")
    if mean is None:
        raise InputError("no_scores", column=columns.score)
    table.connection.execute("CREATE TEMP VIEW rated AS SELECT * FROM marked WHERE score IS NOT NULL")
    if not is_whole and not _is_large(columns, count, many):
        # Decimals do not add up to the same digits in any order, and one thread keeps to that of the file; what is
        # read in pieces comes in that order anyway.
        table.connection.execute("SET threads = 1")
    return int(missing), _origin(float(mean), float(low), float(high)), int(count)


def _mark(table: Table, columns: Columns, many: int) -> list[str]:
    """Make `marked`, what `rated` holds and the rows without a score (null); a blank label is null, text for a score no number.

    Gives the names of the columns of labels.
    """
    of_labels = {"unit": (columns.unit,), "rater": (columns.rater or "",), "grp": columns.group}
    of_labels |= {"part": (columns.part or "",)} | {f"fixed{place}": f for place, f in enumerate(columns.fixed)}
    selected = {
        name: " || ':' || ".join(f"nullif({_text(table, column)}, '')" for column in some)
        for name, some in of_labels.items()
        if any(some)
    }
    labels = list(selected)
    for name, column in (("unit", columns.unit), ("rater", columns.rater)):
        if column and table.types.get(column) in WHOLE:
            selected[name] = quoted_name(column)
    selected["score"] = _number(table, columns.score)
    if columns.part:
        weight = f"TRY_CAST({_text(table, columns.part_weight)} AS DOUBLE)" if columns.part_weight else "1.0"
        selected["weight"] = weight
    is_short = table.path.stat().st_size <= KEPT_IN_MEMORY and not (table.text is None and table.count() > many)
    listed = ", ".join(f"{expression} AS {name}" for name, expression in selected.items())
    kind = "TABLE" if is_short else "VIEW"
    table.connection.execute(f"CREATE TEMP {kind} marked AS SELECT {listed} FROM ratings_file")
    return labels


def _number(table: Table, name: str) -> str:
    """A column of scores as numbers, null where there is none, not a number where there is something else."""
    if table.types.get(name) in (*WHOLE, "DOUBLE"):
        return f"{quoted_name(name)}::DOUBLE"
    text = _text(table, name)
    number = f"coalesce(TRY_CAST({text} AS DOUBLE), 'nan'::DOUBLE)"
    return f"CASE WHEN coalesce({text}, '') NOT IN ('', 'NA') THEN {number} END"


def _text(table: Table, name: str) -> str:
    """A column as text without blanks around it."""
    text = f"{quoted_name(name)}::VARCHAR"
    return text if table.types.get(name) in WHOLE or not table.has_blanks else f"trim({text})"


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


def _origin(mean: float, low: float, high: float) -> float:
    return low if low == high else float(round(mean)) if abs(mean) < 1e15 else mean


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


def _crossed(connection: duckdb.DuckDBPyConnection, columns: Columns, origin: float) -> CrossedSums:
    fixed = [f"fixed{place}" for place in range(len(columns.fixed))]
    names = [*(["rater"] if columns.rater else []), "unit", *(["grp"] if columns.group else []), *fixed]
    raters = _code(connection, "rater") if columns.rater else 1
    known = {name: _labels(connection, name) for name in names if name != "rater"}
    labels = {name: found for name, (found, _) in known.items()}
    codes, n, total, square = _cells(connection, names, {name: place for name, (_, place) in known.items()}, origin)
    rater, unit = codes.get("rater", np.zeros(len(n), dtype=np.int64)), codes["unit"]
    first = np.flatnonzero(np.diff(rater * len(labels["unit"]) + unit, prepend=-1))
    return CrossedSums(
        units=labels["unit"],
        groups=labels.get("grp", ()),
        raters=raters,
        rater=rater,
        unit=unit,
        group=codes.get("grp", np.zeros(len(n), dtype=np.int64)),
        n=n,
        total=total,
        squares=float(square.sum()),
        origin=origin,
        duplicates=int((np.add.reduceat(n, first) > 1).sum()),
        fixed=_fixed(columns, [labels[name] for name in fixed], [codes[name] for name in fixed]),
        unit_squares=np.bincount(unit, weights=square, minlength=len(labels["unit"])).astype(np.float64),
    )


def _cells(
    connection: duckdb.DuckDBPyConnection, names: Sequence[str], places: dict[str, Integers], origin: float
) -> tuple[dict[str, Integers], Integers, Floats, Floats]:
    """Codes, number, sum and sum of squares for each combination of labels, in the order of `names` and places."""
    coded = ", ".join(f"{column}_codes.code AS {column}" for column in names)
    joins = " ".join(f"JOIN {column}_codes ON {column}_codes.label = rated.{column}" for column in names)
    found = connection.execute(f"SELECT {coded}, score FROM rated {joins}").fetchnumpy()
    codes = {name: places[name][found[name]] if name in places else found[name].astype(np.int64) for name in names}
    cell = _numbered(list(codes.values()))
    order = np.argsort(cell, kind="stable")
    first = np.flatnonzero(np.diff(cell[order], prepend=-1))
    score = np.asarray(found["score"], dtype=np.float64)[order] - origin
    codes = {name: values[order[first]] for name, values in codes.items()}
    return codes, np.diff(first, append=len(order)), np.add.reduceat(score, first), np.add.reduceat(score**2, first)


def _numbered(codes: list[Integers]) -> Integers:
    """A number from 0 for each combination of codes, in the order of the first, then of the second, ..."""
    number = codes[0]
    for some in codes[1:]:
        levels = int(some.max()) + 1
        if (int(number.max()) + 1) * levels >= 1 << 62:
            number = np.unique(number, return_inverse=True)[1]
        number = number * levels + some
    return number


def _fixed(columns: Columns, labels: list[tuple[str, ...]], codes: list[Integers]) -> FixedColumns | None:
    if not columns.fixed:
        return None
    return FixedColumns(tuple(":".join(factor) for factor in columns.fixed), tuple(labels), np.stack(codes, axis=1))


def _code(connection: duckdb.DuckDBPyConnection, column: str) -> int:
    """Make the table `column`_codes: labels and their codes from 0; how many there are."""
    connection.execute(
        f"CREATE TEMP TABLE {column}_codes AS SELECT label, (row_number() OVER (ORDER BY label) - 1)::INTEGER AS code "
        f"FROM (SELECT DISTINCT {column} AS label FROM rated)"
    )
    return int(connection.execute(f"SELECT count(*) FROM {column}_codes").fetchall()[0][0])


def _labels(connection: duckdb.DuckDBPyConnection, column: str) -> tuple[tuple[str, ...], Integers]:
    """Make the table `column`_codes; its labels in reading order, and the place of each code in it."""
    _code(connection, column)
    rows = connection.execute(f"SELECT label FROM {column}_codes ORDER BY code").fetchall()
    labels = [str(label) for (label,) in rows]
    order = label_order(labels)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return tuple(labels[i] for i in order), place
