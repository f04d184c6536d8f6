"""The journal: every deed that changes something leaves an entry. Ballots never do: issuing and casting write nothing here."""

import hashlib
import json
import secrets
from datetime import datetime
from typing import Any

from zhengyou.base.models import JournalEntry


def record(*, deed: str, subject: str, by: str, at: datetime, payload: dict[str, Any] | None = None) -> JournalEntry:
    """Write one entry inside the caller's transaction and return it. `deed` is `room.verb`; `by` a person's reference or ''."""
    said = payload or {}
    salt = secrets.token_bytes(16)
    return JournalEntry.objects.create(
        deed=deed,
        subject=subject,
        by=by,
        at=at,
        payload=said,
        salt=salt,
        leaf=leaf_of(deed, subject, by, at, said, salt),
    )


def leaf_of(deed: str, subject: str, by: str, at: datetime, payload: dict[str, Any], salt: bytes) -> str:
    """The entry's leaf: SHA-256 over the salt and the deed's JSON, as hexadecimal text."""
    text = json.dumps([deed, subject, by, at.isoformat(), payload], ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(salt + text.encode()).hexdigest()


def entries_about(subject: str) -> list[JournalEntry]:
    """All entries about one subject, oldest first."""
    return list(JournalEntry.objects.filter(subject=subject).order_by("id"))
