"""What goes on beside the web workers, in threads of the server: its database, servers of open polls, a worker for jobs, clock, disk.

A keeper that cannot go on ends the server with a status, so that a service manager starts it again: a house that answers nothing
but faults for hours is worse than one that is away for ten seconds.
"""

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

from django.conf import settings
from django.db import DatabaseError, close_old_connections

from ownpostgres.account import EmbeddedDatabaseError
from zhengyou.boxes import actions as box_actions
from zhengyou.polls import actions as poll_actions
from zhengyou.scrutiny import actions as scrutiny_actions
from zhengyou.web.shared import clock, machine

BOXES_LOOKED_AT_EVERY = 0.5
LOOKS_BEFORE_SWEEPING, LOOKS_BEFORE_WATCHING = 10, 120
DATABASE_LOOKED_AT_EVERY = 1.0
MACHINE_LOOKED_AT_EVERY = 10.0
SERVER_LOOKED_AT_EVERY = 0.5
WORKER_STARTED_AGAIN_AFTER = 2.0
WORKERS_PATIENCE = 6.0  # it gives its step five seconds to end
UNKNOWN_BOX = (
    "There is the box of a poll that this house does not know: %s. If the house was restored from a backup made before that poll was "
    "opened, its folder below “polls” can be deleted."
)

logger = logging.getLogger("django")


class Failed(Exception):
    """A keeper gave up; its sentence says what the operator has to do."""


class Keepers:
    """The keepers of one server. `failure` is why they ended it, if they did."""

    def __init__(self) -> None:
        self.failure: str | None = None
        self._done = threading.Event()

    @contextmanager
    def at_work(self, *keepers: Callable[[threading.Event], None]) -> Iterator[None]:
        """Each keeper in a thread of its own while the context lasts."""
        threads = [threading.Thread(target=self._keep, args=(keeper,)) for keeper in keepers]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._done.set()
            for thread in threads:
                thread.join()

    def _keep(self, keeper: Callable[[threading.Event], None]) -> None:
        try:
            keeper(self._done)
        except Exception as error:  # whatever it is: a keeper that has silently gone is what must not be
            self.failure = str(error) if isinstance(error, Failed) else f"{keeper.__name__}: {error!r}"
            logger.critical("%s The server ends.", self.failure)
            os.kill(os.getpid(), signal.SIGTERM)


def keep_database(done: threading.Event) -> None:
    """Until `done`, have the house's embedded database: its keeper starts it again, and here the keeper is replaced."""
    while not done.wait(DATABASE_LOOKED_AT_EVERY):
        for cluster in settings.EMBEDDED_CLUSTERS.values():
            if cluster.is_kept:
                continue
            try:
                cluster.start()
            except EmbeddedDatabaseError as error:
                raise Failed(f"The house's database is gone and cannot be started again. {error}") from error


def keep_worker(done: threading.Event) -> None:
    """Until `done`, have a worker for jobs. It ends with us, however we end."""
    command = (sys.executable, "-m", "zhengyou", "work", "--beside", str(os.getpid()))
    while not done.is_set():
        # Left open, so that Python spawns and does not fork: a forked start waits for a pipe to close, and a web worker that
        # is forked in that moment takes the pipe along and keeps it open as long as it lives.
        worker = subprocess.Popen(command, stdin=subprocess.DEVNULL, close_fds=False)
        while worker.poll() is None and not done.wait(SERVER_LOOKED_AT_EVERY):
            pass
        if worker.poll() is None:
            _end(worker)
        else:
            logger.error("The worker ended (%d); it is started again.", worker.returncode)
            done.wait(WORKER_STARTED_AGAIN_AFTER)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a process that we started: asked first, then killed."""
    process.terminate()
    try:
        process.wait(WORKERS_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def keep_boxes(done: threading.Event) -> None:
    """Until `done`, keep the servers of open polls running and end those that are over, wherever a close was cut off."""
    for turn in count(1):
        if done.wait(BOXES_LOOKED_AT_EVERY):
            return
        look_after_boxes(sweeps=turn % LOOKS_BEFORE_SWEEPING == 0, watches=turn % LOOKS_BEFORE_WATCHING == 0)


def look_after_boxes(*, sweeps: bool, watches: bool) -> None:
    """One look. What fails is written down, without anything of a ballot, and tried again at the next."""
    try:
        box_actions.keep_servers()
        if sweeps:
            poll_actions.destroy_boxes_left()
            for poll in poll_actions.sweep_boxes():
                logger.error(UNKNOWN_BOX, poll)
        if watches:
            scrutiny_actions.forget_handovers(at=clock.now())
            for row in poll_actions.watch_house(at=clock.now()):
                logger.error("The poll %s can only be declared void: %s.", row.key, row.only_void)
    except (DatabaseError, EmbeddedDatabaseError, OSError) as error:
        logger.error("The ballot boxes could not be looked after: %s", error)
    finally:
        close_old_connections()


def watch_machine(done: threading.Event) -> None:
    """Until `done`, say once what is wrong with clock or disk, and again when it has changed."""
    said: list[str] = []
    while not done.wait(MACHINE_LOOKED_AT_EVERY):
        found = machine.troubles(settings.HOME)
        for sentence in found:
            if sentence not in said:
                logger.error(sentence)
        said = found
