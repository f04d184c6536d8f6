"""Forming teams, entering who is in them, adopting units and letting them go."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from zhengyou.base.deeds import check_as_read, done, locked, locked_or
from zhengyou.base.entries import Erasable, Public
from zhengyou.base.time import local_day
from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.models import Campaign
from zhengyou.identity import rules as identity
from zhengyou.leadership import queries, rules
from zhengyou.leadership.models import ContactPoint, LeadingTeam, TeamMember
from zhengyou.organisations.models import Organisation, Person


@transaction.atomic
def form_team(*, campaign: Campaign, kind: str, name: str, tasks: str, at: datetime, by: Person) -> LeadingTeam:
    """Form the leading group, the office or a team. Raises RoleRefused for another office's campaign, LeadershipRefused."""
    top = locked(campaign, "organisation")
    identity.check_is_office_of(by, top.organisation, local_day(at))
    texts = rules.check_team(name=name, tasks=tasks)
    rules.check_is_new(queries.living_teams(top), kind=kind, name=texts["name"])
    row = LeadingTeam.objects.create(campaign=top, kind=kind, **texts)
    done("leadership.form_team", row, at=at, by=by, public=_told_of(row, {"kind": kind, **texts}), kind=kind, **texts)
    return row


@transaction.atomic
def change_team(*, team: LeadingTeam, name: str, tasks: str, at: datetime, by: Person) -> LeadingTeam:
    """Another name or other tasks. Raises RoleRefused, LeadershipRefused."""
    row = _held(team, at, by)
    check_as_read(row, team, ["name", "tasks"], rules.gone_meanwhile())
    texts = rules.check_team(name=name, tasks=tasks)
    others = [one for one in queries.living_teams(row.campaign) if one.pk != row.pk]
    rules.check_is_new(others, kind=LeadingTeam.Kind.TEAM, name=texts["name"])
    row.name, row.tasks = texts["name"], texts["tasks"]
    row.save(update_fields=["name", "tasks"])
    done("leadership.change_team", row, at=at, by=by, public=_told_of(row, texts), **texts)
    return row


@transaction.atomic
def end_team(*, team: LeadingTeam, at: datetime, by: Person) -> LeadingTeam:
    """Dissolve a team from today; whoever is in it is in it no longer. Raises RoleRefused, LeadershipRefused."""
    row, day = _held(team, at, by), local_day(at)
    for member in TeamMember.objects.select_for_update().filter(Q(until_on=None) | Q(until_on__gt=day), team=row):
        _end(member, day)
    row.ended_on = day
    row.save(update_fields=["ended_on"])
    done("leadership.end_team", row, at=at, by=by, public=_told_of(row, {"name": row.name}), name=row.name)
    return row


@transaction.atomic
def name_member(
    *, team: LeadingTeam, person: Person, role: str, duty: str, place: int, from_on: date, at: datetime, by: Person
) -> TeamMember:
    """Enter somebody into a team. Raises RoleRefused, LeadershipRefused; sent twice the second is refused."""
    row = _held(team, at, by)
    _check_begins(from_on, row.campaign, local_day(at), is_of_team=True)
    others = queries.beside(row)
    rules.check_sits_once(person, row, others)
    rules.check_one_head(role, others)
    member = TeamMember.objects.create(
        team=row, person=person, role=role, duty=duty.strip(), place=place, from_on=from_on
    )
    told = {"team": row.name, "role": role, "duty": member.duty, "from_on": from_on}
    public = _told_of(row, told | {"person": Erasable(person.name, is_public=True)})
    done("leadership.name_member", row, at=at, by=by, public=public, person=person, **told)
    return member


@transaction.atomic
def change_member(
    *, member: TeamMember, role: str, duty: str, place: int, from_on: date, until_on: date | None,
    at: datetime, by: Person,
) -> TeamMember:  # fmt: skip
    """Correct an entry: role, duty, order, days. Raises RoleRefused, LeadershipRefused."""
    team = _held(member.team, at, by)
    row = locked_or(member, rules.gone_meanwhile(), "person", "team")
    check_as_read(row, member, ["role", "duty", "place", "from_on", "until_on"], rules.gone_meanwhile())
    _check_begins(from_on, team.campaign, local_day(at), is_of_team=True)
    rules.check_days(from_on, until_on)
    others = queries.beside(team, but=row) if until_on is None else []
    rules.check_sits_once(row.person, team, others)
    rules.check_one_head(role, others)
    row.role, row.duty, row.place, row.from_on, row.until_on = role, duty.strip(), place, from_on, until_on
    row.save(update_fields=["role", "duty", "place", "from_on", "until_on"])
    told = {"team": team.name, "role": role, "duty": row.duty, "from_on": from_on, "until_on": until_on}
    public = _told_of(team, told | {"person": Erasable(row.person.name, is_public=True)})
    done("leadership.change_member", team, at=at, by=by, public=public, person=row.person, **told)
    return row


@transaction.atomic
def end_member(*, member: TeamMember, until_on: date, at: datetime, by: Person) -> None:
    """Somebody is in a team no longer, from that day. What began on it or later is taken for a slip and removed.

    Raises RoleRefused, LeadershipRefused.
    """
    team = _held(member.team, at, by)
    row = locked_or(member, rules.gone_meanwhile(), "person")
    rules.check_has_not_ended(row, until_on)
    _end(row, until_on)
    told = {"team": team.name, "until_on": until_on}
    public = _told_of(team, told | {"person": Erasable(row.person.name, is_public=True)})
    done("leadership.end_member", team, at=at, by=by, public=public, person=row.person, **told)


@transaction.atomic
def adopt_unit(
    *, campaign: Campaign, leader: Person, organisation: Organisation, from_on: date, at: datetime, by: Person
) -> ContactPoint:
    """A leader looks after a unit from that day; again is once. Entered by the leader, or by the campaign's office.

    Raises RoleRefused, LeadershipRefused.
    """
    top, day = locked(campaign, "organisation"), local_day(at)
    rules.check_may_enter(by, leader, top, day)
    _check_begins(from_on, top, day)
    seated = queries.is_in_group(top, leader, day)
    rules.check_may_look_after(leader, organisation, top, day, is_in_group=seated)
    if known := queries.contact_point_of(top, leader, organisation):
        return known
    row = ContactPoint.objects.create(campaign=top, leader=leader, organisation=organisation, from_on=from_on)
    told = {"campaign": top.name, "from_on": from_on}
    public = _told(top, told | {"leader": Erasable(leader.name, is_public=True)}, about=organisation)
    done("leadership.adopt_unit", organisation, at=at, by=by, public=public, leader=leader, **told)
    return row


@transaction.atomic
def adopt_units(
    *, campaign: Campaign, leader: Person, units: Sequence[Organisation], from_on: date, at: datetime, by: Person
) -> int:
    """A leader looks after several units: all of them or none. How many are new. Raises as `adopt_unit`, and for none ticked."""
    rules.check_how_many(units)
    before = ContactPoint.objects.filter(campaign=campaign).count()
    for unit in units:
        adopt_unit(campaign=campaign, leader=leader, organisation=unit, from_on=from_on, at=at, by=by)
    return ContactPoint.objects.filter(campaign=campaign).count() - before


@transaction.atomic
def release_unit(*, point: ContactPoint, until_on: date, at: datetime, by: Person) -> None:
    """A leader looks after a unit no longer, from that day. What began on it or later is taken for a slip and removed.

    Raises RoleRefused, LeadershipRefused.
    """
    row = locked_or(point, rules.gone_meanwhile(), "leader", "organisation", "campaign__organisation")
    rules.check_may_enter(by, row.leader, row.campaign, local_day(at))
    rules.check_has_not_ended(row, until_on)
    _end(row, until_on)
    told = {"campaign": row.campaign.name, "until_on": until_on}
    public = _told(row.campaign, told | {"leader": Erasable(row.leader.name, is_public=True)}, about=row.organisation)
    done("leadership.release_unit", row.organisation, at=at, by=by, public=public, leader=row.leader, **told)


def _held(team: LeadingTeam, at: datetime, by: Person) -> LeadingTeam:
    """The team, held, for somebody of its campaign's office, while it goes on."""
    row = locked(team, "campaign__organisation")
    identity.check_is_office_of(by, row.campaign.organisation, local_day(at))
    rules.check_goes_on(row)
    return row


def _check_begins(from_on: date, campaign: Campaign, today: date, *, is_of_team: bool = False) -> None:
    """Neither in days to come nor before the campaign."""
    rules.check_has_begun(from_on, today)
    rules.check_not_before(from_on, queries.first_day_of(campaign, today, is_of_team=is_of_team))


def _told_of(team: LeadingTeam, content: Mapping[str, object]) -> Public | None:
    top = team.campaign
    return _told(top, {"campaign": top.name, **content}, about=top.organisation)


def _told(campaign: Campaign, content: Mapping[str, object], *, about: Organisation) -> Public | None:
    """What everybody is told; nothing of a campaign that nobody knows of yet. Its pages show who leads once it is launched."""
    return Public(dict(content), about=about.public_reference) if campaigns.is_public(campaign) else None


def _end(row: TeamMember | ContactPoint, on: date) -> None:
    if row.from_on >= on:
        row.delete()
    else:
        row.until_on = on
        row.save(update_fields=["until_on"])
