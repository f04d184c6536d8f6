"""Paper ballots: sheets printed once and drawn, forms keyed by two people apart, compared, signed by both, put into the box.

No order and no time joins a person with a sheet. A form becomes a sealed slip the moment it is keyed; neither its marks nor
the slip's secret is kept.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Q

from blindballot.box.issuing import IssuerKey
from blindballot.box.paper import (
    KEY_LETTERS,
    NUMBER_LETTERS,
    SHEET_LETTERS,
    SPOILT,
    PaperSecret,
    read_key,
    read_marks,
    secret_of,
    sign_serial,
    slip_number,
    spoilt_marks,
)
from blindballot.box.receiving import SlipRefused, check_slip
from blindballot.format.encoding import FormatError, b64, parse_canonical, unb64
from blindballot.format.keyring import keys_path
from blindballot.format.keys import point_bytes
from blindballot.format.letters import CodeError, fresh_letters, in_groups, read_letters, with_check
from blindballot.format.manifest import Line, Manifest
from blindballot.format.slips import MOST_VERSION, Slip
from blindballot.voter.voting import make_slip
from zhengyou.ballots import actions as ballot_actions
from zhengyou.ballots import queries as ballot_queries
from zhengyou.ballots import rules as ballot_rules
from zhengyou.base.deeds import done, locked
from zhengyou.base.entries import Public
from zhengyou.base.time import local_day
from zhengyou.boxes import actions as boxes
from zhengyou.boxes import queries as box_queries
from zhengyou.identity import queries as identity
from zhengyou.organisations.models import Person, Post
from zhengyou.paper import queries, rules
from zhengyou.paper.models import KEYED, PRINTED, BoxKeyedForm, BoxPaperSlip, PaperBatch
from zhengyou.polls import queries as poll_queries
from zhengyou.polls import rules as poll_rules
from zhengyou.polls.models import Guest, Poll, RollEntry, VoterPool


@dataclass(frozen=True)
class SlipAtHand:
    """The slip of a form that somebody is about to key: its number and line, and whether it is keyed again after a difference."""

    number: str
    line: str
    is_second_look: bool


def count_forms(*, batch: PaperBatch, forms: int, without_slip: int, at: datetime, by: Person) -> PaperBatch:
    """Enter the hand count: forms with a slip, and those without a readable one, which nobody keys. Signatures given fall away.

    Raises PaperRefused.
    """
    with ballot_actions.house_and_box(batch.pool.poll):
        row, poll = _open_batch(batch, at, by)
        rules.check_form_count(row, forms, without_slip, len(poll_queries.sheet_lines(poll)))
        row.forms, row.forms_without_slip = forms, without_slip
        _unsign(row)
        row.save()
        _note("paper.count_forms", poll, row, at, by, forms=forms, without_slip=without_slip)
    return row


def find_slip(*, batch: PaperBatch, scanned: str, at: datetime, by: Person) -> SlipAtHand:
    """The slip whose QR code was scanned or key typed, if this person may key its form now. Changes nothing. Raises PaperRefused."""
    with ballot_actions.house_and_box(batch.pool.poll):
        row, poll = _open_batch(batch, at, by)
        rules.check_is_keyer(row, by)
        slip, _secret = _slip_of(poll, row, scanned)
        again = _check_form(row, slip, _keying_of(row, by) or 0)
    return SlipAtHand(slip.number, slip.line.partition("/")[2], again)


@dataclass(frozen=True)
class KeyedSlip:
    """A form as it was keyed: the number of its slip, and whether it counts or was spoilt."""

    number: str
    counts: bool


def key_form(*, batch: PaperBatch, scanned: str, entries: Sequence[str] | None, at: datetime, by: Person) -> KeyedSlip:
    """Key one form: an entry for each criterion, place or option, or None if it cannot be counted. Entries of a question that
    together are no answer make the form one that cannot be counted, as the paper does.

    Whoever keys first becomes the first keyer, another person the second. Keyed again only where the two differ. Raises
    PaperRefused.
    """
    with ballot_actions.house_and_box(batch.pool.poll):
        row, poll = _open_batch(batch, at, by)
        rules.check_is_keyer(row, by)
        keying = _keying_of(row, by) or _claim(row, by)
        slip, secret = _slip_of(poll, row, scanned)
        again = _check_form(row, slip, keying)
        marks = _marks_of(poll, slip, entries)
        filled = _fill(poll, row, slip, secret, marks)
        form = BoxKeyedForm(keying, again, filled)
        boxes.keep_papers(poll=poll.key, kind=KEYED, batch=row.pk, documents={form.place: form.written()})
        _unsign(row)
        row.save()
    return KeyedSlip(slip.number, SPOILT not in marks)


def take_back_form(*, batch: PaperBatch, number: str, at: datetime, by: Person) -> None:
    """Forget one's own keyed form, so that it can be keyed again. Signatures given fall away. Raises PaperRefused."""
    with ballot_actions.house_and_box(batch.pool.poll):
        row, poll = _open_batch(batch, at, by)
        rules.check_is_keyer(row, by)
        serials = {slip.serial for slip in queries.printed_slips(poll, row) if slip.number == number}
        own = _keying_of(row, by)
        _drop_forms(
            poll, [form for form in queries.keyed_forms(row) if form.keying == own and form.slip.serial in serials]
        )
        _unsign(row)
        row.save()


def restart_keying(*, batch: PaperBatch, keying: int, at: datetime, by: Person) -> PaperBatch:
    """Forget everything that the first (1) or second (2) keyer keyed; somebody else may take the place. Raises PaperRefused."""
    with ballot_actions.house_and_box(batch.pool.poll):
        row, poll = _open_batch(batch, at, by)
        _drop_forms(poll, [form for form in queries.keyed_forms(row) if form.keying == keying])
        setattr(row, "first_keyer" if keying == 1 else "second_keyer", None)
        _unsign(row)
        row.save()
        _note("paper.restart_keying", poll, row, at, by, keying=keying)
    return row


def sign_batch(*, batch: PaperBatch, at: datetime, by: Person) -> PaperBatch:
    """Sign that the batch adds up; a batch without any form is signed by any two.

    With the second signature its slips enter the box, in place of phone versions of the same slips.

    Raises PaperRefused while the hand count and the two keyings are not the same.
    """
    with ballot_actions.house_and_box(batch.pool.poll):
        row, poll = _open_batch(batch, at, by)
        if row.forms == 0 and _keying_of(row, by) is None:
            rules.check_is_keyer(row, by)
            _claim(row, by)
        rules.check_batch_adds_up(row, queries.keyed_counts(row), len(queries.paper_differences(row)), by)
        if by.pk == row.first_keyer_id:
            row.is_signed_by_first = True
        else:
            row.is_signed_by_second = True
        if row.is_signed_by_first and row.is_signed_by_second:
            row.reconciled_at = at
            _enter_slips(poll, row)
        row.save()
        _note("paper.sign_batch", poll, row, at, by, forms=row.forms, entered=row.reconciled_at is not None)
    return row


def _drop_forms(poll: Poll, forms: list[BoxKeyedForm]) -> None:
    boxes.drop_papers(poll=poll.key, kind=KEYED, known=[form.place for form in forms])


def _open_batch(batch: PaperBatch, at: datetime, by: Person) -> tuple[PaperBatch, Poll]:
    """The locked batch of a poll whose forms may be keyed now, by this person."""
    poll, row = locked(batch.pool.poll), locked(batch, "pool__poll")
    rules.check_may_key(poll, row, at, has_role=queries.may_key_paper(by, local_day(at)))
    poll_rules.check_is_not_concerned(poll, by, at)
    return row, poll


def _keying_of(batch: PaperBatch, by: Person) -> int | None:
    places = rules.keyers(batch)
    return places.index(by.pk) + 1 if by.pk in places else None


def _claim(batch: PaperBatch, by: Person) -> int:
    if batch.first_keyer_id is None:
        batch.first_keyer = by
        return 1
    batch.second_keyer = by
    return 2


def _unsign(batch: PaperBatch) -> None:
    batch.is_signed_by_first = batch.is_signed_by_second = False


def _slip_of(poll: Poll, batch: PaperBatch, scanned: str) -> tuple[BoxPaperSlip, PaperSecret]:
    """The batch's released slip with this key, and its secret, which leaves memory with the request."""
    manifest, _keys = ballot_queries.open_manifest_and_keys(poll.pk, poll.fingerprint)
    try:
        secret = secret_of(manifest.digest, read_key(scanned, poll.fingerprint))
    except CodeError as error:
        raise rules.unreadable_key(error.reason) from error
    found = queries.printed_slip(poll, secret.finder)
    return rules.check_slip_of_batch(found, queries.is_cancelled(poll, found), batch), secret


def _check_form(batch: PaperBatch, slip: BoxPaperSlip, keying: int) -> bool:
    """Whether the form is keyed again after a difference; refused if it is not due."""
    own = [form.slip.serial for form in queries.keyed_forms(batch) if form.keying == keying]
    is_keyed = slip.serial in own
    is_disputed = is_keyed and queries.is_disputed(batch, slip.number)
    rules.check_form_may_be_keyed(batch, slip.number, is_keyed=is_keyed, is_disputed=is_disputed, count=len(own))
    return is_disputed


def _fill(poll: Poll, batch: PaperBatch, slip: BoxPaperSlip, secret: PaperSecret, marks: bytes) -> Slip:
    manifest, keys = ballot_queries.open_manifest_and_keys(poll.pk, poll.fingerprint)
    line = slip.line.partition("/")[2]
    held = ballot_queries.slip_in_box(poll, slip.serial)
    version = min((held.version if held else 0) + 1, MOST_VERSION)
    made = make_slip(manifest, keys, (batch.pool.slug, line), secret.serial, (slip.token,), marks, version)
    try:
        check_slip(manifest, keys, made)
    except SlipRefused as refusal:
        raise ballot_rules.refused_by_the_box(refusal.reason) from refusal
    return made


def _marks_of(poll: Poll, slip: BoxPaperSlip, entries: Sequence[str] | None) -> bytes:
    manifest, _keys = ballot_queries.open_manifest_and_keys(poll.pk, poll.fingerprint)
    line = manifest.line_by_id[slip.line.partition("/")[2]]
    if entries is None:
        return spoilt_marks(line)
    return rules.check_entries(read_marks(manifest, line, list(entries)), queries.largest_entry(manifest, line))


@dataclass(frozen=True)
class PrintedSlip:
    """One slip as it is printed: its short number, and its key, which is kept nowhere."""

    line: str
    number: str
    key: str


@dataclass(frozen=True)
class PrintedSheet:
    """One sheet as it is printed: its code on the cover, a slip for every line."""

    code: str
    slips: list[PrintedSlip]


@transaction.atomic
def mark_on_paper(*, poll: Poll, pool: VoterPool, people: Sequence[Person | Guest], at: datetime, by: Person) -> None:
    """These people of a pool vote on paper: a ballot counts as issued to each. All or none. Raises PaperRefused."""
    row = locked(poll)
    poll_rules.check_is_not_concerned(row, by, at)
    rules.check_paper_is_open(row, at)
    rules.check_paper_is_possible(pool)
    with box_queries.at_desk(row.key):
        entries = _locked_entries(row, pool, people)
        rules.check_may_go_on_paper([person.name for person in people], entries)
        boxes.mark_on_paper(poll=row.key, entries=[entry.pk for entry in entries], is_on_paper=True)
    done("paper.mark_on_paper", row, at=at, by=by, pool=pool.slug, people=sorted(person.reference for person in people))


def _locked_entries(poll: Poll, pool: VoterPool, people: Sequence[Person | Guest]) -> list[RollEntry]:
    """These people's entries with their marks, which nobody else changes until the desk's transaction ends."""
    members, guests = ([one for one in people if isinstance(one, kind)] for kind in (Person, Guest))
    rows = RollEntry.objects.select_related("person", "guest").filter(pool=pool, poll=poll)
    rows = rows.filter(Q(person__in=members) | Q(guest__in=guests))
    entries = list(rows.order_by("pk"))
    marks = box_queries.marks(poll.key, [entry.pk for entry in entries], for_change=True)
    for entry in entries:
        entry.mark = marks[entry.pk]
    return entries


@transaction.atomic
def take_off_paper(*, poll: Poll, pool: VoterPool, person: Person | Guest, at: datetime, by: Person) -> None:
    """Take the mark back while no sheet has been printed for it: the person may vote by phone again. Raises PaperRefused."""
    row = locked(poll)
    poll_rules.check_is_not_concerned(row, by, at)
    rules.check_paper_is_open(row, at)
    with box_queries.at_desk(row.key):
        entries = _locked_entries(row, pool, [person])
        rules.check_may_leave_paper(entries[0].mark if entries else None)
        boxes.mark_on_paper(poll=row.key, entries=[entry.pk for entry in entries], is_on_paper=False)
    done("paper.take_off_paper", row, at=at, by=by, pool=pool.slug, person=person)


def print_batch(
    *, poll: Poll, pool: VoterPool, sheets: int, scrutineer: Person, at: datetime, by: Person
) -> tuple[PaperBatch, list[PrintedSheet]]:
    """Make a batch of sheets for everybody who waits for one. What is returned is shown once and printed; no secret is kept.

    The box takes none of these slips before the draw is settled. Raises PaperRefused.
    """
    lines = poll_queries.sheet_lines(poll)
    with ballot_actions.house_and_box(poll):
        row = locked(poll)
        rules.check_paper_is_open(row, at)
        rules.check_paper_is_possible(pool)
        _check_scrutineer(row, scrutineer, at, by)
        waiting = queries.waiting_for_sheets(pool)
        rules.check_may_print(waiting=waiting, sheets=sheets, slips=sheets * len(lines))
        batch = PaperBatch.objects.create(
            pool=pool,
            number=(PaperBatch.objects.filter(pool=pool).aggregate(last=Max("number"))["last"] or 0) + 1,
            people=waiting,
            sheets=sheets,
            scrutineer=scrutineer,
            printed_by=by,
            printed_at=at,
        )
        printed = _make_sheets(row, batch)
        root = queries.root_of_batch(batch)
        batch.root = root
        batch.save(update_fields=["root"])
        boxes.mark_printed(poll=row.key, pool=pool.pk)
        said = {"pool": pool.slug, "number": batch.number, "sheets": sheets, "root": b64(root)}
        public = Public(said, about=row.reference)
        _note("paper.print_batch", row, batch, at, by, public, people=waiting, sheets=sheets, scrutineer=scrutineer)
    return batch, printed


def _check_scrutineer(poll: Poll, scrutineer: Person, at: datetime, by: Person) -> None:
    roles = identity.roles_of(scrutineer, local_day(at))
    rules.check_scrutineer(scrutineer, is_scrutineer=Post.Role.SCRUTINEER in roles, by=by)
    for person in (by, scrutineer):
        poll_rules.check_is_not_concerned(poll, person, at)


def _make_sheets(poll: Poll, batch: PaperBatch) -> list[PrintedSheet]:
    manifest, _keys = ballot_queries.open_manifest_and_keys(poll.pk, poll.fingerprint)
    signing = ballot_queries.signing_keys(batch.pool_id, poll.fingerprint)
    pool = manifest.pool_by_id[batch.pool.slug]
    sheets, rows = [], []
    for _place in range(batch.sheets):
        letters, slips = fresh_letters(SHEET_LETTERS), []
        for line in manifest.lines_of(pool):
            slip, row = _make_slip(manifest, batch, letters, line, signing[line.id])
            slips.append(slip)
            rows.append(row)
        sheets.append(PrintedSheet(in_groups(with_check(letters, 1)), slips))
    documents = {row.finder: row.written() for row in rows}
    boxes.keep_papers(poll=poll.key, kind=PRINTED, batch=batch.pk, documents=documents)
    boxes.hold_serials(poll=poll.key, serials=[row.serial for row in rows], is_cancelled=False)
    return sheets


def _make_slip(
    manifest: Manifest, batch: PaperBatch, sheet: str, line: Line, key: IssuerKey
) -> tuple[PrintedSlip, BoxPaperSlip]:
    letters, pool = fresh_letters(KEY_LETTERS), batch.pool.slug
    secret = secret_of(manifest.digest, letters)
    serial, number = point_bytes(secret.serial), in_groups(slip_number(manifest.digest, sheet, pool, line.id))
    row = BoxPaperSlip(
        batch=batch.pk,
        line=f"{pool}/{line.id}",
        number=number,
        serial=serial,
        token=sign_serial(key, serial),
        finder=secret.finder,
        nonce=secret.nonce,
    )
    return PrintedSlip(line.id, number, in_groups(with_check(letters, 2))), row


def settle_draw(*, batch: PaperBatch, codes: list[str], absent: int, at: datetime, by: Person) -> PaperBatch:
    """Cancel the sheets that nobody drew, by their own codes or the numbers of all their slips, and release all others.

    `absent` is how many of the batch's people did not come. Cancelled serials are refused from now on and listed in the record.
    Raises PaperRefused, changing nothing, unless drawn and cancelled sheets make all sheets.
    """
    with ballot_actions.house_and_box(batch.pool.poll):
        row, poll = _lock_batch(batch, at, by)
        rules.check_draw_is_unsettled(row)
        undrawn = _numbers_of(poll, row, codes)
        slips = queries.printed_slips(poll, row)
        cancelled = [slip for slip in slips if slip.number in undrawn]
        lines, all_lines = Counter(slip.line for slip in cancelled), {slip.line for slip in slips}
        rules.check_draw(row, absent=absent, cancelled=[lines[line] for line in sorted(all_lines)])
        boxes.release_serials(poll=poll.key, serials=[slip.serial for slip in slips if slip.number not in undrawn])
        boxes.hold_serials(poll=poll.key, serials=[slip.serial for slip in cancelled], is_cancelled=True)
        row.drawn = row.people - absent
        row.save(update_fields=["drawn"])
        _note("paper.settle_draw", poll, row, at, by, drawn=row.drawn, cancelled=row.sheets - row.drawn)
    return row


def withdraw_batch(*, batch: PaperBatch, at: datetime, by: Person) -> PaperBatch:
    """Cancel a whole batch whose draw is not settled: its people wait for new sheets. Raises PaperRefused."""
    with ballot_actions.house_and_box(batch.pool.poll):
        row, poll = _lock_batch(batch, at, by)
        rules.check_draw_is_unsettled(row)
        serials = [slip.serial for slip in queries.printed_slips(poll, row)]
        boxes.hold_serials(poll=poll.key, serials=serials, is_cancelled=True)
        row.withdrawn_at = at
        row.save(update_fields=["withdrawn_at"])
        _note("paper.withdraw_batch", poll, row, at, by, cancelled=row.sheets)
    return row


def _lock_batch(batch: PaperBatch, at: datetime, by: Person) -> tuple[PaperBatch, Poll]:
    poll = locked(batch.pool.poll)
    poll_rules.check_is_not_concerned(poll, by, at)
    ballot_rules.check_still_open(poll.state == Poll.State.OPENED)
    return locked(batch, "pool"), poll


def _numbers_of(poll: Poll, batch: PaperBatch, codes: list[str]) -> set[str]:
    """The slip numbers that typed codes stand for: a sheet's code stands for all its slips, a slip's number for itself."""
    manifest, _keys = ballot_queries.open_manifest_and_keys(poll.pk, poll.fingerprint)
    known = {slip.number for slip in queries.printed_slips(poll, batch)}
    numbers: set[str] = set()
    for code in codes:
        try:
            found = _meant_by(manifest, batch.pool.slug, code)
        except CodeError as error:
            raise rules.wrong_paper_code(code) from error
        if not found <= known:
            raise rules.wrong_paper_code(code)
        numbers |= found
    return numbers


def _meant_by(manifest: Manifest, pool: str, code: str) -> set[str]:
    try:
        return {in_groups(with_check(read_letters(code, NUMBER_LETTERS, 1), 1))}
    except CodeError:
        sheet = read_letters(code, SHEET_LETTERS, 1)
        return {
            in_groups(slip_number(manifest.digest, sheet, pool, line.id))
            for line in manifest.lines_of(manifest.pool_by_id[pool])
        }


def _note(
    deed: str, poll: Poll, batch: PaperBatch, at: datetime, by: Person, public: Public | None = None, **said: object
) -> None:
    done(deed, poll, at=at, by=by, public=public, pool=batch.pool.slug, batch=batch.number, **said)


def show_paper_slip(*, poll: Poll | None, fingerprint: Any, finder: Any, at: datetime) -> dict[str, Any]:
    """What a booth needs to fill a printed slip: pool, line, serial, token, and the pool's keys with their path.

    Only who holds the slip knows its `finder`. Raises BallotRefused for a slip that is unknown, cancelled, not released yet,
    or in the box already.
    """
    row = ballot_rules.check_is_open(poll, at)
    ballot_rules.check_manifest(row, fingerprint)
    try:
        found = queries.printed_slip(row, unb64(finder, 32))
    except FormatError as error:
        raise ballot_rules.refused_by_the_box("malformed") from error
    if found is None:
        raise ballot_rules.refused_by_the_box("unknown-slip")
    held = ballot_rules.held_back(box_queries.held(row.key, [found.serial]))
    rules.check_slip_is_usable(held, is_used=ballot_queries.slip_in_box(row, found.serial) is not None)
    pool, _slash, line = found.line.partition("/")
    manifest, keys = ballot_queries.open_manifest_and_keys(row.pk, row.fingerprint)
    index = next(n for n, each in enumerate(manifest.pools) if each.id == pool)
    return {
        "pool": pool,
        "line": line,
        "serial": b64(found.serial),
        "token": b64(found.token),
        "keys": parse_canonical(keys.documents[index]),
        "path": [b64(step) for step in keys_path(list(keys.documents), index)],
        "index": index,
    }


def _enter_slips(poll: Poll, batch: PaperBatch) -> None:
    """Put the forms both agree on into the box: they replace whatever a phone cast with the same slip."""
    agreed = [form.slip for form in queries.keyed_forms(batch) if form.keying == 2]
    ballot_actions.replace_slips(poll=poll, slips=agreed)
