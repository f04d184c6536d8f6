"""Writing a plan, publishing it, taking remarks and answering them, the next version, the adoption. Published text never changes."""

import hashlib
import uuid
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

import rfc8785
from django.db import transaction
from django.db.models import F

from zhengyou.base.deeds import done, locked, locked_or
from zhengyou.base.entries import OFFICE, UNIT, Public
from zhengyou.base.once import once_of
from zhengyou.base.time import local_day, start_of_day
from zhengyou.burden import actions as burden
from zhengyou.burden.models import month_of
from zhengyou.burden.rules import BY_SLUG, Asking
from zhengyou.campaigns.models import Cycle
from zhengyou.consultation import queries, rules, taking
from zhengyou.consultation.computing import grouping, paragraphs
from zhengyou.consultation.models import (
    EarlierResponse,
    Paragraph,
    ParagraphFate,
    ParagraphWording,
    Plan,
    PlanRemark,
    PlanResponse,
    PlanVersion,
    RemarkGroup,
)
from zhengyou.consultation.rules import ReadingDays
from zhengyou.identity import rules as identity
from zhengyou.organisations import actions as organisation_actions
from zhengyou.organisations.models import Organisation, Person
from zhengyou.remarks import actions as remarks
from zhengyou.remarks.rules import Arrival

BATCH = 500
MOST_READ = 20  # paragraphs that one reader is asked to read
MOST_GROUPED = 12_000  # remarks looked through at one press: some three seconds. Older ones once the newer are answered


@transaction.atomic
def begin_plan(
    *,
    cycle: Cycle,
    organisation: Organisation,
    title: str,
    text: str,
    at: datetime,
    by: Person,
    ticket: uuid.UUID | None = None,
    as_clerk: bool = False,
) -> Plan:
    """Begin an organisation's plan with its first version: the pasted text falls into paragraphs. Sent twice it is one plan.

    Nobody else sees it until it is published. Raises RoleRefused, StageRefused, OutsideRefused, PlanRefused.
    """
    (identity.check_may_enter_for if as_clerk else rules.check_may_plan)(by, organisation, local_day(at))
    rules.check_may_begin(cycle, organisation)
    title, texts = rules.check_title(title), rules.check_paragraphs(paragraphs.split(text))
    once = once_of(ticket, cycle.reference, organisation.reference, title, *texts)
    plan, is_new = Plan.objects.get_or_create(
        once=once,
        defaults={"cycle": cycle, "organisation": organisation, "title": title, "begun_at": at, "begun_by": by},
    )
    if not is_new:
        return plan
    version = PlanVersion.objects.create(plan=plan, number=1)
    whole = Paragraph.objects.create(plan=plan, is_whole=True)
    ParagraphWording.objects.create(version=version, paragraph=whole, place=0, text=title)
    _put(version, texts, after=0)
    behalf = organisation if as_clerk else None
    done("consultation.begin_plan", plan, at=at, by=by, on_behalf_of=behalf, title=title, paragraphs=len(texts))
    return plan


@transaction.atomic
def add_paragraphs(*, version: PlanVersion, after: int, text: str, at: datetime, by: Person) -> list[ParagraphWording]:
    """Put new paragraphs after the one at that place (0: at the beginning). Raises RoleRefused, PlanRefused."""
    row, held = _locked(version, at, by)
    texts = rules.check_paragraphs(paragraphs.split(text), before=len(held) - 1)
    made = _put(row, texts, after=min(max(after, 0), len(held) - 1))
    done("consultation.add_paragraphs", row.plan, at=at, by=by, version=row.number, after=after, texts=texts)
    return made


@transaction.atomic
def reword_paragraph(*, wording: ParagraphWording, text: str, at: datetime, by: Person) -> ParagraphWording:
    """Reword a paragraph; it stays the same one. An empty line in the new text splits it: the first part stays it, the others are
    its heirs. Raises RoleRefused, PlanRefused.
    """
    row, held = _locked(wording.version, at, by)
    rules.check_is_paragraph(wording)
    texts = rules.check_paragraphs(paragraphs.split(text), before=len(held) - 2)
    kept, before = rules.still_as_read(held, wording), wording.text
    kept.text = texts[0]
    kept.save(update_fields=["text"])
    for heir in _put(row, texts[1:], after=kept.place):
        _leave_to(row, kept.paragraph_id, heir.paragraph_id)
    done("consultation.reword_paragraph", row.plan, at=at, by=by, wording=kept.pk, before=before, after=texts)
    return kept


@transaction.atomic
def join_paragraph(*, wording: ParagraphWording, at: datetime, by: Person) -> ParagraphWording:
    """Join a paragraph with the one after it, which lives on in the first. Raises RoleRefused, PlanRefused."""
    row, held = _locked(wording.version, at, by)
    rules.check_is_paragraph(wording)
    kept = rules.still_as_read(held, wording)
    following = next((one for one in held if one.place == kept.place + 1), None)
    rules.check_may_join(following)
    assert following is not None
    kept.text = rules.check_paragraphs([f"{kept.text}\n{following.text}"])[0]
    kept.save(update_fields=["text"])
    _take_out(row, following)
    _leave_to(row, following.paragraph_id, kept.paragraph_id)
    done("consultation.join_paragraph", row.plan, at=at, by=by, wording=kept.pk, joined=following.text)
    return kept


@transaction.atomic
def move_paragraph(*, wording: ParagraphWording, is_up: bool, at: datetime, by: Person) -> ParagraphWording:
    """Move a paragraph one place up or down; at the end nothing happens. Raises RoleRefused, PlanRefused."""
    row, held = _locked(wording.version, at, by)
    rules.check_is_paragraph(wording)
    places = {one.place: one for one in held}
    mine = rules.still_as_read(held, wording)
    other = places.get(mine.place + (-1 if is_up else 1))
    if other is None or other.place == 0:
        return mine
    mine.place, other.place = other.place, mine.place
    ParagraphWording.objects.bulk_update([mine, other], ["place"])
    done("consultation.move_paragraph", row.plan, at=at, by=by, wording=mine.pk, place=mine.place)
    return mine


@transaction.atomic
def remove_paragraph(*, wording: ParagraphWording, because: str, at: datetime, by: Person) -> ParagraphFate | None:
    """Take a paragraph out. What was published before leaves the reason in its place, and can be put back; of what nobody has
    read nothing stays. Raises RoleRefused, PlanRefused.
    """
    row, held = _locked(wording.version, at, by)
    rules.check_is_paragraph(rules.still_as_read(held, wording))
    rules.check_may_remove(len(held) - 2)
    earlier = ParagraphWording.objects.filter(paragraph=wording.paragraph_id).exclude(version=row)
    was_published = earlier.exists()
    because = rules.check_because(because, was_published=was_published)
    _take_out(row, wording)
    done("consultation.remove_paragraph", row.plan, at=at, by=by, text=wording.text, because=because)
    if not was_published:
        return None
    return ParagraphFate.objects.create(version=row, paragraph=wording.paragraph, because=because)


@transaction.atomic
def put_back_paragraph(*, fate: ParagraphFate, at: datetime, by: Person) -> ParagraphWording:
    """Put back what was taken out of the version that is being written, as it was worded before, at its end. Raises RoleRefused,
    PlanRefused.
    """
    rules.check_may_put_back(fate)
    row, held = _locked(fate.version, at, by)
    fate = locked_or(fate, rules.gone_meanwhile())
    last = ParagraphWording.objects.filter(paragraph=fate.paragraph_id).order_by("-version__number").first()
    assert last is not None
    made = ParagraphWording.objects.create(version=row, paragraph=fate.paragraph, place=len(held), text=last.text)
    fate.delete()
    done("consultation.put_back_paragraph", row.plan, at=at, by=by, wording=made.pk)
    return made


@transaction.atomic
def publish_plan(*, plan: Plan, days: ReadingDays, at: datetime, by: Person) -> Plan:
    """Publish the first version: members read it first, then everybody. Its text stays as it is from now on.

    Raises RoleRefused, StageRefused, PlanRefused, BurdenRefused.
    """
    row = locked(plan, "organisation", "cycle__campaign__organisation")
    rules.check_may_plan(by, row.organisation, local_day(at))
    rules.check_may_begin(row.cycle, row.organisation)
    version = _held_version(row)
    rules.check_is_written(version)
    rules.check_reading_days(days, row.cycle, local_day(at))
    row.members_from, row.public_from, row.open_until = days.members_from, days.public_from, days.open_until
    row.save(update_fields=["members_from", "public_from", "open_until"])
    _ask_members(row, at, by)
    _publish(version, at, by)
    # Where members read it first, `rhythm.find_what_became_public` brings it on its day.
    organisation_actions.make_findable(queries.searchable([row]) if rules.is_public(row, local_day(at)) else [])
    told = {"members_from": days.members_from, "public_from": days.public_from, "open_until": days.open_until}
    public = _told(version, by, told)
    done("consultation.publish_plan", row, at=at, by=by, public=public, fingerprint=version.fingerprint, **told)
    return row


@transaction.atomic
def begin_version(*, plan: Plan, at: datetime, by: Person) -> PlanVersion:
    """Begin the next version as a copy of the last. Remarks stay open on the old one. Raises RoleRefused, PlanRefused."""
    row, newest = _held(plan, at, by)
    rules.check_may_begin_version(row, newest)
    version = PlanVersion.objects.create(plan=row, number=newest.number + 1)
    ParagraphWording.objects.bulk_create(
        ParagraphWording(version=version, paragraph=one.paragraph, place=one.place, text=one.text)
        for one in queries.wordings_of(newest)
    )
    done("consultation.begin_version", row, at=at, by=by, version=version.number)
    return version


@transaction.atomic
def set_version_aside(*, plan: Plan, at: datetime, by: Person) -> None:
    """Set the next version aside before anybody has read it; its text stays in the journal. Raises RoleRefused, PlanRefused."""
    row, version = _held(plan, at, by)
    rules.check_may_set_aside(version)
    texts = [one.text for one in queries.wordings_of(version)]
    ParagraphFate.objects.filter(version=version).delete()
    ParagraphWording.objects.filter(version=version).delete()
    version.delete()
    done("consultation.set_version_aside", row, at=at, by=by, texts=texts)


@transaction.atomic
def publish_version(*, plan: Plan, open_until: date | None, at: datetime, by: Person) -> PlanVersion:
    """Publish the next version, with a last day for remarks on it or without. Raises RoleRefused, StageRefused, PlanRefused."""
    row, version = _held(plan, at, by)
    rules.check_is_written(version)
    rules.check_may_publish_next(row, open_until, local_day(at))
    before = queries.version_numbered(row, version.number - 1)
    assert before is not None
    rules.check_differs(*(_texts(queries.wordings_of(one)) for one in (before, version)))
    if open_until is not None:
        row.open_until = open_until
        row.save(update_fields=["open_until"])
    _publish(version, at, by)
    facts = {"version": version.number, "open_until": open_until}
    public = _told(version, by, {"open_until": row.open_until})
    done("consultation.publish_version", row, at=at, by=by, public=public, **facts)
    return version


@transaction.atomic
def prolong_consultation(*, plan: Plan, open_until: date, at: datetime, by: Person) -> Plan:
    """Take remarks for longer than people were told. Raises RoleRefused, StageRefused, PlanRefused."""
    row, newest = _held(plan, at, by)
    rules.check_may_prolong(row, open_until, local_day(at))
    row.open_until = open_until
    row.save(update_fields=["open_until"])
    public = _told(newest, by, {"open_until": open_until})
    done("consultation.prolong_consultation", row, at=at, by=by, public=public, open_until=open_until)
    return row


@transaction.atomic
def remark_on_paragraph(
    *, wording: ParagraphWording, words: str, at: datetime, arrival: Arrival | None, by: Person | None = None
) -> PlanRemark:
    """Take what somebody says to a paragraph: a member (`by`) first, then anybody. Nobody's name is kept, only the day.

    A form sent twice is one remark, and so are equal words to one wording. Raises PlanRemarkRefused, RemarkRefused,
    RoleRefused, StageRefused.
    """
    row = queries.wording_with_id(wording.pk)
    assert row is not None
    plan, day = row.version.plan, local_day(at)
    rules.check_takes_remarks(row, by, day)
    is_first = rules.phase_on(plan, day) == Plan.Phase.MEMBERS
    made, is_new = taking.take_words(row, rules.check_remark(words), at=at, arrival=arrival, is_of_members=is_first)
    if is_new:
        done("consultation.remark_on_paragraph", row, at=start_of_day(at), by=None, remark=made.pk)
    return made


@transaction.atomic
def propose_groups(*, plan: Plan, at: datetime, by: Person) -> int:
    """Group the unanswered remarks that share most of their words, paragraph by paragraph; how many new groups. Groups that stand
    take in what came since. Whom somebody took out stays apart. Raises RoleRefused.
    """
    row, _newest = _held(plan, at, by)
    rows = PlanRemark.objects.filter(queries.IS_OPEN, plan=row, is_apart=False).select_related("remark", "wording")
    by_paragraph: dict[int, list[PlanRemark]] = {}
    for one in rows.order_by("-pk")[:MOST_GROUPED]:
        by_paragraph.setdefault(one.wording.paragraph_id, []).append(one)
    made = sum(_group(row, some) for some in by_paragraph.values())
    done("consultation.propose_groups", row, at=at, by=by, groups=made)
    return made


@transaction.atomic
def take_out_of_group(*, remark: PlanRemark, at: datetime, by: Person) -> PlanRemark:
    """A remark that says something else than its group stands apart from now on. Twice is harmless. Raises RoleRefused."""
    plan, _newest = _held(remark.plan, at, by)
    row = locked(remark)
    if row.is_apart:
        return row
    row.group, row.is_apart, row.has_own_words = None, True, False
    row.save(update_fields=["group", "is_apart", "has_own_words"])
    done("consultation.take_out_of_group", plan, at=at, by=by, remark=row.remark_id)
    return row


@transaction.atomic
def respond(
    *,
    plan: Plan,
    remark_ids: Collection[int],
    outcome: str,
    text: str,
    paragraph_ids: Collection[int] = (),
    own_answers: Mapping[int, str] | None = None,
    at: datetime,
    by: Person,
    ticket: uuid.UUID | None = None,
) -> PlanResponse:
    """Answer one remark, or like ones together: what became of it, in which paragraphs, and why. All of them or none.

    `own_answers` are to what single ones added, by id. Sent twice it is one answer. Raises RoleRefused, PlanResponseRefused.
    """
    row, newest = _held(plan, at, by)
    once = once_of(ticket, row.reference, outcome, text, *sorted(remark_ids))
    if known := PlanResponse.objects.filter(once=once).first():
        return known
    own = rules.check_own_answers(own_answers or {})
    rows = PlanRemark.objects.select_for_update(of=("self",)).filter(pk__in=remark_ids)
    held = list(rows.select_related("remark").order_by("pk"))
    rules.check_may_respond(row, held, len(set(remark_ids)), own)
    named = queries.paragraphs_named(row, paragraph_ids)
    text = rules.check_response(outcome, text, named, row)
    made = {"plan": row, "outcome": outcome, "text": text, "responded_at": at, "responded_by": by, "once": once}
    response = PlanResponse.objects.create(**made)
    response.paragraphs.set(named)
    for one in held:
        one.response, one.own_answer = response, own.get(one.pk, "")
    PlanRemark.objects.bulk_update(held, ["response", "own_answer"], batch_size=BATCH)
    rules.check_true_once_adopted(queries.untrue_responses(row, newest) if row.adopted_on else ())
    remarks.answer_together(answers=_answers(held, text), at=at, by=by)
    facts = {"outcome": outcome, "text": text, "paragraphs": named, "remarks": [one.remark_id for one in held]}
    done("consultation.respond", response, at=at, by=by, plan=row, **facts)
    return response


@transaction.atomic
def change_response(
    *, response: PlanResponse, outcome: str, text: str, paragraph_ids: Collection[int], at: datetime, by: Person
) -> PlanResponse:
    """Mend an answer before the plan is adopted; the old one stays readable below the remarks. The same again changes nothing.

    Raises RoleRefused, PlanResponseRefused.
    """
    plan, _newest = _held(response.plan, at, by)
    row = locked(response, "plan")
    rules.check_may_change_response(row, response, says=(outcome, text))
    named = queries.paragraphs_named(plan, paragraph_ids)
    text = rules.check_response(outcome, text, named, plan)
    before = {"outcome": row.outcome, "text": row.text}
    if before != {"outcome": outcome, "text": text}:
        EarlierResponse.objects.create(response=row, said_until=at, **before)
    row.outcome, row.text = outcome, text
    row.save(update_fields=["outcome", "text"])
    row.paragraphs.set(named)
    held = list(PlanRemark.objects.filter(response=row).select_related("remark"))
    remarks.change_answers(answers=_answers(held, text), at=at, by=by)
    done("consultation.change_response", row, at=at, by=by, before=before, outcome=outcome, text=text)
    return row


@transaction.atomic
def adopt_plan(*, plan: Plan, body: str, adopted_on: date, at: datetime, by: Person) -> Plan:
    """Enter that a body adopted the plan in its newest version. From then on nothing of it changes.

    Raises RoleRefused, StageRefused, PlanRefused: while a remark waits or has no answer, or an answer says that something was
    taken up which stands nowhere in the text.
    """
    row, newest = _held(plan, at, by)
    day = local_day(at)
    rules.check_may_adopt(row, newest, day)
    rules.check_all_answered(*queries.waiting_and_unanswered(row))
    rules.check_says_true(queries.untrue_responses(row, newest))
    body = rules.check_adoption(body, adopted_on, row, day)
    row.adopted_on, row.adopted_by_body, row.adopted_at, row.adopted_by = adopted_on, body, at, by
    row.save(update_fields=["adopted_on", "adopted_by_body", "adopted_at", "adopted_by"])
    account = queries.account_of(row)
    told = {"adopted_on": adopted_on, "adopted_by": body, "remarks": account.remarks, "taken_up": account.taken_up}
    told |= {"partly": account.partly, "not_taken_up": account.not_taken_up}
    organisation_actions.make_findable(queries.searchable([row]))
    done("consultation.adopt_plan", row, at=at, by=by, public=_told(newest, by, told), body=body, adopted_on=adopted_on)
    return row


def _held(plan: Plan, at: datetime, by: Person) -> tuple[Plan, PlanVersion]:
    """Whoever changes anything of a plan holds it, so that publishing, answering and adopting never cross."""
    row = locked(plan, "organisation", "cycle__campaign__organisation")
    rules.check_may_plan(by, row.organisation, local_day(at))
    return row, _held_version(row)


def _held_version(plan: Plan) -> PlanVersion:
    version = queries.newest_version(plan)
    assert version is not None
    return version


def _locked(version: PlanVersion, at: datetime, by: Person) -> tuple[PlanVersion, list[ParagraphWording]]:
    """A version that may be changed, with its wordings; its plan is held."""
    plan, _newest = _held(version.plan, at, by)
    row = locked_or(version, rules.gone_meanwhile(), "plan")
    rules.check_not_adopted(plan)
    rules.check_is_written(row)
    return row, queries.wordings_of(row)


def _put(version: PlanVersion, texts: list[str], *, after: int) -> list[ParagraphWording]:
    """New paragraphs after that place; those behind move on."""
    rows = ParagraphWording.objects.filter(version=version, place__gt=after)
    rows.update(place=F("place") + len(texts))
    made = Paragraph.objects.bulk_create(Paragraph(plan=version.plan) for _text in texts)
    return ParagraphWording.objects.bulk_create(
        ParagraphWording(version=version, paragraph=paragraph, place=after + n, text=text)
        for n, (paragraph, text) in enumerate(zip(made, texts, strict=True), 1)
    )


def _take_out(version: PlanVersion, wording: ParagraphWording) -> None:
    place = ParagraphWording.objects.values_list("place", flat=True).get(pk=wording.pk)
    ParagraphWording.objects.filter(pk=wording.pk).delete()
    ParagraphWording.objects.filter(version=version, place__gt=place).update(place=F("place") - 1)


def _leave_to(version: PlanVersion, paragraph: int, heir: int) -> None:
    """What was published before goes on in an heir, and so do its remarks; in a first version there are none."""
    if version.number > 1:
        ParagraphFate.objects.get_or_create(version=version, paragraph_id=paragraph, heir_id=heir)


def _texts(wordings: list[ParagraphWording]) -> list[tuple[int, str]]:
    return [(one.paragraph_id, one.text) for one in wordings]


def _publish(version: PlanVersion, at: datetime, by: Person) -> None:
    texts = [one.text for one in queries.wordings_of(version)]
    version.fingerprint = hashlib.sha256(rfc8785.dumps(texts)).hexdigest()
    version.published_at, version.published_by = at, by
    version.save(update_fields=["fingerprint", "published_at", "published_by"])


def _ask_members(plan: Plan, at: datetime, by: Person) -> None:
    """A consultation asks every member within the organisation to read it, a quarter of a minute a paragraph, of a long one what
    concerns them. Raises BurdenRefused above the cap.
    """
    form, day = BY_SLUG["plan-draft"], plan.members_from
    assert day is not None
    paragraphs = len(queries.wordings_of(_held_version(plan))) - 1
    minutes = form.minutes(min(paragraphs, MOST_READ))
    asked = [Asking(form, plan.organisation, month_of(day), minutes, is_for_all_below=True)]
    burden.ask(asked=asked, about=plan, cap=plan.cycle.ruleset.burden, at=at, by=by)


def _told(version: PlanVersion, by: Person, facts: Mapping[str, Any]) -> Public:
    """What everybody may know: which plan and version, by its fingerprint, since the text itself is read by members first."""
    plan = version.plan
    told = {"plan": plan.pk, "version": version.number, "text_sha256": version.fingerprint, **facts}
    is_top = plan.organisation_id == plan.cycle.campaign.organisation_id
    return Public(told, about=plan.organisation.public_reference, by=OFFICE if is_top else UNIT)


def _group(plan: Plan, rows: list[PlanRemark]) -> int:
    """Write down which of these are alike; how many groups are new."""
    by_id, made, before = {row.pk: row for row in rows}, 0, {row.pk: (row.group_id, row.has_own_words) for row in rows}
    for one in grouping.alike((row.pk, row.remark.words) for row in rows):
        group, is_new = RemarkGroup.objects.get_or_create(plan=plan, first=by_id[one.first])
        made += is_new
        for pk, has_own_words in ({one.first: False} | dict(one.others)).items():
            by_id[pk].group, by_id[pk].has_own_words = group, has_own_words
    moved = [row for row in rows if (row.group_id, row.has_own_words) != before[row.pk]]
    PlanRemark.objects.bulk_update(moved, ["group", "has_own_words"], batch_size=BATCH)
    return made


def _answers(rows: list[PlanRemark], text: str) -> dict[int, str]:
    """What stands below each remark: the answer to all, and what is said to its own words."""
    return {one.remark_id: f"{text}\n{one.own_answer}".strip() for one in rows}
