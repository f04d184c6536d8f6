"""Printed slips: codes that find their own mistakes, and what follows from a key, against tests/vectors/blindballot-paper-1.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from blindballot.box import paper
from blindballot.box.issuing import IssuerKey
from blindballot.box.paper import read_key
from blindballot.format.keyring import is_token
from blindballot.format.keys import point_bytes
from blindballot.format.letters import ALPHABET, CodeError, in_groups, read_letters, with_check
from blindballot.format.manifest import read_manifest
from blindballot.format.slips import are_marks

VECTORS: dict[str, Any] = json.loads((Path(__file__).parents[1] / "vectors" / "blindballot-paper-1.json").read_text())
DIGEST = bytes.fromhex(VECTORS["digest"])
BALLOTS: dict[str, Any] = json.loads((Path(__file__).parents[1] / "vectors" / "blindballot-1.json").read_text())


@pytest.mark.parametrize("case", VECTORS["slips"], ids=lambda case: case["printed"])
def test_a_key_leads_to_serial_finder_and_nonce(case: dict[str, str]) -> None:
    assert read_key(case["printed"], "") == case["key"]
    secret = paper.secret_of(DIGEST, case["key"])
    assert secret.serial.private_numbers().private_value == int(case["secret"], 16)
    made = (point_bytes(secret.serial).hex(), secret.finder.hex(), secret.nonce.hex())
    assert made == (case["serial"], case["finder"], case["nonce"])
    other = paper.secret_of(bytes(32), case["key"])
    assert other.finder != secret.finder
    assert other.nonce != secret.nonce
    assert point_bytes(other.serial) != point_bytes(secret.serial)


@pytest.mark.parametrize("case", VECTORS["numbers"], ids=lambda case: case["code"])
def test_a_sheet_leads_to_its_slips(case: dict[str, str]) -> None:
    assert read_letters(case["code"], paper.SHEET_LETTERS, 1) == case["sheet"]
    number = paper.slip_number(DIGEST, case["sheet"], case["pool"], case["line"])
    assert in_groups(number) == case["number"]
    assert paper.slip_number(DIGEST, case["sheet"], case["pool"], "u001-2") != number


@pytest.mark.parametrize(("count", "checks"), [(26, 2), (12, 1), (10, 1)])
def test_every_wrong_letter_and_every_swapped_pair_is_found(count: int, checks: int) -> None:
    code = with_check((ALPHABET * 2)[5 : 5 + count], checks)
    wrong = [
        code[:place] + letter + code[place + 1 :]
        for place in range(len(code))
        for letter in ALPHABET
        if letter != code[place]
    ]
    wrong += [code[:place] + code[place + 1] + code[place] + code[place + 2 :] for place in range(len(code) - 1)]
    for text in wrong:
        with pytest.raises(CodeError) as refused:
            read_letters(text, count, checks)
        assert refused.value.reason == "check"
    assert read_letters(code, count, checks) == code[:count]


def test_case_width_spaces_and_lookalikes_are_forgiven_and_other_lengths_are_not() -> None:
    code = with_check("0" * 5 + "1" * 5, 1)
    typed = " oOo0 0ilLI-\uff11 " + code[-1].lower()
    assert read_letters(typed, 10, 1) == "0" * 5 + "1" * 5
    for text in ("", code[:-1], code + "0", "U" * 11, "中" * 11):
        with pytest.raises(CodeError) as refused:
            read_letters(text, 10, 1)
        assert refused.value.reason == "length"


def test_an_address_names_its_poll() -> None:
    case = VECTORS["slips"][0]
    address = f"https://example.test/booth/x/#m={'ab' * 32}&s={case['printed']}"
    assert read_key(address, "ab" * 32) == case["key"]
    assert read_key(address.upper().replace("#M=", "#m=").replace("&S=", "&s="), "ab" * 32) == case["key"]
    with pytest.raises(CodeError) as refused:
        read_key(address, "cd" * 32)
    assert refused.value.reason == "round"


def test_a_serial_the_issuer_sees_gets_a_token_like_any_other() -> None:
    key, serial = IssuerKey.generate(), bytes.fromhex(VECTORS["slips"][0]["serial"])
    token = paper.sign_serial(key, serial)
    assert is_token(key.public, serial, token)
    assert not is_token(key.public, bytes.fromhex(VECTORS["slips"][1]["serial"]), token)
    assert paper.sign_serial(key, serial) != token


def test_keyed_figures_are_marks_and_a_spoilt_form_is_none() -> None:
    manifest = read_manifest(BALLOTS["manifest"].encode())
    line = manifest.lines[0]
    most = len(manifest.grades)
    good = [str(place % (most + 2)) for place in range(len(line.criteria))]
    marks = paper.read_marks(manifest, line, good)
    assert marks is not None
    assert are_marks(manifest, line, marks)
    assert paper.read_marks(manifest, line, [str(most + 1)] * len(line.criteria)) == bytes([255]) * len(line.criteria)
    for bad in (good[:-1], [*good[:-1], ""], [*good[:-1], str(most + 2)], [*good[:-1], "-1"], [*good[:-1], " 1"]):
        assert paper.read_marks(manifest, line, bad) is None
    assert not are_marks(manifest, line, paper.spoilt_marks(line))
