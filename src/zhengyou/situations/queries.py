"""What pages ask about reports on the situation: those of a unit, what was said to one, which is due."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import TruncDate

from zhengyou.base.prepared import prepared
from zhengyou.base.searching import Searchable
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import Cycle
from zhengyou.organisations.models import Organisation, Post
from zhengyou.organisations.readers import Reader
from zhengyou.organisations.tree import PlacedUnit, is_within
from zhengyou.remarks import queries as remarks
from zhengyou.remarks.models import Remark
from zhengyou.situations import rules
from zhengyou.situations.models import SituationReport

SEARCHED_AS = "situation"
REMARK = "situation"  # the kind of words about a report
WORDS_A_PAGE = 20
SHOWN_AT_UNIT = 4
FEW = 100  # units that are named in a question; of more all that told are asked for


@dataclass(frozen=True)
class SituationDue:
    """That a unit has to tell of its situation: of the days from the first to the last, which is the day it is due."""

    organisation: Organisation | PlacedUnit
    first: date
    due_on: date
    cycle: Cycle


def reports() -> QuerySet[SituationReport]:
    """All reports, the newest first, each with its unit."""
    return SituationReport.objects.select_related("organisation", "cycle").order_by("-pk")


def reports_of(organisation: Organisation) -> QuerySet[SituationReport]:
    """Those of one unit, the newest first."""
    return reports().filter(organisation=organisation)


@prepared
def newest_of(organisation: Organisation) -> QuerySet[SituationReport]:
    """Its newest four, for its page."""
    return reports_of(organisation)[:SHOWN_AT_UNIT]


def report_with_id(organisation: Organisation, number: int) -> SituationReport | None:
    """One of them, or None."""
    return reports_of(organisation).filter(pk=number).first()


def words_about(report: SituationReport) -> QuerySet[Remark]:
    """What people said to a report and was looked at, the newest first."""
    rows = Remark.objects.filter(remarks.readable(), subject=report.reference)
    return rows.select_related("photo").order_by("-pk")


def words_before(remark: Remark) -> int:
    """How many of the readable words about the same report stand above these in their list."""
    return Remark.objects.filter(remarks.readable(), subject=remark.subject, pk__gt=remark.pk).count()


def searchable(rows: Iterable[SituationReport]) -> list[Searchable]:
    """How these reports are found."""
    return [
        Searchable(
            kind=SEARCHED_AS,
            reference=row.reference,
            title=row.title,
            address=f"{row.organisation.code}/{row.pk}",
            more=("情况通报 situation report",),
            place=row.organisation_id,
        )
        for row in rows
    ]


def due_for(reader: Reader) -> list[SituationDue]:
    """Of which of their units the reader has to tell how things stand. One query for each cycle under way that asks for it."""
    led = reader.organisations_as(Post.Role.SECRETARY)
    mine = [row for row in led if row.parent_id]
    calendars = Calendar.under_way_at(reader) if mine else []
    return [
        one
        for calendar in calendars
        for one in due_in(calendar, [row for row in mine if is_within(row, calendar.top)], reader.on)
    ]


def due_in(calendar: Calendar, units: Collection[Organisation | PlacedUnit], on: date) -> list[SituationDue]:
    """Which of these units, of those that take part, have to tell how things stand: each once, for the earliest period that can still
    be told of. A unit's own list and the levels above it ask here. One query, none outside of such days.
    """
    due = _periods_left(calendar, [unit.pk for unit in units], on)
    found = ((unit, due.get(unit.pk)) for unit in units)
    return [SituationDue(unit, period.first, period.last, calendar.cycle) for unit, period in found if period]


def _periods_left(calendar: Calendar, units: Collection[int], on: date) -> dict[int, rules.Period]:
    """The earliest period of which each of these units, by their ids, has to tell still; those that owe nothing are left out."""
    periods = rules.periods_due(calendar, on) if "commitments" in calendar.cycle.ruleset.rooms else []
    if not (units and periods):
        return {}
    told: dict[int, list[date]] = defaultdict(list)
    for organisation, day in _told_on(calendar.cycle, list(units) if len(units) < FEW else None):
        told[organisation].append(day)
    every = rules.periods_of(calendar)
    # Most have told on the same few days, or never: what that leaves open is found once.
    left = cache(lambda days: next((one for one in rules.untold(every, days) if one in periods), None))
    due = ((unit, left(tuple(told.get(unit, ())))) for unit in units)
    return {unit: period for unit, period in due if period}


@prepared
def _told_on(cycle: Cycle, units: list[int] | None) -> QuerySet[Any, tuple[int, date]]:
    """Who of these units, or of all, told on which days. Days, since thousands of instants are slow to read."""
    rows = SituationReport.objects.filter(cycle=cycle).order_by()
    rows = rows if units is None else rows.filter(organisation__in=units)
    day = TruncDate("published_at", tzinfo=ZoneInfo(settings.TIME_ZONE))
    return cast("QuerySet[Any, tuple[int, date]]", rows.values_list("organisation", day))


def late_in(
    calendar: Calendar, units: Collection[Organisation | PlacedUnit] | QuerySet[Organisation], on: date
) -> list[SituationDue]:
    """Of what `due_in` finds, that whose day has passed. The units are asked for only where there can be any."""
    is_any = any(one.last < on for one in rules.periods_due(calendar, on))
    return [one for one in due_in(calendar, list(units), on) if one.due_on < on] if is_any else []


def number_late(calendar: Calendar, units: Collection[int], on: date) -> int:
    """How many of these units, by their ids, `late_in` finds."""
    if not any(one.last < on for one in rules.periods_due(calendar, on)):
        return 0
    due = _periods_left(calendar, units, on)
    return sum(one.last < on for one in due.values())
