"""What two people set aside, or one of them asks the other one for: of what goes around its target, and of what came in a flood."""

from datetime import date
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from zhengyou.base.prepared import prepared
from zhengyou.campaigns.models import Cycle
from zhengyou.cases import queries, reader_queries
from zhengyou.cases.models import Case, CaseAside, CaseStep
from zhengyou.organisations import queries as organisations
from zhengyou.organisations import tree
from zhengyou.organisations.models import Person, Post


def asides_for(person: Person, on: date) -> list[CaseAside]:
    """What this reader, or the other one, asked to be set aside: unanswered ones, and the last that were answered."""
    tops = [row.organisation_id for row in reader_queries.readerships(person, on)]
    return list(_last_of(CaseAside.objects.filter(is_around=True, cycle__campaign__organisation__in=tops)))


@prepared
def asides_of(cycle: Cycle) -> QuerySet[CaseAside]:
    """What somebody of the office asked to be set aside in a cycle: unanswered ones, and the last that were answered."""
    return _last_of(CaseAside.objects.filter(is_around=False, cycle=cycle))


def aside_for(pk: int, person: Person, on: date) -> CaseAside | None:
    """One of these, if this person is a reader of its campaign, or None."""
    row = (
        CaseAside.objects.filter(pk=pk, is_around=True)
        .select_related("asked_by", "cycle__campaign__organisation")
        .first()
    )
    return row if row and reader_queries.reads_for(person, row.cycle.campaign.organisation, on) else None


def aside_of_office(pk: int) -> CaseAside | None:
    """One of those that two people of an office decide, or None. Who may see it, the page asks of its campaign."""
    rows = CaseAside.objects.filter(pk=pk, is_around=False)
    return rows.select_related("asked_by", "answered_by", "cycle__campaign__organisation").first()


def asked_aside(aside: CaseAside, person: Person, on: date) -> QuerySet[Case]:
    """The reports that are asked to be set aside together, wait still, and this person may read."""
    if aside.is_around:
        return reader_queries.guarded_for(person, on).filter(aside=aside, state=Case.State.GUARDED)
    posts = organisations.posts_of(person, on)
    offices = [post.organisation for post in posts if post.role == Post.Role.CAMPAIGN_OFFICE]
    rows = queries.docket(person, tree.within_any(offices, "unit"), on)
    return rows.filter(aside=aside, state=Case.State.RECEIVED)


def set_aside_by(aside: CaseAside) -> QuerySet[Case]:
    """The reports that were set aside together and are so still."""
    return (
        Case.objects.filter(aside=aside, state=Case.State.SET_ASIDE)
        .select_related(*reader_queries.RELATED)
        .order_by("pk")
    )


def comes_back(case: Case) -> bool:
    """Whether a message of its reporter brings back what was set aside: once, since the next time that was seen."""
    kept = CaseStep.objects.filter(case=case, kind=CaseStep.Kind.BROUGHT_BACK, side=CaseStep.Side.REPORTER)
    return case.state == Case.State.SET_ASIDE and not kept.exists()


def _last_of(rows: QuerySet[CaseAside]) -> QuerySet[CaseAside]:
    rows = rows.select_related("asked_by", "answered_by").annotate(waiting=_waiting_in())
    return rows.order_by(F("answered_at").desc(nulls_first=True), "-pk")[:10]


def _waiting_in() -> Any:
    waits = (
        Case.objects.filter(aside=OuterRef("pk"), state__in=[Case.State.GUARDED, Case.State.RECEIVED])
        .order_by()
        .values("aside")
    )
    return Coalesce(Subquery(waits.annotate(n=Count("pk")).values("n")), 0)
