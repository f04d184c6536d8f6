"""A siege of one kind of request leaves the others their way; who comes while too many wait is told to come again."""

import asyncio
import io
import threading
import tracemalloc
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest

from zhengyou.web.serving.lanes import (
    BALLOTS,
    CODES,
    FILES,
    GUESSES,
    HEALTH,
    LONGEST_REST,
    PAGES,
    PASSWORDS,
    SEARCHES,
    Busy,
    Lanes,
    lane_of,
)  # fmt: skip
from zhengyou.web.serving.whole_requests import MEGABYTE, WholeRequests, environ_of

POLL = "/booth/0b5c9c3e-6a31-4b5e-9a43-5d0a4a0f1c22"


@pytest.mark.parametrize(
    ("method", "address", "lane"),
    [
        ("POST", f"{POLL}/cast", BALLOTS),
        ("POST", f"{POLL}/issue", BALLOTS),
        ("POST", "/issue/0b5c9c3e/pool-1/", BALLOTS),
        ("GET", f"{POLL}/cast", PAGES),
        ("POST", f"{POLL}/keys", CODES),
        ("GET", f"{POLL}/", PAGES),
        ("GET", f"{POLL}/?q=x", PAGES),
        ("POST", "/sign-in/", PASSWORDS),
        ("GET", "/sign-in/", PAGES),
        ("POST", "/password/", PASSWORDS),
        ("GET", "/organisations/?q=大村", SEARCHES),
        ("GET", "/organisations/?q=", PAGES),
        ("GET", "/office/tree/?q=a", SEARCHES),
        ("GET", "/records/0b5c9c3e/record.zip", FILES),
        ("GET", "/records/0b5c9c3e/files/board.jsonl", FILES),
        ("GET", "/health/ready", HEALTH),
        ("POST", "/cases/own/", GUESSES),
        ("GET", "/cases/own/", PAGES),
        ("GET", "/", PAGES),
    ],
)
def test_a_request_has_its_lane(method, address, lane):
    path, _, query = address.partition("?")
    assert lane_of(method, path, query) is lane


@pytest.mark.parametrize("besieged", [PASSWORDS, SEARCHES, FILES, CODES, GUESSES, PAGES])
def test_a_lane_that_stands_still_leaves_the_others_their_way(besieged):
    async def story() -> None:
        lanes, opened = Lanes(), threading.Event()
        waiting = [
            asyncio.create_task(lanes.answer(besieged, opened.wait)) for _stranger in range(besieged.threads + 5)
        ]
        await asyncio.sleep(0)
        for lane in {BALLOTS, HEALTH, PAGES, PASSWORDS} - {besieged}:
            assert await asyncio.wait_for(lanes.answer(lane, lambda: "answered"), 10) == "answered"
        assert not any(task.done() for task in waiting)
        opened.set()
        assert all(await asyncio.gather(*waiting))

    asyncio.run(story())


def test_who_comes_while_too_many_wait_is_refused_and_who_waits_is_answered():
    async def story() -> None:
        lanes, opened = Lanes(), threading.Event()
        places = PASSWORDS.threads + PASSWORDS.waiting
        waiting = [asyncio.create_task(lanes.answer(PASSWORDS, opened.wait)) for _stranger in range(places)]
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await lanes.answer(PASSWORDS, opened.wait)
        opened.set()
        assert all(await asyncio.gather(*waiting))
        assert await lanes.answer(PASSWORDS, lambda: "again") == "again"

    asyncio.run(story())


@pytest.mark.parametrize("somebody_else_comes", [True, False])
def test_searches_rest_only_while_somebody_else_wants_something(somebody_else_comes):
    async def story() -> float:
        lanes, loop = Lanes(), asyncio.get_running_loop()
        if somebody_else_comes:
            await lanes.answer(BALLOTS, bool)
        start = loop.time()
        await lanes.answer(SEARCHES, lambda: threading.Event().wait(LONGEST_REST / 5))
        first = loop.time() - start
        await lanes.answer(SEARCHES, bool)
        return (loop.time() - start) / first

    assert (asyncio.run(story()) >= 1 + SEARCHES.rests) is somebody_else_comes


def test_attack_whoever_guesses_codes_of_cases_gets_five_answers_a_second_and_locks_nobody_out():
    async def story() -> float:
        lanes, loop = Lanes(), asyncio.get_running_loop()
        start = loop.time()
        await asyncio.gather(*(lanes.answer(GUESSES, bool) for _guess in range(6)))
        took = loop.time() - start
        assert await asyncio.wait_for(lanes.answer(PAGES, lambda: "a page"), 10) == "a page"
        assert await asyncio.wait_for(lanes.answer(GUESSES, lambda: "the right one"), 10) == "the right one"
        return took

    assert asyncio.run(story()) >= 5 * GUESSES.rest


class Told:
    """A protocol that sends these pieces and keeps the answer."""

    def __init__(self, pieces: int = 0) -> None:
        self.pieces, self.taken = pieces, 0

    def response_bytes(self, *answer: Any) -> None:
        self.status, self.headers, self.body = answer

    async def __aiter__(self):
        for _piece in range(self.pieces):
            self.taken += 1
            yield b"x" * MEGABYTE


@pytest.mark.parametrize(
    ("announced", "sent", "taken"),
    [("52428800", 50, 50), ("", 50, 50), ("1024", 50, 50), ("", 10_000, 257), (str(300 * MEGABYTE), 300, 0)],
)
def test_what_is_too_large_is_answered_in_words_once_it_was_sent_and_never_kept(announced, sent, taken):
    told = Told(sent)
    house = WholeRequests(lambda _environ, _start: pytest.fail("it came through"), b"", b"<p>large</p>")
    tracemalloc.start()
    asyncio.run(house.__rsgi__(SimpleNamespace(headers={"content-length": announced}), told))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (told.status, told.body, told.taken) == (413, b"<p>large</p>", taken)
    assert most < 10 * MEGABYTE


def test_the_refused_are_told_in_both_languages_to_come_again():
    async def story() -> Told:
        opened, told = threading.Event(), Told()
        house = WholeRequests(lambda _environ, _start: [], b"<p>busy</p>", b"")
        blocked = [
            asyncio.create_task(house.lanes.answer(SEARCHES, opened.wait))
            for _stranger in range(SEARCHES.threads + SEARCHES.waiting)
        ]
        await asyncio.sleep(0)
        scope = SimpleNamespace(
            headers={},
            method="GET",
            path="/",
            query_string="q=a",
            server="localhost:80",
            http_version="1.1",
            scheme="http",
        )
        await house.__rsgi__(scope, told)
        opened.set()
        await asyncio.gather(*blocked)
        return told

    told = asyncio.run(story())
    assert (told.status, told.body, dict(told.headers)["retry-after"]) == (503, b"<p>busy</p>", "10")


@pytest.mark.parametrize("typed", ["红石", "%E7%BA%A2%E7%9F%B3"])
def test_an_address_whose_characters_nobody_escaped_is_read(typed):
    """Links in chats and old programs send the characters as they are."""
    scope = SimpleNamespace(
        server="localhost:80",
        method="GET",
        path="/",
        query_string=f"q={typed}",
        http_version="1.1",
        scheme="http",
        headers={},
    )
    assert WSGIRequest(environ_of(scope, io.BytesIO(), 0)).GET["q"] == "红石"
