"""`work`: does the jobs that pages ask for, until stopped, in two lanes. `serve` starts one by itself, in a process that ends with it."""

import asyncio
import logging
import os
import signal
import threading
from argparse import ArgumentParser
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.psycopg_connector import PsycopgConnector

from zhengyou import jobs
from zhengyou.ballots import actions as ballot_actions
from zhengyou.base import job_runs
from zhengyou.boxes import actions as box_actions
from zhengyou.management.serving.starting import migrate
from zhengyou.management.serving.web_workers import end_with
from zhengyou.web.shared import clock
from zhengyou.web.shared.answering import answer

LOOKED_EVERY = 2.0
FORGETS_EVERY = 30  # looks
PATIENCE = 5.0  # for a step to end before the worker does; what does not is cut off and done again
POLITENESS = 5  # of the worker towards the pages, in `nice` values
CONNECTIONS = 5


class Command(BaseCommand):
    """Work off jobs on this machine."""

    help = "Do the jobs that pages ask for, until stopped. “serve” does it by itself; start more beside it if jobs wait long."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--beside", type=int, metavar="PROCESS", help="end with this process, which started us")

    def handle(self, *_args: Any, beside: int | None, **_options: Any) -> None:
        os.nice(POLITENESS)
        if beside:
            threading.Thread(target=end_with, args=(beside,), daemon=True).start()
        else:
            migrate()
            self.stdout.write("Zhengyou: working off jobs (stop with Ctrl+C)")
            self.stdout.flush()
        asyncio.run(_work_until_stopped())


async def _work_until_stopped() -> None:
    """Stopped by SIGTERM or SIGINT the worker puts its job back at the next step; a step that takes too long is cut off."""
    is_ending, loop = threading.Event(), asyncio.get_running_loop()
    connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=CONNECTIONS)
    queue = app.with_connector(connector)
    async with queue.open_async():
        working = asyncio.create_task(job_runs.work(queue, now=clock.now, is_ending=is_ending.is_set, answer=answer))
        looking = asyncio.create_task(_look_around(queue))

        def end() -> None:
            is_ending.set()
            working.cancel()
            loop.call_later(PATIENCE, os._exit, 1)

        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, end)
        with suppress(asyncio.CancelledError):
            await working
        looking.cancel()


async def _look_around(queue: App) -> None:
    """Now and then take over what dead workers left, and forget what is over. A database that is away is tried again."""
    thread = ThreadPoolExecutor(1, thread_name_prefix="look")  # its own, since jobs keep those of their lanes busy
    for turn in count():
        try:
            await job_runs.fetch_again(queue)
            await asyncio.get_running_loop().run_in_executor(thread, _looked_around, turn % FORGETS_EVERY == 0)
        except Exception:
            logging.getLogger("django").exception("Jobs could not be looked after.")
        await asyncio.sleep(LOOKED_EVERY)


def _looked_around(forgets: bool) -> None:
    try:
        jobs.pick_up(at=clock.now())
        ballot_actions.forget_keys_of_what_is_over()
        box_actions.close_idle()
        if forgets:
            jobs.forget(at=clock.now())
    finally:
        close_old_connections()
