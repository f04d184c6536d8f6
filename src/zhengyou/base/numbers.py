"""Numbers that people quote, without a gap by kind and year: 〔2026〕3号. Numbers within one thing, such as the objections to one
notice, are counted by their own room.
"""

import secrets
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zhengyou.base.deeds import locked
from zhengyou.base.models import NumberSeries


def next_number(kind: str, year: int) -> int:
    """The next number of its kind in that year. Held until the transaction ends: two at once get two numbers, and a deed
    that is undone leaves no gap. Raises TransactionManagementError outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a number is taken inside the transaction of its deed")
    begun, _is_new = NumberSeries.objects.get_or_create(kind=kind, year=year)
    series = locked(begun)
    series.last += 1
    series.save(update_fields=["last"])
    return series.last


def number_words(year: int, number: int) -> str:
    """A number as it is written, in the reader's language: `〔2026〕3号`, `No. 3 of 2026`."""
    counts: dict[str, Any] = {"year": year, "number": number}
    return _("No. %(number)d of %(year)d") % counts


def by_chance() -> int:
    """An id by chance, of 53 bits, for a row of which no address and no gap in a list may tell what came before it, or beside it."""
    return secrets.randbelow(2**53 - 1) + 1
