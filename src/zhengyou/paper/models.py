"""Batches of printed sheets; and as the box keeps them, the printed slips and what two people keyed. Never a slip's private key."""

from dataclasses import dataclass
from typing import Self

from django.db import models
from django.db.models import F, Q

from blindballot.format.encoding import b64, canonical, parse_canonical, unb64
from blindballot.format.slips import Slip
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


PRINTED, KEYED = "printed", "keyed"  # what the box calls the two


@dataclass(frozen=True)
class BoxPaperSlip:
    """A slip printed for paper, as the box keeps it: serial, token, the number people read. Never its private key.

    `finder` is what the slip's secret is looked up by, `nonce` hides the serial in its batch's root. Nothing joins the slips of one sheet.
    """

    batch: int
    line: str
    number: str
    serial: bytes
    token: bytes
    finder: bytes
    nonce: bytes

    @classmethod
    def read(cls, document: bytes) -> Self:
        """The slip that was written so."""
        said = parse_canonical(document)
        binary = {name: unb64(said[name]) for name in ("serial", "token", "finder", "nonce")}
        return cls(said["batch"], said["line"], said["number"], **binary)

    def written(self) -> bytes:
        """The slip as bytes."""
        binary = {name: b64(getattr(self, name)) for name in ("serial", "token", "finder", "nonce")}
        return canonical({"batch": self.batch, "line": self.line, "number": self.number, **binary})


@dataclass(frozen=True)
class BoxKeyedForm:
    """One paper form as one of two people keyed it, in the box until the close: a sealed and signed slip like any.

    `is_second_look` says that the person keyed it again after the two had differed.
    """

    keying: int
    is_second_look: bool
    slip: Slip

    @classmethod
    def read(cls, document: bytes) -> Self:
        """The form that was written so."""
        return cls(document[0], bool(document[1]), Slip.from_json(parse_canonical(document[2:])))

    def written(self) -> bytes:
        """The form as bytes."""
        return bytes([self.keying, self.is_second_look]) + canonical(self.slip.to_json())

    @property
    def place(self) -> bytes:
        """What it is known by in the box: one a slip and keying."""
        return self.slip.serial + bytes([self.keying])
