"""`window_burst`: what pages keep while a window is stuffed with 200 marks a minute for five minutes, and whether each mark counts.

A house as `zhengyou serve` runs it, two web workers, on loopback. The marks come from this process at an even pace, each from a form
of its own without a solved puzzle, and stop by themselves. Pages are to stay within three times their p95 in peace.
Run: `PYTHONPATH=src:. python -m tests.bench.window_bench [SECONDS]`; 30 seconds for a look.
"""

import json
import re
import sys
import threading
import time
from typing import Any
from urllib.parse import urlencode

from tests.bench.siege_bench import TIMES_OF_PAGES
from tests.living.house import LivingHouse, ask

A_MINUTE, LASTS = 200, 300.0
TICKET = re.compile(rb'name="ticket" value="([^"]+)"')
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PAUSE = 0.1  # between two pages of a reader


def mark(house: LivingHouse, code: str) -> bool:
    """One mark from a form of its own; whether it was taken."""
    connection, path = house.connect(), f"/w/{code}/"
    try:
        _status, page = ask(connection, "GET", path)
        found = TICKET.search(page)
        body = urlencode({"ticket": found[1].decode() if found else "", "step": "very-satisfied"}).encode()
        headers = FORM | {"Origin": f"http://localhost:{house.port}", "Host": f"localhost:{house.port}"}
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status == 302
    finally:
        connection.close()


def stuff(house: LivingHouse, code: str, seconds: float, taken: list[bool]) -> None:
    """Marks at an even pace until the time is over."""
    begun = time.monotonic()
    for number in range(int(seconds * A_MINUTE / 60)):
        time.sleep(max(begun + number * 60 / A_MINUTE - time.monotonic(), 0))
        taken.append(mark(house, code))


def p95(house: LivingHouse, code: str, seconds: float) -> float:
    """What 95 of 100 pages take over one kept connection, for so long."""
    connection, took, begun = house.connect(), [], time.monotonic()
    addresses = ("/", "/organisations/001001001/", "/windows/", f"/windows/{code}/", "/trust/")
    while time.monotonic() - begun < seconds:
        start = time.perf_counter()
        status, _page = ask(connection, "GET", addresses[len(took) % len(addresses)])
        took.append(time.perf_counter() - start)
        if status != 200:
            raise RuntimeError(f"{addresses[(len(took) - 1) % len(addresses)]}: {status}")
        time.sleep(PAUSE)
    return sorted(took)[int(len(took) * 0.95)]


def measure(seconds: float = LASTS) -> list[dict[str, Any]]:
    """The row: pages in the burst beside pages in peace. Raises RuntimeError where a mark was lost."""
    taken: list[bool] = []
    with LivingHouse(is_new=True) as house:
        code = house.tell("open_window")["code"]
        p95(house, code, 3)
        peace = p95(house, code, min(seconds, 30))
        burst = threading.Thread(target=stuff, args=(house, code, seconds, taken), daemon=True)
        burst.start()
        besieged = p95(house, code, seconds)
        burst.join()
        counted = house.tell("marks_counted")["marks"]
    if not all(taken) or counted != len(taken):
        raise RuntimeError(f"{len(taken)} marks were sent, {sum(taken)} taken, {counted} counted")
    return [
        {
            "name": "window_burst",
            "ours": round(besieged * 1000, 1),
            "reference": round(peace * 1000, 1),
            "ratio": round(besieged / peace, 3),
            "unit": f"ms, p95 (at most {TIMES_OF_PAGES:.0f}); {counted} marks counted",
        }
    ]


if __name__ == "__main__":
    for one in measure(float(sys.argv[1]) if len(sys.argv) > 1 else LASTS):
        print(json.dumps(one))
