"""Public entries that somebody downloaded (`/entries/lines/`), checked with nothing else: no house, no database.

Whether each belongs to a deed of the journal can only be seen in the house (`entries_checked`).
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import rfc8785

from zhengyou.base import entries
from zhengyou.base.entries import Head
from zhengyou.base.entries_checked import EntriesChecked, Flaws, salted_hashes

LONGEST_LINE = 4 * 1024 * 1024  # bytes, far above an entry with its texts


class NoLine(ValueError):
    """What stands in a file is no line of public entries; the message names file and line."""


@dataclass(frozen=True)
class Line:
    """One downloaded entry. `texts` are what could be read about people, by place, each as salt and text."""

    number: int
    leaf: str
    chain: str
    document: bytes
    texts: list[tuple[bytes, bytes]]


def check_files(paths: Iterable[Path], earlier: Head | None = None) -> EntriesChecked:
    """Make every hash again over the files, one after the other; with an `earlier` head, also that it stands among them.

    Raises NoLine for what is no line of entries, OSError for a file that cannot be read. What stands before the first line
    cannot be seen, so its chain is taken as it is unless it is entry 1.
    """
    count, flaws, last, is_met = 0, Flaws(), Head(0, entries.NOTHING_BEFORE.hex()), earlier is None
    for line in (line for path in paths for line in lines_of(path)):
        count += 1
        is_next = count == 1 or line.number == last.number + 1
        flaws.add(last.number + 1, "missing", not is_next and line.number > last.number)
        flaws.add(line.number, "out-of-order", not is_next and line.number <= last.number)
        flaws.add(line.number, "out-of-order", is_next and (count > 1 or line.number == 1) and not _follows(last, line))
        flaws.add_all(line.number, _own_flaws(line))
        last = Head(line.number, line.chain)
        if earlier is not None and earlier.number == line.number:
            is_met = True
            flaws.add(line.number, "other-than-noted", earlier.chain != line.chain)
    if earlier is not None:
        flaws.add(earlier.number, "missing", not is_met)
    return EntriesChecked(count, last, flaws.count, flaws.first)


def lines_of(path: Path) -> Iterator[Line]:
    """The entries of one file, one at a time."""
    with path.open("rb") as file:
        for number, data in enumerate(_pieces(file), 1):
            try:
                yield _line(data)
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
                raise NoLine(
                    f"{path}, line {number}, is no line of /entries/lines/. Download the file again."
                ) from None


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while data := file.readline(LONGEST_LINE):
        yield data


def _line(data: bytes) -> Line:
    line: Any = json.loads(data)
    if not isinstance(line["number"], int) or not 0 < line["number"] <= entries.LARGEST_NUMBER:
        raise ValueError(line["number"])
    for name in ("leaf", "chain"):
        if len(bytes.fromhex(line[name])) != len(entries.NOTHING_BEFORE):
            raise ValueError(name)
    texts = [(bytes.fromhex(kept["salt"]), kept["text"].encode()) for kept in line.get("texts", {}).values()]
    return Line(line["number"], line["leaf"], line["chain"], line["entry"].encode(), texts)


def _follows(last: Head, line: Line) -> bool:
    return entries.chained(bytes.fromhex(last.chain), bytes.fromhex(line.leaf)).hex() == line.chain


def _own_flaws(line: Line) -> Iterator[str]:
    if entries.leaf_of(line.document).hex() != line.leaf:
        yield "changed"
    try:
        said = json.loads(line.document)
        if rfc8785.dumps(said) != line.document:
            yield "not-canonical"
        hashes = salted_hashes(said["content"])
    except (ValueError, KeyError, TypeError, RecursionError):
        yield "unreadable"
        return
    if not {entries.salted(salt, text) for salt, text in line.texts} <= hashes:
        yield "erasable-text-changed"
