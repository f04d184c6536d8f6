"""Backup and restore with a database of one's own, named by DATABASE_URL, on the real commands."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.living.homes import ROOT, empty_home, environment_of

from ownpostgres.cluster import Cluster
from zhengyou.base.home import own_cluster

pytestmark = pytest.mark.long
FOUNDED = ("--code", "001", "--name", "测试区委", "--person", "测试甲", "--number", "0001", "--login", "office")


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    """A server with two databases: the house's, and an empty one for the restore."""
    with empty_home() as place, own_cluster(place, durable=False) as cluster:
        with psycopg.connect(**cluster.dsn(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE second")
        yield cluster


def run(home: Path, url: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    environment = environment_of(home) | {"LANG": "C", "DATABASE_URL": url}
    return subprocess.run(
        (sys.executable, "-m", "zhengyou", *map(str, arguments)), cwd=ROOT, env=environment, capture_output=True,
        text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def test_a_house_moves_to_another_home_and_another_database(server: Cluster, tmp_path: Path) -> None:
    with empty_home() as home, empty_home() as other:
        for arguments in (("migrate",), ("create_office", *FOUNDED), ("backup", tmp_path / "backups")):
            done = run(home, server.url(), *arguments)
            assert done.returncode == 0, done.stdout + done.stderr
        assert not (home / "database" / "data").exists(), "there is no second server"
        refused = run(other, server.url(), "restore", tmp_path / "backups")
        assert (refused.returncode, "is not empty" in refused.stderr) == (1, True), refused.stderr
        done = run(other, server.url("second"), "restore", tmp_path / "backups")
        assert done.returncode == 0, done.stdout + done.stderr
        with psycopg.connect(**server.dsn("second")) as connection:
            assert connection.execute("SELECT code FROM zhengyou_organisation").fetchall() == [("001",)]
        assert {path.name for path in (other / "secrets").iterdir()} == {
            path.name for path in (home / "secrets").iterdir()
        }
