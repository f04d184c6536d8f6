"""Upholding a doubt, answering it, deciding on a promise, dropping an inherited one, proposing what is complete. Nothing is deleted."""

import uuid
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from zhengyou.base.deeds import done, locked
from zhengyou.base.entries import LEVEL_ABOVE, UNIT, Erasable, Public
from zhengyou.base.once import once_of
from zhengyou.base.time import local_day
from zhengyou.campaigns import rules as campaign_rules
from zhengyou.campaigns.models import Cycle
from zhengyou.commitments import actions as commitments
from zhengyou.commitments import queries as promises
from zhengyou.commitments import rules as commitment_rules
from zhengyou.commitments.models import CitizenAnswer, Commitment, Promise
from zhengyou.identity import queries as identity
from zhengyou.identity import rules as identity_rules
from zhengyou.keeping import owing, queries, rules
from zhengyou.keeping.models import Dropping, PromiseDecision, UnitAnswer, Upholding
from zhengyou.organisations.models import Organisation, Person

RELATED = ("commitment__organisation", "commitment__cycle__campaign__organisation")


@transaction.atomic
def uphold_answer(*, answer: CitizenAnswer, reason: str, at: datetime, by: Person) -> Upholding:
    """The level above finds a citizen's doubt right: the promise is contested from now on, and the unit answers in public.

    Raises RoleRefused, StageRefused, KeepingRefused.
    """
    row = locked(answer, "promise__commitment__organisation", "promise__commitment__cycle")
    promise = row.promise
    identity_rules.check_is_above(by, promise.commitment.organisation, local_day(at))
    campaign_rules.check_under_way(promise.commitment.cycle)
    is_upheld = Upholding.objects.filter(answer=row).exists()
    reason = rules.check_may_uphold(row, reason, is_upheld=is_upheld)
    made = Upholding.objects.create(answer=row, promise=promise, reason=reason, upheld_at=at, upheld_by=by)
    told = {"promise": promise.pk, "reason": Erasable(reason, is_public=True)}
    told |= _level_of(by, promise, at)
    public = Public(told, about=promise.commitment.organisation.public_reference, by=LEVEL_ABOVE)
    done("keeping.uphold_answer", promise, at=at, by=by, public=public, answer=row.pk, reason=reason)
    return made


@transaction.atomic
def answer_in_public(
    *,
    promise: Promise,
    text: str,
    at: datetime,
    by: Person,
    ticket: uuid.UUID | None = None,
    as_clerk: bool = False,
) -> UnitAnswer:
    """The unit answers what is contested, or explains what was not kept. Sent twice is once; an answer is never changed.

    Raises RoleRefused, ReportRefused, KeepingRefused.
    """
    row = _published(promise)
    unit, day = row.commitment.organisation, local_day(at)
    identity_rules.check_acts_for(by, unit, day, as_clerk=as_clerk)
    once = once_of(ticket, row.reference, text.strip())
    if known := UnitAnswer.objects.filter(once=once).first():
        return known
    text = rules.check_unit_answer(text, is_asked=owing.is_asked(row))
    said = {"heard": owing.newest_answer(row), "answered_at": at, "answered_by": by}
    answer = UnitAnswer.objects.create(promise=row, text=text, once=once, **said)
    told = {"promise": row.pk, "answer": Erasable(text, is_public=True)}
    public = Public(told, about=unit.public_reference, by=UNIT)
    behalf = unit if as_clerk else None
    done("keeping.answer_in_public", row, at=at, by=by, on_behalf_of=behalf, public=public, text=text)
    return answer


@transaction.atomic
def decide(
    *,
    promise: Promise,
    decision: str,
    reason: str,
    at: datetime,
    by: Person,
    ticket: uuid.UUID | None = None,
    after: int | None = None,
) -> PromiseDecision:
    """The level above decides on a promise (评诺) and says why. A later decision stands beside the earlier ones and counts. `after`
    is the number of the last one that was seen, 0 for none.

    Raises RoleRefused, StageRefused, ReportRefused, KeepingRefused.
    """
    row = _published(promise)
    identity_rules.check_is_above(by, row.commitment.organisation, local_day(at))
    line = promises.progress_of([row])[0]
    rules.check_may_decide(row, local_day(at), is_stated=line.outcome is not None)
    shown = queries.proofs_of([row])[row.pk]
    facts = {"has_evidence": shown.evidence > 0, "has_words": shown.words > 0}
    reason = rules.check_decision(row, decision, reason, **facts)
    rules.check_others_show_it(decision, queries.proofs_of([row], but=by)[row.pk])
    made = {"promise": row, "decision": decision, "reason": reason, "decided_at": at, "decided_by": by}
    once = once_of(ticket, row.reference, decision, reason)
    if known := PromiseDecision.objects.filter(once=once).first():
        return known
    last = queries.decision_in_force(row)
    rules.check_nobody_decided(after, last.pk if last else 0)
    decided = PromiseDecision.objects.create(once=once, **made)
    row.decision = decision
    row.save(update_fields=["decision"])
    told = {"promise": row.pk, "decision": decision, "reason": Erasable(reason, is_public=True)}
    told |= _level_of(by, row, at)
    public = Public(told, about=row.commitment.organisation.public_reference, by=LEVEL_ABOVE)
    done("keeping.decide", row, at=at, by=by, public=public, decision=decision, reason=reason)
    return decided


@transaction.atomic
def ask_to_drop(
    *, promise: Promise, cycle: Cycle, reason: str, at: datetime, by: Person, as_clerk: bool = False
) -> Dropping:
    """The unit asks not to take over a promise that an earlier cycle left unkept, with a reason that everybody will read. A clerk
    who asks for it (`as_clerk`) is not the one who consents.

    Raises RoleRefused, StageRefused, KeepingRefused.
    """
    row = _published(promise)
    unit = row.commitment.organisation
    identity_rules.check_acts_for(by, unit, local_day(at), as_clerk=as_clerk)
    campaign_rules.check_under_way(cycle)
    waits = {one.promise.pk for one in queries.inherited(cycle, unit) if one.is_open and one.dropping is None}
    reason = rules.check_may_drop(reason, is_inherited=row.pk in waits)
    made = Dropping.objects.create(promise=row, cycle=cycle, reason=reason, asked_at=at, asked_by=by)
    done("keeping.ask_to_drop", row, at=at, by=by, on_behalf_of=unit if as_clerk else None, reason=reason)
    return made


@transaction.atomic
def answer_dropping(*, dropping: Dropping, consents: bool, opinion: str, at: datetime, by: Person) -> Dropping:
    """The level above consents, and the promise is dropped in public, or refuses with its opinion. Raises RoleRefused, KeepingRefused."""
    row = locked(dropping, "promise__commitment__organisation")
    unit = row.promise.commitment.organisation
    identity_rules.check_is_above(by, unit, local_day(at))
    locked(row.promise)  # so that the unit does not take it over in the same moment
    row.opinion = rules.check_may_answer_dropping(row, by, opinion, consents=consents)
    rules.check_may_consent(consents=consents, is_taken_over=promises.is_taken_over(row.promise))
    row.consents, row.answered_at, row.answered_by = consents, at, by
    row.save()
    told = queries.public_dropping(row)
    public = replace(told, content={**told.content, **_level_of(by, row.promise, at)}) if consents else None
    facts = {"consents": consents, "opinion": row.opinion, "public": public}
    done("keeping.answer_dropping", row.promise, at=at, by=by, **facts)
    return row


@transaction.atomic
def propose_promises(*, commitment: Commitment, at: datetime, by: Person, as_clerk: bool = False) -> Commitment:
    """Hand everything written to the level above, once nothing inherited is left open. Raises as `commitments.propose_promises`,
    and KeepingRefused.
    """
    unit: Organisation = locked(commitment, "organisation").organisation
    open_ones = [one for one in queries.inherited(commitment.cycle, unit) if one.is_open]
    identity_rules.check_acts_for(by, unit, local_day(at), as_clerk=as_clerk)
    rules.check_inherited_settled(len(open_ones))
    return commitments.propose_promises(commitment=commitment, at=at, by=by, as_clerk=as_clerk)


def _level_of(person: Person, promise: Promise, at: datetime) -> dict[str, str]:
    return identity.level_told(promise.commitment.organisation, person, local_day(at))


def _published(promise: Promise) -> Promise:
    """The promise, held, as it is published. Raises ReportRefused."""
    row = locked(promise, *RELATED)
    commitment_rules.check_is_published(row)
    return row
