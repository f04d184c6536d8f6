"""The process that opens one workbook, so that a hostile file can exhaust or crash nothing but itself.

`workbooks.read_sheets` runs this file with `python -I`: the workbook's bytes on standard input, JSON on standard output.
It knows nothing of organisations; macros, formulas' text and formats are not read, only the computed values. What a cell is beside
its text (a day, a failed formula) stands in marks: by row and place.
"""

import datetime
import html
import io
import json
import re
import resource
import sys
import zipfile
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

MEMORY = 1536 << 20  # the house runs on machines of 2 GB
SECONDS = 60
ROWS = 100_000
COLUMNS = 200
FURTHEST_ROW, FURTHEST_COLUMN = 1 << 17, 1 << 10  # where a cell may stand: a list has room, an empty sheet no gigabytes
SURE_DIGITS = 15  # beyond, a spreadsheet's number has been rounded
ROUNDED = "≈"
DAY, TRUTH, FAILED, UNCOMPUTED = "day", "truth", "failed", "uncomputed"  # marks of a cell

# A sheet's own text tells what the values do not. Read by patterns: they take a tenth of the time of a reader of XML.
ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
NUMBERED = re.compile(rb"""<(?:\w+:)?(?:row|c)\b[^>]*?\br\s*=\s*["']([A-Za-z]*)([0-9]+)["']""")
VALUE = re.compile(rb"<(?:\w+:)?v>[^<]")
FORMULA = re.compile(rb"<(?:\w+:)?f\b")
SHEET = re.compile(r"<(?:\w+:)?sheet\b[^>]*>")
RELATION = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")
ATTRIBUTE = re.compile(r'([\w:]+)\s*=\s*"([^"]*)"')

Marks = dict[int, dict[int, str]]


class TooLargeError(Exception):
    """More rows or columns than an office's list can have."""


def text_of(value: Any) -> str:
    """A cell as text: whole numbers without a point, numbers too long to be exact marked with ROUNDED."""
    if isinstance(value, float) and value.is_integer():
        exact = abs(value) < 10**SURE_DIGITS
        return f"{'' if exact else ROUNDED}{int(value)}"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return str(value).strip()


def mark_of(value: Any) -> str:
    """What a value is that a code or a name cannot be, or nothing."""
    if isinstance(value, bool):
        return TRUTH
    return DAY if isinstance(value, datetime.date | datetime.time | datetime.timedelta) else ""


def rows_of(sheet: CalamineSheet) -> tuple[list[tuple[int, list[str]]], Marks]:
    """The rows that say anything, each with its number in the file; merged cells count for every row; and the marks."""
    values = sheet.to_python(skip_empty_area=False)
    grid = [[text_of(value) for value in row] for row in values]
    spoken = [n for n, cells in enumerate(grid) if any(cells)]
    if len(spoken) > ROWS:
        raise TooLargeError("rows")
    if any(any(grid[n][COLUMNS:]) for n in spoken):
        raise TooLargeError("columns")
    marks: Marks = {}
    for n in spoken:
        for place, value in enumerate(values[n][:COLUMNS]):
            if mark := mark_of(value):
                marks.setdefault(n + 1, {})[place] = mark
    for (top, left), (bottom, _right) in sheet.merged_cell_ranges or []:
        if top < len(grid) and left < len(grid[top]):
            for n in range(top + 1, min(bottom + 1, len(grid))):
                grid[n][left] = grid[top][left]
    return [(n + 1, grid[n][:COLUMNS]) for n in spoken], marks


def sheets_of(data: bytes) -> list[dict[str, Any]]:
    """Every worksheet with its name, whether it is hidden, its rows, their marks, and the numbers of its hidden rows."""
    texts = _texts_of(data)
    _check_reach(texts)
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    sheets: list[dict[str, Any]] = []
    for about in book.sheets_metadata:
        if "WorkSheet" not in str(about.typ):
            continue
        rows, marks = rows_of(book.get_sheet_by_name(about.name))
        hidden = about.visible != SheetVisibleEnum.Visible
        unseen = _look_closer(texts.get(about.name, b""), marks)
        rows = _with_silent(rows, marks)
        sheets.append(
            {
                "name": about.name,
                "is_hidden": hidden,
                "rows": rows,
                "marks": [[n, list(row.items())] for n, row in marks.items()],
                "unseen": sorted(unseen & {n for n, _cells in rows}),
            }
        )
        if sum(len(sheet["rows"]) for sheet in sheets) > ROWS:
            raise TooLargeError("rows")
    return sheets


def _with_silent(rows: list[tuple[int, list[str]]], marks: Marks) -> list[tuple[int, list[str]]]:
    """Rows of nothing but formulas that failed or were never computed say nothing, and are told all the same."""
    width = len(rows[0][1]) if rows else 0
    silent = marks.keys() - {number for number, _cells in rows}
    return sorted([*rows, *((number, [""] * width) for number in silent)])


def _check_reach(texts: dict[str, bytes]) -> None:
    """A cell far away makes the reader fill all rows before it, gigabytes for one sign: refused before anything is read.

    A number in a row beyond the last that can be taken is looked for, whatever the sheet says of its own size.
    """
    for text in texts.values():
        for where in NUMBERED.finditer(text):
            if int(where[2]) > FURTHEST_ROW:
                raise TooLargeError("rows")
            if where[1] and _column_of(where[1].decode()) >= FURTHEST_COLUMN:
                raise TooLargeError("columns")


def _look_closer(text: bytes, marks: Marks) -> set[int]:
    """Mark cells whose formula failed or was never computed; the numbers of the rows that nobody sees."""
    unseen: set[int] = set()
    heads = list(ROW.finditer(text))
    for place, head in enumerate(heads):
        about = dict(ATTRIBUTE.findall(head[1].decode()))
        number = int(about.get("r") or place + 1)
        if about.get("hidden") in ("1", "true"):
            unseen.add(number)
        end = heads[place + 1].start() if place + 1 < len(heads) else len(text)
        part = text[head.end() : end]
        if b't="e"' in part or b"<f" in part or b":f" in part:
            for column, mark in _failed(part):
                marks.setdefault(number, {})[column] = mark
    return unseen


def _failed(part: bytes) -> list[tuple[int, str]]:
    failed = []
    for cell in CELL.finditer(part):
        about, inside = dict(ATTRIBUTE.findall(cell[1].decode())), cell[2] or b""
        is_uncomputed = about.get("t") != "str" and FORMULA.search(inside) and not VALUE.search(inside)
        if about.get("t") == "e" or is_uncomputed:
            column = _column_of(about.get("r", ""))
            failed += [(column, UNCOMPUTED if is_uncomputed else FAILED)] if 0 <= column < COLUMNS else []
    return failed


def _column_of(reference: str) -> int:
    number = 0
    for letter in reference.rstrip("0123456789")[:4].upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def _texts_of(data: bytes) -> dict[str, bytes]:
    """Sheet's name to its text in the package; nothing for older workbooks, whose marks are the values' own."""
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
        relations = [
            dict(ATTRIBUTE.findall(one)) for one in RELATION.findall(_part(package, "xl/_rels/workbook.xml.rels"))
        ]
        targets = {one.get("Id"): one.get("Target", "") for one in relations}
        sheets = [dict(ATTRIBUTE.findall(one)) for one in SHEET.findall(_part(package, "xl/workbook.xml"))]
        texts = {}
        for one in sheets:
            target = targets.get(next((value for name, value in one.items() if name.endswith(":id")), ""), "")
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if path in package.namelist():
                texts[html.unescape(one.get("name", ""))] = package.read(path)
        return texts
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError, ValueError, OSError):
        return {}


def _part(package: zipfile.ZipFile, path: str) -> str:
    return package.read(path).decode("utf-8")


def main() -> int:
    """Read, answer, end. Whatever is not answered (a crash, a limit reached) the caller takes for a broken file."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer: dict[str, Any] = {"sheets": sheets_of(sys.stdin.buffer.read())}
    except PasswordError:
        answer = {"refused": "locked"}
    except TooLargeError as refusal:
        answer = {"refused": str(refusal)}
    except MemoryError:
        answer = {"refused": "heavy"}
    except (CalamineError, ValueError, OSError):
        answer = {"refused": "broken"}
    sys.stdout.write(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main())
