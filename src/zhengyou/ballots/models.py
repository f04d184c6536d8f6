"""The keys of open polls. Their marks of issue, codes and slips are in databases of their own (`boxes`)."""

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
