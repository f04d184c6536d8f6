"""A leading group and contact points of the small district."""

from datetime import datetime

from tests.cast.district import NOW, District

from zhengyou.campaigns.models import Campaign
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
