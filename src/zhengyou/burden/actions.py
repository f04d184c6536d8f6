"""Asking: put on record what a stage or a poll asks of units and members, unless it passes the cap."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from zhengyou.base import locks
from zhengyou.base.deeds import Referable, done
from zhengyou.burden import rules
from zhengyou.burden.models import Ask
from zhengyou.burden.rules import Asking, Cap
from zhengyou.organisations.models import Person


@transaction.atomic
def ask(*, asked: Sequence[Asking], about: Referable, cap: Cap, at: datetime, by: Person | None) -> list[Ask]:
    """Ask all of it or nothing; two who ask at once are told apart. Raises BurdenRefused with what used the cap up.

    Forms that are not counted are left out. `about` asks each form of a unit once a month.
    """
    locks.alone(locks.ASKS)
    rules.check_may_ask(asked, cap)
    rows = [
        Ask(
            form=one.form.slug,
            organisation=one.organisation,
            is_for_all_below=one.is_for_all_below,
            month=one.month,
            minutes=one.minutes,
            about=about.reference,
            asked_at=at,
        )
        for one in asked
        if one.form.is_counted and one.minutes
    ]
    Ask.objects.bulk_create(rows, batch_size=2000)
    if rows:
        forms = {
            form: sum(row.minutes for row in rows if row.form == form) for form in sorted({row.form for row in rows})
        }
        done("burden.ask", about, at=at, by=by, forms=forms)
    return rows
