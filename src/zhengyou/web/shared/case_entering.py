"""A report that office or clerk writes down for somebody: the form, and the slip with the code, which is shown once."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhengyou.base.refusals import Refused
from zhengyou.base.texts import longest
from zhengyou.campaigns.models import Cycle
from zhengyou.cases import actions, entering_rules, rules
from zhengyou.cases.computing.ringing import sounds_grave
from zhengyou.cases.models import Case
from zhengyou.organisations.models import Organisation
from zhengyou.web.shared import case_words, clock, reach
from zhengyou.web.shared.doors import PersonRequest
from zhengyou.web.shared.fields import LongText, OrganisationField, PhotoField, ShortText, Ticket
from zhengyou.web.shared.pages import posted
from zhengyou.web.shared.public_address import doubts, printed_address


class DoorForm(forms.Form):
    """About which unit it is, before the first word is said or written."""

    unit = OrganisationField(label=_("Which unit is this about?"))


class EnterForm(forms.Form):
    """How it came, about which unit, and what was reported."""

    source = forms.ChoiceField(label=_("How it came"), widget=forms.RadioSelect)
    unit = OrganisationField(label=_("Unit"))
    kind = forms.ChoiceField(label=_("Kind"), widget=forms.RadioSelect)
    words = LongText(
        label=_("What was reported"),
        max_length=longest(Case, "words"),
        rows=6,
        required=False,
        help_text=_("As it is written, or as it was said."),
    )
    witness = ShortText(
        label=_("Read back in the presence of"),
        max_length=longest(Case, "witness"),
        required=False,
        help_text=_(
            "For what was spoken: who else heard it read back. Only whoever reads the report and the reporter see the name."
        ),
    )
    place = ShortText(label=_("Where"), max_length=longest(Case, "place"), required=False)
    happened = ShortText(label=_("When"), max_length=longest(Case, "happened"), required=False)
    contact = ShortText(
        label=_("How to reach whoever reports"),
        max_length=longest(Case, "contact"),
        required=False,
        help_text=_("Leave it empty if they want to stay unknown."),
    )
    photo = PhotoField(
        label=_("Photo of the paper"),
        help_text=_("Only whoever reads the report sees it. Place, time and device are removed."),
    )
    ticket = Ticket()

    def __init__(self, data: Any, files: Any, cycle: Cycle, sources: Iterable[str]) -> None:
        super().__init__(data, files)
        names = [(one, case_words.SOURCES[one]) for one in sources]
        self.fields["source"].choices = names  # type: ignore[attr-defined]
        self.fields["kind"].choices = case_words.kinds_explained(cycle)  # type: ignore[attr-defined]


def entering_page(
    request: PersonRequest, cycle: Cycle, sources: Iterable[str], *, base: str, back: str
) -> HttpResponse:
    """First the unit, at which whoever belongs to it is turned away; then the form; once it is taken, the slip for its reporter."""
    shown = {"base": base, "back": back, "cycle": cycle, "heading": _("Write down a report for somebody")}
    is_sent = "ticket" in request.POST
    unit = None if is_sent else _at_the_door(request, cycle, shown)
    if isinstance(unit, HttpResponse):
        return unit
    form = EnterForm(request.POST if is_sent else None, request.FILES if is_sent else None, cycle, sources)
    form.fields["unit"].initial = unit
    more = {"form": form, "button": _("Take the report")}

    def take(**given: Any) -> HttpResponse:
        if answer := _asked_around(request, cycle, form, given, shown | more):
            return answer
        taken = actions.receive_case(cycle=cycle, **given)
        address = printed_address(request, reverse("public-case-own"))
        on_slip = {"taken": taken, "address": address, "today": clock.today(), "by": request.person}
        answer = render(request, "parts/case_entered.html", shown | on_slip | {"doubts": doubts(request)})
        answer["Cache-Control"] = "no-store"
        return answer

    answer = posted(request, form, take) if is_sent else None
    return answer or render(request, "parts/case_enter.html", shown | more)


def _asked_around(
    request: PersonRequest, cycle: Cycle, form: EnterForm, given: dict[str, Any], shown: dict[str, Any]
) -> HttpResponse | None:
    """The question whether what speaks of money, threats or violence goes around its target, as whoever reports by phone is asked it; None
    once it is answered, with the kind of the answer in `given`, or where there is nothing to ask.
    """
    around = rules.kind_around(cycle)
    if around is None or rules.is_guarded_kind(cycle, given["kind"]):
        return None
    if "around" in request.POST:
        given["kind"] = around.id
    elif "stays" not in request.POST and sounds_grave(f"{given['words']}\n{given['place']}"):
        form.add_error(None, _("Nothing has been taken yet: ask whoever reports the question at the end of this form."))
        return render(
            request, "parts/case_enter.html", shown | {"around": around, "photo_is_gone": bool(request.FILES)}
        )
    return None


def _at_the_door(request: PersonRequest, cycle: Cycle, shown: dict[str, Any]) -> HttpResponse | Organisation:
    """The question about the unit, with the refusal if there is one; the unit once it is answered."""
    form = DoorForm(request.POST or None)
    if request.method == "POST":
        reach.limit(request, form)
        if form.is_valid():
            try:
                reach.check_typed(request, form.cleaned_data)
                unit: Organisation = form.cleaned_data["unit"]
                entering_rules.check_may_write_down(unit, cycle, request.person, clock.today())
                return unit
            except Refused as refusal:
                form.add_error(None, str(refusal))
    return render(request, "parts/case_enter.html", shown | {"form": form, "button": _("Continue")})
