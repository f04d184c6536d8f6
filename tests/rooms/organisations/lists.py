"""Makes the workbooks and CSV files that the import's tests feed in."""

import csv
import io
from typing import Any

import xlsxwriter


def xlsx(*sheets: tuple[str, list[list[Any]]], hidden: tuple[str, ...] = (), merged: tuple[str, ...] = ()) -> bytes:
    """An .xlsx of sheets (name, rows); `merged` are ranges of the first sheet, whose top left cell keeps its text."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for n, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, str) and value.startswith("=="):
                        sheet.write_formula(n, column, value[1:], None, "由公式算出")
                    elif isinstance(value, str):
                        sheet.write_string(n, column, value)
                    elif value is not None:
                        sheet.write(n, column, value)
            if name in hidden:
                sheet.hide()
            for area in merged if name == sheets[0][0] else ():
                sheet.merge_range(area, "")
                row, column = (int(area.split(":")[0][1:]) - 1, ord(area[0]) - 65)
                sheet.write(row, column, rows[row][column])
    return out.getvalue()


def csv_text(rows: list[list[str]]) -> str:
    """The rows as CSV text."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()
