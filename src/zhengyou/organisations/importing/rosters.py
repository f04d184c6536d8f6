"""Workbooks for the office to take: empty ones to fill in, the house's own lists, and bad rows to mend. All can be imported."""

from collections.abc import Iterable, Sequence

from zhengyou.base.spreadsheets import Sheet, write_workbook
from zhengyou.organisations import queries
from zhengyou.organisations.importing.headings import COLUMNS, HOLDERS
from zhengyou.organisations.importing.people import FLOATING, MEMBERSHIPS
from zhengyou.organisations.models import ImportDraft, Term

SHEETS: dict[str, dict[str, str]] = {
    ImportDraft.What.ORGANISATIONS: {"zh-hans": "组织", "en": "Organisations"},
    ImportDraft.What.PEOPLE: {"zh-hans": "党员", "en": "Members"},
}
WORDS_SHEET = {"zh-hans": "可用词语", "en": "Words to use"}
Rows = Iterable[Sequence[str]]


def head_of(what: str, language: str) -> list[str]:
    """The headings of a list in one language (`zh-hans` or `en`)."""
    return [column.name[language] for column in COLUMNS[what]]


def empty_workbook(what: str, language: str) -> bytes:
    """An .xlsx with the headings only, and a second sheet with the words that may be used."""
    head = [WORDS_SHEET[language], ""]
    return write_workbook(
        [
            Sheet(SHEETS[what][language], head_of(what, language), []),
            Sheet(WORDS_SHEET[language], head, _words_to_use(what, language)),
        ]
    )


def present_workbook(what: str, language: str) -> bytes:
    """The living tree or its members as .xlsx. Imported again at once, it changes nothing."""
    rows = _organisation_rows(language) if what == ImportDraft.What.ORGANISATIONS else _people_rows(language)
    return write_workbook([Sheet(SHEETS[what][language], head_of(what, language), rows)])


def _words_to_use(what: str, language: str) -> Rows:
    titles = {column.slug: column.name[language] for column in COLUMNS[what]}
    if what == ImportDraft.What.ORGANISATIONS:
        named = [("kind", Term.Category.ORGANISATION_KIND), ("sector", Term.Category.SECTOR)]
        words = [(slug, name) for slug, category in named for name in queries.term_names(category).values()]
    else:
        words = [("membership", name) for name in MEMBERSHIPS.values()] + [
            ("is_floating", name) for name in FLOATING.values()
        ]
    return [(titles[slug], name[language]) for slug, name in words]


def _organisation_rows(language: str) -> Rows:
    kinds = queries.term_names(Term.Category.ORGANISATION_KIND)
    sectors = queries.term_names(Term.Category.SECTOR)
    holders = queries.holders_now()
    codes = {row.pk: row.code for row in queries.all_organisations()}
    for row in queries.living_organisations():
        answering = [holders.get((row.code, slug)) for slug in HOLDERS]
        yield [
            row.code,
            row.name,
            codes.get(row.parent_id or 0, ""),
            kinds.get(row.kind, {}).get(language, row.kind),
            sectors.get(row.sector, {}).get(language, row.sector),
            *[several[0][0] if several else "" for several in answering],
        ]


def _people_rows(language: str) -> Rows:
    for number, member in queries.all_members().items():
        if member["left_on"] is None:
            yield [
                number,
                member["name"],
                member["organisation"],
                MEMBERSHIPS[member["membership"]][language],
                FLOATING[member["is_floating"]][language],
            ]
