"""A member's own promises in a cycle. Public are name, post and promises, on the page of their unit alone; a year later they leave."""

from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengyou.base.deeds import Referable
from zhengyou.base.once import SentOnce
from zhengyou.campaigns.models import Cycle
from zhengyou.organisations.models import Organisation, Person


@dataclass(frozen=True)
class VowText:
    """One promise of a member, as it is written or read back: what, by what one sees it, by when, and what it serves."""

    what: str
    standard: str
    due_on: date
    piece: int = 0
    aim: str = ""


class Vow(Referable, SentOnce):
    """What one member promises in one cycle, all together (党员承诺). `post` is the title of their post in the unit, if any.

    An oral one has a `recorder`, who read it back on a day. Of an exempt member only the unit and the level above read why; what
    they had written stays with them. Whose name stands here says of a recording that it is so (`owned_at`) or is not (`disowned_at`).
    """

    class Mode(models.TextChoices):
        WRITTEN = "written", _("in writing")
        ORAL = "oral", _("spoken")
        EXEMPT = "exempt", _("exempt")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("waiting for review")
        RETURNED = "returned", _("sent back")
        PUBLISHED = "published", _("published")
        EXEMPT = "exempt", _("exempt")

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    post = models.CharField(max_length=80, blank=True)
    mode = models.CharField(max_length=10, choices=Mode)
    state = models.CharField(max_length=10, choices=State)
    recorder = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    read_back_on = models.DateField(null=True)
    exempt_because = models.CharField(max_length=300, blank=True)
    opinion = models.CharField(max_length=500, blank=True)
    handed_in_at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    owned_at = models.DateTimeField(null=True)
    disowned_at = models.DateTimeField(null=True)
    taken_off_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cycle", "person"], name="member_has_one_vow_a_cycle"),
            models.CheckConstraint(
                condition=~Q(mode="oral") | Q(recorder__isnull=False, read_back_on__isnull=False),
                name="oral_vow_was_read_back",
            ),
            models.CheckConstraint(condition=~Q(recorder=models.F("person")), name="recorder_is_not_the_promisor"),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False), name="published_vow_says_when"
            ),
            models.CheckConstraint(
                condition=Q(disowned_at=None) | Q(state="returned"), name="disowned_vow_is_not_published"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "cycle"], name="vow_by_unit")]


class VowItem(models.Model):
    """One promise of a member. It is deleted when the vow is taken off its unit's page.

    It serves a piece of the cycle's central work, by its number, or an aim alone, or neither.
    """

    vow = models.ForeignKey(Vow, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=200)
    standard = models.CharField(max_length=200)
    due_on = models.DateField()
    piece = models.PositiveSmallIntegerField(default=0)
    aim = models.SlugField(max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vow", "position"], name="vow_item_has_its_place")]
        ordering = ["position"]
