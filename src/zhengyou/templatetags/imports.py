"""What an import says of a row, in the reader's words."""

from collections.abc import Sequence
from typing import Any

from django import template

from zhengyou.base.words import Names, joined
from zhengyou.organisations.importing import sentences

register = template.Library()
FEW = 5


@register.filter
def sentence(remark: sentences.Remark, columns: dict[str, Names] | str) -> str:
    """A remark on the file, or on a row whose columns are given."""
    return sentences.sentence(remark, columns if isinstance(columns, dict) else {})


@register.filter
def in_list(remark: sentences.Remark, columns: dict[str, dict[str, Names]]) -> tuple[Any, Any]:
    """A remark with the columns of all kinds of lists, for `sentence_of`."""
    return remark, columns


@register.filter
def sentence_of(given: tuple[sentences.Remark, dict[str, dict[str, Names]]], what: str) -> str:
    """A remark on a row of this kind of list."""
    remark, columns = given
    return sentences.sentence(remark, columns.get(what) or next(iter(columns.values())))


@register.filter
def all_rows(remark: sentences.Remark) -> str:
    """What a remark on the file names in full, where its sentence has only the first of them; else nothing."""
    long = (value for value in remark.values() if isinstance(value, list) and len(value) > sentences.MOST_NAMED)
    return joined(map(str, next(long, [])))


@register.filter
def first_few(places: Sequence[str]) -> str:
    """The first places, and how many more there are by three dots."""
    return joined(map(str, places[:FEW])) + (" …" if len(places) > FEW else "")
