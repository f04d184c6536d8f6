"""A poll that must not count: two people declare it void, nobody opens its box. And what follows: it is held again."""

import secrets
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from zhengyou.appraisals import queries, rules
from zhengyou.appraisals.actions.box import destroy_keys, empty_box, lock_box
from zhengyou.appraisals.actions.closing import forget_keys
from zhengyou.appraisals.actions.planning import new_pool
from zhengyou.appraisals.models import Poll, PollScrutineer, RatedOrganisation, RollEntry, VoterPool
from zhengyou.appraisals.queries import scrutiny as scrutinies
from zhengyou.appraisals.rules import ending
from zhengyou.appraisals.rules import scrutiny as scrutiny_rules
from zhengyou.base import journal
from zhengyou.base.refusals import allows
from zhengyou.organisations.models import Person

AGAIN = {"zh-hans": "（重评）", "en": " (held again)"}


@transaction.atomic
def ask_to_void(*, poll: Poll, reason: str, at: datetime, by: Person) -> Poll:
    """The first of two people asks to void a poll and says why. Raises PollRefused or ConcernRefused."""
    row = Poll.objects.select_for_update().get(pk=poll.pk)
    rules.check_is_not_concerned(row, by, at)
    ending.check_may_ask_to_void(row, reason)
    row.void_asked_by, row.void_reason = by, reason.strip()
    row.save(update_fields=["void_asked_by", "void_reason"])
    payload = {"reason": row.void_reason}
    journal.record(deed="appraisals.ask_to_void", subject=row.reference, by=by.reference, at=at, payload=payload)
    return row


@transaction.atomic
def drop_void(*, poll: Poll, at: datetime, by: Person) -> Poll:
    """Either person drops what was asked for; the poll goes on. Raises PollRefused or ConcernRefused."""
    row = Poll.objects.select_for_update().get(pk=poll.pk)
    rules.check_is_not_concerned(row, by, at)
    ending.check_may_drop_void(row)
    row.void_asked_by, row.void_reason = None, ""
    row.save(update_fields=["void_asked_by", "void_reason"])
    journal.record(deed="appraisals.drop_void", subject=row.reference, by=by.reference, at=at)
    return row


def void_poll(*, poll: Poll, at: datetime, by: Person) -> Poll:
    """The second person declares the poll void: its box is emptied unopened and all private keys are destroyed.

    Nothing is counted and no record is written; what was issued is told as coarsely as while the poll was open. Raises
    PollRefused for an unasked void or the person who asked, ConcernRefused for the rated.
    """
    with transaction.atomic(using="box"):
        lock_box(poll, exclusive=True)
        with transaction.atomic():
            row = Poll.objects.select_for_update().get(pk=poll.pk)
            rules.check_is_not_concerned(row, by, at)
            ending.check_may_void(row, by)
            row.state, row.voided_by, row.voided_at = Poll.State.VOIDED, by, at
            row.acknowledgement_key = None
            row.save()
            destroy_keys(poll=row)
            payload = {"reason": row.void_reason, "manifest": row.fingerprint}
            journal.record(deed="appraisals.void_poll", subject=row.reference, by=by.reference, at=at, payload=payload)
        empty_box(polls=[row.key])
    forget_keys(row)
    return row


@transaction.atomic
def repeat_poll(*, poll: Poll, at: datetime, by: Person) -> Poll:
    """Draft the poll anew: same sheet, rolls, second issuers and scrutineers, as long a window from now on, and later new keys.

    Of a closed poll only the pools without a valid verdict. A second issuer is only named: it answers the new poll with
    new keys. Pressed twice it gives one poll. Raises PollRefused or ConcernRefused.
    """
    old = Poll.objects.select_for_update().get(pk=poll.pk)
    rules.check_is_not_concerned(old, by, at)
    pools = queries.pools_to_repeat(old)
    ending.check_may_repeat(old, len(pools))
    known = queries.repetitions_of([old]).get(old.pk)
    if known is not None:
        return known
    closes_at = at + (old.closes_at - old.opens_at)
    rules.check_may_plan(old.cycle, at, closes_at, at)
    name = {language: f"{text}{AGAIN.get(language, AGAIN['en'])}" for language, text in old.name.items()}
    new = Poll.objects.create(key=uuid4(), cycle=old.cycle, name=name, opens_at=at, closes_at=closes_at, repeats=old)
    RatedOrganisation.objects.bulk_create(
        RatedOrganisation(poll=new, organisation_id=row.organisation_id, position=row.position)
        for row in RatedOrganisation.objects.filter(poll=old)
    )
    _same_scrutineers(old, new, at)
    issuers = {again.slug: again.issuer for again in [_same_pool(pool, new) for pool in pools] if again.issuer}
    payload = {"repeats": str(old.key), "name": name, "issuers": issuers}
    journal.record(deed="appraisals.repeat_poll", subject=new.reference, by=by.reference, at=at, payload=payload)
    return new


def _same_pool(pool: VoterPool, new: Poll) -> VoterPool:
    """The pool again with its voters and the name of its second issuer, without anything that issuer had answered."""
    again = new_pool(poll=new, name=pool.name, rater_group=pool.rater_group)
    again.issuer, again.issuer_name, again.issuer_address = pool.issuer, pool.issuer_name, pool.issuer_address
    again.save(update_fields=["issuer", "issuer_name", "issuer_address"])
    voters = RollEntry.objects.filter(pool=pool).order_by("person__number").values_list("person_id", flat=True)
    RollEntry.objects.bulk_create(
        RollEntry(pool=again, poll=new, person_id=person, nonce=secrets.token_bytes(16)) for person in voters
    )
    return again


def _same_scrutineers(old: Poll, new: Poll, at: datetime) -> None:
    """Those who watched the first time watch again, if they still may."""
    PollScrutineer.objects.bulk_create(
        PollScrutineer(poll=new, person=row.person, registered_at=at)
        for row in scrutinies.scrutineers_of(old)
        if allows(scrutiny_rules.check_may_scrutinise, new, row.person, at)
    )
