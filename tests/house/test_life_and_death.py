"""A house is served once, heals or ends with a status, and touches no data that newer code has written."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from functools import partial

import pytest
from django.core.management.base import CommandError
from django.db import connection, connections
from tests.living.homes import ROOT, empty_home, environment_of
from tests.living.house import LivingHouse, ask
from tests.living.killing import children, kill, pids_when_there, postmasters

from zhengyou.base import locks
from zhengyou.campaigns.models import Cycle
from zhengyou.management.serving import keepers
from zhengyou.management.serving.starting import check_not_newer, held_home, migrate
from zhengyou.operating import looking
from zhengyou.web.shared import clock

PATIENCE = 120.0
KILLED_SERVER = """
import os, pathlib, sys, time
from zhengyou.base.home import held
with held(pathlib.Path(sys.argv[1])):
    if not os.fork():
        time.sleep(1)
    os._exit(0)
"""


def test_a_home_is_served_once(tmp_path):
    with held_home(tmp_path), pytest.raises(CommandError, match=f"is served already, by process {os.getpid()}"):
        held_home(tmp_path).__enter__()
    with held_home(tmp_path):
        pass


def test_a_home_that_the_workers_of_a_killed_server_still_hold_is_waited_for(tmp_path):
    # As a killed server leaves it: its own number in the lock, which a process that it forked still has open.
    subprocess.run((sys.executable, "-c", KILLED_SERVER, tmp_path), cwd=ROOT, check=True, timeout=60)
    began = time.monotonic()
    with held_home(tmp_path):
        assert time.monotonic() - began > 0.2


@pytest.mark.django_db(transaction=True)
def test_data_of_newer_code_is_left_alone():
    check_not_newer()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('zhengyou', '0999_later', now())")
    try:
        with pytest.raises(CommandError, match="newer version of Zhengyou \\(0999_later\\)"):
            migrate()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE name = '0999_later'")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("spoilt", "mended", "missing"),
    [
        ("ALTER TABLE {} RENAME COLUMN name TO was", "ALTER TABLE {} RENAME COLUMN was TO name", "{}.name"),
        ("ALTER TABLE {} RENAME TO was", "ALTER TABLE was RENAME TO {}", "{}"),
    ],
)
def test_data_whose_tables_do_not_fit_is_not_served(spoilt, mended, missing):
    """As after a pull of sources in which the one migration was made anew: its name is done, its tables are others."""
    migrate()
    table = Cycle._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(spoilt.format(table))
    try:
        with pytest.raises(CommandError, match=f"does not fit these programs.*missing: {missing.format(table)}\\."):
            migrate()
        [found] = looking.inside_the_house(at=clock.now())
        assert (found.slug, found.severity) == ("data.unfit", "wrong")
        assert missing.format(table) in str(found.what)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(mended.format(table))


@pytest.mark.django_db(transaction=True)
def test_two_that_start_at_once_change_the_database_one_after_the_other():
    done = threading.Event()

    def start() -> None:
        migrate()
        done.set()
        connections.close_all()

    with locks.waited_for(locks.SHAPE):
        other = threading.Thread(target=start)
        other.start()
        assert not done.wait(0.5)
    other.join()
    assert done.is_set()


def test_a_keeper_that_cannot_go_on_ends_the_server_and_says_why(monkeypatch):
    ended = []
    monkeypatch.setattr(os, "kill", lambda pid, number: ended.append((pid, number)))
    kept = keepers.Keepers()

    def broken(_done: threading.Event) -> None:
        raise keepers.Failed("The database is gone.")

    def sound(done: threading.Event) -> None:
        done.wait()

    with kept.at_work(broken, sound):
        deadline = time.monotonic() + PATIENCE
        while not ended and time.monotonic() < deadline:
            time.sleep(0.01)
    assert ended == [(os.getpid(), signal.SIGTERM)]
    assert kept.failure == "The database is gone."


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"ZHENGYOU_HOME": "/proc/zhengyou"}, "ZHENGYOU_HOME names another folder"),
        ({"DATABASE_URL": "postgresql://u@127.0.0.1:1/n"}, "The database that DATABASE_URL names does not answer"),
        ({"DATABASE_URL": "postgresql://u@h/n?sslmod=require"}, "DATABASE_URL cannot be read"),
    ],
)
def test_a_start_that_fails_is_told_in_a_sentence(given, words):
    with empty_home() as home:
        done = subprocess.run(
            (sys.executable, "-m", "zhengyou", "serve", "--port", "0"),
            cwd=ROOT, env=environment_of(home) | given, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def keeper_and_postmaster(house: LivingHouse) -> list[int]:
    """Both processes, or nothing while one is missing."""
    keeping = [pid for pid, args in children(house.server.pid) if f"{house.home}/database/server.lock" in args]
    both = [*keeping, *postmasters(house, "database")]
    return both if len(both) == 2 else []


@pytest.mark.long
def test_a_house_heals_when_its_database_and_what_keeps_it_are_killed():
    with LivingHouse() as house:
        for _time in range(2):
            # What was killed before may be starting again, though the house answers what needs no database.
            for pid in pids_when_there(house, "keeper with its server", partial(keeper_and_postmaster, house)):
                os.kill(pid, signal.SIGKILL)
            deadline = time.monotonic() + PATIENCE
            while not house.answers():
                assert time.monotonic() < deadline, house.log()
                assert house.server.poll() is None, house.log()
                time.sleep(0.2)
        with closing(house.connect()) as way:
            assert json.loads(ask(way, "GET", "/health/ready")[1]) == {"status": "ready", "wrong": []}
        second = subprocess.run(
            (sys.executable, "-m", "zhengyou", "serve"),
            cwd=ROOT,
            env=house.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert second.returncode == 1
        assert f"is served already, by process {house.server.pid}" in second.stderr
        kill(house, "workers", random.Random(1))
        house.revive()


@pytest.mark.long
def test_a_house_whose_database_cannot_be_started_again_ends_with_a_status():
    with LivingHouse() as house:
        [keeper] = [pid for pid, args in children(house.server.pid) if f"{house.home}/database/server.lock" in args]
        [postmaster] = postmasters(house, "database")
        (house.home / "database" / "data" / "PG_VERSION").write_text("3\n")
        os.kill(keeper, signal.SIGKILL)
        os.kill(postmaster, signal.SIGKILL)
        assert house.server.wait(PATIENCE) == 1
        assert "The house's database is gone and cannot be started again." in house.log()
        house.server = None
