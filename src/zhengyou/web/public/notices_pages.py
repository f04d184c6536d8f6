"""Notices for everybody: the list, one notice with its objection form, and the answer to an objection by its code."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from zhengyou.awards import queries as awards
from zhengyou.base.texts import longest
from zhengyou.base.time import local_day
from zhengyou.notices import actions, queries
from zhengyou.notices.models import Notice, Objection
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.vocabulary import worded
from zhengyou.remarks.rules import Arrival
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.addenda_words import corrections_of
from zhengyou.web.shared.addresses import address
from zhengyou.web.shared.fields import ShortText
from zhengyou.web.shared.languages import note_that_chinese
from zhengyou.web.shared.lists import Cell, Column, listed
from zhengyou.web.shared.pages import found, posted
from zhengyou.web.shared.public_writing import Line, PublicForm, Words, from_our_page
from zhengyou.web.shared.stages import public_face, side_by_side

WHOLE = "whole"
WHOM = _("This notice names no such candidate. Choose one of those it names, or the notice as a whole.")


class ObjectionForm(PublicForm):
    """What somebody objects to."""

    nominee = forms.TypedChoiceField(
        label=_("Against"),
        coerce=lambda said: "" if said == WHOLE else said,
        error_messages={"required": WHOM, "invalid_choice": WHOM},
    )
    content = Words(
        label=_("What you object to"),
        most=longest(Objection, "content") or 0,
        rows=6,
        help_text=worded(_("What happened, when and where. At most 2,000 characters. Only the %(office)s reads it.")),
        error_messages={"required": _("Say what you object to: what happened, when and where.")},
    )
    name = Line(
        label=_("Your name"),
        most=longest(Objection, "name") or 0,
        required=False,
        autocomplete="name",
        help_text=_(
            "Please give your real name if you can. An anonymous objection that says something concrete is looked into as well."
        ),
    )
    contact = Line(
        label=_("How to reach you"),
        most=longest(Objection, "contact") or 0,
        required=False,
        help_text=_("Phone or email, for questions only."),
    )

    def __init__(self, request: HttpRequest, notice: Notice) -> None:
        super().__init__(request, about=notice.reference)
        whole = [(WHOLE, _("the notice as a whole"))]
        self.fields["nominee"].choices = whole + [  # type: ignore[attr-defined]
            (row["reference"], row["name"]) for row in notice.nominees
        ]


class LookupForm(forms.Form):
    """The code that was shown when an objection was received."""

    code = ShortText(
        label=_("Code of your objection"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


@doors.room("awards")
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """All notices of a campaign, those still running first."""
    at, rows = clock.now(), queries.notices(clock.now())
    if face := side_by_side(request, public_face(request)):
        rows = rows.filter(subject__in=awards.references_in(face.campaign_id))
    return listed(
        request,
        "public/notices.html",
        rows,
        [
            Column(_("Notice"), _title_of),
            Column(_("Number"), lambda row: row.number_words),
            Column(_("Published"), lambda row: local_day(row.published_at), order="published_at"),
            Column(
                _("Time for objections"),
                lambda row: _clock_of(row, at),
                part="parts/notice_clock.html",
                filed=lambda row: _("withdrawn") if row.is_withdrawn else row.ends_on,
            ),
        ],
        name="notices",
        nothing=_("No notice has been published yet."),
        search=_("Find a notice by its title"),
        paths=("title",),
    )


def _title_of(row: Notice) -> Cell:
    return Cell(row.title, address("public-notice", row.year, row.number), note=note_that_chinese(row.title))


def _clock_of(row: Notice, at: datetime) -> dict[str, Any]:
    return {"notice": row, "clock": queries.clock_of(row, at)}


@never_cache
@sensitive_post_parameters("content", "name", "contact", "ticket")
@from_our_page
def notice(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """One notice; posting sends an objection and shows, once, the code for its answer."""
    at = clock.now()
    row = found(queries.published_notice(year, number, at))
    doors.about(request, awards.selection_about(row))
    form = ObjectionForm(request, row)

    def file(*, arrival: Arrival, **given: Any) -> HttpResponse:
        # A form without a ticket of ours is not valid, and so does not come here.
        ticket = arrival.ticket.hex if arrival.ticket else ""
        filed = actions.file_objection(notice=row, ticket=ticket, arrival=arrival, **given)
        return render(request, "public/notice_received.html", {"notice": row, "filed": filed})

    is_lasting = queries.has_lasting_face(row, at)
    shown = {
        **_clock_of(row, at),
        **_named(row, at),
        "form": form,
        "is_lasting": is_lasting,
        "addenda": corrections_of(row.reference, but=("deeds",) if is_lasting else ()),
    }
    return posted(request, form, file) or render(request, "public/notice.html", shown)


def _named(row: Notice, at: datetime) -> dict[str, Any]:
    """The candidates, each with the organisation that it is or belongs to, and what was decided after the notice."""
    nominees = queries.nominees_shown(row, at)
    units = organisations.organisations_by_id(one.organisation for one in nominees)
    decision = awards.commendation_after(row)
    return {
        "nominees": [(one, units.get(one.organisation)) for one in nominees],
        "commendation": decision,
        "honours": awards.honours_in(decision) if decision else [],
    }


@doors.room("awards")
@never_cache
@sensitive_post_parameters("code")
@from_our_page
def answer(request: Any) -> HttpResponse:
    """Where an objection stands and how it was answered, for whoever has its code. The code never stands in an address."""
    form = LookupForm(request.POST if request.method == "POST" else None)
    if request.strange is not None:
        form.add_error(None, str(request.strange))
    found = None
    if request.method == "POST" and form.is_valid():
        found = queries.objection_with_code(form.cleaned_data["code"])
        if found is None:
            form.add_error("code", _("No objection matches this code. Check it and type it again."))
    shown = {"form": form, "objection": found, "addenda": corrections_of(found.reference) if found else []}
    return render(request, "public/notice_answer.html", shown)
