"""What is due about plans, as lines of the desk and of the office's first page: answer remarks, read a draft first, adopt, remind."""

from collections.abc import Collection
from urllib.parse import quote

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhengyou.burden.rules import BY_SLUG
from zhengyou.campaigns.models import Cycle
from zhengyou.consultation import due_queries, queries
from zhengyou.consultation.due_queries import PlanDue
from zhengyou.consultation.rules import answer_due_on
from zhengyou.organisations.readers import Reader
from zhengyou.web.shared.due_lines import DueLine

MOST_LATE = 5  # the office opens the list of plans for the others
MINUTES_AN_ANSWER = 3  # a guess until fillings are measured: reading a remark and three sentences


def plan_lines(reader: Reader, cycles: Collection[Cycle]) -> list[DueLine]:
    """What this reader has to do about plans of these cycles."""
    wanted = [cycle for cycle in cycles if "consultation" in cycle.ruleset.rooms]
    return [_line(due) for due in due_queries.due_for(reader, wanted)] if wanted else []


def late_lines(reader: Reader, cycle: Cycle | None) -> list[DueLine]:
    """For the campaign office: which units owe answers on their plans past the day. What the reader answers is a line of its own."""
    if cycle is None or "consultation" not in cycle.ruleset.rooms:
        return []
    text, late = _("Remind %(unit)s: answers are late on “%(plan)s”"), queries.late_plans
    address = reverse("office-plans", args=[cycle.pk])
    return [
        DueLine(
            f"{address}?q={quote(row.organisation.code)}",
            text % {"unit": row.organisation.name, "plan": row.title},
            due_on=answer_due_on(row.oldest),  # type: ignore[attr-defined]
            cycle=cycle.pk,
        )
        for row in late(cycle, reader.on, but=queries.led_by(reader))[:MOST_LATE]
    ]


def _line(due: PlanDue) -> DueLine:
    plan, name = due.plan, {"plan": due.plan.title}
    detail, unit, cycle = plan.organisation.name, plan.organisation_id, plan.cycle_id
    if due.kind == "answer":
        text = ngettext("Answer %(n)d comment on “%(plan)s”", "Answer %(n)d comments on “%(plan)s”", due.count)
        address = f"{reverse('desk-plan-remarks', args=[plan.pk])}?state=open"
        minutes = MINUTES_AN_ANSWER * due.count
        return DueLine(address, text % (name | {"n": due.count}), detail, due.due_on, minutes, unit, cycle=cycle)
    if due.kind == "read":
        address, minutes = reverse("desk-plan-read", args=[plan.pk]), BY_SLUG["plan-draft"].minutes()
        return DueLine(address, _("Read the draft “%(plan)s” first") % name, detail, due.due_on, minutes, cycle=cycle)
    text = _("All comments are answered; the plan can be adopted: %(plan)s")
    return DueLine(reverse("desk-plan", args=[plan.pk]), text % name, detail, organisation=unit, cycle=cycle)
