"""Sufficient statistics of a file of ratings: plain SQL reads, checks and codes it, sums of few cells follow; the solvers take arrays.

Sums are taken about a whole-number origin near the mean, so that integer grades add up exactly in any order.
"""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from honestrank.defaults import LARGEST, MANY
from honestrank.reading.cells import (
    DECIMAL_COMMA,
    MISSING,
    NARROW,
    POINT_OF_THOUSANDS,
    WIDE,
    are_dated_in_sql,
    may_be_alike_in_sql,
    missing_in_sql,
    number,
    number_in_sql,
    plain,
    text_in_sql,
    whole_label_in_sql,
)
from honestrank.reading.in_pieces import Progress, read_sheets
from honestrank.reading.labels import CODES, SMALLEST, is_far, label_order, settled
from honestrank.reading.marks import marks_by_unit
from honestrank.reading.memory import MemoryTable
from honestrank.reading.tables import WHOLE, OpenTable, Table, quoted_text, refuse_ragged
from honestrank.sums import Columns, CrossedSums, FixedColumns, PartSums, Ratings, Source, UnitSums
from honestrank.words.wording import InputError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# Bytes. Files up to 64 MB are parsed once and kept; longer ones are read again by every query, so that memory stays
# small.
KEPT_IN_MEMORY = 1 << 26


def read_ratings(
    path: str | Path | Mapping[str, list[Any]],
    columns: Columns,
    *,
    many: int = MANY,
    memory: float | None = None,
    progress: Progress = lambda _: None,
    with_marks: bool = False,
    grades: Sequence[float] = (),
) -> Ratings:
    """Read CSV (UTF-8, UTF-16 or GBK; comma, semicolon, tab or bar), Parquet or columns in memory into sums.

    With a rater or fixed columns the sums are crossed (one rater if none is named), with a part column per part, else per
    unit. Rows whose score is blank, `NA` or the like are left out and counted. Raises InputError naming the column or the first
    offending line. More than `many` ratings with raters (and without fixed columns) are read in pieces, `progress` told
    the share done; DuckDB uses at most `memory` gigabytes and puts what is more into a temporary folder. `with_marks`: each
    unit's distribution too, unless the file is read in pieces or by part. `grades`: a mark that is none of them is refused.
    """
    if many < 0:
        raise InputError("many_negative", many=many)
    if isinstance(path, Mapping):
        with MemoryTable(path, columns.named(), memory) as table:
            return _read(table, columns, many, progress, with_marks, grades)
    try:
        with OpenTable(Path(path), columns.named(), memory) as table:
            return _read(table, columns, many, progress, with_marks, grades)
    except _UntidyError:
        with OpenTable(Path(path), columns.named(), memory, tidy=True) as table:
            return _read(table, columns, many, progress, with_marks, grades)


class _UntidyError(Exception):
    """DuckDB does not read the file as it lies; read row by row nothing is wrong with it."""


def _read(
    table: Table, columns: Columns, many: int, progress: Progress, with_marks: bool, grades: Sequence[float]
) -> Ratings:
    table.require(columns.named())
    try:
        missing, origin, count = _load(table, columns, many, grades)
        _refuse_no_grade(table, columns, grades)
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
        return Ratings(source, units=units, marks=marks_by_unit(table.connection, units.units) if with_marks else None)
    except duckdb.Error as error:
        refused = refuse_ragged(table, error)
        if refused.key == "unreadable" and not table.is_tidy and table.text is not None:
            raise _UntidyError from error
        raise refused from error


def _refuse_no_grade(table: Table, columns: Columns, grades: Sequence[float]) -> None:
    if not grades:
        return
    # Without IN, see `missing_in_sql`; a mark may be written with fewer digits than its grade.
    differs = " AND ".join(f"abs(score - ({float(grade)!r})) > 1e-9 * (1 + abs(score))" for grade in grades)
    found = table.connection.execute(f"SELECT score FROM rated WHERE {differs} LIMIT 1").fetchone()
    if found:
        listed = ", ".join(f"{grade:g}" for grade in grades)
        raise InputError("mark_no_grade", value=f"{found[0]:g}", column=columns.score, grades=listed)


def _refuse_two_decimals(table: Table, column: str) -> None:
    """Raise InputError where one column has a decimal comma and a point before three digits: it may part thousands."""
    if not table.may_have_commas:
        return
    text = f"translate({table.in_sql(column)}::VARCHAR, {quoted_text(WIDE)}, {quoted_text(NARROW)})"
    trimmed = f"trim({text})"
    comma, point = table.connection.execute(
        f"SELECT min({trimmed}) FILTER (WHERE regexp_full_match({trimmed}, {quoted_text(DECIMAL_COMMA)})), "
        f"min({trimmed}) FILTER (WHERE regexp_full_match({trimmed}, {quoted_text(POINT_OF_THOUSANDS)})) FROM ratings_file"
    ).fetchall()[0]
    if comma and point:
        raise InputError("two_marks_for_decimals", column=column, comma=comma, point=point)


def _is_large(columns: Columns, count: int, many: int) -> bool:
    """Whether the ratings are read in pieces."""
    return bool(columns.rater) and not columns.fixed and count > many


def _load(table: Table, columns: Columns, many: int, grades: Sequence[float]) -> tuple[int, float, int]:
    """Check every value, make the view `rated` (unit, score, and rater, grp, part, weight); rows without a score, origin, rest.

    Short files are kept in memory, long ones read again by every query.
    """
    _refuse_two_decimals(table, columns.score)
    labels = _mark(table, columns, many)
    blank = " OR ".join(f"{label} IS NULL" for label in labels.values())
    missing, count, wrong, mean, low, high, is_whole = table.connection.execute(
        "SELECT count(*) - count(score), count(score), "
        f"count(*) FILTER (WHERE {blank} OR NOT coalesce(isfinite(score), true)), avg(score), min(score), max(score), "
        "bool_and(score = trunc(score)) FROM marked"
    ).fetchall()[0]
    if wrong:
        raise _first_offence(table, columns, list(labels))
    if mean is not None and max(abs(low), abs(high)) > LARGEST:
        raise InputError("score_too_large", value=f"{max(abs(low), abs(high)):g}")
    if mean is not None and 0 < high - low < SMALLEST:
        raise InputError("score_too_small", value=f"{high - low:g}")
    if mean is None:
        raise InputError("no_scores", column=columns.score)
    for code in {low, high} & set(CODES) if not grades else ():
        _refuse_code(table, columns, code)
    _make_rated(table, columns, labels)
    if not is_whole and not _is_large(columns, count, many):
        # Decimals do not add up to the same digits in any order, and one thread keeps to that of the file; what is
        # read in pieces comes in that order anyway.
        table.connection.execute("SET threads = 1")
    return int(missing), _origin(float(mean), float(low), float(high)), int(count)


def _refuse_code(table: Table, columns: Columns, code: float) -> None:
    low, high, count = table.connection.execute(
        "SELECT min(score) FILTER (WHERE score <> $1), max(score) FILTER (WHERE score <> $1), count(*) FILTER (WHERE score = $1) "
        "FROM marked",
        [code],
    ).fetchall()[0]
    if low is not None and is_far(code, low, high):
        raise InputError("score_is_code", column=columns.score, value=f"{code:g}", count=count)


def _mark(table: Table, columns: Columns, many: int) -> dict[str, str]:
    """Make `marked`: the score, the weight, and each column of labels by itself, null where it is blank.

    A score is null where there is none, and not a number where it cannot be read. Gives the names of the columns of labels.
    """
    of_labels = [columns.unit, columns.rater, *columns.group, columns.part]
    of_labels += [name for factor in columns.fixed for name in factor]
    labels = {name: f"label{place}" for place, name in enumerate(dict.fromkeys(name for name in of_labels if name))}
    selected = {field: _label(table, name) for name, field in labels.items()}
    selected["score"] = _number(table, columns.score)
    if columns.part:
        selected["weight"] = _number(table, columns.part_weight) if columns.part_weight else "1.0"
    is_short = table.path.stat().st_size <= KEPT_IN_MEMORY and not (table.text is None and table.count() > many)
    listed = ", ".join(f"{expression} AS {name}" for name, expression in selected.items())
    kind = "TABLE" if is_short else "VIEW"
    table.connection.execute(f"CREATE TEMP {kind} marked AS SELECT {listed} FROM ratings_file")
    return labels


def _make_rated(table: Table, columns: Columns, labels: dict[str, str]) -> None:
    """The view `rated`: labels as they are settled, several columns joined by a colon; the rows with a score."""
    settled = _settled(table, columns, labels)
    whole = {field for name, field in labels.items() if table.type_of(name) in WHOLE}
    of_labels = {"unit": (columns.unit,), "rater": (columns.rater or "",), "grp": columns.group}
    of_labels |= {"part": (columns.part or "",)} | {f"fixed{place}": f for place, f in enumerate(columns.fixed)}
    selected = []
    for name, some in of_labels.items():
        if any(some):
            joined = " || ':' || ".join(settled[labels[column]] for column in some)
            is_text = name not in ("unit", "rater") and labels[some[0]] in whole
            selected.append(f"({joined})::VARCHAR AS {name}" if is_text else f"{joined} AS {name}")
    selected += ["score", *(["weight"] if columns.part else [])]
    table.connection.execute(
        f"CREATE TEMP VIEW rated AS SELECT {', '.join(selected)} FROM marked WHERE score IS NOT NULL"
    )


def _settled(table: Table, columns: Columns, labels: dict[str, str]) -> dict[str, str]:
    """For each column of labels the SQL that gives them as `labels.settled` has them; whole numbers are as they stand."""
    texts = {field: name for name, field in labels.items() if table.type_of(name) not in WHOLE}
    as_they_are = {field: field for field in labels.values()}
    if not texts:
        return as_they_are
    sets = ", ".join(f"({field})" for field in texts)
    table.connection.execute(
        f"CREATE TEMP TABLE seen AS SELECT {', '.join(texts)} FROM marked WHERE score IS NOT NULL GROUP BY GROUPING SETS ({sets})"
    )
    asked = ", ".join(
        f"bool_or({missing_in_sql(field)}), bool_or({may_be_alike_in_sql(field)}) OR ({are_dated_in_sql(field)})"
        for field in texts
    )
    found = table.connection.execute(f"SELECT {asked} FROM seen").fetchall()[0]
    if any(found[::2]):
        raise _first_offence(table, columns, list(labels))
    return as_they_are | {
        field: _settled_in_sql(table, field, name)
        for (field, name), is_doubtful in zip(texts.items(), found[1::2], strict=True)
        if table.is_odd or is_doubtful
    }


def _settled_in_sql(table: Table, field: str, name: str) -> str:
    rows = table.connection.execute(f"SELECT {field} FROM seen WHERE {field} IS NOT NULL ORDER BY 1").fetchall()
    found = settled([str(label) for (label,) in rows], name)
    if all(label == own for label, own in found.items()):
        return field
    return whole_label_in_sql(field)


def _label(table: Table, name: str) -> str:
    """A column of labels: whole numbers as they stand, text without blanks around it, null where it is blank."""
    if table.type_of(name) in WHOLE:
        return table.in_sql(name)
    return text_in_sql(f"{table.in_sql(name)}::VARCHAR", odd=table.is_odd)


def _number(table: Table, name: str) -> str:
    """A column of scores as numbers, null where there is none, not a number where there is something else."""
    if table.type_of(name) in (*WHOLE, "DOUBLE"):
        return f"{table.in_sql(name)}::DOUBLE"
    return number_in_sql(text_in_sql(f"{table.in_sql(name)}::VARCHAR", odd=table.is_odd), odd=table.is_odd)


def _first_offence(table: Table, columns: Columns, labels: Sequence[str]) -> Exception:
    """The first line, in file order, with a blank label or a score that is no finite number; untidy if row by row none is wrong."""
    for line, row in table.rows():
        for name in labels:
            label = plain(row[table.place(name)])
            if label in MISSING:
                return InputError("label_missing" if label else "blank_label", line=line, column=name, value=label)
        value = plain(row[table.place(columns.score)])
        key = _score_offence(value, is_text=table.text is not None)
        if key:
            return InputError(key, line=line, value=value, column=columns.score)
    if table.is_tidy or table.text is None:
        return InputError("no_scores", column=columns.score)
    return _UntidyError()


def _score_offence(value: str, *, is_text: bool) -> str | None:
    """What is wrong with a score. A file of numbers has a null where there is none, so that one in it is no number."""
    if not is_text and value in ("nan", "-nan", "NaN"):
        return "score_not_finite"
    try:
        number(value)
    except ValueError as error:
        return str(error)
    return None


def _origin(mean: float, low: float, high: float) -> float:
    return low if low == high else float(round(mean)) if abs(mean) < 1e15 else mean


def _units(connection: duckdb.DuckDBPyConnection, origin: float, where: str = "true") -> UnitSums:
    # Rows and not arrays: DuckDB loads masked arrays to make these, which takes longer than the rows of a small file.
    rows = connection.execute(
        "SELECT unit::VARCHAR, count(*) AS n, sum(score - $1) AS total, sum((score - $1) * (score - $1)) AS squares "
        f"FROM rated WHERE {where} GROUP BY unit",
        [origin],
    ).fetchall()
    rows = [rows[i] for i in label_order([label for label, *_ in rows])]
    units, n, total, squares = zip(*rows, strict=True)
    return UnitSums(units, np.array(n, dtype=np.int64), np.array(total), np.array(squares), origin)


def _parts(connection: duckdb.DuckDBPyConnection, columns: Columns, origin: float) -> PartSums:
    rows = connection.execute("SELECT part, min(weight), max(weight), bool_or(weight IS NULL) FROM rated GROUP BY part")
    weights: dict[str, float] = {}
    for part, low, high, absent in rows.fetchall():
        if absent or not math.isfinite(high):
            raise InputError("weight_unknown", part=part, column=columns.part_weight)
        if low != high:
            raise InputError("weight_varies", part=part, column=columns.part_weight)
        if low <= 0:
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
