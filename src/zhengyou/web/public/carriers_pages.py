"""The carriers of a campaign, and one of them through its cycles; units that are shown as examples."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhengyou.base.words import in_readers_words
from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.models import Campaign, Cycle
from zhengyou.carriers import queries
from zhengyou.carriers.models import Carrier
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Term
from zhengyou.web.shared import doors

MOST_UNITS = 60  # named on the page of a carrier; the number stands beside them


@doors.room("carriers")
@doors.fetched("campaign_id", campaigns.campaign_with_id)
@require_safe
def carriers(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """All carriers with what they do now, and the demonstration units."""
    cycle = _launched(request, campaign)
    kinds = _kinds(cycle)
    rows = queries.carriers_in(campaign, cycle)
    shown = {
        "campaign": campaign,
        "rows": [(one, kinds.get(one.carrier.kind, one.carrier.kind)) for one in rows],
        "examples": list(queries.demonstration_units(campaign).filter(ended_on=None)[:MOST_UNITS]),
    }
    return render(request, "public/carriers.html", shown)


@doors.room("carriers")
@doors.fetched("carrier_id", queries.carrier_with_id)
@require_safe
def carrier(request: HttpRequest, row: Carrier) -> HttpResponse:
    """One carrier: what it is, what it did in each cycle, what was new, who takes part."""
    cycle = _launched(request, row.campaign)
    years = queries.years_of(row)
    units = queries.units_in(years[0]) if years else []
    words = organisations.term_names(Term.Category.POST_KIND)
    shown = {
        "carrier": row,
        "kind": _kinds(cycle).get(row.kind, row.kind),
        "years": [
            (year, [in_readers_words(words.get(slug, {})) or slug for slug in year.post_kinds]) for year in years
        ],
        "units": units[:MOST_UNITS],
        "more": max(len(units) - MOST_UNITS, 0),
        "grown": [one for one in queries.carriers_of(row.campaign) if one.grew_from_id == row.pk],
    }
    return render(request, "public/carrier.html", shown)


def _launched(request: HttpRequest, campaign: Campaign) -> Cycle | None:
    """The newest launched cycle. Before the first only the office sees carriers."""
    cycle = next((one for one in campaigns.cycles(campaign) if one.is_launched), None)
    if cycle is None and not doors.is_office(request):
        raise Http404
    return cycle


def _kinds(cycle: Cycle | None) -> dict[str, Any]:
    return {one.id: in_readers_words(one.name) for one in cycle.ruleset.carrier_kinds} if cycle else {}
