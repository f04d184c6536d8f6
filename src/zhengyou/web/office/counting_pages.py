"""Polls for the office when they end: closed and counted by two people, computed again, declared void by two, held again."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from zhengyou.counting import actions
from zhengyou.polls.models import LONGEST_REASON, Poll
from zhengyou.rhythm import actions as rhythm
from zhengyou.standings import actions as standings_actions
from zhengyou.standings import queries as standings
from zhengyou.web.office.polls_facts import back_to, of_poll
from zhengyou.web.office.polls_forms import ReasonForm
from zhengyou.web.shared import doors
from zhengyou.web.shared.pages import posted, pressed


@doors.office
@require_POST
@of_poll
def ask_to_close(request: doors.PersonRequest, poll: Poll) -> HttpResponse:
    """The first of two people asks to close."""
    done = _("The close is asked for. A second person of the office must now confirm it.")
    return pressed(request, partial(actions.ask_to_close, poll=poll), done=done, to=back_to(poll))


@doors.office
@require_POST
@of_poll
def close(request: doors.PersonRequest, poll: Poll) -> HttpResponse:
    """The second person closes: the box is opened and counted, the record written, the box emptied; then the result is computed."""
    return pressed(
        request,
        partial(rhythm.close_and_count, poll=poll),
        done=_(
            "The appraisal is closed and its record is written. The result is computed. Anybody can check both now."
        ),
        to=back_to(poll),
    )


@doors.office
@require_POST
@of_poll
def compute(request: doors.PersonRequest, poll: Poll) -> HttpResponse:
    """Compute the result of a closed poll; once there is one, computing again needs a reason, and the same record gives the same."""
    form = ReasonForm(request.POST)
    earlier = standings.newest_result(poll)
    if earlier is None:
        deed, done = partial(standings_actions.compute_result, poll=poll), _("The result is computed.")
        return pressed(request, deed, done=done, to=back_to(poll))
    if not form.is_valid():
        sentence = _("Say why the result is computed again, in at most %(most)d characters.")
        messages.error(request, sentence % {"most": LONGEST_REASON})
        return redirect("office-poll", poll.key)

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

    return pressed(request, compute_again, to=back_to(poll))


@doors.office
@of_poll
def ask_to_void(request: doors.PersonRequest, poll: Poll) -> HttpResponse:
    """The first of two people asks to void a poll and says why."""
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
        to=back_to(poll),
    ) or render(request, "office/form.html", shown)


@doors.office
@require_POST
@of_poll
def void(request: doors.PersonRequest, poll: Poll) -> HttpResponse:
    """The second person declares the poll void."""
    done = _("The appraisal is void. Its ballots were destroyed unopened.")
    return pressed(request, partial(actions.void_poll, poll=poll), done=done, to=back_to(poll))


@doors.office
@require_POST
@of_poll
def drop_void(request: doors.PersonRequest, poll: Poll) -> HttpResponse:
    """Drop what was asked for; the poll goes on."""
    done = _("The appraisal goes on. Nobody asks to void it any more.")
    return pressed(request, partial(actions.drop_void, poll=poll), done=done, to=back_to(poll))


@doors.office
@require_POST
@of_poll
def repeat(request: doors.PersonRequest, poll: Poll) -> HttpResponse:
    """Draft the poll anew, under keys of its own."""

    def draft_anew(**given: Any) -> HttpResponse:
        again = actions.repeat_poll(poll=poll, **given)
        return redirect("office-poll", again.key)

    sentence = _("The appraisal is drafted anew. Set its times, prepare its keys and open it.")
    return pressed(request, draft_anew, done=sentence, to=back_to(poll))
