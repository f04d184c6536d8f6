"""Keys, opening, extending, codes, issuing tokens, taking slips, a second issuer's letters: issuing and casting write no journal entry,
no time, no address and no counter."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from blindballot.box import issuer_files as documents
from blindballot.box.issuing import IssuerKey, sign_all
from blindballot.box.receiving import (
    SlipRefused,
    acknowledge,
    check_lines,
    check_slip,
    read_cast_request,
    read_issue_request,
)
from blindballot.format.encoding import FormatError, b64, canonical, parse_canonical
from blindballot.format.keyring import keys_path
from blindballot.format.keys import generate_acknowledgement_key, key_to_pem, point_bytes
from blindballot.format.manifest import Manifest, read_manifest
from blindballot.format.rsabssa import BlindSignatureError
from blindballot.format.sealing import closing_key
from blindballot.format.slips import Slip
from blindballot.format.statements import read_statement
from zhengyou.ballots import queries, rules
from zhengyou.ballots.models import LineKey, PlatformKey
from zhengyou.base import codes, job_files, locks
from zhengyou.base.deeds import done, locked
from zhengyou.base.entries import Erasable, Public
from zhengyou.base.time import local_day
from zhengyou.base.words import in_readers_words
from zhengyou.boxes import actions as boxes
from zhengyou.boxes import queries as box_queries
from zhengyou.burden import actions as burden_actions
from zhengyou.burden.models import month_of
from zhengyou.burden.rules import BY_SLUG, Asking
from zhengyou.organisations.models import Person
from zhengyou.organisations.vocabulary import worded
from zhengyou.polls import actions as poll_actions
from zhengyou.polls import queries as poll_queries
from zhengyou.polls import rules as poll_rules
from zhengyou.polls.models import Poll, PollExtension, RollEntry, VoterPool


def destroy_keys(*, poll: Poll) -> None:
    """Destroy all private keys of a poll, letters with codes that nobody took, and what was shown of its turnout."""
    job_files.drop_about(poll.reference)
    PlatformKey.objects.filter(poll=poll).delete()
    LineKey.objects.filter(pool__poll=poll).update(private_key=None)
    VoterPool.objects.filter(poll=poll).update(turnout_shown=None, turnout_shown_at=None)


@contextmanager
def house_and_box(poll: Poll) -> Iterator[None]:
    """One act in both databases, excluded by the close. The box commits first: what is done again must be the same there.

    Where there is no box any more the house is left alone with its rules, which refuse in words.
    """
    with transaction.atomic(), ExitStack() as stack:
        if box_queries.has_box(poll.key):
            box_queries.hold(stack.enter_context(box_queries.at_box(poll.key)))
        yield


@contextmanager
def box_alone(poll: Poll) -> Iterator[None]:
    """Nobody casts or is issued a ballot meanwhile, and whoever waited for it finds the poll over. Nothing to do without a box."""
    with ExitStack() as stack:
        if box_queries.has_box(poll.key):
            box_queries.hold(stack.enter_context(box_queries.at_box(poll.key)), alone=True)
            box_queries.hold(stack.enter_context(box_queries.at_desk(poll.key)), alone=True)
        yield


def forget_keys(poll: Poll) -> None:
    """Drop the keys of a poll that this process has read, once the poll is over."""
    queries.open_manifest_and_keys.cache_clear()
    for memory in (queries.keys_for_signing, queries.keys_for_acknowledging):
        memory.forget(poll.fingerprint)


@transaction.atomic
def extend_poll(*, poll: Poll, closes_at: datetime, reason: str, at: datetime, by: Person) -> PollExtension:
    """Move the closing time of an open poll to a later one, for everybody to see; the manifest keeps the time first announced.

    Can be done again and again. Raises PollRefused, or ConcernRefused for those who are rated or administer the rated.
    """
    row = locked(poll)
    poll_rules.check_is_not_concerned(row, by, at)
    rules.check_may_extend(row, closes_at, reason, at)
    extension = PollExtension.objects.create(
        poll=row, closes_at=closes_at, reason=reason.strip(), extended_at=at, extended_by=by
    )
    before, row.closes_at = row.closes_at, closes_at
    row.save(update_fields=["closes_at"])
    said = {"before": before, "after": closes_at, "reason": Erasable(extension.reason, is_public=True)}
    public = Public(said, about=row.reference)
    done("ballots.extend_poll", row, at=at, by=by, public=public, before=before, after=closes_at, reason=reason.strip())
    return extension


def prepare_keys(*, poll: Poll, count: int) -> int:
    """Make up to `count` of the keys the poll still needs; returns how many are then missing. Can be stopped and gone on with.

    Each key is kept as soon as it is made; two people at once make each key once.
    """
    poll_rules.check_drafted(poll)
    sheet, pools = poll_queries.sheet_lines(poll), poll_queries.pools_of(poll)
    made = set(LineKey.objects.filter(pool__in=pools, issuer=rules.ISSUER).values_list("pool", "line"))
    wanted = [(pool, line["id"]) for pool in pools for line in sheet if (pool.pk, line["id"]) not in made][:count]
    with ThreadPoolExecutor(rules.KEYS_AT_ONCE) as several:
        for (pool, line), key in zip(wanted, several.map(lambda _wanted: IssuerKey.generate(), wanted), strict=True):
            row = LineKey(pool=pool, line=line, issuer=rules.ISSUER, modulus=key.n.to_bytes(256, "big"))
            row.private_key = key.to_pem(settings.KEY_PASSWORD)
            LineKey.objects.bulk_create([row], ignore_conflicts=True)
    return queries.keys_missing(pools, sheet)


@transaction.atomic
def open_poll(*, poll: Poll, at: datetime, by: Person) -> Poll:
    """Freeze rolls, keys and rules into the poll's manifest and open it. Raises PollRefused while something is missing, and
    BurdenRefused where members would be asked for more than the rules allow.
    """
    locks.together(locks.BOX)
    row = locked(poll, "cycle__campaign")
    pools, lines = poll_queries.pools_of(row), poll_queries.sheet_lines(row)
    units = len({line["unit"] for line in lines})
    poll_rules.check_is_not_concerned(row, by, at)
    rules.check_may_open(row, units=units, pools=len(pools), keys_missing=queries.keys_missing(pools, lines), at=at)
    rules.check_can_be_closed(len(poll_queries.people_who_may_run(row, at)))
    poll_actions.check_may_be_judged(cycle=row.cycle, people=[one.person for one in poll_queries.rated_people(row)])
    rules.check_scrutineers_ready(poll_queries.scrutineers_of(row))
    waiting = queries.pools_waiting_for_issuer(row, pools, poll_queries.pool_sizes(row), lines)
    rules.check_issuers_ready([in_readers_words(pool.name) for pool in waiting])
    rules.check_not_too_many(len(poll_queries.open_polls()))
    for other, difference in queries.differences_from_other_polls(row):
        rules.check_differs_enough(difference, local_day(other.opens_at))
    _ask_voters(row, units, at, by)
    manifest = _freeze(row, pools, lines)
    row.manifest, row.fingerprint = manifest.data.decode(), manifest.fingerprint
    row.state, row.opened_by = Poll.State.OPENED, by
    row.save()
    public, named = queries.public_opening(row, manifest), {pool.slug: pool.name for pool in pools}
    done("ballots.open_poll", row, at=at, by=by, public=public, fingerprint=row.fingerprint, pools=named)
    _make_box(row)
    return row


def _make_box(poll: Poll) -> None:
    """Last of all, as nothing undoes it: what an opening that fails after this leaves is swept by `polls.actions.sweep_boxes`."""
    box_queries.check_is_unused(poll.key)
    entries = RollEntry.objects.filter(poll=poll).values_list("pk", "pool")
    try:
        boxes.make_box(poll=poll.key, entries=entries, house=box_queries.watermark_of_house())
    except BaseException:
        boxes.destroy_box(poll=poll.key)
        raise


def _ask_voters(poll: Poll, units: int, at: datetime, by: Person) -> None:
    """A poll asks every member on its rolls for the minutes its sheet takes. Raises BurdenRefused above the cap."""
    form, month = BY_SLUG["ballot"], month_of(local_day(poll.opens_at))
    homes = poll_queries.homes_of_voters(poll)
    asked = [Asking(form, home, month, form.minutes(units)) for home in homes]
    burden_actions.ask(asked=asked, about=poll, cap=poll.cycle.ruleset.burden, at=at, by=by)


def _freeze(poll: Poll, pools: list[VoterPool], lines: list[dict[str, Any]]) -> Manifest:
    """The manifest of a poll that opens, with fresh keys for its pools and its box, of which the private halves are kept."""
    keys = {purpose.value: generate_acknowledgement_key() for purpose in PlatformKey.Purpose}
    PlatformKey.objects.bulk_create(
        PlatformKey(poll=poll, purpose=purpose, private_key=key_to_pem(key, settings.KEY_PASSWORD))
        for purpose, key in keys.items()
    )
    _seal_to(pools, keys[PlatformKey.Purpose.CLOSING].private_bytes_raw())
    return read_manifest(canonical(queries.manifest_to_freeze(poll, pools, lines, keys)))


def _seal_to(pools: list[VoterPool], seed: bytes) -> None:
    """Put beside each of the office's keys the point that marks of its line are sealed to. All follow from the seed, which is
    the 32 random bytes of the poll's closing key."""
    slugs = {pool.pk: pool.slug for pool in pools}
    rows = list(LineKey.objects.filter(pool__in=pools, issuer=rules.ISSUER))
    for row in rows:
        row.closing_key = point_bytes(closing_key(seed, slugs[row.pool_id], row.line))
    LineKey.objects.bulk_update(rows, ["closing_key"], batch_size=1000)


ANSWERED = ("issuer_key", "issuer_request", "issuer_count", "issuer_statement")


@transaction.atomic
def take_reply(*, poll: Poll, pool: VoterPool, reply: bytes, origin: str, at: datetime, by: Person) -> VoterPool:
    """Take a second issuer's public keys. The same reply again changes nothing; a new one replaces the earlier.

    Raises PollRefused, in words, for a reply to another poll, pool or request, of another size of roll, or with keys that
    do not fit.
    """
    poll, pool = _rows(poll, pool, at, by)
    poll_rules.check_drafted(poll)
    rules.check_names_issuer(pool)
    try:
        answer = documents.read_reply(reply)
    except FormatError as error:
        raise rules.unreadable_reply() from error
    asked = queries.issuer_request_now(poll, pool)
    rules.check_answers(answer, pool, poll, origin)
    rules.check_same_roll(answer.size, asked["size"])
    if answer.request != queries.request_digest(asked):
        raise rules.document_refused(
            _(
                "This reply answers an earlier request: the appraisal was changed since. Hand the issuer the present one."
            )
        )
    _check_keys(poll, pool, answer, [line["id"] for line in asked["lines"]])
    _keep_keys(pool, answer)
    done(
        "ballots.take_reply",
        poll,
        at=at,
        by=by,
        pool=pool.slug,
        issuer=pool.issuer,
        request=answer.request,
        keys=len(answer.moduli),
    )
    return pool


@transaction.atomic
def take_statement(*, poll: Poll, pool: VoterPool, statement: bytes, at: datetime, by: Person) -> VoterPool:
    """Take a second issuer's signed count after the closing time. Once taken it stays; the same one again changes nothing.

    Raises PollRefused before the closing time, and for a count of another poll, pool or manifest or with a false signature.
    """
    poll, pool = _rows(poll, pool, at, by)
    rules.check_names_issuer(pool)
    rules.check_may_take_statement(poll, at)
    try:
        counted = read_statement(statement.rstrip(b"\r\n"), bytes(pool.issuer_key or b""))
    except FormatError as error:
        raise rules.document_refused(
            _(
                "This is not the count signed by the issuer of this pool. Ask it for the file that “issuer statement” wrote."
            )
        ) from error
    ours = (str(poll.key), pool.slug, pool.issuer, poll.fingerprint)
    if (counted.poll, counted.pool, counted.issuer, counted.manifest) != ours:
        raise rules.document_refused(_("This count is for another appraisal or pool. Ask for the one of this pool."))
    text = statement.rstrip(b"\r\n").decode()
    if pool.issuer_count is not None:
        if pool.issuer_statement != text:
            raise rules.document_refused(_("This pool already has another signed count of its second issuer."))
        return pool
    pool.issuer_count, pool.issuer_statement = counted.issued, text
    pool.save(update_fields=["issuer_count", "issuer_statement"])
    done("ballots.take_statement", poll, at=at, by=by, pool=pool.slug, issuer=pool.issuer, issued=counted.issued)
    return pool


def _rows(poll: Poll, pool: VoterPool, at: datetime, by: Person) -> tuple[Poll, VoterPool]:
    """The rows as they stand, for somebody who has no part in what is judged. Raises ConcernRefused for others."""
    row = locked(poll, "cycle__campaign")
    poll_rules.check_is_not_concerned(row, by, at)
    return row, VoterPool.objects.get(pk=pool.pk, poll=row)


def _forget_answer(pool: VoterPool) -> None:
    LineKey.objects.filter(pool=pool).exclude(issuer=rules.ISSUER).delete()
    pool.issuer_key, pool.issuer_request, pool.issuer_count, pool.issuer_statement = None, "", None, ""


def _check_keys(poll: Poll, pool: VoterPool, answer: documents.IssuerReply, lines: list[str]) -> None:
    """A key for every line, each used nowhere else: a token must count on one line only, and need both issuers."""
    if list(answer.moduli) != lines:
        raise rules.document_refused(_("This reply has keys for other lines than the sheet’s. Have it made once more."))
    given = list(answer.moduli.values())
    others = LineKey.objects.filter(pool__poll=poll).exclude(pool=pool, issuer=pool.issuer)
    if len(set(given)) != len(given) or set(given) & {bytes(key) for key in others.values_list("modulus", flat=True)}:
        raise rules.document_refused(
            worded(_("This reply uses a key twice, or one of the %(office)s’s own. Have it made once more."))
        )


def _keep_keys(pool: VoterPool, answer: documents.IssuerReply) -> None:
    _forget_answer(pool)
    LineKey.objects.bulk_create(
        LineKey(pool=pool, line=line, issuer=pool.issuer, modulus=modulus) for line, modulus in answer.moduli.items()
    )
    pool.issuer_key, pool.issuer_request = answer.statement_key, answer.request
    pool.save(update_fields=ANSWERED)


def hand_out_poll_codes(*, poll: Poll, people: Iterable[Person], at: datetime, by: Person) -> dict[int, str]:
    """Fresh codes for members on the roll, by person id; told once, never stored. Earlier codes of theirs stop working.

    Raises PollRefused unless the poll is open.
    """
    entries = RollEntry.objects.filter(poll=poll, person__in=list(people)).values_list("pk", "person")
    made = {entry: codes.fresh() for entry, _person in entries}
    replace_poll_codes(poll=poll, made=made, at=at, by=by)
    return {person: made[entry] for entry, person in entries if person}


@transaction.atomic
def replace_poll_codes(*, poll: Poll, made: dict[int, str], at: datetime, by: Person) -> None:
    """Let codes made before, by entry of the roll, work from now on in place of these people's earlier ones. Atomic.

    Whoever was issued a ballot gets a code too, which draws no second one: the office learns nothing. Raises PollRefused unless open.
    """
    row = locked(poll, "cycle__campaign")
    rules.check_may_hand_out(row)
    poll_rules.check_is_not_concerned(row, by, at)
    known = RollEntry.objects.filter(poll=row, pk__in=list(made)).values_list("pk", flat=True)
    boxes.keep_codes(poll=row.key, digests={entry: queries.code_digest(row, made[entry]) for entry in known})
    done("ballots.hand_out_poll_codes", row, at=at, by=by, count=len(made))


def draw_own_code(*, poll: Poll, person: Person, at: datetime) -> str:
    """A fresh code for a member who signed in, told once. Nothing is journalled: when somebody went to vote is nobody's business.

    Raises BallotRefused outside the window, for people not on the roll, and once a ballot was issued in their name.
    """
    row = rules.check_is_open(poll, at)
    entry, code = RollEntry.objects.filter(poll=row, person=person).first(), codes.fresh()
    with _desk_of_open(row):
        rules.check_may_draw(box_queries.marks(row.key, [entry.pk], for_change=True)[entry.pk] if entry else None)
        boxes.keep_codes(poll=row.key, digests={entry.pk: queries.code_digest(row, code)} if entry else {})
    return code


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
        "renewed": box_queries.is_renewed(row.key, queries.code_digest(row, code)),
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
    try:
        check_lines(manifest, entry.pool.slug, request)
    except SlipRefused as refusal:
        raise rules.refused_by_the_box(refusal.reason) from refusal
    signing = queries.signing_keys(entry.pool_id, row.fingerprint)
    with _desk_of_open(row):
        mark = box_queries.marks(row.key, [entry.pk], for_change=True)[entry.pk]
        rules.check_may_issue(mark, request.digest)
        try:
            signatures = sign_all(signing, request.blinded)
        except BlindSignatureError as error:
            raise rules.refused_by_the_box("malformed") from error
        if not mark.is_issued:
            boxes.mark_issued(poll=row.key, entry=entry.pk, request=request.digest)
    return {"signatures": signatures, "pool": entry.pool.slug}


@contextmanager
def _desk_of_open(poll: Poll) -> Iterator[None]:
    """A transaction at the desk of a poll that stays open until it ends. Raises BallotRefused if it was closed meanwhile."""
    _check_has_box(poll)
    with box_queries.at_desk(poll.key) as desk:
        box_queries.hold(desk)
        rules.check_still_open(poll_queries.goes_on(poll))
        yield


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
    key = queries.acknowledging_key(row.pk, row.fingerprint)
    return [b64(acknowledge(key, manifest.digest, slip)) for slip in slips]


def _put_into_box(poll: Poll, slips: tuple[Slip, ...]) -> None:
    documents = {slip.serial: canonical(slip.to_json()) for slip in slips}
    if len(documents) != len(slips):
        raise rules.refused_by_the_box("malformed")
    _check_has_box(poll)
    with box_queries.at_box(poll.key) as box:
        box_queries.hold(box)
        rules.check_still_open(poll_queries.goes_on(poll))
        if reason := rules.held_back(box_queries.held(poll.key, documents)):
            raise rules.refused_by_the_box(reason)
        known = boxes.add_slips(poll=poll.key, slips=documents)
        if not known:
            return
        for serial, document in box_queries.slips(poll.key, known, for_change=True).items():
            rules.check_replaces(documents[serial], document)
        boxes.change_slips(poll=poll.key, slips={serial: documents[serial] for serial in known})


def _check_has_box(poll: Poll) -> None:
    """A request that was on its way while the poll was closed finds neither desk nor box, and is told so in words."""
    if not box_queries.has_box(poll.key):
        rules.check_still_open(poll_queries.goes_on(poll))


def _entry(poll: Poll, code: str) -> RollEntry:
    entry = queries.roll_entry_with_code(poll, code)
    if entry is None:
        raise queries.refusal_of(poll, code)
    return entry


@transaction.atomic
def name_issuer(
    *, poll: Poll, pool: VoterPool, issuer: str, name: dict[str, str], address: str, at: datetime, by: Person
) -> VoterPool:
    """Name a second issuer for a pool of a drafted poll, or change what is counted of it; its earlier answer is then void.

    Raises PollRefused for the office's own name, an address that is none, or an opened poll; ConcernRefused, as do the
    other actions here, for people of the office who are rated or administer the rated.
    """
    poll, pool = _rows(poll, pool, at, by)
    poll_rules.check_drafted(poll)
    rules.check_issuer_name(issuer)
    pool.issuer, pool.issuer_name, pool.issuer_address = issuer, name, rules.origin_of(address)
    _forget_answer(pool)
    pool.save()
    done(
        "ballots.name_issuer", poll, at=at, by=by, pool=pool.slug, issuer=issuer, name=name, address=pool.issuer_address
    )
    return pool


@transaction.atomic
def dismiss_issuer(*, poll: Poll, pool: VoterPool, at: datetime, by: Person) -> VoterPool:
    """Let the office issue alone again, before the poll opens. Does nothing where no second issuer is named."""
    poll, pool = _rows(poll, pool, at, by)
    poll_rules.check_drafted(poll)
    if not pool.issuer:
        return pool
    done("ballots.dismiss_issuer", poll, at=at, by=by, pool=pool.slug, issuer=pool.issuer)
    pool.issuer, pool.issuer_name, pool.issuer_address = "", None, ""
    _forget_answer(pool)
    pool.save()
    return pool


def replace_slips(*, poll: Poll, slips: Iterable[Slip]) -> None:
    """Put slips that two people keyed into the box, in place of whatever is there. They were checked when they were keyed.

    For the caller who holds the poll's lock.
    """
    documents = {slip.serial: canonical(slip.to_json()) for slip in slips}
    known = boxes.add_slips(poll=poll.key, slips=documents)
    box_queries.slips(poll.key, known, for_change=True)
    boxes.change_slips(poll=poll.key, slips={serial: documents[serial] for serial in known})


def forget_keys_of_what_is_over() -> None:
    """Drop the private keys that this process has read of polls that ended in any process.

    Every web worker calls this again and again; nothing is asked while no key is remembered.
    """
    for memory in (queries.keys_for_signing, queries.keys_for_acknowledging):
        memory.keep_only(_still_open)


def _still_open(fingerprints: list[str]) -> Iterable[str]:
    rows = Poll.objects.filter(fingerprint__in=fingerprints, state=Poll.State.OPENED)
    return rows.values_list("fingerprint", flat=True)
