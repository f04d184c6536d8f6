"""One pair of embedded servers for a test run; each xdist worker gets databases of its own on them."""

import atexit
import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

_servers = ExitStack()


def _start_servers() -> None:
    """In the first process only: a fresh home outside the user's data, with both clusters running until the run ends."""
    home = Path(tempfile.mkdtemp(prefix="zhengyou-test-"))
    home.chmod(0o711)
    os.environ["ZHENGYOU_HOME"] = str(home)
    _servers.callback(shutil.rmtree, home, ignore_errors=True)
    from zhengyou.base.embedded import Cluster

    for alias, variable in (("database", "DATABASE_URL"), ("box", "BOX_DATABASE_URL")):
        if variable not in os.environ:
            _servers.enter_context(Cluster(home / alias, private=alias == "box", durable=False))
    atexit.register(_servers.close)


if "PYTEST_XDIST_WORKER" not in os.environ:
    _start_servers()


def pytest_unconfigure(config: pytest.Config) -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        _servers.close()


@pytest.fixture(autouse=True)
def _files_of_the_test(settings, tmp_path):
    """Files and records of a test go to its own folder."""
    settings.FILES = tmp_path / "files"
    settings.RECORDS = tmp_path / "records"
