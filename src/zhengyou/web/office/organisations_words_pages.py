"""The headings and words that an import knows: the pack's, and the spellings that the office took, which can be taken back."""

from functools import partial
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from zhengyou.organisations import actions, queries
from zhengyou.organisations.importing.columns import CATEGORIES
from zhengyou.organisations.models import Term
from zhengyou.web.shared import doors
from zhengyou.web.shared.fields import ShortText
from zhengyou.web.shared.pages import pressed

HEADINGS = {
    CATEGORIES["organisations"]: _("Headings of a list of units"),
    CATEGORIES["people"]: _("Headings of a list of people"),
}
WORDS = {
    Term.Category.ORGANISATION_KIND: _("Kinds of units"),
    Term.Category.SECTOR: _("Sectors"),
    Term.Category.MEMBERSHIP: _("Kinds of people"),
    Term.Category.POST_KIND: _("Kinds of posts"),
}


class ForgetForm(forms.Form):
    """A spelling that the office took."""

    category = ShortText(max_length=30)
    slug = ShortText(max_length=60)
    text = ShortText(max_length=100)


@doors.topmost_office
@require_GET
def words(request: doors.PersonRequest) -> HttpResponse:
    """Every heading and word that is known, and the spellings that the office took."""
    known = queries.terms_by_category()
    sections = [
        (name, category.value, category in HEADINGS, known.get(category.value, []))
        for category, name in (*HEADINGS.items(), *WORDS.items())
    ]
    return render(request, "office/import_words.html", {"sections": [one for one in sections if one[3]]})


@doors.topmost_office
@require_POST
def forget(request: doors.PersonRequest) -> HttpResponse:
    """Take back a spelling."""
    form = ForgetForm(request.POST)
    said: dict[str, Any] = form.cleaned_data if form.is_valid() else {"category": "", "slug": "", "text": ""}
    deed = partial(actions.unlearn_word, **said)
    done = _("“%(text)s” is not known any more. What was imported with it stays.") % said
    return pressed(request, deed, done=done, to="office-import-words")
