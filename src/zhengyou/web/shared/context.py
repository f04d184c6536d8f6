"""What every page's frame shows: the campaign's face, the ways of this face of the house and where the page stands among them,
who is signed in, where the page stands in each language, which rooms the house has, and its words.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from zhengyou.campaigns.models import Campaign, Cycle
from zhengyou.campaigns.queries import Face
from zhengyou.organisations import vocabulary
from zhengyou.web.shared import doors, languages, ways
from zhengyou.web.shared.stages import NAMED, named_in

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

    def _links(self, table: tuple[ways.Way, ...], *, is_by_campaign: bool = False) -> list[ways.Link]:
        request = self._request
        face = face_here(request)
        return ways.links(
            table, self._name, doors.frame_of(request), face, cycle_in_address(request) if is_by_campaign else ""
        )

    def public(self) -> list[ways.Link]:
        return self._links(ways.PUBLIC)

    def desk(self) -> list[ways.Link]:
        return self._links(ways.DESK, is_by_campaign=True)

    def office(self) -> list[ways.Link]:
        return self._links(ways.OFFICE, is_by_campaign=True)

    def below(self) -> list[ways.Link]:
        return self._links(ways.BELOW)


def cycle_here(request: Any) -> int | None:
    """The id of the cycle that this page works in: chosen, named in its address, or that of what it shows."""
    chosen = next((one.cycle_id for one in getattr(request, "campaign_choice", []) if one.is_here), None)
    row = getattr(request, "row_shown", None)
    own = row.pk if isinstance(row, Cycle) else getattr(row, "cycle_id", None)
    return chosen or named_in(request) or own


def face_here(request: Any) -> Face | None:
    """The campaign at the head of this page: its own, else that of the house."""
    frame, row = doors.frame_of(request), getattr(request, "row_shown", None)
    of_campaign = next((one for one in frame.faces if isinstance(row, Campaign) and one.campaign_id == row.pk), None)
    return of_campaign or frame.face_of(cycle_here(request)) or frame.face


def cycle_in_address(request: Any) -> str:
    """How an address keeps to the campaign of this page; nothing in a house that has one campaign."""
    here = cycle_here(request)
    is_one_of_several = len(doors.frame_of(request).faces) > 1 and doors.frame_of(request).face_of(here)
    return f"?{NAMED}={here}" if is_one_of_several else ""


def house(request: HttpRequest) -> dict[str, Any]:
    """For the page frame. A public page without a session asks one thing: which rooms the house has, and with them its words."""
    shown: dict[str, Any] = {
        "words": HouseWords(),
        "rooms": SimpleLazyObject(lambda: doors.frame_of(request).rooms),
        "face": SimpleLazyObject(lambda: face_here(request)),
        "campaign_choice": SimpleLazyObject(lambda: getattr(request, "campaign_choice", [])),
        "in_cycle": SimpleLazyObject(lambda: cycle_in_address(request)),
        "mark": SimpleLazyObject(lambda: doors.frame_of(request) and (vocabulary.mark_now() or MARK)),
        "ways": Ways(request),
        "addresses": SimpleLazyObject(lambda: languages.addresses_of(request)),
    }
    if not hasattr(request, "user"):
        return shown
    person = doors.person_of(request)
    return shown | {"signed_in_person": person, "shows_office": bool(person and doors.is_office(request))}
