"""What units tell everybody of their situation, numbered by unit and year. Never changed; a wrong one is corrected by the next."""

from django.db import models

from zhengyou.base.deeds import Referable
from zhengyou.base.once import SentOnce
from zhengyou.campaigns.models import Cycle
from zhengyou.organisations.models import Organisation, Person


class SituationReport(Referable, SentOnce):
    """One report of one unit (情况通报)."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    text = models.TextField(max_length=3000)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "year", "number"], name="situation_report_number_is_unique_in_its_unit"
            )
        ]

    def __str__(self) -> str:
        return self.title
