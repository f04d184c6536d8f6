"""Voters of a living house who send again what nobody answered, and what they can prove afterwards of box, roll and record."""

import json
import random
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from http.client import HTTPException
from pathlib import Path
from typing import Any

import psycopg
from tests.living.house import LivingHouse, LivingPoll, ask

from blindballot.box.receiving import is_acknowledgement
from blindballot.format.encoding import canonical, sha256, unb64
from blindballot.format.lines import read_board_line
from blindballot.format.record import BOARD
from blindballot.format.slips import Slip
from blindballot.voter.voting import Ballot
from ownpostgres.cluster import Address, Cluster
from zhengyou.base.home import own_cluster
from zhengyou.boxes.sealing import Sealer

GRADES = ["good", "fairly-good", "fair", "poor"]
PATIENCE = 180.0


@dataclass
class Voter:
    """A phone: what it sent, and what it was told. `pending` is a request that nobody answered yet."""

    code: str
    ballot: Ballot
    request: bytes
    was_asked_for: bool = False
    has_tokens: bool = False
    stacks: list[list[Slip]] = field(default_factory=list)
    acknowledged: int = 0
    pending: tuple[str, bytes] | None = None

    @cached_property
    def digest(self) -> bytes:
        """What the roll keeps of the request."""
        return sha256(canonical(json.loads(self.request)["blinded"]))

    @cached_property
    def serials(self) -> list[bytes]:
        """By what the box knows the slips."""
        return [one.serial for one in self.ballot.prepared.values()]


class Voters:
    """Everybody of one living poll, voting over HTTP."""

    def __init__(self, house: LivingHouse, *, count: int, lines: int) -> None:
        self.house = house
        self.poll = LivingPoll(house.tell("open_poll", str(count), str(lines)))
        self.voters = []
        for code in self.poll.codes:
            ballot = self.poll.ballot()
            self.voters.append(Voter(code, ballot, self.poll.issue_body(ballot, code)))
        self.failures = 0

    def step(self, voter: Voter, *, gives_up: bool = False) -> None:
        """The voter's next request: what is pending, else the tokens, else a new version of the stack."""
        if voter.pending is None:
            voter.pending = ("cast", self._new_stack(voter)) if voter.has_tokens else ("issue", voter.request)
        name, body = voter.pending
        voter.was_asked_for = True
        answer = self.send(name, body, gives_up=gives_up)
        if answer is not None:
            self._believe(voter, name, answer)
            voter.pending = None

    def _new_stack(self, voter: Voter) -> bytes:
        version = len(voter.stacks) + 1
        grade = GRADES[version % len(GRADES)]
        marks = {line.id: dict.fromkeys(line.criteria, grade) for line in self.poll.manifest.lines}
        voter.stacks.append(voter.ballot.cast(marks, version))
        slips = [slip.to_json() for slip in voter.stacks[-1]]
        return canonical({"manifest": self.poll.manifest.fingerprint, "slips": slips})

    def _believe(self, voter: Voter, name: str, answer: bytes) -> None:
        if name == "issue":
            self.poll.accept(voter.ballot, answer)
            voter.has_tokens = True
            return
        said = json.loads(answer)["acknowledgements"]
        for slip, text in zip(voter.stacks[-1], said, strict=True):
            assert is_acknowledgement(self.poll.manifest, slip, unb64(text))
        voter.acknowledged = len(voter.stacks)

    def send(self, name: str, body: bytes, *, gives_up: bool = False) -> bytes | None:
        """The answer, or None for who gives up at the first failure. What is sent again must never be refused."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                with closing(self.house.connect()) as connection:
                    status, answer = ask(connection, "POST", self.poll.path(name), body)
            except (OSError, HTTPException):
                status, answer = 0, b""
            if status == 200:
                return answer
            assert status in (0, 500, 503), answer
            self.failures += 1
            if gives_up:
                return None
            time.sleep(0.05)
        raise AssertionError(f"nobody answers any more:\n{self.house.log()[-4000:]}")

    def crowd(self, chosen: list[list[Voter]], luck: random.Random) -> list[threading.Thread]:
        """One thread for each list of voters, who take their steps in turn; half of them give up when cut off."""
        return [
            threading.Thread(target=self._walk, args=(voters, [luck.random() < 0.5 for _voter in voters]))
            for voters in chosen
        ]

    def _walk(self, voters: list[Voter], gives_up: list[bool]) -> None:
        try:
            for voter, quits in zip(voters, gives_up, strict=True):
                self.step(voter, gives_up=quits)
        except BaseException as error:
            self.trouble = error

    trouble: BaseException | None = None

    def look(self) -> None:
        """Box and roll hold all that was acknowledged or issued, and no more than was asked for; nothing is half done."""
        if self.trouble is not None:
            raise self.trouble
        held = self.slips()
        expected: dict[bytes, bytes] = {}
        for voter in self.voters:
            versions = {json.loads(held[serial])["version"] if serial in held else 0 for serial in voter.serials}
            assert len(versions) == 1, "half a stack is in the box"
            [version] = versions
            assert version in {voter.acknowledged, len(voter.stacks)}, "an acknowledged stack is gone"
            for slip in voter.stacks[version - 1] if version else ():
                expected[slip.serial] = canonical(slip.to_json())
        assert held == expected
        marked = {bytes(digest) for (digest,) in self.rows("desk", ROLL)}
        assert {voter.digest for voter in self.voters if voter.has_tokens} <= marked
        assert marked <= {voter.digest for voter in self.voters if voter.was_asked_for}

    def slips(self) -> dict[bytes, bytes]:
        """What the box holds, by serial, opened with its key file."""
        sealer = Sealer((self.house.home / "polls" / self.poll.key / "key").read_bytes())
        found = [sealer.open(key, document) for key, document in self.rows("box", BOX)]
        return {unb64(json.loads(document)["serial"]): document for document in found}

    def address(self, database: str) -> Address:
        """Where `house`, or the poll's `desk` or `box`, answers."""
        if database == "house":
            return own_cluster(self.house.home).dsn()
        folder = self.house.home / "polls" / self.poll.key
        return Cluster(folder, name="zhengyou", copies=self.house.home / "programs").dsn(database)

    def rows(self, database: str, query: str) -> list[tuple[Any, ...]]:
        """What a query finds in one of the house's databases, read from beside the server."""
        address = self.address(database)
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                with psycopg.connect(**address, connect_timeout=5) as connection:
                    return connection.execute(query).fetchall()
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                self.house.revive()
                time.sleep(0.05)

    def check_record(self) -> None:
        """Every voter's last acknowledged stack stands on the board exactly once, and nothing else does."""
        digest = self.poll.manifest.digest
        with (self.record / BOARD).open("rb") as board:
            names = [read_board_line(line).name(digest) for line in board]
        assert all(voter.acknowledged == len(voter.stacks) and voter.pending is None for voter in self.voters)
        assert names == sorted(slip.name(digest) for voter in self.voters for slip in voter.stacks[-1])
        counted = json.loads((self.record / "counts.json").read_bytes())["pools"][0]
        assert (counted["issued"], counted["verdict"]) == ({"office": len(self.voters)}, "valid")

    @property
    def record(self) -> Path:
        """Where the record of the poll will lie."""
        return self.house.home / "records" / self.poll.key / "record"


BOX = "SELECT key, document FROM slip"
ROLL = "SELECT request FROM mark WHERE is_issued"
