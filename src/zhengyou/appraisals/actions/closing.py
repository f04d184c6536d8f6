"""Closing by two people: the record is written, the box emptied, and then destroyed by the process that owns it."""

import shutil
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction

from blindballot.encoding import parse_canonical, sha256
from blindballot.exporting import ClosingKeys, export_record
from blindballot.keyring import Keyring
from blindballot.keys import acknowledgement_key_from_pem, point_key_from_pem
from blindballot.manifest import read_manifest
from blindballot.record import CancelledSlip, Extension
from blindballot.slips import Slip
from zhengyou.appraisals import queries, rules
from zhengyou.appraisals.actions.box import destroy_keys, empty_box, hold_box_open, lock_box
from zhengyou.appraisals.actions.issuing_house import keys_of_duties
from zhengyou.appraisals.actions.voting import keys_for_acknowledging, keys_for_signing
from zhengyou.appraisals.models import BoxPaperSlip, BoxSlip, IssuerDuty, Poll
from zhengyou.appraisals.queries import paper as paper_queries
from zhengyou.appraisals.rules import paper as paper_rules
from zhengyou.base import journal
from zhengyou.organisations.models import Person


@transaction.atomic
def ask_to_close(*, poll: Poll, at: datetime, by: Person) -> Poll:
    """The first of two people asks to close a poll whose time is over. Raises PollRefused."""
    row = Poll.objects.select_for_update().get(pk=poll.pk)
    rules.check_is_not_concerned(row, by, at)
    rules.check_may_ask_to_close(row, at)
    paper_rules.check_paper_is_settled(paper_queries.unsettled_batches(row))
    if row.close_asked_by_id is None:
        row.close_asked_by = by
        row.save(update_fields=["close_asked_by"])
        journal.record(deed="appraisals.ask_to_close", subject=row.reference, by=by.reference, at=at)
    return row


def close_poll(*, poll: Poll, at: datetime, by: Person) -> Poll:
    """The second person closes: the box is opened, counted and exported, its slips and all private keys are destroyed.

    The record is complete or not there at all; a close cut off half-way is done again from the box, which is emptied last.
    Raises PollRefused for an early close, an unasked one, or the person who asked.
    """
    with transaction.atomic(using="box"):
        lock_box(poll, exclusive=True)
        with transaction.atomic():
            row = Poll.objects.select_for_update().get(pk=poll.pk)
            rules.check_is_not_concerned(row, by, at)
            rules.check_may_close(row, at, by)
            paper_rules.check_paper_is_settled(paper_queries.unsettled_batches(row))
            rules.check_issuers_stated(queries.names_of_issuers_without_statement(row))
            _write_record(row, at)
            record = (queries.record_folder(row) / "record.json").read_bytes()
            row.state, row.closed_by, row.closed_at = Poll.State.CLOSED, by, at
            row.record_fingerprint, row.acknowledgement_key = sha256(record).hex(), None
            row.save()
            destroy_keys(poll=row)
            journal.record(
                deed="appraisals.close_poll",
                subject=row.reference,
                by=by.reference,
                at=at,
                payload={"record": row.record_fingerprint},
            )
        empty_box(polls=[row.key])
    forget_keys(row)
    return row


def forget_keys(poll: Poll) -> None:
    """Drop the keys of a poll that this process has read, once the poll is over."""
    queries.open_manifest_and_keys.cache_clear()
    for memory in (keys_for_signing, keys_for_acknowledging):
        memory.forget(poll.fingerprint)


def forget_keys_of_what_is_over() -> None:
    """Drop all private keys that this process has read of polls, or of a second issuer's duties, that ended in any process.

    Every web worker calls this again and again; nothing is asked while no key is remembered.
    """
    for memory in (keys_for_signing, keys_for_acknowledging):
        memory.keep_only(_still_open)
    keys_of_duties.keep_only(_not_stated)


def _still_open(fingerprints: list[str]) -> Iterable[str]:
    rows = Poll.objects.filter(fingerprint__in=fingerprints, state=Poll.State.OPENED)
    return rows.values_list("fingerprint", flat=True)


def _not_stated(duties: list[int]) -> Iterable[int]:
    return IssuerDuty.objects.filter(pk__in=duties, stated_at=None).values_list("pk", flat=True)


def destroy_emptied_box() -> bool:
    """Destroy the box's embedded cluster with its write-ahead log after a close, and start an empty one; whether it did.

    Only the process that owns the cluster calls this. What a close that was cut off left in the box goes in any case. Nothing
    is destroyed while a poll is open, before a poll was closed or voided since the last time, while another database lives
    in the cluster, or where the server is not ours (docs/running.md says how to destroy that one).
    """
    cluster = settings.EMBEDDED_CLUSTERS.get("box")
    with transaction.atomic():
        hold_box_open(exclusive=True)
        over = [Poll.State.CLOSED, Poll.State.VOIDED]
        emptied = Poll.objects.filter(state__in=over, is_box_destroyed=False)
        empty_box(polls=list(emptied.values_list("key", flat=True)))
        if cluster is None or not emptied.exists() or Poll.objects.filter(state=Poll.State.OPENED).exists():
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


def _write_record(poll: Poll, at: datetime) -> None:
    manifest = read_manifest(poll.manifest.encode())
    pools = queries.pools_of(poll)
    keys = Keyring.read(manifest, queries.key_documents(pools, [line.id for line in manifest.lines]))
    private = ClosingKeys(
        {pool.slug: point_key_from_pem(bytes(pool.closing_key or b""), queries.key_password()) for pool in pools},
        acknowledgement_key_from_pem(bytes(poll.acknowledgement_key or b""), queries.key_password()),
    )
    sizes = queries.pool_sizes(poll)
    folder = queries.record_folder(poll)
    shutil.rmtree(folder.parent, ignore_errors=True)
    folder.parent.mkdir(parents=True)
    export_record(
        folder,
        openings=queries.openings_file(poll),
        manifest=manifest,
        keys=keys,
        private=private,
        slips=(
            Slip.from_json(parse_canonical(bytes(document)))
            for document in BoxSlip.objects.filter(poll=poll.key).values_list("document", flat=True).iterator()
        ),
        issued=queries.issued_by_each(pools, sizes),
        closed_at=queries.instant_text(at),
        extensions=_extensions(poll),
        cancelled=_cancelled_slips(poll),
    )


def _cancelled_slips(poll: Poll) -> list[CancelledSlip]:
    """The serials that were printed and not drawn, or withdrawn with their batch."""
    rows = BoxPaperSlip.objects.filter(poll=poll.key, is_cancelled=True).values_list("line", "serial")
    places = [(place.partition("/"), bytes(serial)) for place, serial in rows]
    return [CancelledSlip(pool, line, serial) for (pool, _slash, line), serial in places]


def _extensions(poll: Poll) -> list[Extension]:
    return [
        Extension(queries.instant_text(row.closes_at), row.reason, queries.instant_text(row.extended_at))
        for row in queries.extensions_of([poll]).get(poll.pk, [])
    ]
