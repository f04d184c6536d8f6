"""The office's first page, a dashboard, and the path by which a new house comes to its first launch."""

from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from zhengyou.base import job_files, jobs
from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import Campaign, Cycle
from zhengyou.identity import queries as accounts
from zhengyou.jobs import OWN, title_of
from zhengyou.organisations.models import Organisation, Person
from zhengyou.organisations.tree import is_within_any
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll
from zhengyou.rhythm import queries as rhythm
from zhengyou.rhythm.below import PromisesBelow, promises_below
from zhengyou.web.office import dashboard, setting_up
from zhengyou.web.office.deed_words import DEEDS
from zhengyou.web.office.journal_reach import entries_in_reach
from zhengyou.web.office.office_lines import jobs_within, waits_for
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.cycle_strip import strip_of
from zhengyou.web.shared.stages import office_face


@doors.office
def home(request: doors.PersonRequest) -> HttpResponse:
    """Where the campaign stands and what waits for the office today. A house in which nothing is yet is led to its set-up."""
    now, reader = clock.now(), doors.reader_of(request)
    face = office_face(request)
    calendar = Calendar.of_id(face.cycle_id) if face else None
    cycle = calendar.cycle if calendar and calendar.cycle.is_under_way else None
    offices = doors.offices_of(request)
    own, above = _campaigns_of(offices)
    steps = setting_up.steps_of(clock.today(), offices) if cycle is None and not above else []
    if setting_up.is_empty(steps):
        return redirect("office-set-up")
    unfinished = _unfinished(offices)
    polls = [row for row in unfinished if face is None or row.cycle.campaign_id == face.campaign_id]
    turnouts, is_concerned = dashboard.turnouts(request.person, _open_at(now, polls), reader.on)
    ended = [row for row in rhythm.ended_with_work() if face and row.campaign_id == face.campaign_id]
    lines = waits_for(reader, (cycle, ended), polls, _unanswered_and_shut_out(request, cycle), now)
    shown = {
        "cycle": cycle,
        "strip": strip_of(calendar, reader.on),
        "steps": steps,
        "next": setting_up.next_of(steps),
        "lines": [(line, line.days_late(reader.on)) for line in lines],
        "bars": dashboard.coverage_bars(cycle, reader.on),
        "turnouts": turnouts,
        "is_concerned": is_concerned,
        "deeds": dashboard.latest_deeds(entries_in_reach(request, DEEDS), offices),
        **_warnings(now, unfinished),
        "jobs": _jobs(request.person, offices),
    }
    stand = [(one, _below(one, offices, reader.on)) for one in above]
    return render(request, "office/home.html", shown | {"campaigns": own, "above": stand})


def _warnings(now: datetime, polls: list[Poll]) -> dict[str, list[dashboard.HouseWarning]]:
    """What is wrong with the house stands above the office's other news, what whoever keeps the machine should look at below."""
    found = dashboard.warnings(now, polls)
    return {"wrong": [one for one in found if one.is_wrong], "warnings": [one for one in found if not one.is_wrong]}


@doors.office
def set_up(request: doors.PersonRequest) -> HttpResponse:
    """The way of a house from nothing to its launch: every step, those done, and the next one."""
    offices = doors.offices_of(request)
    steps, (_own, above) = setting_up.steps_of(clock.today(), offices), _campaigns_of(offices)
    shown = {"steps": steps, "next": setting_up.next_of(steps), "done": sum(step.is_done for step in steps)}
    return render(request, "office/set_up.html", shown | {"above": above})


def _unanswered_and_shut_out(request: doors.PersonRequest, cycle: Cycle | None) -> tuple[int, int]:
    """How many units within the office's reach, and the cycle's campaign, have nobody who answers for them, or a head without account."""
    if cycle is None:
        return 0, 0
    return accounts.unanswered_and_shut_out(cycle.campaign.organisation, doors.offices_of(request), clock.today())


def _below(cycle: Cycle, offices: list[Organisation], on: date) -> PromisesBelow | None:
    """How the units below these offices stand in a campaign that an office above runs: for whoever enters for them what came on paper."""
    return promises_below(Calendar.of(cycle), offices, on) if "commitments" in cycle.ruleset.rooms else None


def _campaigns_of(offices: list[Organisation]) -> tuple[list[tuple[Campaign, list[Cycle]]], list[Cycle]]:
    """The campaigns that these offices run; if they run none, the cycles under way that those above run in their units."""
    own = campaigns.campaigns_with_cycles(within=offices)
    return own, [] if own else campaigns.under_way_above(offices)


def _open_at(now: datetime, polls: list[Poll]) -> list[Poll]:
    return [row for row in polls if row.state == Poll.State.OPENED and row.opens_at <= now < row.closes_at]


def _unfinished(offices: list[Organisation]) -> list[Poll]:
    """The polls of this office's campaigns that are not over, or whose box is not destroyed yet."""
    rows = poll_queries.polls_not_finished()
    return [row for row in rows if is_within_any(row.cycle.campaign.organisation, offices)]


def _jobs(person: Person, offices: list[Organisation]) -> list[dict[str, Any]]:
    """What runs and what waits to be taken, so that whoever left a job's page finds it again."""
    rows, at = jobs_within(offices, person, jobs.worth_a_look(person.reference)), clock.now()
    return [
        {"title": title_of(row), "page": row.page, "is_under_way": row.is_under_way}
        for row in rows
        if (row.is_under_way and row.kind not in OWN) or (row.by == person.reference and job_files.until(row, at))
    ]
