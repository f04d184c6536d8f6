"""One person's entry on a pool's roll: the Merkle path that leads from their leaf to the manifest's `roll_root`, and its check.

`python -m blindballot.format.rolls ENTRY MANIFEST` checks a kept entry offline. Exit status: 0 it stands on the roll, 1 it does not,
2 wrong usage or nothing to read.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from blindballot.format.encoding import FormatError, b64, canonical, parse_canonical, unb64
from blindballot.format.fields import LANGUAGES, Fields
from blindballot.format.findings import language_named
from blindballot.format.manifest import NONCE_LENGTH, Manifest, order_roll, read_manifest, roll_leaf
from blindballot.format.merkle import inclusion_proof, is_included, leaf_hash

FORMAT = "blindballot-roll-entry-1"
# A Merkle path of a roll of 2^64 people.
MOST_STEPS = 64
WORDS = {
    "en": {
        "stands": "{person} stands on the roll of {pool}, which the manifest {manifest} announced.",
        "fails": "This entry does not stand on the announced roll: {error}",
        "unreadable": "Cannot check: {error}",
    },
    "zh-hans": {
        "stands": "{person} 在分组 {pool} 的名册上,该名册已由公示清单 {manifest} 公布。",
        "fails": "此条目不在已公布的名册上:{error}",
        "unreadable": "无法核验:{error}",
    },
}


def write_entry(manifest: Manifest, pool: str, leaves: Iterable[bytes], nonce: bytes, person: str) -> bytes:
    """The canonical JSON a person keeps of their entry. `leaves` is the pool's whole roll in any order.

    Raises ValueError if the person's leaf is not among them.
    """
    leaf, ordered = roll_leaf(nonce, person), order_roll(leaves)
    index = ordered.index(leaf)
    return canonical(
        {
            "format": FORMAT,
            "manifest": manifest.fingerprint,
            "pool": pool,
            "person": person,
            "nonce": b64(nonce),
            "leaf": b64(leaf_hash(leaf)),
            "index": index,
            "path": [b64(step) for step in inclusion_proof(ordered, index)],
            "root": b64(manifest.pool_by_id[pool].roll_root),
        }
    )


def check_entry(manifest: Manifest, data: bytes) -> tuple[str, str]:
    """The pool and person of a kept entry that stands under the manifest's `roll_root`; raises FormatError with the reason if not."""
    fields = Fields(parse_canonical(data))
    fields.constant("format", FORMAT)
    announced, pool, person = fields.text("manifest"), fields.identifier("pool"), fields.text("person")
    nonce, leaf = fields.binary("nonce", NONCE_LENGTH), fields.binary("leaf", 32)
    index = fields.whole("index", 0)
    path = fields.items("path", _step, 0, MOST_STEPS)
    root = fields.binary("root", 32)
    fields.done()
    if announced != manifest.fingerprint or pool not in manifest.pool_by_id:
        raise FormatError("it belongs to another manifest")
    known = manifest.pool_by_id[pool]
    if root != known.roll_root or leaf != leaf_hash(roll_leaf(nonce, person)):
        raise FormatError("its root or its leaf is not what the manifest and the nonce give")
    if not is_included(roll_leaf(nonce, person), index, known.size, path, known.roll_root):
        raise FormatError("its path does not lead to the announced root")
    return pool, person


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status."""
    options = _parser().parse_args(arguments)
    words = WORDS[options.lang]
    try:
        manifest, entry = read_manifest(options.manifest.read_bytes()), options.entry.read_bytes()
    except (OSError, FormatError) as error:
        sys.stderr.write(words["unreadable"].format(error=error) + "\n")
        return 2
    try:
        pool, person = check_entry(manifest, entry)
    except FormatError as error:
        sys.stdout.write(words["fails"].format(error=error) + "\n")
        return 1
    sys.stdout.write(words["stands"].format(person=person, pool=pool, manifest=manifest.fingerprint) + "\n")
    return 0


def _step(value: object, where: str) -> bytes:
    try:
        return unb64(value, 32)
    except FormatError as error:
        raise FormatError(f"{where}: {error}") from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m blindballot.format.rolls")
    parser.add_argument("entry", type=Path, metavar="ENTRY", help="the entry as the site gave it to you")
    parser.add_argument("manifest", type=Path, metavar="MANIFEST", help="the poll's manifest.json")
    default = "zh-hans" if os.environ.get("LANG", "").startswith("zh") else "en"
    parser.add_argument(
        "--lang", type=language_named, choices=LANGUAGES, default=default, help="the language of the verdict"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
