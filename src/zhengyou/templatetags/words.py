"""Words of packs and manifests in the reader's language, and small figures."""

from typing import Any

from django import template
from django.utils.translation import get_language

register = template.Library()


@register.filter
def said(words: Any) -> str:
    """Text kept in both languages, in the reader's; a missing one falls back to the other."""
    if not isinstance(words, dict):
        return "" if words is None else str(words)
    language = "en" if (get_language() or "").startswith("en") else "zh-hans"
    return str(words.get(language) or next(iter(words.values()), ""))


@register.filter
def at_key(mapping: Any, key: Any) -> Any:
    """`mapping[key]`, or nothing."""
    return mapping.get(key, "") if mapping else ""


@register.filter
def fingerprint(text: str) -> str:
    """A fingerprint in groups of eight, so that two people can compare it aloud."""
    return " ".join(text[n : n + 8] for n in range(0, len(text), 8))
