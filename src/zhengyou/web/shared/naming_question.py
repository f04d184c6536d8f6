"""The question before words become public that seem to name somebody. It looks at these words and at the house's own list of people, and
never at a report: an answer that depended on who reported would tell a unit whether it guessed right.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengyou.cases.computing.ringing import names_in
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation

HAN = re.compile(r"[\u4e00-\u9fff]+")
SIGNS = (2, 3, 4)  # of a name in characters
FIELD, POINTED = "names_seen", "points_seen"
POINTS = re.compile(
    r"(?:反映|举报|投诉|信访|来电|来访|上访|报告)(?:人|者|群众|村民|居民|家长|户)|当事人|反映问题的"
    r"|\b(?:reporters?|complainants?|(?:who|that) (?:complained|reported|called in))\b",
    re.IGNORECASE,
)


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
        help_text=_("Better without a name: everybody can read this, for good, and a name does not make it clearer."),
    )


class AsksUnit(AsksAboutNames):
    """The same for what a unit, or the level above it, says in public of a case: only the names of its own post holders can stand
    there, and words for whoever reported are asked about, since a place or a habit beside them points to a person.
    """

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.holders: set[str] = set()  # whoever shows the form says whose names these are
        if POINTED in self.data:
            self.fields[POINTED] = _pointed()

    def clean(self) -> dict[str, Any]:
        """What was cleaned, without the answers."""
        cleaned = super().clean()
        pointed = cleaned.pop(POINTED, False)
        words = "\n".join(str(cleaned.get(name, "")) for name in self.asks_about)
        others = [one for one in people_named(words) if not any(one in name or name in one for name in self.holders)]
        if others:
            self.errors.pop(FIELD, None)
            self.fields.pop(FIELD, None)
            said = _("Say it without “%(names)s”, for instance “the household” or “the person concerned”.")
            self.add_error(self.asks_about[0], said % {"names": "、".join(others)})
        if not pointed and (found := POINTS.search(words)):
            self.fields[POINTED] = _pointed()
            said = _("“%(words)s” points to whoever reported. Say what was done, and nothing about who asked for it.")
            self.add_error(POINTED, said % {"words": found.group()})
        return cleaned


def let_holders_stand(form: forms.Form, units: Iterable[Organisation], on: date) -> None:
    """Of whom such a form may speak by name: those who hold a post in these units."""
    if isinstance(form, AsksUnit):
        form.holders = {post.person.name for unit in units for post in organisations.posts_at(unit, on)}


def _pointed() -> forms.BooleanField:
    return forms.BooleanField(
        label=_("It has to stand there, and nobody can tell by it who reported"),
        required=False,
    )
