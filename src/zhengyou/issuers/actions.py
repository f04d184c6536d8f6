"""What a second issuer does in its own house (`zhengyou issuer`). Issuing writes no journal entry, no time and no address."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from blindballot.box import issuer_files as documents
from blindballot.box.issuing import IssuerKey, sign_all
from blindballot.box.key_memory import KeyMemory
from blindballot.box.receiving import SlipRefused, check_lines, read_issue_request
from blindballot.format.encoding import FormatError
from blindballot.format.keyring import Keyring
from blindballot.format.keys import (
    acknowledgement_bytes,
    acknowledgement_key_from_pem,
    generate_acknowledgement_key,
    key_to_pem,
)
from blindballot.format.manifest import Manifest, Pool, read_manifest
from blindballot.format.rsabssa import BlindSignatureError
from blindballot.format.statements import IssuerStatement, write_statement
from zhengyou.base import codes, locks
from zhengyou.base.deeds import done, locked
from zhengyou.base.time import instant_of, instant_text
from zhengyou.issuers import rules
from zhengyou.issuers.models import IssuerDuty, IssuerLineKey, IssuerRollEntry
from zhengyou.organisations.models import Organisation


def check_own_home() -> None:
    """Two issuers in one house would be one: raises DutyRefused where a campaign office lives."""
    if Organisation.objects.exists():
        raise rules.DutyRefused(
            _(
                "A campaign office lives in this home. A second issuer needs a home of its own, on a machine of its own: set "
                "ZHENGYOU_HOME to another folder."
            ),
            reason="duty.office-lives-here",
        )


@transaction.atomic
def take_on_duty(*, request: bytes, roll: list[tuple[str, str]], at: datetime) -> IssuerDuty:
    """Take on what an office asks, with one's own roll of (number, name). The same again keeps the keys made so far.

    Raises DutyRefused for a file that is no request, a roll of another size than the office's, or once the poll is opened.
    """
    try:
        asked = documents.read_request(request)
        key = UUID(asked.poll)
    except ValueError as error:
        raise rules.document_refused(
            _("This is not the request of a campaign office, or it was changed on its way. Download it again.")
        ) from error
    rules.check_own_roll(len(roll), asked.size)
    duty = IssuerDuty.objects.select_for_update().filter(poll=key, pool=asked.pool).first()
    rules.check_may_prepare_duty(duty)
    duty = duty or IssuerDuty(poll=key, pool=asked.pool, statement_key=_new_statement_key())
    duty.issuer, duty.name, duty.origin = asked.issuer, asked.name, asked.origin
    duty.request = request.rstrip(b"\r\n").decode()
    duty.save()
    IssuerLineKey.objects.filter(duty=duty).exclude(line__in=asked.line_ids).delete()
    IssuerRollEntry.objects.filter(duty=duty).delete()
    IssuerRollEntry.objects.bulk_create(IssuerRollEntry(duty=duty, number=number, name=name) for number, name in roll)
    done("issuers.take_on_duty", duty, at=at, by=None, size=len(roll), request=asked.digest)
    return duty


def make_duty_keys(*, duty: IssuerDuty, count: int) -> tuple[int, int]:
    """Make up to `count` of the keys still missing; returns (made so far, wanted). Each is kept as soon as it is made."""
    duty = IssuerDuty.objects.get(pk=duty.pk)
    rules.check_may_prepare_duty(duty)
    wanted = documents.read_request(duty.request.encode()).line_ids
    made = set(IssuerLineKey.objects.filter(duty=duty).values_list("line", flat=True))
    for line in [line for line in wanted if line not in made][:count]:
        key = IssuerKey.generate()
        pem = key.to_pem(settings.KEY_PASSWORD)
        row = IssuerLineKey(duty=duty, line=line, modulus=key.n.to_bytes(256, "big"), private_key=pem)
        IssuerLineKey.objects.bulk_create([row], ignore_conflicts=True)
    return IssuerLineKey.objects.filter(duty=duty).count(), len(wanted)


def write_duty_reply(duty: IssuerDuty) -> bytes:
    """The reply to hand back to the office, once every key is made."""
    asked = documents.read_request(duty.request.encode())
    moduli = _own_moduli(duty)
    size = IssuerRollEntry.objects.filter(duty=duty).count()
    return documents.write_reply(asked, size, {line: moduli[line] for line in asked.line_ids}, _statement_key(duty))


@transaction.atomic
def open_duties(*, opening: bytes, at: datetime) -> list[IssuerDuty]:
    """Check a frozen poll against what was asked and answered, and be ready to issue in it; all its pools of this house.

    Raises DutyRefused if the manifest does not carry this issuer, its own keys, the pool's size, sheet and times as asked.
    """
    try:
        data, key_documents = documents.read_opening(opening)
        manifest = read_manifest(data)
        keys = Keyring.read(manifest, key_documents)
    except FormatError as error:
        raise rules.document_refused(
            _(
                "This is not the opening of an appraisal, or it was changed on its way. Download it again from the appraisal’s page."
            )
        ) from error
    rows = IssuerDuty.objects.select_for_update().filter(poll=manifest.poll, issuer__in=_second_issuers(manifest))
    duties = list(rows.order_by("pool"))
    if not duties:
        raise rules.document_refused(_("This system has prepared nothing for the appraisal that this file opens."))
    for duty in duties:
        _check_opening(duty, manifest, keys, at)
        if duty.fingerprint != manifest.fingerprint:
            duty.manifest, duty.fingerprint = data.decode(), manifest.fingerprint
            duty.closes_at = instant_of(manifest.closes_at)
            duty.save()
            done("issuers.open_duties", duty, at=at, by=None, fingerprint=manifest.fingerprint)
    return duties


@transaction.atomic
def extend_duty(*, duty: IssuerDuty, closes_at: datetime, at: datetime) -> IssuerDuty:
    """Follow a poll that its office extended. Raises DutyRefused for an earlier time or once the count is stated."""
    row = locked(duty)
    rules.check_may_extend_duty(row, closes_at, at)
    row.closes_at = closes_at
    row.save(update_fields=["closes_at"])
    done("issuers.extend_duty", row, at=at, by=None, closes_at=closes_at)
    return row


@transaction.atomic
def hand_out_duty_codes(
    *, duty: IssuerDuty, at: datetime, numbers: Iterable[str] | None = None
) -> list[tuple[IssuerRollEntry, str]]:
    """Fresh codes for everybody on the own roll, or for these numbers; told once, never stored. Earlier ones stop working.

    Whoever was already issued ballot papers keeps the old code, by which a lost answer is asked for again, and is left out.
    Raises DutyRefused before the poll is opened, and for a number that is not on the roll.
    """
    row = locked(duty)
    rules.check_duty_opened(row)
    entries = IssuerRollEntry.objects.select_for_update().filter(duty=row).order_by("number")
    if numbers is not None:
        wanted = set(numbers)
        entries = entries.filter(number__in=wanted)
        strangers = sorted(wanted - {entry.number for entry in entries})
        if strangers:
            raise rules.DutyRefused(
                _("Nobody on this roll has the number %(number)s.") % {"number": strangers[0]},
                reason="duty.unknown-number",
            )
    made = [(entry, codes.fresh()) for entry in entries if not entry.is_issued]
    for entry, code in made:
        entry.code_digest = codes.digest(row.reference, code)
    IssuerRollEntry.objects.bulk_update([entry for entry, _code in made], ["code_digest"])
    done("issuers.hand_out_duty_codes", row, at=at, by=None, count=len(made))
    return made


def show_duty_code(*, poll_key: UUID, pool: str, fingerprint: Any, code: str, at: datetime) -> dict[str, Any]:
    """What a booth asks before it begins: whether this code is good here, and whether it was used. Raises IssuingRefused."""
    duty, _manifest = _open_duty(poll_key, pool, at)
    rules.check_duty_manifest(duty, fingerprint)
    return {"pool": duty.pool, "issued": _entry(duty, code).is_issued}


def issue_second_tokens(*, poll_key: UUID, pool: str, body: bytes, at: datetime) -> dict[str, Any]:
    """Sign the blinded serials of one person of the own roll, once, by the office's own rule. Raises IssuingRefused."""
    duty, manifest = _open_duty(poll_key, pool, at)
    try:
        request = read_issue_request(manifest, body)
    except SlipRefused as refusal:
        raise rules.refused_request(refusal.reason) from refusal
    entry = _entry(duty, request.code)
    try:
        check_lines(manifest, pool, request)
    except SlipRefused as refusal:
        raise rules.refused_request(refusal.reason) from refusal
    with transaction.atomic():
        locks.together(locks.DUTY, duty.pk)
        _open_duty(poll_key, pool, at)
        entry = locked(entry)
        rules.check_may_issue(entry, request.digest)
        try:
            signatures = sign_all(duty_signing_keys(duty.pk), request.blinded)
        except BlindSignatureError as error:
            raise rules.refused_request("malformed") from error
        if not entry.is_issued:
            entry.is_issued, entry.request_digest = True, request.digest
            entry.save(update_fields=["is_issued", "request_digest"])
    return {"signatures": signatures, "pool": duty.pool}


def state_count(*, duty: IssuerDuty, at: datetime) -> bytes:
    """The signed count of tokens issued, after the closing time; the issuing keys and the statement key are then destroyed.

    Asked again it is the same, byte for byte. Raises DutyRefused before the closing time.
    """
    with transaction.atomic():
        locks.alone(locks.DUTY, duty.pk)
        row = locked(duty)
        if row.stated_at is None:
            rules.check_may_state(row, at)
            issued = IssuerRollEntry.objects.filter(duty=row, is_issued=True).count()
            said = IssuerStatement(str(row.poll), row.pool, row.issuer, row.fingerprint, issued)
            row.statement = write_statement(said, _statement_key(row)).decode()
            row.statement_key, row.stated_at = None, at
            row.save(update_fields=["statement", "statement_key", "stated_at"])
            IssuerLineKey.objects.filter(duty=row).update(private_key=None)
            done("issuers.state_count", row, at=at, by=None, issued=issued)
    keys_of_duties.forget(row.pk)
    return row.statement.encode()


def _check_opening(duty: IssuerDuty, manifest: Manifest, keys: Keyring, at: datetime) -> None:
    """The frozen poll is the one this issuer was asked about, and carries this issuer's own keys."""
    asked = documents.read_request(duty.request.encode())
    rules.check_may_open_duty(duty, manifest.fingerprint, instant_of(manifest.closes_at), at)
    pool = manifest.pool_by_id.get(duty.pool)
    if pool is None or duty.issuer not in pool.issuers[1:]:
        raise rules.document_refused(
            _("This appraisal’s manifest does not name this issuer for the pool it prepared for.")
        )
    if pool.size != asked.size or (manifest.opens_at, manifest.closes_at) != (asked.opens_at, asked.closes_at):
        raise rules.document_refused(
            _(
                "The pool’s size or the times of this appraisal are not those the office asked about. Do not issue; ask the office."
            )
        )
    if documents.sheet_of(manifest, pool) != asked.sheet:
        raise rules.document_refused(
            _("The sheet of this appraisal is not the one the office asked about. Do not issue; ask it.")
        )
    if not _carries_own_keys(duty, pool, keys):
        raise rules.document_refused(
            _(
                "This appraisal’s manifest does not carry the keys this issuer made. Do not issue: somebody may have exchanged them."
            )
        )


def _carries_own_keys(duty: IssuerDuty, pool: Pool, keys: Keyring) -> bool:
    place = pool.issuers.index(duty.issuer)
    listed = {line: group[place].n for (owner, line), group in keys.keys.items() if owner == pool.id}
    is_named = acknowledgement_bytes(_statement_key(duty)) in pool.statement_keys
    return is_named and listed == {line: int.from_bytes(modulus, "big") for line, modulus in _own_moduli(duty).items()}


def _second_issuers(manifest: Manifest) -> set[str]:
    return {issuer for pool in manifest.pools for issuer in pool.issuers[1:]}


def _open_duty(poll_key: UUID, pool: str, at: datetime) -> tuple[IssuerDuty, Manifest]:
    row = IssuerDuty.objects.defer("request", "manifest").filter(poll=poll_key, pool=pool).first()
    opened = duty_manifest(row.pk, row.fingerprint) if row and row.fingerprint else None
    try:
        duty = rules.check_duty_is_open(row, opened.opens_at if opened else "", instant_text(at), at)
    except rules.IssuingRefused:
        if row is not None and row.stated_at:
            keys_of_duties.forget(row.pk)  # a count stated by another process leaves no key in this one
        raise
    assert opened is not None
    return duty, opened


def _entry(duty: IssuerDuty, code: str) -> IssuerRollEntry:
    entry = IssuerRollEntry.objects.filter(duty=duty, code_digest=codes.digest(duty.reference, code)).first()
    if entry is None:
        raise rules.unknown_second_code()
    return entry


def _own_moduli(duty: IssuerDuty) -> dict[str, bytes]:
    rows = IssuerLineKey.objects.filter(duty=duty).values_list("line", "modulus")
    return {line: bytes(modulus) for line, modulus in rows}


def _new_statement_key() -> bytes:
    return key_to_pem(generate_acknowledgement_key(), settings.KEY_PASSWORD)


def _statement_key(duty: IssuerDuty) -> Any:
    return acknowledgement_key_from_pem(bytes(duty.statement_key or b""), settings.KEY_PASSWORD)


@lru_cache(maxsize=8)
def duty_manifest(duty_id: int, fingerprint: str) -> Manifest:
    """The manifest a second issuer opened, read once a process."""
    return read_manifest(IssuerDuty.objects.get(pk=duty_id, fingerprint=fingerprint).manifest.encode())


keys_of_duties: KeyMemory[int, dict[str, IssuerKey]] = KeyMemory()


def duty_signing_keys(duty_id: int) -> dict[str, IssuerKey]:
    """A second issuer's private keys by line, read once a process and forgotten when the count is stated."""

    def read() -> dict[str, IssuerKey]:
        rows = IssuerLineKey.objects.filter(duty_id=duty_id)
        return {row.line: IssuerKey.from_pem(bytes(row.private_key or b""), settings.KEY_PASSWORD) for row in rows}

    return keys_of_duties.get(duty_id, duty_id, read)


def forget_keys_of_what_is_stated() -> None:
    """Drop the private keys that this process has read of duties whose count was stated in any process."""
    keys_of_duties.keep_only(_not_stated)


def _not_stated(duties: list[int]) -> Iterable[int]:
    return IssuerDuty.objects.filter(pk__in=duties, stated_at=None).values_list("pk", flat=True)
