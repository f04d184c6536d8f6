"""Service points and what came there. A mark has no row of its own: it is one more in a count by week, so that no number, no
order and no time tells who gave it. Only words are kept, in `remarks` or as a case.
"""

import secrets

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengyou.base.codes import ALPHABET
from zhengyou.base.deeds import Referable
from zhengyou.base.once import SentOnce
from zhengyou.campaigns.models import Cycle
from zhengyou.organisations.models import Organisation, Person
from zhengyou.remarks.models import Remark

CODE_LETTERS = 8


def fresh_code() -> str:
    """What stands in the address of a point: short, and not in the order in which points were made."""
    return "".join(secrets.choice(ALPHABET) for _letter in range(CODE_LETTERS))


class Way(models.TextChoices):
    """How a mark was given. Each way is counted by itself, and only coded ones are one for each case: with a fresh slip that somebody
    from elsewhere had made. Slips that the unit made itself, and those that come a second time, are counted apart.
    """

    PHONE = "phone", _("on people’s own phones")
    COUNTER = "counter", _("on a device of the counter")
    CODED = "coded", _("with a slip code")
    OWN = "own", _("with a slip that the unit made itself")
    AGAIN = "again", _("with a slip that was used before")


class ServicePoint(Referable, SentOnce):
    """A window of a unit where something is done for people. `closes_at` is when its day ends, as somebody from elsewhere said;
    `tablet` the digest of the secret address of the counter's own device, if one was given.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=CODE_LETTERS, unique=True, default=fresh_code, editable=False)
    name = models.CharField(max_length=60)
    what = models.CharField(max_length=300)
    place = models.CharField(max_length=120, blank=True)
    closes_at = models.TimeField(null=True)
    opened_on = models.DateField()
    tablet = models.CharField(max_length=64, null=True, unique=True)
    tablet_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    closed_because = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                condition=Q(closed_on=None),
                name="open_point_has_a_name_of_its_own_in_its_unit",
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None, closed_because="")
                | (Q(closed_on__gte=F("opened_on")) & ~Q(closed_because="")),
                name="closed_point_says_why",
            ),
            models.CheckConstraint(
                condition=Q(tablet=None, tablet_on=None) | Q(tablet__isnull=False, tablet_on__isnull=False),
                name="tablet_of_a_point_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MarkTally(models.Model):
    """How many marks of one step came at a point in one week (its Monday), by their way; those of a burst apart."""

    window = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="+")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    week_on = models.DateField()
    way = models.CharField(max_length=10, choices=Way)
    is_burst = models.BooleanField(default=False)
    step = models.SlugField(max_length=40)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["window", "cycle", "week_on", "way", "is_burst", "step"], name="marks_of_a_week_are_one_count"
            )
        ]


class ReasonTally(models.Model):
    """How often a reason was ticked beside marks of that week, beside bad ones and beside others; of marks in a burst apart."""

    window = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="+")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    week_on = models.DateField()
    is_burst = models.BooleanField(default=False)
    is_bad = models.BooleanField()
    reason = models.SlugField(max_length=40)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["window", "cycle", "week_on", "is_burst", "is_bad", "reason"],
                name="reasons_of_a_week_are_one_count",
            )
        ]


class WindowWords(models.Model):
    """Words that somebody left beside a mark, with its step. They lie in `remarks` and are looked at there."""

    remark = models.OneToOneField(Remark, on_delete=models.PROTECT, related_name="+")
    window = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="+")
    step = models.SlugField(max_length=40)


class WindowWatch(models.Model):
    """What of today tells whether marks look odd: how many best ones in a row, how many shortly before the end of the day.

    Forgotten with the first mark of another day.
    """

    window = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="+")
    day = models.DateField(db_index=True)
    way = models.CharField(max_length=10, choices=Way)
    run = models.PositiveIntegerField(default=0)
    praise = models.PositiveIntegerField(default=0)
    praise_late = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["window", "day", "way"], name="point_is_watched_once_a_day")]


class WindowFlag(Referable):
    """Something odd about the marks of one day, or of the week that begins on it, as a count, for the level above, until somebody
    says what they found.
    """

    class Kind(models.TextChoices):
        BURST = "burst", _("many ratings in a short time")
        RUN = "run", _("only the best step, many in a row")
        CLOSING = "closing", _("praise shortly before the end of the day")
        ALIKE = "alike", _("nearly only the best step, all week")
        AGAIN = "again", _("slips used a second time")

    window = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    way = models.CharField(max_length=10, choices=Way)
    kind = models.CharField(max_length=10, choices=Kind)
    count = models.PositiveIntegerField()
    settled_on = models.DateField(null=True)
    settled_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    finding = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["window", "day", "way", "kind"], name="oddness_is_one_flag_a_day"),
            models.CheckConstraint(
                condition=Q(settled_on=None, finding="") | (Q(settled_on__isnull=False) & ~Q(finding="")),
                name="settled_flag_says_what_was_found",
            ),
        ]


class CodeSheet(Referable):
    """Printed sheets of one-time codes for one point, one to be given with each case. `is_own`: made by somebody of its unit."""

    window = models.ForeignKey(ServicePoint, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    count = models.PositiveIntegerField()
    made_on = models.DateField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    is_own = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["window", "number"], name="code_sheet_is_numbered_in_its_point")]


class WindowCode(models.Model):
    """A one-time code as its keyed digest, and whether it was used; not when, and for which mark nobody can tell."""

    sheet = models.ForeignKey(CodeSheet, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    is_used = models.BooleanField(default=False)
