"""A zip in its one plain form: what the list at its end says is what every program would unpack.

Anything by which two programs could see two records in one file is refused: a name twice, bytes before or after, other names in
the headers, other kinds of packing, a wrong checksum. The recount of the page reads zips by the same rules (`recount/zip.ts`).
"""

from __future__ import annotations

import itertools
import struct
import zlib
from dataclasses import dataclass
from typing import BinaryIO

_END = struct.Struct("<4s4H2LH")
_LISTED = struct.Struct("<4s6H3L5H2L")
_HEADER = struct.Struct("<4s5H3L2H")
_STORED, _DEFLATED = 0, 8
# Encrypted, patched, strongly encrypted, masked.
_REFUSED_FLAGS = 1 | 1 << 5 | 1 << 6 | 1 << 13
_IS_UTF_8 = 1 << 11
_BEYOND = 0xFFFFFFFF
_PIECE = 1 << 20
# The list of a record's files, however many hidden ones a computer put beside them.
_LARGEST_LIST = 64 << 20


class NoZipError(ValueError):
    """The file is no zip, or not one of the plain form."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the zip as its list has it; `at` is its header's place."""

    raw: bytes
    flags: int
    method: int
    checksum: int
    packed: int
    size: int
    at: int

    @property
    def name(self) -> str:
        """Names in an older code page are read byte by byte: only their ASCII part can name a file of a record."""
        try:
            return self.raw.decode("utf-8" if self.flags & _IS_UTF_8 else "latin-1")
        except UnicodeDecodeError as error:
            raise NoZipError("a name is no UTF-8") from error


def is_hidden(name: str) -> bool:
    """Whether the name, of an entry or in a folder, is of a file that does not count. One that leads outside is found as strange."""
    return any(part.startswith(".") and not part.startswith("..") for part in name.split("/"))


def read_list(file: BinaryIO, size: int) -> list[Entry]:
    """The files of a zip of so many bytes, folders left out. Raises NoZipError, also where a name stands twice."""
    count, start, end = _read_end(file, size)
    if end - start > _LARGEST_LIST:
        raise NoZipError("a list of its files that is too long")
    data = _read_at(file, start, end - start)
    entries, place = [], 0
    for _ in range(count):
        entry, place = _read_listed(data, place)
        entries.append(entry)
    if place != len(data):
        raise NoZipError("the list of its files does not end where it says")
    _check_headers(file, entries, start)
    files = [entry for entry in entries if not entry.name.endswith("/")]
    if len({entry.name for entry in files}) != len(files):
        raise NoZipError("a file stands in the zip twice")
    return files


def unpack(file: BinaryIO, entry: Entry, out: BinaryIO) -> None:
    """Writes a file out, no more of it than it declares. Raises NoZipError."""
    _check_header(file, entry)
    left, checksum, written = entry.packed, 0, 0
    inflating = zlib.decompressobj(-zlib.MAX_WBITS)
    while left and not inflating.eof:
        piece = file.read(min(left, _PIECE))
        if not piece:
            raise NoZipError("a file is cut off")
        left -= len(piece)
        try:
            data = piece if entry.method == _STORED else inflating.decompress(piece, entry.size - written + 1)
        except zlib.error as error:
            raise NoZipError("a file cannot be unpacked") from error
        written += len(data)
        if written > entry.size:
            raise NoZipError("a file holds more than it declares")
        checksum = zlib.crc32(data, checksum)
        out.write(data)
    is_whole = entry.method == _STORED or inflating.eof
    if not is_whole or written != entry.size or checksum != entry.checksum:
        raise NoZipError("a file is not what was packed")


def _read_at(file: BinaryIO, place: int, length: int) -> bytes:
    file.seek(place)
    data = file.read(length)
    if len(data) != length:
        raise NoZipError("it is cut off")
    return data


def _read_end(file: BinaryIO, size: int) -> tuple[int, int, int]:
    """The end of the list is the end of the file: no comment, one disk, no larger form."""
    end = size - _END.size
    if end < 0:
        raise NoZipError("too short")
    mark, disk, list_disk, here, count, length, start, comment = _END.unpack(_read_at(file, end, _END.size))
    if mark != b"PK\x05\x06" or disk or list_disk or here != count or comment or start + length != end:
        raise NoZipError("it does not end as a plain zip does")
    return count, start, end


def _read_listed(data: bytes, place: int) -> tuple[Entry, int]:
    if place + _LISTED.size > len(data):
        raise NoZipError("the list of its files is cut off")
    mark, _, _, flags, method, _, _, checksum, packed, size, *lengths, disk, _, _, at = _LISTED.unpack_from(data, place)
    name, extra, comment = lengths
    start = place + _LISTED.size
    entry = Entry(data[start : start + name], flags, method, checksum, packed, size, at)
    following = start + name + extra + comment
    is_packed = packed == size if method == _STORED else method == _DEFLATED and packed > 0
    is_plain = mark == b"PK\x01\x02" and following <= len(data) and not flags & _REFUSED_FLAGS and disk == 0
    if not is_plain or not is_packed or _BEYOND in (packed, size, at):
        raise NoZipError("a file that is packed in another way")
    return entry, following


def _check_headers(file: BinaryIO, entries: list[Entry], end: int) -> None:
    """Every file behind a header of the same name, before the list, none inside another, the first at the very start."""
    spans = sorted((entry.at, _check_header(file, entry) + entry.packed) for entry in entries)
    if spans and spans[0][0] != 0:
        raise NoZipError("something stands before its first file")
    if any(stop > end for _, stop in spans) or any(one[1] > other[0] for one, other in itertools.pairwise(spans)):
        raise NoZipError("its files overlap")


def _check_header(file: BinaryIO, entry: Entry) -> int:
    """Where the packed bytes begin, where the file is left to be read on."""
    mark, *_, length, extra = _HEADER.unpack(_read_at(file, entry.at, _HEADER.size))
    if (
        mark != b"PK\x03\x04"
        or length != len(entry.raw)
        or _read_at(file, entry.at + _HEADER.size, length) != entry.raw
    ):
        raise NoZipError("a file has two names")
    start = entry.at + _HEADER.size + int(length) + int(extra)
    file.seek(start)
    return start
