"""Who answers for which organisation, in three tiers."""

from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from zhengyou.organisations import actions, queries
from zhengyou.organisations.models import Term
from zhengyou.organisations.vocabulary import word
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.fields import DayInput, OrganisationField, PersonField, terms_in_readers_words
from zhengyou.web.shared.lists import Cell, Column, listed
from zhengyou.web.shared.pages import posted


class ResponsibleForm(forms.Form):
    """Who answers for an organisation, in which tier, from when."""

    organisation = OrganisationField(label=_("Organisation"))
    person = PersonField(label=word("Member"))
    tier = forms.ChoiceField(label=_("Tier"))
    from_on = forms.DateField(label=_("From"), widget=DayInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tier"].choices = terms_in_readers_words(Term.Category.TIER)  # type: ignore[attr-defined]


@doors.office
def responsible(request: doors.PersonRequest) -> HttpResponse:
    """The organisations for which nobody answers, and a form to name somebody."""
    initial = {"organisation": request.GET.get("organisation", ""), "from_on": clock.today()}
    form = ResponsibleForm(request.POST or None, initial=initial)

    def name_them(**given: Any) -> HttpResponse:
        row = actions.make_responsible(**given)
        answer = {"person": row.person.name, "organisation": row.organisation.name}
        messages.success(request, _("%(person)s now answers for %(organisation)s.") % answer)
        return redirect("office-responsible")

    missing = queries.organisations_without_responsible(clock.today())
    return posted(request, form, name_them) or listed(
        request,
        "office/import_responsible.html",
        missing,
        [
            Column(_("Organisation"), lambda row: Cell(row.name, f"?organisation={quote(row.code)}#name-somebody")),
            Column(_("Code"), lambda row: row.code, order="code"),
            Column(_("Organisation above"), lambda row: row.parent.name if row.parent else ""),
        ],
        name="without-responsible-person",
        nothing=_("Every organisation has somebody responsible."),
        search=_("Find by name, code or pinyin"),
        paths=("name", "code", "name_key"),
        form=form,
        count=missing.count(),
    )
