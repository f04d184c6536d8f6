"""One's own words on the year, the decision on a whole unit, telling, objecting, answering. The journal never holds a grade."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from zhengyou.base.deeds import done, locked
from zhengyou.base.time import local_day
from zhengyou.campaigns.models import Cycle
from zhengyou.grades import queries, rules
from zhengyou.grades.models import GradeChange, GradeDecision, GradeObjection, SelfAssessment
from zhengyou.grades.rules import PersonGrade
from zhengyou.organisations.models import Organisation, Person


@transaction.atomic
def write_self_assessment(*, cycle: Cycle, text: str, at: datetime, by: Person) -> SelfAssessment:
    """Write one's own words on the year, or write them anew; the committee of one's unit reads them. Twice the same is harmless.

    Raises GradeRefused for whoever is not graded or whose grade is decided, StageRefused.
    """
    person = locked(by, "organisation")  # so that the decision waits, or has been taken
    rules.check_may_assess(cycle, queries.decision_on(cycle, person), local_day(at))
    rules.check_is_graded(person, is_committed=queries.is_committed(cycle, person))
    text = rules.check_assessment(text)
    row, _created = SelfAssessment.objects.update_or_create(
        cycle=cycle, person=person, defaults={"text": text, "written_at": at}
    )
    done("grades.write_self_assessment", row, at=at, by=by)
    return row


@transaction.atomic
def decide_grades(
    *,
    cycle: Cycle,
    organisation: Organisation,
    decided_on: date,
    lines: Iterable[PersonGrade],
    at: datetime,
    by: Person,
    knowingly: bool = False,
) -> list[GradeDecision]:
    """Enter what the committee of a unit decided, for these of its people: all of them or none. Each reads it at the desk.

    `knowingly`: more of the best grade than the rules foresee. Raises GradeRefused, RoleRefused, StageRefused, OutsideRefused.
    """
    unit, today, lines = locked(organisation), local_day(at), list(lines)
    rules.check_may_decide(cycle, unit, by, today)
    rules.check_decided_on(decided_on, cycle, today)
    people = {one.pk: one for one in queries.people_to_grade(cycle, unit)}
    decided = queries.decisions_in(cycle, unit)
    rules.check_undecided(one.person for one in lines if one.person.pk in decided)
    reasons = {}
    for one in lines:
        rules.check_is_graded(one.person, is_committed=one.person.pk in people)
        reasons[one.person.pk] = rules.check_line(one, cycle.ruleset, by)
    _check_best(cycle, people, decided, lines, knowingly=knowingly)
    rows = [
        GradeDecision(
            cycle=cycle,
            organisation=unit,
            person=one.person,
            grade=one.grade,
            reason=reasons[one.person.pk],
            decided_on=decided_on,
            entered_at=at,
            entered_by=by,
        )
        for one in lines
    ]
    made = GradeDecision.objects.bulk_create(rows)
    if made:
        done("grades.decide_grades", unit, at=at, by=by, cycle=cycle, people=len(made))
    return made


@transaction.atomic
def correct_grade(
    *, decision: GradeDecision, grade: str, reason: str, why: str, at: datetime, by: Person
) -> GradeDecision:
    """Correct what was entered wrongly, until the person has been told; the old one stays beside it. Raises GradeRefused, RoleRefused."""
    row = _locked(decision)
    rules.check_may_change(row, by, local_day(at))
    line = PersonGrade(row.person, grade, reason)
    reason = rules.check_line(line, row.cycle.ruleset, by)
    rules.check_differs(row, grade)
    _change(row, grade, reason, rules.check_why(why), at, by)
    done("grades.correct_grade", row.organisation, at=at, by=by, cycle=row.cycle)
    return row


@transaction.atomic
def tell_in_talk(*, decision: GradeDecision, told_on: date, at: datetime, by: Person) -> GradeDecision:
    """Enter that somebody was told in a talk, on which day: from then on they may object. Raises GradeRefused."""
    row = _locked(decision)
    rules.check_may_tell(row, by, told_on, local_day(at))
    row.told_on, row.told_how = told_on, GradeDecision.How.TALK
    row.save(update_fields=["told_on", "told_how"])
    done("grades.tell_in_talk", row.organisation, at=at, by=by, cycle=row.cycle)
    return row


@transaction.atomic
def confirm_read(*, decision: GradeDecision, at: datetime, by: Person) -> GradeDecision:
    """The person has read it at the desk; from today they may object. Twice is once. Raises GradeRefused."""
    row = _locked(decision)
    rules.check_is_own(row, by)
    if row.told_on is None:
        row.told_on, row.told_how = local_day(at), GradeDecision.How.DESK
        row.save(update_fields=["told_on", "told_how"])
        done("grades.confirm_read", row, at=at, by=by)
    return row


@transaction.atomic
def object_to_grade(*, decision: GradeDecision, text: str, at: datetime, by: Person) -> GradeObjection:
    """Object to one's own grade: the level above answers. Raises GradeRefused for another's, too early, too late, twice."""
    row = _locked(decision)
    rules.check_is_own(row, by)
    rules.check_may_object(row, queries.objection_to(row), local_day(at))
    objection = GradeObjection.objects.create(decision=row, text=rules.check_objection(text), made_at=at)
    done("grades.object_to_grade", objection, at=at, by=by)
    return objection


@transaction.atomic
def answer_grade_objection(
    *, objection: GradeObjection, answer: str, grade: str, reason: str, at: datetime, by: Person
) -> GradeObjection:
    """Answer with a reason, and leave the grade or change it; the old one stays beside the new, and the person is told anew.

    Raises GradeRefused, RoleRefused.
    """
    decision = _locked(objection.decision)
    row = locked(objection)
    row.decision = decision
    rules.check_may_answer(row, by, local_day(at))
    row.answer, row.answered_at, row.answered_by = rules.check_answer(answer), at, by
    reason = rules.check_line(PersonGrade(decision.person, grade, reason), decision.cycle.ruleset, by)
    row.save(update_fields=["answer", "answered_at", "answered_by"])
    if grade != decision.grade:
        _change(decision, grade, reason, row.answer[:500], at, by)
    decision.told_on, decision.told_how = None, ""
    decision.save(update_fields=["told_on", "told_how"])
    done("grades.answer_grade_objection", decision.organisation, at=at, by=by, cycle=decision.cycle)
    return row


def _locked(decision: GradeDecision) -> GradeDecision:
    return locked(decision, "person", "organisation", "cycle__campaign__organisation")


def _change(row: GradeDecision, grade: str, reason: str, why: str, at: datetime, by: Person) -> None:
    GradeChange.objects.create(
        decision=row, grade_before=row.grade, reason_before=row.reason, why=why, changed_at=at, changed_by=by
    )
    row.grade, row.reason = grade, reason
    row.save(update_fields=["grade", "reason"])


def _check_best(
    cycle: Cycle,
    people: dict[int, Person],
    decided: dict[int, GradeDecision],
    lines: list[PersonGrade],
    *,
    knowingly: bool,
) -> None:
    """The part of the best grade is taken of all who get a grade here, also of those who are decided later."""
    best = cycle.ruleset.member_grades[0].id
    grades = {pk: row.grade for pk, row in decided.items()} | {one.person.pk: one.grade for one in lines}
    everybody = set(people) | set(decided)
    graded = sum(1 for pk in everybody if grades.get(pk, best))
    count = sum(grade == best for grade in grades.values())
    rules.check_best(count, graded, cycle.ruleset, knowingly=knowingly)
