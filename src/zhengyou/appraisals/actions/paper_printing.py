"""Paper ballots until they are in the voters' hands: who votes on paper, sheets printed once, undrawn ones cancelled.

No order and no time joins a person with a sheet; of a slip's secret nothing is kept.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from blindballot.encoding import sha256
from blindballot.issuing import IssuerKey
from blindballot.keys import point_bytes
from blindballot.manifest import Line, Manifest
from blindballot.paper import (
    KEY_LETTERS,
    NUMBER_LETTERS,
    SHEET_LETTERS,
    PaperCodeError,
    fresh_letters,
    in_groups,
    read_letters,
    secret_of,
    sign_serial,
    slip_number,
    with_check,
)
from zhengyou.appraisals import queries, rules
from zhengyou.appraisals.actions.box import house_and_box
from zhengyou.appraisals.actions.voting import signing_keys
from zhengyou.appraisals.models import BoxPaperSlip, PaperBatch, Poll, RollEntry, VoterPool
from zhengyou.appraisals.queries import paper as paper_queries
from zhengyou.appraisals.rules import paper as paper_rules
from zhengyou.base import journal
from zhengyou.base.time import local_day
from zhengyou.identity import queries as identity
from zhengyou.organisations.models import Person, Post


@dataclass(frozen=True)
class PrintedSlip:
    """One slip as it is printed: its short number, and its key, which is kept nowhere."""

    line: str
    number: str
    key: str


@dataclass(frozen=True)
class PrintedSheet:
    """One sheet as it is printed: its code on the cover, a slip for every line."""

    code: str
    slips: list[PrintedSlip]


@transaction.atomic
def mark_on_paper(*, poll: Poll, pool: VoterPool, people: list[Person], at: datetime, by: Person) -> None:
    """These people of a pool vote on paper: a ballot counts as issued to each. All or none. Raises PaperRefused."""
    row = Poll.objects.select_for_update().get(pk=poll.pk)
    rules.check_is_not_concerned(row, by, at)
    paper_rules.check_paper_is_open(row, at)
    paper_rules.check_paper_is_possible(pool)
    entries = list(
        RollEntry.objects.select_for_update(of=("self",))
        .select_related("person")
        .filter(pool=pool, poll=row, person__in=people)
        .order_by("pk")
    )
    paper_rules.check_may_go_on_paper([person.name for person in people], entries)
    RollEntry.objects.filter(pk__in=[entry.pk for entry in entries]).update(is_issued=True, is_on_paper=True)
    payload = {"pool": pool.slug, "people": sorted(person.reference for person in people)}
    journal.record(deed="appraisals.mark_on_paper", subject=row.reference, by=by.reference, at=at, payload=payload)


@transaction.atomic
def take_off_paper(*, poll: Poll, pool: VoterPool, person: Person, at: datetime, by: Person) -> None:
    """Take the mark back while no sheet has been printed for it: the person may vote by phone again. Raises PaperRefused."""
    row = Poll.objects.select_for_update().get(pk=poll.pk)
    rules.check_is_not_concerned(row, by, at)
    paper_rules.check_paper_is_open(row, at)
    entry = RollEntry.objects.select_for_update().filter(pool=pool, poll=row, person=person).first()
    paper_rules.check_may_leave_paper(entry)
    RollEntry.objects.filter(pool=pool, person=person).update(is_issued=False, is_on_paper=False)
    payload = {"pool": pool.slug, "person": person.reference}
    journal.record(deed="appraisals.take_off_paper", subject=row.reference, by=by.reference, at=at, payload=payload)


def print_batch(
    *, poll: Poll, pool: VoterPool, sheets: int, scrutineer: Person, at: datetime, by: Person
) -> tuple[PaperBatch, list[PrintedSheet]]:
    """Make a batch of sheets for everybody who waits for one. What is returned is shown once and printed; no secret is kept.

    The box takes none of these slips before the draw is settled. Raises PaperRefused.
    """
    lines = queries.sheet_lines(poll)
    with house_and_box(poll):
        row = Poll.objects.select_for_update().get(pk=poll.pk)
        paper_rules.check_paper_is_open(row, at)
        paper_rules.check_paper_is_possible(pool)
        _check_scrutineer(row, scrutineer, at, by)
        waiting = paper_queries.waiting_for_sheets(pool)
        paper_rules.check_may_print(waiting=waiting, sheets=sheets, slips=sheets * len(lines))
        batch = PaperBatch.objects.create(
            pool=pool,
            number=(PaperBatch.objects.filter(pool=pool).aggregate(last=Max("number"))["last"] or 0) + 1,
            people=waiting,
            sheets=sheets,
            scrutineer=scrutineer,
            printed_by=by,
            printed_at=at,
        )
        printed = _make_sheets(row, batch)
        RollEntry.objects.filter(pool=pool, is_on_paper=True).update(is_sheet_printed=True)
        payload = {"people": waiting, "sheets": sheets, "scrutineer": scrutineer.reference}
        _record("print_batch", row, batch, at, by, payload)
    return batch, printed


def _check_scrutineer(poll: Poll, scrutineer: Person, at: datetime, by: Person) -> None:
    held = identity.roles_of(scrutineer, local_day(at))
    paper_rules.check_scrutineer(is_scrutineer=Post.Role.SCRUTINEER in held, is_printing=scrutineer.pk == by.pk)
    for person in (by, scrutineer):
        rules.check_is_not_concerned(poll, person, at)


def _make_sheets(poll: Poll, batch: PaperBatch) -> list[PrintedSheet]:
    manifest, _keys = queries.open_manifest_and_keys(poll.pk, poll.fingerprint)
    signing = signing_keys(batch.pool_id, poll.fingerprint)
    sheets, rows = [], []
    for _place in range(batch.sheets):
        letters, slips = fresh_letters(SHEET_LETTERS), []
        for line in manifest.lines:
            slip, row = _make_slip(manifest, batch, letters, line, signing[line.id])
            slips.append(slip)
            rows.append(row)
        sheets.append(PrintedSheet(in_groups(with_check(letters, 1)), slips))
    # By the hash of the serial: the rows lie in the box in no order of sheets.
    BoxPaperSlip.objects.bulk_create(sorted(rows, key=lambda row: bytes(row.key)))
    return sheets


def _make_slip(
    manifest: Manifest, batch: PaperBatch, sheet: str, line: Line, key: IssuerKey
) -> tuple[PrintedSlip, BoxPaperSlip]:
    letters, pool = fresh_letters(KEY_LETTERS), batch.pool.slug
    secret = secret_of(manifest.digest, letters)
    serial, number = point_bytes(secret.serial), in_groups(slip_number(manifest.digest, sheet, pool, line.id))
    row = BoxPaperSlip(
        key=sha256(serial),
        poll=manifest.round,
        batch=batch.pk,
        line=f"{pool}/{line.id}",
        number=number,
        serial=serial,
        token=sign_serial(key, serial),
        finder=secret.finder,
    )
    return PrintedSlip(line.id, number, in_groups(with_check(letters, 2))), row


def settle_draw(*, batch: PaperBatch, codes: list[str], absent: int, at: datetime, by: Person) -> PaperBatch:
    """Cancel the sheets that nobody drew, by their own codes or the numbers of all their slips, and release all others.

    `absent` is how many of the batch's people did not come. Cancelled serials are refused from now on and listed in the record.
    Raises PaperRefused, changing nothing, unless drawn and cancelled sheets make all sheets.
    """
    with house_and_box(batch.pool.poll):
        row, poll = _lock_batch(batch, at, by)
        paper_rules.check_draw_is_unsettled(row)
        undrawn = _numbers_of(poll, row, codes)
        slips = BoxPaperSlip.objects.filter(batch=row.pk)
        lines = Counter(slips.filter(number__in=undrawn).values_list("line", flat=True))
        all_lines = set(slips.values_list("line", flat=True))
        paper_rules.check_draw(row, absent=absent, cancelled=[lines[line] for line in sorted(all_lines)])
        slips.filter(number__in=undrawn).update(is_cancelled=True, is_released=False)
        slips.exclude(number__in=undrawn).update(is_released=True)
        row.drawn = row.people - absent
        row.save(update_fields=["drawn"])
        payload: dict[str, object] = {"drawn": row.drawn, "cancelled": row.sheets - row.drawn}
        _record("settle_draw", poll, row, at, by, payload)
    return row


def withdraw_batch(*, batch: PaperBatch, at: datetime, by: Person) -> PaperBatch:
    """Cancel a whole batch whose draw is not settled: its people wait for new sheets. Raises PaperRefused."""
    with house_and_box(batch.pool.poll):
        row, poll = _lock_batch(batch, at, by)
        paper_rules.check_draw_is_unsettled(row)
        BoxPaperSlip.objects.filter(batch=row.pk).update(is_cancelled=True, is_released=False)
        row.withdrawn_at = at
        row.save(update_fields=["withdrawn_at"])
        _record("withdraw_batch", poll, row, at, by, {"cancelled": row.sheets})
    return row


def _lock_batch(batch: PaperBatch, at: datetime, by: Person) -> tuple[PaperBatch, Poll]:
    poll = Poll.objects.select_for_update().get(pk=batch.pool.poll_id)
    rules.check_is_not_concerned(poll, by, at)
    rules.check_still_open(poll.state == Poll.State.OPENED)
    row = PaperBatch.objects.select_for_update(of=("self",)).select_related("pool").get(pk=batch.pk)
    return row, poll


def _numbers_of(poll: Poll, batch: PaperBatch, codes: list[str]) -> set[str]:
    """The slip numbers that typed codes stand for: a sheet's code stands for all its slips, a slip's number for itself."""
    manifest, _keys = queries.open_manifest_and_keys(poll.pk, poll.fingerprint)
    known = set(BoxPaperSlip.objects.filter(batch=batch.pk).values_list("number", flat=True))
    numbers: set[str] = set()
    for code in codes:
        try:
            found = _meant_by(manifest, batch.pool.slug, code)
        except PaperCodeError as error:
            raise paper_rules.wrong_paper_code(code) from error
        if not found <= known:
            raise paper_rules.wrong_paper_code(code)
        numbers |= found
    return numbers


def _meant_by(manifest: Manifest, pool: str, code: str) -> set[str]:
    try:
        return {in_groups(with_check(read_letters(code, NUMBER_LETTERS, 1), 1))}
    except PaperCodeError:
        sheet = read_letters(code, SHEET_LETTERS, 1)
        return {in_groups(slip_number(manifest.digest, sheet, pool, line.id)) for line in manifest.lines}


def _record(verb: str, poll: Poll, batch: PaperBatch, at: datetime, by: Person, payload: dict[str, object]) -> None:
    said = {"pool": batch.pool.slug, "batch": batch.number, **payload}
    journal.record(deed=f"appraisals.{verb}", subject=poll.reference, by=by.reference, at=at, payload=said)
