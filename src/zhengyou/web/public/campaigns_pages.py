"""The first page: what this is, what is open today, where the cycle stands, what is new. And the frozen rules of cycles."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_safe

from zhengyou.awards import queries as awards
from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import Campaign, Cycle
from zhengyou.campaigns.queries import Face
from zhengyou.commitments import queries as commitments
from zhengyou.consultation import queries as consultation
from zhengyou.leadership import queries as leadership
from zhengyou.leadership.models import LeadingTeam
from zhengyou.notices import queries as notices
from zhengyou.organisations import queries as organisations
from zhengyou.organisations import vocabulary
from zhengyou.organisations.models import Post
from zhengyou.polls import queries as poll_queries
from zhengyou.remarks import queries as remarks
from zhengyou.rhythm import queries as rhythm
from zhengyou.web.public.entries_words import newest_in_words
from zhengyou.web.public.kept_words import was_it_kept
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.addenda_words import corrections_of
from zhengyou.web.shared.cycle_strip import strip_of
from zhengyou.web.shared.leading_words import team_in_words
from zhengyou.web.shared.pages import found

CHANGED = 3
OPEN = 3  # so many of each kind are shown as open today
NEWEST = 5
LEADING = (Post.Role.LEADER, Post.Role.SECRETARY, Post.Role.CAMPAIGN_OFFICE)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The widest campaign, under way or the last one: what it is, the three doors, what is open today, its stages, what is new.

    It leads to the other campaigns, each of which has a page of its own.
    """
    frame = doors.frame_of(request)
    shown: dict[str, Any] = {"cycle": None}
    if frame.face:
        shown = _shown(found(Calendar.of_id(frame.face.cycle_id)), frame.face) | {"newest": newest_in_words(NEWEST)}
        shown["other_campaigns"] = frame.faces[1:]
    return render(request, "public/home.html", shown)


@doors.fetched("campaign_id", campaigns.campaign_with_id)
@require_safe
def campaign(request: HttpRequest, row: Campaign) -> HttpResponse:
    """The front page of one campaign of several. That of the house leads to the first page."""
    frame = doors.frame_of(request)
    face = found(next((face for face in frame.faces if face.campaign_id == row.pk), None))
    if face == frame.face:
        return redirect("public-home")
    others = [other for other in frame.faces if other != face]
    shown = _shown(found(Calendar.of_id(face.cycle_id)), face) | {"other_campaigns": others}
    return render(request, "public/home.html", shown)


@doors.fetched("campaign_id", campaigns.campaign_with_id)
@require_safe
def about(request: HttpRequest, row: Campaign) -> HttpResponse:
    """Why this campaign is, what it carries out, who leads and answers, what is asked of a reader, and every change of its rules.

    Before the first launch only its office sees it.
    """
    launched = [cycle for cycle in campaigns.cycles(row) if cycle.is_launched]
    if not launched and not doors.is_office(request):
        raise Http404
    today, top = clock.today(), row.organisation
    names = organisations.term_names("sector")
    for cycle in launched:
        names |= {stage.id: stage.name for stage in cycle.ruleset.stages}
    leading = [post for post in organisations.posts_at(top, today) if post.role in LEADING]
    shown = {
        "campaign": row,
        "cycle": launched[0] if launched else None,
        "documents": campaigns.superior_documents(row),
        "leading": leading,
        "role_names": organisations.term_names("role"),
        "group": _leading_group(row, today),
        "has_carriers": any("carriers" in cycle.ruleset.rooms for cycle in launched),
        "central_work": campaigns.central_work(launched[0]) if launched else [],
        "responsible": organisations.responsible_for(top, today),
        "tier_names": organisations.term_names("tier"),
        "manifests": campaigns.manifests(row),
        "addenda": corrections_of(row.reference, *(cycle.reference for cycle in launched), names=names),
    }
    return render(request, "public/campaign_about.html", shown)


def _leading_group(row: Campaign, on: date) -> Any:
    """The leading group with its members in words, or None."""
    teams = [one for one in leadership.teams_of(row, on) if one.team.kind == LeadingTeam.Kind.GROUP]
    return team_in_words(teams[0]) if teams else None


def _shown(calendar: Calendar, face: Face) -> dict[str, Any]:
    """What a front page tells of its campaign and of no other."""
    at, cycle = clock.now(), calendar.cycle
    subjects = awards.references_of_cycle(cycle)
    running = awards.running_notices(subjects, at)
    polls = [row for row in poll_queries.polls_under_way(at) if row.cycle_id == cycle.pk]
    return _of_cycle(calendar, face, subjects) | {
        "cycle": cycle,
        "asks_where": vocabulary.where_now(),
        "rooms_here": cycle.ruleset.rooms,
        "plans": consultation.open_in(cycle, clock.today()) if "consultation" in cycle.ruleset.rooms else [],
        "strip": strip_of(calendar, clock.today()),
        "polls": polls[:OPEN],
        "notices": [{"notice": row, "clock": notices.clock_of(row, at)} for row in running[:OPEN]],
        "more_polls": len(polls) if len(polls) > OPEN else 0,
        "more_notices": len(running) if len(running) > OPEN else 0,
    }


def _of_cycle(calendar: Calendar, face: Face, subjects: list[str]) -> dict[str, Any]:
    """Its sectors, and, where it has promises, how many, of how many units, how they ended, and what changed because of people's words."""
    cycle, rooms = calendar.cycle, calendar.cycle.ruleset.rooms
    shown: dict[str, Any] = {"sectors": _sectors(calendar) if "plans" in rooms else []}
    if "commitments" in rooms:
        shown["promised"] = promised = commitments.promised_in(cycle, clock.today())
        shown["kept"] = was_it_kept(face, promised, clock.now())
    return shown | _changed(cycle, subjects)


def _changed(cycle: Cycle, subjects: list[str]) -> dict[str, Any]:
    """Three in all, something of each kind before there is more of one."""
    rooms = cycle.ruleset.rooms
    rulings = notices.rulings_on(subjects, 1) if "awards" in rooms else []
    if "commitments" not in rooms:
        return {"rulings": rulings}
    restated = rhythm.restated_in(cycle, CHANGED - 1 - len(rulings))
    left = CHANGED - len(rulings) - len(restated)
    return {"rulings": rulings, "restated": restated, "answered": remarks.answered_in(cycle)[:left]}


def _sectors(calendar: Calendar) -> list[dict[str, Any]]:
    cycle, names = calendar.cycle, organisations.term_names("sector")
    sizes, themes = organisations.sizes_by_sector(cycle.campaign.organisation), campaigns.sector_themes_said(cycle)
    return [
        {"slug": slug, "name": name, "theme": themes.get(slug, ""), "size": sizes[slug]}
        for slug, name in names.items()
        if sizes.get(slug)  # a campaign of some units has no part in the others
    ]


@require_GET
def manifest(request: HttpRequest, manifest_id: int) -> HttpResponse:
    """The frozen rules of a cycle, byte for byte."""
    row = found(campaigns.manifest_with_id(manifest_id))
    return HttpResponse(row.document.encode(), content_type="application/json")
