"""Statements built once of what the page of a plan asks of it: its versions, their text, and what was said to them; and of how the
plans of a cycle stand in numbers.
"""

from datetime import date
from typing import Any, cast

from django.db.models import Count, Min, Q, QuerySet, Sum

from zhengyou.base.prepared import prepared
from zhengyou.campaigns.models import Cycle
from zhengyou.consultation.models import ParagraphWording, Plan, PlanRemark, PlanResponse, PlanVersion
from zhengyou.organisations.models import Organisation
from zhengyou.remarks import queries as remarks
from zhengyou.remarks.models import Remark

IS_SHOWN = Q(remark__state=Remark.State.SHOWN)
IS_OPEN = IS_SHOWN & Q(response=None)


@prepared
def plans_with_id(pk: int) -> QuerySet[Plan]:
    """One plan with its organisation and cycle, in a list, or nothing."""
    return Plan.objects.select_related("organisation", "cycle__campaign__organisation").filter(pk=pk)


@prepared
def newest(plan: Plan) -> QuerySet[PlanVersion]:
    """The newest version, in a list."""
    rows = PlanVersion.objects.filter(plan=plan)
    return rows.select_related("plan__organisation", "plan__cycle").order_by("-number")[:1]


@prepared
def newest_published(plan: Plan) -> QuerySet[PlanVersion]:
    """The newest published one, in a list, or nothing."""
    rows = PlanVersion.objects.filter(plan=plan, published_at__isnull=False)
    return rows.select_related("plan__organisation", "plan__cycle").order_by("-number")[:1]


@prepared
def being_written(plan: Plan) -> QuerySet[PlanVersion]:
    """The one being written, in a list, or nothing."""
    rows = PlanVersion.objects.filter(plan=plan, published_at__isnull=True)
    return rows.select_related("plan__organisation", "plan__cycle").order_by("-number")[:1]


@prepared
def accounts(plan: Plan) -> QuerySet[Any, dict[str, int]]:
    """What became of the remarks on a plan, in numbers; nothing where there is none."""
    rows: Any = PlanRemark.objects.filter(remarks.counted("remark__"), plan=plan).order_by().values("plan")
    counts: QuerySet[Any, dict[str, int]] = rows.annotate(
        remarks=Count("pk"),
        waiting=Count("pk", filter=Q(remark__state=Remark.State.WAITING)),
        hidden=Count("pk", filter=Q(remark__state=Remark.State.HIDDEN)),
        unanswered=Count("pk", filter=IS_OPEN),
        taken_up=Count("pk", filter=_outcome(PlanResponse.Outcome.TAKEN_UP)),
        partly=Count("pk", filter=_outcome(PlanResponse.Outcome.PARTLY)),
        not_taken_up=Count("pk", filter=_outcome(PlanResponse.Outcome.NOT_TAKEN_UP)),
        sent=Sum("remark__times"),
    )
    return counts


def _outcome(outcome: str) -> Q:
    return IS_SHOWN & Q(response__outcome=outcome)


@prepared
def waiting_of(plan: Plan) -> QuerySet[Any, tuple[Any, ...]]:
    """What waits for a look of all that was said to a plan, a flood included."""
    return remarks.waiting_by_cycle(Remark.objects.filter(pk__in=PlanRemark.objects.filter(plan=plan).values("remark")))


@prepared
def counts_by_wording(plan: Plan) -> QuerySet[Any, tuple[int, int, int]]:
    """Paragraph, number of the version, and how many readable remarks were made there."""
    rows: Any = PlanRemark.objects.filter(remarks.readable("remark__"), plan=plan).order_by()
    by: Any = rows.values_list("wording__paragraph", "wording__version__number")
    counts: QuerySet[Any, tuple[int, int, int]] = by.annotate(n=Count("pk"))
    return counts


@prepared
def versions_of(plan: Plan) -> QuerySet[PlanVersion]:
    """All versions, the first one first."""
    return PlanVersion.objects.filter(plan=plan).order_by("number")


@prepared
def wordings_of(version: PlanVersion) -> QuerySet[ParagraphWording]:
    """The whole and then the paragraphs of a version, in their order."""
    return ParagraphWording.objects.filter(version=version).select_related("paragraph").order_by("place")


def _public_in(cycle: Cycle, day: date) -> QuerySet[Plan]:
    return Plan.objects.filter(cycle=cycle, public_from__lte=day).order_by()


@prepared
def open_ones(cycle: Cycle, day: date) -> QuerySet[Any, tuple[int, date]]:
    """How many plans of a cycle are open for remarks, and the first day on which one closes; nothing where none is."""
    rows: Any = _public_in(cycle, day).filter(adopted_on=None, open_until__gte=day).values("cycle")
    rows = rows.annotate(n=Count("pk"), first=Min("open_until"))
    return cast("QuerySet[Any, tuple[int, date]]", rows.values_list("n", "first"))


@prepared
def units_and_planned(cycle: Cycle, path: str, day: date) -> QuerySet[Any, tuple[int, int]]:
    """How many living units there are below a path, and how many have a plan that everybody may read."""
    planned = _public_in(cycle, day).values("organisation")
    rows: Any = Organisation.objects.filter(ended_on=None, path__startswith=path).order_by().values("ended_on")
    rows = rows.annotate(n=Count("pk"), planned=Count("pk", filter=Q(pk__in=planned)))
    return cast("QuerySet[Any, tuple[int, int]]", rows.values_list("n", "planned"))


@prepared
def unanswered_in(cycle: Cycle) -> QuerySet[Any, int]:
    """How many remarks about its plans wait for an answer, in a list; nothing where none does."""
    rows: Any = PlanRemark.objects.filter(IS_OPEN, plan__cycle=cycle).order_by().values("plan__cycle")
    return cast("QuerySet[Any, int]", rows.annotate(n=Count("pk")).values_list("n", flat=True))
