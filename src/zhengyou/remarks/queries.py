"""What pages and later rooms ask about anybody's words: what waits, what is shown, what was hidden, what counts."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, DateField, F, Max, Min, Q, QuerySet, Sum, When
from django.db.models.functions import Cast, TruncWeek

from zhengyou.base.prepared import prepared
from zhengyou.campaigns.models import Cycle
from zhengyou.organisations import tree
from zhengyou.organisations.models import Organisation, Person, Post
from zhengyou.organisations.readers import Reader
from zhengyou.remarks import rules
from zhengyou.remarks.models import Remark

WAITS = Q(state=Remark.State.WAITING)
NEEDS_A_LOOK = WAITS | Q(reports__gt=0)
ANSWERED_LAST = 3  # so many are shown on a unit's page
COUNTED: dict[str, Any] = {  # of what waits
    "n": Count("pk"),
    "flood": Count("pk", filter=Q(why=Remark.Why.FLOOD)),
    "came": Min("came_on", filter=WAITS),
    "reported": Min("reported_on"),
}
HAS_SOMETHING = ~Q(words="") | Q(photo__isnull=False)


@dataclass(frozen=True)
class Waiting:
    """How many words wait for a look, since when the oldest waits, and by when it is due. `flood` of them came in a flood."""

    count: int
    flood: int
    oldest_on: date | None

    @property
    def due_on(self) -> date | None:
        return rules.look_due_on(self.oldest_on) if self.oldest_on else None

    def is_late(self, on: date) -> bool:
        """Whether the oldest should have been looked at before this day."""
        return self.due_on is not None and self.due_on < on


@dataclass(frozen=True)
class Hiding:
    """Words about the top organisation that were hidden, by two people: each is listed by itself."""

    number: int
    subject: str
    heading: str
    unit: str
    looked_on: date | None
    reason: str


@dataclass(frozen=True)
class CycleRemarks:
    """What became of the words of one cycle. `hidden` counts by reason, in the order of the public list."""

    cycle: Cycle
    remarks: int
    sent: int
    shown: int
    waiting: Waiting
    hidden: dict[str, int]
    about_the_top: list[Hiding]


def counted(path: str = "") -> Q:
    """Rows whose remark, to which `path` leads, counts in public: all but what waits from a flood and what a program sent."""
    waits = Q(**{f"{path}why": Remark.Why.FLOOD, f"{path}state": Remark.State.WAITING})
    return ~waits & ~Q(**{f"{path}hidden_because": Remark.Reason.PROGRAM})


def not_counted() -> QuerySet[Remark]:
    """The remarks that do not count, for those who count all and take these away: they are few, and an index of their own has them."""
    return Remark.objects.filter(from_a_flood() | Q(hidden_because=Remark.Reason.PROGRAM))


def from_a_flood(path: str = "") -> Q:
    """Rows whose remark came in a flood and waits, so that it does not count yet."""
    return Q(**{f"{path}why": Remark.Why.FLOOD, f"{path}state": Remark.State.WAITING})


def readable(path: str = "") -> Q:
    """Rows whose remark has words or a photo and was looked at, hidden ones too: a reason stands in their place."""
    has_something = ~Q(**{f"{path}words": ""}) | Q(**{f"{path}photo__isnull": False})
    return has_something & ~Q(**{f"{path}state": Remark.State.WAITING})


@dataclass(frozen=True)
class Flood:
    """What waits about one subject because much came at once: how much, how often equal words were sent, with what in it."""

    subject: str
    heading: str
    unit: str
    count: int
    sent: int
    worded: int
    numbers: int
    came_on: date


def flood_about(subject: str) -> QuerySet[Remark]:
    """The rows that wait about one subject because much came at once."""
    return Remark.objects.filter(from_a_flood(), subject=subject)


def floods_in(cycle: Cycle) -> list[Flood]:
    """All floods that wait in a cycle, the largest first. One query."""
    return _floods(Remark.objects.filter(from_a_flood(), cycle=cycle))


def flood_on(subject: str) -> Flood | None:
    """The flood that waits about one subject, or None."""
    return next(iter(_floods(flood_about(subject))), None)


def hidden_as_a_flood(subject: str, by: Person, on: date) -> QuerySet[Remark]:
    """What this person hid that day about one subject because a program sent it, out of what had waited as a flood."""
    hidden = Q(state=Remark.State.HIDDEN, hidden_because=Remark.Reason.PROGRAM, was=Remark.State.WAITING)
    return Remark.objects.filter(hidden, subject=subject, why=Remark.Why.FLOOD, looked_by=by, looked_on=on)


def _floods(rows: QuerySet[Remark]) -> list[Flood]:
    counted: Any = rows.values("subject", unit=F("organisation__code")).annotate(
        heading=Max("heading"),
        count=Count("pk"),
        sent=Sum("times"),
        worded=Count("pk", filter=HAS_SOMETHING),
        numbers=Count("pk", filter=Q(has_number=True)),
        came_on=Min("came_on"),
    )
    return [Flood(**row) for row in counted.order_by("-count", "subject")]


def waiting_about(subject: str) -> Waiting:
    """What waits about one subject."""
    return waiting_in_row(_waiting_by_subject(subject))


@prepared
def _waiting_by_subject(subject: str) -> QuerySet[Any, tuple[Any, ...]]:
    return Remark.objects.filter(WAITS, subject=subject).order_by().values_list("subject").annotate(**COUNTED)


def waiting_by_cycle(rows: QuerySet[Remark]) -> QuerySet[Any, tuple[Any, ...]]:
    """What waits among these words of one cycle, for prepared questions; `waiting_in_row` reads what they answer."""
    return rows.filter(WAITS).order_by().values_list("cycle").annotate(**COUNTED)


def waiting_in_row(answer: list[tuple[Any, ...]]) -> Waiting:
    """What waits, of an answer with a row or none."""
    return next((_standing(*row[1:]) for row in answer), Waiting(0, 0, None))


def waiting_in(cycle: Cycle) -> Waiting:
    """What waits in a cycle."""
    return _waiting(Remark.objects.filter(cycle=cycle))


def remark_with_public_id(public_id: str) -> Remark | None:
    """The remark to which its sender was given this way, or None."""
    rows = Remark.objects.select_related("organisation", "cycle", "photo")
    return rows.filter(public_id=public_id).first()


def remark_with_id(pk: int) -> Remark | None:
    """One remark, or None."""
    return Remark.objects.select_related("organisation", "cycle", "photo").filter(pk=pk).first()


def remarks_with_ids(ids: list[int]) -> list[Remark]:
    """These remarks, as far as they exist."""
    return list(Remark.objects.filter(pk__in=ids).order_by("pk"))


def shown_remark(pk: int) -> Remark | None:
    """One remark that everybody can read, or None. A bare mark is counted, and there is nothing in it to read."""
    rows = Remark.objects.select_related("organisation", "photo").filter(HAS_SOMETHING, state=Remark.State.SHOWN)
    return rows.filter(pk=pk).first()


def remarks_of(cycle: Cycle) -> QuerySet[Remark]:
    """What came in a cycle and has something to look at, or waits: what needs a look first, the oldest of it first."""
    return _in_order(Remark.objects.filter(HAS_SOMETHING | WAITS, cycle=cycle))


def remarks_for(reader: Reader, cycle: Cycle, weekly: Collection[str] = ()) -> QuerySet[Remark]:
    """What a secretary, a leader or somebody of an office reads at the desk: shown words about the unit that they answer for, and all
    about the units below; what is hidden, nobody reads whom it is about. Of the kinds that are `weekly` whoever answers for a unit
    learns no more than the week, also not by what stands above and below.
    """
    led = reader.organisations_as(Post.Role.SECRETARY, Post.Role.LEADER, Post.Role.CAMPAIGN_OFFICE)
    answers_for = reader.organisations_as(Post.Role.SECRETARY)
    own = Q(organisation__in=answers_for, state=Remark.State.SHOWN)
    rows = _in_order(Remark.objects.filter(HAS_SOMETHING | WAITS, own | tree.below(led, "organisation"), cycle=cycle))
    if not answers_for or not weekly:
        return rows
    by_week = When(kind__in=weekly, then=Cast(TruncWeek("came_on"), DateField()))
    placed: Any = rows.annotate(placed_on=Case(by_week, default=F("came_on")))
    ordered: QuerySet[Remark] = placed.order_by("-is_due", "placed_on", "pk")
    return ordered


@prepared
def answered_in(cycle: Cycle) -> QuerySet[Remark]:
    """The shown words of a cycle that were answered last, each with its organisation."""
    return _answered().filter(cycle=cycle)[:ANSWERED_LAST]


@prepared
def answered_about(organisation: Organisation) -> QuerySet[Remark]:
    """The shown words about one organisation that were answered last."""
    return _answered().filter(organisation=organisation)[:ANSWERED_LAST]


def _answered() -> QuerySet[Remark]:
    rows = Remark.objects.filter(state=Remark.State.SHOWN).exclude(answer="").exclude(words="")
    return rows.select_related("organisation").order_by("-answered_on", "-pk")


def is_public_photo(digest: str) -> bool:
    """Whether this photo hangs on words that are shown."""
    return Remark.objects.filter(photo__digest=digest, state=Remark.State.SHOWN).exists()


def account_of(cycle: Cycle) -> CycleRemarks:
    """What became of the words of a cycle: numbers, reasons, and each hiding about the top organisation. Four queries."""
    rows = Remark.objects.filter(HAS_SOMETHING, cycle=cycle)
    totals = rows.aggregate(n=Count("pk"), sent=Sum("times"), shown=Count("pk", filter=Q(state=Remark.State.SHOWN)))
    hidden = Remark.objects.filter(cycle=cycle, state=Remark.State.HIDDEN).values_list("hidden_because")
    reasons = dict(hidden.annotate(n=Count("pk")).values_list("hidden_because", "n"))
    return CycleRemarks(
        cycle=cycle,
        remarks=totals["n"],
        sent=totals["sent"] or 0,
        shown=totals["shown"],
        waiting=waiting_in(cycle),
        hidden={reason: reasons.get(reason, 0) for reason in Remark.Reason.values},
        about_the_top=_hidings(rows),
    )


def due_for(reader: Reader, cycle: Cycle | None) -> Waiting:
    """What waits for a look by this reader, if the reader works in the office."""
    if cycle is None or not reader.organisations_as(Post.Role.CAMPAIGN_OFFICE):
        return Waiting(0, 0, None)
    return _waiting(Remark.objects.filter(cycle=cycle), NEEDS_A_LOOK)


def unanswered_about(organisation: Organisation, cycle: Cycle) -> int:
    """How many words about this organisation everybody can read that its secretary has not answered yet."""
    return words_to_answer(organisation, cycle).count()


def words_to_answer(organisation: Organisation, cycle: Cycle) -> QuerySet[Remark]:
    """The words about this organisation that everybody can read and that nobody has answered yet."""
    rows = Remark.objects.filter(HAS_SOMETHING, cycle=cycle, organisation=organisation, state=Remark.State.SHOWN)
    return rows.filter(answer="")


def _waiting(rows: QuerySet[Remark], needs: Q = WAITS) -> Waiting:
    return _standing(**rows.filter(needs).aggregate(**COUNTED))


def _standing(n: int, flood: int, came: date | None, reported: date | None) -> Waiting:
    return Waiting(n, flood, min((day for day in (came, reported) if day), default=None))


def _hidings(rows: QuerySet[Remark]) -> list[Hiding]:
    about_top = rows.filter(state=Remark.State.HIDDEN, organisation__parent=None).select_related("organisation")
    return [
        Hiding(row.pk, row.subject, row.heading, row.organisation.code, row.looked_on, row.hidden_because)
        for row in about_top.order_by("-looked_on", "-pk")
    ]


def _in_order(rows: QuerySet[Remark]) -> QuerySet[Remark]:
    related: Any = rows.select_related("organisation", "photo", "looked_by", "hiding_asked_by")
    ordered: QuerySet[Remark] = related.annotate(is_due=NEEDS_A_LOOK).order_by("-is_due", "came_on", "pk")
    return ordered
