"""Deeds that take two rooms: a poll is closed by `counting` and its result computed by `standings`."""

from datetime import datetime

from zhengyou.counting import actions as counting
from zhengyou.organisations.models import Person
from zhengyou.polls.models import Poll
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

    Two transactions, because the box must be empty before anything is computed from its record. What a crash between them
    left undone is done when the deed is asked for again: a closed poll without a result gets one. Raises what
    `counting.actions.close_poll` and `standings.actions.compute_result` raise; a poll that has both is not closed again.
    """
    row = Poll.objects.get(pk=poll.pk)
    if row.state != Poll.State.CLOSED or results.newest_result(row):
        row = counting.close_poll(poll=row, at=at, by=by)
    standings.compute_result(poll=row, at=at, by=by)
    return row
