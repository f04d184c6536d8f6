"""Notices and the objections to them. A notice knows its subject only as text: what it is about lies in rooms above."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from zhengyou.base.deeds import Referable
from zhengyou.base.numbers import number_words
from zhengyou.organisations.models import Person


class Notice(Referable):
    """One public notice; once published it is corrected only by addenda. `closes_at` is the end (24:00) of its last day.

    A correction in substance starts its clock anew (`restarted_at`). It is settled when what it announced is decided.

    `snapshot` is {"nominees": [{"reference", "organisation" (id), "name", "unit", "deeds", "evidence"}], "reason_for_none"};
    a nominee who is a person also has "person" (id), "post" and "is_front_line".
    """

    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=120)
    title = models.CharField(max_length=200)
    basis = models.TextField()
    route = models.TextField()
    snapshot: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField()
    fingerprint = models.CharField(max_length=64)
    receiving_body = models.CharField(max_length=200)
    phone = models.CharField(max_length=80)
    mail = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=300)
    working_days = models.PositiveSmallIntegerField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    ends_on = models.DateField()
    closes_at = models.DateTimeField()
    is_by_official_calendar = models.BooleanField()
    restarted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal_reason = models.CharField(max_length=500, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="notice_number_is_unique_in_its_year"),
            models.UniqueConstraint(fields=["subject"], condition=Q(withdrawn_at=None), name="subject_has_one_notice"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawal_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawal_reason="")),
                name="withdrawn_notice_says_why",
            ),
            models.CheckConstraint(condition=Q(closes_at__gt=F("published_at")), name="notice_opens_before_it_closes"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def number_words(self) -> str:
        """The number as it is written, in the reader's language."""
        return number_words(self.year, self.number)

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def nominees(self) -> list[dict[str, Any]]:
        return list(self.snapshot["nominees"])


class Objection(Referable):
    """One objection to a nominee of a notice, or to the whole (`nominee` is empty). Never public.

    Equal ones from the form are one, sent `times`; `fold` tells equal ones. One of a flood arrives like any other, but holds
    up nobody until somebody of the office has looked: it is registered, or set aside as sent by a program.
    """

    class Way(models.TextChoices):
        FORM = "form"
        PHONE = "phone"
        MAIL = "mail"
        LETTER = "letter"
        VISIT = "visit"

    class State(models.TextChoices):
        RECEIVED = "received"
        REGISTERED = "registered"
        CHECKED = "checked"
        RULED = "ruled"
        ANSWERED = "answered"
        SET_ASIDE = "set_aside"

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    nominee = models.CharField(max_length=120, blank=True)
    content = models.TextField(max_length=2000)
    name = models.CharField(max_length=80, blank=True)
    contact = models.CharField(max_length=200, blank=True)
    way = models.CharField(max_length=20, choices=Way)
    fold = models.CharField(max_length=64, null=True)
    times = models.PositiveIntegerField(default=1)
    is_from_flood = models.BooleanField(default=False)
    arrived_at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=State, default=State.RECEIVED)
    registered_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    finding = models.TextField(max_length=2000, blank=True)
    ruled_at = models.DateTimeField(null=True)
    is_upheld = models.BooleanField(null=True)
    answered_at = models.DateTimeField(null=True)
    set_aside_at = models.DateTimeField(null=True)
    answer = models.TextField(max_length=2000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "number"], name="objection_number_is_unique_in_its_notice"),
            models.UniqueConstraint(fields=["notice", "fold"], name="equal_objections_are_one"),
            models.CheckConstraint(
                condition=Q(ruled_at=None, is_upheld=None) | Q(ruled_at__isnull=False, is_upheld__isnull=False),
                name="ruled_objection_is_upheld_or_not",
            ),
            models.CheckConstraint(
                condition=Q(checked_at=None, checked_by=None) | Q(checked_at__isnull=False, checked_by__isnull=False),
                name="checked_objection_names_its_checker",
            ),
            models.CheckConstraint(
                condition=Q(state="set_aside", set_aside_at__isnull=False, is_from_flood=True)
                | ~Q(state="set_aside") & Q(set_aside_at=None),
                name="only_a_flood_is_set_aside",
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.state not in (self.State.ANSWERED, self.State.SET_ASIDE)

    @property
    def waits_for_a_look(self) -> bool:
        """Whether it came in a flood and nobody of the office has looked yet; `queries.UNLOOKED` asks the database the same."""
        return self.is_from_flood and self.state == self.State.RECEIVED


class ObjectionCode(models.Model):
    """The keyed hash of a code by which whoever sent an objection, and nobody else, finds the answer."""

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="+")
    lookup = models.CharField(max_length=64, unique=True)
