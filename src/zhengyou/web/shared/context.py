"""What every page's frame shows: the campaign's face, the ways of this face of the house and where the page stands among them,
who is signed in, where the page stands in each language, which rooms the house has, and its words.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from zhengyou.organisations import vocabulary
from zhengyou.web.shared import doors, languages, ways

MARK = "优"  # in the seal where the house's pack names no other sign


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


class Ways:
    """The menus of a page; each is made when the template asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        match = getattr(request, "resolver_match", None)
        self._name = (match.url_name if match else "") or ""

    def _links(self, table: tuple[ways.Way, ...]) -> list[ways.Link]:
        return ways.links(table, self._name, doors.frame_of(self._request))

    def public(self) -> list[ways.Link]:
        return self._links(ways.PUBLIC)

    def desk(self) -> list[ways.Link]:
        return self._links(ways.DESK)

    def office(self) -> list[ways.Link]:
        return self._links(ways.OFFICE)

    def below(self) -> list[ways.Link]:
        return self._links(ways.BELOW)


def house(request: HttpRequest) -> dict[str, Any]:
    """For the page frame. A public page without a session asks one thing: which rooms the house has, and with them its words."""
    shown: dict[str, Any] = {
        "words": HouseWords(),
        "rooms": SimpleLazyObject(lambda: doors.frame_of(request).rooms),
        "face": SimpleLazyObject(lambda: doors.frame_of(request).face),
        "mark": SimpleLazyObject(lambda: doors.frame_of(request) and (vocabulary.mark_now() or MARK)),
        "ways": Ways(request),
        "addresses": SimpleLazyObject(lambda: languages.addresses_of(request)),
    }
    if not hasattr(request, "user"):
        return shown
    person = doors.person_of(request)
    return shown | {"signed_in_person": person, "shows_office": bool(person and doors.is_office(request))}
