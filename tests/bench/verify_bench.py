"""How fast a record is verified, against bare OpenSSL doing one RSA-2048 PSS and one P-256 verification a slip.

Both sides use the same number of processes in the same run. Processor seconds of all of them are not disturbed by other work on
the machine; the clock is, and stands beside. Run: `PYTHONPATH=src python -m tests.bench.verify_bench [SLIPS]`.
"""

from __future__ import annotations

import multiprocessing
import os
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from tests.blindballot.polls import Poll, document, make_poll
from tests.blindballot.records import export

from blindballot.format.keys import generate_point_key, load_point, point_bytes
from blindballot.format.slips import BoardSlip, Slip
from blindballot.verifying.verifier import verify
from blindballot.voter.voting import Ballot, Prepared

SLIPS = 20_000
REPEATS = 3
BARE_BYTES = 65 + 288 + 32 + 32 + 64
LINES = ("u1", "u2", "u3", "u4")
PSS = padding.PSS(padding.MGF1(hashes.SHA384()), 48)
SHA384 = hashes.SHA384()
ECDSA = ec.ECDSA(hashes.SHA256())

Check = tuple[Any, bytes, bytes, Any, bytes, bytes]
# Of processors, by the clock.
Times = tuple[float, float]


def build(slips: int, lines: Sequence[str] = LINES, criteria: Sequence[str] = ("work", "service")) -> Poll:
    """A poll with that many slips, tokens signed by the private keys directly (an unblinded token is the same bytes)."""
    voters = slips // len(lines)
    made = make_poll(document({"members": voters}, lines, criteria))
    made.issued["members"]["office"] = voters
    for voter in range(voters):
        made.slips.extend(fill(made, voter))
    return made


def fill(made: Poll, voter: int) -> Iterator[Slip]:
    """A voter's slips, one a line."""
    ballot = Ballot(made.manifest, made.keys, made.manifest.pools[0])
    for place, line in enumerate(made.manifest.lines):
        key, prefix = generate_point_key(), secrets.token_bytes(32)
        serial = point_bytes(key)
        signature = made.issuer_keys["members", line.id, "office"].loaded.sign(prefix + serial, PSS, SHA384)
        ballot.prepared[line.id] = Prepared(key, serial, [], [], [], [prefix + signature])
        marks = [1 + (voter + place) % 4, 1 + voter % 4]
        yield ballot.fill(line, bytes(marks[: len(line.criteria)]))


def bare_checks(made: Poll) -> list[Check]:
    """Everything OpenSSL needs for each slip, keys loaded and signatures in DER beforehand."""
    checks: list[Check] = []
    for slip in made.slips:
        board: BoardSlip = slip.for_board
        issuer = made.keys.keys[slip.pool, slip.line][0].loaded
        r, s = (int.from_bytes(half, "big") for half in (slip.signature[:32], slip.signature[32:]))
        token = slip.tokens[0]
        serial = load_point(slip.serial)
        body = board.body(made.manifest.digest)
        checks.append((issuer, token[32:], token[:32] + slip.serial, serial, encode_dss_signature(r, s), body))
    return checks


def run_bare(checks: Sequence[Check]) -> None:
    """The bare loop: two verifications a slip, nothing else."""
    for issuer, signature, message, serial, der, body in checks:
        issuer.verify(signature, message, PSS, SHA384)
        serial.verify(der, body, ECDSA)


def time_bare(checks: list[Check], processes: int) -> Times:
    """The bare loop, split evenly over forked processes."""
    context = multiprocessing.get_context("fork")
    shares = [checks[start::processes] for start in range(processes)]
    workers = [context.Process(target=run_bare, args=(share,)) for share in shares]
    start = now()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if any(worker.exitcode for worker in workers):
        raise RuntimeError("a bare verification failed")
    return since(start)


def now() -> Times:
    """Processor seconds of this process and of its children that have ended; the clock."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system, time.perf_counter()


def since(start: Times) -> Times:
    """What has gone by on both."""
    processor, clock = now()
    return processor - start[0], clock - start[1]


def time_ours(folder: Path, slips: int, processes: int) -> Times:
    """Verifying the whole record."""
    start = now()
    verdict = verify(folder, processes=processes)
    took = since(start)
    if not verdict.is_sound or verdict.slips != slips:
        raise RuntimeError("the record of the bench does not verify")
    return took


def measure(slips: int = SLIPS, processes: int | None = None) -> list[dict[str, Any]]:
    """`verify_vs_openssl`: slips a processor second of ours and of the bare loop, the best of three each, and their ratio.

    `verify_by_the_clock`: the same by the clock, on all cores together; a busy machine disturbs it.
    `bytes_per_slip`: of the whole record folder, against serial, token, commitment, hash of the sealed marks and signature bare.
    """
    cores = processes or multiprocessing.cpu_count()
    made = build(slips)
    checks = bare_checks(made)
    with tempfile.TemporaryDirectory() as temporary:
        folder = export(made, Path(temporary))
        # taking turns, so that a busy machine disturbs both alike
        pairs = [(time_bare(checks, cores), time_ours(folder, slips, cores)) for _ in range(REPEATS)]
        size = sum(path.stat().st_size for path in folder.iterdir()) / slips
    rates = [[slips / min(took[by] for took in side) for side in zip(*pairs, strict=True)] for by in range(2)]
    return [
        row(name, round(ours), round(reference), ours / reference, unit)
        for (reference, ours), name, unit in zip(
            rates, ("verify_vs_openssl", "verify_by_the_clock"), ("slips/s a core", "slips/s"), strict=True
        )
    ] + [
        row("bytes_per_slip", round(size), BARE_BYTES, BARE_BYTES / size, "bytes"),
    ]


def row(name: str, ours: float, reference: float, ratio: float, unit: str) -> dict[str, Any]:
    """A row of the benches' table."""
    return {"name": name, "ours": ours, "reference": reference, "ratio": round(ratio, 3), "unit": unit}


if __name__ == "__main__":
    for result in measure(int(sys.argv[1]) if len(sys.argv) > 1 else SLIPS):
        print("{name}: ours {ours}, bare {reference} {unit}, ratio {ratio}".format(**result))
