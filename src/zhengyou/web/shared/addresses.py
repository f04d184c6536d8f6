"""Where a page is, by the name of its address: worked out once for each, since every page has dozens of them."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse

PLAIN = (int, str)
ANY_NUMBER = 1_234_567_890


def address(name: str, *args: Any) -> str:
    """As `reverse`, also in what it raises; kept where each part is a number or a text."""
    if all(type(one) in PLAIN for one in args):
        return _kept(get_urlconf() or settings.ROOT_URLCONF, get_script_prefix(), name, *args)
    return reverse(name, args=args)


def address_of(name: str, number: int) -> str:
    """The address of a row by its number: as `address`, and as quick for the thousands of a file, of which none is kept."""
    before, after = _around(get_urlconf() or settings.ROOT_URLCONF, get_script_prefix(), name)
    return f"{before}{number}{after}"


@lru_cache(maxsize=256)
def _around(_urlconf: Any, _prefix: str, name: str) -> tuple[str, str]:
    before, _number, after = reverse(name, args=[ANY_NUMBER]).partition(str(ANY_NUMBER))
    return before, after


@lru_cache(maxsize=4096, typed=True)
def _kept(_urlconf: Any, _prefix: str, name: str, *args: Any) -> str:
    return reverse(name, args=args)
