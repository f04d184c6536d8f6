"""The box and the locks around it: opening, casting, closing, voiding and destroying exclude each other where they must."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connections, transaction

from zhengyou.appraisals.models import BoxKeyedForm, BoxPaperSlip, BoxSlip, LineKey, Poll, VoterPool


def hold_box_open(*, exclusive: bool = False) -> None:
    """Opening a poll and destroying the box exclude each other."""
    lock = "pg_advisory_xact_lock" if exclusive else "pg_advisory_xact_lock_shared"
    with connections["default"].cursor() as cursor:
        cursor.execute(f"SELECT {lock}(hashtext('appraisals.box'))")


def lock_box(poll: Poll, *, exclusive: bool = False) -> None:
    """Ballots hold this lock together, the close holds it alone: no slip is acknowledged that the close does not see."""
    lock = "pg_advisory_xact_lock" if exclusive else "pg_advisory_xact_lock_shared"
    with connections["box"].cursor() as cursor:
        cursor.execute(f"SELECT {lock}(%s)", [int.from_bytes(poll.key.bytes[:8], "big", signed=True)])


def empty_box(*, polls: list[UUID]) -> None:
    """Delete whatever the box holds of these polls."""
    for model in (BoxSlip, BoxPaperSlip, BoxKeyedForm):
        model.objects.filter(poll__in=polls).delete()


def destroy_keys(*, poll: Poll) -> None:
    """Destroy the private keys of a poll's pools and lines, and what was told of its turnout."""
    VoterPool.objects.filter(poll=poll).update(closing_key=None, turnout_shown=None, turnout_shown_at=None)
    LineKey.objects.filter(pool__poll=poll).update(private_key=None)


@contextmanager
def house_and_box(poll: Poll) -> Iterator[None]:
    """One act in both databases, excluded by the close. The box commits first: what is done again must be the same there."""
    with transaction.atomic(), transaction.atomic(using="box"):
        lock_box(poll)
        yield
