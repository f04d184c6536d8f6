"""What pages show of a background job: how far it is, what may be done to it, and the fragment that asks again and again.

`parts/job.html` draws it. Which deeds its reader may do, the page says.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRefresh

from zhengyou import jobs
from zhengyou.base import job_files
from zhengyou.base import jobs as base
from zhengyou.base.models import Job
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Person
from zhengyou.web.shared import clock

COUNTED: dict[str, Any] = {
    "keys": _("%(done)d of %(all)d keys"),
    "letters": _("%(done)d of %(all)d letters"),
    jobs.ACCOUNTS: _("%(done)d of %(all)d letters"),
    jobs.SLIPS: _("%(done)d of %(all)d slips"),
}


@dataclass(frozen=True)
class JobFacts:
    """A job as its reader sees it, with the addresses of its fragment and of what may be pressed."""

    row: Job
    title: Any
    address: str
    stop: str
    again: str
    take: str
    put_away: str
    stopped: Any
    asker: str
    is_stranded: bool
    is_mine: bool
    may_stop: bool
    may_try_again: bool
    file_until: datetime | None

    @property
    def so_far(self) -> str:
        """How far it is, and of what: keys, letters, slips, or the steps of one piece of work."""
        said = COUNTED.get(self.row.kind, _("%(done)d of %(all)d steps"))
        return str(said % {"done": self.row.steps_done, "all": self.row.steps})

    @property
    def is_to_be_taken(self) -> bool:
        """Whether a file lies there that nobody has taken yet."""
        return self.file_until is not None and self.row.taken_at is None


def drawn(
    rows: Iterable[Job], person: Person | None, *, may_act: bool, addresses: dict[str, str] | None = None
) -> list[JobFacts]:
    """The jobs for this reader, in a constant number of queries. `may_act`: whether they may stop a job or try it again.

    `addresses` are those of the fragment (""), "-stop", "-again", "-take" and "-put-away", if they are not the office's.
    """
    jobs_, at = list(rows), clock.now()
    mine = person.reference if person else ""
    askers = organisations.people_with_references({job.by for job in jobs_} - {mine, ""})
    stranded = base.stranded(jobs_, at)
    return [
        JobFacts(
            row=job,
            title=jobs.title_of(job),
            stopped=jobs.stopped_words(job),
            **_addresses(job, addresses),
            asker=askers[job.by].name if job.by in askers else "",
            is_stranded=job.pk in stranded,
            is_mine=bool(mine) and job.by == mine,
            may_stop=may_act and jobs.can_be_stopped(job),
            may_try_again=may_act
            and jobs.can_be_tried_again(job)
            and job.state in (Job.State.FAILED, Job.State.STOPPED),
            file_until=job_files.until(job, at),
        )
        for job in jobs_
    ]


def _addresses(job: Job, given: dict[str, str] | None) -> dict[str, str]:
    names = {"address": "", "stop": "-stop", "again": "-again", "take": "-take", "put_away": "-put-away"}
    if given is not None:
        return {field: given.get(name, "") for field, name in names.items()}
    return {field: reverse(f"office-job{name}", args=[job.pk]) for field, name in names.items()}


def fragment(request: HttpRequest, job: JobFacts) -> HttpResponse:
    """How far the job is now, for the page that shows it; once it is over the page is fetched anew. Without htmx: the page itself."""
    if not getattr(request, "htmx", False):
        return redirect(job.row.page)
    if not job.row.is_under_way:
        return HttpResponseClientRefresh()
    return render(request, "parts/job_progress.html", {"job": job, "seen": request.GET.get("seen", "")})
