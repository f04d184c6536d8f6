"""The load of `cast_bench`, a process of its own: casts ready-made stacks over kept connections and tells how long each took.

Run by the bench: `python -m tests.bench.cast_load PORT PATH FILE CONNECTIONS`; FILE has one request a line. Prints JSON.
"""

import json
import sys
import threading
import time
from collections import deque
from http.client import HTTPConnection
from pathlib import Path

from tests.living.house import ask


def cast_all(port: int, path: str, bodies: deque[bytes], latencies: list[float], failures: list[str]) -> None:
    """One connection: the next stack as soon as the last one is acknowledged."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    while bodies and not failures:
        try:
            body = bodies.popleft()
        except IndexError:
            break
        start = time.perf_counter()
        status, answer = ask(connection, "POST", path, body)
        latencies.append(time.perf_counter() - start)
        if status != 200:
            failures.append(f"{status}: {answer[:200]!r}")
    connection.close()


def main(port: int, path: str, file: Path, connections: int) -> None:
    """Cast every line of the file once."""
    bodies = deque(file.read_bytes().splitlines())
    latencies: list[float] = []
    failures: list[str] = []
    voters = [
        threading.Thread(target=cast_all, args=(port, path, bodies, latencies, failures))
        for _voter in range(connections)
    ]
    start = time.perf_counter()
    for voter in voters:
        voter.start()
    for voter in voters:
        voter.join()
    seconds = time.perf_counter() - start
    if failures:
        sys.exit(failures[0])
    print(json.dumps({"seconds": seconds, "latencies": sorted(latencies)}))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]))
