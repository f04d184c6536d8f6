"""What pages ask about reports on the situation: those of a unit, what was said to one, which is due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from zhengyou.base.prepared import prepared
from zhengyou.base.searching import Searchable
from zhengyou.base.time import local_day
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import Cycle
from zhengyou.organisations.models import Organisation, Post
from zhengyou.organisations.readers import Reader
from zhengyou.organisations.tree import is_within
from zhengyou.remarks import queries as remarks
from zhengyou.remarks.models import Remark
from zhengyou.situations import rules
from zhengyou.situations.models import SituationReport

SEARCHED_AS = "situation"
REMARK = "situation"  # the kind of words about a report
WORDS_A_PAGE = 20
SHOWN_AT_UNIT = 4


@dataclass(frozen=True)
class SituationDue:
    """That a unit has to tell of its situation: of the days from the first to the last, which is the day it is due."""

    organisation: Organisation
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
    return (
        [one for calendar in Calendar.under_way_at(reader) for one in _due_in(calendar, led, reader.on)] if led else []
    )


def _due_in(calendar: Calendar, led: list[Organisation], on: date) -> list[SituationDue]:
    mine = [row for row in led if row.parent_id and is_within(row, calendar.top)]
    periods = rules.periods_due(calendar, on) if "commitments" in calendar.cycle.ruleset.rooms else []
    if not (mine and periods):
        return []
    told = [
        (row.organisation_id, local_day(row.published_at))
        for row in SituationReport.objects.filter(cycle=calendar.cycle, organisation__in=mine)
    ]
    due = []
    for unit in mine:
        days = [day for organisation, day in told if organisation == unit.pk]
        open_ones = [one for one in rules.untold(calendar, days) if one in periods]
        if open_ones:
            due.append(SituationDue(unit, open_ones[0].first, open_ones[0].last, calendar.cycle))
    return due
