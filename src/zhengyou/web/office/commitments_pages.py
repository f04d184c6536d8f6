"""Coverage: who has no theme and no promise. And the citizens' words, which the office may hide for a reason, never delete."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.models import Cycle
from zhengyou.commitments import actions, queries
from zhengyou.commitments.models import CitizenAnswer, Commitment
from zhengyou.commitments.rules import LONGEST_REASON
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.narrowing import page_of
from zhengyou.web.shared.refusing import refused_into

LACKS = ("theme", "promise", "report")


class HideForm(forms.Form):
    """Why words and photo are hidden."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("Everybody reads it in place of the words. The mark still counts."),
    )


@doors.office
def coverage(request: doors.PersonRequest, cycle_id: int) -> HttpResponse:
    """How far each organisation has come, and who lacks what."""
    cycle = _cycle(cycle_id)
    rows = queries.coverage(cycle)
    lacking = request.GET.get("missing", "")
    state = request.GET.get("state", "")
    shown = [row for row in rows if _is_asked(row, lacking, state)]
    return render(
        request,
        "office/commitment_coverage.html",
        {
            "cycle": cycle,
            "page": page_of(request, shown),
            "lacking": lacking,
            "state": state,
            "all": len(rows),
            "lacks": {what: sum(what in row.missing for row in rows) for what in LACKS},
            "states": [(value, label, _in_state(rows, value)) for value, label in Commitment.State.choices],
        },
    )


@doors.office
def answers(request: doors.PersonRequest, cycle_id: int) -> HttpResponse:
    """What citizens said, the newest first."""
    cycle = _cycle(cycle_id)
    page = page_of(request, queries.answers_to_moderate(cycle))
    return render(request, "office/commitment_answers.html", {"cycle": cycle, "page": page})


@doors.office
def hide(request: doors.PersonRequest, number: int) -> HttpResponse:
    """Hide the words and photo of one answer."""
    row = _answer(number)
    form = HideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            actions.hide_answer(answer=row, reason=form.cleaned_data["reason"], at=clock.now(), by=request.person)
            messages.success(request, _("Words and photo are hidden. The reason is shown in their place."))
            return redirect("office-answers", row.promise.commitment.cycle_id)
    return render(request, "office/commitment_hide.html", {"answer": row, "form": form})


@require_POST
@doors.office
def show(request: doors.PersonRequest, number: int) -> HttpResponse:
    """Show hidden words and photo again."""
    row = _answer(number)
    actions.show_answer(answer=row, at=clock.now(), by=request.person)
    messages.success(request, _("Words and photo are shown again."))
    return redirect("office-answers", row.promise.commitment.cycle_id)


def _cycle(cycle_id: int) -> Cycle:
    row = campaigns.cycle_with_id(cycle_id)
    if row is None:
        raise Http404
    return row


def _answer(number: int) -> CitizenAnswer:
    row = queries.answer_with_number(number)
    if row is None:
        raise Http404
    return row


def _is_asked(row: queries.CoverageRow, lacking: str, state: str) -> bool:
    if lacking in LACKS and lacking not in row.missing:
        return False
    return not state or (row.commitment is not None and row.commitment.state == state)


def _in_state(rows: list[Any], state: str) -> int:
    return sum(row.commitment is not None and row.commitment.state == state for row in rows)
