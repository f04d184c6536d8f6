"""What pages and actions ask about paper ballots. Marks are opened only to be compared, and shown to nobody."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from django.db.models import QuerySet

from blindballot.box.paper import spoilt_marks
from blindballot.closing.exporting import OnPaper
from blindballot.closing.tallying import open_slip
from blindballot.format.manifest import Line, Manifest
from blindballot.format.printed import PrintedBatch, PrintedSlip, cancelled_of, printed_root
from blindballot.format.questions import RANKING
from blindballot.format.slips import Slip
from zhengyou.ballots import queries as ballot_queries
from zhengyou.boxes import queries as boxes
from zhengyou.boxes.models import Mark
from zhengyou.identity import queries as identity
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Person, Post
from zhengyou.paper.models import KEYED, PRINTED, BoxKeyedForm, BoxPaperSlip, PaperBatch
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Guest, Poll, RollEntry, VoterPool


@dataclass(frozen=True)
class PaperDifference:
    """A slip that the two keyers of a batch do not agree on: keyed by one only, other marks, or looked at again by one only."""

    number: str
    line: str
    criteria: tuple[str, ...]
    keyed_by: tuple[bool, bool]
    looked_again: tuple[bool, bool]


def paper_voters(pool: VoterPool) -> QuerySet[RollEntry]:
    """The entries of a pool whose people vote on paper, members by number, then guests."""
    rows = RollEntry.objects.filter(pk__in=_on_paper(pool)).select_related("person__organisation", "guest")
    return rows.order_by("person__number", "guest__position")


def with_printed_sheet(pool: VoterPool) -> set[int]:
    """The entries of a pool for whom a sheet was printed."""
    return {mark.entry for mark in _on_paper(pool).values() if mark.is_sheet_printed}


def _on_paper(pool: VoterPool) -> dict[int, Mark]:
    marks = poll_queries.marks_of(pool.poll)
    return {entry: mark for entry, mark in marks.items() if mark.pool == pool.pk and mark.is_on_paper}


def may_go_on_paper(pool: VoterPool) -> list[Person | Guest]:
    """The people of a pool's roll who do not vote on paper, by number; whether they voted by phone is not told."""
    rows = RollEntry.objects.filter(pool=pool).exclude(pk__in=_on_paper(pool))
    rows = rows.select_related("person__organisation", "guest").order_by("person__number", "guest__position")
    return [row.voter for row in rows]


def waiting_for_sheets(pool: VoterPool) -> int:
    """How many people of a pool vote on paper for whom no living batch has a sheet."""
    people = len(_on_paper(pool))
    return people - sum(batch.people for batch in batches_of(pool) if batch.withdrawn_at is None)


def batches_of(pool: VoterPool) -> list[PaperBatch]:
    """The batches of a pool in the order in which they were printed."""
    related = ("scrutineer", "printed_by", "first_keyer", "second_keyer")
    return list(PaperBatch.objects.filter(pool=pool).select_related(*related).order_by("number"))


def paper_by_pool(poll: Poll) -> list[tuple[VoterPool, int, list[PaperBatch]]]:
    """Each pool of a poll with how many of it vote on paper and with its batches, in order."""
    people = Counter(mark.pool for mark in poll_queries.marks_of(poll).values() if mark.is_on_paper)
    batches: dict[int, list[PaperBatch]] = {}
    for row in PaperBatch.objects.filter(pool__poll=poll).order_by("number"):
        batches.setdefault(row.pool_id, []).append(row)
    return [(pool, people[pool.pk], batches.get(pool.pk, [])) for pool in poll_queries.pools_of(poll)]


def paper_batch(poll: Poll, batch_id: int) -> PaperBatch | None:
    """One batch of a poll, or None."""
    rows = PaperBatch.objects.select_related("pool__poll", "scrutineer", "printed_by", "first_keyer", "second_keyer")
    return rows.filter(pool__poll=poll, pk=batch_id).first()


def batches_to_key(at: datetime) -> list[PaperBatch]:
    """The batches whose forms can be keyed at that instant, the poll that closed first first."""
    rows = PaperBatch.objects.select_related("pool__poll").filter(
        pool__poll__state=Poll.State.OPENED, pool__poll__closes_at__lte=at, withdrawn_at=None, reconciled_at=None
    )
    return list(rows.exclude(drawn=None).order_by("pool__poll__closes_at", "pool__position", "number"))


def unsettled_batches(poll: Poll) -> list[PaperBatch]:
    """The batches that keep a poll from being closed: neither signed by both nor withdrawn."""
    rows = PaperBatch.objects.filter(pool__poll=poll, withdrawn_at=None, reconciled_at=None)
    return list(rows.order_by("pool__position", "number"))


def may_key_paper(person: Person, on: date) -> bool:
    """Whether a person's posts let them key forms: campaign office or scrutineer."""
    return bool({Post.Role.CAMPAIGN_OFFICE, Post.Role.SCRUTINEER} & identity.roles_of(person, on))


def scrutineers_outside(poll: Poll, on: date) -> list[Person]:
    """The people with a scrutineer's post who are neither rated in this poll nor administer the rated, by number."""
    people = organisations.holders_of(Post.Role.SCRUTINEER, on)
    tied = organisations.ties_to(people, poll_queries.judged_organisations(poll), poll.cycle.campaign.organisation, on)
    return [person for person in people if person.pk not in tied]


def printed_slips(poll: Poll, batch: PaperBatch | None = None) -> list[BoxPaperSlip]:
    """The slips printed for a poll, or for one batch of it, in no order that says anything."""
    documents = boxes.papers(poll.key, PRINTED, batch=batch.pk if batch else None)
    return [BoxPaperSlip.read(document) for document in documents]


def printed_slip(poll: Poll, finder: bytes) -> BoxPaperSlip | None:
    """The slip that is looked up so, or None."""
    document = boxes.paper(poll.key, PRINTED, finder)
    return BoxPaperSlip.read(document) if document else None


def keyed_forms(batch: PaperBatch) -> list[BoxKeyedForm]:
    """The forms of a batch that were keyed so far, by both."""
    return [BoxKeyedForm.read(document) for document in boxes.papers(batch.pool.poll.key, KEYED, batch=batch.pk)]


def keyed_counts(batch: PaperBatch) -> tuple[int, int]:
    """How many forms the first and the second person keyed so far."""
    keyed = Counter(form.keying for form in keyed_forms(batch))
    return keyed[1], keyed[2]


def numbers_keyed(batch: PaperBatch, keying: int) -> list[str]:
    """The numbers of the slips that one of the two has keyed, in order of their letters."""
    serials = {form.slip.serial for form in keyed_forms(batch) if form.keying == keying}
    return sorted(slip.number for slip in printed_slips(batch.pool.poll, batch) if slip.serial in serials)


def paper_differences(batch: PaperBatch) -> list[PaperDifference]:
    """Where the two keyers differ, by slip number; nothing before both have keyed as many forms as were counted.

    Both versions are opened with the pool's closing key for the comparison alone; no mark is told or kept.
    """
    forms = keyed_forms(batch)
    counted = Counter(form.keying for form in forms)
    if batch.forms is None or {counted[1], counted[2]} != {batch.forms}:
        return []
    keyed: dict[bytes, dict[int, BoxKeyedForm]] = {}
    for form in forms:
        keyed.setdefault(form.slip.serial, {})[form.keying] = form
    slips = [slip for slip in printed_slips(batch.pool.poll, batch) if slip.serial in keyed]
    manifest, closing = _paper_opening(batch.pool)
    found = [
        _difference(manifest, closing, slip, keyed[slip.serial]) for slip in sorted(slips, key=lambda one: one.number)
    ]
    return [difference for difference in found if difference]


def is_disputed(batch: PaperBatch, number: str) -> bool:
    """Whether the two keyers of a finished batch differ in this slip."""
    return any(difference.number == number for difference in paper_differences(batch))


def _paper_opening(pool: VoterPool) -> tuple[Manifest, dict[str, ec.EllipticCurvePrivateKey]]:
    """The manifest and the pool's closing keys by line."""
    manifest, _keys = ballot_queries.open_manifest_and_keys(pool.poll_id, pool.poll.fingerprint)
    closing = ballot_queries.closing_keys(pool.poll, manifest)
    return manifest, {line: key for (slug, line), key in closing.items() if slug == pool.slug}


def _difference(
    manifest: Manifest,
    closing: dict[str, ec.EllipticCurvePrivateKey],
    slip: BoxPaperSlip,
    rows: dict[int, BoxKeyedForm],
) -> PaperDifference | None:
    line = manifest.line_by_id[slip.line.partition("/")[2]]
    first, second = rows.get(1), rows.get(2)
    looked = tuple(bool(row and row.is_second_look) for row in (first, second))
    criteria: tuple[str, ...] = ()
    if first and second:
        marks = [paper_marks(manifest, closing[line.id], row.slip) for row in (first, second)]
        criteria = tuple(name for name, one, other in zip(entries_of(line), *marks, strict=True) if one != other)
        if not criteria and looked[0] == looked[1]:
            return None
    return PaperDifference(
        slip.number, line.id, criteria, (first is not None, second is not None), (looked[0], looked[1])
    )


def paper_marks(manifest: Manifest, closing: ec.EllipticCurvePrivateKey, slip: Slip) -> bytes:
    """The marks of a sealed form, one byte an entry; those of a spoilt form are no grades and no answer."""
    opening = open_slip(manifest, closing, slip)
    return spoilt_marks(manifest.line_by_id[slip.line]) if opening.invalid else opening.marks


def entries_of(line: Line) -> tuple[str, ...]:
    """What is keyed of a form, in order: its criteria; the places of a ranking, from 1; the options that may be approved."""
    if line.question is None:
        return line.criteria
    if line.question.kind == RANKING:
        return tuple(str(place) for place in range(1, line.question.most + 1))
    return line.question.option_ids


def largest_entry(manifest: Manifest, line: Line) -> int:
    """The largest figure that can be keyed, which says "don't know": one more than the last grade, option or tick."""
    if line.question is None:
        return len(manifest.grades) + 1
    return len(line.question.options) + 1 if line.question.kind == RANKING else 2


def form_lines(poll: Poll) -> list[dict[str, Any]]:
    """What the paper forms show, one a slip: unit, which part of how many, and its criteria with their names; or the question."""
    names = {criterion.id: criterion.name for criterion in poll.cycle.ruleset.items_for(persons=poll.is_of_persons)}
    lines = poll_queries.sheet_lines(poll)
    parts = Counter(line["unit"] for line in lines)
    return [
        {
            "id": line["id"],
            "name": line["name"],
            "part": int(line["id"].rpartition("-")[2]) if parts[line["unit"]] > 1 else 0,
            "parts": parts[line["unit"]],
            "criteria": [{"id": each, "name": names[each]} for each in line.get("criteria", ())],
            "question": line.get("question"),
        }
        for line in lines
    ]


def is_cancelled(poll: Poll, slip: BoxPaperSlip | None) -> bool:
    """Whether a printed slip was cancelled because nobody drew its sheet."""
    return slip is not None and boxes.held(poll.key, [slip.serial]).get(slip.serial, False)


def root_of_batch(batch: PaperBatch) -> bytes:
    """The root over the printed slips of a batch, by which nobody can add one later or hide one."""
    return printed_root(_as_printed(slip) for slip in printed_slips(batch.pool.poll) if slip.batch == batch.pk)


def paper_for_record(poll: Poll) -> OnPaper:
    """The batches of a poll, and the slips that were printed and not drawn, or withdrawn with their batch."""
    printed = printed_slips(poll)
    held = boxes.held(poll.key, [slip.serial for slip in printed])
    batches, cancelled = [], []
    for batch in PaperBatch.objects.filter(pool__poll=poll).select_related("pool").order_by("pool__position", "number"):
        own = [slip for slip in printed if slip.batch == batch.pk]
        undrawn = [_as_printed(slip) for slip in own if held.get(slip.serial)]
        said = (batch.pool.slug, batch.number, batch.sheets, batch.drawn or 0, bytes(batch.root or b""))
        batches.append(PrintedBatch(*said))
        cancelled += cancelled_of(batch.pool.slug, batch.number, [_as_printed(slip) for slip in own], undrawn)
    return OnPaper(batches, cancelled)


def _as_printed(slip: BoxPaperSlip) -> PrintedSlip:
    return PrintedSlip(slip.line.partition("/")[2], slip.serial, slip.nonce)
