"""Our own vectors, tests/vectors/blindballot-1.json: what the browser's implementation is held to holds here as well."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from blindballot.box import receiving
from blindballot.closing.tallying import open_slip
from blindballot.format import rsabssa
from blindballot.format.curve import is_equal
from blindballot.format.encoding import b64, canonical, sha256, unb64
from blindballot.format.keyring import Keyring, is_key_document_of
from blindballot.format.keys import point_bytes
from blindballot.format.manifest import Manifest, read_manifest
from blindballot.format.merkle import is_included, merkle_root
from blindballot.format.rsabssa import PrivateKey
from blindballot.format.sealing import closing_key, open_with_exchange, open_with_key
from blindballot.format.slips import Slip, commitment_of, decapsulation_context, seal_info

VECTORS: dict[str, Any] = json.loads((Path(__file__).parents[1] / "vectors" / "blindballot-1.json").read_text())
MANIFEST: Manifest = read_manifest(VECTORS["manifest"].encode())
KEYS = Keyring.read(MANIFEST, [pool["key_document"].encode() for pool in VECTORS["pools"]])
POOLS = {pool["pool"]: pool for pool in VECTORS["pools"]}
CASES = pytest.mark.parametrize(
    "case", VECTORS["slips"], ids=lambda case: f"{case['slip']['pool']}-{case['slip']['line']}"
)


def point_key(jwk: dict[str, str]) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(unb64(jwk["d"]), "big"), ec.SECP256R1())


def test_manifest_keys_and_roll() -> None:
    assert MANIFEST.fingerprint == VECTORS["fingerprint"]
    signing = ed25519.Ed25519PrivateKey.from_private_bytes(unb64(VECTORS["acknowledgement_private_key"]))
    assert signing.public_key().public_bytes_raw() == MANIFEST.acknowledgement_key
    for pool, secret in zip(MANIFEST.pools, VECTORS["pools"], strict=True):
        path = [unb64(step) for step in secret["key_document_path"]]
        assert is_key_document_of(MANIFEST, pool, secret["key_document"].encode(), path)
        for line, key in secret["closing_keys"].items():
            assert point_bytes(point_key(key)) == KEYS.closing[pool.id, line]
    leaves = [unb64(leaf) for leaf in VECTORS["roll"]["leaves"]]
    assert merkle_root(leaves) == unb64(VECTORS["roll"]["root"]) == MANIFEST.pools[0].roll_root
    for proof in VECTORS["roll"]["paths"]:
        path = [unb64(step) for step in proof["path"]]
        assert is_included(leaves[proof["index"]], proof["index"], len(leaves), path, MANIFEST.pools[0].roll_root)


@CASES
def test_tokens_step_by_step(case: dict[str, Any]) -> None:
    pool, line, serial = case["slip"]["pool"], case["slip"]["line"], unb64(case["serial"])
    assert point_bytes(point_key(case["serial_key"])) == serial
    secrets = {(key["line"], key["issuer"]): key for key in POOLS[pool]["issuer_keys"]}
    for steps in case["tokens"]:
        secret = secrets[line, steps["issuer"]]
        key = PrivateKey.of(*(int.from_bytes(unb64(secret[prime]), "big") for prime in "pq"))
        message = unb64(steps["prefix"]) + serial
        inverse = int.from_bytes(unb64(steps["inverse"]), "big")
        blinded = rsabssa.blind_with(key.public, message, unb64(steps["pss_salt"]), inverse)
        assert b64(blinded) == steps["blinded"]
        assert b64(rsabssa.blind_sign(key, blinded)) == steps["blind_signature"]
        signature = rsabssa.finalize(key.public, message, unb64(steps["blind_signature"]), inverse)
        assert b64(unb64(steps["prefix"]) + signature) == steps["token"]


@CASES
def test_slips_byte_for_byte(case: dict[str, Any]) -> None:
    slip, digest, serial = Slip.from_json(case["slip"]), MANIFEST.digest, unb64(case["serial"])
    receiving.check_slip(MANIFEST, KEYS, slip)
    marks, salt = unb64(case["marks"]), unb64(case["salt"])
    assert b64(commitment_of(digest, serial, marks, salt)) == case["commitment"]
    assert b64(seal_info(digest, slip.pool, slip.line, serial, slip.version)) == case["seal_info"]
    assert b64(sha256(unb64(case["sealed"]))) == case["sealed_hash"]
    assert b64(slip.body(digest)) == case["body"]
    assert b64(slip.name(digest)) == case["name"]
    assert canonical(slip.for_board.to_json()).decode() == case["board"]
    opening = open_slip(MANIFEST, point_key(POOLS[slip.pool]["closing_keys"][slip.line]), slip)
    assert (opening.marks, opening.salt, b64(opening.name)) == (marks, salt, case["name"])
    assert b64(receiving.acknowledgement_message(digest, slip)) == case["acknowledgement_message"]
    assert receiving.is_acknowledgement(MANIFEST, slip, unb64(case["acknowledgement"]))


@pytest.mark.parametrize("case", VECTORS["refused"], ids=lambda case: case["reason"])
def test_refused_slips(case: dict[str, Any]) -> None:
    with pytest.raises(receiving.SlipRefused) as refused:
        receiving.check_slip(MANIFEST, KEYS, Slip.from_json(case["slip"]))
    assert refused.value.reason == case["reason"]


def test_closing_keys_follow_from_a_seed() -> None:
    seed = VECTORS["closing_seed"]
    for each in seed["keys"]:
        key = closing_key(unb64(seed["seed"]), each["pool"], each["line"])
        assert key.private_numbers().private_value == int.from_bytes(unb64(each["key"]["d"]), "big")


def test_an_exchange_is_proved_and_opens_the_slip_without_its_key() -> None:
    case = VECTORS["proof"]
    slip, point, context = Slip.from_json(case["slip"]), unb64(case["point"]), unb64(case["context"])
    public, proof = KEYS.closing[slip.pool, slip.line], unb64(case["proof"])
    assert decapsulation_context(MANIFEST.digest, slip.pool, slip.line, slip.name(MANIFEST.digest)) == context
    assert is_equal(public, slip.sealed[:65], point, context, proof)
    for changed in (proof[:-1] + bytes([proof[-1] ^ 1]), bytes(64), b"\xff" * 64, proof[:-1]):
        assert not is_equal(public, slip.sealed[:65], point, context, changed)
    assert not is_equal(public, slip.sealed[:65], point, context + b"x", proof)
    assert not is_equal(public, slip.sealed[:65], public, context, proof)
    info = seal_info(MANIFEST.digest, slip.pool, slip.line, slip.serial, slip.version)
    plain = open_with_exchange(point, public, slip.sealed, info)
    assert plain == open_with_key(point_key(POOLS[slip.pool]["closing_keys"][slip.line]), slip.sealed, info)
    assert open_with_exchange(public, public, slip.sealed, info) is None


def test_board_and_trees() -> None:
    leaves = sorted(unb64(case["name"]) for case in VECTORS["slips"])
    root = unb64(VECTORS["board_root"])
    assert merkle_root(leaves) == root
    for index, path in enumerate(VECTORS["board_paths"]):
        assert is_included(leaves[index], index, len(leaves), [unb64(step) for step in path], root)
    for tree in VECTORS["merkle"]:
        assert merkle_root(unb64(leaf) for leaf in tree["leaves"]) == unb64(tree["root"])
