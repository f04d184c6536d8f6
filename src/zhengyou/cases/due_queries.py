"""What is due about cases, counted: for whoever has them in hand or decides on them, for their readers, and for an office."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from operator import or_
from typing import Any, cast

from django.db.models import BooleanField, Count, ExpressionWrapper, Max, Min, Q, QuerySet, Value

from zhengyou.base.prepared import prepared
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import Cycle
from zhengyou.cases import counting, office_queries, queries, rules
from zhengyou.cases.models import Case
from zhengyou.cases.reader_queries import NOT_GUARDED, guarded_for, is_about_units, is_reader, own_units
from zhengyou.organisations import tree
from zhengyou.organisations.models import Organisation, Person
from zhengyou.organisations.readers import Reader

KINDS = ("assign", "aside_flood", "pause", "call_back", "write_back", "close")


@dataclass(frozen=True)
class CaseDue:
    """What is to be done about cases: how many, since when the first, and how many are late. `unit` where it is one unit's; `due_on` where
    a clock of the reader's own says by which day the first is done.
    """

    kind: str
    count: int
    late: int
    first_on: date | None
    unit: Organisation | None = None
    cycle: Cycle | None = None
    due_on: date | None = None


def due_for(reader: Reader, calendars: Iterable[Calendar], ended: Iterable[Cycle] = ()) -> list[CaseDue]:
    """What the reader has to do about cases: those in hand, those to take on, those on which the level above decides.

    `ended`: cycles that are over, whose cases carried over.
    """
    lines: list[CaseDue] = []
    cycles = [one.cycle for one in calendars] + list(ended)
    for cycle in (one for one in cycles if rules.ROOM in one.ruleset.rooms):
        is_late = queries.late_in_hand(cycle, reader.on)
        if queries.units_of(reader):  # a leader has none in hand
            mine = queries.at_desk(reader).filter(cycle=cycle, state__in=rules.WITH_UNIT)
            lines += _dues("work", mine.exclude(paused_until__gte=reader.on), is_late, cycle)
        asked_above = queries.above_desk(reader).filter(cycle=cycle)
        lines += _with_day(
            _dues("decide", asked_above, is_late, cycle), asked_above.order_by("turn_on"), "turn", reader.on
        )
    if reader.person and is_reader(reader.person, reader.on):
        waiting = guarded_for(reader.person, reader.on).filter(state=Case.State.GUARDED)
        alone = waiting.filter(aside=None)
        lines += _with_day(
            _dues("hand_over", alone, Q(pk__in=[]), None), alone.order_by("from_on"), "hand_over", reader.on
        )
        asked = waiting.filter(aside__isnull=False).exclude(aside__asked_by=reader.person)
        lines += _dues("aside", asked, Q(pk__in=[]), None)
    return lines


def due_for_office(person: Person, offices: Iterable[Organisation], cycle: Cycle, on: date) -> list[CaseDue]:
    """What these offices have to do about the cases of a cycle, for one who works there: assign, call back or write, close what nobody
    said a word about. All are counted at once: one question for each office, and those by which what is late is known.
    """
    tops, own, days = tree.topmost(offices), own_units(person, on), queries.days_for_office(cycle, on)
    said = office_queries.spoken_in(tops, own, cycle, on).lists()
    counts = [row for top in tops for row in _counted(cycle, top.path, sorted(own) or None, person, on, *said, *days)]
    found = []
    for kind in KINDS:
        n, late = sum(row[f"{kind}_n"] for row in counts), sum(row[f"{kind}_late"] for row in counts)
        firsts = [row[f"{kind}_first"] for row in counts if row[f"{kind}_first"]]
        if n:
            found.append(CaseDue(kind, n, late, min(firsts), cycle=cycle))
    return found


@prepared
def _counted(
    cycle: Cycle, path: str, own: list[int] | None, person: Person, on: date, *given: Any
) -> QuerySet[Any, dict[str, Any]]:
    """By kind how many there are, how many of them late, and since when the first. Given are the lists of `office_queries.Spoken`, then
    the days of `queries.days_for_office`.
    """
    said, still_open, said_late, to_call, to_write, call, silent, *days = given
    late = Q(called_on=None, state__in=rules.OPEN, received_on__lte=call) | counting.is_late(*days)
    kinds = {
        "assign": queries.to_give(on),
        "aside_flood": Q(state=Case.State.RECEIVED, aside__isnull=False) & ~Q(aside__asked_by=person),
        "pause": Q(pause_asked_on__isnull=False),
        "call_back": queries.to_call(by_phone=True) & ~Q(pk__in=said) | Q(pk__in=to_call),
        "write_back": queries.to_call(by_phone=False) & ~Q(pk__in=said) | Q(pk__in=to_write),
        "close": queries.silent_since(silent),
    }
    asked: dict[str, Any] = {"close_late": Value(0)}  # that a reporter says nothing makes nobody late
    for kind, which in kinds.items():
        asked[f"{kind}_n"], asked[f"{kind}_first"] = Count("pk", filter=which), Min("from_on", filter=which)
        asked.setdefault(f"{kind}_late", Count("pk", filter=which & Q(is_late=True)))
    # Of those that are not over, as all of these are, and an index has them.
    is_open = Q(state__in=rules.NOT_OVER) & ~Q(pk__in=said) | Q(pk__in=still_open)
    rows: Any = Case.objects.filter(reduce(or_, kinds.values()), NOT_GUARDED, is_open, cycle=cycle)
    rows = rows.filter(unit__path__startswith=path)
    rows = rows if own is None else rows.exclude(is_about_units(own))
    is_late = ExpressionWrapper(late & ~Q(pk__in=said) | Q(pk__in=said_late), output_field=BooleanField())
    # Not `aggregate`, which compares every part of a condition with every other one: thousands of numbers in one cost it 100 ms.
    return cast(
        "QuerySet[Any, dict[str, Any]]", rows.alias(is_late=is_late).order_by().values("cycle").annotate(**asked)
    )


def _dues(kind: str, rows: QuerySet[Case], is_late: Q, cycle: Cycle | None) -> list[CaseDue]:
    counts = rows.order_by().aggregate(
        n=Count("pk"),
        late=Count("pk", filter=is_late),
        first=Min("from_on"),  # the unit is told no day of a reporter
        lowest=Min("unit"),
        highest=Max("unit"),
    )
    if not counts["n"]:
        return []
    is_of_one = counts["lowest"] == counts["highest"]
    unit = Organisation.objects.get(pk=counts["lowest"]) if is_of_one else None
    return [CaseDue(kind, counts["n"], counts["late"], counts["first"], unit, cycle)]


def _with_day(dues: list[CaseDue], rows: QuerySet[Case], name: str, on: date) -> list[CaseDue]:
    """The same with the day of the clock of that name, of the first of these rows; where some are late, that is said instead."""
    first = rows.select_related("cycle").first() if any(not one.late for one in dues) else None
    clock = queries.clocks_of(first, on, []).get(name) if first else None
    return [replace(one, due_on=clock.due_on) if clock and not one.late else one for one in dues]
