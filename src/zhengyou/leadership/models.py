"""Teams of a campaign with their members from–to, and contact points: a leader who looks after a unit. Visits come with `help`."""

from django.db import models
from django.db.models import F, Q

from zhengyou.base.deeds import Referable
from zhengyou.campaigns.models import Campaign
from zhengyou.organisations.models import Organisation, Person


class LeadingTeam(Referable):
    """The leading group of a campaign, its office, or a team of that office. One that has ended stays for the record."""

    class Kind(models.TextChoices):
        GROUP = "group"
        OFFICE = "office"
        TEAM = "team"

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind)
    name = models.CharField(max_length=80)
    tasks = models.CharField(max_length=500, blank=True)
    ended_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "kind"],
                condition=Q(ended_on=None, kind__in=["group", "office"]),
                name="campaign_has_one_leading_group_and_one_office",
            ),
            models.UniqueConstraint(
                fields=["campaign", "name"], condition=Q(ended_on=None), name="team_name_is_unique_in_its_campaign"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TeamMember(Referable):
    """Somebody in a team, from–to (half-open). `duty` is what they are elsewhere, as it is said; `place` their order by role."""

    class Role(models.TextChoices):
        HEAD = "head"
        DEPUTY = "deputy"
        MEMBER = "member"

    team = models.ForeignKey(LeadingTeam, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=Role)
    duty = models.CharField(max_length=80, blank=True)
    place = models.PositiveSmallIntegerField(default=1)
    from_on = models.DateField()
    until_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gt=F("from_on")), name="team_member_comes_before_going"
            ),
            models.UniqueConstraint(
                fields=["team", "person"], condition=Q(until_on=None), name="person_sits_once_in_a_team"
            ),
            models.UniqueConstraint(fields=["team"], condition=Q(until_on=None, role="head"), name="team_has_one_head"),
        ]


class ContactPoint(Referable):
    """A leader looks after a unit in a campaign, from–to (half-open)."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    leader = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    until_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gt=F("from_on")), name="contact_point_begins_before_it_ends"
            ),
            models.UniqueConstraint(
                fields=["campaign", "leader", "organisation"],
                condition=Q(until_on=None),
                name="leader_looks_after_a_unit_once",
            ),
        ]
