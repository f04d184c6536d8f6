"""How a worker works: two lanes, each job in one worker at a time, step by step, every end written down; what others left behind.

What the job does is handed in. A step is what is done or not: between two of them a job is stopped, or put back by a worker that ends.
"""

import asyncio
import logging
import traceback
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from procrastinate import App
from procrastinate.contrib.django.models import ProcrastinateJob

from zhengyou.base import locks
from zhengyou.base.deeds import locked
from zhengyou.base.jobs import SHORT, TASK, UNDER_WAY, put_into_queue
from zhengyou.base.models import Job
from zhengyou.base.refusals import Refused
from zhengyou.base.stack import with_room
from zhengyou.base.words import in_all_words

# Between steps: how many are done, of how many. Its value is the outcome, a sentence that is kept in every language, so a lazy one.
Steps = Generator[tuple[int, int], None, Any]
Clock = Callable[[], datetime]
LOST_AFTER = timedelta(seconds=30)
HEARTBEAT = 10.0  # seconds; a worker that missed three is taken for dead, and what it had fetched is fetched again
STALLED_AFTER = 30.0


async def work(queue: App, *, until_empty: bool = False, **told: Any) -> None:
    """Work off both lanes, one job at a time in each, until cancelled or, if wished, until no job waits. `told` reaches each job.

    The first lane takes whatever has waited longest, the second only what is short: so nothing short waits for something long.
    """
    if until_empty:  # in the caller's thread, one after the other
        await _work_in_lane(queue, None, wait=False, thread=None, **told)
        return
    threads = [ThreadPoolExecutor(1, thread_name_prefix=name) for name in ("jobs", "short-jobs")]
    # A group and no `gather`: cancelled, it waits for both lanes, also for the one whose job takes a moment to end.
    async with asyncio.TaskGroup() as lanes:
        for only, thread in zip((None, [SHORT]), threads, strict=True):
            lanes.create_task(_work_in_lane(queue, only, wait=True, thread=thread, **told))


async def _work_in_lane(queue: App, only: list[str] | None, *, wait: bool, **told: Any) -> None:
    lane: dict[str, Any] = {"queues": only} if only else {}
    await queue.run_worker_async(
        **lane,
        wait=wait,
        listen_notify=wait,
        delete_jobs="always",
        install_signal_handlers=False,
        update_heartbeat_interval=HEARTBEAT,
        stalled_worker_timeout=STALLED_AFTER,
        additional_context=told,
    )


async def fetch_again(queue: App) -> None:
    """Put back into the queue what workers had fetched that have been silent for too long. Idempotent."""
    for stalled in await queue.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
        await queue.job_manager.retry_job(stalled)


def run(number: int, act: Callable[[Job, datetime], Steps], now: Clock, is_ending: Callable[[], bool]) -> None:
    """Run a job to its end, unless another worker is at it or it is over. Whatever goes wrong is said in the job's row.

    Cut off at any place, it is run again from its beginning, so that `act` must be idempotent. Raises DatabaseError only if
    the row itself cannot be written; then the job counts as left behind.
    """
    with locks.kept(locks.JOB, number) as is_ours:
        job = _begun(number, now()) if is_ours else None
        if job is None:
            return
        with translation.override(job.language):
            try:
                state, sentence = with_room(_worked, job, act(job, now()), is_ending)
            except Refused as refusal:
                state, sentence = Job.State.FAILED, refusal.args[0]
            except Exception as error:
                _log(job, error)
                state, sentence = Job.State.FAILED, _broken(job)
        _end(job, state, sentence, now())


@contextmanager
def told_beside(job: Job) -> Iterator[Callable[[int, int], None]]:
    """Says how far a deed is that is one transaction: by a connection of its own, since pages see nothing of that transaction."""
    beside = connection.copy()

    def tell(done: int, of: int) -> None:
        with beside.cursor() as cursor:
            table = Job._meta.db_table  # the house's own name, no text from outside
            cursor.execute(f"UPDATE {table} SET steps_done = %s, steps = %s WHERE id = %s", [done, of, job.pk])

    try:
        yield tell
    finally:
        beside.close()


def _begun(number: int, at: datetime) -> Job | None:
    """The job, marked as running; None if it is over, stopped or gone."""
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(pk=number, state__in=UNDER_WAY).first()
        if job is not None:
            job.state, job.begun_at, job.steps_done = Job.State.RUNNING, at, 0
            job.save(update_fields=["state", "begun_at", "steps_done"])
    return job


def _worked(job: Job, steps: Steps, is_ending: Callable[[], bool]) -> tuple[Job.State, Any]:
    """Take all steps; the state in which the job then is, and its sentence."""
    while True:
        if Job.objects.filter(pk=job.pk, is_stop_asked=True).exists():
            steps.close()
            return Job.State.STOPPED, ""
        if is_ending():
            steps.close()
            return Job.State.WAITING, ""
        try:
            done, of = next(steps)
        except StopIteration as end:
            return Job.State.DONE, end.value
        Job.objects.filter(pk=job.pk).update(steps_done=done, steps=of)


@transaction.atomic
def _end(job: Job, state: Job.State, sentence: Any, at: datetime) -> None:
    row = locked(job)
    row.state, row.sentence = state, in_all_words(sentence)
    row.ended_at = None if state == Job.State.WAITING else at
    row.save(update_fields=["state", "sentence", "ended_at"])
    if state == Job.State.WAITING:
        put_into_queue(row)


def _broken(job: Job) -> Any:
    return _(
        "Something went wrong that the system has no words for. Try it once more. If it fails again, "
        "give whoever runs the system this number, under which the server’s log tells where it "
        "happened: %(number)d."
    ) % {"number": job.pk}


def _log(job: Job, error: Exception) -> None:
    """Where it happened, without the error's own text, which may hold somebody's row."""
    places = "".join(traceback.format_tb(error.__traceback__))
    logging.getLogger("django").error("Job %d (%s) failed: %s\n%s", job.pk, job.kind, type(error).__name__, places)


def pick_up_left_behind(*, at: datetime) -> int:
    """Put the jobs into the queue whose worker is gone, and those that the queue has lost; how many. Idempotent.

    The lock tells at once that a worker is gone, sooner than its silence.
    """
    left = 0
    for job in Job.objects.filter(state__in=UNDER_WAY):
        with locks.kept(locks.JOB, job.pk) as is_free:
            if is_free and (job.state == Job.State.RUNNING or _is_lost(job, at)):
                left += _put_back(job)
    return left


def _is_lost(job: Job, at: datetime) -> bool:
    """Whether a job has waited for long and nobody will fetch it: its worker was killed when it had just fetched it."""
    to_fetch = ProcrastinateJob.objects.filter(task_name=TASK, status="todo", args__number=job.pk)
    return job.asked_at <= at - LOST_AFTER and not to_fetch.exists()


@transaction.atomic
def _put_back(job: Job) -> bool:
    row = locked(job)
    if row.state not in UNDER_WAY:
        return False
    row.state = Job.State.WAITING
    row.save(update_fields=["state"])
    put_into_queue(row)
    return True
