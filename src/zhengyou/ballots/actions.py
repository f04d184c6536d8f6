"""Keys, opening, extending, codes, issuing tokens, taking slips, a second issuer's letters.

Issuing and casting write no journal entry, no time, no address and no counter.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connections, transaction
from django.utils.translation import gettext_lazy as _

from blindballot.box import issuer_files as documents
from blindballot.box.issuing import IssuerKey, sign_all
from blindballot.box.receiving import SlipRefused, acknowledge, check_slip, read_cast_request, read_issue_request
from blindballot.format.encoding import FormatError, b64, canonical, parse_canonical, sha256
from blindballot.format.keyring import keys_path
from blindballot.format.keys import generate_acknowledgement_key, generate_point_key, key_to_pem
from blindballot.format.manifest import Manifest, read_manifest
from blindballot.format.rsabssa import BlindSignatureError
from blindballot.format.slips import Slip
from zhengyou.ballots import queries, rules
from zhengyou.ballots.models import AcknowledgementKey, BoxHeldSerial, BoxSlip, ClosingKey, LineKey
from zhengyou.base import codes, job_files, locks
from zhengyou.base.deeds import done, locked
from zhengyou.base.entries import Erasable, Public
from zhengyou.base.time import local_day
from zhengyou.base.words import in_readers_words
from zhengyou.burden import actions as burden_actions
from zhengyou.burden.models import month_of
from zhengyou.burden.rules import BY_SLUG, Asking
from zhengyou.identity import actions as identity_actions
from zhengyou.identity import queries as identity
from zhengyou.organisations.models import Person
from zhengyou.polls import queries as poll_queries
from zhengyou.polls import rules as poll_rules
from zhengyou.polls.models import Poll, PollExtension, RollEntry, VoterPool


def lock_slips(poll: Poll, *, alone: bool = False) -> None:
    """Ballots hold this lock together, the close holds it alone: no slip is acknowledged that the close does not see."""
    hold = locks.alone if alone else locks.together
    hold(locks.SLIPS, poll.pk, using="box")


def empty_box(*, polls: list[UUID]) -> None:
    """Delete the slips and held serials of these polls from the box."""
    for model in (BoxSlip, BoxHeldSerial):
        model.objects.filter(poll__in=polls).delete()


def destroy_keys(*, poll: Poll) -> None:
    """Destroy all private keys of a poll, letters with codes that nobody took, and what was shown of its turnout."""
    job_files.drop_about(poll.reference)
    ClosingKey.objects.filter(pool__poll=poll).delete()
    AcknowledgementKey.objects.filter(poll=poll).delete()
    LineKey.objects.filter(pool__poll=poll).update(private_key=None)
    VoterPool.objects.filter(poll=poll).update(turnout_shown=None, turnout_shown_at=None)


@contextmanager
def house_and_box(poll: Poll) -> Iterator[None]:
    """One act in both databases, excluded by the close. The box commits first: what is done again must be the same there."""
    with transaction.atomic(), transaction.atomic(using="box"):
        lock_slips(poll)
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
    lines = [line["id"] for line in poll_queries.sheet_lines(poll)]
    pools = poll_queries.pools_of(poll)
    for pool in pools:
        made = set(LineKey.objects.filter(pool=pool, issuer=rules.ISSUER).values_list("line", flat=True))
        for line in lines:
            if count and line not in made:
                key = IssuerKey.generate()
                row = LineKey(pool=pool, line=line, issuer=rules.ISSUER, modulus=key.n.to_bytes(256, "big"))
                row.private_key = key.to_pem(settings.KEY_PASSWORD)
                LineKey.objects.bulk_create([row], ignore_conflicts=True)
                count -= 1
    return queries.keys_missing(pools, len(lines))


@transaction.atomic
def open_poll(*, poll: Poll, at: datetime, by: Person) -> Poll:
    """Freeze rolls, keys and rules into the poll's manifest and open it. Raises PollRefused while something is missing, and
    BurdenRefused where members would be asked for more than the rules allow.
    """
    locks.together(locks.BOX)
    row = locked(poll, "cycle__campaign")
    pools = poll_queries.pools_of(row)
    lines = poll_queries.sheet_lines(row)
    units = len({line["unit"] for line in lines})
    missing = queries.keys_missing(pools, len(lines))
    poll_rules.check_is_not_concerned(row, by, at)
    watching = len(poll_queries.scrutineers_of(row))
    rules.check_may_open(row, units=units, pools=len(pools), keys_missing=missing, scrutineers=watching, at=at)
    waiting = queries.pools_waiting_for_issuer(row, pools, poll_queries.pool_sizes(row), lines)
    rules.check_issuers_ready([in_readers_words(pool.name) for pool in waiting])
    for other, difference in queries.differences_from_other_polls(row):
        rules.check_differs_enough(difference, local_day(other.opens_at))
    _ask_voters(row, units, at, by)
    manifest = _freeze(row, pools, lines)
    row.manifest, row.fingerprint = manifest.data.decode(), manifest.fingerprint
    row.state, row.opened_by = Poll.State.OPENED, by
    row.save()
    done(
        "ballots.open_poll",
        row,
        at=at,
        by=by,
        public=queries.public_opening(row, manifest),
        fingerprint=row.fingerprint,
        pools={pool.slug: pool.name for pool in pools},
    )
    return row


def _ask_voters(poll: Poll, units: int, at: datetime, by: Person) -> None:
    """A poll asks every member on its rolls for the minutes its sheet takes. Raises BurdenRefused above the cap."""
    form, month = BY_SLUG["ballot"], month_of(local_day(poll.opens_at))
    homes = poll_queries.homes_of_voters(poll)
    asked = [Asking(form, home, month, form.minutes(units)) for home in homes]
    burden_actions.ask(asked=asked, about=poll, cap=poll.cycle.ruleset.burden, at=at, by=by)


def _freeze(poll: Poll, pools: list[VoterPool], lines: list[dict[str, Any]]) -> Manifest:
    """The manifest of a poll that opens, with fresh keys for its pools and its box, of which the private halves are kept."""
    acknowledging, closing = generate_acknowledgement_key(), {pool.pk: generate_point_key() for pool in pools}
    AcknowledgementKey.objects.create(poll=poll, private_key=key_to_pem(acknowledging, settings.KEY_PASSWORD))
    ClosingKey.objects.bulk_create(
        ClosingKey(pool_id=pool, private_key=key_to_pem(key, settings.KEY_PASSWORD)) for pool, key in closing.items()
    )
    return read_manifest(canonical(queries.manifest_to_freeze(poll, pools, lines, acknowledging, closing)))


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
        counted = documents.read_statement(statement, bytes(pool.issuer_key or b""))
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


def write_issuer_request(poll: Poll, pool: VoterPool, origin: str) -> bytes:
    """The request file for a pool's second issuer. Raises PollRefused if it names none."""
    rules.check_names_issuer(pool)
    return queries.issuer_request_file(poll, pool, origin)


def write_issuer_opening(poll: Poll) -> bytes:
    """The manifest and key documents of an opened poll, in the one file that second issuers open it with."""
    keys = queries.public_keys(poll)
    return documents.write_opening(poll.manifest, list(keys.documents))


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
        raise rules.document_refused(_("This reply has keys for other lines than the sheet's. Have it made once more."))
    given = list(answer.moduli.values())
    others = LineKey.objects.filter(pool__poll=poll).exclude(pool=pool, issuer=pool.issuer)
    if len(set(given)) != len(given) or set(given) & {bytes(key) for key in others.values_list("modulus", flat=True)}:
        raise rules.document_refused(
            _("This reply uses a key twice, or one of the office's own. Have it made once more.")
        )


def _keep_keys(pool: VoterPool, answer: documents.IssuerReply) -> None:
    _forget_answer(pool)
    LineKey.objects.bulk_create(
        LineKey(pool=pool, line=line, issuer=pool.issuer, modulus=modulus) for line, modulus in answer.moduli.items()
    )
    pool.issuer_key, pool.issuer_request = answer.statement_key, answer.request
    pool.save(update_fields=ANSWERED)


def hand_out_poll_codes(*, poll: Poll, people: Iterable[Person], at: datetime, by: Person) -> dict[int, str]:
    """Fresh codes for people on the roll, by person id; told once, never stored. Earlier codes of theirs stop working.

    Raises PollRefused unless the poll is open.
    """
    made = {person.pk: codes.fresh() for person in people}
    replace_poll_codes(poll=poll, made=made, at=at, by=by)
    return made


@transaction.atomic
def replace_poll_codes(*, poll: Poll, made: dict[int, str], at: datetime, by: Person) -> None:
    """Let codes made before, by person id, work from now on in place of these people's earlier ones. Atomic.

    Raises PollRefused unless the poll is open.
    """
    row = locked(poll, "cycle__campaign")
    rules.check_may_hand_out(row)
    poll_rules.check_is_not_concerned(row, by, at)
    identity_actions.keep_codes(purpose=row.reference, handed_out=made)
    done("ballots.hand_out_poll_codes", row, at=at, by=by, count=len(made))


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
        "renewed": identity.is_renewed(row.reference, code),
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
    signing = queries.signing_keys(entry.pool_id, row.fingerprint)
    with transaction.atomic():
        entry = locked(entry, "pool")
        rules.check_may_issue(entry, request.digest)
        try:
            signatures = sign_all(signing, request.blinded)
        except BlindSignatureError as error:
            raise rules.refused_by_the_box("malformed") from error
        if not entry.is_issued:
            entry.is_issued, entry.request_digest = True, request.digest
            entry.save(update_fields=["is_issued", "request_digest"])
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
    key = queries.acknowledging_key(row.pk, row.fingerprint)
    return [b64(acknowledge(key, manifest.digest, slip)) for slip in slips]


# One statement for the whole stack, in the order of its keys, so that two stacks never wait for each other in a circle.
# Serials that are held back are left out.
_PUT = """
INSERT INTO {slips} AS kept (key, poll, line, version, document)
SELECT key, %s, line, version, document
FROM unnest(%s::bytea[], %s::text[], %s::bigint[], %s::bytea[]) AS sent (key, line, version, document)
WHERE NOT EXISTS (SELECT FROM {held} AS held WHERE held.key = sent.key)
ON CONFLICT (key) DO UPDATE SET version = excluded.version, document = excluded.document
WHERE kept.poll = excluded.poll AND kept.line = excluded.line AND
(kept.version < excluded.version OR kept.document = excluded.document)
"""


def _put_into_box(poll: Poll, slips: tuple[Slip, ...]) -> None:
    tables = {"slips": BoxSlip._meta.db_table, "held": BoxHeldSerial._meta.db_table}
    rows = sorted(
        (sha256(slip.serial), f"{slip.pool}/{slip.line}", slip.version, canonical(slip.to_json())) for slip in slips
    )
    keys, *columns = map(list, zip(*rows, strict=True))
    if len(set(keys)) != len(keys):
        raise rules.refused_by_the_box("malformed")
    with transaction.atomic(using="box"), connections["box"].cursor() as cursor:
        lock_slips(poll)
        rules.check_still_open(Poll.objects.filter(pk=poll.pk, state=Poll.State.OPENED).exists())
        cursor.execute(_PUT.format(**tables), [poll.key, keys, *columns])
        if cursor.rowcount != len(keys):
            raise rules.refused_by_the_box(rules.held_back(queries.held_serials(keys)) or "superseded")


def _entry(poll: Poll, code: str) -> RollEntry:
    person = identity.person_with_code(poll.reference, code)
    entry = RollEntry.objects.select_related("pool").filter(poll=poll, person=person).first() if person else None
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


def hold_back(*, poll: Poll, keys: Iterable[bytes]) -> None:
    """Let the box take none of these serials (by hash) until they are released. Sorted: the rows lie in no order of printing."""
    BoxHeldSerial.objects.bulk_create(BoxHeldSerial(key=key, poll=poll.key) for key in sorted(keys))


def settle_held(*, poll: Poll, released: Iterable[bytes], cancelled: Iterable[bytes]) -> None:
    """Let the box take the released serials from now on, and the cancelled ones never, whatever was settled before.

    The box commits before the house: a draw cut off between the two is settled again, perhaps otherwise.
    """
    BoxHeldSerial.objects.filter(key__in=list(released)).delete()
    rows = [BoxHeldSerial(key=key, poll=poll.key, is_cancelled=True) for key in sorted(cancelled)]
    BoxHeldSerial.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["key"], update_fields=["is_cancelled"]
    )


def replace_slips(*, poll: Poll, slips: Iterable[tuple[bytes, bytes]]) -> None:
    """Put slips that two people keyed into the box, (hash of the serial, document), in place of whatever is there.

    For the caller who holds the poll's lock; the slips were checked when they were keyed.
    """
    rows = []
    for key, document in sorted(slips):
        slip = Slip.from_json(parse_canonical(document))
        rows.append(
            BoxSlip(key=key, poll=poll.key, line=f"{slip.pool}/{slip.line}", version=slip.version, document=document)
        )
    BoxSlip.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["key"], update_fields=["version", "document"]
    )


def forget_keys_of_what_is_over() -> None:
    """Drop the private keys that this process has read of polls that ended in any process.

    Every web worker calls this again and again; nothing is asked while no key is remembered.
    """
    for memory in (queries.keys_for_signing, queries.keys_for_acknowledging):
        memory.keep_only(_still_open)


def _still_open(fingerprints: list[str]) -> Iterable[str]:
    rows = Poll.objects.filter(fingerprint__in=fingerprints, state=Poll.State.OPENED)
    return rows.values_list("fingerprint", flat=True)
