"""Whether the public entries are what they were: gapless, chained, canonical, with their texts, and each with its deed.

Nothing in a database stops whoever can write all of it; a head that somebody wrote down elsewhere does (docs/log.md).
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import rfc8785

from zhengyou.base import entries
from zhengyou.base.entries import Head
from zhengyou.base.models import EntryText, ErasableText, JournalEntry, PublicEntry

MOST_NAMED = 20  # as many as somebody reads before asking the database
CHUNK = 2000


@dataclass(frozen=True)
class Flaw:
    """What is wrong with one entry, as a slug."""

    number: int
    what: str


@dataclass(frozen=True)
class EntriesChecked:
    """How many entries there are, where the sequence stands, and what is wrong: how often, and the first of it."""

    count: int
    head: Head
    wrong: int
    first_wrong: list[Flaw]


def check(earlier: Head | None = None) -> EntriesChecked:
    """Make every hash again and compare; with an `earlier` head, also that everything until then is what it was."""
    count, flaws = 0, Flaws()
    told, erased = _told_by_deeds(), set(JournalEntry.objects.filter(payload__isnull=True).values_list("id", flat=True))
    texts, last = set(_right_texts()), Head(0, entries.NOTHING_BEFORE.hex())
    erasable = _erasable_texts()
    for entry in PublicEntry.objects.order_by("number").iterator(chunk_size=CHUNK):
        count += 1
        leaf = told.pop(entry.number, None)
        is_told = leaf == entry.leaf if leaf else entry.deed_id in erased
        flaws.add_gap(last.number, entry.number)
        flaws.add(entry.number, "without-deed", not is_told)
        flaws.add(entry.number, "out-of-order", not _follows(last, entry))
        flaws.add_all(entry.number, _own_flaws(entry, texts, erasable.get(entry.number, [])))
        last = Head(entry.number, entry.chain)
        is_other = earlier is not None and earlier.number == entry.number and earlier.chain != entry.chain
        flaws.add(entry.number, "other-than-noted", is_other)
    flaws.add_missing(told)
    if earlier is not None and earlier.number > last.number:
        flaws.add(earlier.number, "missing", earlier.number not in told)
    return EntriesChecked(count, last, flaws.count, flaws.first)


class Flaws:
    """All flaws are counted, the first ones named."""

    def __init__(self) -> None:
        self.count = 0
        self.first: list[Flaw] = []
        self.missing: set[int] = set()

    def add(self, number: int, what: str, is_flaw: bool) -> None:
        """Count it, if it is one."""
        if is_flaw:
            self.count += 1
            if len(self.first) < MOST_NAMED:
                self.first.append(Flaw(number, what))

    def add_all(self, number: int, flaws: Iterator[str]) -> None:
        """Whatever is wrong with one entry."""
        for what in flaws:
            self.add(number, what, True)

    def add_gap(self, last: int, number: int) -> None:
        """The numbers between two that follow each other."""
        for missing in range(last + 1, number):
            self.missing.add(missing)
            self.add(missing, "missing", True)

    def add_missing(self, told: dict[int, str]) -> None:
        """Deeds whose entries are gone, unless the gap has been named already."""
        for number in sorted(set(told) - self.missing):
            self.add(number, "missing", True)


def _told_by_deeds() -> dict[int, str]:
    rows = JournalEntry.objects.filter(payload__has_key=entries.TOLD).values_list("payload", flat=True)
    payloads: Iterator[Any] = rows.iterator(chunk_size=CHUNK)
    return {int(number): leaf for payload in payloads for number, leaf in payload[entries.TOLD].items()}


def _right_texts() -> Iterator[str]:
    for row in EntryText.objects.iterator(chunk_size=CHUNK):
        if hashlib.sha256(bytes(row.text)).hexdigest() == row.digest:
            yield row.digest


def _erasable_texts() -> dict[int, list[ErasableText]]:
    kept: dict[int, list[ErasableText]] = {}
    for row in ErasableText.objects.iterator(chunk_size=CHUNK):
        kept.setdefault(row.entry_id, []).append(row)
    return kept


def _follows(last: Head, entry: PublicEntry) -> bool:
    return entries.chained(bytes.fromhex(last.chain), bytes.fromhex(entry.leaf)).hex() == entry.chain


def _own_flaws(entry: PublicEntry, texts: set[str], erasable: list[ErasableText]) -> Iterator[str]:
    document = entry.document.encode()
    if entries.leaf_of(document).hex() != entry.leaf or len(document) > entries.LARGEST:
        yield "changed"
    try:
        said = json.loads(document)
        if rfc8785.dumps(said) != document:
            yield "not-canonical"
        if (said["what"], said["about"], said["at"]) != (entry.what, entry.about, entry.day.isoformat()):
            yield "column-changed"
    except (ValueError, KeyError, TypeError):
        yield "unreadable"
        return
    if not _digests(said) <= texts:
        yield "text-missing"
    content = said["content"] if "sha256" not in said["content"] else None
    kept = {entries.salted(bytes(row.salt), bytes(row.text)) for row in erasable}
    if content is not None and not kept <= salted_hashes(content):
        yield "erasable-text-changed"


def _digests(value: Any) -> set[str]:
    """The hashes of texts that stand elsewhere."""
    return _collected(value, {"sha256", "bytes"}, "sha256")


def salted_hashes(value: Any) -> set[str]:
    """The hashes of texts about people that stand in a content."""
    return _collected(value, {"salted"}, "salted")


def _collected(value: Any, shape: set[str], name: str) -> set[str]:
    if isinstance(value, dict):
        if set(value) == shape:
            return {value[name]}
        return {found for part in value.values() for found in _collected(part, shape, name)}
    if isinstance(value, list):
        return {found for part in value for found in _collected(part, shape, name)}
    return set()
