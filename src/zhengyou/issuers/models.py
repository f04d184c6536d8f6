"""What a second issuer issues for, its own roll and keys. No time of issuing is kept."""

from django.db import models

from zhengyou.base.deeds import Referable


class IssuerDuty(Referable):
    """What a second issuer issues for: one pool of one poll, run in a home of its own by `zhengyou issuer`.

    `request` is what the office asked, `manifest` what it then froze; `statement_key` is encrypted, and destroyed with the
    issuing keys once the count is stated. `origin` is the one site whose booth may ask.
    """

    poll = models.UUIDField()
    pool = models.SlugField(max_length=40)
    issuer = models.SlugField(max_length=40)
    name = models.JSONField()
    origin = models.CharField(max_length=300)
    request = models.TextField(blank=True)
    statement_key = models.BinaryField(null=True)
    manifest = models.TextField(blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    closes_at = models.DateTimeField(null=True)
    statement = models.TextField(blank=True)
    stated_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["poll", "pool"], name="issuer_has_one_duty_a_pool")]

    @property
    def reference(self) -> str:
        return f"duty:{self.poll}/{self.pool}"


class IssuerRollEntry(models.Model):
    """One person of a second issuer's own roll, with the hash of the code it gave them. No time is kept."""

    duty = models.ForeignKey(IssuerDuty, on_delete=models.CASCADE, related_name="+")
    number = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    code_digest = models.CharField(max_length=64, null=True, unique=True)
    is_issued = models.BooleanField(default=False)
    request_digest = models.BinaryField(max_length=32, null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["duty", "number"], name="person_stands_once_on_an_issuers_roll")]


class IssuerLineKey(models.Model):
    """A second issuer's own key of one line, encrypted; destroyed when it has stated its count."""

    duty = models.ForeignKey(IssuerDuty, on_delete=models.CASCADE, related_name="+")
    line = models.CharField(max_length=64)
    modulus = models.BinaryField(max_length=256)
    private_key = models.BinaryField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["duty", "line"], name="issuer_has_one_key_a_line")]
