"""Writes tests/vectors/sealcode-1.json: slips opened under the manifest of blindballot-1.json, and the code they make.

Run once by hand (`python -m tests.blindballot.make_sealcode`); the file is the contract, so a new one is a new number.
"""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any

from blindballot.format.encoding import b64, sha256, unb64
from blindballot.format.keys import generate_point_key, point_bytes
from blindballot.format.sealcode import (
    OpenedSlip,
    printed_code,
    seal_digest,
    seal_item,
    seal_letters,
    write_where,
)
from blindballot.format.sealing import seal_with_randomness
from blindballot.format.slips import commitment_of, seal_info

VECTORS = Path(__file__).parents[1] / "vectors"


def main() -> None:
    known = json.loads((VECTORS / "blindballot-1.json").read_text())
    digest = bytes.fromhex(known["fingerprint"])
    keys = known["pools"][0]["closing_keys"]
    cases: list[dict[str, Any]] = []
    for line, marks in (("u001-1", bytes([1, 255])), ("u002", bytes([0]))):
        closing = b"\x04" + unb64(keys[line]["x"]) + unb64(keys[line]["y"])
        serial = point_bytes(generate_point_key())
        salt, randomness = secrets.token_bytes(32), secrets.token_bytes(32)
        opened = OpenedSlip(known["fingerprint"], "members", line, serial, 1, marks, salt, randomness)
        sealed = seal_with_randomness(
            randomness, closing, marks + salt, seal_info(digest, "members", line, serial, opened.version)
        )
        commitment = commitment_of(digest, serial, marks, salt)
        item = seal_item(commitment, sha256(sealed))
        assert item == opened.item(closing)
        cases.append(
            {
                "opened": opened.to_bytes().decode(),
                "closing_key": b64(closing),
                "sealed": b64(sealed),
                "commitment": b64(commitment),
                "item": b64(item),
            }
        )
    made = seal_digest(digest, (unb64(case["item"]) for case in cases))
    names = [sha256(case["item"].encode()) for case in cases]
    vectors = {
        "about": "docs/ballots.md, Seal codes; the manifest and the closing keys are those of blindballot-1.json",
        "fingerprint": known["fingerprint"],
        "slips": cases,
        "digest": b64(made),
        "letters": seal_letters(made),
        "code": printed_code(seal_letters(made)),
        "names": [b64(name) for name in names],
        "where": write_where(names),
    }
    (VECTORS / "sealcode-1.json").write_text(json.dumps(vectors, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
