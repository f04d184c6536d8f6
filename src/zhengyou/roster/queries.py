"""What happened to people and organisations, newest first."""

from django.db.models import Q, QuerySet

from zhengyou.organisations.models import Organisation, Person
from zhengyou.roster.models import RosterChange


def changes_of_person(person: Person) -> QuerySet[RosterChange]:
    """What happened to a person, also where another number was found to be theirs; newest first."""
    return _changes().filter(Q(person=person) | Q(into_person=person))


def changes_of_organisation(organisation: Organisation) -> QuerySet[RosterChange]:
    """What happened to an organisation, also where another one was merged into it; newest first."""
    return _changes().filter(Q(organisation=organisation) | Q(into_organisation=organisation))


def change_with_id(change_id: int) -> RosterChange | None:
    """One change, or None."""
    return _changes().filter(pk=change_id).first()


def is_newest(change: RosterChange) -> bool:
    """Whether nothing that still counts was changed later at any of those whom this change is about, or whom it moved along."""
    people = [pk for pk in (change.person_id, change.into_person_id, *_moved(change, "person")) if pk]
    places = [pk for pk in (change.organisation_id, change.into_organisation_id, *_moved(change, "organisation")) if pk]
    about = Q(person__in=people) | Q(into_person__in=people) | Q(organisation__in=places)
    later = RosterChange.objects.filter(undone_at=None, pk__gt=change.pk)
    return not later.filter(about | Q(into_organisation__in=places)).exists()


def _moved(change: RosterChange, table: str) -> list[int]:
    return [kept["pk"] for kept in change.before if kept["table"] == table]


def _changes() -> QuerySet[RosterChange]:
    rows = RosterChange.objects.select_related("person", "organisation", "into_person", "into_organisation", "made_by")
    return rows.order_by("-pk")
