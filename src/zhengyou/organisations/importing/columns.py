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
    ImportDraft.What.ORGANISATIONS.value: ("code", "name", "parent", "kind", "sector", "founded_on", *HOLDERS),
    ImportDraft.What.PEOPLE.value: (
        "number",
        "name",
        "organisation",
        "membership",
        "is_floating",
        "post_kind",
        "joined_on",
    ),
}
NEEDED = {"code", "number", "name"}  # in every list
MUST_BE_NAMED = NEEDED | {"parent", "organisation"}  # in every pack: without them nothing could ever be placed
CATEGORIES = {
    ImportDraft.What.ORGANISATIONS.value: Term.Category.ORGANISATIONS_COLUMN,
    ImportDraft.What.PEOPLE.value: Term.Category.PEOPLE_COLUMN,
}
# A heading is put together: what comes before, which thing is meant, and whether its code or its name is asked. The things are the
# pack's; these are the parts around them.
BEFORE = ("现所在", "所在", "所属", "隶属", "现")
BELONGING = ("所属", "隶属")  # in a list of organisations that is the one above
ABOVE = ("上级", "上一级", "主管", "parent")
CODE_ENDS = ("代码", "编码", "编号", "代号", "code", "number")
NAME_ENDS = ("名称", "全称", "简称", "name")
# By list: the column of the thing's own code, of its name, of what stands above it, and of where somebody belongs.
IN_PARTS = {
    ImportDraft.What.ORGANISATIONS.value: {"code": "code", "name": "name", "above": "parent"},
    ImportDraft.What.PEOPLE.value: {"code": "organisation", "name": "organisation", "alone": "organisation"},
}
# What our own workbook of rows to mend has beside the columns of the list.
ROW_HEAD = {"zh-hans": "文件行号", "en": "Row in the file"}
WHY_HEAD = {"zh-hans": "问题", "en": "What is wrong"}
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
        """Whether an empty list to fill in must have it."""
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


class HeadingIndex:
    """Which column of a list a heading means: as the pack has it, or else put together from parts that the pack knows."""

    def __init__(self, what: str, columns: Sequence[Column]) -> None:
        self.slugs: dict[str, list[str]] = {}
        for column in columns:
            for heading in sorted(column.headings):
                self.slugs.setdefault(heading, []).append(column.slug)
        self.parts = IN_PARTS[what]
        own = {*self.parts.values()} - {"parent"}
        texts = (text for column in columns if column.slug in own for text in (*column.name.values(), *column.others))
        self.things = {thing for text in texts if (thing := _parted(plain_heading(text))[1])}

    def find(self, heading: str) -> list[str]:
        """The slugs of the columns that a plain heading means; mostly one or none."""
        return self.slugs.get(heading) or self._find_in_parts(heading)

    def is_known(self, heading: str) -> bool:
        """Whether the pack has this heading as it is."""
        return heading in self.slugs

    def _find_in_parts(self, heading: str) -> list[str]:
        before, thing, end = _parted(heading)
        above = next((word for word in ABOVE if thing.startswith(word)), "")
        part = "above" if "above" in self.parts and (above or before in BELONGING) else end or (before and "alone")
        slug = self.parts.get(part)
        return [slug] if slug and thing.removeprefix(above) in self.things and (part == "above" or not above) else []


def _parted(heading: str) -> tuple[str, str, str]:
    """What comes before, the thing, and which end of it (`code`, `name` or nothing)."""
    before = next((word for word in BEFORE if heading.startswith(word)), "")
    rest = heading.removeprefix(before)
    for end, words in (("code", CODE_ENDS), ("name", NAME_ENDS)):
        for word in words:
            if rest.endswith(word):
                return before, rest.removesuffix(word), end
    return before, rest, ""


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


def is_to_mend(heading: str) -> bool:
    """Whether a plain heading is one that our own workbook of rows to mend has."""
    return heading in {plain_heading(text) for head in (ROW_HEAD, WHY_HEAD) for text in head.values()}


def is_id_heading(heading: str) -> bool:
    """Whether a plain heading heads ID-card numbers, which are never read."""
    return bool(ID_HEADING.search(heading))
