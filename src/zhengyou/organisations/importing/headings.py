"""Finds the list in a workbook: the sheet, the row of headings, which column is what; and leaves out what must not be kept.

Meaning comes later (`tree`, `people`): here a row is text by column, with ID-card numbers removed.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from zhengyou.base.words import in_readers_words
from zhengyou.organisations.importing.columns import (
    COLUMNS,
    Column,
    ForeignHeadings,
    columns_of_house,
    is_id_heading,
    plain,
    plain_heading,
)
from zhengyou.organisations.importing.sentences import Remark, say
from zhengyou.organisations.importing.workbooks import Sheet
from zhengyou.organisations.rules import WorkbookRefused
from zhengyou.organisations.vocabulary import worded

HEAD_WITHIN = 30
LONGEST_CELL = 400
KEYS = {"code", "number"}  # by which a list knows its rows
TOTALS = {"合计", "总计", "小计", "共计", "累计", "total", "sum", "subtotal"}
FOOTER = re.compile(r"(填表|制表|审核|负责人|备注|注[:：]|说明|日期|单位[（(]?盖章|note\b)", re.IGNORECASE)
ID_NUMBER = re.compile(
    r"(?<![0-9])[1-9][0-9]{5}(18|19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx](?![0-9])"
)


@dataclass
class ReadRow:
    """A row as it was read: its number in the file, its text by column, and the columns whose text was an ID-card number."""

    number: int
    cells: dict[str, str]
    removed: list[str] = field(default_factory=list)


@dataclass
class Reading:
    """What was read of a file, and remarks on it."""

    rows: list[ReadRow] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def looks_like_id_number(text: str) -> bool:
    """Whether the text holds eighteen digits built like an ID-card number; spaces and dashes hide nothing."""
    if len(text) < 18:
        return False
    return bool(ID_NUMBER.search(re.sub(r"[\s\-·.≈]", "", unicodedata.normalize("NFKC", text))))


def without_id_numbers(text: str) -> str:
    """The text, or nothing if it holds an ID-card number."""
    return "" if looks_like_id_number(text) else text


def read_list(sheets: list[Sheet], what: str, foreign: Sequence[ForeignHeadings] = ()) -> Reading:
    """The rows of the sheet that looks most like the list asked for, by the headings of the house's pack.

    Raises WorkbookRefused if none does; `foreign` are the headings of other packs, to say whose list it then is.
    """
    columns = columns_of_house(what)
    lists = [(sheet, head) for sheet in sheets if (head := _find_head(sheet, columns)) is not None]
    if not lists:
        raise _no_head(sheets, what, columns, foreign)
    sheet, head = max(lists, key=lambda pair: (not pair[0].is_hidden, len(pair[1][1]), len(pair[0].rows)))
    reading = Reading()
    others = [without_id_numbers(row.name) or "…" for row in sheets if row is not sheet]
    if others:
        reading.remarks.append(say("sheet-taken", sheet=without_id_numbers(sheet.name) or "…", others=others))
    if owner := _better_known_to(sheet, head, what, foreign):
        reading.remarks.append(say("headings-of-another-pack", pack=in_readers_words(owner.pack)))
    _read_rows(reading, sheet, *head, columns)
    if not reading.rows:
        raise WorkbookRefused(
            _("Under the headings there are no rows. Fill in the list and try again."), reason="workbook.no-rows"
        )
    return reading


def _find_head(sheet: Sheet, columns: Sequence[Column]) -> tuple[int, dict[str, list[int]]] | None:
    """Where in the sheet's rows the headings stand, and the columns' places; None without the needed ones."""
    best: tuple[int, dict[str, list[int]]] | None = None
    headings = [(column.slug, column.headings) for column in columns]
    for position, (_number, cells) in enumerate(sheet.rows[:HEAD_WITHIN]):
        places = _places(cells, headings)
        needed = columns and all(column.slug in places for column in columns if column.is_needed)
        if needed and (best is None or len(places) > len(best[1])):
            best = position, places
    return best


def _places(cells: list[str], headings: list[tuple[str, set[str]]]) -> dict[str, list[int]]:
    """Column to the places where it stands; of several (code and name of the parent) the code comes first."""
    places: dict[str, list[int]] = {}
    for place, cell in enumerate(cells):
        heading = plain_heading(cell)
        if not heading or is_id_heading(heading):
            continue
        for slug, known in headings:
            if heading in known:
                places.setdefault(slug, []).append(place)
    for several in places.values():
        several.sort(key=lambda place: not re.search(r"代码|编码|编号|工号|code|number", cells[place].lower()))
    return places


def _read_rows(
    reading: Reading, sheet: Sheet, position: int, places: dict[str, list[int]], columns: Sequence[Column]
) -> None:
    head = sheet.rows[position][1]
    key = next(column.slug for column in columns if column.slug in KEYS)
    left_out: list[int] = []
    removed: list[int] = []
    for number, cells in sheet.rows[position + 1 :]:
        row = _row(number, cells, places)
        if _is_no_entry(cells, row.cells, head, key):
            left_out.append(number)
        elif row.cells or row.removed:
            reading.rows.append(row)
            removed += [number] if row.removed else []
    for column in head:
        if is_id_heading(plain_heading(column)):
            reading.remarks.append(say("id-column", column=without_id_numbers(column)[:60]))
    taken = {place for several in places.values() for place in several}
    unread = [cell for place, cell in enumerate(head) if cell and place not in taken]
    unread = [cell[:60] for cell in unread if not is_id_heading(plain_heading(cell)) and without_id_numbers(cell)]
    for slug, name, named in (("columns-unread", "columns", unread), ("id-values", "rows", removed)):
        if named:
            reading.remarks.append(say(slug, **{name: named}))
    if left_out:
        reading.remarks.append(say("left-out", rows=left_out))


def _row(number: int, cells: list[str], places: dict[str, list[int]]) -> ReadRow:
    kept: dict[str, str] = {}
    removed: list[str] = []
    for slug, several in places.items():
        text = next((cells[place] for place in several if place < len(cells) and cells[place]), "")
        if looks_like_id_number(text):
            removed.append(slug)
        elif text:
            kept[slug] = re.sub(r"[\x00-\x1f\x7f]", " ", text)[:LONGEST_CELL]
    return ReadRow(number, kept, removed)


def _is_no_entry(cells: list[str], kept: dict[str, str], head: list[str], key: str) -> bool:
    """Totals, what stands below the list (who filled it in, notes), and headings that are printed again."""
    filled = [cell for cell in cells if cell]
    if filled == [cell for cell in head if cell]:
        return True
    is_total = any(plain(cell) in TOTALS for cell in filled)
    if is_total and (key not in kept or plain(kept[key]) in TOTALS):
        return True
    return bool(len(kept) <= 1 and FOOTER.match(filled[0]))


def _better_known_to(
    sheet: Sheet, head: tuple[int, dict[str, list[int]]], what: str, foreign: Sequence[ForeignHeadings]
) -> ForeignHeadings | None:
    """The pack that knows more columns of this list than the house's own, or None."""
    counts = [(len(known[1]), owner) for owner in foreign if (known := _find_head(sheet, owner.columns[what]))]
    best = max(counts, key=lambda pair: pair[0], default=None)
    return best[1] if best and best[0] > len(head[1]) else None


def _no_head(
    sheets: list[Sheet], what: str, columns: Sequence[Column], foreign: Sequence[ForeignHeadings]
) -> WorkbookRefused:
    other = columns_of_house(next(kind for kind in COLUMNS if kind != what))
    if any(_find_head(sheet, other) for sheet in sheets):
        return WorkbookRefused(
            worded(
                _(
                    "This looks like the other kind of list. Choose above whether the file holds organisations or %(members)s."
                )
            ),
            reason="workbook.other-list",
        )
    for owner in foreign:
        if any(_find_head(sheet, owner.columns[what]) for sheet in sheets):
            return WorkbookRefused(
                _(
                    "These headings belong to the pack “%(pack)s”, which this house does not use. Take an empty list from here."
                )
                % {"pack": in_readers_words(owner.pack)},
                reason="workbook.other-pack",
            )
    needed = ["{zh-hans} ({en})".format(**column.name) for column in columns if column.is_needed]
    return WorkbookRefused(
        _("No row of headings was found. The first rows of a sheet must name at least these columns: %(columns)s.")
        % {"columns": "、".join(needed)},
        reason="workbook.no-head",
    )
