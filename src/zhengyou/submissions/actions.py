"""Entering for a unit what it handed in on paper; the unit's look at it; the end of an objection. Ballots are never entered for anybody."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from zhengyou.base.deeds import Referable, done, locked
from zhengyou.base.files import store_photo
from zhengyou.base.once import once_of
from zhengyou.base.time import local_day
from zhengyou.organisations.models import Organisation, Person
from zhengyou.submissions import rules
from zhengyou.submissions.models import Submission, SubmissionThing


@dataclass(frozen=True)
class HandedIn:
    """How something came: on paper, by phone or by word of mouth; on which day; a photo of the paper, if there is one."""

    how: str
    on: date
    photo: bytes | None = None


@transaction.atomic
def enter_for_unit(
    *,
    organisation: Organisation,
    what: str,
    text: str,
    came: HandedIn,
    deed: Callable[..., object],
    ticket: uuid.UUID | None,
    at: datetime,
    by: Person,
    beside: str = "",
) -> Submission:
    """Do for a unit what `deed` does: an action of its own room that asks for the level above with `as_clerk`.

    All of it or nothing. The same `text`, with the same `beside` it, and the same `ticket` is one. Raises RoleRefused for whoever is
    not of a level above, SubmissionRefused, NotAPhoto, and what the deed raises.
    """
    day = local_day(at)
    rules.check_may_enter(by, organisation, what, day)
    rules.check_handed_in(came.on, day)
    unit = locked(organisation)  # the same form twice waits here
    once = once_of(ticket, unit.reference, what, text, beside)
    if known := Submission.objects.filter(once=once).first():
        return known
    things = _references(deed(at=at, by=by)) or [unit.reference]
    row = Submission.objects.create(
        organisation=unit,
        what=what,
        text=text.strip()[:300],
        how=came.how,
        handed_in_on=came.on,
        photo=store_photo(came.photo, at=at) if came.photo else None,
        once=once,
        entered_at=at,
        entered_by=by,
    )
    SubmissionThing.objects.bulk_create(SubmissionThing(submission=row, about=one) for one in things)
    about = things[0] if len(things) == 1 else unit
    done("submissions.enter_for_unit", about, at=at, by=by, on_behalf_of=unit, how=came.how, on=came.on)
    return row


def _references(made: object) -> list[str]:
    """What a deed of another room made, as far as it can be named: one thing, or several in a list."""
    rows = made if isinstance(made, list) else [made]
    return [one.reference for one in rows if isinstance(one, Referable)]


@transaction.atomic
def agree(*, submission: Submission, at: datetime, by: Person) -> Submission:
    """The unit's secretary finds it as it was handed in. Raises RoleRefused, SubmissionRefused."""
    row = locked(submission, "organisation")
    rules.check_may_look(row, by, local_day(at))
    row.agreed_at, row.looked_by = at, by
    row.save(update_fields=["agreed_at", "looked_by"])
    done("submissions.agree", row.organisation, at=at, by=by, submission=row)
    return row


@transaction.atomic
def object_to(*, submission: Submission, objection: str, at: datetime, by: Person) -> Submission:
    """The unit's secretary says what is not as it was handed in; the level above is asked. Raises RoleRefused, SubmissionRefused."""
    row = locked(submission, "organisation")
    rules.check_may_look(row, by, local_day(at))
    row.objection, row.objected_at, row.looked_by = rules.check_objection(objection), at, by
    row.save(update_fields=["objection", "objected_at", "looked_by"])
    done("submissions.object_to", row.organisation, at=at, by=by, submission=row)
    return row


@transaction.atomic
def settle(*, submission: Submission, settlement: str, at: datetime, by: Person) -> Submission:
    """The level above says what was done about an objection. Raises RoleRefused, SubmissionRefused."""
    row = locked(submission, "organisation")
    row.settlement = rules.check_may_settle(row, by, local_day(at), settlement)
    row.settled_at, row.settled_by = at, by
    row.save(update_fields=["settlement", "settled_at", "settled_by"])
    done("submissions.settle", row.organisation, at=at, by=by, submission=row)
    return row
