"""How far units have come with their promises, of many at once: made of values and counted by the database, as tables of thousands are.

Units are named by their ids; None means every one, and what else a cycle has in it comes along.
"""

from datetime import date
from functools import cache
from typing import Any, NamedTuple, cast

from django.db.models import BooleanField, Count, ExpressionWrapper, Min, Q, QuerySet

from zhengyou.base.prepared import prepared
from zhengyou.campaigns.models import Cycle
from zhengyou.commitments import queries, tallies
from zhengyou.commitments.models import Commitment, OutcomeStatement, ProgressReport, Promise

YEARLY = Commitment.Kind.YEARLY
IS_OUT = Q(commitment__state=Commitment.State.PUBLISHED, state=Promise.State.AGREED)


class UnitCounts(NamedTuple):
    """Of a unit how many promises it has written, but those withdrawn; of the published ones how many have a report, how many are
    doubted, and how many are past their day without a word. `next_day` is the first day of what has not ended.
    """

    written: int = 0
    reported: int = 0
    doubted: int = 0
    overdue: int = 0
    next_day: date | None = None


class Begun(NamedTuple):
    """How the yearly promises of a unit stand, and whether they ever were published."""

    state: str
    was_published: bool

    def get_state_display(self) -> str:
        """The state in words, as the model says it."""
        return str(Commitment.State(self.state).label)


def begun_in(cycle: Cycle, units: list[int] | None) -> dict[int, Begun]:
    """The yearly promises of these organisations, by id, or of every one; without those that have not begun. One query."""
    return {pk: _begun(state, was_published) for pk, state, was_published in _begun_in(cycle, units)}


@cache
def _begun(state: str, was_published: bool) -> Begun:
    return Begun(state, was_published)


@prepared
def _begun_in(cycle: Cycle, units: list[int] | None) -> QuerySet[Any, tuple[int, str, bool]]:
    rows = Commitment.objects.filter(cycle=cycle, kind=YEARLY).order_by()
    rows = rows if units is None else rows.filter(organisation__in=units)
    was_published = ExpressionWrapper(Q(published_at__isnull=False), output_field=BooleanField())
    told: Any = rows.values_list("organisation", "state", was_published)
    return cast("QuerySet[Any, tuple[int, str, bool]]", told)


@prepared
def yearly_of(cycle: Cycle, units: list[int]) -> QuerySet[Commitment]:
    """The yearly commitments of a few units, as rows."""
    return queries.begun_by(cycle, units)


@prepared
def published_of(cycle: Cycle, units: list[int]) -> QuerySet[Promise]:
    """The published promises of a few units, as rows."""
    return queries.published_in(cycle, units)


def figures_by_unit(cycle: Cycle, units: list[int] | None, on: date) -> dict[int, UnitCounts]:
    """Organisation id to figures about what it wrote and published, counted by the database; of these, or of every one. One query."""
    return {pk: UnitCounts(*figures) for pk, *figures in _figures_by_unit(cycle, units, on)}


@prepared
def _figures_by_unit(cycle: Cycle, units: list[int] | None, on: date) -> QuerySet[Any, Any]:
    # Sets and no question of each promise: the database makes each of them once for all. What is true of few stands first: texts are
    # compared for those alone.
    told = Q(pk__in=ProgressReport.objects.values("promise"))
    ended = Q(pk__in=OutcomeStatement.objects.values("promise"))
    rows = Promise.objects.filter(commitment__cycle=cycle).order_by()
    rows = rows if units is None else rows.filter(commitment__organisation__in=units)
    counted: Any = rows.values("commitment__organisation").annotate(
        written=Count("pk", filter=Q(commitment__kind=YEARLY) & ~Q(state=Promise.State.WITHDRAWN)),
        reported=Count("pk", filter=told & IS_OUT),
        doubted=Count("pk", filter=IS_OUT & tallies.doubted()),
        overdue=Count("pk", filter=Q(due_on__lt=on) & ~ended & IS_OUT),
        next_day=Min("due_on", filter=IS_OUT & ~ended),
    )
    return cast("QuerySet[Any, Any]", counted.values_list("commitment__organisation", *UnitCounts._fields))


def first_doubted(cycle: Cycle, units: list[int]) -> dict[int, int]:
    """Of these organisations, by id, the first published promise that is doubted. One query."""
    return dict(_first_doubted(cycle, units)) if units else {}


@prepared
def _first_doubted(cycle: Cycle, units: list[int]) -> QuerySet[Any, tuple[int, int]]:
    rows: Any = Promise.objects.filter(
        IS_OUT, tallies.doubted(), commitment__cycle=cycle, commitment__organisation__in=units
    ).order_by()
    first = rows.values("commitment__organisation").annotate(first=Min("pk"))
    return cast("QuerySet[Any, tuple[int, int]]", first.values_list("commitment__organisation", "first"))
