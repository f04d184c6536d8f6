"""The servers of a test run, started before the settings are read, for houses and for boxes; a pytest plugin (`-p tests.servers`)."""

import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

from ownpostgres.cluster import Cluster

_servers = ExitStack()
IN_MEMORY = Path("/dev/shm")
MARK = "zhengyou-run"
PLENTY = 8 * 1024**3  # bytes; a run of everything needs some two


def _work_in_memory() -> None:
    """Let all files of the run lie in memory, where there is plenty: making and deleting them takes a tenth of its time on a disk.

    What a run left behind that was killed is taken away by the next one.
    """
    if not IN_MEMORY.is_dir():
        return
    for left in IN_MEMORY.glob(f"{MARK}*"):
        if left.suffix[1:].isdecimal() and not Path("/proc", left.suffix[1:]).exists():
            shutil.rmtree(left, ignore_errors=True)
    of_it = os.statvfs(IN_MEMORY)
    takes_programs = os.access(IN_MEMORY, os.W_OK) and not of_it.f_flag & os.ST_NOEXEC
    if not takes_programs or min(of_it.f_bavail * of_it.f_frsize, _memory_left()) < PLENTY:
        return
    place = IN_MEMORY / f"{MARK}.{os.getpid()}"
    place.mkdir(mode=0o711)
    _servers.callback(shutil.rmtree, place, ignore_errors=True)
    os.environ["TMPDIR"] = tempfile.tempdir = str(place)


def _memory_left() -> int:
    """What the system can give without pushing anything out, in bytes; 0 where it does not say."""
    said = Path("/proc/meminfo")
    lines = said.read_text().splitlines() if said.exists() else []
    return next((int(one.split()[1]) * 1024 for one in lines if one.startswith("MemAvailable:")), 0)


def _start() -> None:
    """In the first process only: a fresh home outside the user's data, with both servers running until the run ends."""
    _work_in_memory()
    home = Path(tempfile.mkdtemp(prefix="zhengyou-test-"))
    home.chmod(0o711)
    os.environ["ZHENGYOU_HOME"] = str(home)
    _servers.callback(shutil.rmtree, home, ignore_errors=True)
    from zhengyou.base.home import own_cluster

    if "DATABASE_URL" not in os.environ:
        _servers.enter_context(own_cluster(home, durable=False))
    _servers.enter_context(cluster_for_boxes())


def cluster_for_boxes() -> Cluster:
    """The server that holds desk and box of the tests' polls."""
    home = Path(os.environ["ZHENGYOU_HOME"])
    return Cluster(home / "boxes", name="zhengyou", copies=home / "programs", durable=False, private=True)


if "PYTEST_XDIST_WORKER" not in os.environ:
    _start()


def pytest_unconfigure() -> None:
    """Workers share the servers; only the process that started them stops them."""
    _servers.close()
