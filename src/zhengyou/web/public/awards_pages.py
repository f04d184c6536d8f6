"""The register of honours, and the page on which anybody verifies a certificate."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhengyou.awards import queries
from zhengyou.web.shared import doors
from zhengyou.web.shared.lists import Cell, Column, listed
from zhengyou.web.shared.pages import found

COLUMNS = [
    Column(
        _("Organisation"),
        lambda row: Cell(row.holder, reverse("public-organisation", args=[row.organisation.code])),
        order="organisation__name_key",
    ),
    Column(_("Title"), lambda row: {"honour": row}, order="title", part="parts/honour_tag.html"),
    Column(_("Cycle"), lambda row: row.commendation.selection.cycle.name),
    Column(_("Decision"), lambda row: row.commendation.decision_number),
    Column(_("Certificate"), lambda row: Cell(row.code, reverse("public-honour", args=[row.code]))),
]


@doors.room("awards")
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
        search=_("Find by organisation, title or decision"),
        paths=("holder", "title", "commendation__decision_number"),
        code=code,
    )


def honour(request: HttpRequest, code: str) -> HttpResponse:
    """One certificate: who holds which title by which decision, and whether it still stands."""
    return render(request, "public/honour.html", {"honour": found(queries.honour_with_code(code))})
