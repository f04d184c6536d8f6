"""The deeds about how a clock runs: it stands still up to a day, a unit asks for that, the office starts it again, a call is entered,
and its reporter says that there was none.
"""

from datetime import date, datetime

from django.db import transaction

from zhengyou.base.deeds import done
from zhengyou.base.entries import UNIT, Erasable
from zhengyou.base.time import local_day
from zhengyou.cases import effects, pausing_rules, queries, rules
from zhengyou.cases.actions import add_step, change_case, end_pause, in_hand, looked_after, told
from zhengyou.cases.models import Case, CaseStep
from zhengyou.cases.own_words import check_said_to_all
from zhengyou.organisations.models import Person

Kind, Side = CaseStep.Kind, CaseStep.Side


@transaction.atomic
def pause_clock(*, case: Case, why: str, words: str, until_on: date, at: datetime, by: Person) -> Case:
    """The office lets the clock stand still up to a day, for a reason that everybody reads. It runs again by itself; another pause is
    another public step, and all of them are counted. Nobody pauses twice in a row. Raises CaseRefused, ConfidenceRefused, RoleRefused.
    """
    row, day = looked_after(case, at, by), local_day(at)
    words = pausing_rules.check_may_pause(row, why=why, words=words, until_on=until_on, on=day)
    pausing_rules.check_is_not_prolonged_by_one(queries.steps_of(row), by)
    pausing_rules.check_stands_not_too_long(row, queries.steps_of(row), until_on, day)
    more = {"why": why, "until_on": until_on}
    add_step(case=row, kind=Kind.PAUSED, side=Side.OFFICE, at=at, by=by, words=words, **more)
    change_case(case=row, paused_until=until_on, pauses=row.pauses + 1, pause_asked_on=None)
    public = told(row, says=Erasable(words, is_public=True), why=why, until=until_on, pauses=row.pauses)
    done("cases.pause_clock", row, at=at, by=by, public=public)
    return row


@transaction.atomic
def start_clock(*, case: Case, at: datetime, by: Person) -> Case:
    """The office lets the clock run again before the day. Raises as `pause_clock` does."""
    row = looked_after(case, at, by)
    pausing_rules.check_is_paused(row, local_day(at))
    end_pause(row, at, by, Side.OFFICE)
    row.save()
    done("cases.start_clock", row, at=at, by=by, public=told(row))
    return row


@transaction.atomic
def ask_for_pause(*, case: Case, why: str, words: str, at: datetime, by: Person) -> Case:
    """The unit that has it in hand asks the office to let the clock stand still; it runs on until the office says so.

    Raises CaseRefused, RoleRefused.
    """
    row, day = in_hand(case, at, by), local_day(at)
    words = pausing_rules.check_may_ask_for_pause(row, why=why, words=words, on=day, by=by)
    add_step(case=row, kind=Kind.PAUSE_ASKED, side=Side.UNIT, at=at, by=by, words=words, why=why)
    change_case(case=row, pause_asked_on=day)
    public = told(row, UNIT, says=Erasable(words, is_public=True), why=why)
    done("cases.ask_for_pause", row, at=at, by=by, public=public)
    return row


@transaction.atomic
def deny_pause(*, case: Case, words: str, at: datetime, by: Person) -> Case:
    """The office lets the clock run on, and says why. Raises as `pause_clock` does."""
    row = looked_after(case, at, by)
    pausing_rules.check_pause_is_asked(row)
    words = check_said_to_all(row, rules.check_words(words, pausing_rules.DENIAL_MISSING))
    add_step(case=row, kind=Kind.PAUSE_DENIED, side=Side.OFFICE, at=at, by=by, words=words)
    change_case(case=row, pause_asked_on=None)
    done("cases.deny_pause", row, at=at, by=by, public=told(row, says=Erasable(words, is_public=True)))
    return row


@transaction.atomic
def call_back(*, case: Case, words: str, at: datetime, by: Person) -> Case:
    """Note that somebody of the office has called the reporter, and what was said, which the reporter reads. Only who left a telephone
    can be called. Raises as `pause_clock` does.
    """
    row, day = looked_after(case, at, by), local_day(at)
    rules.check_state(row, *rules.OPEN)
    pausing_rules.check_can_be_called(row)
    words = rules.check_words(words, rules.CALL_MISSING)
    add_step(case=row, kind=Kind.CALLED, side=Side.OFFICE, at=at, by=by, words=words)
    change_case(case=row, called_on=row.called_on or day)
    done("cases.call_back", row, at=at, by=by)
    return row


@transaction.atomic
def deny_call(*, case: Case, at: datetime) -> Case:
    """Its reporter says that nobody called: that stands beside the office's word, and the clock of the call runs on from the report.
    The clock and the figures follow when the day is over. Twice is once. Returns the case as its reporter sees it. Raises CaseRefused.
    """
    row = effects.held(case, at)
    last = queries.last_of_call(row)
    pausing_rules.check_was_called(last)
    if last and last.kind == Kind.CALLED:
        add_step(case=row, kind=Kind.NOT_CALLED, side=Side.REPORTER, at=at, by=None)
        change_case(case=row, said_on=local_day(at))
    return effects.as_said(row)
