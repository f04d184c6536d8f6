"""What is done with several organisations at once: asked once, done to all of them or to none."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from zhengyou.base.refusals import reason_against
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Term
from zhengyou.organisations.tree import is_within_any
from zhengyou.organisations.vocabulary import worded
from zhengyou.roster import actions, queries, rules
from zhengyou.roster.models import RosterChange
from zhengyou.web.office.organisations_pages import CORRECTED, DEEDS, DISSOLVED, LED, MERGED, MOVED, tree_filters
from zhengyou.web.office.roster_lists_pages import ManyForm
from zhengyou.web.shared import doors
from zhengyou.web.shared.fields import OrganisationField, terms_in_readers_words
from zhengyou.web.shared.lists import matching, means_all, numbers_in
from zhengyou.web.shared.narrowing import words_of
from zhengyou.web.shared.pages import asked_nothing, posted

Kind = RosterChange.Kind


class UnitsForm(ManyForm):
    """On which day and why, once for all of these units."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_of_units()


class MoveForm(UnitsForm):
    """Below which one."""

    to = OrganisationField(label=_("Below which unit?"))
    field_order = ("to",)


class MergeForm(UnitsForm):
    """Into which one."""

    to = OrganisationField(label=_("Into which unit?"))
    field_order = ("to",)


class KindForm(forms.Form):
    """What they are; what is left empty stays as it is."""

    kind = forms.ChoiceField(label=_("Kind"), required=False, help_text=_("Left empty, it stays as it is."))
    sector = forms.ChoiceField(label=_("Sector"), required=False, help_text=_("Left empty, it stays as it is."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields
        chosen["kind"].choices = [("", "—"), *terms_in_readers_words(Term.Category.ORGANISATION_KIND)]
        chosen["sector"].choices = [("", "—"), *terms_in_readers_words(Term.Category.SECTOR)]


class HeadsForm(forms.Form):
    """Nothing is to be said."""


@dataclass(frozen=True)
class Deed:
    """What follows from it, its form, and, where it is a change with day and reason, of which kind."""

    follows: Any
    form: Callable[..., forms.Form]
    kind: str = ""


WAYS = {
    MOVED: Deed(_("All below them moves along. Who belongs to them, posts and promises stay."), MoveForm, Kind.MOVED),
    MERGED: Deed(
        _("All who belong to them and all units below them pass to the other one; posts at them end that day."),
        MergeForm,
        Kind.MERGED,
    ),
    DISSOLVED: Deed(
        _(
            "They must be empty, but for each other. Posts at them end that day; promises, results and honours stay to be read."
        ),
        UnitsForm,
        Kind.DISSOLVED,
    ),
    CORRECTED: Deed(_("This is a correction without day and reason, as on the page of each."), KindForm),
    LED: Deed(
        worded(
            _(
                "From today the %(secretary)s answers for each of them for which nobody does. Whoever answers now goes on."
            )
        ),
        HeadsForm,
    ),
}


@doors.office
def change_many(request: doors.PersonRequest) -> HttpResponse:
    """Ask once what is to happen to those who are ticked, and do it. A visit leads to the list."""
    what = request.POST.get("deed", "")
    if what not in WAYS:
        return asked_nothing(request, "office-tree")
    rows, way = _units_meant(request), WAYS[what]
    if refusal := reason_against(rules.check_how_many, len(rows)):
        messages.error(request, refusal)
        return redirect("office-tree")
    form: Any = way.form(request.POST if "asked" in request.POST else None)
    act = {CORRECTED: _correct, LED: _let_answer}.get(what, partial(_change, way.kind))
    done = _("Written down. It can be undone here for a day.") if way.kind else ""
    shown = {"form": form, "units": rows, "deed": what, "deed_words": DEEDS[what], "follows": way.follows}
    return posted(request, form, partial(act, request, rows), done=done) or render(
        request, "office/organisations_many.html", shown
    )


def _change(kind: str, _request: Any, rows: list[Organisation], *, ticket: Any, **given: Any) -> HttpResponse:
    return redirect(
        "office-roster-together",
        actions.change_many_units(units=rows, kind=kind, ticket=ticket or uuid4(), **given),
    )


def _correct(request: Any, rows: list[Organisation], *, at: Any, by: Any, **said: str) -> HttpResponse:
    changes = {name: value for name, value in said.items() if value}
    count = actions.correct_many_units(units=rows, changes=changes, at=at, by=by)
    sentence = ngettext("%(n)d unit is corrected.", "%(n)d units are corrected.", count)
    messages.success(request, sentence % {"n": count})
    return redirect("office-tree")


def _let_answer(request: Any, rows: list[Organisation], *, at: Any, by: Any) -> HttpResponse:
    count = actions.let_heads_answer(units=rows, at=at, by=by)
    sentence = ngettext("Somebody answers for %(n)d more unit.", "Somebody answers for %(n)d more units.", count)
    if count:
        messages.success(request, sentence % {"n": count})
    else:
        messages.info(request, _("Nothing changed: somebody answers for each of them already, or nobody leads it."))
    return redirect("office-responsible")


def _units_meant(request: doors.PersonRequest) -> list[Organisation]:
    """Those that are ticked, or all that fit the list on all its pages: asked about once, they are sent on one by one."""
    if means_all(request):
        rows = queries.organisations_of_the_roster(words_of(request)).filter(doors.reach_of(request))
        filters = tree_filters(request, *organisations.kinds_and_sectors())
        return list(matching(request, rows.filter(ended_on=None), filters=filters)[: rules.MOST_AT_ONCE + 1])
    ids = [int(number) for number, _same in numbers_in(request.POST, "row")]
    offices = doors.offices_of(request)
    return [row for row in queries.organisations_with_ids(ids) if is_within_any(row, offices)]
