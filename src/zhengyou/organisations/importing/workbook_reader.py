"""The process that opens one workbook, so that a hostile file can exhaust or crash nothing but itself.

`workbooks.read_sheets` runs this file with `python -I`: the workbook's bytes on standard input, JSON on standard output.
It knows nothing of organisations; macros, formulas' text and formats are not read, only the computed values.
"""

import io
import json
import resource
import sys
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

MEMORY = 3 << 30
SECONDS = 60
ROWS = 100_000
COLUMNS = 200
SURE_DIGITS = 15  # beyond, a spreadsheet's number has been rounded
ROUNDED = "≈"


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


def rows_of(sheet: CalamineSheet) -> list[tuple[int, list[str]]]:
    """The rows that say anything, each with its number in the file; vertically merged cells count for every row."""
    grid = [[text_of(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    spoken = [n for n, cells in enumerate(grid) if any(cells)]
    if len(spoken) > ROWS:
        raise TooLargeError("rows")
    if any(any(grid[n][COLUMNS:]) for n in spoken):
        raise TooLargeError("columns")
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        if left == right and top < len(grid) and left < len(grid[top]):
            for n in range(top + 1, min(bottom + 1, len(grid))):
                grid[n][left] = grid[top][left]
    return [(n + 1, grid[n][:COLUMNS]) for n in spoken]


def sheets_of(data: bytes) -> list[dict[str, Any]]:
    """Every worksheet with its name, whether it is hidden, and its rows."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    sheets: list[dict[str, Any]] = []
    for about in book.sheets_metadata:
        if "WorkSheet" not in str(about.typ):
            continue
        rows = rows_of(book.get_sheet_by_name(about.name))
        hidden = about.visible != SheetVisibleEnum.Visible
        sheets.append({"name": about.name, "is_hidden": hidden, "rows": rows})
        if sum(len(sheet["rows"]) for sheet in sheets) > ROWS:
            raise TooLargeError("rows")
    return sheets


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
    except (CalamineError, MemoryError, ValueError, OSError):
        answer = {"refused": "broken"}
    sys.stdout.write(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main())
