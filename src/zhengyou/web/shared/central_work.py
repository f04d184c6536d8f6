"""The question which piece of the cycle's central work something serves, in the forms of units and of their clerks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengyou.campaigns import queries
from zhengyou.campaigns.models import CentralWork, Cycle

NONE = "none"


class PieceField(forms.TypedChoiceField):
    """A piece of the list, or said outright that it serves none of it. The clean value is the row, or None."""

    def __init__(self, pieces: list[CentralWork], **given: Any) -> None:
        choices = [
            ("", "—"),
            *((str(one.number), f"{one.number}. {one.text}") for one in pieces),
            (NONE, _("none of these")),
        ]
        self.pieces = {str(one.number): one for one in pieces}
        super().__init__(
            label=_("Which piece of the central work does it serve?"),
            choices=choices,
            coerce=self.pieces.get,
            empty_value=None,
            help_text=_("The list of the campaign for this cycle."),
            **given,
        )


class ServesField(forms.TypedChoiceField):
    """One question for a promise of a single person: a piece of the list, or an aim alone, or none. The clean value is both."""

    def __init__(self, pieces: list[CentralWork], aims: list[tuple[str, str]], **given: Any) -> None:
        known: dict[str, tuple[int, str]] = {str(one.number): (one.number, one.aim) for one in pieces}
        known |= {aim: (0, aim) for aim, _name in aims}
        groups: list[Any] = [("", "—")]
        if pieces:
            groups.append((_("Central work"), [(str(one.number), f"{one.number}. {one.text}") for one in pieces]))
        if aims:
            groups.append((_("Aims of the campaign"), aims))
        super().__init__(
            label=_("What of the campaign does it serve?"),
            choices=[*groups, (NONE, _("none of these"))],
            coerce=lambda value: known.get(value, (0, "")),
            empty_value=None,
            **given,
        )


def add_central_work(form: Any, cycle: Cycle, name: str = "central_work") -> None:
    """Ask it in this form, where the cycle has a list of central work; without one nothing is asked."""
    if pieces := queries.central_work(cycle):
        form.fields[name] = PieceField(pieces)


def piece_of(row: Any) -> str:
    """What such a field begins with for a theme that was written before."""
    return str(row.central_work.number) if row.central_work_id else NONE
