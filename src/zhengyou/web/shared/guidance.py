"""What guidance stands beside a form in which a unit or somebody in it writes themes and promises."""

from dataclasses import dataclass

from zhengyou.base.words import in_readers_words
from zhengyou.campaigns.models import Cycle
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Person, Term

MOST_KINDS = 4  # of post: those that most people in the unit have


@dataclass(frozen=True)
class GuidanceFor:
    """For whom, and what is asked of them, in the reader's language."""

    whom: str
    text: str


def guidance_for(cycle: Cycle, unit: Organisation, person: Person | None = None) -> list[GuidanceFor]:
    """For a person that of their kind of post; for a unit that of its sector and of its commonest kinds of post. Two queries."""
    given = cycle.ruleset.guidance
    if not given:
        return []
    kinds = [person.post_kind] if person else organisations.commonest_post_kinds(unit)[:MOST_KINDS]
    posts = {one.post_kind: one.text for one in given if one.post_kind}
    sectors = {one.sector: one.text for one in given if one.sector}
    words = {
        (term.category, term.slug): term.name for rows in organisations.terms_by_category().values() for term in rows
    }
    lines = []
    if unit.sector in sectors and person is None:
        lines.append(
            GuidanceFor(_named(words, Term.Category.SECTOR, unit.sector), in_readers_words(sectors[unit.sector]))
        )
    for kind in kinds:
        if kind in posts:
            lines.append(GuidanceFor(_named(words, Term.Category.POST_KIND, kind), in_readers_words(posts[kind])))
    return lines


def _named(words: dict[tuple[str, str], dict[str, str]], category: str, slug: str) -> str:
    return in_readers_words(words.get((category, slug), {})) or slug
