"""Which cases the units of a reader have in hand, and on which their level above decides. What can be asked of these is in `queries`."""

from django.db.models import QuerySet

from zhengyou.campaigns.models import Cycle
from zhengyou.cases import queries
from zhengyou.cases.models import Case
from zhengyou.cases.reader_queries import NOT_GUARDED
from zhengyou.organisations import tree
from zhengyou.organisations.models import Organisation, Post
from zhengyou.organisations.readers import Reader


def at_desk(reader: Reader) -> QuerySet[Case]:
    """The cases that the reader's units have in hand, oldest first; within a day in an order that says nothing (`by_due`)."""
    units = units_of(reader)
    rows = Case.objects.filter(NOT_GUARDED, unit__in=units).exclude(
        state__in=[Case.State.RECEIVED, Case.State.SET_ASIDE]
    )
    return rows.select_related(*queries.LISTED).order_by("from_on", "lookup")


def cycles_at_desk(reader: Reader) -> list[Cycle]:
    """The cycles of the cases that the reader's units have in hand."""
    known = Case.objects.filter(NOT_GUARDED, unit__in=units_of(reader)).order_by().values("cycle").distinct()
    return list(Cycle.objects.filter(pk__in=known))


def units_of(reader: Reader) -> list[Organisation]:
    """The units for which the reader acts upon cases."""
    return reader.organisations_as(Post.Role.SECRETARY, Post.Role.CAMPAIGN_OFFICE)


def case_at_desk(reader: Reader, year: int, number: int) -> Case | None:
    """The case with this number if a unit of the reader has it in hand, or lies above the one that has; else None."""
    row = queries.case_numbered(year, number)
    if row is None:
        return None
    above = tree.ids_of(row.unit)
    mine = {one.pk for one in reader.organisations_as(Post.Role.SECRETARY, Post.Role.LEADER, Post.Role.CAMPAIGN_OFFICE)}
    return None if mine.isdisjoint(above) else row


def above_desk(reader: Reader) -> QuerySet[Case]:
    """The cases on which the reader decides for the level above: whose they are, and whether they cannot be done."""
    led = reader.organisations_as(Post.Role.SECRETARY, Post.Role.LEADER)
    rows = Case.objects.filter(NOT_GUARDED, tree.below(led, "unit"), state__in=[Case.State.UNOWNED, Case.State.ASKED])
    return rows.select_related(*queries.LISTED).order_by("turn_on", "lookup")
