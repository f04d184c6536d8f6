"""What pages ask about yearly grades: one's own, those of one unit, how far the units have come, what is due.

Whoever may not read a grade gets numbers only: how many are to be graded, decided, told.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from django.db.models import Count, Q, QuerySet

from zhengyou.base.prepared import prepared
from zhengyou.base.time import local_day
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import Cycle
from zhengyou.campaigns.ruleset import Purpose
from zhengyou.grades import rules
from zhengyou.grades.models import GradeChange, GradeDecision, GradeObjection, SelfAssessment
from zhengyou.identity import rules as identity_rules
from zhengyou.organisations import queries as organisations
from zhengyou.organisations import tree
from zhengyou.organisations.models import Organisation, Person, Post, held_on
from zhengyou.organisations.readers import Reader
from zhengyou.pledges import queries as pledges

READ_WITHIN = timedelta(days=7)  # who has not read it at the desk by then is told in a talk


@dataclass(frozen=True)
class OwnYear:
    """One's own year in one cycle: one's words, the decision with what it was before, one's objection, the last day for one."""

    cycle: Cycle
    assessment: SelfAssessment | None
    decision: GradeDecision | None
    changes: list[GradeChange]
    objection: GradeObjection | None
    object_until: date | None


@dataclass(frozen=True)
class Graded:
    """One line of a unit's page: the person, their own words, and what was decided. `is_own`: the reader's own line."""

    person: Person
    assessment: SelfAssessment | None
    decision: GradeDecision | None
    changes: tuple[GradeChange, ...]
    objection: GradeObjection | None
    is_own: bool


@dataclass(frozen=True)
class UnitCoverage:
    """How far a unit has come, in numbers alone: whom it grades, how many wrote, are decided, were told, objected and wait."""

    organisation: Organisation
    people: int
    wrote: int
    decided: int
    told: int
    waiting: int

    @property
    def is_done(self) -> str:
        """`yes` where everybody is decided, as a filter reads it."""
        return "yes" if self.decided >= self.people else "no"


@dataclass(frozen=True)
class GradeDue:
    """Something to do about yearly grades: what, in which cycle, for which unit if for one, for how many, by when or since when."""

    kind: str
    cycle: Cycle
    organisation: Organisation | None
    count: int
    due_on: date | None = None
    since: date | None = None


def is_committed(cycle: Cycle, person: Person) -> bool:
    """Whether somebody committed in public in this cycle, and so can be graded."""
    return bool(_committed_by(cycle, person))


@prepared
def _committed_by(cycle: Cycle, person: Person) -> QuerySet[Any, int]:
    return pledges.standing_in(cycle).filter(person=person).select_related(None).order_by().values_list("pk", flat=True)


def people_to_grade(cycle: Cycle, organisation: Organisation) -> list[Person]:
    """Who of exactly this unit is graded in this cycle: committed in public, neither probationary nor gone; by name. One query."""
    rows = pledges.who_committed_in_public(cycle, organisation)
    return [one.person for one in rows if one.organisation.pk == organisation.pk and not one.is_probationary]


def probationary_of(cycle: Cycle, organisation: Organisation) -> list[Person]:
    """Who of this unit committed in public and is probationary: they grade others and get no grade."""
    rows = pledges.who_committed_in_public(cycle, organisation)
    return [one.person for one in rows if one.organisation.pk == organisation.pk and one.is_probationary]


def decision_on(cycle: Cycle, person: Person) -> GradeDecision | None:
    """What was decided about somebody in this cycle, or None."""
    return next(iter(_decided_on(cycle, person)), None)


@prepared
def _decided_on(cycle: Cycle, person: Person) -> QuerySet[GradeDecision]:
    return _decisions().filter(cycle=cycle, person=person).order_by("pk")


def decision_with_id(number: int) -> GradeDecision | None:
    """One decision, or None."""
    return _decisions().filter(pk=number).first()


def decisions_in(cycle: Cycle, organisation: Organisation) -> dict[int, GradeDecision]:
    """What this unit decided in this cycle, by the person's id, in the order of names."""
    rows = _decisions().filter(cycle=cycle, organisation=organisation)
    return {row.person_id: row for row in rows.order_by("person__name_key", "person__number")}


def objection_to(decision: GradeDecision) -> GradeObjection | None:
    """The person's objection, or None."""
    return GradeObjection.objects.select_related("answered_by").filter(decision=decision).first()


def own_years(person: Person, under_way: Iterable[Cycle]) -> list[OwnYear]:
    """One's own years, the newest first: those decided, and of the cycles under way those in which one committed in public."""
    decided = {row.cycle_id: row for row in _decisions().filter(person=person)}
    cycles = {row.cycle_id: row.cycle for row in decided.values()}
    cycles |= {one.pk: one for one in under_way if "grades" in one.ruleset.rooms and _may_write(one, person)}
    words = {row.cycle_id: row for row in SelfAssessment.objects.filter(person=person)}
    objections = {row.decision_id: row for row in _objections().filter(decision__person=person)}
    changes = _changes(decided.values())
    return [
        OwnYear(
            cycle,
            words.get(pk),
            row := decided.get(pk),
            changes[row.pk] if row else [],
            objections.get(row.pk) if row else None,
            rules.last_day_to_object(row) if row else None,
        )
        for pk, cycle in sorted(cycles.items(), key=lambda one: (one[1].starts_on, one[0]), reverse=True)
    ]


def check_may_write(cycle: Cycle, person: Person) -> None:
    """Whoever is graded writes on their own year. Raises GradeRefused."""
    rules.check_is_graded(person, is_committed=is_committed(cycle, person))


def unit_year(cycle: Cycle, organisation: Organisation, reader: Person, on: date) -> list[Graded]:
    """Everybody whom a unit grades or graded in this cycle, by name. The self-assessments are for its committee, and, of those who
    lead it, for the level above, which enters their grades. Raises RoleRefused for whoever may read none of it.
    """
    rules.check_may_read(reader, organisation, on)
    decided = decisions_in(cycle, organisation)
    people = {one.pk: one for one in people_to_grade(cycle, organisation)}
    people |= {pk: row.person for pk, row in decided.items()}
    is_committee = identity_rules.is_of_committee(reader, organisation, on)
    leading = {post.person_id for post in organisations.posts_at(organisation, on) if post.role in rules.COMMITTEE}
    readable = set(people) if is_committee else leading
    words = {row.person_id: row for row in SelfAssessment.objects.filter(cycle=cycle, person__in=readable)}
    objections = {row.decision_id: row for row in _objections().filter(decision__in=decided.values())}
    changes = _changes(decided.values())
    return [
        Graded(
            person,
            words.get(pk),
            row := decided.get(pk),
            tuple(changes[row.pk]) if row else (),
            objections.get(row.pk) if row else None,
            pk == reader.pk,
        )
        for pk, person in sorted(people.items(), key=lambda one: (one[1].name_key, one[1].number))
    ]


def coverage(cycle: Cycle, within: Iterable[Organisation] | None = None) -> list[UnitCoverage]:
    """How far the units have come that have anybody to grade, in the order of the tree; of a part of the tree if it is given.

    Numbers alone, never a grade. Five queries for any number of units.
    """
    people, decided, told = defaultdict[int, set[int]](set), defaultdict[int, set[int]](set), defaultdict[int, int](int)
    for unit, person in _who_is_graded(cycle).values_list("person__organisation", "person"):
        people[unit].add(person)
    rows = GradeDecision.objects.filter(cycle=cycle).values_list("organisation", "person", "told_on")
    for unit, person, told_on in rows:
        decided[unit].add(person)
        people[unit].add(person)
        told[unit] += told_on is not None
    wrote = set(SelfAssessment.objects.filter(cycle=cycle).values_list("person", flat=True))
    units, waiting = organisations.organisations_by_id(people), _by_unit(cycle)
    return [
        UnitCoverage(
            unit,
            len(people[unit.pk]),
            len(people[unit.pk] & wrote),
            len(decided[unit.pk]),
            told[unit.pk],
            waiting.get(unit.pk, 0),
        )
        for unit in sorted(units.values(), key=lambda one: one.path)
        if within is None or tree.is_within_any(unit, within)
    ]


def due_for(reader: Reader, calendars: Iterable[Calendar], at: datetime) -> list[GradeDue]:
    """What is due for this reader about yearly grades, as a person, as a head of units, and as the level above."""
    if reader.person is None:
        return []
    due: list[GradeDue] = []
    led = reader.organisations_as(Post.Role.SECRETARY)
    for one in calendars:
        if "grades" in one.cycle.ruleset.rooms and one.has_begun(Purpose.APPRAISE, reader.on):
            due += [*_own_words(one, reader.person, reader.on), *_to_decide(one, led, reader.person, reader.on)]
    return due + _to_read(reader.person) + _to_tell(led, reader.person, local_day(at)) + _to_answer(reader)


def _own_words(one: Calendar, person: Person, on: date) -> list[GradeDue]:
    window = one.window(Purpose.APPRAISE)
    if window is None or not one.is_open(Purpose.APPRAISE, on) or _has_written(one.cycle, person):
        return []
    if decision_on(one.cycle, person) or not _may_write(one.cycle, person):
        return []
    return [GradeDue("write", one.cycle, None, 1, due_on=window.closes_on)]


@prepared
def _has_written(cycle: Cycle, person: Person) -> QuerySet[Any, int]:
    return SelfAssessment.objects.filter(cycle=cycle, person=person).values_list("pk", flat=True)


def _to_decide(one: Calendar, led: list[Organisation], reader: Person, on: date) -> list[GradeDue]:
    """For the heads of units: how many of theirs are undecided, but for themselves; and how many heads right below are."""
    if not led:
        return []
    due = []
    for unit in led:
        own, below = next(iter(_undecided(one.cycle, reader, on, unit)), (0, 0))
        due += [GradeDue("decide", one.cycle, unit, own, due_on=one.cycle.ends_on)] if own else []
        due += [GradeDue("decide_heads", one.cycle, unit, below, due_on=one.cycle.ends_on)] if below else []
    return due


@prepared
def _undecided(cycle: Cycle, but: Person, on: date, unit: Organisation) -> QuerySet[Any, tuple[int, int]]:
    """Of a unit's own people, and of the heads of units right below it, how many nobody has decided about; nothing where nobody is."""
    left = _who_is_graded(cycle).exclude(person=but)
    left = left.exclude(person__in=GradeDecision.objects.filter(cycle=cycle).values("person"))
    heads = Post.objects.filter(held_on(on), role=Post.Role.SECRETARY).values("person")
    are_own, are_heads = Q(person__organisation=unit), Q(person__organisation__parent=unit, person__in=heads)
    counted: Any = left.filter(are_own | are_heads).values("cycle")
    counted = counted.annotate(own=Count("pk", filter=are_own), below=Count("pk", filter=are_heads))
    return cast("QuerySet[Any, tuple[int, int]]", counted.values_list("own", "below"))


def _who_is_graded(cycle: Cycle) -> QuerySet[Any]:
    """The public commitments of all who are graded in this cycle, bare."""
    rows = pledges.standing_in(cycle).select_related(None).order_by().filter(person__left_on=None)
    return rows.exclude(person__membership=Person.Membership.PROBATIONARY)


def _to_read(person: Person) -> list[GradeDue]:
    rows = _untold(person)
    return [GradeDue("read", row.cycle, None, 1, since=local_day(row.entered_at)) for row in rows]


@prepared
def _untold(person: Person) -> QuerySet[GradeDecision]:
    return _decisions().filter(person=person, told_on=None)


@prepared
def _unread(units: list[Organisation], but: Person, by: date) -> QuerySet[GradeDecision]:
    rows = _decisions().filter(organisation__in=units, told_on=None, entered_at__date__lte=by)
    return rows.exclude(person=but).order_by("entered_at")


@prepared
def _unanswered(but: Person) -> QuerySet[GradeObjection]:
    return _objections().filter(answered_at=None).exclude(decision__person=but).order_by("made_at")


def _to_tell(led: list[Organisation], reader: Person, on: date) -> list[GradeDue]:
    """Those who have not read it at the desk for a week are told in a talk."""
    by_unit: dict[tuple[int, int], list[GradeDecision]] = defaultdict(list)
    for row in _unread(led, reader, on - READ_WITHIN) if led else []:
        by_unit[row.cycle_id, row.organisation_id].append(row)
    return [
        GradeDue(
            "tell", some[0].cycle, some[0].organisation, len(some), since=local_day(some[0].entered_at) + READ_WITHIN
        )
        for some in by_unit.values()
    ]


def _to_answer(reader: Reader) -> list[GradeDue]:
    """Objections for the nearest level above that has anybody to answer: neither the person nor whoever entered the grade."""
    led = {row.pk for row in reader.organisations_as(*rules.COMMITTEE)}
    if not led or reader.person is None:
        return []
    rows = _unanswered(reader.person)
    above = {row.pk: tree.ids_above(row.decision.organisation) for row in rows}
    rows = [row for row in rows if led.intersection(above[row.pk])]
    asked = {pk for row in rows for pk in above[row.pk]}
    posts = Post.objects.filter(held_on(reader.on), role__in=rules.COMMITTEE, organisation__in=asked) if rows else []
    holders: dict[int, set[int]] = defaultdict(set)
    for post in posts:
        holders[post.organisation_id].add(post.person_id)
    return [
        GradeDue("answer", row.decision.cycle, row.decision.organisation, 1, since=local_day(row.made_at))
        for row in rows
        if _nearest(above[row.pk], holders, {row.decision.person_id, row.decision.entered_by_id}) in led
        and row.decision.entered_by_id != reader.person.pk
    ]


def _nearest(above: list[int], holders: dict[int, set[int]], without: set[int]) -> int | None:
    return next((pk for pk in reversed(above) if holders[pk] - without), None)


def _may_write(cycle: Cycle, person: Person) -> bool:
    is_full = person.membership != Person.Membership.PROBATIONARY and person.left_on is None
    return is_full and is_committed(cycle, person)


def _decisions() -> QuerySet[GradeDecision]:
    related = ("person__organisation", "organisation__parent", "cycle__campaign__organisation", "entered_by")
    return GradeDecision.objects.select_related(*related)


def _objections() -> QuerySet[GradeObjection]:
    related = ("decision__cycle__campaign__organisation", "decision__organisation", "decision__person", "answered_by")
    return GradeObjection.objects.select_related(*related)


def _changes(decisions: Iterable[GradeDecision]) -> dict[int, list[GradeChange]]:
    found: dict[int, list[GradeChange]] = defaultdict(list)
    rows = GradeChange.objects.filter(decision__in=[row.pk for row in decisions]).select_related("changed_by")
    for row in rows.order_by("changed_at", "pk"):
        found[row.decision_id].append(row)
    return found


def _by_unit(cycle: Cycle) -> dict[int, int]:
    """Objections without an answer, by the unit that decided."""
    rows = GradeObjection.objects.filter(decision__cycle=cycle, answered_at=None).order_by()
    counted = rows.values("decision__organisation").annotate(n=Count("pk"))
    return dict(counted.values_list("decision__organisation", "n"))
