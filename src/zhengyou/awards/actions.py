"""From a selection to honours: candidates, their notice, the decision, and revocation."""

from datetime import datetime
from typing import Any

from django.db import transaction

from zhengyou.awards import queries, rules
from zhengyou.awards.models import Candidate, Commendation, Honour, Selection
from zhengyou.base import codes, locks
from zhengyou.base.deeds import done, locked
from zhengyou.base.entries import Erasable, Public
from zhengyou.base.time import local_day
from zhengyou.campaigns.models import Cycle
from zhengyou.identity import rules as identity_rules
from zhengyou.notices import actions as notice_actions
from zhengyou.notices import queries as notices
from zhengyou.notices import rules as notice_rules
from zhengyou.notices.models import Notice
from zhengyou.organisations import actions as organisation_actions
from zhengyou.organisations.models import Organisation, Person


@transaction.atomic
def make_selection(*, cycle: Cycle, title: str, quota: int, at: datetime, by: Person) -> Selection:
    """Begin a selection for one title in a cycle under way.

    Raises SelectionRefused (also for a title twice), StageRefused, RoleRefused.
    """
    identity_rules.check_is_office_of(by, cycle.campaign.organisation, local_day(at))
    cycle, title = locked(cycle), rules.check_title(title)
    is_taken = Selection.objects.filter(cycle=cycle, title=title).exists()
    rules.check_may_select(cycle, quota=quota, is_taken=is_taken)
    row = Selection.objects.create(cycle=cycle, title=title, quota=quota, made_at=at, made_by=by)
    done("awards.make_selection", row, at=at, by=by, title=title, quota=quota)
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

    Raises SelectionRefused for one already put forward or a published notice, OutsideRefused for an organisation outside the
    campaign, StageRefused for a closed cycle, NoticeRefused for missing or too long deeds, RoleRefused.
    """
    row = _locked(selection, at, by)
    is_candidate = Candidate.objects.filter(selection=row, organisation=organisation).exists()
    rules.check_may_put_forward(row, organisation, is_candidate=is_candidate)
    notice_rules.check_deeds(deeds)
    candidate = Candidate.objects.create(
        selection=row, organisation=organisation, deeds=deeds.strip(), evidence=evidence
    )
    done("awards.add_candidate", row, at=at, by=by, organisation=organisation)
    return candidate


@transaction.atomic
def change_deeds(*, candidate: Candidate, deeds: str, at: datetime, by: Person) -> Candidate:
    """Rewrite a candidate's deeds before the notice. Raises SelectionRefused, NoticeRefused, RoleRefused."""
    selection = _locked(candidate.selection, at, by)
    rules.check_is_draft(selection)
    notice_rules.check_deeds(deeds)
    row = locked(candidate, "organisation")
    row.deeds = deeds.strip()
    row.save(update_fields=["deeds"])
    done("awards.change_deeds", selection, at=at, by=by, organisation=row.organisation)
    return row


@transaction.atomic
def remove_candidate(*, candidate: Candidate, at: datetime, by: Person) -> None:
    """Take a candidate out before the notice; one already taken out is no error. Raises SelectionRefused, RoleRefused."""
    selection = _locked(candidate.selection, at, by)
    rules.check_is_draft(selection)
    removed, _tables = Candidate.objects.filter(pk=candidate.pk).delete()
    if removed:
        done("awards.remove_candidate", selection, at=at, by=by, organisation=candidate.organisation)


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
    row = _locked(selection, at, by)
    rules.check_may_publish(row, at)
    notice = notice_actions.publish_notice(
        subject=row.reference,
        title=title,
        basis=queries.basis_of(row.cycle),
        route=route,
        snapshot=queries.snapshot_of(row, reason_for_none),
        receiving_body=receiving_body,
        phone=phone,
        mail=mail,
        address=address,
        working_days=queries.working_days_of(row.cycle),
        at=at,
        by=by,
    )
    row.notice = notice
    row.save(update_fields=["notice"])
    done("awards.publish_candidates", row, at=at, by=by, notice=notice)
    return notice


@transaction.atomic
def record_commendation(
    *, selection: Selection, decision_number: str, deciding_body: str, reasons: str, at: datetime, by: Person
) -> Commendation:
    """Record the decision and give each remaining candidate its honour with a certificate code of 60 bits.

    A candidate with an upheld objection gets none. Raises CommendationRefused before the notice has run its time, while an
    objection is open, without number, body and reasons, and the second time; RoleRefused.
    """
    locks.together(locks.TREE)  # before the honours hold their organisations, which an import holds after this lock
    row = _locked(selection, at, by)
    row.notice = locked(row.notice) if row.notice else None  # so that no objection arrives in the meantime
    rules.check_may_commend(row, at)
    texts = rules.check_decision(decision_number=decision_number, deciding_body=deciding_body, reasons=reasons)
    commendation = Commendation.objects.create(selection=row, recorded_at=at, recorded_by=by, **texts)
    honours = _give_honours(commendation, at)
    organisation_actions.make_findable(queries.searchable(honours))
    number, holders = commendation.decision_number, [honour.organisation for honour in honours]
    public = queries.public_decision(commendation, honours)
    done("awards.record_commendation", commendation, at=at, by=by, public=public, decision=number, honours=holders)
    return commendation


@transaction.atomic
def revoke_honour(*, honour: Honour, reason: str, at: datetime, by: Person) -> Honour:
    """Revoke an honour; it stays in the register, marked, with the reason. Raises HonourRefused, RoleRefused."""
    identity_rules.check_is_office_of(by, honour.commendation.selection.cycle.campaign.organisation, local_day(at))
    row = locked(honour, "organisation")
    rules.check_may_revoke(row)
    row.revoked_at, row.revoked_by, row.revocation_reason = at, by, rules.check_revocation(reason)
    row.save(update_fields=["revoked_at", "revoked_by", "revocation_reason"])
    organisation_actions.make_findable(queries.searchable([row]))
    said = {"code": row.code, "title": row.title, "reason": Erasable(row.revocation_reason, is_public=True)}
    public = Public(said, about=row.organisation.public_reference)
    done("awards.revoke_honour", row, at=at, by=by, public=public, reason=row.revocation_reason)
    return row


def _locked(selection: Selection, at: datetime, by: Person) -> Selection:
    """The selection, locked against a second office person, for somebody of the office."""
    row = locked(selection, "cycle__campaign__organisation", "notice")
    identity_rules.check_is_office_of(by, row.cycle.campaign.organisation, local_day(at))
    return row


def _give_honours(commendation: Commendation, at: datetime) -> list[Honour]:
    notice = commendation.selection.notice
    nominees = notice.nominees if notice else []
    removed = notices.removed_nominees(notice) if notice else set()
    return [
        Honour.objects.create(
            commendation=commendation,
            organisation_id=nominee["organisation"],
            title=commendation.selection.title,
            holder=nominee["name"],
            code=codes.fresh(),
            given_at=at,
        )
        for nominee in nominees
        if nominee["reference"] not in removed
    ]
