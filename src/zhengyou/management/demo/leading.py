"""Who leads the demo's campaigns: a leading group, an office with teams, and leaders who look after units."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from zhengyou.base.time import local_day
from zhengyou.campaigns.models import Campaign
from zhengyou.leadership import actions
from zhengyou.leadership.models import LeadingTeam, TeamMember
from zhengyou.organisations.models import Organisation, Person

Role = TeamMember.Role


def form_teams(
    campaign: Campaign,
    group: Sequence[tuple[Person, str]],
    office: Sequence[tuple[Person, str]],
    teams: Mapping[str, str],
    at: datetime,
    by: Person,
) -> None:
    """A leading group (its first is the head, the second the deputy), its office, and teams with their tasks and nobody in them yet."""
    heads = (Role.HEAD, Role.DEPUTY)
    for kind, name, people in (
        (LeadingTeam.Kind.GROUP, "领导小组", group),
        (LeadingTeam.Kind.OFFICE, "领导小组办公室", office),
    ):
        tasks = "研究部署，协调推进" if kind == LeadingTeam.Kind.GROUP else "日常工作：材料、联络、统计"
        team = actions.form_team(campaign=campaign, kind=kind, name=name, tasks=tasks, at=at, by=by)
        for place, (person, duty) in enumerate(people):
            role = heads[place] if place < len(heads) else Role.MEMBER
            actions.name_member(
                team=team, person=person, role=role, duty=duty, place=place + 1, from_on=local_day(at), at=at, by=by
            )
    for name, tasks in teams.items():
        actions.form_team(campaign=campaign, kind=LeadingTeam.Kind.TEAM, name=name, tasks=tasks, at=at, by=by)


def give_units(campaign: Campaign, pairs: Iterable[tuple[Person, Organisation]], at: datetime, by: Person) -> None:
    """Each of these leaders looks after these units."""
    for leader, unit in pairs:
        actions.adopt_unit(campaign=campaign, leader=leader, organisation=unit, from_on=local_day(at), at=at, by=by)
