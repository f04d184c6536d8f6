"""The desk opens on what is due."""

from django.http import HttpResponse
from django.shortcuts import render

from zhengyou.organisations import queries as organisations
from zhengyou.web.shared import clock, doors


@doors.signed_in
def due(request: doors.PersonRequest) -> HttpResponse:
    """What this person has to do next."""
    posts = organisations.posts_of(request.person, clock.today())
    return render(request, "desk/due.html", {"posts": posts, "lines": []})
