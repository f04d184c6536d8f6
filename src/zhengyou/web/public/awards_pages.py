"""The register of honours, and the page on which anybody verifies a certificate."""

import segno
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from zhengyou.awards import queries
from zhengyou.awards.models import Honour
from zhengyou.campaigns.models import Cycle
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation
from zhengyou.polls import queries as polls
from zhengyou.polls.models import Poll
from zhengyou.standings import queries as standings
from zhengyou.web.shared import doors
from zhengyou.web.shared.addenda_words import corrections_of
from zhengyou.web.shared.addresses import address
from zhengyou.web.shared.lists import Cell, Column, listed
from zhengyou.web.shared.narrowing import Filter
from zhengyou.web.shared.pages import found
from zhengyou.web.shared.public_address import printed_address


def _with_years(cycle: Cycle) -> str:
    """The cycle with its years, without which "the first" says nothing to a reader ten years on."""
    first, last = cycle.starts_on.year, cycle.ends_on.year
    years = str(first) if first == last else f"{first}–{last}"
    return gettext("%(cycle)s (%(years)s)") % {"cycle": cycle.called, "years": years}


def _holder(row: Honour) -> Cell:
    """An organisation leads to its page; a person has none here, and stands with post and unit as they were announced."""
    if row.person:
        return Cell(row.holder, note=format_html_join(" · ", "{}", ((part,) for part in _places(row) if part)))
    return Cell(row.holder, address("public-organisation", row.organisation.code), note=_where(row))


def _places(row: Honour) -> list[str]:
    """A person's post and unit, as they were announced, and the one above it, which pages in English read out."""
    above = row.organisation.parent
    read = '<span data-read="short">{}</span>'
    return [row.post, format_html(read, row.unit) if row.unit else "", format_html(read, above.name) if above else ""]


def _where(row: Honour) -> str:
    """The one above it, as many units have the same name."""
    above = row.organisation.parent
    return format_html('<span data-read="short">{}</span>', above.name) if above else ""


TO = [("units", _("units")), ("people", _("people"))]
COLUMNS = [
    Column(_("Given to"), _holder, order="organisation__name_key"),
    Column(_("Title"), lambda row: {"honour": row}, order="title", part="parts/honour_tag.html"),
    Column(_("Cycle"), lambda row: _with_years(row.commendation.selection.cycle)),
    Column(_("Decision"), lambda row: row.commendation.decision_number),
    Column(_("Certificate"), lambda row: Cell(row.code, address("public-honour", row.code))),
]


@doors.room("awards")
@require_safe
def honours(request: HttpRequest) -> HttpResponse:
    """The whole register; with ?code= on to the certificate of that code."""
    code = request.GET.get("code", "")[:40]
    honour = queries.honour_with_code(code) if code else None
    if honour is not None:
        return redirect("public-honour", honour.code)
    return listed(
        request,
        "public/honours.html",
        queries.honours_register(),
        COLUMNS,
        name="honours",
        nothing=_("No honour has been given yet."),
        search=_("Find by name, title or decision"),
        paths=("holder", "unit", "title", "commendation__decision_number"),
        filters=[
            Filter("to", _("Given to"), "", TO, means=lambda to: Q(person=None) if to == "units" else ~Q(person=None))
        ],
        code=code,
    )


@require_safe
def honour(request: HttpRequest, code: str) -> HttpResponse:
    """One certificate: who holds which title by which decision, and whether it still stands."""
    row = found(queries.honour_with_code(code))
    cycle = row.commendation.selection.cycle
    shown = {
        "honour": row,
        "cycle": _with_years(cycle),
        "notice": row.commendation.selection.notice,
        "polls": [] if row.person else _with_result(row.organisation, cycle),
        **_code(request, row),
        "above": organisations.above_and_below(row.organisation)[0],
        "addenda": corrections_of(row.commendation.reference),
    }
    return render(request, "public/honour.html", shown)


@require_safe
def certificates(request: HttpRequest, commendation_id: int) -> HttpResponse:
    """All certificates of one decision that stand, one a sheet, to be printed at once."""
    rows = [row for row in queries.honours_in(found(queries.commendation(commendation_id))) if not row.is_revoked]
    sheets = [
        {"honour": row, "cycle": _with_years(row.commendation.selection.cycle), **_code(request, row)} for row in rows
    ]
    return render(request, "public/certificates.html", {"sheets": found(sheets or None)})


def _code(request: HttpRequest, row: Honour) -> dict[str, str]:
    """The address at which anybody verifies a certificate, and its drawing."""
    address = printed_address(request, reverse("public-honour", args=[row.code]))
    return {"address": address, "qr": segno.make(address, error="m", micro=False).svg_inline(scale=3, border=2)}


def _with_result(unit: Organisation, cycle: Cycle) -> list[Poll]:
    """The polls of the cycle that graded the unit and have a result, the newest first."""
    rows = [row for row in polls.closed_polls_rating(unit) if row.cycle_id == cycle.pk]
    counted = standings.polls_with_result(rows)
    return [row for row in rows if row.pk in counted]
