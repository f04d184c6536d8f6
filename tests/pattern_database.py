"""The database of the first process of a run is the pattern of the others: making 200 tables takes longer than copying them."""

import fcntl
import os
from io import TextIOWrapper
from pathlib import Path

from django.db import connection

NAME = "pattern_of_the_run"
_held: list[TextIOWrapper] = []


def wait_for_it() -> None:
    """Have the database of this process made like the pattern, if there is one; until `keep_it` no other process goes on here.

    Nothing of it where a process is alone, or the server is not the run's own and would keep the pattern.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ or "DATABASE_URL" in os.environ:
        return
    lock = _mark().with_suffix(".lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    _held.append(lock)
    if _mark().exists():
        connection.settings_dict["TEST"]["TEMPLATE"] = NAME


def is_of_a_pattern() -> bool:
    """Whether the database of this process was copied."""
    return connection.settings_dict["TEST"].get("TEMPLATE") == NAME


def keep_it() -> None:
    """Make the pattern of the database of this process if it is the first, and let the others go on."""
    if not _held:
        return
    if not is_of_a_pattern():
        name = connection.ops.quote_name(connection.settings_dict["NAME"])
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {NAME} TEMPLATE {name}")
        _mark().touch()
    _held.pop().close()


def _mark() -> Path:
    return Path(os.environ["ZHENGYOU_HOME"]) / NAME
