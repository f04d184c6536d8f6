"""The campaign's home, and the frozen rules of its cycles."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.calendar import Calendar
from zhengyou.notices import queries as notices
from zhengyou.organisations import queries as organisations
from zhengyou.polls import queries as poll_queries
from zhengyou.web.shared import clock
from zhengyou.web.shared.cycle_strip import strip_of
from zhengyou.web.shared.pages import found


def home(request: HttpRequest) -> HttpResponse:
    """The campaign under way: theme, stages, sectors, and the ways into promises, results and notices."""
    calendar = Calendar.under_way()
    cycle = calendar.cycle if calendar else None
    names = organisations.term_names("sector")
    sizes = organisations.sizes_by_sector(cycle.campaign.organisation) if cycle else {}
    themes = campaigns.sector_themes(cycle) if cycle else {}
    sectors = [
        {"name": name, "theme": themes.get(slug, ""), "size": sizes.get(slug, 0)} for slug, name in names.items()
    ]
    return render(
        request,
        "public/home.html",
        {
            "cycle": cycle,
            "sectors": sectors,
            "strip": strip_of(calendar, clock.today()),
            "polls": poll_queries.polls_under_way(clock.now()),
            "notices": notices.running_notices(clock.now()),
        },
    )


@require_GET
def manifest(request: HttpRequest, manifest_id: int) -> HttpResponse:
    """The frozen rules of a cycle, byte for byte."""
    row = found(campaigns.manifest_with_id(manifest_id))
    return HttpResponse(row.document.encode(), content_type="application/json")
