"""Anybody's words about something of the house, and how they stand. Nothing of the sender is kept: no name, address or device.

Only the day of arrival is kept. What the words are beside (a mark, a case) lies in the room that took them.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengyou.base import codes
from zhengyou.base.deeds import Referable
from zhengyou.base.models import StoredFile
from zhengyou.base.once import SentOnce
from zhengyou.campaigns.models import Cycle
from zhengyou.organisations.models import Organisation, Person


class Remark(Referable, SentOnce):
    """Words, or a photo, or what came with neither, about `subject`, which concerns `organisation`; `heading` is its words.

    `fold` is the digest of words without their spelling; equal words are one row, sent `times`. `public_id` leads their
    sender to them. `has_number`: they hold something like a telephone or identity number, whatever else they wait for. `was`
    is the state before the last look, so that a look can be undone.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting to be read")
        SHOWN = "shown", _("shown")
        HIDDEN = "hidden", _("hidden")

    class Why(models.TextChoices):
        """Why words wait, or waited."""

        LOOK = "look", _("read before it is shown")
        FLOOD = "flood", _("many came in a short time")

    class Reason(models.TextChoices):
        """The public list of reasons for which words may be hidden."""

        PRIVATE = "private", _("names or numbers of a private person")
        INSULT = "insult", _("insults or threatens somebody")
        UNLAWFUL = "unlawful", _("the law forbids showing it")
        ADVERTISING = "advertising", _("advertising")
        BESIDE = "beside", _("about something else")
        PROGRAM = "program", _("sent in numbers by a program; it does not count")

    subject = models.CharField(max_length=120)
    heading = models.CharField(max_length=300)
    kind = models.SlugField(max_length=40)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(max_length=2000, blank=True)
    photo = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    came_on = models.DateField()
    public_id = models.CharField(max_length=14, unique=True, default=codes.fresh, editable=False)
    fold = models.CharField(max_length=64, null=True)
    times = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State)
    why = models.CharField(max_length=10, choices=Why, blank=True)
    has_number = models.BooleanField(default=False)
    was = models.CharField(max_length=10, choices=State, blank=True)
    looked_on = models.DateField(null=True)
    looked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    hidden_because = models.CharField(max_length=20, choices=Reason, blank=True)
    hiding_asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    hiding_asked_because = models.CharField(max_length=20, choices=Reason, blank=True)
    reports = models.PositiveIntegerField(default=0)
    reported_on = models.DateField(null=True)
    answer = models.TextField(max_length=1000, blank=True)
    answered_on = models.DateField(null=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "kind", "fold"], name="equal_words_are_one_remark"),
            models.CheckConstraint(
                condition=Q(state="hidden") & ~Q(hidden_because="") | ~Q(state="hidden") & Q(hidden_because=""),
                name="hidden_remark_says_why",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_on=None) | ~Q(answer="") & Q(answered_on__isnull=False),
                name="answered_remark_says_when",
            ),
        ]
        indexes = [
            models.Index(fields=["subject", "state"], name="remark_by_subject"),
            models.Index(fields=["cycle", "state", "came_on"], name="remark_by_state"),
            # What somebody has to look at is little beside everything else.
            models.Index(
                fields=["cycle", "came_on"], condition=Q(state="waiting") | Q(reports__gt=0), name="remark_to_look_at"
            ),
            # The first page shows the last few answers of a cycle, of which most words have none.
            models.Index(fields=["cycle", "-answered_on", "-id"], condition=~Q(answer=""), name="remark_answered_last"),
            # What counts in no number is little: it is taken from the whole, which needs no look at each remark.
            models.Index(
                fields=["id"],
                condition=Q(why="flood", state="waiting") | Q(hidden_because="program"),
                name="remark_not_counted",
            ),
            # Most remarks are bare marks, which no list shows; the others in the order of their lists.
            models.Index(
                F("cycle"),
                models.ExpressionWrapper(Q(state="waiting") | Q(reports__gt=0), models.BooleanField()).desc(),
                F("came_on"),
                F("id"),
                condition=~Q(words="") | Q(photo__isnull=False) | Q(state="waiting"),
                name="remark_with_something",
            ),
        ]

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def is_shown(self) -> bool:
        return self.state == self.State.SHOWN

    @property
    def is_hidden(self) -> bool:
        return self.state == self.State.HIDDEN

    @property
    def is_counted(self) -> bool:
        """Whether what came with the words counts in public; `queries.counted` asks the database the same."""
        if self.why == self.Why.FLOOD and self.is_waiting:
            return False
        return self.hidden_because != self.Reason.PROGRAM


class Spent(models.Model):
    """A solution or a form that has done its work, as a digest that leads nowhere. Deleted after some days."""

    digest = models.CharField(max_length=64, unique=True)
    spent_on = models.DateField(db_index=True)


class Valve(models.Model):
    """How much came about one subject within ten minutes, with a solved puzzle or without. Deleted after a day."""

    subject = models.CharField(max_length=120)
    is_solved = models.BooleanField()
    began_at = models.DateTimeField(db_index=True)
    load = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "is_solved", "began_at"], name="valve_counts_ten_minutes_once")
        ]
