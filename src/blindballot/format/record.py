"""The record folder's files: their names, lines and heads, read and written exactly. Shared by the export and the verifier.

Lines of slips have one form only, which a pattern says whole: the alphabet, the lengths, no stray bits.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blindballot.format.encoding import FormatError, b64, canonical, parse_canonical
from blindballot.format.fields import Fields
from blindballot.format.keyring import TOKEN_LENGTH
from blindballot.format.keys import POINT_LENGTH, SIGNATURE_LENGTH
from blindballot.format.manifest import Manifest
from blindballot.format.publication import INVALID_REASONS, VERDICTS, WITHOUT_REASONS, one_band_a_unit, read_line
from blindballot.format.slips import MOST_VERSION, SALT_LENGTH, BoardSlip

MANIFEST, KEYS, BOARD, OPENED, COUNTS = "manifest.json", "keys.json", "board.jsonl", "opened.jsonl", "counts.json"
CANCELLED, RECORD, SIGNATURE = "cancelled.jsonl", "record.json", "record.sig"
# No line of a record is half as long: a file without line ends is not read into memory.
LONGEST_LINE = 4096
MOST_EXTENSIONS = 100

_TO_URL = bytes.maketrans(b"+/", b"-_")
_FROM_URL = bytes.maketrans(b"-_", b"+/")


@dataclass(frozen=True, slots=True)
class RecordForm:
    """One version of the format: what `record.json` and `counts.json` call it, and the files whose fingerprints it lists."""

    record: str
    counts: str
    listed: tuple[str, ...]

    @property
    def files(self) -> tuple[str, ...]:
        """All files of a folder of this form."""
        return (MANIFEST, *self.listed, RECORD, SIGNATURE)

    @property
    def has_cancelled(self) -> bool:
        """Whether the form knows extensions and cancelled slips."""
        return CANCELLED in self.listed

    @property
    def has_one_band_a_unit(self) -> bool:
        """Whether the lines of a unit share one band in a pool; in form 1 each line has its own."""
        return self.counts != "zhengyou-counts-1"

    @property
    def kinds_without_reasons(self) -> tuple[str, ...]:
        """The kinds of publication that give the invalid slips as one number; in form 1 a band has their reasons."""
        return WITHOUT_REASONS if self.has_one_band_a_unit else ("nothing",)


FORM_1 = RecordForm("zhengyou-record-1", "zhengyou-counts-1", (KEYS, BOARD, OPENED, COUNTS))
FORM_2 = RecordForm("zhengyou-record-2", "zhengyou-counts-2", (KEYS, BOARD, OPENED, CANCELLED, COUNTS))
LISTED, ALL_FILES = FORM_2.listed, FORM_2.files


def form_of(folder: Path) -> RecordForm:
    """The form that the folder's `record.json` names; where it names none, the one whose files are there."""
    head = (folder / RECORD).read_bytes() if (folder / RECORD).is_file() else b""
    for form in (FORM_1, FORM_2):
        if b'"format":"%b"' % form.record.encode() in head:
            return form
    return FORM_2 if (folder / CANCELLED).exists() else FORM_1


@dataclass(frozen=True, slots=True)
class Extension:
    """A later closing time given to an open poll, why, and when it was announced; instants as in the manifest."""

    closes_at: str
    reason: str
    announced_at: str

    def to_json(self) -> dict[str, str]:
        """The extension's object in `record.json`."""
        return {"closes_at": self.closes_at, "reason": self.reason, "announced_at": self.announced_at}


@dataclass(frozen=True, slots=True)
class CancelledSlip:
    """A paper slip that was printed and not drawn: where it would have counted, and its serial."""

    pool: str
    line: str
    serial: bytes


@dataclass(frozen=True, slots=True)
class Opening:
    """One opened slip: its marks and salt, or why it is invalid."""

    name: bytes
    marks: bytes = b""
    salt: bytes = b""
    invalid: str = ""


@dataclass(frozen=True, slots=True)
class RecordHead:
    """`record.json`: what the signature of the platform covers, directly or by fingerprint."""

    manifest: str
    closed_at: str
    extensions: tuple[Extension, ...]
    board_root: bytes
    board_size: int
    files: dict[str, str]

    def to_bytes(self) -> bytes:
        """The canonical bytes that are signed, in the newest form."""
        return canonical(
            {
                "format": FORM_2.record,
                "manifest": self.manifest,
                "closed_at": self.closed_at,
                "extensions": [extension.to_json() for extension in self.extensions],
                "board_root": b64(self.board_root),
                "board_size": self.board_size,
                "files": self.files,
            }
        )

    @classmethod
    def read(cls, data: bytes, form: RecordForm = FORM_2) -> RecordHead:
        """The head of canonical bytes in that form. Raises FormatError naming the field."""
        fields = Fields(parse_canonical(data))
        fields.constant("format", form.record)
        manifest, closed_at = fields.text("manifest"), fields.instant("closed_at")
        extensions = fields.items("extensions", _read_extension, 0, MOST_EXTENSIONS) if form.has_cancelled else ()
        root, size = fields.binary("board_root", 32), fields.whole("board_size", 0)
        listed = Fields(fields.take("files"), "files")
        fields.done()
        files = {name: listed.text(name) for name in form.listed}
        listed.done()
        return cls(manifest, closed_at, extensions, root, size, files)


def check_extensions(manifest: Manifest, extensions: Sequence[Extension]) -> str:
    """The closing time last in force.

    Raises FormatError unless each extension is later than the time it replaces, and was announced before that time and
    not before the extension that precedes it.
    """
    in_force, announced = manifest.closes_at, ""
    for index, extension in enumerate(extensions):
        where = f"extensions[{index}]"
        if extension.closes_at <= in_force:
            raise FormatError(f"{where}.closes_at: must be after {in_force}, the time it replaces")
        if extension.announced_at >= in_force:
            raise FormatError(f"{where}.announced_at: must be before {in_force}, the time it replaces")
        if extension.announced_at < announced:
            raise FormatError(
                f"{where}.announced_at: must not be before {announced}, when the one before was announced"
            )
        in_force, announced = extension.closes_at, extension.announced_at
    return in_force


@dataclass(frozen=True, slots=True)
class PoolCounts:
    """One pool of `counts.json`: tokens issued by issuer, the verdict, the lines' objects in the manifest's order.

    `cancelled` is the number of cancelled slips by line, without lines that have none; always empty in form 1.
    """

    pool: str
    issued: dict[str, int]
    verdict: str
    lines: tuple[dict[str, Any], ...]
    cancelled: dict[str, int]

    def to_json(self) -> dict[str, Any]:
        """The pool's object in the newest form."""
        return {
            "pool": self.pool,
            "issued": self.issued,
            "cancelled": self.cancelled,
            "verdict": self.verdict,
            "lines": list(self.lines),
        }


def write_counts(pools: list[PoolCounts]) -> bytes:
    """The bytes of `counts.json`, in the newest form."""
    return canonical({"format": FORM_2.counts, "pools": [pool.to_json() for pool in pools]})


def read_counts(manifest: Manifest, data: bytes, form: RecordForm = FORM_2) -> tuple[PoolCounts, ...]:
    """The pools of `counts.json`, checked for all that can be checked without slips. Raises FormatError naming the field."""
    fields = Fields(parse_canonical(data))
    fields.constant("format", form.counts)
    wanted = len(manifest.pools)
    pools = fields.items("pools", lambda item, where: _read_pool_counts(manifest, item, where, form), wanted, wanted)
    fields.done()
    if [each.pool for each in pools] != [pool.id for pool in manifest.pools]:
        raise FormatError("pools: must be those of the manifest, in its order")
    return pools


def write_board_line(slip: BoardSlip) -> bytes:
    """The canonical line of a slip on the board, ended by a line feed."""
    tokens = b'","'.join(_b64(token) for token in slip.tokens)
    return (
        b'{"commitment":"%b","line":"%b","pool":"%b","sealed_hash":"%b","serial":"%b","signature":"%b","tokens":["%b"],"version":%d}\n'
        % (
            _b64(slip.commitment),
            slip.line.encode(),
            slip.pool.encode(),
            _b64(slip.sealed_hash),
            _b64(slip.serial),
            _b64(slip.signature),
            tokens,
            slip.version,
        )
    )


def read_board_line(line: bytes) -> BoardSlip:
    """The slip of a line of the board (with its line feed). Raises FormatError unless the line is in its only form."""
    found = _BOARD_LINE.fullmatch(line)
    if found is None:
        raise FormatError("not a slip of the board in its canonical form")
    commitment, line_id, pool, sealed_hash, serial, signature, tokens, version = found.groups()
    slip = BoardSlip(
        pool.decode("ascii"),
        line_id.decode("ascii"),
        _unb64(serial),
        tuple([_unb64(token) for token in tokens.split(b'","')]),
        int(version),
        _unb64(commitment),
        _unb64(sealed_hash),
        _unb64(signature),
    )
    if slip.version > MOST_VERSION:
        raise FormatError("not a version of a slip")
    return slip


def write_opening_line(opening: Opening) -> bytes:
    """The canonical line of an opened slip, ended by a line feed."""
    if opening.invalid:
        return b'{"invalid":"%b","slip":"%b"}\n' % (opening.invalid.encode(), _b64(opening.name))
    return b'{"marks":"%b","salt":"%b","slip":"%b"}\n' % (_b64(opening.marks), _b64(opening.salt), _b64(opening.name))


def read_opening_line(line: bytes) -> Opening:
    """The opened slip of a line (with its line feed). Raises FormatError unless the line is in its only form."""
    found = _OPENING_LINE.fullmatch(line)
    if found is None:
        raise FormatError("not an opened slip in its canonical form")
    invalid, marks, salt, name = found.groups()
    if invalid is not None:
        return Opening(_unb64(name), invalid=invalid.decode("ascii"))
    opening = Opening(_unb64(name), _unb64(marks), _unb64(salt))
    if _b64(opening.marks) != marks:
        raise FormatError("marks that are not in their canonical form")
    return opening


def write_cancelled_line(slip: CancelledSlip) -> bytes:
    """The canonical line of a cancelled slip, ended by a line feed."""
    return b'{"line":"%b","pool":"%b","serial":"%b"}\n' % (slip.line.encode(), slip.pool.encode(), _b64(slip.serial))


def read_cancelled_line(line: bytes) -> CancelledSlip:
    """The cancelled slip of a line (with its line feed). Raises FormatError unless the line is in its only form."""
    found = _CANCELLED_LINE.fullmatch(line)
    if found is None:
        raise FormatError("not a cancelled slip in its canonical form")
    line_id, pool, serial = found.groups()
    return CancelledSlip(pool.decode("ascii"), line_id.decode("ascii"), _unb64(serial))


def lines_between(path: Path, start: int, end: int) -> Iterator[tuple[int, bytes]]:
    """`(offset, line)` of the lines from byte `start` to `end`; a line too long to be meant comes in pieces."""
    with path.open("rb") as file:
        file.seek(start)
        while start < end:
            line = file.readline(LONGEST_LINE)
            if not line:
                return
            yield start, line
            start += len(line)


def line_number(path: Path, offset: int) -> int:
    """The number, from 1, of the line that byte `offset` stands in."""
    number = 1
    with path.open("rb") as file:
        while offset > 0:
            block = file.read(min(1 << 20, offset))
            if not block:
                break
            number += block.count(b"\n")
            offset -= len(block)
    return number


def _read_extension(value: object, where: str) -> Extension:
    fields = Fields(value, where)
    extension = Extension(fields.instant("closes_at"), fields.text("reason"), fields.instant("announced_at"))
    fields.done()
    return extension


def _read_pool_counts(manifest: Manifest, value: object, where: str, form: RecordForm) -> PoolCounts:
    fields = Fields(value, where)
    pool = manifest.pool_by_id.get(fields.identifier("pool"))
    if pool is None:
        raise FormatError(f"{where}.pool: is not a pool of the manifest")
    listed = Fields(fields.take("issued"), f"{where}.issued")
    issued = {issuer: listed.whole(issuer, 0) for issuer in pool.issuers}
    listed.done()
    cancelled = _read_cancelled(manifest, fields.take("cancelled"), where) if form.has_cancelled else {}
    verdict = fields.text("verdict")
    if verdict not in VERDICTS:
        raise FormatError(f"{where}.verdict: must be one of {', '.join(VERDICTS)}")
    wanted = len(manifest.lines)

    def read(item: object, place: str) -> dict[str, Any]:
        kinds = form.kinds_without_reasons
        return read_line(manifest, item, place, verdict == "valid", kinds_without_reasons=kinds)

    lines = fields.items("lines", read, wanted, wanted)
    fields.done()
    if [each["line"] for each in lines] != [line.id for line in manifest.lines]:
        raise FormatError(f"{where}.lines: must be those of the manifest, in its order")
    if form.has_one_band_a_unit and one_band_a_unit(manifest, lines) != list(lines):
        raise FormatError(f"{where}.lines: the lines of one unit have different bands")
    return PoolCounts(pool.id, issued, verdict, lines, cancelled)


def _read_cancelled(manifest: Manifest, value: object, where: str) -> dict[str, int]:
    listed = Fields(value, f"{where}.cancelled")
    cancelled = {line.id: listed.whole(line.id, 1) for line in manifest.lines if listed.has(line.id)}
    listed.done()
    return cancelled


def _b64(data: bytes) -> bytes:
    return binascii.b2a_base64(data, newline=False).rstrip(b"=").translate(_TO_URL)


def _unb64(text: bytes) -> bytes:
    """Of text whose form was checked."""
    return binascii.a2b_base64(text.translate(_FROM_URL) + b"==")


def _b64_form(length: int) -> bytes:
    """What base64url of that many bytes looks like: the last letter has no stray bits."""
    last = {0: b"", 1: b"[AQgw]", 2: b"[AEIMQUYcgkosw048]"}[length % 3]
    return b"[A-Za-z0-9_-]{%d}" % (-(-length * 4 // 3) - bool(last)) + last


_TEXT = rb"[ !#-\[\]-\x7f]*"
_TOKEN, _HASH, _POINT = _b64_form(TOKEN_LENGTH), _b64_form(32), _b64_form(POINT_LENGTH)
_BOARD_LINE = re.compile(
    rb'\{"commitment":"(%b)","line":"(%b)","pool":"(%b)","sealed_hash":"(%b)","serial":"(%b)","signature":"(%b)",'
    rb'"tokens":\["(%b(?:","%b)*)"\],"version":([1-9][0-9]{0,9})\}\n'
    % (_HASH, _TEXT, _TEXT, _HASH, _POINT, _b64_form(SIGNATURE_LENGTH), _TOKEN, _TOKEN)
)
_OPENING_LINE = re.compile(
    rb'\{(?:"invalid":"(%b)"|"marks":"([A-Za-z0-9_-]*)","salt":"(%b)"),"slip":"(%b)"\}\n'
    % ("|".join(INVALID_REASONS).encode(), _b64_form(SALT_LENGTH), _HASH)
)
_CANCELLED_LINE = re.compile(rb'\{"line":"(%b)","pool":"(%b)","serial":"(%b)"\}\n' % (_TEXT, _TEXT, _POINT))
