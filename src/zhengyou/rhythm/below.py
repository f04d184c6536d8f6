"""How the units below somebody stand with their promises: each of them in a table, and all of them in a few figures.

Made of values: tables of two thousand rows of models cost most of their time.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import Cycle
from zhengyou.campaigns.ruleset import Purpose
from zhengyou.commitments import queries as commitments
from zhengyou.commitments.models import Commitment, OutcomeStatement, Promise
from zhengyou.keeping import owing
from zhengyou.organisations import tree
from zhengyou.organisations.models import Organisation
from zhengyou.plans import queries as plans
from zhengyou.situations import queries as situations

MOST_PRESSING = 5
OF_A_COMMITMENT = (
    "organisation",
    "state",
    "published_at",
)  # whole rows would cost a table of thousands most of its time


@dataclass(frozen=True)
class UnitPromises:
    """How one unit stands with its promises, for the levels above it. `promises` counts those written, or published.

    Of what is published, `reported` have a report, `doubted` have an answer that doubts them (`doubted_first` is the id of the first),
    `overdue` are past their day without a word on how they ended; about `contested` the unit owes an answer, and about `earlier` of
    closed cycles, the longest since `late_since`. `is_late`: the stage is over and nothing is published. `report_due_on`: the past day
    of a report on the situation that it has not told.
    """

    organisation: Organisation | tree.PlacedUnit
    theme: str
    commitment: Commitment | None
    counts: commitments.UnitCounts
    promises: int
    contested: int
    is_late: bool
    promised_by: date | None
    earlier: int
    late_since: date | None
    report_due_on: date | None

    @property
    def reported(self) -> int:
        return self.counts.reported

    @property
    def doubted(self) -> int:
        return self.counts.doubted

    @property
    def doubted_first(self) -> int | None:
        return self.counts.doubted_first

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
        return self.commitment is not None and self.commitment.state == Commitment.State.PUBLISHED

    @property
    def state(self) -> str:
        """The state of its promises, or `none` where it has not begun."""
        return self.commitment.state if self.commitment else "none"

    @property
    def urgency(self) -> int:
        """What a level above looks at first: 0 what people wait for, 1 its own review, 2 what may be slow or doubted, 3 a late report
        alone, 4 nothing.
        """
        if self.overdue or self.owed or self.is_late:
            return 0
        if "waiting" in self.concerns:
            return 1
        return 2 if self.concerns - {"untold"} else 3 if self.concerns else 4

    @cached_property
    def concerns(self) -> set[str]:
        """What to look at: any of late, waiting, unreported, doubted, contested, earlier, untold, overdue."""
        found = {
            "late": self.is_late,
            "waiting": self.state == Commitment.State.PROPOSED,
            "unreported": self.is_published and not self.reported,
            "doubted": bool(self.doubted),
            "contested": bool(self.owed),
            "earlier": bool(self.earlier),
            "untold": self.report_due_on is not None,
            "overdue": bool(self.overdue),
        }
        return {what for what, is_so in found.items() if is_so}


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
    asked = _taking_part_below(calendar.cycle, uppers)
    return units_standing(calendar, tree.placed(asked, calendar.top), on, asked)


def units_standing(
    calendar: Calendar,
    units: Sequence[Organisation | tree.PlacedUnit],
    on: date,
    asked: QuerySet[Organisation] | None = None,
) -> list[UnitPromises]:
    """How these units stand, in their order. About ten queries; `asked`: the query by which many of them were found."""
    cycle, is_over = calendar.cycle, calendar.is_over(Purpose.PROMISE, on)
    asked = Organisation.objects.filter(pk__in=[one.pk for one in units]) if asked is None else asked
    themes = plans.practice_themes(cycle)
    begun = {row.organisation_id: row for row in commitments.begun_by(cycle, asked).only(*OF_A_COMMITMENT)}
    drafts = commitments.states_by_commitment(commitments.begun_by(cycle, asked))
    counts, none = commitments.figures_by_unit(cycle, asked, on), commitments.UnitCounts()
    owed, before = owing.owed_by_unit(cycle, asked), owing.days_of_earlier(asked, cycle.campaign)
    silent = {one.organisation.pk: one.due_on for one in situations.late_in(calendar, units, on)}
    return [
        UnitPromises(
            unit,
            themes.get(unit.pk, ""),
            commitment := begun.get(unit.pk),
            counts.get(unit.pk, none),
            promises=_written(drafts, commitment),
            contested=owed[unit.pk],
            is_late=is_over and not (commitment and commitment.published_at),
            promised_by=_promised_by(calendar, commitment),
            earlier=len(before[unit.pk]),
            late_since=min(before[unit.pk], default=None),
            report_due_on=silent.get(unit.pk),
        )
        for unit in units
    ]


def _written(drafts: dict[int, dict[str, int]], commitment: Commitment | None) -> int:
    """How many promises it has, but those withdrawn."""
    states = drafts[commitment.pk] if commitment else {}
    return sum(n for state, n in states.items() if state != Promise.State.WITHDRAWN)


def _promised_by(calendar: Calendar, commitment: Commitment | None) -> date | None:
    """Where nothing is published yet, the last day of the stage of promising."""
    window = calendar.window(Purpose.PROMISE)
    return window.closes_on if window and not (commitment and commitment.published_at) else None


def promises_below(calendar: Calendar, uppers: list[Organisation], on: date) -> PromisesBelow:
    """The units below these organisations in a few figures. About a dozen queries."""
    cycle, units = calendar.cycle, _taking_part_below(calendar.cycle, uppers)
    states = Commitment.objects.filter(cycle=cycle, organisation__in=units, kind=Commitment.Kind.YEARLY).aggregate(
        published=Count("pk", filter=Q(state=Commitment.State.PUBLISHED)),
        waiting=Count("pk", filter=Q(state=Commitment.State.PROPOSED)),
    )
    ended = OutcomeStatement.objects.filter(promise=OuterRef("pk"))
    overdue = commitments.published_in(cycle, units).filter(~Exists(ended), due_on__lt=on)
    past = Counter(dict(overdue.order_by().values_list("commitment__organisation").annotate(n=Count("pk"))))
    owed = owing.owed_by_unit(cycle, units)
    before = owing.days_of_earlier(units, cycle.campaign)
    owed.update({unit: len(days) for unit, days in before.items()})
    first = sorted(past | owed, key=lambda unit: (-(past[unit] + owed[unit]), unit))[:MOST_PRESSING]
    rows = Organisation.objects.filter(pk__in=first).values_list("pk", "code", "name")
    named = {pk: PressingUnit(code, name, past[pk], owed[pk]) for pk, code, name in rows}
    pressing = tuple(named[unit] for unit in first)
    oldest = min((day for days in before.values() for day in days), default=on)
    return PromisesBelow(
        units.count(),
        states["published"],
        states["waiting"],
        past.total(),
        owed.total(),
        pressing,
        earlier=sum(len(days) for days in before.values()),
        days_late=max((on - oldest).days, 0),
        untold=situations.number_late(calendar, units, on),
    )


def _taking_part_below(cycle: Cycle, uppers: list[Organisation]) -> QuerySet[Organisation]:
    return commitments.promising_organisations(cycle).filter(tree.below(uppers))
