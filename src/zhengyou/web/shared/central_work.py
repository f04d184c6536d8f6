"""The question which piece of the cycle's central work something serves, in the forms of units and of their clerks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengyou.campaigns import queries
from zhengyou.campaigns.models import CentralWork, Cycle

NONE = "none"


class PieceField(forms.TypedChoiceField):
    """A piece of the list, or said outright that it serves none of it. The clean value is the row, or None."""

    def __init__(self, pieces: list[CentralWork]) -> None:
        choices = [
            ("", "—"),
            *((str(one.pk), f"{one.number}. {one.text}") for one in pieces),
            (NONE, _("none of these")),
        ]
        self.pieces = {str(one.pk): one for one in pieces}
        super().__init__(
            label=_("Which piece of the central work does it serve?"),
            choices=choices,
            coerce=self.pieces.get,
            empty_value=None,
            help_text=_("The list of the campaign for this cycle."),
        )


def add_central_work(form: Any, cycle: Cycle, name: str = "central_work") -> None:
    """Ask it in this form, where the cycle has a list of central work; without one nothing is asked."""
    if pieces := queries.central_work(cycle):
        form.fields[name] = PieceField(pieces)


def piece_of(row: Any) -> str:
    """What such a field begins with for something that was written before."""
    return str(row.central_work_id or NONE)
