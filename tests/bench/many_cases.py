"""A hundred thousand cases over units, as a year of a large district brings them, for benches: most are closed, some late, a few paused.

Rows are written as the actions would, in bulk: a hundred thousand deeds would take an hour.
"""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from itertools import islice
from typing import Any

from django.urls import reverse

YEAR = 330  # days over which they came
OPEN_OF_ALL = 12  # one of so many is open


def fill_cases(cycle: Any, units: list[Any], on: date, count: int = 100_000) -> None:
    """So many cases of a cycle in these units, each with three steps."""
    from zhengyou.cases.models import Case, CaseStep

    kinds = [one.id for one in cycle.ruleset.case_kinds if not one.body]
    first = Case.objects.filter(number__isnull=False).count()
    numbers = iter(range(count))
    while piece := list(islice(numbers, 5000)):
        rows = Case.objects.bulk_create(_case(n, first + n + 1, cycle, units, kinds, on) for n in piece)
        CaseStep.objects.bulk_create(step for row in rows for step in _steps(row))


def _case(n: int, number: int, cycle: Any, units: list[Any], kinds: list[str], on: date) -> Any:
    from zhengyou.cases.models import Case

    received, is_open = on - timedelta(days=YEAR * (n % 1000) // 1000), n % OPEN_OF_ALL == 0
    fixed = received + timedelta(days=3 + n % 9)
    return Case(
        cycle=cycle,
        unit=units[n % len(units)],
        kind=kinds[n % len(kinds)],
        source=Case.Source.WINDOW if n % 3 else Case.Source.REPORT,
        year=on.year,
        number=number,
        lookup=hashlib.sha256(f"{number}".encode()).hexdigest(),
        words="等了很久" if n % 2 else "",
        target_text="请查窗口。",
        state=Case.State.ASSIGNED if is_open else Case.State.CLOSED,
        received_on=received,
        given_on=received,
        from_on=received,
        turn_on=received,
        called_on=received + timedelta(days=1),
        fixed_on=None if is_open else fixed,
        closed_on=None if is_open else fixed + timedelta(days=5),
        was_paused=is_open and n % 600 == 0,
        unit_says="" if is_open else "已办。",
        verdict="" if is_open else ("solved", "partly", "not_solved", "")[n % 4],
    )


def _steps(row: Any) -> list[Any]:
    from zhengyou.cases.models import CaseStep

    kinds = [CaseStep.Kind.RECEIVED, CaseStep.Kind.VERDICT] if row.closed_on else [CaseStep.Kind.RECEIVED]
    side = CaseStep.Side.REPORTER
    return [
        CaseStep(case=row, number=n, kind=kind, side=side, unit=row.unit, on=row.received_on)
        for n, kind in enumerate(kinds, 1)
    ]


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
