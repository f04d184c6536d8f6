"""A leading group, contact points and a carrier of the small district."""

from datetime import datetime

from tests.cast.district import NOW, District

from zhengyou.campaigns.models import Campaign, Cycle
from zhengyou.carriers import actions as carriers
from zhengyou.carriers.models import Carrier, DemonstrationUnit
from zhengyou.leadership import actions
from zhengyou.leadership.models import ContactPoint, LeadingTeam, TeamMember
from zhengyou.organisations.models import Organisation, Person


def formed_group(district: District, campaign: Campaign, *, at: datetime = NOW) -> LeadingTeam:
    """The leading group with the district's leader as its head."""
    group = actions.form_team(
        campaign=campaign, kind="group", name="领导小组", tasks="统筹活动", at=at, by=district.office
    )
    seated(district, group, district.leader, role="head", at=at)
    return group


def seated(
    district: District, team: LeadingTeam, person: Person, *, role: str = "member", at: datetime = NOW
) -> TeamMember:
    """Somebody in a team from the day of `at`."""
    return actions.name_member(
        team=team, person=person, role=role, duty="区委常委", place=1, from_on=at.date(), at=at, by=district.office
    )


def adopted(
    district: District, campaign: Campaign, leader: Person, unit: Organisation, *, at: datetime = NOW
) -> ContactPoint:
    """A unit that this leader looks after, entered by the office."""
    return actions.adopt_unit(
        campaign=campaign, leader=leader, organisation=unit, from_on=at.date(), at=at, by=district.office
    )


def carriers_of(district: District, cycle: Cycle, *, at: datetime = NOW) -> tuple[Carrier, DemonstrationUnit]:
    """A carrier of the district, and its third village as a demonstration unit."""
    acting = {"at": at, "by": district.office}
    row = carriers.begin_carrier(
        cycle=cycle,
        organisation=district.root,
        kind="linked-levels",
        name="三级联创",
        since_on=at.date(),
        grew_from=None,
        **acting,
    )
    example = carriers.designate_unit(
        campaign=cycle.campaign,
        organisation=district.villages[2],
        carrier=row,
        criteria="承诺按期兑现",
        designated_by="测试区委",
        designated_on=at.date(),
        **acting,
    )
    return row, example
