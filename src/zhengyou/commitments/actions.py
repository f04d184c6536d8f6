"""Writing, proposing, reviewing and publishing promises; reporting of them; and what citizens say. Nothing is ever deleted."""

import uuid
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from zhengyou.base import addenda, searching
from zhengyou.base.deeds import check_as_read, done, locked
from zhengyou.base.entries import LEVEL_ABOVE, UNIT, Erasable, Public
from zhengyou.base.files import store_paper, store_photo
from zhengyou.base.models import StoredFile
from zhengyou.base.once import once_of
from zhengyou.base.time import local_day, start_of_day
from zhengyou.campaigns import rules as campaign_rules
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import Cycle
from zhengyou.campaigns.ruleset import Purpose
from zhengyou.commitments import queries, rules, tallies
from zhengyou.commitments.models import (
    CitizenAnswer,
    Commitment,
    DraftRemark,
    OutcomeStatement,
    ProgressReport,
    Promise,
    PromiseReview,
    PromiseText,
)
from zhengyou.commitments.rules import Opinion
from zhengyou.identity import rules as identity_rules
from zhengyou.organisations import actions as organisation_actions
from zhengyou.organisations.models import Organisation, Person
from zhengyou.remarks import actions as remarks
from zhengyou.remarks.rules import Arrival


@transaction.atomic
def write_promise(
    *,
    cycle: Cycle,
    organisation: Organisation,
    text: PromiseText,
    at: datetime,
    by: Person,
    ticket: uuid.UUID | None = None,
    as_clerk: bool = False,
    carried_from: Promise | None = None,
) -> Promise:
    """Add one promise to the draft, as the organisation's secretary. The same text with the same `ticket` is one promise.

    With `as_clerk` somebody of a level above enters what came on paper, here and in what follows. `carried_from` is the promise
    of an earlier cycle that this one takes over. Raises RoleRefused, StageRefused, OutsideRefused or PromiseRefused.
    """
    day = local_day(at)
    identity_rules.check_acts_for(by, organisation, day, as_clerk=as_clerk)
    rules.check_takes_part(cycle, organisation)
    commitment, text = _begun(cycle, organisation, Commitment.Kind.YEARLY, at), _trimmed(text)
    once = once_of(ticket, commitment.reference, *asdict(text).values())
    if known := Promise.objects.filter(once=once).first():
        return known
    cycle = commitment.cycle
    rules.check_may_write(Calendar.of(cycle), commitment, day)
    rules.check_may_add(len(queries.live_promises(commitment)), cycle.ruleset.commitments.most)
    rules.check_text(text, cycle, day)
    rules.check_said_once([text.what], queries.open_wordings(cycle, organisation))
    if carried_from:
        rules.check_carries(carried_from, cycle, organisation)
        locked(carried_from)  # so that nobody asks to drop it in the same moment
        rules.check_is_taken_over_once(is_taken=queries.is_taken_over(carried_from))
    written: dict[str, Any] = {"once": once, **asdict(text), "written_at": at, "written_by": by}
    row = Promise.objects.create(commitment=commitment, carried_from=carried_from, **written)
    done("commitments.write_promise", row, at=at, by=by, on_behalf_of=_for(organisation, as_clerk), **_wording(text))
    return row


@transaction.atomic
def write_board(
    *, cycle: Cycle, organisation: Organisation, texts: list[PromiseText], at: datetime, by: Person, as_clerk: bool
) -> list[Promise]:
    """Add all promises of a board on paper to the draft, or none. Raises as `write_promise`, naming the first that cannot be taken."""
    facts: dict[str, Any] = {"cycle": cycle, "organisation": organisation, "at": at, "by": by, "as_clerk": as_clerk}
    identity_rules.check_acts_for(by, organisation, local_day(at), as_clerk=as_clerk)
    commitment = _begun(cycle, organisation, Commitment.Kind.YEARLY, at)
    written, most = queries.live_promises(commitment), commitment.cycle.ruleset.commitments.most
    rules.check_board([text.what for text in texts], [one.what for one in written], most)
    made = []
    for text in texts:
        with rules.naming(text.what):
            made.append(write_promise(text=text, **facts))
    return made


@transaction.atomic
def publish_immediate_promise(
    *,
    cycle: Cycle,
    organisation: Organisation,
    text: PromiseText,
    given_on: date,
    at: datetime,
    by: Person,
    ticket: uuid.UUID | None = None,
    as_clerk: bool = False,
) -> Promise:
    """Publish what was promised on the spot, as the organisation's secretary; the level above reviews it afterwards. Sent twice
    is once. One that comes later than the end of the next working day is published all the same, and the page says so.

    Raises RoleRefused, StageRefused, OutsideRefused or PromiseRefused.
    """
    day, text = local_day(at), _trimmed(text)
    identity_rules.check_acts_for(by, organisation, day, as_clerk=as_clerk)
    rules.check_takes_part(cycle, organisation)
    campaign_rules.check_under_way(cycle)
    rules.check_given_on(given_on, cycle, day)
    rules.check_text(text, cycle, day)
    commitment = _begun(cycle, organisation, Commitment.Kind.IMMEDIATE, at)
    once = once_of(ticket, commitment.reference, given_on, *asdict(text).values())
    if known := Promise.objects.filter(once=once).first():
        return known
    rules.check_said_once([text.what], queries.open_wordings(cycle, organisation))
    written: dict[str, Any] = {**asdict(text), "once": once, "given_on": given_on, "written_at": at, "written_by": by}
    row = Promise.objects.create(commitment=commitment, state=Promise.State.AGREED, **written)
    organisation_actions.make_findable(queries.searchable([row]))
    facts = {"given_on": given_on, "public": queries.public_promise(row, is_of_unit=not as_clerk), **_wording(text)}
    done("commitments.publish_immediate_promise", row, at=at, by=by, on_behalf_of=_for(organisation, as_clerk), **facts)
    return row


@transaction.atomic
def take_off_on_the_spot(*, promise: Promise, reason: str, at: datetime, by: Person, as_clerk: bool = True) -> Promise:
    """A clerk takes off a promise given on the spot that was entered wrongly for the unit, before anybody has said something of it.
    Everybody reads the reason among the public entries. Raises RoleRefused, StageRefused, ReportRefused, PromiseRefused.
    """
    commitment, row = _locked(promise.commitment), _held(promise)
    unit, day = commitment.organisation, local_day(at)
    identity_rules.check_acts_for(by, unit, day, as_clerk=as_clerk)
    campaign_rules.check_under_way(commitment.cycle)
    reason = rules.check_may_take_off(row, unit, day, reason)
    rules.check_nobody_spoke(commitment, is_spoken_of=queries.is_spoken_of(row))
    row.state = Promise.State.WITHDRAWN
    row.save(update_fields=["state"])
    searching.drop([row.reference])
    told = {"promise": row.pk, "reason": Erasable(reason, is_public=True)}
    public = Public(told, about=unit.public_reference, by=LEVEL_ABOVE)
    done("commitments.take_off_on_the_spot", row, at=at, by=by, on_behalf_of=unit, public=public, reason=reason)
    return row


@transaction.atomic
def look_at_promise(*, promise: Promise, opinion: Opinion, at: datetime, by: Person) -> PromiseReview:
    """The level above says afterwards what it thinks of a promise given on the spot, once; everybody reads it beside the promise.

    Raises RoleRefused, ReviewRefused.
    """
    row = _held(promise)
    identity_rules.check_is_above(by, row.commitment.organisation, local_day(at))
    is_reviewed = PromiseReview.objects.filter(promise=row).exists()
    rules.check_may_look_afterwards(row, by, is_reviewed=is_reviewed)
    said = Opinion(opinion.agrees, rules.check_opinion(opinion))
    review = _review(row, row.commitment, said, at, by)
    review.save()
    done("commitments.look_at_promise", row, at=at, by=by, agrees=said.agrees, opinion=said.words)
    return review


@transaction.atomic
def remark_on_draft(
    *, commitment: Commitment, text: str, at: datetime, by: Person, ticket: uuid.UUID | None = None
) -> DraftRemark:
    """Somebody of the unit says what they think of its draft; the unit and the level above read it, nobody else. Sent twice is
    once. Raises PromiseRefused.
    """
    row = _locked(commitment)
    rules.check_may_remark(row, by)
    text = rules.check_draft_remark(text)
    made = {"commitment": row, "text": text, "said_at": at, "said_by": by}
    remark, is_new = DraftRemark.objects.get_or_create(once=once_of(ticket, row.reference, by.pk, text), defaults=made)
    if is_new:
        done("commitments.remark_on_draft", row, at=at, by=by)
    return remark


@transaction.atomic
def change_promise(
    *,
    promise: Promise,
    text: PromiseText,
    at: datetime,
    by: Person,
    revision: int | None = None,
    as_clerk: bool = False,
) -> Promise:
    """Reword a draft or mend what was sent back. `revision` is the wording that was seen; raises PromiseRefused if it is old."""
    commitment, row = _locked_with(promise)
    day, text = local_day(at), _trimmed(text)
    identity_rules.check_acts_for(by, commitment.organisation, day, as_clerk=as_clerk)
    rules.check_may_write(Calendar.of(commitment.cycle), commitment, day)
    if row.text == text and row.state == Promise.State.DRAFTED:
        return row
    rules.check_may_change(row, revision)
    rules.check_text(text, commitment.cycle, day)
    before = _wording(row.text)
    for part, value in asdict(text).items():
        setattr(row, part, value)
    row.state, row.revision, row.written_at, row.written_by = Promise.State.DRAFTED, row.revision + 1, at, by
    row.save()
    behalf = _for(commitment.organisation, as_clerk)
    done("commitments.change_promise", row, at=at, by=by, on_behalf_of=behalf, before=before, after=_wording(text))
    return row


@transaction.atomic
def withdraw_promise(
    *, promise: Promise, at: datetime, by: Person, reason: str = "", as_clerk: bool = False
) -> Promise:
    """Take a promise back before it is agreed to. It stays in the record, and no longer counts; twice is harmless. A clerk of the
    level above takes off only what was entered twice for the unit, with a reason. Raises RoleRefused, StageRefused, PromiseRefused.
    """
    commitment, row = _locked_with(promise)
    unit, day = commitment.organisation, local_day(at)
    identity_rules.check_acts_for(by, unit, day, as_clerk=as_clerk)
    if as_clerk:
        reason = rules.check_may_take_off(row, unit, day, reason)
    if row.state == Promise.State.WITHDRAWN:
        return row
    rules.check_may_write(Calendar.of(commitment.cycle), commitment, day)
    rules.check_may_change(row, None)
    row.state = Promise.State.WITHDRAWN
    row.save(update_fields=["state"])
    done("commitments.withdraw_promise", row, at=at, by=by, on_behalf_of=_for(unit, as_clerk), reason=reason)
    return row


@transaction.atomic
def propose_promises(*, commitment: Commitment, at: datetime, by: Person, as_clerk: bool = False) -> Commitment:
    """Hand everything written to the level above. Raises PromiseRefused if it is already there or not ready."""
    row, day = _locked(commitment), local_day(at)
    identity_rules.check_acts_for(by, row.organisation, day, as_clerk=as_clerk)
    rules.check_may_write(Calendar.of(row.cycle), row, day)
    promises = queries.live_promises(row)
    rules.check_may_propose(promises, row.cycle, day)
    Promise.objects.filter(commitment=row, state=Promise.State.DRAFTED).update(state=Promise.State.PROPOSED)
    row.state, row.proposals = Commitment.State.PROPOSED, row.proposals + 1
    row.proposed_at, row.proposed_by = at, by
    row.save()
    facts = {"proposal": row.proposals, "promises": len(promises)}
    done("commitments.propose_promises", row, at=at, by=by, on_behalf_of=_for(row.organisation, as_clerk), **facts)
    return row


@transaction.atomic
def take_back_proposal(*, commitment: Commitment, at: datetime, by: Person) -> Commitment:
    """The unit's secretary takes back what waits for the review: it is a draft again. A second press changes nothing.

    Raises PromiseRefused once it is reviewed, RoleRefused.
    """
    row = _locked(commitment)
    identity_rules.check_is_secretary(by, row.organisation, local_day(at))
    if row.state == Commitment.State.DRAFTED:
        return row
    rules.check_may_take_back(row)
    Promise.objects.filter(commitment=row, state=Promise.State.PROPOSED).update(state=Promise.State.DRAFTED)
    row.state = Commitment.State.DRAFTED
    row.save(update_fields=["state"])
    done("commitments.take_back_proposal", row, at=at, by=by, proposal=row.proposals)
    return row


@transaction.atomic
def correct_promise(*, promise: Promise, text: PromiseText, why: str, at: datetime, by: Person) -> Promise:
    """Correct the wording of a published promise, by the level above or the campaign's office: an addendum beside the old.

    Whoever promised does not do it themselves, so that a promise is not made smaller by its own maker; and nobody moves the day
    or the standard of one that is due or spoken of. Raises RoleRefused, StageRefused, PromiseRefused, AddendumRefused.
    """
    commitment, row = _locked(promise.commitment), _held(promise)
    day, text = local_day(at), _trimmed(text)
    rules.check_may_correct(by, commitment, day)
    check_as_read(row, promise, ["revision"], rules.changed_meanwhile())
    campaign_rules.check_under_way(commitment.cycle)
    rules.check_wording(text, commitment.cycle)
    rules.check_keeps_what_it_is_held_to(row, text, queries.is_held_to(row, day))
    changes = addenda.corrections(_wording(row.text), _wording(text))
    why = addenda.check_corrects(changes, why)
    for part, value in asdict(text).items():
        setattr(row, part, value)
    row.revision += 1
    row.save()
    organisation_actions.make_findable(queries.searchable(queries.every_published_promise().filter(pk=row.pk)))
    written = addenda.add(row, changes, why=why, at=at, by=by)
    about = commitment.organisation.public_reference
    public = addenda.public_of(written, about=about, by=LEVEL_ABOVE, promise=row.pk)
    done("commitments.correct_promise", row, at=at, by=by, public=public, parts=[one.part for one in changes])
    return row


@transaction.atomic
def review_promises(
    *,
    commitment: Commitment,
    opinions: Mapping[int, Opinion],
    at: datetime,
    by: Person,
    proposal: int | None = None,
) -> Commitment:
    """Agree to each waiting promise or send it back: `opinions` by promise id. When all are agreed to, they are published.

    `proposal` is the number of the proposal that was seen. Raises RoleRefused or ReviewRefused; all or nothing is taken.
    """
    row, day = _locked(commitment), local_day(at)
    identity_rules.check_is_above(by, row.organisation, day)
    rules.check_may_review(row, by, proposal)
    waiting = list(Promise.objects.filter(commitment=row, state=Promise.State.PROPOSED))
    rules.check_opinions(waiting, opinions)
    PromiseReview.objects.bulk_create([_review(promise, row, opinions[promise.pk], at, by) for promise in waiting])
    returned = [pk for pk, opinion in opinions.items() if not opinion.agrees]
    Promise.objects.filter(pk__in=returned).update(state=Promise.State.RETURNED)
    Promise.objects.filter(pk__in=set(opinions) - set(returned)).update(state=Promise.State.AGREED)
    row.state = Commitment.State.RETURNED if returned else Commitment.State.PUBLISHED
    row.published_at = None if returned else at
    row.save()
    facts = {"proposal": row.proposals, "returned": returned, "is_published": not returned}
    published = [] if returned else list(queries.every_published_promise().filter(commitment=row))
    organisation_actions.make_findable(queries.searchable(published))
    public = queries.public_promises(published, row.organisation, by, day)
    done("commitments.review_promises", row, at=at, by=by, public=public, **facts)
    return row


@transaction.atomic
def report_progress(
    *,
    promise: Promise,
    text: str,
    at: datetime,
    by: Person,
    photo: bytes | None = None,
    paper: bytes | None = None,
    link: str = "",
    corrects: ProgressReport | None = None,
    ticket: uuid.UUID | None = None,
    as_clerk: bool = False,
) -> ProgressReport:
    """Add one report to a published promise. A correction is a new report; the same one with the same `ticket` is one.

    Its evidence is a photo, a `paper` (PDF), a `link` to a record of the house. Raises RoleRefused, StageRefused, ReportRefused,
    NotAPhoto or NotAPaper.
    """
    row, day = _held(promise), local_day(at)
    unit = row.commitment.organisation
    identity_rules.check_acts_for(by, unit, day, as_clerk=as_clerk)
    Calendar.of(row.commitment.cycle).check_open(Purpose.FULFIL, day)
    text, link = rules.check_report(text), rules.check_link(link)
    rules.check_corrects(row, corrects)
    stored = store_photo(photo, at=at) if photo else None
    proof = store_paper(paper, at=at) if paper else None
    evidence = {"photo": stored, "paper": proof, "link": link}
    made = {"promise": row, "text": text, "corrects": corrects, "reported_at": at, "reported_by": by, **evidence}
    parts = (text, corrects.pk if corrects else "", _digest(stored), _digest(proof), link)
    report, is_new = ProgressReport.objects.get_or_create(once=once_of(ticket, row.reference, *parts), defaults=made)
    if is_new:
        facts = {"report": report.pk, "text": text, "photo": _digest(stored), "paper": _digest(proof), "link": link}
        done("commitments.report_progress", row, at=at, by=by, on_behalf_of=_for(unit, as_clerk), **facts)
    return report


@transaction.atomic
def state_outcome(
    *,
    promise: Promise,
    outcome: str,
    explanation: str,
    at: datetime,
    by: Person,
    ticket: uuid.UUID | None = None,
    as_clerk: bool = False,
    after: int | None = None,
) -> OutcomeStatement:
    """The organisation says how a promise ended and why. A later statement stands beside the earlier ones and counts. `after` is the
    number of the last one that was seen, 0 for none.

    Possible from the day the keeping begins until the cycle is closed. Raises RoleRefused, StageRefused, ReportRefused.
    """
    row, day = _held(promise), local_day(at)
    unit = row.commitment.organisation
    identity_rules.check_acts_for(by, unit, day, as_clerk=as_clerk)
    Calendar.of(row.commitment.cycle).check_begun(Purpose.FULFIL, day)
    explanation = rules.check_outcome(outcome, explanation)
    once = once_of(ticket, row.reference, outcome, explanation)
    if known := OutcomeStatement.objects.filter(once=once).first():
        return known
    rules.check_nothing_was_said(after, queries.last_outcome(row))
    made = {"promise": row, "outcome": outcome, "explanation": explanation, "stated_at": at, "stated_by": by}
    statement = OutcomeStatement.objects.create(once=once, **made)
    told = {"promise": row.pk, "outcome": outcome, "explanation": Erasable(explanation, is_public=True)}
    public = Public(told, about=unit.public_reference, by=UNIT)
    facts = {"outcome": outcome, "explanation": explanation}
    done("commitments.state_outcome", row, at=at, by=by, on_behalf_of=_for(unit, as_clerk), public=public, **facts)
    return statement


@transaction.atomic
def answer_promise(
    *,
    promise: Promise,
    mark: str,
    at: datetime,
    arrival: Arrival | None,
    words: str = "",
    photo: bytes | None = None,
) -> CitizenAnswer:
    """Record what somebody says of a published promise; `answer.pk` is the number to tell them. Nobody is identified,
    and only the day is kept, so anybody may answer more than once. A form sent twice is one answer, and so are equal words
    with one mark. Words may wait for a look; the mark counts at once, but in a flood (decision 0022).

    Raises StageRefused, ReportRefused, RemarkRefused or NotAPhoto.
    """
    row, day = _held(promise), local_day(at)
    campaign_rules.check_under_way(row.commitment.cycle)
    rules.check_mark(mark, row, day)
    remark = remarks.take_remark(
        subject=row,
        heading=row.what,
        kind=queries.ANSWER,
        cycle=row.commitment.cycle,
        organisation=row.commitment.organisation,
        words=rules.check_words(words),
        photo=store_photo(photo, at=start_of_day(at)) if photo else None,
        beside=mark,
        arrival=arrival,
        at=at,
    )
    answer, is_new = CitizenAnswer.objects.get_or_create(remark=remark, defaults={"promise": row, "mark": mark})
    if is_new:
        tallies.tally(row, mark)
        done("commitments.answer_promise", row, at=start_of_day(at), by=None, answer=answer.pk, mark=mark)
    return answer


def _begun(cycle: Cycle, organisation: Organisation, kind: str, at: datetime) -> Commitment:
    """The organisation's commitment of that kind, begun now if there is none, and held."""
    is_immediate = kind == Commitment.Kind.IMMEDIATE
    facts = {"state": Commitment.State.PUBLISHED, "published_at": at} if is_immediate else {}
    row, _created = Commitment.objects.get_or_create(
        cycle=cycle, organisation=organisation, kind=kind, defaults={"begun_at": at, **facts}
    )
    return _locked(row)


def _for(unit: Organisation, as_clerk: bool) -> Organisation | None:
    return unit if as_clerk else None


def _locked(commitment: Commitment) -> Commitment:
    return locked(commitment, "organisation", "cycle__campaign__organisation")


def _locked_with(promise: Promise) -> tuple[Commitment, Promise]:
    """Whoever changes a promise holds its whole commitment, so that proposing and changing never cross."""
    commitment = _locked(promise.commitment)
    return commitment, Promise.objects.get(pk=promise.pk)


def _held(promise: Promise) -> Promise:
    """A published promise. Whoever says something of it holds it, so that it is not taken off in the same moment."""
    row = locked(promise, "commitment__organisation", "commitment__cycle__campaign__organisation")
    rules.check_is_published(row)
    return row


def _review(promise: Promise, commitment: Commitment, opinion: Opinion, at: datetime, by: Person) -> PromiseReview:
    return PromiseReview(
        promise=promise,
        proposal=commitment.proposals,
        wording=_wording(promise.text),
        agrees=opinion.agrees,
        opinion=opinion.words.strip(),
        reviewed_at=at,
        reviewed_by=by,
    )


def _trimmed(text: PromiseText) -> PromiseText:
    """A promise is one sentence in each part, on one line."""
    what, standard, for_whom, evidence = (
        " ".join(part.split()) for part in (text.what, text.standard, text.for_whom, text.evidence)
    )
    return replace(text, what=what, standard=standard, for_whom=for_whom, evidence=evidence)


def _wording(text: PromiseText) -> dict[str, Any]:
    return {**asdict(text), "due_on": text.due_on.isoformat()}


def _digest(file: StoredFile | None) -> str:
    return file.digest if file else ""
