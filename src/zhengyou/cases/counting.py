"""What figures of many cases are counted from: statements built once, over all cases of a cycle, or of one unit in it, or of the days
on which units were given them (a list of one at least; None means any).
"""

from datetime import date
from typing import Any, cast

from django.db.models import Count, Q, QuerySet, Sum, Value

from zhengyou.base.prepared import prepared
from zhengyou.campaigns.models import Cycle
from zhengyou.cases import rules
from zhengyou.cases.models import Case
from zhengyou.cases.reader_queries import NOT_GUARDED
from zhengyou.organisations.models import Organisation

PUBLIC = Q(body="", number__isnull=False)


def every(cycle: Cycle, unit: Organisation | None) -> QuerySet[Case]:
    """All cases of a cycle, of one unit if one is given."""
    rows = Case.objects.filter(cycle=cycle).order_by()
    return rows if unit is None else rows.filter(unit=unit)


def counted(rows: QuerySet[Case], days: list[date] | None = None) -> QuerySet[Case]:
    """Those of them that figures count."""
    rows = rows.filter(PUBLIC).exclude(state=Case.State.SET_ASIDE)
    return rows if days is None else rows.filter(given_on__in=days)


@prepared
def first_giving(cycle: Cycle) -> QuerySet[Any, Any]:
    """The first day on which a unit was given one of its cases, in a list; nothing where none was."""
    return every(cycle, None).filter(PUBLIC).order_by("given_on").values_list("given_on", flat=True)[:1]


@prepared
def last_giving(cycle: Cycle) -> QuerySet[Any, Any]:
    """The last such day."""
    return every(cycle, None).filter(PUBLIC).order_by("-given_on").values_list("given_on", flat=True)[:1]


def is_late(long: Any, long_from: Any, from_on: Any, turn_from: Any, paused: Any) -> Q:
    """The open cases that are late as everybody sees it: begun by these days, which differ for kinds with the `long` clock. Of those
    that ever stood still the ones in `paused`, since their clock is computed by itself.
    """
    turns = Q(state__in=[Case.State.PASSED, Case.State.UNOWNED, Case.State.ASKED])
    unfixed = Q(kind__in=long, from_on__lte=long_from) | ~Q(kind__in=long) & Q(from_on__lte=from_on)
    left = turns & Q(turn_on__lte=turn_from)
    waits = Q(state=Case.State.ASKED)  # for the level above alone
    is_open = Q(body="", state__in=rules.OPEN)
    return is_open & (left | ~waits & (Q(pauses=0) & unfixed | Q(pk__in=paused)))


@prepared
def late(
    cycle: Cycle, long: list[str], long_from: date, from_on: date, turn_from: date, paused: list[int]
) -> QuerySet[Any, tuple[int, int]]:
    """How many of those that figures count are late, with their cycle."""
    rows = counted(every(cycle, None)).filter(is_late(long, long_from, from_on, turn_from, paused))
    return rows.values_list("cycle").annotate(n=Count("pk"))


@prepared
def late_at(
    cycle: Cycle,
    unit: Organisation,
    long: list[str],
    long_from: date,
    from_on: date,
    turn_from: date,
    paused: list[int],
) -> QuerySet[Any, int]:
    """Which of those of one unit are."""
    rows = counted(every(cycle, unit)).filter(is_late(long, long_from, from_on, turn_from, paused))
    return cast("QuerySet[Any, int]", rows.values_list("pk", flat=True))


@prepared
def stood_still(
    cycle: Cycle, unit: Organisation | None, begun: date
) -> QuerySet[Any, tuple[int, str, date, date | None, date | None]]:
    """The open ones that ever stood still and began by this day: of what kind, from when, and when put right or closed."""
    rows = every(cycle, unit).filter(NOT_GUARDED, from_on__lte=begun, pauses__gt=0, state__in=rules.OPEN)
    return rows.values_list("pk", "kind", "from_on", "fixed_on", "closed_on")


@prepared
def set_aside(cycle: Cycle, unit: Organisation | None) -> QuerySet[Any, tuple[int, int]]:
    """How many were set aside, with their cycle."""
    rows = every(cycle, unit).filter(NOT_GUARDED, state=Case.State.SET_ASIDE)
    return rows.values_list("cycle").annotate(n=Count("pk"))


@prepared
def days_taken(
    cycle: Cycle, unit: Organisation | None, days: list[date] | None
) -> QuerySet[Any, tuple[str, date, date, int]]:
    """From when, until when, and how often so: until they were given to a unit, their reporters called, and they were put right."""
    rows = counted(every(cycle, unit), days)
    called = rows.filter(has_phone=True).exclude(called_on=None)
    fixed = rows.exclude(fixed_on=None).filter(lacks="")
    return _taken("give", rows, "received_on", "given_on").union(
        _taken("call", called, "received_on", "called_on"), _taken("fix", fixed, "from_on", "fixed_on"), all=True
    )


def _taken(name: str, rows: QuerySet[Case], first: str, last: str) -> QuerySet[Any, tuple[str, date, date, int]]:
    pairs: Any = rows.values_list(Value(name), first, last)
    counts: QuerySet[Any, tuple[str, date, date, int]] = pairs.annotate(n=Count("pk"))
    return counts


@prepared
def by_kind(cycle: Cycle, unit: Organisation | None, days: list[date] | None) -> QuerySet[Any, dict[str, Any]]:
    """Their counts by kind."""
    counts: Any = (
        counted(every(cycle, unit), days)
        .values("kind")
        .annotate(
            received=Count("pk"),
            open=Count("pk", filter=Q(state__in=rules.OPEN)),
            said_fixed=Count("pk", filter=Q(fixed_on__isnull=False, lacks="")),
            judged=Count("pk", filter=~Q(verdict="")),
            solved=Count("pk", filter=Q(verdict=Case.Verdict.SOLVED)),
            partly=Count("pk", filter=Q(verdict=Case.Verdict.PARTLY)),
            reopened=Count("pk", filter=Q(reopened__gt=0)),
            paused=Count("pk", filter=Q(pauses__gt=0)),
            pauses=Sum("pauses", default=0),
            calls_denied=Sum("calls_denied", default=0),
            impossible=Count("pk", filter=Q(lacks__gt="", state__in=[Case.State.IMPOSSIBLE, Case.State.CLOSED])),
            closed_unjudged=Count("pk", filter=Q(state=Case.State.CLOSED, verdict="")),
            passed_on=Sum("hands", default=0),
        )
    )
    return cast("QuerySet[Any, dict[str, Any]]", counts)
