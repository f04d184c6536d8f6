"""One change of the roster: what the office said happened, and what the house had before. People and tree are the room organisations."""

from typing import Any

from django.db import models
from django.db.models import Q

from zhengyou.base.deeds import Referable
from zhengyou.organisations.models import ImportDraft, Organisation, Person


class RosterChange(Referable):
    """What happened to one person or one organisation, on which day, and why.

    `before` holds the rows as they were, so that the change can be undone: by whom `actions` says, for a day. Changes that one
    deed made of many have the same `together`. What an import changed has it as `source`, and a reason only where somebody gave one.
    `what` is the role or tier of a post that was given, changed or ended. Posts, new entries and a death need no reason.
    """

    class Kind(models.TextChoices):
        LEFT = "left"
        DIED = "died"
        MOVED = "moved"
        JOINED = "joined"
        DISSOLVED = "dissolved"
        MERGED = "merged"
        RENAMED = "renamed"
        RECODED = "recoded"
        ENTERED = "entered"
        POST_GIVEN = "post_given"
        POST_CHANGED = "post_changed"
        POST_ENDED = "post_ended"

    kind = models.CharField(max_length=20, choices=Kind)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    into_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    into_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    happened_on = models.DateField()
    what = models.SlugField(max_length=60, blank=True, db_index=False)
    reason = models.CharField(max_length=300, blank=True)
    source = models.ForeignKey(ImportDraft, on_delete=models.PROTECT, null=True, related_name="+")
    before: "models.JSONField[list[dict[str, Any]], list[dict[str, Any]]]" = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    together = models.UUIDField(null=True, db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person=None, organisation__isnull=False) | Q(person__isnull=False, organisation=None),
                name="roster_change_is_about_one",
            ),
            models.CheckConstraint(
                condition=~Q(reason="")
                | Q(source__isnull=False)
                | Q(kind__in=["entered", "died", "post_given", "post_changed", "post_ended"]),
                name="roster_change_says_why_where_it_must",
            ),
        ]
