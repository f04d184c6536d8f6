"""`kill -9` of a second issuer's own process while people ask it for ballot papers: none is lost, none given twice, its roll is true.

The office lives in the test; the issuer is served in processes of its own, which are the only ones killed. The seed is printed;
ZHENGYOU_SEED repeats a run.
"""

import json
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psycopg
import pytest
from tests.cast import booth as cast_booth
from tests.cast import district as cast
from tests.cast import issuers as cast_issuers
from tests.cast import polls as cast_polls
from tests.living.homes import migrated_home
from tests.living.issuer import IssuersHouse
from tests.living.killing import PATIENCE, kill

from blindballot.format.encoding import b64, canonical, sha256, unb64
from blindballot.format.lines import read_board_line
from blindballot.format.record import BOARD
from blindballot.voter.voting import Ballot
from zhengyou.ballots import actions as ballot_actions
from zhengyou.ballots import queries as ballot_queries
from zhengyou.base.home import own_cluster
from zhengyou.counting import actions as counting_actions
from zhengyou.counting import queries as counting_queries
from zhengyou.organisations.models import Person
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll
from zhengyou.standings.actions import JUDGE
from zhengyou.web.shared import clock

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]

VICTIMS = {"worker": 8, "house backend": 3, "house postmaster": 1, "server": 2}
VOTERS, CROWDS, STEPS = 28, 2, 2
ROLL = "SELECT request_digest FROM zhengyou_issuerrollentry WHERE is_issued"


@pytest.fixture
def county() -> Iterator[IssuersHouse]:
    with migrated_home() as home:
        house = IssuersHouse(home)
        house.serve()
        yield house
        house.stop()


@dataclass
class Asker:
    """A voter with the office's tokens, who asks the second issuer for theirs, always in the same bytes."""

    person: Person
    ballot: Ballot
    request: bytes
    was_asked_for: bool = False
    answer: bytes | None = None

    @property
    def digest(self) -> bytes:
        """What the second issuer's roll keeps of the request."""
        return sha256(canonical(json.loads(self.request)["blinded"]))


@dataclass
class Crowd:
    """Everybody of a poll with two issuers, and what went wrong on the way."""

    county: IssuersHouse
    poll: Poll
    askers: list[Asker]
    failures: int = 0
    trouble: BaseException | None = None

    def ask(self, asker: Asker, *, gives_up: bool = False, revives: bool = False) -> None:
        """Ask until there is an answer, or until cut off once. What was answered once is answered alike again.

        One asker at a time may revive the server, which ends some seconds after its worker was killed twice in a row.
        """
        asker.was_asked_for = True
        deadline = time.monotonic() + PATIENCE
        while (answer := self._sent(asker.request)) is None:
            self.failures += 1
            if gives_up:
                return
            assert time.monotonic() < deadline, self.county.log()[-4000:]
            if revives:
                self.county.revive()
            time.sleep(0.05)
        assert asker.answer in {None, answer}, "another answer to the same request"
        asker.answer = answer

    def _sent(self, body: bytes) -> bytes | None:
        path, headers = f"/issue/{self.poll.key}/pool-1/", {"Content-Type": "application/json"}
        with closing(HTTPConnection("localhost", self.county.port, timeout=PATIENCE)) as connection:
            try:
                connection.request("POST", path, body, headers)
                answer = connection.getresponse()
                data = answer.read()
            except (OSError, HTTPException):
                return None
        assert answer.status in {200, 500, 503}, data
        return data if answer.status == 200 else None

    def walk(self, askers: list[Asker], gives_up: list[bool]) -> None:
        try:
            for asker, quits in zip(askers, gives_up, strict=True):
                self.ask(asker, gives_up=quits)
        except BaseException as error:
            self.trouble = error

    def marked(self) -> list[bytes]:
        """The requests on the second issuer's roll, read from beside its server."""
        address = own_cluster(self.county.home).dsn()
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                with psycopg.connect(**address, connect_timeout=5) as connection:
                    return [bytes(digest) for (digest,) in connection.execute(ROLL)]
            except psycopg.OperationalError:
                assert time.monotonic() < deadline
                self.county.revive()
                time.sleep(0.05)

    def look(self) -> None:
        """Whoever has an answer is marked, and nobody is who never asked; a mark is whole, and good for that request only."""
        if self.trouble is not None:
            raise self.trouble
        marked = self.marked()
        assert {asker.digest for asker in self.askers if asker.answer} <= set(marked)
        assert set(marked) <= {asker.digest for asker in self.askers if asker.was_asked_for}
        assert len(marked) == len(set(marked))


@pytest.fixture
def crowd(county: IssuersHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Crowd:
    """A poll opened by both houses; everybody has the office's tokens and the second issuer's code."""
    monkeypatch.setattr(cast_issuers, "ADDRESS", county.address)
    district = cast.small_district(members_a_village=VOTERS // 4)
    people = district.members[:VOTERS]
    row, pool = cast_issuers.named(district, cast_booth.small_cycle(district), people, units=2)
    request, reply, roll, opening = (tmp_path / name for name in ("request", "reply", "roll.csv", "opening"))
    request.write_bytes(ballot_queries.issuer_request_file(row, pool, cast_issuers.OFFICE_SITE))
    listed = "".join(f"{person.number},{person.name}\n" for person in people)
    roll.write_text(f"编号,姓名\n{listed}", encoding="utf-8")
    county.run("prepare", request, reply, "--roll", roll)
    ballot_actions.take_reply(
        poll=row, pool=pool, reply=reply.read_bytes(), origin=cast_issuers.OFFICE_SITE, at=clock.now(), by=district.office
    )  # fmt: skip
    row = ballot_actions.open_poll(poll=row, at=clock.now(), by=district.office)
    opening.write_bytes(ballot_queries.issuer_opening_file(row))
    county.run("open", opening)
    county.run("codes", tmp_path / "codes.csv")
    lines = (tmp_path / "codes.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    second = {line.split(",")[0]: line.split(",")[2] for line in lines}
    first = cast_booth.codes_for(row, people)
    manifest, keys = cast_polls.read_manifest(row.manifest.encode()), ballot_queries.public_keys(row)
    askers = []
    for person, code in zip(people, first, strict=True):
        ballot = Ballot.begin(manifest, keys, pool.slug)
        answer = ballot_actions.issue_tokens(poll=row, body=cast_polls.issue_body(row, ballot, code), at=clock.now())
        ballot.accept("office", {line: unb64(text) for line, text in answer["signatures"].items()})
        blinded = {line: b64(data) for line, data in ballot.request("county").items()}
        body = canonical({"manifest": row.fingerprint, "code": second[person.number], "blinded": blinded})
        askers.append(Asker(person, ballot, body))
    return Crowd(county, row, askers)


def ask_while_it_dies(crowd: Crowd, number: int, kills: int, victim: str, luck: random.Random) -> None:
    """In each crowd one who is new and some others ask, answered before or not, and something is killed meanwhile."""
    threads = []
    for place in range(CROWDS):
        some = crowd.askers[place::CROWDS]
        askers = [some[number * len(some) // kills], *luck.choices(some, k=STEPS)]
        gives_up = [luck.random() < 0.5 for _asker in askers]
        threads.append(threading.Thread(target=crowd.walk, args=(askers, gives_up)))
    for thread in threads:
        thread.start()
    time.sleep(luck.uniform(0, 0.06))
    kill(crowd.county, victim, luck)
    while any(thread.is_alive() for thread in threads):
        crowd.county.revive()
        threads[0].join(0.1)
        threads.append(threads.pop(0))
    crowd.county.revive()
    crowd.look()


def everybody_asks_and_casts(crowd: Crowd) -> list[bytes]:
    """Whoever was cut off sends the same bytes again; all cast with both tokens. The names of all slips."""
    names = []
    for asker in crowd.askers:
        crowd.ask(asker, revives=True)
        assert asker.answer is not None
        signatures = json.loads(asker.answer)["signatures"]
        asker.ballot.accept("county", {line: unb64(text) for line, text in signatures.items()})
        marks = {line.id: dict.fromkeys(line.criteria, "good") for line in asker.ballot.manifest.lines}
        slips = asker.ballot.cast(marks)
        ballot_actions.take_slips(poll=crowd.poll, body=cast_polls.cast_body(crowd.poll, slips), at=clock.now())
        names += [slip.name(asker.ballot.manifest.digest) for slip in slips]
    crowd.look()
    return names


def closed_by_both(crowd: Crowd, folder: Path) -> Poll:
    """The second issuer states its count, and two people of the office close."""
    crowd.county.end_the_poll()
    crowd.county.run("statement", folder / "statement.json")
    after = crowd.poll.closes_at + timedelta(minutes=1)
    [pool] = poll_queries.pools_of(crowd.poll)
    first, second = poll_queries.people_who_may_run(crowd.poll, after)[:2]
    statement = (folder / "statement.json").read_bytes()
    ballot_actions.take_statement(poll=crowd.poll, pool=pool, statement=statement, at=after, by=first)
    counting_actions.ask_to_close(poll=crowd.poll, at=after, by=first)
    return counting_actions.close_poll(poll=crowd.poll, at=after, by=second, judge=JUDGE)


def test_every_ballot_paper_of_a_second_issuer_that_is_killed_is_good_and_counted_once(
    crowd: Crowd, luck: random.Random, tmp_path: Path
) -> None:
    plan = luck.sample(list(VICTIMS), counts=list(VICTIMS.values()), k=sum(VICTIMS.values()))
    for number, victim in enumerate(plan):
        print(f"{number}: {victim}", flush=True)
        ask_while_it_dies(crowd, number, len(plan), victim, luck)
    print(f"{crowd.failures} requests were cut off")
    assert crowd.failures >= 3, "the kills met nobody"
    names = everybody_asks_and_casts(crowd)
    row = closed_by_both(crowd, tmp_path)

    record = counting_queries.record_folder(row)
    digest = crowd.askers[0].ballot.manifest.digest
    with (record / BOARD).open("rb") as board:
        assert [read_board_line(line).name(digest) for line in board] == sorted(names)
    counted = json.loads((record / "counts.json").read_bytes())["pools"][0]
    assert (counted["issued"], counted["verdict"]) == ({"office": VOTERS, "county": VOTERS}, "valid")
    verifying = (sys.executable, "-m", "blindballot", "verify", str(record))
    told = subprocess.run(verifying, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
