"""The journal of deeds, the register of stored files, and what pages tell of background jobs."""

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
        indexes = [models.Index(fields=["subject", "id"], name="journal_by_subject")]


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
    `sentence` is the outcome or why it failed, in `language`. `file` names what it made to be taken away once.
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
    asked_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    steps_done = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(default=0)
    is_stop_asked = models.BooleanField(default=False)
    sentence = models.TextField(blank=True)
    file = models.CharField(max_length=80, blank=True)

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
