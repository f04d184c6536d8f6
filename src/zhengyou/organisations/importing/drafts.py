"""What actions and pages ask of an import: its rows read, its plan, its bad rows, and words for all of them.

A draft keeps rows as their fields in JSON; here they are rows again. Nothing here changes the tree: `writing` does.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from zhengyou.base.spreadsheets import Sheet, write_csv, write_workbook
from zhengyou.base.words import Names
from zhengyou.organisations.importing import rosters, workbooks
from zhengyou.organisations.importing.columns import COLUMNS, ForeignHeadings, columns_of_house, names_of
from zhengyou.organisations.importing.headings import Reading, ReadRow, read_list
from zhengyou.organisations.importing.judging import JudgedRow, Plan
from zhengyou.organisations.importing.people import plan_people
from zhengyou.organisations.importing.sentences import sentence
from zhengyou.organisations.importing.tree import plan_organisations
from zhengyou.organisations.models import ImportDraft

ROW_HEAD = {"zh-hans": "文件行号", "en": "Row in the file"}
WHY_HEAD = {"zh-hans": "问题", "en": "What is wrong"}


def read_upload(data: bytes, what: str, foreign: Sequence[ForeignHeadings] = ()) -> Reading:
    """The rows of an uploaded file. Raises WorkbookRefused for a file that cannot be read or is no such list."""
    return read_list(workbooks.read_sheets(data), what, foreign)


def rows_to_keep(rows: Iterable[ReadRow | JudgedRow]) -> list[dict[str, Any]]:
    """The rows as a draft keeps them."""
    return [asdict(row) for row in rows]


def plan_of(draft: ImportDraft) -> Plan:
    """What an unconfirmed import would do to the house as it stands at this moment."""
    judge = plan_organisations if draft.what == ImportDraft.What.ORGANISATIONS else plan_people
    return judge([ReadRow(**row) for row in draft.rows])


def bad_rows_of(draft: ImportDraft) -> list[JudgedRow]:
    """The rows that cannot be imported, or, of an import that is done, those that could not."""
    if draft.outcome is None:
        return plan_of(draft).bad_rows
    return [JudgedRow(**row) for row in draft.outcome["bad_rows"]]


def columns_of(what: str) -> dict[str, Names]:
    """The names of a list's columns in both languages, as the house's pack has them."""
    return names_of(columns_of_house(what))


def words_of(what: str) -> dict[str, dict[str, Names]]:
    """By column the names, in both languages, of values that are kept as slugs."""
    words = {slug: rosters.words_of_column(slug) for slug in COLUMNS[what]}
    return {slug: names for slug, names in words.items() if names}


def bad_rows_file(draft: ImportDraft, language: str, *, as_csv: bool) -> bytes:
    """The bad rows with their numbers and what is wrong, as CSV or .xlsx, to be mended and imported again.

    What is wrong is said in the active language, and `language` names it for the headings.
    """
    house = columns_of_house(draft.what)
    columns = names_of(house)
    head = [*rosters.head_of(house, language), ROW_HEAD[language], WHY_HEAD[language]]
    rows = [
        [
            *[row.cells.get(slug, "") for slug in columns],
            str(row.number),
            " ".join(sentence(problem, columns) for problem in row.problems),
        ]
        for row in bad_rows_of(draft)
    ]
    if as_csv:
        return write_csv(head, rows)
    return write_workbook([Sheet(rosters.sheet_name(draft.what, language), head, rows)])
