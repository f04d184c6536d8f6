"""What every page's frame shows: who is signed in, which faces they may enter, where the page stands in each language,
which rooms the house has, and its words.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from zhengyou.organisations import vocabulary
from zhengyou.web.shared import doors, languages


class HouseWords:
    """`{{ words.members }}` in a template: the house's word, read when the first one is asked for."""

    def __getattr__(self, slug: str) -> str:
        try:
            return vocabulary.word_now(slug)
        except KeyError as unknown:
            raise AttributeError(slug) from unknown


class HouseWordsMiddleware:
    """A request reads the house's words once at most."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with vocabulary.read_once():
            return self.get_response(request)


def house(request: HttpRequest) -> dict[str, Any]:
    """For the page frame. A public page without a session asks one thing: which rooms the house has, and with them its words."""
    shown: dict[str, Any] = {
        "words": HouseWords(),
        "rooms": SimpleLazyObject(lambda: doors.frame_of(request).rooms),
        "addresses": SimpleLazyObject(lambda: languages.addresses_of(request)),
    }
    if not hasattr(request, "user"):
        return shown
    person = doors.person_of(request)
    return shown | {"signed_in_person": person, "shows_office": bool(person and doors.is_office(request))}
