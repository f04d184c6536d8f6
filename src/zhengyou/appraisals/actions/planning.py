"""Planning a poll, its pools and rolls, preparing its keys, opening it under a frozen manifest."""

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric import ed25519
from django.db import transaction
from django.db.models import Max

from blindballot.encoding import b64, canonical
from blindballot.issuing import IssuerKey
from blindballot.keyring import keys_root
from blindballot.keys import (
    acknowledgement_bytes,
    generate_acknowledgement_key,
    generate_point_key,
    key_to_pem,
    point_bytes,
    point_key_from_pem,
)
from blindballot.manifest import read_manifest, roll_leaf, roll_root
from zhengyou.appraisals import queries, rules
from zhengyou.appraisals.actions.box import hold_box_open
from zhengyou.appraisals.models import LineKey, Poll, RatedOrganisation, RollEntry, VoterPool
from zhengyou.appraisals.queries import scrutiny as scrutinies
from zhengyou.base import journal
from zhengyou.base.time import local_day
from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.models import Cycle
from zhengyou.organisations.models import Organisation, Person


@transaction.atomic
def plan_poll(
    *,
    cycle: Cycle,
    name: dict[str, str],
    organisations: list[Organisation],
    opens_at: datetime,
    closes_at: datetime,
    at: datetime,
    by: Person,
    key: UUID | None = None,
) -> Poll:
    """Draft a poll over these organisations. A `key` that is given twice makes one poll, and the second call returns it.

    Raises PollRefused for times or a sheet that cannot be.
    """
    rules.check_may_plan(cycle, opens_at, closes_at, at)
    rules.check_units(len(organisations))
    rules.check_may_run(cycle, organisations, by, at)
    row, is_new = Poll.objects.get_or_create(
        key=key or uuid4(), defaults={"cycle": cycle, "name": name, "opens_at": opens_at, "closes_at": closes_at}
    )
    if not is_new:
        return row
    RatedOrganisation.objects.bulk_create(
        RatedOrganisation(poll=row, organisation=organisation, position=position)
        for position, organisation in enumerate(organisations, 1)
    )
    journal.record(deed="appraisals.plan_poll", subject=row.reference, by=by.reference, at=at, payload={"name": name})
    return row


@transaction.atomic
def change_times(*, poll: Poll, opens_at: datetime, closes_at: datetime, at: datetime, by: Person) -> Poll:
    """Give a drafted poll another window. Raises PollRefused."""
    row = Poll.objects.select_for_update().get(pk=poll.pk)
    rules.check_drafted(row)
    rules.check_is_not_concerned(row, by, at)
    rules.check_times(opens_at, closes_at, at)
    row.opens_at, row.closes_at = opens_at, closes_at
    row.save(update_fields=["opens_at", "closes_at"])
    payload = {"opens_at": queries.instant_text(opens_at), "closes_at": queries.instant_text(closes_at)}
    journal.record(deed="appraisals.change_times", subject=row.reference, by=by.reference, at=at, payload=payload)
    return row


def add_pool(
    *, poll: Poll, name: dict[str, str], people: list[Person], at: datetime, by: Person, rater_group: str = ""
) -> VoterPool:
    """Add a pool with its roll, as part of a group of raters or of none.

    Raises PollRefused below five people (which is put on record, for the result's reader) or if somebody sits in another
    pool already.
    """
    rules.check_drafted(poll)
    rules.check_is_not_concerned(poll, by, at)
    try:
        rules.check_pool_size(len(people))
    except rules.PollRefused:
        payload = {"name": name, "size": len(people)}
        journal.record(deed="appraisals.refuse_pool", subject=poll.reference, by=by.reference, at=at, payload=payload)
        raise
    with transaction.atomic():
        row = Poll.objects.select_for_update().get(pk=poll.pk)
        rules.check_drafted(row)
        rules.check_in_one_pool(people, set(RollEntry.objects.filter(poll=row).values_list("person_id", flat=True)))
        rules.check_rater_group(row.cycle.rules, rater_group)
        pool = new_pool(poll=row, name=name, rater_group=rater_group)
        RollEntry.objects.bulk_create(
            RollEntry(pool=pool, poll=row, person=person, nonce=secrets.token_bytes(16)) for person in people
        )
        payload = {"pool": pool.slug, "size": len(people), "rater_group": rater_group}
        journal.record(deed="appraisals.add_pool", subject=row.reference, by=by.reference, at=at, payload=payload)
    return pool


def new_pool(*, poll: Poll, name: dict[str, str], rater_group: str) -> VoterPool:
    """An empty pool behind the others, with a closing key of its own."""
    position = (VoterPool.objects.filter(poll=poll).aggregate(last=Max("position"))["last"] or 0) + 1
    return VoterPool.objects.create(
        poll=poll,
        slug=f"pool-{position}",
        name=name,
        position=position,
        rater_group=rater_group,
        closing_key=key_to_pem(generate_point_key(), queries.key_password()),
    )


@transaction.atomic
def delete_poll(*, poll: Poll, at: datetime, by: Person) -> None:
    """Take a drafted poll away with its sheet, pools and keys; the journal keeps that it was there. Raises PollRefused."""
    row = Poll.objects.select_for_update().get(pk=poll.pk)
    rules.check_drafted(row)
    rules.check_is_not_concerned(row, by, at)
    payload = {"name": row.name}
    journal.record(deed="appraisals.delete_poll", subject=row.reference, by=by.reference, at=at, payload=payload)
    row.delete()


@transaction.atomic
def remove_pool(*, poll: Poll, pool: VoterPool, at: datetime, by: Person) -> None:
    """Take a pool back before the poll opens."""
    row = Poll.objects.select_for_update().get(pk=poll.pk)
    rules.check_drafted(row)
    rules.check_is_not_concerned(row, by, at)
    journal.record(
        deed="appraisals.remove_pool", subject=row.reference, by=by.reference, at=at, payload={"pool": pool.slug}
    )
    pool.delete()


def prepare_keys(*, poll: Poll, count: int) -> int:
    """Make up to `count` of the keys the poll still needs; returns how many are then missing. Can be stopped and gone on with.

    Each key is kept as soon as it is made; two people at once make each key once.
    """
    rules.check_drafted(poll)
    lines = [line["id"] for line in queries.sheet_lines(poll)]
    pools = queries.pools_of(poll)
    for pool in pools:
        made = set(LineKey.objects.filter(pool=pool, issuer=queries.ISSUER).values_list("line", flat=True))
        for line in lines:
            if count and line not in made:
                key = IssuerKey.generate()
                LineKey.objects.bulk_create(
                    [
                        LineKey(
                            pool=pool,
                            line=line,
                            issuer=queries.ISSUER,
                            modulus=key.n.to_bytes(256, "big"),
                            private_key=key.to_pem(queries.key_password()),
                        )
                    ],
                    ignore_conflicts=True,
                )
                count -= 1
    return queries.keys_missing(pools, len(lines))


@transaction.atomic
def open_poll(*, poll: Poll, at: datetime, by: Person) -> Poll:
    """Freeze rolls, keys and rules into the poll's manifest and open it. Raises PollRefused while something is missing."""
    hold_box_open()
    row = Poll.objects.select_for_update().select_related("cycle", "cycle__campaign").get(pk=poll.pk)
    pools = queries.pools_of(row)
    lines = queries.sheet_lines(row)
    units = len({line["unit"] for line in lines})
    missing = queries.keys_missing(pools, len(lines))
    rules.check_is_not_concerned(row, by, at)
    watching = len(scrutinies.scrutineers_of(row))
    rules.check_may_open(row, units=units, pools=len(pools), keys_missing=missing, scrutineers=watching, at=at)
    waiting = queries.pools_waiting_for_issuer(row, pools, queries.pool_sizes(row), lines)
    rules.check_issuers_ready([queries.in_readers_words(pool.name) for pool in waiting])
    for other, difference in queries.differences_from_other_polls(row):
        rules.check_differs_enough(difference, local_day(other.opens_at))
    acknowledging = generate_acknowledgement_key()
    row.acknowledgement_key = key_to_pem(acknowledging, queries.key_password())
    manifest = read_manifest(canonical(_manifest_document(row, pools, lines, acknowledging)))
    row.manifest, row.fingerprint = manifest.data.decode(), manifest.fingerprint
    row.state, row.opened_by = Poll.State.OPENED, by
    row.save()
    journal.record(
        deed="appraisals.open_poll",
        subject=row.reference,
        by=by.reference,
        at=at,
        payload={"fingerprint": row.fingerprint, "pools": {pool.slug: pool.name for pool in pools}},
    )
    return row


def _manifest_document(
    poll: Poll, pools: list[VoterPool], lines: list[dict[str, Any]], acknowledging: ed25519.Ed25519PrivateKey
) -> dict[str, Any]:
    sheet = poll.cycle.rules
    frozen = campaigns.manifest_of(poll.cycle)
    return {
        "format": "zhengyou-manifest-1",
        "round": str(poll.key),
        "title": poll.name,
        "campaign": frozen.fingerprint if frozen else "",
        "opens_at": queries.instant_text(poll.opens_at),
        "closes_at": queries.instant_text(poll.closes_at),
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
    closing = point_key_from_pem(bytes(pool.closing_key or b""), queries.key_password())
    return {
        "id": pool.slug,
        "name": pool.name,
        "size": len(entries),
        "roll_root": b64(roll_root(roll_leaf(bytes(entry.nonce), entry.person.number) for entry in entries)),
        "closing_key": b64(point_bytes(closing)),
        "issuers": queries.issuers_of(pool),
    }
