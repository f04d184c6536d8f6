"""Who leads the demo's campaigns, which leader looks after which unit, and by what the campaigns are carried."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from zhengyou.base.time import local_day
from zhengyou.campaigns.models import Campaign, Cycle
from zhengyou.carriers import actions as carriers
from zhengyou.carriers.models import Carrier
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


def begin_carriers(
    cycle: Cycle,
    kinds: Mapping[str, tuple[str, str, str]],
    units: Sequence[Organisation],
    example: tuple[Organisation, str, str],
    at: datetime,
    by: Person,
) -> None:
    """A carrier of each of these kinds with its name, content and what is new, for some of the units; and one unit as an example."""
    made: list[Carrier] = []
    for nth, (kind, said) in enumerate(kinds.items()):
        before = made[-1] if made and nth == len(kinds) - 1 else None
        made.append(_begun(cycle, kind, said, units[nth::2], before, at, by))
    unit, criteria, body = example
    carriers.designate_unit(
        campaign=cycle.campaign,
        organisation=unit,
        carrier=made[0],
        criteria=criteria,
        designated_by=body,
        designated_on=local_day(at),
        at=at,
        by=by,
    )


def _begun(
    cycle: Cycle,
    kind: str,
    said: tuple[str, str, str],
    units: Sequence[Organisation],
    before: Carrier | None,
    at: datetime,
    by: Person,
) -> Carrier:
    name, content, new = said
    top = cycle.campaign.organisation
    row = carriers.begin_carrier(
        cycle=cycle, organisation=top, kind=kind, name=name, since_on=local_day(at), grew_from=before, at=at, by=by
    )
    carriers.write_year(
        carrier=row,
        cycle=cycle,
        content=content,
        what_is_new=new,
        units=units,
        with_all_below=True,
        post_kinds=[],
        at=at,
        by=by,
    )
    return row
