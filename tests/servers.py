"""The servers of a test run, started before the settings are read, for houses and for boxes; a pytest plugin (`-p tests.servers`)."""

import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

from ownpostgres.cluster import Cluster

_servers = ExitStack()


def _start() -> None:
    """In the first process only: a fresh home outside the user's data, with both servers running until the run ends."""
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
