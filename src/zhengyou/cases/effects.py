"""What a reporter says stands in the case when the day is over: a unit that looks every hour would else know the hour.

A verdict, a reopening and “nobody called” are steps at once, for their reporter and the office; how the case stands, its clocks, lists
and figures follow at the turn of the day, for everybody alike, since they are read from the row.
"""

from collections.abc import Iterable
from copy import copy
from datetime import date, datetime, timedelta

from django.db import transaction

from zhengyou.base.deeds import locked
from zhengyou.base.time import local_day, week_of
from zhengyou.cases import reader_queries, tallies
from zhengyou.cases.models import Case, CaseStep

Kind, State = CaseStep.Kind, Case.State
WAITING = (Kind.VERDICT, Kind.REOPENED, Kind.NOT_CALLED)


def is_told(step: CaseStep, case: Case) -> bool:
    """Whether others than its reporter and the office learn of this step of the case by now."""
    return step.kind not in WAITING or case.said_on is None or step.on < case.said_on


def as_said(case: Case, steps: Iterable[CaseStep] | None = None) -> Case:
    """The case as its reporter sees it: with what they said today. What is handed in stays as it is."""
    if case.said_on is None:
        return case
    seen = copy(case)
    _say(seen, _said(case) if steps is None else steps)
    return seen


def held(case: Case, at: datetime) -> Case:
    """The case, locked; what its reporter said on an earlier day stands in it."""
    row = locked(case, *reader_queries.RELATED)
    if row.said_on is not None and row.said_on < local_day(at):
        before = tallies.seen_of(row)
        _say(row, _said(row))
        row.said_on = None
        row.save()
        tallies.mark(before, row)
    return row


@transaction.atomic
def settle(*, at: datetime) -> int:
    """Let what reporters said on earlier days stand in their cases. How many. The worker calls it; twice is harmless."""
    rows = list(Case.objects.filter(said_on__lt=local_day(at)).order_by("lookup"))
    for row in rows:
        held(row, at)
    return len(rows)


def _said(case: Case) -> list[CaseStep]:
    return list(CaseStep.objects.filter(case=case, on__gte=case.said_on).order_by("number"))


def _say(case: Case, steps: Iterable[CaseStep]) -> None:
    for step in steps:
        if case.said_on is not None and step.on >= case.said_on:
            _take(case, step.kind, step.said, step.on)


def _take(case: Case, kind: str, said: str, on: date) -> None:
    """What one step changes. A reopened case is to be fixed, and its clock begins when the week is over: everybody sees the clock."""
    if kind == Kind.VERDICT:
        case.verdict, case.turn_on = said, on
        case.state, case.closed_on = State.CLOSED, on
    elif kind == Kind.REOPENED:
        case.state, case.from_on, case.turn_on = State.ASSIGNED, week_of(on) + timedelta(days=6), on
        case.fixed_on = case.closed_on = None
        case.reopened, case.lacks = case.reopened + 1, ""
    elif kind == Kind.NOT_CALLED:
        case.called_on, case.calls_denied = None, case.calls_denied + 1
    elif kind == Kind.CALLED:  # once more, after its reporter had said that nobody called
        case.called_on = case.called_on or on
