"""Keys before the opening; after the close the handover, shares passed on, and words signed. What was handed over is destroyed in time."""

import secrets
from datetime import datetime
from pathlib import Path

from django.db import transaction

from blindballot.format.cosigning import LONGEST_COSIGNATURE, Cosignature, read_cosignature
from blindballot.format.encoding import FormatError
from blindballot.format.handover import passed_length, read_passed
from blindballot.format.record import BOARD
from blindballot.format.scrutineers import NONCE_LENGTH, check_answer, read_card
from blindballot.verifying.wordcheck import check_word
from zhengyou.base.deeds import done, locked
from zhengyou.base.entries import SCRUTINEER, Erasable, Public
from zhengyou.counting import actions as counting_actions
from zhengyou.counting import queries as counting
from zhengyou.organisations.models import Person
from zhengyou.polls import queries as polls
from zhengyou.polls.models import Poll, PollScrutineer
from zhengyou.scrutiny import queries, rules
from zhengyou.scrutiny.models import PassedShares, ScrutineerWord


@transaction.atomic
def register_keys(*, poll: Poll, card: str, at: datetime, by: Person) -> PollScrutineer:
    """Take a scrutineer's public keys, to be tried next; new ones replace the old. Raises ScrutinyRefused."""
    row, registered = _registered(poll, by)
    rules.check_may_change_keys(row)
    try:
        keys = read_card(card.encode())
    except FormatError as error:
        raise rules.unreadable_card() from error
    others = PollScrutineer.objects.filter(poll=row).exclude(pk=registered.pk)
    taken = {bytes(key or b"") for pair in others.values_list("signing_key", "decryption_key") for key in pair}
    rules.check_is_not_anothers(bool({keys.signing_key, keys.decryption_key} & taken))
    registered.signing_key, registered.decryption_key = keys.signing_key, keys.decryption_key
    registered.nonce, registered.tried_at = secrets.token_bytes(NONCE_LENGTH), None
    registered.save(update_fields=["signing_key", "decryption_key", "nonce", "tried_at"])
    done("scrutiny.register_keys", row, at=at, by=by)
    return registered


@transaction.atomic
def try_keys(*, poll: Poll, answer: str, at: datetime, by: Person) -> PollScrutineer:
    """Take the answer to the test: the registered keys open what is sealed to them, and sign. Raises ScrutinyRefused."""
    row, registered = _registered(poll, by)
    rules.check_may_change_keys(row)
    rules.check_has_card(registered)
    if registered.tried_at is not None:
        return registered
    try:
        check_answer(queries.card_of(registered), str(row.key), bytes(registered.nonce or b""), answer.encode())
    except FormatError as error:
        raise rules.wrong_answer() from error
    registered.nonce, registered.tried_at = None, at
    registered.save(update_fields=["nonce", "tried_at"])
    done("scrutiny.try_keys", row, at=at, by=by)
    return registered


@transaction.atomic
def hand_over(*, poll: Poll, at: datetime, by: Person) -> Path:
    """Where what is handed over of a closed poll lies, for one of its scrutineers; put on record each time. Raises ScrutinyRefused."""
    row, registered = _registered(poll, by)
    rules.check_is_closed(row)
    rules.check_handover_is_there(queries.is_handover_there(row))
    if registered.handed_at is None:
        registered.handed_at = at
        registered.save(update_fields=["handed_at"])
    done("scrutiny.hand_over", row.reference, at=at, by=by)
    return counting.handover_file(row)


@transaction.atomic
def pass_shares(*, poll: Poll, lines: str, at: datetime, by: Person) -> int:
    """Leave one's sealed shares for the other scrutineers; later ones replace earlier ones. Returns for how many people.

    What is sealed cannot be read here. Raises ScrutinyRefused for lines that are not one's own, or not for a scrutineer.
    """
    row, registered = _registered(poll, by)
    rules.check_is_closed(row)
    rules.check_handover_is_there(queries.is_handover_there(row))
    manifest = queries.manifest_of(row)
    try:
        own = queries.id_in_manifest(manifest, registered)
        people = {queries.id_in_manifest(manifest, each): each.person for each in polls.scrutineers_of(row)}
        given = lines.split()
        if not 0 < len(given) < len(people):
            raise FormatError("a line for each of the others at most")
        passed = {sent.receiver: (sent, line) for line in given for sent in [read_passed(manifest, line.encode())]}
        size = passed_length(len(queries.places_handed(row)))
        if len(passed) != len(given) or any(
            sent.sender != own or len(sent.sealed) != size for sent, _line in passed.values()
        ):
            raise FormatError("not one's own shares, once to each")
    except FormatError as error:
        raise rules.no_shares() from error
    for sent, line in passed.values():
        PassedShares.objects.update_or_create(
            poll=row, sender=by, receiver=people[sent.receiver], defaults={"line": line}
        )
    done("scrutiny.pass_shares", row.reference, at=at, by=by, count=len(passed))
    return len(passed)


@transaction.atomic
def hand_in(*, poll: Poll, passed: str, cosignature: str, at: datetime, by: Person) -> None:
    """Take one's shares for others, a signed word, or both: all or nothing. Raises ScrutinyRefused, also for neither."""
    rules.check_is_something(passed.strip(), cosignature.strip())
    if passed.strip():
        pass_shares(poll=poll, lines=passed, at=at, by=by)
    if cosignature.strip():
        sign_word(poll=poll, line=cosignature, at=at, by=by)


@transaction.atomic
def sign_word(*, poll: Poll, line: str, at: datetime, by: Person) -> ScrutineerWord:
    """Take a scrutineer's signed word on the record, public at once; it then stands beside the record. Raises ScrutinyRefused.

    Who has only seen the record may recount later.
    """
    row, registered = _registered(poll, by)
    rules.check_is_closed(row)
    said = _read_word(row, registered, line.strip())
    rules.check_may_sign(queries.word_of(row, by), said.kind)
    if said.kind == ScrutineerWord.Kind.CHECKED:
        handed = set(queries.places_handed(row))
        rules.check_lines(len(handed & set(said.lines)), len(handed))
    kept = {"kind": said.kind, "line": line.strip(), "remark": said.remark, "signed_at": at}
    word, _is_new = ScrutineerWord.objects.update_or_create(poll=row, person=by, defaults=kept)
    told = {
        "record": row.record_fingerprint,
        "kind": said.kind,
        "lines": len(said.lines),
        "remark": Erasable(said.remark, is_public=True),
    }
    public = Public(told, about=row.reference, by=SCRUTINEER)
    facts = {"kind": said.kind, "record": row.record_fingerprint, "remark": said.remark}
    done("scrutiny.sign_word", row, at=at, by=by, public=public, **facts)
    counting_actions.put_cosignatures(poll=row, lines=_words_in_order(row))
    forget_handover(poll=row, at=at)
    return word


def _read_word(poll: Poll, registered: PollScrutineer, line: str) -> Cosignature:
    manifest = queries.manifest_of(poll)
    try:
        if len(line.encode()) >= LONGEST_COSIGNATURE:
            raise FormatError("too long")
        said = read_cosignature(manifest, poll.record_fingerprint, line.encode())
        if said.scrutineer != queries.id_in_manifest(manifest, registered):
            raise FormatError("of another scrutineer")
        # Last, since it may read the whole board.
        check_word(said, manifest, queries.counts_of(poll, manifest), counting.record_path(poll, BOARD))
    except FormatError as error:
        raise rules.no_word() from error
    return said


def _words_in_order(poll: Poll) -> list[str]:
    """The signed lines in the manifest's order of scrutineers."""
    manifest = queries.manifest_of(poll)
    order = {each.id: place for place, each in enumerate(manifest.scrutineers)}
    lines = {row.person_id: row.line for row in queries.words_of(poll)}
    rows = [row for row in polls.scrutineers_of(poll) if row.person_id in lines]
    rows.sort(key=lambda row: order[queries.id_in_manifest(manifest, row)])
    return [lines[row.person_id] for row in rows]


def forget_handover(*, poll: Poll, at: datetime) -> bool:
    """Destroy what was handed over, and shares passed on, once it is time; whether it was. Idempotent."""
    recounted = sum(row.kind == ScrutineerWord.Kind.CHECKED for row in queries.words_of(poll))
    if not rules.is_handover_due_to_go(poll, recounted, at):
        return False
    PassedShares.objects.filter(poll=poll).delete()
    counting_actions.destroy_handover(poll=poll)
    return True


def forget_handovers(*, at: datetime) -> None:
    """The same for every closed poll of which something is still here. Called again and again by whoever keeps the servers."""
    for poll in counting.polls_with_handover():
        forget_handover(poll=poll, at=at)


def _registered(poll: Poll, person: Person) -> tuple[Poll, PollScrutineer]:
    row = locked(poll)
    registered = rules.check_is_registered(polls.registration_of(row, person))
    registered.poll = row
    return row, registered
