"""Reads ballots that rank from CSV or Parquet: long (ballot, item, rank) or wide (a ballot a row, a column a candidate).

A blank rank says that the candidate is not listed. How the ballots are counted is decided in `counting`.
"""

import re
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

from honestrank.reading.cells import DATED, MISSING, SERIAL, TOTALS, day_of, number, plain
from honestrank.reading.labels import label_order, settled
from honestrank.reading.layout import blank_rows, kind_of
from honestrank.reading.tables import OpenTable, Table, refuse_ragged
from honestrank.sums import BallotColumns, BallotFile, Ballots, Unlisted
from honestrank.words.wording import InputError

Integers = NDArray[np.int64]

# Pairwise methods hold tables of candidates squared and walk through candidates cubed: 10^9 steps, some seconds.
MOST_CANDIDATES = 1_000

# Headings of columns that say which ballot a row is or how many such ballots there are, without capitals, blanks and points.
OF_BALLOTS = (
    "serial", "serialno", "serialnumber", "no", "nr", "number", "num", "#", "id", "index", "row", "line", "voter", "voterid", "voterno",
    "ballot", "ballotid", "ballotno", "ballotnumber", "序号", "编号", "序", "号", "票号", "选票", "选票号", "选票编号", "投票人", "行号",
)  # fmt: skip
OF_COUNTS = (
    "n", "count", "counts", "freq", "frequency", "votes", "times", "票数", "张数", "数量", "次数", "人数", "计数",
)  # fmt: skip

# No place is this many times the number of candidates.
MOST_PLACES = 2


# Candidates, the ranks of each ballot, how often it was cast.
_Found = tuple[list[str], dict[str, dict[str, int]], dict[str, int]]


def read_ballots(path: str | Path, columns: BallotColumns, unlisted: Unlisted = "below") -> BallotFile:
    """Ballots of a file, places made 1, 2, … without gaps, equal ranks as ties.

    Raises InputError naming the line: a rank that is no whole number from 1, a blank label, a candidate ranked twice; a
    file in which nobody is ranked, or more than 1,000 candidates.
    """
    with OpenTable(Path(path), columns.named()) as table:
        table.require(columns.named())
        try:
            found = _long(table, columns) if columns.item else _wide(table, columns)
        except duckdb.Error as error:
            raise refuse_ragged(table, error) from error
        read = _gathered(table, columns, unlisted, *found)
        if columns.item or columns.ballot or columns.count or table.text is None or table.layout is None:
            return read
        # A row of separators alone is a ballot that ranks nobody.
        return replace(read, blank=read.blank + blank_rows(table.text, table.layout))


def _long(table: Table, columns: BallotColumns) -> _Found:
    """Candidates in reading order; every ballot was cast once."""
    ballot_at, item_at, rank_at = (table.place(str(name)) for name in (columns.ballot, columns.item, columns.rank))
    read = [
        (line, _label(row[ballot_at], columns.ballot, line), _label(row[item_at], columns.item, line), row[rank_at])
        for line, row in table.rows()
    ]
    ballots = settled(dict.fromkeys(ballot for _, ballot, _, _ in read), str(columns.ballot))
    items = settled(dict.fromkeys(item for _, _, item, _ in read), str(columns.item))
    ranks: dict[str, dict[str, int]] = {}
    for line, ballot, item, cell in read:
        mine = ranks.setdefault(ballots[ballot], {})
        rank = _rank(plain(cell), str(columns.rank), line)
        if items[item] in mine:
            raise InputError("ranked_twice_on_line", line=line, ballot=ballots[ballot], candidate=items[item])
        mine[items[item]] = rank
    names = list(dict.fromkeys(items.values()))
    return [names[i] for i in label_order(names)], ranks, dict.fromkeys(ranks, 1)


def _wide(table: Table, columns: BallotColumns) -> _Found:
    rows = list(table.rows())
    candidates = _candidates(table, columns, rows)
    ballot_at, count_at = (table.place(name) if name else None for name in (columns.ballot, columns.count))
    labels: dict[int, str] = {}
    if ballot_at is not None:
        labels = {line: _label(row[ballot_at], columns.ballot, line) for line, row in rows}
    own = settled(dict.fromkeys(labels.values()), str(columns.ballot))
    ranks: dict[str, dict[str, int]] = {}
    counts: dict[str, int] = {}
    for order, (line, row) in enumerate(rows, start=1):
        ballot = own[labels[line]] if labels else str(order)
        if ballot in ranks:
            raise InputError("ballot_twice", line=line, ballot=ballot)
        ranks[ballot] = {name: _rank(plain(row[place]), name, line) for name, place in candidates.items()}
        _refuse_beyond(ranks[ballot], line)
        counts[ballot] = 1 if count_at is None else _whole(plain(row[count_at]), str(columns.count), line)
    return list(candidates), ranks, counts


def _candidates(table: Table, columns: BallotColumns, rows: list[tuple[int, list[str]]]) -> dict[str, int]:
    """The headings that are candidates, and where each stands. Raises InputError for columns that cannot be told apart."""
    named = set(table.places(columns.named()).values())
    candidates: dict[str, int] = {}
    kinds: dict[str, str] = {}
    for place, heading in enumerate(table.columns):
        if place in named:
            continue
        cells = [plain(row[place]) for _, row in rows]
        if not heading:
            if not (_counts_rows(cells) and place == 0) and any(cells):
                raise InputError("unnamed_column", place=place + 1)
            continue
        _refuse_heading(heading)
        if place == 0 and _counts_rows(cells) and len(cells) > len(table.columns):
            raise InputError("column_counts_rows", column=heading)
        if place == 0 and _numbers_ballots(cells, len(table.columns)):
            raise InputError("column_numbers_ballots", column=heading)
        if heading in TOTALS:
            raise InputError("label_total", column=heading, label=heading)
        if heading in candidates:
            raise InputError("column_twice", column=heading)
        if kinds.setdefault(kind_of(heading), heading) != heading:
            raise InputError("labels_alike", column=heading, one=kinds[kind_of(heading)], other=heading)
        candidates[heading] = place
    _refuse_days(candidates)
    return candidates


def _refuse_days(headings: Collection[str]) -> None:
    """Raise InputError for a number by which spreadsheets keep a day, among candidates of whom some have no number for a name."""
    days = [heading for heading in headings if re.fullmatch(SERIAL, heading)]
    if days and not all(heading.isdecimal() for heading in headings):
        raise InputError("heading_serial", column=days[0], day=day_of(days[0]))


def _refuse_heading(heading: str) -> None:
    """Raise InputError for a heading that no candidate has: of a serial, a count, a total, or what a spreadsheet made of one."""
    own = re.sub(r"[\s._-]", "", heading).casefold()
    if own in OF_BALLOTS:
        raise InputError("heading_of_ballots", column=heading)
    if own in OF_COUNTS and heading != "N":  # a candidate may be called by a capital
        raise InputError("heading_of_counts", column=heading)
    if re.fullmatch(DATED, heading):
        raise InputError("heading_dated", column=heading)


def _refuse_beyond(ranks: dict[str, int], line: int) -> None:
    """Raise InputError for a place that so many candidates cannot have: the column holds something else.

    Twice their number, since places stay as they are when somebody withdraws.
    """
    for name, rank in ranks.items():
        if rank > MOST_PLACES * len(ranks):
            raise InputError("rank_beyond", line=line, value=rank, column=name, count=len(ranks))


def _counts_rows(cells: list[str]) -> bool:
    """Whether a column does nothing but number the rows, from 0 as pandas does or from 1 as R does."""
    return any(cells == [str(start + place) for place in range(len(cells))] for start in (0, 1))


def _numbers_ballots(cells: list[str], columns: int) -> bool:
    """Whether no two of a column's numbers are equal, and one is larger than any place among so many candidates can be."""
    given = [int(cell) for cell in cells if cell.isdecimal()]
    return len(given) == len(cells) > 1 and len(set(given)) == len(given) and max(given) > columns


def _label(cell: str, column: str | None, line: int) -> str:
    value = plain(cell)
    if value in MISSING:
        raise InputError("label_missing" if value else "blank_label", line=line, column=column, value=value)
    return value


def _rank(value: str, column: str, line: int) -> int:
    """The rank, 0 where none is given."""
    return 0 if value in MISSING else _whole(value, column, line)


def _whole(value: str, column: str, line: int) -> int:
    try:
        found = number(value)
    except ValueError as error:
        raise InputError("count_not_whole", line=line, value=value, column=column) from error
    if found is None or not 1 <= found < 1e9 or found != int(found):
        raise InputError("count_not_whole", line=line, value=value, column=column)
    return int(found)


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
