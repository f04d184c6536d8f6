"""Polls of appraisal for the office when they end: extended, closed by two people, declared void by two people, held again."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from zhengyou.ballots import actions as ballot_actions
from zhengyou.counting import actions as counting_actions
from zhengyou.polls.models import LONGEST_REASON, Poll
from zhengyou.rhythm import actions as rhythm_actions
from zhengyou.standings import actions as standings_actions
from zhengyou.standings import queries as standings
from zhengyou.web.office.poll_facts import back_to, of_poll
from zhengyou.web.office.poll_forms import ExtensionForm, ReasonForm
from zhengyou.web.shared import doors
from zhengyou.web.shared.pages import posted, pressed


@doors.office
@require_POST
@of_poll
def ask_to_close(request: doors.PersonRequest, row: Poll) -> HttpResponse:
    """The first of two people asks to close."""
    done = _("The close is asked for. A second person of the office must now confirm it.")
    return pressed(request, partial(counting_actions.ask_to_close, poll=row), done=done, to=back_to(row))


@doors.office
@require_POST
@of_poll
def close(request: doors.PersonRequest, row: Poll) -> HttpResponse:
    """The second person closes: the box is opened and counted, the record written, the box emptied, the result computed."""

    def close_it(**deed: Any) -> None:
        rhythm_actions.close_and_count(poll=row, **deed)
        messages.success(request, _("The appraisal is closed and its record is written. Anybody can check it now."))

    return pressed(request, close_it, done=_("The result is computed."), to=back_to(row))


@doors.office
@require_POST
@of_poll
def compute(request: doors.PersonRequest, row: Poll) -> HttpResponse:
    """Compute the result of a closed poll; once there is one, computing again needs a reason, and the same record gives the same."""
    earlier = standings.newest_result(row)
    if earlier is None:
        deed = partial(standings_actions.compute_result, poll=row)
        return pressed(request, deed, done=_("The result is computed."), to=back_to(row))

    def again(**given: Any) -> HttpResponse:
        result = standings_actions.compute_result(poll=row, **given)
        messages.success(request, _computed_again(result.number, is_new=result.number != earlier.number))
        return redirect("office-poll", row.key)

    form = ReasonForm(request.POST)
    if answer := posted(request, form, again):
        return answer
    why = _("Say why the result is computed again, in at most %(most)d characters.") % {"most": LONGEST_REASON}
    messages.error(request, str(form.non_field_errors()[0]) if form.non_field_errors() else why)
    return redirect("office-poll", row.key)


def _computed_again(number: int, *, is_new: bool) -> Any:
    if is_new:
        sentence = _("Result number %(number)d is computed. It is published with your reason beside the earlier ones.")
    else:
        sentence = _(
            "The record gives the same figures again: result number %(number)d stays, and no reason is published."
        )
    return sentence % {"number": number}


@doors.office
@of_poll
def extend(request: doors.PersonRequest, row: Poll) -> HttpResponse:
    """A later closing time for an open poll, with its reason."""
    form = ExtensionForm(request.POST or None, initial={"closes_at": row.closes_at})
    shown = {
        "form": form,
        "heading": _("Extend the appraisal"),
        "lead": _(
            "Only to a later time, and before the present one is over. Everybody sees the new time and the reason."
        ),
        "button": _("Extend the appraisal"),
        "poll": row,
    }
    done = _("The appraisal is extended. The new time and the reason are public.")
    return posted(request, form, partial(ballot_actions.extend_poll, poll=row), done=done, to=back_to(row)) or render(
        request, "office/form.html", shown
    )


@doors.office
@of_poll
def ask_to_void(request: doors.PersonRequest, row: Poll) -> HttpResponse:
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
        "poll": row,
    }
    done = _("The void is asked for. A second person of the office must now confirm it.")
    return posted(request, form, partial(counting_actions.ask_to_void, poll=row), done=done, to=back_to(row)) or render(
        request, "office/form.html", shown
    )


@doors.office
@require_POST
@of_poll
def void(request: doors.PersonRequest, row: Poll) -> HttpResponse:
    """The second person declares the poll void."""
    done = _("The appraisal is void. Its ballots were destroyed unopened.")
    return pressed(request, partial(counting_actions.void_poll, poll=row), done=done, to=back_to(row))


@doors.office
@require_POST
@of_poll
def drop_void(request: doors.PersonRequest, row: Poll) -> HttpResponse:
    """Drop what was asked for; the poll goes on."""
    done = _("The appraisal goes on. Nobody asks to void it any more.")
    return pressed(request, partial(counting_actions.drop_void, poll=row), done=done, to=back_to(row))


@doors.office
@require_POST
@of_poll
def repeat(request: doors.PersonRequest, row: Poll) -> HttpResponse:
    """Draft the poll anew, under keys of its own."""

    def draft(**deed: Any) -> HttpResponse:
        return redirect("office-poll", counting_actions.repeat_poll(poll=row, **deed).key)

    done = _("The appraisal is drafted anew. Set its times, prepare its keys and open it.")
    return pressed(request, draft, done=done, to=back_to(row))
