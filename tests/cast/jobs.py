"""Waiting jobs, done by the real worker: a test presses, runs the jobs, and looks."""

import asyncio
import json
import threading
from collections.abc import Callable
from typing import Any

from asgiref.sync import async_to_sync
from django.db import connections
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from zhengyou.base import job_runs
from zhengyou.base.models import Job
from zhengyou.web.shared import clock
from zhengyou.web.shared.answering import answer


class TestsConnector(DjangoConnector):
    """The queue on the test's own connection. It is made for asking; a worker also reads what was asked, and that is text here."""

    def _dictfetch(self, cursor: Any) -> Any:
        for row in super()._dictfetch(cursor):
            yield row | {"args": json.loads(row["args"])} if isinstance(row.get("args"), str) else row


def run_jobs(is_ending: Callable[[], bool] = lambda: False) -> None:
    """Work until no job waits, on the test's own connection, which alone sees its transaction. Without a job it does nothing.

    `is_ending` is asked before each step, so that a test can do something there.

    Beside a browser, whose loop keeps this thread busy, the worker has a thread and connections of its own, as in life.
    """
    if not Job.objects.filter(state=Job.State.WAITING).exists():
        return
    if asyncio._get_running_loop() is None:
        _work(is_ending)
        return
    worker = threading.Thread(target=_work_apart, args=(is_ending,))
    worker.start()
    worker.join()


def _work(is_ending: Callable[[], bool]) -> None:
    queue = App(connector=TestsConnector())  # without the tidying that would close the test's connection
    queue.tasks = app.tasks
    async_to_sync(job_runs.work)(queue, now=clock.now, is_ending=is_ending, answer=answer, until_empty=True)


def _work_apart(is_ending: Callable[[], bool]) -> None:
    try:
        _work(is_ending)
    finally:
        connections.close_all()
