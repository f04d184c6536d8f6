"""Batches of printed sheets; in the box's database the printed slips and what two people keyed. Never a slip's private key."""

from django.db import models
from django.db.models import F, Q

from zhengyou.organisations.models import Person
from zhengyou.polls.models import VoterPool


class PaperBatch(models.Model):
    """Sheets printed for `people` of a pool who vote on paper, drawn from an urn, their forms keyed twice. Only counted here.

    `root` stands for the serials of all its slips, and is public from the printing on. `drawn` stays empty until the undrawn
    sheets are cancelled; before that the box takes none of the batch's slips.
    """

    pool = models.ForeignKey(VoterPool, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveSmallIntegerField()
    people = models.PositiveSmallIntegerField()
    sheets = models.PositiveSmallIntegerField()
    root = models.BinaryField(max_length=32, null=True)
    drawn = models.PositiveSmallIntegerField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    forms = models.PositiveSmallIntegerField(null=True)
    forms_without_slip = models.PositiveSmallIntegerField(default=0)
    scrutineer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    printed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    printed_at = models.DateTimeField()
    first_keyer = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    second_keyer = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    is_signed_by_first = models.BooleanField(default=False)
    is_signed_by_second = models.BooleanField(default=False)
    reconciled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pool", "number"], name="batch_number_is_unique_in_its_pool"),
            models.CheckConstraint(condition=Q(people__lte=F("sheets")), name="a_sheet_is_printed_for_each"),
            models.CheckConstraint(
                condition=Q(drawn=None) | Q(drawn__lte=F("people"), withdrawn_at=None), name="no_more_drawn_than_people"
            ),
            models.CheckConstraint(
                condition=Q(second_keyer=None) | ~Q(second_keyer=F("first_keyer")), name="two_people_key_a_batch"
            ),
            models.CheckConstraint(condition=~Q(scrutineer=F("printed_by")), name="scrutineer_watches_the_printing"),
            models.CheckConstraint(
                condition=Q(reconciled_at=None) | Q(is_signed_by_first=True, is_signed_by_second=True),
                name="both_keyers_sign_a_batch",
            ),
        ]


class BoxPaperSlip(models.Model):
    """A slip printed for paper, in the box's database: serial, token, the number people read. Never its private key.

    `finder` is what the slip's secret is looked up by. Nothing joins the slips of one sheet.
    """

    in_box = True

    key = models.BinaryField(primary_key=True, max_length=32)
    poll = models.UUIDField(db_index=True)
    batch = models.PositiveBigIntegerField(db_index=True)
    line = models.CharField(max_length=110)
    number = models.CharField(max_length=20)
    serial = models.BinaryField(max_length=65)
    token = models.BinaryField(max_length=288)
    finder = models.BinaryField(max_length=32, unique=True)
    nonce = models.BinaryField(max_length=16)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["poll", "number"], name="slip_number_is_unique_in_its_poll"),
        ]


class BoxKeyedForm(models.Model):
    """One paper form as one of two people keyed it, in the box's database until the close: a sealed and signed slip like any.

    `is_second_look` says that the person keyed it again after the two had differed.
    """

    in_box = True

    key = models.BinaryField(primary_key=True, max_length=32)
    poll = models.UUIDField(db_index=True)
    batch = models.PositiveBigIntegerField(db_index=True)
    slip = models.BinaryField(max_length=32)
    keying = models.PositiveSmallIntegerField()
    is_second_look = models.BooleanField(default=False)
    document = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slip", "keying"], name="slip_is_keyed_once_a_keying")]
