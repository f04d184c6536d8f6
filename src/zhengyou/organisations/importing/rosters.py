"""Workbooks for the office to take: empty ones to fill in, the house's own lists, and bad rows to mend. All can be imported."""

from collections.abc import Iterable, Iterator

from zhengyou.base.spreadsheets import Sheet, write_workbook
from zhengyou.base.words import Names
from zhengyou.organisations import queries
from zhengyou.organisations.importing.columns import HOLDERS, Column, columns_of_house
from zhengyou.organisations.importing.people import FLOATING
from zhengyou.organisations.models import ImportDraft, Term

ORGANISATIONS_SHEET = {"zh-hans": "组织", "en": "Organisations"}
WORDS_SHEET = {"zh-hans": "可用词语", "en": "Words to use"}


# The words of a column that are kept as slugs, by column.
CATEGORIES = {
    "kind": Term.Category.ORGANISATION_KIND,
    "sector": Term.Category.SECTOR,
    "membership": Term.Category.MEMBERSHIP,
    "post_kind": Term.Category.POST_KIND,
}


def head_of(columns: Iterable[Column], language: str) -> list[str]:
    """The headings of a list in one language (`zh-hans` or `en`)."""
    return [column.name[language] for column in columns]


def sheet_name(what: str, language: str) -> str:
    """What the sheet of a list is called."""
    if what == ImportDraft.What.ORGANISATIONS:
        return ORGANISATIONS_SHEET[language]
    members = queries.term_names(Term.Category.WORD).get("members", {})
    return members.get(language, "").capitalize() or what


def words_of_column(slug: str) -> dict[str, Names]:
    """The values of a column that are kept as slugs or yes and no, with their names; nothing for other columns."""
    if slug == "is_floating":
        return {str(value): name for value, name in FLOATING.items()}
    return queries.term_names(CATEGORIES[slug]) if slug in CATEGORIES else {}


def empty_workbook(what: str, language: str) -> bytes:
    """An .xlsx with the headings only, and a second sheet with the words that may be used."""
    columns = columns_of_house(what)
    words = [
        (column.name[language], name[language]) for column in columns for name in words_of_column(column.slug).values()
    ]
    return write_workbook(
        [
            Sheet(sheet_name(what, language), head_of(columns, language), []),
            Sheet(WORDS_SHEET[language], [WORDS_SHEET[language], ""], words),
        ]
    )


def present_workbook(what: str, language: str) -> bytes:
    """The living tree or its members as .xlsx. Imported again at once, it changes nothing."""
    columns = columns_of_house(what)
    named = {column.slug: words_of_column(column.slug) for column in columns}
    rows = _organisation_rows() if what == ImportDraft.What.ORGANISATIONS else _people_rows()
    written = [[_written(row[slug], words, language) for slug, words in named.items()] for row in rows]
    return write_workbook([Sheet(sheet_name(what, language), head_of(columns, language), written)])


def _written(value: str, words: dict[str, Names], language: str) -> str:
    """A cell as it is read again: a word by its name, anything else as it is."""
    return words[value][language] if value in words else value


def _organisation_rows() -> Iterator[dict[str, str]]:
    holders = queries.holders_now()
    codes = {row.pk: row.code for row in queries.all_organisations()}
    for row in queries.living_organisations():
        answering = {slug: holders.get((row.code, slug)) for slug in HOLDERS}
        yield {
            "code": row.code,
            "name": row.name,
            "parent": codes.get(row.parent_id or 0, ""),
            "kind": row.kind,
            "sector": row.sector,
            "founded_on": row.founded_on.isoformat() if row.founded_on else "",
            **{slug: several[0][0] if several else "" for slug, several in answering.items()},
        }


def _people_rows() -> Iterator[dict[str, str]]:
    for number, member in queries.all_members().items():
        if member["left_on"] is None:
            texts = {
                slug: str(member[slug]) for slug in ("name", "organisation", "membership", "is_floating", "post_kind")
            }
            joined = member["joined_on"]
            yield {"number": number, **texts, "joined_on": joined.isoformat() if joined else ""}
