"""The deeds about a case of office, unit and level above. Each adds a step; nothing is ever deleted.

What a reporter does is in `reporting`, what is done about a case that goes around its target in `guarding`, how its clock runs and
who was called in `pausing`, what two people set aside in `setting_aside`.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from zhengyou.base import locks, searching
from zhengyou.base.deeds import done
from zhengyou.base.entries import LEVEL_ABOVE, UNIT, Erasable, Public
from zhengyou.base.files import store_photo
from zhengyou.base.numbers import next_number
from zhengyou.base.once import once_of
from zhengyou.base.time import local_day, start_of_day
from zhengyou.campaigns.models import Cycle
from zhengyou.cases import effects, entering_rules, giving_rules, own_words, pausing_rules, queries, rules, tallies
from zhengyou.cases.importing.hotline import HotlineRow, known_numbers
from zhengyou.cases.models import Case, CaseReading, CaseStep
from zhengyou.organisations import actions as organisation_actions
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Person
from zhengyou.remarks import actions as remarks
from zhengyou.remarks.rules import Arrival

NUMBERED_AS = "case"
HOTLINE = uuid.UUID("6f1d5c1e-7d0b-4c1b-9a53-12345c0ffee5")  # with a hotline's number it makes the ticket of its report
State, Kind, Side = Case.State, CaseStep.Kind, CaseStep.Side


@dataclass(frozen=True)
class ReceivedCase:
    """A case and the code by which its reporter follows it: only here can the code be read."""

    case: Case
    code: str


@transaction.atomic
def receive_case(
    *,
    kind: str,
    unit: Organisation,
    words: str,
    contact: str,
    source: str,
    window_words: str = "",
    ticket: uuid.UUID,
    at: datetime,
    by: Person | None = None,
    cycle: Cycle | None = None,
    place: str = "",
    happened: str = "",
    external: str = "",
    witness: str = "",
    photo: bytes | None = None,
    may_show: bool = False,
    public_words: str | None = None,
    arrival: Arrival | None = None,
) -> ReceivedCase:
    """Take a report about a unit: of anybody, at a window, or, with `by`, of somebody who called or whom a hotline passed on, or
    who handed it in on paper or said it at a counter (read back before a `witness`).

    The code follows from `ticket`, so that a form sent twice is one case with one code. What goes around its target waits for
    its two readers. The clocks run from today, also for what came in a flood (`arrival`: by the public door). Raises
    CaseRefused, also for other words under a used ticket, RoleRefused, ConfidenceRefused.
    """
    day = local_day(at)
    taking = queries.cycle_taking(unit, cycle)
    if taking is None:
        raise rules.no_campaign(unit)
    chosen = rules.kind_named(taking, kind)
    short = {"place": place, "happened": happened, "window_words": window_words, "external": external}
    texts = rules.check_report(words=words, contact=contact, witness=witness, **short)
    shown = rules.check_public_words(texts["words"], public_words) if public_words is not None else texts["words"]
    stored = store_photo(photo, at=start_of_day(at)) if photo else None  # the instant of a reporter is nowhere
    digest = stored.digest if stored else ""
    once = once_of(ticket, unit.reference, kind, texts["words"], texts["contact"], texts["place"], digest)
    code = rules.code_of(ticket.hex)
    locks.alone(locks.REPORT, ticket.int)
    known = queries.case_with_code(code) or Case.objects.filter(once=once).first()  # its code may be another one by now
    if known:
        rules.check_is_same_form(known, once)
        return ReceivedCase(known, code)
    body = rules.body_of(chosen, taking)
    row = Case(
        cycle=taking, unit=unit, kind=kind, source=source, lookup=rules.lookup_of(code), once=once, photo=stored,
        received_on=day, from_on=day, turn_on=day, body=body, state=State.GUARDED if body else State.RECEIVED,
        may_show=may_show and bool(texts["words"]) and not body, public_words=shown, **texts,
    )  # fmt: skip
    entering_rules.check_is_entered_by(row, by, day)
    row.has_phone = pausing_rules.can_be_called(row)
    row.is_from_flood = remarks.pass_door(subject=unit, arrival=arrival, at=at).is_flood
    _begin(row, at, by)
    return ReceivedCase(row, code)


def _begin(row: Case, at: datetime, by: Person | None) -> None:
    row.save()
    add_step(case=row, kind=Kind.RECEIVED, side=entering_rules.side_of_source(row.source), at=at, by=by)
    if by is not None:  # about the cycle, since the hour of a call or of a visit would tell who it was
        done("cases.receive_case", row.cycle, at=at, by=by, source=row.source)


@transaction.atomic
def take_hotline(
    *, rows: Iterable[HotlineRow], cycle: Cycle, at: datetime, by: Person
) -> list[tuple[str, ReceivedCase]]:
    """Take the reports of a hotline's table: each with its number there, and the code for whoever called. All of them or none;
    what was taken before with other words is left out, with the same words it keeps its code: a table that is confirmed twice
    shows its codes twice. Raises as `receive_case` does.
    """
    locks.alone(locks.REPORT, cycle.pk)
    good = [row for row in rows if row.is_good]
    known = known_numbers(cycle, [row.external for row in good])
    units = organisations.organisations_by_id([row.unit_id for row in good if row.unit_id])
    taken = []
    for row in good:
        ticket = uuid.uuid5(HOTLINE, f"{cycle.pk}\0{row.external}")
        is_open = queries.case_with_code(rules.code_of(ticket.hex)) if row.external in known else True
        if row.unit_id is None or not is_open:  # its caller changed the code meanwhile
            continue
        with _once_only():
            one = receive_case(
                kind=row.kind, unit=units[row.unit_id], words=row.words, contact=row.contact, source=Case.Source.HOTLINE,
                external=row.external, place=row.place, happened=row.happened, ticket=ticket, cycle=cycle, at=at, by=by,
            )  # fmt: skip
            taken.append((row.external, one))
    return taken


@contextmanager
def _once_only() -> Iterator[None]:
    """Leave out what was taken before with other words."""
    try:
        yield
    except rules.CaseRefused as refusal:
        if refusal.reason != "case.form-used":
            raise


@transaction.atomic
def assign_case(
    *,
    case: Case,
    to: Organisation,
    target_text: str,
    shows: bool = False,
    repeats: bool = False,
    at: datetime,
    by: Person,
) -> Case:
    """Give a received case to the unit that puts it right, with a text made for it, and a number; its clock begins today, which is a
    later day than that on which it came.
    `shows`: somebody of the office has read the words that their reporter lets everybody read, and lets them be shown.
    `repeats`: what the text repeats of the report is meant to stand; a copy of the report never is.

    Raises CaseRefused, ConfidenceRefused, RoleRefused.
    """
    row, day = looked_after(case, at, by), local_day(at)
    rules.check_state(row, State.RECEIVED)
    giving_rules.check_day_is_over([row], day)
    rules.check_may_get(row, to)
    text = rules.check_target_text(target_text)
    own_words.check_repeats_nothing(row, text, is_meant=repeats)
    add_step(case=row, kind=Kind.ASSIGNED, side=Side.OFFICE, at=at, by=by, to=to)
    given = {"year": day.year, "number": next_number(NUMBERED_AS, day.year), "given_on": day, "from_on": day}
    is_shown = shows and giving_rules.check_may_be_shown(row)
    kept = {"unit": to, "state": State.ASSIGNED, "turn_on": day, "target_text": text, "aside": None}
    change_case(case=row, is_shown=is_shown, **given, **kept)
    organisation_actions.make_findable(queries.searchable([row]))
    done("cases.assign_case", row, at=at, by=by, public=told(row, kind=row.kind), unit=to)
    return row


@transaction.atomic
def assign_cases(*, cases: Iterable[Case], at: datetime, by: Person) -> list[Case]:
    """Give received cases to the units that they are about, each with a text that says its kind and nothing else. All of them or
    none, in an order that says nothing of when they came, and none that seems to speak of money or violence. Raises as `assign_case`
    does.
    """
    rows = sorted(cases, key=lambda row: row.lookup)
    giving_rules.check_day_is_over(rows, local_day(at))
    giving_rules.check_none_sounds_grave(rows)
    own: dict[str, Any] = {"repeats": True, "at": at, "by": by}  # the house's own words
    return [assign_case(case=row, to=row.unit, target_text=rules.plain_text(row), **own) for row in rows]


@transaction.atomic
def do_to_each(*, cases: Iterable[Case], deed: Callable[..., object], **given: Any) -> int:
    """Do one of these deeds to several cases, in an order that says nothing of when they came: to all of them or to none. How many.
    Raises as the deed does.
    """
    rows = sorted(cases, key=lambda row: row.lookup)
    for row in rows:
        deed(case=row, **given)
    return len(rows)


@transaction.atomic
def reword_case(
    *, case: Case, target_text: str, shows: bool = False, repeats: bool = False, at: datetime, by: Person
) -> Case:
    """Write the target's text anew, and let the reporter's words be shown, or not. Raises as `assign_case` does."""
    row = looked_after(case, at, by)
    rules.check_state(row, *(state for state in State if state not in (State.RECEIVED, State.SET_ASIDE)))
    text = rules.check_target_text(target_text)
    own_words.check_repeats_nothing(row, text, is_meant=repeats)
    add_step(case=row, kind=Kind.REWORDED, side=Side.OFFICE, at=at, by=by)
    change_case(case=row, target_text=text, is_shown=shows and giving_rules.check_may_be_shown(row))
    done("cases.reword_case", row, at=at, by=by)
    return row


@transaction.atomic
def change_kind(*, case: Case, kind: str, words: str = "", at: datetime, by: Person) -> Case:
    """Correct the kind of a case: its clocks and figures follow. Once a unit has it this takes a reason, which everybody reads with
    both kinds. What is found to go around its target goes to its readers from then on, and is gone from here and from its unit, which
    keeps what it has read. Raises as `assign_case` does.
    """
    row = looked_after(case, at, by)
    rules.check_state(row, *(state for state in State if state != State.SET_ASIDE))
    body, was = rules.body_of(rules.kind_named(row.cycle, kind), row.cycle), row.kind
    words = giving_rules.check_why_another_kind(row, kind, words)
    add_step(case=row, kind=Kind.KIND_CHANGED, side=Side.OFFICE, at=at, by=by, words=words, said=was)
    if body:
        _go_around(row, kind, body, at)
        done("cases.change_kind", row.cycle, at=at, by=by)
        return row
    change_case(case=row, kind=kind)
    public = told(row, was=was, kind=kind, why=Erasable(words, is_public=True)) if row.number else None
    organisation_actions.make_findable(queries.searchable([row]) if row.number else [])
    done("cases.change_kind", row, at=at, by=by, public=public)
    return row


def _go_around(row: Case, kind: str, body: str, at: datetime) -> None:
    """From now on it has no number and stands in no list but that of its two readers; the clock of handing over begins today."""
    if row.number:
        searching.drop([row.reference])
    day = local_day(at)
    kept = {"state": State.GUARDED, "body": body, "kind": kind, "turn_on": day, "from_on": day, "aside": None}
    gone = dict.fromkeys(
        ("year", "number", "given_on", "fixed_on", "closed_on", "paused_until", "pause_asked_on", "said_on")
    )
    texts = dict.fromkeys(("unit_says", "lacks", "verdict", "in_house"), "")
    change_case(case=row, **kept, **gone, **texts, pauses=0, may_show=False, is_shown=False)


@transaction.atomic
def write_message(*, case: Case, words: str, at: datetime, by: Person, as_office: bool) -> Case:
    """Write to the reporter, who reads it by the code: the office, or the unit that has the case in hand. To somebody who left no
    telephone the first message is the call-back. Raises CaseRefused, ConfidenceRefused, RoleRefused.
    """
    row = looked_after(case, at, by) if as_office else in_hand(case, at, by)
    rules.check_state(row, *(state for state in State if state != State.SET_ASIDE))
    words = rules.check_words(words, rules.MESSAGE_MISSING)
    add_step(case=row, kind=Kind.MESSAGE, side=Side.OFFICE if as_office else Side.UNIT, at=at, by=by, words=words)
    if row.called_on is None and not pausing_rules.can_be_called(row) and row.state in rules.OPEN:
        change_case(case=row, called_on=local_day(at))
    done("cases.write_message", row, at=at, by=by)
    return row


@transaction.atomic
def write_same_message(*, cases: Iterable[Case], words: str, at: datetime, by: Person) -> int:
    """The office writes the same to several reporters, and nothing that one of them wrote. How many. Raises as `write_message` does."""
    rows = list(cases)
    own_words.check_copies_none_for_others(rows, words)
    return do_to_each(cases=rows, deed=write_message, words=words, as_office=True, at=at, by=by)


@transaction.atomic
def say_fixed(*, case: Case, says: str, at: datetime, by: Person) -> Case:
    """The unit says in public how it put the case right; its reporter is asked, and the unit can do nothing more.

    Raises CaseRefused, RoleRefused.
    """
    row = in_hand(case, at, by)
    rules.check_state(row, State.ASSIGNED)
    says = own_words.check_said_to_all(row, rules.check_says(says), by)
    end_pause(row, at, by)
    add_step(case=row, kind=Kind.FIXED, side=Side.UNIT, at=at, by=by, words=says)
    change_case(case=row, state=State.FIXED, fixed_on=local_day(at), unit_says=says, lacks="")
    done("cases.say_fixed", row, at=at, by=by, public=told(row, UNIT, says=Erasable(says, is_public=True)))
    return row


@transaction.atomic
def pass_on(*, case: Case, to: Organisation, words: str, at: datetime, by: Person) -> Case:
    """ "Not ours": the unit names whose it is, which takes it or names another within one working day. After two hands the level
    above is asked instead. The clock for the reporter runs on. Raises CaseRefused, RoleRefused.
    """
    row = in_hand(case, at, by)
    rules.check_may_be_passed_still(row)
    before = [one.pk for one in queries.touched_of(row)]
    rules.check_may_pass(row, to, before)
    words = own_words.check_said_to_all(row, rules.check_words(words, rules.PASSING_MISSING), by)
    end_pause(row, at, by)
    add_step(case=row, kind=Kind.PASSED, side=Side.UNIT, at=at, by=by, words=words, to=to)
    public = told(row, UNIT, to=to.public_reference, why=Erasable(words, is_public=True))
    is_settled_above = row.hands >= rules.HANDS
    kept = {"state": State.UNOWNED} if is_settled_above else {"state": State.PASSED, "unit": to, "in_house": ""}
    change_case(case=row, hands=row.hands + 1, turn_on=local_day(at), **kept)
    done("cases.pass_on", row, at=at, by=by, public=public, to=to)
    return row


@transaction.atomic
def take_on(*, case: Case, at: datetime, by: Person) -> Case:
    """The unit to which a case was passed takes it. Raises CaseRefused, RoleRefused."""
    row = in_hand(case, at, by)
    rules.check_state(row, State.PASSED)
    add_step(case=row, kind=Kind.TAKEN, side=Side.UNIT, at=at, by=by)
    change_case(case=row, state=State.ASSIGNED, turn_on=local_day(at))
    done("cases.take_on", row, at=at, by=by, public=told(row, UNIT))
    return row


@transaction.atomic
def say_who(*, case: Case, in_house: str, at: datetime, by: Person) -> Case:
    """The unit notes for its own people who of them does it; nobody else reads that. Raises CaseRefused, RoleRefused."""
    row = in_hand(case, at, by)
    rules.check_state(row, *rules.OPEN)
    change_case(case=row, in_house=giving_rules.check_in_house(row, in_house, by))
    done("cases.say_who", row, at=at, by=by)
    return row


@transaction.atomic
def settle_owner(*, case: Case, to: Organisation, words: str, at: datetime, by: Person) -> Case:
    """After two hands the level above says whose a case is; that stands. Raises CaseRefused, RoleRefused."""
    row = effects.held(case, at)
    rules.check_is_level_above(row, by, local_day(at))
    rules.check_state(row, State.UNOWNED)
    rules.check_may_get(row, to)
    words = own_words.check_said_to_all(row, rules.check_words(words, ""), by)
    add_step(case=row, kind=Kind.ASSIGNED, side=Side.ABOVE, at=at, by=by, words=words, to=to)
    change_case(case=row, unit=to, state=State.ASSIGNED, turn_on=local_day(at), in_house="")
    done("cases.settle_owner", row, at=at, by=by, public=told(row, LEVEL_ABOVE), to=to)
    return row


@transaction.atomic
def say_impossible(*, case: Case, lacks: str, words: str, at: datetime, by: Person) -> Case:
    """The unit says that it cannot be done, and which rule or means is lacking; the level above confirms that, or does not.

    Raises CaseRefused, RoleRefused.
    """
    row = in_hand(case, at, by)
    rules.check_state(row, State.ASSIGNED)
    rules.check_lacks(lacks)
    words = own_words.check_said_to_all(row, rules.check_says(words), by)
    end_pause(row, at, by)
    add_step(case=row, kind=Kind.ASKED, side=Side.UNIT, at=at, by=by, words=words)
    change_case(case=row, state=State.ASKED, turn_on=local_day(at), lacks=lacks, unit_says=words)
    public = told(row, UNIT, lacks=lacks, says=Erasable(words, is_public=True))
    done("cases.say_impossible", row, at=at, by=by, public=public)
    return row


@transaction.atomic
def answer_impossible(*, case: Case, confirms: bool, words: str, at: datetime, by: Person) -> Case:
    """The level above confirms that it cannot be done, and the reporter is asked; or it says why it can, and the unit goes on.

    Raises CaseRefused, RoleRefused.
    """
    row, day = effects.held(case, at), local_day(at)
    rules.check_is_level_above(row, by, day)
    rules.check_state(row, State.ASKED)
    words = own_words.check_said_to_all(row, rules.check_words(words, rules.OPINION_MISSING), by)
    add_step(case=row, kind=Kind.IMPOSSIBLE if confirms else Kind.DECLINED, side=Side.ABOVE, at=at, by=by, words=words)
    if confirms:
        change_case(case=row, state=State.IMPOSSIBLE, fixed_on=day)
    else:
        change_case(case=row, state=State.ASSIGNED, turn_on=day, lacks="", unit_says="")
    public = told(row, LEVEL_ABOVE, confirms=confirms, says=Erasable(words, is_public=True))
    done("cases.answer_impossible", row, at=at, by=by, public=public, confirms=confirms)
    return row


@transaction.atomic
def close_silent(*, case: Case, at: datetime, by: Person) -> Case:
    """Somebody from elsewhere closes a case whose reporter has been silent for a long time; it gets no verdict by that.

    Raises CaseRefused, ConfidenceRefused, RoleRefused.
    """
    row, day = looked_after(case, at, by), local_day(at)
    rules.check_may_close(row, by, day)
    add_step(case=row, kind=Kind.CLOSED, side=Side.OFFICE, at=at, by=by)
    change_case(case=row, state=State.CLOSED, closed_on=day)
    done("cases.close_silent", row, at=at, by=by, public=told(row))
    return row


@transaction.atomic
def close_silent_ones(*, cases: Iterable[Case], at: datetime, by: Person) -> list[Case]:
    """Close many such cases. All of them or none. Raises as `close_silent` does."""
    return [close_silent(case=row, at=at, by=by) for row in sorted(cases, key=lambda row: row.pk)]


@transaction.atomic
def note_reading(*, case: Case, what: str, side: str, at: datetime, by: Person) -> None:
    """Keep that somebody reads a report, or the text for the target; the reporter sees it. Once a day for each; twice is harmless."""
    _row, is_new = CaseReading.objects.get_or_create(
        case=case, person=by, what=what, on=local_day(at), defaults={"side": side}
    )
    if is_new:
        done("cases.note_reading", case.cycle if case.is_guarded else case, at=at, by=by, what=what)


def looked_after(case: Case, at: datetime, by: Person) -> Case:
    """The case, locked, for somebody of the office from elsewhere."""
    row = effects.held(case, at)
    rules.check_looks_after(row, by, queries.touched_of(row), local_day(at))
    return row


def in_hand(case: Case, at: datetime, by: Person) -> Case:
    """The case, locked, for somebody who acts for the unit that has it in hand."""
    row = effects.held(case, at)
    rules.check_has_in_hand(row, by, local_day(at))
    return row


def add_step(
    *, case: Case, kind: str, side: str, at: datetime, by: Person | None, words: str = "", **more: Any
) -> CaseStep:
    """One more step of a case that is locked, or new."""
    number = CaseStep.objects.filter(case=case).count() + 1
    day = local_day(at)
    return CaseStep.objects.create(
        case=case, number=number, kind=kind, side=side, unit=case.unit, words=words, on=day, by=by, **more
    )


def change_case(*, case: Case, **fields: Any) -> None:
    """Write these fields of a case that is locked. Its week is counted again, if figures see them."""
    before = tallies.seen_of(case)
    for field, value in fields.items():
        setattr(case, field, value)
    case.save()
    tallies.mark(before, case)


def end_pause(row: Case, at: datetime, by: Person, side: str = Side.UNIT) -> None:
    """A pause ends with the next step of the unit, and so does its asking for one. The caller saves the row."""
    if pausing_rules.is_paused(row, local_day(at)):
        add_step(case=row, kind=Kind.RESUMED, side=side, at=at, by=by)
        row.paused_until = None
    row.pause_asked_on = None


def told(row: Case, by: str = "office", **content: Any) -> Public:
    """What everybody may know of a deed about a case: its number, and what was said in public. No word of a reporter."""
    return Public({"case": [row.year, row.number], **content}, about=row.unit.public_reference, by=by)
