"""Opening and closing windows, taking marks, printing one-time codes, looking into what is odd."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from zhengyou.base import codes
from zhengyou.base.deeds import done, locked
from zhengyou.base.entries import OFFICE, UNIT, Public
from zhengyou.base.once import once_of
from zhengyou.base.time import local_day, start_of_day, week_of
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import Cycle
from zhengyou.campaigns.ruleset import ServiceStep
from zhengyou.cases import actions as cases
from zhengyou.cases.models import Case
from zhengyou.identity import rules as identity_rules
from zhengyou.organisations import actions as organisation_actions
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Person, Post
from zhengyou.remarks import actions as remarks
from zhengyou.remarks.actions import Passage
from zhengyou.remarks.models import Remark
from zhengyou.remarks.rules import Arrival
from zhengyou.windows import queries, rules
from zhengyou.windows.models import (
    CodeSheet,
    MarkTally,
    ReasonTally,
    ServicePoint,
    Way,
    WindowCode,
    WindowFlag,
    WindowWatch,
    WindowWords,
)

CODE = "window code"  # what the digest of a one-time code is bound to
# One statement each, as a burst holds the row of its window and day: the first mark of a day begins it, and is told so.
WATCH = """
    INSERT INTO {table} (window_id, day, way, run, praise, praise_late) VALUES (%s, %s, %s, %s, %s, %s)
    ON CONFLICT (window_id, day, way) DO UPDATE SET
        run = CASE WHEN excluded.run = 1 THEN {table}.run + 1 ELSE 0 END,
        praise = {table}.praise + excluded.praise, praise_late = {table}.praise_late + excluded.praise_late
    RETURNING run, praise, praise_late, xmax = 0
"""
FLAG = """
    INSERT INTO {table} (window_id, day, way, kind, count, finding) VALUES (%s, %s, %s, %s, %s, '')
    ON CONFLICT (window_id, day, way, kind) DO UPDATE SET
        count = CASE WHEN %s THEN {table}.count + 1 ELSE greatest({table}.count, excluded.count) END
"""


@dataclass(frozen=True)
class Given:
    """What became of a mark: its way, the same for every slip, fresh or used; whether it came in a burst, which is not told to whoever
    used a slip; and its words: shown after a look, or a case with its code.
    """

    way: str
    is_burst: bool
    remark: Remark | None = None
    case_code: str = ""


@transaction.atomic
def open_point(
    *, organisation: Organisation, name: str, what: str, place: str, closes_at: time | None, opened_on: date,
    at: datetime, by: Person, ticket: uuid.UUID | None = None,
) -> ServicePoint:  # fmt: skip
    """Open a window of this unit. Sent twice is once.

    Its day ends as somebody from elsewhere last said of the unit's windows: a window that is closed and entered anew keeps the hour.
    Raises RoleRefused, OutsideRefused, WindowRefused.
    """
    day, unit = local_day(at), locked(organisation)
    rules.check_keeps(by, unit, day)
    texts = rules.check_point(name=name, what=what, place=place)
    rules.check_opens(opened_on, day)
    known = queries.hour_of(unit, day)
    rules.check_closing(unit, known, closes_at or known, by, day)
    once = once_of(ticket, unit.reference, *texts.values())
    if row := ServicePoint.objects.filter(once=once).first():
        return row
    rules.check_name_is_free(_open_in(unit).filter(name=texts["name"]).exists())
    hours = {"closes_at": closes_at or known, "opened_on": opened_on}
    row = ServicePoint.objects.create(organisation=unit, once=once, **hours, **texts)
    _make_findable(row)
    told = {"window": row.code, "name": row.name, "what": row.what, "opened_on": opened_on}
    done("windows.open_point", row, at=at, by=by, public=_told(row, by, day, told), name=row.name)
    return row


@transaction.atomic
def change_point(
    *, point: ServicePoint, name: str, what: str, place: str, closes_at: time | None, opened_on: date, at: datetime,
    by: Person,
) -> ServicePoint:  # fmt: skip
    """Correct what a window says of itself; its address stays. Raises RoleRefused, WindowRefused."""
    row, day = _kept(point, at, by)
    rules.check_is_open(row)
    rules.check_closing(row.organisation, row.closes_at, closes_at, by, day)
    texts = rules.check_point(name=name, what=what, place=place)
    rules.check_opens(opened_on, day)
    rules.check_stays_open(row, opened_on, day)
    rules.check_name_is_free(_open_in(row.organisation).filter(name=texts["name"]).exclude(pk=row.pk).exists())
    for field, value in {**texts, "closes_at": closes_at, "opened_on": opened_on}.items():
        setattr(row, field, value)
    row.save()
    _make_findable(row)
    told = {"window": row.code, "name": row.name, "what": row.what, "opened_on": opened_on}
    done("windows.change_point", row, at=at, by=by, public=_told(row, by, day, told), name=row.name)
    return row


@transaction.atomic
def close_point(*, point: ServicePoint, on: date, because: str, at: datetime, by: Person) -> ServicePoint:
    """Close a window from this day, with a reason that everybody reads. Raises RoleRefused, WindowRefused."""
    row, day = _kept(point, at, by)
    row.closed_because = rules.check_close(row, on, because, day)
    row.closed_on = on
    row.save(update_fields=["closed_on", "closed_because"])
    _make_findable(row)
    told = {"window": row.code, "name": row.name, "on": on, "because": row.closed_because}
    done("windows.close_point", row, at=at, by=by, public=_told(row, by, day, told), name=row.name)
    return row


@transaction.atomic
def reopen_point(*, point: ServicePoint, at: datetime, by: Person) -> ServicePoint:
    """Undo a closing, within a day of it. Raises RoleRefused, WindowRefused."""
    row, day = _kept(point, at, by)
    rules.check_may_reopen(queries.closed_at(row), at)
    rules.check_name_is_free(_open_in(row.organisation).filter(name=row.name).exclude(pk=row.pk).exists())
    row.closed_on, row.closed_because = None, ""
    row.save(update_fields=["closed_on", "closed_because"])
    _make_findable(row)
    told = {"window": row.code, "name": row.name}
    done("windows.reopen_point", row, at=at, by=by, public=_told(row, by, day, told), name=row.name)
    return row


@transaction.atomic
def give_mark(
    *, point: ServicePoint, step: str, at: datetime, arrival: Arrival | None, reasons: Collection[str] = (),
    words: str = "", contact: str = "", code: str = "", is_at_counter: bool = False, calendar: Calendar | None = None,
) -> Given:  # fmt: skip
    """Take a mark that somebody gave at a window: one more in a count, at once. Only its words wait for a look.

    A bad one with words, or a way to reach its giver, becomes a case; the way is kept for nothing else. Sent twice is once. What
    comes in a burst is counted apart, and so is what comes with a slip that was used before: nothing tells its giver which it was.
    At a device of the counter no words, contact or code are taken. The journal holds no mark. `calendar` is the window's, where it was
    read for this request already.
    Raises WindowRefused, RemarkRefused, CaseRefused.
    """
    cycle = rules.check_takes_marks(point, calendar or queries.calendar_of(point), local_day(at)).cycle
    mark = rules.check_mark(cycle.ruleset, step, reasons)
    rules.check_length(words, contact)
    if is_at_counter:
        words = contact = code = ""
    content = "\0".join((step, *sorted(set(reasons)), words, contact, code, str(is_at_counter)))
    is_first = remarks.is_first_time(arrival=arrival, content=content, at=at, subject=point)
    way = Way.COUNTER if is_at_counter else Way.CODED if codes.plain(code) else Way.PHONE
    if not is_first:
        return _said(point, cycle, mark, words, contact, arrival, Given(way, is_burst=False), at)
    counted_as = _use_slip(point, code) if way == Way.CODED else way
    passage = _let_in(point, counted_as, arrival, at)
    _count(point, cycle, mark, set(reasons), counted_as, local_day(at), is_burst=passage.is_flood)
    _watch(point, mark, counted_as, at, is_burst=passage.is_flood)
    return _said(point, cycle, mark, words, contact, arrival, Given(way, passage.is_flood), at, passage)


@transaction.atomic
def add_codes(*, point: ServicePoint, made: Sequence[str], at: datetime, by: Person) -> CodeSheet:
    """Let these fresh codes count once each at this window; they are kept as digests only. Raises RoleRefused, WindowRefused."""
    row, day = _kept(point, at, by)
    rules.check_is_open(row)
    rules.check_count(len(made))
    last = CodeSheet.objects.filter(window=row).aggregate(last=Max("number"))["last"] or 0
    facts = {"made_on": day, "made_by": by, "is_own": rules.is_of_unit(by, row.organisation, day)}
    sheet = CodeSheet.objects.create(window=row, number=last + 1, count=len(made), **facts)
    WindowCode.objects.bulk_create(WindowCode(sheet=sheet, digest=_digest(row, one)) for one in made)
    done("windows.add_codes", row, at=at, by=by, sheet=sheet.number, count=len(made))
    return sheet


@transaction.atomic
def give_tablet(*, point: ServicePoint, secret: str, at: datetime, by: Person) -> ServicePoint:
    """Let the counter's own device open its page by this fresh secret alone, kept as a digest; an earlier one opens nothing any more.

    The campaign office gives it, and not the unit. Raises RoleRefused, WindowRefused.
    """
    row, day = _of_office(point, at, by)
    rules.check_is_open(row)
    row.tablet, row.tablet_on = rules.tablet_digest(secret), day
    row.save(update_fields=["tablet", "tablet_on"])
    done("windows.give_tablet", row, at=at, by=by, public=_told(row, by, day, {"window": row.code, "name": row.name}))
    return row


@transaction.atomic
def take_tablet(*, point: ServicePoint, at: datetime, by: Person) -> ServicePoint:
    """From now on no device of the counter takes marks. Twice is harmless. Raises RoleRefused."""
    row, day = _of_office(point, at, by)
    if row.tablet is not None:
        row.tablet = row.tablet_on = None
        row.save(update_fields=["tablet", "tablet_on"])
        told = {"window": row.code, "name": row.name}
        done("windows.take_tablet", row, at=at, by=by, public=_told(row, by, day, told))
    return row


@transaction.atomic
def settle_flag(*, flag: WindowFlag, finding: str, at: datetime, by: Person) -> WindowFlag:
    """Say what was found about something odd. The unit reads it. Raises RoleRefused, WindowRefused."""
    row = locked(flag, "window__organisation__parent")
    rules.check_may_settle(row, by, local_day(at))
    row.finding = rules.check_finding(row, finding)
    row.settled_on, row.settled_by = local_day(at), by
    row.save(update_fields=["finding", "settled_on", "settled_by"])
    done("windows.settle_flag", row, at=at, by=by, finding=row.finding, window=row.window)
    return row


@transaction.atomic
def flag_weeks(*, at: datetime) -> int:
    """Flag what is odd about weeks that are over, of all windows of a unit together: nearly only praise, slips used a second time. What
    a day does not show is seen so: praise given slowly, or spread over several windows. How many; idempotent, for the worker.
    """
    found = queries.odd_weeks(local_day(at))
    known = set(
        WindowFlag.objects.filter(day__in={row[1] for row in found}).values_list("window", "day", "way", "kind")
    )
    new = [row for row in found if row[:4] not in known]
    names = ("window_id", "day", "way", "kind", "count")
    rows = [WindowFlag(**dict(zip(names, row, strict=True))) for row in new]
    WindowFlag.objects.bulk_create(rows, ignore_conflicts=True)
    return len(found)


def forget_watches(*, at: datetime) -> int:
    """Drop what was noted on earlier days to find oddities; how many. Idempotent, for the worker."""
    dropped, _tables = WindowWatch.objects.filter(day__lt=local_day(at)).delete()
    return dropped


def _kept(point: ServicePoint, at: datetime, by: Person) -> tuple[ServicePoint, date]:
    row, day = locked(point, "organisation"), local_day(at)
    rules.check_keeps(by, row.organisation, day)
    return row, day


def _of_office(point: ServicePoint, at: datetime, by: Person) -> tuple[ServicePoint, date]:
    row, day = locked(point, "organisation"), local_day(at)
    identity_rules.check_is_office_of(by, row.organisation, day)
    return row, day


def _open_in(unit: Organisation) -> Any:
    return ServicePoint.objects.filter(organisation=unit, closed_on=None)


def _make_findable(row: ServicePoint) -> None:
    organisation_actions.make_findable(queries.searchable([row]))


def _told(row: ServicePoint, by: Person, day: date, content: dict[str, Any]) -> Public:
    is_own = organisations.holds_post(by, Post.Role.SECRETARY, row.organisation, day)
    return Public(content, about=row.organisation.public_reference, by=UNIT if is_own else OFFICE)


def _digest(point: ServicePoint, code: str) -> str:
    return codes.digest(f"{CODE} {point.code}", code)


def _use_slip(point: ServicePoint, code: str) -> str:
    """Use the slip of this code; the way in which its mark counts. Raises WindowRefused where this window has no such slip."""
    slip = WindowCode.objects.filter(digest=_digest(point, code)).values_list("pk", "sheet__is_own").first()
    if slip is None:
        raise rules.code_refused()
    pk, is_own = slip
    if not WindowCode.objects.filter(pk=pk, is_used=False).update(is_used=True):
        return Way.AGAIN
    return Way.OWN if is_own else Way.CODED


def _let_in(point: ServicePoint, way: str, arrival: Arrival | None, at: datetime) -> Passage:
    """A fresh slip lets one mark in, whatever else comes; everything else passes a door, which notices bursts: one for phones, one for
    the counter's own device and one for slips that were used before, so that neither sets aside what phones send.
    """
    if way in (Way.CODED, Way.OWN):
        return Passage(is_solved=True, is_flood=False)
    return remarks.pass_door(subject=point, arrival=arrival, at=at, door="" if way == Way.PHONE else f":{way}")


def _count(
    point: ServicePoint, cycle: Cycle, mark: ServiceStep, reasons: Iterable[str], way: str, day: date, *, is_burst: bool
) -> None:
    week = week_of(day)
    _one_more(MarkTally, window=point.pk, cycle=cycle.pk, week_on=week, way=str(way), is_burst=is_burst, step=mark.id)
    for reason in sorted(reasons):
        is_bad = mark.value < 0
        _one_more(
            ReasonTally,
            window=point.pk,
            cycle=cycle.pk,
            week_on=week,
            is_burst=is_burst,
            is_bad=is_bad,
            reason=reason,
        )


def _one_more(model: Any, **key: Any) -> None:
    """One more in a count, begun where there is none; two at one moment are two."""
    quote = connection.ops.quote_name
    names = [model._meta.get_field(name).column for name in key]
    columns = ", ".join(map(quote, names))
    statement = (
        f"INSERT INTO {quote(model._meta.db_table)} ({columns}, count) VALUES ({', '.join(['%s'] * len(key))}, 1) "
        f"ON CONFLICT ({columns}) DO UPDATE SET count = {quote(model._meta.db_table)}.count + 1"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, list(key.values()))


def _said(
    point: ServicePoint, cycle: Cycle, mark: ServiceStep, words: str, contact: str, arrival: Arrival | None,
    given: Given, at: datetime, passage: Passage | None = None,
) -> Given:  # fmt: skip
    """What was said beside a mark. Without a `passage` the form came before, and what it made is found again."""
    if mark.value < 0 and (words.strip() or contact.strip()):
        code = _become_case(point, cycle, words, contact, arrival, given, at)
        return replace(given, case_code=code)
    if not words.strip():
        return given
    remark = remarks.take_remark(
        subject=point,
        heading=point.name,
        kind=queries.REMARK,
        cycle=cycle,
        organisation=point.organisation,
        words=words,
        arrival=arrival,
        beside=mark.id,
        passage=passage,
        by_chance=True,
        at=at,
    )
    WindowWords.objects.get_or_create(remark=remark, defaults={"window": point, "step": mark.id})
    if passage:
        done("windows.give_mark", point, at=start_of_day(at), by=None, remark=remark.pk)
    return replace(given, remark=remark)


def _become_case(
    point: ServicePoint, cycle: Cycle, words: str, contact: str, arrival: Arrival | None, given: Given, at: datetime
) -> str:
    """The code by which whoever gave a bad mark follows what comes of it. What came in a burst is marked so there too."""
    ticket = arrival.ticket if arrival and arrival.ticket else uuid.uuid4()
    made = cases.receive_case(
        kind=rules.case_kind(cycle.ruleset),
        unit=point.organisation,
        words=words,
        contact=contact,
        source=Case.Source.WINDOW,
        window_words=point.name,
        ticket=uuid.uuid5(ticket, point.reference),
        cycle=cycle,
        arrival=Arrival(ticket) if given.is_burst else None,
        at=at,
    )
    return made.code


def _watch(point: ServicePoint, mark: ServiceStep, way: str, at: datetime, *, is_burst: bool) -> None:
    """Note what may be odd, and flag what is. Holds the day's row until the transaction ends."""
    day, is_praise = local_day(at), mark.value == queries.BEST
    is_late = is_praise and rules.is_late(point.closes_at, at)
    with connection.cursor() as cursor:
        statement = WATCH.format(table=connection.ops.quote_name(WindowWatch._meta.db_table))
        cursor.execute(statement, [point.pk, day, str(way), int(is_praise), int(is_praise), int(is_late)])
        run, praise, praise_late, is_new = cursor.fetchone()
    if is_new:
        WindowWatch.objects.filter(window=point, day__lt=day).delete()
    kinds = WindowFlag.Kind
    if run >= rules.LONG_RUN:
        _flag(point, day, way, kinds.RUN, run)
    if praise_late >= rules.MANY_LATE and praise_late * 2 > praise:
        _flag(point, day, way, kinds.CLOSING, praise_late)
    if is_burst:
        _flag(point, day, way, kinds.BURST, 0)


def _flag(point: ServicePoint, day: date, way: str, kind: str, count: int) -> None:
    """Raise a flag, or its count: to this number, or, where it is 0, by one."""
    with connection.cursor() as cursor:
        statement = FLAG.format(table=connection.ops.quote_name(WindowFlag._meta.db_table))
        cursor.execute(statement, [point.pk, day, str(way), str(kind), count or 1, count == 0])
