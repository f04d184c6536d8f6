"""A campaign, its cycles and their rules, frozen at launch into numbered manifests."""

from django.db import models
from django.db.models import F, Q

from zhengyou.base.deeds import Referable
from zhengyou.base.words import in_readers_words
from zhengyou.campaigns.ruleset import Rules, as_types
from zhengyou.organisations.models import Organisation, Person


class Campaign(Referable):
    """One excellence campaign over the subtree of `organisation`, with its legal basis.

    `launch_words` say why, by `launch_speaker`; `opinion` is the implementing opinion (实施意见); `asked_of_you` what members do.
    """

    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    theme = models.CharField(max_length=200)
    theme_en = models.CharField(max_length=200, blank=True)
    aim = models.TextField(blank=True)
    launch_words = models.TextField(blank=True, max_length=4000)
    launch_speaker = models.CharField(max_length=120, blank=True)
    opinion = models.TextField(blank=True, max_length=20000)
    asked_of_you = models.TextField(blank=True, max_length=2000)
    pack = models.SlugField(max_length=60)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    basis_kind = models.SlugField(max_length=60)
    basis_body = models.CharField(max_length=200)
    basis_number = models.CharField(max_length=100)
    basis_from = models.DateField()
    basis_until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(basis_until=None) | Q(basis_until__gt=F("basis_from")), name="basis_begins_before_it_ends"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def called(self) -> str:
        """Its name in the reader's language, where it has one in English."""
        return in_readers_words({"zh-hans": self.name, "en": self.name_en})

    @property
    def motto(self) -> str:
        """Its theme in the reader's language, where it has one in English."""
        return in_readers_words({"zh-hans": self.theme, "en": self.theme_en})


class SuperiorDocument(models.Model):
    """A document of a higher body that a campaign carries out at home."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=200)
    number = models.CharField(max_length=100)
    body = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="document_stands_once_in_a_campaign")
        ]


class Cycle(Referable):
    """One turn of a campaign. `rules` begins with those of the pack and may be edited until launch; read them by `ruleset`."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    rules = models.JSONField()
    launched_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    close_asked_at = models.DateTimeField(null=True)
    close_asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="cycle_starts_before_it_ends"),
            models.UniqueConstraint(fields=["campaign", "name"], name="cycle_name_is_unique_in_its_campaign"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def called(self) -> str:
        """Its name in the reader's language, where it has one in English."""
        return in_readers_words({"zh-hans": self.name, "en": self.name_en})

    @property
    def is_launched(self) -> bool:
        return self.launched_at is not None

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def is_under_way(self) -> bool:
        return self.is_launched and not self.is_closed

    @property
    def ruleset(self) -> Rules:
        """The rules as types."""
        return as_types(self.rules)


class GoesOn(models.Model):
    """Something open at the end of a cycle that goes on in the next one, by its reference: marked by somebody, one by one."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="+")
    about = models.CharField(max_length=120)
    marked_at = models.DateTimeField()
    marked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cycle", "about"], name="what_goes_on_is_marked_once")]


class StageWindow(models.Model):
    """When a stage of a cycle is open: from the first day to the last, both included. `stage` is its slug in the rules."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="+")
    stage = models.SlugField(max_length=60)
    opens_on = models.DateField()
    closes_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="stage_opens_before_it_closes"),
            models.UniqueConstraint(fields=["cycle", "stage"], name="stage_has_one_window_a_cycle"),
        ]


class SectorTheme(models.Model):
    """What the overall theme means in one sector in one cycle."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="+")
    sector = models.SlugField(max_length=60)
    text = models.CharField(max_length=300)
    text_en = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cycle", "sector"], name="sector_has_one_theme_a_cycle")]


class CentralWork(models.Model):
    """One piece of a cycle's central work, in the order of its list; `aim` is the slug of the aim that it serves, if one is named."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=200)
    aim = models.SlugField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cycle", "number"], name="central_work_number_is_unique_in_its_cycle"),
            models.CheckConstraint(condition=~Q(text=""), name="central_work_says_something"),
        ]

    def __str__(self) -> str:
        return self.text


class Manifest(models.Model):
    """The frozen rules: canonical JSON, numbered within the campaign, never changed."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    document = models.TextField()
    fingerprint = models.CharField(max_length=64)
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "number"], name="manifest_number_is_unique")]
