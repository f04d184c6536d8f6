"""The desk where a unit tells everybody how things stand."""

from functools import partial

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from zhengyou.base.texts import longest
from zhengyou.campaigns import rules as campaign_rules
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import Cycle
from zhengyou.campaigns.ruleset import Purpose
from zhengyou.organisations.models import Organisation
from zhengyou.situations import actions, queries
from zhengyou.situations.models import SituationReport
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.fields import LongText, ShortText, Ticket
from zhengyou.web.shared.pages import check_opens, posted
from zhengyou.web.shared.stages import cycle_for


class SituationForm(forms.Form):
    """One report."""

    ticket = Ticket()
    title = ShortText(label=pgettext_lazy("of a text", "Title"), max_length=longest(SituationReport, "title"))
    text = LongText(
        label=gettext_lazy("How things stand"),
        max_length=longest(SituationReport, "text"),
        rows=10,
        help_text=gettext_lazy("What was done since the last report, what was not and why, what comes next by when."),
    )


@doors.room("commitments")
@doors.secretary
def write(request: doors.PersonRequest, organisation: Organisation) -> HttpResponse:
    """Publish the unit's next report; those before stand below."""
    cycle = cycle_for(request, organisation)
    check_opens(request, _check_may_report, cycle, organisation)
    form = SituationForm(request.POST or None)
    deed = partial(actions.publish_report, cycle=cycle, organisation=organisation)
    shown = {
        "base": "parts/desk_page.html",
        "organisation": organisation,
        "form": form,
        "heading": _("Situation report"),
        "button": _("Publish the report"),
        "earlier": queries.reports_of(organisation)[:20],
    }
    done, to = _("The report is public. Anybody can comment on it."), ("desk-situation-write", organisation.code)
    return posted(request, form, deed, done=done, to=to) or render(request, "desk/situation_form.html", shown)


def _check_may_report(cycle: Cycle, organisation: Organisation) -> None:
    """What is refused of a report whatever it says."""
    campaign_rules.check_takes_part(cycle, organisation)
    Calendar.of(cycle).check_begun(Purpose.FULFIL, clock.today())
