"""How a text file is laid out: separator, heading, titles above it, columns without a name; and a tidy copy where it is untidy.

Looks at the first lines only. What the columns mean is not known here.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from honestrank.reading.cells import NARROWED, folded, plain
from honestrank.words.wording import InputError

# The comma first: of two that divide a file equally well the one named first is taken.
DELIMITERS = ",;\t|\uff0c\uff1b"

# What R's write.table puts between cells. Words of a title are divided by it too, so it is tried only where the
# columns asked for are then found.
BLANK = " "

# Rows looked at: enough for a title and a few remarks above the heading, and for rows that show how wide they are.
SAMPLE = 40

# What pandas calls a column without a name when it reads such a file and writes it again.
UNNAMED = re.compile(r"Unnamed: [0-9]+(_level_[0-9]+)?")


@dataclass(frozen=True)
class Layout:
    """`columns`: headings, "" for a column without a name; `least`: cells a row must have, those after them may be cut off.

    `skip`: lines up to the heading and with it. `is_even`: the last column has a name, and the sample's rows are all as wide.
    """

    delimiter: str
    columns: tuple[str, ...]
    least: int
    skip: int
    is_even: bool

    def row(self, cells: list[str], line: int) -> list[str]:
        """As many cells as there are columns: blank ones at the end go or are filled up. Raises InputError.

        Digits behind the last heading are refused: a decimal comma or thousands without quotation marks leave them there.
        """
        width = len(self.columns)
        told = _told(cells)
        if told > width or len(cells) < self.least:
            raise InputError("ragged", line=line, found=told if told > width else len(cells), expected=width)
        if told > self.least and any(_is_number(cell) for cell in cells[self.least : told]):
            raise InputError("number_behind_headings", line=line, value=next(filter(_is_number, cells[self.least :])))
        return cells[:width] + [""] * (width - len(cells))


@dataclass(frozen=True)
class _Sampled:
    """Rows at the top of the file, each with the line it begins after and that it ends on."""

    delimiter: str
    rows: list[tuple[int, int, list[str]]]
    heading: int

    def score(self, wanted: Sequence[str]) -> tuple[int, int, float, int]:
        """How well the separator explains the file: headings found, exactly found, rows as wide as the heading, width.

        Blank cells at the end of a row count for nothing, wherever they stand.
        """
        cells = self.rows[self.heading][2]
        head = [plain(cell) for cell in cells[: _told(cells)]]
        below = self.rows[self.heading + 1 :]
        alike = sum(_told(row) <= len(head) <= len(row) for _, _, row in below) / max(1, len(below))
        kinds = {kind_of(cell) for cell in head}
        known = sum(kind_of(name) in kinds for name in wanted)
        # Without a name to look for, rows cut into one cell agree with each other too.
        return known, sum(name in head for name in wanted), alike if len(head) > 1 else 0.0, len(head)


def _told(cells: list[str]) -> int:
    """How many cells a row has up to the last one that says something."""
    return max((place + 1 for place, cell in enumerate(cells) if plain(cell)), default=0)


def _is_number(cell: str) -> bool:
    return plain(cell).translate(NARROWED).isdecimal()


def kind_of(heading: str) -> str:
    """What two headings share that differ in capitals, blanks or width only."""
    return folded(plain(heading)).casefold()


def find_layout(text: Path, name: str, wanted: Sequence[str]) -> Layout:
    """The layout under which the headings `wanted` are found, else the most even one.

    Raises InputError for a file without text or without rows, and for a quotation mark that is never closed on top.
    """
    tried = [_sampled(text, delimiter, wanted) for delimiter in (DELIMITERS + BLANK if wanted else DELIMITERS)]
    usable = [one for one in tried if one is not None and one.rows]
    if not usable:
        _refuse_quoting(text, DELIMITERS[0])
        raise InputError("empty_file", path=name)
    best = max(usable, key=lambda one: one.score(wanted))
    if best.delimiter == BLANK:
        # Blanks stand around cells that something else divides too: they may divide where nothing else gives all headings.
        firm = max((one for one in usable if one.delimiter != BLANK), key=lambda one: one.score(wanted), default=best)
        best = firm if firm.score(wanted)[0] == len(wanted) or best.score(wanted)[0] < len(wanted) else best
    if best.score(wanted)[0] < len(wanted) and best.score(wanted)[-1] == 1 and None in tried[: len(DELIMITERS)]:
        # Nothing divides the heading, and under this separator a quotation mark in it is never closed: likelier than a
        # missing column. Where a separator does divide it, quotation marks look wrong to the others only.
        _refuse_quoting(text, DELIMITERS[tried.index(None)])
    if best.heading + 1 == len(best.rows):
        _refuse_quoting(text, best.delimiter)
        raise InputError("no_rows", path=name)
    return _laid_out(text, best)


def _sampled(text: Path, delimiter: str, wanted: Sequence[str]) -> _Sampled | None:
    rows: list[tuple[int, int, list[str]]] = []
    with text.open(encoding="utf-8-sig", newline="") as stream:
        reader, begun = csv.reader(stream, delimiter=delimiter, strict=True), 0
        try:
            for cells in reader:
                if any(plain(cell) for cell in cells):
                    rows.append((begun, reader.line_num, cells))
                begun = reader.line_num
                if len(rows) == SAMPLE:
                    break
        except csv.Error:
            if not rows:
                return None
    return _Sampled(delimiter, rows, _heading(rows, wanted))


def _heading(rows: list[tuple[int, int, list[str]]], wanted: Sequence[str]) -> int:
    """The row of headings: that with all names wanted, else the first after titles. What stands above says less than it."""
    full = [sum(1 for cell in cells if plain(cell)) for _, _, cells in rows]
    kinds = {kind_of(name) for name in wanted}
    for place, (_, _, cells) in enumerate(rows):
        if place and full[place] <= max(full[:place]):
            continue
        if kinds and kinds <= {kind_of(cell) for cell in cells}:
            return place
    # A title stands in the first cell of its row, over rows that have more.
    place = 0
    while place + 1 < len(rows) and full[place] == 1 and plain(rows[place][2][0]) and max(full[place + 1 :]) > 1:
        place += 1
    return place


def _laid_out(text: Path, best: _Sampled) -> Layout:
    _, line, cells = best.rows[best.heading]
    columns = tuple("" if UNNAMED.fullmatch(plain(cell)) else plain(cell) for cell in cells)
    below = [row for _, _, row in best.rows[best.heading + 1 :]]
    if _is_shifted(len(columns), below) and _begins_with_quote(text, line):
        columns = ("", *columns)
    least = max((place + 1 for place, column in enumerate(columns) if column), default=len(columns))
    is_even = least == len(columns) and all(len(row) == least for row in below)
    return Layout(best.delimiter, columns, least, line, is_even)


def _is_shifted(width: int, below: list[list[str]]) -> bool:
    """Whether rows begin with their number, for which R writes no heading."""
    first = [plain(row[0]) for row in below]
    begins = first[0] in ("0", "1") and first == [str(int(first[0]) + place) for place in range(len(first))]
    return begins and all(len(row) == width + 1 for row in below) and any(plain(row[-1]) for row in below)


def _begins_with_quote(text: Path, lines: int) -> bool:
    """Whether what stands below these lines begins with a quotation mark, as the names of rows do that R writes."""
    with text.open(encoding="utf-8-sig", newline="") as stream:
        return next(line for number, line in enumerate(stream) if number >= lines and line.strip()).startswith('"')


def _refuse_quoting(text: Path, delimiter: str) -> None:
    """Raise InputError where the rows end because the next one cannot be read."""
    for _ in read_rows(text, delimiter):
        pass


def read_rows(text: Path, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(line the row ends on, its cells), blank rows left out. Raises InputError naming the line where quoting goes wrong."""
    with text.open(encoding="utf-8-sig", newline="") as stream:
        reader, begun = csv.reader(stream, delimiter=delimiter, strict=True), 1
        try:
            for cells in reader:
                if any(plain(cell) for cell in cells):
                    yield reader.line_num, cells
                begun = reader.line_num + 1
        except csv.Error as error:
            raise InputError(_quoting(error), line=begun) from error


def _quoting(error: csv.Error) -> str:
    if "limit" in str(error):
        return "line_too_long"
    return "quote_open" if "end of data" in str(error) else "quote_inside"


def below_heading(text: Path, layout: Layout) -> Iterator[tuple[int, list[str]]]:
    """The rows of data, each as wide as the heading, with the line it ends on. Raises InputError naming a ragged line."""
    for line, cells in read_rows(text, layout.delimiter):
        if line > layout.skip:
            yield line, layout.row(cells, line)


def blank_rows(text: Path, layout: Layout) -> int:
    """How many rows below the heading have all their cells and nothing in any; an empty line has none."""
    with text.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream, delimiter=layout.delimiter, strict=True)
        return sum(
            1
            for cells in reader
            if reader.line_num > layout.skip and len(cells) >= max(2, layout.least) and not any(map(plain, cells))
        )


def tidy_copy(text: Path, layout: Layout, copy: Path) -> None:
    """The rows of data, as wide as the heading each, as plain CSV without a heading. Raises InputError as `below_heading`."""
    with copy.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(row for _, row in below_heading(text, layout))
