"""Plans in numbered versions of paragraphs, what people say to a paragraph, and what is answered. Published text never changes."""

from django.db import models
from django.db.models import Deferrable, Q
from django.utils.translation import gettext_lazy as _

from zhengyou.base.deeds import Referable
from zhengyou.base.once import SentOnce
from zhengyou.campaigns.models import Cycle
from zhengyou.organisations.models import Organisation, Person
from zhengyou.remarks.models import Remark


class Plan(Referable, SentOnce):
    """What an organisation plans for a cycle. The days are those of the first version; `open_until` moves with a later round.

    Members read from `members_from`, everybody from `public_from`, and remarks are taken up to and with `open_until`.
    """

    class Phase(models.TextChoices):
        DRAFTED = "drafted", _("being written")
        ANNOUNCED = "announced", _("announced")
        MEMBERS = "members", _("read by its own people first")
        OPEN = "open", _("open for comments")
        ANSWERING = "answering", _("comments are being answered")
        ADOPTED = "adopted", _("adopted")

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    members_from = models.DateField(null=True)
    public_from = models.DateField(null=True)
    open_until = models.DateField(null=True)
    adopted_on = models.DateField(null=True)
    adopted_by_body = models.CharField(max_length=200, blank=True)
    adopted_at = models.DateTimeField(null=True)
    adopted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(members_from=None, public_from=None, open_until=None)
                | Q(members_from__lt=models.F("public_from"), public_from__lt=models.F("open_until")),
                name="members_read_a_plan_before_everybody",
            ),
            models.CheckConstraint(
                condition=Q(adopted_on=None, adopted_by_body="", adopted_at=None, adopted_by=None)
                | Q(adopted_on__isnull=False, adopted_at__isnull=False, adopted_by__isnull=False)
                & ~Q(adopted_by_body=""),
                name="adopted_plan_says_by_whom_and_when",
            ),
        ]
        indexes = [models.Index(fields=["cycle", "public_from"], name="plan_by_cycle")]

    def __str__(self) -> str:
        return self.title


class PlanVersion(Referable):
    """One version of the text. Unpublished it is being written; published it stays as it is, with its fingerprint."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    fingerprint = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_has_each_version_once"),
            models.UniqueConstraint(
                fields=["plan"], condition=Q(published_at=None), name="plan_has_one_version_being_written"
            ),
            models.CheckConstraint(
                condition=Q(published_at=None, fingerprint="") | Q(published_at__isnull=False) & ~Q(fingerprint=""),
                name="published_version_has_its_fingerprint",
            ),
        ]


class Paragraph(Referable):
    """A paragraph through all versions, however it is worded. `is_whole` is the plan as a whole: its title, what it lacks."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    is_whole = models.BooleanField(default=False)


class ParagraphWording(Referable):
    """A paragraph as it stands in one version, at its place; the plan as a whole stands at place 0. Remarks are about a wording."""

    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="+")
    paragraph = models.ForeignKey(Paragraph, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=3000)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "paragraph"], name="paragraph_stands_once_in_a_version"),
            models.UniqueConstraint(
                fields=["version", "place"], name="version_has_each_place_once", deferrable=Deferrable.DEFERRED
            ),
        ]


class ParagraphFate(models.Model):
    """What became of a paragraph in a version: it went on in an `heir` too (split, joined), or left the text, `because`."""

    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="+")
    paragraph = models.ForeignKey(Paragraph, on_delete=models.PROTECT, related_name="+")
    heir = models.ForeignKey(Paragraph, on_delete=models.PROTECT, null=True, related_name="+")
    because = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "paragraph", "heir"], name="paragraph_has_an_heir_once"),
            models.CheckConstraint(
                condition=Q(heir__isnull=False, because="") | Q(heir=None) & ~Q(because=""),
                name="paragraph_that_left_says_why",
            ),
        ]


class PlanResponse(Referable, SentOnce):
    """The answer to one remark, or to several like ones: what became of it, in which paragraphs, and why."""

    class Outcome(models.TextChoices):
        TAKEN_UP = "taken_up", _("taken up")
        PARTLY = "partly", _("partly taken up")
        NOT_TAKEN_UP = "not_taken_up", _("not taken up, because")

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=20, choices=Outcome)
    text = models.CharField(max_length=600)
    paragraphs = models.ManyToManyField(Paragraph, related_name="+")
    responded_at = models.DateTimeField()
    responded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")


class EarlierResponse(models.Model):
    """What an answer said before it was mended, until when. It stays readable below the remark."""

    response = models.ForeignKey(PlanResponse, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=20, choices=PlanResponse.Outcome)
    text = models.CharField(max_length=600)
    said_until = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]


class RemarkGroup(Referable):
    """Remarks that share most of their words. The words of its `first` are those in common."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    first = models.OneToOneField("PlanRemark", on_delete=models.PROTECT, related_name="+")


class PlanRemark(Referable):
    """What somebody said to a paragraph: its remark, the wording it was said to, its group, and the response.

    `has_own_words`: beside the words of its group it has others, on which `own_answer` answers.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    wording = models.ForeignKey(ParagraphWording, on_delete=models.PROTECT, related_name="+")
    remark = models.OneToOneField(Remark, on_delete=models.PROTECT, related_name="+")
    is_of_members = models.BooleanField(default=False)
    group = models.ForeignKey(RemarkGroup, on_delete=models.SET_NULL, null=True, related_name="+")
    is_apart = models.BooleanField(default=False)
    has_own_words = models.BooleanField(default=False)
    response = models.ForeignKey(PlanResponse, on_delete=models.PROTECT, null=True, related_name="+")
    own_answer = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["plan", "response"], name="plan_remark_by_response"),
            models.Index(fields=["wording", "id"], name="plan_remark_by_wording"),
        ]


class RemarkSheet(Referable):
    """A paper form with what somebody wrote about a plan, entered once by its number. Nobody's name stands on it."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=20)
    handed_in_on = models.DateField()
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_takes_each_sheet_once"),
        ]


class SheetRemark(models.Model):
    """A remark that stands on a sheet. Equal words of several sheets, and of whoever wrote on the page, are one remark."""

    sheet = models.ForeignKey(RemarkSheet, on_delete=models.PROTECT, related_name="+")
    remark = models.ForeignKey(PlanRemark, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["remark", "sheet"], name="sheet_says_a_remark_once"),
        ]
