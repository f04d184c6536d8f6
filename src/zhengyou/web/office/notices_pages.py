"""The docket of objections: received, registered, checked from outside, ruled on, answered. Only for the office."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from zhengyou.base.texts import longest
from zhengyou.notices import actions, queries
from zhengyou.notices.models import Notice, Objection
from zhengyou.organisations.models import Person
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.fields import LongText
from zhengyou.web.shared.narrowing import page_of
from zhengyou.web.shared.refusing import refused_into

WAY_NAMES = {
    Objection.Way.FORM: _("form on the notice page"),
    Objection.Way.PHONE: _("phone"),
    Objection.Way.MAIL: _("mail"),
    Objection.Way.LETTER: _("letter"),
    Objection.Way.VISIT: _("visit"),
}

WHOLE = "whole"


class EntryForm(forms.Form):
    """An objection that did not come by the form."""

    ticket = forms.CharField(max_length=64, widget=forms.HiddenInput, initial=partial(secrets.token_hex, 16))
    way = forms.ChoiceField(
        label=_("How it came"), choices=[(way, name) for way, name in WAY_NAMES.items() if way != Objection.Way.FORM]
    )
    arrived_at = forms.DateTimeField(
        label=_("Arrived at"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    nominee = forms.TypedChoiceField(label=_("Against"), coerce=lambda said: "" if said == WHOLE else said)
    content = LongText(label=_("What is objected to"), max_length=longest(Objection, "content"))
    name = forms.CharField(label=_("Name of the objector"), max_length=80, required=False)
    contact = forms.CharField(label=_("How to reach them"), max_length=200, required=False)

    def __init__(self, *args: Any, notice: Notice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        whole = [(WHOLE, _("the notice as a whole"))]
        self.fields["nominee"].choices = whole + [  # type: ignore[attr-defined]
            (row["reference"], row["name"]) for row in notice.nominees
        ]


class RegisterForm(forms.Form):
    """Nothing to fill in: the objection is entered in the docket."""


class CheckForm(forms.Form):
    """Who checked, and what they found."""

    checker = forms.CharField(
        label=_("Checked by"),
        max_length=80,
        help_text=_(
            "Member number or name. Somebody who neither belongs to the candidate nor stands in the line above it."
        ),
    )
    finding = LongText(label=_("Finding"), max_length=longest(Objection, "finding"), rows=6)

    def clean_checker(self) -> Person:
        """The one person of that number or name."""
        found = queries.people_called(self.cleaned_data["checker"])
        if not found:
            raise forms.ValidationError(_("Nobody has this member number or name."))
        if len(found) > 1:
            told = "、".join(f"{person.number} {person.organisation.name}" for person in found)
            raise forms.ValidationError(_("Several people have this name. Give the number: %s.") % told)
        return found[0]


class RulingForm(forms.Form):
    """Upheld or not. Neither is preselected."""

    is_upheld = forms.TypedChoiceField(
        label=_("Ruling"),
        choices=[("yes", _("Upheld: the candidate is not commended")), ("no", _("Not upheld"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )


class AnswerForm(forms.Form):
    """What the objector reads."""

    answer = LongText(
        label=_("Answer to the objector"),
        max_length=longest(Objection, "answer"),
        rows=6,
        help_text=_("Whoever has the objection's code reads it word for word."),
    )


@dataclass(frozen=True)
class Step:
    """One step of the docket: its name in addresses, its form and action, its heading and button."""

    name: str
    form: type[forms.Form]
    action: Callable[..., Objection]
    heading: Any
    button: Any


NEXT_STEPS = {
    Objection.State.RECEIVED.value: Step(
        "register", RegisterForm, actions.register_objection, _("Register the objection"), _("Register")
    ),
    Objection.State.REGISTERED.value: Step(
        "check", CheckForm, actions.record_check, _("Have it checked from outside"), _("Record the finding")
    ),
    Objection.State.CHECKED.value: Step(
        "rule", RulingForm, actions.rule_on_objection, _("Rule on it"), _("Record the ruling")
    ),
    Objection.State.RULED.value: Step(
        "answer", AnswerForm, actions.answer_objection, _("Answer it"), _("Send the answer")
    ),
}
STEP_CALLED = {step.name: step for step in NEXT_STEPS.values()}


@doors.office
def docket(request: doors.PersonRequest) -> HttpResponse:
    """All objections, open ones first."""
    page = page_of(request, queries.docket())
    rows = [(row, queries.nominee(row.notice, row.nominee)) for row in page]
    return render(request, "office/notice_docket.html", {"page": page, "rows": rows})


@doors.office
@never_cache
def objection(request: doors.PersonRequest, pk: int) -> HttpResponse:
    """One objection and its next step."""
    row = _objection_or_404(request, pk)
    step = NEXT_STEPS.get(row.state)
    return _rendered(request, row, step, step.form() if step else None)


@doors.office
@never_cache
@require_POST
def take_step(request: doors.PersonRequest, pk: int, name: str) -> HttpResponse:
    """Take one step of the docket; a step that is not the next one is refused in words and keeps what was typed."""
    row = _objection_or_404(request, pk)
    if name not in STEP_CALLED:
        raise Http404
    step = STEP_CALLED[name]
    form = step.form(request.POST)
    if form.is_valid():
        with refused_into(form):
            step.action(objection=row, at=clock.now(), by=request.person, **form.cleaned_data)
            messages.success(request, _("Recorded."))
            return redirect("office-objection", row.pk)
    return _rendered(request, row, step, form)


@doors.office
@never_cache
def enter(request: doors.PersonRequest, year: int, number: int) -> HttpResponse:
    """Enter an objection that came by phone, mail, letter or visit; its code is shown once, to be handed on."""
    notice = queries.notice_numbered(year, number)
    if notice is None:
        raise Http404
    form = EntryForm(request.POST or None, notice=notice)
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            filed = actions.file_objection(notice=notice, at=clock.now(), by=request.person, **form.cleaned_data)
            return render(request, "office/notice_entered.html", {"notice": notice, "filed": filed})
    return render(request, "office/notice_entry.html", {"notice": notice, "form": form})


def _objection_or_404(request: doors.PersonRequest, pk: int) -> Objection:
    row = queries.objection_for(pk, reader=request.person, on=clock.today())
    if row is None:
        raise Http404
    return row


def _rendered(request: doors.PersonRequest, row: Objection, step: Step | None, form: forms.Form | None) -> HttpResponse:
    shown = {
        "objection": row,
        "notice": row.notice,
        "nominee": queries.nominee(row.notice, row.nominee),
        "way": WAY_NAMES[Objection.Way(row.way)],
        "step": step,
        "form": form,
    }
    return render(request, "office/notice_objection.html", shown)
