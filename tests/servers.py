"""The pair of embedded servers of a test run, started before the settings are read; a pytest plugin (`-p tests.servers`)."""

import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

_servers = ExitStack()


def _start() -> None:
    """In the first process only: a fresh home outside the user's data, with both clusters running until the run ends."""
    home = Path(tempfile.mkdtemp(prefix="zhengyou-test-"))
    home.chmod(0o711)
    os.environ["ZHENGYOU_HOME"] = str(home)
    _servers.callback(shutil.rmtree, home, ignore_errors=True)
    from zhengyou.base.home import own_cluster

    for folder, variable in (("database", "DATABASE_URL"), ("box", "BOX_DATABASE_URL")):
        if variable not in os.environ:
            _servers.enter_context(own_cluster(home, folder, durable=False))


if "PYTEST_XDIST_WORKER" not in os.environ:
    _start()


def pytest_unconfigure() -> None:
    """Workers share the servers; only the process that started them stops them."""
    _servers.close()
