"""A changed record made to fit itself again: roots, fingerprints and signatures, as a platform that lies could make them."""

from __future__ import annotations

import contextlib
import hashlib
from typing import Any

from tests.blindballot.odd_values import read, write
from tests.blindballot.polls import Poll

from blindballot.format.encoding import b64
from blindballot.format.keys import sign_with_point
from blindballot.format.lines import read_board_line
from blindballot.format.merkle import merkle_root

Files = dict[str, bytes]
DOCUMENTS = (
    "gate.json",
    "manifest.json",
    "keys.json",
    "counts.json",
    "printed.json",
    "closing-keys.json",
    "record.json",
)
LINES = tuple(f"{name}.jsonl" for name in ("board", "opened", "sealed", "invalid", "cancelled", "statements"))
LISTED = sorted({*DOCUMENTS, *LINES} - {"record.json"})
COSIGNATURES = "cosignatures.jsonl"


def lines_of(files: Files, name: str) -> list[bytes]:
    return files.get(name, b"").splitlines(keepends=True)


def settle(files: Files, poll: Poll) -> None:
    """Makes everything that follows from the documents follow again: roots, fingerprints, signatures."""
    manifest, keys = read(files.get("manifest.json", b"")), read(files.get("keys.json", b""))
    if isinstance(manifest, dict) and isinstance(keys, list) and "keys_root" in manifest:
        root = b64(merkle_root([write(document) for document in keys]))
        if root != manifest["keys_root"]:
            files["manifest.json"] = write(manifest | {"keys_root": root})
    digest = hashlib.sha256(files.get("manifest.json", b"")).digest()
    _sign_statements(files, poll, digest.hex())
    gate = read(files.get("gate.json", b""))
    if isinstance(gate, dict) and "manifest" in gate and gate["manifest"] != digest.hex():
        files["gate.json"] = write(gate | {"manifest": digest.hex()})
    head = read(files.get("record.json", b""))
    if isinstance(head, dict):
        _fit_head(files, head, digest)
        files["record.sig"] = b64(poll.head_key.sign(files["record.json"])).encode()
    _sign_cosignatures(files, poll)


def _fit_head(files: Files, head: dict[str, Any], digest: bytes) -> None:
    """Only what differs is written anew, so that a head that was written oddly stays odd."""
    board = lines_of(files, "board.jsonl")
    wanted: dict[str, Any] = {
        "manifest": digest.hex(),
        "files": {name: hashlib.sha256(files[name]).hexdigest() for name in LISTED if name in files},
        "board_size": len(board),
    }
    with contextlib.suppress(ValueError):
        wanted["board_root"] = b64(merkle_root([read_board_line(line).name(digest) for line in board]))
    if any(name in head and head[name] != value for name, value in wanted.items()):
        files["record.json"] = write(head | {name: value for name, value in wanted.items() if name in head})


def signed_part(document: dict[str, Any]) -> bytes:
    """What is signed of a document, however it looks."""
    rest = {name: value for name, value in document.items() if name != "signature"}
    return str(document.get("format")).encode("utf-8", "replace") + b"\0" + hashlib.sha256(write(rest)).digest()


def _sign_statements(files: Files, poll: Poll, manifest: str) -> None:
    lines = []
    for line in lines_of(files, "statements.jsonl"):
        said = read(line)
        key = poll.statement_keys.get(str(said.get("pool"))) if isinstance(said, dict) else None
        if key is not None and said.get("manifest") != manifest:
            said = said | {"manifest": manifest}
            line = write(said | {"signature": b64(key.sign(signed_part(said)))}) + b"\n"
        lines.append(line)
    files["statements.jsonl"] = b"".join(lines)


def _sign_cosignatures(files: Files, poll: Poll) -> None:
    if COSIGNATURES not in files:
        return
    record = hashlib.sha256(files.get("record.json", b"")).hexdigest()
    lines = []
    for line in lines_of(files, COSIGNATURES):
        said = read(line)
        key = poll.scrutineers.get(str(said.get("scrutineer"))) if isinstance(said, dict) else None
        if key is not None and said.get("record") != record:
            said = said | {"record": record}
            line = write(said | {"signature": b64(sign_with_point(key.signing, signed_part(said)))}) + b"\n"
        lines.append(line)
    files[COSIGNATURES] = b"".join(lines)
