"""What units plan for a cycle: each its own practice theme."""

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
