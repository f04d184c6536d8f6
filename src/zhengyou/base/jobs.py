"""Background jobs as whoever asks for them sees them: asked for, looked at, stopped, asked for again, forgotten.

What a job does is not here (`zhengyou.jobs`), nor how it is run (`base/job_runs`). The queue holds a job's number and nothing else.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateWorker

from zhengyou.base import job_files
from zhengyou.base.deeds import Referable, locked
from zhengyou.base.models import Job
from zhengyou.base.prepared import prepared
from zhengyou.base.refusals import Refused
from zhengyou.base.words import language

TASK = "zhengyou.work_off"
SHORT, LONG = "short", "long"  # the two queues
WORKER_MISSED_AFTER = timedelta(minutes=1)  # a worker reports every ten seconds
KEPT_FOR = timedelta(days=30)
MOST_SHOWN = 20
UNDER_WAY = (Job.State.WAITING, Job.State.RUNNING)


class JobRefused(Refused):
    """The job cannot be stopped, tried again or taken from now."""


@transaction.atomic
def ask(
    *,
    kind: str,
    about: Referable,
    page: str,
    at: datetime,
    by: Referable | None,
    part: str = "",
    given: dict[str, Any] | None = None,
    is_short: bool = False,
) -> Job:
    """Put a job into its queue, with the caller's transaction. Asked for again while it is under way, it is the same job.

    `given` is kept for a month and must hold no secret. What it makes speaks the language in which it was asked for.
    """
    job, is_new = Job.objects.get_or_create(
        kind=kind,
        about=about.reference,
        part=part,
        state__in=UNDER_WAY,
        defaults={
            "given": given or {},
            "by": by.reference if by else "",
            "language": language(),
            "page": page,
            "is_short": is_short,
            "asked_at": at,
        },
    )
    if is_new:
        put_into_queue(job)
    return job


def put_into_queue(job: Job) -> None:
    """Let a worker look at the job, with the caller's transaction. Too often does no harm."""
    app.configure_task(TASK, queue=SHORT if job.is_short else LONG, allow_unknown=True).defer(number=job.pk)


@transaction.atomic
def stop(*, job: Job, at: datetime) -> Job:
    """Stop a job: at once if it waits, else before its next step. One that is over stays as it is."""
    row = locked(job)
    if row.state == Job.State.WAITING:
        row.state, row.ended_at = Job.State.STOPPED, at
        job_files.drop(row)
    row.is_stop_asked = True
    row.save(update_fields=["state", "ended_at", "is_stop_asked"])
    return row


@transaction.atomic
def ask_again(*, job: Job, at: datetime) -> Job:
    """Try a job once more that failed or was stopped. Pressed twice is once. Raises JobRefused if a newer one took its place."""
    row = locked(job)
    if row.state not in (Job.State.FAILED, Job.State.STOPPED):
        return row
    if newest(row.about).get((row.kind, row.part)) != row:
        raise JobRefused(_("This was asked for anew since. Look at the newer one."), reason="job.superseded")
    row.state, row.asked_at, row.begun_at, row.ended_at = Job.State.WAITING, at, None, None
    row.taken_at = None
    row.is_stop_asked, row.sentence, row.steps_done, row.steps = False, {}, 0, 0
    row.save()
    put_into_queue(row)
    return row


def newest(about: str) -> dict[tuple[str, str], Job]:
    """The newest job of each kind about this, by kind and part."""
    rows = Job.objects.filter(about=about).order_by("kind", "part", "-id").distinct("kind", "part")
    return {(job.kind, job.part): job for job in rows}


def worth_a_look(by: str) -> list[Job]:
    """Jobs under way, whoever asked, and those of this person with a file that waits to be taken; the newest first."""
    return _worth_a_look(by)


@prepared
def _worth_a_look(by: str) -> QuerySet[Job]:
    return Job.objects.filter(Q(state__in=UNDER_WAY) | (Q(by=by) & ~Q(file=""))).order_by("-pk")[:MOST_SHOWN]


def failed_lately(since: datetime) -> list[Job]:
    """The jobs that failed since then and were not asked for again, the newest first. One query."""
    return _failed_since(since)


@prepared
def _failed_since(since: datetime) -> QuerySet[Job]:
    later = Job.objects.filter(
        kind=OuterRef("kind"), about=OuterRef("about"), part=OuterRef("part"), pk__gt=OuterRef("pk")
    )
    rows = Job.objects.filter(~Exists(later), state=Job.State.FAILED, ended_at__gte=since).order_by("-pk")
    return rows[:MOST_SHOWN]


def job_with_number(number: int) -> Job | None:
    """A job, or None."""
    return Job.objects.filter(pk=number).first()


def stranded(rows: Iterable[Job], at: datetime) -> set[int]:
    """The numbers of those that have waited for a minute in which no worker was seen."""
    since = at - WORKER_MISSED_AFTER
    waiting = {job.pk for job in rows if job.state == Job.State.WAITING and job.asked_at <= since}
    if waiting and ProcrastinateWorker.objects.filter(last_heartbeat__gt=since).exists():
        return set()
    return waiting


def waits_for_nobody(at: datetime) -> bool:
    """Whether any job has waited for a minute in which no worker was seen."""
    return bool(stranded(Job.objects.filter(state=Job.State.WAITING), at))


def forget_jobs(*, at: datetime) -> int:
    """Delete the jobs that ended a month ago; how many. Idempotent."""
    gone, _rows = Job.objects.filter(ended_at__lte=at - KEPT_FOR).exclude(state__in=UNDER_WAY).delete()
    return gone
