"""Correcting a roll before its poll opens, and forgetting the guests of polls that are over."""

from datetime import datetime

from django.db import transaction

from zhengyou.base.deeds import done, locked
from zhengyou.organisations.models import Person
from zhengyou.polls import actions as polls
from zhengyou.polls.models import Guest, Poll, RollEntry, VoterPool
from zhengyou.polls.queries import likeness_of
from zhengyou.polls.rules import Invited, check_invited, check_is_not_concerned
from zhengyou.rolls import queries, rules
from zhengyou.rolls.models import RollChange


@transaction.atomic
def put_on_roll(
    *, pool: VoterPool, who: Person | Invited, reason: str, at: datetime, by: Person, is_another: bool = False
) -> RollChange:
    """Put one member or guest on the roll of a pool whose poll is not open. Atomic.

    Raises RollRefused, also for a guest called like somebody of the roster unless the office says that it `is_another`,
    PollRefused for a guest who cannot be, or ConcernRefused.
    """
    poll = locked(pool.poll, "cycle__campaign__organisation")
    rules.check_may_correct(poll, reason, by, at)
    if isinstance(who, Person):
        rules.check_is_here(who)
        rules.check_is_on_no_roll(who, queries.entry_of_person(poll, who))
        voter: Person | Guest = who
    else:
        rules.check_is_no_namesake([] if is_another else queries.namesakes_of(poll, [who.name]))
        [voter] = polls.invite(pool=pool, guests=[who])
    polls.put_on_roll(pool=pool, voters=[voter])
    return _changed(pool, poll, voter, is_added=True, reason=reason, at=at, by=by)


@transaction.atomic
def take_off_roll(*, entry: RollEntry, reason: str, at: datetime, by: Person) -> RollChange:
    """Take one voter off the roll of a poll that is not open. Atomic. Raises RollRefused or ConcernRefused."""
    poll = locked(entry.poll, "cycle__campaign")
    rules.check_may_correct(poll, reason, by, at)
    rules.check_enough_stay(RollEntry.objects.filter(pool=entry.pool_id).count())
    voter, pool = entry.voter, entry.pool
    _take_off(entry, voter)
    return _changed(pool, poll, voter, is_added=False, reason=reason, at=at, by=by)


@transaction.atomic
def undo_roll_change(*, change: RollChange, at: datetime, by: Person) -> RollChange:
    """Put the roll back as it was before a correction, before the opening. Raises RollRefused or ConcernRefused."""
    row = locked(change, "pool__poll", "person", "guest")
    poll = locked(row.pool.poll, "cycle__campaign")
    check_is_not_concerned(poll, by, at)
    entry = RollEntry.objects.filter(poll=poll, person=row.person, guest=row.guest).first()
    rules.check_may_undo(row, poll, fits=bool(entry and entry.pool_id == row.pool_id) if row.is_added else not entry)
    if entry:
        rules.check_enough_stay(RollEntry.objects.filter(pool=row.pool).count())
        _take_off(entry, row.voter)
    else:
        _put_back(row)
    row.undone_at = at
    row.save(update_fields=["undone_at"])
    done("rolls.undo_roll_change", poll, at=at, by=by, pool=row.pool.slug, number=row.voter.number)
    return row


def _take_off(entry: RollEntry, voter: Person | Guest) -> None:
    """The entry goes; a guest's name stays for an undo, but may be entered anew meanwhile."""
    entry.delete()
    if isinstance(voter, Guest):
        Guest.objects.filter(pk=voter.pk).update(likeness="")


def _put_back(change: RollChange) -> None:
    if change.guest:
        invited = Invited(change.guest.name, change.guest.contact)
        likeness = likeness_of(change.pool.poll.cycle_id, invited)
        known = Guest.objects.filter(poll=change.pool.poll_id).values_list("likeness", flat=True)
        check_invited([invited], set(known), [likeness])
        Guest.objects.filter(pk=change.guest.pk).update(likeness=likeness)
    polls.put_on_roll(pool=change.pool, voters=[change.voter])


def _changed(
    pool: VoterPool, poll: Poll, voter: Person | Guest, *, is_added: bool, reason: str, at: datetime, by: Person
) -> RollChange:
    """The correction as a row; the journal names a guest by number only, since it cannot forget, and keeps no reason."""
    about = {"person": voter} if isinstance(voter, Person) else {"guest": voter}
    deed = "rolls.put_on_roll" if is_added else "rolls.take_off_roll"
    done(deed, poll, at=at, by=by, pool=pool.slug, number=voter.number)
    return RollChange.objects.create(
        pool=pool, is_added=is_added, reason=reason.strip(), made_at=at, made_by=by, **about
    )


@transaction.atomic
def forget_guests(*, at: datetime) -> int:
    """Forget name and contact of the guests of polls that have been over for two weeks, and what was written about them.

    How many were forgotten. The keyed hash stays until their cycle is over, so that two polls of a cycle are told apart.
    Idempotent.
    """
    guests = [guest.pk for guest in queries.guests_to_forget(at)]
    RollChange.objects.filter(guest__in=guests).update(reason="")
    Guest.objects.filter(pk__in=guests).update(name="", contact="", forgotten_at=at)
    over = Guest.objects.exclude(forgotten_at=None).exclude(poll__cycle__closed_at=None)
    over.exclude(likeness="").update(likeness="")
    if guests:
        done("rolls.forget_guests", "guests", at=at, by=None, count=len(guests))
    return len(guests)
