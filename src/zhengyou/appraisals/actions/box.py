"""The box and the locks around it: opening, casting, closing, voiding and destroying exclude each other where they must."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connections, transaction

from zhengyou.appraisals.models import BoxKeyedForm, BoxPaperSlip, BoxSlip, LineKey, Round, VoterPool


def hold_box_open(*, exclusive: bool = False) -> None:
    """Opening a round and destroying the box exclude each other."""
    lock = "pg_advisory_xact_lock" if exclusive else "pg_advisory_xact_lock_shared"
    with connections["default"].cursor() as cursor:
        cursor.execute(f"SELECT {lock}(hashtext('appraisals.box'))")


def lock_box(round_: Round, *, exclusive: bool = False) -> None:
    """Ballots hold this lock together, the close holds it alone: no slip is acknowledged that the close does not see."""
    lock = "pg_advisory_xact_lock" if exclusive else "pg_advisory_xact_lock_shared"
    with connections["box"].cursor() as cursor:
        cursor.execute(f"SELECT {lock}(%s)", [int.from_bytes(round_.key.bytes[:8], "big", signed=True)])


def empty_box(*, rounds: list[UUID]) -> None:
    """Delete whatever the box holds of these rounds."""
    for model in (BoxSlip, BoxPaperSlip, BoxKeyedForm):
        model.objects.filter(round__in=rounds).delete()


def destroy_keys(*, round_: Round) -> None:
    """Destroy the private keys of a round's pools and lines, and what was told of its turnout."""
    VoterPool.objects.filter(round=round_).update(closing_key=None, turnout_shown=None, turnout_shown_at=None)
    LineKey.objects.filter(pool__round=round_).update(private_key=None)


@contextmanager
def house_and_box(round_: Round) -> Iterator[None]:
    """One act in both databases, excluded by the close. The box commits first: what is done again must be the same there."""
    with transaction.atomic(), transaction.atomic(using="box"):
        lock_box(round_)
        yield
