"""The shared record and its forgeries: this verifier and the browser's (frontend/test/recount/record.test.ts) must agree on each."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.vectors.bound_variants import manifest_variants
from tests.vectors.make_record import all_variants, edits_between
from tests.vectors.question_variants import question_variants

from blindballot.__main__ import describe, headline, main
from blindballot.format.fields import LANGUAGES
from blindballot.verifying.verifier import verify

VECTORS = Path(__file__).parents[1] / "vectors"
SETS = {"record": all_variants, "empty": manifest_variants, "questions": question_variants}
DESCRIBED = {name: json.loads((VECTORS / name / "variants.json").read_bytes()) for name in SETS}
CASES = [(name, described) for name, listed in DESCRIBED.items() for described in listed]
# The command recounts once more: of each set, the first of every finding.
FIRST = {(name, *(described["finding"] or ())[2:]): (name, described) for name, described in reversed(CASES)}
BY_COMMAND = list(FIRST.values())


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


@pytest.mark.parametrize(("name", "described"), CASES, ids=[f"{name} {each['name']}" for name, each in CASES])
def test_the_verifier_comes_to_the_verdict_of_the_vectors(name: str, described: dict[str, Any], tmp_path: Path) -> None:
    folder = tmp_path / "record"
    shutil.copytree(VECTORS / name / "record", folder)
    tamper(folder, described["edits"])
    verdict = verify(folder, processes=1)
    for language in LANGUAGES:
        assert describe(verdict, language).startswith(headline(verdict, language))
    assert verdict.is_sound == (described["finding"] is None)
    found = [[finding.file, finding.line, finding.check] for finding in verdict.findings]
    assert described["finding"] is None or described["finding"] in found
    if (name, described) in BY_COMMAND:
        assert main(["verify", str(folder), "--processes", "1"]) == (0 if verdict.is_sound else 1)


def test_the_vectors_hold_every_variant() -> None:
    for name, variants in SETS.items():
        assert [described["name"] for described in DESCRIBED[name]] == [variant.name for variant in variants()]
    checks = {described["finding"][2] for listed in DESCRIBED.values() for described in listed if described["finding"]}
    assert len(checks) > 45


def test_edits_make_the_new_file_of_the_old(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_bytes(b"one\ntwo\nthree\nfour\n")
    new.write_bytes(b"zero\none\ntwo!\nfour\nfive\n")
    target = tmp_path / "file"
    shutil.copy(old, target)
    tamper(tmp_path, edits_between("file", old, new))
    assert target.read_bytes() == new.read_bytes()
