"""The question before words become public that seem to name somebody. It looks at these words and at the house's own list of people, and
never at a report: an answer that depended on who reported would tell a unit whether it guessed right.
"""

import re
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengyou.cases.computing.ringing import names_in
from zhengyou.organisations import queries as organisations

HAN = re.compile(r"[\u4e00-\u9fff]+")
SIGNS = (2, 3, 4)  # of a name in characters
FIELD = "names_seen"


def people_named(words: str) -> list[str]:
    """What in these words seems to be somebody's name: by what stands around it, or since somebody of the house is called so."""
    parts = {run[start : start + n] for run in HAN.findall(words) for n in SIGNS for start in range(len(run) - n + 1)}
    known = organisations.names_of_people(parts) if parts else []
    found = [*names_in(words), *sorted(known, key=words.find)]
    return [one for one in dict.fromkeys(found) if not any(one != other and one in other for other in found)]


class AsksAboutNames(forms.Form):
    """A form whose public words are asked about once if they seem to name somebody; ticking that is the answer."""

    asks_about: ClassVar[tuple[str, ...]] = ("words",)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        if FIELD in self.data:
            self.fields[FIELD] = _seen()

    def more(self, cleaned: dict[str, Any]) -> str:
        """What else becomes public by this form; nothing, if it is not said otherwise."""
        return ""

    def clean(self) -> dict[str, Any]:
        """What was cleaned, without the answer; the question stands at its field."""
        cleaned = super().clean() or self.cleaned_data
        seen = cleaned.pop(FIELD, False)
        names = people_named("\n".join([*(str(cleaned.get(name, "")) for name in self.asks_about), self.more(cleaned)]))
        if names and not seen:
            self.fields[FIELD] = _seen()
            self.add_error(FIELD, _("This seems to name somebody: %(names)s.") % {"names": "、".join(names)})
        return cleaned


def _seen() -> forms.BooleanField:
    return forms.BooleanField(
        label=_("The name has to stand there, and it is not that of somebody who may have reported something"),
        required=False,
        help_text=_("Better without a name: everybody reads it, for ever, and a name does not make it clearer."),
    )
