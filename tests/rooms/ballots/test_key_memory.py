"""What private keys of ballots a process keeps in its memory, and that it drops them although another process closed the poll."""

import gc
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from tests.cast import booth as cast_booth
from tests.cast import district as cast

from blindballot.box.issuing import IssuerKey
from ownpostgres.cluster import Cluster
from zhengyou.ballots import actions as ballot_actions
from zhengyou.ballots.models import LineKey
from zhengyou.identity.models import FailedSignIn
from zhengyou.management.serving import web_workers
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def open_polls(servers) -> list[Poll]:
    """Two polls that are open, with a ballot in each. Their keys are their own: other tests' stay with what those left behind."""
    district = cast.small_district(members_a_village=4)
    cycle = cast_booth.small_cycle(district)
    people = [district.members[:5], district.members[5:10]]
    drafted = [cast_booth.drafted_now(district, cycle, [pool]) for pool in people]
    assert [ballot_actions.prepare_keys(poll=row, count=9) for row in drafted] == [0, 0]
    polls = [ballot_actions.open_poll(poll=row, at=clock.now(), by=district.office) for row in drafted]
    for row, pool in zip(polls, people, strict=True):
        [code] = cast_booth.codes_for(row, pool[:1])
        cast_booth.vote(row, "pool-1", code, lambda _line: "good")
    return polls


def keys_in_memory(row: Poll) -> int:
    """How many of a poll's private issuing keys this process holds in any object."""
    gc.collect()
    moduli = {int.from_bytes(bytes(key.modulus), "big") for key in LineKey.objects.filter(pool__poll=row)}
    keys = [one for one in gc.get_objects() if type(one) is IssuerKey]  # isinstance would ask dead weak proxies
    return len({key.n for key in keys} & moduli)


def closed_in_another_process(row: Poll) -> None:
    """Close the poll as another worker of the same house does."""
    cluster: Cluster = settings.EMBEDDED_CLUSTERS["default"]
    database = {"DATABASE_URL": cluster.url(connections["default"].settings_dict["NAME"])}
    environment = {**os.environ, **database, "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT)))}
    story = (sys.executable, "-m", "tests.living.stories", "close_poll", str(row.key))
    told = subprocess.run(story, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr


@contextmanager
def looking_like_a_worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What runs beside the requests in every web worker, at shorter intervals."""
    monkeypatch.setattr(web_workers, "KEYS_LOOKED_AT_EVERY", 0.05)
    done = threading.Event()

    def look() -> None:
        try:
            web_workers.forget_what_is_over(done)
        finally:
            connections.close_all()

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def test_a_process_forgets_the_keys_of_a_poll_that_another_process_closed(
    open_polls: list[Poll], monkeypatch: pytest.MonkeyPatch
) -> None:
    closed, still_open = open_polls
    held = keys_in_memory(still_open)
    assert held == keys_in_memory(closed) == len(poll_queries.sheet_lines(closed))
    closed_in_another_process(closed)
    assert keys_in_memory(closed) == held, "nobody has looked yet"
    deadline = time.monotonic() + 60
    with looking_like_a_worker(monkeypatch):
        while keys_in_memory(closed):
            assert time.monotonic() < deadline
    assert keys_in_memory(still_open) == held


def test_nothing_is_asked_while_no_key_is_remembered(open_polls: list[Poll], django_assert_num_queries) -> None:
    Poll.objects.update(state=Poll.State.VOIDED)
    ballot_actions.forget_keys_of_what_is_over()
    with django_assert_num_queries(0):
        ballot_actions.forget_keys_of_what_is_over()


def test_an_idle_house_forgets_old_wrong_passwords(open_polls: list[Poll], monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now()
    FailedSignIn.objects.create(login="old", at=now - timedelta(minutes=16))
    FailedSignIn.objects.create(login="fresh", at=now)
    deadline = time.monotonic() + 60
    with looking_like_a_worker(monkeypatch):
        while FailedSignIn.objects.filter(login="old").exists():
            assert time.monotonic() < deadline
    assert [row.login for row in FailedSignIn.objects.all()] == ["fresh"]
