"""The columns of an office's two lists. Which there are is closed here; what they are called is the house's pack's.

A list is compared with headings as `plain_heading` makes them, and never by the column's place.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from zhengyou.base.words import Names
from zhengyou.organisations import queries
from zhengyou.organisations.models import ImportDraft, Term

HOLDERS = ("primary", "direct", "operational", "secretary")
HOLDER_ENDS = ("", "编号", "工号", "姓名", "名字", "number", "name")
COLUMNS: dict[str, tuple[str, ...]] = {
    ImportDraft.What.ORGANISATIONS.value: ("code", "name", "parent", "kind", "sector", *HOLDERS),
    ImportDraft.What.PEOPLE.value: ("number", "name", "organisation", "membership", "is_floating", "post_kind"),
}
NEEDED = {"code", "number", "name"}  # in every list
MUST_BE_NAMED = NEEDED | {"parent", "organisation"}  # in every pack: without them nothing could ever be placed
CATEGORIES = {
    ImportDraft.What.ORGANISATIONS.value: Term.Category.ORGANISATIONS_COLUMN,
    ImportDraft.What.PEOPLE.value: Term.Category.PEOPLE_COLUMN,
}
LONGEST_HEADING = 200  # what looks for brackets takes the square of this
ID_HEADING = re.compile(r"身份证|公民身份|证件号|idcard|identitycard|identitynumber|identityno|nationalid")


@dataclass(frozen=True)
class Column:
    """One column an office may send: its slug, its heading in both languages, other headings that mean the same."""

    slug: str
    name: Names
    others: tuple[str, ...] = ()

    @property
    def is_needed(self) -> bool:
        """Whether a list without it is none."""
        return self.slug in NEEDED

    @property
    def headings(self) -> set[str]:
        """All headings that mean it, for comparing. Who holds something may be headed by number or by name."""
        texts = (*self.name.values(), *self.others)
        return {plain_heading(f"{text}{end}") for text in texts for end in ends_of(self.slug)}


@dataclass(frozen=True)
class ForeignHeadings:
    """The headings of a pack that is not this house's: so a list that was made for another house can be told."""

    pack: Names
    columns: dict[str, tuple[Column, ...]]


def ends_of(column: str) -> tuple[str, ...]:
    """What may follow a heading of this column."""
    return HOLDER_ENDS if column in HOLDERS else ("",)


def columns_of_house(what: str) -> tuple[Column, ...]:
    """The columns of a list as the house's pack heads them, in its order. One query."""
    terms = queries.terms(CATEGORIES[what])
    return tuple(Column(term.slug, term.name, tuple(term.aliases)) for term in terms)


def names_of(columns: Sequence[Column]) -> dict[str, Names]:
    """Slug to name in both languages."""
    return {column.slug: column.name for column in columns}


def plain(text: str) -> str:
    """Text for comparing: full-width made normal, no spaces, lower case."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


def plain_heading(text: str) -> str:
    """A heading for comparing: also without what stands in brackets and without marks such as * and :"""
    return re.sub(r"\(.*?\)|\[.*?\]|【.*?】|[*:_/\-.﹡※#]", "", plain(text[:LONGEST_HEADING]))


def is_id_heading(heading: str) -> bool:
    """Whether a plain heading heads ID-card numbers, which are never read."""
    return bool(ID_HEADING.search(heading))
