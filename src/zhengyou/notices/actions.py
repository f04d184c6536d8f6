"""Publishing a notice, and leading an objection from its arrival to its answer."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import rfc8785
from django.db import transaction
from django.db.models import Max, QuerySet

from zhengyou.base import addenda, codes
from zhengyou.base.addenda import Correction
from zhengyou.base.deeds import done, locked
from zhengyou.base.entries import Erasable, Public
from zhengyou.base.numbers import next_number
from zhengyou.base.time import local_day
from zhengyou.identity import rules as identity_rules
from zhengyou.notices import queries, rules
from zhengyou.notices.models import Notice, Objection, ObjectionCode
from zhengyou.organisations import actions as organisation_actions
from zhengyou.organisations.models import Person
from zhengyou.remarks import actions as remarks
from zhengyou.remarks.rules import Arrival, fold_of

NUMBERED_AS = "notice"


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
    number = next_number(
        NUMBERED_AS, day.year
    )  # first, so that a second notice on the subject waits and is then refused
    rules.check_may_publish(snapshot=snapshot, working_days=working_days, already=queries.notice_on(subject))
    texts = rules.check_notice_texts(
        mail=mail, title=title, basis=basis, route=route, receiving_body=receiving_body, phone=phone, address=address
    )
    row = Notice(
        subject=subject, snapshot=snapshot, working_days=working_days, published_at=at, published_by=by, **texts
    )
    row.fingerprint = hashlib.sha256(rfc8785.dumps(snapshot)).hexdigest()
    _start_clock(row, day)
    row.year, row.number = day.year, number
    row.save()
    organisation_actions.make_findable(queries.searchable([row]))
    facts = {"number": f"{row.year}-{row.number}", "ends_on": row.ends_on, "snapshot": row.fingerprint}
    public = Public({"year": row.year, "number": row.number, **queries.public_facts(row)})
    done("notices.publish_notice", row, at=at, by=by, public=public, subject=subject, **facts)
    return row


@transaction.atomic
def correct_notice(
    *,
    notice: Notice,
    texts: Mapping[str, str],
    why: str,
    at: datetime,
    by: Person,
    snapshot: dict[str, Any] | None = None,
    also: Iterable[Correction] = (),
) -> Notice:
    """Correct a published notice, with the reason: addenda beside the old wording, in public. A correction in substance (of
    anything but its title and basis; `also` are such that a higher room made) starts the clock anew, from today.

    `texts` are fields of the notice, `snapshot` the nominees as they shall stand. Raises NoticeRefused for a notice that was
    withdrawn or followed by its decision, for texts and nominees that cannot stand; AddendumRefused; RoleRefused.
    """
    day = local_day(at)
    identity_rules.check_is_office(by, day)
    row = locked(notice)
    rules.check_may_correct(row)
    given = rules.check_notice_texts(**({field: getattr(row, field) for field in rules.CORRECTABLE} | dict(texts)))
    changes = addenda.corrections({field: getattr(row, field) for field in given}, given)
    changes += [*rules.corrections_of_nominees(row.snapshot, snapshot), *also]
    why = addenda.check_corrects(changes, why)
    for field, text in given.items():
        setattr(row, field, text)
    if snapshot is not None:
        rules.check_snapshot(snapshot)
        row.snapshot, row.fingerprint = snapshot, hashlib.sha256(rfc8785.dumps(snapshot)).hexdigest()
    if rules.is_in_substance(changes):
        _start_clock(row, day)
        row.restarted_at = at
    row.save()
    organisation_actions.make_findable(queries.searchable([row]))
    written = addenda.add(row, changes, why=why, at=at, by=by)
    told: dict[str, Any] = {"year": row.year, "number": row.number, "ends_on": row.ends_on, "snapshot": row.fingerprint}
    public = addenda.public_of(written, is_public=not queries.names_people(row), **told)
    done("notices.correct_notice", row, at=at, by=by, public=public, parts=[one.part for one in changes])
    return row


@transaction.atomic
def withdraw_notice(*, notice: Notice, why: str, at: datetime, by: Person) -> Notice:
    """Withdraw a notice, with a reason that everybody reads; it stays on show, and no objection to it is taken any more.

    Raises NoticeRefused for one withdrawn or followed by its decision, RoleRefused.
    """
    identity_rules.check_is_office(by, local_day(at))
    row = locked(notice)
    rules.check_may_correct(row)
    row.withdrawn_at, row.withdrawal_reason = at, rules.check_withdrawal(why)
    row.save(update_fields=["withdrawn_at", "withdrawal_reason"])
    told: dict[str, Any] = {
        "year": row.year,
        "number": row.number,
        "why": Erasable(row.withdrawal_reason, is_public=True),
    }
    done("notices.withdraw_notice", row, at=at, by=by, public=Public(told), why=row.withdrawal_reason)
    return row


@transaction.atomic
def settle_notice(*, notice: Notice, at: datetime, by: Person) -> None:
    """What the notice announced is decided: from now on neither it nor a ruling is corrected. Twice is harmless."""
    row = locked(notice)
    if row.settled_at is None:
        row.settled_at = at
        row.save(update_fields=["settled_at"])
        done("notices.settle_notice", row, at=at, by=by)


@transaction.atomic
def correct_ruling(*, objection: Objection, is_upheld: bool, why: str, at: datetime, by: Person) -> Objection:
    """Turn a wrong ruling round, with the reason, by somebody from outside the nominee, until the decision follows.

    Whoever has the objection's code reads it. Raises ObjectionRefused, NoticeRefused, AddendumRefused, OutsiderRefused,
    RoleRefused.
    """
    row = _locked_for(objection, at, by)
    rules.check_is_undecided(row.notice)
    rules.check_is_ruled(row)
    changes = addenda.corrections({"ruling": _ruling(row.is_upheld)}, {"ruling": _ruling(is_upheld)})
    why = addenda.check_corrects(changes, why)
    row.is_upheld = is_upheld
    row.save(update_fields=["is_upheld"])
    written = addenda.add(row, changes, why=why, at=at, by=by)
    public = Public({"notice": [row.notice.year, row.notice.number], "is_upheld": is_upheld})
    done("notices.correct_ruling", row, at=at, by=by, public=public, addendum=written[0].number, is_upheld=is_upheld)
    return row


def _ruling(is_upheld: bool | None) -> str:
    return "upheld" if is_upheld else "not upheld"


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
    arrival: Arrival | None = None,
) -> FiledObjection:
    """Take an objection to a nominee (its reference) or to the whole (''). The office files for those who call or write.

    The lookup code follows from `ticket`, a random text made with the form, so that sending the same form twice gives the
    same objection and the same code. Equal objections from the form are one, each with a code of its own. The clock runs
    from arrival, also for what came in a flood (`arrival`: by the public door), which holds up nobody before somebody has
    looked. Raises ObjectionRefused, also for another text under a used ticket, and RoleRefused.
    """
    came_at = arrived_at or at
    row = locked(notice)
    if by is not None:
        identity_rules.check_is_office(by, local_day(at))
    rules.check_may_object(row, nominee=nominee, arrived_at=came_at, at=at)
    texts = rules.check_objection_texts(content=content, name=name, contact=contact)
    fold = fold_of(texts["content"], nominee, texts["name"], texts["contact"]) if arrival else None
    code = queries.lookup_code(ticket)
    known = queries.objection_with_code(code)
    if known is not None:
        rules.check_is_same_objection(known, notice=row, nominee=nominee, content=texts["content"], fold=fold)
        return FiledObjection(known, code)
    passage = remarks.pass_door(subject=row, arrival=arrival, at=at)
    objection = Objection.objects.filter(notice=row, fold=fold).first() if fold else None
    if objection is not None:
        _fold(objection, passage)
    else:
        made = texts | {"nominee": nominee, "way": way, "fold": fold, "is_from_flood": passage.is_flood}
        objection = Objection.objects.create(notice=row, number=_next_number(row), arrived_at=came_at, **made)
        done("notices.file_objection", objection, at=at, by=by, way=way)
    ObjectionCode.objects.create(objection=objection, lookup=codes.digest(queries.LOOKUP, code))
    return FiledObjection(objection, code)


@transaction.atomic
def register_objection(*, objection: Objection, at: datetime, by: Person) -> Objection:
    """Enter a received objection in the docket. Raises ObjectionRefused, OutsiderRefused, RoleRefused."""
    row = _locked_for(objection, at, by)
    rules.check_may_register(row)
    row.state, row.registered_at = Objection.State.REGISTERED, at
    row.save()
    done("notices.register_objection", row, at=at, by=by)
    return row


@transaction.atomic
def register_objections(*, objections: Iterable[Objection], at: datetime, by: Person) -> list[Objection]:
    """Enter many received objections in the docket, such as those of a flood; all of them or none. Raises as above."""
    return [register_objection(objection=row, at=at, by=by) for row in objections]


@transaction.atomic
def register_flood(*, notice: Notice, at: datetime, by: Person) -> int:
    """Enter all in the docket that came to a notice in a flood: people sent it. How many. Raises as `set_aside_flood` does."""
    rows = _locked_together(queries.flood_to(notice), at, by)
    rules.check_may_set_aside(rows)
    ids = [row.pk for row in rows]
    Objection.objects.filter(pk__in=ids).update(state=Objection.State.REGISTERED, registered_at=at)
    done("notices.register_flood", notice, at=at, by=by, objections=ids)
    return len(ids)


@transaction.atomic
def set_aside_objections(*, objections: Iterable[Objection], at: datetime, by: Person) -> int:
    """Set objections aside that came in a flood and that a program sent; all of them or none. How many.

    How many were set aside is public, and whoever has a code of one reads it. Raises ObjectionRefused, OutsiderRefused,
    RoleRefused.
    """
    rows = _locked_together(Objection.objects.filter(pk__in=[row.pk for row in objections]), at, by)
    return _set_aside(rows, at, by)


@transaction.atomic
def set_aside_flood(*, notice: Notice, at: datetime, by: Person) -> int:
    """Set all aside that came to a notice in a flood. How many. Raises as `set_aside_objections` does."""
    return _set_aside(_locked_together(queries.flood_to(notice), at, by), at, by)


@transaction.atomic
def put_back_objections(*, objections: Iterable[Objection], at: datetime, by: Person) -> int:
    """Let objections that were set aside wait for a look again; all of them or none. How many. Raises as above."""
    rows = _locked_together(Objection.objects.filter(pk__in=[row.pk for row in objections]), at, by)
    for row in rows:
        rules.check_may_put_back(row)
    return _put_back(rows, at, by)


@transaction.atomic
def record_check(*, objection: Objection, checker: Person, finding: str, at: datetime, by: Person) -> Objection:
    """Record who checked an objection and what they found.

    Raises OutsiderRefused if the checker does not come from outside the nominee, ObjectionRefused, RoleRefused.
    """
    row = _locked_for(objection, at, by)
    rules.check_may_check(row)
    finding = rules.check_finding(finding)
    rules.check_is_outside(checker, queries.nominee_organisations(row), local_day(at))
    row.state, row.checked_at, row.checked_by, row.finding = Objection.State.CHECKED, at, checker, finding
    row.save()
    done("notices.record_check", row, at=at, by=by, checker=checker)
    return row


@transaction.atomic
def rule_on_objection(*, objection: Objection, is_upheld: bool, at: datetime, by: Person) -> Objection:
    """Uphold a checked objection (its nominee can no longer be commended) or not. Raises as `register_objection` does."""
    row = _locked_for(objection, at, by)
    rules.check_may_rule(row)
    row.state, row.ruled_at, row.is_upheld = Objection.State.RULED, at, is_upheld
    row.save()
    public = Public({"notice": [row.notice.year, row.notice.number], "is_upheld": is_upheld})
    done("notices.rule_on_objection", row, at=at, by=by, public=public, is_upheld=is_upheld)
    return row


@transaction.atomic
def answer_objection(*, objection: Objection, answer: str, at: datetime, by: Person) -> Objection:
    """Answer an objection: it is closed, and whoever has its code reads the answer. Raises as `register_objection` does."""
    row = _locked_for(objection, at, by)
    rules.check_may_answer(row)
    row.state, row.answered_at, row.answer = Objection.State.ANSWERED, at, rules.check_answer(answer)
    row.save()
    done("notices.answer_objection", row, at=at, by=by)
    return row


def _fold(objection: Objection, passage: remarks.Passage) -> None:
    """One more of the same words. If it came alone, the one that waits as a flood, or was set aside as one, counts like any."""
    objection.times += 1
    is_cleared = objection.is_from_flood and not passage.is_flood
    if is_cleared:
        objection.is_from_flood = False
    if is_cleared and objection.state == Objection.State.SET_ASIDE:
        objection.state, objection.set_aside_at = Objection.State.RECEIVED, None
    objection.save(update_fields=["times", "is_from_flood", "state", "set_aside_at"])


def _locked_together(rows: QuerySet[Objection], at: datetime, by: Person) -> list[Objection]:
    """Many objections, held in one order, for an office person from outside the nominees of all of them."""
    day = local_day(at)
    identity_rules.check_is_office(by, day)
    held = list(rows.select_for_update(of=("self",)).select_related("notice").order_by("pk"))
    for row in {(row.notice_id, row.nominee): row for row in held}.values():
        rules.check_is_outside(by, queries.nominee_organisations(row), day)
    return held


def _set_aside(rows: list[Objection], at: datetime, by: Person) -> int:
    rules.check_may_set_aside(rows)
    ids = [row.pk for row in rows]
    Objection.objects.filter(pk__in=ids).update(state=Objection.State.SET_ASIDE, set_aside_at=at)
    for notice, numbers in _numbers_by_notice(rows):
        public = Public({"notice": [notice.year, notice.number], "objections": len(numbers)})
        done("notices.set_aside_objections", notice, at=at, by=by, public=public, numbers=numbers)
    return len(ids)


def _put_back(rows: list[Objection], at: datetime, by: Person) -> int:
    ids = [row.pk for row in rows]
    Objection.objects.filter(pk__in=ids).update(state=Objection.State.RECEIVED, set_aside_at=None)
    for notice, numbers in _numbers_by_notice(rows):
        public = Public({"notice": [notice.year, notice.number], "objections": len(numbers)})
        done("notices.put_back_objections", notice, at=at, by=by, public=public, numbers=numbers)
    return len(ids)


def _numbers_by_notice(rows: list[Objection]) -> list[tuple[Notice, list[int]]]:
    """The notices of these objections, each with the numbers of its own."""
    notices = {row.notice_id: row.notice for row in rows}
    return [(notice, [row.number for row in rows if row.notice_id == pk]) for pk, notice in sorted(notices.items())]


def _start_clock(row: Notice, day: date) -> None:
    last = queries.last_day(day, row.working_days)
    row.ends_on, row.closes_at = last.ends_on, rules.end_of(last.ends_on)
    row.is_by_official_calendar = last.is_by_official_calendar


def _next_number(notice: Notice) -> int:
    return (Objection.objects.filter(notice=notice).aggregate(n=Max("number"))["n"] or 0) + 1


def _locked_for(objection: Objection, at: datetime, by: Person) -> Objection:
    """The objection, locked, for an office person from outside its nominee."""
    day = local_day(at)
    identity_rules.check_is_office(by, day)
    row = locked(objection, "notice")
    rules.check_is_outside(by, queries.nominee_organisations(row), day)
    return row
