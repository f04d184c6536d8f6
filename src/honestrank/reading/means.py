"""Reads a file of means with standard errors, as published tables have them; `standing` ranks them.

One row for each unit, or one for each unit and group of raters with its weight.

Values go through as written, units in the order of the file, so that a stranger's figures equal the publisher's.
"""

import math
from pathlib import Path

import duckdb
import numpy as np

from honestrank.reading.labels import LARGEST, MISSING, label_order
from honestrank.reading.tables import OpenTable, Table, refuse_ragged
from honestrank.sums import Columns, FixedColumns, GroupedMeans, GroupMean, Means, RaterGroup, Source
from honestrank.words.wording import InputError


def read_means(path: str | Path, columns: Columns) -> Means:
    """Read the columns `unit`, `score`, `error` and, if asked for, `count` and `fixed` of a CSV or Parquet file.

    Rows whose score is blank or `NA` are left out and counted. Raises InputError naming the column or the line that
    is wrong: text for a number, a negative standard error, a count that is no whole number from 1.
    """
    with OpenTable(Path(path)) as table:
        table.require(columns.named())
        try:
            rows = [(_row(table, columns, line, values), line, values) for line, values in table.rows()]
        except duckdb.Error as error:
            raise refuse_ragged(table, error) from error
        known = [row for row, _, _ in rows if row is not None]
        if not known:
            raise InputError("no_scores", column=columns.score)
        levels = [_levels(table, columns, line, values) for row, line, values in rows if row is not None]
        source = Source(table.path.name, table.sha256, columns, len(rows) - len(known))
        units, scores, errors, counts = zip(*known, strict=True)
        return Means(source, units, scores, errors, counts if columns.count else None, _fixed(columns, levels))


def _fixed(columns: Columns, levels: list[tuple[str, ...]]) -> FixedColumns | None:
    if not columns.fixed:
        return None
    labels, codes = [], []
    for own in zip(*levels, strict=True):
        known = list(dict.fromkeys(own))
        labels.append(tuple(known[i] for i in label_order(known)))
        code = {label: place for place, label in enumerate(labels[-1])}
        codes.append([code[label] for label in own])
    return FixedColumns(tuple(":".join(factor) for factor in columns.fixed), tuple(labels), np.array(codes).T)


def read_grouped_means(path: str | Path, columns: Columns) -> GroupedMeans:
    """Read a file of means with a row for each unit and group of raters: `part` names the group, `part_weight` its weight.

    Raises InputError as `read_means`, for a group with two weights or one not above zero, and for a pair listed twice.
    """
    with OpenTable(Path(path)) as table:
        table.require(columns.named())
        means: dict[str, dict[str, GroupMean]] = {}
        weights: dict[str, float] = {}
        units: dict[str, None] = {}
        left_out = 0
        for line, values in table.rows():
            row = _row(table, columns, line, values)
            if row is None:
                left_out += 1
                continue
            group, weight = _group(table, columns, line, values)
            if weights.setdefault(group, weight) != weight:
                raise InputError("weight_varies", part=group, column=columns.part_weight)
            if row[0] in means.setdefault(group, {}):
                raise InputError("unit_twice", unit=f"{row[0]} · {group}")
            units.setdefault(row[0])
            means[group][row[0]] = GroupMean(row[1], row[2], row[3])
        if not units:
            raise InputError("no_scores", column=columns.score)
        source = Source(table.path.name, table.sha256, columns, left_out)
    return GroupedMeans(source, tuple(units), tuple(RaterGroup(name, weights[name], means[name]) for name in means))


def _group(table: Table, columns: Columns, line: int, values: list[str]) -> tuple[str, float]:
    cells = dict(zip(table.columns, (value.strip() for value in values), strict=True))
    group, weight = cells[str(columns.part)], _number(cells, str(columns.part_weight), line)
    if not group:
        raise InputError("blank_label", line=line, column=columns.part)
    if weight <= 0:
        raise InputError("weight_not_positive", part=group)
    return group, weight


def _levels(table: Table, columns: Columns, line: int, values: list[str]) -> tuple[str, ...]:
    cells = dict(zip(table.columns, (value.strip() for value in values), strict=True))
    for name in (name for factor in columns.fixed for name in factor):
        if not cells[name]:
            raise InputError("blank_label", line=line, column=name)
    return tuple(":".join(cells[name] for name in factor) for factor in columns.fixed)


def _row(table: Table, columns: Columns, line: int, values: list[str]) -> tuple[str, float, float, int] | None:
    if len(values) != len(table.columns):
        raise InputError("ragged", line=line, found=len(values), expected=len(table.columns))
    cells = dict(zip(table.columns, (value.strip() for value in values), strict=True))
    if not cells[columns.unit]:
        raise InputError("blank_label", line=line, column=columns.unit)
    if cells[columns.score] in MISSING:
        return None
    score = _number(cells, columns.score, line)
    error = _number(cells, str(columns.error), line)
    if error < 0:
        raise InputError("error_negative", line=line, value=cells[str(columns.error)], column=columns.error)
    return cells[columns.unit], score, error, _count(cells, columns.count, line) if columns.count else 0


def _number(cells: dict[str, str], column: str, line: int) -> float:
    value = cells[column]
    if value in MISSING:
        raise InputError("blank_label", line=line, column=column)
    try:
        number = float(value if "_" not in value else "")
    except ValueError as error:
        raise InputError("score_is_text", line=line, value=value, column=column) from error
    if not math.isfinite(number):
        raise InputError("score_not_finite", line=line, value=value, column=column)
    if abs(number) > LARGEST:
        raise InputError("score_too_large", value=f"{number:g}")
    return number


def _count(cells: dict[str, str], column: str, line: int) -> int:
    number = _number(cells, column, line)
    if number < 1 or number != int(number):
        raise InputError("count_not_whole", line=line, value=cells[column], column=column)
    return int(number)
