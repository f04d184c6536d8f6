"""Finds the row or the two rows of headings in a sheet, and which column of which list each of them means."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zhengyou.organisations.importing.columns import COLUMNS, Column, HeadingIndex, is_id_heading, plain_heading
from zhengyou.organisations.importing.workbooks import Sheet
from zhengyou.organisations.models import ImportDraft

HEAD_WITHIN = 30
LONGEST_PART = 20  # of a heading of the second row
KEYS = ("code", "number")  # by which a list knows its rows
CODES_FIRST = re.compile(r"代码|编码|编号|工号|code|number")

Places = dict[str, list[int]]
ColumnsByList = Mapping[str, Sequence[Column]]


@dataclass(frozen=True)
class Head:
    """The headings of one list: where its last row stands among the sheet's rows, their texts, the columns' places."""

    what: str
    at: int
    texts: list[str]
    places: Places
    rows: tuple[list[str], ...]

    @property
    def worth(self) -> tuple[int, bool]:
        """By how many columns it is known, and whether it has one to know its rows by."""
        return len(self.places), any(slug in self.places for slug in KEYS)

    def is_repeated_by(self, cells: list[str]) -> bool:
        """Whether a row of the sheet is one of the headings printed again."""
        filled = _filled(cells)
        return any(filled == _filled(row) for row in (*self.rows, self.texts))


def head_of(sheet: Sheet, columns: ColumnsByList) -> Head | None:
    """The headings of the list that the sheet holds, of whichever list it is known best by; None if it holds none."""
    heads = [head for what, some in columns.items() if (head := _head_of_list(sheet, what, some)) is not None]
    return max(heads, key=lambda head: head.worth, default=None)


def _head_of_list(sheet: Sheet, what: str, columns: Sequence[Column]) -> Head | None:
    index, best = HeadingIndex(what, columns), None
    rows = [cells for _number, cells in sheet.rows[: HEAD_WITHIN + 1]]
    for at, cells in enumerate(rows[:HEAD_WITHIN]):
        one = _head(what, at, cells, index, (cells,))
        best = _better(one, best)
        if at + 1 < len(rows) and _goes_on(one, cells, rows[at + 1]):
            joined = _joined(cells, rows[at + 1], index)
            two = _head(what, at + 1, joined, index, (cells, rows[at + 1]))
            best = two if one and two and best is one and two.worth == one.worth else _better(two, best)
    return best


def _better(head: Head | None, best: Head | None) -> Head | None:
    return head if head and (best is None or head.worth > best.worth) else best


def _head(what: str, at: int, texts: list[str], index: HeadingIndex, rows: tuple[list[str], ...]) -> Head | None:
    """The headings, if they name what a list cannot do without: its key and names, or names and where people belong."""
    places = _places(texts, index)
    needed = ("code", "name") if what == ImportDraft.What.ORGANISATIONS else ("name",)
    keyed = {"number", "organisation"} if what == ImportDraft.What.PEOPLE else {"code"}
    is_whole = all(slug in places for slug in needed) and keyed & places.keys() and places.keys() <= set(COLUMNS[what])
    return Head(what, at, texts, places, rows) if is_whole else None


def _goes_on(head: Head | None, above: list[str], below: list[str]) -> bool:
    """Whether the row below is a second row of headings: it only divides what stands above it, and names nobody."""
    needed = [place for slug in (*KEYS, "name") for place in head.places.get(slug, ())[:1]] if head else []
    if any(_at(below, place) not in ("", _at(above, place)) for place in needed):
        return False
    parts = [text for place, text in enumerate(below) if text and text != _at(above, place)]
    return bool(parts) and all(len(text) <= LONGEST_PART and not re.search(r"\d", text) for text in parts)


def _joined(above: list[str], below: list[str], index: HeadingIndex) -> list[str]:
    """Headings of two rows as one: what stands above several columns goes before each of them."""
    texts, last = [], ""
    for place in range(max(len(above), len(below))):
        upper, lower = _at(above, place), _at(below, place)
        last = upper or (last if lower else "")
        text = last if lower in ("", last) else f"{last}{lower}"
        is_of_its_own = not upper and not index.find(plain_heading(text)) and index.find(plain_heading(lower))
        texts.append(lower if is_of_its_own else text)
    return texts


def _places(texts: list[str], index: HeadingIndex) -> Places:
    """Column to the places where it stands; of several (code and name of the parent) the code comes first."""
    places: Places = {}
    for place, text in enumerate(texts):
        heading = plain_heading(text)
        if not heading or is_id_heading(heading):
            continue
        for slug in index.find(heading):
            places.setdefault(slug, []).append(place)
    for several in places.values():
        several.sort(
            key=lambda place: (not CODES_FIRST.search(texts[place].lower()), not _is_known(texts[place], index))
        )
    return places


def _is_known(text: str, index: HeadingIndex) -> bool:
    return index.is_known(plain_heading(text))


def _at(cells: list[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""


def _filled(cells: list[str]) -> list[str]:
    return [cell for cell in cells if cell]
