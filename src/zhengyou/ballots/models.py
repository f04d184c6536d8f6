"""The keys of open polls; in the box's own database their slips and the serials held back. Nothing joins a person with a slip."""

from django.db import models

from zhengyou.polls.models import Poll, VoterPool


class LineKey(models.Model):
    """The issuing key of one line of the sheet for one pool, encrypted; destroyed at the close.

    Of a second issuer's keys the house has the public half only.
    """

    pool = models.ForeignKey(VoterPool, on_delete=models.CASCADE, related_name="+")
    line = models.CharField(max_length=64)
    issuer = models.CharField(max_length=64, default="office")
    modulus = models.BinaryField(max_length=256)
    private_key = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pool", "line", "issuer"], name="line_has_one_key_a_pool_and_issuer")
        ]


class ClosingKey(models.Model):
    """The private key, encrypted, that opens a pool's sealed marks: made when the poll opens, gone with the close."""

    pool = models.OneToOneField(VoterPool, on_delete=models.CASCADE, related_name="+")
    private_key = models.BinaryField()


class AcknowledgementKey(models.Model):
    """The private key, encrypted, by which the box signs for each slip it takes: gone with the close."""

    poll = models.OneToOneField(Poll, on_delete=models.CASCADE, related_name="+")
    private_key = models.BinaryField()


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
