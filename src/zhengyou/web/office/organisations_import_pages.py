"""Lists in and out: reading a workbook, its preview, confirming it; lists to take; who answers for an organisation."""

import time
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from zhengyou.organisations import actions, importing, queries
from zhengyou.organisations.models import ImportDraft, Responsibility
from zhengyou.templatetags.words import said
from zhengyou.web.office.campaigns_forms import DayInput
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.narrowing import page_of
from zhengyou.web.shared.refusing import refused_into

WHAT = {ImportDraft.What.ORGANISATIONS.value: _("Organisations"), ImportDraft.What.PEOPLE.value: _("Members")}
STATES = {
    importing.BAD: _("cannot be imported"),
    importing.CHANGED: _("changed"),
    importing.NEW: _("new"),
    importing.UNCHANGED: _("unchanged"),
}
TIERS = {
    Responsibility.Tier.PRIMARY.value: _("First responsible person"),
    Responsibility.Tier.DIRECT.value: _("Directly responsible person"),
    Responsibility.Tier.OPERATIONAL.value: _("Operationally responsible person"),
}
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)


class ResponsibleForm(forms.Form):
    """Who answers for an organisation, in which tier, from when."""

    organisation = forms.CharField(label=_("Organisation"), max_length=200, help_text=_("Its code or name."))
    person = forms.CharField(label=_("Member"), max_length=80, help_text=_("Member number or name."))
    tier = forms.ChoiceField(label=_("Tier"), choices=list(TIERS.items()))
    from_on = forms.DateField(label=_("From"), widget=DayInput())

    def clean_organisation(self) -> Any:
        """The one organisation this can mean."""
        words = self.cleaned_data["organisation"]
        row = queries.organisation_with_code(words)
        found = [row] if row and row.ended_on is None else queries.find_organisations(words, 6)
        return _only([(one, f"{one.name} ({one.code})") for one in _same_name_first(found, words)])

    def clean_person(self) -> Any:
        """The one member this can mean."""
        words = self.cleaned_data["person"]
        found = _same_name_first(queries.find_people(words, 6), words)
        return _only([(one, f"{one.name} ({one.number}, {one.organisation.name})") for one in found])


@doors.office
def imports(request: doors.PersonRequest) -> HttpResponse:
    """Take in a workbook, or take one away to fill in."""
    form = UploadForm(
        request.POST or None,
        request.FILES or None,
        initial={"what": request.GET.get("what")},
        use_required_attribute=True,
    )
    if request.method == "POST" and form.is_valid():
        started = time.monotonic()
        with refused_into(form):
            file = form.cleaned_data["file"]
            if file.size > importing.LARGEST:
                raise importing.refused("size")
            draft = actions.draft_import(
                what=form.cleaned_data["what"], data=file.read(), file_name=file.name, at=clock.now(), by=request.person
            )
            messages.info(request, _read_in(len(draft.rows), _since(started)))
            return redirect("office-import", draft.pk)
    shown = {"form": form, "what": WHAT, "latest": queries.latest_imports()}
    return render(request, "office/import.html", shown)


@doors.office
def preview(request: doors.PersonRequest, import_id: int) -> HttpResponse:
    """What an import would do, row by row, and its confirmation; afterwards what it did."""
    form = ConfirmForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _confirms(request, form, import_id):
        return redirect("office-import", import_id)
    draft = _draft(import_id)
    if draft.applied_at:
        return render(request, "office/import_done.html", {"draft": draft, "form": form, **_result(request, draft)})
    return render(request, "office/import_preview.html", {"draft": draft, "form": form, **_facts(request, draft)})


@doors.office
@require_POST
def discard(request: doors.PersonRequest, import_id: int) -> HttpResponse:
    """Delete an import that was not confirmed."""
    actions.discard_import(draft=_draft(import_id), at=clock.now(), by=request.person)
    messages.success(request, _("The import was discarded. Nothing was changed."))
    return redirect("office-imports")


@doors.office
@require_GET
def bad_rows(request: doors.PersonRequest, import_id: int, ending: str) -> HttpResponse:
    """The bad rows with their reasons, as CSV or .xlsx, to be mended."""
    draft = _draft(import_id)
    bad = draft.outcome["bad_rows"] if draft.outcome else importing.bad_rows_of(importing.plan_of(draft))
    data = importing.bad_rows_file(draft.what, bad, _language(), as_csv=ending == "csv")
    return _file(data, f"{draft.what}-to-mend-{draft.pk}.{ending}")


@doors.office
@require_GET
def empty_list(request: doors.PersonRequest, what: str) -> HttpResponse:
    """A workbook with headings only."""
    return _file(importing.empty_workbook(_known(what), _language()), f"{what}-empty.xlsx")


@doors.office
@require_GET
def present_list(request: doors.PersonRequest, what: str) -> HttpResponse:
    """The tree or its members as they are now."""
    return _file(importing.present_workbook(_known(what), _language()), f"{what}-{clock.today()}.xlsx")


@doors.office
def responsible(request: doors.PersonRequest) -> HttpResponse:
    """The organisations for which nobody answers, and a form to name somebody."""
    initial = {"organisation": request.GET.get("organisation", ""), "from_on": clock.today()}
    form = ResponsibleForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            row = actions.make_responsible(**form.cleaned_data, at=clock.now(), by=request.person.reference)
            answer = {"person": row.person.name, "organisation": row.organisation.name}
            messages.success(request, _("%(person)s now answers for %(organisation)s.") % answer)
            return redirect("office-responsible")
    missing = queries.nobody_responsible(clock.today())
    shown = {"form": form, "page": page_of(request, missing), "count": len(missing)}
    return render(request, "office/import_responsible.html", shown)


def _confirms(request: doors.PersonRequest, form: ConfirmForm, import_id: int) -> bool:
    started = time.monotonic()
    with refused_into(form):
        seen = form.cleaned_data["seen"]
        actions.confirm_import(draft=_draft(import_id), seen=seen, at=clock.now(), by=request.person)
        messages.success(request, _("Imported in %.1f seconds.") % _since(started))
    return not form.errors


def _facts(request: doors.PersonRequest, draft: ImportDraft) -> dict[str, Any]:
    plan = importing.plan_of(draft)
    counts = plan.counts
    wanted = request.GET.get("show", "")
    show = wanted if wanted in counts else next((state for state in counts if counts[state]), importing.BAD)
    page = page_of(request, [line for line in plan.lines if line.state == show])
    page.object_list = _rows(draft.what, page.object_list)
    return {
        "what": WHAT[draft.what],
        "plan": plan,
        "tabs": [(state, STATES[state], count) for state, count in counts.items()],
        "counts": counts,
        "show": show,
        "show_name": STATES[show],
        "page": page,
        "remarks": importing.said_of(draft.what, draft.remarks, _language()),
        "may_confirm": bool(plan.lines_to_write()),
        "noted": sum(1 for line in plan.lines if line.notes and not line.problems),
    }


def _result(request: doors.PersonRequest, draft: ImportDraft) -> dict[str, Any]:
    assert draft.outcome is not None
    page = page_of(request, draft.outcome["bad_rows"])
    page.object_list = [
        {
            "row": row["row"],
            "label": row["label"],
            "problems": importing.said_of(draft.what, row["problems"], _language()),
        }
        for row in page.object_list
    ]
    tabs = [(state, STATES[state], count) for state, count in draft.outcome["counts"].items()]
    return {"what": WHAT[draft.what], "tabs": tabs, "counts": draft.outcome["counts"], "page": page}


def _rows(what: str, lines: Any) -> list[dict[str, Any]]:
    words = importing.words_of(what)
    names = {column.slug: said(column.name) for column in importing.COLUMNS[what]}
    return [
        {
            "row": line.row,
            "label": line.label,
            "key": line.key,
            "problems": importing.said_of(what, line.problems, _language()),
            "notes": importing.said_of(what, line.notes, _language()),
            "changes": [
                {
                    "name": names[change["field"]],
                    "before": _word(words, change["field"], change["before"]),
                    "after": _word(words, change["field"], change["after"]),
                }
                for change in line.changes
            ],
        }
        for line in lines
    ]


def _word(words: dict[str, dict[str, dict[str, str]]], field: str, value: str) -> str:
    return said(words.get(field, {}).get(value, value))


def _since(started: float) -> float:
    return max(time.monotonic() - started, 0.1)


def _read_in(count: int, seconds: float) -> str:
    return ngettext("%(n)d row read in %(s).1f seconds.", "%(n)d rows read in %(s).1f seconds.", count) % {
        "n": count,
        "s": seconds,
    }


def _same_name_first(found: Any, words: str) -> list[Any]:
    return [one for one in found if one.name == words] or list(found)


def _only(found: list[tuple[Any, str]]) -> Any:
    """The only one found, or a sentence that names those that fit."""
    if len(found) == 1:
        return found[0][0]
    if not found:
        raise forms.ValidationError(_("Nobody and nothing of this name or number was found. Check it and try again."))
    fitting = "; ".join(words for _one, words in found)
    raise forms.ValidationError(_("Several fit: %(found)s. Write the code or number.") % {"found": fitting})


def _draft(import_id: int) -> ImportDraft:
    draft = queries.import_with_id(import_id)
    if draft is None:
        raise Http404
    return draft


def _known(what: str) -> str:
    if what not in WHAT:
        raise Http404
    return what


def _language() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh-hans"


def _file(data: bytes, name: str) -> HttpResponse:
    kind = "text/csv; charset=utf-8" if name.endswith(".csv") else WORKBOOK
    return HttpResponse(data, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
