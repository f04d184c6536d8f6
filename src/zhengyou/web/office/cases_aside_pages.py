"""Setting aside what came in a flood, by two people of the office: one asks with a reason, another one answers, and it is undone
within a day.
"""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from zhengyou.base.refusals import reason_against
from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.models import Cycle
from zhengyou.cases import aside_queries, aside_rules, guarding, queries, setting_aside
from zhengyou.cases.models import Case, CaseAside, CaseStep
from zhengyou.web.shared import case_asides, case_words, clock, doors
from zhengyou.web.shared.lists import numbers_in
from zhengyou.web.shared.pages import found, posted, pressed

of_cycle = doors.of_campaign("cycle_id", campaigns.cycle_with_id)


@doors.room("cases")
@doors.office
@of_cycle
@never_cache
def ask(request: doors.PersonRequest, cycle: Cycle) -> HttpResponse:
    """Ask for the ticked ones to be set aside; the page shows the words of all of them, which counts as reading them."""
    back = ("office-cases", cycle.pk)
    mine = queries.docket(request.person, doors.reach_of(request, "unit"), clock.today()).filter(cycle=cycle)
    ticked = [int(one) for one, _same in numbers_in(request.POST, "row")]
    rows = list(queries.with_cycles(mine.filter(pk__in=ticked), cycle))
    refusal = reason_against(aside_rules.check_how_many, len(rows)) if request.method == "POST" else ""
    for row in [] if refusal else rows:
        refusal = refusal or reason_against(aside_rules.check_may_be_set_aside, row)
    if request.method != "POST" or refusal:
        if refusal:
            messages.error(request, refusal)
        return redirect(*back)
    _note(request, rows)
    form = case_asides.AsideForm(request.POST if "asked" in request.POST else None)
    deed = partial(setting_aside.ask_aside, cases=rows)
    done = _("Asked. They wait as before until another person in the office has answered.")
    answer = posted(request, form, deed, done=done, to=back) if form.is_bound else None
    return answer or render(request, "office/case_aside_ask.html", {"cycle": cycle, "form": form, "rows": rows})


@doors.room("cases")
@doors.office
@of_cycle
@never_cache
def aside(request: doors.PersonRequest, cycle: Cycle, aside_id: int) -> HttpResponse:
    """What somebody of the office wants to be set aside, with the words of all of it; another person answers."""
    one, on, back = _aside(cycle, aside_id), clock.today(), ("office-cases", cycle.pk)
    rows = list(aside_queries.asked_aside(one, request.person, on)) if one.answered_at is None else []
    _note(request, rows)
    is_mine = one.asked_by_id == request.person.pk
    form = case_asides.AnswerForm(request.POST or None) if one.answered_at is None and not is_mine else None
    keeps = [int(pk) for pk, _same in numbers_in(request.POST, "row")]
    deed = partial(setting_aside.answer_aside, aside=one, keeps=keeps)
    shown = {"cycle": cycle, "aside": one, "why": case_words.ASIDE_WHYS[one.why], "rows": rows, "form": form}
    sent = posted(request, form, deed, done=_("Your answer stands."), to=back) if form else None
    return sent or render(request, "office/case_aside.html", shown)


@doors.room("cases")
@doors.office
@of_cycle
@require_POST
def undo(request: doors.PersonRequest, cycle: Cycle, aside_id: int) -> HttpResponse:
    """Bring back what was set aside within a day."""
    deed = partial(setting_aside.undo_aside, aside=_aside(cycle, aside_id))
    return pressed(request, deed, done=_("Brought back. They wait again."), to=("office-cases", cycle.pk))


def _aside(cycle: Cycle, pk: int) -> CaseAside:
    one = found(aside_queries.aside_of_office(pk))
    return found(one if one.cycle_id == cycle.pk else None)


def _note(request: doors.PersonRequest, rows: list[Case]) -> None:
    guarding.note_readings(cases=rows, side=CaseStep.Side.OFFICE, at=clock.now(), by=request.person)
