"""The record of a closed poll: its files, counts and runs, and where what is handed to its scrutineers lies."""

import hashlib
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from blindballot.format.encoding import FormatError, sha256, unb64
from blindballot.format.keys import is_signed_by_platform
from blindballot.format.manifest import read_manifest
from blindballot.format.record import MANIFEST, RECORD, SIGNATURE, RecordHead
from blindballot.format.runs import IndexedBoard, slip_names
from zhengyou.ballots.rules import ISSUER
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll, VoterPool


def issued_by_each(pools: list[VoterPool], sizes: dict[int, tuple[int, int]]) -> dict[str, dict[str, int]]:
    """Tokens issued by pool and issuer, for the record. Every second issuer has stated its count."""
    return {
        pool.slug: {ISSUER: sizes[pool.pk][1], **({pool.issuer: pool.issuer_count or 0} if pool.issuer else {})}
        for pool in pools
    }


def record_folder(poll: Poll) -> Path:
    """Where the record of a closed poll lies."""
    return Path(settings.RECORDS) / str(poll.key) / "record"


@dataclass(frozen=True)
class SignedRecord:
    """A record as it lies there, signed by the head key of its own manifest. `broken` names the files that do not fit its head."""

    fingerprint: str
    head: RecordHead
    poll: str
    broken: tuple[str, ...]

    def has_same_ballots(self, other: "SignedRecord") -> bool:
        """Whether both are of one manifest and have the same slips on their boards, told by their names."""
        mine, others = self.head, other.head
        return (mine.manifest, mine.board_root, mine.board_size) == (
            others.manifest,
            others.board_root,
            others.board_size,
        )


def signed_record(folder: Path) -> SignedRecord | None:
    """The record in a folder; None if there is none, or what is there is nobody's: cut off, or with a signature that is false."""
    try:
        data, manifest = (folder / RECORD).read_bytes(), read_manifest((folder / MANIFEST).read_bytes())
        head, signature = RecordHead.read(data), unb64((folder / SIGNATURE).read_text())
        is_signed = is_signed_by_platform(manifest.head_key, signature, data)
    except (OSError, FormatError, ValueError):
        return None
    if not is_signed or head.manifest != manifest.fingerprint:
        return None
    broken = tuple(name for name, known in head.files.items() if _hash_of(folder / name) != known)
    return SignedRecord(sha256(data).hex(), head, manifest.poll, broken)


def _hash_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def handover_file(poll: Poll) -> Path:
    """What scrutineers are handed of a closed poll: sealed slips and sealed shares of their keys; until two have recounted."""
    return Path(settings.RECORDS) / str(poll.key) / "handover-for-scrutineers.jsonl"


def polls_with_handover() -> list[Poll]:
    """The closed polls of which what is handed over is still here."""
    there = [path.parent.name for path in Path(settings.RECORDS).glob("*/handover-for-scrutineers.jsonl")]
    return list(Poll.objects.filter(key__in=there, state=Poll.State.CLOSED))


def record_files(poll: Poll) -> list[str]:
    """The names of the record's files."""
    return sorted(path.name for path in record_folder(poll).iterdir())


def record_paths(poll: Poll) -> list[Path]:
    """The record's files as they lie there."""
    return list(record_folder(poll).iterdir())


def packed_record(poll: Poll) -> Path:
    """Where the record of a closed poll lies as one zip, once it is made."""
    return record_folder(poll).with_name("record.zip")


def record_path(poll: Poll, name: str) -> Path:
    """The path of one of the record's files."""
    return record_folder(poll) / name


def board_index(poll: Poll) -> bytes | None:
    """The index of the record's board in runs, kept beside the record's folder; None for a board that is not the record's."""
    board = _indexed_board(poll)
    return board.index.to_bytes() if board else None


def board_run(poll: Poll, number: int) -> bytes | None:
    """The lines of one run of the record's board, or None if there is none of this number."""
    board = _indexed_board(poll)
    return board.run(number) if board else None


def _indexed_board(poll: Poll) -> IndexedBoard | None:
    folder = record_folder(poll)
    try:
        return IndexedBoard.open(folder, folder.with_name("board-index.json"))
    except FormatError:
        return None


@dataclass(frozen=True)
class NamedSlips:
    """All slips of a record by their names alone: how many, and the root over the names, which is the board's."""

    size: int
    root: str


def named_slips(poll: Poll) -> NamedSlips:
    """How many slips a closed poll's record holds, and their root, as its signed head says."""
    head = RecordHead.read(record_path(poll, RECORD).read_bytes())
    return NamedSlips(head.board_size, head.board_root.hex())


def names_of_slips(poll: Poll) -> bytes | None:
    """The names of all slips of a closed poll, one a line; None for a board that is not the record's. Made once, kept beside it."""
    kept = record_folder(poll).with_name("slip-names.txt")
    if not kept.exists():
        try:
            names = slip_names(record_folder(poll))
        except FormatError:
            return None
        with tempfile.NamedTemporaryFile(dir=kept.parent, prefix=f".{kept.name}.", delete=False) as half:
            half.write(names)
        Path(half.name).replace(kept)
    return kept.read_bytes()


def record_counts(poll: Poll) -> dict[str, Any]:
    """The record's counts as written."""
    counts: dict[str, Any] = json.loads(record_path(poll, "counts.json").read_bytes())
    return counts


def turnout_of_record(poll: Poll) -> list[dict[str, Any]]:
    """Each pool's turnout from the record: name, size, issued (the smallest), returned (the largest of its lines), how many
    had to come back (`needed`), verdict.

    `issuers` has each issuer's name and count where there are two, `apart` how far the two counts lie apart.
    """
    manifest = poll_queries.manifest_document(poll)
    share, whole = manifest["thresholds"]["turnout"]
    has_second = any(len(pool["issuers"]) > 1 for pool in manifest["pools"])
    named = {pool.slug: pool.issuer_name for pool in poll_queries.pools_of(poll)} if has_second else {}
    counted = {pool["pool"]: pool for pool in record_counts(poll)["pools"]}
    return [
        {
            "id": pool["id"],
            "name": pool["name"],
            "size": pool["size"],
            "issued": min(counted[pool["id"]]["issued"].values()),
            "returned": max(line["returned"] for line in counted[pool["id"]]["lines"]),
            "needed": -(-pool["size"] * share // whole),
            "verdict": counted[pool["id"]]["verdict"],
            **_two_counts(pool["issuers"], counted[pool["id"]]["issued"], named.get(pool["id"])),
        }
        for pool in manifest["pools"]
    ]


def _two_counts(issuers: list[str], issued: dict[str, int], name: dict[str, str] | None) -> dict[str, Any]:
    if len(issuers) == 1:
        return {"issuers": [], "apart": 0}
    listed = [{"id": one, "name": None if one == ISSUER else name, "issued": issued[one]} for one in issuers]
    return {"issuers": listed, "apart": max(issued.values()) - min(issued.values())}


def turnout_of_void(poll: Poll) -> list[dict[str, Any]]:
    """What is published of a void poll: each pool's name and size, and its issued tokens as coarsely as while it was open."""
    sizes, is_known = poll_queries.pool_sizes(poll), poll.only_void != Poll.OnlyVoid.NO_BOX
    return [
        {
            "name": pool.name,
            "size": sizes[pool.pk][0],
            "issued": poll_queries.coarse_turnout(*sizes[pool.pk]) if is_known else None,
        }
        for pool in poll_queries.pools_of(poll)
    ]


def pools_to_repeat(poll: Poll) -> list[VoterPool]:
    """The pools that are held again: all of a void poll, those without a valid verdict of a closed one."""
    if poll.state not in (Poll.State.CLOSED, Poll.State.VOIDED):
        return []
    return [pool for pool in poll_queries.pools_of(poll) if pool.verdict != VoterPool.Verdict.VALID]
