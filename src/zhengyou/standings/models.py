"""Numbered results of rounds. A result is never changed: a recomputation is a new one, the old stays."""

from django.db import models

from zhengyou.appraisals.models import Round


class Result(models.Model):
    """What was published of one round: a document of plain values, built from the record by the rules of the method card."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    fingerprint = models.CharField(max_length=64)
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "number"], name="result_number_is_unique_in_its_round")]
