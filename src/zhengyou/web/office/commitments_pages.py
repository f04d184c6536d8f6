"""Coverage: who has no theme, no published promise, no report, and who owes everybody an answer."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from zhengyou.base.words import joined
from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.models import Cycle
from zhengyou.commitments.models import Commitment
from zhengyou.keeping import coverage as covered
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Post
from zhengyou.organisations.vocabulary import word
from zhengyou.web.office.roster_words import below_of, path_read
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.lists import Cell, Column, listed
from zhengyou.web.shared.narrowing import Filter, of_unit

LACKS = [
    ("theme", gettext_lazy("No theme")),
    ("promise", gettext_lazy("No published promise")),
    ("report", gettext_lazy("Published, no report")),
    ("answer", gettext_lazy("Public answer owed")),
]

STATES: dict[str, Any] = dict(Commitment.State.choices)
of_cycle = doors.of_campaign("cycle_id", campaigns.cycle_with_id)


@doors.room("commitments")
@doors.office
@of_cycle
def coverage(request: doors.PersonRequest, cycle: Cycle) -> HttpResponse:
    """How far each organisation has come, and who lacks what."""
    rows, leads = covered.coverage(cycle), _Secretaries()
    return listed(
        request,
        "office/commitment_coverage.html",
        rows,
        [
            Column(_("Unit"), _organisation_of, order="organisation__path"),
            Column(_("Code"), lambda row: row.organisation.code, order="organisation__code"),
            Column(_("Within"), lambda row: below_of(row.organisation), is_only_in_files=True),
            Column(word("Secretary"), leads.of),
            Column(_("Theme"), lambda row: row.theme),
            Column(_("Promises"), lambda row: row.promises or "", order="promises", is_figure=True),
            Column(_("State"), _state_of, part="parts/commitment_state.html"),
            Column(_("Reports"), _reports_of, order="reports"),
            Column(_("Answers owed"), _owed_of, order="owed", is_figure=True),
            Column(_("Days late with an answer"), _days_late, order="owes_since", is_only_in_files=True),
        ],
        name="promises",
        nothing=_("No unit takes part."),
        search=_("Find a unit or a theme"),
        paths=(*of_unit("organisation"), "theme"),
        filters=[
            Filter("missing", _("Show only"), "missing", LACKS),
            Filter("state", _("State"), "state", Commitment.State.choices),
        ],
        before=leads.fetch,
        cycle=cycle,
        all=len(rows),
    )


def _organisation_of(row: covered.CoverageRow) -> Cell:
    unit = row.organisation
    return Cell(unit.name, reverse("public-organisation", args=[unit.code]), note=path_read(unit))


class _Secretaries:
    """Who leads the units of a page, so that the office knows whom to call. One query a page."""

    def __init__(self) -> None:
        self._names: dict[int, list[str]] = {}

    def fetch(self, rows: list[covered.CoverageRow]) -> None:
        units = [row.organisation.pk for row in rows]
        self._names = organisations.names_of_holders(Post.Role.SECRETARY, units, clock.today())

    def of(self, row: covered.CoverageRow) -> str:
        return joined(self._names.get(row.organisation.pk, []))


def _state_of(row: covered.CoverageRow) -> dict[str, Any] | None:
    said = {"state": row.state, "get_state_display": STATES.get(row.state)}
    return {"row": said} if row.state else None


def _reports_of(row: covered.CoverageRow) -> Cell:
    if not row.last_reported_at:
        return Cell(row.reports or "")
    day = date_format(localtime(row.last_reported_at), "SHORT_DATE_FORMAT").replace(" ", "\u00a0")
    return Cell(row.reports or "", note=_("last on %(day)s") % {"day": day})


def _owed_of(row: covered.CoverageRow) -> Cell | str:
    """How many answers, of closed cycles too; of those how many days the oldest is late."""
    days = _days_late(row)
    note = ngettext("%(n)d day late", "%(n)d days late", int(days)) % {"n": days} if days else ""
    return Cell(row.owed, note=note, late="note") if row.owed else ""


def _days_late(row: covered.CoverageRow) -> int | str:
    return max((clock.today() - row.owes_since).days, 0) or "" if row.owes_since else ""
