"""Lists from the office's own workbooks: reading them, judging their rows against the house, and writing lists to take.

Nothing here changes the tree: `actions.confirm_import` does, with a plan made here.
"""

from typing import Any

from zhengyou.base.spreadsheets import Sheet, write_csv, write_workbook
from zhengyou.organisations import queries
from zhengyou.organisations.importing import rosters, workbooks
from zhengyou.organisations.importing.headings import COLUMNS, Column, Reading, looks_like_id_number, read_list
from zhengyou.organisations.importing.lines import BAD, CHANGED, NEW, UNCHANGED, Line, Plan
from zhengyou.organisations.importing.people import FLOATING, STANDINGS, plan_people
from zhengyou.organisations.importing.rosters import empty_workbook, present_workbook
from zhengyou.organisations.importing.sentences import Said, sentence
from zhengyou.organisations.importing.tree import plan_organisations
from zhengyou.organisations.importing.workbooks import LARGEST, refused
from zhengyou.organisations.models import ImportDraft, Term

__all__ = [
    "BAD",
    "CHANGED",
    "COLUMNS",
    "LARGEST",
    "NEW",
    "UNCHANGED",
    "Column",
    "Line",
    "Plan",
    "Reading",
    "bad_rows_file",
    "bad_rows_of",
    "empty_workbook",
    "looks_like_id_number",
    "plan_of",
    "present_workbook",
    "read_upload",
    "refused",
    "said_of",
    "words_of",
]
ROW_HEAD = {"zh-hans": "文件行号", "en": "Row in the file"}
WHY_HEAD = {"zh-hans": "问题", "en": "What is wrong"}


def read_upload(data: bytes, what: str) -> Reading:
    """The rows of an uploaded file. Raises WorkbookRefused for a file that cannot be read or is no such list."""
    return read_list(workbooks.read_sheets(data), what)


def plan_of(draft: ImportDraft) -> Plan:
    """What an unconfirmed import would do to the house as it stands at this moment."""
    judge = plan_organisations if draft.what == ImportDraft.What.ORGANISATIONS else plan_people
    return judge(draft.rows)


def bad_rows_of(plan: Plan) -> list[dict[str, Any]]:
    """The bad rows as an import keeps them after it is confirmed."""
    return [
        {"row": line.row, "label": line.label, "cells": line.cells, "problems": line.problems}
        for line in plan.lines
        if line.state == BAD
    ]


def said_of(what: str, said: list[Said], language: str) -> list[str]:
    """Sentences for a reader of this language, which must be the active one."""
    names = {column.slug: column.name[language] for column in COLUMNS[what]}
    return [sentence(one, names) for one in said]


def words_of(what: str) -> dict[str, dict[str, dict[str, str]]]:
    """By column the names, in both languages, of values that are kept as slugs."""
    if what == ImportDraft.What.PEOPLE:
        return {
            "standing": {str(slug): name for slug, name in STANDINGS.items()},
            "is_floating": {str(value): name for value, name in FLOATING.items()},
        }
    return {
        "kind": queries.term_names(Term.Category.ORGANISATION_KIND),
        "sector": queries.term_names(Term.Category.SECTOR),
    }


def bad_rows_file(what: str, bad: list[dict[str, Any]], language: str, *, as_csv: bool) -> bytes:
    """The bad rows with their numbers and what is wrong, as CSV or .xlsx, to be mended and imported again."""
    head = [*rosters.head_of(what, language), ROW_HEAD[language], WHY_HEAD[language]]
    rows = [
        [
            *[row["cells"].get(column.slug, "") for column in COLUMNS[what]],
            str(row["row"]),
            " ".join(said_of(what, row["problems"], language)),
        ]
        for row in bad
    ]
    if as_csv:
        return write_csv(head, rows)
    return write_workbook([Sheet(rosters.SHEETS[what][language], head, rows)])
