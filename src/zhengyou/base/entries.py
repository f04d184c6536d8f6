"""Public entries: what everybody may know of a deed, as canonical JSON in a gapless, chained sequence (docs/log.md).

Rooms write them by `deeds.done(public=…)`. What voters and citizens do never enters here one by one.
"""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

import rfc8785
from django.db.models import Count, Max, QuerySet

from zhengyou.base import locks
from zhengyou.base.models import EntryText, ErasableText, JournalEntry, PublicEntry
from zhengyou.base.prepared import prepared
from zhengyou.base.time import instant_text, local_day

LARGEST: Final = 8192  # bytes of one entry: the log made of them keeps lengths in 16 bits (C2SP tlog-tiles)
LARGEST_NUMBER: Final = 2**53 - 1  # what every JSON reader holds exactly (RFC 8785); larger ones are entered as text
LONGEST_TEXT: Final = 1024  # bytes of a text within an entry, so that a handful of texts fits
LOOKED_AT = 5000  # of the newest entries, when they are counted by kind and day
TOLD = "public_entries"  # in the journal's payload: the entries of a deed, by number, with their leaves
NOTHING_BEFORE = bytes(32)
OFFICE, LEVEL_ABOVE, SCRUTINEER, UNIT = "office", "level-above", "scrutineer", "unit"


@dataclass(frozen=True)
class Erasable:
    """A text that names or may name a natural person. The entry holds H(salt ‖ text); salt and text are kept apart and can be
    erased, and the entry stays right. `is_public` for what stands on a page, so that readers can make the hash until then.
    """

    text: str
    is_public: bool = False


@dataclass(frozen=True)
class Public:
    """What a deed tells everybody: plain values, days, instants, lists and maps of them, and `Erasable` texts.

    `about` is the public reference of an organisation or a poll; without one the entry gets a random id. `what` is the
    deed's name unless one deed tells several things.
    """

    content: Mapping[str, Any]
    about: str = ""
    by: str = OFFICE
    what: str = ""


@dataclass
class Prepared:
    """Entries with their numbers, not kept yet, and the texts that go with them."""

    entries: list[PublicEntry] = field(default_factory=list)
    texts: dict[str, bytes] = field(default_factory=dict)
    erasable: list[ErasableText] = field(default_factory=list)

    @property
    def told(self) -> dict[str, str]:
        """Number to leaf, as the journal keeps it."""
        return {str(entry.number): entry.leaf for entry in self.entries}


@dataclass(frozen=True)
class Head:
    """The last entry's number and chain: whoever wrote both down sees any later change of what was entered until then."""

    number: int
    chain: str


def head() -> Head:
    """Where the sequence stands. Number 0 if nothing has been entered."""
    return next((Head(*last) for last in _last()), Head(0, NOTHING_BEFORE.hex()))


@prepared
def _last() -> QuerySet[Any, tuple[int, str]]:
    return PublicEntry.objects.order_by("-number").values_list("number", "chain")[:1]


def prepare(public: Public | Iterable[Public], *, deed: str, at: datetime) -> Prepared:
    """Number the entries of a deed, and hold the sequence until the transaction ends, so that nobody takes a number between."""
    locks.alone(locks.ENTRIES)
    before, made = head(), Prepared()
    for one in (public,) if isinstance(public, Public) else public:
        entry = _entry(one, before, made, deed, local_day(at))
        made.entries.append(entry)
        before = Head(entry.number, entry.chain)
    return made


def keep(made: Prepared, deed: JournalEntry) -> None:
    """Write prepared entries with their texts, inside the caller's transaction."""
    for entry in made.entries:
        entry.deed = deed
    PublicEntry.objects.bulk_create(made.entries)
    texts = [EntryText(digest=digest, text=text) for digest, text in made.texts.items()]
    EntryText.objects.bulk_create(texts, ignore_conflicts=True)
    ErasableText.objects.bulk_create(made.erasable)


def entries() -> QuerySet[PublicEntry]:
    """All public entries, the newest first."""
    return PublicEntry.objects.order_by("-number")


def newest_kinds(most: int) -> list[tuple[str, date, int, int]]:
    """The kinds and days of the newest entries, each with how many there are and the number of the last. Of a long list only
    the end is looked at, so that a page with them costs as much in the tenth year as in the first.
    """
    return _kinds_after(head().number - LOOKED_AT)[:most]


@prepared
def _kinds_after(number: int) -> QuerySet[Any, tuple[str, date, int, int]]:
    rows = PublicEntry.objects.filter(number__gt=number).order_by().values_list("what", "day")
    return rows.annotate(n=Count("number"), last=Max("number")).order_by("-last")


@prepared
def entries_numbered(numbers: list[int]) -> QuerySet[PublicEntry]:
    """The entries with these numbers, the newest first; one at least is asked for."""
    return entries().filter(number__in=numbers)


def entries_after(number: int) -> QuerySet[PublicEntry]:
    """The entries after this number, in order."""
    return PublicEntry.objects.filter(number__gt=number).order_by("number")


def entry_numbered(number: int) -> PublicEntry | None:
    """One entry, or None."""
    return PublicEntry.objects.filter(number=number).first()


def first_about(references: Iterable[str]) -> str | None:
    """One of these, as public entries name things, about which an entry tells; None if none does."""
    return PublicEntry.objects.filter(about__in=list(references)).values_list("about", flat=True).first()


def text_with(digest: str) -> bytes | None:
    """A long text by its SHA-256, or None."""
    row = EntryText.objects.filter(digest=digest).first()
    return bytes(row.text) if row else None


def readable_texts(numbers: Iterable[int]) -> dict[int, dict[str, dict[str, str]]]:
    """By entry and place, text and salt (hexadecimal) of erasable texts that stand on a page and were not erased."""
    texts: dict[int, dict[str, dict[str, str]]] = {}
    for row in ErasableText.objects.filter(entry__in=list(numbers), is_public=True).order_by("pk"):
        kept = {"salt": bytes(row.salt).hex(), "text": bytes(row.text).decode()}
        texts.setdefault(row.entry_id, {})[row.place] = kept
    return texts


def entries_with_text(text: str) -> list[PublicEntry]:
    """The entries that hold exactly this text in clear, in order."""
    known = ErasableText.objects.filter(text=text.encode()).values("entry")
    return list(PublicEntry.objects.filter(number__in=known).order_by("number"))


def forget(number: int) -> int:
    """Erase the erasable texts of one entry with their salts; how many there were. The entry and its hash stay as they are."""
    erased, _tables = ErasableText.objects.filter(entry=number).delete()
    return erased


def leaf_of(document: bytes) -> bytes:
    """The leaf hash of RFC 9162, 2.1.1: SHA-256(0x00 ‖ document)."""
    return hashlib.sha256(b"\0" + document).digest()


def chained(before: bytes, leaf: bytes) -> bytes:
    """The chain up to a leaf: SHA-256(the chain before ‖ leaf). Before the first entry stand 32 zero bytes."""
    return hashlib.sha256(before + leaf).digest()


def salted(salt: bytes, text: bytes) -> str:
    """What an entry holds of a erasable text: SHA-256(salt ‖ text)."""
    return hashlib.sha256(salt + text).hexdigest()


def _entry(one: Public, before: Head, made: Prepared, deed: str, day: date) -> PublicEntry:
    number, about = before.number + 1, one.about or secrets.token_hex(16)
    erasable: list[ErasableText] = []
    content = _content(one.content, "", made.texts, erasable)
    said = {"what": one.what or deed, "about": about, "at": day.isoformat(), "by": one.by}
    document = rfc8785.dumps(said | {"content": content})
    if len(document) > LARGEST:
        document = rfc8785.dumps(said | {"content": _as_digest(rfc8785.dumps(content), made.texts)})
    leaf = leaf_of(document)
    entry = PublicEntry(
        number=number,
        what=said["what"],
        about=about,
        day=day,
        document=document.decode(),
        leaf=leaf.hex(),
        chain=chained(bytes.fromhex(before.chain), leaf).hex(),
    )
    for row in erasable:
        row.entry = entry
    made.erasable += erasable
    return entry


def _content(value: Any, place: str, texts: dict[str, bytes], erasable: list[ErasableText]) -> Any:
    """The value as JSON has it: long texts as their hash, erasable ones as their salted hash, days and instants as text."""
    if isinstance(value, Erasable):
        return _as_salted(value, place, erasable)
    if isinstance(value, Mapping):
        return {str(key): _content(part, _below(place, key), texts, erasable) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_content(part, _below(place, n), texts, erasable) for n, part in enumerate(value)]
    plain = instant_text(value) if isinstance(value, datetime) else value
    plain = plain.isoformat() if isinstance(plain, date) else plain
    if isinstance(plain, int | float) and abs(plain) > LARGEST_NUMBER:
        return repr(plain)
    is_long = isinstance(plain, str) and len(plain.encode()) > LONGEST_TEXT
    return _as_digest(plain.encode(), texts) if is_long else plain


def _below(place: str, step: object) -> str:
    return f"{place}.{step}" if place else str(step)


def _as_salted(value: Erasable, place: str, erasable: list[ErasableText]) -> dict[str, str]:
    salt, text = secrets.token_bytes(32), value.text.encode()
    erasable.append(ErasableText(place=place, salt=salt, text=text, is_public=value.is_public))
    return {"salted": salted(salt, text)}


def _as_digest(text: bytes, texts: dict[str, bytes]) -> dict[str, Any]:
    digest = hashlib.sha256(text).hexdigest()
    texts[digest] = text
    return {"sha256": digest, "bytes": len(text)}
