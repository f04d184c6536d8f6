"""What a reporter does by the code: finding the case, writing, the verdict, reopening, blacking out more; and forgetting them.

None of it writes a journal, which would hold the instant: the step of the case holds the day, and nothing of its sender.
"""

import json
import secrets
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from zhengyou.base import codes, entries, locks
from zhengyou.base.deeds import done, locked
from zhengyou.base.entries import Public
from zhengyou.base.time import local_day, start_of_day, week_of
from zhengyou.cases import aside_queries, effects, reader_queries, rules
from zhengyou.cases.actions import add_step, change_case
from zhengyou.cases.computing.timing import WEEK
from zhengyou.cases.models import Case, CaseStep
from zhengyou.cases.setting_aside import bring_back

State, Kind, Side = Case.State, CaseStep.Kind, CaseStep.Side


@transaction.atomic
def write_as_reporter(*, case: Case, words: str, at: datetime) -> Case:
    """The reporter writes to the office, which answers by the same way. The unit never reads it. The same words twice in a row are
    one message. What was set aside a message brings back, once. What was handed over nobody reads here after some days. Raises
    CaseRefused.
    """
    row = locked(case, *reader_queries.RELATED)
    rules.check_is_read_still(row, local_day(at))
    words = rules.check_words(words, rules.MESSAGE_MISSING)
    last = CaseStep.objects.filter(case=row).order_by("-number").first()
    if last is None or (last.kind, last.side, last.words) != (Kind.MESSAGE, Side.REPORTER, words):
        add_step(case=row, kind=Kind.MESSAGE, side=Side.REPORTER, at=at, by=None, words=words)
    if aside_queries.comes_back(row):
        bring_back(case=row, side=Side.REPORTER, at=at, by=None)
    return row


@transaction.atomic
def give_verdict(*, case: Case, verdict: str, goes_on: bool, words: str = "", at: datetime) -> Case:
    """The reporter says whether it has been put right, and either closes the case or lets it go on; nobody else gives a verdict. The
    unit and everybody learn it when the day is over. Returns the case as its reporter sees it.

    Sent twice is once. Raises CaseRefused.
    """
    row, day = effects.held(case, at), local_day(at)
    rules.check_verdict(verdict)
    seen = effects.as_said(row)
    if seen.verdict == verdict and row.said_on == day and (seen.state == State.CLOSED) != goes_on:
        return seen
    rules.check_state(seen, *rules.TURN_OF_REPORTER)
    words = rules.check_words(words, "")
    add_step(case=row, kind=Kind.VERDICT, side=Side.REPORTER, at=at, by=None, words=words, said=verdict)
    if goes_on:
        add_step(case=row, kind=Kind.REOPENED, side=Side.REPORTER, at=at, by=None)
    change_case(case=row, said_on=day)
    return effects.as_said(row)


@transaction.atomic
def reopen_case(*, case: Case, words: str, at: datetime) -> Case:
    """The reporter opens a closed case again, with the reason, as long as its cycle is under way; the unit learns it when the day is
    over. Returns the case as its reporter sees it. Raises CaseRefused.
    """
    row = effects.held(case, at)
    rules.check_may_reopen(effects.as_said(row))
    words = rules.check_words(words, rules.REOPENING_MISSING)
    add_step(case=row, kind=Kind.MESSAGE, side=Side.REPORTER, at=at, by=None, words=words)
    add_step(case=row, kind=Kind.REOPENED, side=Side.REPORTER, at=at, by=None)
    change_case(case=row, said_on=local_day(at))
    return effects.as_said(row)


@transaction.atomic
def black_out(*, case: Case, public_words: str, may_show: bool, at: datetime) -> Case:
    """The reporter blacks out more of what others may read, or shows none of it any more. Raises CaseRefused."""
    row = locked(case, *reader_queries.RELATED)
    kept = rules.check_blacks_out(row, public_words)
    lets = may_show and row.may_show
    if (kept, lets) != (row.public_words, row.may_show):
        add_step(case=row, kind=Kind.BLACKED_OUT, side=Side.REPORTER, at=at, by=None)
        change_case(case=row, public_words=kept, may_show=lets, is_shown=row.is_shown and lets)
    return row


@transaction.atomic
def change_code(*, case: Case, at: datetime) -> str:
    """A new code; the old one opens nothing any more, neither a page that was opened by it. Whoever wrote a report down for
    somebody, perhaps in the unit itself, has seen the first one, and could speak as its reporter.
    """
    row, code = locked(case), codes.spelled(secrets.randbits(60))
    change_case(case=row, lookup_anew=rules.lookup_of(code))
    return code


@transaction.atomic
def go_around(*, case: Case, at: datetime) -> Case:
    """The reporter lets it go around its target, while no unit has it yet: from then on its two readers read it, and the office no more.
    Twice is once. Raises CaseRefused.
    """
    row = locked(case, *reader_queries.RELATED)
    if row.is_guarded:
        return row
    rules.check_state(row, State.RECEIVED)
    kind = rules.kind_around(row.cycle)
    if kind is None:
        raise rules.CaseRefused(
            _("This campaign has no kind of report that goes around the unit it is about."),
            reason="case.nothing-goes-around",
        )
    add_step(case=row, kind=Kind.KIND_CHANGED, side=Side.REPORTER, at=at, by=None)
    kept = {"state": State.GUARDED, "may_show": False, "turn_on": local_day(at), "aside": None}
    change_case(case=row, kind=kind.id, body=rules.body_of(kind, row.cycle), **kept)
    return row


@transaction.atomic
def take_back_contact(*, case: Case, at: datetime) -> Case:
    """The reporter takes back how to be reached: it is deleted at once. Twice is harmless."""
    row = locked(case, *reader_queries.RELATED)
    if row.contact:
        change_case(case=row, contact="", has_phone=row.has_phone and row.called_on is not None)
    return row


@transaction.atomic
def forget_contacts(*, at: datetime) -> int:
    """Delete how reporters are reached, and who was with them, some months after the end of their cases. How many. The worker
    calls it.
    """
    rows = Case.objects.filter(closed_on__lt=local_day(at) - rules.CONTACT_KEPT).exclude(contact="", witness="")
    return rows.update(contact="", witness="")


@transaction.atomic
def count_weeks(*, at: datetime) -> int:
    """Enter in public, once for each week that is over, how many cases were given to units in it, by kind, and how many reports had
    waited longer than a week at its end: how many weeks. Whatever was received is in one of the two in time, and neither says more of
    a reporter's day than the page of a case does. What goes around its target is not among it, since in a quiet week a number would
    tell of it. The worker calls it.
    """
    locks.alone(locks.ENTRIES)
    last = entries.entries().filter(what="cases.count_week").first()
    counted = date.fromisoformat(json.loads(last.document)["content"]["week"]) if last else None
    rows, over = Case.objects.filter(body="").order_by(), week_of(local_day(at))
    first = counted + WEEK if counted else _first_week(rows)
    entered = 0
    for week in _weeks(first, over) if first and _has_more(rows, first) else []:
        content = _count_of(rows, week)
        if content["kinds"] or content["waiting"]:
            public = Public({"week": week.isoformat(), **content})
            done("cases.count_week", f"week:{week.isoformat()}", at=start_of_day(at), by=None, public=public)
            entered += 1
    return entered


def _first_week(rows: QuerySet[Case]) -> date | None:
    first = rows.aggregate(first=Min("received_on"))["first"]
    return week_of(first) if first else None


def _has_more(rows: QuerySet[Case], first: date) -> bool:
    """Whether anything was given since, or waits: a quiet year is not gone through week by week each time."""
    waits = Q(given_on=None) & ~Q(state=State.SET_ASIDE)
    return rows.filter(waits | Q(given_on__gte=first)).exists()


def _weeks(first: date, over: date) -> list[date]:
    return [first + n * WEEK for n in range((over - first).days // 7)]


def _count_of(rows: QuerySet[Case], week: date) -> dict[str, Any]:
    end = week + WEEK
    given = rows.filter(given_on__gte=week, given_on__lt=end).values_list("kind").annotate(n=Count("pk"))
    waiting = rows.filter(Q(given_on=None) | Q(given_on__gte=end), received_on__lt=week)
    return {"kinds": dict(sorted(given)), "waiting": waiting.exclude(state=State.SET_ASIDE).count()}
