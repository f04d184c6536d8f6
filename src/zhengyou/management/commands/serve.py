"""`serve`: migrate, then serve until stopped, with a worker beside. Keeps the servers of open polls, and ends those of closed ones."""

import importlib
import logging
import os
import socket
import subprocess
import sys
import threading
import webbrowser
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, close_old_connections
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from ownpostgres.account import EmbeddedDatabaseError
from zhengyou.ballots import actions as ballot_actions
from zhengyou.boxes import actions as box_actions
from zhengyou.identity import actions as identity_actions
from zhengyou.issuers import actions as issuer_actions
from zhengyou.polls import actions as poll_actions
from zhengyou.scrutiny import actions as scrutiny_actions
from zhengyou.web.serving.whole_requests import WholeRequests
from zhengyou.web.shared import clock

APPLICATION = "zhengyou.wsgi"
BOXES_LOOKED_AT_EVERY = 0.5
LOOKS_BEFORE_SWEEPING, LOOKS_BEFORE_WATCHING = 10, 120
KEPT = "ZHENGYOU_KEPT"  # tells the processes that we start that we keep the servers of polls
SERVER_LOOKED_AT_EVERY = 0.5
KEYS_LOOKED_AT_EVERY = 5.0
WORKER_STARTED_AGAIN_AFTER = 2.0
WORKERS_PATIENCE = 6.0  # it gives its step five seconds to end
UNKNOWN_BOX = (
    "There is the box of a poll that this house does not know: %s. If the house was restored from a backup made before that poll was "
    "opened, its folder below “polls” can be deleted."
)
PORTS_TRIED = 50
THREADS = 2


class Command(BaseCommand):
    """Serve the site on this machine."""

    help = "Serve the site. Takes the next free port if the wanted one is taken."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2)
        parser.add_argument("--exact-port", action="store_true", help="fail instead of taking another port")
        parser.add_argument("--browser", action="store_true", help="open the site in a browser")

    def handle(self, *args: Any, **options: Any) -> None:
        migrate()
        with held_port(options["host"], options["port"], 1 if options["exact_port"] else PORTS_TRIED) as port:
            address = f"http://{'localhost' if options['host'] == '127.0.0.1' else options['host']}:{port}/"
            self.stdout.write(f"Zhengyou: {address}  (stop with Ctrl+C)")
            self.stdout.flush()
            serve_house(options["host"], port, options["workers"], browser=address if options["browser"] else "")


def serve_house(host: str, port: int, workers: int, *, browser: str = "") -> None:
    """Serve on a port that is held, with a worker for jobs, keep the boxes of polls, and open `browser`, if it is an address."""
    if browser:
        threading.Timer(1.5, webbrowser.open, [browser]).start()
    os.environ[KEPT] = str(os.getpid())
    done = threading.Event()
    look_after_boxes(sweeps=True, watches=True)  # before anybody votes: is the house the one that the boxes knew?
    keeper = threading.Thread(target=keep_boxes, args=(done,))
    keeper.start()
    try:
        with working_beside():
            serve(host, port, workers)
    finally:
        done.set()
        keeper.join()
        os.environ.pop(KEPT)


@contextmanager
def working_beside() -> Iterator[None]:
    """A worker in a process of its own while the context lasts, started again if it dies; it ends with us, however we end."""
    done = threading.Event()
    keeper = threading.Thread(target=keep_worker, args=(done,))
    keeper.start()
    try:
        yield
    finally:
        done.set()
        keeper.join()


def keep_worker(done: threading.Event) -> None:
    """Until `done`, have a worker."""
    command = (sys.executable, "-m", "zhengyou", "work", "--beside", str(os.getpid()))
    while not done.is_set():
        # Left open, so that Python spawns and does not fork: a forked start waits for a pipe to close, and a web worker that
        # is forked in that moment takes the pipe along and keeps it open as long as it lives.
        worker = subprocess.Popen(command, stdin=subprocess.DEVNULL, close_fds=False)
        while worker.poll() is None and not done.wait(SERVER_LOOKED_AT_EVERY):
            pass
        if worker.poll() is None:
            end(worker)
        else:
            logging.getLogger("django").error("The worker ended (%d); it is started again.", worker.returncode)
            done.wait(WORKER_STARTED_AGAIN_AFTER)


def end(process: "subprocess.Popen[bytes]") -> None:
    """End a process that we started: asked first, then killed."""
    process.terminate()
    try:
        process.wait(WORKERS_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def migrate() -> None:
    """Bring the database to the present shape."""
    call_command("migrate", verbosity=0, interactive=False)


@contextmanager
def held_port(host: str, wanted: int, tries: int) -> Iterator[int]:
    """The first free port from `wanted` on, ours until the end of the context; CommandError if there is none.

    The web server shares its port with whoever asks for the same (SO_REUSEPORT), so two servers that start at once would
    both get it. The datagram port of that number is shared with nobody and unused by us: whoever holds it may serve.
    """
    for port in range(wanted, wanted + tries):
        with socket.socket(type=socket.SOCK_DGRAM) as claim:
            try:
                claim.bind((host, port))
                with socket.socket() as probe:
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    probe.bind((host, port))
            except OSError:
                continue
            yield port
            return
    raise CommandError(f"No free port from {wanted} on. Stop what uses it, or name another one with --port.")


def serve(host: str, port: int, workers: int) -> None:
    """Serve until stopped; no access log is written. The workers end with this process, even if it is killed."""
    Granian(
        f"{APPLICATION}:application",
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        workers=workers,
        log_level=LogLevels.warning,
        log_access=False,
        respawn_failed_workers=True,
    ).serve(target_loader=partial(load_application, os.getpid()), wrap_loader=False)


def load_application(server: int) -> Any:
    """What a worker serves. A worker that outlived its server would go on answering beside the next one, with old code."""
    threading.Thread(target=end_with, args=(server,), daemon=True).start()
    application = importlib.import_module(APPLICATION).application
    threading.Thread(target=forget_what_is_over, args=(threading.Event(),), daemon=True).start()
    return WholeRequests(application, THREADS)


def end_with(server: int) -> None:
    """End this process at once when the process that started it is gone."""
    while os.getppid() == server:
        threading.Event().wait(SERVER_LOOKED_AT_EVERY)
    os._exit(1)


def forget_what_is_over(done: threading.Event) -> None:
    """Until `done`, drop what is no longer needed: this process's private keys of closed polls, and old wrong passwords."""
    while not done.wait(KEYS_LOOKED_AT_EVERY):
        try:
            ballot_actions.forget_keys_of_what_is_over()
            issuer_actions.forget_keys_of_what_is_stated()
            identity_actions.forget_failed_sign_ins(at=clock.now())
            box_actions.close_idle()
        except DatabaseError as error:
            logging.getLogger("django").error("What is over could not be forgotten: %s", type(error).__name__)
        finally:
            close_old_connections()


def keep_boxes(done: threading.Event) -> None:
    """Until `done`, keep the servers of open polls running and end those that are over, wherever a close was cut off."""
    for turn in count(1):
        if done.wait(BOXES_LOOKED_AT_EVERY):
            return
        look_after_boxes(sweeps=turn % LOOKS_BEFORE_SWEEPING == 0, watches=turn % LOOKS_BEFORE_WATCHING == 0)


def look_after_boxes(*, sweeps: bool, watches: bool) -> None:
    """One look. What fails is written down, without anything of a ballot, and tried again at the next."""
    logger = logging.getLogger("django")
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
