"""What an office sees of what reporters said today, at once and as it will stand in their cases when the day is over
([decision 139](../../../docs/decisions/0139-an-office-sees-at-once-what-a-reporter-said.md)): in its list and among what is due.

No unit and nobody else is told before the day is over (`effects`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from django.db.models import Q, QuerySet

from zhengyou.base.prepared import prepared
from zhengyou.campaigns.models import Cycle
from zhengyou.cases import effects, queries, rules
from zhengyou.cases.models import Case, CaseStep
from zhengyou.cases.reader_queries import NOT_GUARDED, is_about_units
from zhengyou.organisations import tree
from zhengyou.organisations.models import Organisation

State = Case.State


@dataclass(frozen=True)
class Spoken:
    """The cases whose reporters said something today, as they said."""

    on: date
    rows: tuple[Case, ...]

    def ids(self, holds: Callable[[Case], bool]) -> list[int]:
        """Those of them of which this holds."""
        return [row.pk for row in self.rows if holds(row)]

    def also(self, which: Q, holds: Callable[[Case], bool]) -> Q:
        """`which` of all others, and of these those of which `holds` says so."""
        if not self.rows:
            return which
        return Q(which) & ~Q(pk__in=[row.pk for row in self.rows]) | Q(pk__in=self.ids(holds))

    def is_open(self) -> Q:
        """Those that are not closed yet."""
        return self.also(Q(state__in=rules.NOT_OVER), lambda row: row.state in rules.NOT_OVER)

    def in_state(self, state: str) -> Q:
        """Those that stand so."""
        return self.also(Q(state=state), lambda row: row.state == state)

    def late(self, cycle: Cycle) -> Q:
        """As `queries.late`."""
        return self.also(queries.late(cycle, self.on), self._is_late)

    def to_call(self, *, by_phone: bool) -> Q:
        """As `queries.to_call`."""
        return self.also(queries.to_call(by_phone=by_phone), partial(_is_uncalled, by_phone=by_phone))

    def _is_late(self, row: Case) -> bool:
        return row.state in rules.OPEN and any(one.is_late for one in queries.clocks_of(row, self.on).values())

    def lists(self) -> list[list[int]]:
        """Those of which something was said; of these the ones that are not closed, those that are late, those to call, those to write to.
        None of them is an empty list: a statement that is built once wants something in each.
        """
        holds: list[Callable[[Case], bool]] = [
            lambda _row: True,
            lambda row: row.state in rules.NOT_OVER,
            self._is_late,
        ]
        holds += [partial(_is_uncalled, by_phone=by_phone) for by_phone in (True, False)]
        return [self.ids(one) or [0] for one in holds]

    def as_said(self, row: Case) -> Case:
        """This case as its reporter said, if they said something today; else itself."""
        return next((one for one in self.rows if one.pk == row.pk), row)


def spoken_in(offices: Iterable[Organisation], own: set[int], cycle: Cycle, on: date) -> Spoken:
    """What was said in the cases of a cycle that these offices look after, but for those about one of the units in `own`, and does not
    stand in them yet, which is little on a day. One question for each office, and one more if something was said.
    """
    rows = [row for top in tree.topmost(offices) for row in _spoken(cycle, top.path, sorted(own) or None)]
    found = queries.with_cycles(rows, cycle)
    steps: dict[int, list[CaseStep]] = {row.pk: [] for row in found}
    for step in CaseStep.objects.filter(case__in=found).order_by("case", "number") if found else []:
        steps[step.case_id].append(step)
    for row in found:
        row.steps_brought = steps[row.pk]
    return Spoken(on, tuple(effects.as_said(row, steps[row.pk]) for row in found))


@prepared
def _spoken(cycle: Cycle, path: str, own: list[int] | None) -> QuerySet[Case]:
    rows = Case.objects.filter(NOT_GUARDED, cycle=cycle, said_on__isnull=False, unit__path__startswith=path)
    rows = rows if own is None else rows.exclude(is_about_units(own))
    return rows.select_related(*queries.LISTED).order_by("lookup")


def _is_uncalled(row: Case, *, by_phone: bool) -> bool:
    is_due = row.state in rules.OPEN and (row.state != State.RECEIVED or row.calls_denied > 0)
    return is_due and row.called_on is None and row.has_phone == by_phone


def by_due(rows: QuerySet[Case], cycle: Cycle, spoken: Spoken) -> QuerySet[Case]:
    """As `queries.by_due` for the office, what reporters said today taken in."""
    moved = {row.pk: _place_of(row, spoken.on) for row in spoken.rows}
    return queries.by_due(rows, [cycle], spoken.on, calls=True, moved=moved)


def _place_of(row: Case, on: date) -> tuple[int, date | None]:
    """Where a case stands in the list that `queries.by_due` orders, and the day that it is ordered by there; None where none is due."""
    week = timedelta(days=7)
    if row.state not in rules.OPEN:
        return (3 if row.state in rules.TURN_OF_REPORTER else 4), None
    if row.called_on is None:
        return 0, row.received_on + week / 7
    if row.state not in (State.RECEIVED, *rules.WITH_UNIT):
        return 2, row.turn_on + week / 7
    is_long = rules.kind_named(row.cycle, row.kind).clock == "fix_long"
    is_paused = row.paused_until is not None and row.paused_until >= on
    return int(is_paused), row.from_on + (3 if is_long else 1) * week
