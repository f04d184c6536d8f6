"""Keys the tests of the ballot engine share, since RSA keys are slow to make, and a small poll whose record is attacked."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.blindballot.polls import GRADES, Poll, document, make_poll, rsa_key
from tests.blindballot.records import export

from blindballot.box.issuing import IssuerKey

IDS = [grade for grade, _, _ in GRADES]


@pytest.fixture(scope="session")
def issuer_key() -> IssuerKey:
    return rsa_key(0)


@pytest.fixture(scope="session")
def other_key() -> IssuerKey:
    return rsa_key(1)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Poll, Path]:
    """A poll and its record: members are published open, guests (two issuers) in counts."""
    plan = document({"members": 16, "guests": 12}, ("u1", "u2"), ("work",), {"guests": ("office", "county")})
    plan["thresholds"] |= {"open_from": 12, "turnout": [1, 2]}
    made = make_poll(plan)
    for pool, voters in (("members", 14), ("guests", 11)):
        for number in range(voters):
            made.vote(pool, {"u1": {"work": IDS[number % 3]}, "u2": {"work": IDS[number % 4]}})
    return made, export(made, tmp_path_factory.mktemp("sound"))


@pytest.fixture
def made(exported: tuple[Poll, Path]) -> Poll:
    return exported[0]


@pytest.fixture
def folder(exported: tuple[Poll, Path], tmp_path: Path) -> Path:
    sound = exported[1]
    shutil.copytree(sound, tmp_path / "record")
    shutil.copy(sound.parent / "handover.jsonl", tmp_path / "handover.jsonl")
    return tmp_path / "record"
