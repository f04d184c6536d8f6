"""Where Zhengyou's data lies on this machine, and the house's embedded database there. Reads the environment it is given only.

`ownpostgres` knows how a server is kept; what it is called here and which folders are its own is said in this file.
"""

import fcntl
import hashlib
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ownpostgres.cluster import Cluster

NAME = "zhengyou"  # of the databases, of their role, and of the system user who stands in for root
ROOTS_HOME = Path("/var/lib/zhengyou")
PRACTICE, PRACTICE_MARK = (
    "practice",
    "practice.json",
)  # the folder of a practice house in the home of the real one; by what it is known


def data_home(environ: Mapping[str, str]) -> Path:
    """Zhengyou's data folder: ZHENGYOU_HOME, else root's /var/lib/zhengyou, else the user's data folder. Makes nothing.

    Root's own home is never used: PostgreSQL refuses to run as root, and nobody else can enter it.
    """
    if given := environ.get("ZHENGYOU_HOME"):
        return Path(given).expanduser().absolute()
    if os.geteuid() == 0:
        return ROOTS_HOME
    home = Path(environ.get("HOME") or Path.home())
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / NAME
    data = Path(environ.get("XDG_DATA_HOME", ""))
    return (data if data.is_absolute() else home / ".local" / "share") / NAME


def demo_home(environ: Mapping[str, str], sources: Path, pack: str = "") -> Path:
    """The demo's own home, if none is given: one for each copy of the sources, as two of them may have other tables.

    The demo of a `pack` that is not the usual one has a home beside it, so that both can be looked at.
    """
    if environ.get("ZHENGYOU_HOME"):
        return data_home(environ)
    name = f"demo-{hashlib.sha256(os.fsencode(sources)).hexdigest()[:8]}"
    return data_home(environ) / (f"{name}-{pack}" if pack else name)


def own_cluster(home: Path, *, durable: bool = True) -> Cluster:
    """The embedded cluster of the house in a home. Starts nothing."""
    return Cluster(home / "database", name=NAME, copies=home / "programs", durable=durable)


@contextmanager
def held(home: Path) -> Iterator[int]:
    """Hold a home for the context, so that nobody else serves, restores or stops what is in it: 0, or the process that holds it already."""
    with (home / "serving.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            yield int(lock.read().strip() or -1)
            return
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield 0
