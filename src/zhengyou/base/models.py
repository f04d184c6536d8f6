"""The journal of deeds, public entries, numbers, what can be searched, the register of stored files, and background jobs."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class JournalEntry(models.Model):
    """One deed. The leaf hashes a salt with the entry, so that erasing salt and payload leaves a proof of the leaf valid."""

    at = models.DateTimeField()
    by = models.CharField(max_length=80, blank=True)
    deed = models.CharField(max_length=80)
    subject = models.CharField(max_length=120)
    payload = models.JSONField(null=True)
    salt = models.BinaryField(max_length=16, null=True)
    leaf = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "id"], name="journal_by_subject"),
            models.Index(fields=["by", "id"], name="journal_by_person"),
            models.Index(fields=["at", "id"], name="journal_by_time"),
        ]


class StoredFile(models.Model):
    """A file under the house's data folder, named by its hash."""

    digest = models.CharField(max_length=64, unique=True)
    media_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    stored_at = models.DateTimeField()


class Job(models.Model):
    """A long piece of work that somebody asked for, as pages tell of it; the queue beside it knows its number only.

    `about` is the reference of what it works on and `part` a part of that. `given` are further facts, never secrets.
    `sentence` is the outcome or why it failed, in all languages; `language` is that of its asker, for what it makes. `file`
    names what it made to be taken away, first at `taken_at`. What `is_short` never waits behind what is long.
    """

    class State(models.TextChoices):
        """Waiting in the queue, or at work, or over in one of three ways."""

        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        STOPPED = "stopped"

    kind = models.CharField(max_length=40)
    about = models.CharField(max_length=120)
    part = models.CharField(max_length=120, blank=True)
    given = models.JSONField(default=dict)
    by = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=10)
    page = models.CharField(max_length=300)
    is_short = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    steps_done = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(default=0)
    is_stop_asked = models.BooleanField(default=False)
    sentence: "models.JSONField[dict[str, str], dict[str, str]]" = models.JSONField(default=dict, blank=True)
    file = models.CharField(max_length=80, blank=True)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["about", "kind", "part"], name="job_by_subject")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "about", "part"],
                condition=models.Q(state__in=["waiting", "running"]),
                name="asked_twice_at_once_is_one_job",
            ),
        ]

    @property
    def is_under_way(self) -> bool:
        """Whether it waits or is at work."""
        return self.state in (self.State.WAITING, self.State.RUNNING)


class PublicEntry(models.Model):
    """What everybody may know of one deed, numbered without a gap and never changed. `document` is canonical JSON; the other
    columns say what stands in it, so that lists can ask for them. `chain` hashes this leaf with all those before it.
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    what = models.CharField(max_length=80)
    about = models.CharField(max_length=120, db_index=True)
    day = models.DateField()
    document = models.TextField()
    leaf = models.CharField(max_length=64)
    chain = models.CharField(max_length=64)
    deed = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(number__gte=1), name="public_entries_begin_with_one")]
        indexes = [models.Index(fields=["what", "number"], name="public_entry_by_what")]


class EntryText(models.Model):
    """A text too long for an entry, which holds its hash instead."""

    digest = models.CharField(max_length=64, primary_key=True)
    text = models.BinaryField()


class ErasableText(models.Model):
    """A text that may name a person, of which a public entry holds only the salted hash. Deleting the row forgets it for ever.

    `is_public` while the text stands on a page: then its salt is shown too, and anybody can make the hash.
    """

    entry = models.ForeignKey(PublicEntry, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=200)
    salt = models.BinaryField(max_length=32)
    text = models.BinaryField()
    is_public = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "place"], name="erasable_text_has_one_place")]


class Addendum(models.Model):
    """One correction of what was published or frozen. `about` is the reference of the corrected row, `by` that of a person."""

    about = models.CharField(max_length=120)
    number = models.PositiveIntegerField()
    part = models.CharField(max_length=120)
    before = models.TextField()
    after = models.TextField()
    why = models.CharField(max_length=500)
    at = models.DateTimeField()
    by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["about", "number"], name="addendum_number_is_unique")]


class NumberSeries(models.Model):
    """The last number given in a series of one kind and year. Its row is held while the next one is given."""

    kind = models.SlugField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "year"], name="series_is_one_a_kind_and_year")]


class SearchPlace(models.Model):
    """A place of things that can be found, by an organisation's id: its name, then those above it. `base.searching` keeps it.

    `folded` has the names as they are compared, `spelled` their pinyin and initials.
    """

    id = models.BigIntegerField(primary_key=True)
    names = ArrayField(models.CharField(max_length=200))
    depth = models.PositiveSmallIntegerField()
    folded = models.TextField()
    spelled = models.TextField()


class SearchEntry(models.Model):
    """One thing that can be found: what it is called and where it leads. `base.searching` alone writes and reads it.

    `folded` has its own words as they are compared, `spelled` those that have letters, its pinyin and initials; `grams` are
    the pairs of signs in both (`folding.gram`), `folded_bits` and `spelled_bits` in each (`folding.bits`). The words of its place stand
    with the place. What every search reads stands first in the row, for the database walks through all columns before one.
    """

    place = models.ForeignKey(SearchPlace, on_delete=models.PROTECT, null=True, related_name="+")
    folded_bits = models.BigIntegerField()
    spelled_bits = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    audience = models.CharField(max_length=40)
    folded = models.TextField()
    spelled = models.TextField()
    title_key = models.CharField(max_length=400)
    order_key = models.CharField(max_length=400)
    reference = models.CharField(max_length=120, unique=True)
    title = models.CharField(max_length=400)
    state = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=200)
    grams = ArrayField(models.IntegerField())

    class Meta:
        indexes = [GinIndex(fields=["grams"], name="search_entry_by_pairs", fastupdate=False)]
