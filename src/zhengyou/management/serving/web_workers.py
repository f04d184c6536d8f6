"""The web workers: processes of granian, each with the house's application and its lanes. They end with the server."""

import gc
import importlib
import logging
import os
import sys
import threading
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.db import DatabaseError, close_old_connections
from django.urls import base as urls_base
from django.utils import timezone
from django.utils.translation import trans_real
from granian import Granian
from granian.constants import HTTPModes, Interfaces, SSLProtocols
from granian.log import LogLevels

from zhengyou.ballots import actions as ballot_actions
from zhengyou.base import passwords
from zhengyou.boxes import actions as box_actions
from zhengyou.identity import actions as identity_actions
from zhengyou.issuers import actions as issuer_actions
from zhengyou.web.serving.whole_requests import WholeRequests
from zhengyou.web.shared import clock, faults

APPLICATION = "zhengyou.wsgi"
KEYS_LOOKED_AT_EVERY = 5.0
SERVER_LOOKED_AT_EVERY = 0.5
WORKERS_PATIENCE = (
    10  # seconds for its requests, once it was asked to end; one that was still loading did not hear that
)
SEARCHES_EVERY = 10_000  # new objects: a page makes some thousands, nearly all of which end with it by themselves
BY_THREAD: tuple[tuple[Any, str], ...] = (
    (trans_real, "_active"),
    (timezone, "_active"),
    (urls_base, "_prefixes"),
    (urls_base, "_urlconfs"),
)
TAKES_TURNS_EVERY = 0.001  # seconds: a cast waits for the interpreter's lock after each question to a database


@dataclass(frozen=True)
class Certificate:
    """What a server shows to be reached by https, and its key; both as files."""

    path: Path
    key: Path


def serve(host: str, port: int, workers: int, certificate: Certificate | None = None) -> None:
    """Serve until stopped; no access log is written. The workers end with this process, even if it is killed.

    With a certificate by https alone. Without one https is a proxy's work.
    """
    Granian(
        f"{APPLICATION}:application",
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,  # in HTTP/2, which a certificate brings, no header names the host
        workers=workers,
        log_level=LogLevels.warning,
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=WORKERS_PATIENCE,
        ssl_cert=certificate.path if certificate else None,
        ssl_key=certificate.key if certificate else None,
        ssl_protocol_min=SSLProtocols.tls12,  # phones of 2018
    ).serve(target_loader=partial(load_application, os.getpid()), wrap_loader=False)


def load_application(server: int) -> Any:
    """What a worker serves. A worker that outlived its server would go on answering beside the next one, with old code."""
    gc.disable()  # until all is loaded: what comes is there to stay
    threading.Thread(target=end_with, args=(server,), daemon=True).start()
    application = importlib.import_module(APPLICATION).application
    threading.Thread(target=forget_what_is_over, args=(threading.Event(),), daemon=True).start()
    sys.setswitchinterval(TAKES_TURNS_EVERY)
    keep_by_thread()
    keep_what_is_loaded()
    return WholeRequests(application, faults.page("busy").encode(), faults.page("large").encode())


def keep_what_is_loaded() -> None:
    """Set apart what the programs are made of: it stays as long as the process, and the search for rubbish need not go through it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(SEARCHES_EVERY)
    gc.enable()


def keep_by_thread() -> None:
    """A worker answers each request in one thread: by thread it keeps the language, the zone and the beginning of addresses, for which
    a page asks some four hundred times. As Django keeps them, also for several tasks in a thread, each asking takes five times as long.
    """
    for module, name in BY_THREAD:
        setattr(module, name, threading.local())


def end_with(server: int) -> None:
    """End this process at once when the process that started it is gone."""
    while os.getppid() == server:
        threading.Event().wait(SERVER_LOOKED_AT_EVERY)
    os._exit(1)


def forget_what_is_over(done: threading.Event) -> None:
    """Until `done`, drop what is no longer needed: this process's private keys of closed polls, and old wrong passwords."""
    passwords.nobodys()  # here and not while the worker loads: a worker that is still loading hears no signal
    while not done.wait(KEYS_LOOKED_AT_EVERY):
        try:
            ballot_actions.forget_keys_of_what_is_over()
            issuer_actions.forget_keys_of_what_is_stated()
            for forget in (
                identity_actions.forget_failed_sign_ins,
                identity_actions.forget_sessions,
                identity_actions.forget_contacts,
            ):
                forget(at=clock.now())
            box_actions.close_idle()
        except DatabaseError as error:
            logging.getLogger("django").error("What is over could not be forgotten: %s", type(error).__name__)
        finally:
            close_old_connections()
