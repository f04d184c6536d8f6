"""Entering one person or one organisation by hand. What comes by the hundred is imported."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Term
from zhengyou.roster import actions
from zhengyou.web.office.roster_forms import SameNameForm, asking_of_namesakes
from zhengyou.web.shared import doors
from zhengyou.web.shared.fields import OrganisationField, ShortText, terms_in_readers_words
from zhengyou.web.shared.pages import posted


class PersonForm(SameNameForm):
    """One person."""

    name = ShortText(label=pgettext_lazy("of a person", "Name"), max_length=80)
    organisation = OrganisationField(label=_("Unit"))
    number = ShortText(label="", max_length=40, required=False, help_text=_("Leave it empty, and one is issued."))
    membership = forms.ChoiceField(label="")
    post_kind = forms.ChoiceField(label="", required=False)
    is_floating = forms.BooleanField(label="", required=False)
    field_order = ("name", "organisation", "number", "membership", "post_kind", "is_floating", "is_another")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields
        heads = dict(terms_in_readers_words(Term.Category.PEOPLE_COLUMN))
        for name in ("number", "membership", "post_kind", "is_floating"):
            chosen[name].label = heads.get(name, name)
        chosen["membership"].choices = terms_in_readers_words(Term.Category.MEMBERSHIP)
        chosen["post_kind"].choices = [("", "—"), *terms_in_readers_words(Term.Category.POST_KIND)]


class OrganisationForm(SameNameForm):
    """One organisation."""

    name = ShortText(label=_("Name"), max_length=200)
    parent = OrganisationField(label=_("Part of"))
    code = ShortText(
        label=_("Code"), max_length=40, required=False, help_text=_("Leave it empty, and the next free one is given.")
    )
    kind = forms.ChoiceField(label=_("Kind"))
    sector = forms.ChoiceField(label=_("Sector"), required=False)
    field_order = ("name", "parent", "code", "kind", "sector", "is_another")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields
        chosen["kind"].choices = [("", "—"), *terms_in_readers_words(Term.Category.ORGANISATION_KIND)]
        chosen["sector"].choices = [("", "—"), *terms_in_readers_words(Term.Category.SECTOR)]


@doors.office
def enter_person(request: doors.PersonRequest) -> HttpResponse:
    """Enter one person; the link of an organisation's page fills in where."""
    return _enter(request, PersonForm, "organisation", actions.enter_person, _("Enter a person"), "office-person")


@doors.office
def enter_organisation(request: doors.PersonRequest) -> HttpResponse:
    """Enter one organisation; the link of the one above it fills in where."""
    heading = _("Enter a unit")
    return _enter(request, OrganisationForm, "parent", actions.enter_organisation, heading, "office-organisation")


def _enter(request: doors.PersonRequest, form_of: Any, place: str, deed: Any, heading: Any, page: str) -> HttpResponse:
    home = organisations.organisation_with_code(request.GET.get("in", ""))
    form = form_of(request.POST or None, initial={place: home} if home else None)

    def enter(**given: Any) -> HttpResponse:
        return redirect(page, deed(**given).pk)

    done = _("Entered. Correct or complete it here.")
    back = "office-people" if page == "office-person" else "office-tree"
    shown = {"form": form, "heading": heading, "button": _("Enter"), "back": reverse(back)}
    return posted(request, form, asking_of_namesakes(form, enter), done=done) or render(
        request, "office/roster_enter.html", shown
    )
