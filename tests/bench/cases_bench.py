"""`case_deeds_p95`: a day of a hundred cases where 100,000 stand in the tables, and the lists in between.

A hundred reports are received, given, called back, passed on, paused, answered, judged, reopened and handed over by the deeds that pages
call, and after each kind of deed lists and figures are opened. Of 100 deeds of a kind 95 take at most 100 ms, of lists of office and desk
100, of public ones 50; what the worker does at the end of a day stands beside them. All of it is taken back, so that the kept house stays
as it was. Run: `PYTHONPATH=src:. python -m tests.bench.cases_bench`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from tests.bench.large_district import LargeDistrict, large_district
from tests.bench.large_district_bench import BUDGET, OF_LISTS, ROOT, opened, percentile, spent

A_DAY, UNITS = 100, 20
OF_DEEDS = 100  # ms
OF_A_DAYS_END = 10_000  # ms: nobody waits for it
DAY = timedelta(days=1)
COUNTED = 10  # the first of so many is not timed, and its statements are counted
OPENED = 5  # times each list is opened after each kind of deed
PHONE, PUBLIC_KINDS = "0745-0000000", 4


@dataclass
class Times:
    """Milliseconds by the clock and of processors, ours and the database's, and the numbers of statements that were counted."""

    goal: int
    clock: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    statements: set[int] = field(default_factory=set)


class TakenBack(Exception):
    """Ends the transaction of a day without a trace."""


class Watch:
    """What took how long, by name."""

    def __init__(self) -> None:
        self.took: dict[str, Times] = {}
        self._asked: dict[str, int] = {}

    def over(self, name: str, do: Callable[[], Any], goal: int = OF_DEEDS) -> Any:
        """Do it, and keep how long it took, or how many statements."""
        from zhengyou.base.stack import with_room

        times, asked = self.took.setdefault(name, Times(goal)), self._asked.get(name, 0)
        self._asked[name] = asked + 1
        if asked % COUNTED == 0:
            with counting() as statements:
                found = do()
            times.statements.add(len(statements))
            return found
        before, start = spent(), time.perf_counter()
        found = with_room(do)  # as a worker does
        times.clock.append((time.perf_counter() - start) * 1000)
        times.processor.append((spent() - before) * 1000)
        return found


@contextmanager
def counting() -> Iterator[list[str]]:
    """The statements that are sent meanwhile, without those by which a transaction within another one begins and ends."""
    sent: list[str] = []

    def keep(execute: Any, sql: str, *rest: Any) -> Any:
        if "SAVEPOINT" not in sql:
            sent.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(keep):
        yield sent


def a_day(district: LargeDistrict, watch: Watch, now: datetime) -> None:
    """Everything, in the order of a case's life; yesterday's verdicts stand when the day is over."""
    from zhengyou.rhythm import actions as rhythm

    people = _people(district, now - 10 * DAY)
    pages = partial(_lists, district, people, watch)
    rhythm.forget(at=now - 6 * DAY)  # the weeks before, once
    cases, around = _received(people, watch, now - 5 * DAY, pages)
    cases = _given(district, people, cases, watch, now - 4 * DAY, pages)
    _worked_on(district, people, cases, watch, now - 3 * DAY, pages)
    _answered(district, people, cases, watch, now - 2 * DAY, pages)
    watch.over("the end of a day, by the worker", partial(rhythm.forget, at=now - DAY), OF_A_DAYS_END)
    pages()
    _said_again(people, cases, around, watch, now - DAY, pages)
    for _time in range(2):
        watch.over("the end of a day, by the worker", partial(rhythm.forget, at=now), OF_A_DAYS_END)
        pages()


@dataclass(frozen=True)
class People:
    """Who acts: the office and its second person, whoever leads each unit, who decides above them, and a reader."""

    office: Any
    second: Any
    heads: dict[int, Any]
    above: Any
    reader: Any
    units: list[Any]
    clients: dict[str, Client]


def _people(district: LargeDistrict, at: datetime) -> People:
    """Twenty villages with somebody who leads each, and two people who read what goes around its target."""
    from django.contrib.auth import get_user_model
    from tests.cast.cases import named_reader

    from zhengyou.base.models import NumberSeries
    from zhengyou.organisations.models import Organisation, Person, Post

    root = district.cycle.campaign.organisation
    units = list(Organisation.objects.filter(depth=2, code__startswith="8").order_by("code")[:: 2000 // UNITS][:UNITS])
    heads = {unit.pk: Person.objects.filter(organisation=unit).order_by("pk")[0] for unit in units}
    role = {"role": Post.Role.SECRETARY, "from_on": at.date()}
    Post.objects.bulk_create([Post(organisation=unit, person=heads[unit.pk], **role) for unit in units])
    readers = [Person.objects.create(number=f"R{n}", name=f"纪检{n}", organisation=root) for n in range(2)]
    for reader in readers:
        named_reader(organisation=root, person=reader, at=at, by=district.office)
    NumberSeries.objects.update_or_create(kind="case", year=at.year, defaults={"last": 1_000_000})
    head = heads[units[0].pk]
    asking = {"accept-language": "zh-CN", "host": "localhost", "accept-encoding": "gzip"}
    clients = {"everybody": Client(headers=asking)}
    for name, person in {"office": district.office, "unit": head, "reader": readers[0]}.items():
        account, _new = get_user_model().objects.get_or_create(person=person, defaults={"login": person.number})
        clients[name] = Client(headers=asking)
        clients[name].force_login(account)
    second = Person.objects.get(number="P0001")
    return People(district.office, second, heads, district.leader, readers[0], units, clients)


def _lists(district: LargeDistrict, people: People, watch: Watch) -> None:
    """What people open between two deeds, each several times."""
    cycle = district.cycle
    pages = {
        "the clerk's list": ("office", reverse("office-cases", args=[cycle.pk])),
        "the clerk's list, to be given": ("office", f"{reverse('office-cases', args=[cycle.pk])}?due=give"),
        "the clerk's list, a number": ("office", f"{reverse('office-cases', args=[cycle.pk])}?q=1000007"),
        "the unit's list": ("unit", reverse("desk-cases")),
        "the readers' list": ("reader", reverse("desk-guarded")),
        "the public list": ("everybody", reverse("public-cases")),
        "the public figures": ("everybody", reverse("public-case-figures")),
    }
    for name, (who, address) in pages.items():
        for _time in range(OPENED):
            goal = BUDGET if who == "everybody" else OF_LISTS
            watch.over(name, partial(opened, people.clients[who], address, 0), goal)


def _received(people: People, watch: Watch, at: datetime, pages: Callable[[], None]) -> tuple[list[Any], list[Any]]:
    """A hundred reports, of which every second one left a telephone and five go around their target; these apart."""
    from zhengyou.campaigns.models import Cycle
    from zhengyou.cases import actions, rules

    cycle = Cycle.objects.get()
    kinds = [one.id for one in cycle.ruleset.case_kinds if not rules.body_of(one, cycle)]
    around = rules.kind_around(cycle)
    rows = []
    for n in range(A_DAY):
        facts = {
            "unit": people.units[n % UNITS],
            "kind": around.id if around and n % 20 == 7 else kinds[n % len(kinds)],
            "words": f"第{n}件事，去了三次，窗口都说材料不齐，没有一次说清缺什么。",
            "contact": PHONE if n % 2 else "",
            "source": "report" if n % 3 else "phone",
            "by": None if n % 3 else people.office,
        }
        take = partial(actions.receive_case, **facts, ticket=uuid.uuid4(), at=at)
        rows.append(watch.over("receive", take).case)
    pages()
    return [row for row in rows if not row.is_guarded], [row for row in rows if row.is_guarded]


def _given(
    district: LargeDistrict, people: People, cases: list[Any], watch: Watch, at: datetime, pages: Callable[[], None]
) -> list[Any]:
    """Each opened and given by the office, by its page; the last ten together, by kind alone."""
    from zhengyou.cases import actions
    from zhengyou.cases.models import Case

    one_by_one, together = cases[:-10], cases[-10:]
    for row in one_by_one:
        watch.over("open a case, as the clerk", partial(_page, people, "office", "office-case", row.pk))
        give = partial(
            actions.assign_case, case=row, to=row.unit, target_text="请查办事窗口。", at=at, by=people.office
        )
        watch.over("give", give)
    watch.over("give ten by their kind", partial(actions.assign_cases, cases=together, at=at, by=people.office), 1000)
    pages()
    return list(
        Case.objects.filter(pk__in=[row.pk for row in cases]).select_related("unit", "cycle").order_by("lookup")
    )


def _page(people: People, who: str, name: str, *place: Any) -> bytes:
    return opened(people.clients[who], reverse(name, args=place), 0)


def _worked_on(
    district: LargeDistrict, people: People, cases: list[Any], watch: Watch, at: datetime, pages: Callable[[], None]
) -> None:
    """Called back, or written to; ten of them passed on and taken, ten paused at their units' asking, five of these started again."""
    from zhengyou.cases import actions, pausing, reporting

    for row in cases:
        if row.has_phone:
            say: Any = partial(pausing.call_back, words="通过电话，说好下周再看。")
        else:
            say = partial(actions.write_message, words="收到了，正在查。", as_office=True)
        name = "call back" if row.has_phone else "write to the reporter"
        watch.over(name, partial(say, case=row, at=at, by=people.office))
        watch.over("write as the reporter", partial(reporting.write_as_reporter, case=row, words="好的，谢谢。", at=at))
    pages()
    for row in cases[:10]:
        to = next(unit for unit in people.units if unit.pk != row.unit_id)
        pass_on = partial(
            actions.pass_on, case=row, to=to, words="这条路归他们管。", at=at, by=people.heads[row.unit_id]
        )
        row.unit = watch.over("pass on", pass_on).unit
        watch.over("take on", partial(actions.take_on, case=row, at=at, by=people.heads[row.unit_id]))
    why: dict[str, Any] = {"why": "delivery", "words": "等材料到货。", "at": at}
    for n, row in enumerate(cases[10:20]):
        ask = partial(pausing.ask_for_pause, case=row, by=people.heads[row.unit_id], **why)
        watch.over("ask for a pause", ask)
        pause = partial(pausing.pause_clock, case=row, until_on=(at + 4 * DAY).date(), by=people.office, **why)
        watch.over("pause", pause)
        if n % 2:
            watch.over("start again", partial(pausing.start_clock, case=row, at=at, by=people.office))
    pages()


def _answered(
    district: LargeDistrict, people: People, cases: list[Any], watch: Watch, at: datetime, pages: Callable[[], None]
) -> None:
    """Put right, ten of them not to be done, as the level above confirms; then their reporters' verdicts."""
    from zhengyou.cases import actions, reporting

    for n, row in enumerate(cases):
        head = people.heads[row.unit_id]
        place = (row.year, row.number)
        if row.unit_id == people.units[0].pk:
            watch.over("open a case, as its unit", partial(_page, people, "unit", "desk-case", *place))
        if n % 10 == 9:
            no = partial(actions.say_impossible, case=row, lacks="means", words="今年没有这笔钱。", at=at, by=head)
            watch.over("say that it cannot be done", no)
            sure: dict[str, Any] = {"confirms": True, "words": "核实过，今年确实没有。"}
            watch.over(
                "confirm that",
                partial(actions.answer_impossible, case=row, at=at, by=people.above, **sure),
            )
        else:
            watch.over("answer", partial(actions.say_fixed, case=row, says="窗口贴出了材料清单。", at=at, by=head))
    pages()
    for n, row in enumerate(cases[:90]):
        says = ("solved", "solved", "partly", "not_solved")[n % 4]
        judge = partial(reporting.give_verdict, case=row, verdict=says, goes_on=says == "not_solved", at=at)
        watch.over("verdict", judge)
    pages()


def _said_again(
    people: People, cases: list[Any], around: list[Any], watch: Watch, at: datetime, pages: Callable[[], None]
) -> None:
    """Ten closed ones are opened again by their reporters; what goes around its target is handed over."""
    from zhengyou.cases import guarding, reporting
    from zhengyou.cases.models import Case

    closed = Case.objects.filter(pk__in=[row.pk for row in cases], state="closed").order_by("lookup")
    for row in closed[:10]:
        again = partial(reporting.reopen_case, case=row, words="三天后又是老样子。", at=at)
        watch.over("open again", again)
    for row in around:
        hand = partial(guarding.hand_over, case=row, words="已移交。", at=at, by=people.reader)
        watch.over("hand over", hand)
    pages()


def watched() -> Watch:
    """One such day in a large district, taken back afterwards."""
    watch = Watch()
    with large_district() as district:
        from zhengyou.management.serving.web_workers import keep_by_thread, keep_what_is_loaded
        from zhengyou.web.shared import clock

        keep_by_thread()
        keep_what_is_loaded()
        with suppress(TakenBack), transaction.atomic():
            a_day(district, watch, clock.now())
            raise TakenBack
    return watch


def measure() -> list[dict[str, Any]]:
    """The slowest kind of deed, and the slowest list, each against its goal; in a process of its own."""
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    command = [sys.executable, "-m", "tests.bench.cases_bench", "--json"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment, cwd=ROOT)
    rows: dict[str, tuple[int, float]] = json.loads(done.stdout.splitlines()[-1])
    name = max(rows, key=lambda one: rows[one][1] / rows[one][0])
    goal, took = rows[name]
    return [
        {
            "name": "case_deeds_p95",
            "ours": round(took, 1),
            "reference": goal,
            "ratio": round(took / goal, 3),
            "unit": f"ms ({name})",
        }
    ]


def main() -> None:
    """Print every kind of deed and list, or one line of JSON."""
    took = {name: times for name, times in watched().took.items() if times.clock}
    if "--json" in sys.argv:
        print(json.dumps({name: (times.goal, percentile(sorted(times.clock))) for name, times in took.items()}))
        return
    print(f"{'':34}{'times':>6}{'goal':>7}{'p50':>8}{'p95':>8}{'processor: p50':>16}{'p95':>8}  statements")
    for name, times in took.items():
        clock, processor = sorted(times.clock), sorted(times.processor)
        shown = [clock[len(clock) // 2], percentile(clock)]
        ours = [processor[len(processor) // 2], percentile(processor)]
        counts = "–".join(str(n) for n in dict.fromkeys([min(times.statements), max(times.statements)]))
        print(
            f"{name:34}{len(clock):6}{times.goal:7}{shown[0]:8.1f}{shown[1]:8.1f}{ours[0]:16.1f}{ours[1]:8.1f}  {counts}"
        )


if __name__ == "__main__":
    main()
