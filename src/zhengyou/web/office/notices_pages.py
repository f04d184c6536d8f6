"""The docket of objections: received, registered, checked from outside, ruled on, answered. Only for the office."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from zhengyou.awards import queries as awards
from zhengyou.base.refusals import allows
from zhengyou.base.texts import longest
from zhengyou.notices import actions, queries, rules
from zhengyou.notices.models import Notice, Objection
from zhengyou.web.shared import clock, doors, meanwhile
from zhengyou.web.shared.addenda_words import corrections_of
from zhengyou.web.shared.fields import InstantInput, LongText, PersonField, ShortText, SureField
from zhengyou.web.shared.lists import Cell, Column, listed, numbers_in, ticks
from zhengyou.web.shared.narrowing import Filter
from zhengyou.web.shared.pages import found, posted, pressed
from zhengyou.web.shared.stages import office_face

WAY_NAMES = {
    Objection.Way.FORM: _("form on the notice page"),
    Objection.Way.PHONE: _("phone"),
    Objection.Way.MAIL: _("mail"),
    Objection.Way.LETTER: _("letter"),
    Objection.Way.VISIT: _("visit"),
}

STATE_NAMES = {
    Objection.State.RECEIVED.value: _("received"),
    Objection.State.REGISTERED.value: _("registered"),
    Objection.State.CHECKED.value: _("checked"),
    Objection.State.RULED.value: _("ruled on"),
    Objection.State.ANSWERED.value: _("answered"),
    Objection.State.SET_ASIDE.value: _("set aside: a program sent it"),
}

WHOLE = "whole"
SAMPLE = 20  # enough to see whether people wrote it


class EntryForm(forms.Form):
    """An objection that did not come by the form."""

    ticket = ShortText(max_length=64, widget=forms.HiddenInput, initial=partial(secrets.token_hex, 16))
    way = forms.ChoiceField(
        label=_("How it came"), choices=[(way, name) for way, name in WAY_NAMES.items() if way != Objection.Way.FORM]
    )
    arrived_at = forms.DateTimeField(label=_("Arrived at"), widget=InstantInput())
    nominee = forms.TypedChoiceField(label=_("Against"), coerce=lambda said: "" if said == WHOLE else said)
    content = LongText(label=_("What is objected to"), max_length=longest(Objection, "content"))
    name = ShortText(label=_("Name of the objector"), max_length=80, required=False)
    contact = ShortText(label=_("How to reach them"), max_length=200, required=False)

    def __init__(self, *args: Any, notice: Notice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        whole = [(WHOLE, _("the notice as a whole"))]
        self.fields["nominee"].choices = whole + [  # type: ignore[attr-defined]
            (row["reference"], row["name"]) for row in notice.nominees
        ]


class RegisterForm(forms.Form):
    """Nothing to fill in: the objection is entered in the docket."""


DEEDS: dict[str, Callable[..., object]] = {
    "register": actions.register_objections,
    "set_aside": actions.set_aside_objections,
    "put_back": actions.put_back_objections,
}
FLOOD_DEEDS: dict[str, Callable[..., object]] = {
    "people": actions.register_flood,
    "program": actions.set_aside_flood,
}


class ManyForm(forms.Form):
    """The ticked lines of the docket, and what is done with them."""

    deed = forms.ChoiceField(choices=[(name, name) for name in DEEDS])
    row = forms.TypedMultipleChoiceField(
        coerce=int, error_messages={"required": _("Tick at least one line, then press the button again.")}
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["row"].choices = numbers_in(data, "row")  # type: ignore[attr-defined]


class CheckForm(forms.Form):
    """Who checked, and what they found."""

    checker = PersonField(
        also_elsewhere=True,
        label=_("Checked by"),
        help_text=_("Somebody who neither belongs to the candidate nor works in the line above it."),
    )
    finding = LongText(label=_("Finding"), max_length=longest(Objection, "finding"), rows=6)


class RulingForm(forms.Form):
    """Upheld or not. Neither is preselected."""

    is_upheld = forms.TypedChoiceField(
        label=_("Ruling"),
        choices=[("yes", _("Upheld: the candidate is not commended")), ("no", _("Not upheld"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )
    sure = SureField(
        _("Record this ruling. It can be reversed only with a reason, and only until the decision is recorded.")
    )


class CorrectRulingForm(forms.Form):
    """Why the ruling was wrong: it is turned round."""

    why = ShortText(
        label=_("Why the ruling was wrong"),
        max_length=500,
        help_text=_(
            "The person with the objection’s code can read it. Everybody can see that the ruling was reversed."
        ),
    )
    sure = SureField(_("Reverse the ruling."))


class AnswerForm(forms.Form):
    """What the objector reads."""

    answer = LongText(
        label=_("Answer to the objector"),
        max_length=longest(Objection, "answer"),
        rows=6,
        help_text=_("The person with the objection’s code will read it word for word."),
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


@doors.room("awards")
@doors.office
def docket(request: doors.PersonRequest) -> HttpResponse:
    """All objections, open ones first. What they say is not searched: somebody of the office may have no right to read it.

    Many can be registered at once, and what came in a flood set aside.
    """
    form, face = ManyForm(request.POST or None), office_face(request)
    subjects = awards.references_in(face.campaign_id if face else 0)
    ours = Q(notice__subject__in=subjects)

    def settle(*, deed: str, row: list[int], **acting: Any) -> object:
        return DEEDS[deed](objections=list(queries.docket().filter(ours, pk__in=row)), **acting)

    return posted(request, form, settle, done=_("Recorded."), to="office-docket") or listed(
        request,
        "office/notice_docket.html",
        queries.docket().filter(ours),
        [
            Column(_("Objection"), _objection),
            Column(_("Against"), _against),
            Column(_("Arrived at"), lambda row: row.arrived_at, order="arrived_at"),
            Column(_("State"), lambda row: {"objection": row}, part="parts/objection_state.html"),
            ticks(_name_of),
        ],
        name="objections",
        nothing=_("No objection has arrived."),
        filters=[
            Filter("state", _("State"), "state", list(STATE_NAMES.items())),
            Filter("came", _("How it came"), "is_from_flood", [("True", _("many came in a short time"))]),
        ],
        form=form,
        floods=queries.floods(subjects),
    )


def _of_docket(page: doors.Page) -> doors.Page:
    """Below the office's door: one objection, for those who may handle it, with head and menus of its campaign."""

    @wraps(page)
    def with_objection(request: doors.PersonRequest, pk: int, **kwargs: Any) -> HttpResponse:
        row = found(queries.objection_for(pk, reader=request.person, on=clock.today()))
        doors.about(request, awards.selection_about(row.notice))
        return page(request, row, **kwargs)

    return with_objection


def _notice(request: doors.PersonRequest, year: int, number: int) -> Notice:
    row = found(queries.notice_numbered(year, number))
    doors.about(request, awards.selection_about(row))
    return row


@doors.room("awards")
@doors.office
@never_cache
def flood(request: doors.PersonRequest, year: int, number: int) -> HttpResponse:
    """All that came to a notice in a flood, looked at together: people sent it, or a program did."""
    notice = _notice(request, year, number)
    if request.method == "POST":
        deed = found(FLOOD_DEEDS.get(request.POST.get("deed", "")))
        return pressed(request, partial(deed, notice=notice), done=_("Recorded."), to="office-docket")
    rows = queries.flood_to(notice)
    for row in found(rows.distinct("nominee").order_by("nominee", "number") or None):
        found(queries.objection_for(row.pk, reader=request.person, on=clock.today()))
    shown = {"notice": notice, "count": rows.count(), "rows": rows[:SAMPLE], "most": SAMPLE}
    return render(request, "office/notice_flood.html", shown)


def _objection(row: Objection) -> Cell:
    notes = [
        _("sent %(count)d times") % {"count": row.times} if row.times > 1 else "",
        _("many came in a short time") if row.is_from_flood else "",
    ]
    note = " · ".join(str(one) for one in notes if one)
    return Cell(_name_of(row), reverse("office-objection", args=[row.pk]), note=note)


def _name_of(row: Objection) -> str:
    given = {"notice": row.notice.number_words, "number": row.number}
    return _("Notice %(notice)s, objection %(number)s") % given


def _against(row: Objection) -> Any:
    nominee = queries.nominee(row.notice, row.nominee)
    return nominee["name"] if nominee else _("the notice as a whole")


@doors.office
@never_cache
@_of_docket
def objection(request: doors.PersonRequest, row: Objection) -> HttpResponse:
    """One objection and its next step."""
    step = NEXT_STEPS.get(row.state)
    return _rendered(request, row, step, step.form() if step else None)


@doors.office
@never_cache
@require_POST
@_of_docket
def take_step(request: doors.PersonRequest, row: Objection, name: str) -> HttpResponse:
    """Take one step of the docket. One that is not the next is refused with who took it and when, and keeps what was typed."""
    step = found(STEP_CALLED.get(name))
    form = step.form(request.POST)
    if NEXT_STEPS.get(row.state) is not step:
        form.add_error(None, _who_was_first(row, step))
    return posted(
        request, form, partial(step.action, objection=row), done=_("Recorded."), to=("office-objection", row.pk)
    ) or _rendered(request, row, step, form)


def _who_was_first(row: Objection, step: Step) -> str:
    deeds = [f"notices.{step.action.__name__}"]
    otherwise = _("This step is not the next one any more: the objection is where it stands above.")
    return meanwhile.whoever_was_first(otherwise, about=row.reference, deeds=deeds)


@doors.office
@never_cache
@_of_docket
def correct_ruling(request: doors.PersonRequest, row: Objection) -> HttpResponse:
    """Turn a wrong ruling round."""
    form = CorrectRulingForm(request.POST or None)
    seen = {"ruling": row.is_upheld}
    meanwhile.guard(form, about=row.reference, deeds=["notices.correct_ruling"], now=seen)
    deed = partial(actions.correct_ruling, objection=row, is_upheld=not row.is_upheld)
    shown = {"objection": row, "form": form, "heading": _("Reverse the ruling"), "button": _("Reverse it")}
    done = _("The ruling is reversed.")
    return posted(request, form, deed, done=done, to=("office-objection", row.pk)) or render(
        request, "office/notice_ruling.html", shown
    )


@doors.office
@never_cache
def enter(request: doors.PersonRequest, year: int, number: int) -> HttpResponse:
    """Enter an objection that came by phone, mail, letter or visit; its code is shown once, to be handed on."""
    notice = _notice(request, year, number)
    form = EntryForm(request.POST or None, notice=notice)

    def file(**given: Any) -> HttpResponse:
        filed = actions.file_objection(notice=notice, **given)
        return render(request, "office/notice_entered.html", {"notice": notice, "filed": filed})

    return posted(request, form, file) or render(request, "office/notice_entry.html", {"notice": notice, "form": form})


def _rendered(request: doors.PersonRequest, row: Objection, step: Step | None, form: forms.Form | None) -> HttpResponse:
    shown = {
        "objection": row,
        "notice": row.notice,
        "nominee": queries.nominee(row.notice, row.nominee),
        "way": WAY_NAMES[Objection.Way(row.way)],
        "step": step,
        "form": form,
        "addenda": corrections_of(row.reference),
        "may_turn": row.ruled_at is not None and allows(rules.check_may_correct, row.notice),
    }
    return render(request, "office/notice_objection.html", shown)
