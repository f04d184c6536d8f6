"""The desk's pages about units: one's own unit through its year, and a table of the units that a secretary or leader looks after."""

from collections import Counter
from datetime import date
from heapq import nsmallest
from operator import attrgetter
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from zhengyou.campaigns.calendar import Calendar
from zhengyou.commitments import by_unit
from zhengyou.commitments import queries as commitments
from zhengyou.commitments.models import Commitment
from zhengyou.keeping import owing
from zhengyou.organisations.models import Organisation, Post
from zhengyou.organisations.tree import is_within
from zhengyou.organisations.vocabulary import worded
from zhengyou.rhythm import below
from zhengyou.rhythm.below import UnitPromises
from zhengyou.web.desk.due_lines import lines_for
from zhengyou.web.desk.unit_year import year_of
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.due_lines import DueLine
from zhengyou.web.shared.lists import Cell, Column, listed
from zhengyou.web.shared.narrowing import Filter, of_unit
from zhengyou.web.shared.pages import found
from zhengyou.web.shared.stages import calendars_for, chosen
from zhengyou.web.shared.ways import ABOVE

REVIEWS = (Post.Role.SECRETARY, Post.Role.LEADER)
CONCERNS = [
    ("waiting", gettext_lazy("Waiting for review")),
    ("late", gettext_lazy("Nothing published in time")),
    ("unreported", gettext_lazy("Published, no report")),
    ("doubted", gettext_lazy("Promise doubted")),
    ("contested", gettext_lazy("Public answer owed")),
    ("earlier", gettext_lazy("Answer owed from an earlier cycle")),
    ("untold", gettext_lazy("Situation report late")),
    ("overdue", gettext_lazy("Overdue")),
]
A_PAGE = 25  # what needs somebody comes first, so a phone shows no hundred units that need nobody
STATES = [("none", gettext_lazy("not begun")), *Commitment.State.choices]


class _Lateness:
    """What the units of a page owe everybody for longest, of this cycle and of those before, and how many days late it is."""

    def __init__(self, calendar: Calendar | None, on: date) -> None:
        self._cycle, self._on = calendar.cycle if calendar else None, on
        self._oldest: dict[int, owing.ToAnswer] = {}
        self._doubted: dict[int, int] = {}

    def fetch(self, rows: list[UnitPromises]) -> None:
        if self._cycle:
            self._doubted |= by_unit.first_doubted(self._cycle, [row.organisation.pk for row in rows if row.doubted])
        units = [row.organisation.pk for row in rows if row.owed]
        if self._cycle and units:
            owed = [*owing.contested_in(self._cycle, units), *owing.owed_of_earlier(units, self._cycle.campaign)]
            for one in sorted(owed, key=lambda one: one.due_on):
                self._oldest.setdefault(one.promise.commitment.organisation_id, one)

    def owed_of(self, row: UnitPromises) -> Cell | str:
        """How many answers, one tap from the promise that has waited longest."""
        oldest, days = self._oldest.get(row.organisation.pk), self.days_of(row)
        if oldest is None:
            return ""
        address = reverse("public-promise", args=[row.organisation.code, oldest.promise.pk])
        said = f"{_('Answers owed')}: {row.organisation.name}"
        return Cell(row.owed, address, note=_days_late(int(days)) if days else "", late="note", apart=said)

    def days_of(self, row: UnitPromises) -> int | str:
        oldest = self._oldest.get(row.organisation.pk)
        return (oldest.days_late(self._on) or "") if oldest else ""

    def doubted_of(self, row: UnitPromises) -> Cell | str:
        """How many are doubted, one tap from the first of them."""
        first = self._doubted.get(row.organisation.pk)
        address = reverse("public-promise", args=[row.organisation.code, first]) if first else ""
        said = f"{_('Doubted')}: {row.organisation.name}"
        return Cell(row.doubted, address, apart=said if address else "") if row.doubted else ""

    def report_of(self, row: UnitPromises) -> Cell | str:
        if row.report_due_on is None:
            return ""
        return Cell(_days_late((self._on - row.report_due_on).days), late="value")


@doors.signed_in
def my_unit(request: doors.PersonRequest, code: str = "") -> HttpResponse:
    """The year of the reader's own unit, stage by stage, each with its one next step; of several units the one in the address."""
    reader = doors.reader_of(request)
    led = reader.organisations_as(Post.Role.SECRETARY)
    own = led or [request.person.organisation]
    unit: Organisation = found(next((row for row in own if code in ("", row.code)), None))
    taking_part = [one for one in Calendar.under_way_for([unit]) if is_within(unit, one.top)]
    calendar = chosen(request, taking_part)
    every = lines_for(reader, [one.cycle for one in calendars_for(reader)]) if led else []
    lines = [line for line in every if line.organisation == unit.pk]
    of_this = [line for line in lines if calendar and line.cycle == calendar.cycle.pk]
    stages = year_of(unit, calendar, of_this, at=clock.now(), on=reader.on, is_led=bool(led)) if calendar else []
    shown = {
        "unit": unit,
        "others": [row for row in own if row != unit],
        "is_led": bool(led),
        "cycle": calendar.cycle if calendar else None,
        "has_draft": calendar is not None and commitments.has_open_draft(calendar.cycle, unit),
        "stages": stages,
        "lines": _besides(lines, [stage.step for stage in stages], reader.on),
        "next": next((stage for stage in stages if stage.step), None),
        "on": reader.on,
    }
    return render(request, "desk/unit.html", shown)


def _besides(lines: list[DueLine], steps: list[DueLine | None], on: date) -> list[tuple[DueLine, int]]:
    """What else is to be done for the unit, of an earlier cycle too, with how late it is; the same lines as on the list of to-dos."""
    rest = [line for line in lines if line not in steps]
    rest.sort(key=lambda line: (not (line.late or line.days_late(on)), line.due_on or date.max))
    return [(line, line.days_late(on)) for line in rest]


@doors.room("commitments")
@doors.signed_in
def units_below(request: doors.PersonRequest) -> HttpResponse:
    """How the units below the reader's stand with their promises: for whoever leads a level above, and for its
    campaign office, which enters for them what came on paper.
    """
    reader = doors.reader_of(request)
    led = reader.organisations_as(*ABOVE)
    calendar = chosen(request, calendars_for(reader))
    rows = below.units_below(calendar, led, reader.on) if calendar and led else []
    late, reviews = _Lateness(calendar, reader.on), reader.organisations_as(*REVIEWS)
    rows.sort(key=attrgetter("urgency"))  # within each part the order of the tree stays
    return listed(
        request,
        "desk/units_below.html",
        rows,
        _columns(late, reviews),
        name="units",
        nothing=_nothing(calendar, led),
        search=_("Find a unit or a theme"),
        paths=(*of_unit("organisation"), "theme"),
        filters=[
            Filter("concern", _("Look at"), "concerns", CONCERNS),
            Filter("state", _("State"), "state", STATES),
        ],
        per_page=A_PAGE,
        before=late.fetch,
        cycle=calendar.cycle if calendar else None,
        led=led,
        for_who_leads=bool(doors.offices_of(request)),
        below=_in_figures(rows, reader.on) if calendar else None,
    )


def _in_figures(rows: list[UnitPromises], on: date) -> below.PromisesBelow:
    """The figures of the desk's first page, of the rows that the table has already."""
    pressing = nsmallest(
        below.MOST_PRESSING,
        (row for row in rows if row.overdue or row.owed),
        key=lambda row: -(row.overdue + row.owed),  # of equal ones the first, as sorting leaves it
    )
    states, concerns = Counter(row.state for row in rows), Counter(row.concerns for row in rows)
    return below.PromisesBelow(
        len(rows),
        states[Commitment.State.PUBLISHED],
        states[Commitment.State.PROPOSED],
        sum(row.overdue for row in rows),
        sum(row.contested + row.earlier for row in rows),
        tuple(_pressing(row) for row in pressing),
        earlier=sum(row.earlier for row in rows),
        days_late=max((on - min((row.late_since for row in rows if row.late_since), default=on)).days, 0),
        untold=sum(n for found, n in concerns.items() if "untold" in found),
    )


def _pressing(row: UnitPromises) -> below.PressingUnit:
    return below.PressingUnit(row.organisation.code, row.organisation.name, row.overdue, row.owed)


def _columns(late: _Lateness, reviews: list[Organisation]) -> list[Column]:
    return [
        Column(_("Unit"), lambda row: _unit_of(row, reviews), order="organisation__path"),
        Column(_("Within"), _above_of, is_only_in_files=True),
        Column(_("Theme"), lambda row: row.theme, is_only_in_files=True),
        Column(_("State"), lambda row: {"row": row.commitment, "is_late": row.is_late}, part="parts/unit_state.html"),
        Column(_("Promises"), _promises_of, order="promises", is_figure=True),
        Column(_("Reported"), lambda row: row.reported or "", order="reported", is_figure=True, is_only_in_files=True),
        Column(_("Next day"), _next_day_of, order="next_day"),
        Column(_("Promises doubted"), late.doubted_of, order="doubted", is_figure=True),
        Column(_("Answers owed"), late.owed_of, order="owed", is_figure=True),
        Column(_("Days late with an answer"), late.days_of, is_only_in_files=True),
        Column(_("Situation report"), late.report_of, order="report_due_on"),
        Column(_("Overdue"), lambda row: row.overdue or "", order="overdue", is_figure=True, is_only_in_files=True),
        Column(_("Paper"), _paper_of, is_deed=True),
    ]


def _days_late(days: int) -> str:
    return ngettext("%(n)d day late", "%(n)d days late", days) % {"n": days}


def _promises_of(row: UnitPromises) -> Cell | str:
    """How many promises there are, and of how many something was reported."""
    reported = (
        ngettext("%(n)d reported on", "%(n)d reported on", row.reported) % {"n": row.reported} if row.reported else ""
    )
    return Cell(row.promises, note=reported) if row.promises else ""


def _next_day_of(row: UnitPromises) -> Cell | str:
    """The next day of a promise, and how many have passed theirs."""
    passed = ngettext("%(n)d overdue", "%(n)d overdue", row.overdue) % {"n": row.overdue} if row.overdue else ""
    return Cell(row.next_day or "", note=passed, late="note")


def _paper_of(row: UnitPromises) -> Cell:
    """The way to enter what the unit handed in on paper."""
    words = format_html('{}<span class="unseen">{}{}</span>', _("Enter papers"), _(": "), row.organisation.name)
    return Cell(words, reverse("desk-submissions", args=[row.organisation.code]))


def _unit_of(row: UnitPromises, reviews: list[Organisation]) -> Cell:
    """Its name with the one above it, as many have the same name, and its theme; where something waits, or was sent back, it leads
    whoever leads one of those that review it to the review.
    """
    unit = row.organisation
    is_reviewer = any(unit.path.startswith(one.path) and unit.path != one.path for one in reviews)
    waits = is_reviewer and row.state in (Commitment.State.PROPOSED, Commitment.State.RETURNED)
    address = reverse("desk-review" if waits else "public-organisation", args=[unit.code])
    return Cell(unit.name, address, note=" · ".join(filter(None, [_above_of(row), row.theme])))


def _above_of(row: UnitPromises) -> str:
    return row.organisation.parent.name if row.organisation.parent else ""


def _nothing(calendar: Calendar | None, led: list[Organisation]) -> Any:
    if calendar is None:
        return worded(
            _("No cycle is under way. Once the %(office)s launches one, the units below yours are listed here.")
        )
    if not led:
        return worded(
            _("This list is for those who lead a level above, and for its %(office)s. You hold no such post.")
        )
    return _("No unit below yours takes part in this campaign.")
