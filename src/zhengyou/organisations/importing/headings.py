"""Reads the lists in a workbook: which sheets, which rows are entries; and leaves out what must not be kept.

Where the headings stand `heads` finds. Meaning comes later (`tree`, `people`): here a row is text by column, with ID-card
numbers removed.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from zhengyou.base.words import in_readers_words
from zhengyou.organisations.importing.columns import (
    COLUMNS,
    Column,
    ForeignHeadings,
    columns_of_house,
    is_id_heading,
    is_to_mend,
    plain,
    plain_heading,
)
from zhengyou.organisations.importing.heads import KEYS, Head, head_of
from zhengyou.organisations.importing.sentences import Remark, say
from zhengyou.organisations.importing.workbook_reader import DAY, FAILED, ROUNDED, TRUTH, UNCOMPUTED
from zhengyou.organisations.importing.workbooks import Sheet
from zhengyou.organisations.rules import WorkbookRefused
from zhengyou.organisations.vocabulary import worded

LONGEST_CELL = 400
CODED = {"code", "number", "parent", "organisation"}  # by a code: in these a day or a yes is none
FAILED_TEXT = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)")
SHORT = re.compile(r"\d(\.\d+)?[Ee]\+\d+")
SHORTENED = "shortened"
TO_MEND = "to-mend"  # the remark on a file that is our own workbook of rows to mend
TOTALS = {"合计", "总计", "小计", "共计", "累计", "total", "sum", "subtotal"}
FOOTER = re.compile(r"(填表|制表|审核|负责人|备注|注[:：]|说明|日期|单位[（(]?盖章|note\b)", re.IGNORECASE)
ID_NUMBER = re.compile(
    r"(?<![0-9])[1-9][0-9]{5}(18|19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx](?![0-9])"
)


@dataclass
class ReadRow:
    """A row as it was read: its number in the file, its text by column, and the columns whose text was an ID-card number.

    `faults` says by column what the cell is instead of a text; `sheet` is named where several sheets were read.
    """

    number: int
    cells: dict[str, str]
    removed: list[str] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)
    what: str = ""
    sheet: str = ""


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


def read_lists(sheets: Sequence[Sheet], wanted: Sequence[str], foreign: Sequence[ForeignHeadings] = ()) -> Reading:
    """The rows of all sheets that hold a list of a wanted kind, by the headings of the house's pack.

    Of each kind the best known sheet leads, and those with the same columns go with it; hidden ones only if no other fits.
    Raises WorkbookRefused if there is none; `foreign` are the headings of other packs, to say whose list it then is.
    """
    columns = {what: columns_of_house(what) for what in COLUMNS}
    heads = [(sheet, head) for sheet in sheets if (head := head_of(sheet, columns))]
    taken = [pair for what in wanted for pair in _of_one_kind([pair for pair in heads if pair[1].what == what])]
    if not taken:
        raise _no_head(sheets, bool(heads), [columns[what] for what in wanted], foreign)
    reading = Reading(remarks=_about_sheets(sheets, [sheet for sheet, _head in taken]))
    if any(sum(is_to_mend(plain_heading(text)) for text in head.texts) > 1 for _sheet, head in taken):
        reading.remarks.append(say(TO_MEND))
    if owner := next(filter(None, (_better_known_to(sheet, head, foreign) for sheet, head in taken)), None):
        reading.remarks.append(say("headings-of-another-pack", pack=in_readers_words(owner.pack)))
    for sheet, head in taken:  # row 361 may be there in each of several sheets
        _read_rows(reading, sheet, head, _name_of(sheet) if len(taken) > 1 else "")
    if not reading.rows:
        raise WorkbookRefused(
            _("Under the headings there are no rows. Fill in the list and try again."), reason="workbook.no-rows"
        )
    return reading


def _of_one_kind(heads: list[tuple[Sheet, Head]]) -> list[tuple[Sheet, Head]]:
    if not heads:
        return []
    leading, head = max(heads, key=lambda pair: (not pair[0].is_hidden, len(pair[1].places), len(pair[0].rows)))
    if leading.is_hidden:
        return [(leading, head)]
    return [pair for pair in heads if not pair[0].is_hidden and pair[1].places.keys() == head.places.keys()]


def _about_sheets(sheets: Sequence[Sheet], taken: list[Sheet]) -> list[Remark]:
    others = [_name_of(sheet) for sheet in sheets if sheet not in taken and (sheet.rows or sheet.is_hidden)]
    if len(taken) == 1:
        return [say("sheet-taken", sheet=_name_of(taken[0]), others=others)] if others else []
    remarks = [say("sheets-taken", sheets=[_name_of(sheet) for sheet in taken])]
    return remarks + ([say("sheets-not-read", others=others)] if others else [])


def _name_of(sheet: Sheet) -> str:
    return without_id_numbers(sheet.name) or "…"


def _read_rows(reading: Reading, sheet: Sheet, head: Head, name: str) -> None:
    left_out: list[int] = []
    removed: list[int] = []
    rows: list[ReadRow] = []
    for number, cells in sheet.rows[head.at + 1 :]:
        row = _row(number, cells, head, sheet, name)
        if _is_no_entry(cells, row.cells, head):
            left_out.append(number)
        elif row.cells or row.removed or row.faults:
            rows.append(row)
            removed += [number] if row.removed else []
    reading.rows += rows
    unseen = sorted({row.number for row in rows} & set(sheet.unseen))
    about = {"columns-unread": ("columns", _unread(head)), "id-values": ("rows", removed)}
    about |= {"left-out": ("rows", left_out), "unseen": ("rows", unseen)}
    reading.remarks += [
        say("id-column", column=without_id_numbers(text)[:60])
        for text in head.texts
        if is_id_heading(plain_heading(text))
    ]
    for slug, (detail, named) in about.items():
        if named:
            reading.remarks.append(say(slug, **{detail: named}, **({"sheet": name} if name else {})))


def _unread(head: Head) -> list[str]:
    taken = {place for several in head.places.values() for place in several}
    unread = [text for place, text in enumerate(head.texts) if text and place not in taken]
    plain_ones = [(text, plain_heading(text)) for text in unread if without_id_numbers(text)]
    return [text[:60] for text, heading in plain_ones if not is_id_heading(heading) and not is_to_mend(heading)]


def _row(number: int, cells: list[str], head: Head, sheet: Sheet, name: str) -> ReadRow:
    row, marks = ReadRow(number, {}, what=head.what, sheet=name), sheet.marks.get(number, {})
    for slug, several in head.places.items():
        filled = [place for place in several if place < len(cells) and cells[place]]
        text = cells[filled[0]] if filled else ""
        if looks_like_id_number(text):
            row.removed.append(slug)
        elif text:
            row.cells[slug] = re.sub(r"[\x00-\x1f\x7f]", " ", text)[:LONGEST_CELL]
        if fault := _fault(slug, text, [marks[place] for place in filled[:1] or several if place in marks]):
            row.faults[slug] = fault
    return row


def _fault(slug: str, text: str, marks: Iterable[str]) -> str:
    """What a cell is instead of a text that people typed, or nothing."""
    mark = next(iter(marks), "")
    if FAILED_TEXT.fullmatch(text):
        return FAILED
    if mark in (DAY, TRUTH) and slug not in CODED:
        return ""
    if mark in (FAILED, UNCOMPUTED) and text:
        return ""
    if slug in CODED and SHORT.fullmatch(text):
        return SHORTENED
    return ROUNDED if slug in CODED and text.startswith(ROUNDED) else mark


def _is_no_entry(cells: list[str], kept: dict[str, str], head: Head) -> bool:
    """Totals, what stands below the list (who filled it in, notes), and headings that are printed again."""
    filled = [cell for cell in cells if cell]
    if not filled or head.is_repeated_by(cells):
        return bool(filled)
    key = next((slug for slug in KEYS if slug in head.places), "name")
    is_total = any(plain(cell) in TOTALS for cell in filled)
    if is_total and (key not in kept or plain(kept[key]) in TOTALS):
        return True
    return bool(len(kept) <= 1 and FOOTER.match(filled[0]))


def _better_known_to(sheet: Sheet, head: Head, foreign: Sequence[ForeignHeadings]) -> ForeignHeadings | None:
    """The pack that knows more columns of this list than the house's own, or None."""
    counts = [
        (len(known.places), owner)
        for owner in foreign
        if (known := head_of(sheet, {head.what: owner.columns[head.what]}))
    ]
    best = max(counts, key=lambda pair: pair[0], default=None)
    return best[1] if best and best[0] > len(head.places) else None


def _no_head(
    sheets: Sequence[Sheet], has_other: bool, lists: Sequence[Sequence[Column]], foreign: Sequence[ForeignHeadings]
) -> WorkbookRefused:
    if has_other:
        return WorkbookRefused(
            worded(
                _("This looks like the other kind of list. Choose above whether the file holds units or %(members)s.")
            ),
            reason="workbook.other-list",
        )
    for owner in foreign:
        if any(head_of(sheet, owner.columns) for sheet in sheets):
            return WorkbookRefused(
                _(
                    "These headings belong to the pack “%(pack)s”, which this system does not use. Take an empty "
                    "list from here."
                )
                % {"pack": in_readers_words(owner.pack)},
                reason="workbook.other-pack",
            )
    return _without_headings(lists)


def _without_headings(lists: Sequence[Sequence[Column]]) -> WorkbookRefused:
    """Which columns a list must have, of each kind that was looked for."""
    needed, *others = [
        "、".join("{zh-hans} ({en})".format(**one.name) for one in columns if one.is_needed) for columns in lists
    ]
    if others:
        text = _(
            "No row of headings was found. The first rows of a sheet must name at least these columns: %(columns)s; or, for a "
            "list of people, these: %(others)s."
        )
        return WorkbookRefused(text % {"columns": needed, "others": others[0]}, reason="workbook.no-head")
    return WorkbookRefused(
        _("No row of headings was found. The first rows of a sheet must name at least these columns: %(columns)s.")
        % {"columns": needed},
        reason="workbook.no-head",
    )
