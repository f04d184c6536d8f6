"""The programs that copy a database out and in, `pg_dump` and `pg_restore`, of the version that fits.

Nothing is run here but their `--version`.
"""

import fcntl
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from ownpostgres.account import EmbeddedDatabaseError
from ownpostgres.programs import in_the_wheel

DEBIANS = Path("/usr/lib/postgresql")


def client(name: str, major: int) -> Path:
    """The program of exactly this major version: from the wheel, in Debian's folders, or on PATH.

    A newer `pg_dump` writes what an older server does not take back, an older one refuses. Raises EmbeddedDatabaseError.
    """
    for path in _places(name, major):
        if path.is_file() and major_of(path) == major:
            return path
    raise EmbeddedDatabaseError(
        f"The database's server is PostgreSQL {major}, and there is no {name} {major} on this machine: install the client programs of "
        f"PostgreSQL {major} (Debian: postgresql-client-{major}) and put them on the PATH."
    )


def major_of(program: Path) -> int:
    """The major version that a program says it is of; 0 if it says nothing."""
    try:
        said = subprocess.run((program, "--version"), capture_output=True, text=True, check=False).stdout
    except OSError:
        return 0
    found = re.search(r"(\d+)(?:\.\d+)*\s*(?:\(|$)", said.strip())
    return int(found[1]) if found else 0


def newest_client(name: str) -> Path:
    """The program of the newest version there is, to read a file and no server. Raises EmbeddedDatabaseError."""
    found = [path for path in _places(name, 0) if path.is_file()]
    if not found:
        raise EmbeddedDatabaseError(
            f"There is no {name} on this machine: install the locked packages, or PostgreSQL's client programs."
        )
    return max(found, key=major_of)


def is_held(path: Path) -> bool:
    """Whether somebody holds the lock on this file at this moment: of a server's folder, its keeper, starter or destroyer."""
    try:
        lock = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False


def _places(name: str, major: int) -> Iterator[Path]:
    try:
        place, installation = in_the_wheel()
        yield place / installation / "bin" / name
    except EmbeddedDatabaseError:
        pass
    yield DEBIANS / str(major) / "bin" / name
    if on_path := shutil.which(name):
        yield Path(on_path)
