"""The desk of secretaries: the unit's own practice theme."""

from functools import partial
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import Cycle
from zhengyou.campaigns.ruleset import Purpose
from zhengyou.organisations.models import Organisation
from zhengyou.plans import actions, queries
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.central_work import add_central_work, piece_of
from zhengyou.web.shared.fields import LongText, ShortText
from zhengyou.web.shared.guidance import guidance_for
from zhengyou.web.shared.pages import check_opens, posted, pressed
from zhengyou.web.shared.stages import cycle_for


class ThemeForm(forms.Form):
    """The organisation's own practice theme."""

    text = ShortText(label=_("Theme"), max_length=200, help_text=_("One sentence that people can remember."))
    main_work = LongText(label=_("Main work that it serves"), max_length=300, rows=2)

    def __init__(self, *args: Any, cycle: Cycle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        add_central_work(self, cycle)


@doors.room("plans")
@doors.secretary
def theme(request: doors.PersonRequest, organisation: Organisation) -> HttpResponse:
    """Choose the organisation's practice theme."""
    cycle = cycle_for(request, organisation)
    check_opens(request, Calendar.of(cycle).check_open, Purpose.PROMISE, clock.today())
    chosen = queries.practice_theme(cycle, organisation)
    initial = {"text": chosen.text, "main_work": chosen.main_work, "central_work": piece_of(chosen)} if chosen else {}
    form = ThemeForm(request.POST or None, initial=initial, cycle=cycle)
    sector = campaigns.sector_themes_said(cycle).get(organisation.sector, "")
    shown = {
        "base": "parts/desk_page.html",
        "organisation": organisation,
        "form": form,
        "heading": _("Theme"),
        "button": _("Choose this theme"),
        "guidance": guidance_for(cycle, organisation),
        "intro": _("Theme of your sector: %(theme)s") % {"theme": sector} if sector else "",
    }
    return posted(
        request,
        form,
        partial(actions.choose_practice_theme, cycle=cycle, organisation=organisation),
        done=_("The theme is chosen and shown on your public page."),
        to=("desk-commitment", organisation.code),
    ) or render(request, "desk/commitment_form.html", shown)


@doors.room("plans")
@doors.signed_in
@require_POST
@doors.fetched("cycle_id", campaigns.launched_cycle)
def known(request: doors.PersonRequest, cycle: Cycle) -> HttpResponse:
    """Somebody says whether they know their unit's theme; afterwards they read it."""
    answer = request.POST.get("answer", "")
    theme = queries.practice_theme(cycle, request.person.organisation)
    done = _("Counted, without your name. The theme is: %(theme)s") % {"theme": theme.text} if theme and answer else ""
    return pressed(request, partial(actions.say_theme_known, cycle=cycle, answer=answer), done=done, to="desk-home")
