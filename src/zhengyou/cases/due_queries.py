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
from zhengyou.cases import counting, desk_queries, office_queries, queries, rules
from zhengyou.cases.models import Case
from zhengyou.cases.reader_queries import NOT_GUARDED, guarded_for, is_about_units, is_reader, own_units
from zhengyou.organisations import tree
from zhengyou.organisations.models import Organisation, Person, Post
from zhengyou.organisations.readers import Reader

DAYS_OF_LATENESS = 5  # what `counting.is_late` takes
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
    led = reader.organisations_as(Post.Role.SECRETARY, Post.Role.LEADER)
    mine = desk_queries.units_of(reader)  # a leader has none in hand
    for cycle in (one for one in cycles if rules.ROOM in one.ruleset.rooms) if mine or led else ():
        late = queries.days_of_lateness(cycle, reader.on)
        if mine:
            lines += _made_of("work", _in_hand(cycle, mine, reader.on, *late), cycle)
        if led:
            asked = _made_of("decide", _asked_above(cycle, *late, *tree.places(led)), cycle)
            first = desk_queries.above_desk(reader).filter(cycle=cycle) if asked else Case.objects.none()
            lines += _with_day(asked, first.order_by("turn_on"), "turn", reader.on)
    if reader.person and is_reader(reader.person, reader.on):
        waiting = guarded_for(reader.person, reader.on).filter(state=Case.State.GUARDED)
        alone = waiting.filter(aside=None)
        lines += _with_day(_dues("hand_over", alone), alone.order_by("from_on"), "hand_over", reader.on)
        together = waiting.filter(aside__isnull=False).exclude(aside__asked_by=reader.person)
        lines += _dues("aside", together)
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


@prepared
def _in_hand(cycle: Cycle, units: list[Organisation], on: date, *late: Any) -> QuerySet[Any, Any]:
    """What units of the reader have in hand, its clock running, as `COUNTED` says; late by these days of `counting.is_late`."""
    rows = Case.objects.filter(NOT_GUARDED, cycle=cycle, unit__in=units, state__in=rules.WITH_UNIT)
    return _counted_once(rows.exclude(paused_until__gte=on), counting.is_late(*late))


@prepared
def _asked_above(cycle: Cycle, *given: Any) -> QuerySet[Any, Any]:
    """The same of what the level above decides on, below these places."""
    late, places = given[:DAYS_OF_LATENESS], given[DAYS_OF_LATENESS:]
    rows = Case.objects.filter(NOT_GUARDED, tree.below_places(places, "unit"), cycle=cycle)
    return _counted_once(rows.filter(state__in=[Case.State.UNOWNED, Case.State.ASKED]), counting.is_late(*late))


def _counted_once(rows: QuerySet[Case], is_late: Q) -> QuerySet[Any, Any]:
    """How many, how many of them late, the first day and the units, in one row, or in none. The unit is told no day of a reporter."""
    counted: Any = (
        rows.order_by()
        .values("cycle")
        .annotate(
            n=Count("pk"),
            late=Count("pk", filter=is_late),
            first=Min("from_on"),
            lowest=Min("unit"),
            highest=Max("unit"),
        )
    )
    return cast("QuerySet[Any, Any]", counted.values_list("n", "late", "first", "lowest", "highest"))


def _made_of(kind: str, counted: list[Any], cycle: Cycle) -> list[CaseDue]:
    found = []
    for n, late, first, lowest, highest in counted:
        unit = Organisation.objects.get(pk=lowest) if lowest == highest else None
        found.append(CaseDue(kind, n, late, first, unit, cycle))
    return found


def _dues(kind: str, rows: QuerySet[Case]) -> list[CaseDue]:
    counts = rows.order_by().aggregate(
        n=Count("pk"),
        first=Min("from_on"),
        lowest=Min("unit"),
        highest=Max("unit"),
    )
    if not counts["n"]:
        return []
    is_of_one = counts["lowest"] == counts["highest"]
    unit = Organisation.objects.get(pk=counts["lowest"]) if is_of_one else None
    return [CaseDue(kind, counts["n"], 0, counts["first"], unit)]


def _with_day(dues: list[CaseDue], rows: QuerySet[Case], name: str, on: date) -> list[CaseDue]:
    """The same with the day of the clock of that name, of the first of these rows; where some are late, that is said instead."""
    first = rows.select_related("cycle").first() if any(not one.late for one in dues) else None
    clock = queries.clocks_of(first, on, []).get(name) if first else None
    return [replace(one, due_on=clock.due_on) if clock and not one.late else one for one in dues]
