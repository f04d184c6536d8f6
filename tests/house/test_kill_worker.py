"""`kill -9` of a real worker at ten places of its work: a fresh one finishes every job, once, and nothing half-done stays.

A trigger in the test's database stops the worker at the place, by a lock that the test holds; only processes started here are killed.
"""

import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from tests.cast import booth as cast_booth
from tests.cast import district as cast
from tests.living.homes import ROOT
from tests.living.house import LivingHouse
from tests.living.killing import children, pids_when_there

from zhengyou import jobs
from zhengyou.ballots import queries as ballot_queries
from zhengyou.ballots.models import LineKey
from zhengyou.base import job_files
from zhengyou.base.models import Job, JournalEntry
from zhengyou.boxes import queries as box_queries
from zhengyou.counting import actions as counting
from zhengyou.counting import queries as records
from zhengyou.polls import actions as poll_actions
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll, RollMark
from zhengyou.standings.models import Result
from zhengyou.web.shared import clock

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]
PATIENCE = 60.0
GATE = 4_711


@dataclass(frozen=True)
class Place:
    """Where a worker is stopped: just before such a change of such a row."""

    kind: str
    change: str
    table: str
    when: str = "TRUE"


PLACES = (
    Place("keys", "UPDATE", "zhengyou_job", "NEW.state = 'running' AND OLD.state = 'waiting'"),  # fetched, not begun
    Place("keys", "INSERT", "zhengyou_linekey"),
    Place("keys", "UPDATE", "zhengyou_job", "NEW.steps_done = 1"),
    Place("letters", "UPDATE", "zhengyou_job", "NEW.steps_done = 6"),  # the file is written, under its other name
    Place(
        "letters", "INSERT", "zhengyou_journalentry", "NEW.deed = 'ballots.hand_out_poll_codes'"
    ),  # the codes work already
    Place("letters", "UPDATE", "zhengyou_job", "NEW.state = 'done'"),  # the codes work, nobody knows
    Place("close", "UPDATE", "zhengyou_poll", "NEW.state = 'closed'"),  # the record is written
    Place("close", "INSERT", "zhengyou_rollmark"),  # nobody knows yet to whom a ballot was issued
    Place("close", "UPDATE", "zhengyou_poll", "NEW.is_box_destroyed"),  # the box is gone, the house does not know
    Place("close", "INSERT", "zhengyou_result"),  # closed, not computed
    Place("close", "DELETE", "procrastinate_jobs"),  # done, only the queue does not know
    Place("record", "UPDATE", "zhengyou_job", "NEW.state = 'done'"),
)


class Workers:
    """Real workers on the test's database, one after the other."""

    def __init__(self, home: Path) -> None:
        self.log = home / "worker.log"
        self.worker: subprocess.Popen[bytes] | None = None
        self.environment = os.environ | {
            "DATABASE_URL": _address_of_house(),
            "SECRET_KEY": settings.SECRET_KEY,
            "CODE_KEY": settings.CODE_KEY,
            "KEY_PASSWORD": settings.KEY_PASSWORD.decode(),
            "ZHENGYOU_HOME": str(home),
            "DJANGO_SETTINGS_MODULE": "zhengyou.settings",
            "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT))),
        }

    def start(self) -> None:
        command = (sys.executable, "-m", "zhengyou", "work", "--beside", str(os.getpid()))
        with self.log.open("ab") as log:
            self.worker = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)

    def kill(self) -> None:
        assert self.worker is not None
        self.worker.kill()
        self.worker.wait()

    def stop(self) -> None:
        assert self.worker is not None
        self.worker.terminate()
        assert self.worker.wait(PATIENCE) == 0

    def wait_until(self, what: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not what():
            assert self.worker is not None
            assert self.worker.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.02)


def _address_of_house() -> str:
    given = connection.settings_dict
    host = str(given["HOST"]).replace("/", "%2F")
    return f"postgresql://{given['USER']}@{host}:{given['PORT']}/{given['NAME']}"


@pytest.fixture
def workers(tmp_path, servers) -> Iterator[Workers]:
    """The workers' home is the test's folder, so that files and records are the same; the servers of polls are those of the run."""
    (tmp_path / "polls").symlink_to(servers.folder)
    (tmp_path / "programs").symlink_to(servers.copies)  # which root's stand-in may enter
    started = Workers(tmp_path)
    yield started
    if started.worker is not None and started.worker.poll() is None:
        started.kill()


@contextmanager
def gate(place: Place) -> Iterator[None]:
    """Whoever comes to the place waits for as long as the context lasts."""
    row = "OLD" if place.change == "DELETE" else "NEW"
    made = f"""
        CREATE FUNCTION wait_at_the_gate() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_advisory_xact_lock_shared({GATE}); RETURN {row}; END $$;
        CREATE TRIGGER gate BEFORE {place.change} ON {place.table} FOR EACH ROW WHEN ({place.when})
        EXECUTE FUNCTION wait_at_the_gate()"""
    with psycopg.connect(_address_of_house(), autocommit=True) as holder:
        holder.execute(f"SELECT pg_advisory_lock({GATE})")
        with connection.cursor() as cursor:
            cursor.execute(made)
        try:
            yield
        finally:
            holder.execute(f"SELECT pg_advisory_unlock({GATE})")
            with connection.cursor() as cursor:
                cursor.execute(f"DROP TRIGGER gate ON {place.table}; DROP FUNCTION wait_at_the_gate()")


def those_at_the_gate() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted", [GATE])
        return [pid for (pid,) in cursor.fetchall()]


def is_somebody_at_the_gate() -> bool:
    return bool(those_at_the_gate())


@pytest.fixture
def district():
    return cast.small_district(members_a_village=3)


@pytest.fixture
def cycle(district):
    return cast_booth.small_cycle(district)


def poll_for(kind: str, district, cycle) -> Poll:
    """A poll of which this kind of job can be asked."""
    people = district.members[:6]
    if kind == "keys":
        return cast_booth.drafted_now(district, cycle, [people], units=2)
    if kind == "letters":
        return cast_booth.opened_now(district, cycle, [people])
    poll = cast_booth.over_now(district, cycle, [people])
    for code in cast_booth.codes_for(poll, people):
        cast_booth.vote(poll, "pool-1", code, lambda _place: "good", at=poll.closes_at - cast_booth.HOUR)
    if kind == "close":
        return counting.ask_to_close(poll=poll, at=clock.now(), by=district.office)
    closed = cast_booth.closed_now(poll, district)
    records.packed_record(closed).unlink()
    return closed


def ask(kind: str, poll: Poll, district) -> Job:
    """The job, as if it had waited for a minute."""
    pool = poll_queries.pools_of(poll)[0] if kind == "letters" else None
    given = {"address": "https://vote.example/booth/", "languages": ["zh-hans"]} if pool else {}
    job = jobs.ask(kind, poll, pool=pool, at=clock.now(), by=district.second_office, page="/", **given)
    Job.objects.filter(pk=job.pk).update(asked_at=job.asked_at - timedelta(minutes=1))
    return job


def is_queue_at_rest() -> bool:
    """Whether no worker holds a job: one that is stopped while it writes down that a job is done says so with a traceback."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT NOT EXISTS (SELECT FROM procrastinate_jobs WHERE status = 'doing')")
        return bool(cursor.fetchone()[0])


def is_done(job: Job) -> bool:
    job.refresh_from_db()
    assert job.state not in ("failed", "stopped"), job.sentence
    return job.state == "done"


def check_keys(poll: Poll, _job: Job) -> None:
    assert LineKey.objects.filter(pool__poll=poll).count() == 2


def check_letters(poll: Poll, job: Job) -> None:
    folder = Path(settings.HANDED)
    assert [path.name for path in folder.iterdir() if path.suffix] == []
    codes = re.findall(r'class="code">([0-9A-Z-]{14})<', job_files.place_of(job).read_text())
    assert [ballot_queries.roll_entry_with_code(poll, code) is not None for code in codes] == [True] * 6


def check_close(poll: Poll, _job: Job) -> None:
    closed = Poll.objects.get(pk=poll.pk)
    assert (closed.state, Result.objects.filter(poll=poll).count()) == (Poll.State.CLOSED, 1)
    assert JournalEntry.objects.filter(deed="counting.close_poll", subject=poll.reference).count() == 1
    poll_actions.destroy_boxes_left()
    assert not box_queries.has_box(poll.key)
    assert Poll.objects.get(pk=poll.pk).is_box_destroyed
    issued = RollMark.objects.filter(entry__poll=poll).values_list("is_issued", flat=True)
    assert list(issued) == [True] * 6
    assert sha256(records.record_path(closed, "record.json").read_bytes()).hexdigest() == closed.record_fingerprint
    counting.pack_record(poll=closed)  # a close cut off at its very end leaves it to whoever first asks
    check_record(closed, _job)


def check_record(poll: Poll, _job: Job) -> None:
    packed = records.packed_record(poll)
    assert [path.name for path in packed.parent.iterdir() if path.suffix == ".half"] == []
    with zipfile.ZipFile(packed) as archive:
        assert archive.testzip() is None


CHECKS = {"keys": check_keys, "letters": check_letters, "close": check_close, "record": check_record}


def test_a_worker_is_killed_at_twelve_places_and_a_fresh_one_finishes_each_job_once(workers, district, cycle) -> None:
    workers.start()
    for number, place in enumerate(PLACES):
        print(f"{number}: {place}", flush=True)
        poll = poll_for(place.kind, district, cycle)
        with gate(place):
            job = ask(place.kind, poll, district)
            workers.wait_until(is_somebody_at_the_gate)
            workers.kill()
        workers.start()
        workers.wait_until(partial(is_done, job))
        CHECKS[place.kind](poll, job)
    workers.stop()
    assert "Traceback" not in workers.log.read_text()


def test_a_worker_that_is_asked_to_end_puts_its_job_back_and_the_next_one_goes_on(workers, district, cycle) -> None:
    workers.start()
    poll = poll_for("keys", district, cycle)
    with gate(Place("keys", "INSERT", "zhengyou_linekey")):
        job = ask("keys", poll, district)
        workers.wait_until(is_somebody_at_the_gate)
        assert workers.worker is not None
        workers.worker.terminate()
    assert workers.worker.wait(PATIENCE) == 0
    job.refresh_from_db()
    assert (job.state, LineKey.objects.filter(pool__poll=poll).count()) == ("waiting", 1)
    workers.start()
    workers.wait_until(partial(is_done, job))
    check_keys(poll, job)


LONG_HELD = Place("list", "UPDATE", "zhengyou_job", "NEW.kind = 'list' AND NEW.state = 'running'")


def ask_for_list(address: str, district) -> Job:
    job = jobs.ask_for_list(address=address, name="list.csv", page="/", at=clock.now(), by=district.office)
    assert not job.is_short
    return job


def test_a_short_job_is_done_while_a_long_one_is_held_and_the_next_long_one_waits(workers, district, cycle) -> None:
    workers.start()
    with gate(LONG_HELD):
        held, next_one = (ask_for_list(f"/office/people/?as=csv&q={n}", district) for n in range(2))
        workers.wait_until(is_somebody_at_the_gate)
        for _n in range(2):
            poll = poll_for("keys", district, cycle)
            short = ask("keys", poll, district)
            assert short.is_short
            workers.wait_until(partial(is_done, short))
            check_keys(poll, short)
        states = Job.objects.filter(pk__in=(held.pk, next_one.pk)).values_list("state", flat=True)
        assert list(states) == ["waiting", "waiting"]  # the first is in the middle of saying that it runs
        workers.kill()
    workers.start()
    for job in (held, next_one):
        workers.wait_until(partial(is_done, job))
        assert job_files.place_of(job).exists()
    workers.wait_until(is_queue_at_rest)
    workers.stop()
    assert "Traceback" not in workers.log.read_text()


def test_two_workers_take_two_long_jobs_and_a_short_one_at_once_and_each_is_done_once(workers, district, cycle) -> None:
    second = Workers(workers.log.parent)
    workers.start()
    second.start()
    try:
        with gate(LONG_HELD):
            long_ones = [ask_for_list(f"/office/people/?as=csv&q={n}", district) for n in range(2)]
            workers.wait_until(lambda: len(those_at_the_gate()) == 2)
            poll = poll_for("keys", district, cycle)
            workers.wait_until(partial(is_done, ask("keys", poll, district)))
            check_keys(poll, long_ones[0])
        for job in long_ones:
            workers.wait_until(partial(is_done, job))
        workers.wait_until(is_queue_at_rest)
    finally:
        second.stop()
    workers.stop()
    assert "Traceback" not in workers.log.read_text()


def workers_of(house: LivingHouse) -> list[int]:
    assert house.server is not None
    return [pid for pid, args in children(house.server.pid) if "zhengyou work" in args]


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def wait_for(what: Callable[[], bool], house: LivingHouse) -> None:
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline, house.log()
        time.sleep(0.05)


def test_the_server_has_one_worker_starts_it_again_and_takes_it_along() -> None:
    with LivingHouse(workers=1) as house:
        (first,) = pids_when_there(house, "worker for jobs", partial(workers_of, house))
        os.kill(first, signal.SIGKILL)
        wait_for(lambda: bool(workers_of(house)) and workers_of(house) != [first], house)
        for end in (signal.SIGTERM, signal.SIGKILL):
            house.revive()
            (worker,) = pids_when_there(house, "worker for jobs", partial(workers_of, house))
            house.server.send_signal(end)
            house.server.wait(PATIENCE)
            wait_for(partial(is_gone, worker), house)
