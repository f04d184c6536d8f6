"""Before anything is served: the home is held by one server, a port is free, and the database has the shape that this code knows."""

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import InterfaceError, OperationalError, connection
from django.db.migrations.loader import MigrationLoader

from ownpostgres.account import EmbeddedDatabaseError
from zhengyou.base import locks, shape
from zhengyou.base.home import held

PORTS_TRIED = 50
NAMED = 5
OF_THE_HOUSE = "zhengyou"
A_SERVER_STOPS_WITHIN = 30.0
LOOKED_AGAIN_AFTER = 0.5
STILL_STOPPING = (
    "The database of this house is still being stopped by the server that ran before. Wait a minute, then start again. "
    "If that does not help: zhengyou doctor."
)


@contextmanager
def held_home(home: Path) -> Iterator[None]:
    """The home is ours to serve while the context lasts. Raises CommandError if another process serves it or works on it whole.

    The workers of a server that was killed hold its home for a moment longer, until they see it: they are waited for.
    """
    until = time.monotonic() + A_SERVER_STOPS_WITHIN
    while (other := _holder_of(home)) and not _is_alive(other) and time.monotonic() < until:
        time.sleep(LOOKED_AGAIN_AFTER)
    with held(home) as other:
        if other:
            raise CommandError(
                f"{home} is served already, by process {other} (or being copied or restored). Stop that one first, or set ZHENGYOU_HOME "
                "to another folder. For more load give the one server more --workers."
            )
        yield


def _holder_of(home: Path) -> int:
    with held(home) as other:
        return other


def _is_alive(process: int) -> bool:
    """Whether the process is there. One that is not named is taken to be."""
    try:
        os.kill(process, 0) if process > 0 else None
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def held_port(
    host: str, named: int | None, usual: int, say: Callable[[str], object], *, is_exact: bool = False
) -> Iterator[int]:
    """The port that somebody `named`, ours until the end of the context; CommandError if it is taken. Where none was named, the `usual`
    one or the first free one after it, which is said; `is_exact` refuses these too.

    The web server shares its port with whoever asks for the same (SO_REUSEPORT), so two servers that start at once would
    both get it. The datagram port of that number is shared with nobody and unused by us: whoever holds it may serve.
    """
    wanted, tries = (usual, PORTS_TRIED) if named is None and not is_exact else (usual if named is None else named, 1)
    for port in range(wanted, wanted + tries):
        with socket.socket(type=socket.SOCK_DGRAM) as claim:
            try:
                claim.bind((host, port))
                with socket.socket() as probe:
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    probe.bind((host, port))
            except OSError:
                continue
            if port != wanted:
                say(f"Port {wanted} is in use by another program, so this house is at port {port}.")
            yield port
            return
    raise CommandError(
        f"Port {wanted} is in use by another program. Stop that one, or name another port with --port."
        if tries == 1
        else f"No port from {wanted} to {wanted + tries - 1} is free. Stop what uses them, or name another one with --port."
    )


def migrate() -> None:
    """Bring the database to the present shape; whoever comes at the same time waits.

    A database that an earlier server takes down meanwhile is started again once it is down. Raises CommandError if that takes
    too long, if newer code was here, or if the shape is not that of these programs afterwards.
    """
    until = time.monotonic() + A_SERVER_STOPS_WITHIN
    while True:
        try:
            _migrate()
            return
        except (OperationalError, InterfaceError) as error:
            connection.close()
            if not settings.EMBEDDED_CLUSTERS:
                raise  # of a server that is not ours the caller speaks
            if time.monotonic() > until:
                raise CommandError(STILL_STOPPING) from error
        time.sleep(LOOKED_AGAIN_AFTER)
        _start_again()


def _start_again() -> None:
    try:
        for cluster in settings.EMBEDDED_CLUSTERS.values():
            cluster.start()
    except EmbeddedDatabaseError as error:
        raise CommandError(f"{STILL_STOPPING} {error}") from error


def _migrate() -> None:
    with locks.waited_for(locks.SHAPE):
        check_not_newer()
        call_command("migrate", verbosity=0, interactive=False)
        check_fits()


def check_fits() -> None:
    """Raises CommandError if tables or columns are missing that no migration will make: pages and jobs would fail one by one."""
    if lacking := shape.lacking():
        raise CommandError(
            f"The data in this house does not fit these programs, and no migration leads there; missing: {', '.join(lacking[:NAMED])}. "
            "Start the sources or the release that made it. A demo is made anew by “make demo FRESH=1”."
        )


def check_not_newer() -> None:
    """Raises CommandError if the database has a shape that this code does not know: it could lose what newer code has written."""
    loader = MigrationLoader(connection)
    newer = sorted(
        name
        for app, name in loader.applied_migrations
        if app == OF_THE_HOUSE and (app, name) not in loader.disk_migrations
    )
    if newer:
        raise CommandError(
            f"The data in this house was written by a newer version of Zhengyou ({', '.join(newer)}). Start that version again. To go "
            "back, restore a backup that was made before the upgrade."
        )
