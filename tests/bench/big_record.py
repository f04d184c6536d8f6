"""One large record on one core: how long its export and verification take, how much memory, how many bytes.

Not part of `make bench`. Run: `PYTHONPATH=src python -m tests.bench.big_record SECONDS [BALLOTS]`: signs ballots of ten slips for so
many seconds (tokens by the private keys directly; an unblinded token is the same bytes), then exports and verifies them.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.verify_bench import fill
from tests.blindballot.polls import Poll, document, make_poll
from tests.blindballot.records import CLOSED_AT

from blindballot.closing.exporting import ClosingKeys, export_record
from blindballot.format.encoding import canonical, parse_canonical
from blindballot.format.slips import Slip
from blindballot.verifying.verifier import verify

LINES = tuple(f"u{number}" for number in range(10))
MOST = 1_000_000
STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def sign(made: Poll, box: Path, seconds: float, most: int) -> int:
    """Ballots, written one slip a line until the time is over; how many."""
    end = time.monotonic() + seconds
    ballots = 0
    with box.open("wb") as file:
        while ballots < most and time.monotonic() < end:
            for slip in fill(made, ballots):
                file.write(canonical(slip.to_json()) + b"\n")
            ballots += 1
    return ballots


def read(box: Path) -> Iterator[Slip]:
    """The slips of the file, one after the other."""
    with box.open("rb") as file:
        for line in file:
            yield Slip.from_json(parse_canonical(line.rstrip(b"\n")))


def report(what: str, start: tuple[float, float], slips: int) -> None:
    """A line: the phase, its seconds on the clock and of the processor, slips a second, the peak of its memory."""
    clock, own = time.monotonic() - start[0], time.process_time() - start[1]
    peak = int(next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM")).split()[1]) / 1024
    print(
        f"{what}: {clock:.0f} s ({own:.0f} s of processor, {slips / own:.0f} slips/s), peak {peak:.0f} MiB", flush=True
    )


def now() -> tuple[float, float]:
    """The start of a phase; the peak of memory counts from here (Linux)."""
    CLEAR.write_text("5")
    return time.monotonic(), time.process_time()


def main(seconds: float, most: int) -> None:
    """Sign, export, verify, and say how it went."""
    plan = document({"members": most}, LINES, ("work",))
    plan["thresholds"]["turnout"] = [0, 1]
    made = make_poll(plan)
    with tempfile.TemporaryDirectory() as temporary:
        folder, box = Path(temporary) / "record", Path(temporary) / "box"
        start = now()
        ballots = sign(made, box, seconds, most)
        slips = ballots * len(LINES)
        print(f"{ballots} ballots of {len(LINES)} slips: {slips} slips")
        report("signing", start, slips)
        start = now()
        export_record(
            folder,
            handover=Path(temporary) / "handover.jsonl",
            manifest=made.manifest,
            keys=made.keys,
            private=ClosingKeys(made.closing_keys, made.head_key),
            slips=read(box),
            issued={"members": {"office": ballots}},
            closed_at=CLOSED_AT,
        )
        report("export", start, slips)
        size = sum(path.stat().st_size for path in folder.iterdir())
        print(f"record: {size / 2**20:.0f} MiB, {size / slips:.0f} bytes a slip")
        start = now()
        verdict = verify(folder, processes=1)
        report("verification", start, slips)
        print(f"sound: {verdict.is_sound}, {verdict.slips} slips, {verdict.opened} opened")


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else MOST)
