"""The first page: what this is, what is open today, where the cycle stands, what is new. And the frozen rules of cycles."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.calendar import Calendar
from zhengyou.commitments import queries as commitments
from zhengyou.notices import queries as notices
from zhengyou.organisations import queries as organisations
from zhengyou.polls import queries as poll_queries
from zhengyou.remarks import queries as remarks
from zhengyou.rhythm import queries as rhythm
from zhengyou.web.public.entries_words import newest_in_words
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.cycle_strip import strip_of
from zhengyou.web.shared.pages import found

ANSWERED = 3
CHANGED = 3
NEWEST = 5


def home(request: HttpRequest) -> HttpResponse:
    """The campaign under way, or the last one: what it is, the three doors, what is open today, its stages, what is new."""
    calendar, at = Calendar.newest(), clock.now()
    shown: dict[str, Any] = {"cycle": calendar.cycle if calendar else None}
    if calendar:
        shown |= _of_cycle(calendar, doors.frame_of(request).rooms)
        shown["strip"] = strip_of(calendar, clock.today())
        shown["polls"] = poll_queries.polls_under_way(at)
        shown["notices"] = [{"notice": row, "clock": notices.clock_of(row, at)} for row in notices.running_notices(at)]
        shown["newest"] = newest_in_words(NEWEST)
    return render(request, "public/home.html", shown)


def _of_cycle(calendar: Calendar, rooms: set[str]) -> dict[str, Any]:
    """Its sectors, and, where it has promises, how many, of how many units, and what changed last because of people's words."""
    cycle = calendar.cycle
    shown: dict[str, Any] = {"sectors": _sectors(calendar) if "plans" in rooms else []}
    if "commitments" in rooms:
        shown["promised"] = commitments.promised_in(cycle, clock.today())
        shown["answered"] = remarks.answered_in(cycle, ANSWERED)
        shown["restated"] = rhythm.restated_in(cycle, CHANGED)
    if "awards" in rooms:
        shown["rulings"] = notices.rulings_since(cycle.starts_on, CHANGED)
    return shown


def _sectors(calendar: Calendar) -> list[dict[str, Any]]:
    cycle, names = calendar.cycle, organisations.term_names("sector")
    sizes, themes = organisations.sizes_by_sector(cycle.campaign.organisation), campaigns.sector_themes(cycle)
    return [
        {"slug": slug, "name": name, "theme": themes.get(slug, ""), "size": sizes.get(slug, 0)}
        for slug, name in names.items()
    ]


@require_GET
def manifest(request: HttpRequest, manifest_id: int) -> HttpResponse:
    """The frozen rules of a cycle, byte for byte."""
    row = found(campaigns.manifest_with_id(manifest_id))
    return HttpResponse(row.document.encode(), content_type="application/json")
