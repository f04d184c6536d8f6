"""Writing, proposing, reviewing and publishing promises; reporting of them; and what citizens say. Nothing is ever deleted."""

import uuid
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from zhengyou.base import journal
from zhengyou.base.files import store_photo
from zhengyou.base.models import StoredFile
from zhengyou.base.time import local_day, start_of_day
from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns import rules as campaign_rules
from zhengyou.campaigns.models import Cycle, StageWindow
from zhengyou.commitments import queries, rules
from zhengyou.commitments.models import (
    CitizenAnswer,
    Commitment,
    OutcomeStatement,
    ProgressReport,
    Promise,
    PromiseReview,
    PromiseText,
)
from zhengyou.commitments.rules import Verdict
from zhengyou.identity import rules as identity_rules
from zhengyou.organisations.models import Organisation, Person


@transaction.atomic
def write_promise(
    *,
    cycle: Cycle,
    organisation: Organisation,
    text: PromiseText,
    at: datetime,
    by: Person,
    key: uuid.UUID | None = None,
) -> Promise:
    """Add one promise to the draft, as the organisation's secretary. The same text with the same `key` is the same promise.

    Raises RoleRefused, StageRefused or PromiseRefused.
    """
    day = local_day(at)
    identity_rules.check_is_secretary(by, organisation, day)
    rules.check_takes_part(cycle, organisation)
    begun, _created = Commitment.objects.get_or_create(
        cycle=cycle, organisation=organisation, defaults={"begun_at": at}
    )
    commitment, text = _locked(begun), _trimmed(text)
    cycle = commitment.cycle
    key = _key_of(key, commitment.reference, *asdict(text).values())
    if known := Promise.objects.filter(key=key).first():
        return known
    rules.check_may_write(cycle, commitment, _promise_window(cycle), day)
    rules.check_may_add(len(queries.standing_promises(commitment)), cycle.rules["commitments"]["most"])
    rules.check_text(text, cycle, day, queries.aims_of(cycle))
    row = Promise.objects.create(commitment=commitment, key=key, **asdict(text), written_at=at, written_by=by)
    _note("write_promise", row.reference, by, at, _said(text))
    return row


@transaction.atomic
def change_promise(
    *, promise: Promise, text: PromiseText, at: datetime, by: Person, revision: int | None = None
) -> Promise:
    """Reword a draft or mend what was sent back. `revision` is the wording that was seen; raises PromiseRefused if it is old."""
    commitment, row = _locked_with(promise)
    day, text = local_day(at), _trimmed(text)
    identity_rules.check_is_secretary(by, commitment.organisation, day)
    rules.check_may_write(commitment.cycle, commitment, _promise_window(commitment.cycle), day)
    if row.text == text and row.state == Promise.State.DRAFTED:
        return row
    rules.check_may_change(row, revision)
    rules.check_text(text, commitment.cycle, day, queries.aims_of(commitment.cycle))
    before = _said(row.text)
    for part, value in asdict(text).items():
        setattr(row, part, value)
    row.state, row.revision, row.written_at, row.written_by = Promise.State.DRAFTED, row.revision + 1, at, by
    row.save()
    _note("change_promise", row.reference, by, at, {"before": before, "after": _said(text)})
    return row


@transaction.atomic
def withdraw_promise(*, promise: Promise, at: datetime, by: Person) -> Promise:
    """Take a promise back before it is agreed to. It stays in the record, and no longer counts; twice is harmless."""
    commitment, row = _locked_with(promise)
    day = local_day(at)
    identity_rules.check_is_secretary(by, commitment.organisation, day)
    if row.state == Promise.State.WITHDRAWN:
        return row
    rules.check_may_write(commitment.cycle, commitment, _promise_window(commitment.cycle), day)
    rules.check_may_change(row, None)
    row.state = Promise.State.WITHDRAWN
    row.save(update_fields=["state"])
    _note("withdraw_promise", row.reference, by, at)
    return row


@transaction.atomic
def propose_promises(*, commitment: Commitment, at: datetime, by: Person) -> Commitment:
    """Hand everything written to the level above. Raises PromiseRefused if it is already there or not ready."""
    row, day = _locked(commitment), local_day(at)
    identity_rules.check_is_secretary(by, row.organisation, day)
    rules.check_may_write(row.cycle, row, _promise_window(row.cycle), day)
    promises = queries.standing_promises(row)
    rules.check_may_propose(promises, row.cycle, day)
    Promise.objects.filter(commitment=row, state=Promise.State.DRAFTED).update(state=Promise.State.PROPOSED)
    row.state, row.proposals = Commitment.State.PROPOSED, row.proposals + 1
    row.proposed_at, row.proposed_by = at, by
    row.save()
    _note("propose_promises", row.reference, by, at, {"proposal": row.proposals, "promises": len(promises)})
    return row


@transaction.atomic
def review_promises(
    *,
    commitment: Commitment,
    verdicts: Mapping[int, Verdict],
    at: datetime,
    by: Person,
    proposal: int | None = None,
) -> Commitment:
    """Agree to each waiting promise or send it back: `verdicts` by promise id. When all are agreed to, they are published.

    `proposal` is the number of the proposal that was seen. Raises RoleRefused or ReviewRefused; all or nothing is taken.
    """
    row, day = _locked(commitment), local_day(at)
    identity_rules.check_is_above(by, row.organisation, day)
    rules.check_may_review(row, by, proposal)
    waiting = list(Promise.objects.filter(commitment=row, state=Promise.State.PROPOSED))
    rules.check_verdicts(waiting, verdicts)
    PromiseReview.objects.bulk_create([_review(promise, row, verdicts[promise.pk], at, by) for promise in waiting])
    returned = [pk for pk, verdict in verdicts.items() if not verdict.agrees]
    Promise.objects.filter(pk__in=returned).update(state=Promise.State.RETURNED)
    Promise.objects.filter(pk__in=set(verdicts) - set(returned)).update(state=Promise.State.AGREED)
    row.state = Commitment.State.RETURNED if returned else Commitment.State.PUBLISHED
    row.published_at = None if returned else at
    row.save()
    _note("review_promises", row.reference, by, at, {"proposal": row.proposals, "returned": returned})
    if not returned:
        _note("publish_commitment", row.reference, by, at)
    return row


@transaction.atomic
def report_progress(
    *,
    promise: Promise,
    text: str,
    at: datetime,
    by: Person,
    photo: bytes | None = None,
    corrects: ProgressReport | None = None,
    key: uuid.UUID | None = None,
) -> ProgressReport:
    """Add one report to a published promise. A correction is a new report; the same one with the same `key` again is one.

    Raises RoleRefused, StageRefused, ReportRefused, or NotAPhoto.
    """
    row, day, text = _published(promise), local_day(at), text.strip()
    identity_rules.check_is_secretary(by, row.commitment.organisation, day)
    campaign_rules.check_stage_open(row.commitment.cycle, _fulfil_window(row.commitment.cycle), day)
    rules.check_report(text)
    rules.check_corrects(row, corrects)
    stored = store_photo(photo, at=at) if photo else None
    made = {"promise": row, "text": text, "photo": stored, "corrects": corrects, "reported_at": at, "reported_by": by}
    key = _key_of(key, row.reference, text, corrects.pk if corrects else "", _digest(stored))
    report, is_new = ProgressReport.objects.get_or_create(key=key, defaults=made)
    if is_new:
        _note("report_progress", row.reference, by, at, {"report": report.pk, "text": text, "photo": _digest(stored)})
    return report


@transaction.atomic
def state_outcome(
    *, promise: Promise, outcome: str, explanation: str, at: datetime, by: Person, key: uuid.UUID | None = None
) -> OutcomeStatement:
    """The organisation says how a promise ended and why. A later statement stands beside the earlier ones and counts."""
    row, day, explanation = _published(promise), local_day(at), explanation.strip()
    identity_rules.check_is_secretary(by, row.commitment.organisation, day)
    cycle = row.commitment.cycle
    rules.check_may_state_outcome(cycle, _fulfil_window(cycle), day)
    rules.check_outcome(outcome, explanation)
    made = {"promise": row, "outcome": outcome, "explanation": explanation, "stated_at": at, "stated_by": by}
    key = _key_of(key, row.reference, outcome, explanation)
    statement, is_new = OutcomeStatement.objects.get_or_create(key=key, defaults=made)
    if is_new:
        _note("state_outcome", row.reference, by, at, {"outcome": outcome, "explanation": explanation})
    return statement


@transaction.atomic
def answer_promise(
    *,
    promise: Promise,
    verdict: str,
    at: datetime,
    words: str = "",
    photo: bytes | None = None,
    key: uuid.UUID | None = None,
) -> CitizenAnswer:
    """Record what somebody says of a published promise; `answer.pk` is the number to tell them. Nobody is identified,
    and only the day is kept, so anybody may answer more than once. The same answer with the same `key` again is one answer.

    Raises StageRefused, ReportRefused or NotAPhoto.
    """
    row, words = _published(promise), words.replace("\r\n", "\n").strip()
    rules.check_under_way(row.commitment.cycle)
    rules.check_answer(verdict, words)
    stored = store_photo(photo, at=start_of_day(at)) if photo else None
    made = {"promise": row, "verdict": verdict, "words": words, "photo": stored, "answered_on": local_day(at)}
    key = _key_of(key, row.reference, verdict, words, _digest(stored))
    answer, is_new = CitizenAnswer.objects.get_or_create(key=key, defaults=made)
    if is_new:
        _note("answer_promise", row.reference, None, start_of_day(at), {"answer": answer.pk, "verdict": verdict})
    return answer


@transaction.atomic
def hide_answer(*, answer: CitizenAnswer, reason: str, at: datetime, by: Person) -> CitizenAnswer:
    """Hide a citizen's words and photo and show the reason instead; the mark still counts. Raises RoleRefused, ReportRefused."""
    row, reason = CitizenAnswer.objects.select_for_update().get(pk=answer.pk), reason.strip()
    identity_rules.check_is_office(by, local_day(at))
    rules.check_may_hide(row, reason)
    row.hidden_at, row.hidden_because = at, reason
    row.save(update_fields=["hidden_at", "hidden_because"])
    _note("hide_answer", row.reference, by, at, {"reason": reason})
    return row


@transaction.atomic
def show_answer(*, answer: CitizenAnswer, at: datetime, by: Person) -> CitizenAnswer:
    """Show hidden words and photo again; twice is harmless."""
    row = CitizenAnswer.objects.select_for_update().get(pk=answer.pk)
    identity_rules.check_is_office(by, local_day(at))
    if row.is_hidden:
        before, row.hidden_at, row.hidden_because = row.hidden_because, None, ""
        row.save(update_fields=["hidden_at", "hidden_because"])
        _note("show_answer", row.reference, by, at, {"was_hidden_because": before})
    return row


def _locked(commitment: Commitment) -> Commitment:
    rows = Commitment.objects.select_for_update(of=("self",))
    return rows.select_related("organisation", "cycle", "cycle__campaign").get(pk=commitment.pk)


def _locked_with(promise: Promise) -> tuple[Commitment, Promise]:
    """Whoever changes a promise holds its whole commitment, so that proposing and changing never cross."""
    commitment = _locked(promise.commitment)
    return commitment, Promise.objects.get(pk=promise.pk)


def _published(promise: Promise) -> Promise:
    related = ("commitment", "commitment__organisation", "commitment__cycle", "commitment__cycle__campaign")
    row = Promise.objects.select_related(*related).get(pk=promise.pk)
    rules.check_is_published(row)
    return row


def _promise_window(cycle: Cycle) -> StageWindow | None:
    return campaigns.window(cycle, StageWindow.Stage.PROMISE)


def _fulfil_window(cycle: Cycle) -> StageWindow | None:
    return campaigns.window(cycle, StageWindow.Stage.FULFIL)


def _review(promise: Promise, commitment: Commitment, verdict: Verdict, at: datetime, by: Person) -> PromiseReview:
    return PromiseReview(
        promise=promise,
        proposal=commitment.proposals,
        wording=_said(promise.text),
        agrees=verdict.agrees,
        opinion=verdict.opinion.strip(),
        reviewed_at=at,
        reviewed_by=by,
    )


def _trimmed(text: PromiseText) -> PromiseText:
    what, standard, for_whom, evidence = (
        " ".join(part.split()) for part in (text.what, text.standard, text.for_whom, text.evidence)
    )
    return replace(text, what=what, standard=standard, for_whom=for_whom, evidence=evidence)


def _said(text: PromiseText) -> dict[str, Any]:
    return {**asdict(text), "due_on": text.due_on.isoformat()}


def _digest(photo: StoredFile | None) -> str:
    return photo.digest if photo else ""


def _key_of(key: uuid.UUID | None, *content: object) -> uuid.UUID:
    """A form's key bound to what was said in it: sent twice it is one row, sent again with other words it is another."""
    return uuid.uuid5(key, "\0".join(map(str, content))) if key else uuid.uuid4()


def _note(verb: str, subject: str, by: Person | None, at: datetime, payload: dict[str, Any] | None = None) -> None:
    reference = by.reference if by else ""
    journal.record(deed=f"commitments.{verb}", subject=subject, by=reference, at=at, payload=payload)
