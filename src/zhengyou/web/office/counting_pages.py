"""Polls for the office when they end: closed and counted by two people, computed again, declared void by two, held again."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from zhengyou import jobs
from zhengyou.counting import actions
from zhengyou.organisations.vocabulary import worded
from zhengyou.polls.models import LONGEST_REASON, Poll
from zhengyou.standings import queries as standings
from zhengyou.web.office.polls_facts import back_to, of_poll, section_of
from zhengyou.web.office.polls_forms import ReasonForm, VoidForm
from zhengyou.web.shared import doors
from zhengyou.web.shared.machine import by_a_steady_clock
from zhengyou.web.shared.pages import posted, pressed


@doors.office
@require_POST
@of_poll
def ask_to_close(request: doors.PersonRequest, poll: Poll) -> HttpResponse:
    """The first of two people asks to close."""
    done = worded(_("The close is asked for. A second person in the %(office)s must now confirm it."))
    return pressed(request, by_a_steady_clock(partial(actions.ask_to_close, poll=poll)), done=done, to=back_to(poll))


@doors.office
@require_POST
@of_poll
def close(request: doors.PersonRequest, poll: Poll) -> HttpResponse:
    """The second person has the poll closed: the box is opened and counted, the record written, the box emptied, the result computed."""
    page = section_of(poll, "closing")
    return pressed(request, by_a_steady_clock(partial(jobs.ask, "close", poll, page=page)), to=page)


@doors.office
@require_POST
@of_poll
def compute(request: doors.PersonRequest, poll: Poll) -> HttpResponse:
    """Have the result computed; once there is one, computing again needs a reason, and the same record gives the same."""
    form, page = ReasonForm(request.POST), section_of(poll, "closing")
    earlier = standings.newest_result(poll)
    if earlier is not None and not form.is_valid():
        sentence = _("Say why the result is computed again, in at most %(most)d characters.")
        messages.error(request, sentence % {"most": LONGEST_REASON})
        return redirect("office-poll", poll.key)
    facts: dict[str, Any] = {
        "reason": form.cleaned_data["reason"] if earlier else "",
        "earlier": earlier.number if earlier else None,
    }
    return pressed(request, partial(jobs.ask, "result", poll, page=page, **facts), to=page)


@doors.office
@of_poll
def ask_to_void(request: doors.PersonRequest, poll: Poll) -> HttpResponse:
    """The first of two people asks to void a poll and says why."""
    form = VoidForm(request.POST or None)
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
        done=worded(_("The void is asked for. A second person in the %(office)s must now confirm it.")),
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
