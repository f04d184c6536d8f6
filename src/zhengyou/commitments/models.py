"""What organisations promise in a cycle, how it was reviewed, what they report, what citizens say. Nothing is ever deleted.

What members promise is in `vows`; what becomes of a promise at its end is judged in `keeping`.
"""

from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengyou.base.deeds import Referable
from zhengyou.base.models import StoredFile
from zhengyou.base.once import SentOnce
from zhengyou.campaigns.models import Cycle
from zhengyou.organisations.models import Organisation, Person
from zhengyou.remarks.models import Remark

LONGEST_TEXT = 300
LONGEST_NAME = 120


@dataclass(frozen=True)
class PromiseText:
    """The wording of one promise, as it is written, reviewed and published."""

    what: str
    standard: str
    for_whom: str
    due_on: date
    evidence: str
    aim: str
    checked_by: str = "thing"
    piece: int = 0


class Commitment(Referable):
    """The promises of one organisation in one cycle: the yearly ones proposed, reviewed and published together (提诺、审诺、公诺).

    The immediate ones of a cycle (即时承诺) stand in a commitment of their own, each published at once and reviewed afterwards.
    """

    class Kind(models.TextChoices):
        YEARLY = "yearly", _("yearly")
        IMMEDIATE = "immediate", _("immediate")

    class State(models.TextChoices):
        DRAFTED = "drafted", _("being written")
        PROPOSED = "proposed", _("waiting for review")
        RETURNED = "returned", _("sent back")
        PUBLISHED = "published", _("published")

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.YEARLY)
    state = models.CharField(max_length=20, choices=State, default=State.DRAFTED)
    proposals = models.PositiveSmallIntegerField(default=0)
    begun_at = models.DateTimeField()
    proposed_at = models.DateTimeField(null=True)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "organisation", "kind"], name="organisation_has_one_commitment_of_a_kind_a_cycle"
            ),
            models.CheckConstraint(
                condition=Q(state="published", published_at__isnull=False)
                | (~Q(state="published") & Q(published_at=None)),
                name="published_commitment_says_when",
            ),
        ]
        indexes = [models.Index(fields=["cycle", "state"], name="commitment_by_state")]


class Promise(Referable, SentOnce):
    """One promise: what, to which standard, for whom, by when, shown by what, for which aim.

    `piece` is the number of the piece in the frozen list of central work that it serves, 0 for none. `checked_by` says by what a
    stranger could see that it is kept. `given_on` is the day on which an immediate one was given, by word or in writing;
    `carried_from` the promise of an earlier cycle that it takes over; `decision` how the level above decided at its end, which
    `keeping` writes.
    """

    class CheckedBy(models.TextChoices):
        THING = "thing", _("a thing: it is there or it is not")
        PLACE = "place", _("a place: anybody can go and look")
        NUMBER = "number", _("a number: anybody can count")
        YES_OR_NO = "yes_or_no", _("yes or no: it happened or it did not")
        NOTHING = "nothing", _("by nothing: this cannot be checked")

    class Decision(models.TextChoices):
        KEPT = "kept", _("kept, the level above says")
        MOSTLY = "mostly", _("mostly kept, the level above says")
        NOT_KEPT = "not_kept", _("not kept, the level above says")
        NOTHING_SHOWN = "nothing_shown", _("nothing shown, the level above says")

    class State(models.TextChoices):
        DRAFTED = "drafted", _("draft")
        PROPOSED = "proposed", _("waiting for review")
        RETURNED = "returned", _("sent back")
        AGREED = "agreed", _("agreed")
        WITHDRAWN = "withdrawn", _("withdrawn")

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=LONGEST_TEXT)
    standard = models.CharField(max_length=LONGEST_TEXT)
    for_whom = models.CharField(max_length=LONGEST_NAME)
    due_on = models.DateField()
    evidence = models.CharField(max_length=LONGEST_TEXT)
    aim = models.SlugField(max_length=60, blank=True)
    piece = models.PositiveSmallIntegerField(default=0)
    checked_by = models.CharField(max_length=20, choices=CheckedBy, default=CheckedBy.THING)
    given_on = models.DateField(null=True)
    carried_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    decision = models.CharField(max_length=20, choices=Decision, blank=True)
    state = models.CharField(max_length=20, choices=State, default=State.DRAFTED)
    revision = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["carried_from"], condition=~Q(state="withdrawn"), name="promise_is_carried_over_once"
            )
        ]
        indexes = [models.Index(fields=["due_on", "id"], name="promise_by_day")]  # the list for everybody

    def __str__(self) -> str:
        return self.what

    @property
    def text(self) -> PromiseText:
        return PromiseText(
            self.what,
            self.standard,
            self.for_whom,
            self.due_on,
            self.evidence,
            self.aim,
            self.checked_by,
            self.piece,
        )

    @property
    def is_checkable(self) -> bool:
        """Whether a stranger could see that it is kept; another one never counts as kept."""
        return self.checked_by != self.CheckedBy.NOTHING


class DraftRemark(SentOnce):
    """What a member said at the desk about the draft of their unit, before the level above reviews it. Read inside only."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=500)
    said_at = models.DateTimeField()
    said_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")


class PromiseReview(models.Model):
    """What the level above said to one promise in one proposal, with the wording it was said to."""

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="+")
    proposal = models.PositiveSmallIntegerField()
    wording = models.JSONField()
    agrees = models.BooleanField()
    opinion = models.CharField(max_length=500, blank=True)
    reviewed_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["promise", "proposal"], name="promise_is_reviewed_once_a_proposal"),
            models.CheckConstraint(condition=Q(agrees=True) | ~Q(opinion=""), name="returned_promise_has_an_opinion"),
        ]

    @property
    def due_on(self) -> date:
        """The last day in the wording that it was said to."""
        return date.fromisoformat(self.wording["due_on"])


class ProgressReport(Referable, SentOnce):
    """What the organisation reports of a promise. A wrong report is corrected by a new one, never edited.

    Its evidence is a photo, a paper (PDF), or a link to one of the house's own records, each optional.
    """

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=1000)
    photo = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    paper = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    link = models.CharField(max_length=200, blank=True)
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    reported_at = models.DateTimeField()
    reported_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")


class OutcomeStatement(Referable, SentOnce):
    """The organisation's own word on how a promise ended; the newest one counts, the earlier ones stay."""

    class Outcome(models.TextChoices):
        FULFILLED = "fulfilled", _("kept")
        PARTLY = "partly", _("partly kept")
        NOT_FULFILLED = "not_fulfilled", _("not kept")

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=20, choices=Outcome)
    explanation = models.CharField(max_length=500)
    stated_at = models.DateTimeField()
    stated_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")


class CitizenAnswer(Referable):
    """What somebody without an account said of a promise: a mark, and the remark that came with it, which keeps the day only.

    Before the promise's day it is asked how it looks so far, from that day on whether it was kept: two questions, whose marks
    are never added up.
    """

    class Mark(models.TextChoices):
        KEPT = "kept", _("kept")
        NOT_KEPT = "not_kept", _("not kept")
        CANNOT_TELL = "cannot_tell", _("can’t tell")
        ON_COURSE = "on_course", _("going well")
        OFF_COURSE = "off_course", _("not going well")
        TOO_EARLY = "too_early", _("can’t tell yet")

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="+")
    mark = models.CharField(max_length=20, choices=Mark)
    remark = models.OneToOneField(Remark, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["promise", "mark"], name="answer_by_mark")]


class AnswerTally(models.Model):
    """How many answers of each mark were given about a promise, those too that do not count: whoever counts takes these away, which are
    few. Kept with each answer, since a page about thousands of promises cannot count a hundred thousand answers.
    """

    promise = models.OneToOneField(Promise, on_delete=models.PROTECT, related_name="+")
    kept = models.PositiveIntegerField(default=0)
    not_kept = models.PositiveIntegerField(default=0)
    cannot_tell = models.PositiveIntegerField(default=0)
    on_course = models.PositiveIntegerField(default=0)
    off_course = models.PositiveIntegerField(default=0)
    too_early = models.PositiveIntegerField(default=0)
