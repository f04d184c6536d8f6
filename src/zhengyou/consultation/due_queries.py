"""What is due about plans for whoever writes one, answers what was said to it, or may read a draft first."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from zhengyou.campaigns.models import Cycle
from zhengyou.consultation import queries, rules
from zhengyou.consultation.models import Plan
from zhengyou.organisations.readers import Reader

Phase = Plan.Phase


@dataclass(frozen=True)
class PlanDue:
    """Something due about a plan: remarks to `answer`, a draft to `read`, or to `adopt` what is answered."""

    kind: str
    plan: Plan
    count: int = 0
    due_on: date | None = None


def due_for(reader: Reader, cycles: Collection[Cycle]) -> list[PlanDue]:
    """What this reader has to do about plans of these cycles: answer, read a draft first, adopt what is answered. Two queries."""
    wanted, found = {cycle.pk for cycle in cycles}, []
    for plan in queries.plans_to_write(reader, reader.on):
        unanswered, phase = plan.unanswered, plan.phase_now  # type: ignore[attr-defined]
        if plan.cycle_id not in wanted:
            continue
        if unanswered:
            due_on = rules.answer_due_on(plan.oldest)  # type: ignore[attr-defined]
            found.append(PlanDue("answer", plan, unanswered, due_on))
        elif phase == Phase.ANSWERING:
            found.append(PlanDue("adopt", plan))
    first = [plan for plan in queries.plans_to_read_first(reader, reader.on) if plan.cycle_id in wanted]
    return found + [PlanDue("read", plan, due_on=_day_before(plan)) for plan in first]


def _day_before(plan: Plan) -> date | None:
    return plan.public_from - timedelta(days=1) if plan.public_from else None
