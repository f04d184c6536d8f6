"""What pages and later rooms ask about cases. Nothing here hands out what goes around its target: `reader_queries`
does, to its two readers; what they set aside stands here.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case as Choose
from django.db.models import Count, DateField, DateTimeField, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast

from zhengyou.base.prepared import prepared
from zhengyou.base.searching import Searchable
from zhengyou.base.time import week_of
from zhengyou.base.words import line_of_names
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import Cycle
from zhengyou.cases import counting, giving_rules, rules, tallies
from zhengyou.cases.computing import timing
from zhengyou.cases.computing.timing import CaseClock
from zhengyou.cases.counting import PUBLIC
from zhengyou.cases.models import Case, CaseReading, CaseStep
from zhengyou.cases.reader_queries import NOT_GUARDED, RELATED, is_about_units, own_units
from zhengyou.organisations import tree
from zhengyou.organisations.models import Organisation, Person

SEARCHED_AS = "case"
NOWHERE: Mapping[int, tuple[int, date | None]] = {}
SHOWN_AT_UNIT = 5
LISTED = ("unit", "unit__parent")  # without the cycle and its rules in each row: `with_cycles` brings it once
COUNTED = (
    "received", "open", "said_fixed", "judged", "solved", "partly", "reopened", "paused", "pauses", "calls_denied", "impossible",
    "closed_unjudged",
)  # fmt: skip


@dataclass(frozen=True)
class CaseCounts:
    """What may be said of many cases: reasons and days. `judged` have a verdict of their reporter; no share of it is a target.

    `guarded` are those that go around their target, as a count and nothing else, `guarded_aside` those of them set aside.
    `late` are how many, and of one unit `late_ones` which.
    """

    received: int
    kinds: dict[str, int]
    open: int
    late: int
    late_ones: frozenset[int] = field(compare=False, repr=False)  # ids, which no figure is made of
    give_days: float | None
    call_days: float | None
    fix_days: float | None
    said_fixed: int
    judged: int
    solved: int
    partly: int
    reopened: int
    paused: int
    pauses: int
    calls_denied: int
    impossible: int
    closed_unjudged: int
    hands: int
    guarded: int
    set_aside: int
    guarded_aside: int


def cycle_taking(unit: Organisation, cycle: Cycle | None = None) -> Cycle | None:
    """The cycle under way that takes cases about this unit, the widest of several; `cycle` itself if it is one of them."""
    rows = [
        one.cycle
        for one in Calendar.under_way_for([unit])
        if tree.is_within(unit, one.top) and rules.ROOM in one.cycle.ruleset.rooms
    ]
    return next((one for one in rows if cycle is None or one.pk == cycle.pk), None)


def units_taking(units: Iterable[Organisation]) -> set[int]:
    """The ids of those of these units about which somebody can report something now. One query."""
    units = list(units)
    tops = [one.top for one in Calendar.under_way_for(units) if rules.ROOM in one.cycle.ruleset.rooms]
    return {unit.pk for unit in units if tree.is_within_any(unit, tops)}


def case_with_code(code: str) -> Case | None:
    """The case to which its reporter was given this code, or None."""
    return case_with_lookup(rules.lookup_of(code))


def case_with_lookup(lookup: str) -> Case | None:
    """The case by what is kept of the code that opens it now, or None: a code that its reporter changed opens nothing any more."""
    opens = Q(lookup=lookup, lookup_anew=None) | Q(lookup_anew=lookup)
    return Case.objects.select_related(*RELATED, "photo").filter(opens).first()


def case_with_ticket(ticket: str) -> Case | None:
    """The case that came with this form, or None."""
    return case_with_code(rules.code_of(ticket))


def public_cases() -> QuerySet[Case]:
    """The cases that everybody may see, the newest number first."""
    return Case.objects.filter(PUBLIC).select_related("unit").order_by("-year", "-number")


def with_cycles(rows: Iterable[Case], cycle: Cycle | None = None) -> list[Case]:
    """These cases, each with its cycle (of all of them, if one is given); those of one cycle share it, so that its rules are read
    once. Those whose clock ever stood still bring their steps along. Two queries at most.
    """
    cases = list(rows)
    known = [cycle] if cycle else _cycles({row.cycle_id for row in cases}) if cases else []
    cycles = {one.pk: one for one in known}
    ruled = {pk: one.ruleset for pk, one in cycles.items()}
    for row in cases:
        row.cycle, row.rules_brought = cycles[row.cycle_id], ruled[row.cycle_id]
    paused = {row.pk: row for row in cases if row.pauses}
    for row in paused.values():
        row.steps_brought = []
    for step in _steps_of_several(list(paused)) if paused else []:
        paused[step.case_id].steps_brought = [*(paused[step.case_id].steps_brought or []), step]
    return cases


@prepared
def _steps_of_several(cases: list[int]) -> QuerySet[CaseStep]:
    return CaseStep.objects.filter(case__in=cases).order_by("case", "number")


@prepared
def _cycles(ids: set[int]) -> QuerySet[Cycle]:
    return Cycle.objects.filter(pk__in=ids).select_related("campaign__organisation")


def case_numbered(year: int, number: int) -> Case | None:
    """The public case with this number, or None."""
    return next(iter(_cases_numbered(year, number)), None)


@prepared
def _cases_numbered(year: int, number: int) -> QuerySet[Case]:
    return Case.objects.filter(PUBLIC, year=year, number=number).select_related(*RELATED)


def case_with_id(pk: int) -> Case | None:
    """One case that does not go around its target, or None."""
    return next(iter(_cases_with_id(pk)), None)


@prepared
def _cases_with_id(pk: int) -> QuerySet[Case]:
    return Case.objects.filter(NOT_GUARDED, pk=pk).select_related(*RELATED, "photo")


def open_by_unit(cycle: Cycle) -> list[tuple[Organisation, int]]:
    """The units that have cases of a cycle in hand which are not closed, with how many; those that go around them are left out."""
    rows = Case.objects.filter(NOT_GUARDED, cycle=cycle, state__in=[*rules.OPEN, *rules.TURN_OF_REPORTER]).order_by()
    counts = dict(rows.values_list("unit").annotate(n=Count("pk")))
    units = Organisation.objects.filter(pk__in=counts).select_related("parent").order_by("path")
    return [(unit, counts[unit.pk]) for unit in units]


def docket(person: Person, reach: Q, on: date, own: set[int] | None = None) -> QuerySet[Case]:
    """What an office looks after: the cases within its reach, but those about a unit that this person belongs to (`own`, if that is
    known: `reader_queries.own_units`).

    What waits to be assigned stands first. Within one day the order says nothing of who came when.
    """
    own = own_units(person, on) if own is None else own
    rows = Case.objects.filter(NOT_GUARDED, reach).select_related(*LISTED).order_by("-received_on", "lookup")
    return rows.exclude(is_about_units(own)) if own else rows


def listed(ids: list[int]) -> list[Case]:
    """These cases as lists show them, in this order."""
    rows = {row.pk: row for row in _listed(ids)} if ids else {}
    return [rows[pk] for pk in ids if pk in rows]


@prepared
def _listed(ids: list[int]) -> QuerySet[Case]:
    return Case.objects.filter(pk__in=ids).select_related(*LISTED)


def by_due(
    rows: QuerySet[Case],
    cycles: Iterable[Cycle],
    on: date,
    *,
    calls: bool = False,
    moved: Mapping[int, tuple[int, date | None]] = NOWHERE,
) -> QuerySet[Case]:
    """These cases, what is due next first, as `due_on`: then those whose clock stands still, those that wait for others, those
    that are over. It orders by calendar days, five working days being a week; the clock of each says the day itself. `calls`: for
    the office the call back, or the first message, comes first, whose day the unit must not learn from an order. `day_shown` is
    nothing where none is due any more. `moved`: the place and the day of some, by their ids.
    """
    places = [When(pk=pk, then=Value(place)) for pk, (place, _day) in moved.items()]
    days = [When(pk=pk, then=Value(day, DateField())) for pk, (_place, day) in moved.items()]
    long = [Q(cycle=one, kind__in=[k.id for k in one.ruleset.case_kinds if k.clock == "fix_long"]) for one in cycles]
    week, day = timedelta(days=7), timedelta(days=1)
    turn = Q(state__in=[Case.State.PASSED, Case.State.UNOWNED, Case.State.ASKED])
    uncalled = rules.UNCALLED if calls else Q(pk__in=[])
    due = Choose(
        *[When(pk=pk, then=Value(day, DateField())) for pk, (_place, day) in moved.items() if day],
        When(uncalled, then=F("received_on") + day),
        When(turn, then=F("turn_on") + day),
        When(reduce(or_, long, Q(pk__in=[])), then=F("from_on") + 3 * week),
        default=F("from_on") + week,
        output_field=DateTimeField(),
    )
    place = Choose(
        *places,
        When(uncalled, then=Value(0)),
        When(paused_until__gte=on, then=Value(1)),
        When(state__in=[Case.State.RECEIVED, *rules.WITH_UNIT], then=Value(0)),
        When(state__in=rules.OPEN, then=Value(2)),
        When(state__in=rules.TURN_OF_REPORTER, then=Value(3)),
        default=Value(4),
    )
    day_shown = Choose(*days, When(state__in=rules.OPEN, then=Cast(due, DateField())))
    return rows.annotate(due_on=Cast(due, DateField()), day_shown=day_shown, place_in_list=place).order_by(
        "place_in_list", "due_on", "lookup"
    )


def next_by_due(rows: QuerySet[Case], case: Case, on: date) -> Case | None:
    """The one of these that comes after a case in the office's order of `by_due`, or the first of them; None if no other is left."""
    names = ("place_in_list", "due_on", "lookup")
    ordered = by_due(rows, [case.cycle], on, calls=True).select_related(None)
    here = by_due(Case.objects.filter(pk=case.pk), [case.cycle], on, calls=True).values_list(*names)[0]
    place, due, lookup = names
    after = Q(**{f"{place}__gt": here[0]}) | Q(**{place: here[0], f"{due}__gt": here[1]})
    after |= Q(**{place: here[0], due: here[1], f"{lookup}__gt": here[2]})
    others = ordered.exclude(pk=case.pk)
    return others.filter(after).first() or others.first()


def steps_of(case: Case) -> list[CaseStep]:
    """The steps of a case in order, each with its unit."""
    steps = list(CaseStep.objects.filter(case=case).select_related("unit", "to", "by").order_by("number"))
    for one in steps:
        one.case = case
    return steps


def touched_of(case: Case) -> list[Organisation]:
    """The units that have, or had, a case in hand."""
    rows = Organisation.objects.filter(pk__in=CaseStep.objects.filter(case=case).values("unit")).order_by("path")
    return [*rows, case.unit]


def pause_asked(case: Case) -> CaseStep | None:
    """The step by which the unit asks to let the clock stand still, while the office has not answered; else None."""
    if case.pause_asked_on is None:
        return None
    return CaseStep.objects.filter(case=case, kind=CaseStep.Kind.PAUSE_ASKED).order_by("-number").first()


def last_of_call(case: Case) -> CaseStep | None:
    """The last word about a call: that the office called, or that its reporter says it did not; None if there is none."""
    rows = CaseStep.objects.filter(case=case, kind__in=[CaseStep.Kind.CALLED, CaseStep.Kind.NOT_CALLED])
    return rows.order_by("-number").first()


def readings_of(case: Case) -> list[CaseReading]:
    """Who read what of a case, by day."""
    rows = CaseReading.objects.filter(case=case).select_related("person", "person__organisation")
    return list(rows.order_by("on", "pk"))


def clocks_of(case: Case, on: date, steps: Iterable[CaseStep] | None = None) -> dict[str, CaseClock]:
    """The clocks of a case as they stand on that day, by name; those that do not concern it are left out."""
    clocks, name = case.ruleset.clocks, case.state
    if name == Case.State.SET_ASIDE:  # nothing was done of what they count
        return {}
    if case.is_guarded:
        done = case.closed_on if name == Case.State.HANDED else None
        return {"hand_over": timing.clock(case.from_on, clocks.hand_over, on, done_on=done)}
    steps = case.steps_brought if steps is None else steps
    pauses = rules.pauses_of(steps_of(case) if steps is None else steps) if case.pauses else []
    end = case.fixed_on or case.closed_on
    call = "call_back" if case.has_phone else "answer"
    made = {
        call: timing.clock(case.received_on, clocks.call_back, on, done_on=case.called_on or case.closed_on),
    }
    if name != Case.State.ASKED:  # the level above has to answer, and the unit can do nothing
        made["fix"] = timing.clock(case.from_on, rules.days_to_fix(case), on, done_on=end, pauses=pauses)
    turns = {Case.State.PASSED: clocks.pass_on, Case.State.UNOWNED: clocks.pass_on, Case.State.ASKED: clocks.pass_on}
    if name in turns:
        made["turn"] = timing.clock(case.turn_on, turns[Case.State(name)], on)
    if name in rules.TURN_OF_REPORTER and case.fixed_on:
        made["reporter"] = timing.clock(case.fixed_on, clocks.reporter_silent, on)
    return made


def late(cycle: Cycle, on: date) -> Q:
    """The cases of this cycle that are late for its office: not called back, or late as everybody sees it (`late_in_hand`)."""
    uncalled = Q(called_on=None, received_on__lte=timing.late_if_from(cycle.ruleset.clocks.call_back, on))
    return Q(cycle=cycle, body="", state__in=rules.OPEN) & uncalled | late_in_hand(cycle, on)


def late_in_hand(cycle: Cycle, on: date) -> Q:
    """The cases of this cycle that are late on that day: not fixed, or not taken on in their working days. It is silent
    on the call back, whose clock begins when a report comes: who looked every day could tell from it on which day that was.

    A clock that a pause moved is computed by itself; there are few of them.
    """
    return Q(cycle=cycle) & counting.is_late(*_days_of_lateness(cycle, on), _late_though_paused(cycle, on, None))


def _days_of_lateness(cycle: Cycle, on: date) -> tuple[list[str], date, date, date]:
    """The kinds with the long clock; from which days on those are late, the others, and whose turn it is to say."""
    clocks, last = cycle.ruleset.clocks, timing.late_if_from
    long = [one.id for one in cycle.ruleset.case_kinds if one.clock == "fix_long"]
    return long or [""], last(clocks.fix_long, on), last(clocks.fix, on), last(clocks.pass_on, on)


def _late_though_paused(cycle: Cycle, on: date, unit: Organisation | None) -> list[int]:
    clocks = cycle.ruleset.clocks
    long, *_days = _days_of_lateness(cycle, on)
    begun = timing.late_if_from(min(clocks.fix, clocks.fix_long), on)  # a pause makes nothing late
    rows = counting.stood_still(cycle, unit, begun)
    steps: dict[int, list[CaseStep]] = defaultdict(list)
    for step in _steps_of_pauses([pk for pk, *_days in rows]) if rows else []:
        steps[step.case_id].append(step)
    late = []
    for pk, kind, from_on, fixed_on, closed_on in rows:
        days, pauses = clocks.fix_long if kind in long else clocks.fix, rules.pauses_of(steps[pk])
        if timing.is_late(from_on, days, on, done_on=fixed_on or closed_on, pauses=pauses):
            late.append(pk)
    return late


@prepared
def _steps_of_pauses(cases: list[int]) -> QuerySet[CaseStep]:
    rows = CaseStep.objects.filter(case__in=cases, kind__in=rules.OF_PAUSES).order_by("case", "number")
    return rows.only("case", "kind", "on", "until_on", "words", "hidden", "blacked")


def to_give(on: date) -> Q:
    """The cases that wait to be given to a unit, and may be on that day; not those that somebody asks to set aside."""
    return Q(giving_rules.may_be_given(on), state=Case.State.RECEIVED, aside=None)


def to_call(*, by_phone: bool) -> Q:
    """The cases whose reporter the office has not called (or not written to, where no telephone was left), though a unit has them, or
    though it says that it did and its reporter says no.
    """
    is_due = ~Q(state=Case.State.RECEIVED) | Q(calls_denied__gt=0)
    return Q(is_due, called_on=None, has_phone=by_phone, state__in=rules.OPEN)


def silent(cycle: Cycle, on: date) -> Q:
    """The cases whose reporter has said nothing for so long that somebody from elsewhere may close them."""
    last = timing.late_if_from(cycle.ruleset.clocks.reporter_silent, on)
    return Q(cycle=cycle) & silent_since(last)


def silent_since(last: date) -> Q:
    """Those whose unit said by this day how it put them right, and whose reporter has said nothing since."""
    return Q(body="", state__in=rules.TURN_OF_REPORTER, fixed_on__lte=last, said_on=None)


def days_for_office(cycle: Cycle, on: date) -> tuple[date, date, list[str], date, date, date, list[int]]:
    """From which days on a case is late for its office as nobody was called, and its reporter long silent; then what
    `counting.is_late` takes.
    """
    clocks, last = cycle.ruleset.clocks, timing.late_if_from
    return last(clocks.call_back, on), last(clocks.reporter_silent, on), *days_of_lateness(cycle, on)


def days_of_lateness(cycle: Cycle, on: date) -> tuple[list[str], date, date, date, list[int]]:
    """What `counting.is_late` takes, in a form for statements built once."""
    return *_days_of_lateness(cycle, on), _late_though_paused(cycle, on, None) or [0]  # no case has this id


def is_silent(case: Case, on: date) -> bool:
    """Whether the reporter of this case has said nothing for so long that somebody from elsewhere may close it."""
    is_theirs = case.state in rules.TURN_OF_REPORTER
    return is_theirs and Case.objects.filter(silent(case.cycle, on), pk=case.pk).exists()


def figures(cycle: Cycle, on: date, unit: Organisation | None = None) -> CaseCounts:
    """What may be said of the cases of a cycle (of one unit): reasons and days, never a mean of marks, and no number that moves
    with one report: those given to a unit, what goes around its target up to last Sunday, the middle of enough days. That nobody called is
    said of all units and enough cases only. Six queries at most.
    """
    guarded, guarded_aside = (0, 0) if unit else _guarded(cycle, on)
    told = tallies.counted(cycle, unit, None, rules.LEAST) if unit else tallies.of_cycle(cycle)
    counts = sum(told.kinds.values(), Counter[str]())
    if unit or counts["received"] < rules.LEAST:
        counts["calls_denied"] = 0  # of few cases it would tell who left a telephone
    late, late_ones = _late_now(cycle, on, unit) if counts["open"] else (0, frozenset[int]())
    return CaseCounts(
        **{name: counts[name] for name in COUNTED},
        hands=counts["passed_on"],
        kinds={kind: figures["received"] for kind, figures in told.kinds.items() if figures["received"]},
        late=late,
        late_ones=late_ones,
        give_days=_median(told.took["give"]),
        call_days=_median(told.took["call"]),
        fix_days=_median(told.took["fix"]),
        guarded=guarded,
        set_aside=sum(n for _cycle, n in counting.set_aside(cycle, unit)),
        guarded_aside=guarded_aside,
    )


def _guarded(cycle: Cycle, on: date) -> tuple[int, int]:
    rows = counting.every(cycle, None).exclude(NOT_GUARDED)
    rows = rows.filter(turn_on__lt=week_of(on))  # the day on which it began to go around
    return rows.count(), rows.filter(state=Case.State.SET_ASIDE).count()


def _late_now(cycle: Cycle, on: date, unit: Organisation | None) -> tuple[int, frozenset[int]]:
    paused = _late_though_paused(cycle, on, unit) or [0]  # no case has this id
    if unit:
        ones = frozenset(counting.late_at(cycle, unit, *_days_of_lateness(cycle, on), paused))
        return len(ones), ones
    return sum(n for _cycle, n in counting.late(cycle, *_days_of_lateness(cycle, on), paused)), frozenset()


def _median(took: Counter[int]) -> float | None:
    """The median of working days that cases took, of LEAST at least."""
    return timing.middle_of(took) if took.total() >= rules.LEAST else None


def hands_by_unit(cycle: Cycle, most: int) -> list[tuple[str, str, int]]:
    """The units that said that a case is not theirs: name, code, how often, in the order of the tree and not of their counts, which
    rank nobody. It is the figure of buck-passing.
    """
    rows = CaseStep.objects.filter(kind=CaseStep.Kind.PASSED, case__cycle=cycle, case__body="").order_by()
    passed: Any = rows.values_list("unit__name", "unit__code").annotate(n=Count("pk"))
    return list(passed.order_by("unit__path")[:most])


def of_unit(unit: Organisation, cycle: Cycle) -> list[Case]:
    """The five newest public cases that a unit has in hand, in a cycle."""
    return with_cycles(_newest_of(unit, cycle), cycle)


@prepared
def _newest_of(unit: Organisation, cycle: Cycle) -> QuerySet[Case]:
    return public_cases().filter(unit=unit, cycle=cycle)[:SHOWN_AT_UNIT]


def searchable(cases: Iterable[Case]) -> list[Searchable]:
    """How public cases are found: by number and unit, and by the name of their kind, which is kept in both languages, as the index has
    readers of either. No word of a reporter is among it.
    """
    made = []
    for row in with_cycles(cases):
        kind = rules.kind_of(row).name
        made.append(
            Searchable(
                kind=SEARCHED_AS,
                reference=row.reference,
                title=line_of_names(kind),
                address=f"{row.year}/{row.number}",
                more=(f"〔{row.year}〕{row.number}号", f"第{row.number}号", f"No. {row.number} of {row.year}"),
                place=row.unit_id,
            )
        )
    return made
