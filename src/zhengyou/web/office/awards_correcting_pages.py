"""Selections, their notices and decisions corrected or withdrawn, always with a reason that everybody reads."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from zhengyou.awards import actions, queries
from zhengyou.awards.models import Candidate, Selection
from zhengyou.notices.models import Notice
from zhengyou.notices.rules import LONGEST_DEEDS
from zhengyou.web.office.awards_pages import PARTS_OF_A_DECISION, CommendationForm, SelectionForm, of_selection
from zhengyou.web.shared import doors
from zhengyou.web.shared.fields import LongText, ShortText, SureField
from zhengyou.web.shared.naming_question import AsksAboutNames
from zhengyou.web.shared.pages import found, posted

WHY = _("Why it is corrected")
READ_BY_ALL = _("Everybody can read it, beside the old wording.")
TEXTS = ("title", "basis", "route", "receiving_body", "phone", "mail", "address")


class ChangeSelectionForm(SelectionForm):
    """Title and quota; once the notice is published with the reason."""

    why = ShortText(label=WHY, max_length=500, help_text=READ_BY_ALL)

    def __init__(self, *args: Any, is_public: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_public:
            del self.fields["why"]


class WithdrawForm(forms.Form):
    """Why it is withdrawn, and the one question."""

    why = ShortText(label=_("Why it is withdrawn"), max_length=500, help_text=_("Everybody can read it."))
    sure = SureField(_("Withdraw it: it stays visible with this reason, and cannot be put back."))


def _in_full(row: Candidate) -> str:
    """A candidate's name with the unit that it belongs to, since several units may be called alike."""
    return f"{row.name} · {row.unit.name}" if row.unit else row.name


class CorrectNoticeForm(AsksAboutNames):
    """The texts of a published notice, the deeds of its candidates, and who is taken off. The reason is asked about names."""

    asks_about = ("why",)

    title = ShortText(label=_("Title of the notice"), max_length=200)
    basis = LongText(label=_("Basis"), max_length=2000, rows=2)
    route = LongText(label=_("How the candidates were found"), max_length=2000, rows=3)
    receiving_body = ShortText(label=_("Body that takes objections"), max_length=200)
    phone = ShortText(label=_("Phone"), max_length=80)
    mail = forms.EmailField(label=_("Email"), max_length=200, required=False)
    address = ShortText(label=_("Address"), max_length=300)
    off = forms.TypedMultipleChoiceField(
        label=_("Take off the notice"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    why = ShortText(label=WHY, max_length=500, help_text=READ_BY_ALL)
    sure = SureField(
        _(
            "Correct it in public. Unless only the title or the basis changes, the time for objections starts anew today."
        )
    )

    def __init__(self, data: Any, *, notice: Notice, candidates: Iterable[Candidate]) -> None:
        rows = list(candidates)
        texts = {part: getattr(notice, part) for part in TEXTS}
        super().__init__(data, initial=texts | {f"deeds_{row.pk}": row.deeds for row in rows})
        self.fields["off"].choices = [(row.pk, _in_full(row)) for row in rows]  # type: ignore[attr-defined]
        if not rows:
            del self.fields["off"]
        for row in rows:
            label = _("Deeds of %(name)s") % {"name": _in_full(row)}
            self.fields[f"deeds_{row.pk}"] = LongText(label=label, max_length=LONGEST_DEEDS, rows=5)
        self.order_fields([*TEXTS, *(f"deeds_{row.pk}" for row in rows), "off", "why", "sure"])

    def clean(self) -> dict[str, Any]:
        """What the correction takes."""
        given = super().clean()
        if self.errors:
            return given
        deeds = {int(name.removeprefix("deeds_")): text for name, text in given.items() if name.startswith("deeds_")}
        off = given.get("off", [])
        kept = {pk: text for pk, text in deeds.items() if pk not in off}
        return {"texts": {part: given[part] for part in TEXTS}, "deeds": kept, "off": off, "why": given["why"]}


class CorrectDecisionForm(CommendationForm):
    """The decision's own words, with the reason of the correction."""

    why = ShortText(label=WHY, max_length=500, help_text=READ_BY_ALL)
    sure = SureField(_("Correct the decision in public. Whom it honours stays as it is."))
    field_order = (*PARTS_OF_A_DECISION, "why", "sure")


@doors.office
@of_selection
def change(request: doors.PersonRequest, row: Selection) -> HttpResponse:
    """Title and quota of a selection."""
    initial = {"title": row.title, "quota": row.quota}
    form = ChangeSelectionForm(request.POST or None, initial=initial, is_public=row.notice is not None)
    deed = partial(actions.change_selection, selection=row)
    return posted(
        request, form, deed, done=_("The selection is changed."), to=("office-selection", row.pk)
    ) or _form_page(request, row, form, _("Title and number of places"), _("Save"))


@doors.office
@of_selection
def withdraw(request: doors.PersonRequest, row: Selection) -> HttpResponse:
    """Withdraw a selection, with its notice if it has one."""
    form = WithdrawForm(request.POST or None)
    deed = partial(actions.withdraw_selection, selection=row)
    done = _("The selection is withdrawn. Its title can be given by another one.")
    return posted(request, form, deed, done=done, to=("office-selection", row.pk)) or _form_page(
        request, row, form, _("Withdraw the selection"), _("Withdraw")
    )


@doors.office
@of_selection
def withdraw_notice(request: doors.PersonRequest, row: Selection) -> HttpResponse:
    """Withdraw the notice; the selection is a draft again."""
    found(row.notice)
    form = WithdrawForm(request.POST or None)
    deed = partial(actions.withdraw_announcement, selection=row)
    done = _("The notice is withdrawn. Change the candidates, and publish a new one.")
    return posted(request, form, deed, done=done, to=("office-selection", row.pk)) or _form_page(
        request, row, form, _("Withdraw the notice"), _("Withdraw")
    )


@doors.office
@of_selection
def correct_notice(request: doors.PersonRequest, row: Selection) -> HttpResponse:
    """Correct what a published notice says."""
    form = CorrectNoticeForm(request.POST or None, notice=found(row.notice), candidates=queries.candidates(row))
    deed = partial(actions.correct_announcement, selection=row)
    done = _("The notice is corrected. The old wording is shown beside the new one.")
    return posted(request, form, deed, done=done, to=("office-selection", row.pk)) or _form_page(
        request, row, form, _("Correct the notice"), _("Correct it")
    )


@doors.office
@of_selection
def correct_decision(request: doors.PersonRequest, row: Selection) -> HttpResponse:
    """Correct number, body or reasons of the recorded decision."""
    decision = found(queries.commendation_of(row))
    initial = {part: getattr(decision, part) for part in PARTS_OF_A_DECISION}
    form = CorrectDecisionForm(request.POST or None, initial=initial)
    deed = partial(actions.correct_decision, commendation=decision)
    done = _("The decision is corrected. The old wording is shown beside the new one.")
    return posted(request, form, deed, done=done, to=("office-selection", row.pk)) or _form_page(
        request, row, form, _("Correct the decision"), _("Correct it")
    )


def _form_page(
    request: doors.PersonRequest, row: Selection, form: forms.Form, heading: Any, button: Any
) -> HttpResponse:
    shown = {"selection": row, "heading": heading, "button": button, "form": form}
    return render(request, "office/award_form.html", shown)
