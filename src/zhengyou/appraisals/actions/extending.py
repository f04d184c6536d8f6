"""While a poll is open: a later closing time with its reason, and the turnout that those who run it are told, hourly."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from zhengyou.appraisals import queries, rules
from zhengyou.appraisals.models import Poll, PollExtension, VoterPool
from zhengyou.appraisals.rules import ending
from zhengyou.base import journal
from zhengyou.organisations.models import Person

TURNOUT_EVERY = timedelta(hours=1)


@transaction.atomic
def extend_poll(*, poll: Poll, closes_at: datetime, reason: str, at: datetime, by: Person) -> PollExtension:
    """Move the closing time of an open poll to a later one, for everybody to see; the manifest keeps the time first announced.

    Can be done again and again. Raises PollRefused, or ConcernRefused for those who are rated or administer the rated.
    """
    row = Poll.objects.select_for_update().get(pk=poll.pk)
    rules.check_is_not_concerned(row, by, at)
    ending.check_may_extend(row, closes_at, reason, at)
    extension = PollExtension.objects.create(
        poll=row, closes_at=closes_at, reason=reason.strip(), extended_at=at, extended_by=by
    )
    payload = {
        "from": queries.instant_text(row.closes_at),
        "to": queries.instant_text(closes_at),
        "reason": reason.strip(),
    }
    row.closes_at = closes_at
    row.save(update_fields=["closes_at"])
    journal.record(deed="appraisals.extend_poll", subject=row.reference, by=by.reference, at=at, payload=payload)
    return extension


@transaction.atomic
def read_turnout(*, poll: Poll, at: datetime, by: Person) -> list[VoterPool]:
    """The pools of an open poll with what their turnout may be known as: in fives, from ten people on, an hour old at most.

    Read at most once an hour and written over what was read before, so that no series of times comes about; looking is not
    journalled. Raises ConcernRefused for those who are rated or administer the rated.
    """
    rules.check_is_not_concerned(poll, by, at)
    if poll.state != Poll.State.OPENED or at < poll.opens_at:
        return queries.pools_of(poll)
    is_due = Q(turnout_shown_at=None) | Q(turnout_shown_at__lte=at - TURNOUT_EVERY)
    due = VoterPool.objects.select_for_update().filter(is_due, poll=poll)
    sizes = queries.pool_sizes(poll) if due else {}
    for pool in due:
        pool.turnout_shown, pool.turnout_shown_at = queries.coarse_turnout(*sizes[pool.pk]), at
    VoterPool.objects.bulk_update(due, ["turnout_shown", "turnout_shown_at"])
    return queries.pools_of(poll)
