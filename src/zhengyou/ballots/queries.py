"""Keys, manifests and roll entries as booth and box need them; private keys are read once a process."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from django.conf import settings
from django.db.models import Q, QuerySet

from blindballot.box import issuer_files
from blindballot.box.issuing import IssuerKey
from blindballot.box.key_memory import KeyMemory
from blindballot.closing.overlaps import smallest_difference
from blindballot.format.encoding import b64, canonical, fingerprint, parse_canonical
from blindballot.format.keyring import Keyring, key_document, keys_root
from blindballot.format.keys import (
    acknowledgement_bytes,
    acknowledgement_key_from_pem,
)
from blindballot.format.manifest import Manifest, read_manifest, roll_leaf, roll_root
from blindballot.format.rolls import write_entry
from blindballot.format.sealing import closing_key
from blindballot.format.slips import Slip
from zhengyou.ballots import rules
from zhengyou.ballots.models import LineKey, PlatformKey
from zhengyou.ballots.rules import ISSUER, check_names_issuer
from zhengyou.base import codes
from zhengyou.base.entries import Public
from zhengyou.base.time import instant_text
from zhengyou.base.words import in_readers_words, one_line, one_line_each
from zhengyou.boxes import queries as boxes
from zhengyou.campaigns import queries as campaigns
from zhengyou.organisations.models import Person
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import (
    Poll,
    PollScrutineer,
    QuestionOption,
    RatedOrganisation,
    RatedPerson,
    RollEntry,
    VoterPool,
)


def issuers_of(pool: VoterPool) -> list[str]:
    """Who issues tokens to a pool, in the manifest's order: the office, then the second issuer if one is named."""
    return [ISSUER, pool.issuer] if pool.issuer else [ISSUER]


def keys_missing(pools: list[VoterPool], lines: list[dict[str, Any]]) -> int:
    """How many keys the office still has to make for these pools and lines before their poll can open; a second issuer makes its own.

    Keys of lines that were taken off the sheet do not count.
    """
    ids = [line["id"] for line in lines]
    return len(pools) * len(ids) - LineKey.objects.filter(pool__in=pools, line__in=ids, issuer=ISSUER).count()


def issuer_request(poll: Poll, pool: VoterPool, size: int, lines: list[dict[str, Any]]) -> dict[str, Any]:
    """What is asked of a pool's second issuer, but for the site's own address: as the poll stands now."""
    return {
        "format": issuer_files.REQUEST,
        "poll": str(poll.key),
        "pool": pool.slug,
        "pool_name": pool.name,
        "issuer": pool.issuer,
        "name": pool.issuer_name,
        "title": poll.name,
        "opens_at": instant_text(poll.opens_at),
        "closes_at": instant_text(poll.closes_at),
        "size": size,
        "lines": lines,
        "criteria": [asdict(one) for one in poll.cycle.ruleset.items_for(persons=poll.is_of_persons)],
    }


def issuer_request_now(poll: Poll, pool: VoterPool) -> dict[str, Any]:
    """What is asked of a pool's second issuer, read from the tables."""
    return issuer_request(poll, pool, RollEntry.objects.filter(pool=pool).count(), poll_queries.sheet_lines(poll))


def request_digest(request: dict[str, Any]) -> str:
    """The fingerprint by which a reply names the request it answers."""
    return fingerprint(canonical(request))


def issuer_request_file(poll: Poll, pool: VoterPool, origin: str) -> bytes:
    """The request with the address of the site whose booth will ask, as the file to hand on. Raises PollRefused without an issuer."""
    check_names_issuer(pool)
    return canonical({**issuer_request_now(poll, pool), "origin": origin})


def issuer_opening_file(poll: Poll) -> bytes:
    """The manifest and key documents of an opened poll, in the one file that second issuers open it with."""
    return issuer_files.write_opening(poll.manifest, list(public_keys(poll).documents))


def pools_waiting_for_issuer(
    poll: Poll, pools: list[VoterPool], sizes: dict[int, tuple[int, int]], lines: list[dict[str, Any]]
) -> list[VoterPool]:
    """The pools whose second issuer has not answered the request as it now stands."""
    asked = {pool.pk: issuer_request(poll, pool, sizes[pool.pk][0], lines) for pool in pools if pool.issuer}
    return [pool for pool in pools if pool.issuer and pool.issuer_request != request_digest(asked[pool.pk])]


def is_extended(poll: Poll) -> bool:
    """Whether an open poll closes later than its manifest says, which a second issuer has to be told."""
    return bool(poll.manifest) and poll_queries.manifest_document(poll)["closes_at"] < instant_text(poll.closes_at)


def names_of_issuers_without_statement(poll: Poll) -> list[str]:
    """Second issuers that have not stated their count, as the reader calls them."""
    return [
        in_readers_words(pool.issuer_name)
        for pool in poll_queries.pools_of(poll)
        if pool.issuer and pool.issuer_count is None
    ]


def key_documents(pools: list[VoterPool], lines: list[str]) -> list[bytes]:
    """The pools' key documents (docs/ballots.md) of an opened poll, from the keys of these lines."""
    documents = []
    for pool in pools:
        rows = list(LineKey.objects.filter(pool=pool))
        moduli = {(row.line, row.issuer): int.from_bytes(row.modulus, "big") for row in rows}
        closing = {row.line: bytes(row.closing_key or b"") for row in rows if row.issuer == ISSUER}
        listed = [(line, closing[line], [moduli[line, one] for one in issuers_of(pool)]) for line in lines]
        documents.append(key_document(pool.slug, listed))
    return documents


@lru_cache(maxsize=8)
def open_manifest_and_keys(poll_id: int, fingerprint: str) -> tuple[Manifest, Keyring]:
    """The manifest and public keys of an open poll, read once a process."""
    row = Poll.objects.get(pk=poll_id, fingerprint=fingerprint)
    manifest = read_manifest(row.manifest.encode())
    documents = key_documents(poll_queries.pools_of(row), [line.id for line in manifest.lines])
    return manifest, Keyring.read(manifest, documents)


def public_keys(poll: Poll) -> Keyring:
    """The public keys of an opened poll, as its key documents list them."""
    return open_manifest_and_keys(poll.pk, poll.fingerprint)[1]


def differences_from_other_polls(poll: Poll) -> list[tuple[Poll, int | None]]:
    """The other polls of the cycle that tell, or will tell, of an organisation on this sheet; each with the fewest people by
    whom pools of the two differ. Pools without a valid verdict tell nothing and are left out.
    """
    units = RatedOrganisation.objects.filter(poll=poll).values("organisation")
    graded = RatedOrganisation.objects.filter(organisation__in=units).values("poll")
    people = RatedPerson.objects.filter(poll=poll).values("person")
    judged = RatedPerson.objects.filter(person__in=people).values("poll")
    # Marks and orders of preference have no figure in common, so each kind is compared with its own.
    options = QuestionOption.objects.filter(question__poll=poll)
    named = options.exclude(organisation=None).values("organisation")
    ranked = QuestionOption.objects.filter(organisation__in=named).values("question__poll")
    # Nobody can tell whether two texts mean one thing, so whatever is typed by hand is taken for the same.
    by_hand = QuestionOption.objects.filter(organisation=None).values("question__poll")
    is_by_hand = options.filter(organisation=None).exists()
    told = Poll.objects.filter(cycle=poll.cycle_id, state__in=[Poll.State.OPENED, Poll.State.CLOSED])
    told = told.filter(
        Q(pk__in=graded) | Q(pk__in=judged) | Q(pk__in=ranked) | (Q(pk__in=by_hand) if is_by_hand else Q(pk__in=[]))
    )
    own = _rolls(poll)
    return [(other, smallest_difference(own, _rolls(other))) for other in told.exclude(pk=poll.pk)]


def _rolls(poll: Poll) -> list[set[int | str]]:
    """The people of each pool; of a closed poll only those of pools whose verdict is valid."""
    rows = RollEntry.objects.filter(poll=poll)
    if poll.state == Poll.State.CLOSED:
        rows = rows.filter(pool__verdict=VoterPool.Verdict.VALID)
    people: dict[int, set[int | str]] = {}
    for pool, person, guest in rows.values_list("pool", "person", "guest__likeness"):
        people.setdefault(pool, set()).add(person or guest)
    return list(people.values())


def roll_entry(poll: Poll, person: Person | None) -> RollEntry | None:
    """A person's own entry on the roll of a poll that has been opened, with its mark, or None."""
    rows = RollEntry.objects.select_related("pool", "person", "guest", "poll").filter(poll=poll, person=person)
    return _one_with_mark(rows.exclude(poll__state=Poll.State.DRAFTED))


def roll_entry_with_code(poll: Poll, code: str) -> RollEntry | None:
    """The entry of whoever this one-time code belongs to, with its mark, or None. Codes go with the close."""
    if not code or poll.state != Poll.State.OPENED or not boxes.has_box(poll.key):
        return None
    entry = boxes.entry_with_code(poll.key, code_digest(poll, code))
    if entry is None:
        return None
    return _one_with_mark(
        RollEntry.objects.select_related("pool", "person", "guest", "poll").filter(poll=poll, pk=entry)
    )


def _one_with_mark(rows: QuerySet[RollEntry]) -> RollEntry | None:
    row = rows.first()
    return poll_queries.with_marks(row.poll, [row])[0] if row else None


def code_digest(poll: Poll, code: str) -> bytes:
    """What the desk keeps of a one-time code; it may be typed as carelessly as `codes.plain` forgives."""
    return bytes.fromhex(codes.digest(poll.reference, code))


def refusal_of(poll: Poll, code: str) -> rules.BallotRefused:
    """Why a code that is nobody's is refused: a newer one took its place, or it is on no roll."""
    is_replaced = boxes.is_replaced(poll.key, code_digest(poll, code))
    return rules.code_is_replaced() if is_replaced else rules.unknown_code()


def entries_with_codes(poll: Poll) -> set[int]:
    """The entries of the roll that have a working code; before the opening and after the close none has."""
    return boxes.entries_with_codes(poll.key) if poll.state == Poll.State.OPENED else set()


def roll_entries_of(person: Person) -> list[RollEntry]:
    """A person's entries on the rolls of all polls that have been opened, with their marks, the newest poll first."""
    rows = RollEntry.objects.select_related("poll", "pool").filter(person=person)
    entries = list(rows.exclude(poll__state=Poll.State.DRAFTED).order_by("-poll__opens_at", "-id"))
    is_open = {entry.pk: entry.poll.state == Poll.State.OPENED for entry in entries}
    over = [entry for entry in entries if not is_open[entry.pk]]
    known = poll_queries.marks_in_house([entry.pk for entry in over])
    for entry in over:
        entry.mark = known.get(entry.pk)
    for entry in entries:
        if is_open[entry.pk]:
            poll_queries.with_marks(entry.poll, [entry])
    return entries


def slip_in_box(poll: Poll, serial: bytes) -> Slip | None:
    """The slip of this serial in the box of an open poll, or None."""
    document = boxes.slips(poll.key, [serial]).get(serial)
    return Slip.from_json(parse_canonical(document)) if document else None


def every_slip(poll: Poll) -> Iterator[Slip]:
    """All slips in the box of an open poll, by keyed hashes of their serials."""
    return (Slip.from_json(parse_canonical(document)) for document in boxes.every_slip(poll.key))


def kept_entry(entry: RollEntry) -> bytes:
    """What a person keeps of their entry, to check by themselves that they stand on the announced roll (docs/ballots.md)."""
    leaves = [roll_leaf(bytes(one.nonce), one.voter.number) for one in poll_queries.entries_of(entry.poll, entry.pool)]
    manifest = read_manifest(entry.poll.manifest.encode())
    return write_entry(manifest, entry.pool.slug, leaves, bytes(entry.nonce), entry.voter.number)


def manifest_to_freeze(
    poll: Poll,
    pools: list[VoterPool],
    lines: list[dict[str, Any]],
    keys: Mapping[str, ed25519.Ed25519PrivateKey],
) -> dict[str, Any]:
    """The manifest (docs/ballots.md) under which a poll opens, with the private keys made for it, by purpose."""
    sheet, is_graded = poll.cycle.rules, any("criteria" in line for line in lines)
    items = [asdict(one) for one in poll.cycle.ruleset.items_for(persons=poll.is_of_persons)]
    frozen = campaigns.manifest_of(poll.cycle)
    return {
        "format": "blindballot-manifest-1",
        "poll": str(poll.key),
        "title": one_line_each(poll.name),
        "campaign": frozen.fingerprint if frozen else "",
        "opens_at": instant_text(poll.opens_at),
        "closes_at": instant_text(poll.closes_at),
        "grades": sheet["grades"] if is_graded else [],
        "criteria": items if is_graded else [],
        "lines": [_line_document(line) for line in lines],
        "pools": [_pool_document(pool) for pool in pools],
        "keys_root": b64(keys_root(key_documents(pools, [line["id"] for line in lines]))),
        "scrutineers": [
            _scrutineer_document(place, row) for place, row in enumerate(poll_queries.scrutineers_of(poll), 1)
        ],
        "acknowledgement_key": b64(acknowledgement_bytes(keys[PlatformKey.Purpose.ACKNOWLEDGEMENT])),
        "head_key": b64(acknowledgement_bytes(keys[PlatformKey.Purpose.HEAD])),
        "thresholds": {
            name: sheet["thresholds"][name] for name in ("nothing_below", "band_below", "open_from", "cell", "turnout")
        },
    }


def _line_document(line: dict[str, Any]) -> dict[str, Any]:
    named = {**line, "name": one_line_each(line["name"])}
    if "question" in line:
        options = [{**option, "name": one_line_each(option["name"])} for option in line["question"]["options"]]
        named["question"] = {**line["question"], "options": options}
    return named


def _scrutineer_document(place: int, row: PollScrutineer) -> dict[str, Any]:
    return {
        "id": f"scrutineer-{place}",
        "name": one_line(row.person.name),
        "signing_key": b64(bytes(row.signing_key or b"")),
        "decryption_key": b64(bytes(row.decryption_key or b"")),
    }


def public_opening(poll: Poll, manifest: Manifest) -> Public:
    """What everybody may know of a poll that opens: its window, the manifest's fingerprint, and the roots of rolls and keys."""
    document = poll_queries.manifest_document(poll)
    said = {
        "title": poll.name,
        "opens_at": poll.opens_at,
        "closes_at": poll.closes_at,
        "manifest": manifest.fingerprint,
        "keys_root": document["keys_root"],
        "rolls": [{name: pool[name] for name in ("id", "size", "roll_root")} for pool in document["pools"]],
    }
    return Public(said, about=poll.reference)


def _pool_document(pool: VoterPool) -> dict[str, Any]:
    entries = poll_queries.entries_of(pool.poll, pool)
    return {
        "id": pool.slug,
        "name": one_line_each(pool.name),
        "size": len(entries),
        "roll_root": b64(roll_root(roll_leaf(bytes(entry.nonce), entry.voter.number) for entry in entries)),
        "lines": "all",
        "issuers": issuers_of(pool),
        "statement_keys": [b64(bytes(pool.issuer_key or b""))] if pool.issuer else [],
    }


# By the fingerprint of the poll's manifest.
keys_for_signing: KeyMemory[str, dict[str, IssuerKey]] = KeyMemory()


keys_for_acknowledging: KeyMemory[str, ed25519.Ed25519PrivateKey] = KeyMemory()


def signing_keys(pool_id: int, fingerprint: str) -> dict[str, IssuerKey]:
    """The office's private keys of a pool by line, read once a process while the poll is open."""

    def read() -> dict[str, IssuerKey]:
        rows = LineKey.objects.filter(pool_id=pool_id, issuer=ISSUER)
        return {row.line: IssuerKey.from_pem(bytes(row.private_key or b""), settings.KEY_PASSWORD) for row in rows}

    return keys_for_signing.get(fingerprint, pool_id, read)


def acknowledging_key(poll_id: int, fingerprint: str) -> ed25519.Ed25519PrivateKey:
    """The key that acknowledges slips of an open poll, read once a process while the poll is open."""

    def read() -> ed25519.Ed25519PrivateKey:
        return _private_key(poll_id, PlatformKey.Purpose.ACKNOWLEDGEMENT)

    return keys_for_acknowledging.get(fingerprint, poll_id, read)


def head_key(poll: Poll) -> ed25519.Ed25519PrivateKey:
    """The key that signs the head of the record; only the close reads it. Raises PlatformKey.DoesNotExist afterwards."""
    return _private_key(poll.pk, PlatformKey.Purpose.HEAD)


def closing_keys(poll: Poll, manifest: Manifest) -> dict[tuple[str, str], ec.EllipticCurvePrivateKey]:
    """The private keys that open sealed marks by pool and line, until the close. Raises PlatformKey.DoesNotExist afterwards."""
    seed = _private_key(poll.pk, PlatformKey.Purpose.CLOSING).private_bytes_raw()
    return {(pool, line): closing_key(seed, pool, line) for pool, line in manifest.places}


def _private_key(poll_id: int, purpose: str) -> ed25519.Ed25519PrivateKey:
    row = PlatformKey.objects.get(poll_id=poll_id, purpose=purpose)
    return acknowledgement_key_from_pem(bytes(row.private_key), settings.KEY_PASSWORD)
