"""Guests as an office has them: pasted, one a line, or in a workbook with a column of names and one of contacts."""

import re

from zhengyou.organisations.importing.workbooks import Sheet, read_sheets
from zhengyou.polls.rules import Invited

NAMES = ("姓名", "名字", "name")
CONTACTS = ("联系方式", "联系电话", "手机", "电话", "地址", "床号", "病区", "contact", "phone", "address", "ward")
HEAD_WITHIN = 10


def pasted_guests(text: str) -> list[Invited]:
    """Each line that says anything: the name up to the first mark, tab or two spaces, then the contact."""
    return [_guest(line) for line in text.splitlines() if line.strip()]


def guests_of_file(data: bytes) -> list[Invited]:
    """The guests of all sheets of a workbook or CSV file; without headings the first column has names, the second contacts.

    Raises WorkbookRefused for what cannot be read.
    """
    return [guest for sheet in read_sheets(data) if not sheet.is_hidden for guest in _guests_of_sheet(sheet)]


def _guest(line: str) -> Invited:
    name, *rest = re.split(r"[、，,;；|\t]| {2,}|\u3000", line.strip(), maxsplit=1)
    if not rest:  # one space only
        name, *rest = line.split(maxsplit=1)
    return Invited(name.strip(), rest[0].strip(" ,，、;；|\t\u3000") if rest else "")


def _guests_of_sheet(sheet: Sheet) -> list[Invited]:
    rows = [[cell.strip() for cell in cells] for _number, cells in sheet.rows]
    first, name, contact = _columns(rows)
    found = []
    for cells in rows[first:]:
        filled = [*cells, *[""] * (max(name, contact) + 1 - len(cells))]
        if filled[name] or filled[contact]:
            found.append(Invited(filled[name], filled[contact]))
    return found


def _columns(rows: list[list[str]]) -> tuple[int, int, int]:
    """The first row of guests, the column of names, and that of contacts."""
    for place, cells in enumerate(rows[:HEAD_WITHIN]):
        lowered = [cell.lower() for cell in cells]
        names = [n for n, cell in enumerate(lowered) if any(word in cell for word in NAMES)]
        contacts = [n for word in CONTACTS for n, cell in enumerate(lowered) if word in cell and n not in names]
        if names and contacts:
            return place + 1, names[0], contacts[0]
    return 0, 0, 1
