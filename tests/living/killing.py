"""Killing what a house in processes of its own consists of. Only what descends from a process the tests started is ever killed."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

PATIENCE = 240.0


class House(Protocol):
    """A house to be killed: its server, what its workers' commands hold, and how it comes back."""

    home: Path
    command_of_workers: str
    server: "subprocess.Popen[bytes] | None"

    def revive(self) -> None: ...

    def log(self) -> str: ...

    def polls(self) -> list[str]: ...


def children(of: int) -> list[tuple[int, str]]:
    """Process number and command of everything a process has started, the oldest first."""
    listed = subprocess.run(
        ("ps", "-axww", "-o", "pid=,ppid=,args="), capture_output=True, text=True, check=True
    ).stdout
    split = [line.split(None, 2) for line in listed.splitlines()]
    return sorted((int(pid), "".join(args)) for pid, parent, *args in split if int(parent) == of)


def pids_when_there(house: House, victim: str, find: Callable[[], list[int]]) -> list[int]:
    """What `find` finds, as soon as it finds any: what was killed before may just be starting again."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        house.revive()
        if pids := find():
            return pids
        time.sleep(0.02)
    alive = children(house.server.pid) if house.server else []
    raise AssertionError(f"there is no {victim} to be killed any more, only {alive}:\n{house.log()[-4000:]}")


def workers(house: House) -> list[int]:
    """The web workers."""
    assert house.server is not None
    return [pid for pid, args in children(house.server.pid) if house.command_of_workers in args]


def postmasters(house: House, folder: str) -> list[int]:
    """The first process of one of the two database servers."""
    assert house.server is not None
    lock = f"{house.home / folder}/server.lock"
    keepers = [pid for pid, args in children(house.server.pid) if lock in args]
    return [pid for keeper in keepers for pid, args in children(keeper) if "bin/postgres" in args]


def backends(house: House, folder: str) -> list[int]:
    """Everything that the first process of a database server has started."""
    return [pid for first in postmasters(house, folder) for pid, _args in children(first)]


def kill(house: House, victim: str, luck: random.Random) -> None:
    """Kill it, wherever it is just now. What ended by itself meanwhile was as good as killed."""
    if victim == "server":
        assert house.server is not None
        house.server.kill()
        house.server.wait()
        return
    folder = f"polls/{house.polls()[0]}" if victim.startswith("box") else "database"
    chosen = {
        "worker": lambda: workers(house)[:1],  # the older one, so that both have their turn
        "workers": lambda: workers(house),
        "postmaster": lambda: postmasters(house, folder),
        "backend": lambda: luck.sample(found := backends(house, folder), min(1, len(found))),
    }[victim.rsplit(maxsplit=1)[-1]]
    for pid in pids_when_there(house, victim, chosen):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
