"""The lines of a record's files: slips, their openings, sealed bytes and proofs, cancelled slips; read and written exactly.

A line has one form only, which a pattern says whole: the alphabet, the lengths, no stray bits.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from blindballot.format.curve import PROOF_LENGTH
from blindballot.format.encoding import FormatError
from blindballot.format.keyring import TOKEN_LENGTH
from blindballot.format.keys import POINT_LENGTH, SIGNATURE_LENGTH
from blindballot.format.manifest import NONCE_LENGTH
from blindballot.format.publication import INVALID_REASONS
from blindballot.format.slips import MOST_VERSION, SALT_LENGTH, BoardSlip

# No line of a record is half as long: a file without line ends is not read into memory.
LONGEST_LINE = 4096
# A Merkle path of 2^31 printed slips.
MOST_STEPS = 31

_TO_URL = bytes.maketrans(b"+/", b"-_")
_FROM_URL = bytes.maketrans(b"-_", b"+/")


@dataclass(frozen=True, slots=True)
class Opening:
    """One opened slip: its marks and salt, or why it is invalid."""

    name: bytes
    marks: bytes = b""
    salt: bytes = b""
    invalid: str = ""


@dataclass(frozen=True, slots=True)
class SealedSlip:
    """The sealed bytes of the slip of this name."""

    name: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True)
class InvalidSlip:
    """A slip called invalid whose closing key stays secret: its sealed bytes, the exchange's result, and the proof that it is that.

    Both are empty where the sealed bytes begin with no point.
    """

    name: bytes
    reason: str
    sealed: bytes
    point: bytes
    proof: bytes


@dataclass(frozen=True, slots=True)
class CancelledSlip:
    """A paper slip that was printed and not drawn: where it would have counted, its serial, and where it stood among its batch's."""

    pool: str
    line: str
    serial: bytes
    batch: int
    nonce: bytes
    index: int
    path: tuple[bytes, ...]


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
    return Opening(_unb64(name), _unb64_exactly(marks), _unb64(salt))


def write_sealed_line(slip: SealedSlip) -> bytes:
    """The canonical line of a slip's sealed bytes, ended by a line feed."""
    return b'{"sealed":"%b","slip":"%b"}\n' % (_b64(slip.sealed), _b64(slip.name))


def read_sealed_line(line: bytes) -> SealedSlip:
    """The sealed bytes of a line (with its line feed). Raises FormatError unless the line is in its only form."""
    found = _SEALED_LINE.fullmatch(line)
    if found is None:
        raise FormatError("not a sealed slip in its canonical form")
    return SealedSlip(_unb64(found[2]), _unb64_exactly(found[1]))


def write_invalid_line(slip: InvalidSlip) -> bytes:
    """The canonical line of an invalid slip with its proof, ended by a line feed."""
    return b'{"point":"%b","proof":"%b","reason":"%b","sealed":"%b","slip":"%b"}\n' % (
        _b64(slip.point),
        _b64(slip.proof),
        slip.reason.encode(),
        _b64(slip.sealed),
        _b64(slip.name),
    )


def read_invalid_line(line: bytes) -> InvalidSlip:
    """The invalid slip of a line (with its line feed). Raises FormatError unless the line is in its only form."""
    found = _INVALID_LINE.fullmatch(line)
    if found is None:
        raise FormatError("not an invalid slip in its canonical form")
    point, proof, reason, sealed, name = found.groups()
    return InvalidSlip(
        _unb64(name), reason.decode("ascii"), _unb64_exactly(sealed), _unb64(point or b""), _unb64(proof or b"")
    )


def write_cancelled_line(slip: CancelledSlip) -> bytes:
    """The canonical line of a cancelled slip, ended by a line feed."""
    path = b",".join(b'"%b"' % _b64(step) for step in slip.path)
    return b'{"batch":%d,"index":%d,"line":"%b","nonce":"%b","path":[%b],"pool":"%b","serial":"%b"}\n' % (
        slip.batch,
        slip.index,
        slip.line.encode(),
        _b64(slip.nonce),
        path,
        slip.pool.encode(),
        _b64(slip.serial),
    )


def read_cancelled_line(line: bytes) -> CancelledSlip:
    """The cancelled slip of a line (with its line feed). Raises FormatError unless the line is in its only form."""
    found = _CANCELLED_LINE.fullmatch(line)
    if found is None:
        raise FormatError("not a cancelled slip in its canonical form")
    batch, index, line_id, nonce, path, pool, serial = found.groups()
    steps = tuple(_unb64(step.strip(b'"')) for step in path.split(b",")) if path else ()
    if len(steps) > MOST_STEPS or int(index) >= 1 << 31 or int(batch) >= 1 << 31:
        raise FormatError("not a cancelled slip: a number or a path beyond its bound")
    place = pool.decode("ascii"), line_id.decode("ascii")
    return CancelledSlip(*place, _unb64(serial), int(batch), _unb64(nonce), int(index), steps)


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


def _b64(data: bytes) -> bytes:
    return binascii.b2a_base64(data, newline=False).rstrip(b"=").translate(_TO_URL)


def _unb64(text: bytes) -> bytes:
    """Of text whose form was checked."""
    return binascii.a2b_base64(text.translate(_FROM_URL) + b"==")


def _unb64_exactly(text: bytes) -> bytes:
    """Of text whose length is not fixed: it may have no stray bits, and be no letter too long."""
    try:
        data = _unb64(text)
    except binascii.Error as error:
        raise FormatError("not base64url") from error
    if _b64(data) != text:
        raise FormatError("bytes that are not in their canonical form")
    return data


def _b64_form(length: int) -> bytes:
    """What base64url of that many bytes looks like: the last letter has no stray bits."""
    last = {0: b"", 1: b"[AQgw]", 2: b"[AEIMQUYcgkosw048]"}[length % 3]
    return b"[A-Za-z0-9_-]{%d}" % (-(-length * 4 // 3) - bool(last)) + last


_ID = rb"[a-z0-9][a-z0-9_.-]{0,63}"
_TOKEN, _HASH, _POINT = _b64_form(TOKEN_LENGTH), _b64_form(32), _b64_form(POINT_LENGTH)
_BOARD_LINE = re.compile(
    rb'\{"commitment":"(%b)","line":"(%b)","pool":"(%b)","sealed_hash":"(%b)","serial":"(%b)","signature":"(%b)",'
    rb'"tokens":\["(%b(?:","%b)*)"\],"version":([1-9][0-9]{0,9})\}\n'
    % (_HASH, _ID, _ID, _HASH, _POINT, _b64_form(SIGNATURE_LENGTH), _TOKEN, _TOKEN)
)
_OPENING_LINE = re.compile(
    rb'\{(?:"invalid":"(%b)"|"marks":"([A-Za-z0-9_-]*)","salt":"(%b)"),"slip":"(%b)"\}\n'
    % ("|".join(INVALID_REASONS).encode(), _b64_form(SALT_LENGTH), _HASH)
)
_NUMBER = rb"(?:0|[1-9][0-9]{0,9})"
_SEALED_LINE = re.compile(rb'\{"sealed":"([A-Za-z0-9_-]*)","slip":"(%b)"\}\n' % _HASH)
_INVALID_LINE = re.compile(
    rb'\{"point":"(%b|)","proof":"(%b|)","reason":"(%b)","sealed":"([A-Za-z0-9_-]*)","slip":"(%b)"\}\n'
    % (_POINT, _b64_form(PROOF_LENGTH), "|".join(INVALID_REASONS).encode(), _HASH)
)
_CANCELLED_LINE = re.compile(
    rb'\{"batch":(%b),"index":(%b),"line":"(%b)","nonce":"(%b)","path":\[((?:"%b"(?:,"%b")*)?)\],"pool":"(%b)","serial":"(%b)"\}\n'
    % (_NUMBER, _NUMBER, _ID, _b64_form(NONCE_LENGTH), _HASH, _HASH, _ID, _POINT)
)
