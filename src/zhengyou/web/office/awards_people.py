"""Selections of people: the form that puts somebody forward, and the make-up of those named beside all who could have been."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhengyou.awards import queries
from zhengyou.awards.models import Candidate, Selection
from zhengyou.base.texts import longest
from zhengyou.base.words import in_readers_words
from zhengyou.notices.rules import LONGEST_DEEDS
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Term
from zhengyou.web.shared.fields import LongText, PersonField, ShortText

GIVEN_TO = [
    (Selection.Of.ORGANISATIONS.value, _("units")),
    (Selection.Of.MEMBERS.value, _("people who made a public commitment in this cycle")),
    (Selection.Of.WORKERS.value, _("people who made a public commitment or hold a post")),
]


class PersonCandidateForm(forms.Form):
    """A person of the campaign, what they are, whether they work at the front line, and their deeds."""

    person = PersonField(label=_("Person"))
    post = ShortText(
        label=_("What they are"),
        max_length=longest(Candidate, "post"),
        required=False,
        help_text=_("Post or occupation in a few words, as everybody will read it."),
    )
    is_front_line = forms.TypedChoiceField(
        label=_("Works at the front line"),
        choices=[("yes", _("yes")), ("no", _("no"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
        required=False,
        empty_value=None,
        help_text=_("Only for people whose kind of post is not in the list of people; otherwise that decides."),
    )
    deeds = LongText(
        label=_("Deeds"),
        max_length=LONGEST_DEEDS,
        rows=6,
        help_text=_("Plain facts, at most 1,500 characters. No ID-card or telephone number: everybody reads it."),
    )


@dataclass(frozen=True)
class ShareInWords:
    """One line of the make-up: what it counts, and both numbers with their shares in percent."""

    words: str
    named: int
    named_share: int
    every: int
    every_share: int


@dataclass(frozen=True)
class MakeUpInWords:
    """The make-up as the page shows it: one sentence first, then a table for each way to look at it."""

    sentence: str
    named: int
    every: int
    tables: list[tuple[Any, list[ShareInWords]]]


def make_up_in_words(selection: Selection, on: date) -> MakeUpInWords | None:
    """Who is named beside all who could have been; nothing while nobody could be named. Four queries."""
    made = queries.make_up(selection, on)
    if not made.every:
        return None
    kinds, sectors = organisations.term_names(Term.Category.POST_KIND), organisations.kinds_and_sectors()[1]
    towns = organisations.organisations_by_id(int(one.slug) for one in made.of("town") if one.slug != "0")
    unnamed = gettext("not said")
    names: dict[str, dict[str, str]] = {
        "has_post": {"True": gettext("with a post"), "False": gettext("without a post")},
        "post_kind": {slug: in_readers_words(name) for slug, name in kinds.items()},
        "organisation__sector": {slug: in_readers_words(name) for slug, name in sectors.items()},
        "town": {str(pk): row.name for pk, row in towns.items()},
    }
    heads = {
        "has_post": _("With and without a post"),
        "post_kind": _("Kind of post"),
        "organisation__sector": _("Sector"),
        "town": _("First level below the top"),
    }
    tables = [
        (heads[group], [_line(one, made, words.get(one.slug) or unnamed) for one in made.of(group)])
        for group, words in names.items()
    ]
    return MakeUpInWords(_sentence(made), made.named, made.every, tables)


def _line(one: queries.Share, made: queries.MakeUp, words: str) -> ShareInWords:
    return ShareInWords(words, one.named, _percent(one.named, made.named), one.every, _percent(one.every, made.every))


def _sentence(made: queries.MakeUp) -> str:
    with_post = next((one for one in made.of("has_post") if one.slug == "True"), None)
    named, every = (with_post.named, with_post.every) if with_post else (0, 0)
    return gettext("Of those named %(named)d %% hold a post, of all who could have been named %(every)d %%.") % {
        "named": _percent(named, made.named),
        "every": _percent(every, made.every),
    }


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0
