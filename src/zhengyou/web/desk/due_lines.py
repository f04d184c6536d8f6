"""What is due, as lines: each one tap from done, with its day and about how many minutes it takes, the most urgent first."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhengyou.base.time import local_day
from zhengyou.base.words import in_readers_words
from zhengyou.burden.rules import BY_SLUG
from zhengyou.campaigns.models import Cycle
from zhengyou.commitments import queries as commitments
from zhengyou.notices import queries as notices
from zhengyou.organisations.models import Person
from zhengyou.organisations.readers import Reader
from zhengyou.paper import queries as paper_queries
from zhengyou.paper.models import PaperBatch
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll
from zhengyou.remarks import queries as remarks
from zhengyou.scrutiny import queries as scrutiny
from zhengyou.scrutiny.models import ScrutineerWord
from zhengyou.web.shared import clock

# What belongs to somebody's own duty is not counted in `burden`, yet whoever opens the list wants to know how long it takes.
# Guesses until fillings are measured: reading four promises and an opinion; a look at words; an objection; a recount.
MINUTES_A_REVIEW = 5
MINUTES_A_LOOK = 1
MINUTES_AN_OBJECTION = 15
MINUTES_OF_KEYS = 5
MINUTES_A_RECOUNT = 15
MINUTES_A_BATCH = 20
FORM_OF = {
    "choose_theme": "practice-theme",
    "write_promises": "promise",
    "mend_promises": "promise",
    "report_progress": "progress-report",
    "state_outcomes": "outcome",
}


@dataclass(frozen=True)
class DueLine:
    """One line of the list: where it leads, what is to be done, for whom, by which day, in about how many minutes.

    What nobody gave a day has the day `since` when it waits.
    """

    url: str
    text: str
    detail: str = ""
    due_on: date | None = None
    minutes: int = 0
    organisation: int | None = None
    kind: str = ""
    since: date | None = None

    def days_late(self, on: date) -> int:
        """How many days ago it should have been done; 0 if it is in time, or has no day."""
        return max((on - self.due_on).days, 0) if self.due_on else 0


def lines_for(reader: Reader, cycle: Cycle | None) -> list[DueLine]:
    """All that this person has to do, the earliest day first; what has no day comes last."""
    person = reader.person
    if person is None:
        return []
    lines = [
        *promise_lines(reader),
        *_ballots(person),
        *(_paper_line(batch) for batch in _batches_for(person, reader.on)),
        *_looks(reader, cycle),
        *_objections(reader),
        *(line for row in scrutiny.polls_to_scrutinise(person) if (line := _scrutiny_line(row))),
    ]
    return sorted(lines, key=lambda line: line.due_on or line.since or date.max)


def promise_lines(reader: Reader) -> list[DueLine]:
    """What the reader has to do about themes and promises."""
    return [_promise_line(line) for line in commitments.due_for(reader)]


def _looks(reader: Reader, cycle: Cycle | None) -> list[DueLine]:
    """Words that wait for a look by the office: one line, with the day by which the oldest is due."""
    waiting = remarks.due_for(reader, cycle)
    if cycle is None or not waiting.count:
        return []
    text = ngettext("Look at what %(n)d person wrote", "Look at what %(n)d people wrote", waiting.count)
    address, minutes = reverse("office-remarks", args=[cycle.pk]), MINUTES_A_LOOK * waiting.count
    return [DueLine(address, text % {"n": waiting.count}, due_on=waiting.due_on, minutes=minutes)]


def _objections(reader: Reader) -> list[DueLine]:
    """Objections that this reader may handle, and what came in a flood: a line each, with the day of the oldest."""
    docket, address = notices.due_for(reader), reverse("office-docket")
    lines: list[DueLine] = []
    if docket.oldest_at is None:
        return lines
    since = local_day(docket.oldest_at)
    detail = _("the oldest since %(day)s") % {"day": date_format(since)}
    if docket.objections:
        text = ngettext("Handle %(n)d objection", "Handle %(n)d objections", docket.objections)
        one = reverse("office-objection", args=[docket.first.pk]) if docket.first else address
        minutes = MINUTES_AN_OBJECTION * docket.objections
        lines.append(DueLine(one, text % {"n": docket.objections}, detail, minutes=minutes, since=since))
    if docket.flood:
        text = ngettext(
            "Look at %(n)d objection that came among many within minutes",
            "Look at %(n)d objections that came together within minutes",
            docket.flood,
        )
        lines.append(DueLine(address, text % {"n": docket.flood}, detail, minutes=MINUTES_AN_OBJECTION, since=since))
    return lines


def _ballots(person: Person) -> list[DueLine]:
    """The ballots that nobody was issued in this person's name yet, with the days on which their polls close."""
    rows = [row for row, is_issued in poll_queries.open_polls_for(person) if not is_issued]
    sizes = poll_queries.sheet_sizes(rows)
    return [
        DueLine(
            reverse("desk-ballot", args=[row.key]),
            _("Grade in secret: %(poll)s") % {"poll": in_readers_words(row.name)},
            due_on=local_day(row.closes_at),
            minutes=BY_SLUG["ballot"].minutes(sizes.get(row.pk, 1)),
        )
        for row in rows
    ]


def _scrutiny_line(row: Any) -> DueLine | None:
    """Keys to make and try before a poll opens, or a recount after its close."""
    poll = row.poll
    address, name = reverse("desk-scrutiny", args=[poll.key]), {"poll": in_readers_words(poll.name)}
    if poll.state == Poll.State.DRAFTED and row.tried_at is None:
        text = _("Make and try your keys as a scrutineer: %(poll)s") % name
        return DueLine(address, text, due_on=local_day(poll.opens_at), minutes=MINUTES_OF_KEYS)
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


def _promise_line(line: commitments.Due) -> DueLine:
    unit, text = line.organisation, _promise_text(line)
    if unit is None:
        return DueLine(reverse("desk-promises"), text, due_on=line.due_on, minutes=MINUTES_A_REVIEW * line.count)
    page = "desk-theme" if line.kind == "choose_theme" else "desk-commitment"
    minutes = BY_SLUG[FORM_OF[line.kind]].minutes(max(line.count, 1))
    return DueLine(reverse(page, args=[unit.code]), text, unit.name, line.due_on, minutes, unit.pk, line.kind)


def _promise_text(line: commitments.Due) -> str:
    n = line.count
    texts = {
        "choose_theme": _("Choose the practice theme"),
        "write_promises": _("Write and propose the promises (%(n)d written)"),
        "mend_promises": ngettext("Revise %(n)d returned promise", "Revise %(n)d returned promises", n),
        "review_promises": ngettext(
            "Review the promises of %(n)d organisation", "Review the promises of %(n)d organisations", n
        ),
        "report_progress": ngettext(
            "Report progress: no report on %(n)d promise for 30 days",
            "Report progress: no report on %(n)d promises for 30 days",
            n,
        ),
        "state_outcomes": ngettext("Say how %(n)d promise ended", "Say how %(n)d promises ended", n),
    }
    return texts[line.kind] % {"n": n}
