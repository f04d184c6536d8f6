"""A second issuer's own roll from its file: number and name of each person, errors by row in words. Nothing is stored here."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengyou.base.refusals import Refused
from zhengyou.campaigns import packs
from zhengyou.organisations.importing.columns import plain_heading
from zhengyou.organisations.importing.headings import looks_like_id_number
from zhengyou.organisations.importing.workbooks import read_sheets

OWN_NUMBERS = {"成员编号", "序号", "no"}  # a roll may number its people by itself
MOST_ERRORS = 20
LONGEST = {"number": 40, "name": 80}


class RollRefused(Refused):
    """The file is no roll, or rows of it are wrong; the sentence lists them."""


def read_roll(data: bytes) -> list[tuple[str, str]]:
    """The people of a CSV file (UTF-8, with or without BOM, or GBK) or a workbook, as (number, name) in the file's order.

    The first line may be a heading. Raises RollRefused naming every wrong row, and WorkbookRefused for what is no list at all.
    """
    rows = next((sheet.rows for sheet in read_sheets(data) if sheet.rows and not sheet.is_hidden), [])
    if not rows:
        raise RollRefused(
            gettext_lazy("This roll is empty. Write one person a line: number, name."), reason="roll.empty"
        )
    number_at, name_at, rows = _columns(rows)
    people, errors = [], []
    first: dict[str, int] = {}
    for row, cells in rows:
        number, name = _cell(cells, number_at), _cell(cells, name_at)
        if wrong := _wrong(number, name, first.get(number)):
            errors.append(_("Row %(row)d: %(wrong)s") % {"row": row, "wrong": wrong})
        first.setdefault(number, row)
        people.append((number, name))
    if errors:
        more = len(errors) - MOST_ERRORS
        tail = [_("… and %(more)d more rows.") % {"more": more}] if more > 0 else []
        raise RollRefused(
            "\n".join([_("This roll was not taken:"), *errors[:MOST_ERRORS], *tail]), reason="roll.bad-rows"
        )
    return people


def _columns(rows: list[tuple[int, list[str]]]) -> tuple[int, int, list[tuple[int, list[str]]]]:
    """Where number and name stand, and the rows below the heading if there is one."""
    head = [plain_heading(cell) for cell in rows[0][1]]
    numbers = [place for place, cell in enumerate(head) if cell in _headings_of("number") | OWN_NUMBERS]
    names = [place for place, cell in enumerate(head) if cell in _headings_of("name")]
    if numbers and names:
        return numbers[0], names[0], rows[1:]
    if numbers or names:
        raise RollRefused(
            gettext_lazy("The first line must head one column “number” and one “name” (编号、姓名)."),
            reason="roll.no-headings",
        )
    return 0, 1, rows


def _headings_of(column: str) -> set[str]:
    """How any pack heads a column of people: a second issuer's house has no pack of its own."""
    columns = [row for owner in packs.headings_of_others("") for row in owner.columns["people"] if row.slug == column]
    return {heading for row in columns for heading in row.headings}


def _cell(cells: list[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""


def _wrong(number: str, name: str, earlier: int | None) -> str:
    if not number:
        return _("the number is missing.")
    if not name:
        return _("the name is missing.")
    if looks_like_id_number(number) or looks_like_id_number(name):
        return _("ID-card numbers are never stored here. Use a member number.")
    if len(number) > LONGEST["number"] or len(name) > LONGEST["name"]:
        return _("the number has more than 40 characters, or the name more than 80.")
    if earlier is not None:
        return _("the number %(number)s already stands in row %(earlier)d.") % {"number": number, "earlier": earlier}
    return ""
