"""Paper forms after the closing time: counted by hand, keyed by two people apart, compared, signed by both, put into the box.

A form becomes a sealed slip, signed with its own key, the moment it is keyed; neither its marks nor that key are kept.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connections

from blindballot.encoding import canonical, parse_canonical, sha256
from blindballot.keys import point_bytes
from blindballot.manifest import Line, Manifest
from blindballot.paper import PaperCodeError, PaperSecret, read_key, read_marks, secret_of, spoilt_marks
from blindballot.receiving import SlipRefused, check_slip
from blindballot.slips import MOST_VERSION, Slip
from blindballot.voting import make_slip
from zhengyou.appraisals import queries, rules
from zhengyou.appraisals.actions.box import house_and_box
from zhengyou.appraisals.models import BoxKeyedForm, BoxPaperSlip, BoxSlip, PaperBatch, Poll
from zhengyou.appraisals.queries import paper as paper_queries
from zhengyou.appraisals.rules import paper as paper_rules
from zhengyou.base import journal
from zhengyou.base.time import local_day
from zhengyou.organisations.models import Person


@dataclass(frozen=True)
class FoundSlip:
    """The slip of a form that somebody is about to key: its number and line, and whether it is keyed again after a difference."""

    number: str
    line: str
    is_second_look: bool


def count_forms(*, batch: PaperBatch, forms: int, without_slip: int, at: datetime, by: Person) -> PaperBatch:
    """Enter the hand count: forms with a slip, and those without a readable one, which nobody keys. Signatures given fall away.

    Raises PaperRefused.
    """
    with house_and_box(batch.pool.poll):
        row, poll = _open_batch(batch, at, by)
        paper_rules.check_form_count(row, forms, without_slip, len(queries.sheet_lines(poll)))
        row.forms, row.forms_without_slip = forms, without_slip
        _unsign(row)
        row.save()
        _record("count_forms", poll, row, at, by, {"forms": forms, "without_slip": without_slip})
    return row


def find_slip(*, batch: PaperBatch, scanned: str, at: datetime, by: Person) -> FoundSlip:
    """The slip whose QR code was scanned or key typed, if this person may key its form now. Changes nothing. Raises PaperRefused."""
    with house_and_box(batch.pool.poll):
        row, poll = _open_batch(batch, at, by)
        paper_rules.check_is_keyer(row, by)
        slip, _secret = _slip_of(poll, row, scanned)
        again = _check_form(row, slip, _keying_of(row, by) or 0)
    return FoundSlip(slip.number, slip.line.partition("/")[2], again)


def key_form(*, batch: PaperBatch, scanned: str, entries: Sequence[str] | None, at: datetime, by: Person) -> str:
    """Key one form: an entry for each criterion, or None if it cannot be counted. Returns the slip's number.

    Whoever keys first becomes the first keyer, another person the second. Keyed again only where the two differ. Raises
    PaperRefused.
    """
    with house_and_box(batch.pool.poll):
        row, poll = _open_batch(batch, at, by)
        paper_rules.check_is_keyer(row, by)
        keying = _keying_of(row, by) or _claim(row, by)
        slip, secret = _slip_of(poll, row, scanned)
        again = _check_form(row, slip, keying)
        document = _fill(poll, row, slip, secret, entries)
        BoxKeyedForm.objects.update_or_create(
            slip=slip.key,
            keying=keying,
            defaults={"document": document, "is_second_look": again},
            create_defaults={
                "key": secrets.token_bytes(32),
                "poll": poll.key,
                "batch": row.pk,
                "document": document,
                "is_second_look": again,
            },
        )
        _unsign(row)
        row.save()
    return slip.number


def take_back_form(*, batch: PaperBatch, number: str, at: datetime, by: Person) -> None:
    """Forget one's own keyed form, so that it can be keyed again. Signatures given fall away. Raises PaperRefused."""
    with house_and_box(batch.pool.poll):
        row, _poll = _open_batch(batch, at, by)
        paper_rules.check_is_keyer(row, by)
        slips = BoxPaperSlip.objects.filter(batch=row.pk, number=number).values_list("key", flat=True)
        BoxKeyedForm.objects.filter(slip__in=list(slips), keying=_keying_of(row, by) or 0).delete()
        _unsign(row)
        row.save()


def restart_keying(*, batch: PaperBatch, keying: int, at: datetime, by: Person) -> PaperBatch:
    """Forget everything that the first (1) or second (2) keyer keyed; somebody else may take the place. Raises PaperRefused."""
    with house_and_box(batch.pool.poll):
        row, poll = _open_batch(batch, at, by)
        BoxKeyedForm.objects.filter(batch=row.pk, keying=keying).delete()
        setattr(row, "first_keyer" if keying == 1 else "second_keyer", None)
        _unsign(row)
        row.save()
        _record("restart_keying", poll, row, at, by, {"keying": keying})
    return row


def sign_batch(*, batch: PaperBatch, at: datetime, by: Person) -> PaperBatch:
    """Sign that the batch adds up; a batch without any form is signed by any two.

    With the second signature its slips enter the box, in place of phone versions of the same slips.

    Raises PaperRefused while the hand count and the two keyings are not the same.
    """
    with house_and_box(batch.pool.poll):
        row, poll = _open_batch(batch, at, by)
        if row.forms == 0 and _keying_of(row, by) is None:
            paper_rules.check_is_keyer(row, by)
            _claim(row, by)
        paper_rules.check_batch_adds_up(
            row, paper_queries.keyed_counts(row), len(paper_queries.paper_differences(row)), by
        )
        if by.pk == row.first_keyer_id:
            row.is_signed_by_first = True
        else:
            row.is_signed_by_second = True
        if row.is_signed_by_first and row.is_signed_by_second:
            row.reconciled_at = at
            _enter_slips(poll, row)
        row.save()
        _record("sign_batch", poll, row, at, by, {"forms": row.forms, "entered": row.reconciled_at is not None})
    return row


def _open_batch(batch: PaperBatch, at: datetime, by: Person) -> tuple[PaperBatch, Poll]:
    """The locked batch of a poll whose forms may be keyed now, by this person."""
    poll = Poll.objects.select_for_update().get(pk=batch.pool.poll_id)
    row = PaperBatch.objects.select_for_update(of=("self",)).select_related("pool__poll").get(pk=batch.pk)
    paper_rules.check_may_key(poll, row, at, has_role=paper_queries.may_key_paper(by, local_day(at)))
    rules.check_is_not_concerned(poll, by, at)
    return row, poll


def _keying_of(batch: PaperBatch, by: Person) -> int | None:
    places = paper_rules.keyers(batch)
    return places.index(by.pk) + 1 if by.pk in places else None


def _claim(batch: PaperBatch, by: Person) -> int:
    if batch.first_keyer_id is None:
        batch.first_keyer = by
        return 1
    batch.second_keyer = by
    return 2


def _unsign(batch: PaperBatch) -> None:
    batch.is_signed_by_first = batch.is_signed_by_second = False


def _slip_of(poll: Poll, batch: PaperBatch, scanned: str) -> tuple[BoxPaperSlip, PaperSecret]:
    """The batch's released slip with this key, and its secret, which leaves memory with the request."""
    manifest, _keys = queries.open_manifest_and_keys(poll.pk, poll.fingerprint)
    try:
        secret = secret_of(manifest.digest, read_key(scanned, poll.fingerprint))
    except PaperCodeError as error:
        raise paper_rules.unreadable_key(error.reason) from error
    key = sha256(point_bytes(secret.serial))
    found = BoxPaperSlip.objects.filter(key=key, poll=poll.key).first()
    return paper_rules.check_slip_of_batch(found, batch), secret


def _check_form(batch: PaperBatch, slip: BoxPaperSlip, keying: int) -> bool:
    """Whether the form is keyed again after a difference; refused if it is not due."""
    own = BoxKeyedForm.objects.filter(batch=batch.pk, keying=keying)
    is_keyed = own.filter(slip=slip.key).exists()
    is_disputed = is_keyed and paper_queries.is_disputed(batch, slip.number)
    paper_rules.check_form_may_be_keyed(
        batch, slip.number, is_keyed=is_keyed, is_disputed=is_disputed, count=own.count()
    )
    return is_disputed


def _fill(
    poll: Poll, batch: PaperBatch, slip: BoxPaperSlip, secret: PaperSecret, entries: Sequence[str] | None
) -> bytes:
    manifest, keys = queries.open_manifest_and_keys(poll.pk, poll.fingerprint)
    line = manifest.line_by_id[slip.line.partition("/")[2]]
    marks = _marks_of(manifest, line, entries)
    held = BoxSlip.objects.filter(key=slip.key).values_list("version", flat=True).first() or 0
    version = min(held + 1, MOST_VERSION)
    made = make_slip(manifest, (batch.pool.slug, line.id), secret.serial, (bytes(slip.token),), marks, version)
    try:
        check_slip(manifest, keys, made)
    except SlipRefused as refusal:
        raise rules.refused_by_the_box(refusal.reason) from refusal
    return canonical(made.to_json())


def _marks_of(manifest: Manifest, line: Line, entries: Sequence[str] | None) -> bytes:
    if entries is None:
        return spoilt_marks(line)
    return paper_rules.check_entries(read_marks(manifest, line, list(entries)), len(manifest.grades))


def _enter_slips(poll: Poll, batch: PaperBatch) -> None:
    """Put the forms both agree on into the box: they replace whatever a phone cast with the same slip."""
    table = connections["box"].ops.quote_name(BoxSlip._meta.db_table)
    rows = []
    for form in BoxKeyedForm.objects.filter(batch=batch.pk, keying=2):
        slip = Slip.from_json(parse_canonical(bytes(form.document)))
        rows.append((bytes(form.slip), str(poll.key), f"{slip.pool}/{slip.line}", slip.version, bytes(form.document)))
    with connections["box"].cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} (key, poll, line, version, document) VALUES (%s, %s, %s, %s, %s) "
            "ON CONFLICT (key) DO UPDATE SET version = excluded.version, document = excluded.document",
            sorted(rows),
        )


def _record(verb: str, poll: Poll, batch: PaperBatch, at: datetime, by: Person, payload: dict[str, object]) -> None:
    said = {"pool": batch.pool.slug, "batch": batch.number, **payload}
    journal.record(deed=f"appraisals.{verb}", subject=poll.reference, by=by.reference, at=at, payload=said)
