"""What figures count of all cases of a cycle, kept by the week in which units were given them, so that no page counts a hundred thousand.

A deed that changes what is counted of a case says in its own transaction that its week is stale. The worker counts stale weeks
again; until then whoever asks counts these from the cases themselves. So the figures are those of the cases at every moment.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain
from typing import Any

import chinese_calendar
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from zhengyou.base import locks
from zhengyou.base.prepared import prepared
from zhengyou.base.time import week_of
from zhengyou.campaigns.models import Cycle
from zhengyou.cases import counting
from zhengyou.cases.computing.timing import WEEK, working_days_from
from zhengyou.cases.models import Case, CaseWeek, CaseWeekStale
from zhengyou.organisations.models import Organisation

CALENDAR = str(chinese_calendar.__version__)  # another one may have other working days
DAYS = ("give", "call", "fix")
# Whether a telephone was left is asked of cases whose reporters were called alone, and then it changes no more.
SEEN = (
    "given_on", "body", "kind", "state", "verdict", "lacks", "from_on", "fixed_on", "called_on", "pauses", "calls_denied", "reopened",
    "hands",
)  # fmt: skip


@dataclass(frozen=True)
class Tally:
    """Counts of cases by kind, and how many took how many working days until they were given, called back and put right."""

    kinds: dict[str, Counter[str]] = field(default_factory=dict)
    took: dict[str, Counter[int]] = field(default_factory=lambda: {name: Counter() for name in DAYS})

    def add(self, other: "Tally") -> None:
        """Count these among it as well."""
        for kind, counts in other.kinds.items():
            self.kinds.setdefault(kind, Counter()).update(counts)
        for name, days in other.took.items():
            self.took[name].update(days)


def seen_of(case: Case) -> tuple[Any, ...]:
    """What figures see of a case; `mark` compares it with what they see afterwards."""
    return tuple(getattr(case, name) for name in SEEN)


def mark(before: tuple[Any, ...], case: Case) -> None:
    """Say that the week of a case is stale, if what figures see of it has changed: within the deed that changed it."""
    after = seen_of(case)
    weeks = {week_of(one[0]) for one in (before, after) if one[0]} if before != after else set()
    CaseWeekStale.objects.bulk_create([CaseWeekStale(cycle_id=case.cycle_id, week=week) for week in sorted(weeks)])


def of_cycle(cycle: Cycle) -> Tally:
    """What is counted of all cases of a cycle: the kept weeks, and the others from their cases."""
    told = Tally()
    kept = {week: counts for _cycle, week, counts in _fresh(cycle, CALENDAR)}
    for counts in kept.values():
        told.add(_read(counts))
    if left := _days_but(cycle, kept):
        told.add(counted(cycle, None, left))
    return told


def counted(cycle: Cycle, unit: Organisation | None, days: list[date] | None, least: int = 1) -> Tally:
    """The same from the cases themselves: of those given on these days, or on any; of one unit if one is given. How long they took is
    asked where there are so many at least.
    """
    kinds = {row.pop("kind"): Counter(row) for row in counting.by_kind(cycle, unit, days)}
    every = sum(kinds.values(), Counter[str]())
    told = Tally(kinds)
    for name, first, last, n in counting.days_taken(cycle, unit, days) if every["received"] >= least else ():
        if name != "fix" or every["said_fixed"] >= least:
            told.took[name][working_days_from(first, last)] += n
    return told


def keep() -> int:
    """Count the weeks again that are stale, or never were kept: how many. The worker calls it; again is harmless."""
    return sum(_keep(cycle) for cycle in _with_cases())


def wrong() -> list[tuple[Cycle, date]]:
    """The kept weeks that are not what their cases say: none, unless somebody wrote in the tables by hand."""
    found = [(cycle, week, counts) for cycle in _with_cases() for _cycle, week, counts in _fresh(cycle, CALENDAR)]
    return [(cycle, week) for cycle, week, counts in found if _written(cycle, week) != counts]


def _with_cases() -> QuerySet[Cycle]:
    return Cycle.objects.filter(Exists(Case.objects.filter(cycle=OuterRef("pk")))).order_by("pk")


@transaction.atomic
def _keep(cycle: Cycle) -> int:
    locks.alone(locks.WEEKS, cycle.pk)
    stale = list(
        CaseWeekStale.objects.filter(cycle=cycle).values_list("pk", flat=True)
    )  # what comes later waits for the next time
    kept = [week for _cycle, week, _counts in _fresh(cycle, CALENDAR)]
    weeks = {week_of(day) for day in _days_but(cycle, kept)}
    CaseWeek.objects.filter(cycle=cycle).exclude(week__in=kept).delete()
    rows = [CaseWeek(cycle=cycle, week=week, calendar=CALENDAR, counts=_written(cycle, week)) for week in sorted(weeks)]
    CaseWeek.objects.bulk_create(rows)
    CaseWeekStale.objects.filter(pk__in=stale).delete()
    return len(rows)


@prepared
def _fresh(cycle: Cycle, calendar: str) -> QuerySet[Any, tuple[int, date, dict[str, Any]]]:
    """The kept weeks that are not stale, with their cycle and counts."""
    stale = CaseWeekStale.objects.filter(cycle=cycle).values("week")
    rows = CaseWeek.objects.filter(cycle=cycle, calendar=calendar).exclude(week__in=stale)
    return rows.values_list("cycle", "week", "counts")


def _days_but(cycle: Cycle, weeks: Collection[date]) -> list[date]:
    """The days on which cases can have been given, without those of these weeks."""
    found: list[date] = []
    for first, last in zip(counting.first_giving(cycle), counting.last_giving(cycle), strict=False):
        monday = week_of(first)
        all_weeks = (monday + n * WEEK for n in range((last - monday).days // 7 + 1))
        found += chain.from_iterable(_days(week) for week in all_weeks if week not in weeks)
    return found


def _days(week: date) -> list[date]:
    return [week + timedelta(days=n) for n in range(7)]


def _written(cycle: Cycle, week: date) -> dict[str, Any]:
    """What is kept of a week: no day of a case, only how many took how long."""
    told = counted(cycle, None, _days(week))
    took = {name: {str(days): n for days, n in sorted(counts.items())} for name, counts in told.took.items()}
    return {"kinds": {kind: dict(counts) for kind, counts in sorted(told.kinds.items())}, "took": took}


def _read(counts: dict[str, Any]) -> Tally:
    took = {name: Counter({int(days): n for days, n in one.items()}) for name, one in counts["took"].items()}
    return Tally({kind: Counter(one) for kind, one in counts["kinds"].items()}, took)
