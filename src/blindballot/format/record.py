"""The record folder's files: their names, and those that are one document: head, counts, closing keys. Lines are in lines.py.

Read and written exactly. Shared by the close and the verifier.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from blindballot.format.curve import ORDER
from blindballot.format.encoding import FormatError, b64, canonical, parse_canonical
from blindballot.format.fields import Fields
from blindballot.format.manifest import Manifest, Pool
from blindballot.format.publication import NOTHING_WITHHELD, VERDICTS, Withheld, one_band_a_unit, read_line

MANIFEST, KEYS, BOARD, OPENED, COUNTS = "manifest.json", "keys.json", "board.jsonl", "opened.jsonl", "counts.json"
SEALED, CLOSING_KEYS, INVALID = "sealed.jsonl", "closing-keys.json", "invalid.jsonl"
CANCELLED, PRINTED, STATEMENTS, GATE = "cancelled.jsonl", "printed.json", "statements.jsonl", "gate.json"
RECORD, SIGNATURE, COSIGNATURES = "record.json", "record.sig", "cosignatures.jsonl"
# Those whose fingerprints the head lists; the head, its signature and what is signed about it cannot be among them.
LISTED = (
    MANIFEST,
    KEYS,
    BOARD,
    OPENED,
    SEALED,
    CLOSING_KEYS,
    INVALID,
    CANCELLED,
    PRINTED,
    STATEMENTS,
    GATE,
    COUNTS,
)
ALL_FILES = (*LISTED, RECORD, SIGNATURE)
FORMAT, COUNTS_FORMAT, KEYS_FORMAT = "blindballot-record-1", "blindballot-counts-1", "blindballot-closing-keys-1"
MOST_EXTENSIONS = 100

Place = tuple[str, str]


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
class RecordHead:
    """`record.json`: what the signature of the head key covers, directly or by fingerprint."""

    manifest: str
    closed_at: str
    extensions: tuple[Extension, ...]
    board_root: bytes
    board_size: int
    files: dict[str, str]

    def to_bytes(self) -> bytes:
        """The canonical bytes that are signed."""
        return canonical(
            {
                "format": FORMAT,
                "manifest": self.manifest,
                "closed_at": self.closed_at,
                "extensions": [extension.to_json() for extension in self.extensions],
                "board_root": b64(self.board_root),
                "board_size": self.board_size,
                "files": self.files,
            }
        )

    @classmethod
    def read(cls, data: bytes) -> RecordHead:
        """The head of canonical bytes. Raises FormatError naming the field."""
        fields = Fields(parse_canonical(data))
        fields.constant("format", FORMAT)
        manifest, closed_at = fields.fingerprint("manifest"), fields.instant("closed_at")
        extensions = fields.items("extensions", _read_extension, 0, MOST_EXTENSIONS)
        root, size = fields.binary("board_root", 32), fields.whole("board_size", 0)
        listed = Fields(fields.take("files"), "files")
        fields.done()
        files = {name: listed.fingerprint(name) for name in LISTED}
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
    """One pool of `counts.json`: tokens issued by issuer, the verdict, the objects of its lines in the manifest's order.

    `cancelled` is the number of cancelled slips by line, without lines that have none.
    """

    pool: str
    issued: dict[str, int]
    verdict: str
    lines: tuple[dict[str, Any], ...]
    cancelled: dict[str, int]

    def to_json(self) -> dict[str, Any]:
        """The pool's object."""
        return {
            "pool": self.pool,
            "issued": self.issued,
            "cancelled": self.cancelled,
            "verdict": self.verdict,
            "lines": list(self.lines),
        }

    def kind_of(self) -> dict[Place, str]:
        """What is published of each place: `nothing`, `band`, `counts`, `open`; empty text where no slip was opened."""
        is_opened = self.verdict == "valid"
        return {(self.pool, line["line"]): line["publication"] if is_opened else "" for line in self.lines}


def kinds_of(pools: Sequence[PoolCounts]) -> dict[Place, str]:
    """What is published of every place, as `PoolCounts.kind_of` says it."""
    return {place: kind for pool in pools for place, kind in pool.kind_of().items()}


def unopened_line(line: str, returned: int) -> dict[str, Any]:
    """The object of a line of a pool without a valid verdict: none of its slips is opened."""
    return {"line": line, "returned": returned, "publication": "nothing"}


def write_counts(pools: Sequence[PoolCounts]) -> bytes:
    """The bytes of `counts.json`."""
    return canonical({"format": COUNTS_FORMAT, "pools": [pool.to_json() for pool in pools]})


def read_counts(manifest: Manifest, data: bytes, withheld: Mapping[Place, Withheld]) -> tuple[PoolCounts, ...]:
    """The pools of `counts.json`, checked for all that can be checked without slips; `withheld` is what the gate keeps back.

    Raises FormatError naming the field.
    """
    fields = Fields(parse_canonical(data))
    fields.constant("format", COUNTS_FORMAT)
    wanted = len(manifest.pools)
    pools = fields.items(
        "pools", lambda item, where: _read_pool_counts(manifest, item, where, withheld), wanted, wanted
    )
    fields.done()
    if [each.pool for each in pools] != [pool.id for pool in manifest.pools]:
        raise FormatError("pools: must be those of the manifest, in its order")
    return pools


def write_closing_keys(manifest: Manifest, keys: Mapping[Place, int]) -> bytes:
    """The bytes of `closing-keys.json`: the private keys of open lines, as numbers, by place."""
    listed = [
        {"pool": place[0], "line": place[1], "key": b64(keys[place].to_bytes(32, "big"))}
        for place in manifest.places
        if place in keys
    ]
    return canonical({"format": KEYS_FORMAT, "keys": listed})


def read_closing_keys(data: bytes, places: Sequence[Place]) -> dict[Place, int]:
    """The private keys by place, which must be exactly these places in this order. Raises FormatError naming the field."""
    fields = Fields(parse_canonical(data))
    fields.constant("format", KEYS_FORMAT)
    keys = fields.items("keys", _read_closing_key, len(places), len(places))
    fields.done()
    for index, ((place, _), wanted) in enumerate(zip(keys, places, strict=True)):
        if place != wanted:
            raise FormatError(f"keys[{index}]: must be of {wanted[0]}, {wanted[1]}")
    return dict(keys)


def _read_closing_key(value: object, where: str) -> tuple[Place, int]:
    fields = Fields(value, where)
    place = fields.identifier("pool"), fields.identifier("line")
    number = int.from_bytes(fields.binary("key", 32), "big")
    fields.done()
    if not 0 < number < ORDER:
        raise FormatError(f"{where}.key: must be a private key of P-256")
    return place, number


def _read_extension(value: object, where: str) -> Extension:
    fields = Fields(value, where)
    extension = Extension(fields.instant("closes_at"), fields.text("reason"), fields.instant("announced_at"))
    fields.done()
    return extension


def _read_pool_counts(manifest: Manifest, value: object, where: str, withheld: Mapping[Place, Withheld]) -> PoolCounts:
    fields = Fields(value, where)
    pool = manifest.pool_by_id.get(fields.identifier("pool"))
    if pool is None:
        raise FormatError(f"{where}.pool: is not a pool of the manifest")
    listed = Fields(fields.take("issued"), f"{where}.issued")
    issued = {issuer: listed.whole(issuer, 0) for issuer in pool.issuers}
    listed.done()
    cancelled = _read_cancelled(manifest, pool, fields.take("cancelled"), where)
    verdict = fields.text("verdict")
    if verdict not in VERDICTS:
        raise FormatError(f"{where}.verdict: must be one of {', '.join(VERDICTS)}")
    wanted = [line.id for line in manifest.lines_of(pool)]

    def read(item: object, place: str) -> dict[str, Any]:
        if verdict != "valid":
            return _read_unopened_line(item, place)
        line = item.get("line") if isinstance(item, dict) else None
        return read_line(manifest, item, place, withheld.get((pool.id, str(line)), NOTHING_WITHHELD))

    lines = fields.items("lines", read, len(wanted), len(wanted))
    fields.done()
    if [each["line"] for each in lines] != wanted:
        raise FormatError(f"{where}.lines: must be those of the pool, in the manifest's order")
    if one_band_a_unit(manifest, lines) != list(lines):
        raise FormatError(f"{where}.lines: the lines of one unit have different bands")
    return PoolCounts(pool.id, issued, verdict, lines, cancelled)


def _read_unopened_line(value: object, where: str) -> dict[str, Any]:
    fields = Fields(value, where)
    line = unopened_line(fields.identifier("line"), fields.whole("returned", 0))
    fields.constant("publication", "nothing")
    fields.done()
    return line


def _read_cancelled(manifest: Manifest, pool: Pool, value: object, where: str) -> dict[str, int]:
    listed = Fields(value, f"{where}.cancelled")
    cancelled = {line.id: listed.whole(line.id, 1) for line in manifest.lines_of(pool) if listed.has(line.id)}
    listed.done()
    return cancelled
