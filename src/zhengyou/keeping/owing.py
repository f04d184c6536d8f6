"""What units owe everybody: answers to doubts and explanations of what was not kept, in cycles under way and in closed ones.

A unit's own list and the levels above it ask here; there is no second computation.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import BooleanField, Count, ExpressionWrapper, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from zhengyou.base.prepared import prepared
from zhengyou.base.time import local_day
from zhengyou.campaigns.models import Campaign, Cycle
from zhengyou.commitments import queries as promises
from zhengyou.commitments import tallies
from zhengyou.commitments.models import AnswerTally, CitizenAnswer, Promise
from zhengyou.commitments.queries import Units
from zhengyou.commitments.rules import KEPT_OR_NOT
from zhengyou.keeping import rules
from zhengyou.keeping.models import PromiseDecision, UnitAnswer, Upholding

UNKEPT = (Promise.Decision.NOT_KEPT, Promise.Decision.NOTHING_SHOWN)


@dataclass(frozen=True)
class ToAnswer:
    """A promise about which its unit owes everybody an answer: contested, or decided as not kept without an explanation."""

    promise: Promise
    is_contested: bool
    since: date
    due_on: date

    def days_late(self, on: date) -> int:
        """How many days ago it should have been given, 0 while there is time."""
        return max((on - self.due_on).days, 0)


def to_answer(rows: Collection[Promise]) -> list[ToAnswer]:
    """Of these promises (with commitment and cycle) those about which their unit owes an answer. Four queries for any number."""
    ids = [row.pk for row in rows]
    answered = _last_answers(ids)
    upheld: dict[int, list[datetime]] = defaultdict(list)
    for one in Upholding.objects.filter(promise__in=ids):
        upheld[one.promise_id].append(one.upheld_at)
    decided = {row.promise_id: row for row in PromiseDecision.objects.filter(promise__in=ids).order_by("pk")}
    return told_of(rows, answered, contested(ids, answered, upheld), decided)


def owed_among(told: Collection[promises.PromiseProgress]) -> list[ToAnswer]:
    """The same of promises whose answers are counted. Only those are looked at that could be: one question for those that somebody
    doubts, and all of `to_answer` where something was answered, upheld or decided, or most say that it was not kept.
    """
    doubted = [one for one in told if one.not_kept or one.off_course or one.promise.decision in UNKEPT]
    spoken = set(_spoken_of([one.promise.pk for one in doubted])) if doubted else set()
    rows = [
        one.promise
        for one in doubted
        if one.promise.pk in spoken or one.promise.decision in UNKEPT or _is_by_marks(one)
    ]
    return to_answer(rows) if rows else []


def _is_by_marks(one: promises.PromiseProgress) -> bool:
    return one.kept + one.not_kept + one.cannot_tell >= rules.FEWEST_ANSWERS and one.not_kept > one.kept


@prepared
def _spoken_of(ids: list[int]) -> QuerySet[Any, int]:
    """Those of these promises about which the unit has answered, or whose doubts the level above has upheld."""
    rows = UnitAnswer.objects.filter(promise__in=ids).order_by().values_list("promise", flat=True)
    return rows.union(Upholding.objects.filter(promise__in=ids).order_by().values_list("promise", flat=True))


def told_of(
    rows: Collection[Promise],
    answered: dict[int, datetime],
    since_when: dict[int, date],
    decided: dict[int, PromiseDecision],
) -> list[ToAnswer]:
    """By the moments of the last answers, since when they are contested, and the decisions in force: an answer that was there before
    a decision does not explain it. No query.
    """
    owed = []
    for row in rows:
        since = since_when.get(row.pk)
        decision = decided.get(row.pk)
        ended = decision.decided_at if decision and decision.decision in UNKEPT else None
        explained = ended is None or (row.pk in answered and answered[row.pk] >= ended)
        if since or not explained:
            first = min(one for one in (since, local_day(ended) if ended and not explained else None) if one)
            owed.append(ToAnswer(row, since is not None, first, rules.answer_due_on(first, row.commitment.cycle)))
    return owed


def contested_in(cycle: Cycle, units: Units) -> list[ToAnswer]:
    """The promises of these units about which an answer is owed. Six queries."""
    return owed_by(units, [cycle])


def owed_by(units: Units, cycles: Collection[Cycle]) -> list[ToAnswer]:
    """The promises of these units in these cycles about which an answer is owed, whether or not the cycle is closed. Only those are
    looked at that could be: six queries for any number.
    """
    known = {cycle.pk: cycle for cycle in cycles}
    is_query = isinstance(units, QuerySet)
    found = (
        list(_could_be_owed(units, list(known)))
        if is_query
        else _could_be_owed_by(list(units), list(known))
        if units
        else []
    )
    for row in found:
        row.commitment.cycle = known[row.commitment.cycle_id]  # instead of its rules beside each promise
    return to_answer(found)


def _could_be_owed(units: Any, cycles: list[int]) -> QuerySet[Promise]:
    published = promises.every_published_promise()
    published = published.filter(commitment__cycle__in=cycles, commitment__organisation__in=units)
    theirs = {"promise__commitment__cycle__in": cycles, "promise__commitment__organisation__in": units}
    often = _answered_often().filter(not_kept__gt=0).values("promise")
    upheld = Upholding.objects.filter(**theirs).values("promise")
    rows = published.filter(Q(pk__in=often) | Q(pk__in=upheld) | Q(decision__in=UNKEPT))
    return rows.select_related(None).select_related("commitment__organisation")


@prepared
def _could_be_owed_by(units: list[Any], cycles: list[int]) -> QuerySet[Promise]:
    return _could_be_owed(units, cycles)


def owed_of_earlier(units: Units, campaign: Campaign | None = None) -> list[ToAnswer]:
    """What these units still owe of cycles that are closed, of one campaign or of all, the longest first. Seven queries at most,
    one where none was closed.
    """
    cycles = _closed_cycles(campaign)
    return sorted(owed_by(units, cycles), key=lambda one: one.due_on) if cycles else []


@prepared
def _closed_cycles(campaign: Campaign | None) -> QuerySet[Cycle]:
    closed = Cycle.objects.filter(closed_at__isnull=False).select_related("campaign__organisation")
    return closed if campaign is None else closed.filter(campaign=campaign)


def days_of_earlier(units: Units, campaign: Campaign) -> dict[int, list[date]]:
    """By unit, the days by which it should have given what it still owes of closed cycles of this campaign."""
    days: dict[int, list[date]] = defaultdict(list)
    for one in owed_of_earlier(units, campaign):
        days[one.promise.commitment.organisation_id].append(one.due_on)
    return days


def owed_by_unit(cycle: Cycle, units: Units | None = None) -> Counter[int]:
    """About how many promises each of these units, or every one, owes an answer in a cycle, by its id: as many as `contested_in` finds.
    Where units are named by their ids, the statement is built once.
    Of promises about which nothing was answered, upheld, decided or set apart the marks alone say so. One query, six where there was
    such a thing.
    """
    if units is not None and not isinstance(units, list):
        asked = list(_grouped(promises.published_in(cycle, units)))
    else:
        asked = _may_be_owed(cycle, cast("list[int] | None", units)) if units != [] else []
    found = Counter({unit: len(rows) for unit, is_apart, rows in asked if not is_apart})
    others = [pk for _unit, is_apart, rows in asked if is_apart for pk in rows]
    left = list(Promise.objects.select_related("commitment").filter(pk__in=others)) if others else []
    for row in left:
        row.commitment.cycle = cycle
    found.update(one.promise.commitment.organisation_id for one in (to_answer(left) if left else []))
    return +found


@prepared
def _may_be_owed(cycle: Cycle, units: list[int] | None) -> QuerySet[Any, tuple[int, bool, list[int]]]:
    """What `_grouped` makes of all that is published in the cycle, or by these units."""
    rows = Promise.objects.filter(commitment__cycle=cycle, commitment__state="published", state="agreed")
    return _grouped(rows if units is None else rows.filter(commitment__organisation__in=units))


def _grouped(published: QuerySet[Promise]) -> QuerySet[Any, tuple[int, bool, list[int]]]:
    """Of each unit the promises that its marks contest, and apart from them those about which somebody has spoken or marks were set
    apart. The few that can be meant are gathered first, so that the others are not looked at.
    """
    tables: tuple[Any, ...] = (
        UnitAnswer.objects,
        Upholding.objects,
        PromiseDecision.objects.filter(decision__in=UNKEPT),
    )
    spoken = [table.order_by().values("promise") for table in tables]
    apart = tallies.uncounted_answers().order_by().values("promise").union(*spoken)
    doubted = _answered_often().filter(not_kept__gt=F("kept")).order_by().values("promise")
    rows: Any = published.filter(pk__in=doubted.union(apart.all()))
    rows = rows.annotate(is_apart=ExpressionWrapper(Q(pk__in=apart), output_field=BooleanField()))
    rows = rows.order_by().values_list("commitment__organisation", "is_apart")
    grouped: QuerySet[Any, tuple[int, bool, list[int]]] = rows.annotate(rows=ArrayAgg("pk"))
    return grouped


def _answered_often() -> QuerySet[AnswerTally]:
    """Promises with as many answers on whether they were kept as a contest needs, those too that do not count."""
    return AnswerTally.objects.alias(n=F("kept") + F("not_kept") + F("cannot_tell")).filter(n__gte=rules.FEWEST_ANSWERS)


def newest_answer(promise: Promise) -> int:
    """The number of the newest of the citizens' answers about a promise, 0 for none."""
    return CitizenAnswer.objects.filter(promise=promise).aggregate(last=Max("pk"))["last"] or 0


def is_asked(promise: Promise) -> bool:
    """Whether the unit owes everybody an answer about this promise."""
    return bool(to_answer([promise]))


def counted() -> QuerySet[CitizenAnswer]:
    """The marks that count on whether promises were kept."""
    return tallies.counted_answers().filter(mark__in=KEPT_OR_NOT)


def _last_answers(ids: list[int]) -> dict[int, datetime]:
    return {row.promise_id: row.answered_at for row in UnitAnswer.objects.filter(promise__in=ids).order_by("pk")}


@prepared
def _marks_by_day(promises: list[int]) -> QuerySet[Any, tuple[int, date, str, int]]:
    counts: Any = counted().filter(promise__in=promises).order_by().values_list("promise", "remark__came_on", "mark")
    marks: QuerySet[Any, tuple[int, date, str, int]] = counts.annotate(n=Count("pk"))
    return marks


@prepared
def _marks_after_answers(promises: list[int]) -> QuerySet[Any, tuple[int, date, str, int]]:
    """Of each promise the marks that came after its unit's last answer."""
    last = UnitAnswer.objects.filter(promise=OuterRef("promise")).order_by("-pk").values("heard")[:1]
    rows: Any = (
        counted().filter(promise__in=promises).alias(heard=Coalesce(Subquery(last), 0)).filter(pk__gt=F("heard"))
    )
    marks: QuerySet[Any, tuple[int, date, str, int]] = (
        rows.order_by().values_list("promise", "remark__came_on", "mark").annotate(n=Count("pk"))
    )
    return marks


def contested(
    ids: list[int], answered: dict[int, datetime], upheld: Mapping[int, list[datetime]], *, by_marks: bool = True
) -> dict[int, date]:
    """Since when each is contested, of those that are: without `answered`, as if nothing had been answered. One query; none where no
    marks contest it.
    """
    days: dict[int, dict[date, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    asked = (_marks_after_answers if answered else _marks_by_day) if by_marks and ids else None
    for promise, on, mark, n in asked(ids) if asked else []:
        days[promise][on][mark] = n
    since = {
        pk: rules.contested_since(
            [rules.DayOfAnswers(on, **marks) for on, marks in days[pk].items()], upheld.get(pk, []), answered.get(pk)
        )
        for pk in ids
    }
    return {pk: on for pk, on in since.items() if on}
