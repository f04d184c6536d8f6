"""Who reads what goes around its target: the two people who are named, what came since then, and what was given to them.

Nothing here hands out such a report but to one of these two. What both of them set aside is asked in `queries`.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any, cast

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from zhengyou.base.prepared import prepared
from zhengyou.base.time import week_of
from zhengyou.campaigns.models import Cycle
from zhengyou.cases import rules
from zhengyou.cases.models import Case, CaseGiven, CaseGiving, CaseReader, CaseReading, CaseStep
from zhengyou.organisations import tree
from zhengyou.organisations.models import Organisation, Person, Post, Responsibility, held_on

RELATED = ("unit", "unit__parent", "cycle__campaign__organisation")
NOT_GUARDED = Q(body="")
BARRED = (Post.Role.CAMPAIGN_OFFICE, Post.Role.SECRETARY, Post.Role.LEADER)


@dataclass(frozen=True)
class ReaderChange:
    """That the people who read changed after a report came: `named`, `released`, or the report was `given` to those named later."""

    on: date
    what: str


def is_barred(person: Person, top: Organisation, on: date) -> bool:
    """Whether somebody works in a campaign office, or heads or answers for a unit, of this campaign or above it: then they read none
    of it. It asks nothing about reports, so that a refusal tells of none.
    """
    return bool(_barred([person], top, on))


def _barred(people: Collection[Person], top: Organisation, on: date) -> set[int]:
    """The ids of those of these people who are barred. Two queries for any number."""
    held = [(post.person_id, post.organisation) for post in _posts_that_bar(people, on)] if people else []
    held += [(row.person_id, row.organisation) for row in _answered_for(people, on)] if people else []
    return {pk for pk, one in held if tree.is_within(one, top) or tree.is_within(top, one)}


@prepared
def _posts_that_bar(people: Collection[Person], on: date) -> QuerySet[Post]:
    rows = Post.objects.filter(held_on(on), person__in=people, role__in=BARRED)
    return rows.select_related("organisation").order_by("pk")


@prepared
def _answered_for(people: Collection[Person], on: date) -> QuerySet[Responsibility]:
    rows = Responsibility.objects.filter(held_on(on), person__in=people)
    return rows.select_related("organisation").order_by("pk")


def readerships(person: Person, on: date) -> list[CaseReader]:
    """For which campaigns somebody reads what goes around its target: confirmed, not released, and barred by no post."""
    return [row for row in _named_to_read(person, on) if not is_barred(person, row.organisation, on)]


@prepared
def _named_to_read(person: Person, on: date) -> QuerySet[CaseReader]:
    return CaseReader.objects.filter(person=person, from_on__lte=on, until_on=None).select_related("organisation")


def guarded_for(person: Person, on: date) -> QuerySet[Case]:
    """What goes around its target and this person reads: what came after the day on which they became a reader of its campaign, or
    was given to them; nothing about their own unit, and what was handed over only for some days more.
    """
    rows = Case.objects.filter(_came_to(readerships(person, on)), ~NOT_GUARDED, state__in=rules.AROUND)
    rows = rows.exclude(state=Case.State.HANDED, closed_on__lt=on - rules.HANDED_READ).exclude(is_about(person, on))
    return rows.select_related(*RELATED).order_by("state", "received_on", "lookup")


def guarded_case(pk: int, person: Person, on: date) -> Case | None:
    """One case that goes around its target, if this person is one of those who read it; else None."""
    return guarded_for(person, on).select_related("photo").filter(pk=pk).first()


def with_signs(rows: QuerySet[Case], person: Person) -> QuerySet[Case]:
    """These cases, each with what its list shows: whether this person read it, whether somebody answered its reporter, and whether a
    message of the reporter came after that.
    """
    messages = CaseStep.objects.filter(kind=CaseStep.Kind.MESSAGE)
    ours, said = messages.filter(side=CaseStep.Side.READER), messages.filter(side=CaseStep.Side.REPORTER)
    later = ours.filter(case=OuterRef("case"), number__gt=OuterRef("number"))
    read = CaseReading.objects.filter(case=OuterRef("pk"), person=person, what=CaseReading.What.REPORT)
    return rows.annotate(
        was_read=Exists(read),
        was_answered=Exists(ours.filter(case=OuterRef("pk"))),
        waits_for_answer=Exists(said.filter(~Exists(later), case=OuterRef("pk"))),
    )


def reads_for(person: Person, top: Organisation, on: date) -> bool:
    """Whether this person is one of the two readers for the campaigns of this organisation."""
    return any(row.organisation_id == top.pk for row in readerships(person, on))


def is_reader(person: Person, on: date) -> bool:
    """Whether this person reads what goes around its target anywhere."""
    return bool(readerships(person, on))


def unread_by_others(cases: Iterable[Case], by: Person, on: date) -> int:
    """How many of these nobody but `by` may read, since the other reader belongs to their unit or nobody else is named."""
    left = {row.pk for row in cases}
    tops = {row.cycle.campaign.organisation for row in cases}
    for other in {one.person for top in tops for one in confirmed_readers(top)} - {by}:
        left -= set(guarded_for(other, on).filter(pk__in=left).values_list("pk", flat=True))
    return len(left)


@prepared
def readers_named(top: Organisation) -> QuerySet[CaseReader]:
    """Who is named to read what goes around its target in the campaigns of this organisation; a second person may not have
    confirmed it yet.
    """
    rows = CaseReader.objects.filter(organisation=top, until_on=None).select_related(
        "person__organisation", "named_by", "release_asked_by"
    )
    return rows.order_by("from_on", "pk")


def confirmed_readers(top: Organisation) -> list[CaseReader]:
    """Those of them whom a second person confirmed; who is barred since then is among them."""
    return [one for one in readers_named(top) if one.from_on is not None]


def readers_now(top: Organisation, on: date) -> list[CaseReader]:
    """Those of them who read on that day. Three queries."""
    named = confirmed_readers(top)
    barred = _barred([one.person for one in named], top, on)
    return [one for one in named if one.person_id not in barred]


def guarded_waiting(top: Organisation, cycle: Cycle | None = None) -> tuple[int, date | None]:
    """How many cases of this organisation's campaigns (of one cycle) wait to be handed to a body, and since which week the first: the
    office, which does not read them, is told no day of a reporter.
    """
    count, first = next(iter(_guarded_in(top, cycle)), (0, None))
    return count, week_of(first) if first else None


@prepared
def _guarded_in(top: Organisation, cycle: Cycle | None) -> QuerySet[Any, tuple[int, date]]:
    rows = Case.objects.filter(state=Case.State.GUARDED, cycle__campaign__organisation=top).order_by()
    rows = rows if cycle is None else rows.filter(cycle=cycle)
    counted: Any = rows.values("state").annotate(n=Count("pk"), first=Min("received_on")).values_list("n", "first")
    return cast("QuerySet[Any, tuple[int, date]]", counted)


def unread_by_anybody(top: Organisation, on: date, readers: Iterable[CaseReader] | None = None) -> QuerySet[Case]:
    """What waits and nobody may read, since whoever could is gone, or it came before those who are named now. `readers` are those who
    read on that day, where they are known.
    """
    rows = Case.objects.filter(state=Case.State.GUARDED, cycle__campaign__organisation=top)
    for one in readers_now(top, on) if readers is None else readers:
        read = Case.objects.filter(_came_to_one(one), state=Case.State.GUARDED).exclude(is_about(one.person, on))
        rows = rows.exclude(pk__in=read.order_by().values("pk"))
    return rows


def giving_asked(top: Organisation) -> CaseGiving | None:
    """That somebody of the office asks for it to be given to those who are named now, and nobody answered; or None."""
    return CaseGiving.objects.filter(organisation=top, given_on=None).select_related("asked_by").first()


def changes_since(case: Case) -> list[ReaderChange]:
    """How those who read changed since a report came, by day, for its reporter."""
    rows = CaseReader.objects.filter(organisation=case.cycle.campaign.organisation, from_on__isnull=False)
    named = [ReaderChange(one.from_on, "named") for one in rows if one.from_on and one.from_on >= case.turn_on]
    left = [ReaderChange(one.until_on, "released") for one in rows if one.until_on and one.until_on >= case.turn_on]
    given = CaseGiven.objects.filter(case=case).values_list("giving__given_on", flat=True).distinct()
    every = [*left, *named, *(ReaderChange(on, "given") for on in given if on)]
    return sorted(every, key=lambda one: one.on)


def readers_of(case: Case, on: date) -> int:
    """How many people may read this one on that day."""
    tops = readers_now(case.cycle.campaign.organisation, on)
    return sum(guarded_for(one.person, on).filter(pk=case.pk).exists() for one in tops)


def is_about(person: Person, on: date) -> Q:
    """Cases that a unit has or had in hand to which this person belongs, by home or post; the top of the tree is none of them."""
    own = own_units(person, on)
    return is_about_units(own) if own else Q(pk__in=[])


def own_units(person: Person, on: date) -> set[int]:
    """The ids of the units to which this person belongs, by home or post, but that of the top."""
    return {pk for home in _homes(person.pk, on) for pk in tree.ids_of(home)[1:]}


@prepared
def _homes(person: int, on: date) -> QuerySet[Organisation]:
    home = Person.objects.filter(pk=person).values("organisation")
    posts = Post.objects.filter(held_on(on), person=person).values("organisation")
    return Organisation.objects.filter(Q(pk__in=home) | Q(pk__in=posts))


def is_about_units(own: Any) -> Q:
    """Cases that one of these units has or had in hand."""
    return Q(unit__in=own) | Q(Exists(CaseStep.objects.filter(case=OuterRef("pk"), unit__in=own)))


def _came_to(mine: Iterable[CaseReader]) -> Q:
    """What came to these readers. What came on the day itself did not: nobody becomes a reader for the sake of what lies there."""
    return reduce(or_, (_came_to_one(row) for row in mine), Q(pk__in=[]))


def _came_to_one(row: CaseReader) -> Q:
    given = CaseGiven.objects.filter(reader=row).values("case")
    return Q(cycle__campaign__organisation=row.organisation_id) & (Q(turn_on__gt=row.from_on) | Q(pk__in=given))
