"""Who is graded, who decides and who reads it: the person, the committee of their unit, the level above, and nobody else."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from zhengyou.base.refusals import Refused, allows
from zhengyou.base.texts import check_texts
from zhengyou.base.time import working_days_after
from zhengyou.base.words import joined
from zhengyou.campaigns import rules as campaign_rules
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import Cycle
from zhengyou.campaigns.ruleset import Purpose, Rules
from zhengyou.grades.models import GradeChange, GradeDecision, GradeObjection, SelfAssessment
from zhengyou.identity import rules as identity_rules
from zhengyou.organisations.models import Organisation, Person

COMMITTEE = identity_rules.COMMITTEE


class GradeRefused(Refused):
    """The grade, the self-assessment or the objection cannot be entered like this."""


@dataclass(frozen=True)
class PersonGrade:
    """What is entered for one person: a grade, or none with the reason why they are not graded."""

    person: Person
    grade: str
    reason: str = ""


def check_room(cycle: Cycle) -> None:
    """The cycle's campaign chose yearly grades."""
    if "grades" not in cycle.ruleset.rooms:
        raise GradeRefused(_("This campaign gives no yearly grades."), reason="grade.room-not-chosen")


def check_is_graded(person: Person, *, is_committed: bool) -> None:
    """Graded is who committed in public in this cycle and has not left; a probationary person grades others and gets no grade."""
    facts = {"name": person.name}
    if person.left_on is not None:
        raise GradeRefused(_("%(name)s has left and is not graded any more.") % facts, reason="grade.person-left")
    if person.membership == Person.Membership.PROBATIONARY:
        raise GradeRefused(
            _("%(name)s is probationary: such a person grades others and gets no grade.") % facts,
            reason="grade.probationary",
        )
    if not is_committed:
        raise GradeRefused(
            _("%(name)s made no public commitment in this cycle. Only those who did are graded.") % facts,
            reason="grade.without-public-commitment",
        )


def check_may_assess(cycle: Cycle, decision: GradeDecision | None, day: date) -> None:
    """One's own words are written and rewritten from the first day of the appraisal until one's grade is decided."""
    check_room(cycle)
    Calendar.of(cycle).check_begun(Purpose.APPRAISE, day)
    if decision is not None:
        raise GradeRefused(
            _("Your grade is decided, so your words on the year stay as they were then."),
            reason="grade.decided-already",
        )


def check_assessment(text: str) -> str:
    """A self-assessment says something. Returns it trimmed."""
    missing = _("Write in your own words what you did this year, and where you fell short.")
    return check_texts(GradeRefused, SelfAssessment, missing, text=text)["text"]


def check_may_read(person: Person, organisation: Organisation, on: date) -> None:
    """The grades of a unit's people are read by its committee and by those who lead a level above. The office reads none."""
    if identity_rules.may_read_of_people(person, organisation, on):
        return
    raise identity_rules.RoleRefused(
        _(
            "Yearly grades can be read by the person, by those who lead or answer for %(unit)s, and by the level "
            "above. Nobody else can read them."
        )
        % {"unit": organisation.name},
        reason="grade.not-for-you",
    )


def check_may_take_list(person: Person, organisation: Organisation, on: date) -> None:
    """The list of a unit's grades leaves the house in the hands of its own committee alone."""
    if not identity_rules.is_of_committee(person, organisation, on):
        raise identity_rules.RoleRefused(
            _(
                "This list is for those who lead or answer for %(unit)s. The level above reads the grades on the page of the unit."
            )
            % {"unit": organisation.name},
            reason="grade.list-not-for-you",
        )


def check_may_decide(cycle: Cycle, organisation: Organisation, by: Person, on: date) -> None:
    """The unit's own head enters what its committee decided, or somebody who leads a level above, once the appraisal has begun."""
    check_room(cycle)
    Calendar.of(cycle).check_begun(Purpose.APPRAISE, on)
    campaign_rules.check_takes_part(cycle, organisation)
    if not allows(identity_rules.check_is_above, by, organisation, on):
        identity_rules.check_is_secretary(by, organisation, on)


def check_decided_on(decided_on: date, cycle: Cycle, today: date) -> None:
    """The committee met in this cycle, and not in the future."""
    if not cycle.starts_on <= decided_on <= today:
        raise GradeRefused(
            _("The decision lies between the first day of the cycle and today. Correct the day."),
            reason="grade.impossible-day",
        )


def check_line(line: PersonGrade, ruleset: Rules, by: Person) -> str:
    """A grade of the frozen rules, or none with a reason; and nobody enters their own. Returns the reason trimmed."""
    if line.person.pk == by.pk:
        raise GradeRefused(_("Nobody enters their own grade. The level above enters yours."), reason="grade.of-oneself")
    if line.grade and line.grade not in {grade.id for grade in ruleset.member_grades}:
        raise GradeRefused(_("Choose one of the grades of this cycle."), reason="grade.unknown")
    missing = "" if line.grade else _("Say why %(name)s is not graded.") % {"name": line.person.name}
    return check_texts(GradeRefused, GradeDecision, missing, reason=line.reason)["reason"]


def check_undecided(decided: Iterable[Person]) -> None:
    """Each is decided once; afterwards it is changed with a reason."""
    if names := joined(person.name for person in decided):
        raise GradeRefused(
            _("Somebody has entered these meanwhile: %(names)s. What you wrote was not saved. Look at the page again.")
            % {"names": names},
            reason="grade.decided-meanwhile",
        )


def most_best(ruleset: Rules, graded: int) -> int:
    """How many of so many graded people get the best grade at most, rounded down."""
    part, whole = ruleset.grading.best
    return graded * part // whole


def check_best(best: int, graded: int, ruleset: Rules, *, knowingly: bool) -> None:
    """More of the best grade than the rules foresee are entered only knowingly. A warning, no bar."""
    most = most_best(ruleset, graded)
    if best > most and not knowingly:
        raise GradeRefused(
            _(
                "%(best)d of %(graded)d would get the best grade; the rules foresee %(most)d at most. If it is meant so, say so below."
            )
            % {"best": best, "graded": graded, "most": most},
            reason="grade.too-many-best",
        )


def check_may_change(decision: GradeDecision, by: Person, on: date) -> None:
    """Until the person has been told, the unit's head corrects what was entered wrongly; afterwards only an objection changes it."""
    check_may_decide(decision.cycle, decision.organisation, by, on)
    if decision.told_on is not None:
        raise GradeRefused(
            _("%(name)s has been told. From now on only an objection can change it.") % {"name": decision.person.name},
            reason="grade.told-already",
        )


def check_why(why: str) -> str:
    """A grade is changed for a reason, which stays beside it. Returns it trimmed."""
    return check_texts(GradeRefused, GradeChange, _("Say why it is changed."), why=why)["why"]


def check_differs(decision: GradeDecision, grade: str) -> None:
    """A change changes something."""
    if decision.grade == grade:
        raise GradeRefused(_("This is the grade that stands there already."), reason="grade.same")


def check_may_tell(decision: GradeDecision, by: Person, told_on: date, on: date) -> None:
    """Who leads the unit tells somebody in a talk, once, after the decision. Nobody tells themselves."""
    check_may_read(by, decision.organisation, on)
    if by.pk == decision.person_id:
        raise GradeRefused(_("Read your own grade on the page of your grade."), reason="grade.of-oneself")
    if decision.told_on is not None:
        raise GradeRefused(_("This person has been told already."), reason="grade.told-already")
    if not decision.decided_on <= told_on <= on:
        raise GradeRefused(
            _("The talk was after the decision, and not in the future. Correct the day."), reason="grade.impossible-day"
        )


def check_is_own(decision: GradeDecision, by: Person) -> None:
    """Only the person themselves confirms having read it, and objects."""
    if by.pk != decision.person_id:
        raise identity_rules.RoleRefused(_("Only the person whose grade it is can do this."), reason="grade.of-another")


def last_day_to_object(decision: GradeDecision) -> date | None:
    """Until when the person may object; None while they have not been told."""
    if decision.told_on is None:
        return None
    return working_days_after(decision.told_on, decision.cycle.ruleset.grading.objection_days)


def check_may_object(decision: GradeDecision, earlier: GradeObjection | None, on: date) -> None:
    """Whoever was told objects once, within the days of the rules."""
    last = last_day_to_object(decision)
    if earlier is not None:
        raise GradeRefused(
            _("You have objected already. The answer of the level above is final."), reason="grade.objected-already"
        )
    if last is None:
        raise GradeRefused(_("Confirm first that you have read it. Then you may object."), reason="grade.not-read-yet")
    if on > last:
        raise GradeRefused(
            _("Objections were possible until the end of %(day)s.") % {"day": date_format(last)},
            reason="grade.objection-too-late",
        )


def check_objection(text: str) -> str:
    """An objection says what is wrong. Returns it trimmed."""
    missing = _("Say what you object to, and why.")
    return check_texts(GradeRefused, GradeObjection, missing, text=text)["text"]


def check_may_answer(objection: GradeObjection, by: Person, on: date) -> None:
    """The level above answers, once: neither the person nor whoever entered the grade."""
    decision = objection.decision
    identity_rules.check_is_above(by, decision.organisation, on)
    if by.pk in (decision.person_id, decision.entered_by_id):
        raise GradeRefused(
            _("Somebody else of the level above answers this: you entered the grade, or it is your own."),
            reason="grade.own-objection",
        )
    if objection.answered_at is not None:
        raise GradeRefused(_("This objection has been answered already."), reason="grade.answered-already")


def check_answer(answer: str) -> str:
    """An answer gives its reason. Returns it trimmed."""
    missing = _("Write the answer with its reason. The person reads it.")
    return check_texts(GradeRefused, GradeObjection, missing, answer=answer)["answer"]
