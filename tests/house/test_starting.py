"""What a process of the house loads before it does anything: every start of a server, a worker or a command pays for it."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from django.core.management import load_command_class
from django.core.management.base import CommandError
from tests.living.homes import ROOT, empty_home, environment_of, migrated_home

from zhengyou.management.serving.starting import held_port

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


@contextmanager
def taken_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_port_that_somebody_named_is_never_exchanged_for_another() -> None:
    said: list[str] = []
    with taken_port() as port:
        with pytest.raises(CommandError, match=f"Port {port} is in use"), held_port("127.0.0.1", port, 1, said.append):
            pass
        exact = held_port("127.0.0.1", None, port, said.append, is_exact=True)
        with pytest.raises(CommandError, match=f"Port {port} is in use"), exact:
            pass
        assert not said
        with held_port("127.0.0.1", None, port, said.append) as other:
            assert other > port
        assert said == [f"Port {port} is in use by another program, so this house is at port {other}."]


@pytest.mark.parametrize("command", [("serve",), ("demo",)])
def test_a_house_whose_port_is_taken_says_so_at_once(command: tuple[str, ...]) -> None:
    with empty_home() as home, taken_port() as port:
        done = subprocess.run(
            (sys.executable, "-m", "zhengyou", *command, "--port", str(port)),
            cwd=ROOT, env=environment_of(home), capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
    assert done.returncode == 1
    assert f"Port {port} is in use by another program" in done.stderr
    assert "localhost" not in done.stdout, "no address that leads to somebody else's house"


@pytest.mark.parametrize("command", [("serve",), ("demo",), ("practice",), ("issuer", "serve")])
def test_every_command_that_serves_knows_whether_somebody_named_its_port(command: tuple[str, ...]) -> None:
    parser = load_command_class("zhengyou", command[0]).create_parser("zhengyou", command[0])
    assert parser.parse_args([*command[1:]]).port is None
    assert parser.parse_args([*command[1:], "--port", "8123"]).port == 8123


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
