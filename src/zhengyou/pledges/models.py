"""That a person made a commitment in public: where, when, and what shows it. What they promised is not here, nor how it is judged."""

from django.db import models
from django.db.models import Q

from zhengyou.base.deeds import Referable
from zhengyou.base.models import StoredFile
from zhengyou.campaigns.models import Cycle
from zhengyou.organisations.models import Organisation, Person


class PublicCommitment(Referable):
    """One person's commitment in one cycle, as the office or a level above entered it. One that was taken back stays, with the reason."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    made_on = models.DateField()
    place = models.CharField(max_length=200)
    evidence = models.CharField(max_length=300, blank=True)
    photo = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    why_taken_back = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "person"],
                condition=Q(taken_back_at=None),
                name="person_commits_in_public_once_a_cycle",
            ),
            models.CheckConstraint(condition=~Q(place=""), name="public_commitment_says_where"),
            models.CheckConstraint(
                condition=Q(taken_back_at=None) | ~Q(why_taken_back=""), name="commitment_taken_back_says_why"
            ),
        ]
        indexes = [models.Index(fields=["cycle", "organisation"], name="public_commitment_by_unit")]
