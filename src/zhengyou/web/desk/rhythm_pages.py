"""The desk opens on what is due: at most seven lines, each one tap from done; then one's unit, and the units one looks after."""

from django.http import HttpResponse
from django.shortcuts import render

from zhengyou.organisations.models import Post
from zhengyou.plans import queries as plans
from zhengyou.rhythm.below import promises_below
from zhengyou.web.desk.due_lines import lines_for
from zhengyou.web.shared import doors
from zhengyou.web.shared.fields import titled
from zhengyou.web.shared.stages import calendars_for

MOST_LINES = 7


@doors.signed_in
def due(request: doors.PersonRequest) -> HttpResponse:
    """What this person has to do next."""
    reader = doors.reader_of(request)
    calendars = calendars_for(reader)
    cycles = [one.cycle for one in calendars]
    led = reader.organisations_as(Post.Role.SECRETARY, Post.Role.LEADER)
    lines = lines_for(reader, cycles)
    most = len(lines) if "all" in request.GET else MOST_LINES
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
        "below": [(cycle, figures) for cycle, figures in below if figures.units] if led else [],
        "theme_asked": plans.theme_to_ask_of(request.person, cycles, reader.on),
        "own": reader.organisations_as(Post.Role.SECRETARY),
    }
    return render(request, "desk/due.html", shown)
