"""The keys of open polls; in the box's own database their slips and the serials held back. Nothing joins a person with a slip."""

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


class BoxSlip(models.Model):
    """A slip in the box's own database: keyed by the hash of its serial, without time, order or address."""

    in_box = True

    key = models.BinaryField(primary_key=True, max_length=32)
    poll = models.UUIDField(db_index=True)
    line = models.CharField(max_length=64)
    version = models.BigIntegerField()
    document = models.BinaryField()


class BoxHeldSerial(models.Model):
    """A serial the box does not take, by its hash: printed and not released yet, or cancelled."""

    in_box = True

    key = models.BinaryField(primary_key=True, max_length=32)
    poll = models.UUIDField(db_index=True)
    is_cancelled = models.BooleanField(default=False)
