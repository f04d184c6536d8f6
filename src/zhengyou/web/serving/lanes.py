"""Which requests wait for one another: each lane has threads of its own, so that a siege of one kind leaves the others their way.

Passwords cost a tenth of a second of a processor each, and anybody may send them; a search costs more than a page; a ballot must come
through whatever else is asked. Who comes while too many wait in a lane is told to come again (docs/decisions/0040-lanes.md).
"""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import parse_qs

from zhengyou.base.stack import with_room

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Lane:
    """A kind of request: how many are answered at once in each worker, and how many more may wait for that."""

    name: str
    threads: int
    waiting: int
    rests: float = 0.0  # times as long as an answer took, before the next one, while other lanes are used
    rest: float = 0.0  # seconds before the next one, whatever else is asked: who guesses codes here does not get far


BALLOTS = Lane("ballots", 2, 400)
CODES = Lane("codes", 1, 100)
PASSWORDS = Lane("passwords", 1, 12)
SEARCHES = Lane("searches", 1, 24, rests=3.0)
FILES = Lane("files", 1, 100, rests=3.0)
GUESSES = Lane("guesses", 1, 50, rest=0.2)
HEALTH = Lane("health", 1, 10)
PAGES = Lane("pages", 2, 400)
LANES = (BALLOTS, CODES, PASSWORDS, SEARCHES, FILES, GUESSES, HEALTH, PAGES)

LONGEST_REST = 1.0  # seconds

BALLOT_ENDINGS = ("/issue", "/cast")
CODE_ENDINGS = ("/keys", "/paper")
FILE_ENDINGS = (".zip", ".xlsx", ".csv", ".jsonl")


class Busy(Exception):
    """More wait in this lane than may."""


def lane_of(method: str, path: str, query: str) -> Lane:
    """The lane of a request."""
    if path.startswith(("/booth/", "/issue/")):
        return _lane_at_the_booth(method, path)
    if path.startswith("/health/"):
        return HEALTH
    if method == "POST" and path in ("/sign-in/", "/password/"):
        return PASSWORDS
    if method == "POST" and path == "/cases/own/":
        return GUESSES
    if path.endswith(FILE_ENDINGS):
        return FILES
    return SEARCHES if parse_qs(query).get("q") else PAGES


def _lane_at_the_booth(method: str, path: str) -> Lane:
    """Pages of the booth are pages; what is sent from them is not. A second issuer has addresses below /issue/."""
    if method == "POST" and (path.startswith("/issue/") or path.endswith(BALLOT_ENDINGS)):
        return BALLOTS
    return CODES if path.endswith(CODE_ENDINGS) else PAGES


class Lanes:
    """The threads of one worker. Made in its event loop, used there only."""

    def __init__(self) -> None:
        self._threads = {lane: ThreadPoolExecutor(lane.threads, thread_name_prefix=lane.name) for lane in LANES}
        self._inside = dict.fromkeys(LANES, 0)
        self._turns = {lane: asyncio.Semaphore(lane.threads) for lane in LANES if lane.rests or lane.rest}
        self._others_came = -LONGEST_REST  # when somebody came on a lane that never rests

    async def answer(self, lane: Lane, make: Callable[[], Answer]) -> Answer:
        """What `make` returns, made in a thread of the lane. Raises Busy if too many wait for one."""
        if self._inside[lane] >= lane.threads + lane.waiting:
            raise Busy
        self._inside[lane] += 1
        try:
            if lane.rests or lane.rest:
                return await self._after_a_rest(lane, make)
            self._others_came = time.monotonic()
            return await self._made(lane, make)
        finally:
            self._inside[lane] -= 1

    async def _after_a_rest(self, lane: Lane, make: Callable[[], Answer]) -> Answer:
        turn = self._turns[lane]
        await turn.acquire()
        start = time.monotonic()
        try:
            return await self._made(lane, make)
        finally:
            end = time.monotonic()
            is_alone = end - self._others_came > LONGEST_REST
            rest = 0.0 if is_alone else min((end - start) * lane.rests, LONGEST_REST)
            asyncio.get_running_loop().call_later(max(rest, lane.rest), turn.release)

    async def _made(self, lane: Lane, make: Callable[[], Answer]) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._threads[lane], with_room, make)

    async def end(self, lane: Lane, close: Callable[[], object]) -> None:
        """Close in a thread of the lane what an answer has left open; never refused."""
        await asyncio.get_running_loop().run_in_executor(self._threads[lane], close)
