"""Writes tests/vectors/blindballot-1.json: one poll with all its secrets and the bytes of every step.

Run once by hand (`python -m tests.blindballot.make_vectors`); the file is the contract, so a new one is a new number.
"""

from __future__ import annotations

import dataclasses
import json
import secrets
from pathlib import Path
from typing import Any

import gmpy2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from tests.blindballot.polls import Poll, document, make_poll

from blindballot.box.issuing import IssuerKey
from blindballot.box.receiving import SlipRefused, acknowledge, acknowledgement_message, check_slip
from blindballot.format import rsabssa
from blindballot.format.curve import prove_equal
from blindballot.format.encoding import b64, canonical
from blindballot.format.keyring import keys_path
from blindballot.format.keys import generate_point_key, point_bytes
from blindballot.format.manifest import Pool, order_roll, roll_leaf, roll_root
from blindballot.format.merkle import inclusion_proof, merkle_root
from blindballot.format.sealing import SUITE, closing_key, exchange
from blindballot.format.slips import Slip, commitment_of, decapsulation_context, seal_info
from blindballot.voter.voting import Ballot

TARGET = Path(__file__).parents[1] / "vectors" / "blindballot-1.json"


def jwk(key: ec.EllipticCurvePrivateKey) -> dict[str, str]:
    """The P-256 key as WebCrypto imports it."""
    point = point_bytes(key)
    d = key.private_numbers().private_value.to_bytes(32, "big")
    return {"kty": "EC", "crv": "P-256", "x": b64(point[1:33]), "y": b64(point[33:]), "d": b64(d)}


def plan() -> tuple[dict[str, Any], list[bytes]]:
    """A poll of two pools, one of them with two issuers, and the roll of the first."""
    issuers = {"members": ("office",), "guests": ("office", "county")}
    plan = document({"members": 80, "guests": 12}, ("u001-1", "u002"), ("work", "service"), issuers)
    plan["lines"][1]["criteria"] = ["service"]
    plan["campaign"] = "ab" * 32
    roll = [roll_leaf(secrets.token_bytes(16), f"member {number}") for number in range(80)]
    plan["pools"][0]["roll_root"] = b64(roll_root(roll))
    return plan, order_roll(roll)


def token(ballot: Ballot, line: str, place: int, key: IssuerKey, serial: bytes) -> dict[str, str]:
    """A token made with known randomness, step by step."""
    prefix, salt = secrets.token_bytes(32), secrets.token_bytes(48)
    inverse = int(gmpy2.invert(secrets.randbelow(key.n), key.n))
    blinded = rsabssa.blind_with(key.public, prefix + serial, salt, inverse)
    answer = key.sign_blinded(blinded)
    signature = rsabssa.finalize(key.public, prefix + serial, answer, inverse)
    ballot.prepared[line].tokens[place] = prefix + signature
    return {
        "issuer": ballot.pool.issuers[place],
        "prefix": b64(prefix),
        "pss_salt": b64(salt),
        "inverse": b64(inverse.to_bytes(256, "big")),
        "blinded": b64(blinded),
        "blind_signature": b64(answer),
        "token": b64(prefix + signature),
    }


def slip_case(made: Poll, ballot: Ballot, line_id: str, marks: bytes, version: int) -> dict[str, Any]:
    """One slip and everything that went into it."""
    line, digest = made.manifest.line_by_id[line_id], made.manifest.digest
    key = generate_point_key()
    serial = point_bytes(key)
    ballot.prepared[line_id] = dataclasses.replace(ballot.prepared[line_id], key=key, serial=serial)
    issuers = ballot.pool.issuers
    issuer_keys = [made.issuer_keys[ballot.pool.id, line_id, issuer] for issuer in issuers]
    tokens = [token(ballot, line_id, place, each, serial) for place, each in enumerate(issuer_keys)]
    slip = ballot.fill(line, marks, version)
    check_slip(made.manifest, made.keys, slip)
    opened = open_sealed(made, slip)
    salt = opened[len(marks) :]
    assert slip.commitment == commitment_of(digest, serial, marks, salt)
    return {
        "serial_key": jwk(key),
        "serial": b64(serial),
        "tokens": tokens,
        "marks": b64(marks),
        "salt": b64(salt),
        "commitment": b64(slip.commitment),
        "seal_info": b64(seal_info(digest, slip.pool, slip.line, serial, version)),
        "sealed": b64(slip.sealed),
        "sealed_hash": b64(slip.for_board.sealed_hash),
        "body": b64(slip.body(digest)),
        "signature": b64(slip.signature),
        "name": b64(slip.name(digest)),
        "acknowledgement_message": b64(acknowledgement_message(digest, slip)),
        "acknowledgement": b64(acknowledge(made.acknowledgement_key, digest, slip)),
        "slip": slip.to_json(),
        "board": canonical(slip.for_board.to_json()).decode(),
    }


def open_sealed(made: Poll, slip: Slip) -> bytes:
    info = seal_info(made.manifest.digest, slip.pool, slip.line, slip.serial, slip.version)
    return SUITE.decrypt(slip.sealed, made.closing_keys[slip.pool, slip.line], info)


def refused(made: Poll, slip: Slip, other: Slip) -> list[dict[str, Any]]:
    """Slips the box must refuse, and why."""
    tries = {
        "unknown-pool": dataclasses.replace(slip, pool="nobody"),
        "unknown-line": dataclasses.replace(slip, line="nothing"),
        "wrong-issuers": dataclasses.replace(slip, tokens=slip.tokens * 2),
        "forged-token": dataclasses.replace(slip, tokens=other.tokens),
        "forged-signature": dataclasses.replace(slip, version=slip.version + 1),
    }
    cases = []
    for reason, bad in tries.items():
        with pytest.raises(SlipRefused, match=reason):
            check_slip(made.manifest, made.keys, bad)
        cases.append({"reason": reason, "slip": bad.to_json()})
    return cases


def pool_secrets(made: Poll, pool: Pool) -> dict[str, Any]:
    """A pool's private keys, key document and its path under the manifest's keys_root."""
    index = made.manifest.pools.index(pool)
    documents = list(made.keys.documents)
    listed = [
        {"line": line, "issuer": issuer, "p": b64_number(key.private.p), "q": b64_number(key.private.q)}
        for (pool_id, line, issuer), key in made.issuer_keys.items()
        if pool_id == pool.id
    ]
    return {
        "pool": pool.id,
        "closing_keys": {line.id: jwk(made.closing_keys[pool.id, line.id]) for line in made.manifest.lines_of(pool)},
        "issuer_keys": listed,
        "key_document": documents[index].decode(),
        "key_document_index": index,
        "key_document_path": [b64(step) for step in keys_path(documents, index)],
    }


def b64_number(number: int) -> str:
    return b64(number.to_bytes(128, "big"))


def main() -> None:
    listed, roll = plan()
    made = make_poll(listed)
    digest = made.manifest.digest
    members, guests = (Ballot.begin(made.manifest, made.keys, pool.id) for pool in made.manifest.pools)
    cases = [
        slip_case(made, members, "u001-1", bytes([1, 4]), 1),
        slip_case(made, members, "u001-1", bytes([0, 255]), 3),
        slip_case(made, members, "u002", bytes([2]), 1),
        slip_case(made, guests, "u001-1", bytes([3, 0]), 1),
        slip_case(made, guests, "u002", bytes([0]), 4294967295),
    ]
    slips = [Slip.from_json(case["slip"]) for case in cases]
    leaves = sorted(slip.name(digest) for slip in slips)
    vectors = {
        "about": "docs/ballots.md; every binary value is base64url without padding; texts are exact bytes in UTF-8",
        "manifest": made.manifest.data.decode(),
        "fingerprint": made.manifest.fingerprint,
        "acknowledgement_private_key": b64(made.acknowledgement_key.private_bytes_raw()),
        "pools": [pool_secrets(made, pool) for pool in made.manifest.pools],
        "roll": {
            "leaves": [b64(leaf) for leaf in roll],
            "root": b64(roll_root(roll)),
            "paths": [{"index": at, "path": [b64(x) for x in inclusion_proof(roll, at)]} for at in (0, 41, 79)],
        },
        "slips": cases,
        "board_root": b64(merkle_root(leaves)),
        "board_paths": [[b64(x) for x in inclusion_proof(leaves, at)] for at in range(len(leaves))],
        "refused": refused(made, slips[0], slips[2]),
        "closing_seed": closing_seed(),
        "proof": proof_case(made, slips[0]),
        "merkle": [
            {"leaves": [b64(bytes([each])) for each in range(size)], "root": b64(merkle_root(map(byte, range(size))))}
            for size in range(10)
        ],
    }
    TARGET.write_text(json.dumps(vectors, indent=1, ensure_ascii=False) + "\n")


def closing_seed() -> dict[str, Any]:
    """A seed and the private keys that follow from it."""
    seed = bytes(range(32))
    keys = [
        {"pool": pool, "line": line, "key": jwk(closing_key(seed, pool, line))}
        for pool, line in (("members", "u001-1"), ("members", "u002"), ("guests", "u001-1"))
    ]
    return {"seed": b64(seed), "keys": keys}


def proof_case(made: Poll, slip: Slip) -> dict[str, Any]:
    """The exchange's result for one slip, and a proof that it is that."""
    digest, key = made.manifest.digest, made.closing_keys[slip.pool, slip.line]
    secret = key.private_numbers().private_value
    exchanged = exchange(secret, slip.sealed)
    assert exchanged is not None
    context = decapsulation_context(digest, slip.pool, slip.line, slip.name(digest))
    proof = prove_equal(secret, point_bytes(key), slip.sealed[:65], exchanged, context)
    return {"slip": slip.to_json(), "context": b64(context), "point": b64(exchanged), "proof": b64(proof)}


def byte(number: int) -> bytes:
    return bytes([number])


if __name__ == "__main__":
    main()
