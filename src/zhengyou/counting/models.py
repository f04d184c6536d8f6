"""What scrutineers signed after their recount of a record."""

from django.db import models
from django.db.models import Q

from zhengyou.organisations.models import Person
from zhengyou.polls.models import LONGEST_REASON, Poll


class ScrutineerStatement(models.Model):
    """What a scrutineer from outside the rated units found when checking the openings against the counts of a record."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    record_fingerprint = models.CharField(max_length=64)
    is_agreed = models.BooleanField()
    remark = models.TextField(max_length=LONGEST_REASON, blank=True)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["poll", "person"], name="scrutineer_signs_a_poll_once"),
            models.CheckConstraint(condition=Q(is_agreed=True) | ~Q(remark=""), name="disagreement_says_why"),
        ]
