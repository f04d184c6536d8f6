"""Who can run an appraisal of a campaign as things stand: two of the office and three scrutineers, who can sign in and have no part in it.

The path of a new house and the list before a launch say the same of them. What a poll itself needs is said by its own rules.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from zhengyou.base.words import joined
from zhengyou.identity import queries as accounts
from zhengyou.identity.rules import concern_sentence
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Person, Post
from zhengyou.organisations.tree import is_within

WITHOUT = ("none", "off")  # accounts by which nobody comes in


@dataclass(frozen=True)
class Runners:
    """Those of one role: who is ready, and of everybody else a sentence that says why not."""

    ready: tuple[Person, ...]
    why_not: tuple[Any, ...]

    @property
    def names(self) -> str:
        """Who is ready, in a sentence; or that it is nobody."""
        return joined(one.name for one in self.ready) if self.ready else _("nobody")


def runners(top: Organisation, on: date) -> tuple[Runners, Runners]:
    """Of the campaign office, and of the scrutineers: who could run an appraisal of the units below `top`. Four queries."""
    roles = [Post.Role.CAMPAIGN_OFFICE, Post.Role.SCRUTINEER]
    rows = accounts.posts_with_accounts(on).filter(role__in=roles, from_on__lte=on).order_by("person__number", "id")
    held: list[Any] = list(rows.select_related("person__organisation"))
    people = {post.person_id: post.person for post in held}
    ties = organisations.ties_to(people.values(), organisations.children(top), top, on)
    text = _("%(person)s has no account yet.")
    why = {post.person_id: text % {"person": post.person.name} for post in held if post.account in WITHOUT}
    why |= {pk: concern_sentence(people[pk], tie) for pk, tie in ties.items()}
    office, named = ({post.person_id for post in held if post.role == role} for role in roles)
    text = _("%(person)s works in the campaign office, and a scrutineer comes from elsewhere.")
    of_both = {pk: text % {"person": people[pk].name} for pk in office & named}
    return _sorted_out(people, office, why), _sorted_out(people, named, _posts_inside(held, top) | why | of_both)


def _posts_inside(held: list[Any], top: Organisation) -> dict[int, Any]:
    """Whose posts as scrutineer are all at units that are judged, by the person's id, and that this is so."""
    posts = [post for post in held if post.role == Post.Role.SCRUTINEER]
    outside = {
        post.person_id for post in posts if post.organisation_id == top.pk or not is_within(post.organisation, top)
    }
    text = _("%(person)s is scrutineer at %(place)s, which is appraised. Give the post at %(top)s.")
    return {
        post.person_id: text % {"person": post.person.name, "place": post.organisation.name, "top": top.name}
        for post in posts
        if post.person_id not in outside
    }


def _sorted_out(people: dict[int, Person], of: set[int], why: dict[int, Any]) -> Runners:
    """By number, as they were read."""
    ready = tuple(one for pk, one in people.items() if pk in of and pk not in why)
    return Runners(ready, tuple(why[pk] for pk in people if pk in of and pk in why))
