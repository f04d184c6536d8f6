"""Taking words in by the one door, looking at them, hiding, showing, reporting and answering them. Nothing is ever deleted."""

import hashlib
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F, QuerySet

from zhengyou.base import numbers
from zhengyou.base.deeds import Referable, done, locked
from zhengyou.base.models import StoredFile
from zhengyou.base.once import once_of
from zhengyou.base.time import local_day
from zhengyou.campaigns.models import Cycle
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Person
from zhengyou.remarks import queries, rules
from zhengyou.remarks.models import Remark, Spent, Valve
from zhengyou.remarks.rules import Arrival

FILL = """
    INSERT INTO {table} (subject, is_solved, began_at, load) VALUES (%s, %s, %s, 1)
    ON CONFLICT (subject, is_solved, began_at) DO UPDATE SET load = {table}.load + 1 RETURNING load
"""
SPEND = "INSERT INTO {table} (digest, spent_on) VALUES (%s, %s) ON CONFLICT (digest) DO NOTHING"


@dataclass(frozen=True)
class Passage:
    """What the door found: whether a puzzle was solved for this, and whether too much comes at once."""

    is_solved: bool
    is_flood: bool


@transaction.atomic
def pass_door(*, subject: Referable, arrival: Arrival | None, at: datetime, door: str = "") -> Passage:
    """Let something about `subject` in: spend its solution, which is good once, and fill the subject's valve of its kind.

    What came with a solved puzzle and what came without have a valve each, and so has each `door` of a subject that has several,
    so that none holds back another. Nothing is ever refused here. Holds the valve until the transaction ends; writes no journal.
    """
    if arrival is None:
        return Passage(is_solved=True, is_flood=False)
    is_solved = bool(arrival.solution) and _spend(f"solution:{arrival.solution}", local_day(at))
    began_at, about = rules.valve_began(at), subject.reference + door
    with connection.cursor() as cursor:
        statement = FILL.format(table=connection.ops.quote_name(Valve._meta.db_table))
        cursor.execute(statement, [about, is_solved, began_at])
        [load] = cursor.fetchone()
    if load == 1:
        _forget(at)
    earlier = Valve.objects.filter(subject=about, is_solved=is_solved, began_at=began_at - rules.TEN_MINUTES)
    before = earlier.values_list("load", flat=True).first() or 0
    return Passage(is_solved, is_flood=rules.is_too_much(load, before, is_solved=is_solved, at=at))


@transaction.atomic
def is_first_time(*, arrival: Arrival | None, content: str, at: datetime, subject: Referable) -> bool:
    """Whether a form that leaves no row is here for the first time, and not sent twice. Other content under it is refused.

    Nothing is kept but digests of the form's random number, for some days. Raises RemarkRefused.
    """
    if arrival is None or arrival.ticket is None:
        return True
    form, day = f"counted:{arrival.ticket}:{subject.reference}", local_day(at)
    if _spend(form, day):
        return _spend(f"{form}:{content}", day)
    if not Spent.objects.filter(digest=hashlib.sha256(f"{form}:{content}".encode()).hexdigest()).exists():
        raise rules.form_used()
    return False


@transaction.atomic
def take_remark(
    *,
    subject: Referable,
    heading: str,
    kind: str,
    cycle: Cycle,
    organisation: Organisation,
    words: str,
    at: datetime,
    arrival: Arrival | None,
    photo: StoredFile | None = None,
    beside: str = "",
    passage: Passage | None = None,
    by_chance: bool = False,
) -> Remark:
    """Take what anybody sent about `subject`, called `heading`: shown, or waiting for a look, as the frozen rules of the cycle say.

    A form sent twice is one remark, and a form is good once: other words under it are refused. Equal words are one remark
    too, with one more in `times`, if what stands `beside` them (a mark) and the photo are equal. `passage` is what the door
    found where the room that calls has passed it already. A number `by_chance` tells nobody what came before it. The journal is
    written by that room. Raises RemarkRefused.
    """
    words = rules.check_text(rules.RemarkRefused, Remark, "words", words)
    digest = photo.digest if photo else ""
    once = once_of(arrival.ticket if arrival else None, subject.reference, kind, words, digest, beside)
    if known := _known(once):
        return known
    day, fold = local_day(at), rules.fold_of(words, beside, digest) if words else None
    if arrival and arrival.ticket and not _spend(f"ticket:{arrival.ticket}", day):
        return _sent_before(once, subject, kind, fold)
    passage = passage or pass_door(subject=subject, arrival=arrival, at=at)
    standing = _standing(passage, words, photo, cycle)
    made: dict[str, Any] = {
        "heading": heading,
        "cycle": cycle,
        "organisation": organisation,
        "words": words,
        "photo": photo,
        "came_on": day,
        "once": once,
    } | _numbered(standing, by_chance)
    if fold is None:
        return Remark.objects.create(subject=subject.reference, kind=kind, **made)
    row, is_new = Remark.objects.get_or_create(subject=subject.reference, kind=kind, fold=fold, defaults=made)
    return row if is_new else _folded(row, standing)


def _numbered(standing: dict[str, Any], by_chance: bool) -> dict[str, Any]:
    """How new words stand, and their number, if it is not the next one."""
    return standing | {"pk": numbers.by_chance()} if by_chance else standing


@transaction.atomic
def show_remarks(*, remarks: Iterable[Remark], at: datetime, by: Person, named: Collection[int] = ()) -> list[Remark]:
    """Show words after a look; what is shown already has been looked at now, reports included. All of them or none.

    Words that hold something like a number of a person are shown only if their id is among the `named`. Raises
    RemarkRefused or RoleRefused.
    """
    rows = _locked_for_a_look(remarks, at, by)
    rules.check_are_named(rows, named)
    for row in rows:
        _look(row, Remark.State.SHOWN, "", at, by)
        done("remarks.show_remarks", row, at=at, by=by)
    return rows


@transaction.atomic
def hide_remarks(*, remarks: Iterable[Remark], reason: str, at: datetime, by: Person) -> list[Remark]:
    """Hide words for a reason of the public list, which stands in their place. All of them or none.

    About the top organisation the first person asks, and another one who gives the same reason hides. What the words are
    beside still counts, unless the reason is that a program sent it. Raises RemarkRefused or RoleRefused.
    """
    rows = _locked_for_a_look(remarks, at, by)
    for row in rows:
        rules.check_may_hide(row, reason)
        if rules.takes_two(row) and row.hiding_asked_because != reason:
            row.hiding_asked_by, row.hiding_asked_because = by, reason
            row.save(update_fields=["hiding_asked_by", "hiding_asked_because"])
            done("remarks.hide_remarks", row, at=at, by=by, reason=reason, is_asked_only=True)
            continue
        if rules.takes_two(row):
            rules.check_is_second(row, by)
        _look(row, Remark.State.HIDDEN, reason, at, by)
        done("remarks.hide_remarks", row, at=at, by=by, reason=reason)
    return rows


@transaction.atomic
def undo_look(*, remarks: Iterable[Remark], at: datetime, by: Person) -> list[Remark]:
    """Put words back to how they stood before the last look. All of them or none. Raises RemarkRefused or RoleRefused."""
    rows = _locked_for_a_look(remarks, at, by)
    for row in rows:
        rules.check_may_undo(row)
        row.state, row.was = row.was, ""
        row.hidden_because = ""
        row.looked_on = row.looked_by = None
        row.save()
        done("remarks.undo_look", row, at=at, by=by)
    return rows


@transaction.atomic
def hide_flood(*, subject: str, at: datetime, by: Person) -> int:
    """Set aside all that waits about `subject` because much came at once: a program sent it, and nothing of it counts. How many.

    One deed in the journal. About the top organisation the first person asks, and another one hides what was asked for.
    Raises RemarkRefused or RoleRefused.
    """
    rows, reason = _locked_together(queries.flood_about(subject), at, by), Remark.Reason.PROGRAM
    asked = [row.pk for row in rows if rules.takes_two(row) and row.hiding_asked_because != reason]
    hidden = [row for row in rows if row.pk not in set(asked)]
    for row in hidden:
        if rules.takes_two(row):
            rules.check_is_second(row, by)
    Remark.objects.filter(pk__in=asked).update(hiding_asked_by=by, hiding_asked_because=reason)
    ids = [row.pk for row in hidden]
    Remark.objects.filter(pk__in=ids).update(
        was=Remark.State.WAITING,
        state=Remark.State.HIDDEN,
        hidden_because=reason,
        looked_on=local_day(at),
        looked_by=by,
        hiding_asked_by=None,
        hiding_asked_because="",
    )
    done("remarks.hide_flood", subject, at=at, by=by, hidden=ids, asked=asked)
    return len(ids)


@transaction.atomic
def let_flood_in(*, subject: str, at: datetime, by: Person) -> int:
    """Let all that waits about `subject` because much came at once count: people sent it. How many.

    Marks count from now on; words wait for a look like any others, so that nothing is shown unread. Raises RemarkRefused or
    RoleRefused.
    """
    rows = _locked_together(queries.flood_about(subject), at, by)
    alone = [row.pk for row in rows if not (row.words or row.photo_id)]
    seen = {"looked_on": local_day(at), "looked_by": by}
    Remark.objects.filter(pk__in=alone).update(was=Remark.State.WAITING, state=Remark.State.SHOWN, **seen)
    worded = [row.pk for row in rows if row.pk not in set(alone)]
    Remark.objects.filter(pk__in=worded).update(why=Remark.Why.LOOK)
    done("remarks.let_flood_in", subject, at=at, by=by, marks=alone, words=worded)
    return len(rows)


@transaction.atomic
def undo_hide_flood(*, subject: str, at: datetime, by: Person) -> int:
    """Put back what this person hid today as a flood about `subject`: it waits again. How many. Raises as `hide_flood` does."""
    rows = _locked_together(queries.hidden_as_a_flood(subject, by, local_day(at)), at, by)
    ids = [row.pk for row in rows]
    Remark.objects.filter(pk__in=ids).update(
        state=Remark.State.WAITING, was="", hidden_because="", looked_on=None, looked_by=None
    )
    done("remarks.undo_hide_flood", subject, at=at, by=by, remarks=ids)
    return len(ids)


@transaction.atomic
def report_remark(*, remark: Remark, at: datetime, arrival: Arrival | None) -> Remark:
    """A reader asks the office to look at words that are shown. They stay until somebody has looked. Raises RemarkRefused.

    The same form sent twice is one report. Nothing is kept but their number and the day of the first since the last look.
    """
    row = locked(remark, "organisation")
    rules.check_may_report(row)
    day = local_day(at)
    if arrival and arrival.ticket and not _spend(f"report:{arrival.ticket}:{row.pk}", day):
        return row
    row.reports, row.reported_on = row.reports + 1, row.reported_on or day
    row.save(update_fields=["reports", "reported_on"])
    return row


@transaction.atomic
def answer_remark(*, remark: Remark, answer: str, at: datetime, by: Person, as_clerk: bool = False) -> Remark:
    """Answer words in public, as the secretary of the unit they are about or as the office. Raises RemarkRefused, RoleRefused."""
    row = locked(remark, "organisation")
    rules.check_may_answer(row, by, local_day(at), as_clerk=as_clerk)
    row.answer, row.answered_on, row.answered_by = rules.check_answer(answer), local_day(at), by
    row.save(update_fields=["answer", "answered_on", "answered_by"])
    unit = row.organisation if as_clerk else None
    done("remarks.answer_remark", row, at=at, by=by, on_behalf_of=unit, answer=row.answer)
    return row


@transaction.atomic
def answer_together(*, answers: Mapping[int, str], at: datetime, by: Person) -> list[Remark]:
    """Answer many words in public, each by its id. The journal is written by the room that calls. All of them or none.

    Raises RemarkRefused, RoleRefused.
    """
    rows, on = _locked_to_answer(answers), local_day(at)
    for row in {row.organisation_id: row for row in rows}.values():
        rules.check_may_answer(row, by, on)
    for row in rows:
        rules.check_is_to_answer(row)
        row.answer, row.answered_on, row.answered_by = rules.check_answer(answers[row.pk]), on, by
    Remark.objects.bulk_update(rows, ["answer", "answered_on", "answered_by"], batch_size=500)
    return rows


@transaction.atomic
def change_answers(*, answers: Mapping[int, str], at: datetime, by: Person) -> list[Remark]:
    """Mend answers that stand, where the room that calls allows it and keeps the old ones in its journal. Raises as `answer_together`."""
    rows, on = _locked_to_answer(answers), local_day(at)
    for row in {row.organisation_id: row for row in rows}.values():
        rules.check_speaks_for_unit(row, by, on)
    for row in rows:
        row.answer, row.answered_on, row.answered_by = rules.check_answer(answers[row.pk]), on, by
    Remark.objects.bulk_update(rows, ["answer", "answered_on", "answered_by"], batch_size=500)
    return rows


def _locked_to_answer(answers: Mapping[int, str]) -> list[Remark]:
    held = Remark.objects.select_for_update(of=("self",)).select_related("organisation")
    return list(held.filter(pk__in=list(answers)).order_by("pk"))


def _known(once: uuid.UUID) -> Remark | None:
    return Remark.objects.filter(once=once).first()


def _sent_before(once: uuid.UUID, subject: Referable, kind: str, fold: str | None) -> Remark:
    """What came by this form before: its own row, or the one into which it was folded. Raises RemarkRefused for other words."""
    if known := _known(once):  # sent by another request, for whose end this one waited
        return known
    folded = Remark.objects.filter(subject=subject.reference, kind=kind, fold=fold).first() if fold else None
    if folded is None:
        raise rules.form_used()
    return folded


def _standing(passage: Passage, words: str, photo: StoredFile | None, cycle: Cycle) -> dict[str, Any]:
    has_number = rules.holds_a_number(words)
    why = rules.why_waiting(
        is_solved=passage.is_solved,
        is_flood=passage.is_flood,
        has_words=bool(words or photo),
        has_number=has_number,
        words_shown=cycle.ruleset.remarks.words_shown,
    )
    return {"state": Remark.State.WAITING if why else Remark.State.SHOWN, "why": why, "has_number": has_number}


def _folded(row: Remark, standing: dict[str, Any]) -> Remark:
    """One more of the same words. If it came alone and the others wait as a flood, they stand as it would have stood."""
    changed: dict[str, Any] = {"times": F("times") + 1}
    if not row.is_counted and row.is_waiting and standing["why"] != Remark.Why.FLOOD:
        changed |= {name: standing[name] for name in ("state", "why")}
    Remark.objects.filter(pk=row.pk).update(**changed)
    row.refresh_from_db()
    return row


def _spend(what: str, day: date) -> bool:
    """Whether this was not spent before. Somebody who spends it at the same moment is waited for."""
    digest = hashlib.sha256(what.encode()).hexdigest()
    with connection.cursor() as cursor:  # one statement, where looking, a savepoint and writing are four
        cursor.execute(SPEND.format(table=connection.ops.quote_name(Spent._meta.db_table)), [digest, day])
        is_first: bool = cursor.rowcount == 1
    return is_first


def _forget(at: datetime) -> None:
    """Drop counts and digests that nothing asks for any more."""
    Valve.objects.filter(began_at__lt=at - rules.VALVES_KEPT_FOR).delete()
    Spent.objects.filter(spent_on__lt=local_day(at - rules.KEPT_FOR)).delete()


def _locked_for_a_look(remarks: Iterable[Remark], at: datetime, by: Person) -> list[Remark]:
    """The rows, held in the order of their ids so that two who look at many never wait for each other in a circle."""
    on = local_day(at)
    posts = organisations.posts_of(by, on)
    ids = [remark.pk for remark in remarks]
    rows = list(
        Remark.objects.select_for_update(of=("self",))
        .select_related("organisation", "hiding_asked_by")
        .filter(pk__in=ids)
        .order_by("pk")
    )
    for row in rows:
        rules.check_may_look(row, by, posts, on)
    return rows


def _locked_together(rows: QuerySet[Remark], at: datetime, by: Person) -> list[Remark]:
    """Rows about one subject, which concern one organisation, held in the order of their ids. Raises if there is none."""
    related = rows.select_for_update(of=("self",)).select_related("organisation", "hiding_asked_by")
    held, on = list(related.order_by("pk")), local_day(at)
    if not held:
        raise rules.no_flood()
    rules.check_may_look(held[0], by, organisations.posts_of(by, on), on)
    return held


def _look(row: Remark, state: str, reason: str, at: datetime, by: Person) -> None:
    row.was, row.state, row.hidden_because = row.state, state, reason
    row.looked_on, row.looked_by = local_day(at), by
    row.hiding_asked_by, row.hiding_asked_because = None, ""
    row.reports, row.reported_on = 0, None
    row.save()
