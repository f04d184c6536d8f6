"""What citizens' answers about a promise come to: which of them count, and how many of each mark there are. And how the promises of
whole cycles ended, by the word of each who may say so.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum, Value

from zhengyou.base.prepared import prepared
from zhengyou.commitments.models import AnswerTally, CitizenAnswer, Commitment, OutcomeStatement, Promise
from zhengyou.remarks import queries as remarks

MARKS: tuple[str, ...] = tuple(CitizenAnswer.Mark.values)
COUNTED = (*MARKS, "waiting")
DOUBTS = (CitizenAnswer.Mark.NOT_KEPT, CitizenAnswer.Mark.OFF_COURSE)
UNITS, ABOVE, CITIZENS = "units", "above", "citizens"  # who says how a promise ended


@dataclass(frozen=True)
class KeptBy:
    """How many promises of a cycle ended how, as one side tells it; of citizens it counts their answers.

    `unshown` are those about which nothing was shown, or answers of those who cannot tell.
    """

    kept: int = 0
    partly: int = 0
    not_kept: int = 0
    unshown: int = 0

    @property
    def total(self) -> int:
        """How many this side told anything about."""
        return self.kept + self.partly + self.not_kept + self.unshown


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


def told_in(cycles: list[int], on: date) -> dict[int, dict[str, KeptBy]]:
    """Cycle id to what the units, the level above and citizens say of the promises whose day has come. One query."""
    counts: dict[int, Any] = defaultdict(lambda: defaultdict(Counter))
    for cycle, side, *numbers in _told_in(cycles, on):
        counts[cycle][side].update(dict(zip(("kept", "partly", "not_kept", "unshown"), numbers, strict=True)))
    return {cycle: {side: KeptBy(**told) for side, told in sides.items()} for cycle, sides in counts.items()}


@prepared
def _told_in(cycles: list[int], on: date) -> QuerySet[Any, tuple[int, str, int, int, int, int]]:
    """Cycle id, side and numbers. Answers stand there as all, and once more, below zero, those that do not count."""
    due = Q(promise__commitment__cycle__in=cycles, promise__due_on__lte=on)
    due &= Q(promise__commitment__state=Commitment.State.PUBLISHED, promise__state=Promise.State.AGREED)
    later = OutcomeStatement.objects.filter(promise=OuterRef("promise"), pk__gt=OuterRef("pk"))
    said, mark, decision = OutcomeStatement.Outcome, CitizenAnswer.Mark, Promise.Decision
    stated = OutcomeStatement.objects.filter(due).exclude(Exists(later))
    published = {"commitment__state": Commitment.State.PUBLISHED, "state": Promise.State.AGREED}
    decided = Promise.objects.filter(commitment__cycle__in=cycles, due_on__lte=on, **published).exclude(decision="")
    parts = [
        (stated, UNITS, _each("outcome", said.FULFILLED, said.PARTLY, said.NOT_FULFILLED, "")),
        (decided, ABOVE, _each("decision", *decision.values)),
        (AnswerTally.objects.filter(due), CITIZENS, [Sum("kept"), Value(0), Sum("not_kept"), Sum("cannot_tell")]),
        (
            uncounted_answers().filter(due),
            CITIZENS,
            [-one for one in _each("mark", mark.KEPT, "", mark.NOT_KEPT, mark.CANNOT_TELL)],
        ),
    ]
    first, *others = (_counted(rows, side, numbers) for rows, side, numbers in parts)
    return first.union(*others, all=True)


def _each(name: str, *values: str) -> list[Any]:
    return [Count("pk", filter=Q(**{name: value})) for value in values]


def _counted(rows: QuerySet[Any], side: str, numbers: list[Any]) -> QuerySet[Any, tuple[Any, ...]]:
    cycle = "commitment__cycle" if rows.model is Promise else "promise__commitment__cycle"
    named = dict(zip(("n_kept", "n_partly", "n_not_kept", "n_unshown"), numbers, strict=True))
    counted: Any = rows.order_by().values(cycle).annotate(side=Value(side), **named)
    told: QuerySet[Any, tuple[Any, ...]] = counted.values_list(cycle, "side", *named)
    return told
