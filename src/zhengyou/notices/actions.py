"""Publishing a notice, and leading an objection from its arrival to its answer."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import rfc8785
from django.db import transaction
from django.db.models import Max

from zhengyou.base import journal
from zhengyou.base.time import local_day
from zhengyou.identity import queries as identity
from zhengyou.identity import rules as identity_rules
from zhengyou.notices import queries, rules
from zhengyou.notices.models import Notice, NoticeCounter, Objection
from zhengyou.organisations.models import Person


@dataclass(frozen=True)
class FiledObjection:
    """An objection and the code by which its answer is found: only here can the code be read."""

    objection: Objection
    code: str


@transaction.atomic
def publish_notice(
    *,
    subject: str,
    title: str,
    basis: str,
    route: str,
    snapshot: dict[str, Any],
    receiving_body: str,
    phone: str,
    mail: str,
    address: str,
    working_days: int,
    at: datetime,
    by: Person,
) -> Notice:
    """Publish a numbered notice; its clock starts on the next working day and stops at 24:00 of the last one.

    The snapshot is frozen and fingerprinted (SHA-256 of its canonical JSON). Raises RoleRefused, and NoticeRefused for a
    subject that already has a notice, a missing line, a bad snapshot or a bad number of days.
    """
    day = local_day(at)
    identity_rules.check_is_office(by, day)
    counter = _locked_counter(day.year)
    texts = {"title": title, "basis": basis, "route": route}
    texts |= {"receiving_body": receiving_body, "phone": phone, "address": address}
    rules.check_may_publish(
        texts=texts, mail=mail, snapshot=snapshot, working_days=working_days, already=queries.notice_on(subject)
    )
    said = {field: text.strip() for field, text in {**texts, "mail": mail}.items()}
    row = Notice(
        subject=subject, snapshot=snapshot, working_days=working_days, published_at=at, published_by=by, **said
    )
    row.fingerprint = hashlib.sha256(rfc8785.dumps(snapshot)).hexdigest()
    _start_clock(row, day)
    _save_numbered(row, counter)
    journal.record(
        deed="notices.publish_notice",
        subject=row.reference,
        by=by.reference,
        at=at,
        payload={
            "number": f"{row.year}-{row.number}",
            "subject": subject,
            "ends_on": str(row.ends_on),
            "snapshot": row.fingerprint,
        },
    )
    return row


@transaction.atomic
def file_objection(
    *,
    notice: Notice,
    nominee: str,
    content: str,
    name: str,
    contact: str,
    ticket: str,
    at: datetime,
    way: str = Objection.Way.FORM,
    arrived_at: datetime | None = None,
    by: Person | None = None,
) -> FiledObjection:
    """Take an objection to a nominee (its key) or to the whole (''). The office files for those who call or write.

    The lookup code follows from `ticket`, a random text made with the form, so that sending the same form twice gives the
    same objection and the same code. Raises ObjectionRefused; another text under a used ticket is refused as well.
    """
    came_at = arrived_at or at
    locked = Notice.objects.select_for_update().get(pk=notice.pk)
    if by is not None:
        identity_rules.check_is_office(by, local_day(at))
    rules.check_may_object(locked, nominee=nominee, content=content, arrived_at=came_at, at=at)
    rules.check_objector(name, contact)
    code = queries.lookup_code(ticket)
    lookup = identity.code_digest(queries.LOOKUP, code)
    known = Objection.objects.filter(lookup=lookup).first()
    if known is not None:
        rules.check_is_same_objection(known, notice=locked, nominee=nominee, content=content)
        return FiledObjection(known, code)
    row = Objection.objects.create(
        notice=locked,
        number=_next_number(locked),
        nominee=nominee,
        content=content.strip(),
        name=name.strip(),
        contact=contact.strip(),
        way=way,
        lookup=lookup,
        arrived_at=came_at,
    )
    journal.record(
        deed="notices.file_objection", subject=row.reference, by=by.reference if by else "", at=at, payload={"way": way}
    )
    return FiledObjection(row, code)


@transaction.atomic
def register_objection(*, objection: Objection, at: datetime, by: Person) -> Objection:
    """Enter a received objection in the docket. Raises ObjectionRefused, OutsiderRefused, RoleRefused."""
    row = _locked_for(objection, at, by)
    rules.check_may_register(row)
    row.state, row.registered_at = Objection.State.REGISTERED, at
    return _saved(row, "register_objection", at, by)


@transaction.atomic
def record_check(*, objection: Objection, checker: Person, finding: str, at: datetime, by: Person) -> Objection:
    """Record who checked an objection and what they found.

    Raises OutsiderRefused if the checker does not come from outside the nominee, ObjectionRefused, RoleRefused.
    """
    row = _locked_for(objection, at, by)
    rules.check_may_check(row, finding)
    rules.check_is_outside(checker, queries.nominee_organisations(row), local_day(at))
    row.state, row.checked_at, row.checked_by, row.finding = Objection.State.CHECKED, at, checker, finding.strip()
    return _saved(row, "record_check", at, by, checker=checker.reference)


@transaction.atomic
def rule_on_objection(*, objection: Objection, is_upheld: bool, at: datetime, by: Person) -> Objection:
    """Uphold a checked objection (its nominee can no longer be commended) or not. Raises as `register_objection` does."""
    row = _locked_for(objection, at, by)
    rules.check_may_rule(row)
    row.state, row.ruled_at, row.is_upheld = Objection.State.RULED, at, is_upheld
    return _saved(row, "rule_on_objection", at, by, is_upheld=is_upheld)


@transaction.atomic
def answer_objection(*, objection: Objection, answer: str, at: datetime, by: Person) -> Objection:
    """Answer an objection: it is closed, and whoever has its code reads the answer. Raises as `register_objection` does."""
    row = _locked_for(objection, at, by)
    rules.check_may_answer(row, answer)
    row.state, row.answered_at, row.answer = Objection.State.ANSWERED, at, answer.strip()
    return _saved(row, "answer_objection", at, by)


def _locked_counter(year: int) -> NoticeCounter:
    NoticeCounter.objects.get_or_create(year=year)
    return NoticeCounter.objects.select_for_update().get(year=year)


def _start_clock(row: Notice, day: date) -> None:
    last = queries.last_day(day, row.working_days)
    row.ends_on, row.closes_at = last.ends_on, rules.end_of(last.ends_on)
    row.is_by_official_calendar = last.is_by_official_calendar


def _save_numbered(row: Notice, counter: NoticeCounter) -> None:
    """Give the year's next number to the notice; the locked counter lets nobody else take it."""
    counter.last += 1
    counter.save(update_fields=["last"])
    row.year, row.number = counter.year, counter.last
    row.save()


def _next_number(notice: Notice) -> int:
    return (Objection.objects.filter(notice=notice).aggregate(n=Max("number"))["n"] or 0) + 1


def _locked_for(objection: Objection, at: datetime, by: Person) -> Objection:
    """The objection, locked, for an office person from outside its nominee."""
    day = local_day(at)
    identity_rules.check_is_office(by, day)
    row = Objection.objects.select_for_update(of=["self"]).select_related("notice").get(pk=objection.pk)
    rules.check_is_outside(by, queries.nominee_organisations(row), day)
    return row


def _saved(row: Objection, deed: str, at: datetime, by: Person, **said: Any) -> Objection:
    row.save()
    journal.record(deed=f"notices.{deed}", subject=row.reference, by=by.reference, at=at, payload=said)
    return row
