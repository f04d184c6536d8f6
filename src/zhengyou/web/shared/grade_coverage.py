"""The list of how far units are with their yearly grades, for the office and for the level above: numbers, never a grade."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from zhengyou.campaigns.models import Cycle
from zhengyou.grades.queries import UnitCoverage
from zhengyou.web.shared.lists import Cell, Column, listed
from zhengyou.web.shared.narrowing import Filter, of_unit

DONE = [("no", _("not all decided")), ("yes", _("all decided"))]


def coverage_page(
    request: HttpRequest, template: str, rows: Sequence[UnitCoverage], cycle: Cycle | None, *, is_read: bool
) -> HttpResponse:
    """The list as a page or a file. `is_read`: each unit leads to its grades, as its reader may read them."""
    return listed(
        request,
        template,
        rows,
        [
            Column(_("Unit"), partial(_unit, is_read=is_read), order="organisation__path"),
            Column(_("To be graded"), lambda row: row.people, order="people", is_figure=True),
            Column(_("Own words"), lambda row: row.wrote, order="wrote", is_figure=True),
            Column(_("Decided"), lambda row: row.decided, order="decided", is_figure=True),
            Column(_("Told"), lambda row: row.told, order="told", is_figure=True),
            Column(_("Objections open"), lambda row: row.waiting or "", order="waiting", is_figure=True),
        ],
        name="grades",
        nothing=_(
            "Nobody has made a public commitment yet, so nobody is graded. Enter who did, then units appear here."
        ),
        search=_("Find a unit"),
        paths=of_unit("organisation"),
        filters=[Filter("done", _("Show only"), "is_done", DONE)],
        cycle=cycle,
        left=sum(row.is_done == "no" for row in rows),
        all=len(rows),
    )


def _unit(row: UnitCoverage, *, is_read: bool) -> Cell:
    unit: Any = row.organisation
    address = reverse("desk-grade-unit" if is_read else "public-organisation", args=[unit.code])
    above = format_html('<span data-read="short">{}</span>', unit.parent.name) if unit.parent else ""
    return Cell(unit.name, address, note=above)
