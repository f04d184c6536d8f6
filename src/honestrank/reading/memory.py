"""Columns in memory as an open table: written as plain CSV and read from there as a file is, so that both give one answer.

What counts as a column is `given`'s business; what the columns mean is said in the readers.
"""

import csv
import math
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from honestrank.given import check_text
from honestrank.reading.layout import Layout
from honestrank.reading.tables import Table, file_sha256, open_connection, place_among, view_text
from honestrank.words.wording import InputError

# What the answer calls a table that has no file; its hash is that of the columns asked for, as CSV.
NAME = "table"


class MemoryTable:
    """Context manager: `columns` by name, of which those `wanted` are read; nothing stays of it afterwards.

    None says that nothing is known. A row with nothing in all of them is left out, as a blank line is.
    Raises InputError for a table without rows, one without such a column, and for a number that is not finite, naming its row.
    """

    def __init__(self, columns: Mapping[str, list[Any]], wanted: Sequence[str], memory: float | None = None) -> None:
        self.columns, self.wanted, self.memory = columns, wanted, memory

    def __enter__(self) -> Table:
        if not any(self.columns.values()):
            raise InputError("no_rows", path=NAME)
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="honestrank-")))
            text, names = folder / NAME, tuple(self.columns)
            kept = [names[place] for place in sorted({place_among(name, names) for name in self.wanted})]
            self._write(text, kept)
            connection = open_connection(stack, folder, self.memory)
            fields = tuple(f"column{place}" for place in range(len(kept)))
            view_text(connection, text, fields, ",", 0)
            layout = Layout(",", tuple(kept), len(kept), 0, True)
            found = Table(
                connection, text, text, layout, tuple(kept), fields, file_sha256(text), is_tidy=True
            )  # fmt: skip
            self._opened = stack.pop_all()
        return found

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def _write(self, text: Path, kept: Sequence[str]) -> None:
        """A row a line: where a cell cannot be read, the number of its line is that of its row."""
        with text.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL)
            for number, row in enumerate(zip(*(self.columns[name] for name in kept), strict=True), start=1):
                writer.writerow([_cell(value, name, number) for value, name in zip(row, kept, strict=True)])


def _cell(value: Any, name: str, row: int) -> str:
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return ""
    is_broken = isinstance(value, Fraction) or (isinstance(value, Decimal) and not value.is_finite())
    if is_broken or isinstance(value, float) or type(value).__name__.startswith("float"):
        if not math.isfinite(value):
            raise InputError("score_not_finite", line=row, value=f"{value:g}", column=name)
        return repr(float(value))
    text = str(value)
    check_text(text, name, row)
    return " ".join(text.split("\n"))
