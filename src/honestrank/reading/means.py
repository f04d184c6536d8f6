"""Reads a file of means with standard errors, as published tables have them; `standing` ranks them.

One row for each unit, or one for each unit and group of raters with its weight.

Values go through as written, units in the order of the file, so that a stranger's figures equal the publisher's.
"""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np

from honestrank.defaults import LARGEST
from honestrank.reading.cells import MISSING, number, plain, two_decimals
from honestrank.reading.labels import SMALLEST, label_order, refuse_code, settled
from honestrank.reading.tables import OpenTable, Table, refuse_ragged
from honestrank.sums import Columns, FixedColumns, GroupedMeans, GroupMean, Means, RaterGroup, Source
from honestrank.words.wording import InputError

# Whole numbers beyond are not told from each other by a double, and nobody gave so many marks.
MOST_MARKS = 1e15

# Group, weight, unit, mean.
_GroupRow = tuple[str, float, str, GroupMean]


def read_means(path: str | Path, columns: Columns) -> Means:
    """Read the columns `unit`, `score`, `error` and, if asked for, `count` and `fixed` of a CSV or Parquet file.

    Rows whose score is blank, `NA` or the like are left out and counted. Raises InputError naming the column or the line
    that is wrong: text for a number, a negative standard error, a count that is no whole number from 1.
    """
    with OpenTable(Path(path), columns.named()) as table:
        read = [(_row(columns, line, cells), line, cells) for line, cells in _cells(table, columns)]
        rows = [(row, line, cells) for row, line, cells in read if row is not None]
        _refuse_two_decimals([cells for _, _, cells in read], (columns.score, str(columns.error)))
        if not rows:
            raise InputError("no_scores", column=columns.score)
        refuse_code([row[1] for row, _, _ in rows], columns.score)
        levels = [_levels(columns, line, cells) for _, line, cells in rows]
        source = Source(table.path.name, table.sha256, columns, len(read) - len(rows))
    units, scores, errors, counts = zip(*(row for row, _, _ in rows), strict=True)
    own = settled(dict.fromkeys(units), columns.unit)
    named = tuple(own[unit] for unit in units)
    return Means(source, named, scores, errors, counts if columns.count else None, _fixed(columns, levels))


def _refuse_two_decimals(rows: list[dict[str, str]], named: tuple[str, ...]) -> None:
    for column in named:
        found = two_decimals(cells[column] for cells in rows)
        if found:
            raise InputError("two_marks_for_decimals", column=column, comma=found[0], point=found[1])


def _fixed(columns: Columns, levels: list[tuple[str, ...]]) -> FixedColumns | None:
    """`levels`: what each row says in each column that is part of a factor."""
    if not columns.fixed:
        return None
    names = _fixed_names(columns)
    own = [settled(dict.fromkeys(column), name) for name, column in zip(names, zip(*levels, strict=True), strict=True)]
    named = [
        dict(zip(names, (known[label] for known, label in zip(own, row, strict=True)), strict=True)) for row in levels
    ]
    labels, codes = [], []
    for factor in columns.fixed:
        joined = [":".join(row[name] for name in factor) for row in named]
        known = list(dict.fromkeys(joined))
        labels.append(tuple(known[i] for i in label_order(known)))
        code = {label: place for place, label in enumerate(labels[-1])}
        codes.append([code[label] for label in joined])
    return FixedColumns(tuple(":".join(factor) for factor in columns.fixed), tuple(labels), np.array(codes).T)


def _fixed_names(columns: Columns) -> list[str]:
    return list(dict.fromkeys(name for factor in columns.fixed for name in factor))


def read_grouped_means(path: str | Path, columns: Columns) -> GroupedMeans:
    """Read a file of means with a row for each unit and group of raters: `part` names the group, `part_weight` its weight.

    Raises InputError as `read_means`, for a group with two weights or one not above zero, and for a pair listed twice.
    """
    rows: list[_GroupRow] = []
    left_out = 0
    with OpenTable(Path(path), columns.named()) as table:
        read = list(_cells(table, columns))
        _refuse_two_decimals(
            [cells for _, cells in read], (columns.score, str(columns.error), str(columns.part_weight))
        )
        for line, cells in read:
            row = _row(columns, line, cells)
            if row is None:
                left_out += 1
                continue
            group, weight = _group(columns, line, cells)
            rows.append((group, weight, row[0], GroupMean(row[1], row[2], row[3])))
        if not rows:
            raise InputError("no_scores", column=columns.score)
        refuse_code([mean.score for _, _, _, mean in rows], columns.score)
        source = Source(table.path.name, table.sha256, columns, left_out)
    return _grouped(source, columns, rows)


def _grouped(source: Source, columns: Columns, rows: list[_GroupRow]) -> GroupedMeans:
    of_unit = settled(dict.fromkeys(unit for _, _, unit, _ in rows), columns.unit)
    of_group = settled(dict.fromkeys(group for group, _, _, _ in rows), str(columns.part))
    means: dict[str, dict[str, GroupMean]] = {}
    weights: dict[str, float] = {}
    for group, weight, unit, mean in (
        (of_group[group], weight, of_unit[unit], mean) for group, weight, unit, mean in rows
    ):
        if weights.setdefault(group, weight) != weight:
            raise InputError("weight_varies", part=group, column=columns.part_weight)
        if unit in means.setdefault(group, {}):
            raise InputError("unit_twice", unit=f"{unit} · {group}")
        means[group][unit] = mean
    units = tuple(dict.fromkeys(of_unit[unit] for _, _, unit, _ in rows))
    return GroupedMeans(source, units, tuple(RaterGroup(name, weights[name], means[name]) for name in means))


def _cells(table: Table, columns: Columns) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, plain cells by the name asked for)."""
    places = table.places(columns.named())
    try:
        for line, values in table.rows():
            yield line, {name: plain(values[place]) for name, place in places.items()}
    except duckdb.Error as error:
        raise refuse_ragged(table, error) from error


def _group(columns: Columns, line: int, cells: dict[str, str]) -> tuple[str, float]:
    group, weight = _label(cells, str(columns.part), line), _number(cells, str(columns.part_weight), line)
    if weight <= 0:
        raise InputError("weight_not_positive", part=group)
    return group, weight


def _levels(columns: Columns, line: int, cells: dict[str, str]) -> tuple[str, ...]:
    return tuple(_label(cells, name, line) for name in _fixed_names(columns))


def _label(cells: dict[str, str], column: str, line: int) -> str:
    value = cells[column]
    if value in MISSING:
        raise InputError("label_missing" if value else "blank_label", line=line, column=column, value=value)
    return value


def _row(columns: Columns, line: int, cells: dict[str, str]) -> tuple[str, float, float, int] | None:
    unit = _label(cells, columns.unit, line)
    if cells[columns.score] in MISSING:
        return None
    score = _number(cells, columns.score, line)
    error = _number(cells, str(columns.error), line)
    if error < 0:
        raise InputError("error_negative", line=line, value=cells[str(columns.error)], column=columns.error)
    return unit, score, error, _count(cells, columns.count, line) if columns.count else 0


def _number(cells: dict[str, str], column: str, line: int) -> float:
    value = cells[column]
    try:
        found = number(value)
    except ValueError as error:
        raise InputError(str(error), line=line, value=value, column=column) from error
    if found is None:
        raise InputError("blank_label", line=line, column=column)
    if abs(found) > LARGEST:
        raise InputError("score_too_large", value=f"{found:g}")
    if 0 < abs(found) < SMALLEST:
        raise InputError("score_too_small", value=f"{abs(found):g}")
    return found


def _count(cells: dict[str, str], column: str, line: int) -> int:
    found = _number(cells, column, line)
    if not 1 <= found <= MOST_MARKS or found != int(found):
        raise InputError("count_not_whole", line=line, value=cells[column], column=column)
    return int(found)
