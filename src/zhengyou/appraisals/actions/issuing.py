"""Signing blinded serials once: the one rule of issuing, for the office and for a second issuer alike. Writes no journal."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from blindballot.encoding import b64, canonical, sha256
from blindballot.issuing import IssuerKey
from blindballot.rsabssa import BlindSignatureError
from zhengyou.appraisals import rules


@transaction.atomic
def sign_once(
    *, roll: QuerySet[Any], entry_id: int, blinded: Mapping[str, bytes], signing: Mapping[str, IssuerKey]
) -> dict[str, str]:
    """The signatures by line. Marks the entry of the roll in the same transaction; the same bytes again get the same answer.

    Raises BallotRefused for other bytes once something was issued, and for bytes that cannot be signed.
    """
    locked = roll.select_for_update().get(pk=entry_id)
    digest = sha256(canonical({line: b64(serial) for line, serial in blinded.items()}))
    rules.check_may_issue(locked, digest)
    try:
        signatures = {line: b64(signing[line].sign_blinded(serial)) for line, serial in blinded.items()}
    except BlindSignatureError as error:
        raise rules.refused_by_the_box("malformed") from error
    if not locked.is_issued:
        locked.is_issued, locked.request_digest = True, digest
        locked.save(update_fields=["is_issued", "request_digest"])
    return signatures
