"""The shared record and its forgeries: this verifier and the browser's (frontend/test/recount/record.test.ts) must agree on each."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.vectors import make_bands
from tests.vectors.make_record import all_variants, edits_between

from blindballot.__main__ import main
from blindballot.verifying.verifier import verify

VECTORS = Path(__file__).parents[1] / "vectors"
FORMS = ("record-2", "bands-2")
DESCRIBED = {form: json.loads((VECTORS / form / "variants.json").read_bytes()) for form in FORMS}
CASES = [(form, described) for form, listed in DESCRIBED.items() for described in listed]


def copied(form: str, to: Path) -> Path:
    """A copy of the sound record of that form, its openings beside it."""
    shutil.copytree(VECTORS / form / "record", to / "record")
    shutil.copy(VECTORS / form / "openings.jsonl", to)
    return to / "record"


def tamper(folder: Path, edits: list[dict[str, Any]]) -> None:
    """Does to the folder what the edits say."""
    for edit in edits:
        path = folder / edit["file"]
        if "text" not in edit:
            data, at = path.read_bytes(), edit["at"]
            path.write_bytes(data[:at] + edit["put"].encode() + data[at + edit["remove"] :])
        elif edit["text"] is None:
            path.unlink()
        else:
            path.write_text(edit["text"], encoding="utf-8")


@pytest.mark.parametrize(("form", "described"), CASES, ids=[f"{form} {each['name']}" for form, each in CASES])
def test_the_verifier_comes_to_the_verdict_of_the_vectors(form: str, described: dict[str, Any], tmp_path: Path) -> None:
    folder = copied(form, tmp_path)
    tamper(folder, described["edits"])
    openings = folder.parent / "openings.jsonl" if described["openings"] else None
    verdict = verify(folder, openings, processes=1)
    assert verdict.is_sound == (described["finding"] is None)
    found = [[finding.file, finding.line, finding.check] for finding in verdict.findings]
    assert described["finding"] is None or described["finding"] in found
    arguments = ["verify", str(folder), "--processes", "1", *(["--openings", str(openings)] if openings else [])]
    assert main(arguments) == (0 if verdict.is_sound else 1)


def test_the_vectors_hold_every_variant() -> None:
    assert [described["name"] for described in DESCRIBED["record-2"]] == [variant.name for variant in all_variants()]
    assert [described["name"] for described in DESCRIBED["bands-2"]] == [
        each.name for each in make_bands.all_variants()
    ]
    found = [described["finding"][2] for described in DESCRIBED["record-2"] if described["finding"]]
    assert len(found) > 90
    assert len(set(found)) > 28


def test_edits_make_the_new_file_of_the_old(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_bytes(b"one\ntwo\nthree\nfour\n")
    new.write_bytes(b"zero\none\ntwo!\nfour\nfive\n")
    target = tmp_path / "file"
    shutil.copy(old, target)
    tamper(tmp_path, edits_between("file", old, new))
    assert target.read_bytes() == new.read_bytes()
