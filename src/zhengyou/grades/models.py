"""What somebody says of their own year, the grade that their unit's committee decided, their objection to it. Nothing here is public.

No mark of a vote stands here: votes are polls, read where polls are read.
"""

from django.db import models
from django.db.models import Q

from zhengyou.base.deeds import Referable
from zhengyou.campaigns.models import Cycle
from zhengyou.organisations.models import Organisation, Person


class SelfAssessment(Referable):
    """A person's plain words on their own year; rewritten until their grade is decided."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=2000)
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cycle", "person"], name="person_assesses_themselves_once_a_cycle"),
            models.CheckConstraint(condition=~Q(text=""), name="self_assessment_says_something"),
        ]


class GradeDecision(Referable):
    """The grade of one person in one cycle, by the unit they belonged to. Without a grade it says why: "not graded".

    `told_on` is the day on which the person confirmed at the desk that they read it, or was told in a talk.
    """

    class How(models.TextChoices):
        DESK = "desk"
        TALK = "talk"

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    grade = models.SlugField(max_length=60, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    decided_on = models.DateField()
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    told_on = models.DateField(null=True)
    told_how = models.CharField(max_length=10, choices=How, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cycle", "person"], name="person_is_graded_once_a_cycle"),
            models.CheckConstraint(condition=~Q(grade="", reason=""), name="who_is_not_graded_is_told_why"),
            models.CheckConstraint(
                condition=Q(told_on=None, told_how="") | Q(told_on__isnull=False) & ~Q(told_how=""),
                name="told_says_how",
            ),
        ]
        indexes = [models.Index(fields=["cycle", "organisation"], name="grade_decision_by_unit")]


class GradeChange(models.Model):
    """What a decision was before it was changed, when, by whom and why. It stays beside the new one."""

    decision = models.ForeignKey(GradeDecision, on_delete=models.PROTECT, related_name="+")
    grade_before = models.SlugField(max_length=60, blank=True)
    reason_before = models.CharField(max_length=500, blank=True)
    why = models.CharField(max_length=500)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")


class GradeObjection(Referable):
    """A person's objection to their own grade, which the level above answers with a reason, once."""

    decision = models.OneToOneField(GradeDecision, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=2000)
    made_at = models.DateTimeField()
    answer = models.TextField(max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, answer="")
                | Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer=""),
                name="answered_grade_objection_says_by_whom",
            )
        ]
