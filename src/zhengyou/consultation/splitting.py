"""Taking some comments out of an answer that was given to many: they get an answer of their own, and what stood there stays readable."""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from zhengyou.base.deeds import done, locked
from zhengyou.base.once import once_of
from zhengyou.base.time import local_day
from zhengyou.consultation import queries, rules
from zhengyou.consultation.models import EarlierResponse, Plan, PlanRemark, PlanResponse
from zhengyou.organisations.models import Person
from zhengyou.remarks import actions as remarks

MOST_LISTED = 100
NOTHING_LEFT = _("These are all that have this answer. Correct the answer itself.")


def given_to_several(plan: Plan) -> list[PlanResponse]:
    """The answers of a plan that were given to more than one comment, each with how many (`given_to`), the largest first."""
    mine: Any = PlanRemark.objects.filter(response=OuterRef("pk")).order_by().values("response")
    rows: Any = PlanResponse.objects.filter(plan=plan).annotate(
        given_to=Subquery(mine.annotate(n=Count("pk")).values("n"))
    )
    return list(rows.filter(given_to__gt=1).order_by("-given_to", "-pk")[:MOST_LISTED])


def are_all_of(response: PlanResponse, remark_ids: Collection[int]) -> bool:
    """Whether no other comment has this answer: then it is corrected, and nothing is answered apart."""
    return not PlanRemark.objects.filter(response=response).exclude(pk__in=remark_ids).exists()


@transaction.atomic
def answer_apart(
    *,
    response: PlanResponse,
    remark_ids: Collection[int],
    outcome: str,
    text: str,
    paragraph_ids: Collection[int] = (),
    at: datetime,
    by: Person,
    ticket: uuid.UUID | None = None,
) -> PlanResponse:
    """Some comments of one answer get another one, before the plan is adopted; whoever wrote them reads what was said before. What was
    said to the own words of single ones stays. Sent twice it is one answer. Raises RoleRefused, PlanResponseRefused.
    """
    plan = locked(response.plan, "organisation", "cycle__campaign__organisation")
    rules.check_may_plan(by, plan.organisation, local_day(at))
    once = once_of(ticket, plan.reference, "apart", outcome, text, *sorted(remark_ids))
    if known := PlanResponse.objects.filter(once=once).first():
        return known
    row = locked(response, "plan")
    rules.check_not_adopted(plan, rules.PlanResponseRefused)
    every = PlanRemark.objects.select_for_update(of=("self",)).filter(response=row)
    held = list(every.filter(pk__in=remark_ids).select_related("remark").order_by("pk"))
    _check_splits(len(held), len(set(remark_ids)), PlanRemark.objects.filter(response=row).count())
    named = queries.paragraphs_named(plan, paragraph_ids)
    text = rules.check_response(outcome, text, named, plan)
    made = {"plan": plan, "outcome": outcome, "text": text, "responded_at": at, "responded_by": by, "once": once}
    apart = PlanResponse.objects.create(**made)
    apart.paragraphs.set(named)
    _keep_what_was_said(row, apart, at)
    PlanRemark.objects.filter(pk__in=[one.pk for one in held]).update(response=apart)
    answers = {one.remark_id: f"{text}\n{one.own_answer}".strip() for one in held}
    remarks.change_answers(answers=answers, at=at, by=by)
    facts = {"outcome": outcome, "text": text, "paragraphs": named, "remarks": [one.remark_id for one in held]}
    done("consultation.answer_apart", apart, at=at, by=by, plan=plan, of=row, **facts)
    return apart


def _keep_what_was_said(before: PlanResponse, apart: PlanResponse, at: datetime) -> None:
    """Below what is answered apart stays the answer that it had, and all that this one said before it was corrected."""
    rows = EarlierResponse.objects.filter(response=before).order_by("pk")
    earlier = [(one.outcome, one.text, one.said_until) for one in rows]
    EarlierResponse.objects.bulk_create(
        EarlierResponse(response=apart, outcome=outcome, text=text, said_until=until)
        for outcome, text, until in [*earlier, (before.outcome, before.text, at)]
    )


def _check_splits(held: int, asked: int, every: int) -> None:
    """Some comments of this very answer are answered apart, and not all: then the answer itself is corrected."""
    if not held or held != asked:
        raise rules.PlanResponseRefused(
            _("Tick comments that have this answer. Somebody may have answered some of them separately meanwhile."),
            reason="response.not-of-this-answer",
        )
    if held == every:
        raise rules.PlanResponseRefused(NOTHING_LEFT, reason="response.nothing-left")
