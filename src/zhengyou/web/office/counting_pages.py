"""Polls for the office when they end: closed and counted by two people, computed again, declared void by two, held again."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from zhengyou.counting import actions
from zhengyou.polls import queries as polls
from zhengyou.polls.models import Poll
from zhengyou.polls.rules import LONGEST_REASON
from zhengyou.standings import actions as standings_actions
from zhengyou.standings import queries as standings
from zhengyou.web.office.polls_forms import ReasonForm
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.pages import found, posted, pressed


@doors.office
@require_POST
def ask_to_close(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """The first of two people asks to close."""
    poll = found(polls.poll_with_key(key))
    return pressed(
        request,
        lambda: actions.ask_to_close(poll=poll, at=clock.now(), by=request.person),
        done=_("The close is asked for. A second person of the office must now confirm it."),
        to=("office-poll", key),
    )


@doors.office
@require_POST
def close(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """The second person closes: the box is opened and counted, the record written, the box emptied; then the result is computed."""
    poll = found(polls.poll_with_key(key))

    def close_it() -> HttpResponse:
        actions.close_poll(poll=poll, at=clock.now(), by=request.person)
        messages.success(request, _("The appraisal is closed and its record is written. Anybody can check it now."))
        return _computed(request, poll)

    return pressed(request, close_it, to=("office-poll", key))


@doors.office
@require_POST
def compute(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """Compute the result of a closed poll; once there is one, computing again needs a reason, and the same record gives the same."""
    poll = found(polls.poll_with_key(key))
    form = ReasonForm(request.POST)
    earlier = standings.newest_result(poll)
    if earlier is None:
        return _computed(request, poll)
    if not form.is_valid():
        sentence = _("Say why the result is computed again, in at most %(most)d characters.")
        messages.error(request, sentence % {"most": LONGEST_REASON})
        return redirect("office-poll", key)

    def compute_again() -> None:
        result = standings_actions.compute_result(poll=poll, at=clock.now(), by=request.person, **form.cleaned_data)
        if result.number == earlier.number:
            sentence = _(
                "The record gives the same figures again: result number %(number)d stays, and no reason is published."
            )
        else:
            sentence = _(
                "Result number %(number)d is computed. It is published with your reason beside the earlier ones."
            )
        messages.success(request, sentence % {"number": result.number})

    return pressed(request, compute_again, to=("office-poll", key))


def _computed(request: doors.PersonRequest, poll: Poll) -> HttpResponse:
    """The first result of a closed poll."""
    return pressed(
        request,
        lambda: standings_actions.compute_result(poll=poll, at=clock.now(), by=request.person),
        done=_("The result is computed."),
        to=("office-poll", poll.key),
    )


@doors.office
def ask_to_void(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """The first of two people asks to void a poll and says why."""
    poll = found(polls.poll_with_key(key))
    form = ReasonForm(request.POST or None)
    shown = {
        "form": form,
        "heading": _("Declare the appraisal void"),
        "lead": _(
            "A second person confirms. Then all ballots are destroyed unopened and nothing is counted: only the turnout and "
            "the reason are published."
        ),
        "button": _("Ask to void the appraisal"),
        "poll": poll,
    }
    return posted(
        request,
        form,
        lambda: actions.ask_to_void(poll=poll, **form.cleaned_data, at=clock.now(), by=request.person),
        done=_("The void is asked for. A second person of the office must now confirm it."),
        to=("office-poll", key),
    ) or render(request, "office/form.html", shown)


@doors.office
@require_POST
def void(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """The second person declares the poll void."""
    poll = found(polls.poll_with_key(key))
    return pressed(
        request,
        lambda: actions.void_poll(poll=poll, at=clock.now(), by=request.person),
        done=_("The appraisal is void. Its ballots were destroyed unopened."),
        to=("office-poll", key),
    )


@doors.office
@require_POST
def drop_void(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """Drop what was asked for; the poll goes on."""
    poll = found(polls.poll_with_key(key))
    return pressed(
        request,
        lambda: actions.drop_void(poll=poll, at=clock.now(), by=request.person),
        done=_("The appraisal goes on. Nobody asks to void it any more."),
        to=("office-poll", key),
    )


@doors.office
@require_POST
def repeat(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """Draft the poll anew, under keys of its own."""
    poll = found(polls.poll_with_key(key))

    def draft_anew() -> HttpResponse:
        again = actions.repeat_poll(poll=poll, at=clock.now(), by=request.person)
        return redirect("office-poll", again.key)

    sentence = _("The appraisal is drafted anew. Set its times, prepare its keys and open it.")
    return pressed(request, draft_anew, done=sentence, to=("office-poll", key))
