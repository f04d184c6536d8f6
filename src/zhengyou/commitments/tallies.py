"""What citizens' answers about a promise come to: which of them count, and how many of each mark there are."""

from collections import Counter, defaultdict
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value

from zhengyou.base.prepared import prepared
from zhengyou.commitments.models import AnswerTally, CitizenAnswer, Promise
from zhengyou.remarks import queries as remarks

MARKS: tuple[str, ...] = tuple(CitizenAnswer.Mark.values)
COUNTED = (*MARKS, "waiting")
DOUBTS = (CitizenAnswer.Mark.NOT_KEPT, CitizenAnswer.Mark.OFF_COURSE)


def counted_answers() -> QuerySet[CitizenAnswer]:
    """The citizens' answers that count in public: all, without the few that came in a flood and wait, or that a program sent."""
    return CitizenAnswer.objects.exclude(remark__in=remarks.not_counted().values("pk"))


def uncounted_answers() -> QuerySet[CitizenAnswer]:
    """The few answers that do not count: they came in a flood and wait, or a program sent them."""
    return CitizenAnswer.objects.filter(remark__in=remarks.not_counted().values("pk"))


def counts_of(promises: list[int]) -> dict[int, dict[str, Any]]:
    """Promise id to how many answers of each mark count, and how many are `waiting`. One query."""
    counts: dict[int, Any] = defaultdict(Counter)
    for promise, *numbers in _answers_to(promises):
        counts[promise].update(dict(zip(COUNTED, numbers, strict=True)))
    return counts


@prepared
def _answers_to(promises: list[int]) -> QuerySet[Any, tuple[int, ...]]:
    """Promise id and numbers as in `COUNTED`: of all answers, and once more, below zero, of those that do not count."""
    every: Any = AnswerTally.objects.filter(promise__in=promises).annotate(waiting=Value(0))
    apart: Any = uncounted_answers().filter(promise__in=promises).order_by().values("promise")
    less = {mark: -Count("pk", filter=Q(mark=mark)) for mark in MARKS}
    apart = apart.annotate(**less, waiting=Count("pk", filter=remarks.from_a_flood("remark__")))
    names = ("promise", *COUNTED)
    rows: QuerySet[Any, tuple[int, ...]] = every.values_list(*names).union(apart.values_list(*names), all=True)
    return rows


def doubted() -> Q:
    """Promises with an answer that doubts them and counts: of most the tally says so, of the few with others each answer is looked at."""
    tallied = AnswerTally.objects.filter(Q(not_kept__gt=0) | Q(off_course__gt=0))
    doubts = counted_answers().filter(promise=OuterRef("pk"), mark__in=DOUBTS)
    apart = Q(pk__in=uncounted_answers().order_by().values("promise"))
    return Q(pk__in=tallied.values("promise")) & (~apart | Q(Exists(doubts)))


def tally(promise: Promise, mark: str) -> None:
    """One more answer of this mark. The promise is held, so that two at one moment are two."""
    if not AnswerTally.objects.filter(promise=promise).update(**{mark: F(mark) + 1}):
        AnswerTally.objects.create(promise=promise, **{mark: 1})
