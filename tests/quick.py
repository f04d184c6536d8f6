"""What takes a fifth of the processor's time from every test, and changes none of them; a pytest plugin (`-p tests.quick`).

Nobody searches for rubbish while test files are read, nor later among what was read; and tests find room for deep calls, as
requests do.
"""

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from _pytest import runner

from zhengyou.base.stack import with_room

SEARCHES_EVERY = 10_000  # new objects, as in a web worker


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Reading seven thousand tests leaves nothing behind that would be worth a search."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(SEARCHES_EVERY)
        gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> Any:
    """A test with its fixtures, as pytest runs it."""
    return with_room(runner.pytest_runtest_protocol, item, nextitem)
