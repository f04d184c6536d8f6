"""Lists in and out: reading a workbook; lists to take. The preview is in `organisations_preview_pages`."""

import time
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from zhengyou import jobs
from zhengyou.base.words import language
from zhengyou.campaigns import packs
from zhengyou.organisations import actions, queries
from zhengyou.organisations.importing import rosters, workbooks
from zhengyou.organisations.models import ImportDraft
from zhengyou.organisations.vocabulary import word
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.downloads import download
from zhengyou.web.shared.lists import Cell, Column, listed
from zhengyou.web.shared.pages import posted

WHAT = {ImportDraft.What.ORGANISATIONS.value: _("Units"), ImportDraft.What.PEOPLE.value: word("Members")}
READ_AT_ONCE = 200_000  # bytes; a larger file is read by a worker, with its progress shown
SHOWN = {ImportDraft.What.BOTH.value: _("Units and people"), **WHAT}
HELD = {ImportDraft.What.BOTH.value: _("Look for both"), **WHAT}


class UploadForm(forms.Form):
    """A workbook and what it holds."""

    what = forms.ChoiceField(label=_("What does the file hold?"), choices=list(HELD.items()), widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("Workbook"),
        help_text=_(
            "An .xlsx, .xls or .csv file of up to 10 MB, just as you have it: several sheets and any order of columns are fine."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.et,.csv,.txt"}),
        allow_empty_file=True,
    )


@doors.topmost_office
def imports(request: doors.PersonRequest) -> HttpResponse:
    """Take in a workbook, or take one away to fill in; and every import so far."""
    form = UploadForm(
        request.POST or None,
        request.FILES or None,
        initial={"what": request.GET.get("what", ImportDraft.What.BOTH)},
        use_required_attribute=True,
    )
    return posted(request, form, partial(_draft_of, request)) or listed(
        request,
        "office/import.html",
        queries.imports(),
        [
            Column(_("File"), lambda row: Cell(row.file_name, reverse("office-import", args=[row.pk]))),
            Column(_("List"), lambda row: SHOWN[row.what]),
            Column(_("Read in at"), lambda row: row.read_at, order="read_at"),
            Column(_("Read in by"), lambda row: row.read_by.name),
            Column(_("State"), lambda row: {"row": row}, part="parts/import_state.html"),
        ],
        name="imports",
        nothing=_("Nothing has been imported yet."),
        form=form,
        what=WHAT,
    )


def _draft_of(request: doors.PersonRequest, *, what: str, file: Any, **deed: Any) -> HttpResponse:
    """Read the upload and go on to its preview. Raises WorkbookRefused."""
    started = time.monotonic()
    if file.size > workbooks.LARGEST:
        raise workbooks.refused("size")
    given = {"what": what, "data": file.read(), "file_name": file.name, **deed}
    if file.size > READ_AT_ONCE:
        draft = actions.begin_draft(**given)
        page = reverse("office-import", args=[draft.pk])
        jobs.ask_to_read(draft=draft, data=given["data"], page=page, **deed)
        return redirect("office-import", draft.pk)
    foreign = packs.headings_of_others(queries.pack_of_house())
    draft = actions.draft_import(**given, foreign=foreign)
    messages.info(request, _read_in(len(draft.rows), _since(started)))
    return redirect("office-import", draft.pk)


@doors.topmost_office
@require_GET
def empty_list(request: doors.PersonRequest, what: str) -> HttpResponse:
    """A workbook with headings only."""
    return download(rosters.empty_workbook(_known(what), language()), f"{what}-empty.xlsx")


@doors.topmost_office
@require_GET
def present_list(request: doors.PersonRequest, what: str) -> HttpResponse:
    """The tree or its members as they are now."""
    return download(rosters.present_workbook(_known(what), language()), f"{what}-{clock.today()}.xlsx")


def _since(started: float) -> float:
    return max(time.monotonic() - started, 0.1)


def _read_in(count: int, seconds: float) -> str:
    return ngettext("%(n)d row read in %(s).1f seconds.", "%(n)d rows read in %(s).1f seconds.", count) % {
        "n": count,
        "s": seconds,
    }


def _known(what: str) -> str:
    if what not in WHAT:
        raise Http404
    return what
