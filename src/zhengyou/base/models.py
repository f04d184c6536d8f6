"""The journal of deeds and the register of stored files."""

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
