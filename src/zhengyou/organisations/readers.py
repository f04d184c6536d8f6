"""Who reads: somebody or nobody, on a day, in a language. A door makes one reader a request; rooms ask it what it may see."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

from zhengyou.organisations import queries
from zhengyou.organisations.models import Organisation, Person, Post, held_on
from zhengyou.organisations.tree import ids_above, is_within, is_within_any


class Audience(StrEnum):
    """For whom something about an organisation is, from the widest to the narrowest; each includes those after it."""

    PUBLIC = "public"
    MEMBERS = "members"  # whoever is signed in
    OWN = "own"  # whoever belongs to the organisation or to one below it, or holds a post in it
    ABOVE = "above"  # secretaries and leaders of a level above it
    OFFICE = "office"  # the campaign office of the organisation or of one above it


@dataclass(frozen=True)
class Reader:
    """A person, or None for the public, with the posts they hold on that day."""

    person: Person | None
    on: date
    language: str
    posts: tuple[Post, ...] = ()

    @classmethod
    def of(cls, person: Person | None, on: date, language: str) -> Self:
        """The reader with their posts. One query for somebody, none for the public."""
        return cls(person, on, language, tuple(queries.posts_of(person, on)) if person else ())

    def organisations_as(self, *roles: str) -> list[Organisation]:
        """The organisations in which the reader holds one of these roles, by role."""
        return [post.organisation for post in self.posts if post.role in roles]

    def is_nearest_above(self, asked: Collection[tuple[Organisation, int | None]], *roles: str) -> list[bool]:
        """Of each unit, with the person who entered what waits there and so cannot answer it: whether the lowest organisation above
        it in which somebody else holds one of these roles is the reader's. One query.
        """
        mine = {organisation.pk for organisation in self.organisations_as(*roles)}
        paths = [ids_above(unit) for unit, _own in asked]
        everywhere = {organisation for path in paths for organisation in path}
        posts = Post.objects.filter(held_on(self.on), role__in=roles, organisation__in=everywhere)
        holders: dict[int, set[int]] = defaultdict(set)
        for organisation, person in posts.values_list("organisation_id", "person_id") if everywhere else ():
            holders[organisation].add(person)
        return [
            next((above for above in reversed(path) if holders[above] - {own}), None) in mine
            for path, (_unit, own) in zip(paths, asked, strict=True)
        ]

    def sees(self, audience: Audience, organisation: Organisation) -> bool:
        """Whether what is for that audience of the organisation is for this reader."""
        if audience is Audience.PUBLIC or self.person is None:
            return audience is Audience.PUBLIC
        led = {row.pk for row in self.organisations_as(Post.Role.SECRETARY, Post.Role.LEADER)}
        is_office = is_within_any(organisation, self.organisations_as(Post.Role.CAMPAIGN_OFFICE))
        is_above = is_office or not led.isdisjoint(ids_above(organisation))
        has_post = any(post.organisation_id == organisation.pk for post in self.posts)
        is_own = is_above or has_post or is_within(self.person.organisation, organisation)
        return {
            Audience.MEMBERS: True,
            Audience.OWN: is_own,
            Audience.ABOVE: is_above,
            Audience.OFFICE: is_office,
        }[audience]
