"""Words of packs and manifests in the reader's language, and small figures."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from zhengyou.base.words import in_readers_words, language
from zhengyou.web.shared.readings import short_reading

register = template.Library()


@register.filter
def said(words: Any) -> str:
    """Text kept in both languages, in the reader's; a missing one falls back to the other."""
    if isinstance(words, dict):
        return in_readers_words(words)
    return "" if words is None else str(words)


class _AsWritten(DjangoJSONEncoder):
    """Chinese as it is written: escaped it would be a tenth of what the booth weighs."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**(options | {"ensure_ascii": False}))


@register.filter
def for_program(value: Any, name: str) -> SafeString:
    """What a program of the browser reads, in a script element of this id."""
    return json_script(value, name, _AsWritten)


@register.filter
def read_in_english(name: str) -> str:
    """How a Chinese name is read, in short, on a page in English; else nothing."""
    return short_reading(name) if language() == "en" else ""


@register.filter
def listed(things: Iterable[Any], part: str = "") -> str:
    """Words, or this part of rows, one after the other with the comma of the reader's language."""
    return gettext(", ").join(said(_part_of(thing, part) if part else thing) for thing in things)


def _part_of(row: Any, part: str) -> Any:
    return row[part] if isinstance(row, dict) else getattr(row, part)


@register.filter
def headed(remark: Any) -> str:
    """What somebody's words are about. Behind a plan's title the data keep a bare number: it is that of a paragraph."""
    plan, _between, place = str(remark.heading).rpartition(" · ")
    if not plan or not place.isdigit() or not remark.subject.startswith("paragraphwording:"):
        return str(remark.heading)
    return f"{plan} · {gettext('Paragraph %(n)s') % {'n': place}}"


@register.filter
def at_key(mapping: Any, key: Any) -> Any:
    """`mapping[key]`, or nothing."""
    return mapping.get(key, "") if mapping else ""


@register.filter
def fingerprint(text: str) -> str:
    """A fingerprint in groups of eight, so that two people can compare it aloud."""
    return " ".join(text[n : n + 8] for n in range(0, len(text), 8))
