"""Who answers for which organisation, in three tiers."""

from functools import partial
from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from zhengyou.organisations import queries
from zhengyou.organisations.models import Term
from zhengyou.organisations.tree import is_within_any
from zhengyou.organisations.vocabulary import word
from zhengyou.roster import posts
from zhengyou.web.office.roster_words import below_of
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.fields import DayInput, OrganisationField, PersonField, terms_in_readers_words
from zhengyou.web.shared.lists import Cell, Column, listed
from zhengyou.web.shared.narrowing import Filter, of_unit
from zhengyou.web.shared.pages import posted


class ResponsibleForm(forms.Form):
    """Who answers for an organisation, in which tier, from when."""

    organisation = OrganisationField(label=_("Unit"))
    person = PersonField(label=word("Member"))
    tier = forms.ChoiceField(label=_("Tier"))
    from_on = forms.DateField(label=_("From"), widget=DayInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tier"].choices = terms_in_readers_words(Term.Category.TIER)  # type: ignore[attr-defined]


@doors.office
def responsible(request: doors.PersonRequest) -> HttpResponse:
    """Who answers for each organisation, in three tiers, those with nobody first to be found; and a form to name somebody."""
    code = request.GET.get("organisation", "")
    begun = queries.organisation_with_code(code) if code else None
    is_ours = begun is not None and is_within_any(begun, doors.offices_of(request))
    form = ResponsibleForm(
        request.POST or None, initial={"organisation": begun if is_ours else code, "from_on": clock.today()}
    )

    def name_them(**given: Any) -> HttpResponse:
        row = posts.make_responsible(**given)
        answer = {"person": row.person.name, "organisation": row.organisation.name}
        messages.success(request, _("%(person)s now answers for %(organisation)s.") % answer)
        return redirect("office-responsible")

    ours, tiers = doors.reach_of(request), terms_in_readers_words(Term.Category.TIER)
    return posted(request, form, name_them) or listed(
        request,
        "office/import_responsible.html",
        queries.organisations_with_responsible(clock.today()).filter(ours),
        _columns(tiers),
        name="responsible-people",
        nothing=_("There is no unit yet. Import the units from your workbook first."),
        search=_("Find a unit or a person by name, code or pinyin"),
        paths=(*of_unit(), *(tier for tier, _words in tiers)),
        filters=[
            Filter("answered", _("Show"), "answered", [("no", _("nobody answers")), ("yes", _("somebody answers"))])
        ],
        form=form,
        count=queries.organisations_without_responsible(clock.today()).filter(ours).count(),
    )


def _columns(tiers: list[tuple[str, str]]) -> list[Column]:
    return [
        Column(_("Unit"), _organisation, order="path"),
        Column(_("Code"), lambda row: row.code, order="code"),
        Column(_("Within"), below_of),
        *[Column(words, partial(_who_answers, tier=tier), order=tier) for tier, words in tiers],
    ]


def _organisation(row: Any) -> Cell:
    return Cell(row.name, f"?organisation={quote(row.code)}#name-somebody")


def _who_answers(row: Any, tier: str) -> str:
    return getattr(row, tier, None) or ""
