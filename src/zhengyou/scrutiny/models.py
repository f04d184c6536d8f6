"""What scrutineers signed of a record, and the sealed shares that one of them left for another. No key that opens anything."""

from django.db import models
from django.db.models import F, Q

from zhengyou.organisations.models import Person
from zhengyou.polls.models import LONGEST_REASON, Poll


class ScrutineerWord(models.Model):
    """What a scrutineer signed with their own key of the record of a poll. `line` is the signed line, which stands beside the record."""

    class Kind(models.TextChoices):
        SEEN = "seen"
        CHECKED = "checked"
        DISAGREES = "disagrees"

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind)
    line = models.TextField()
    remark = models.TextField(max_length=LONGEST_REASON, blank=True)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["poll", "person"], name="scrutineer_has_one_word_a_poll"),
            models.CheckConstraint(condition=~Q(kind="disagrees") | ~Q(remark=""), name="disagreement_says_why"),
        ]


class PassedShares(models.Model):
    """Shares of closing keys that one scrutineer passed to another, sealed to the other's key. Gone with the handover."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="+")
    sender = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    receiver = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    line = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["poll", "sender", "receiver"], name="shares_are_passed_once_to_each"),
            models.CheckConstraint(condition=~Q(sender=F("receiver")), name="shares_go_to_another"),
        ]
