"""RSA blind signatures against the vectors of RFC 9474, appendix A, and what they must refuse."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from blindballot.box.issuing import IssuerKey
from blindballot.format import rsabssa
from blindballot.format.rsabssa import BlindSignatureError, PrivateKey

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "blindballot-rfc9474.json").read_text())
BY_NAME = {variant["name"]: variant for variant in VECTORS["variants"]}


@pytest.fixture(scope="module")
def rfc_key() -> PrivateKey:
    return PrivateKey.of(int(VECTORS["p"], 16), int(VECTORS["q"], 16), int(VECTORS["e"], 16))


@pytest.mark.parametrize("variant", rsabssa.VARIANTS, ids=lambda variant: variant.name)
def test_every_step_gives_the_bytes_of_the_rfc(rfc_key: PrivateKey, variant: rsabssa.Variant) -> None:
    wanted = {name: value for name, value in BY_NAME[variant.name].items() if name != "name"}
    salt, inverse = bytes.fromhex(wanted["salt"]), int(wanted["inverse"], 16)
    assert len(salt) == variant.salt_length
    assert (len(wanted["prefix"]) == 64) is variant.randomized
    prepared = bytes.fromhex(wanted["prefix"] + VECTORS["message"])

    blinded = rsabssa.blind_with(rfc_key.public, prepared, salt, inverse)
    assert blinded.hex() == wanted["blinded"]
    answer = rsabssa.blind_sign(rfc_key, blinded)
    assert answer.hex() == wanted["blind_signature"]
    signature = rsabssa.finalize(rfc_key.public, prepared, answer, inverse, variant)
    assert signature.hex() == wanted["signature"]
    assert rsabssa.is_signed(rfc_key.public, prepared, signature, variant)


@pytest.mark.parametrize("variant", rsabssa.VARIANTS, ids=lambda variant: variant.name)
def test_fresh_randomness_gives_a_signature_too(issuer_key: IssuerKey, variant: rsabssa.Variant) -> None:
    prefix, prepared = rsabssa.prepare(b"serial", variant)
    blinded, inverse = rsabssa.blind(issuer_key.public, prepared, variant)
    signature = rsabssa.finalize(issuer_key.public, prepared, issuer_key.sign_blinded(blinded), inverse, variant)
    assert prepared == prefix + b"serial"
    assert rsabssa.is_signed(issuer_key.public, prepared, signature, variant)
    assert not rsabssa.is_signed(issuer_key.public, prepared + b"x", signature, variant)


def test_two_blindings_of_one_message_look_unrelated(issuer_key: IssuerKey) -> None:
    _, prepared = rsabssa.prepare(b"serial")
    assert rsabssa.blind(issuer_key.public, prepared)[0] != rsabssa.blind(issuer_key.public, prepared)[0]


def test_signer_refuses_what_is_out_of_range(issuer_key: IssuerKey) -> None:
    for bad in (b"", bytes(255), bytes(257), issuer_key.n.to_bytes(256, "big"), b"\xff" * 256):
        with pytest.raises(BlindSignatureError):
            issuer_key.sign_blinded(bad)


def test_signer_answers_the_edges_of_its_range(issuer_key: IssuerKey) -> None:
    for number in (0, 1, issuer_key.n - 1, issuer_key.private.p, issuer_key.private.q):
        signed = int.from_bytes(issuer_key.sign_blinded(number.to_bytes(256, "big")), "big")
        assert pow(signed, 65537, issuer_key.n) == number


def test_a_computing_fault_is_not_answered(issuer_key: IssuerKey) -> None:
    sound = issuer_key.private
    faulty = replace(sound, d_p=sound.d_p ^ 2)
    with pytest.raises(BlindSignatureError, match="does not fit its own key"):
        rsabssa.blind_sign(faulty, (12345).to_bytes(256, "big"))


def test_an_answer_of_another_key_does_not_finish_a_token(issuer_key: IssuerKey, other_key: IssuerKey) -> None:
    _, prepared = rsabssa.prepare(b"serial")
    blinded, inverse = rsabssa.blind(issuer_key.public, prepared)
    blinded = (int.from_bytes(blinded, "big") % other_key.n).to_bytes(256, "big")
    with pytest.raises(BlindSignatureError):
        rsabssa.finalize(issuer_key.public, prepared, other_key.sign_blinded(blinded), inverse)
