"""What actions and pages ask of an import: its rows read, its plan, its bad rows, and words for all of them.

A draft keeps rows as their fields in JSON; here they are rows again. Nothing here changes the tree: `writing` does.
"""

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from typing import Any

from zhengyou.base.spreadsheets import Sheet, write_csv, write_workbook
from zhengyou.base.time import local_day
from zhengyou.base.words import Names
from zhengyou.organisations import queries
from zhengyou.organisations.importing import rosters, workbooks
from zhengyou.organisations.importing.columns import (
    COLUMNS,
    HOLDERS,
    ROW_HEAD,
    WHY_HEAD,
    ForeignHeadings,
    columns_of_house,
    names_of,
)
from zhengyou.organisations.importing.headings import TO_MEND, Reading, ReadRow, read_lists
from zhengyou.organisations.importing.judging import JudgedRow, Missing, Plan
from zhengyou.organisations.importing.plans import everybody_missing, plan_rows
from zhengyou.organisations.importing.sentences import Remark, sentence
from zhengyou.organisations.models import ImportDraft

ALWAYS = ("number", "cells")
FIELDS = {kind: [one.name for one in fields(kind)] for kind in (ReadRow, JudgedRow)}


def kinds_of(what: str) -> list[str]:
    """The kinds of lists that an import of this name may hold, in the order in which they are written."""
    return list(COLUMNS) if what == ImportDraft.What.BOTH else [what]


def read_upload(data: bytes, what: str, foreign: Sequence[ForeignHeadings] = ()) -> Reading:
    """The rows of an uploaded file. Raises WorkbookRefused for a file that cannot be read or is no such list."""
    return reading_of(workbooks.read_sheets(data), what, foreign)


def reading_of(sheets: Sequence[workbooks.Sheet], what: str, foreign: Sequence[ForeignHeadings] = ()) -> Reading:
    """The rows of sheets that were opened before. Raises WorkbookRefused for what is no such list."""
    return read_lists(sheets, kinds_of(what), foreign)


def rows_to_keep(rows: Iterable[ReadRow | JudgedRow]) -> list[dict[str, Any]]:
    """The rows as a draft keeps them."""
    return [
        {name: value for name in FIELDS[type(row)] if (value := getattr(row, name)) or name in ALWAYS} for row in rows
    ]


def plan_of(draft: ImportDraft) -> Plan:
    """What an unconfirmed import would do to the house as it stands at this moment."""
    plan = plan_rows([ReadRow(**row) for row in draft.rows], draft.answers, local_day(draft.read_at))
    is_to_mend = any(remark["slug"] == TO_MEND for remark in draft.remarks)
    return replace(plan, is_of_corrections=plan.is_of_corrections or is_to_mend)


def missing_of(draft: ImportDraft) -> list[Missing]:
    """Who and what of the house the file does not name and nobody has dealt with; of a confirmed import as it was then."""
    kept = set(draft.kept)
    if draft.outcome is None:
        return [one for one in plan_of(draft).missing if one.reference not in kept]
    left_out = set(draft.outcome["missing"]) - kept
    near = set(draft.outcome["near"])
    rows = everybody_missing() if left_out else []
    return [replace(one, is_near=one.reference in near) for one in rows if one.reference in left_out]


def bad_rows_of(draft: ImportDraft) -> list[JudgedRow]:
    """The rows that cannot be imported, or, of an import that is done, those that could not."""
    if draft.outcome is None:
        return plan_of(draft).bad_rows
    return [JudgedRow(**row) for row in draft.outcome["bad_rows"]]


def unset_of(draft: ImportDraft) -> list[tuple[JudgedRow, list[Remark]]]:
    """The rows that were taken, or will be, without a post that they name, which nobody holds: each with what is said of it.

    Of an import that is done those alone whose post nobody holds to this moment.
    """
    rows = (
        plan_of(draft).rows if draft.outcome is None else [JudgedRow(**row) for row in draft.outcome.get("unset", [])]
    )
    held = queries.holders_now() if any(row.unset for row in rows) else {}
    left = [(row, [note for note in row.unset if (row.key, note["field"]) not in held]) for row in rows]
    return [(row, notes) for row, notes in left if notes]


def columns_of(what: str) -> dict[str, Names]:
    """The names of a list's columns in both languages, as the house's pack has them."""
    return names_of(columns_of_house(what))


def columns_by_kind(draft: ImportDraft) -> dict[str, dict[str, Names]]:
    """The names of the columns of each kind of list that the import may hold; who leads and who answers may be said of people too."""
    tree = columns_of(ImportDraft.What.ORGANISATIONS)
    holders = {slug: tree[slug] for slug in HOLDERS if slug in tree}
    return {what: holders | columns_of(what) for what in kinds_of(draft.what)}


def words_of(draft: ImportDraft) -> dict[str, dict[str, Names]]:
    """By column the names, in both languages, of values that are kept as slugs."""
    words = {slug: rosters.words_of_column(slug) for what in kinds_of(draft.what) for slug in COLUMNS[what]}
    return {slug: names for slug, names in words.items() if names}


def bad_rows_file(draft: ImportDraft, language: str, *, as_csv: bool) -> bytes:
    """The bad rows with their numbers and what is wrong, as CSV or .xlsx, to be mended and imported again; with them the rows that were
    taken without somebody's post, which is given once that person is there.

    What is wrong is said in the active language, and `language` names it for the headings. A workbook has a sheet for each kind
    of list; CSV has room for one, the first that has any.
    """
    bad = bad_rows_of(draft)
    if not (as_csv and bad):  # CSV has room for one kind of list
        bad += [row for row, _notes in unset_of(draft)]
    kinds = [what for what in kinds_of(draft.what) if any((row.what or draft.what) == what for row in bad)]
    sheets = [_to_mend(what, [row for row in bad if (row.what or draft.what) == what], language) for what in kinds]
    if not sheets:
        sheets = [_to_mend(kinds_of(draft.what)[0], [], language)]
    return write_csv(sheets[0].head, sheets[0].rows) if as_csv else write_workbook(sheets)


def issued_file(draft: ImportDraft, language: str) -> bytes:
    """Whom an import gave a number, as .xlsx with the headings of a list of people in a language, so that it can be imported itself."""
    people = ImportDraft.What.PEOPLE
    head = [columns_of(people)[slug][language] for slug in ("number", "name", "organisation")]
    return write_workbook([Sheet(rosters.sheet_name(people, language), head, (draft.outcome or {}).get("issued", []))])


def _to_mend(what: str, bad: list[JudgedRow], language: str) -> Sheet:
    house = columns_of_house(what)
    columns = names_of(house)
    head = [*rosters.head_of(house, language), ROW_HEAD[language], WHY_HEAD[language]]
    rows = [
        [
            *[row.cells.get(slug, "") for slug in columns],
            row.place,
            " ".join(sentence(one, columns) for one in row.problems or row.unset),
        ]
        for row in bad
    ]
    return Sheet(rosters.sheet_name(what, language), head, rows)
