"""A search box that asks back: where a typed text can mean several rows, they are shown with their path to choose from.

It works without JavaScript: the form comes back with a choice below the box. What can be meant is found by the fields.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

ASKED, CHOSEN = "-asked", "-one"  # behind the field's own name: what was typed when it was asked, and which was chosen


@dataclass(frozen=True)
class MeantRow:
    """A row that a typed text can mean: the code or number that means it alone, what it is called, and where it stands."""

    code: str
    name: str
    path: str


class SearchBox(forms.TextInput):
    """A text that is looked for. `possible` are the rows to choose from, `meant` the one that was found."""

    input_type = "search"
    possible: tuple[MeantRow, ...] = ()
    meant: MeantRow | None = None

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """The row that was chosen, unless another text was typed meanwhile."""
        typed, chosen = data.get(name), data.get(name + CHOSEN)
        return chosen if chosen and data.get(name + ASKED) == typed else typed

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        """The box; below it the rows to choose from, or the one that was found."""
        box = super().render(name, value, {**(attrs or {}), "autocomplete": "off"}, renderer)
        shown = {"box": box, "name": name, "value": value, "possible": self.possible, "meant": self.meant}
        return render_to_string("parts/which_one.html", {**shown, "asked": name + ASKED, "chosen": name + CHOSEN})


def one_or_ask(box: Any, one: Any, rows: list[MeantRow], none: Any) -> Any:
    """The one row that is meant; `rows` says how it, or those that it could be, are shown in the box.

    Raises ValidationError where the box has to ask, with the sentence `none` where nothing fits.
    """
    if one:
        box.meant = rows[0]
        return one
    box.possible = tuple(rows)
    if not rows:
        raise forms.ValidationError(none)
    if len(rows) == 1:
        raise forms.ValidationError(
            _("One fits, though it was not written out. Choose it below if it is the one that you mean.")
        )
    raise forms.ValidationError(
        _(
            "Several fit. Choose below the one that you mean; if it is not there, write the name of the unit above in front of it."
        )
    )


def pieces_of(text: str) -> list[str]:
    """A text cut at spaces, line breaks and every mark that people put between numbers, each piece once, in order."""
    for mark in "、，,;；/|｜\u3000\t":
        text = text.replace(mark, " ")
    return list(dict.fromkeys(text.split()))
