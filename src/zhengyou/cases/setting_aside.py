"""Setting reports aside, always by two people and with a reason: one asks, the other one answers, for a day it is undone, and its
reporter brings a report back. The two readers do it to what goes around its target, the office to what came in a flood.

The journal is told about the cycle and no case, since more people read it than may read the reports.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction

from zhengyou.base.deeds import done, locked, two_people
from zhengyou.base.entries import Public
from zhengyou.base.time import local_day
from zhengyou.cases import aside_queries, aside_rules, own_words, reader_queries, rules
from zhengyou.cases.actions import add_step, change_case, looked_after
from zhengyou.cases.guarding import guarded
from zhengyou.cases.models import Case, CaseAside, CaseStep
from zhengyou.identity import rules as identity_rules
from zhengyou.organisations.models import Person

Kind, Side = CaseStep.Kind, CaseStep.Side


@transaction.atomic
def ask_aside(*, cases: Iterable[Case], why: str, words: str, at: datetime, by: Person) -> list[CaseAside]:
    """Ask another person for reports to be set aside that say nothing anybody could look into. They wait as before, and their clocks
    run, until it is answered. One row for each cycle. Raises CaseRefused, ConfidenceRefused, RoleRefused.
    """
    day = local_day(at)
    rows = [_held(case, at, by) for case in sorted(cases, key=lambda row: row.pk)]
    aside_rules.check_how_many(len(rows))
    why, words = aside_rules.check_aside(why, words)
    for row in rows:
        aside_rules.check_may_be_set_aside(row)
    own_words.check_copies_none_for_others(rows, words)
    around = [row for row in rows if row.is_guarded]
    aside_rules.check_somebody_else_reads(reader_queries.unread_by_others(around, by, day))
    asked = []
    for pk, is_around in sorted({(row.cycle_id, row.is_guarded) for row in rows}):
        of_it = [row for row in rows if (row.cycle_id, row.is_guarded) == (pk, is_around)]
        cycle = of_it[0].cycle
        one = CaseAside.objects.create(
            cycle=cycle, is_around=is_around, why=why, words=words, asked_by=by, asked_on=day
        )
        Case.objects.filter(pk__in=[row.pk for row in of_it]).update(aside=one)
        done("cases.ask_aside", cycle, at=at, by=by, cases=len(of_it))
        asked.append(one)
    return asked


@transaction.atomic
def answer_aside(*, aside: CaseAside, agrees: bool, keeps: Collection[int] = (), at: datetime, by: Person) -> CaseAside:
    """Another person answers: what both see so is set aside, which is counted in public; `keeps`, and all of it without agreement,
    waits on as before. Raises CaseRefused, ConfidenceRefused, RoleRefused.
    """
    one, day = _aside(aside, at, by), local_day(at)
    aside_rules.check_is_unanswered(one)
    two_people(one.asked_by_id, by, aside_rules.second_person_needed())
    rows = list(aside_queries.asked_aside(one, by, day).select_for_update(of=("self",)))
    aside_now = [row for row in rows if agrees and row.pk not in keeps]
    side = Side.READER if one.is_around else Side.OFFICE
    for row in aside_now:
        add_step(case=row, kind=Kind.SET_ASIDE, side=side, at=at, by=by, words=one.words)
        change_case(case=row, state=Case.State.SET_ASIDE, closed_on=day)
    Case.objects.filter(aside=one).exclude(state=Case.State.SET_ASIDE).update(aside=None)
    one.answered_by, one.answered_at, one.count = by, at, len(aside_now)
    one.save()
    public = Public({"cases": one.count, "why": one.why, "around": one.is_around}) if one.count else None
    done("cases.answer_aside", one.cycle, at=at, by=by, public=public, cases=one.count)
    return one


@transaction.atomic
def undo_aside(*, aside: CaseAside, at: datetime, by: Person) -> int:
    """Bring back, within a day, what was set aside together; how many. One person is enough. Raises CaseRefused, ConfidenceRefused,
    RoleRefused.
    """
    one = _aside(aside, at, by)
    aside_rules.check_may_be_undone(one, at)
    rows = list(aside_queries.set_aside_by(one).select_for_update(of=("self",)))
    for row in rows:
        bring_back(case=row, side=Side.READER if one.is_around else Side.OFFICE, at=at, by=by)
    one.undone_on = local_day(at)
    one.save()
    public = Public({"cases": len(rows), "around": one.is_around}) if rows else None
    done("cases.undo_aside", one.cycle, at=at, by=by, public=public, cases=len(rows))
    return len(rows)


@transaction.atomic
def say_is_person(*, case: Case, at: datetime) -> Case:
    """Its reporter says that no program sent it: it waits again, once. Raises CaseRefused."""
    row = locked(case, *reader_queries.RELATED)
    if aside_queries.comes_back(row):
        bring_back(case=row, side=Side.REPORTER, at=at, by=None)
    elif row.state == Case.State.SET_ASIDE:
        raise aside_rules.came_back_before()
    return row


def bring_back(*, case: Case, side: str, at: datetime, by: Person | None) -> None:
    """A locked case that was set aside waits again for its two readers, or for the office, its clocks from today."""
    add_step(case=case, kind=Kind.BROUGHT_BACK, side=side, at=at, by=by)
    state = Case.State.GUARDED if case.is_guarded else Case.State.RECEIVED
    change_case(case=case, state=state, closed_on=None, from_on=local_day(at), aside=None)


def _held(case: Case, at: datetime, by: Person) -> Case:
    return guarded(case, at, by) if case.is_guarded else looked_after(case, at, by)


def _aside(aside: CaseAside, at: datetime, by: Person) -> CaseAside:
    row, day = locked(aside, "cycle__campaign__organisation"), local_day(at)
    top = row.cycle.campaign.organisation
    if not row.is_around:
        identity_rules.check_is_office_of(by, top, day)
    elif not reader_queries.reads_for(by, top, day):
        raise rules.not_for_you()
    return row
