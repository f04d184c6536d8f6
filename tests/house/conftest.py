"""Evenings of voting, for the tests that look for what one leaves behind; luck, for those that kill."""

import os
import random
from collections.abc import Iterator

import pytest
from tests.living.evenings import Evening, open_evening, overheard, vote_all_evening


@pytest.fixture
def luck() -> random.Random:
    """Who is killed, and when; ZHENGYOU_SEED, which is printed, brings a run back."""
    seed = int(os.environ.get("ZHENGYOU_SEED", random.SystemRandom().randrange(10**6)))
    print(f"ZHENGYOU_SEED={seed}")
    return random.Random(seed)


@pytest.fixture
def opened() -> Evening:
    """A poll that is open now, for seven people. After the fixture `servers` it has a server of its own."""
    return open_evening()


@pytest.fixture
def loggers() -> Iterator[list[str]]:
    """Everything that the loggers write, as they are set."""
    with overheard() as written:
        yield written


@pytest.fixture
def evening(opened: Evening, loggers: list[str]) -> Evening:
    """Everybody has voted; one tried twice and one came with a wrong code, which is written into the log."""
    return vote_all_evening(opened, loggers)
