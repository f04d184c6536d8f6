"""An import is taken back as a whole: asked once, and done at once or, where it is much, by a worker."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from zhengyou import jobs
from zhengyou.base.refusals import reason_against
from zhengyou.organisations import queries
from zhengyou.roster import queries as roster
from zhengyou.roster import rules, taking_back
from zhengyou.web.office.roster_forms import HAPPENED
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.fields import SureField
from zhengyou.web.shared.pages import found, posted

UNDONE_AT_ONCE = 500  # changes; more are taken back by a worker


class UndoForm(forms.Form):
    """The question."""

    sure = SureField(
        _("Put back what it changed, and take out who and what it entered, with the accounts that were not used yet.")
    )


@doors.topmost_office
def undo(request: doors.PersonRequest, import_id: int) -> HttpResponse:
    """Ask whether all that an import changed shall be as before, and do it. What cannot be taken back any more leads to the import."""
    draft = found(queries.import_with_id(import_id))
    rows = roster.written_by(draft).filter(undone_at=None)
    page, first, form = (
        reverse("office-import", args=[draft.pk]),
        rows.order_by("pk").first(),
        UndoForm(request.POST or None),
    )
    refusal = first and reason_against(rules.check_may_undo, first, is_newest=True, at=clock.now(), by=request.person)
    if first is None or refusal:
        messages.error(request, str(refusal or _("Nothing of this import is left to be taken back.")))
        return redirect(page)
    counts = roster.counts_by_kind(rows)

    def take_back(**given: Any) -> HttpResponse:
        if sum(counts.values()) > UNDONE_AT_ONCE:
            jobs.ask_to_take_back(draft=draft, page=page, **given)
        else:
            count = taking_back.take_back_import(draft=draft, **given)
            sentence = ngettext("%(n)d change is undone.", "%(n)d changes are undone.", count) % {"n": count}
            messages.success(request, sentence)
        return redirect(page)

    shown = {"draft": draft, "form": form, "counts": [(HAPPENED[kind], count) for kind, count in counts.items()]}
    return posted(request, form, take_back) or render(request, "office/import_undo.html", shown)
