"""When a clock may stand still and how long, who may ask for it, and whom the office can call at all."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext_lazy as _

from zhengyou.base.time import working_days_after
from zhengyou.cases import rules
from zhengyou.cases.computing.reaching import holds_a_phone
from zhengyou.cases.computing.timing import working_days_from
from zhengyou.cases.models import Case, CaseStep
from zhengyou.cases.own_words import check_said_to_all
from zhengyou.cases.rules import CaseRefused
from zhengyou.organisations.models import Person
from zhengyou.organisations.vocabulary import worded

PAUSES = 3  # so many times the longest pause, all pauses of a case together last at most
WHY_MISSING = _("Say why the time limit is paused. Everybody can read it.")
DENIAL_MISSING = _("Say why the time limit runs on. Everybody can read it.")


def is_paused(case: Case, on: date) -> bool:
    """Whether its clock stands still on that day. Nobody has to end a pause: it ends with its last day."""
    return case.paused_until is not None and case.paused_until >= on


def last_day_of_pause(case: Case, on: date) -> date:
    """The last day on which a pause that begins today may end."""
    return working_days_after(on, case.cycle.ruleset.clocks.pause)


def check_may_pause(case: Case, *, why: str, words: str, until_on: date, on: date) -> str:
    """A clock stands still only while somebody works on it, for a reason of the list that everybody reads, up to a day that is not
    far. Once it stands still, another pause is another public step. Returns the words as they are kept.
    """
    rules.check_state(case, Case.State.ASSIGNED)
    check_reason(why)
    check_until(case, until_on, on)
    return check_said_to_all(case, rules.check_words(words, WHY_MISSING))


def check_until(case: Case, until_on: date, on: date) -> None:
    """The last day of a pause is one of the next working days."""
    if not on < until_on <= last_day_of_pause(case, on):
        raise CaseRefused(
            _(
                "Choose a day after today and at most %(days)d working days away. If you need longer, ask again when that day comes."
            )
            % {"days": case.cycle.ruleset.clocks.pause},
            reason="case.pause-too-long",
        )


def check_is_not_prolonged_by_one(steps: Iterable[CaseStep], by: Person) -> None:
    """From the second pause of a case on, another person than the one who paused it last says that it is needed."""
    last = [step for step in steps if step.kind == CaseStep.Kind.PAUSED][-1:]
    if any(step.by_id == by.pk for step in last):
        raise CaseRefused(
            worded(
                _(
                    "You paused this time limit last time. Another person in the %(office)s decides whether it is "
                    "paused again."
                )
            ),
            reason="case.paused-by-you",
        )


def check_stands_not_too_long(case: Case, steps: Iterable[CaseStep], until_on: date, on: date) -> None:
    """All pauses of a case together are a few times as long as one of them can be."""
    most = PAUSES * case.cycle.ruleset.clocks.pause
    before = rules.pauses_of(steps)
    if before and before[-1].until_on >= on:  # this pause takes the place of the one that is under way
        before[-1] = replace(before[-1], until_on=on)
    days = sum(working_days_from(one.from_on, one.until_on) for one in before) + working_days_from(on, until_on)
    if days > most:
        raise CaseRefused(
            _(
                "All pauses of this case together would be %(days)d working days, and %(most)d are the most. The time limit runs on, and "
                "the unit says in public what is missing."
            )
            % {"days": days, "most": most},
            reason="case.paused-too-long",
        )


def check_reason(why: str) -> None:
    """A pause waits for one of the things of the list."""
    if why not in CaseStep.Why.values:
        raise CaseRefused(_("Choose what the work waits for."), reason="case.pause-for-nothing")


def check_may_ask_for_pause(case: Case, *, why: str, words: str, on: date, by: Person) -> str:
    """A unit asks once, while its clock runs; the office answers. Returns the words as they are kept."""
    rules.check_state(case, Case.State.ASSIGNED)
    if is_paused(case, on):
        raise CaseRefused(_("This time limit is paused already."), reason="case.paused-already")
    if case.pause_asked_on is not None:
        raise CaseRefused(worded(_("You have asked already. The %(office)s answers.")), reason="case.pause-asked")
    check_reason(why)
    return check_said_to_all(case, rules.check_words(words, WHY_MISSING), by)


def check_pause_is_asked(case: Case) -> None:
    """Only what was asked for is refused."""
    if case.pause_asked_on is None:
        raise CaseRefused(_("Nobody has asked for a pause here."), reason="case.pause-not-asked")


def check_is_paused(case: Case, on: date) -> None:
    """Only a clock that stands still is started again."""
    if not is_paused(case, on):
        raise CaseRefused(_("This time limit runs already."), reason="case.not-paused")


def can_be_called(case: Case) -> bool:
    """Whether there is a number by which the office could call its reporter."""
    return holds_a_phone(case.contact)


def check_can_be_called(case: Case) -> None:
    """Nobody is called who left no telephone."""
    if not can_be_called(case):
        raise CaseRefused(
            _("No telephone number was left, so nobody can be called. Write a message: it is found by the code."),
            reason="case.nobody-to-call",
        )


def check_was_called(last: CaseStep | None) -> None:
    """Only a call that the office entered is denied; `last` is the last word about one."""
    if last is None:
        raise CaseRefused(_("Nobody says that you were called."), reason="case.no-call-entered")
