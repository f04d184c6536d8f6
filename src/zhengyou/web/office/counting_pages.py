"""Polls for the office when they end: closed and counted by two people, computed again, declared void by two, held again."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from zhengyou.counting import actions
from zhengyou.polls import queries as polls
from zhengyou.polls.models import LONGEST_REASON
from zhengyou.rhythm import actions as rhythm
from zhengyou.standings import actions as standings_actions
from zhengyou.standings import queries as standings
from zhengyou.web.office.polls_forms import ReasonForm
from zhengyou.web.shared import doors
from zhengyou.web.shared.pages import found, posted, pressed


@doors.office
@require_POST
def ask_to_close(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """The first of two people asks to close."""
    poll = found(polls.poll_with_key(key))
    return pressed(
        request,
        partial(actions.ask_to_close, poll=poll),
        done=_("The close is asked for. A second person of the office must now confirm it."),
        to=("office-poll", key),
    )


@doors.office
@require_POST
def close(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """The second person closes: the box is opened and counted, the record written, the box emptied; then the result is computed."""
    poll = found(polls.poll_with_key(key))
    return pressed(
        request,
        partial(rhythm.close_and_count, poll=poll),
        done=_(
            "The appraisal is closed and its record is written. The result is computed. Anybody can check both now."
        ),
        to=("office-poll", key),
    )


@doors.office
@require_POST
def compute(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """Compute the result of a closed poll; once there is one, computing again needs a reason, and the same record gives the same."""
    poll = found(polls.poll_with_key(key))
    form = ReasonForm(request.POST)
    earlier = standings.newest_result(poll)
    if earlier is None:
        deed, done = partial(standings_actions.compute_result, poll=poll), _("The result is computed.")
        return pressed(request, deed, done=done, to=("office-poll", key))
    if not form.is_valid():
        sentence = _("Say why the result is computed again, in at most %(most)d characters.")
        messages.error(request, sentence % {"most": LONGEST_REASON})
        return redirect("office-poll", key)

    def compute_again(**given: Any) -> None:
        result = standings_actions.compute_result(poll=poll, **form.cleaned_data, **given)
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
        partial(actions.ask_to_void, poll=poll),
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
        partial(actions.void_poll, poll=poll),
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
        partial(actions.drop_void, poll=poll),
        done=_("The appraisal goes on. Nobody asks to void it any more."),
        to=("office-poll", key),
    )


@doors.office
@require_POST
def repeat(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """Draft the poll anew, under keys of its own."""
    poll = found(polls.poll_with_key(key))

    def draft_anew(**given: Any) -> HttpResponse:
        again = actions.repeat_poll(poll=poll, **given)
        return redirect("office-poll", again.key)

    sentence = _("The appraisal is drafted anew. Set its times, prepare its keys and open it.")
    return pressed(request, draft_anew, done=sentence, to=("office-poll", key))
