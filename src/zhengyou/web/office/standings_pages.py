"""Means published elsewhere, entered with their source for the outside comparison."""

from functools import partial
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.models import Cycle
from zhengyou.standings import actions, queries
from zhengyou.standings.rules import Published
from zhengyou.web.shared import doors
from zhengyou.web.shared.fields import ShortText
from zhengyou.web.shared.lists import Column, listed
from zhengyou.web.shared.pages import posted, pressed

COLUMNS = [
    Column(_("Whose figure"), lambda row: row.name),
    Column(_("Mean"), lambda row: row.mean, order="mean", is_figure=True),
    Column(_("Standard error"), lambda row: row.standard_error, order="standard_error", is_figure=True),
    Column(_("Ratings"), lambda row: row.count, order="count", is_figure=True),
    Column(_("Where it was published"), lambda row: row.source),
    Column(_("Action"), lambda row: {"row": row}, part="parts/outside_button.html", is_deed=True),
]

of_cycle = doors.of_campaign("cycle_id", campaigns.launched_cycle)


class FigureForm(forms.Form):
    """One figure with its error and its source."""

    name = ShortText(label=_("Whose figure"), max_length=120, help_text=_("For example a neighbour of the same kind."))
    mean = forms.FloatField(label=_("Mean on this campaign’s scale"))
    standard_error = forms.FloatField(label=_("Its standard error"), min_value=0)
    count = forms.IntegerField(
        label=_("Of how many ratings"),
        min_value=1,
        max_value=100_000_000,
        required=False,
        help_text=_("If it is stated."),
    )
    source = ShortText(label=_("Where it was published"), max_length=300)

    def clean(self) -> dict[str, Any]:
        """The figure in one piece."""
        return self.cleaned_data if self.errors else {"figure": Published(**self.cleaned_data)}


@doors.office
@of_cycle
def outside_figures(request: doors.PersonRequest, cycle: Cycle) -> HttpResponse:
    """The figures on record for a cycle, and one more; the same name again corrects it."""
    form = FigureForm(request.POST or None)
    return posted(
        request,
        form,
        partial(actions.enter_outside_figure, cycle=cycle),
        done=_("The figure is on record."),
        to=("office-outside", cycle.pk),
    ) or listed(
        request,
        "office/outside_figures.html",
        queries.outside_figures(cycle),
        COLUMNS,
        name="outside-figures",
        nothing=_("None yet."),
        cycle=cycle,
        form=form,
    )


@doors.office
@require_POST
@of_cycle
def remove(request: doors.PersonRequest, cycle: Cycle, figure_id: int) -> HttpResponse:
    """Take a figure back; one that is gone already stays gone."""
    figure = queries.outside_figure(cycle, figure_id)
    if figure is None:
        return redirect("office-outside", cycle.pk)
    return pressed(request, partial(actions.remove_outside_figure, figure=figure), to=("office-outside", cycle.pk))
