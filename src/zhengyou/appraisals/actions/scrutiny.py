"""Scrutineers of a poll: registered before it opens, handed the openings after the close, and their signed word on the recount."""

from datetime import datetime
from pathlib import Path

from django.db import transaction

from zhengyou.appraisals import queries, rules
from zhengyou.appraisals.models import Poll, PollScrutineer, ScrutineerStatement
from zhengyou.appraisals.queries import scrutiny as scrutinies
from zhengyou.appraisals.rules import scrutiny as scrutiny_rules
from zhengyou.base import journal
from zhengyou.organisations.models import Person


@transaction.atomic
def register_scrutineer(*, poll: Poll, person: Person, at: datetime, by: Person) -> PollScrutineer:
    """Register a scrutineer from outside for a drafted poll; twice is once. Raises PollRefused or ConcernRefused."""
    row = Poll.objects.select_for_update().get(pk=poll.pk)
    rules.check_drafted(row)
    rules.check_is_not_concerned(row, by, at)
    scrutiny_rules.check_may_scrutinise(row, person, at)
    registered, is_new = PollScrutineer.objects.get_or_create(poll=row, person=person, defaults={"registered_at": at})
    if is_new:
        payload, about = {"scrutineer": person.reference}, row.reference
        journal.record(deed="appraisals.register_scrutineer", subject=about, by=by.reference, at=at, payload=payload)
    return registered


@transaction.atomic
def dismiss_scrutineer(*, poll: Poll, person: Person, at: datetime, by: Person) -> None:
    """Take a registration back while the poll is drafted. Raises PollRefused or ConcernRefused."""
    row = Poll.objects.select_for_update().get(pk=poll.pk)
    rules.check_drafted(row)
    rules.check_is_not_concerned(row, by, at)
    if PollScrutineer.objects.filter(poll=row, person=person).delete()[0]:
        payload, about = {"scrutineer": person.reference}, row.reference
        journal.record(deed="appraisals.dismiss_scrutineer", subject=about, by=by.reference, at=at, payload=payload)


@transaction.atomic
def hand_over_openings(*, poll: Poll, at: datetime, by: Person) -> Path:
    """Where the openings of a closed poll lie, for one of its scrutineers; put on record each time. Raises ScrutinyRefused."""
    registered = scrutiny_rules.check_is_registered(scrutinies.registration_of(poll, by), poll)
    if registered.handed_at is None:
        registered.handed_at = at
        registered.save(update_fields=["handed_at"])
    about = poll.reference
    journal.record(deed="appraisals.hand_over_openings", subject=about, by=by.reference, at=at)
    return queries.openings_file(poll)


@transaction.atomic
def sign_recount(*, poll: Poll, is_agreed: bool, remark: str, at: datetime, by: Person) -> ScrutineerStatement:
    """A scrutineer's word on the recount of the record as it stands, public at once and for good. Raises ScrutinyRefused."""
    row = Poll.objects.select_for_update().get(pk=poll.pk)
    registered = scrutiny_rules.check_is_registered(scrutinies.registration_of(row, by), row)
    is_signed = ScrutineerStatement.objects.filter(poll=row, person=by).exists()
    scrutiny_rules.check_may_sign(registered, is_signed, is_agreed=is_agreed, remark=remark)
    said = "" if is_agreed else remark.strip()
    statement = ScrutineerStatement.objects.create(
        poll=row, person=by, record_fingerprint=row.record_fingerprint, is_agreed=is_agreed, remark=said, signed_at=at
    )
    payload = {"is_agreed": is_agreed, "record": row.record_fingerprint, "remark": said}
    journal.record(deed="appraisals.sign_recount", subject=row.reference, by=by.reference, at=at, payload=payload)
    return statement
