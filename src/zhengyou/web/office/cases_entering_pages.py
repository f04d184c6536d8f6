"""Reports that come to an office by telephone, on paper or in a hotline's table, and are entered for their reporters."""

from dataclasses import asdict
from functools import partial
from typing import Any

from django.core import signing
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from zhengyou.base.spreadsheets import Sheet, write_workbook
from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.models import Cycle
from zhengyou.cases import actions, rules
from zhengyou.cases.importing.hotline import HotlineRow, read_table
from zhengyou.cases.models import Case
from zhengyou.web.office import cases_forms as forms
from zhengyou.web.shared import case_entering, case_words, doors
from zhengyou.web.shared.downloads import download
from zhengyou.web.shared.pages import posted, pressed

LOOKED_AT_FOR = 60 * 60  # seconds
of_cycle = doors.of_campaign("cycle_id", campaigns.cycle_with_id)


@doors.room("cases")
@doors.office
@of_cycle
@never_cache
def enter(request: doors.PersonRequest, cycle: Cycle) -> HttpResponse:
    """Enter a report that somebody made by telephone, on paper or by word of mouth; its reporter gets the code."""
    sources = (Case.Source.PHONE, Case.Source.PAPER, Case.Source.COUNTER)
    back = reverse("office-cases", args=[cycle.pk])
    return case_entering.entering_page(request, cycle, sources, base="parts/office_page.html", back=back)


@doors.room("cases")
@doors.office
@of_cycle
@never_cache
def hotline(request: doors.PersonRequest, cycle: Cycle) -> HttpResponse:
    """Read in a hotline's table: first looked at row by row, then taken, with a code for each."""
    if rows := _confirmed(request):
        take = partial(_taken, request, cycle, rows)
        return pressed(request, take, to=("office-cases", cycle.pk))
    form = forms.HotlineForm(request.POST or None, request.FILES or None)

    def look(*, file: bytes, **_acting: Any) -> HttpResponse:
        lines = read_table(file, cycle)
        good = [row for row in lines if row.is_good]
        shown = {
            "cycle": cycle,
            "lines": lines,
            "good": len(good),
            "kinds": dict(case_words.kinds_of(cycle)),
            "around": [one.id for one in cycle.ruleset.case_kinds if rules.body_of(one, cycle)],
            "rows": signing.dumps([asdict(row) for row in good], compress=True),
        }
        return render(request, "office/case_hotline.html", shown)

    back = reverse("office-cases", args=[cycle.pk])
    shown = {"form": form, "back": back, "heading": _("Import the hotline’s table"), "button": _("Look at it first")}
    return posted(request, form, look) or render(request, "parts/case_enter.html", shown)


def _confirmed(request: doors.PersonRequest) -> list[HotlineRow]:
    """The rows that were looked at and are to be taken; they came along with the page, since nothing of them is kept before."""
    try:
        return [HotlineRow(**row) for row in signing.loads(request.POST.get("rows", ""), max_age=LOOKED_AT_FOR)]
    except signing.BadSignature:
        return []


def _taken(request: doors.PersonRequest, cycle: Cycle, rows: list[HotlineRow], **acting: Any) -> HttpResponse:
    """The codes, on a page or, once more, as a table: the same rows confirmed twice show the same codes."""
    taken = actions.take_hotline(rows=rows, cycle=cycle, **acting)
    if "table" in request.POST:
        codes = [(number, one.code) for number, one in taken]
        return download(write_workbook([Sheet(_("Codes"), [_("Number"), _("Case code")], codes)]), "case-codes.xlsx")
    shown = {"cycle": cycle, "taken": taken, "rows": request.POST["rows"]}
    return render(request, "office/case_hotline_taken.html", shown)
