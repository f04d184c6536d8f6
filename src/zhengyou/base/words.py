"""Names kept in two languages, and the language of whoever reads them. Sentences of the house itself are in the catalogue."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

Names = dict[str, str]  # by language: "zh-hans" and "en"


def language() -> str:
    """The reader's language: `en` or `zh-hans`, which is also the language of whoever has none of the two."""
    return "en" if (get_language() or "").startswith("en") else "zh-hans"


def in_readers_words(names: Names | None) -> str:
    """A name in the reader's language. A missing one falls back to the other, no name at all to nothing."""
    kept = names or {}
    return str(kept.get(language()) or next(filter(None, kept.values()), ""))


# Control characters, separators of lines, signs that turn the direction of writing, lone surrogates.
SHORTEST_END = 2  # figures of a number
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")


def one_line(text: str, longest: int = 500) -> str:
    """A text as it stands in a document that everybody checks: one line, nothing unseen, cut at its longest."""
    return " ".join(_UNSEEN.sub(" ", text).split())[:longest]


def one_line_each(names: Names) -> Names:
    """The name in each language as one line."""
    return {language: one_line(text) for language, text in names.items()}


def names_of_line(line: str) -> Names:
    """A name as one line is typed: Chinese and English with | between them; without | both are the same."""
    chinese, bar, english = line.replace("｜", "|").partition("|")
    return {"zh-hans": chinese.strip(), "en": english.strip() if bar else chinese.strip()}


def line_of_names(names: Names) -> str:
    """The line that `names_of_line` reads."""
    chinese, english = names["zh-hans"], names["en"]
    return chinese if chinese == english else f"{chinese} | {english}"


def in_all_words(sentence: Any) -> Names:
    """A sentence of the house in each of its languages, to be kept and shown to readers of any. A plain text stays as it is."""
    kept = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            kept[code] = str(sentence)
    return kept


def joined(names: Iterable[str]) -> str:
    """Several names in one sentence, with the comma that the reader's language lists things with."""
    return (", " if language() == "en" else "、").join(names)


def all_of(names: Iterable[str]) -> str:
    """Several names that a sentence speaks of together: A, B and C."""
    return _with_last(list(names), gettext("%(names)s and %(last)s"))


def any_of(names: Iterable[str]) -> str:
    """Several names of which a sentence means one or another: A, B or C."""
    return _with_last(list(names), gettext("%(names)s or %(last)s"))


def _with_last(names: list[str], text: str) -> str:
    return text % {"names": joined(names[:-1]), "last": names[-1]} if len(names) > 1 else joined(names)


def day_said(day: date | None) -> str:
    """A day as the reader of now writes it, for a sentence: 3 December 2026, 2026年12月3日. Nothing for nothing."""
    return date_format(day, "DATE_FORMAT") if day else ""


def with_ends(named: Sequence[tuple[str, str]], numbers: Sequence[str]) -> list[tuple[str, str]]:
    """Names with their places; of those that share both, the place has the end of the number behind it, as short as tells them apart."""
    alike: dict[tuple[str, str], list[str]] = {}
    for one, number in zip(named, numbers, strict=True):
        alike.setdefault(one, []).append(number)
    found = []
    for (name, place), number in zip(named, numbers, strict=True):
        others = alike[name, place]
        shortest = (n for n in range(SHORTEST_END, len(number)) if len({one[-n:] for one in others}) == len(others))
        found.append((name, f"{place} · …{number[-next(shortest, 0) :]}" if len(others) > 1 else place))
    return found


def names_apart(named: Sequence[tuple[str, str]]) -> list[Names]:
    """Each name in both languages, and behind it its place in brackets where another one of the list bears the same name."""
    often = Counter(name for name, _place in named)
    return [
        {"zh-hans": f"{name}（{place}）", "en": f"{name} ({place})"}
        if place and often[name] > 1
        else {"zh-hans": name, "en": name}
        for name, place in named
    ]
