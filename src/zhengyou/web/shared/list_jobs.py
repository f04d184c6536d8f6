"""A list that is too long for a request is written by a worker. The page of that job belongs to the person who asked for it."""

from functools import partial
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhengyou import jobs
from zhengyou.base import job_files
from zhengyou.base.models import Job
from zhengyou.organisations.models import Person
from zhengyou.web.shared import clock, doors, job_parts
from zhengyou.web.shared.downloads import streamed
from zhengyou.web.shared.pages import found, pressed

# Ten thousand rows take about three seconds on the machine we have in mind, and hold one of its four threads for as long. Only
# answers of citizens and the like grow beyond that; everything else stays in the request, where it is there at once.
LONGEST_AT_ONCE = 5_000  # rows; 4,000 people take 0.6 s of a processor


def is_too_long(request: HttpRequest, rows: Any) -> bool:
    """Whether a worker writes these rows: they are many, somebody is signed in who can come back, and no worker is asking."""
    if getattr(request, "is_of_a_worker", False) or doors.person_of(request) is None:
        return False
    return (len(rows) if isinstance(rows, list) else rows.count()) > LONGEST_AT_ONCE


def asked_for(request: HttpRequest, name: str) -> HttpResponse:
    """Have this list written, and lead on to where its asker sees how far it is."""
    person = doors.person_of(request)
    assert person is not None
    address = f"{request.path}?{request.GET.urlencode()}"
    job = jobs.ask_for_list(address=address, name=name, page=request.path, at=clock.now(), by=person)
    return redirect("list-job", job.pk)


def _mine(request: doors.PersonRequest, number: int) -> Job:
    return found(jobs.own_job_of(number, request.person))


@doors.signed_in
@never_cache
@require_GET
def job(request: doors.PersonRequest, number: int) -> HttpResponse:
    """How far one's list is: the page, and for htmx its fragment."""
    addresses = {
        name: reverse(f"list-job{name}", args=[number]) for name in ("", "-stop", "-again", "-take", "-put-away")
    }
    (facts,) = job_parts.drawn([_mine(request, number)], request.person, may_act=True, addresses=addresses)
    if getattr(request, "htmx", False):
        return job_parts.fragment(request, facts)
    return render(request, "parts/list_job.html", {"job": facts})


@doors.signed_in
@require_POST
def stop(request: doors.PersonRequest, number: int) -> HttpResponse:
    """Stop one's list."""
    return pressed(request, partial(jobs.stop, job=_mine(request, number)), to=("list-job", number))


@doors.signed_in
@require_POST
def try_again(request: doors.PersonRequest, number: int) -> HttpResponse:
    """Try one's list once more."""
    return pressed(request, partial(jobs.ask_again, job=_mine(request, number)), to=("list-job", number))


@doors.signed_in
@never_cache
@require_POST
def take(request: doors.PersonRequest, number: int) -> HttpResponse:
    """Take one's list."""

    def take_it(**given: Any) -> FileResponse:
        file, name = job_files.take(job=_mine(request, number), **given)
        return streamed(file, name)

    return pressed(request, take_it, to=("list-job", number))


@doors.signed_in
@require_POST
def put_away(request: doors.PersonRequest, number: int) -> HttpResponse:
    """Delete one's list here, once one has it."""

    def drop(*, by: Person, **_rest: Any) -> None:
        job_files.put_away(job=_mine(request, number), by=by)

    return pressed(request, drop, done=_("It is deleted here."), to=("list-job", number))
