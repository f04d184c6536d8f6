"""What the office does to jobs on the page that asked for them: look how far, stop, try again, take the file."""

from functools import partial
from typing import Any

from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhengyou import jobs
from zhengyou.base import job_files
from zhengyou.base.models import Job
from zhengyou.base.refusals import allows
from zhengyou.organisations.models import Person
from zhengyou.web.shared import clock, doors, job_parts
from zhengyou.web.shared.downloads import streamed
from zhengyou.web.shared.pages import pressed

of_job = doors.fetched("number", jobs.job_of_office)


@doors.office
@never_cache
@require_GET
@of_job
def job(request: doors.PersonRequest, row: Job) -> HttpResponse:
    """How far a job is, as a fragment of its page."""
    may_act = allows(jobs.check_may_act, row, clock.now(), request.person)
    return job_parts.fragment(request, *job_parts.drawn([row], request.person, may_act=may_act))


@doors.office
@require_POST
@of_job
def stop(request: doors.PersonRequest, row: Job) -> HttpResponse:
    """Stop a job before its next step."""
    return pressed(request, partial(jobs.stop, job=row), to=row.page)


@doors.office
@require_POST
@of_job
def try_again(request: doors.PersonRequest, row: Job) -> HttpResponse:
    """Try a job once more that failed or was stopped."""
    return pressed(request, partial(jobs.ask_again, job=row), to=row.page)


@doors.office
@never_cache
@require_POST
@of_job
def take(request: doors.PersonRequest, row: Job) -> HttpResponse:
    """Take the file that a job made for this person; and again within an hour."""

    def take_it(**given: Any) -> FileResponse:
        file, name = job_files.take(job=row, **given)
        return streamed(file, name)

    return pressed(request, take_it, to=row.page)


@doors.office
@require_POST
@of_job
def put_away(request: doors.PersonRequest, row: Job) -> HttpResponse:
    """Delete the file here, once its asker has it."""

    def drop(*, by: Person, **_rest: Any) -> None:
        job_files.put_away(job=row, by=by)

    return pressed(request, drop, done=_("It is deleted here."), to=row.page)
