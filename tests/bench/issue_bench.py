"""How fast blind signatures are issued, against the two bare powers of the Chinese remainder theorem in gmpy2.

Ours is the whole answer from 256 bytes to 256 bytes, the check `s^e = z` included. Run: `PYTHONPATH=src python -m tests.bench.issue_bench`.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import Any

import gmpy2

from blindballot.box.issuing import IssuerKey

SIGNATURES = 400
REPEATS = 5


def measure() -> dict[str, Any]:
    """`issue_vs_gmpy2`: signatures a second and core of ours and of the bare powers, the best of five each, and their ratio."""
    key = IssuerKey.generate()
    p, q, d_p, d_q, q_inv = (gmpy2.mpz(getattr(key.private, name)) for name in ("p", "q", "d_p", "d_q", "q_inv"))
    numbers = [gmpy2.mpz(secrets.randbelow(key.n)) for _ in range(SIGNATURES)]
    blinded = [int(number).to_bytes(256, "big") for number in numbers]

    def bare() -> list[gmpy2.mpz]:
        answers = []
        for number in numbers:
            s_p, s_q = gmpy2.powmod(number % p, d_p, p), gmpy2.powmod(number % q, d_q, q)
            answers.append(s_q + q * ((s_p - s_q) * q_inv % p))
        return answers

    def ours() -> list[bytes]:
        return [key.sign_blinded(one) for one in blinded]

    if [int.from_bytes(answer, "big") for answer in ours()] != bare():
        raise RuntimeError("the two sides of the bench do not sign alike")
    # taking turns, so that a busy machine disturbs both alike
    pairs = [(seconds(ours), seconds(bare)) for _ in range(REPEATS)]
    rate, reference = (SIGNATURES / min(each) for each in zip(*pairs, strict=True))
    return {
        "name": "issue_vs_gmpy2",
        "ours": round(rate),
        "reference": round(reference),
        "ratio": round(rate / reference, 3),
        "unit": "signatures/s",
    }


def seconds(run: Callable[[], object]) -> float:
    """Seconds of this process's own work."""
    start = time.process_time()
    run()
    return time.process_time() - start


if __name__ == "__main__":
    print("{name}: ours {ours}, bare gmpy2 {reference} {unit}, ratio {ratio}".format(**measure()))
