"""Who entered what for which unit, from what, and what the unit says to it. What was entered is a row of its own room."""

from django.db import models
from django.db.models import Q

from zhengyou.base.deeds import Referable
from zhengyou.base.models import StoredFile
from zhengyou.base.once import SentOnce
from zhengyou.organisations.models import Organisation, Person


class Submission(Referable, SentOnce):
    """What came from a unit at once on paper or by word of mouth. What was made of it, `SubmissionThing` names.

    The unit's secretary agrees or objects; an objection stands beside it, until the level above has settled it with a word.
    """

    class What(models.TextChoices):
        THEME = "theme"
        PROMISE = "promise"
        TAKEN_OVER = "taken-over"
        DROPPED = "dropped"
        REVISED = "revised"
        TAKEN_OFF = "taken-off"
        PROPOSAL = "proposal"
        REPORT = "report"
        OUTCOME = "outcome"
        BOARD = "board"
        ON_THE_SPOT = "on-the-spot"
        SITUATION = "situation"
        DOUBTS = "doubts"
        ANSWER = "answer"
        COMMITTED = "committed"
        COMMENTS = "comments"
        PLAN = "plan"

    OF_ITS_PEOPLE = (What.COMMENTS,)

    class How(models.TextChoices):
        PAPER = "paper"
        PHONE = "phone"
        SPOKEN = "spoken"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=20, choices=What)
    text = models.CharField(max_length=300)
    how = models.CharField(max_length=20, choices=How)
    handed_in_on = models.DateField()
    photo = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    objection = models.CharField(max_length=500, blank=True)
    objected_at = models.DateTimeField(null=True)
    looked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    settlement = models.CharField(max_length=500, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    @property
    def is_of_its_people(self) -> bool:
        """Whether people wrote it, to be heard by the unit, and not the unit itself: their handwriting is not for its eyes."""
        return self.what in self.OF_ITS_PEOPLE

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed_at=None) | Q(objected_at=None), name="submission_is_agreed_or_objected_to"
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None) | Q(objected_at__isnull=False), name="only_an_objection_is_settled"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "id"], name="submission_by_unit")]


class SubmissionThing(models.Model):
    """Something that was made of a submission, by its reference: of a board as many as it has promises."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["about", "submission"], name="submission_makes_a_thing_once"),
        ]
