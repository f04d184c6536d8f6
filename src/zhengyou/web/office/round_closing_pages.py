"""Rounds of appraisal for the office when they end: extended, closed by two people, declared void by two people, held again."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from zhengyou.appraisals import actions
from zhengyou.appraisals.models import Round
from zhengyou.standings import actions as standings_actions
from zhengyou.web.office.round_facts import round_or_404, said_or_refused
from zhengyou.web.office.round_forms import ExtensionForm, ReasonForm
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.refusing import refused_into


@doors.office
@require_POST
def ask_to_close(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """The first of two people asks to close."""
    row = round_or_404(key)
    said_or_refused(
        request,
        lambda: actions.ask_to_close(round_=row, at=clock.now(), by=request.person),
        _("The close is asked for. A second person of the office must now confirm it."),
    )
    return redirect("office-round", row.key)


@doors.office
@require_POST
def close(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """The second person closes: the box is opened and counted, the record written, the box emptied; then the result is computed."""
    row = round_or_404(key)
    closed = said_or_refused(
        request,
        lambda: actions.close_round(round_=row, at=clock.now(), by=request.person),
        _("The round is closed and its record is written. Anybody can check it now."),
    )
    if closed:
        _compute(request, row)
    return redirect("office-round", row.key)


@doors.office
@require_POST
def compute(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """Compute the result of a closed round; the same record gives the same result."""
    row = round_or_404(key)
    _compute(request, row)
    return redirect("office-round", row.key)


def _compute(request: doors.PersonRequest, row: Round) -> None:
    said_or_refused(
        request,
        lambda: standings_actions.compute_result(round_=row, at=clock.now(), by=request.person),
        _("The result is computed."),
    )


@doors.office
def extend(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """A later closing time for an open round, with its reason."""
    row = round_or_404(key)
    form = ExtensionForm(request.POST or None, initial={"closes_at": row.closes_at})
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            actions.extend_round(round_=row, **form.cleaned_data, at=clock.now(), by=request.person)
            return redirect("office-round", row.key)
    shown = {
        "form": form,
        "heading": _("Extend the round"),
        "lead": _(
            "Only to a later time, and before the present one is over. Everybody sees the new time and the reason."
        ),
        "button": _("Extend the round"),
        "round": row,
    }
    return render(request, "office/form.html", shown)


@doors.office
def ask_to_void(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """The first of two people asks to void a round and says why."""
    row = round_or_404(key)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            actions.ask_to_void(round_=row, reason=form.cleaned_data["reason"], at=clock.now(), by=request.person)
            return redirect("office-round", row.key)
    shown = {
        "form": form,
        "heading": _("Declare the round void"),
        "lead": _(
            "A second person confirms. Then all ballots are destroyed unopened and nothing is counted: only the turnout and "
            "the reason are published."
        ),
        "button": _("Ask to void the round"),
        "round": row,
    }
    return render(request, "office/form.html", shown)


@doors.office
@require_POST
def void(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """The second person declares the round void."""
    row = round_or_404(key)
    said_or_refused(
        request,
        lambda: actions.void_round(round_=row, at=clock.now(), by=request.person),
        _("The round is void. Its ballots were destroyed unopened."),
    )
    return redirect("office-round", row.key)


@doors.office
@require_POST
def drop_void(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """Drop what was asked for; the round goes on."""
    row = round_or_404(key)
    said_or_refused(
        request,
        lambda: actions.drop_void(round_=row, at=clock.now(), by=request.person),
        _("The round goes on. Nobody asks to void it any more."),
    )
    return redirect("office-round", row.key)


@doors.office
@require_POST
def repeat(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """Draft the round anew, under keys of its own."""
    row = round_or_404(key)
    made: list[Round] = []
    said_or_refused(
        request,
        lambda: made.append(actions.repeat_round(round_=row, at=clock.now(), by=request.person)),
        _("The round is drafted anew. Set its times, prepare its keys and open it."),
    )
    return redirect("office-round", made[0].key if made else row.key)
