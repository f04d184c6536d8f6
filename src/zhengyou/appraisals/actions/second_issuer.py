"""What the office does about a second issuer of a pool: names it, takes its keys before the opening and its count after the close.

What the second issuer does in its own house is in `issuing_house.py`.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from blindballot.encoding import FormatError
from zhengyou.appraisals import queries, rules
from zhengyou.appraisals.actions import issuer_documents as documents
from zhengyou.appraisals.models import LineKey, Poll, VoterPool
from zhengyou.base import journal
from zhengyou.organisations.models import Person

ANSWERED = ("issuer_key", "issuer_request", "issuer_count", "issuer_statement")


@transaction.atomic
def name_issuer(
    *, poll: Poll, pool: VoterPool, issuer: str, name: dict[str, str], address: str, at: datetime, by: Person
) -> VoterPool:
    """Name a second issuer for a pool of a drafted poll, or change what is said of it; its earlier answer is then void.

    Raises PollRefused for the office's own name, an address that is none, or an opened poll; ConcernRefused, as do the
    other actions here, for people of the office who are rated or administer the rated.
    """
    row, locked = _locked(poll, pool, at, by)
    rules.check_drafted(row)
    rules.check_issuer_name(issuer)
    locked.issuer, locked.issuer_name, locked.issuer_address = issuer, name, rules.origin_of(address)
    _forget_answer(locked)
    locked.save()
    payload = {"pool": locked.slug, "issuer": issuer, "name": name, "address": locked.issuer_address}
    journal.record(deed="appraisals.name_issuer", subject=row.reference, by=by.reference, at=at, payload=payload)
    return locked


@transaction.atomic
def dismiss_issuer(*, poll: Poll, pool: VoterPool, at: datetime, by: Person) -> VoterPool:
    """Let the office issue alone again, before the poll opens. Does nothing where no second issuer is named."""
    row, locked = _locked(poll, pool, at, by)
    rules.check_drafted(row)
    if not locked.issuer:
        return locked
    payload = {"pool": locked.slug, "issuer": locked.issuer}
    journal.record(deed="appraisals.dismiss_issuer", subject=row.reference, by=by.reference, at=at, payload=payload)
    locked.issuer, locked.issuer_name, locked.issuer_address = "", None, ""
    _forget_answer(locked)
    locked.save()
    return locked


@transaction.atomic
def take_reply(*, poll: Poll, pool: VoterPool, reply: bytes, origin: str, at: datetime, by: Person) -> VoterPool:
    """Take a second issuer's public keys. The same reply again changes nothing; a new one replaces the earlier.

    Raises PollRefused, in words, for a reply to another poll, pool or request, of another size of roll, or with keys that
    do not fit.
    """
    row, locked = _locked(poll, pool, at, by)
    rules.check_drafted(row)
    rules.check_names_issuer(locked)
    try:
        answer = documents.read_reply(reply)
    except FormatError as error:
        raise _no_reply() from error
    asked = queries.issuer_request_now(row, locked)
    _check_answers(answer, locked, row, origin)
    rules.check_own_roll(answer.size, asked["size"])
    if answer.request != queries.request_digest(asked):
        raise rules.document_refused(
            _(
                "This reply answers an earlier request: the appraisal was changed since. Hand the issuer the present one."
            )
        )
    _check_keys(row, locked, answer, [line["id"] for line in asked["lines"]])
    _keep_keys(locked, answer)
    payload = {"pool": locked.slug, "issuer": locked.issuer, "request": answer.request, "keys": len(answer.moduli)}
    journal.record(deed="appraisals.take_reply", subject=row.reference, by=by.reference, at=at, payload=payload)
    return locked


@transaction.atomic
def take_statement(*, poll: Poll, pool: VoterPool, statement: bytes, at: datetime, by: Person) -> VoterPool:
    """Take a second issuer's signed count after the closing time. Once taken it stays; the same one again changes nothing.

    Raises PollRefused before the closing time, and for a count of another poll, pool or manifest or with a false signature.
    """
    row, locked = _locked(poll, pool, at, by)
    rules.check_names_issuer(locked)
    rules.check_may_take_statement(row, at)
    try:
        said = documents.read_statement(statement, bytes(locked.issuer_key or b""))
    except FormatError as error:
        raise rules.document_refused(
            _(
                "This is not the count signed by the issuer of this pool. Ask it for the file that “issuer statement” wrote."
            )
        ) from error
    ours = (str(row.key), locked.slug, locked.issuer, row.fingerprint)
    if (said.poll, said.pool, said.issuer, said.manifest) != ours:
        raise rules.document_refused(_("This count is for another appraisal or pool. Ask for the one of this pool."))
    text = statement.rstrip(b"\r\n").decode()
    if locked.issuer_count is not None:
        if locked.issuer_statement != text:
            raise rules.document_refused(_("This pool already has another signed count of its second issuer."))
        return locked
    locked.issuer_count, locked.issuer_statement = said.issued, text
    locked.save(update_fields=["issuer_count", "issuer_statement"])
    payload = {"pool": locked.slug, "issuer": locked.issuer, "issued": said.issued}
    journal.record(deed="appraisals.take_statement", subject=row.reference, by=by.reference, at=at, payload=payload)
    return locked


def write_issuer_request(poll: Poll, pool: VoterPool, origin: str) -> bytes:
    """The request file for a pool's second issuer. Raises PollRefused if it names none."""
    rules.check_names_issuer(pool)
    return queries.issuer_request_file(poll, pool, origin)


def write_issuer_opening(poll: Poll) -> bytes:
    """The manifest and key documents of an opened poll, in the one file that second issuers open it with."""
    keys = queries.public_keys(poll)
    return documents.write_opening(poll.manifest, list(keys.documents))


def _locked(poll: Poll, pool: VoterPool, at: datetime, by: Person) -> tuple[Poll, VoterPool]:
    """The rows as they stand, for somebody who has no part in what is judged. Raises ConcernRefused for others."""
    row = Poll.objects.select_for_update(of=("self",)).select_related("cycle", "cycle__campaign").get(pk=poll.pk)
    rules.check_is_not_concerned(row, by, at)
    return row, VoterPool.objects.get(pk=pool.pk, poll=row)


def _forget_answer(pool: VoterPool) -> None:
    LineKey.objects.filter(pool=pool).exclude(issuer=queries.ISSUER).delete()
    pool.issuer_key, pool.issuer_request, pool.issuer_count, pool.issuer_statement = None, "", None, ""


def _no_reply() -> rules.PollRefused:
    return rules.document_refused(
        _(
            "This is not the reply of a second issuer, or it was changed on its way. Ask for the file that it wrote once more."
        )
    )


def _check_answers(answer: documents.IssuerReply, pool: VoterPool, poll: Poll, origin: str) -> None:
    """The reply is to this poll and pool, by this issuer, for this site."""
    if answer.poll != str(poll.key):
        raise rules.document_refused(_("This reply is for another appraisal. Ask for the one of this appraisal."))
    if (answer.pool, answer.issuer) != (pool.slug, pool.issuer):
        raise rules.document_refused(
            _("This reply is for the pool %(pool)s and the issuer %(issuer)s. Ask for the one of this pool.")
            % {"pool": answer.pool, "issuer": answer.issuer}
        )
    if answer.origin != origin:
        raise rules.document_refused(
            _(
                "This reply is for a booth at %(theirs)s, but this site is %(ours)s. Download the request again at the address "
                "that voters will use, and have it answered once more."
            )
            % {"theirs": answer.origin, "ours": origin}
        )


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
