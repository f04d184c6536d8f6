"""In which of several campaigns a page works: the one that its address names (`?cycle=`), else the widest.

The choice stays in the address: links, forms and what follows them carry it on. Pages that make no sense without a cycle under
way say so.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import Cycle
from zhengyou.campaigns.queries import Face
from zhengyou.campaigns.rules import StageRefused
from zhengyou.organisations.models import Organisation, Post
from zhengyou.organisations.readers import Reader
from zhengyou.organisations.vocabulary import worded
from zhengyou.web.shared import doors

NAMED = "cycle"


@dataclass(frozen=True)
class CampaignChoice:
    """One campaign that the page could show, and whether it does."""

    cycle_id: int
    campaign: str
    cycle: str
    is_here: bool


class UnknownCycleMiddleware:
    """An address that names a cycle which does not exist is found nowhere, also where the page shows none: it may not seem to fit."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> None:
        """Raises Http404. One query, and only where a cycle is named."""
        if request.GET.get(NAMED) and campaigns.cycle_with_id(named_in(request) or 0) is None:
            raise Http404


def named_in(request: Any) -> int | None:
    """The id of the cycle that the address names, or None."""
    text = request.GET.get(NAMED, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def calendars_for(reader: Reader) -> list[Calendar]:
    """The cycles under way that concern this reader: by where they belong and by their posts. One query for a reader."""
    homes = [post.organisation for post in reader.posts]
    return Calendar.under_way_for([*homes, reader.person.organisation] if reader.person else homes, reader)


def chosen(request: Any, calendars: Iterable[Calendar]) -> Calendar | None:
    """The one that the address names, else the first; None where there is none. Raises Http404 for one that is not among them."""
    rows = list(calendars)
    offered = [(row.cycle.pk, row.cycle.campaign.called, row.cycle.called) for row in rows]
    here = _keep(request, offered)
    return next((row for row in rows if row.cycle.pk == here), None)


def cycle_for(request: Any, organisation: Organisation) -> Cycle:
    """The cycle under way in which this organisation takes part, by choice of the address if several. Raises StageRefused."""
    rows = [one for one in Calendar.under_way_for([organisation]) if organisation.path.startswith(one.top.path)]
    calendar = chosen(request, rows)
    if calendar is None:
        raise StageRefused(
            worded(_("No cycle is under way. When the %(office)s launches one, promises can be written here.")),
            reason="cycle.none-under-way",
        )
    return calendar.cycle


def public_face(request: Any) -> Face | None:
    """The campaign of a public list: that which the address names, else the house's. Raises Http404 for one that has no page now."""
    frame = doors.frame_of(request)
    here = _keep(request, [(face.cycle_id, face.name, face.cycle) for face in frame.faces])
    return frame.face_of(here)


def side_by_side(request: Any, face: Face | None) -> Face | None:
    """The campaign by which a list is narrowed: none in a house that has only had one, where everything is of it."""
    return face if len(doors.frame_of(request).faces) > 1 else None


def office_faces(request: Any) -> list[Face]:
    """The campaigns of this office: of its own organisation and of those below it, as they stand now or stood last."""
    led = doors.reader_of(request).organisations_as(Post.Role.CAMPAIGN_OFFICE)
    return [face for face in doors.frame_of(request).faces if face.is_led_from(led)]


def office_face(request: Any) -> Face | None:
    """The campaign in which the office works on this page. Raises Http404 for one that is not its own."""
    faces = office_faces(request)
    here = _keep(request, [(face.cycle_id, face.name, face.cycle) for face in faces])
    return next((face for face in faces if face.cycle_id == here), None)


def office_calendar(request: Any) -> Calendar | None:
    """The calendar of the office's campaign, if its cycle is under way."""
    face = office_face(request)
    return Calendar.of_id(face.cycle_id) if face and face.is_under_way else None


def _keep(request: Any, offered: list[tuple[int, str, str]]) -> int | None:
    """Which is shown; what could be chosen instead is kept for the page's frame."""
    named = named_in(request)
    if named is not None and named not in [pk for pk, *_names in offered]:
        raise Http404
    here = named if named is not None else next((pk for pk, *_names in offered), None)
    request.campaign_choice = [CampaignChoice(pk, campaign, cycle, pk == here) for pk, campaign, cycle in offered]
    return here
