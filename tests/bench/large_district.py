"""A district of 2,000 organisations for benches, written as rows: 40,000 members, 20,000 promises, 110,000 remarks, 100,000 cases.

The small district of the tests stands in it, made by the real actions. What was seeded is kept in `build/bench-home` and used
again as long as the migration, the packs, these files and the day are the same: promises are due by today.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.test import override_settings
from tests.bench.copying import copied
from tests.bench.many_cases import fill_cases
from tests.bench.page_bench import running_house

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "build" / "bench-home"
TOWNS, VILLAGES, MEMBERS = 40, 49, 20
TEN_THOUSAND = 10_000
WHERE = ZoneInfo("Asia/Shanghai")
PROMISES = ("装好路灯{n}盏", "每月看望独居老人{n}户", "修通到田头的路{n}米", "清理河道垃圾{n}处")
MARKS = ("kept", "not_kept", "not_kept", "cannot_tell", "kept")
FAMILY, GIVEN = "王李张刘陈杨黄赵周吴", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平"
PARAGRAPHS = ("修好村口到学校的路灯。", "费用从集体经济中列支。", "每季度开一次村民议事会。", "年底公布一次账目。")
STEPS = ("very-satisfied", "satisfied", "middling", "dissatisfied", "very-dissatisfied")


@dataclass(frozen=True)
class LargeDistrict:
    """What benches need to know of it: who opens the office and the desk, the cycle, the codes of the villages."""

    office: Any
    leader: Any
    town_secretary: Any
    cycle: Any
    villages: list[str]


@contextmanager
def large_district(*, kept: bool = True) -> Iterator[LargeDistrict]:
    """A running house with the district in it. Says on the error output what was seeded and how long it took."""
    home = KEPT / _fingerprint() if kept else None
    with running_house(home):
        if home is None or not (home / "seeded").exists():
            fill()
            if home is not None:
                (home / "seeded").touch()
        yield known()


def _fingerprint() -> str:
    """Of everything that decides what a seeded house has in it. Removes what was kept under another one."""
    sources = ROOT / "src" / "zhengyou"
    files = [*sources.glob("migrations/*.py"), *sources.glob("packs/**/*"), *Path(__file__).parent.glob("*district.py")]
    files += [Path(__file__).parent / "many_cases.py"]
    digest = hashlib.sha256(datetime.now(WHERE).date().isoformat().encode())
    for file in sorted(one for one in files if one.is_file() and one.suffix != ".pyc"):
        digest.update(file.read_bytes())
    name = digest.hexdigest()[:12]
    for other in KEPT.glob("*"):
        if other.name != name:
            shutil.rmtree(other)
    return name


def known() -> LargeDistrict:
    """What stands in the house, as rows."""
    from zhengyou.campaigns.models import Cycle
    from zhengyou.organisations.models import Organisation, Person

    people = Person.objects.in_bulk(["P0000", "P0002", "P0003"], field_name="number")
    codes = Organisation.objects.filter(depth=2).exclude(code__startswith="001").order_by("code")
    return LargeDistrict(
        people["P0000"],
        people["P0002"],
        people["P0003"],
        Cycle.objects.select_related("campaign__organisation").get(),
        list(codes.values_list("code", flat=True)),
    )


@contextmanager
def seeding(what: str) -> Iterator[None]:
    """Say how long this kind took."""
    start = time.perf_counter()
    yield
    print(f"seeded {what:44}{time.perf_counter() - start:7.1f} s", file=sys.stderr, flush=True)


def fill() -> None:
    """Everything, kind by kind."""
    from tests.cast import commitments, district

    from zhengyou.web.shared import clock

    at = clock.now()
    with seeding("the small district"):
        with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
            small = district.small_district(at=at)
        cycle = district.launched_cycle(small, at=at)
        for village in small.villages:
            commitments.published_commitment(small, cycle, village, items=6, at=at)
    with seeding("organisations"):
        towns, villages = _units(small.root)
    with seeding("people"):
        _people(villages)
    with seeding("who answers, leads and looks after"):
        _leading(small, cycle, [*towns, *villages])
    with seeding("promises and reports on the situation"):
        promises = _promises(cycle, villages, small.office)
    with seeding("remarks on them"):
        _answers(cycle, promises)
    with seeding("what is found"):
        _findable()
    with seeding("themes and plans"):
        _plans(cycle, villages, small.office)
    with seeding("windows and their marks"):
        _windows(cycle, villages)
    with seeding("cases"):
        fill_cases(cycle, villages, clock.today())
    with seeding("a notice, and words of the small district"):
        _announce(small, cycle)
    with seeding("what the planner counts"):
        _analyse()


def _analyse() -> None:
    """The database counts its rows, as it does by itself within minutes of a served house."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _units(root: Any) -> tuple[list[int], list[int]]:
    """Forty towns of 49 villages below the district; the ids of both."""
    from zhengyou.organisations import tree
    from zhengyou.organisations.models import Organisation, unit_key

    names = ("code", "name", "kind", "sector", "parent_id", "name_key", "former_codes")
    codes = [f"8{town:03d}" for town in range(TOWNS)]

    def row(code: str, name: str, kind: str, parent: int) -> tuple[Any, ...]:
        return code, name, kind, "rural", parent, unit_key(name), "[]"

    towns = copied(Organisation, names, (row(code, f"大镇{code}党委", "committee", root.pk) for code in codes))
    below = [(pk, f"{code}{n:03d}") for pk, code in zip(towns, codes, strict=True) for n in range(VILLAGES)]
    villages = copied(Organisation, names, (row(code, f"大村{code}党支部", "branch", pk) for pk, code in below))
    tree.write_paths()
    return list(towns), list(villages)


def _people(villages: list[int]) -> None:
    """Twenty members of every village, 21 of the first ones, forty thousand in all, with four thousand names."""
    from zhengyou.organisations.models import Person, person_key

    names = [f"{FAMILY[n % 10]}{GIVEN[n // 10 % 20]}{GIVEN[n // 200 % 20]}" for n in range(4000)]
    keys = [person_key(name) for name in names]
    homes = [pk for n in range(MEMBERS + 1) for pk in villages][: 4 * TEN_THOUSAND]
    rows = ((f"Z{n:06d}", names[n % 4000], pk, keys[n % 4000]) for n, pk in enumerate(homes))
    copied(Person, ("number", "name", "organisation_id", "name_key"), rows)


def _leading(small: Any, cycle: Any, units: list[int]) -> None:
    """Somebody who answers for each unit but twenty, a leader for every other unit, two carriers of which one reaches a third."""
    from tests.cast.leading import carriers_of, formed_group

    from zhengyou.carriers.models import CarrierUnit, CarrierYear
    from zhengyou.leadership.models import ContactPoint
    from zhengyou.organisations.models import Person, Responsibility
    from zhengyou.web.shared import clock

    at, day = clock.now(), clock.today()
    names = ("organisation_id", "person_id", "tier", "from_on")
    copied(Responsibility, names, ((pk, small.leader.pk, "primary", day) for pk in units[20:]))
    formed_group(small, cycle.campaign, at=at)
    leaders = [small.leader.pk, *Person.objects.order_by("-pk").values_list("pk", flat=True)[:199]]
    names = ("campaign_id", "leader_id", "organisation_id", "from_on")
    copied(
        ContactPoint,
        names,
        ((cycle.campaign_id, leaders[n % len(leaders)], pk, day) for n, pk in enumerate(units[::2])),
    )
    carrier, _example = carriers_of(small, cycle, at=at)
    year = CarrierYear.objects.create(
        carrier=carrier, cycle=cycle, content="走访", written_at=at, written_by=small.office
    )
    copied(CarrierUnit, ("year_id", "organisation_id"), ((year.pk, pk) for pk in units[::3]))


def _promises(cycle: Any, villages: list[int], by: Any) -> list[tuple[int, int, str]]:
    """Ten published promises of every village and a report on its situation; id, unit and words of each promise."""
    from zhengyou.commitments.models import Commitment, Promise
    from zhengyou.situations.models import SituationReport
    from zhengyou.web.shared import clock

    at, day = clock.now(), clock.today()
    names = ("cycle_id", "organisation_id", "state", "begun_at", "published_at", "proposals")
    commitments = copied(Commitment, names, ((cycle.pk, pk, "published", at, at, 1) for pk in villages))
    rows = [
        (commitment, PROMISES[kind % 4].format(n=place % 90 + 10 + kind), day + timedelta(days=place % 200 - 50))
        for place, commitment in enumerate(commitments)
        for kind in range(10)
    ]
    names = (
        "commitment_id",
        "what",
        "due_on",
        "standard",
        "for_whom",
        "evidence",
        "state",
        "written_at",
        "written_by_id",
    )
    same = ("平整，雨天能走", "全体村民", "前后对比照片", "agreed", at, by.pk)
    ids = copied(Promise, names, ((*row, *same) for row in rows))
    names = ("cycle_id", "organisation_id", "year", "number", "title", "text", "published_at", "published_by_id")
    told = (day.year, 1, "一季度情况", "路修了一半，其余六月底前修完。\n" * 20, at, by.pk)
    copied(SituationReport, names, ((cycle.pk, pk, *told) for pk in villages))
    return [(pk, villages[n // 10], rows[n][1]) for n, pk in enumerate(ids)]


def _answers(cycle: Any, promises: list[tuple[int, int, str]]) -> None:
    """Five answers to every promise, one of them with words that are shown; to the first promise ten thousand more."""
    from zhengyou.commitments.models import AnswerTally, CitizenAnswer
    from zhengyou.remarks.models import Remark
    from zhengyou.web.shared import clock

    day = clock.today()
    wanted = [(row, n) for row in promises for n in range(5)] + [(promises[0], n) for n in range(TEN_THOUSAND)]
    names = ("cycle_id", "subject", "organisation_id", "heading", "words", "came_on", "kind", "state", "public_id")
    remarks = copied(
        Remark,
        names,
        (
            (
                cycle.pk,
                f"promise:{pk}",
                unit,
                what,
                _words(n),
                day - timedelta(days=n % 30),
                "answer",
                "shown",
                f"B{place:07d}",
            )
            for place, ((pk, unit, what), n) in enumerate(wanted)
        ),
    )
    given = ((row[0], MARKS[n % 5], remark) for (row, n), remark in zip(wanted, remarks, strict=True))
    copied(CitizenAnswer, ("promise_id", "mark", "remark_id"), given)
    tallies: dict[int, Counter[str]] = defaultdict(Counter)
    for (promise, _unit, _what), n in wanted:
        tallies[promise][MARKS[n % 5]] += 1
    marks = sorted(set(MARKS))
    copied(AnswerTally, ("promise_id", *marks), ((pk, *map(tally.get, marks)) for pk, tally in tallies.items()))


def _words(n: int) -> str:
    """Every fifth answer has words."""
    return "" if n % 5 else "我们这一段还没有修到。"


def _findable() -> None:
    """Organisations, and four promises of each, in the table of what is found, as the rooms put them there.

    The index of pairs is made once, afterwards: row by row it would take longer than everything else.
    """
    from django.db import connection

    from zhengyou.base.models import SearchEntry
    from zhengyou.commitments import queries as commitments
    from zhengyou.organisations import actions, queries
    from zhengyou.organisations.models import Organisation

    (pairs,) = SearchEntry._meta.indexes
    with connection.schema_editor() as schema:
        schema.remove_index(SearchEntry, pairs)
    actions.make_findable(queries.searchable(Organisation.objects.all()))
    promises = commitments.every_published_promise()
    actions.make_findable(commitments.searchable(row for n, row in enumerate(promises) if n % 10 < len(PROMISES)))
    with connection.schema_editor() as schema:
        schema.add_index(SearchEntry, pairs)


def _plans(cycle: Any, villages: list[int], by: Any) -> None:
    """A practice theme of every village, and a plan of four paragraphs, one of three still open for comments."""
    from zhengyou.consultation.models import Paragraph, ParagraphWording, Plan, PlanVersion
    from zhengyou.plans.models import PracticeTheme
    from zhengyou.web.shared import clock

    at, day = clock.now(), clock.today()
    names = ("cycle_id", "organisation_id", "text", "main_work", "chosen_at", "chosen_by_id")
    copied(PracticeTheme, names, ((cycle.pk, pk, "路修到田头", "修路", at, by.pk) for pk in villages))
    days = [day - timedelta(days=10 * (n % 3)) for n in range(len(villages))]
    names = (
        "cycle_id",
        "organisation_id",
        "title",
        "begun_at",
        "begun_by_id",
        "members_from",
        "public_from",
        "open_until",
    )
    plans = copied(
        Plan,
        names,
        (
            (cycle.pk, pk, "路灯计划", at, by.pk, begun, begun + timedelta(days=2), begun + timedelta(days=9))
            for pk, begun in zip(villages, days, strict=True)
        ),
    )
    names = ("plan_id", "number", "published_at", "published_by_id", "fingerprint")
    versions = copied(PlanVersion, names, ((plan, 1, at, by.pk, f"{plan:064x}") for plan in plans))
    texts = [(0, "路灯计划"), *enumerate(PARAGRAPHS, 1)]
    whole = ((plan, place == 0) for plan in plans for place, _text in texts)
    paragraphs = iter(copied(Paragraph, ("plan_id", "is_whole"), whole))
    names = ("version_id", "paragraph_id", "place", "text")
    copied(ParagraphWording, names, ((pk, next(paragraphs), *text) for pk in versions for text in texts))


def _windows(cycle: Any, villages: list[int]) -> None:
    """A window of every village with counts of eight weeks, and something odd at every fifth."""
    from zhengyou.web.shared import clock
    from zhengyou.windows.models import MarkTally, ServicePoint, WindowFlag

    day = clock.today()
    monday = day - timedelta(days=day.weekday())
    names = ("organisation_id", "name", "what", "opened_on")
    points = copied(ServicePoint, names, ((pk, "1号窗口", "办理证明", day - timedelta(days=60)) for pk in villages))
    names = ("window_id", "cycle_id", "week_on", "way", "step", "count")
    copied(
        MarkTally,
        names,
        (
            (point, cycle.pk, monday - timedelta(weeks=week), "phone", step, 7 + (point + week) % 9 - place)
            for point in points
            for week in range(8)
            for place, step in enumerate(STEPS)
        ),
    )
    names = ("window_id", "day", "way", "kind", "count")
    copied(
        WindowFlag, names, ((point, day - timedelta(days=point % 30), "phone", "burst", 30) for point in points[::5])
    )


def _announce(small: Any, cycle: Any) -> None:
    """A running notice of two candidates, and answers to a promise of the small district, looked at."""
    from tests.cast.awards import published_notice
    from tests.cast.commitments import promises_of

    from zhengyou.commitments import actions, queries
    from zhengyou.remarks import actions as remarks
    from zhengyou.web.shared import clock

    at = clock.now() - timedelta(minutes=1)
    published_notice(small, cycle, at=at)
    promise = promises_of(queries.commitment_of(cycle, small.villages[0]))[0]
    rows = [
        actions.answer_promise(
            promise=promise, mark="off_course", words=f"第{n}处还没有动静", arrival=None, at=at
        ).remark
        for n in range(60)
    ]
    remarks.show_remarks(remarks=rows, at=at, by=small.office)
    for row in rows[::10]:
        remarks.answer_remark(remark=row, answer="下周动工。", at=at, by=small.secretaries[0])
