"""`page_p95`: how long the server takes for pages of a district with 2,000 organisations and 40,000 members.

The budget is 50 ms for 95 of 100 public pages. Beside the clock stands what the processors did, ours and the database's: on a busy
machine the clock measures the neighbours. The lists are read by the office's own import. Each page runs through WSGI in
this process, with middleware, language, templates and compression. Run: `PYTHONPATH=src python -m tests.bench.large_district_bench`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import Client
from django.urls import reverse
from tests.bench.many_cases import case_addresses, fill_cases
from tests.bench.page_bench import fetch, running_house

ROOT = Path(__file__).resolve().parents[2]
TOWNS, VILLAGES, MEMBERS = 40, 49, 20
REQUESTS = 40
BUDGET = 50
LONG = [
    "大村8001003党支部" * 16,
    "dachun dazhan " * 14,
    "的 了 是 在 有 和 不 人 " * 12,
    "每月看望独居老人村民都看得到大镇的路" * 11,
]


def fill() -> tuple[Any, list[str]]:
    """The small district, and 40 towns of 49 villages with 20 or 21 members each beside it; the villages' codes."""
    from tests.cast import commitments as cast_commitments
    from tests.cast import district as cast

    from zhengyou.organisations.models import Organisation
    from zhengyou.web.shared import clock

    at = clock.now()
    district = cast.small_district(at=at)
    cycle = cast.launched_cycle(district, at=at)
    for village in district.villages:
        cast_commitments.published_commitment(district, cycle, village, items=6, at=at)
    villages = import_towns(
        district.office, TOWNS, VILLAGES, lambda place: MEMBERS + (place < 40_000 - MEMBERS * TOWNS * VILLAGES)
    )
    make_promises_findable(villages)
    promise_everywhere(cycle, villages, district.office)
    announce(district, cycle)
    fill_cases(cycle, list(Organisation.objects.filter(code__in=villages)), clock.today())
    return district, villages


def promise_everywhere(cycle: Any, villages: list[str], by: Any) -> None:
    """Ten published promises of every village and five answers to each, as rows: by the real actions they would take longer than
    the rest. A report on the situation of every village beside them.
    """
    from zhengyou.commitments.models import Commitment, Promise
    from zhengyou.organisations import queries
    from zhengyou.situations.models import SituationReport
    from zhengyou.web.shared import clock

    at, day = clock.now(), clock.today()
    published = Commitment.State.PUBLISHED
    commitments = Commitment.objects.bulk_create(
        Commitment(cycle=cycle, organisation=home, state=published, begun_at=at, published_at=at, proposals=1)
        for home in queries.organisations_by_code(villages).values()
    )
    promises = Promise.objects.bulk_create(
        Promise(
            commitment=commitment,
            what=f"修通到田头的路{place % 90 + 10}米，第{kind}段",
            standard="平整，雨天能走",
            for_whom="全体村民",
            due_on=day + timedelta(days=place % 200 - 50),
            evidence="前后对比照片",
            state=Promise.State.AGREED,
            written_at=at,
            written_by=by,
        )
        for place, commitment in enumerate(commitments)
        for kind in range(1, 11)
    )
    answer_everywhere(cycle, promises)
    SituationReport.objects.bulk_create(
        SituationReport(
            cycle=cycle,
            organisation=commitment.organisation,
            year=day.year,
            number=1,
            title="一季度情况",
            text="路修了一半，其余六月底前修完。\n" * 20,
            published_at=at,
            published_by=by,
        )
        for commitment in commitments
    )


def answer_everywhere(cycle: Any, promises: list[Any]) -> None:
    """Five answers to every promise, one of them with words that are shown; to the first promise ten thousand more."""
    from zhengyou.commitments.models import CitizenAnswer
    from zhengyou.remarks.models import Remark
    from zhengyou.web.shared import clock

    day, marks = clock.today(), ("kept", "not_kept", "not_kept", "cannot_tell", "kept")
    wanted = [(row, n) for row in promises for n in range(5)] + [(promises[0], n) for n in range(10_000)]
    for begin in range(0, len(wanted), 10_000):
        some = wanted[begin : begin + 10_000]
        remarks = Remark.objects.bulk_create(
            Remark(
                subject=row.reference,
                heading=row.what,
                kind="answer",
                cycle=cycle,
                organisation_id=row.commitment.organisation_id,
                words="" if n % 5 else "我们这一段还没有修到。",
                state=Remark.State.SHOWN,
                came_on=day - timedelta(days=n % 30),
            )
            for row, n in some
        )
        CitizenAnswer.objects.bulk_create(
            CitizenAnswer(promise=row, mark=marks[n % 5], remark=remark)
            for (row, n), remark in zip(some, remarks, strict=True)
        )


def announce(district: Any, cycle: Any) -> None:
    """A running notice of two candidates, and answers to a promise of the small district, looked at."""
    from tests.cast.awards import published_notice
    from tests.cast.commitments import promises_of

    from zhengyou.commitments import actions, queries
    from zhengyou.remarks import actions as remarks
    from zhengyou.web.shared import clock

    at = clock.now() - timedelta(minutes=1)
    published_notice(district, cycle, at=at)
    promise = promises_of(queries.commitment_of(cycle, district.villages[0]))[0]
    rows = [
        actions.answer_promise(
            promise=promise, mark="off_course", words=f"第{n}处还没有动静", arrival=None, at=at
        ).remark
        for n in range(60)
    ]
    remarks.show_remarks(remarks=rows, at=at, by=district.office)
    for row in rows[::10]:
        remarks.answer_remark(remark=row, answer="下周动工。", at=at, by=district.secretaries[0])


def import_towns(office: Any, towns: int, villages: int, members: Callable[[int], int]) -> list[str]:
    """Towns of so many villages below the district, by the office's own import; the villages' codes.

    `members` says how many live in the first village, the second and so on.
    """
    from tests.rooms.organisations.lists import csv_text

    from zhengyou.organisations import actions
    from zhengyou.organisations.importing import drafts
    from zhengyou.organisations.models import ImportDraft
    from zhengyou.web.shared import clock

    at, names = clock.now(), [f"8{town:03d}" for town in range(towns)]
    codes = [f"{town}{village:03d}" for town in names for village in range(villages)]
    tree = [[f"大镇{town}党委", town, "001", "党委", "农村"] for town in names]
    tree += [[f"大村{code}党支部", code, code[:4], "党支部", "农村"] for code in codes]
    people = [
        [f"大员{code}{n}", f"Z{code}{n:02d}", code, "正式党员", "否"]
        for place, code in enumerate(codes)
        for n in range(members(place))
    ]
    heads = {
        ImportDraft.What.ORGANISATIONS: ["组织名称", "代码", "上级组织", "类别", "所属领域"],
        ImportDraft.What.PEOPLE: ["姓名", "党员编号", "所在支部", "人员类别", "是否流动党员"],
    }
    for what, rows in zip(heads, (tree, people), strict=True):
        data = csv_text([heads[what], *rows]).encode()
        draft = actions.draft_import(what=what, data=data, file_name="名册.csv", at=at, by=office)
        actions.confirm_import(draft=draft, seen=drafts.plan_of(draft).fingerprint, at=at, by=office)
    return codes


def make_promises_findable(villages: list[str]) -> None:
    """Four promises of every village as the search has them; publishing 8,000 for real would take longer than the rest."""
    from zhengyou.base.searching import Searchable
    from zhengyou.organisations import actions, queries

    whats = ("装好路灯{n}盏", "每月看望独居老人{n}户", "修通到田头的路{n}米", "清理河道垃圾{n}处")
    homes = queries.organisations_by_code(villages)
    actions.make_findable(
        Searchable(
            kind="promise",
            reference=f"promise:{place}-{kind}",
            title=what.format(n=place % 90 + 10),
            address=f"{code}/{place}",
            more=("承诺 promise", "村民都看得到", f"大村{code}的全体村民"),
            place=homes[code].pk,
        )
        for place, code in enumerate(villages)
        for kind, what in enumerate(whats)
    )


def public_addresses(villages: list[str]) -> dict[str, list[str]]:
    """What is asked for, by kind of page."""
    from zhengyou.commitments.models import Promise
    from zhengyou.situations.models import SituationReport
    from zhengyou.web.shared import clock

    first = Promise.objects.filter(commitment__organisation__code="001001001").earliest("pk")
    promise = reverse("public-promise", args=["001001001", first.pk])
    elsewhere = Promise.objects.exclude(commitment__organisation__code__startswith="001").order_by("pk")
    lying = [row for row in elsewhere.select_related("commitment__organisation")[: 10 * REQUESTS : 10]]
    in_villages = [reverse("public-promise", args=[row.commitment.organisation.code, row.pk]) for row in lying]
    told = SituationReport.objects.select_related("organisation").order_by("pk")[:REQUESTS]
    find, several = reverse("public-find"), villages[:: len(villages) // REQUESTS]
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
    """Seconds of 40 requests of one kind, from the quickest: by the clock, and of processors, ours and the database's."""

    clock: list[float]
    processor: list[float]


def spent() -> float:
    """Seconds of processors until now, ours and those of our place in the database. The database's part is known on Linux only."""
    connection.ensure_connection()
    database = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return time.process_time() + (int(database.read_text().split()[0]) / 1e9 if database.exists() else 0.0)


def watched(ask: Callable[[int], object]) -> Timed:
    """Forty requests, after one that is not counted."""
    ask(0)
    clock, processor = [], []
    for number in range(REQUESTS):
        before, start = spent(), time.perf_counter()
        ask(number)
        clock.append(time.perf_counter() - start)
        processor.append(max(0.0, spent() - before))  # less than nothing where the database was entered anew
    return Timed(sorted(clock), sorted(processor))


def timed(addresses: dict[str, list[str]]) -> Iterator[tuple[str, Timed]]:
    """Every kind of public page."""
    house = WSGIHandler()
    for name, some in addresses.items():
        yield name, watched(lambda number, some=some: fetch(house, some[number % len(some)]))


def office_pages(district: Any) -> Iterator[tuple[str, Timed]]:
    """The office's overview, tree and lists, signed in."""
    from django.contrib.auth import get_user_model

    client = Client(headers={"accept-language": "zh-CN", "host": "localhost"})
    client.force_login(get_user_model().objects.get(person=district.office))

    def ask(address: str) -> None:
        status = client.get(address, follow=True).status_code
        if status != 200:
            raise RuntimeError(f"{address}: {status}")

    for name in ("office-home", "office-tree", "office-posts", "office-responsible", "office-polls"):
        yield f"office: {name}", watched(lambda _number, name=name: ask(reverse(name)))


def percentile(found: list[float]) -> float:
    """95 of 100 took no longer."""
    return found[int(len(found) * 0.95)]


def measured() -> list[tuple[str, Timed]]:
    """Every kind of page in a large district."""
    with running_house():
        district, villages = fill()
        return [*timed(public_addresses(villages)), *office_pages(district)]


def measure() -> dict[str, Any]:
    """The slowest kind of public page against its budget; in a process of its own, since a house is set up once in each."""
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    command = [sys.executable, "-m", "tests.bench.large_district_bench", "--json"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment, cwd=ROOT)
    pages: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    slowest = max(pages[name] for name in pages if not name.startswith("office"))
    return {
        "name": "page_p95",
        "ours": round(slowest, 1),
        "reference": BUDGET,
        "ratio": round(slowest / BUDGET, 3),
        "unit": "ms",
    }


def main() -> None:
    """Print every kind of page, or one line of JSON."""
    pages = dict(measured())
    if "--json" in sys.argv:
        print(json.dumps({name: percentile(page.clock) * 1000 for name, page in pages.items()}))
        return
    print(f"{'95 of 100 took, in ms':28}{'clock':>10}{'processor':>11}")
    for name, page in pages.items():
        print(f"{name:28}{percentile(page.clock) * 1000:10.1f}{percentile(page.processor) * 1000:11.1f}")


if __name__ == "__main__":
    main()
