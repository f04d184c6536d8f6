"""The journal: every deed that changes something leaves an entry. Ballots never do: issuing and casting write nothing here.

Rooms write it by `deeds.done`.
"""

import hashlib
import json
import secrets
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet

from zhengyou.base.models import JournalEntry

MOST_NAMED = 20  # as many as somebody reads before asking the database


@dataclass(frozen=True)
class LeavesChecked:
    """How many entries fit their leaves, were erased, or were changed since; of these the first ids."""

    right: int
    erased: int
    wrong: int
    first_wrong: list[int]


def record(*, deed: str, subject: str, by: str, at: datetime, payload: dict[str, Any] | None = None) -> JournalEntry:
    """Write one entry inside the caller's transaction and return it. `deed` is `room.verb`; `by` a person's reference or ''."""
    kept = json.loads(json.dumps(payload or {}))  # as the database gives it back, so that the leaf can be checked
    salt = secrets.token_bytes(16)
    return JournalEntry.objects.create(
        deed=deed,
        subject=subject,
        by=by,
        at=at,
        payload=kept,
        salt=salt,
        leaf=leaf_of(deed, subject, by, at, kept, salt),
    )


def leaf_of(deed: str, subject: str, by: str, at: datetime, payload: dict[str, Any], salt: bytes) -> str:
    """The entry's leaf: SHA-256 over the salt and the deed's JSON with its instant in UTC, as hexadecimal text."""
    text = json.dumps([deed, subject, by, at.astimezone(UTC).isoformat(), payload], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(salt + text.encode()).hexdigest()


def subjects_with(deed: str, subjects: Collection[str]) -> set[str]:
    """Those of these subjects to which this deed was done. One query."""
    return set(JournalEntry.objects.filter(deed=deed, subject__in=subjects).values_list("subject", flat=True))


def entries_of(deeds: Collection[str], *, of_commands: Collection[str] = ()) -> QuerySet[JournalEntry]:
    """All entries with these deeds that somebody did, and of those `of_commands` also what nobody named did, the newest first."""
    unnamed = Q(by="") & ~Q(deed__in=of_commands) if of_commands else Q(by="")
    return JournalEntry.objects.filter(deed__in=deeds).exclude(unnamed).order_by("-at", "-pk")


def last_of(beginnings: Collection[str]) -> int:
    """The id of the newest entry whose deed begins with one of these; 0 if there is none. One query."""
    begun = reduce(or_, (Q(deed__startswith=one) for one in beginnings), Q(pk__in=[]))
    return JournalEntry.objects.filter(begun).order_by("-pk").values_list("pk", flat=True).first() or 0


def entries_about(subject: str) -> list[JournalEntry]:
    """All entries about one subject, oldest first."""
    return list(JournalEntry.objects.filter(subject=subject).order_by("id"))


def last_about(subject: str, deeds: Collection[str] = (), **facts: Any) -> JournalEntry | None:
    """The newest entry about a subject, of one of these deeds if any are named, whose payload has these facts; or None."""
    rows = JournalEntry.objects.filter(subject=subject)
    rows = rows.filter(deed__in=deeds) if deeds else rows
    rows = rows.filter(payload__contains=facts) if facts else rows
    return rows.order_by("-pk").first()


def check_leaves() -> LeavesChecked:
    """Make every leaf again. Entries are read in pieces, so that a journal of any length fits into memory."""
    counts: Counter[bool | None] = Counter()
    first_wrong: list[int] = []
    for entry in JournalEntry.objects.order_by("id").iterator(chunk_size=2000):
        is_right = _fits(entry)
        counts[is_right] += 1
        if is_right is False and len(first_wrong) < MOST_NAMED:
            first_wrong.append(entry.pk)
    return LeavesChecked(right=counts[True], erased=counts[None], wrong=counts[False], first_wrong=first_wrong)


def _fits(entry: JournalEntry) -> bool | None:
    """Whether the entry is what its leaf was made of; None where payload and salt were erased."""
    if entry.payload is None and entry.salt is None:
        return None
    if entry.payload is None or entry.salt is None:
        return False
    made = leaf_of(entry.deed, entry.subject, entry.by, entry.at, entry.payload, bytes(entry.salt))
    return made == entry.leaf
