"""What every page's frame shows: the campaign's face, the ways of this face of the house and where the page stands among them,
who is signed in, where the page stands in each language, which rooms the house has, and its words.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from zhengyou.campaigns.models import Campaign, Cycle
from zhengyou.campaigns.queries import Face
from zhengyou.organisations import vocabulary
from zhengyou.web.shared import clock, doors, languages, ways
from zhengyou.web.shared.addresses import address
from zhengyou.web.shared.stages import NAMED, named_in, office_faces

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

    def _links(self, table: str, *, is_by_campaign: bool = False) -> list[ways.Link]:
        request = self._request
        keeps = cycle_in_address(request) if is_by_campaign else ""
        return ways.links_of(table, self._name, doors.frame_of(request), face_here(request), keeps)

    def front(self) -> str:
        """The front page of the campaign at the head of this page; that of the house's own is the first page."""
        face, frame = face_here(self._request), doors.frame_of(self._request)
        is_beneath = face is not None and face != frame.face
        return address("public-campaign", face.campaign_id) if face and is_beneath else address("public-home")

    def public(self) -> list[ways.Link]:
        """A page of a campaign beneath that of the house leads on within it."""
        front, first = self.front(), address("public-home")
        drawn = self._links("public", is_by_campaign=front != first)
        return [replace(drawn[0], address=front), *drawn[1:]]

    def desk(self) -> list[ways.Link]:
        posts = doors.reader_of(self._request).posts
        held = {post.role for post in posts if post.role not in ways.ABOVE or getattr(post, "has_below", True)}
        request, entries = self._request, ways.held_by(ways.DESK, held)
        return ways.links(entries, self._name, doors.frame_of(request), face_here(request), cycle_in_address(request))

    def office(self) -> list[ways.Link]:
        """Of the campaigns that this office leads alone: what stands above it, it could not open."""
        request, own = self._request, office_faces(self._request)
        here = face_here(request)
        face = here if here in own else next(iter(own), None)
        keeps = cycle_in_address(request) if face == here else ""
        is_topmost = doors.reaches_all(request)
        return ways.links_of("office", self._name, doors.frame_of(request), face, keeps, is_topmost=is_topmost)

    def below(self) -> list[ways.Link]:
        return self._links("below")


def cycle_here(request: Any) -> int | None:
    """The id of the cycle that this page works in: chosen, named in its address, or that of what it shows."""
    chosen = next((one.cycle_id for one in getattr(request, "campaign_choice", []) if one.is_here), None)
    row = getattr(request, "row_shown", None)
    own = row.pk if isinstance(row, Cycle) else getattr(row, "cycle_id", None)
    return chosen or named_in(request) or own


def face_here(request: Any) -> Face | None:
    """The campaign at the head of this page: its own, else that of the house."""
    return _own_face(request) or doors.frame_of(request).face


def cycle_in_address(request: Any) -> str:
    """How an address keeps to the campaign of this page; nothing in a house that has one campaign."""
    face = _own_face(request)
    return f"?{NAMED}={face.cycle_id}" if face and len(doors.frame_of(request).faces) > 1 else ""


def _own_face(request: Any) -> Face | None:
    """The campaign that the page chose or its address names, else that of what it shows, though its cycle be an earlier one."""
    frame, row = doors.frame_of(request), getattr(request, "row_shown", None)
    if face := frame.face_of(None if isinstance(row, Campaign) else cycle_here(request)):
        return face
    if len(frame.faces) < 2:
        return None
    campaign = row.pk if isinstance(row, Campaign) else getattr(getattr(row, "cycle", row), "campaign_id", None)
    return next((one for one in frame.faces if one.campaign_id == campaign), None)


def house(request: HttpRequest) -> dict[str, Any]:
    """For the page frame. A public page without a session asks one thing: which rooms the house has, and with them its words."""
    shown: dict[str, Any] = {
        "words": HouseWords(),
        "rooms": SimpleLazyObject(lambda: doors.frame_of(request).rooms),
        "face": SimpleLazyObject(lambda: face_here(request)),
        "campaign_choice": SimpleLazyObject(lambda: getattr(request, "campaign_choice", [])),
        "side_by_side": SimpleLazyObject(lambda: len(doors.frame_of(request).faces) > 1),
        "in_cycle": SimpleLazyObject(lambda: cycle_in_address(request)),
        "mark": SimpleLazyObject(lambda: doors.frame_of(request) and (vocabulary.mark_now() or MARK)),
        "reaches_all": SimpleLazyObject(lambda: doors.reaches_all(request)),
        "ways": Ways(request),
        "read_on": clock.today,
        "addresses": SimpleLazyObject(lambda: languages.addresses_of(request)),
    }
    if not hasattr(request, "user"):
        return shown
    person = doors.person_of(request)
    return shown | {"signed_in_person": person, "shows_office": bool(person and doors.is_office(request))}
