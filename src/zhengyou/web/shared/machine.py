"""What the house notices of the machine that it runs on: whether its clock jumped while it ran, and whether its disk is nearly full."""

import shutil
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from zhengyou.base.refusals import Refused

LARGEST_JUMP = 60.0  # seconds that a clock may be set by while the house runs
LEAST_FREE = 500_000_000  # bytes

# Runs on while the machine sleeps, and is never set.
_ticks = partial(time.clock_gettime, time.CLOCK_BOOTTIME) if sys.platform == "linux" else time.monotonic
_began = (time.time(), _ticks())


class ClockRefused(Refused):
    """What cannot be taken back is not done by a clock that jumped."""


def clock_jump() -> float:
    """By how many seconds the clock was set since this process began; forward if positive."""
    return (time.time() - _began[0]) - (_ticks() - _began[1])


def has_jumped() -> bool:
    """Whether the clock was set by more than it may be."""
    return abs(clock_jump()) > LARGEST_JUMP


def free_bytes(home: Path) -> int:
    """What may still be written into this folder."""
    return shutil.disk_usage(home).free


def troubles(home: Path) -> list[str]:
    """Sentences for the log, in English; none if all is well. The same trouble has the same sentence for as long as it lasts."""
    found = []
    if free_bytes(home) < LEAST_FREE:
        found.append(
            f"The disk below {home} has less than {LEAST_FREE // 10**6} MB left: make room. Ballots and words are refused when it is full."
        )
    if has_jumped():
        found.append(
            "The clock of this machine was set by more than a minute while Zhengyou ran. Polls open and close by it: set it right, then "
            "start Zhengyou again. Until then no poll is closed."
        )
    return found


def by_a_steady_clock(deed: Callable[..., object]) -> Callable[..., object]:
    """The deed, refused if the clock jumped: for what closes something for good at a time."""

    def steady(**given: Any) -> object:
        if has_jumped():
            raise ClockRefused(
                _(
                    "The clock of the server was set while it ran, so that it may be wrong. Nothing is closed by it: have it set right and "
                    "the server started again."
                ),
                reason="clock.jumped",
            )
        return deed(**given)

    return steady
