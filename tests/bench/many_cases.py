"""A hundred thousand cases over units, as a year of a large district brings them, for benches: most are closed, some late, a few paused.

Rows are written as the actions would, in bulk: a hundred thousand deeds would take an hour.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from tests.bench.copying import copied

YEAR = 330  # days over which they came
OPEN_OF_ALL = 12  # one of so many is open
NAMES = (
    "cycle_id", "unit_id", "kind", "source", "year", "number", "lookup", "words", "target_text", "state", "received_on",
    "given_on", "from_on", "turn_on", "called_on", "fixed_on", "closed_on", "pauses", "has_phone", "unit_says", "verdict",
)  # fmt: skip


def fill_cases(cycle: Any, units: list[int], on: date, count: int = 100_000) -> None:
    """So many cases of a cycle in these units, by their ids, each with its steps."""
    from zhengyou.cases import tallies
    from zhengyou.cases.models import Case, CaseStep

    kinds = [one.id for one in cycle.ruleset.case_kinds if not one.body]
    first = Case.objects.filter(number__isnull=False).count()
    rows = [_case(n, first + n + 1, cycle.pk, units, kinds, on) for n in range(count)]
    ids = copied(Case, NAMES, rows)
    names = ("case_id", "number", "kind", "side", "unit_id", "on")
    copied(CaseStep, names, (step for pk, row in zip(ids, rows, strict=True) for step in _steps(pk, row)))
    tallies.keep()  # as the worker does within a minute


def _case(n: int, number: int, cycle: int, units: list[int], kinds: list[str], on: date) -> tuple[Any, ...]:
    received, is_open = on - timedelta(days=YEAR * (n % 1000) // 1000), n % OPEN_OF_ALL == 0
    fixed = received + timedelta(days=3 + n % 9)
    return (
        cycle,
        units[n % len(units)],
        kinds[n % len(kinds)],
        "window" if n % 3 else "report",
        on.year,
        number,
        hashlib.sha256(f"{number}".encode()).hexdigest(),
        "等了很久" if n % 2 else "",
        "请查窗口。",
        "assigned" if is_open else "closed",
        received,
        received,
        received,
        received,
        received + timedelta(days=1),
        None if is_open else fixed,
        None if is_open else fixed + timedelta(days=5),
        int(is_open and n % 600 == 0),
        n % 5 < 3,
        "" if is_open else "已办。",
        "" if is_open else ("solved", "partly", "not_solved", "")[n % 4],
    )


def _steps(pk: int, row: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """That it came and was assigned, and how it ended."""
    case = dict(zip(NAMES, row, strict=True))
    for number, kind in enumerate(("received", "verdict") if case["closed_on"] else ("received",), 1):
        yield pk, number, kind, "reporter", case["unit_id"], case["received_on"]


def case_addresses() -> dict[str, list[str]]:
    """The public pages of them."""
    from zhengyou.cases.models import Case

    some = Case.objects.filter(number__isnull=False).order_by("lookup")[:40]
    return {
        "cases": [reverse("public-cases")],
        "cases, late, far back": [f"{reverse('public-cases')}?late=yes&page=20"],
        "cases of a unit": [f"{reverse('public-cases')}?q={some[0].unit.name}" if some else reverse("public-cases")],
        "cases in figures": [reverse("public-case-figures")],
        "a case": [reverse("public-case", args=[row.year, row.number]) for row in some],
    }
