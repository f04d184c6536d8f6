"""The desk opens on what is due: at most seven lines, each one tap from done; then one's unit, and the units one looks after."""

from django.http import HttpResponse
from django.shortcuts import render

from zhengyou.campaigns import queries as campaigns
from zhengyou.organisations.models import Post
from zhengyou.rhythm import queries
from zhengyou.web.desk.due_lines import lines_for
from zhengyou.web.shared import doors

MOST_LINES = 7


@doors.signed_in
def due(request: doors.PersonRequest) -> HttpResponse:
    """What this person has to do next."""
    reader, cycle = doors.reader_of(request), campaigns.cycle_under_way()
    led = reader.organisations_as(Post.Role.SECRETARY, Post.Role.LEADER)
    lines = lines_for(reader, cycle)
    has_promises = cycle is not None and "commitments" in cycle.ruleset.rooms
    shown = {
        "is_scrutineer": bool(reader.organisations_as(Post.Role.SCRUTINEER)),
        "posts": reader.posts,
        "lines": [(line, line.days_late(reader.on)) for line in lines[:MOST_LINES]],
        "more": max(len(lines) - MOST_LINES, 0),
        "cycle": cycle,
        "below": queries.promises_below(cycle, led, reader.on) if cycle and led and has_promises else None,
        "own": reader.organisations_as(Post.Role.SECRETARY),
    }
    return render(request, "desk/due.html", shown)
