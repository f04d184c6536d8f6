"""The desk opens on what is due: at most seven lines, each one tap from done."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhengyou.base.time import local_day
from zhengyou.base.words import in_readers_words
from zhengyou.campaigns import queries as campaigns
from zhengyou.commitments import queries as commitments
from zhengyou.notices import queries as notices
from zhengyou.organisations.models import Person, Post
from zhengyou.organisations.readers import Reader
from zhengyou.paper import queries as paper_queries
from zhengyou.paper.models import PaperBatch
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll
from zhengyou.remarks import queries as remarks
from zhengyou.scrutiny import queries as scrutiny
from zhengyou.scrutiny.models import ScrutineerWord
from zhengyou.web.shared import clock, doors

MOST_LINES = 7


@dataclass(frozen=True)
class DueLine:
    """One line of the list: where it leads, what is to be done, for whom."""

    url: str
    text: str
    detail: str = ""


@doors.signed_in
def due(request: doors.PersonRequest) -> HttpResponse:
    """What this person has to do next."""
    reader = doors.reader_of(request)
    ballots = [_ballot_line(row) for row, is_issued in poll_queries.open_polls_for(request.person) if not is_issued]
    watched = [line for row in scrutiny.polls_to_scrutinise(request.person) if (line := _scrutiny_line(row))]
    papers = [_paper_line(batch) for batch in _batches_for(request.person)]
    promises = [_promise_line(line) for line in commitments.due_for(reader)]
    lines = [
        *ballots,
        *papers,
        *_looks(reader),
        *_objections(reader),
        *watched,
        *promises,
    ]
    is_scrutineer = bool(reader.organisations_as(Post.Role.SCRUTINEER))
    shown = {
        "is_scrutineer": is_scrutineer,
        "posts": reader.posts,
        "lines": lines[:MOST_LINES],
        "more": max(len(lines) - MOST_LINES, 0),
    }
    return render(request, "desk/due.html", shown)


def _looks(reader: Reader) -> list[DueLine]:
    """Words that wait for a look by the office: one line, with the day by which the oldest is due."""
    cycle = campaigns.cycle_under_way()
    waiting = remarks.due_for(reader, cycle)
    if cycle is None or not waiting.count:
        return []
    text = ngettext("Look at what %(n)d person wrote", "Look at what %(n)d people wrote", waiting.count)
    detail = _("due by %(day)s") % {"day": waiting.due_on}
    return [DueLine(reverse("office-remarks", args=[cycle.pk]), text % {"n": waiting.count}, detail)]


def _objections(reader: Reader) -> list[DueLine]:
    """Objections that this reader may handle, and what came in a flood: a line each, with the day of the oldest."""
    docket, address = notices.due_for(reader), reverse("office-docket")
    lines: list[DueLine] = []
    if docket.oldest_at is None:
        return lines
    detail = _("the oldest since %(day)s") % {"day": local_day(docket.oldest_at)}
    if docket.objections:
        text = ngettext("Handle %(n)d objection", "Handle %(n)d objections", docket.objections)
        one = reverse("office-objection", args=[docket.first.pk]) if docket.first else address
        lines.append(DueLine(one, text % {"n": docket.objections}, detail))
    if docket.flood:
        text = ngettext(
            "Look at %(n)d objection that came among many within minutes",
            "Look at %(n)d objections that came together within minutes",
            docket.flood,
        )
        lines.append(DueLine(address, text % {"n": docket.flood}, detail))
    return lines


def _ballot_line(row: Poll) -> DueLine:
    return DueLine(
        reverse("desk-ballot", args=[row.key]), _("Grade in secret: %(poll)s") % {"poll": in_readers_words(row.name)}
    )


def _scrutiny_line(row: Any) -> DueLine | None:
    """Keys to make and try before a poll opens, or a recount after its close."""
    poll = row.poll
    address, name = reverse("desk-scrutiny", args=[poll.key]), {"poll": in_readers_words(poll.name)}
    if poll.state == Poll.State.DRAFTED and row.tried_at is None:
        return DueLine(address, _("Make and try your keys as a scrutineer: %(poll)s") % name)
    is_unsaid = row.word is None or row.word.kind == ScrutineerWord.Kind.SEEN
    if poll.state == Poll.State.CLOSED and is_unsaid and scrutiny.is_handover_there(poll):
        return DueLine(address, _("Recount as a scrutineer: %(poll)s") % name)
    return None


def _batches_for(person: Person) -> list[PaperBatch]:
    """The batches of paper forms that this person may key."""
    return paper_queries.batches_to_key(clock.now()) if paper_queries.may_key_paper(person, clock.today()) else []


def _paper_line(batch: PaperBatch) -> DueLine:
    address = reverse("office-paper-keying", args=[batch.pool.poll.key, batch.pk])
    text = _("Key the paper forms of batch %(number)d") % {"number": batch.number}
    return DueLine(address, text, f"{in_readers_words(batch.pool.poll.name)} · {in_readers_words(batch.pool.name)}")


def _promise_line(line: commitments.Due) -> DueLine:
    if line.organisation is None:
        return DueLine(reverse("desk-promises"), _promise_text(line))
    page = "desk-theme" if line.kind == "choose_theme" else "desk-commitment"
    return DueLine(reverse(page, args=[line.organisation.code]), _promise_text(line), line.organisation.name)


def _promise_text(line: commitments.Due) -> str:
    n = line.count
    texts = {
        "choose_theme": _("Choose the practice theme"),
        "write_promises": _("Write and propose the promises (%(n)d written)"),
        "mend_promises": ngettext(
            "Mend %(n)d promise that was sent back", "Mend %(n)d promises that were sent back", n
        ),
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
