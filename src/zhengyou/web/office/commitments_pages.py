"""Coverage: who has no theme and no promise. And the citizens' words, which the office may hide for a reason, never delete."""

from functools import partial
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhengyou.base.texts import longest
from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.models import Cycle
from zhengyou.commitments import actions, queries
from zhengyou.commitments.models import CitizenAnswer, Commitment
from zhengyou.web.shared import doors
from zhengyou.web.shared.fields import ReasonField
from zhengyou.web.shared.lists import Cell, Column, listed
from zhengyou.web.shared.narrowing import Filter
from zhengyou.web.shared.pages import posted, pressed

LACKS = [
    ("theme", gettext_lazy("No theme")),
    ("promise", gettext_lazy("No published promise")),
    ("report", gettext_lazy("Published, no report")),
]

of_cycle = doors.fetched("cycle_id", campaigns.cycle_with_id)
of_answer = doors.fetched("number", queries.answer_with_number)


class HideForm(forms.Form):
    """Why words and photo are hidden."""

    reason = ReasonField(
        max_length=longest(CitizenAnswer, "hidden_because"),
        help_text=gettext_lazy("Everybody reads it in place of the words. The mark still counts."),
    )


@doors.office
@of_cycle
def coverage(request: doors.PersonRequest, cycle: Cycle) -> HttpResponse:
    """How far each organisation has come, and who lacks what."""
    rows = queries.coverage(cycle)
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


def _organisation_of(row: queries.CoverageRow) -> Cell:
    return Cell(row.organisation.name, reverse("public-organisation", args=[row.organisation.code]))


def _state_of(row: queries.CoverageRow) -> dict[str, Any] | None:
    return {"row": row.commitment} if row.commitment else None


def _reports_of(row: queries.CoverageRow) -> Cell:
    last = _("last on %(day)s") % {"day": f"{row.last_reported_at:%Y-%m-%d}"} if row.last_reported_at else ""
    return Cell(row.reports or "", note=last)


@doors.office
@of_cycle
def answers(request: doors.PersonRequest, cycle: Cycle) -> HttpResponse:
    """What citizens said, the newest first."""
    return listed(
        request,
        "office/commitment_answers.html",
        queries.answers_to_moderate(cycle),
        [
            Column(_("Number"), lambda row: Cell(row.pk, note=row.answered_on), order="pk"),
            Column(_("Promise"), _promise_of),
            Column(_("Answer"), lambda row: row.get_mark_display(), order="mark"),
            Column(_("Words"), lambda row: Cell(row.words, note=_note_on(row))),
            Column(_("To do"), lambda row: {"row": row}, part="parts/answer_buttons.html", in_files=False),
        ],
        name="answers",
        nothing=_("Nobody has written anything yet."),
        search=_("Find words, a promise or an organisation"),
        paths=("words", "promise__what", "promise__commitment__organisation__name"),
        filters=[Filter("answer", _("Answer"), "mark", CitizenAnswer.Mark.choices)],
        cycle=cycle,
    )


def _promise_of(row: CitizenAnswer) -> Cell:
    organisation = row.promise.commitment.organisation
    address = reverse("public-promise", args=[organisation.code, row.promise_id])
    return Cell(row.promise.what, address, note=organisation.name)


def _note_on(row: CitizenAnswer) -> str:
    hidden = f"{_('Hidden by the office:')} {row.hidden_because}" if row.is_hidden else ""
    return " · ".join(part for part in (_("with a photo") if row.photo else "", hidden) if part)


@doors.office
@of_answer
def hide(request: doors.PersonRequest, row: CitizenAnswer) -> HttpResponse:
    """Hide the words and photo of one answer."""
    form = HideForm(request.POST or None)
    return posted(
        request,
        form,
        partial(actions.hide_answer, answer=row),
        done=_("Words and photo are hidden. The reason is shown in their place."),
        to=("office-answers", row.promise.commitment.cycle_id),
    ) or render(request, "office/commitment_hide.html", {"answer": row, "form": form})


@require_POST
@doors.office
@of_answer
def show(request: doors.PersonRequest, row: CitizenAnswer) -> HttpResponse:
    """Show hidden words and photo again."""
    return pressed(
        request,
        partial(actions.show_answer, answer=row),
        done=_("Words and photo are shown again."),
        to=("office-answers", row.promise.commitment.cycle_id),
    )
