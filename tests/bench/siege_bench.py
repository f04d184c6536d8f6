"""`cast_under_siege` and `page_under_siege`: what casting and pages keep while strangers besiege the house.

A house as `zhengyou serve` runs it, with 800 organisations and 16,000 members, one closed poll and one open; two web workers.
The siege is a process of its own, on loopback, and stops by itself: twelve connections that send passwords, six that download the
record, four that search, sixty that send a body slowly, two hundred that do nothing. Casting is to keep half of its rate, and pages
three times their p95.
Run: `PYTHONPATH=src:. python -m tests.bench.siege_bench`.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.bench.cast_bench import cast, issue_sheets
from tests.living.homes import ROOT
from tests.living.house import LivingHouse, LivingPoll, ask

TOWNS, VILLAGES, MEMBERS = 16, 49, 20
VOTERS, LINES, STACKS = 240, 10, 100
PAGES = 120
KEPT_OF_CASTING, TIMES_OF_PAGES = 0.5, 3.0
CAST_BEFORE = 20  # ballots in the closed poll, whose record is downloaded
WARM_UP = 3.0  # seconds until the siege stands


@dataclass(frozen=True)
class Side:
    """What was measured in peace or under siege: stacks a second, and what 95 of 100 pages took, in seconds."""

    stacks: float
    page: float


def pages(house: LivingHouse) -> float:
    """What 95 of 100 public pages take over one kept connection."""
    connection, took = house.connect(), []
    addresses = ("/", "/organisations/001001001/", "/booth/", "/organisations/8001/", "/notices/", "/trust/")
    for number in range(PAGES):
        start = time.perf_counter()
        status, _page = ask(connection, "GET", addresses[number % len(addresses)])
        took.append(time.perf_counter() - start)
        if status != 200:
            raise RuntimeError(f"{addresses[number % len(addresses)]}: {status}")
    return sorted(took)[int(PAGES * 0.95)]


@contextmanager
def siege(house: LivingHouse, record: str, kinds: str) -> Iterator[None]:
    """Strangers at the door while the context lasts; they leave after two minutes in any case."""
    command = (sys.executable, "-m", "tests.bench.siege_load", str(house.port), record, kinds)
    besiegers = subprocess.Popen(
        command, cwd=ROOT, env=house.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        time.sleep(WARM_UP)
        yield
    finally:
        told, _errors = besiegers.communicate(b"\n")
        print(f"the siege was answered: {told.decode().strip()}", flush=True)


def two_polls(house: LivingHouse) -> tuple[str, LivingPoll, list[bytes]]:
    """The address of a closed poll's record, an open poll, and stacks for it that wait to be cast."""
    closing, open_now = map(LivingPoll, house.tell("open_polls", "2", str(VOTERS), str(LINES)))
    house.tell("add_towns", str(TOWNS), str(VILLAGES), str(MEMBERS))
    closing.codes = closing.codes[:CAST_BEFORE]
    connection = house.connect()
    for _seconds, ballot in issue_sheets(house, closing):
        ask(connection, "POST", closing.path("cast"), closing.cast_body(ballot, "good"))
    house.tell("close_poll", closing.key)
    bodies = [open_now.cast_body(ballot, "good") for _seconds, ballot in issue_sheets(house, open_now)]
    return f"/records/{closing.key}/files/board.jsonl", open_now, bodies


def measured(kinds: str) -> tuple[Side, Side]:
    """Peace and siege, one after the other in the same house."""
    with LivingHouse(is_new=True) as house:
        record, poll, bodies = two_polls(house)

        def side(run: int) -> Side:
            seconds, _latencies = cast(house, poll, bodies[run * STACKS : (run + 1) * STACKS], f"stacks-{run}")
            return Side(STACKS / seconds, pages(house))

        pages(house)
        peace = side(0)
        with siege(house, record, kinds):
            besieged = side(1)
    return peace, besieged


def measure(kinds: str = "") -> list[dict[str, Any]]:
    """Both rows: what is kept of the rate, and how many times the p95 of pages has grown."""
    peace, besieged = measured(kinds)
    os.write(1, f"stacks/s {peace.stacks:.1f} -> {besieged.stacks:.1f}; page p95 {peace.page * 1000:.0f} -> ".encode())
    os.write(1, f"{besieged.page * 1000:.0f} ms\n".encode())
    return [
        {
            "name": "cast_under_siege",
            "ours": round(besieged.stacks * LINES),
            "reference": round(peace.stacks * LINES),
            "ratio": round(besieged.stacks / peace.stacks, 3),
            "unit": f"slips/s (at least {KEPT_OF_CASTING})",
        },
        {
            "name": "page_under_siege",
            "ours": round(besieged.page * 1000, 1),
            "reference": round(peace.page * 1000, 1),
            "ratio": round(besieged.page / peace.page, 3),
            "unit": f"ms, p95 (at most {TIMES_OF_PAGES:.0f})",
        },
    ]


if __name__ == "__main__":
    for one in measure(sys.argv[1] if len(sys.argv) > 1 else ""):
        print(json.dumps(one))
