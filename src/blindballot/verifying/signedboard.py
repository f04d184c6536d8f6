"""The board of a record as its head was signed, for who asks it one thing only. Whether the record is sound is the verifier's to say."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from blindballot.format.encoding import FormatError, unb64
from blindballot.format.keyring import Keyring
from blindballot.format.keys import SIGNATURE_LENGTH, is_signed_by_platform
from blindballot.format.lines import lines_between, read_board_line
from blindballot.format.manifest import Manifest, read_manifest
from blindballot.format.record import BOARD, KEYS, MANIFEST, RECORD, SIGNATURE, RecordHead
from blindballot.format.slips import BoardSlip
from blindballot.verifying.verifier import LARGEST_DOCUMENT, LARGEST_HEAD, LARGEST_SIGNATURE, UnreadableError


@dataclass(frozen=True, slots=True)
class SignedBoard:
    """The slips of a record, in files that its signed head names."""

    folder: Path
    manifest: Manifest
    head: RecordHead
    fingerprint: str

    @classmethod
    def read(cls, folder: Path) -> SignedBoard:
        """The board in a record's folder. Raises UnreadableError where it is not the one that was signed."""
        try:
            manifest = read_manifest(_bytes(folder, MANIFEST, LARGEST_DOCUMENT))
            data = _bytes(folder, RECORD, LARGEST_HEAD)
            head = RecordHead.read(data)
            signature = unb64(_bytes(folder, SIGNATURE, LARGEST_SIGNATURE).decode("ascii"), SIGNATURE_LENGTH)
        except (FormatError, UnicodeDecodeError) as error:
            raise UnreadableError(f"this is no record: {error}") from error
        if head.manifest != manifest.fingerprint or not is_signed_by_platform(manifest.head_key, signature, data):
            raise UnreadableError("this is not the record as it was signed (record.sig)")
        if not (folder / BOARD).is_file() or _fingerprint(folder / BOARD) != head.files[BOARD]:
            raise UnreadableError("this is not the record as it was signed (board.jsonl)")
        return cls(folder, manifest, head, hashlib.sha256(data).hexdigest())

    def slips(self) -> Iterator[BoardSlip]:
        """Every slip in the order of the board. Raises FormatError for a line that is none."""
        board = self.folder / BOARD
        for _start, line in lines_between(board, 0, board.stat().st_size):
            yield read_board_line(line)

    def keys(self) -> Keyring:
        """The poll's keys. Raises UnreadableError where they are not the manifest's."""
        try:
            return Keyring.read_file(self.manifest, _bytes(self.folder, KEYS, LARGEST_DOCUMENT))
        except FormatError as error:
            raise UnreadableError(f"this is not the record as it was signed (keys.json): {error}") from error


def _bytes(folder: Path, name: str, most: int) -> bytes:
    path = folder / name
    if not path.is_file():
        raise UnreadableError(f"{name} is missing")
    with path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise UnreadableError(f"{name} is too large")
    return data


def _fingerprint(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
