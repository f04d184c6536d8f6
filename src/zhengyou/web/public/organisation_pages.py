"""The campaign's home, search, and one page for each organisation."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from zhengyou.appraisals import queries as appraisals
from zhengyou.awards import queries as awards
from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.models import Cycle
from zhengyou.commitments import queries as commitments
from zhengyou.notices import queries as notices
from zhengyou.organisations import queries as organisations
from zhengyou.plans import queries as plans
from zhengyou.standings import queries as standings
from zhengyou.web.shared import clock
from zhengyou.web.shared.stages import STAGE_NAMES


def home(request: HttpRequest) -> HttpResponse:
    """The campaign under way: theme, stages, sectors, and the ways into promises, results and notices."""
    cycle = campaigns.cycle_under_way()
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
            "stages": _stages(cycle) if cycle else [],
            "polls": appraisals.polls_under_way(clock.now()),
            "notices": notices.running_notices(clock.now()),
        },
    )


def _stages(cycle: Cycle) -> list[dict[str, Any]]:
    """The cycle's stages with their dates and whether each is open today."""
    today = clock.today()
    return [
        {"name": STAGE_NAMES[row.stage], "row": row, "is_open": row.opens_on <= today <= row.closes_on}
        for row in campaigns.stage_windows(cycle)
    ]


def find(request: HttpRequest) -> HttpResponse:
    """Find an organisation by name, code or pinyin, or go down from the top of the tree."""
    words = request.GET.get("q", "")[:100].strip()
    found = organisations.find_organisations(words)
    top = [] if words else organisations.top_of_the_tree()
    return render(request, "public/find.html", {"words": words, "found": found, "top": top})


def organisation(request: HttpRequest, code: str) -> HttpResponse:
    """Everything the public may know of one organisation."""
    row = organisations.organisation_with_code(code)
    if row is None:
        raise Http404
    cycle = campaigns.cycle_under_way()
    return render(
        request,
        "public/organisation.html",
        {
            "organisation": row,
            "above": organisations.ancestors(row),
            "below": organisations.children(row),
            "kinds": organisations.term_names("organisation_kind"),
            "sectors": organisations.term_names("sector"),
            "cycle": cycle,
            "promises": commitments.published_promises(row),
            "results": standings.results_of_organisation(row),
            "honours": awards.honours_of(row),
            "practice_theme": plans.practice_theme(cycle, row) if cycle else None,
        },
    )
