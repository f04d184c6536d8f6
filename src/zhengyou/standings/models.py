"""Numbered results of polls. A result is never changed: a recomputation is a new one, the old stays."""

from functools import cached_property

from django.db import models
from django.db.models import F, Q

from zhengyou.campaigns.models import Cycle
from zhengyou.organisations.models import Organisation, Person
from zhengyou.polls.models import Poll
from zhengyou.standings.computing.document import ResultDocument


class PoolResults(models.Model):
    """What the close found of each pool, as far as it may be published: every result of the poll is made from it."""

    poll = models.OneToOneField(Poll, on_delete=models.CASCADE, related_name="+")
    pools = models.JSONField()


class Result(models.Model):
    """What was published of one poll: a document built from the record by the rules of the method card."""

    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    stored_document = models.JSONField()
    fingerprint = models.CharField(max_length=64)
    computed_at = models.DateTimeField()
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["poll", "number"], name="result_number_is_unique_in_its_poll")]

    @cached_property
    def document(self) -> ResultDocument:
        """The document, read once."""
        return ResultDocument.read(self.stored_document)


class OutsideFigure(models.Model):
    """A mean published elsewhere (another district, a service survey), entered with its source for the outside comparison."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    mean = models.FloatField()
    standard_error = models.FloatField()
    count = models.PositiveIntegerField(null=True)
    source = models.CharField(max_length=300)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cycle", "name"], name="outside_figure_is_entered_once_a_cycle"),
            models.CheckConstraint(condition=Q(standard_error__gte=0), name="outside_error_is_not_negative"),
            models.CheckConstraint(condition=~Q(source=""), name="outside_figure_names_its_source"),
        ]


class Lesson(models.Model):
    """What an organisation learns from one that did better: recorded by its secretary beside the comparison."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    learned_from = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="lesson_says_something"),
            models.CheckConstraint(condition=~Q(learned_from=F("organisation")), name="nobody_learns_from_itself"),
        ]
