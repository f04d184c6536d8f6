"""Selections and their candidates, commendations, honours."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q

from zhengyou.base.deeds import Referable
from zhengyou.campaigns.models import Cycle
from zhengyou.notices.models import Notice
from zhengyou.organisations.models import Organisation, Person


class Selection(Referable):
    """One title to be given in a cycle, to at most `quota` organisations or people. It is a draft until its notice is published.

    `most_of_one`: at most so many people of one organisation; `front_line_least`: at least so many who work at the front line.
    """

    class Of(models.TextChoices):
        """Who is given the title: organisations, members who promised in public, or these and holders of a post as well."""

        ORGANISATIONS = "organisations"
        MEMBERS = "members"
        WORKERS = "workers"

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    quota = models.PositiveSmallIntegerField()
    of = models.CharField(max_length=20, choices=Of, default=Of.ORGANISATIONS)
    most_of_one = models.PositiveSmallIntegerField(null=True)
    front_line_least = models.PositiveSmallIntegerField(null=True)
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
            models.CheckConstraint(
                condition=~Q(of="organisations") | Q(most_of_one=None, front_line_least=None),
                name="bounds_are_for_selections_of_people",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def is_of_people(self) -> bool:
        return self.of != self.Of.ORGANISATIONS


class Candidate(models.Model):
    """An organisation put forward, or a person with the organisation and the post they have now, which the notice freezes.

    `evidence` is {"label", "url"} or nothing, and is frozen with the notice; a person has none.
    """

    selection = models.ForeignKey(Selection, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    post = models.CharField(max_length=80, blank=True)
    is_front_line = models.BooleanField(default=False)
    deeds = models.TextField()
    evidence: "models.JSONField[dict[str, Any] | None, dict[str, Any] | None]" = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["selection", "organisation"], condition=Q(person=None), name="organisation_is_a_candidate_once"
            ),
            models.UniqueConstraint(fields=["selection", "person"], name="person_is_a_candidate_once"),
            models.CheckConstraint(
                condition=Q(person__isnull=False, evidence=None) | Q(person=None, post="", is_front_line=False),
                name="post_belongs_to_a_person",
            ),
        ]

    @property
    def reference(self) -> str:
        """Whom the notice names: the person, or the organisation."""
        return (self.person or self.organisation).reference

    @property
    def name(self) -> str:
        return (self.person or self.organisation).name

    @property
    def unit(self) -> Organisation | None:
        """To what the candidate belongs: a person's organisation, or what stands above an organisation."""
        return self.organisation if self.person else self.organisation.parent


@dataclass(frozen=True)
class Votes:
    """How those present of a deciding body voted. Each may be zero; together they are those present."""

    present: int
    in_favour: int
    against: int
    abstained: int


class Commendation(Referable):
    """The decision that ends a selection, by a named body with its reasons, and how its members voted, if they did."""

    selection = models.OneToOneField(Selection, on_delete=models.PROTECT, related_name="+")
    decision_number = models.CharField(max_length=100)
    deciding_body = models.CharField(max_length=200)
    reasons = models.TextField()
    stepped_aside = models.CharField(max_length=500, blank=True)
    present = models.PositiveSmallIntegerField(null=True)
    in_favour = models.PositiveSmallIntegerField(null=True)
    against = models.PositiveSmallIntegerField(null=True)
    abstained = models.PositiveSmallIntegerField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(present=None, in_favour=None, against=None, abstained=None)
                | Q(present=models.F("in_favour") + models.F("against") + models.F("abstained")),
                name="votes_of_a_decision_add_up",
            )
        ]

    @property
    def has_votes(self) -> bool:
        return self.present is not None


class Honour(Referable):
    """A title held by an organisation, or by a person with the organisation and the post they had when they were announced.

    `code` stands on the certificate and is public; a revoked honour stays on show.
    """

    commendation = models.ForeignKey(Commendation, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    post = models.CharField(max_length=80, blank=True)
    unit = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=120)
    holder = models.CharField(max_length=200)
    code = models.CharField(max_length=14, unique=True)
    given_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    revocation_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commendation", "organisation"],
                condition=Q(person=None),
                name="organisation_is_commended_once",
            ),
            models.UniqueConstraint(fields=["commendation", "person"], name="person_is_commended_once"),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revocation_reason="")
                | (Q(revoked_at__isnull=False) & ~Q(revocation_reason="")),
                name="revoked_honour_says_why",
            ),
        ]

    @property
    def is_revoked(self) -> bool:
        return self.revoked_at is not None
