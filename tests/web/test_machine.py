"""What who keeps the server is told: health, disk, clock, the database that is away, and lines of the log without people in them."""

import errno
import json
import logging
import multiprocessing
import runpy
import sys
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.contrib.auth.hashers import make_password
from django.db import OperationalError, connection
from django.http import HttpRequest
from django.test import Client
from django.urls import path
from django.utils import timezone
from tests.cast import booth as cast_booth
from tests.cast.district import small_district

from zhengyou import settings as house_settings
from zhengyou.base.models import Job
from zhengyou.base.passwords import PoliteArgon2
from zhengyou.identity.models import Account
from zhengyou.web.serving import logs
from zhengyou.web.serving.logs import LogFormat
from zhengyou.web.shared import clock, faults, health, machine

SECRET = "某村某某的原话"
pytestmark = pytest.mark.django_db


def away(_request: HttpRequest) -> None:
    """As a page fares whose database has gone."""
    raise OperationalError(SECRET)


def full(_request: HttpRequest) -> None:
    """As a page fares whose file finds no room."""
    raise OSError(errno.ENOSPC, SECRET)


def full_database(_request: HttpRequest) -> None:
    """As a page fares whose row finds no room."""
    raise OperationalError(SECRET) from psycopg.errors.DiskFull(SECRET)


def broken(_request: HttpRequest) -> None:
    """As a page fares that we wrote wrongly."""
    raise ValueError(SECRET)


handler500 = faults.server_error
urlpatterns = [
    path(f"words/{page.__name__}/", page, name=page.__name__) for page in (away, full, full_database, broken)
]


def test_the_house_is_ready_under_any_name_of_the_host_and_sets_no_cookie():
    for address, status in (("/health/live", "live"), ("/health/ready", "ready")):
        answer = Client(headers={"host": "10.1.2.3"}).get(address)
        assert (answer.status_code, answer.json()["status"]) == (200, status)
        assert not answer.cookies
        assert Client().head(address).status_code == 200


def test_a_full_disk_and_a_clock_that_was_set_are_told(monkeypatch, tmp_path):
    assert machine.troubles(tmp_path) == []
    monkeypatch.setattr(machine, "LEAST_FREE", machine.free_bytes(tmp_path) * 2)
    assert Client().get("/health/ready").json() == {"status": "not ready", "wrong": ["disk"]}
    was, ticks = machine._began
    monkeypatch.setattr(machine, "_began", (was - 3 * 3600, ticks))
    answer = Client().get("/health/ready")
    assert (answer.status_code, answer.json()["wrong"]) == (503, ["disk", "clock"])
    assert [sentence.split()[1] for sentence in machine.troubles(tmp_path)] == ["disk", "clock"]
    assert machine.troubles(tmp_path) == machine.troubles(tmp_path), "said once, so it must not change by itself"


def test_a_database_that_takes_nothing_is_told():
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
    assert Client().get("/health/ready").json()["wrong"] == ["database"]


def test_a_job_that_nobody_does_is_told():
    Job.objects.create(
        kind="list", about="test", page="/", by="", language="en", asked_at=clock.now() - timedelta(minutes=3)
    )
    assert not health.has_worker()
    assert Client().get("/health/ready").json()["wrong"] == ["worker"]


@pytest.fixture
def district():
    return small_district(members_a_village=4)


@pytest.fixture
def poll(district):
    return cast_booth.opened_now(district, cast_booth.small_cycle(district), [district.members[:6]])


def test_a_ballot_box_that_is_gone_is_told(poll, boxes):
    assert health.has_ballot_boxes()
    boxes.destroy(str(poll.key))
    assert Client().get("/health/ready").json()["wrong"] == ["ballot boxes"]


def test_no_poll_is_closed_by_a_clock_that_was_set(district, poll, monkeypatch):
    office = Client(headers={"accept-language": "en"})
    office.force_login(Account.objects.get(person=district.office))
    was, ticks = machine._began
    monkeypatch.setattr(machine, "_began", (was - 3 * 3600, ticks))
    page = office.post(f"/office/polls/{poll.key}/ask-close/", follow=True)
    assert "The clock of the server was set while it ran" in page.content.decode()
    poll.refresh_from_db()
    assert poll.close_asked_by is None


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("page", "status", "words"),
    [
        ("away", 503, ("数据库暂时没有应答", "does not answer at the moment")),
        ("full", 503, ("磁盘已满", "disk of the server is full")),
        ("full_database", 503, ("磁盘已满", "disk of the server is full")),
        ("broken", 500, ("出错了", "Something went wrong")),
    ],
)
def test_a_house_that_fails_says_so_in_both_languages_and_keeps_what_was_sent_out_of_the_log(
    page, status, words, caplog
):
    said = []
    handler = logging.Handler()
    handler.setFormatter(LogFormat(is_json=True))
    handler.emit = lambda record: said.append(handler.format(record))
    logging.getLogger("django.request").addHandler(handler)
    try:
        answer = Client(raise_request_exception=False).get(f"/words/{page}/?q={SECRET}")
    finally:
        logging.getLogger("django.request").removeHandler(handler)
    assert answer.status_code == status
    assert all(one in answer.content.decode() for one in words)
    assert SECRET not in answer.content.decode()
    [line] = said
    told = json.loads(line)
    assert told["level"] == "error"
    assert f"on {page} (GET, status {status}" in told["says"]
    assert told["fault"].split()[0] == {"broken": "ValueError", "full": "OSError"}.get(page, "OperationalError")
    assert SECRET not in line
    assert "/words/" not in line


def test_a_line_of_the_log_has_a_level_and_a_time_of_the_minute():
    record = logging.LogRecord("django", logging.ERROR, __file__, 1, "The disk\nis %s.", ("full",), None)
    told = json.loads(LogFormat(is_json=True).format(record))
    assert (told["level"], told["says"]) == ("error", "The disk\nis full.")
    at = timezone.datetime.fromisoformat(told["at"])
    assert at <= clock.now() < at + timedelta(minutes=2)
    line = LogFormat(is_json=False).format(record)
    assert line == f"{told['at']} ERROR The disk is full."


def test_a_fault_is_told_by_its_place_in_the_code():
    try:
        health.CHECKS["database"].__wrapped__  # noqa: B018
    except AttributeError:
        record = logging.LogRecord("django", logging.ERROR, __file__, 1, "Oh", (), sys.exc_info())
    assert json.loads(LogFormat(is_json=True).format(record))["fault"] == "AttributeError at no place of ours"


def test_an_installed_program_tells_places_too_and_none_of_what_lies_beside_it(tmp_path):
    """As `make install` lays it: no folder `src`, and packages of others in the same folder."""
    installed = tmp_path / "python3.11/site-packages"
    own, others = installed / "zhengyou/web/serving/logs.py", installed / "elsewhere/inner.py"
    for file in (own, others):
        file.parent.mkdir(parents=True)
    own.write_text(Path(logs.__file__).read_text())
    others.write_text("def fail():\n    raise ValueError('a row')\n")
    (installed / "zhengyou/page.py").write_text("def show(fail):\n    fail()\n")
    telling, page, inner = (runpy.run_path(str(file)) for file in (own, installed / "zhengyou/page.py", others))
    with pytest.raises(ValueError, match="a row") as raised:
        page["show"](inner["fail"])
    record = logging.LogRecord("django", logging.ERROR, "", 1, "Oh", (), (raised.type, raised.value, raised.tb))
    assert telling["fault_of"](record) == "ValueError at site-packages/zhengyou/page.py:2"


@pytest.mark.parametrize(
    ("url", "options"),
    [
        ("postgresql://u:p%40@db.example:5433/name?sslmode=verify-ca&sslcrl=/c", {"sslmode": "verify-ca", "sslcrl": "/c"}),
        ("postgresql://u@db.example/name", {"sslmode": "require"}),
        ("postgresql://u@db.example/name?sslmode=disable", {"sslmode": "disable"}),
        ("postgresql://u@127.0.0.1/name", {}),
        ("postgresql://u@%2Frun%2Fpostgresql/name?application_name=z", {"application_name": "z"}),
    ],
)  # fmt: skip
def test_what_the_address_of_the_database_asks_for_is_had(url, options):
    found = house_settings._database(url)
    assert found["OPTIONS"] == options
    assert (found["NAME"], found["USER"]) == ("name", "u")
    if "5433" in url:
        assert (found["PASSWORD"], found["HOST"], found["PORT"]) == ("p@", "db.example", "5433")


@pytest.mark.parametrize(
    "url", ["postgresql://u@h/n?sslmod=require", "postgresql://u@h:x:y/n", "mysql://u@h/n", "postgresql://u@h/n?host"]
)
def test_an_address_that_cannot_be_read_is_refused_in_words(url):
    with pytest.raises(SystemExit, match="DATABASE_URL"):
        house_settings._database(url)


def test_a_process_that_is_forked_hashes_as_well():
    """The demo hashes before `serve` forks its web workers, and a pool of threads does not survive that."""
    hashed = make_password("ten letters or more", hasher=PoliteArgon2())
    with multiprocessing.get_context("fork").Pool(1) as forked:
        assert forked.apply_async(PoliteArgon2().verify, ("ten letters or more", hashed)).get(60)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ZHENGYOU_TIME_ZONE", "Mars/Base"),
        ("ZHENGYOU_PUZZLE_TRIES", "many"),
        ("ZHENGYOU_ORIGINS", "your.name"),
        ("ZHENGYOU_HOSTS", "https://your.name"),
        ("ZHENGYOU_LOG", "xml"),
    ],
)
def test_a_wrong_variable_is_refused_in_a_sentence(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit, match=f"^{name} is '{value}': "):
        runpy.run_path(house_settings.__file__)


def test_names_may_have_blanks_between_them_and_nothing_means_the_usual(monkeypatch):
    monkeypatch.setenv("ZHENGYOU_HOSTS", "your.name, www.your.name")
    assert runpy.run_path(house_settings.__file__)["ALLOWED_HOSTS"] == ["your.name", "www.your.name"]
    for name in ("ZHENGYOU_HOSTS", "ZHENGYOU_ORIGINS", "ZHENGYOU_TIME_ZONE", "ZHENGYOU_PUZZLE_TRIES", "ZHENGYOU_LOG"):
        monkeypatch.setenv(name, "")
    usual = runpy.run_path(house_settings.__file__)
    assert (usual["ALLOWED_HOSTS"], usual["TIME_ZONE"], usual["PUZZLE_TRIES"]) == (
        usual["LOCAL_HOSTS"],
        "Asia/Shanghai",
        500,
    )


def test_a_flood_of_wrong_requests_is_one_line_a_minute():
    brief, request = logs.Brief(), HttpRequest()
    request.method = "GET"
    records = [
        logging.makeLogRecord({"msg": f"Invalid host {n}", "request": request, "status_code": 400}) for n in range(50)
    ]
    assert [brief.filter(record) for record in records] == [True] + [False] * 49
    assert brief.filter(logging.makeLogRecord({"msg": "Another", "request": request, "status_code": 403}))
