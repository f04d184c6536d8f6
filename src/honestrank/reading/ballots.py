"""Reads ballots that rank from CSV or Parquet: long (ballot, item, rank) or wide (a ballot a row, a column a candidate).

A blank rank says that the candidate is not listed. How the ballots are counted is decided in `counting`.
"""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

from honestrank.reading.labels import MISSING, label_order
from honestrank.reading.tables import OpenTable, Table, refuse_ragged
from honestrank.sums import BallotColumns, BallotFile, Ballots, Unlisted
from honestrank.words.wording import InputError

Integers = NDArray[np.int64]

# Pairwise methods hold tables of candidates squared and walk through candidates cubed: 10^9 steps, some seconds.
MOST_CANDIDATES = 1_000


def read_ballots(path: str | Path, columns: BallotColumns, unlisted: Unlisted = "below") -> BallotFile:
    """Ballots of a file, places made 1, 2, … without gaps, equal ranks as ties.

    Raises InputError naming the line: a rank that is no whole number from 1, a blank label, a candidate ranked twice; a
    file in which nobody is ranked, or more than 1,000 candidates.
    """
    with OpenTable(Path(path)) as table:
        table.require(columns.named())
        try:
            found = _long(table, columns) if columns.item else _wide(table, columns)
        except duckdb.Error as error:
            raise refuse_ragged(table, error) from error
        return _gathered(table, columns, unlisted, *found)


def _long(table: Table, columns: BallotColumns) -> tuple[list[str], dict[str, dict[str, int]], dict[str, int]]:
    """Candidates in reading order, the ranks of each ballot, and how often it was cast (once)."""
    ranks: dict[str, dict[str, int]] = {}
    seen: dict[str, None] = {}
    for line, cells in _cells(table):
        ballot, item = (_label(cells, name, line) for name in (columns.ballot, columns.item))
        mine = ranks.setdefault(ballot, {})
        seen[item] = None
        rank = _rank(cells[str(columns.rank)], str(columns.rank), line)
        if item in mine:
            raise InputError("ranked_twice_on_line", line=line, ballot=ballot, candidate=item)
        mine[item] = rank
    names = list(seen)
    return [names[i] for i in label_order(names)], ranks, dict.fromkeys(ranks, 1)


def _wide(table: Table, columns: BallotColumns) -> tuple[list[str], dict[str, dict[str, int]], dict[str, int]]:
    candidates = [name for name in table.columns if name not in columns.named()]
    ranks: dict[str, dict[str, int]] = {}
    counts: dict[str, int] = {}
    for number, (line, cells) in enumerate(_cells(table), start=1):
        ballot = _label(cells, columns.ballot, line) if columns.ballot else str(number)
        if ballot in ranks:
            raise InputError("ballot_twice", line=line, ballot=ballot)
        ranks[ballot] = {name: _rank(cells[name], name, line) for name in candidates}
        counts[ballot] = _whole(cells[columns.count], columns.count, line) if columns.count else 1
    return candidates, ranks, counts


def _cells(table: Table) -> Iterator[tuple[int, dict[str, str]]]:
    for line, values in table.rows():
        if len(values) != len(table.columns):
            raise InputError("ragged", line=line, found=len(values), expected=len(table.columns))
        yield line, dict(zip(table.columns, (value.strip() for value in values), strict=True))


def _label(cells: dict[str, str], column: str | None, line: int) -> str:
    value = cells[str(column)]
    if not value:
        raise InputError("blank_label", line=line, column=column)
    return value


def _rank(value: str, column: str, line: int) -> int:
    """The rank, 0 where none is given."""
    return 0 if value in MISSING else _whole(value, column, line)


def _whole(value: str, column: str, line: int) -> int:
    number = value.removesuffix(".0")
    if not (number.isascii() and number.isdigit() and 0 < len(number) <= 9 and int(number) > 0):
        raise InputError("count_not_whole", line=line, value=value, column=column)
    return int(number)


def _gathered(
    table: Table,
    columns: BallotColumns,
    unlisted: Unlisted,
    candidates: list[str],
    ranks: dict[str, dict[str, int]],
    counts: dict[str, int],
) -> BallotFile:
    if not candidates:
        raise InputError("no_candidates")
    if len(candidates) > MOST_CANDIDATES:
        raise InputError("too_many_candidates", count=f"{len(candidates):,}", most=f"{MOST_CANDIDATES:,}")
    listed = {ballot: mine for ballot, mine in ranks.items() if any(mine.values())}
    if not listed:
        raise InputError("nobody_ranked")
    given = np.array([[mine.get(name, 0) for name in candidates] for mine in listed.values()], dtype=np.int64)
    number = np.array([counts[ballot] for ballot in listed], dtype=np.int64)
    places, first, kind = np.unique(_without_gaps(given), axis=0, return_index=True, return_inverse=True)
    order = np.argsort(first)
    together = np.bincount(kind.ravel(), weights=number).astype(np.int64)
    labels, cast = list(listed), int(number.sum())
    ballots = Ballots(tuple(candidates), places[order], together[order], unlisted)
    kept = tuple(labels[i] for i in first[order].tolist())
    return BallotFile(table.path.name, table.sha256, columns, ballots, kept, cast, sum(counts.values()) - cast)


def _without_gaps(ranks: Integers) -> Integers:
    """Ranks 2, 2, 5 become places 1, 1, 2; 0 stays 0."""
    places = np.zeros_like(ranks)
    for row, mine in zip(places, ranks, strict=True):
        chosen = np.flatnonzero(mine)
        row[chosen] = np.unique(mine[chosen], return_inverse=True)[1] + 1
    return places
