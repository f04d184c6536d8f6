"""From a selection to honours: candidates, their notice, the decision, and revocation."""

from datetime import datetime
from typing import Any

from django.db import transaction

from zhengyou.awards import queries, rules
from zhengyou.awards.models import Candidate, Commendation, Honour, Selection
from zhengyou.base import codes, journal
from zhengyou.base.time import local_day
from zhengyou.campaigns.models import Cycle
from zhengyou.identity import rules as identity_rules
from zhengyou.notices import actions as notice_actions
from zhengyou.notices import queries as notices
from zhengyou.notices import rules as notice_rules
from zhengyou.notices.models import Notice
from zhengyou.organisations.models import Organisation, Person


@transaction.atomic
def make_selection(*, cycle: Cycle, title: str, quota: int, at: datetime, by: Person) -> Selection:
    """Begin a selection for one title in a cycle under way. Raises SelectionRefused (also for a title twice), RoleRefused."""
    identity_rules.check_is_office(by, local_day(at))
    locked = Cycle.objects.select_for_update().get(pk=cycle.pk)
    is_taken = Selection.objects.filter(cycle=locked, title=title.strip()).exists()
    rules.check_may_select(locked, title=title, quota=quota, is_taken=is_taken)
    row = Selection.objects.create(cycle=locked, title=title.strip(), quota=quota, made_at=at, made_by=by)
    journal.record(
        deed="awards.make_selection",
        subject=row.reference,
        by=by.reference,
        at=at,
        payload={"title": row.title, "quota": quota},
    )
    return row


@transaction.atomic
def add_candidate(
    *,
    selection: Selection,
    organisation: Organisation,
    deeds: str,
    at: datetime,
    by: Person,
    evidence: dict[str, Any] | None = None,
) -> Candidate:
    """Put an organisation forward. `evidence` ({"label", "url"}) goes into the notice with it.

    Raises SelectionRefused for an organisation outside the campaign, one already put forward or a published notice;
    NoticeRefused for missing or too long deeds; RoleRefused.
    """
    locked = _locked(selection, at, by)
    is_candidate = Candidate.objects.filter(selection=locked, organisation=organisation).exists()
    rules.check_may_put_forward(locked, organisation, is_candidate=is_candidate)
    notice_rules.check_deeds(deeds)
    row = Candidate.objects.create(selection=locked, organisation=organisation, deeds=deeds.strip(), evidence=evidence)
    _record("add_candidate", locked, at, by, organisation=organisation.reference)
    return row


@transaction.atomic
def change_deeds(*, candidate: Candidate, deeds: str, at: datetime, by: Person) -> Candidate:
    """Rewrite a candidate's deeds before the notice. Raises SelectionRefused, NoticeRefused, RoleRefused."""
    locked = _locked(candidate.selection, at, by)
    rules.check_is_draft(locked)
    notice_rules.check_deeds(deeds)
    row = Candidate.objects.get(pk=candidate.pk)
    row.deeds = deeds.strip()
    row.save(update_fields=["deeds"])
    _record("change_deeds", locked, at, by, organisation=row.organisation.reference)
    return row


@transaction.atomic
def remove_candidate(*, candidate: Candidate, at: datetime, by: Person) -> None:
    """Take a candidate out before the notice; one already taken out is no error. Raises SelectionRefused, RoleRefused."""
    locked = _locked(candidate.selection, at, by)
    rules.check_is_draft(locked)
    removed, _tables = Candidate.objects.filter(pk=candidate.pk).delete()
    if removed:
        _record("remove_candidate", locked, at, by, organisation=candidate.organisation.reference)


@transaction.atomic
def publish_candidates(
    *,
    selection: Selection,
    title: str,
    route: str,
    receiving_body: str,
    phone: str,
    mail: str,
    address: str,
    at: datetime,
    by: Person,
    reason_for_none: str = "",
) -> Notice:
    """Publish the notice of a selection's candidates; they are frozen from now on.

    The clock is the cycle's own number of working days. Raises StageRefused outside the stage of recognition,
    SelectionRefused for more candidates than places, NoticeRefused (nobody put forward without a reason, a line missing,
    published already), RoleRefused.
    """
    locked = _locked(selection, at, by)
    snapshot = queries.snapshot_of(locked, reason_for_none)
    rules.check_may_publish(locked, len(snapshot["nominees"]), at)
    notice = notice_actions.publish_notice(
        subject=locked.reference,
        title=title,
        basis=queries.basis_of(locked.cycle),
        route=route,
        snapshot=snapshot,
        receiving_body=receiving_body,
        phone=phone,
        mail=mail,
        address=address,
        working_days=queries.working_days_of(locked.cycle),
        at=at,
        by=by,
    )
    locked.notice = notice
    locked.save(update_fields=["notice"])
    _record("publish_candidates", locked, at, by, notice=notice.reference)
    return notice


@transaction.atomic
def record_commendation(
    *, selection: Selection, decision_number: str, deciding_body: str, reasons: str, at: datetime, by: Person
) -> Commendation:
    """Record the decision and give each remaining candidate its honour with a certificate code of 60 bits.

    A candidate with an upheld objection gets none. Raises CommendationRefused before the notice has run its time, while an
    objection is open, without number, body and reasons, and the second time; RoleRefused.
    """
    locked = _locked(selection, at, by)
    notice = Notice.objects.select_for_update().get(pk=locked.notice_id) if locked.notice_id else None
    rules.check_may_commend(
        notice=notice,
        open_objections=notices.open_objections(notice) if notice else 0,
        recorded=queries.commendation_of(locked),
        at=at,
    )
    rules.check_decision(decision_number, deciding_body, reasons)
    row = Commendation.objects.create(
        selection=locked,
        decision_number=decision_number.strip(),
        deciding_body=deciding_body.strip(),
        reasons=reasons.strip(),
        recorded_at=at,
        recorded_by=by,
    )
    honours = _give_honours(row, notice, at) if notice else []
    journal.record(
        deed="awards.record_commendation",
        subject=row.reference,
        by=by.reference,
        at=at,
        payload={"decision": row.decision_number, "honours": [honour.organisation.reference for honour in honours]},
    )
    return row


@transaction.atomic
def revoke_honour(*, honour: Honour, reason: str, at: datetime, by: Person) -> Honour:
    """Revoke an honour; it stays in the register, marked, with the reason. Raises HonourRefused, RoleRefused."""
    identity_rules.check_is_office(by, local_day(at))
    row = Honour.objects.select_for_update().get(pk=honour.pk)
    rules.check_may_revoke(row, reason)
    row.revoked_at, row.revoked_by, row.revocation_reason = at, by, reason.strip()
    row.save(update_fields=["revoked_at", "revoked_by", "revocation_reason"])
    journal.record(
        deed="awards.revoke_honour", subject=row.reference, by=by.reference, at=at, payload={"reason": reason.strip()}
    )
    return row


def _locked(selection: Selection, at: datetime, by: Person) -> Selection:
    """The selection, locked against a second office person, for somebody of the office."""
    identity_rules.check_is_office(by, local_day(at))
    rows = Selection.objects.select_for_update(of=["self"]).select_related("cycle__campaign__organisation")
    return rows.get(pk=selection.pk)


def _record(deed: str, selection: Selection, at: datetime, by: Person, **said: Any) -> None:
    journal.record(deed=f"awards.{deed}", subject=selection.reference, by=by.reference, at=at, payload=said)


def _give_honours(commendation: Commendation, notice: Notice, at: datetime) -> list[Honour]:
    removed = notices.removed_nominees(notice)
    return [
        Honour.objects.create(
            commendation=commendation,
            organisation_id=nominee["organisation"],
            title=commendation.selection.title,
            holder=nominee["name"],
            code=codes.fresh(),
            given_at=at,
        )
        for nominee in notice.nominees
        if nominee["reference"] not in removed
    ]
