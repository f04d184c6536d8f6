"""The desk opens on what is due: at most seven lines, each one tap from done; then one's unit, and the units one looks after."""

from django.http import HttpResponse
from django.shortcuts import render

from zhengyou.campaigns.models import Cycle
from zhengyou.keeping import queries as keeping
from zhengyou.organisations import tree
from zhengyou.organisations.models import Organisation, Post
from zhengyou.plans import queries as plans
from zhengyou.rhythm.below import promises_below
from zhengyou.web.desk.due_lines import lines_for
from zhengyou.web.shared import doors
from zhengyou.web.shared.fields import titled
from zhengyou.web.shared.stages import calendars_for
from zhengyou.web.shared.ways import ABOVE

MOST_LINES = 7


@doors.signed_in
def due(request: doors.PersonRequest) -> HttpResponse:
    """What this person has to do next."""
    reader = doors.reader_of(request)
    calendars = calendars_for(reader)
    cycles = [one.cycle for one in calendars]
    led = reader.organisations_as(*ABOVE)
    lines = lines_for(reader, cycles)
    most = len(lines) if "all" in request.GET else MOST_LINES
    offices = reader.organisations_as(Post.Role.CAMPAIGN_OFFICE)
    below = [
        (one.cycle, promises_below(one, led, reader.on))
        for one in calendars
        if "commitments" in one.cycle.ruleset.rooms
    ]
    shown = {
        "posts": titled(reader.posts),
        "lines": [(line, line.days_late(reader.on)) for line in lines[:most]],
        "more": max(len(lines) - most, 0),
        "cycles": cycles,
        "campaign_names": {cycle.pk: cycle.campaign.called for cycle in cycles} if len(cycles) > 1 else {},
        "below": [one for one in below if one[1].units] if led else [],
        "undecided": {one.cycle.pk: _undecided(one.cycle, offices) for one in calendars} if offices else {},
        "theme_asked": plans.theme_to_ask_of(request.person, cycles, reader.on),
        "own": reader.organisations_as(Post.Role.SECRETARY),
    }
    return render(request, "desk/due.html", shown)


def _undecided(cycle: Cycle, offices: list[Organisation]) -> int:
    """On how many promises below these offices those who lead have to decide: their clerks have no line of their own for it."""
    return keeping.to_decide(cycle, tree.below(offices, "commitment__organisation")).count()
