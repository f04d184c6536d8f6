"""A signed-in member's own way into the booth, and their own entry on the rolls: what was issued in their name.

A fresh one-time code is handed on in the address's fragment, never logged. Nobody can look up anybody else.
"""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from zhengyou.ballots import actions, queries
from zhengyou.persons import queries as persons
from zhengyou.polls import queries as polls
from zhengyou.polls.models import Poll, RollEntry
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.downloads import download
from zhengyou.web.shared.pages import found


@doors.room("polls")
@doors.signed_in
@never_cache
def ballots(request: doors.PersonRequest) -> HttpResponse:
    """All polls on whose roll this person stands, each with what was issued in their name."""
    entries = queries.roll_entries_of(request.person)
    shown = {
        "is_rated": persons.is_rated(request.person),
        "reads_others": bool(persons.units_to_read(request.person, clock.today())),
    }
    return render(request, "desk/ballots.html", {"entries": entries, "now": clock.now(), **shown})


@doors.signed_in
@never_cache
def ballot(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """Says whether a ballot was issued in this person's name; posting leads into the booth with a fresh code."""
    entry = _own(request, key)
    poll = entry.poll
    may_vote = poll.state == Poll.State.OPENED and poll.opens_at <= clock.now() < poll.closes_at and not entry.is_issued
    if request.method == "POST" and may_vote:
        code = actions.draw_own_code(poll=poll, person=request.person, at=clock.now())
        return HttpResponseRedirect(f"{reverse('booth', args=[poll.way_in])}#m={poll.fingerprint}&c={code}")
    extensions = polls.extensions_of([poll]).get(poll.pk, [])
    shown = {"poll": poll, "entry": entry, "may_vote": may_vote, "extensions": extensions, "now": clock.now()}
    return render(request, "desk/ballot.html", shown)


@doors.signed_in
@never_cache
def roll_entry(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """This person's own entry on the roll, to keep and to check offline."""
    entry = _own(request, key)
    return download(queries.kept_entry(entry), f"roll-entry-{entry.poll.key}.json")


def _own(request: doors.PersonRequest, key: UUID) -> RollEntry:
    return found(queries.roll_entry(found(polls.poll_with_key(key)), request.person))
