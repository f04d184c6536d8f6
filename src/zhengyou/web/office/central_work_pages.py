"""The list of a cycle's central work, and which of it, and which of the aims, nothing serves."""

from functools import partial
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from zhengyou.base.texts import longest
from zhengyou.base.words import in_readers_words
from zhengyou.campaigns import queries
from zhengyou.campaigns.models import CentralWork, Cycle
from zhengyou.campaigns.rules import MOST_PIECES, Piece
from zhengyou.plans import actions
from zhengyou.plans import queries as plans
from zhengyou.rhythm import queries as rhythm
from zhengyou.web.office.campaigns_forms import WhyForm
from zhengyou.web.office.campaigns_pages import of_cycle
from zhengyou.web.shared import doors, meanwhile
from zhengyou.web.shared.fields import ShortText
from zhengyou.web.shared.leading_words import KNOWN
from zhengyou.web.shared.pages import posted

SPARE = 3  # empty lines below the pieces that stand there
FEWEST_LINES = 5


class CentralWorkForm(WhyForm):
    """One line for each piece, with the aim that it serves. A line that is emptied takes its piece out."""

    def __init__(self, *args: Any, pieces: list[CentralWork], aims: list[tuple[str, str]], **kwargs: Any) -> None:
        known = {one.number: one for one in pieces}
        initial = {f"text_{number}": one.text for number, one in known.items()}
        initial |= {f"aim_{number}": one.aim for number, one in known.items()}
        super().__init__(*args, initial=initial, **kwargs)
        last = max(known, default=0)
        self.numbers = range(1, min(max(last + SPARE, FEWEST_LINES), MOST_PIECES) + 1)
        for number in self.numbers:
            words = {"n": number}
            self.fields[f"text_{number}"] = ShortText(
                label=_("%(n)d. Piece of central work") % words, max_length=longest(CentralWork, "text"), required=False
            )
            if aims:
                self.fields[f"aim_{number}"] = forms.ChoiceField(
                    label=_("%(n)d. The aim it serves") % words, choices=[("", "—"), *aims], required=False
                )

    def clean(self) -> dict[str, Any]:
        """The pieces whose line says something."""
        given = self.cleaned_data
        lines = [(n, given.get(f"text_{n}", ""), given.get(f"aim_{n}", "")) for n in self.numbers]
        why = {"why": given["why"]} if "why" in given else {}
        return given if self.errors else {"pieces": [Piece(*line) for line in lines if line[1]], **why}


@doors.office
@of_cycle
def central_work(request: doors.PersonRequest, row: Cycle) -> HttpResponse:
    """Write the list before the launch; afterwards reword it or add to it, with the reason."""
    aims = [(aim.id, in_readers_words(aim.name)) for aim in row.ruleset.aims]
    form = CentralWorkForm(request.POST or None, pieces=queries.central_work(row), aims=aims, is_public=row.is_launched)
    deed = actions.correct_central_work if row.is_launched else actions.write_central_work
    meanwhile.guard(form, about=row.reference, deeds=["plans.write_central_work", "plans.correct_central_work"])
    done, to = _("The list is saved."), ("office-cycle", row.pk)
    shown = {"form": form, "heading": _("Central work"), "button": _("Save the list"), "cycle": row}
    return posted(request, form, partial(deed, cycle=row), done=done, to=to) or render(
        request, "office/form.html", shown | {"campaign": row.campaign}
    )


@doors.room("plans")
@doors.office
@of_cycle
def served(request: doors.PersonRequest, row: Cycle) -> HttpResponse:
    """Which pieces and which aims are served by themes and promises, those that nothing serves first."""
    return render(request, "office/served.html", {"cycle": row, "served": rhythm.served_in(row), "known": _known(row)})


def _known(row: Cycle) -> list[tuple[Any, int]]:
    """How many units stand in each band of how well their people know their theme; the last are those with too few answers."""
    counted = plans.known_bands(row)
    bands = [(words, counted.get(band, 0)) for band, words in KNOWN.items()]
    return [*bands, (_("Fewer than ten have answered, so nothing is shown."), counted.get("", 0))] if counted else []
