"""What a process of the house loads before it does anything: every start of a server, a worker or a command pays for it."""

import subprocess
import sys
from contextlib import ExitStack, contextmanager

from tests.living.homes import ROOT, empty_home, environment_of, migrated_home

LOADED = """
import sys
import django
django.setup()
import zhengyou.jobs, zhengyou.urls
print(*sorted(sys.modules))
"""
HEAVY = {
    "scipy.linalg",
    "scipy.optimize",
    "scipy.sparse",
    "scipy.special",
    "numba",
    "duckdb",
    "narwhals",
    "pandas",
    "xlsxwriter",
}


def test_pages_and_jobs_load_nothing_that_only_a_computation_or_a_workbook_needs() -> None:
    with empty_home() as home:
        command = (sys.executable, "-c", LOADED)
        done = subprocess.run(command, cwd=ROOT, env=environment_of(home), capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert {"zhengyou.web.public.standings_pages", "honestrank.ranks.standing", "numpy"} <= loaded
    assert loaded & HEAVY == set()


STARTED_MEANWHILE = """
import sys
from django.conf import settings
cluster = settings.EMBEDDED_CLUSTERS["default"]
cluster.start()
import django
django.setup()
from zhengyou.management.serving.starting import migrate
print("started", cluster.is_kept, flush=True)
sys.stdin.readline()
migrate()
print("migrated", cluster.is_kept, flush=True)
"""


def test_a_database_that_the_former_server_takes_down_meanwhile_is_started_again() -> None:
    with migrated_home() as home, ExitStack() as stack:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": ROOT}
        command = (sys.executable, "-c", STARTED_MEANWHILE)
        former, next_one = (stack.enter_context(_waiting(command, pipes, home, kept)) for kept in ("True", "False"))
        said, _nothing = former.communicate("\n", timeout=120)
        assert said == "migrated True\n"
        said, _nothing = next_one.communicate("\n", timeout=120)
        assert said == "migrated True\n"
        assert next_one.returncode == 0


@contextmanager
def _waiting(command, pipes, home, kept):
    """The process, once it has the database: as its owner, or as a guest of the one before."""
    with subprocess.Popen(command, env=environment_of(home), **pipes) as process:
        assert process.stdout.readline() == f"started {kept}\n"
        yield process
