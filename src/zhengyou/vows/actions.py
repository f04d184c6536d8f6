"""A member hands in promises, somebody records spoken ones, the unit's leader exempts or reviews; a year later they are forgotten.

The journal says that and who, never what was promised: what is forgotten is then gone everywhere.
"""

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from zhengyou.base import entries
from zhengyou.base.deeds import done, locked, locked_or
from zhengyou.base.models import PublicEntry
from zhengyou.base.once import once_of
from zhengyou.base.time import local_day, year_before
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import Cycle
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Person
from zhengyou.pledges.models import PublicCommitment
from zhengyou.vows import queries, rules
from zhengyou.vows.models import Vow, VowItem, VowText

Mode, State = Vow.Mode, Vow.State


@transaction.atomic
def hand_in_vow(
    *,
    cycle: Cycle,
    items: Sequence[VowText],
    is_of_age: bool,
    at: datetime,
    by: Person,
    ticket: uuid.UUID | None = None,
) -> Vow:
    """A member hands in what they promise, to be reviewed by whoever leads their unit. Handed in again it replaces what waits.

    Raises StageRefused, OutsideRefused, VowRefused.
    """
    return _hand_in(cycle, by, items, is_of_age, at, by, ticket, {"mode": Mode.WRITTEN})


@transaction.atomic
def record_vow(
    *,
    cycle: Cycle,
    person: Person,
    items: Sequence[VowText],
    read_back_on: date,
    is_of_age: bool,
    at: datetime,
    by: Person,
    ticket: uuid.UUID | None = None,
) -> Vow:
    """Somebody of the same unit, or of a level above, writes down what a member promised aloud and read it back; never the member,
    and never over what the member wrote. The member is told.

    Raises RoleRefused, StageRefused, OutsideRefused, VowRefused.
    """
    rules.check_may_record(person, by, local_day(at))
    rules.check_read_back(read_back_on, cycle, local_day(at))
    known = _held(cycle, person)
    rules.check_may_record_over(known, by, has_items=known is not None and queries.has_items(known))
    facts = {"mode": Mode.ORAL, "recorder": by, "read_back_on": read_back_on}
    return _hand_in(cycle, person, items, is_of_age, at, by, ticket, facts)


@transaction.atomic
def exempt_member(*, cycle: Cycle, person: Person, reason: str, at: datetime, by: Person) -> Vow:
    """Whoever leads the unit exempts a member; the reason is read by the unit and the level above only. Again changes the reason.
    What the member had promised until then stays with them, unpublished, and they are told.

    Raises RoleRefused, OutsideRefused, VowRefused.
    """
    Calendar.of(cycle).check_takes_part(person.organisation)
    known = _held(cycle, person)
    rules.check_can_be_replaced(known)
    reason = rules.check_may_exempt(person, by, reason, local_day(at))
    facts: dict[str, Any] = {"mode": Mode.EXEMPT, "state": State.EXEMPT, "exempt_because": reason}
    if known and queries.has_items(known):
        facts |= {"mode": known.mode, "recorder": known.recorder, "read_back_on": known.read_back_on}
    row = _put(known, cycle, person, at, facts, once=uuid.uuid4())
    done("vows.exempt_member", row, at=at, by=by)
    return row


@transaction.atomic
def end_exemption(*, vow: Vow, at: datetime, by: Person) -> None:
    """Whoever leads the unit, or is of a level above, ends an exemption that was a mistake; its reason is forgotten, and the journal
    says who ended it. What the member had promised before waits for its review again. Raises RoleRefused, StageRefused, VowRefused.
    """
    gone = rules.no_exemption()
    row = locked_or(vow, gone, "person__organisation", "organisation", "cycle__campaign__organisation", "recorder")
    rules.check_may_end_exemption(row, by, local_day(at))
    if queries.has_items(row):
        row.state, row.exempt_because, row.owned_at = State.PROPOSED, "", None
        row.save(update_fields=["state", "exempt_because", "owned_at"])
    else:
        row.delete()
    done("vows.end_exemption", row.person, at=at, by=by, cycle=row.cycle)


@transaction.atomic
def answer_record(*, vow: Vow, is_so: bool, at: datetime, by: Person) -> Vow:
    """Whose name stands there says that a recording or an exemption is known to them, or that they never said this. What they deny
    leaves the page, also after it was published, and the texts of its public entry are erased. Once. Raises VowRefused.
    """
    row = locked(vow, "person", "organisation", "cycle", "recorder")
    rules.check_may_answer_record(row, by)
    if is_so:
        row.owned_at = at
    else:
        rules.check_may_disown(row)
        _comes_off_the_page(row, at, by)
        row.state, row.disowned_at, row.published_at = State.RETURNED, at, None
    row.save()
    done("vows.answer_record", row, at=at, by=by, is_so=is_so)
    return row


@transaction.atomic
def review_vow(*, vow: Vow, agrees: bool, opinion: str, at: datetime, by: Person) -> Vow:
    """Agree, and the promises are published on the page of the unit with name and post; or send them back with an opinion.

    Raises RoleRefused, VowRefused.
    """
    row = locked(vow, "person", "organisation", "cycle")
    rules.check_may_review(row, by, local_day(at))
    row.opinion = rules.check_opinion(opinion, agrees=agrees)
    row.state = State.PUBLISHED if agrees else State.RETURNED
    row.reviewed_at, row.reviewed_by, row.published_at = at, by, at if agrees else None
    row.save()
    if agrees:
        _commits_in_public(row, at, by)
    public = queries.public_vow(row) if agrees else None
    done("vows.review_vow", row, at=at, by=by, agrees=agrees, public=public)
    return row


@transaction.atomic
def take_off(*, at: datetime) -> int:
    """Forget what members promised in cycles that ended a year ago: page, texts, and what can be erased of the public entries.

    Idempotent; how many vows it forgot.
    """
    day = local_day(at)
    rows = Vow.objects.filter(taken_off_at=None, cycle__ends_on__lt=year_before(day)).order_by("pk")
    held = list(rows.select_for_update(of=("self",)))
    for row in held:
        VowItem.objects.filter(vow=row).delete()
        _forget_entries(row)
        row.post = row.exempt_because = row.opinion = ""
        row.taken_off_at = at
        row.save()
    if held:
        done("vows.take_off", "vows", at=at, by=None, count=len(held))
    return len(held)


def _hand_in(
    cycle: Cycle,
    person: Person,
    items: Sequence[VowText],
    is_of_age: bool,
    at: datetime,
    by: Person,
    ticket: uuid.UUID | None,
    facts: dict[str, Any],
) -> Vow:
    day = local_day(at)
    known = _held(cycle, person)
    once = once_of(ticket, cycle.pk, person.pk, *items)
    if known and known.once == once:
        return known
    rules.check_can_be_replaced(known)
    is_returned = known is not None and known.state == State.RETURNED
    rules.check_may_promise(Calendar.of(cycle), person, day, is_of_age=is_of_age, is_returned=is_returned)
    kept = rules.check_items(items, cycle, day)
    row = _put(known, cycle, person, at, {"state": State.PROPOSED, **facts}, once=once)
    VowItem.objects.filter(vow=row).delete()
    rows = [VowItem(vow=row, position=n, **vars(item)) for n, item in enumerate(kept, 1)]
    VowItem.objects.bulk_create(rows)
    deed = "vows.record_vow" if row.recorder_id else "vows.hand_in_vow"
    done(deed, row, at=at, by=by, items=len(kept))
    return row


def _held(cycle: Cycle, person: Person) -> Vow | None:
    """The member's vow, held; the member too, so that the first one is not made twice."""
    locked(person)
    return Vow.objects.select_for_update().filter(cycle=cycle, person=person).first()


def _put(
    known: Vow | None, cycle: Cycle, person: Person, at: datetime, facts: dict[str, Any], *, once: uuid.UUID
) -> Vow:
    row = known or Vow(cycle=cycle, person=person)
    plain: dict[str, Any] = {"recorder": None, "read_back_on": None, "exempt_because": "", "opinion": ""}
    plain |= {"owned_at": None, "disowned_at": None}
    plain |= {"organisation": person.organisation, "post": _post_of(person, at), "handed_in_at": at, "once": once}
    for name, value in {**plain, **facts}.items():
        setattr(row, name, value)
    row.save()
    return row


def _post_of(person: Person, at: datetime) -> str:
    """The title of the member's post in their own unit, else nothing: a plain member."""
    posts = organisations.posts_of(person, local_day(at))
    return next((post.title for post in posts if post.organisation_id == person.organisation_id and post.title), "")


def _commits_in_public(row: Vow, at: datetime, by: Person) -> None:
    """Who has promised on the page of their unit counts among those who committed in public, unless they do already."""
    facts = {"organisation": row.organisation, "place": row.organisation.name, "made_on": local_day(at)}
    PublicCommitment.objects.get_or_create(
        cycle=row.cycle, person=row.person, taken_back_at=None, defaults=facts | {"entered_at": at, "entered_by": by}
    )


def _comes_off_the_page(row: Vow, at: datetime, by: Person) -> None:
    """What was published in somebody's name and is denied by them: the entry's texts go, and so does what it made them."""
    if row.published_at is None:
        return
    _forget_entries(row)
    made = PublicCommitment.objects.filter(cycle=row.cycle, person=row.person, taken_back_at=None)
    why = gettext("The promise was recorded by somebody else, and the person says that it was never given.")
    made.filter(entered_at=row.published_at).update(taken_back_at=at, taken_back_by=by, why_taken_back=why)


def _forget_entries(row: Vow) -> None:
    for number in PublicEntry.objects.filter(deed__subject=row.reference).values_list("number", flat=True):
        entries.forget(number)
