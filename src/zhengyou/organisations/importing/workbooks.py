"""Workbooks and CSV files from outside as rows of text. Nothing here knows what they mean."""

import csv
import io
import json
import re
import signal
import subprocess
import sys
import zipfile
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from zhengyou.base.texts import has_unreadable, without_hidden
from zhengyou.organisations.importing import workbook_reader
from zhengyou.organisations.rules import WorkbookRefused

LARGEST = 10 * 1024 * 1024
LARGEST_UNPACKED = 200 * 1024 * 1024
MOST_MEMBERS = 2000
LARGEST_RATIO = 200
RATIO_COUNTS_FROM = 1024 * 1024
SEPARATORS = ",\t;，；|"  # the full-width ones come from an input method left on
HEAD_LINES = 50
MOST_LINES_A_CELL = 20  # a cell of more lines is a quotation mark that was never closed
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
OUT_OF_MEMORY_OR_TIME = {-signal.SIGABRT, -signal.SIGKILL, -signal.SIGXCPU}
LOCKED_OLD = re.compile(
    rb"\x09\x08(\x10\x00\x00\x06\x05\x00.{12}|\x08\x00\x00\x05\x05\x00.{4})(\x86\x00\x00\x00)?\x2f\x00", re.DOTALL
)

REFUSALS = {
    "size": _("This file is larger than 10 MB. Take out pictures and sheets that are not needed, or split it."),
    "empty": _("This file is empty. Choose the workbook again."),
    "locked": _("This workbook is locked with a password. Remove the password, save it and try again."),
    "bomb": _("This workbook unpacks to far more than its size. Open it, save it as a new .xlsx file and try again."),
    "broken": _("This workbook is damaged and cannot be read. Open it, save it as a new .xlsx file and try again."),
    "heavy": _(
        "This workbook holds more than the system can read at once. Take out sheets, columns and long "
        "texts that are not needed, or split it."
    ),
    "kind": _("This is not a workbook. Choose an .xlsx, .xls or .csv file; others can be saved as one of these."),
    "web-page": _(
        "This is a web page with a workbook’s name. Open it in a spreadsheet program, save it as .xlsx, try again."
    ),
    "rows": _("This workbook has more than 100,000 rows. Split it and import the parts one after the other."),
    "columns": _("This workbook has more than 200 columns. Delete the columns that are not needed and try again."),
}


@dataclass(frozen=True)
class Sheet:
    """One sheet: the rows that say anything, each with its number in the file.

    `marks` says by row and place what a cell is beside its text; `unseen` are the rows that the spreadsheet hides.
    """

    name: str
    is_hidden: bool
    rows: list[tuple[int, list[str]]]
    marks: workbook_reader.Marks = field(default_factory=dict)
    unseen: tuple[int, ...] = ()


def read_sheets(data: bytes) -> list[Sheet]:
    """The sheets of an .xlsx, .xlsm or .xls workbook or of a CSV file, told apart by content, never by name.

    Raises WorkbookRefused, with a sentence, for everything else and for files that are locked, broken or built to harm.
    """
    if len(data) > LARGEST:
        raise refused("size")
    if not data.strip():
        raise refused("empty")
    if data.startswith(b"PK\x03\x04"):
        _check_package(data)
        return _readable(_read_apart(data))
    if data.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in data or LOCKED_OLD.search(data):
            raise refused("locked")
        return _readable(_read_apart(data))
    return _readable([Sheet("", False, _read_csv(_decoded(data)))])


def refused(reason: str) -> WorkbookRefused:
    """The refusal with this reason."""
    return WorkbookRefused(REFUSALS[reason], reason=f"workbook.{reason}")


def _readable(sheets: list[Sheet]) -> list[Sheet]:
    """The cells as everybody reads them: without what turns or hides other words, a blank for what no font shows."""
    return [
        replace(sheet, rows=[(number, [_shown(cell) for cell in cells]) for number, cells in sheet.rows])
        for sheet in sheets
    ]


def _shown(cell: str) -> str:
    if cell.isprintable():  # nearly all of them; a hidden sign is none of these
        return cell
    return "".join(" " if has_unreadable(one) else one for one in without_hidden(cell)).strip()


def _check_package(data: bytes) -> None:
    """Look at the list of contents before anything is unpacked."""
    try:
        members = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError) as error:
        raise refused("broken") from error
    if any(member.flag_bits & 1 for member in members):
        raise refused("locked")
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > LARGEST_UNPACKED:
        raise refused("bomb")
    for member in members:
        if member.file_size > max(RATIO_COUNTS_FROM, LARGEST_RATIO * member.compress_size):
            raise refused("bomb")
    if "xl/workbook.xml" not in {member.filename for member in members}:
        raise refused("kind")


def _read_apart(data: bytes) -> list[Sheet]:
    """Let a process of its own, with limits on memory and time, open the workbook."""
    command = [sys.executable, "-I", str(Path(workbook_reader.__file__).resolve())]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=120, check=False)
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired as error:
        raise refused("heavy") from error
    except ValueError as error:
        raise refused("heavy" if done.returncode in OUT_OF_MEMORY_OR_TIME else "broken") from error
    if reason := answer.get("refused"):
        raise refused(reason)
    return [
        Sheet(
            sheet["name"],
            sheet["is_hidden"],
            [(number, cells) for number, cells in sheet["rows"]],
            {number: dict(places) for number, places in sheet["marks"]},
            tuple(sheet["unseen"]),
        )
        for sheet in answer["sheets"]
    ]


def _decoded(data: bytes) -> str:
    marked = next(
        (encoding for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")) if data.startswith(mark)), ""
    )
    data = data.removeprefix(b"\xef\xbb\xbf")  # some programs write it before a text in the other encoding as well
    for encoding in [marked] if marked else ["utf-8", "gb18030"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if data.startswith(b"%PDF") or re.search(r"[\x00-\x08\x0e-\x1f]", text):
            break
        if text.lstrip()[:200].lower().startswith(("<html", "<!doctype", "<table", "<?xml", "<meta")):
            raise refused("web-page")
        return text
    raise refused("kind")


def _read_csv(text: str) -> list[tuple[int, list[str]]]:
    rows: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    begins, line = 1, 1
    try:
        for number, record in enumerate(reader, 1):
            begins, line = line, reader.line_num + 1
            if line - begins > MOST_LINES_A_CELL:
                raise _never_closed(begins)
            cells = [cell.strip() for cell in record]
            if any(cells):
                rows.append((number, cells))
            if len(rows) > workbook_reader.ROWS:
                raise refused("rows")
            if any(cells[workbook_reader.COLUMNS :]):
                raise refused("columns")
    except csv.Error as error:
        if "limit" not in str(error):
            raise refused("broken") from error
        raise (_never_closed(line) if '"' in text else _too_long(line)) from error
    if line - begins > 1 and text.count('"') % 2:
        raise _never_closed(begins)
    return rows


def _never_closed(line: int) -> WorkbookRefused:
    """The refusal for a quotation mark that swallows the rest of the file."""
    return WorkbookRefused(
        _('A quotation mark (") opens in line %(line)d and is not closed. Delete it, or close it in the same line.')
        % {"line": line},
        reason="workbook.quote-not-closed",
    )


def _too_long(line: int) -> WorkbookRefused:
    """The refusal for a cell that is a book."""
    return WorkbookRefused(
        _("A cell in line %(line)d is longer than 100,000 characters. Shorten it, or save the list as .csv again.")
        % {"line": line},
        reason="workbook.cell-too-long",
    )


def _separator(text: str) -> str:
    """What parts the cells: the sign that gives the first lines the same number of cells, and most of them."""
    lines = [line for line in text[:20_000].splitlines() if line.strip()][:HEAD_LINES]
    return max(SEPARATORS, key=lambda sign: _evenness(lines, sign))


def _evenness(lines: list[str], sign: str) -> tuple[int, int]:
    """How many lines have the most usual number of cells, if that is more than one; and that number."""
    try:
        counts = [len(record) for record in csv.reader(lines, delimiter=sign)]
    except csv.Error:
        return (0, 0)
    usual, often = max(Counter(counts).items(), key=lambda pair: (pair[0] > 1, pair[1], pair[0]), default=(0, 0))
    return (often, usual) if usual > 1 else (0, 0)
