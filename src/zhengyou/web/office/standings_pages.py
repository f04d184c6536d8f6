"""Means published elsewhere, entered with their source for the outside comparison."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.models import Cycle
from zhengyou.standings import actions, queries
from zhengyou.standings.rules import Published
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.refusing import refused_into


class FigureForm(forms.Form):
    """One figure with its error and its source."""

    name = forms.CharField(label=_("Whose figure"), max_length=120, help_text=_("For example another district."))
    mean = forms.FloatField(label=_("Mean on this campaign's scale"))
    standard_error = forms.FloatField(label=_("Its standard error"), min_value=0)
    count = forms.IntegerField(
        label=_("Of how many ratings"),
        min_value=1,
        max_value=100_000_000,
        required=False,
        help_text=_("If it is told."),
    )
    source = forms.CharField(label=_("Where it was published"), max_length=300)


@doors.office
def outside_figures(request: doors.PersonRequest, cycle_id: int) -> HttpResponse:
    """The figures on record for a cycle, and one more; the same name again corrects it."""
    cycle = _cycle(cycle_id)
    form = FigureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            figure = Published(**form.cleaned_data)
            actions.enter_outside_figure(cycle=cycle, figure=figure, at=clock.now(), by=request.person)
            messages.success(request, _("The figure is on record."))
            return redirect("office-outside", cycle.pk)
    shown: dict[str, Any] = {"cycle": cycle, "form": form, "figures": queries.outside_figures(cycle)}
    return render(request, "office/outside_figures.html", shown)


@doors.office
@require_POST
def remove(request: doors.PersonRequest, cycle_id: int, figure_id: int) -> HttpResponse:
    """Take a figure back."""
    figure = queries.outside_figure(_cycle(cycle_id), figure_id)
    if figure is not None:
        actions.remove_outside_figure(figure=figure, at=clock.now(), by=request.person)
    return redirect("office-outside", cycle_id)


def _cycle(cycle_id: int) -> Cycle:
    row = campaigns.cycle_with_id(cycle_id)
    if row is None or not row.is_launched:
        raise Http404
    return row
