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

import gmpy2
from tests.living.homes import ROOT
from tests.living.house import LivingHouse, LivingPoll, ask

from blindballot.box.issuing import IssuerKey
from blindballot.voter.voting import Ballot

PROMISED = 500
REPEATS = 3
STACKS = 80
LINES = 10
CONNECTIONS = 4


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


def measured() -> tuple[float, float, Cast]:
    """Tokens a second over HTTP and bare, and the casting; each side's best run."""
    with LivingHouse(is_new=True) as house:
        poll = LivingPoll(house.tell("open_poll", str(STACKS * REPEATS), str(LINES)))
        sheets = list(issue_sheets(house, poll))
        issued = LINES / min(seconds for seconds, _ballot in sheets)
        bare = max(bare_tokens_per_second() for _repeat in range(REPEATS))
        bodies = [poll.cast_body(ballot, "good") for _seconds, ballot in sheets]
        runs = [cast(house, poll, bodies[run * STACKS : (run + 1) * STACKS], f"stacks-{run}") for run in range(REPEATS)]
    seconds, latencies = min(runs)
    return issued, bare, Cast(STACKS * LINES / seconds, latencies[int(len(latencies) * 0.95)])


def row(name: str, ours: float, reference: float, unit: str) -> dict[str, Any]:
    """One line of build/bench.json."""
    ratio = round(ours / reference, 3)
    return {"name": name, "ours": round(ours), "reference": round(reference), "ratio": ratio, "unit": unit}


def measure() -> list[dict[str, Any]]:
    """`cast_per_second` and `issue_over_http`; prints the latency of casting beside them."""
    issued, bare, casting = measured()
    print(f"cast: 95 of 100 stacks of {LINES} acknowledged within {casting.p95 * 1000:.0f} ms", flush=True)
    return [
        row("cast_per_second", casting.slips_per_second, PROMISED, "slips/s"),
        row("issue_over_http", issued, bare, "tokens/s"),
    ]


if __name__ == "__main__":
    for one in measure():
        print(json.dumps(one))
