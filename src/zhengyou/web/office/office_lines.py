"""What waits for the office today, as lines: polls to prepare, open, close and count, selections to go on with, work that failed.

Objections and words to look at are in `web/shared/due_lines`, since the desk shows them too.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhengyou.awards import queries as awards
from zhengyou.base import jobs, journal
from zhengyou.base.models import Job
from zhengyou.base.time import local_day
from zhengyou.base.words import in_readers_words
from zhengyou.campaigns.models import Cycle
from zhengyou.jobs import title_of
from zhengyou.notices import queries as notices
from zhengyou.organisations.models import Organisation, Person, Post
from zhengyou.organisations.readers import Reader
from zhengyou.organisations.tree import is_within_any
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll
from zhengyou.standings import queries as standings
from zhengyou.web.shared.case_lines import office_case_lines
from zhengyou.web.shared.due_lines import DueLine, looks, objections
from zhengyou.web.shared.plan_lines import late_lines, plan_lines
from zhengyou.windows import queries as windows
from zhengyou.windows.rules import ROOM as WINDOWS

FAILED_WITHIN = timedelta(days=7)
# Guesses until fillings are measured, so that whoever opens the list knows what fits before noon.
MINUTES_A_POLL, MINUTES_A_SELECTION, MINUTES_AN_ODDITY, MINUTES_A_FAILURE, MINUTES_A_NAME = 10, 15, 5, 5, 1
MOST_BY_HAND = 15  # minutes; many names are read in with the workbook


def waits_for(
    reader: Reader, cycles: tuple[Cycle | None, list[Cycle]], polls: list[Poll], units: tuple[int, int], at: datetime
) -> list[DueLine]:
    """All of it for this reader, the earliest day first and what has none last.

    `cycles` are the one under way, and those that are over from which cases and words carried over; `polls` are those not finished;
    `units` says how many have nobody responsible, and how many are led by people without an account.
    """
    (cycle, ended), (missing, shut_out) = cycles, units
    cared_for = [*([cycle] if cycle else []), *ended]
    lines = [
        *_polls(polls, at),
        *objections(reader),
        *(line for one in cared_for for line in looks(reader, one)),
        *plan_lines(reader, [cycle] if cycle else []),
        *late_lines(reader, cycle),
        *(line for one in cared_for for line in office_case_lines(reader, one)),
        *_selections(cycle, at),
        *_closing(reader, cycle),
        *_odd_marks(next(iter(cared_for), None)),
        *_failed(reader, at),
        *_responsible(cycle, missing),
        *_shut_out(cycle, shut_out),
    ]
    return sorted(lines, key=lambda line: line.due_on or line.since or date.max)


def _polls(rows: list[Poll], at: datetime) -> list[DueLine]:
    counted = standings.polls_with_result([row for row in rows if row.state == Poll.State.CLOSED])
    printed = journal.subjects_with("ballots.hand_out_poll_codes", [row.reference for row in rows])
    lines = []
    for row in rows:
        step = _step_of(row, is_counted=row.pk in counted, is_printed=row.reference in printed, at=at)
        if step:
            text, due_at = step
            address = reverse("office-poll", args=[row.key])
            lines.append(
                DueLine(
                    address,
                    text % {"poll": in_readers_words(row.name)},
                    due_on=due_at and local_day(due_at),
                    minutes=MINUTES_A_POLL,
                )
            )
    return lines


def _step_of(row: Poll, *, is_counted: bool, is_printed: bool, at: datetime) -> tuple[str, datetime | None] | None:
    """What the office does next to a poll, and by when; nothing while members vote and once it is counted."""
    if row.state == Poll.State.DRAFTED:
        return _("Prepare and open: %(poll)s"), row.opens_at
    if row.state == Poll.State.OPENED:
        return _step_of_opened(row, is_printed, at)
    if row.state == Poll.State.CLOSED and not is_counted:
        return _("Compute the result: %(poll)s"), row.closed_at
    return None


def _step_of_opened(row: Poll, is_printed: bool, at: datetime) -> tuple[str, datetime | None] | None:
    if row.void_asked_by_id:
        return _("A second person decides whether it is void: %(poll)s"), at
    if row.only_void:
        return _("It can only be declared void: %(poll)s"), at
    if at < row.closes_at:
        return None if is_printed else (_("No codes are printed yet: %(poll)s"), row.closes_at)
    if row.close_asked_by_id:
        return _("A second person confirms the close: %(poll)s"), row.closes_at
    return _("Voting is over; ask for the close: %(poll)s"), row.closes_at


def _selections(cycle: Cycle | None, at: datetime) -> list[DueLine]:
    """Selections of the cycle that have candidates and no notice yet, or whose notice is over and which nobody has decided."""
    lines = []
    rows: Any = awards.selections_of(cycle) if cycle else ()
    for row in rows:
        text, due_on = "", None
        if row.notice is None and row.candidates:
            text = _("Publish the notice of the candidates: %(title)s")
        elif row.notice and not row.decision and not notices.clock_of(row.notice, at).is_running:
            text, due_on = _("The notice is over; record the decision: %(title)s"), row.notice.ends_on
        if text:
            address = reverse("office-selection", args=[row.pk])
            lines.append(DueLine(address, text % {"title": row.title}, minutes=MINUTES_A_SELECTION, since=due_on))
    return lines


def _closing(reader: Reader, cycle: Cycle | None) -> list[DueLine]:
    """For everybody but the one who asked that the cycle be closed."""
    own = reader.person.pk if reader.person else None
    if cycle is None or cycle.is_closed or cycle.close_asked_by_id in (None, own):
        return []
    text = _("A second person confirms the end of the cycle: %(cycle)s") % {"cycle": cycle.called}
    asked_on = local_day(cycle.close_asked_at) if cycle.close_asked_at else None
    address = reverse("office-cycle-close", args=[cycle.pk])
    return [DueLine(address, text, minutes=MINUTES_A_POLL, since=asked_on)]


def jobs_within(offices: list[Organisation], person: Person | None, rows: Iterable[Job]) -> list[Job]:
    """The jobs about polls of these offices' campaigns, and those that this person has asked for. One query at most."""
    asked = list(rows)
    if any(one.depth == 0 for one in offices):
        return asked
    ours = {
        row.reference
        for row in poll_queries.polls_with_references(job.about for job in asked)
        if is_within_any(row.cycle.campaign.organisation, offices)
    }
    return [job for job in asked if job.about in ours or (person and job.by == person.reference)]


def _odd_marks(cycle: Cycle | None) -> list[DueLine]:
    """Marks at windows that look odd and that nobody above the unit has looked into."""
    count = windows.unsettled_in(cycle) if cycle and WINDOWS in cycle.ruleset.rooms else 0
    text = ngettext(
        "Check %(n)d set of unusual ratings at a window", "Check %(n)d sets of unusual ratings at windows", count
    )
    address = f"{reverse('office-window-flags')}?settled=no"
    return [DueLine(address, text % {"n": count}, minutes=MINUTES_AN_ODDITY * count)] if count else []


def _failed(reader: Reader, at: datetime) -> list[DueLine]:
    offices = reader.organisations_as(Post.Role.CAMPAIGN_OFFICE)
    rows = jobs_within(offices, reader.person, jobs.failed_lately(at - FAILED_WITHIN))
    text: Any = _("This failed in the background; see why and try again: %(what)s")
    return [
        DueLine(
            row.page,
            text % {"what": title_of(row)},
            in_readers_words(row.sentence),
            minutes=MINUTES_A_FAILURE,
            since=local_day(row.asked_at),
        )
        for row in rows
    ]


def _responsible(cycle: Cycle | None, missing: int) -> list[DueLine]:
    text = ngettext("Name a responsible person for %(n)d unit", "Name responsible persons for %(n)d units", missing)
    minutes = min(MINUTES_A_NAME * missing, MOST_BY_HAND)
    return [DueLine(reverse("office-responsible"), text % {"n": missing}, minutes=minutes)] if cycle and missing else []


def _shut_out(cycle: Cycle | None, units: int) -> list[DueLine]:
    """Units that are asked for something and whose heads cannot come in to answer; the page opens accounts and prints the letters."""
    text = ngettext(
        "Hand out an account: who leads %(n)d unit has none and cannot sign in",
        "Hand out accounts: those who lead %(n)d units have none and cannot sign in",
        units,
    )
    address = f"{reverse('office-posts')}?account=none"
    minutes = min(MINUTES_A_NAME * units, MOST_BY_HAND)
    return [DueLine(address, text % {"n": units}, minutes=minutes)] if cycle and units else []
