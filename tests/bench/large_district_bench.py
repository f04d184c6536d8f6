"""`page_p95`: how long the server takes for pages of a district with 2,000 organisations, 40,000 members and 100,000 cases.

Of 100 pages 95 take at most: public ones 50 ms (and 60 KB), coverage of all units 150 ms, other pages of office and desk 100 ms.
Beside the clock stands what the processors did, ours and the database's: on a busy machine the clock measures the neighbours.
Each page runs through WSGI in this process, with middleware, language, templates and compression.
Run: `PYTHONPATH=src:. python -m tests.bench.large_district_bench [BEGINNING OF A NAME]`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.bench.large_district import LargeDistrict, large_district
from tests.bench.many_cases import case_addresses
from tests.bench.page_bench import fetch

ROOT = Path(__file__).resolve().parents[2]
REQUESTS = 40
BUDGET, OF_COVERAGE, OF_LISTS = 50, 150, 100
DESK = (
    "home", "unit", "units-below", "contact-points", "promises", "keeping", "plans", "windows", "window-flags", "remarks", "cases",
)  # fmt: skip
LONG = [
    "大村8001003党支部" * 16,
    "dachun dazhan " * 14,
    "的 了 是 在 有 和 不 人 " * 12,
    "每月看望独居老人村民都看得到大镇的路" * 11,
]


def public_addresses(villages: list[str]) -> dict[str, list[str]]:
    """What is asked for, by kind of page."""
    from zhengyou.commitments.models import Promise
    from zhengyou.consultation.models import Plan
    from zhengyou.situations.models import SituationReport
    from zhengyou.web.shared import clock
    from zhengyou.windows.models import ServicePoint

    first = Promise.objects.filter(commitment__organisation__code="001001001").earliest("pk")
    promise = reverse("public-promise", args=["001001001", first.pk])
    elsewhere = Promise.objects.exclude(commitment__organisation__code__startswith="001").order_by("pk")
    lying = [row for row in elsewhere.select_related("commitment__organisation")[: 10 * REQUESTS : 10]]
    in_villages = [reverse("public-promise", args=[row.commitment.organisation.code, row.pk]) for row in lying]
    told = SituationReport.objects.select_related("organisation").order_by("pk")[:REQUESTS]
    find, several = reverse("public-find"), villages[:: len(villages) // REQUESTS]
    plans = Plan.objects.select_related("organisation").order_by("pk")[:REQUESTS]
    windows = ServicePoint.objects.order_by("pk").values_list("code", flat=True)[:REQUESTS]
    return {
        "home": [reverse("public-home")],
        "find, empty": [find],
        "find, a name": [f"{find}?q={code}" for code in several],
        "find, thousands": [f"{find}?q=大村"],
        "find, two words": [f"{find}?q=大镇8001 大村8001"],
        "find, a promise": [f"{find}?q=独居老人"],
        "find, thousands of promises": [f"{find}?q=路灯&kind=promise&page=3"],
        "find, pinyin": [f"{find}?q=dazhen dacun"],
        "find, in pieces": [f"{find}?q=大镇8001大村8001003村委会"],
        "find, everything in pieces": [f"{find}?q=大镇八千大村"],
        "find, a promise in pieces": [f"{find}?q=大村路灯"],
        "find, initials": [f"{find}?q=dz dc"],
        "find, a single sign": [f"{find}?q=村"],
        "find, a single letter": [f"{find}?q=a"],
        "find, figures": [f"{find}?q=八〇〇一"],
        "find, old characters": [f"{find}?q=裝好路燈"],
        "find, letters wrong": [f"{find}?q=dachun", f"{find}?q=dangzhubu", f"{find}?q=dazhenn dacunn"],
        "find, sounding alike": [f"{find}?q=陆灯", f"{find}?q=打村8001"],
        "find, nothing": [f"{find}?q={words}" for words in ("fftzzqqxw", "火星基地", "大镇8999大村8999999村委会")],
        "find, a long text": [f"{find}?q={words}" for words in LONG],
        "the district": [reverse("public-organisation", args=["001"])],
        "a town": [reverse("public-organisation", args=[code[:4]]) for code in several],
        "a village": [reverse("public-organisation", args=[code]) for code in several],
        "a village with promises": [reverse("public-organisation", args=["001001001"])],
        "a promise": [promise],
        "a promise, its last words": [f"{promise}?page=3"],
        "a promise of a village": in_villages[1:],
        "a promise with ten thousand answers": in_villages[:1],
        "a report on the situation": [
            reverse("public-situation", args=[row.organisation.code, row.pk]) for row in told
        ],
        "all promises": [reverse("public-promises")],
        "all promises, due, of a sector": [f"{reverse('public-promises')}?when=due&sector=rural&page=20"],
        "a sector": [f"{find}?sector=rural&page=20"],
        **case_addresses(),
        "plans": [reverse("public-plans")],
        "a plan": [reverse("public-plan", args=[row.organisation.code, row.pk]) for row in plans],
        "windows": [reverse("public-windows")],
        "a window": [reverse("public-window-page", args=[code]) for code in windows],
        "to mark at a window": [reverse("public-window", args=[code]) for code in windows],
        "windows of a unit": [reverse("public-window-board", args=[code]) for code in several],
        "what is open": [reverse("public-open")],
        "help": [reverse("public-help")],
        "entries": [reverse("public-entries")],
        "an entry": [reverse("public-entry", args=[number]) for number in range(2, 20)],
        "a notice": [reverse("public-notice", args=[clock.today().year, 1])],
        "words": [reverse("public-words")],
        "polls": [reverse("public-polls")],
        "notices": [reverse("public-notices")],
        "honours": [reverse("public-honours")],
        "trust": [reverse("trust")],
    }


@dataclass(frozen=True)
class Timed:
    """Seconds of 40 requests of one kind, from the quickest: by the clock, and of processors, ours and the database's.

    Beside them what one of them asks the database, and how many bytes its page has as it is sent.
    """

    clock: list[float]
    processor: list[float]
    queries: int
    size: int


def spent() -> float:
    """Seconds of processors until now, ours and those of our place in the database. The database's part is known on Linux only."""
    connection.ensure_connection()
    database = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return time.process_time() + (int(database.read_text().split()[0]) / 1e9 if database.exists() else 0.0)


def watched(ask: Callable[[int], bytes]) -> Timed:
    """Forty requests, after one that is not counted."""
    from zhengyou.base.stack import with_room

    with CaptureQueriesContext(connection) as asked:
        size = len(ask(0))
        queries = len(asked)
    clock, processor = [], []
    for number in range(REQUESTS):
        before, start = spent(), time.perf_counter()
        with_room(ask, number)  # as a worker does
        clock.append(time.perf_counter() - start)
        processor.append(max(0.0, spent() - before))  # less than nothing where the database was entered anew
    return Timed(sorted(clock), sorted(processor), queries, size)


def timed(addresses: dict[str, list[str]]) -> Iterator[tuple[str, Timed]]:
    """Every kind of public page."""
    house = WSGIHandler()
    for name, some in addresses.items():
        yield name, watched(lambda number, some=some: fetch(house, some[number % len(some)]))


def desk_and_office(district: LargeDistrict) -> dict[str, tuple[Any, str]]:
    """Who opens which page, by a name of it that says which budget it has: the office, a leader and a town's secretary."""
    cycle, office, leader, secretary = district.cycle, district.office, district.leader, district.town_secretary
    points = reverse("office-contact-points", args=[cycle.campaign_id])
    found = {
        "coverage: contact points": (office, points),
        "coverage: units without a leader": (office, f"{points}?led=no"),
        "coverage: leaders": (office, reverse("office-contact-leaders", args=[cycle.campaign_id])),
        "coverage: whom carriers reach": (office, reverse("office-carriers-reach", args=[cycle.pk])),
        "coverage: of the cycle": (office, reverse("office-coverage", args=[cycle.pk])),
        "coverage: promises missing": (office, f"{reverse('office-coverage', args=[cycle.pk])}?missing=promise"),
    }
    for name in ("home", "tree", "posts", "responsible", "polls", "people", "windows", "window-flags"):
        found[f"office: {name}"] = (office, reverse(f"office-{name}"))
    for name in ("cases", "plans", "plans-missing", "remarks"):
        found[f"office: {name}"] = (office, reverse(f"office-{name}", args=[cycle.pk]))
    found["office: cases, far back"] = (office, f"{reverse('office-cases', args=[cycle.pk])}?page=100")
    for who, name in product((leader, secretary), DESK):
        found[f"{'leader' if who is leader else 'town'}: {name}"] = (who, reverse(f"desk-{name}"))
    return found


def signed_in(district: LargeDistrict, only: str) -> Iterator[tuple[str, Timed]]:
    """Those pages whose name begins so, each asked for by its reader."""
    from django.contrib.auth import get_user_model

    clients: dict[int, Client] = {}
    pages = {name: page for name, page in desk_and_office(district).items() if name.startswith(only)}
    for name, (person, address) in pages.items():
        if person.pk not in clients:
            clients[person.pk] = Client(
                headers={"accept-language": "zh-CN", "host": "localhost", "accept-encoding": "gzip"}
            )
            clients[person.pk].force_login(get_user_model().objects.get(person=person))
        yield name, watched(partial(opened, clients[person.pk], address))


def opened(client: Client, address: str, _number: int) -> bytes:
    """The page, as the browser gets it. Raises RuntimeError for anything but a page."""
    answer = client.get(address, follow=True)
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")
    return answer.content


def percentile(found: list[float]) -> float:
    """95 of 100 took no longer."""
    return found[int(len(found) * 0.95)]


def measured(only: str = "") -> Iterator[tuple[str, Timed]]:
    """Every kind of page in a large district, or those whose name begins so."""
    with large_district() as district:
        from zhengyou.management.serving.web_workers import keep_by_thread, keep_what_is_loaded

        keep_by_thread()
        keep_what_is_loaded()  # both as a worker does before its first page
        addresses = public_addresses(district.villages)
        yield from timed({name: some for name, some in addresses.items() if name.startswith(only)})
        yield from signed_in(district, only)


def measure() -> dict[str, Any]:
    """The slowest kind of public page against its budget; in a process of its own, since a house is set up once in each."""
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    command = [sys.executable, "-m", "tests.bench.large_district_bench", "--json"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment, cwd=ROOT)
    pages: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    slowest = max(pages, key=lambda name: pages[name] / budget_of(name))
    return {
        "name": "page_p95",
        "ours": round(pages[slowest], 1),
        "reference": budget_of(slowest),
        "ratio": round(pages[slowest] / budget_of(slowest), 3),
        "unit": f"ms ({slowest})",
    }


def budget_of(name: str) -> int:
    """Milliseconds that 95 of 100 pages of this kind may take."""
    kind = name.partition(": ")[0]
    return OF_COVERAGE if kind == "coverage" else OF_LISTS if kind in ("office", "leader", "town") else BUDGET


def main() -> None:
    """Print every kind of page, or one line of JSON."""
    if "--json" in sys.argv:
        print(json.dumps({name: percentile(page.clock) * 1000 for name, page in measured()}))
        return
    only = sys.argv[1] if len(sys.argv) > 1 else ""
    print(f"{'95 of 100 took, in ms':40}{'goal':>6}{'clock':>9}{'processor':>10}{'queries':>8}{'KB':>7}")
    for name, page in measured(only):
        times = f"{percentile(page.clock) * 1000:9.1f}{percentile(page.processor) * 1000:10.1f}"
        print(f"{name:40}{budget_of(name):6}{times}{page.queries:8}{page.size / 1024:7.1f}", flush=True)


if __name__ == "__main__":
    main()
