"""The question before words become public that seem to name somebody, beside whatever else is wrong with the form. It looks at these words
and at the house's own list of people, and never at a report: an answer that depended on who reported would tell a unit whether it guessed
right. What copies a report is said only to whoever has read it.
"""

import re
from collections.abc import Iterable
from datetime import date
from itertools import product
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengyou.cases import own_words
from zhengyou.cases.computing.naming import TITLE, names_in
from zhengyou.cases.models import Case
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Person

HAN = re.compile(r"[\u4e00-\u9fff]+")
SIGNS = (2, 3, 4)  # of a name in characters
FIELD, POINTED, REPEATED = "names_seen", "points_seen", "repeats_seen"
REPEATS = _("The words that its reporter wrote as well have to stay as they are")
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
    return [one for one in dict.fromkeys(found) if len(one) == 1 or not any(one in other != one for other in found)]


def _as_said(names: list[str], words: str) -> str:
    """These names as one recognises them: a surname alone with the title behind it."""
    said = [re.search(f"{re.escape(one)}(?:{TITLE.pattern})", words) if len(one) == 1 else None for one in names]
    return "、".join(found.group() if found else name for name, found in zip(names, said, strict=True))


class AsksAboutNames(forms.Form):
    """A form whose public words are asked about once if they seem to name somebody, or where whoever has read a report writes a turn of
    phrase of it; ticking that is the answer.
    """

    asks_about: ClassVar[tuple[str, ...]] = ("words",)
    who_reads: Any = _("Better without a name: everybody can read this, for good, and a name does not make it clearer.")

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        if FIELD in self.data:
            self.fields[FIELD] = _seen(self.who_reads)
        if REPEATED in self.data:
            self.fields[REPEATED] = _repeated()

    def more(self, cleaned: dict[str, Any]) -> str:
        """What else becomes public by this form; nothing, if it is not said otherwise."""
        return ""

    def refused(self, cleaned: dict[str, Any]) -> Iterable[tuple[str, str]]:
        """What else its deed would refuse, by field, so that all that is wrong is said in one round."""
        return ()

    def turns(self, cleaned: dict[str, Any]) -> Iterable[str]:
        """What these words repeat of a report, if whoever writes them has read it: the sentences that ask about it."""
        return ()

    def clean(self) -> dict[str, Any]:
        """What was cleaned, without the answers; each question stands at its field."""
        cleaned = super().clean() or self.cleaned_data
        seen, meant = cleaned.pop(FIELD, False), cleaned.pop(REPEATED, False)
        words = "\n".join([*(str(cleaned.get(name, "")) for name in self.asks_about), self.more(cleaned)])
        names = people_named(words)
        if names and not seen:
            self.fields[FIELD] = _seen(self.who_reads)
            self.add_error(FIELD, _("This seems to name somebody: %(names)s.") % {"names": _as_said(names, words)})
        for field, sentence in dict.fromkeys(one for one in self.refused(cleaned) if one[1]):
            self.add_error(field, sentence)
        for sentence in dict.fromkeys(one for one in self.turns(cleaned) if one and not meant):
            self.fields[REPEATED] = _repeated()
            self.add_error(REPEATED, sentence)
        return cleaned


def _repeated() -> forms.BooleanField:
    return forms.BooleanField(label=REPEATS, required=False)


def _seen(who_reads: Any) -> forms.BooleanField:
    return forms.BooleanField(
        label=_("The name has to stay, and it is not that of anybody who may have made a report"),
        required=False,
        help_text=who_reads,
    )


class AsksUnit(AsksAboutNames):
    """The same for what a unit, or the level above it, says in public of a case: only the names of its own post holders can stand
    there, and words for whoever reported are asked about, since a place or a habit beside them points to a person.
    """

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.holders: set[str] = (
            set()
        )  # whoever shows the form says whose names these are, what it is about, and who writes
        self.cases: list[Case] = []
        self.writer: Person | None = None
        if POINTED in self.data:
            self.fields[POINTED] = _pointed()

    def refused(self, cleaned: dict[str, Any]) -> Iterable[tuple[str, str]]:
        """What copies a report or tells of somebody."""
        for name, case in product(self.asks_about, self.cases if self.writer else []):
            for sentence in own_words.reasons_against_saying(case, str(cleaned.get(name, "")), self.writer):
                yield name, sentence

    def turns(self, cleaned: dict[str, Any]) -> Iterable[str]:
        """Turns of phrase of a report, which only whoever has read it is asked about."""
        for name, case in product(self.asks_about, self.cases if self.writer else []):
            yield own_words.turn_of_phrase(case, str(cleaned.get(name, "")), self.writer)

    def clean(self) -> dict[str, Any]:
        """What was cleaned, without the answers."""
        words = "\n".join(str(self.cleaned_data.get(name, "")) for name in self.asks_about)
        cleaned = super().clean()
        pointed = cleaned.pop(POINTED, False)
        others = [one for one in people_named(words) if not any(one in name or name in one for name in self.holders)]
        if others:
            self.errors.pop(FIELD, None)
            self.fields.pop(FIELD, None)
            said = _("Say it without “%(names)s”, for instance “the household” or “the person concerned”.")
            self.add_error(self.asks_about[0], said % {"names": _as_said(others, words)})
        if not pointed and (found := POINTS.search(words)):
            self.fields[POINTED] = _pointed()
            said = _(
                "“%(words)s” points to the person who made the report. Say what was done, and nothing about who asked for it."
            )
            self.add_error(POINTED, said % {"words": found.group()})
        return cleaned


def let_know(form: forms.Form, cases: Iterable[Case], by: Person, on: date) -> None:
    """About which cases such a form is, who writes it, and of whom it may speak by name: those who hold a post in the units."""
    if isinstance(form, AsksUnit):
        form.cases, form.writer = list(cases), by
        units = {row.unit for row in form.cases}
        form.holders = {post.person.name for unit in units for post in organisations.posts_at(unit, on)}


def _pointed() -> forms.BooleanField:
    return forms.BooleanField(
        label=_("It has to stay, and nobody can tell from it who made the report"),
        required=False,
    )
