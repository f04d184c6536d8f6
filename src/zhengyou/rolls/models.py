"""What was corrected on a roll before its poll opened. Roll and guests themselves are in the room polls."""

from django.db import models
from django.db.models import Q

from zhengyou.base.deeds import Referable
from zhengyou.organisations.models import Person
from zhengyou.polls.models import Guest, VoterPool

LONGEST_WHY = 300  # a sentence


class RollChange(Referable):
    """One voter put on the roll of a pool or taken off it, and why. The reason may say that somebody is ill: it stays with the office."""

    pool = models.ForeignKey(VoterPool, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    guest = models.ForeignKey(Guest, on_delete=models.CASCADE, null=True, related_name="+")
    is_added = models.BooleanField()
    reason = models.CharField(max_length=LONGEST_WHY, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person=None, guest__isnull=False) | Q(person__isnull=False, guest=None),
                name="roll_change_is_about_one",
            )
        ]

    @property
    def voter(self) -> Person | Guest:
        """Who was put on the roll or taken off."""
        voter = self.person or self.guest
        assert voter is not None  # the database sees to it
        return voter
