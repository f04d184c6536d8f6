"""What a unit owes now, for whoever enters for it what comes on paper: the lines of its own list, each one tap from its form."""

from datetime import date

from django.urls import reverse
from django.utils.translation import ngettext

from zhengyou.campaigns.calendar import Calendar
from zhengyou.keeping import queries as keeping
from zhengyou.organisations.models import Organisation
from zhengyou.organisations.tree import is_within
from zhengyou.remarks import queries as remarks
from zhengyou.situations import queries as situations
from zhengyou.submissions.models import Submission
from zhengyou.web.desk.due_lines import promise_text, situation_text
from zhengyou.web.shared.due_lines import DueLine

What = Submission.What
FORM_OF: dict[str, str] = {
    "choose_theme": What.THEME,
    "write_promises": What.BOARD,
    "mend_promises": What.REVISED,
    "report_progress": What.REPORT,
    "state_outcomes": What.OUTCOME,
    "answer_doubts": What.DOUBTS,
    "explain_promise": What.DOUBTS,
}


def owed_by(unit: Organisation, on: date) -> list[tuple[DueLine, int]]:
    """All of it, with how many days late each is, the earliest day first: what its own secretary would have to do, in every campaign
    under way, and what it still owes of cycles that are closed.
    """
    lines: list[DueLine] = []
    for calendar in Calendar.under_way_for([unit]):
        if is_within(unit, calendar.top):
            lines += [_of_promises(unit, one) for one in keeping.due_of_units(calendar, [unit], on)]
            lines += (
                [_of_situation(unit, one) for one in situations.due_in(calendar, [unit], on)] if unit.parent_id else []
            )
            lines += _of_words(unit, calendar)
    lines += [_of_promises(unit, one) for one in keeping.explanations_of([unit])]
    lines.sort(key=lambda line: line.due_on or date.max)
    return [(line, line.days_late(on)) for line in lines]


def _address(unit: Organisation, what: str, query: str) -> str:
    return f"{reverse('desk-submission-enter', args=[unit.code, what])}?{query}"


def _of_promises(unit: Organisation, one: keeping.Due) -> DueLine:
    query = f"promise={one.promise.pk}" if one.promise else f"cycle={one.cycle.pk}"
    what = What.PROPOSAL if one.kind == "mend_promises" and not one.count else FORM_OF[one.kind]
    return DueLine(_address(unit, what, query), promise_text(one), due_on=one.due_on, cycle=one.cycle.pk)


def _of_situation(unit: Organisation, one: situations.SituationDue) -> DueLine:
    address = _address(unit, What.SITUATION, f"cycle={one.cycle.pk}")
    return DueLine(address, situation_text(one), due_on=one.due_on, cycle=one.cycle.pk)


def _of_words(unit: Organisation, calendar: Calendar) -> list[DueLine]:
    """What people wrote and everybody reads, without an answer."""
    n, cycle = remarks.unanswered_about(unit, calendar.cycle), calendar.cycle.pk
    text = ngettext("Answer what %(n)d person wrote", "Answer what %(n)d people wrote", n) % {"n": n}
    return [DueLine(_address(unit, What.ANSWER, f"cycle={cycle}"), text, cycle=cycle)] if n else []
