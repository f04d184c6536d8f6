"""Who leads a campaign: its leading group, its office, and which leader looks after which unit. Names with posts only."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.models import Campaign
from zhengyou.leadership import queries
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.addresses import address
from zhengyou.web.shared.leading_words import team_in_words
from zhengyou.web.shared.lists import Cell, Column, listed


@doors.room("leadership")
@doors.fetched("campaign_id", campaigns.campaign_with_id)
@require_safe
def leading(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """The teams, and the list of contact points. Before the first launch only the office sees it."""
    if not any(cycle.is_launched for cycle in campaigns.cycles(campaign)) and not doors.is_office(request):
        raise Http404
    on, duties = clock.today(), dict[int, str]()
    points = queries.contact_points(on).filter(campaign=campaign)

    def ask_duties(rows: list[Any]) -> None:
        duties.update(queries.duties_of(campaign, [row.leader_id for row in rows], on))

    return listed(
        request,
        "public/leading.html",
        points,
        _columns(duties),
        name="contact-points",
        nothing=_("No leader looks after a unit yet."),
        search=_("Find a unit or a leader"),
        paths=(
            "organisation__name",
            "organisation__name_key",
            "organisation__code",
            "leader__name",
            "leader__name_key",
        ),
        before=ask_duties,
        campaign=campaign,
        teams=[team_in_words(one) for one in queries.teams_of(campaign, on) if one.members],
    )


def _columns(duties: dict[int, str]) -> list[Column]:
    return [
        Column(_("Unit"), _unit, order="organisation__path"),
        Column(_("Leader who looks after it"), lambda row: row.leader.name, order="leader__name_key"),
        Column(_("Post"), lambda row: duties.get(row.leader_id, "")),
        Column(_("Since"), lambda row: row.from_on, order="from_on"),
    ]


def _unit(row: Any) -> Cell:
    above = row.organisation.parent.name if row.organisation.parent_id else ""
    note = format_html('<span data-read="short">{}</span>', above) if above else ""
    return Cell(row.organisation.name, address("public-organisation", row.organisation.code), note=note)
