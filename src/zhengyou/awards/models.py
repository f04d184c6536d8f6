"""Selections and their candidates, commendations, honours."""

from typing import Any

from django.db import models
from django.db.models import Q

from zhengyou.base.deeds import Referable
from zhengyou.campaigns.models import Cycle
from zhengyou.notices.models import Notice
from zhengyou.organisations.models import Organisation, Person


class Selection(Referable):
    """One title to be given in a cycle, for at most `quota` organisations. It is a draft until its notice is published."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    quota = models.PositiveSmallIntegerField()
    notice = models.OneToOneField(Notice, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "title"], condition=Q(withdrawn_at=None), name="title_has_one_selection_a_cycle"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawal_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawal_reason="")),
                name="withdrawn_selection_says_why",
            ),
            models.CheckConstraint(condition=Q(quota__gte=1), name="selection_has_a_place"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None


class Candidate(models.Model):
    """An organisation put forward. `evidence` is {"label", "url"} or nothing, and is frozen with the notice."""

    selection = models.ForeignKey(Selection, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    deeds = models.TextField()
    evidence: "models.JSONField[dict[str, Any] | None, dict[str, Any] | None]" = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["selection", "organisation"], name="organisation_is_a_candidate_once")
        ]


class Commendation(Referable):
    """The decision that ends a selection, by a named body with its reasons."""

    selection = models.OneToOneField(Selection, on_delete=models.PROTECT, related_name="+")
    decision_number = models.CharField(max_length=100)
    deciding_body = models.CharField(max_length=200)
    reasons = models.TextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")


class Honour(Referable):
    """A title held by an organisation. `code` stands on the certificate and is public; a revoked honour stays on show."""

    commendation = models.ForeignKey(Commendation, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    holder = models.CharField(max_length=200)
    code = models.CharField(max_length=14, unique=True)
    given_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    revocation_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commendation", "organisation"], name="organisation_is_commended_once"),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revocation_reason="")
                | (Q(revoked_at__isnull=False) & ~Q(revocation_reason="")),
                name="revoked_honour_says_why",
            ),
        ]

    @property
    def is_revoked(self) -> bool:
        return self.revoked_at is not None
