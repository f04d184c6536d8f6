"""The house's database copied into a file and back, by the programs of its server's own version; and what such a file holds."""

import os
import subprocess
from pathlib import Path
from typing import Any

from django.db import connection
from psycopg.conninfo import make_conninfo

from ownpostgres.clients import client, newest_client
from zhengyou.operating import rules

ADDRESS = (
    "host",
    "port",
    "user",
    "dbname",
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "options",
    "target_session_attrs",
)
PLAIN = ("--no-owner", "--no-privileges")


def server_major() -> int:
    """The major version of the house's server."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return int(cursor.fetchone()[0]) // 10_000


def write_dump(path: Path) -> None:
    """Write the house's database, as it is at one moment, to a new file that only we may read.

    Raises OperatingRefused with the program's own words, EmbeddedDatabaseError where no program fits.
    """
    path.touch(0o600, exist_ok=False)
    _run(client("pg_dump", server_major()), "--format=custom", *PLAIN, f"--file={path}", *_address())


def read_dump_into_house(path: Path) -> None:
    """Fill the house's empty database from a file: all of it or nothing. Raises like `write_dump`."""
    program = client("pg_restore", server_major())
    _run(program, "--exit-on-error", "--single-transaction", *PLAIN, *_address(), str(path))


def tables_in_dump(path: Path) -> int:
    """How many tables have their rows in the file, by opening it. Raises OperatingRefused if it cannot be opened."""
    listed = _run(newest_client("pg_restore"), "--list", str(path))
    return sum(" TABLE DATA " in line for line in listed.splitlines())


def _address() -> list[str]:
    """Where the house's database is, for a program; the password goes another way, because command lines can be read by anybody."""
    return [f"--dbname={make_conninfo(**{name: value for name, value in _given().items() if name in ADDRESS})}"]


def _given() -> dict[str, Any]:
    return connection.get_connection_params()


def _run(program: Path, *arguments: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}
    if "--list" not in arguments and (password := _given().get("password")):
        environment["PGPASSWORD"] = str(password)
    done = subprocess.run(
        (program, *arguments), stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
        check=False, env=environment,
    )  # fmt: skip
    if done.returncode:
        raise rules.program_failed(program.name, " ".join(done.stderr.split())[-600:] or str(done.returncode))
    return done.stdout
