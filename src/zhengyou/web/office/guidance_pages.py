"""The guidance by kind of post and by sector, from the pack; the office edits it until the launch freezes it with the rules."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from zhengyou.base.words import line_of_names, names_of_line
from zhengyou.campaigns import actions
from zhengyou.campaigns.models import Cycle
from zhengyou.campaigns.ruleset import Guidance, Rules
from zhengyou.organisations.models import Term
from zhengyou.web.office.campaigns_pages import of_cycle
from zhengyou.web.shared import doors, meanwhile
from zhengyou.web.shared.fields import LongText, terms_in_readers_words
from zhengyou.web.shared.pages import posted

LONGEST = 800  # both languages


class GuidanceForm(forms.Form):
    """A text for each kind of post and each sector of the house; an empty one gives no guidance."""

    def __init__(self, data: Any, *, ruleset: Rules) -> None:
        now = {name_of(one): line_of_names(one.text) for one in ruleset.guidance}
        super().__init__(data, initial=now)
        self.ruleset = ruleset
        for part, category in (("post_kind", Term.Category.POST_KIND), ("sector", Term.Category.SECTOR)):
            for slug, words in terms_in_readers_words(category):
                self.fields[f"{part}-{slug}"] = LongText(label=words, max_length=LONGEST, rows=2, required=False)

    def clean(self) -> dict[str, Any]:
        """The rules with this guidance."""
        return self.cleaned_data if self.errors else {"ruleset": replace(self.ruleset, guidance=_of(self.cleaned_data))}


def name_of(one: Guidance) -> str:
    """The field of one text."""
    return f"post_kind-{one.post_kind}" if one.post_kind else f"sector-{one.sector}"


def _of(given: Mapping[str, str]) -> tuple[Guidance, ...]:
    texts = [(*name.split("-", 1), text) for name, text in given.items() if text]
    return tuple(Guidance(names_of_line(text), **{part: slug}) for part, slug, text in texts)


@doors.office
@of_cycle
def guidance(request: doors.PersonRequest, row: Cycle) -> HttpResponse:
    """Edit the texts before the launch; afterwards they are read here."""
    form = GuidanceForm(request.POST or None, ruleset=row.ruleset)
    meanwhile.guard(form, about=row.reference, deeds=["campaigns.set_rules"])
    shown = {
        "form": None if row.is_launched else form,
        "known": list(form) if row.is_launched else [],
        "heading": _("Guidance by post and sector"),
        "button": "" if row.is_launched else _("Save the guidance"),
        "cycle": row,
        "lead": _("It is frozen with the rules of this cycle; the next one begins with it.") if row.is_launched else "",
    }
    deed, to = partial(actions.set_rules, cycle=row), ("office-cycle", row.pk)
    return posted(request, form, deed, done=_("The guidance is saved."), to=to) or render(
        request, "office/form.html", shown
    )
