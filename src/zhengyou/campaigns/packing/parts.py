"""A pack as types, as `packs` gives it away: what its file says, and nothing that can still be changed.

What a cycle freezes of it is `rules`; the other parts are words of the house, or what a new campaign begins with.
"""

from dataclasses import dataclass

from zhengyou.base.words import Names
from zhengyou.campaigns.ruleset import Kind, Named, Rules


@dataclass(frozen=True)
class HouseWord(Named):
    """A word that also stands in workbooks: `aliases` are its other spellings there."""

    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sector(HouseWord):
    """A sector with the theme that a new cycle proposes for it."""

    theme: Names | None = None


@dataclass(frozen=True)
class PostKind(HouseWord):
    """A kind of post; `front_line`: whoever holds such a one counts as front line where people are selected."""

    front_line: bool = False


@dataclass(frozen=True)
class OrganisationKind(Kind):
    """A kind of organisation with its spellings in workbooks."""

    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Standard:
    """One standard for organisations or members, such as one of 五个好."""

    name: Names


@dataclass(frozen=True)
class Heading:
    """The heading of one column of a roster: `id` is the column, `aliases` are other headings that mean it."""

    id: str
    name: Names
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Headings:
    """The columns of the two rosters, in the order in which empty workbooks have them."""

    organisations: tuple[Heading, ...]
    people: tuple[Heading, ...]


@dataclass(frozen=True)
class Pack:
    """One pack. `words` are those of sentences, by their slugs in the order of the house's list."""

    id: str
    name: Names
    about: Names
    theme: Names
    aim: Names | None
    root_kind: str
    words: tuple[Named, ...]
    basis_kinds: tuple[Named, ...]
    sectors: tuple[Sector, ...]
    organisation_kinds: tuple[OrganisationKind, ...]
    post_kinds: tuple[PostKind, ...]
    roles: tuple[Named, ...]
    tiers: tuple[Named, ...]
    memberships: tuple[HouseWord, ...]
    organisation_standards: tuple[Standard, ...]
    member_standards: tuple[Standard, ...]
    headings: Headings
    rules: Rules
