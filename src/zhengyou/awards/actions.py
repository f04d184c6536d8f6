"""From a selection to honours: candidates, their notice, the decision, and revocation."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zhengyou.awards import queries, rules
from zhengyou.awards.models import Candidate, Commendation, Honour, Selection, Votes
from zhengyou.base import addenda, codes, locks
from zhengyou.base.deeds import done, locked
from zhengyou.base.entries import Erasable, Public
from zhengyou.base.refusals import Refused
from zhengyou.base.time import local_day
from zhengyou.campaigns.models import Cycle
from zhengyou.identity import rules as identity_rules
from zhengyou.notices import actions as notice_actions
from zhengyou.notices import rules as notice_rules
from zhengyou.notices.models import Notice
from zhengyou.organisations import actions as organisation_actions
from zhengyou.organisations.models import Organisation, Person


@transaction.atomic
def make_selection(
    *,
    cycle: Cycle,
    title: str,
    quota: int,
    at: datetime,
    by: Person,
    of: str = Selection.Of.ORGANISATIONS,
    most_of_one: int | None = None,
    front_line_least: int | None = None,
) -> Selection:
    """Begin a selection for one title in a cycle under way: for organisations, or for people with bounds of their own.

    Raises SelectionRefused (also for a title twice), StageRefused, RoleRefused.
    """
    identity_rules.check_is_office_of(by, cycle.campaign.organisation, local_day(at))
    cycle, title = locked(cycle), rules.check_title(title)
    is_taken = Selection.objects.filter(cycle=cycle, title=title, withdrawn_at=None).exists()
    rules.check_may_select(cycle, quota=quota, is_taken=is_taken)
    rules.check_bounds(of, quota=quota, most_of_one=most_of_one, front_line_least=front_line_least)
    bounds = {"of": of, "most_of_one": most_of_one, "front_line_least": front_line_least}
    row = Selection.objects.create(cycle=cycle, title=title, quota=quota, made_at=at, made_by=by, **bounds)
    done("awards.make_selection", row, at=at, by=by, title=title, quota=quota, of=of)
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
def add_person(
    *,
    selection: Selection,
    person: Person,
    post: str,
    deeds: str,
    at: datetime,
    by: Person,
    is_front_line: bool | None = None,
) -> Candidate:
    """Put a person forward, with what they are in a few words. Whether they work at the front line follows from their kind of post;
    `is_front_line` is asked for only where the roster does not know it.

    Raises SelectionRefused for whoever cannot be named or stands for a title of this cycle already, OutsideRefused, StageRefused,
    NoticeRefused for deeds that are missing, too long, or hold a number by which somebody is known or called; RoleRefused.
    """
    row, who = (
        _locked(selection, at, by),
        locked(person, "organisation"),
    )  # so that nobody stands for two titles at once
    rules.check_may_put_person_forward(
        row,
        who,
        may_be_named=queries.may_be_named(row, who, local_day(at)),
        of_one_unit=Candidate.objects.filter(selection=row, organisation=who.organisation).count(),
    )
    notice_rules.check_deeds(deeds)
    candidate = Candidate.objects.create(
        selection=row,
        organisation=who.organisation,
        person=who,
        post=rules.check_post(post),
        is_front_line=rules.check_front_line(queries.known_front_line(row, who), is_front_line),
        deeds=deeds.strip(),
    )
    done("awards.add_person", row, at=at, by=by, person=who)
    return candidate


@transaction.atomic
def add_many(
    *, selection: Selection, given: Iterable[tuple[str, Mapping[str, Any]]], at: datetime, by: Person
) -> list[Candidate]:
    """Put forward all of a list, each with its place there and the facts of `add_candidate` or `add_person`: all of them or none.

    Raises SelectionRefused with the place of the first that cannot be, and the slug of what speaks against it.
    """
    add: Any = add_person if selection.is_of_people else add_candidate
    added = []
    for place, facts in given:
        try:
            added.append(add(selection=selection, at=at, by=by, **facts))
        except Refused as refusal:
            sentence = _("Nothing was put forward. Row %(place)s: %(why)s") % {"place": place, "why": refusal.args[0]}
            raise rules.SelectionRefused(sentence, reason=refusal.reason) from refusal
    return added


@transaction.atomic
def change_deeds(*, candidate: Candidate, deeds: str, at: datetime, by: Person) -> Candidate:
    """Rewrite a candidate's deeds before the notice. Raises SelectionRefused, NoticeRefused, RoleRefused."""
    selection = _locked(candidate.selection, at, by)
    rules.check_is_draft(selection)
    notice_rules.check_deeds(deeds)
    row = locked(candidate, "organisation", "person")
    row.deeds = deeds.strip()
    row.save(update_fields=["deeds"])
    done("awards.change_deeds", selection, at=at, by=by, **_whom(row))
    return row


@transaction.atomic
def remove_candidate(*, candidate: Candidate, at: datetime, by: Person) -> None:
    """Take a candidate out before the notice; one already taken out is no error. Raises SelectionRefused, RoleRefused."""
    selection = _locked(candidate.selection, at, by)
    rules.check_is_draft(selection)
    removed, _tables = Candidate.objects.filter(pk=candidate.pk).delete()
    if removed:
        done("awards.remove_candidate", selection, at=at, by=by, **_whom(candidate))


@transaction.atomic
def change_selection(
    *, selection: Selection, title: str, quota: int, at: datetime, by: Person, why: str = ""
) -> Selection:
    """Change the title or the quota. Before the notice freely; afterwards with a reason, as addenda that everybody reads, and
    the notice's clock starts anew. Raises SelectionRefused, CommendationRefused, AddendumRefused, NoticeRefused, RoleRefused.
    """
    row, title = _locked(selection, at, by), rules.check_title(title)
    rules.check_is_open(row)
    namesakes = Selection.objects.filter(cycle=row.cycle, title=title, withdrawn_at=None).exclude(pk=row.pk)
    rules.check_may_select(row.cycle, quota=quota, is_taken=namesakes.exists())
    bounds = {"most_of_one": row.most_of_one, "front_line_least": row.front_line_least}
    rules.check_bounds(row.of, quota=quota, **bounds)
    changes = addenda.corrections({"title": row.title, "quota": row.quota}, {"title": title, "quota": quota})
    if row.notice is not None:
        rules.check_fits(quota, len(row.notice.nominees))
        also = [replace(one, part=f"selection-{one.part}") for one in changes]
        notice_actions.correct_notice(notice=row.notice, texts={}, also=also, why=why, at=at, by=by)
    row.title, row.quota = title, quota
    row.save(update_fields=["title", "quota"])
    done("awards.change_selection", row, at=at, by=by, title=title, quota=quota, why=why)
    return row


@transaction.atomic
def withdraw_selection(*, selection: Selection, why: str, at: datetime, by: Person) -> Selection:
    """Withdraw a selection, and its notice with it, with a reason; it stays in the list, and another may have its title.

    Raises SelectionRefused once its decision is recorded or it is withdrawn, NoticeRefused, RoleRefused.
    """
    row = _locked(selection, at, by)
    rules.check_is_open(row)
    row.withdrawn_at, row.withdrawal_reason = at, rules.check_withdrawal(why)
    if row.notice is not None:
        notice_actions.withdraw_notice(notice=row.notice, why=why, at=at, by=by)
    row.save(update_fields=["withdrawn_at", "withdrawal_reason"])
    done("awards.withdraw_selection", row, at=at, by=by, why=row.withdrawal_reason)
    return row


@transaction.atomic
def withdraw_announcement(*, selection: Selection, why: str, at: datetime, by: Person) -> Selection:
    """Withdraw the notice alone: the selection is a draft again, its candidates can be changed, and a new notice published.

    Raises SelectionRefused, NoticeRefused, RoleRefused.
    """
    row = _locked(selection, at, by)
    rules.check_is_open(row)
    notice = rules.check_is_announced(row)
    notice_actions.withdraw_notice(notice=notice, why=why, at=at, by=by)
    row.notice = None
    row.save(update_fields=["notice"])
    done("awards.withdraw_announcement", row, at=at, by=by, notice=notice)
    return row


@transaction.atomic
def correct_announcement(
    *,
    selection: Selection,
    texts: Mapping[str, str],
    deeds: Mapping[int, str],
    off: Collection[int],
    why: str,
    at: datetime,
    by: Person,
) -> Notice:
    """Correct the published notice of a selection: its texts, the deeds of candidates, and who is taken off it (by ids).

    In substance it starts the clock anew. Raises SelectionRefused, and what `correct_notice` raises.
    """
    row = _locked(selection, at, by)
    rules.check_is_open(row)
    notice = rules.check_is_announced(row)
    Candidate.objects.filter(selection=row, pk__in=off).delete()
    for candidate in Candidate.objects.filter(selection=row, pk__in=deeds):
        notice_rules.check_deeds(deeds[candidate.pk])
        candidate.deeds = deeds[candidate.pk].strip()
        candidate.save(update_fields=["deeds"])
    before = {one["reference"]: one for one in notice.nominees}
    now = {one.reference: one.deeds for one in queries.candidates(row)}
    kept = [before[reference] | {"deeds": now[reference]} for reference in before if reference in now]
    snapshot = notice.snapshot | {"nominees": kept}
    if not kept and not snapshot["reason_for_none"]:
        snapshot["reason_for_none"] = why.strip()
    return notice_actions.correct_notice(notice=notice, texts=texts, snapshot=snapshot, why=why, at=at, by=by)


@transaction.atomic
def correct_decision(
    *,
    commendation: Commendation,
    decision_number: str,
    deciding_body: str,
    reasons: str,
    why: str,
    at: datetime,
    by: Person,
    stepped_aside: str = "",
    votes: Votes | None = None,
) -> Commendation:
    """Correct number, body, reasons, votes, or who stepped aside, as addenda that everybody reads. Whom it honours stays.

    Raises CommendationRefused, AddendumRefused, RoleRefused.
    """
    identity_rules.check_is_office(by, local_day(at))
    row = locked(commendation, "selection")
    texts: dict[str, Any] = rules.check_decision(
        decision_number=decision_number, deciding_body=deciding_body, reasons=reasons
    )
    texts |= {"stepped_aside": rules.check_stepped_aside(stepped_aside)}
    texts |= rules.check_votes(votes, honours=queries.has_honours(row)) if votes else {}
    before = {part: getattr(row, part) for part in texts if getattr(row, part) is not None}
    changes = addenda.corrections(before, texts)
    why = addenda.check_corrects(changes, why)
    for part, text in texts.items():
        setattr(row, part, text)
    row.save(update_fields=list(texts))
    public = addenda.public_of(addenda.add(row, changes, why=why, at=at, by=by), title=row.selection.title)
    done("awards.correct_decision", row, at=at, by=by, public=public, parts=[one.part for one in changes])
    return row


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
    _follow_moves(row)
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
    *,
    selection: Selection,
    decision_number: str,
    deciding_body: str,
    reasons: str,
    at: datetime,
    by: Person,
    stepped_aside: str = "",
    votes: Votes | None = None,
    all_the_same: bool = False,
) -> Commendation:
    """Record the decision and give each remaining candidate its honour with a certificate code of 60 bits.

    A candidate with an upheld objection gets none; `all_the_same`: people who have left since the notice are honoured too.
    Raises CommendationRefused before the notice has run its time, while an objection is open, without number, body and reasons,
    for somebody who left, and the second time; RoleRefused.
    """
    locks.together(locks.TREE)  # before the honours hold their organisations, which an import holds after this lock
    row = _locked(selection, at, by)
    row.notice = locked(row.notice) if row.notice else None  # so that no objection arrives in the meantime
    rules.check_may_commend(row, at)
    texts: dict[str, Any] = rules.check_decision(
        decision_number=decision_number, deciding_body=deciding_body, reasons=reasons
    )
    rules.check_nobody_left(queries.honoured_who_left(row), all_the_same=all_the_same)
    texts |= {"stepped_aside": rules.check_stepped_aside(stepped_aside)}
    texts |= rules.check_votes(votes, honours=bool(row.notice and queries.remaining_nominees(row.notice)))
    commendation = Commendation.objects.create(selection=row, recorded_at=at, recorded_by=by, **texts)
    if row.notice is not None:
        notice_actions.settle_notice(notice=row.notice, at=at, by=by)
    honours = _give_honours(commendation, at)
    organisation_actions.make_findable(queries.searchable(honours))
    number, holders = commendation.decision_number, [honour.person or honour.organisation for honour in honours]
    public = queries.public_decision(commendation, honours)
    done("awards.record_commendation", commendation, at=at, by=by, public=public, decision=number, honours=holders)
    return commendation


@transaction.atomic
def revoke_honour(*, honour: Honour, reason: str, at: datetime, by: Person) -> Honour:
    """Revoke an honour; it stays in the register, marked, with the reason. Raises HonourRefused, RoleRefused."""
    identity_rules.check_is_office_of(by, honour.commendation.selection.cycle.campaign.organisation, local_day(at))
    row = locked(honour, "organisation", "person")
    rules.check_may_revoke(row)
    row.revoked_at, row.revoked_by, row.revocation_reason = at, by, rules.check_revocation(reason)
    row.save(update_fields=["revoked_at", "revoked_by", "revocation_reason"])
    organisation_actions.make_findable(queries.searchable([row]))
    said = {"code": row.code, "title": row.title, "reason": Erasable(row.revocation_reason, is_public=True)}
    public = Public(said, about="" if row.person else row.organisation.public_reference)
    done("awards.revoke_honour", row, at=at, by=by, public=public, reason=row.revocation_reason)
    return row


def _locked(selection: Selection, at: datetime, by: Person) -> Selection:
    """The selection, locked against a second office person, for somebody of the office."""
    row = locked(selection, "cycle__campaign__organisation", "notice")
    identity_rules.check_is_office_of(by, row.cycle.campaign.organisation, local_day(at))
    return row


def _whom(candidate: Candidate) -> dict[str, Any]:
    """Whom the journal names: the person, or the organisation."""
    return {"person": candidate.person} if candidate.person else {"organisation": candidate.organisation}


def _follow_moves(selection: Selection) -> None:
    """People are announced with the organisation that they belong to on that day, and nobody who has left."""
    candidates = [one for one in queries.candidates(selection) if one.person]
    rules.check_nobody_left_before([one.person for one in candidates if one.person])
    for one in candidates:
        if one.person and one.organisation_id != one.person.organisation_id:
            one.organisation_id = one.person.organisation_id
            one.save(update_fields=["organisation"])


def _give_honours(commendation: Commendation, at: datetime) -> list[Honour]:
    notice = commendation.selection.notice
    return [
        Honour.objects.create(
            commendation=commendation,
            organisation_id=nominee["organisation"],
            person_id=nominee.get("person"),
            post=nominee.get("post", ""),
            unit=nominee["unit"] if nominee.get("person") else "",
            title=commendation.selection.title,
            holder=nominee["name"],
            code=codes.fresh(),
            given_at=at,
        )
        for nominee in (queries.remaining_nominees(notice) if notice else [])
    ]
