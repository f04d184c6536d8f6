"""The keys of open polls. Their marks of issue, codes and slips are in databases of their own (`boxes`)."""

from django.db import models
from django.db.models import Q

from zhengyou.polls.models import Poll, VoterPool


class LineKey(models.Model):
    """The issuing key of one line of the sheet for one pool, encrypted; destroyed at the close.

    Of a second issuer's keys the house has the public half only. `closing_key` is the point that marks of this line are sealed
    to, on the office's own key from the opening on.
    """

    pool = models.ForeignKey(VoterPool, on_delete=models.CASCADE, related_name="+")
    line = models.CharField(max_length=64)
    issuer = models.CharField(max_length=64, default="office")
    modulus = models.BinaryField(max_length=256)
    private_key = models.BinaryField(null=True)
    closing_key = models.BinaryField(max_length=65, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pool", "line", "issuer"], name="line_has_one_key_a_pool_and_issuer")
        ]


class PlatformKey(models.Model):
    """A private key that the house keeps for one poll, encrypted: made when the poll opens, gone with the close."""

    class Purpose(models.TextChoices):
        """Acknowledging slips, signing the head of the record, and the seed of all keys that open sealed marks."""

        ACKNOWLEDGEMENT = "acknowledgement"
        HEAD = "head"
        CLOSING = "closing"

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=20, choices=Purpose)
    private_key = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["poll", "purpose"], name="poll_has_one_key_a_purpose"),
            models.CheckConstraint(
                condition=Q(purpose__in=["acknowledgement", "head", "closing"]), name="key_has_a_purpose"
            ),
        ]
