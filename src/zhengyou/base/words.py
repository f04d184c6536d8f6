"""Names kept in two languages, and the language of whoever reads them. Sentences of the house itself are in the catalogue."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language

Names = dict[str, str]  # by language: "zh-hans" and "en"


def language() -> str:
    """The reader's language: `en` or `zh-hans`, which is also the language of whoever has none of the two."""
    return "en" if (get_language() or "").startswith("en") else "zh-hans"


def in_readers_words(names: Names | None) -> str:
    """A name in the reader's language. A missing one falls back to the other, no name at all to nothing."""
    kept = names or {}
    return str(kept.get(language()) or next(filter(None, kept.values()), ""))


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
