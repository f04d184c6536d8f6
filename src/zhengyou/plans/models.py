"""What units plan for a cycle: each its own practice theme, and whether its people know it, counted only."""

from django.db import models

from zhengyou.campaigns.models import CentralWork, Cycle
from zhengyou.organisations.models import Organisation, Person


class PracticeTheme(models.Model):
    """An organisation's own practice theme, tied to its main work."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=200)
    main_work = models.CharField(max_length=300)
    central_work = models.ForeignKey(CentralWork, on_delete=models.PROTECT, null=True, related_name="+")
    chosen_at = models.DateTimeField()
    chosen_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "organisation"], name="organisation_has_one_practice_theme_a_cycle"
            )
        ]


class ThemeAsked(models.Model):
    """That somebody was asked in a cycle whether they know their unit's theme. What they said stands nowhere beside it."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cycle", "person"], name="theme_is_asked_once_a_cycle")]


class ThemeKnown(models.Model):
    """How many people of a unit know its theme. The `shown_` counts follow only at each full ten answers, so that nobody learns
    one answer from two visits.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    yes = models.PositiveIntegerField(default=0)
    partly = models.PositiveIntegerField(default=0)
    no = models.PositiveIntegerField(default=0)
    shown_yes = models.PositiveIntegerField(default=0)
    shown_all = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cycle", "organisation"], name="theme_known_is_counted_once_a_unit")
        ]
