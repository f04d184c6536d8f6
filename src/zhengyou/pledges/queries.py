"""Who committed in public in a cycle: for lists, for a unit's page, and for the rooms above that judge persons."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet

from zhengyou.base.prepared import prepared
from zhengyou.base.time import year_before
from zhengyou.campaigns.models import Cycle
from zhengyou.organisations import queries as organisations
from zhengyou.organisations import tree
from zhengyou.organisations.models import Organisation, Person
from zhengyou.pledges.models import PublicCommitment


@dataclass(frozen=True)
class CommittedInPublic:
    """Somebody who may be judged as a person in this cycle, unless probationary: on which day, where, shown by what."""

    person: Person
    organisation: Organisation
    made_on: date
    place: str
    evidence: str

    @property
    def is_probationary(self) -> bool:
        """Probationary people may commit and judge others, and are not judged themselves."""
        return self.person.membership == Person.Membership.PROBATIONARY


def who_committed_in_public(cycle: Cycle, organisation: Organisation | None = None) -> list[CommittedInPublic]:
    """Who committed in public in this cycle and has not left, within an organisation or everywhere; by unit, then by name. One query.

    Nobody else may be judged as a person, by any room.
    """
    rows = standing_in(cycle).filter(person__left_on=None)
    rows = rows.filter(tree.within_any([organisation], "person__organisation")) if organisation else rows
    rows = rows.order_by("person__organisation__path", "person__name_key", "person__number")
    return [
        CommittedInPublic(one.person, one.person.organisation, one.made_on, one.place, one.evidence) for one in rows
    ]


def people_committed(cycle: Cycle, people: Iterable[Person]) -> set[int]:
    """The ids of those of these people who committed in public in this cycle."""
    return {one.person.pk for one in who_committed_in_public(cycle)} & {one.pk for one in people}


def standing_in(cycle: Cycle) -> QuerySet[PublicCommitment]:
    """What stands in a cycle: not taken back."""
    return every_one(cycle).filter(taken_back_at=None)


def every_one(cycle: Cycle) -> QuerySet[PublicCommitment]:
    """All of a cycle, also what was taken back, with what a list shows."""
    related = ("person__organisation__parent__parent", "organisation", "entered_by", "taken_back_by", "photo")
    rows = PublicCommitment.objects.filter(cycle=cycle).select_related(*related, "cycle__campaign__organisation")
    return rows.order_by("person__organisation__path", "person__name_key", "pk")


def is_standing(standing: bool) -> Q:
    """Which rows of a list stand, or were taken back."""
    return Q(taken_back_at__isnull=standing)


def commitment_with_id(number: int) -> PublicCommitment | None:
    """One public commitment, or None."""
    related = ("person__organisation", "organisation", "photo", "cycle__campaign__organisation")
    return PublicCommitment.objects.select_related(*related).filter(pk=number).first()


@dataclass(frozen=True)
class NamedOnPage:
    """What a unit's public page says of somebody who committed in public, and all it says: post, name, where, when."""

    person_id: int
    name: str
    post: str
    place: str
    made_on: date


def named_on_page(organisation: Organisation, today: date) -> list[NamedOnPage]:
    """Those who belong to exactly this unit and committed in public; until a year after the cycle. Two queries at most."""
    rows = _standing_at(organisation, year_before(today))
    newest = {one.person_id: one for one in reversed(rows)}
    titles = {post.person_id: post.title for post in organisations.posts_at(organisation, today)} if rows else {}
    return [
        NamedOnPage(one.person_id, one.person.name, titles.get(one.person_id, ""), one.place, one.made_on)
        for one in rows
        if newest[one.person_id] == one
    ]


@prepared
def _standing_at(organisation: Organisation, ending_from: date) -> QuerySet[PublicCommitment]:
    shown = Q(cycle__ends_on__gte=ending_from, person__organisation=organisation, person__left_on=None)
    rows = PublicCommitment.objects.filter(shown, taken_back_at=None).select_related("person")
    return rows.order_by(F("made_on").desc(), "person__name_key", "person__number")
