"""Rounds of secret appraisal. Nothing here joins a person with a slip: the roll knows who was issued tokens, the box knows slips."""

from django.db import models
from django.db.models import F, Q

from zhengyou.campaigns.models import Cycle
from zhengyou.organisations.models import Organisation, Person


class Round(models.Model):
    """One round of appraisal: a sheet of organisations, pools of voters, a window."""

    class State(models.TextChoices):
        DRAFTED = "drafted"
        OPENED = "opened"
        CLOSED = "closed"

    key = models.UUIDField(unique=True)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    name = models.JSONField()
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=State, default=State.DRAFTED)
    manifest = models.TextField(blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    acknowledgement_key = models.BinaryField(null=True)
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    close_asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    closed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    is_box_destroyed = models.BooleanField(default=False)
    record_fingerprint = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="ballot_opens_before_it_closes"),
            models.CheckConstraint(
                condition=Q(closed_by=None) | ~Q(closed_by=F("close_asked_by")), name="two_people_close_a_round"
            ),
        ]

    @property
    def reference(self) -> str:
        return f"round:{self.key}"


class RatedOrganisation(models.Model):
    """An organisation on a round's sheet."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "organisation"], name="organisation_is_rated_once_a_round")
        ]


class VoterPool(models.Model):
    """People counted together. `closing_key` is the encrypted private key, destroyed at the close."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="+")
    slug = models.SlugField(max_length=40)
    name = models.JSONField()
    position = models.PositiveSmallIntegerField()
    closing_key = models.BinaryField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "slug"], name="pool_slug_is_unique_in_its_round")]


class RollEntry(models.Model):
    """One person of a pool. `request_digest` recognises a retry of the same blinded serials; no time is kept."""

    pool = models.ForeignKey(VoterPool, on_delete=models.CASCADE, related_name="+")
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    nonce = models.BinaryField(max_length=16)
    is_issued = models.BooleanField(default=False)
    request_digest = models.BinaryField(max_length=32, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "person"], name="person_is_in_one_pool_of_a_round"),
            models.CheckConstraint(
                condition=Q(is_issued=False, request_digest=None) | Q(is_issued=True, request_digest__isnull=False),
                name="issued_entry_knows_its_request",
            ),
        ]


class LineKey(models.Model):
    """The issuing key of one line of the sheet for one pool, encrypted; destroyed at the close."""

    pool = models.ForeignKey(VoterPool, on_delete=models.CASCADE, related_name="+")
    line = models.CharField(max_length=64)
    modulus = models.BinaryField(max_length=256)
    private_key = models.BinaryField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pool", "line"], name="line_has_one_key_a_pool")]


class BoxSlip(models.Model):
    """A slip in the box's own database: keyed by the hash of its serial, without time, order or address."""

    in_box = True

    key = models.BinaryField(primary_key=True, max_length=32)
    round = models.UUIDField(db_index=True)
    line = models.CharField(max_length=64)
    version = models.BigIntegerField()
    document = models.BinaryField()
