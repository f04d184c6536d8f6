"""Lists in and out: reading a workbook, its preview, confirming it; lists to take."""

import time
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from zhengyou.base.words import language
from zhengyou.campaigns import packs
from zhengyou.organisations import actions, queries
from zhengyou.organisations.importing import drafts, judging, rosters, workbooks
from zhengyou.organisations.models import ImportDraft
from zhengyou.organisations.vocabulary import word
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.downloads import download
from zhengyou.web.shared.fields import ShortText
from zhengyou.web.shared.lists import Cell, Column, listed
from zhengyou.web.shared.narrowing import page_of
from zhengyou.web.shared.pages import found, posted, pressed

WHAT = {ImportDraft.What.ORGANISATIONS.value: _("Organisations"), ImportDraft.What.PEOPLE.value: word("Members")}
STATES = {
    judging.BAD: _("cannot be imported"),
    judging.CHANGED: _("changed"),
    judging.NEW: _("new"),
    judging.UNCHANGED: _("unchanged"),
}


class UploadForm(forms.Form):
    """A workbook and what it holds."""

    what = forms.ChoiceField(label=_("What does the file hold?"), choices=list(WHAT.items()), widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("Workbook"),
        help_text=_("An .xlsx, .xls or .csv file of up to 10 MB, as it is: the headings are found, in any order."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.et,.csv,.txt"}),
        allow_empty_file=True,
    )


class ConfirmForm(forms.Form):
    """The plan that the preview showed."""

    seen = ShortText(max_length=64, widget=forms.HiddenInput)


@doors.topmost_office
def imports(request: doors.PersonRequest) -> HttpResponse:
    """Take in a workbook, or take one away to fill in; and every import so far."""
    form = UploadForm(
        request.POST or None,
        request.FILES or None,
        initial={"what": request.GET.get("what")},
        use_required_attribute=True,
    )
    return posted(request, form, partial(_draft_of, request)) or listed(
        request,
        "office/import.html",
        queries.imports(),
        [
            Column(_("File"), lambda row: Cell(row.file_name, reverse("office-import", args=[row.pk]))),
            Column(_("List"), lambda row: WHAT[row.what]),
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
    foreign = packs.headings_of_others(queries.pack_of_house())
    draft = actions.draft_import(what=what, data=file.read(), file_name=file.name, foreign=foreign, **deed)
    messages.info(request, _read_in(len(draft.rows), _since(started)))
    return redirect("office-import", draft.pk)


@doors.topmost_office
def preview(request: doors.PersonRequest, import_id: int) -> HttpResponse:
    """What an import would do, row by row, and its confirmation; afterwards what it did."""
    form, started = ConfirmForm(request.POST or None), time.monotonic()

    def confirm(**given: Any) -> HttpResponse:
        actions.confirm_import(draft=_draft(import_id), **given)
        messages.success(request, _("Imported in %.1f seconds.") % _since(started))
        return redirect("office-import", import_id)

    if answer := posted(request, form, confirm):
        return answer
    draft = _draft(import_id)
    if draft.applied_at:
        return render(request, "office/import_done.html", {"draft": draft, "form": form, **_result(request, draft)})
    return render(request, "office/import_preview.html", {"draft": draft, "form": form, **_facts(request, draft)})


@doors.topmost_office
@require_POST
def discard(request: doors.PersonRequest, import_id: int) -> HttpResponse:
    """Delete an import that was not confirmed."""
    draft = _draft(import_id)

    def throw_away(**deed: Any) -> HttpResponse:
        actions.discard_import(draft=draft, **deed)
        return redirect("office-imports")

    done = _("The import was discarded. Nothing was changed.")
    return pressed(request, throw_away, done=done, to=("office-import", import_id))


@doors.topmost_office
@require_GET
def bad_rows(request: doors.PersonRequest, import_id: int, ending: str) -> HttpResponse:
    """The bad rows with their reasons, as CSV or .xlsx, to be mended."""
    draft = _draft(import_id)
    data = drafts.bad_rows_file(draft, language(), as_csv=ending == "csv")
    return download(data, f"{draft.what}-to-mend-{draft.pk}.{ending}")


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


def _facts(request: doors.PersonRequest, draft: ImportDraft) -> dict[str, Any]:
    plan = drafts.plan_of(draft)
    counts = plan.counts
    wanted = request.GET.get("show", "")
    show = wanted if wanted in counts else next((state for state in counts if counts[state]), judging.BAD)
    return {
        "what": WHAT[draft.what],
        "plan": plan,
        "tabs": [(state, STATES[state], count) for state, count in counts.items()],
        "counts": counts,
        "show": show,
        "show_name": STATES[show],
        "page": page_of(request, [row for row in plan.rows if row.state == show]),
        "columns": drafts.columns_of(draft.what),
        "words": drafts.words_of(draft.what),
        "remarks": draft.remarks,
        "may_confirm": bool(plan.rows_to_write()),
        "noted": sum(1 for row in plan.rows if row.notes and not row.problems),
    }


def _result(request: doors.PersonRequest, draft: ImportDraft) -> dict[str, Any]:
    assert draft.outcome is not None
    return {
        "what": WHAT[draft.what],
        "tabs": [(state, STATES[state], count) for state, count in draft.outcome["counts"].items()],
        "counts": draft.outcome["counts"],
        "page": page_of(request, drafts.bad_rows_of(draft)),
        "columns": drafts.columns_of(draft.what),
    }


def _since(started: float) -> float:
    return max(time.monotonic() - started, 0.1)


def _read_in(count: int, seconds: float) -> str:
    return ngettext("%(n)d row read in %(s).1f seconds.", "%(n)d rows read in %(s).1f seconds.", count) % {
        "n": count,
        "s": seconds,
    }


def _draft(import_id: int) -> ImportDraft:
    return found(queries.import_with_id(import_id))


def _known(what: str) -> str:
    if what not in WHAT:
        raise Http404
    return what
