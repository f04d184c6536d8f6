"""A signed-in member's own way into the booth, and their own entry on the rolls: what was issued in their name.

A fresh one-time code is handed on in the address's fragment, never logged. Nobody can look up anybody else.
"""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from zhengyou.ballots import actions as ballot_actions
from zhengyou.ballots import queries as ballot_queries
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll, RollEntry
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.downloads import download
from zhengyou.web.shared.pages import found


@doors.signed_in
@never_cache
def ballots(request: doors.PersonRequest) -> HttpResponse:
    """All polls on whose roll this person stands, each with what was issued in their name."""
    entries = ballot_queries.roll_entries_of(request.person)
    return render(request, "desk/ballots.html", {"entries": entries, "now": clock.now()})


@doors.signed_in
@never_cache
def ballot(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """Says whether a ballot was issued in this person's name; posting leads into the booth with a fresh code."""
    entry = _own(request, key)
    row = entry.poll
    may_vote = row.state == Poll.State.OPENED and row.opens_at <= clock.now() < row.closes_at and not entry.is_issued
    if request.method == "POST" and may_vote:
        code = ballot_actions.draw_own_code(poll=row, person=request.person, at=clock.now())
        return HttpResponseRedirect(f"{reverse('booth', args=[row.key])}#m={row.fingerprint}&c={code}")
    extensions = poll_queries.extensions_of([row]).get(row.pk, [])
    shown = {"poll": row, "entry": entry, "may_vote": may_vote, "extensions": extensions, "now": clock.now()}
    return render(request, "desk/ballot.html", shown)


@doors.signed_in
@never_cache
def roll_entry(request: doors.PersonRequest, key: UUID) -> HttpResponse:
    """This person's own entry on the roll, to keep and to check offline."""
    entry = _own(request, key)
    return download(ballot_queries.kept_entry(entry), f"roll-entry-{entry.poll.key}.json")


def _own(request: doors.PersonRequest, key: UUID) -> RollEntry:
    return found(ballot_queries.roll_entry(found(poll_queries.poll_with_key(key)), request.person))
