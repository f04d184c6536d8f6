"""A day as its readers write it: worked out once for each day and language, since lists have hundreds of them."""

from datetime import date
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.translation import get_language


def day_in_words(value: date) -> str:
    """3 December 2026, 2026年12月3日. Of an instant its day, as its own clock has it."""
    return _written(value, get_language()) if type(value) is date else date_format(value, "DATE_FORMAT")


def day_in_a_cell(value: date) -> str:
    """3 Dec 2026, 2026年12月3日: in a table or beside bars, where days stand below each other and no line is broken for them."""
    return _written(value, get_language(), "SHORT_DATE_FORMAT")


@lru_cache(maxsize=4096)
def _written(value: date, _language: str | None, form: str = "DATE_FORMAT") -> str:
    return date_format(value, form)
