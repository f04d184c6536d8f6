"""Doors to plans at the desk: who writes for the organisation, and who reads its draft first."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse

from zhengyou.base.refusals import allows
from zhengyou.consultation import queries, rules
from zhengyou.consultation.models import ParagraphWording, Plan
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.pages import found

Page = Callable[..., HttpResponse]


def writers(page: Page) -> Page:
    """Only for those who write the plan in the address; the page gets the plan."""

    @doors.room("consultation")
    @doors.signed_in
    @doors.fetched("plan_id", queries.plan_with_id)
    @wraps(page)
    def door(request: Any, plan: Plan, **kwargs: Any) -> HttpResponse:
        mine = (request.person, plan.organisation, clock.today())
        if rules.phase_on(plan, clock.today()) == Plan.Phase.DRAFTED and not allows(rules.check_may_plan, *mine):
            raise Http404  # that a plan is being written is known to nobody else
        rules.check_may_plan(*mine)
        return page(request, plan, **kwargs)

    return door


def of_paragraph(page: Page) -> Page:
    """As `writers`, for a paragraph of the version that is being written; the page gets its wording as well."""

    @writers
    @wraps(page)
    def door(request: Any, plan: Plan, wording_id: int, **kwargs: Any) -> HttpResponse:
        wording = found(queries.wording_with_id(wording_id))
        if wording.version.plan_id != plan.pk:
            raise Http404
        return page(request, plan, wording, **kwargs)

    return door


def first_readers(plan: Plan, request: Any) -> None:
    """Whether this person reads the draft now. Raises RoleRefused, or Http404 where there is nothing to read."""
    if rules.phase_on(plan, clock.today()) == Plan.Phase.DRAFTED:
        raise Http404
    rules.check_may_read_first(request.person, plan.organisation)


def writable(wording: ParagraphWording) -> bool:
    """Whether a wording stands in the version that is being written, and is a paragraph."""
    return wording.version.published_at is None and wording.place > 0
