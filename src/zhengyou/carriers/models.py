"""A carrier keeps its identity; each cycle gives it new content and says who takes part. Demonstration units are designated by a body."""

from django.db import models
from django.db.models import F, Q

from zhengyou.base.deeds import Referable
from zhengyou.campaigns.models import Campaign, Cycle
from zhengyou.organisations.models import Organisation, Person


class Carrier(Referable):
    """What a campaign is carried by, such as 三级联创: `kind` is the pack's, `grew_from` an earlier one that it continues."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.SlugField(max_length=60)
    name = models.CharField(max_length=100)
    since_on = models.DateField()
    grew_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    ended_on = models.DateField(null=True)
    end_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "name"], condition=Q(ended_on=None), name="carrier_name_is_unique_in_its_campaign"
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("since_on")), name="carrier_begins_before_it_ends"
            ),
            models.CheckConstraint(condition=~Q(grew_from=F("id")), name="carrier_does_not_grow_from_itself"),
        ]

    def __str__(self) -> str:
        return self.name


class CarrierYear(models.Model):
    """A carrier in one cycle: what is done, what is new. `post_kinds` are those it is for; none means everybody."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="+")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    content = models.TextField(max_length=2000)
    what_is_new = models.CharField(max_length=500, blank=True)
    post_kinds: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["carrier", "cycle"], name="carrier_has_one_year_a_cycle")]


class CarrierUnit(models.Model):
    """A unit that takes part in a carrier in a cycle, alone or with everything below it."""

    year = models.ForeignKey(CarrierYear, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    is_with_all_below = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "organisation"], name="unit_takes_part_once_in_a_carrier")
        ]


class DemonstrationUnit(Referable):
    """A unit that a body designated as an example to look at, against criteria that everybody reads."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, null=True, related_name="+")
    criteria = models.CharField(max_length=1000)
    designated_by = models.CharField(max_length=200)
    designated_on = models.DateField()
    ended_on = models.DateField(null=True)
    end_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "organisation"],
                condition=Q(ended_on=None),
                name="unit_is_a_demonstration_unit_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | ~Q(end_reason=""), name="demonstration_unit_ends_with_a_reason"
            ),
        ]
