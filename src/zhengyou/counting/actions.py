"""The close, the record with what stands beside it, and a poll that must not count: void, and held again."""

import secrets
import shutil
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from django.db import transaction

from blindballot.closing.exporting import ClosingKeys, Exported, export_record
from blindballot.format.encoding import sha256
from blindballot.format.manifest import read_manifest
from blindballot.format.record import BOARD, COSIGNATURES, Extension, PoolCounts
from zhengyou.ballots import actions as ballot_actions
from zhengyou.ballots import queries as ballot_queries
from zhengyou.ballots.models import LineKey
from zhengyou.base.deeds import done, locked
from zhengyou.base.entries import Erasable, Public
from zhengyou.base.refusals import allows
from zhengyou.base.time import instant_text
from zhengyou.base.words import one_line
from zhengyou.counting import queries, rules
from zhengyou.organisations.models import Person
from zhengyou.paper import queries as paper_queries
from zhengyou.paper import rules as paper_rules
from zhengyou.polls import actions as poll_actions
from zhengyou.polls import queries as poll_queries
from zhengyou.polls import rules as poll_rules
from zhengyou.polls.models import Poll, PollScrutineer, VoterPool

# The true counts by pool, line and criterion, mark to number of slips.
ExactCounts = Mapping[tuple[str, str, str], Mapping[str, int]]


@dataclass(frozen=True)
class Judge:
    """What the room of standings does with the true counts at the close, which are nowhere afterwards.

    `ask_gate` takes a poll, what would be published of it (as counts.json has it) and the true counts, and answers with gate.json.
    `keep_pools(poll=, counts=, exact=)` takes the same with what is published, and keeps what results are made from.
    """

    ask_gate: Callable[[Poll, dict[str, Any], ExactCounts], bytes]
    keep_pools: Callable[..., None]


PACKED_AT_ONCE = (
    32_000_000  # bytes of a board: a second or two; the zip of a longer one is made as a job for whoever asks first
)
ASIDE = "record-"  # and its fingerprint: a record that another life of the poll left, before the house was restored
NO_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say


@transaction.atomic
def ask_to_close(*, poll: Poll, at: datetime, by: Person) -> Poll:
    """The first of two people asks to close a poll whose time is over. Raises PollRefused."""
    row = locked(poll)
    poll_rules.check_is_not_concerned(row, by, at)
    rules.check_may_ask_to_close(row, at)
    paper_rules.check_paper_is_settled(paper_queries.unsettled_batches(row))
    if row.close_asked_by_id is None:
        row.close_asked_by = by
        row.save(update_fields=["close_asked_by"])
        done("counting.ask_to_close", row, at=at, by=by)
    return row


def check_close(*, poll: Poll, at: datetime, by: Person) -> None:
    """Whether this person may close the poll now. Raises PollRefused or ConcernRefused as the close would."""
    poll_rules.check_is_not_concerned(poll, by, at)
    rules.check_may_close(poll, at, by)
    paper_rules.check_paper_is_settled(paper_queries.unsettled_batches(poll))
    rules.check_issuers_stated(ballot_queries.names_of_issuers_without_statement(poll))


def close_poll(*, poll: Poll, at: datetime, by: Person, judge: Judge) -> Poll:
    """The second person closes: the box is opened, counted and exported; desk, box and all private keys are destroyed.

    `judge` (`standings.actions.JUDGE`) says between counting and writing what is withheld of the counts, and keeps figures after.
    The record is complete or not there at all; a close cut off half-way is done again from the box, which goes last. A record that
    it had signed is adopted if its ballots are those in the box, and else nothing is done. Until the box is gone the poll says
    that its close is not done; whoever keeps the servers tries again.
    What it leaves to whoever first asks for the record as one file is that file, if it was cut off at its very end.
    Raises PollRefused for an early close, an unasked one, or the person who asked.
    """
    with ballot_actions.box_alone(poll), transaction.atomic():
        row = locked(poll)
        check_close(poll=row, at=at, by=by)
        marks, verdicts = poll_queries.marks_of(row).values(), {}
        exported = _write_record(row, at, judge)
        judge.keep_pools(poll=row, counts=_as_json(exported.counts), exact=exported.exact)
        for counted in exported.counts:
            verdicts[counted.pool] = counted.verdict
            VoterPool.objects.filter(poll=row, slug=counted.pool).update(verdict=counted.verdict)
        record = (queries.record_folder(row) / "record.json").read_bytes()
        row.state, row.closed_by, row.closed_at = Poll.State.CLOSED, by, at
        row.record_fingerprint = sha256(record).hex()
        row.save()
        poll_actions.keep_marks(marks=marks)
        ballot_actions.destroy_keys(poll=row)
        said = {"manifest": row.fingerprint, "record": row.record_fingerprint, "verdicts": verdicts}
        if row.is_of_persons:  # who is not shown the record holds the list of its slips against this
            said["slips"] = queries.named_slips(row).root
        public = Public(said, about=row.reference)
        done("counting.close_poll", row, at=at, by=by, public=public, record=row.record_fingerprint)
    poll_actions.destroy_box(poll=row)
    ballot_actions.forget_keys(row)
    pack_record(poll=row)
    return row


@transaction.atomic
def pack_record(*, poll: Poll) -> Path:
    """The record of a closed poll as one zip, made once and kept beside its folder: the same bytes for everybody.

    Idempotent; whole or not there at all. Raises PollRefused while there is no record.
    """
    row = locked(poll)
    rules.check_has_record(row)
    packed = queries.packed_record(row)
    if not packed.exists():
        half = packed.with_suffix(".half")
        with zipfile.ZipFile(half, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in queries.record_files(row):
                _pack(archive, queries.record_path(row, name), f"record-{row.key}/{name}")
        half.replace(packed)
    return packed


def _pack(archive: zipfile.ZipFile, path: Path, name: str) -> None:
    """One file, without the time and the account that wrote it."""
    entry = zipfile.ZipInfo(name, NO_TIME)
    entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
    entry.file_size = path.stat().st_size
    with path.open("rb") as file, archive.open(entry, "w") as out:
        shutil.copyfileobj(file, out)


def _write_record(poll: Poll, at: datetime, judge: Judge) -> Exported:
    """Write the record, or adopt the one that a close signed which was cut off. A signed one is never overwritten."""
    folder, handover = queries.record_folder(poll), queries.handover_file(poll)
    stands = queries.signed_record(folder)
    if stands is None or stands.head.manifest != poll.fingerprint:
        _make_room(folder, stands)
        return _export(poll, folder, handover, at, judge)
    with TemporaryDirectory(prefix=".again.", dir=folder.parent) as place:
        again = Path(place) / "record"
        exported = _export(poll, again, Path(place) / handover.name, at, judge)
        rules.check_is_same_record(stands, queries.signed_record(again))
        if not handover.exists():
            (Path(place) / handover.name).rename(handover)
    return exported


def _make_room(folder: Path, stands: queries.SignedRecord | None) -> None:
    """Take away what a close left that was cut off before it had signed. The record of another life of the poll is put aside."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    if stands is not None:
        folder.rename(folder.with_name(f"{ASIDE}{stands.fingerprint}"))
    for path in folder.parent.iterdir():
        if path.is_dir() and not path.name.startswith(ASIDE):
            shutil.rmtree(path)
        elif path.is_file():
            path.unlink()


def _export(poll: Poll, folder: Path, handover: Path, at: datetime, judge: Judge) -> Exported:
    manifest = read_manifest(poll.manifest.encode())
    pools = poll_queries.pools_of(poll)
    keys = ballot_queries.public_keys(poll)
    private = ClosingKeys(ballot_queries.closing_keys(poll, manifest), ballot_queries.head_key(poll))
    sizes = poll_queries.pool_sizes(poll)
    return export_record(
        folder,
        handover=handover,
        manifest=manifest,
        keys=keys,
        private=private,
        slips=ballot_queries.every_slip(poll),
        issued=queries.issued_by_each(pools, sizes),
        closed_at=instant_text(at),
        extensions=_extensions(poll),
        paper=paper_queries.paper_for_record(poll),
        statements=[pool.issuer_statement.encode() for pool in pools if pool.issuer],
        gate=partial(_ask, judge, poll),
    )


def _ask(judge: Judge, poll: Poll, counts: list[PoolCounts], exact: ExactCounts) -> bytes:
    """The gate's answer to the counts as the record would have them."""
    return judge.ask_gate(poll, _as_json(counts), exact)


def _as_json(counts: list[PoolCounts]) -> dict[str, Any]:
    return {"pools": [pool.to_json() for pool in counts]}


def _extensions(poll: Poll) -> list[Extension]:
    return [
        Extension(instant_text(row.closes_at), one_line(row.reason), instant_text(row.extended_at))
        for row in poll_queries.extensions_of([poll]).get(poll.pk, [])
    ]


@transaction.atomic
def put_cosignatures(*, poll: Poll, lines: list[str]) -> None:
    """Put what scrutineers signed beside the record, in place of what stood there: whole or not at all. Idempotent."""
    row = locked(poll)
    rules.check_has_record(row)
    target = queries.record_path(row, COSIGNATURES)
    half = queries.record_folder(row).with_name("cosignatures.half")
    half.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    half.replace(target)
    queries.packed_record(row).unlink(missing_ok=True)
    if queries.record_path(row, BOARD).stat().st_size < PACKED_AT_ONCE:
        pack_record(poll=row)


def destroy_handover(*, poll: Poll) -> None:
    """Destroy what was handed to the scrutineers of a poll. Idempotent."""
    queries.handover_file(poll).unlink(missing_ok=True)


AGAIN = {"zh-hans": "（重评）", "en": " (held again)"}


@transaction.atomic
def ask_to_void(*, poll: Poll, reason: str, at: datetime, by: Person) -> Poll:
    """The first of two people asks to void a poll and says why. Raises PollRefused or ConcernRefused."""
    row = locked(poll)
    poll_rules.check_is_not_concerned(row, by, at)
    rules.check_may_ask_to_void(row, reason)
    row.void_asked_by, row.void_reason = by, reason.strip()
    row.save(update_fields=["void_asked_by", "void_reason"])
    done("counting.ask_to_void", row, at=at, by=by, reason=row.void_reason)
    return row


@transaction.atomic
def drop_void(*, poll: Poll, at: datetime, by: Person) -> Poll:
    """Either person drops what was asked for; the poll goes on. Raises PollRefused or ConcernRefused."""
    row = locked(poll)
    poll_rules.check_is_not_concerned(row, by, at)
    rules.check_may_drop_void(row)
    row.void_asked_by, row.void_reason = None, ""
    row.save(update_fields=["void_asked_by", "void_reason"])
    done("counting.drop_void", row, at=at, by=by)
    return row


def void_poll(*, poll: Poll, at: datetime, by: Person) -> Poll:
    """The second person declares the poll void: desk and box are destroyed unopened, and all private keys with them.

    Nothing is counted and no record is written; what was issued is told as coarsely as while the poll was open. Raises
    PollRefused for an unasked void or the person who asked, ConcernRefused for the rated.
    """
    with ballot_actions.box_alone(poll), transaction.atomic():
        row = locked(poll)
        poll_rules.check_is_not_concerned(row, by, at)
        rules.check_may_void(row, by)
        poll_actions.keep_marks(marks=poll_queries.marks_of(row).values())
        row.state, row.voided_by, row.voided_at = Poll.State.VOIDED, by, at
        row.save()
        ballot_actions.destroy_keys(poll=row)
        said = {"manifest": row.fingerprint, "reason": Erasable(row.void_reason, is_public=True)}
        public, kept = Public(said, about=row.reference), {"reason": row.void_reason, "manifest": row.fingerprint}
        done("counting.void_poll", row, at=at, by=by, public=public, **kept)
    poll_actions.destroy_box(poll=row)
    ballot_actions.forget_keys(row)
    return row


@transaction.atomic
def stop_after_restore(*, at: datetime) -> list[Poll]:
    """In a house that was just restored: open polls can only be declared void, and drafted ones need new issuing keys. Idempotent.

    Such a poll may have been opened after the backup was made, and tokens under its keys be in somebody's hands: with the same keys
    they could be cast beside new ones. Returns the polls that were open.
    """
    LineKey.objects.filter(pool__poll__state=Poll.State.DRAFTED, private_key__isnull=False).delete()
    return poll_actions.stop_open_polls(at=at)


@transaction.atomic
def repeat_poll(*, poll: Poll, at: datetime, by: Person) -> Poll:
    """Draft the poll anew: same sheet, rolls, second issuers and scrutineers, as long a window from now on, and later new keys.

    Of a closed poll only the pools without a valid verdict. A second issuer is only named: it answers the new poll with
    new keys. Pressed twice it gives one poll. Raises PollRefused or ConcernRefused.
    """
    old = locked(poll)
    poll_rules.check_is_not_concerned(old, by, at)
    pools = queries.pools_to_repeat(old)
    rules.check_may_repeat(old, len(pools))
    known = poll_queries.repetitions_of([old]).get(old.pk)
    if known is not None:
        return known
    closes_at = at + (old.closes_at - old.opens_at)
    poll_rules.check_may_plan(old.cycle, at, closes_at, at)
    name = {language: f"{text}{AGAIN.get(language, AGAIN['en'])}" for language, text in old.name.items()}
    facts = {"cycle": old.cycle, "name": name, "opens_at": at, "closes_at": closes_at, "repeats": old}
    new = Poll.objects.create(key=uuid4(), **facts, **poll_actions.addresses_of_own(is_of_persons=old.is_of_persons))
    poll_actions.repeat_sheet(old=old, new=new)
    _same_scrutineers(old, new, at)
    issuers = {again.slug: again.issuer for again in [_same_pool(pool, new) for pool in pools] if again.issuer}
    public = Public({"repeats": old.reference, "title": name}, about=new.reference)
    done("counting.repeat_poll", new, at=at, by=by, public=public, repeats=str(old.key), name=name, issuers=issuers)
    return new


def _same_pool(pool: VoterPool, new: Poll) -> VoterPool:
    """The pool again with its voters and the name of its second issuer, without anything that issuer had answered."""
    again = poll_actions.new_pool(poll=new, name=pool.name, rater_group=pool.rater_group)
    again.issuer, again.issuer_name, again.issuer_address = pool.issuer, pool.issuer_name, pool.issuer_address
    again.save(update_fields=["issuer", "issuer_name", "issuer_address"])
    poll_actions.repeat_roll(old=pool, new=again)
    return again


def _same_scrutineers(old: Poll, new: Poll, at: datetime) -> None:
    """Those who watched the first time watch again, if they still may, with the keys they had, which they try once more."""
    PollScrutineer.objects.bulk_create(
        PollScrutineer(
            poll=new,
            person=row.person,
            registered_at=at,
            signing_key=row.signing_key,
            decryption_key=row.decryption_key,
            nonce=secrets.token_bytes(32) if row.signing_key else None,
        )
        for row in poll_queries.scrutineers_of(old)
        if allows(poll_rules.check_may_scrutinise, new, row.person, at)
    )
