"""Planning a round, preparing its keys and rolls, opening it, issuing tokens, taking slips, closing.

Issuing and casting write no journal entry, no time, no address and no counter.
"""

import secrets
import shutil
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric import ed25519
from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction
from django.db.models import Max

from blindballot.encoding import b64, canonical, parse_canonical, sha256
from blindballot.exporting import ClosingKeys, export_record
from blindballot.issuing import IssuerKey
from blindballot.keyring import Keyring, keys_path, keys_root
from blindballot.keys import (
    acknowledgement_bytes,
    acknowledgement_key_from_pem,
    generate_acknowledgement_key,
    generate_point_key,
    key_to_pem,
    point_bytes,
    point_key_from_pem,
)
from blindballot.manifest import read_manifest, roll_leaf, roll_root
from blindballot.receiving import SlipRefused, acknowledge, check_slip, read_cast_request, read_issue_request
from blindballot.rsabssa import BlindSignatureError
from blindballot.slips import Slip
from zhengyou.appraisals import queries, rules
from zhengyou.appraisals.models import BoxSlip, LineKey, RatedOrganisation, RollEntry, Round, VoterPool
from zhengyou.base import journal
from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.models import Cycle
from zhengyou.identity import actions as identity_actions
from zhengyou.identity import queries as identity
from zhengyou.organisations.models import Organisation, Person


@transaction.atomic
def plan_round(
    *,
    cycle: Cycle,
    name: dict[str, str],
    organisations: list[Organisation],
    opens_at: datetime,
    closes_at: datetime,
    at: datetime,
    by: Person,
    key: UUID | None = None,
) -> Round:
    """Draft a round over these organisations. A `key` that is given twice makes one round, and the second call returns it.

    Raises RoundRefused for times or a sheet that cannot be.
    """
    rules.check_may_plan(cycle, opens_at, closes_at, at)
    rules.check_units(len(organisations))
    row, is_new = Round.objects.get_or_create(
        key=key or uuid4(), defaults={"cycle": cycle, "name": name, "opens_at": opens_at, "closes_at": closes_at}
    )
    if not is_new:
        return row
    RatedOrganisation.objects.bulk_create(
        RatedOrganisation(round=row, organisation=organisation, position=position)
        for position, organisation in enumerate(organisations, 1)
    )
    journal.record(deed="appraisals.plan_round", subject=row.reference, by=by.reference, at=at, payload={"name": name})
    return row


@transaction.atomic
def change_times(*, round_: Round, opens_at: datetime, closes_at: datetime, at: datetime, by: Person) -> Round:
    """Give a drafted round another window. Raises RoundRefused."""
    row = Round.objects.select_for_update().get(pk=round_.pk)
    rules.check_drafted(row)
    rules.check_times(opens_at, closes_at, at)
    row.opens_at, row.closes_at = opens_at, closes_at
    row.save(update_fields=["opens_at", "closes_at"])
    payload = {"opens_at": _instant(opens_at), "closes_at": _instant(closes_at)}
    journal.record(deed="appraisals.change_times", subject=row.reference, by=by.reference, at=at, payload=payload)
    return row


def add_pool(*, round_: Round, name: dict[str, str], people: list[Person], at: datetime, by: Person) -> VoterPool:
    """Add a pool with its roll. Raises RoundRefused below five people (which is put on record, for the result's reader) or if
    somebody sits in another pool already.
    """
    rules.check_drafted(round_)
    try:
        rules.check_pool_size(len(people))
    except rules.RoundRefused:
        payload = {"name": name, "size": len(people)}
        journal.record(deed="appraisals.refuse_pool", subject=round_.reference, by=by.reference, at=at, payload=payload)
        raise
    with transaction.atomic():
        row = Round.objects.select_for_update().get(pk=round_.pk)
        rules.check_drafted(row)
        rules.check_in_one_pool(people, set(RollEntry.objects.filter(round=row).values_list("person_id", flat=True)))
        pool = _new_pool(row, name)
        RollEntry.objects.bulk_create(
            RollEntry(pool=pool, round=row, person=person, nonce=secrets.token_bytes(16)) for person in people
        )
        payload = {"pool": pool.slug, "size": len(people)}
        journal.record(deed="appraisals.add_pool", subject=row.reference, by=by.reference, at=at, payload=payload)
    return pool


def _new_pool(round_: Round, name: dict[str, str]) -> VoterPool:
    position = (VoterPool.objects.filter(round=round_).aggregate(last=Max("position"))["last"] or 0) + 1
    return VoterPool.objects.create(
        round=round_,
        slug=f"pool-{position}",
        name=name,
        position=position,
        closing_key=key_to_pem(generate_point_key(), _password()),
    )


@transaction.atomic
def remove_pool(*, round_: Round, pool: VoterPool, at: datetime, by: Person) -> None:
    """Take a pool back before the round opens."""
    row = Round.objects.select_for_update().get(pk=round_.pk)
    rules.check_drafted(row)
    journal.record(
        deed="appraisals.remove_pool", subject=row.reference, by=by.reference, at=at, payload={"pool": pool.slug}
    )
    pool.delete()


def prepare_keys(*, round_: Round, count: int) -> int:
    """Make up to `count` of the keys the round still needs; returns how many are then missing. Can be stopped and gone on with.

    Each key is kept as soon as it is made; two people at once make each key once.
    """
    rules.check_drafted(round_)
    lines = [line["id"] for line in queries.sheet_lines(round_)]
    for pool in queries.pools_of(round_):
        made = set(LineKey.objects.filter(pool=pool).values_list("line", flat=True))
        for line in lines:
            if count and line not in made:
                key = IssuerKey.generate()
                LineKey.objects.bulk_create(
                    [LineKey(pool=pool, line=line, modulus=_modulus(key.n), private_key=key.to_pem(_password()))],
                    ignore_conflicts=True,
                )
                count -= 1
    return queries.keys_missing(round_, len(lines))


@transaction.atomic
def open_round(*, round_: Round, at: datetime, by: Person) -> Round:
    """Freeze rolls, keys and rules into the round's manifest and open it. Raises RoundRefused while something is missing."""
    _hold_box_open()
    row = Round.objects.select_for_update().select_related("cycle", "cycle__campaign").get(pk=round_.pk)
    pools = queries.pools_of(row)
    lines = queries.sheet_lines(row)
    units = len({line["unit"] for line in lines})
    missing = queries.keys_missing(row, len(lines))
    rules.check_may_open(row, units=units, pools=len(pools), keys_missing=missing, at=at)
    acknowledging = generate_acknowledgement_key()
    row.acknowledgement_key = key_to_pem(acknowledging, _password())
    manifest = read_manifest(canonical(_manifest_document(row, pools, lines, acknowledging)))
    row.manifest, row.fingerprint = manifest.data.decode(), manifest.fingerprint
    row.state, row.opened_by = Round.State.OPENED, by
    row.save()
    journal.record(
        deed="appraisals.open_round",
        subject=row.reference,
        by=by.reference,
        at=at,
        payload={"fingerprint": row.fingerprint, "pools": {pool.slug: pool.name for pool in pools}},
    )
    return row


@transaction.atomic
def hand_out_round_codes(*, round_: Round, people: Iterable[Person], at: datetime, by: Person) -> dict[int, str]:
    """Fresh codes for people on the roll, by person id; told once, never stored. Earlier codes of theirs stop working.

    Raises RoundRefused unless the round is open.
    """
    rules.check_may_hand_out(round_)
    codes = identity_actions.hand_out_codes(purpose=round_.reference, people=list(people))
    payload, about = {"count": len(codes)}, round_.reference
    journal.record(deed="appraisals.hand_out_round_codes", subject=about, by=by.reference, at=at, payload=payload)
    return codes


def draw_own_code(*, round_: Round, person: Person, at: datetime) -> str:
    """A fresh code for a member who signed in, told once. Nothing is journalled: when somebody went to vote is nobody's business.

    Raises BallotRefused outside the window, for people not on the roll, and once a ballot was issued in their name.
    """
    row = rules.check_is_open(round_, at)
    rules.check_may_draw(RollEntry.objects.filter(round=row, person=person).first())
    return identity_actions.hand_out_codes(purpose=row.reference, people=[person])[person.pk]


def show_sheet_keys(*, round_: Round | None, fingerprint: Any, code: str, at: datetime) -> dict[str, Any]:
    """What the booth needs before it draws the sheet: the pool of this code, its key document and the path to the manifest."""
    row = rules.check_is_open(round_, at)
    rules.check_manifest(row, fingerprint)
    entry = _entry(row, code)
    _manifest, keys = queries.open_manifest_and_keys(row.pk, row.fingerprint)
    index = next(n for n, pool in enumerate(_manifest.pools) if pool.id == entry.pool.slug)
    return {
        "pool": entry.pool.slug,
        "keys": parse_canonical(keys.documents[index]),
        "path": [b64(step) for step in keys_path(list(keys.documents), index)],
        "index": index,
        "issued": entry.is_issued,
    }


def issue_tokens(*, round_: Round | None, body: bytes, at: datetime) -> dict[str, Any]:
    """Sign the blinded serials of one person, once. The same request again gets the same answer. Raises BallotRefused."""
    row = rules.check_is_open(round_, at)
    manifest, _keys = queries.open_manifest_and_keys(row.pk, row.fingerprint)
    try:
        request = read_issue_request(manifest, body)
    except SlipRefused as refusal:
        raise rules.refused_by_the_box(refusal.reason) from refusal
    entry = _entry(row, request.code)
    signing = _signing_keys(entry.pool_id, row.fingerprint)
    with transaction.atomic():
        locked = RollEntry.objects.select_for_update().get(pk=entry.pk)
        digest = sha256(canonical({line: b64(blinded) for line, blinded in request.blinded.items()}))
        rules.check_may_issue(locked, digest)
        try:
            signatures = {line: b64(signing[line].sign_blinded(blinded)) for line, blinded in request.blinded.items()}
        except BlindSignatureError as error:
            raise rules.refused_by_the_box("malformed") from error
        if not locked.is_issued:
            locked.is_issued, locked.request_digest = True, digest
            locked.save(update_fields=["is_issued", "request_digest"])
    return {"signatures": signatures, "pool": entry.pool.slug}


def take_slips(*, round_: Round | None, body: bytes, at: datetime) -> list[str]:
    """Put slips into the box, all or none, and acknowledge each. A higher version replaces; the same slip again is acknowledged again.

    Raises BallotRefused with the box's reason.
    """
    row = rules.check_is_open(round_, at)
    manifest, keys = queries.open_manifest_and_keys(row.pk, row.fingerprint)
    try:
        slips = read_cast_request(manifest, body)
        for slip in slips:
            check_slip(manifest, keys, slip)
    except SlipRefused as refusal:
        raise rules.refused_by_the_box(refusal.reason) from refusal
    _put_into_box(row, slips)
    key = _acknowledging_key(row.pk, row.fingerprint)
    return [b64(acknowledge(key, manifest.digest, slip)) for slip in slips]


@transaction.atomic
def ask_to_close(*, round_: Round, at: datetime, by: Person) -> Round:
    """The first of two people asks to close a round whose time is over. Raises RoundRefused."""
    row = Round.objects.select_for_update().get(pk=round_.pk)
    rules.check_may_ask_to_close(row, at)
    if row.close_asked_by_id is None:
        row.close_asked_by = by
        row.save(update_fields=["close_asked_by"])
        journal.record(deed="appraisals.ask_to_close", subject=row.reference, by=by.reference, at=at)
    return row


def close_round(*, round_: Round, at: datetime, by: Person) -> Round:
    """The second person closes: the box is opened, counted and exported, its slips and all private keys are destroyed.

    The record is complete or not there at all; a close cut off half-way is done again from the box, which is emptied last.
    Raises RoundRefused for an early close, an unasked one, or the person who asked.
    """
    with transaction.atomic(using="box"):
        _lock_box(round_, exclusive=True)
        with transaction.atomic():
            row = Round.objects.select_for_update().get(pk=round_.pk)
            rules.check_may_close(row, at, by)
            _write_record(row, at)
            record = (queries.record_folder(row) / "record.json").read_bytes()
            row.state, row.closed_by, row.closed_at = Round.State.CLOSED, by, at
            row.record_fingerprint, row.acknowledgement_key = sha256(record).hex(), None
            row.save()
            VoterPool.objects.filter(round=row).update(closing_key=None)
            LineKey.objects.filter(pool__round=row).update(private_key=None)
            journal.record(
                deed="appraisals.close_round",
                subject=row.reference,
                by=by.reference,
                at=at,
                payload={"record": row.record_fingerprint},
            )
        BoxSlip.objects.filter(round=row.key).delete()
    for remembered in (queries.open_manifest_and_keys, _signing_keys, _acknowledging_key):
        remembered.cache_clear()
    return row


def destroy_emptied_box() -> bool:
    """Destroy the box's embedded cluster with its write-ahead log after a close, and start an empty one; whether it did.

    Only the process that owns the cluster calls this. Nothing happens while a round is open, before a round has been closed
    since the last time, while another database lives in the cluster, or where the server is not ours (docs/running.md says
    how to destroy that one).
    """
    cluster = settings.EMBEDDED_CLUSTERS.get("box")
    with transaction.atomic():
        _hold_box_open(exclusive=True)
        emptied = Round.objects.filter(state=Round.State.CLOSED, is_box_destroyed=False)
        if cluster is None or not emptied.exists() or Round.objects.filter(state=Round.State.OPENED).exists():
            return False
        if _shares_its_cluster():
            return False
        connections["box"].close()
        cluster.destroy()
        cluster.start()
        call_command("migrate", database="box", verbosity=0)
        emptied.update(is_box_destroyed=True)
    return True


def _shares_its_cluster() -> bool:
    """Whether another database lives in the box's cluster, whose data is not ours to destroy."""
    with connections["box"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_database WHERE NOT datistemplate AND datname NOT IN ('postgres', current_database())"
        )
        return bool(cursor.fetchone()[0])


def _hold_box_open(*, exclusive: bool = False) -> None:
    """Opening a round and destroying the box exclude each other."""
    lock = "pg_advisory_xact_lock" if exclusive else "pg_advisory_xact_lock_shared"
    with connections["default"].cursor() as cursor:
        cursor.execute(f"SELECT {lock}(hashtext('appraisals.box'))")


def _write_record(round_: Round, at: datetime) -> None:
    manifest = read_manifest(round_.manifest.encode())
    pools = queries.pools_of(round_)
    keys = Keyring.read(manifest, queries.key_documents(pools, [line.id for line in manifest.lines]))
    private = ClosingKeys(
        {pool.slug: point_key_from_pem(bytes(pool.closing_key or b""), _password()) for pool in pools},
        acknowledgement_key_from_pem(bytes(round_.acknowledgement_key or b""), _password()),
    )
    sizes = queries.pool_sizes(round_)
    folder = queries.record_folder(round_)
    shutil.rmtree(folder.parent, ignore_errors=True)
    folder.parent.mkdir(parents=True)
    export_record(
        folder,
        openings=queries.openings_file(round_),
        manifest=manifest,
        keys=keys,
        private=private,
        slips=(
            Slip.from_json(parse_canonical(bytes(document)))
            for document in BoxSlip.objects.filter(round=round_.key).values_list("document", flat=True).iterator()
        ),
        issued={pool.slug: {queries.ISSUER: sizes[pool.pk][1]} for pool in pools},
        closed_at=_instant(at),
    )


def _lock_box(round_: Round, *, exclusive: bool = False) -> None:
    """Ballots hold this lock together, the close holds it alone: no slip is acknowledged that the close does not see."""
    lock = "pg_advisory_xact_lock" if exclusive else "pg_advisory_xact_lock_shared"
    with connections["box"].cursor() as cursor:
        cursor.execute(f"SELECT {lock}(%s)", [int.from_bytes(round_.key.bytes[:8], "big", signed=True)])


def _put_into_box(round_: Round, slips: tuple[Slip, ...]) -> None:
    table = connections["box"].ops.quote_name(BoxSlip._meta.db_table)
    rows = sorted(
        (sha256(slip.serial), str(round_.key), f"{slip.pool}/{slip.line}", slip.version, canonical(slip.to_json()))
        for slip in slips
    )
    if len({row[0] for row in rows}) != len(rows):
        raise rules.refused_by_the_box("malformed")
    with transaction.atomic(using="box"), connections["box"].cursor() as cursor:
        _lock_box(round_)
        rules.check_still_open(Round.objects.filter(pk=round_.pk, state=Round.State.OPENED).exists())
        for row in rows:
            cursor.execute(
                f"INSERT INTO {table} AS held (key, round, line, version, document) VALUES (%s, %s, %s, %s, %s) "
                "ON CONFLICT (key) DO UPDATE SET version = excluded.version, document = excluded.document "
                "WHERE held.round = excluded.round AND held.line = excluded.line AND "
                "(held.version < excluded.version OR held.document = excluded.document)",
                row,
            )
            if not cursor.rowcount:
                raise rules.refused_by_the_box("superseded")


def _entry(round_: Round, code: str) -> RollEntry:
    person = identity.person_with_code(round_.reference, code)
    entry = RollEntry.objects.select_related("pool").filter(round=round_, person=person).first() if person else None
    if entry is None:
        raise rules.unknown_code()
    return entry


@lru_cache(maxsize=32)
def _signing_keys(pool_id: int, fingerprint: str) -> dict[str, IssuerKey]:
    rows = LineKey.objects.filter(pool_id=pool_id)
    return {row.line: IssuerKey.from_pem(bytes(row.private_key or b""), _password()) for row in rows}


@lru_cache(maxsize=8)
def _acknowledging_key(round_id: int, fingerprint: str) -> ed25519.Ed25519PrivateKey:
    row = Round.objects.get(pk=round_id)
    return acknowledgement_key_from_pem(bytes(row.acknowledgement_key or b""), _password())


def _manifest_document(
    round_: Round, pools: list[VoterPool], lines: list[dict[str, Any]], acknowledging: ed25519.Ed25519PrivateKey
) -> dict[str, Any]:
    sheet = round_.cycle.rules
    frozen = campaigns.manifest_of(round_.cycle)
    return {
        "format": "zhengyou-manifest-1",
        "round": str(round_.key),
        "title": round_.name,
        "campaign": frozen.fingerprint if frozen else "",
        "opens_at": _instant(round_.opens_at),
        "closes_at": _instant(round_.closes_at),
        "grades": sheet["grades"],
        "criteria": sheet["criteria"],
        "lines": lines,
        "pools": [_pool_document(pool) for pool in pools],
        "keys_root": b64(keys_root(queries.key_documents(pools, [line["id"] for line in lines]))),
        "acknowledgement_key": b64(acknowledgement_bytes(acknowledging)),
        "thresholds": {
            name: sheet["thresholds"][name] for name in ("nothing_below", "band_below", "open_from", "cell", "turnout")
        },
    }


def _pool_document(pool: VoterPool) -> dict[str, Any]:
    entries = list(RollEntry.objects.filter(pool=pool).select_related("person"))
    closing = point_key_from_pem(bytes(pool.closing_key or b""), _password())
    return {
        "id": pool.slug,
        "name": pool.name,
        "size": len(entries),
        "roll_root": b64(roll_root(roll_leaf(bytes(entry.nonce), entry.person.number) for entry in entries)),
        "closing_key": b64(point_bytes(closing)),
        "issuers": [queries.ISSUER],
    }


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _modulus(n: int) -> bytes:
    return n.to_bytes(256, "big")


def _password() -> bytes:
    return str(settings.KEY_PASSWORD).encode()
