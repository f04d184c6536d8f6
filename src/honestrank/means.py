"""Reads a file of means with standard errors, as published tables have them; `standing` ranks them.

One row for each unit, or one for each unit and group of raters with its weight.

Values go through as written, units in the order of the file, so that a stranger's figures equal the publisher's.
"""

import math
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import numpy as np

from honestrank.assembly import Ranking, Standing, Warned
from honestrank.fixed import FixedColumns, FixedDesign
from honestrank.standing import standing
from honestrank.sufficient import MISSING, Columns, Source, label_order
from honestrank.tables import OpenTable, Table, refuse_ragged
from honestrank.weights import GroupMean, RaterGroup, combined_standing
from honestrank.wording import InputError


@dataclass(frozen=True)
class Means:
    """Per unit its mean score, standard error and, if the file tells, number of marks; what the means may move with."""

    source: Source
    units: tuple[str, ...]
    scores: tuple[float, ...]
    errors: tuple[float, ...]
    counts: tuple[int, ...] | None
    fixed: FixedColumns | None = None


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


def means_standing(means: Means, ranking: Ranking) -> Standing:
    """`standing` of the units of a file, as `ranking` asks. With counts the errors are taken as estimated from them.

    Without counts they are known from elsewhere and every unit is compared. Fixed columns become dummies against their
    first level, named in `fit_record.fixed`; columns that follow from others are left out and named. Raises InputError as `standing` does.
    """
    fixed = None if means.fixed is None else _dummies(means.fixed)
    found = standing(
        means.units,
        means.scores,
        means.errors,
        means.counts,
        design=None if fixed is None else np.column_stack([np.ones(len(means.units)), fixed.matrix.toarray()]),
        level=ranking.level,
        seed=ranking.seed,
        draws=ranking.draws,
        compare_from=ranking.compare_from,
        quota=ranking.quota,
    )
    missing = means.source.missing
    warnings: tuple[Warned, ...] = (Warned("missing_scores", {"count": missing}),) if missing else ()
    if fixed is None:
        return replace(found, warnings=(*warnings, *found.warnings))
    warnings += (Warned("fixed_dropped", {"columns": fixed.dropped}),) if fixed.dropped else ()
    effects = dict(zip(fixed.names, list(found.fit_record["fixed"].values())[1:], strict=True))
    return replace(found, fit_record=found.fit_record | {"fixed": effects}, warnings=(*warnings, *found.warnings))


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


def _dummies(fixed: FixedColumns) -> FixedDesign:
    """Each unit a cell of its own, with one mark."""
    units = len(fixed.codes)
    return FixedDesign.of(fixed, np.ones(units, dtype=np.int64), np.arange(units), units)


@dataclass(frozen=True)
class GroupedMeans:
    """Per group of raters its weight and its means by unit; `units` in the order of the file."""

    source: Source
    units: tuple[str, ...]
    groups: tuple[RaterGroup, ...]


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


def grouped_standing(means: GroupedMeans, ranking: Ranking) -> Standing:
    """`combined_standing` of the units that every group has a figure for; the others are left out and counted.

    Raises InputError as `combined_standing` does.
    """
    complete = [unit for unit in means.units if all(unit in group.means for group in means.groups)]
    found = combined_standing(complete, means.groups, ranking)
    left = len(means.units) - len(complete)
    warnings = (Warned("groups_incomplete", {"count": left}),) if left else ()
    return replace(found, warnings=(*warnings, *found.warnings))


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
    return number


def _count(cells: dict[str, str], column: str, line: int) -> int:
    number = _number(cells, column, line)
    if number < 1 or number != int(number):
        raise InputError("count_not_whole", line=line, value=cells[column], column=column)
    return int(number)
