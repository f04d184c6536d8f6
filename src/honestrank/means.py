"""Reads a file of means with standard errors, as published tables have them; `standing` ranks them.

One row for each unit, or one for each unit and group of raters with its weight.

Values go through as written, units in the order of the file, so that a stranger's figures equal the publisher's.
"""

import math
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from honestrank.assembly import Ranking, Standing, Warned
from honestrank.standing import standing
from honestrank.sufficient import MISSING, Columns, Source
from honestrank.tables import OpenTable, Table, refuse_ragged
from honestrank.weights import GroupMean, RaterGroup, combined_standing
from honestrank.wording import InputError


@dataclass(frozen=True)
class Means:
    """Per unit its mean score, standard error and, if the file tells, number of marks."""

    source: Source
    units: tuple[str, ...]
    scores: tuple[float, ...]
    errors: tuple[float, ...]
    counts: tuple[int, ...] | None


def read_means(path: str | Path, columns: Columns) -> Means:
    """Read the columns `unit`, `score`, `error` and, if asked for, `count` of a CSV or Parquet file.

    Rows whose score is blank or `NA` are left out and counted. Raises InputError naming the column or the line that
    is wrong: text for a number, a negative standard error, a count that is no whole number from 1.
    """
    with OpenTable(Path(path)) as table:
        table.require(columns.named())
        try:
            rows = [_row(table, columns, line, values) for line, values in table.rows()]
        except duckdb.Error as error:
            raise refuse_ragged(table, error) from error
        known = [row for row in rows if row is not None]
        if not known:
            raise InputError("no_scores", column=columns.score)
        source = Source(table.path.name, table.sha256, columns, len(rows) - len(known))
        units, scores, errors, counts = zip(*known, strict=True)
        return Means(source, units, scores, errors, counts if columns.count else None)


def means_standing(means: Means, ranking: Ranking) -> Standing:
    """`standing` of the units of a file, as `ranking` asks. With counts the errors are taken as estimated from them.

    Without counts they are known from elsewhere and every unit is compared. Raises InputError as `standing` does.
    """
    found = standing(
        means.units,
        means.scores,
        means.errors,
        means.counts,
        level=ranking.level,
        seed=ranking.seed,
        draws=ranking.draws,
        compare_from=ranking.compare_from,
        quota=ranking.quota,
    )
    missing = means.source.missing
    warnings = (Warned("missing_scores", {"count": missing}),) if missing else ()
    return replace(found, warnings=(*warnings, *found.warnings))


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
