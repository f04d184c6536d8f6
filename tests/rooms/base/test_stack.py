"""Calls have room for their frames. A chunk of frames that is mapped anew is a page that the system must find: that can be counted."""

import resource
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from zhengyou.base.stack import with_room

CALLS = 300
DEPTHS = range(400)  # somewhere among them a chunk of 16 KB ends


def _called(_given: int) -> int:
    return 1


_called.__code__ = _called.__code__.replace(co_stacksize=40)  # larger than the step between two depths: none is missed


def pages_found(depth: int) -> int:
    """How many pages of memory the system had to find for calls from this many frames above."""
    if depth:
        return pages_found(depth - 1)
    before = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
    for number in range(CALLS):
        _called(number)
    return resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - before


def most_pages_found() -> int:
    return max(pages_found(depth) for depth in DEPTHS)


def in_a_thread(make):
    """In a thread of its own, whose frames begin anew."""
    with ThreadPoolExecutor(1) as one:
        return one.submit(make).result()


def test_no_depth_of_calls_costs_memory_each_time() -> None:
    assert in_a_thread(most_pages_found) >= CALLS, "if the interpreter has mended this, base/stack can go"
    assert in_a_thread(partial(with_room, most_pages_found)) < CALLS / 2


def test_what_is_called_gets_what_was_given_and_its_errors_come_through() -> None:
    assert with_room(lambda a, *, b: (a, b), 1, b=2) == (1, 2)
    with pytest.raises(ValueError, match="told"):
        with_room(_raises, "told")


def _raises(text: str) -> None:
    raise ValueError(text)
