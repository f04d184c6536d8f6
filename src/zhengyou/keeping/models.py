"""What the level above and the unit say about a promise at its end, and what was not taken over. Rows are added, never changed.

How a promise is decided on now stands at the promise as well, for lists.
"""

from django.db import models
from django.db.models import Q

from zhengyou.base.deeds import Referable
from zhengyou.base.once import SentOnce
from zhengyou.campaigns.models import Cycle
from zhengyou.commitments.models import CitizenAnswer, Promise
from zhengyou.organisations.models import Person


class Upholding(models.Model):
    """That the level above finds one citizen's answer right, and why: from that day on the promise is contested."""

    answer = models.OneToOneField(CitizenAnswer, on_delete=models.PROTECT, related_name="+")
    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    upheld_at = models.DateTimeField()
    upheld_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")


class UnitAnswer(Referable, SentOnce):
    """What a unit answers in public to doubts about a promise, or how it explains that a promise was not kept. `heard` is the number
    of the newest of the citizens' answers that it answers: later ones of the same day count towards another contest.
    """

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=1000)
    heard = models.PositiveBigIntegerField()
    answered_at = models.DateTimeField()
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")


class PromiseDecision(Referable, SentOnce):
    """How the level above decides on a promise at its end (评诺), with its reason. The newest counts, the earlier ones stay."""

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=20, choices=Promise.Decision)
    reason = models.CharField(max_length=500)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")


class Dropping(Referable):
    """That a unit does not take over a promise that an earlier cycle left unkept: its public reason, and the word of the level above."""

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="+")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    consents = models.BooleanField(null=True)
    opinion = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["promise"], condition=Q(consents=None) | Q(consents=True), name="promise_is_dropped_once"
            ),
            models.CheckConstraint(
                condition=~Q(consents=False) | ~Q(opinion=""), name="refused_dropping_has_an_opinion"
            ),
        ]
