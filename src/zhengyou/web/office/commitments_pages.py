"""Coverage: who has no theme, no published promise, no report."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.models import Cycle
from zhengyou.commitments.models import Commitment
from zhengyou.keeping import queries as keeping
from zhengyou.web.shared import doors
from zhengyou.web.shared.lists import Cell, Column, listed
from zhengyou.web.shared.narrowing import Filter

LACKS = [
    ("theme", gettext_lazy("No theme")),
    ("promise", gettext_lazy("No published promise")),
    ("report", gettext_lazy("Published, no report")),
]

of_cycle = doors.of_campaign("cycle_id", campaigns.cycle_with_id)


@doors.room("commitments")
@doors.office
@of_cycle
def coverage(request: doors.PersonRequest, cycle: Cycle) -> HttpResponse:
    """How far each organisation has come, and who lacks what."""
    rows = keeping.coverage(cycle)
    return listed(
        request,
        "office/commitment_coverage.html",
        rows,
        [
            Column(_("Organisation"), _organisation_of, order="organisation__path"),
            Column(_("Practice theme"), lambda row: row.theme),
            Column(_("Promises"), lambda row: row.promises or "", order="promises", is_figure=True),
            Column(_("State"), _state_of, part="parts/commitment_state.html"),
            Column(_("Reports"), _reports_of, order="reports"),
        ],
        name="promises",
        nothing=_("No organisation takes part."),
        search=_("Find an organisation or a theme"),
        paths=("organisation__name", "organisation__code", "theme"),
        filters=[
            Filter("missing", _("Show only"), "missing", LACKS),
            Filter("state", _("State"), "commitment__state", Commitment.State.choices),
        ],
        cycle=cycle,
        all=len(rows),
    )


def _organisation_of(row: keeping.CoverageRow) -> Cell:
    return Cell(row.organisation.name, reverse("public-organisation", args=[row.organisation.code]))


def _state_of(row: keeping.CoverageRow) -> dict[str, Any] | None:
    return {"row": row.commitment} if row.commitment else None


def _reports_of(row: keeping.CoverageRow) -> Cell:
    last = _("last on %(day)s") % {"day": date_format(localtime(row.last_reported_at))} if row.last_reported_at else ""
    return Cell(row.reports or "", note=last)
