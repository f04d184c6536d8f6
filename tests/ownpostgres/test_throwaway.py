"""Servers that are thrown away: each apart from the others, gone with its key, put in order wherever somebody was cut off."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from ownpostgres.connections import Connections
from ownpostgres.throwaway import Throwaways

pytestmark = pytest.mark.long
TABLES = {"one": "CREATE TABLE secret (word text)", "other": "CREATE TABLE kept (word text)"}
COPIES = Path(os.environ["ZHENGYOU_HOME"]) / "programs"
MAKER = """
import sys
from pathlib import Path
from tests.ownpostgres.test_throwaway import COPIES, TABLES
from ownpostgres.throwaway import Throwaways
servers = Throwaways(Path(sys.argv[1]), name="zhengyou", copies=COPIES, tables=TABLES, durable=False)
print("begun", flush=True)
servers.make("cut off")
print("made", flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def template() -> Iterator[Path]:
    """A folder in which the template lies ready."""
    folder = Path(tempfile.mkdtemp(prefix="zhengyou test throwaway ", dir="/tmp"))
    folder.chmod(0o711)
    Throwaways(folder, name="zhengyou", copies=COPIES, tables=TABLES, durable=False).prepare()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def servers(template) -> Iterator[Throwaways]:
    made = Throwaways(template, name="zhengyou", copies=COPIES, tables=TABLES, durable=False)
    yield made
    for name in (*made.names(), *made.over()):
        made.destroy(name)
    made.sweep()


def words(servers: Throwaways, name: str) -> list[str]:
    with servers.lent(name, "one") as connection:
        return [word for (word,) in connection.execute("SELECT word FROM secret").fetchall()]


def test_each_has_its_own_data_and_key_and_goes_whole_while_the_others_stay(servers: Throwaways) -> None:
    for name in ("a", "b"):
        servers.make(name)
        with servers.lent(name, "one") as connection:
            connection.execute("INSERT INTO secret VALUES (%s)", [f"word of {name}"])
    assert servers.names() == ["a", "b"]
    assert len({servers.key("a"), servers.key("b")}) == 2
    assert (servers.folder / "a" / "key").stat().st_mode & 0o077 == 0
    servers.make("a")
    assert words(servers, "a") == ["word of a"]
    key = servers.key("a")
    assert servers.destroy("a")
    assert servers.destroy("a"), "twice is once"
    assert [path for path in servers.folder.rglob("*") if path.is_file() and key in path.read_bytes()] == []
    assert not (servers.folder / "a").exists()
    assert words(servers, "b") == ["word of b"]
    with pytest.raises(FileNotFoundError):
        servers.key("a")


def test_whoever_keeps_them_starts_what_stopped_and_ends_what_has_no_key(servers: Throwaways) -> None:
    for name in ("kept", "over"):
        servers.make(name)
    servers.stop()
    (servers.folder / "over" / "key").unlink()  # cut off after the first step of its destruction
    keeper = Throwaways(servers.folder, name="zhengyou", copies=COPIES, tables=TABLES, durable=False)
    assert keeper.over() == ["over"]
    keeper.keep()
    assert (keeper.names(), keeper.over()) == (["kept"], [])
    beside = Throwaways(servers.folder, name="zhengyou", copies=COPIES, tables=TABLES, starts=False)
    assert words(beside, "kept") == []
    beside.stop()
    assert keeper.names() == ["kept"], "one that only visits stops nothing"
    assert words(beside, "kept") == []
    keeper.stop()
    with pytest.raises(psycopg.OperationalError):
        words(beside, "kept")
    keeper.keep()
    assert words(beside, "kept") == []
    beside.stop()
    keeper.stop()


@pytest.mark.parametrize("after", [0.0, 0.03, 0.1, 0.3])
def test_a_maker_that_is_killed_leaves_nothing_that_cannot_be_made_again_or_swept(
    servers: Throwaways, after: float
) -> None:
    made = subprocess.Popen(
        (sys.executable, "-c", MAKER, str(servers.folder)), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, [*sys.path, str(Path(__file__).parents[2])]))},
    )  # fmt: skip
    assert made.stdout is not None
    assert made.stdout.readline() == b"begun\n"
    time.sleep(after)
    made.send_signal(signal.SIGKILL)
    made.communicate()
    servers.sweep()
    servers.make("cut off")
    assert words(servers, "cut off") == []
    servers.destroy("cut off")
    assert [path.name for path in servers.folder.iterdir() if path.name[0] != "."] == []


def test_connections_are_few_taken_again_replaced_when_dead_and_closed_when_idle(servers: Throwaways) -> None:
    servers.make("a")
    lending = Connections(most=2, kept_for=0.0)
    address, met, most, lock = servers.address("a", "one"), set(), [0, 0], threading.Lock()

    def ask() -> None:
        for _turn in range(5):
            with lending.lent(address) as connection:
                with lock:
                    most[0] += 1
                    most[1] = max(most)
                met.add(connection.execute("SELECT pg_backend_pid()").fetchone()[0])
                with lock:
                    most[0] -= 1

    threads = [threading.Thread(target=ask) for _thread in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most[1] <= 2
    assert len(met) <= 2
    with servers.lent("a", "other") as connection:
        connection.execute("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = 'one'")
    with lending.lent(address) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert lending.count() >= 1
    lending.close_idle()
    assert lending.count() == 0
