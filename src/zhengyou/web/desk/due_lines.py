"""What is due, as lines: each one tap from done, with its day and about how many minutes it takes, the most urgent first."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhengyou.base.time import local_day
from zhengyou.base.words import day_said, in_readers_words
from zhengyou.burden.rules import BY_SLUG
from zhengyou.campaigns.models import Cycle
from zhengyou.grades import queries as grades
from zhengyou.keeping import queries as keeping
from zhengyou.leadership import queries as leadership
from zhengyou.organisations.models import Person
from zhengyou.organisations.readers import Reader
from zhengyou.paper import queries as paper_queries
from zhengyou.paper.models import PaperBatch
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll
from zhengyou.rhythm import queries as rhythm
from zhengyou.scrutiny import queries as scrutiny
from zhengyou.scrutiny.models import ScrutineerWord
from zhengyou.situations import queries as situations
from zhengyou.submissions import queries as submissions
from zhengyou.vows import queries as vows
from zhengyou.web.shared import clock
from zhengyou.web.shared.case_lines import desk_case_lines, office_case_lines
from zhengyou.web.shared.due_lines import DueLine, looks, objections
from zhengyou.web.shared.plan_lines import plan_lines
from zhengyou.web.shared.stages import calendars_for
from zhengyou.windows import queries as windows

# What belongs to somebody's own duty is not counted in `burden`, yet whoever opens the list wants to know how long it takes.
# Guesses until fillings are measured: reading four promises and an opinion; keys; a recount; a batch of paper.
MINUTES_A_REVIEW = 5
MINUTES_OF_KEYS = 5
MINUTES_A_RECOUNT = 15
MINUTES_A_BATCH = 20
MINUTES_A_PAPER_ENTRY = 2
MINUTES_A_UNIT = 2
MINUTES_AN_ODDITY = 5
MINUTES_A_GRADE = 1
MINUTES_OF_OWN_WORDS = BY_SLUG["self-assessment"].minutes()
FORM_OF = {
    "choose_theme": "practice-theme",
    "write_promises": "promise",
    "mend_promises": "promise",
    "report_progress": "progress-report",
    "state_outcomes": "outcome",
    "answer_doubts": "unit-answer",
}
# What the level above does, with the page that lists it and about how many minutes one takes.
ABOVE = {
    "review_promises": ("desk-promises", MINUTES_A_REVIEW),
    "look_at_promises": ("desk-keeping", 2),
    "decide_promises": ("desk-keeping", 3),
    "answer_droppings": ("desk-keeping", 3),
}
MINUTES_A_PLEDGE_REVIEW = 2
MINUTES_AN_ANSWER = 10


def lines_for(reader: Reader, cycles: Iterable[Cycle]) -> list[DueLine]:
    """All that this person has to do, the earliest day first; what has no day comes last."""
    person, cycles = reader.person, list(cycles)
    if person is None:
        return []
    ended = rhythm.ended_with_work() if reader.posts else []
    cared_for = [*cycles, *ended]
    lines = [
        *plan_lines(reader, cycles),
        *desk_case_lines(reader, ended),
        *(line for cycle in cared_for for line in office_case_lines(reader, cycle)),
        *promise_lines(reader),
        *_units_to_look_after(person, reader.on, cycles),
        *grade_lines(reader),
        *_ballots(person),
        *(_paper_line(batch) for batch in _batches_for(person, reader.on)),
        *(line for cycle in cared_for for line in looks(reader, cycle)),
        *objections(reader),
        *_from_paper(reader),
        *_odd_marks(reader),
        *(line for row in scrutiny.polls_to_scrutinise(person) if (line := _scrutiny_line(row))),
    ]
    return sorted(lines, key=lambda line: line.due_on or line.since or date.max)


def _odd_marks(reader: Reader) -> list[DueLine]:
    """Marks at windows right below the reader's units that look odd."""
    count = windows.unsettled_for(reader)
    if not count:
        return []
    text = ngettext(
        "Check %(n)d set of unusual ratings at a window", "Check %(n)d sets of unusual ratings at windows", count
    )
    address = f"{reverse('desk-window-flags')}?settled=no"
    return [DueLine(address, text % {"n": count}, minutes=MINUTES_AN_ODDITY * count)]


def promise_lines(reader: Reader) -> list[DueLine]:
    """What the reader has to do about themes, promises, members' promises, and reports on the situation."""
    return [
        *(_promise_line(line) for line in keeping.due_for(reader)),
        *(_vow_line(line) for line in vows.due_for(reader)),
        *(_situation_line(line) for line in situations.due_for(reader)),
    ]


def _vow_line(line: vows.VowDue) -> DueLine:
    """One's own promises to write or mend; those of members to review."""
    texts = {
        "write_vow": _("Write what you promise yourself"),
        "mend_vow": _("Revise your own promises, which were sent back"),
        "look_at_record": _("Check what somebody wrote down as your promise, and say whether it is right"),
        "look_at_exemption": _("Read that you are exempt from promising in this cycle"),
        "review_vows": ngettext(
            "Review the promises of %(n)d person of the unit",
            "Review the promises of %(n)d people of the unit",
            line.count,
        ),
    }
    is_review = line.kind == "review_vows"
    address = reverse("desk-vows", args=[line.organisation.code]) if is_review else reverse("desk-vow")
    minutes = MINUTES_A_PLEDGE_REVIEW * max(line.count, 1)
    if line.kind in ("write_vow", "mend_vow"):
        minutes = BY_SLUG["vow"].minutes()
    return DueLine(
        f"{address}?cycle={line.cycle.pk}",
        texts[line.kind] % {"n": line.count},
        line.organisation.name if is_review else "",
        line.due_on,
        minutes,
        line.organisation.pk if is_review else None,
        line.kind,
        cycle=line.cycle.pk,
    )


def _situation_line(line: situations.SituationDue) -> DueLine:
    """A report on the situation of a unit."""
    address = f"{reverse('desk-situation-write', args=[line.organisation.code])}?cycle={line.cycle.pk}"
    minutes, unit, text = BY_SLUG["situation-report"].minutes(), line.organisation, situation_text(line)
    return DueLine(address, text, unit.name, line.due_on, minutes, unit.pk, "tell_situation", cycle=line.cycle.pk)


def situation_text(line: situations.SituationDue) -> str:
    """Of which days a report is due."""
    days = {"first": day_said(line.first), "last": day_said(line.due_on)}
    return _("Report in public how things stood from %(first)s to %(last)s") % days


def _units_to_look_after(person: Person, on: date, cycles: Iterable[Cycle]) -> list[DueLine]:
    """Somebody in a leading group who looks after no unit yet: one line for each campaign."""
    asked = {cycle.campaign: cycle for cycle in cycles if "leadership" in cycle.ruleset.rooms}
    return [
        DueLine(
            f"{reverse('desk-contact-points')}?cycle={asked[row].pk}",
            _("Choose a unit to look after"),
            minutes=MINUTES_A_UNIT,
            cycle=asked[row].pk,
        )
        for row in leadership.campaigns_to_lead(person, on, asked)
    ]


def grade_lines(reader: Reader) -> list[DueLine]:
    """What the reader has to do about yearly grades: their own, those of their unit, objections of units below."""
    return [_grade_line(one) for one in grades.due_for(reader, calendars_for(reader), clock.now())]


def _grade_line(one: grades.GradeDue) -> DueLine:
    unit, n = one.organisation, one.count
    texts: dict[str, Any] = {
        "write": _("Write your own words on the year"),
        "read": _("Read what was decided about your year"),
        "decide": ngettext("Enter the yearly grade of %(n)d person", "Enter the yearly grades of %(n)d people", n),
        "decide_heads": ngettext(
            "Enter the yearly grade of %(n)d head of a unit", "Enter the yearly grades of %(n)d heads of units", n
        ),
        "tell": ngettext("Tell %(n)d person the grade in a talk", "Tell %(n)d people their grades in a talk", n),
        "answer": _("Answer an objection to a yearly grade"),
    }
    pages = {"write": "desk-grade-words", "read": "desk-grades", "decide_heads": "desk-grade-units"}
    page = pages.get(one.kind, "desk-grade-unit")
    args: dict[str, list[Any]] = {"desk-grade-words": [one.cycle.pk], "desk-grade-unit": [unit.code if unit else ""]}
    address = reverse(page, args=args.get(page, [])) + f"?cycle={one.cycle.pk}"
    minutes = MINUTES_OF_OWN_WORDS if one.kind == "write" else MINUTES_A_GRADE * n
    detail, of = (unit.name, unit.pk) if unit else ("", None)
    return DueLine(
        address, texts[one.kind] % {"n": n}, detail, one.due_on, minutes, of, since=one.since, cycle=one.cycle.pk
    )


def _from_paper(reader: Reader) -> list[DueLine]:
    """What was entered for one's unit from paper and waits for a look; objections of units below."""
    waiting = submissions.waiting_for(reader)
    look: Any = _("Look at what was entered for your unit: %(text)s")
    settle: Any = _("A unit objects to what was entered for it: %(text)s")
    lines = [(row, look, row.entered_at) for row in waiting.to_look_at]
    lines += [(row, settle, row.objected_at) for row in waiting.to_settle if row.objected_at]
    return [
        DueLine(
            f"{reverse('desk-submissions', args=[row.organisation.code])}#entry-{row.pk}",
            words % {"text": row.text},
            row.organisation.name,
            minutes=MINUTES_A_PAPER_ENTRY,
            organisation=row.organisation_id,
            since=local_day(since),
        )
        for row, words, since in lines
    ]


def _ballots(person: Person) -> list[DueLine]:
    """The ballots that nobody was issued in this person's name yet, with the days on which their polls close."""
    rows = [row for row, is_issued in poll_queries.open_polls_for(person) if not is_issued]
    sizes = poll_queries.sheet_sizes(rows)
    return [
        DueLine(
            reverse("desk-ballot", args=[row.key]),
            _("Vote in secret: %(poll)s") % {"poll": in_readers_words(row.name)},
            due_on=local_day(row.closes_at),
            minutes=BY_SLUG["ballot"].minutes(sizes.get(row.pk, 1)),
            cycle=row.cycle_id,
        )
        for row in rows
    ]


def _scrutiny_line(row: Any) -> DueLine | None:
    """Keys to make and try before a poll opens, the day on which an open one closes, a recount after its close."""
    poll = row.poll
    address, name = reverse("desk-scrutiny", args=[poll.key]), {"poll": in_readers_words(poll.name)}
    if poll.state == Poll.State.DRAFTED and row.tried_at is None:
        text = _("Make and try your keys as a scrutineer: %(poll)s") % name
        return DueLine(address, text, due_on=local_day(poll.opens_at), minutes=MINUTES_OF_KEYS)
    if poll.state == Poll.State.OPENED and clock.now() < poll.closes_at:
        text = _("Keep your keys safe: the appraisal is open until %(day)s, then you recount") % {
            "day": day_said(local_day(poll.closes_at))
        }
        return DueLine(address, text, str(name["poll"]), since=local_day(poll.closes_at))
    is_unsaid = row.word is None or row.word.kind == ScrutineerWord.Kind.SEEN
    if poll.state == Poll.State.CLOSED and is_unsaid and scrutiny.is_handover_there(poll):
        text = _("Recount as a scrutineer: %(poll)s") % name
        return DueLine(address, text, minutes=MINUTES_A_RECOUNT)
    return None


def _batches_for(person: Person, on: date) -> list[PaperBatch]:
    """The batches of paper forms that this person may key."""
    return paper_queries.batches_to_key(clock.now()) if paper_queries.may_key_paper(person, on) else []


def _paper_line(batch: PaperBatch) -> DueLine:
    address = reverse("office-paper-keying", args=[batch.pool.poll.key, batch.pk])
    text = _("Key the paper forms of batch %(number)d") % {"number": batch.number}
    detail = f"{in_readers_words(batch.pool.poll.name)} · {in_readers_words(batch.pool.name)}"
    return DueLine(address, text, detail, local_day(batch.pool.poll.closes_at), MINUTES_A_BATCH)


def _promise_line(line: keeping.Due) -> DueLine:
    unit, text = line.organisation, promise_text(line)
    in_cycle, cycle = f"?cycle={line.cycle.pk}", line.cycle.pk
    if unit is None:
        page, each = ABOVE[line.kind]
        return DueLine(reverse(page) + in_cycle, text, due_on=line.due_on, minutes=each * line.count, cycle=cycle)
    if line.promise is not None:
        address = reverse("desk-promise-answer", args=[unit.code, line.promise.pk]) + in_cycle
        return DueLine(address, text, unit.name, line.due_on, MINUTES_AN_ANSWER, unit.pk, line.kind, cycle=cycle)
    page = "desk-theme" if line.kind == "choose_theme" else "desk-commitment"
    minutes = BY_SLUG[FORM_OF[line.kind]].minutes(max(line.count, 1)) or MINUTES_AN_ANSWER * line.count
    address = reverse(page, args=[unit.code]) + in_cycle
    return DueLine(address, text, unit.name, line.due_on, minutes, unit.pk, line.kind, cycle=cycle)


def promise_text(line: keeping.Due) -> str:
    """What is to be done about themes and promises, in the words of whoever does it."""
    n = line.count
    if line.promise is not None:
        return _("Explain in public how this promise ended: %(what)s") % {"what": line.promise.what}
    texts = {
        "choose_theme": _("Choose the theme"),
        "write_promises": _("Write and propose the promises (%(n)d written)"),
        "mend_promises": ngettext("Revise %(n)d returned promise", "Revise %(n)d returned promises", n)
        if n
        else _("Propose the revised promises again"),
        "review_promises": ngettext("Review the promises of %(n)d unit", "Review the promises of %(n)d units", n),
        "report_progress": ngettext(
            "Report progress: no report on %(n)d promise for 30 days",
            "Report progress: no report on %(n)d promises for 30 days",
            n,
        ),
        "answer_doubts": ngettext("Answer in public about %(n)d promise", "Answer in public about %(n)d promises", n),
        "look_at_promises": ngettext(
            "Look at %(n)d promise given on the spot", "Look at %(n)d promises given on the spot", n
        ),
        "decide_promises": ngettext("Decide on %(n)d promise", "Decide on %(n)d promises", n),
        "answer_droppings": ngettext(
            "Say whether %(n)d inherited promise may be dropped",
            "Say whether %(n)d inherited promises may be dropped",
            n,
        ),
        "state_outcomes": ngettext("Say how %(n)d promise ended", "Say how %(n)d promises ended", n),
    }
    return texts[line.kind] % {"n": n}
