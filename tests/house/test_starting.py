"""What a process of the house loads before it does anything: every start of a server, a worker or a command pays for it."""

import subprocess
import sys

from tests.living.homes import ROOT, empty_home, environment_of

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
