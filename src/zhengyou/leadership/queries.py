"""What pages ask about the leading of a campaign: its teams, who looks after whom, and who has nobody."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, Exists, Min, OuterRef, Q, QuerySet, Value, When

from zhengyou.base.prepared import prepared
from zhengyou.campaigns.models import Campaign, Cycle
from zhengyou.leadership.models import ContactPoint, LeadingTeam, TeamMember
from zhengyou.organisations import queries as organisations
from zhengyou.organisations import tree
from zhengyou.organisations.models import Organisation, Person, Post, Responsibility, held_on

KINDS = (LeadingTeam.Kind.GROUP, LeadingTeam.Kind.OFFICE, LeadingTeam.Kind.TEAM)
ROLES = (TeamMember.Role.HEAD, TeamMember.Role.DEPUTY, TeamMember.Role.MEMBER)


@dataclass(frozen=True)
class StaffedTeam:
    """A team with the people in it on a day, the head first."""

    team: LeadingTeam
    members: list[TeamMember]

    @property
    def head(self) -> TeamMember | None:
        return next((one for one in self.members if one.role == TeamMember.Role.HEAD), None)


@dataclass(frozen=True)
class Leader:
    """Somebody who leads: in the leading group or by a post of a leader. `duty` is what they are, `units` the ids of the units
    that they look after.
    """

    person: Person
    duty: str
    is_in_group: bool
    units: list[int] = field(default_factory=list)

    @property
    def pk(self) -> int:
        return self.person.pk

    @property
    def has(self) -> str:
        """For a filter: whether there is a unit."""
        return "some" if self.units else "none"


@dataclass(frozen=True)
class LedBelow:
    """One of the organisations right below the top with all beneath it: how many units, and how many of them have nobody."""

    organisation: Organisation
    units: int
    unanswered: int
    unled: int


def living_teams(campaign: Campaign) -> list[LeadingTeam]:
    """The teams of a campaign that have not ended: leading group, office, then the others in the order in which they were formed."""
    rows = LeadingTeam.objects.filter(campaign=campaign, ended_on=None).order_by("id")
    return sorted(rows, key=lambda row: KINDS.index(LeadingTeam.Kind(row.kind)))


def team_with_id(campaign: Campaign, team_id: int) -> LeadingTeam | None:
    """One team of the campaign, or None."""
    return LeadingTeam.objects.select_related("campaign__organisation").filter(campaign=campaign, pk=team_id).first()


def member_with_id(campaign: Campaign, member_id: int) -> TeamMember | None:
    """One entry in a team of the campaign, or None."""
    rows = TeamMember.objects.select_related("team__campaign__organisation", "person")
    return rows.filter(team__campaign=campaign, pk=member_id).first()


def teams_of(campaign: Campaign, on: date) -> list[StaffedTeam]:
    """The teams with those who are in them on that day. Two queries."""
    teams = living_teams(campaign)
    members: dict[int, list[TeamMember]] = defaultdict(list)
    for row in sitting(on).filter(team__in=teams):
        members[row.team_id].append(row)
    return [StaffedTeam(team, sorted(members[team.pk], key=_order)) for team in teams]


def sitting(on: date) -> QuerySet[TeamMember]:
    """Everybody who is in a living team on that day and has not left the house."""
    rows = TeamMember.objects.filter(held_on(on), team__ended_on=None, person__left_on=None)
    return rows.select_related("team", "person")


def beside(team: LeadingTeam, but: TeamMember | None = None) -> list[TeamMember]:
    """Those in a team who have no end, this one left out."""
    rows = TeamMember.objects.filter(team=team, until_on=None, person__left_on=None).select_related("person")
    return [row for row in rows if but is None or row.pk != but.pk]


def history_of(team: LeadingTeam, on: date) -> list[TeamMember]:
    """Those who were in a team before that day, the last one first."""
    rows = TeamMember.objects.filter(team=team, until_on__lte=on).select_related("person")
    return list(rows.order_by("-until_on", "id"))


def is_in_group(campaign: Campaign, person: Person, on: date) -> bool:
    """Whether somebody sits in the campaign's leading group on that day."""
    return sitting(on).filter(team__campaign=campaign, team__kind=LeadingTeam.Kind.GROUP, person=person).exists()


def contact_points(on: date) -> QuerySet[ContactPoint]:
    """Everything that leaders look after on that day: of leaders who have not left, of units that have not ended, by the tree."""
    rows = ContactPoint.objects.filter(held_on(on), leader__left_on=None, organisation__ended_on=None)
    related = ("leader", "organisation__parent", "campaign__organisation")
    return rows.select_related(*related).order_by("organisation__path", "id")


def contact_point_with_id(point_id: int) -> ContactPoint | None:
    """One contact point, or None."""
    rows = ContactPoint.objects.select_related("leader", "organisation", "campaign__organisation")
    return rows.filter(pk=point_id).first()


def contact_point_of(campaign: Campaign, leader: Person, unit: Organisation) -> ContactPoint | None:
    """The one that this leader has at this unit without an end, or None."""
    return ContactPoint.objects.filter(campaign=campaign, leader=leader, organisation=unit, until_on=None).first()


@prepared
def who_looks_after(unit: Organisation, on: date) -> QuerySet[ContactPoint]:
    """The leaders who look after a unit, in all campaigns."""
    return contact_points(on).filter(organisation=unit)


def looked_after_by(leader: Person, on: date) -> list[ContactPoint]:
    """The units that a leader looks after, in all campaigns, in the order of the tree."""
    return list(contact_points(on).filter(leader=leader))


def duties_of(campaign: Campaign, people: Iterable[int], on: date) -> dict[int, str]:
    """Person id to what they are, as it is said: in the leading group, else by the post of a leader. Two queries."""
    ids = set(people)
    posts = Post.objects.filter(held_on(on), person__in=ids, organisation__path__startswith=campaign.organisation.path)
    duties = dict(posts.exclude(title="").order_by("-organisation__depth", "-id").values_list("person", "title"))
    group = sitting(on).filter(team__campaign=campaign, team__kind=LeadingTeam.Kind.GROUP, person__in=ids)
    return duties | {row.person_id: row.duty for row in group if row.duty}


def leaders_of(campaign: Campaign, on: date) -> list[Leader]:
    """The leaders of a campaign with the units they look after: those without one first, then by name. Five queries."""
    people, seated = _who_lead(campaign, on)
    units: dict[int, list[int]] = defaultdict(list)
    points = contact_points(on).filter(campaign=campaign).order_by()
    for leader, unit in points.values_list("leader", "organisation"):
        units[leader].append(unit)
    people |= {row.pk: row for row in Person.objects.filter(pk__in=units.keys() - people.keys())}
    duties = duties_of(campaign, people, on)
    rows = [Leader(one, duties.get(pk, ""), pk in seated, units[pk]) for pk, one in people.items()]
    return sorted(rows, key=lambda row: (bool(row.units), row.person.name_key))


def idle_leaders(campaign: Campaign, on: date) -> list[Person]:
    """The leaders of a campaign who look after no unit, by name. Three queries for any number of contact points."""
    people, _seated = _who_lead(campaign, on)
    busy = set(
        contact_points(on).filter(campaign=campaign, leader__in=people).order_by().values_list("leader", flat=True)
    )
    return sorted((one for pk, one in people.items() if pk not in busy), key=lambda one: one.name_key)


def _who_lead(campaign: Campaign, on: date) -> tuple[dict[int, Person], set[int]]:
    """By id those in the leading group and those with the post of a leader; and the ids of the first."""
    group = sitting(on).filter(team__campaign=campaign, team__kind=LeadingTeam.Kind.GROUP)
    people = {row.person_id: row.person for row in group}
    seated = set(people)
    posts = Post.objects.filter(
        held_on(on), tree.within_any([campaign.organisation], "organisation"), role=Post.Role.LEADER
    )
    people |= {row.person_id: row.person for row in posts.filter(person__left_on=None).select_related("person")}
    return people, seated


def points_of(campaign: Campaign, leaders: Iterable[int], on: date) -> dict[int, list[tuple[int, Organisation]]]:
    """By leader, the units that these look after, each with the id of the contact point, in the order of the tree. One query."""
    found: dict[int, list[tuple[int, Organisation]]] = defaultdict(list)
    rows = contact_points(on).filter(campaign=campaign, leader__in=list(leaders)).select_related(None)
    for row in rows.select_related("organisation"):
        found[row.leader_id].append((row.pk, row.organisation))
    return found


def campaigns_to_lead(person: Person, on: date, among: Iterable[Campaign]) -> list[Campaign]:
    """Those of these campaigns in which somebody is asked to look after a unit and looks after none. Three queries."""
    rows = list(among)
    seated = set(_seated_in(person, on)) if rows else set()
    has = set(_led_in(person, on)) if seated else set()
    return [row for row in rows if row.pk in seated and row.pk not in has]


@prepared
def _seated_in(person: Person, on: date) -> QuerySet[Any, int]:
    """The campaigns in whose leading groups somebody sits."""
    seats = sitting(on).filter(person=person, team__kind=LeadingTeam.Kind.GROUP)
    return seats.select_related(None).values_list("team__campaign", flat=True)


@prepared
def _led_in(person: Person, on: date) -> QuerySet[Any, int]:
    """The campaigns in which somebody looks after a unit."""
    points = contact_points(on).filter(leader=person)
    return points.select_related(None).order_by().values_list("campaign", flat=True)


def first_day_of(campaign: Campaign, on: date, *, is_of_team: bool = False) -> date:
    """The first day on which somebody can look after a unit: that of the campaign's first cycle, or today before it. The leading
    group and its teams are formed before that: from the day on which the campaign's basis holds. One query.
    """
    first = Cycle.objects.filter(campaign=campaign).aggregate(first=Min("starts_on"))["first"]
    days: list[date] = [
        on,
        *([first] if first else []),
        *([campaign.basis_from] if is_of_team or first is None else []),
    ]
    return min(days)


def units_of(campaign: Campaign) -> QuerySet[Organisation]:
    """The units that leaders can look after: everything below the top that has not ended, in the order of the tree."""
    return organisations.subtree(campaign.organisation).exclude(pk=campaign.organisation_id)


def coverage(campaign: Campaign, on: date) -> QuerySet[Organisation]:
    """Each organisation of a campaign, in the order of the tree, with who answers for it (`primary`, `direct`, `operational`,
    `answered`: yes or no) and whether a leader looks after it (`led`: yes, no, or `top` for the topmost).
    """
    points = contact_points(on).filter(campaign=campaign, organisation=OuterRef("pk")).order_by()
    led = Case(
        When(pk=campaign.organisation_id, then=Value("top")),
        When(Exists(points), then=Value("yes")),
        default=Value("no"),
        output_field=CharField(),
    )
    rows: Any = organisations.organisations_with_responsible(on).filter(tree.within(campaign.organisation))
    covered: QuerySet[Organisation] = rows.annotate(led=led)
    return covered


def leaders_at(campaign: Campaign, units: Iterable[int], on: date) -> dict[int, list[str]]:
    """Organisation id to the names of the leaders who look after it. One query."""
    names: dict[int, list[str]] = defaultdict(list)
    rows = contact_points(on).filter(campaign=campaign, organisation__in=list(units))
    for unit, name in rows.values_list("organisation", "leader__name"):
        names[unit].append(name)
    return names


def coverage_by_part(campaign: Campaign, on: date) -> list[LedBelow]:
    """The same counted below each organisation that stands right below the top; that one is counted too. Four queries for any size."""
    top = campaign.organisation
    units = list(units_of(campaign).values_list("id", "path"))
    answered = set(Responsibility.objects.filter(held_on(on)).order_by().values_list("organisation", flat=True))
    led = set(contact_points(on).filter(campaign=campaign).order_by().values_list("organisation", flat=True))
    parts = {row.pk: row for row in organisations.children(top)}
    counts: dict[int, list[int]] = {pk: [0, 0, 0] for pk in parts}
    for pk, path in units:
        count = counts[int(path[len(top.path) :].split("/", 1)[0])]
        count[0] += 1
        count[1] += pk not in answered
        count[2] += pk not in led
    return [LedBelow(parts[pk], *count) for pk, count in counts.items()]


def units_and_unled(campaign: Campaign, on: date) -> tuple[int, int]:
    """How many units there are, and how many of them nobody looks after. One query."""
    return next(iter(_units_and_unled(campaign, campaign.organisation.path, campaign.organisation_id, on)), (0, 0))


@prepared
def _units_and_unled(campaign: Campaign, path: str, top: int, on: date) -> QuerySet[Any, tuple[int, int]]:
    led = contact_points(on).filter(campaign=campaign).select_related(None).order_by().values("organisation")
    units = Organisation.objects.filter(ended_on=None, path__startswith=path).exclude(pk=top).order_by()
    counted: Any = units.values("ended_on").annotate(n=Count("pk"), unled=Count("pk", filter=~Q(pk__in=led)))
    told: QuerySet[Any, tuple[int, int]] = counted.values_list("n", "unled")
    return told


def units_without_leader(campaign: Campaign, on: date) -> int:
    """How many units nobody looks after. One query."""
    return units_and_unled(campaign, on)[1]


def _order(row: TeamMember) -> tuple[int, int, int]:
    return ROLES.index(TeamMember.Role(row.role)), row.place, row.pk
