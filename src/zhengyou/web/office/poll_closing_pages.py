"""Polls of appraisal for the office when they end: extended, closed by two people, declared void by two people, held again."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from zhengyou.ballots import actions as ballot_actions
from zhengyou.base.refusals import Refused
from zhengyou.counting import actions as counting_actions
from zhengyou.polls.models import LONGEST_REASON, Poll
from zhengyou.standings import actions as standings_actions
from zhengyou.standings import queries as standings
from zhengyou.web.office.poll_facts import done_to_poll, poll_or_404, said_or_refused
from zhengyou.web.office.poll_forms import ExtensionForm, ReasonForm
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.refusing import refused_into


@doors.office
@require_POST
def ask_to_close(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """The first of two people asks to close."""
    return done_to_poll(
        request,
        key,
        lambda row: counting_actions.ask_to_close(poll=row, at=clock.now(), by=request.person),
        _("The close is asked for. A second person of the office must now confirm it."),
    )


@doors.office
@require_POST
def close(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """The second person closes: the box is opened and counted, the record written, the box emptied; then the result is computed."""
    row = poll_or_404(key)
    closed = said_or_refused(
        request,
        lambda: counting_actions.close_poll(poll=row, at=clock.now(), by=request.person),
        _("The appraisal is closed and its record is written. Anybody can check it now."),
    )
    if closed:
        _compute(request, row)
    return redirect("office-poll", row.key)


@doors.office
@require_POST
def compute(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """Compute the result of a closed poll; once there is one, computing again needs a reason, and the same record gives the same."""
    row = poll_or_404(key)
    form = ReasonForm(request.POST)
    earlier = standings.newest_result(row)
    if earlier is None:
        _compute(request, row)
    elif form.is_valid():
        _compute_again(request, row, earlier.number, form.cleaned_data["reason"])
    else:
        messages.error(
            request,
            _("Say why the result is computed again, in at most %(most)d characters.") % {"most": LONGEST_REASON},
        )
    return redirect("office-poll", row.key)


def _compute(request: doors.PersonRequest, row: Poll) -> None:
    said_or_refused(
        request,
        lambda: standings_actions.compute_result(poll=row, at=clock.now(), by=request.person),
        _("The result is computed."),
    )


def _compute_again(request: doors.PersonRequest, row: Poll, number: int, reason: str) -> None:
    try:
        result = standings_actions.compute_result(poll=row, at=clock.now(), by=request.person, reason=reason)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return
    if result.number == number:
        sentence = _(
            "The record gives the same figures again: result number %(number)d stays, and no reason is published."
        )
    else:
        sentence = _("Result number %(number)d is computed. It is published with your reason beside the earlier ones.")
    messages.success(request, sentence % {"number": result.number})


@doors.office
def extend(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """A later closing time for an open poll, with its reason."""
    row = poll_or_404(key)
    form = ExtensionForm(request.POST or None, initial={"closes_at": row.closes_at})
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            ballot_actions.extend_poll(poll=row, **form.cleaned_data, at=clock.now(), by=request.person)
            messages.success(request, _("The appraisal is extended. The new time and the reason are public."))
            return redirect("office-poll", row.key)
    shown = {
        "form": form,
        "heading": _("Extend the appraisal"),
        "lead": _(
            "Only to a later time, and before the present one is over. Everybody sees the new time and the reason."
        ),
        "button": _("Extend the appraisal"),
        "poll": row,
    }
    return render(request, "office/form.html", shown)


@doors.office
def ask_to_void(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """The first of two people asks to void a poll and says why."""
    row = poll_or_404(key)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            counting_actions.ask_to_void(
                poll=row, reason=form.cleaned_data["reason"], at=clock.now(), by=request.person
            )
            messages.success(request, _("The void is asked for. A second person of the office must now confirm it."))
            return redirect("office-poll", row.key)
    shown = {
        "form": form,
        "heading": _("Declare the appraisal void"),
        "lead": _(
            "A second person confirms. Then all ballots are destroyed unopened and nothing is counted: only the turnout and "
            "the reason are published."
        ),
        "button": _("Ask to void the appraisal"),
        "poll": row,
    }
    return render(request, "office/form.html", shown)


@doors.office
@require_POST
def void(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """The second person declares the poll void."""
    return done_to_poll(
        request,
        key,
        lambda row: counting_actions.void_poll(poll=row, at=clock.now(), by=request.person),
        _("The appraisal is void. Its ballots were destroyed unopened."),
    )


@doors.office
@require_POST
def drop_void(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """Drop what was asked for; the poll goes on."""
    return done_to_poll(
        request,
        key,
        lambda row: counting_actions.drop_void(poll=row, at=clock.now(), by=request.person),
        _("The appraisal goes on. Nobody asks to void it any more."),
    )


@doors.office
@require_POST
def repeat(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """Draft the poll anew, under keys of its own."""
    row = poll_or_404(key)
    made: list[Poll] = []
    said_or_refused(
        request,
        lambda: made.append(counting_actions.repeat_poll(poll=row, at=clock.now(), by=request.person)),
        _("The appraisal is drafted anew. Set its times, prepare its keys and open it."),
    )
    return redirect("office-poll", made[0].key if made else row.key)
