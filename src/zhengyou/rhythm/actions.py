"""Deeds that take several rooms: a poll is closed by `counting` and its result computed by `standings`; the search made anew."""

from datetime import datetime

from django.db import transaction

from zhengyou.awards import queries as awards
from zhengyou.base import locks, searching
from zhengyou.base.deeds import done
from zhengyou.commitments import queries as commitments
from zhengyou.counting import actions as counting
from zhengyou.notices import queries as notices
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Person
from zhengyou.polls.models import Poll
from zhengyou.rolls import actions as rolls
from zhengyou.standings import actions as standings
from zhengyou.standings import queries as results


def check_close_and_count(*, poll: Poll, at: datetime, by: Person) -> None:
    """Whether this person may close and count the poll now, or count what a cut-off close left. Raises as that would."""
    row = Poll.objects.get(pk=poll.pk)
    if row.state == Poll.State.CLOSED and results.newest_result(row) is None:
        standings.check_compute(poll=row, at=at, by=by)
    else:
        counting.check_close(poll=row, at=at, by=by)


def close_and_count(*, poll: Poll, at: datetime, by: Person) -> Poll:
    """The second person closes the poll, and its first result is computed. Returns the poll as it then stands.

    Counting opens and counts, standings says what may be published of it all, counting writes the record with that answer.
    Two transactions, because the box must be empty before anything is computed from its record. What a crash between them
    left undone is done when the deed is asked for again: a closed poll without a result gets one. Raises what
    `counting.actions.close_poll` and `standings.actions.compute_result` raise; a poll that has both is not closed again.
    """
    row = Poll.objects.get(pk=poll.pk)
    if row.state != Poll.State.CLOSED or results.newest_result(row):
        row = counting.close_poll(poll=row, at=at, by=by, judge=standings.JUDGE)
    standings.compute_result(poll=row, at=at, by=by)
    return row


def forget(*, at: datetime) -> None:
    """Forget what the rooms promised to forget by now: the guests of polls that are over. Again and again, by the worker. Idempotent."""
    rolls.forget_guests(at=at)


@transaction.atomic
def rebuild_search(*, at: datetime, by: Person | None) -> int:
    """Make the table of the search anew from what the rooms hold; how many things it has. Whoever publishes waits meanwhile.

    The table made anew equals the one that deeds write. It is needed where a later version finds things by other words.
    """
    locks.alone(locks.TREE)
    things = [
        *organisations.searchable(organisations.living_organisations()),
        *commitments.searchable(commitments.every_published_promise()),
        *notices.searchable(notices.notices(at)),
        *awards.searchable(awards.honours_register()),
    ]
    places = organisations.names_upward(thing.place for thing in things if thing.place is not None)
    count = searching.replace(things, places)
    done("rhythm.rebuild_search", "search", at=at, by=by, count=count)
    return count
