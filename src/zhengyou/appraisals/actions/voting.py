"""Codes, issuing tokens, taking slips. Issuing and casting write no journal entry, no time, no address and no counter."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ed25519
from django.db import connections, transaction

from blindballot.encoding import b64, canonical, parse_canonical, sha256
from blindballot.issuing import IssuerKey
from blindballot.keyring import keys_path
from blindballot.keys import acknowledgement_key_from_pem
from blindballot.receiving import SlipRefused, acknowledge, check_slip, read_cast_request, read_issue_request
from blindballot.slips import Slip
from zhengyou.appraisals import queries, rules
from zhengyou.appraisals.actions.box import lock_box
from zhengyou.appraisals.actions.issuing import sign_once
from zhengyou.appraisals.actions.key_memory import KeyMemory
from zhengyou.appraisals.actions.paper_voting import check_printed_serials
from zhengyou.appraisals.models import BoxPaperSlip, BoxSlip, LineKey, Poll, RollEntry
from zhengyou.base import journal
from zhengyou.identity import actions as identity_actions
from zhengyou.identity import queries as identity
from zhengyou.organisations.models import Person


@transaction.atomic
def hand_out_poll_codes(*, poll: Poll, people: Iterable[Person], at: datetime, by: Person) -> dict[int, str]:
    """Fresh codes for people on the roll, by person id; told once, never stored. Earlier codes of theirs stop working.

    Raises PollRefused unless the poll is open.
    """
    rules.check_may_hand_out(poll)
    rules.check_is_not_concerned(poll, by, at)
    codes = identity_actions.hand_out_codes(purpose=poll.reference, people=list(people))
    payload, about = {"count": len(codes)}, poll.reference
    journal.record(deed="appraisals.hand_out_poll_codes", subject=about, by=by.reference, at=at, payload=payload)
    return codes


def draw_own_code(*, poll: Poll, person: Person, at: datetime) -> str:
    """A fresh code for a member who signed in, told once. Nothing is journalled: when somebody went to vote is nobody's business.

    Raises BallotRefused outside the window, for people not on the roll, and once a ballot was issued in their name.
    """
    row = rules.check_is_open(poll, at)
    rules.check_may_draw(RollEntry.objects.filter(poll=row, person=person).first())
    return identity_actions.hand_out_codes(purpose=row.reference, people=[person])[person.pk]


def show_sheet_keys(*, poll: Poll | None, fingerprint: Any, code: str, at: datetime) -> dict[str, Any]:
    """What the booth needs before it draws the sheet: the pool of this code, its key document and the path to the manifest."""
    row = rules.check_is_open(poll, at)
    rules.check_manifest(row, fingerprint)
    entry = _entry(row, code)
    rules.check_votes_by_phone(entry)
    _manifest, keys = queries.open_manifest_and_keys(row.pk, row.fingerprint)
    index = next(n for n, pool in enumerate(_manifest.pools) if pool.id == entry.pool.slug)
    return {
        "pool": entry.pool.slug,
        "keys": parse_canonical(keys.documents[index]),
        "path": [b64(step) for step in keys_path(list(keys.documents), index)],
        "index": index,
        "issued": entry.is_issued,
    }


def issue_tokens(*, poll: Poll | None, body: bytes, at: datetime) -> dict[str, Any]:
    """Sign the blinded serials of one person, once. The same request again gets the same answer. Raises BallotRefused."""
    row = rules.check_is_open(poll, at)
    manifest, _keys = queries.open_manifest_and_keys(row.pk, row.fingerprint)
    try:
        request = read_issue_request(manifest, body)
    except SlipRefused as refusal:
        raise rules.refused_by_the_box(refusal.reason) from refusal
    entry = _entry(row, request.code)
    signing = signing_keys(entry.pool_id, row.fingerprint)
    roll = RollEntry.objects.filter(poll=row)
    signatures = sign_once(roll=roll, entry_id=entry.pk, blinded=request.blinded, signing=signing)
    return {"signatures": signatures, "pool": entry.pool.slug}


def take_slips(*, poll: Poll | None, body: bytes, at: datetime) -> list[str]:
    """Put slips into the box, all or none, and acknowledge each. A higher version replaces; the same slip again is acknowledged again.

    Raises BallotRefused with the box's reason.
    """
    row = rules.check_is_open(poll, at)
    manifest, keys = queries.open_manifest_and_keys(row.pk, row.fingerprint)
    try:
        slips = read_cast_request(manifest, body)
        for slip in slips:
            check_slip(manifest, keys, slip)
    except SlipRefused as refusal:
        raise rules.refused_by_the_box(refusal.reason) from refusal
    _put_into_box(row, slips)
    key = acknowledging_key(row.pk, row.fingerprint)
    return [b64(acknowledge(key, manifest.digest, slip)) for slip in slips]


# One statement for the whole stack, in the order of its keys, so that two stacks never wait for each other in a circle.
# Printed slips that are cancelled or not released yet are left out.
_PUT = """
INSERT INTO {table} AS held (key, poll, line, version, document)
SELECT key, %s, line, version, document
FROM unnest(%s::bytea[], %s::text[], %s::bigint[], %s::bytea[]) AS sent (key, line, version, document)
WHERE NOT EXISTS (SELECT FROM {printed} AS printed WHERE printed.key = sent.key AND NOT printed.is_released)
ON CONFLICT (key) DO UPDATE SET version = excluded.version, document = excluded.document
WHERE held.poll = excluded.poll AND held.line = excluded.line AND
(held.version < excluded.version OR held.document = excluded.document)
"""


def _put_into_box(poll: Poll, slips: tuple[Slip, ...]) -> None:
    table, printed = (connections["box"].ops.quote_name(held._meta.db_table) for held in (BoxSlip, BoxPaperSlip))
    rows = sorted(
        (sha256(slip.serial), f"{slip.pool}/{slip.line}", slip.version, canonical(slip.to_json())) for slip in slips
    )
    keys, *columns = map(list, zip(*rows, strict=True))
    if len(set(keys)) != len(keys):
        raise rules.refused_by_the_box("malformed")
    with transaction.atomic(using="box"), connections["box"].cursor() as cursor:
        lock_box(poll)
        rules.check_still_open(Poll.objects.filter(pk=poll.pk, state=Poll.State.OPENED).exists())
        cursor.execute(_PUT.format(table=table, printed=printed), [poll.key, keys, *columns])
        if cursor.rowcount != len(keys):
            check_printed_serials(cursor, keys)
            raise rules.refused_by_the_box("superseded")


def _entry(poll: Poll, code: str) -> RollEntry:
    person = identity.person_with_code(poll.reference, code)
    entry = RollEntry.objects.select_related("pool").filter(poll=poll, person=person).first() if person else None
    if entry is None:
        raise rules.unknown_code()
    return entry


# By the fingerprint of the poll's manifest.
keys_for_signing: KeyMemory[str, dict[str, IssuerKey]] = KeyMemory()
keys_for_acknowledging: KeyMemory[str, ed25519.Ed25519PrivateKey] = KeyMemory()


def signing_keys(pool_id: int, fingerprint: str) -> dict[str, IssuerKey]:
    """The office's private keys of a pool by line, read once a process while the poll is open."""

    def read() -> dict[str, IssuerKey]:
        rows = LineKey.objects.filter(pool_id=pool_id, issuer=queries.ISSUER)
        return {row.line: IssuerKey.from_pem(bytes(row.private_key or b""), queries.key_password()) for row in rows}

    return keys_for_signing.get(fingerprint, pool_id, read)


def acknowledging_key(poll_id: int, fingerprint: str) -> ed25519.Ed25519PrivateKey:
    """The key that acknowledges slips of an open poll, read once a process while the poll is open."""

    def read() -> ed25519.Ed25519PrivateKey:
        row = Poll.objects.get(pk=poll_id)
        return acknowledgement_key_from_pem(bytes(row.acknowledgement_key or b""), queries.key_password())

    return keys_for_acknowledging.get(fingerprint, poll_id, read)
