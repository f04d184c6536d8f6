"""How the units below somebody stand with their promises: each of them in a table, and all of them in a few figures.

Made of values: tables of two thousand rows of models cost most of their time.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, cast

from django.db.models import Count, Exists, OuterRef, QuerySet

from zhengyou.base.prepared import prepared
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import Cycle
from zhengyou.campaigns.ruleset import Purpose
from zhengyou.commitments import by_unit
from zhengyou.commitments import queries as commitments
from zhengyou.commitments.models import Commitment, OutcomeStatement, Promise
from zhengyou.keeping import owing
from zhengyou.organisations import tree
from zhengyou.organisations.models import Organisation
from zhengyou.plans import queries as plans
from zhengyou.situations import queries as situations

MOST_PRESSING = 5
FEW = 100  # units that are named in a question; of more all of the cycle are asked for
# What to look at, in the order of what `_looked_at` is told.
CONCERNS = ("late", "waiting", "unreported", "doubted", "contested", "earlier", "untold", "overdue")


@dataclass(slots=True)
class UnitPromises:
    """How one unit stands with its promises, for the levels above it. `promises` counts those written, or published.

    Of what is published, `reported` have a report, `doubted` have an answer that doubts them, `overdue` are past their day without a
    word on how they ended; about `contested` the unit owes an answer, and about `earlier` of closed cycles, the longest since
    `late_since`. `is_late`: the stage is over and nothing is published. `report_due_on`: the past day of a report on the situation
    that it has not told. `concerns`: what to look at; `urgency`: what a level above looks at first.
    """

    organisation: Organisation | tree.PlacedUnit
    theme: str
    commitment: by_unit.Begun | None
    counts: by_unit.UnitCounts
    contested: int
    is_late: bool
    promised_by: date | None
    earlier: int
    late_since: date | None
    report_due_on: date | None
    state: str = field(init=False)
    concerns: frozenset[str] = field(init=False)
    urgency: int = field(init=False)

    def __post_init__(self) -> None:
        counts, self.state = self.counts, self.commitment.state if self.commitment else "none"
        self.concerns, self.urgency = _looked_at(
            self.is_late,
            self.state == Commitment.State.PROPOSED,
            self.is_published and not counts.reported,
            counts.doubted > 0,
            self.owed > 0,
            self.earlier > 0,
            self.report_due_on is not None,
            counts.overdue > 0,
        )

    @property
    def promises(self) -> int:
        return self.counts.written

    @property
    def reported(self) -> int:
        return self.counts.reported

    @property
    def doubted(self) -> int:
        return self.counts.doubted

    @property
    def overdue(self) -> int:
        return self.counts.overdue

    @property
    def next_day(self) -> date | None:
        """By when the next thing is due: a promise that has not ended, or the promises themselves."""
        return self.counts.next_day or self.promised_by

    @property
    def owed(self) -> int:
        """About how many promises it owes everybody an answer, of this cycle and of those before."""
        return self.contested + self.earlier

    @property
    def is_published(self) -> bool:
        return self.state == Commitment.State.PUBLISHED


@cache
def _looked_at(*are_so: bool) -> tuple[frozenset[str], int]:
    """Which of the concerns are so, and what a level above looks at first: 0 what people wait for, 1 its own review, 2 what may be slow
    or doubted, 3 a late report alone, 4 nothing. Of thousands of units few differ.
    """
    found = frozenset(what for what, is_so in zip(CONCERNS, are_so, strict=True) if is_so)
    if found & {"overdue", "contested", "late"}:
        return found, 0
    if "waiting" in found:
        return found, 1
    return found, 2 if found - {"untold"} else 3 if found else 4


@dataclass(frozen=True)
class PressingUnit:
    """A unit that people wait for: so many promises past their day without a word, so many about which it owes an answer in public."""

    code: str
    name: str
    overdue: int
    contested: int


@dataclass(frozen=True)
class PromisesBelow:
    """The units below somebody in a few figures: how many take part, have published, wait for a review; promises past their day,
    and those about which an answer is owed, of them `earlier` from closed cycles, the oldest so many `days_late`; the few units that
    people wait for most; how many have not told their report on the situation (`untold`).
    """

    units: int
    published: int
    waiting: int
    overdue: int
    contested: int = 0
    pressing: tuple[PressingUnit, ...] = ()
    earlier: int = 0
    days_late: int = 0
    untold: int = 0


def units_below(calendar: Calendar, uppers: list[Organisation], on: date) -> list[UnitPromises]:
    """How the units below these organisations stand with their promises, in the order of the tree. About a dozen queries for any number."""
    asked = commitments.promising_organisations(calendar.cycle).filter(tree.below(uppers))
    return units_standing(calendar, tree.placed(asked, calendar.top), on)


def units_standing(calendar: Calendar, units: Sequence[Organisation | tree.PlacedUnit], on: date) -> list[UnitPromises]:
    """How these units stand, in their order. About eight queries."""
    if not units:
        return []
    cycle, is_over, window = calendar.cycle, calendar.is_over(Purpose.PROMISE, on), calendar.window(Purpose.PROMISE)
    ids = [unit.pk for unit in units]
    named = _named(ids)
    themes, begun = plans.practice_themes(cycle, named), by_unit.begun_in(cycle, named)
    counts, none = by_unit.figures_by_unit(cycle, named, on), by_unit.UnitCounts()
    owed, before = owing.owed_by_unit(cycle, named), _days_of_earlier(cycle, ids)
    silent = {one.organisation.pk: one.due_on for one in situations.late_in(calendar, units, on)}
    rows = []
    for unit in units:
        pk = unit.pk
        commitment, days = begun.get(pk), before.get(pk, ())
        was_published = commitment is not None and commitment.was_published
        rows.append(
            UnitPromises(
                unit,
                themes.get(pk, ""),
                commitment,
                counts.get(pk, none),
                contested=owed[pk],
                is_late=is_over and not was_published,
                promised_by=window.closes_on if window and not was_published else None,  # the last day of the stage
                earlier=len(days),
                late_since=min(days, default=None),
                report_due_on=silent.get(pk),
            )
        )
    return rows


def _named(units: Collection[int]) -> list[int] | None:
    return sorted(units) if len(units) <= FEW else None


def _days_of_earlier(cycle: Cycle, units: Collection[int]) -> dict[int, list[date]]:
    """As `owing.days_of_earlier`, of these units by their ids."""
    named, every = _named(units), set(units)
    asked = commitments.promising_organisations(cycle) if named is None else named
    return {unit: days for unit, days in owing.days_of_earlier(asked, cycle.campaign).items() if unit in every}


def promises_below(calendar: Calendar, uppers: list[Organisation], on: date) -> PromisesBelow:
    """The units below these organisations in a few figures. About ten queries."""
    cycle, states = calendar.cycle, Counter[str]()
    units: set[int] = set()
    for upper in tree.topmost(uppers):
        units |= set(_ids_below(calendar.top.path, upper.path, upper.pk))
        states.update(dict(_states_below(cycle, calendar.top.path, upper.path, upper.pk)))
    if not units:
        return PromisesBelow(0, 0, 0, 0)
    named, before = _named(units), _days_of_earlier(cycle, units)
    past = Counter({unit: n for unit, n in _overdue_by_unit(cycle, named, on) if unit in units})
    owed = Counter({unit: n for unit, n in owing.owed_by_unit(cycle, named).items() if unit in units})
    owed.update({unit: len(days) for unit, days in before.items()})
    first = sorted(past | owed, key=lambda unit: (-(past[unit] + owed[unit]), unit))[:MOST_PRESSING]
    rows = Organisation.objects.filter(pk__in=first).values_list("pk", "code", "name")
    names = {pk: PressingUnit(code, name, past[pk], owed[pk]) for pk, code, name in rows}
    oldest = min((day for days in before.values() for day in days), default=on)
    return PromisesBelow(
        len(units),
        states[Commitment.State.PUBLISHED],
        states[Commitment.State.PROPOSED],
        past.total(),
        owed.total(),
        tuple(names[unit] for unit in first),
        earlier=sum(len(days) for days in before.values()),
        days_late=max((on - oldest).days, 0),
        untold=situations.number_late(calendar, units, on),
    )


@prepared
def _ids_below(top: str, path: str, upper: int) -> QuerySet[Any, int]:
    """The ids of the organisations that take part in a campaign, whose top has that path, and lie below another one."""
    return _taking_part(top, path, upper).order_by().values_list("pk", flat=True)


@prepared
def _states_below(cycle: Cycle, top: str, path: str, upper: int) -> QuerySet[Any, tuple[str, int]]:
    """How many of them stand how with their yearly promises."""
    units = _taking_part(top, path, upper).order_by().values("pk")
    rows: Any = Commitment.objects.filter(cycle=cycle, organisation__in=units, kind=Commitment.Kind.YEARLY).order_by()
    return cast("QuerySet[Any, tuple[str, int]]", rows.values_list("state").annotate(n=Count("pk")))


def _taking_part(top: str, path: str, upper: int) -> QuerySet[Organisation]:
    rows = Organisation.objects.filter(ended_on=None, parent__isnull=False, path__startswith=top)
    return rows.filter(path__startswith=path).exclude(pk=upper)


@prepared
def _overdue_by_unit(cycle: Cycle, units: list[int] | None, on: date) -> QuerySet[Any, tuple[int, int]]:
    """By unit how many of its promises are past their day without a word on how they ended."""
    ended = OutcomeStatement.objects.filter(promise=OuterRef("pk"))
    rows = Promise.objects.filter(commitment__state=Commitment.State.PUBLISHED, state=Promise.State.AGREED)
    rows = rows.filter(~Exists(ended), commitment__cycle=cycle, due_on__lt=on).order_by()
    rows = rows if units is None else rows.filter(commitment__organisation__in=units)
    counted: Any = rows.values_list("commitment__organisation").annotate(n=Count("pk"))
    return cast("QuerySet[Any, tuple[int, int]]", counted)
