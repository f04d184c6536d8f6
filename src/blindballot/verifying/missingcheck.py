"""Reads the file about slips that a device missed in a record, and says what it proves. docs/ballots.md says who decides then."""

from __future__ import annotations

from dataclasses import dataclass

from blindballot.format.encoding import FormatError, fingerprint, parse_canonical, unb64
from blindballot.format.fields import Fields
from blindballot.format.keyring import Keyring, is_token
from blindballot.format.keys import SIGNATURE_LENGTH, is_signed_by_platform, is_signed_by_point, load_point
from blindballot.format.lines import MOST_STEPS
from blindballot.format.manifest import Manifest
from blindballot.format.merkle import is_included
from blindballot.format.record import RecordHead
from blindballot.format.slips import BoardSlip, acknowledgement_of
from blindballot.verifying.signedboard import SignedBoard

FORMAT = "blindballot-missing-slips-1"
MOST_SLIPS = 100_000

# What is proved of a slip. The first three are proof against the box: it took the slip, and the record has not counted it.
LEFT_OUT, OLDER, OTHER_HEAD = "left-out", "older", "other-head"
THERE, REPLACED, FORGED, UNACKNOWLEDGED = "there", "replaced", "forged", "unacknowledged"
PROVED = frozenset({LEFT_OUT, OLDER, OTHER_HEAD})


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A slip of the board that the device was shown, beside the place where its own would stand."""

    name: bytes
    index: int
    path: tuple[bytes, ...]

    @classmethod
    def from_json(cls, value: object, where: str) -> Neighbour:
        """Raises FormatError."""
        fields = Fields(value, where)
        path = fields.items("path", lambda item, at: unb64(item, 32), 0, MOST_STEPS)
        one = cls(fields.binary("name", 32), fields.whole("index", 0), path)
        fields.done()
        return one


@dataclass(frozen=True, slots=True)
class MissedSlip:
    """A slip as the device signed it, the box's acknowledgement, and its neighbours in the record that the device was shown."""

    slip: BoardSlip
    acknowledgement: bytes
    around: tuple[Neighbour, ...]

    @classmethod
    def from_json(cls, value: object, where: str) -> MissedSlip:
        """Raises FormatError."""
        fields = Fields(value, where)
        slip = BoardSlip.from_json(fields.take("slip"), f"{where}.slip")
        around = fields.items("around", Neighbour.from_json, 0, 2)
        one = cls(slip, fields.binary("acknowledgement", SIGNATURE_LENGTH), around)
        fields.done()
        return one


@dataclass(frozen=True, slots=True)
class MissingFile:
    """What a device saved: its slips, and the head of the record in which it missed them."""

    manifest: str
    head: bytes
    head_signature: bytes
    slips: tuple[MissedSlip, ...]

    @classmethod
    def read(cls, data: bytes) -> MissingFile:
        """The file of canonical bytes. Raises FormatError naming the field."""
        fields = Fields(parse_canonical(data))
        fields.constant("format", FORMAT)
        one = cls(
            fields.fingerprint("manifest"),
            fields.binary("head"),
            fields.binary("head_signature", SIGNATURE_LENGTH),
            fields.items("slips", MissedSlip.from_json, 1, MOST_SLIPS),
        )
        fields.done()
        return one


@dataclass(frozen=True, slots=True)
class Proved:
    """What the file comes to: of each slip, by pool and line; and whether one poll has two signed heads."""

    slips: tuple[tuple[str, str, str], ...]
    has_two_heads: bool

    @property
    def is_proof(self) -> bool:
        """Whether the box or the head's signer has something to explain."""
        return self.has_two_heads or any(what in PROVED for _pool, _line, what in self.slips)


def check_missing(file: MissingFile, board: SignedBoard) -> Proved:
    """What the file proves against this record. Raises FormatError if it is about another poll or its head is nobody's."""
    manifest = board.manifest
    if file.manifest != manifest.fingerprint:
        raise FormatError("this file is about another poll")
    if not is_signed_by_platform(manifest.head_key, file.head_signature, file.head):
        raise FormatError("nobody signed the head in this file")
    head = RecordHead.read(file.head)
    is_other = fingerprint(file.head) != board.fingerprint
    serials = {missed.slip.serial for missed in file.slips}
    shown = {slip.serial: slip for slip in board.slips() if slip.serial in serials}
    keys = board.keys()
    said = []
    for missed in file.slips:
        what = _faults(manifest, keys, missed) or _compare(manifest, missed.slip, shown.get(missed.slip.serial))
        if what == THERE and is_other and _is_left_out(manifest, missed, head):
            what = OTHER_HEAD
        said.append((missed.slip.pool, missed.slip.line, what))
    return Proved(tuple(said), is_other)


def _faults(manifest: Manifest, keys: Keyring, missed: MissedSlip) -> str:
    """Why the slip is no slip of this poll that the box took, or nothing."""
    slip = missed.slip
    issuers = keys.keys.get((slip.pool, slip.line), ())
    if not issuers or len(issuers) != len(slip.tokens) or not _is_signed(manifest, slip):
        return FORGED
    if not all(is_token(key, slip.serial, token) for key, token in zip(issuers, slip.tokens, strict=True)):
        return FORGED
    message = acknowledgement_of(manifest.digest, slip.name(manifest.digest))
    is_taken = is_signed_by_platform(manifest.acknowledgement_key, missed.acknowledgement, message)
    return "" if is_taken else UNACKNOWLEDGED


def _is_signed(manifest: Manifest, slip: BoardSlip) -> bool:
    try:
        return is_signed_by_point(load_point(slip.serial), slip.signature, slip.body(manifest.digest))
    except FormatError:
        return False


def _compare(manifest: Manifest, own: BoardSlip, shown: BoardSlip | None) -> str:
    """What the record has under the slip's serial, which nobody but the voter's device can sign for."""
    if shown is None:
        return LEFT_OUT
    if shown.name(manifest.digest) == own.name(manifest.digest):
        return THERE
    return REPLACED if shown.version > own.version and _is_signed(manifest, shown) else OLDER


def _is_left_out(manifest: Manifest, missed: MissedSlip, head: RecordHead) -> bool:
    """Whether the neighbours prove that the slip was not in the record with this head."""
    name, size = missed.slip.name(manifest.digest), head.board_size
    if not all(is_included(one.name, one.index, size, one.path, head.board_root) for one in missed.around):
        return False
    before = [one.index for one in missed.around if one.name < name]
    after = [one.index for one in missed.around if one.name > name]
    if len(before) + len(after) != len(missed.around):
        return False
    return (max(before) + 1 if before else 0) == (min(after) if after else size)
