"""Tables as CSV and .xlsx files for people's spreadsheet programs. Nothing here knows what the cells mean.

Data that programs read byte for byte, such as published scores, is written by its own room; it uses only `harmless` from here.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
WIDTH = 24


@dataclass(frozen=True)
class Sheet:
    """One sheet: its head and rows; `above` are rows that stand over the head, `widths` those of columns that need another."""

    name: str
    head: Sequence[str]
    rows: Iterable[Sequence[Any]]
    above: Sequence[Sequence[Any]] = ()
    widths: Sequence[int] = ()


def harmless(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet program would run it as a formula."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def write_csv(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A CSV in UTF-8 with BOM, so that Excel reads its Chinese; no cell of it runs as a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def write_workbook(sheets: Iterable[Sheet]) -> bytes:
    """An .xlsx. Text is written as text, so that no code loses its zeros and no formula runs; numbers stay numbers."""
    import xlsxwriter  # only the few who write a workbook pay for it

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        text = book.add_format({"num_format": "@"})
        bold = book.add_format({"num_format": "@", "bold": True, "bottom": 1})
        for sheet in sheets:
            _write_sheet(book.add_worksheet(sheet.name), sheet, text, bold)
    return out.getvalue()


def _write_sheet(page: Any, sheet: Sheet, text: Any, bold: Any) -> None:
    first = last = len(sheet.above)
    page.set_column(0, len(sheet.head) - 1, WIDTH, text)
    for column, width in enumerate(sheet.widths):
        page.set_column(column, column, width, text)
    page.freeze_panes(first + 1, 0)
    for column, title in enumerate(sheet.head):
        page.write_string(first, column, title, bold)
    for n, row in chain(enumerate(sheet.above), enumerate(sheet.rows, first + 1)):
        last = max(last, n)
        for column, value in enumerate(row):
            if isinstance(value, int | float):
                page.write_number(n, column, value)
            elif value:
                page.write_string(n, column, str(value), text)
    page.autofilter(first, 0, last, len(sheet.head) - 1)
