"""How fast ballots are issued and cast over HTTP on a house as `zhengyou serve` runs it: durable clusters, two web workers.

Casting: a load generator of its own casts stacks of ten slips over kept connections; the reference is the 500 durable slips a
second we promise on two cores, load included. Issuing: sheets of ten over one connection, against bare gmpy2 signing as many
blinded serials with the Chinese remainder theorem on one core. Run: `PYTHONPATH=src python -m tests.bench.cast_bench`.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import gmpy2
from tests.living.homes import ROOT
from tests.living.house import LivingHouse, LivingPoll, ask

from blindballot.box.issuing import IssuerKey
from blindballot.voter.voting import Ballot
from ownpostgres.throwaway import Throwaways
from zhengyou.boxes.models import DESK, TABLES

PROMISED = 500
REPEATS = 3
STACKS = 80
LINES = 10
CONNECTIONS = 4
OTHERS = 23  # with the one that is voted in as many as may be open at once


@dataclass(frozen=True)
class Crowd:
    """Servers of other polls beside the one that is voted in: seconds to make one and to start all again, and MiB of memory for each."""

    made: float
    started_again: float
    memory: float


@dataclass(frozen=True)
class Cast:
    """The best of the runs: slips a second, and the time below which 95 of 100 stacks were acknowledged."""

    slips_per_second: float
    p95: float


def issue_sheets(house: LivingHouse, poll: LivingPoll) -> Iterator[tuple[float, Ballot]]:
    """Everybody's ballot with its tokens, and the seconds each sheet took."""
    connection = house.connect()
    for code in poll.codes:
        ballot = poll.ballot()
        body = poll.issue_body(ballot, code)
        start = time.perf_counter()
        status, answer = ask(connection, "POST", poll.path("issue"), body)
        seconds = time.perf_counter() - start
        if status != 200:
            raise RuntimeError(answer.decode())
        poll.accept(ballot, answer)
        yield seconds, ballot


def bare_tokens_per_second() -> float:
    """What gmpy2 alone signs: two powers in constant time and their join."""
    key = IssuerKey.generate().private
    number = gmpy2.mpz(7) ** 700 % key.public.n
    start = time.perf_counter()
    for _token in range(200):
        s_p = gmpy2.powmod_sec(number % key.p, key.d_p, key.p)
        s_q = gmpy2.powmod_sec(number % key.q, key.d_q, key.q)
        _signed = s_q + key.q * ((s_p - s_q) * key.q_inv % key.p)
    return 200 / (time.perf_counter() - start)


def cast(house: LivingHouse, poll: LivingPoll, bodies: list[bytes], name: str) -> tuple[float, list[float]]:
    """Seconds of casting these stacks, and of each."""
    file: Path = house.home / f"{name}.jsonl"
    file.write_bytes(b"\n".join(bodies))
    command = (sys.executable, "-m", "tests.bench.cast_load", str(house.port), poll.path("cast"), str(file))
    told = subprocess.run(
        (*command, str(CONNECTIONS)), cwd=ROOT, env=house.environment, stdout=subprocess.PIPE, check=True
    )
    answer = json.loads(told.stdout)
    return answer["seconds"], answer["latencies"]


def crowded(house: LivingHouse) -> Crowd:
    """Servers as of other polls, as many as may be open beside one, in the home of a house that does not run yet.

    Their watermark is another house's, so that this one leaves them alone; its keeper starts them like those of its own polls.
    """
    servers = Throwaways(house.home / "polls", name="zhengyou", copies=house.home / "programs", tables=TABLES)
    servers.prepare()
    start = time.perf_counter()
    for _poll in range(OTHERS):
        name = str(uuid4())
        servers.make(name)
        with servers.lent(name, DESK) as desk:
            desk.execute("INSERT INTO watermark (system, timeline, position) VALUES ('elsewhere', 1, '0/1')")
    made = (time.perf_counter() - start) / OTHERS
    memory = sum(map(proportional_memory, processes_in(house.home / "polls"))) / OTHERS
    servers.stop()
    start = time.perf_counter()
    servers.keep()
    started_again = time.perf_counter() - start
    servers.stop()
    return Crowd(made, started_again, memory / 2**20)


def processes_in(folder: Path) -> list[int]:
    """The processes that keep or are servers below this folder: keepers and postmasters by their command, with all their children."""
    listed = subprocess.run(
        ("ps", "-axww", "-o", "pid=,ppid=,args="), capture_output=True, text=True, check=True
    ).stdout
    rows = [
        (int(pid), int(parent), args) for pid, parent, args in (line.split(None, 2) for line in listed.splitlines())
    ]
    named = {pid for pid, _parent, args in rows if str(folder) in args}
    return sorted(named | {pid for pid, parent, _args in rows if parent in named})


def proportional_memory(process: int) -> int:
    """Bytes of a process, what it shares divided by those who share it; Linux only, elsewhere 0."""
    try:
        told = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in told.splitlines() if line.startswith("Pss:"))


def measured() -> tuple[float, float, Cast, Crowd]:
    """Tokens a second over HTTP and bare, the casting, and what the other polls' servers take; each side's best run."""
    with LivingHouse(is_new=True, is_served=False) as house:
        crowd = crowded(house)
        house.start()
        poll = LivingPoll(house.tell("open_poll", str(STACKS * REPEATS), str(LINES)))
        sheets = list(issue_sheets(house, poll))
        issued = LINES / min(seconds for seconds, _ballot in sheets)
        bare = max(bare_tokens_per_second() for _repeat in range(REPEATS))
        bodies = [poll.cast_body(ballot, "good") for _seconds, ballot in sheets]
        runs = [cast(house, poll, bodies[run * STACKS : (run + 1) * STACKS], f"stacks-{run}") for run in range(REPEATS)]
    seconds, latencies = min(runs)
    return issued, bare, Cast(STACKS * LINES / seconds, latencies[int(len(latencies) * 0.95)]), crowd


def row(name: str, ours: float, reference: float, unit: str) -> dict[str, Any]:
    """One line of build/bench.json."""
    ratio = round(ours / reference, 3)
    return {"name": name, "ours": round(ours), "reference": round(reference), "ratio": ratio, "unit": unit}


def measure() -> list[dict[str, Any]]:
    """`cast_per_second` and `issue_over_http`; prints the latency of casting beside them."""
    issued, bare, casting, crowd = measured()
    print(
        f"{OTHERS} other polls: {crowd.made:.2f} s to make a server, {crowd.started_again:.1f} s to start all again, "
        f"{crowd.memory:.0f} MiB each",
        flush=True,
    )
    print(f"cast: 95 of 100 stacks of {LINES} acknowledged within {casting.p95 * 1000:.0f} ms", flush=True)
    return [
        row("cast_per_second", casting.slips_per_second, PROMISED, "slips/s"),
        row("issue_over_http", issued, bare, "tokens/s"),
    ]


if __name__ == "__main__":
    for one in measure():
        print(json.dumps(one))
