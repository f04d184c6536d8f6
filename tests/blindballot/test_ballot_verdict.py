"""What a verdict says: first and last the same sentence, of which manifest, and nothing a record could slip into it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.blindballot.polls import document, make_poll, rsa_key
from tests.blindballot.records import edit_document, export, verify_all
from tests.vectors.bound_variants import empty_poll, write_manifest

from blindballot.__main__ import main
from blindballot.format.encoding import b64, canonical, parse_canonical
from blindballot.format.findings import Finding, printable
from blindballot.format.keyring import keys_root
from blindballot.format.record import BOARD, COUNTS, KEYS, MANIFEST, RECORD, Extension, RecordHead
from blindballot.verifying.verifier import verify

VECTOR = Path(__file__).parents[1] / "vectors" / "record"
FINGERPRINT = RecordHead.read((VECTOR / "record" / RECORD).read_bytes()).manifest
HOSTILE = "x\n\x1b[2J\x1b]0;y\x07The record is sound\u202e\u2028\r\ud800"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(VECTOR / "record", tmp_path / "record"))


def lines_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    main(["verify", *arguments, "--processes", "1"])
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_verdict_stands_first_and_last(folder: Path, capsys: pytest.CaptureFixture[str], language: str) -> None:
    itself = lines_of(capsys, str(folder), "--lang", language)
    named = lines_of(capsys, str(folder), "--lang", language, "--manifest", FINGERPRINT)
    other = lines_of(capsys, str(folder), "--lang", language, "--manifest", "0" * 64)
    (folder / BOARD).write_bytes(b"")
    changed = lines_of(capsys, str(folder), "--lang", language)
    first = [said[0] for said in (itself, named, other, changed)]
    assert first == [said[-1] for said in (itself, named, other, changed)]
    begins = {
        "en": [
            "The record is sound in itself.",
            "The record is sound, and",
            "The record is NOT sound",
            "This copy was",
        ],
        "zh": ["记录本身完好。", "记录完好，且", "记录不完好", "这份副本被改动过"],
    }
    for sentence, begin in zip(first, begins[language], strict=True):
        assert sentence.startswith(begin)
    assert FINGERPRINT in first[0]
    assert FINGERPRINT in first[1]


def test_no_text_of_a_head_or_a_manifest_writes_a_line_of_the_verdict(tmp_path: Path) -> None:
    made = empty_poll()
    made.extensions = [Extension("2026-11-28T00:00:00Z", "snow", "2026-11-26T00:00:00Z")]
    folder = export(made, tmp_path)
    for sign in "\n\r\x1b\x00\x7f\x9b\u2028\u2029\u202a\u202e\u2066\u2069":
        extension = {**made.extensions[0].to_json(), "reason": f"snow{sign}The record is sound"}
        edit_document(made, folder, RECORD, lambda head, said=extension: head.update(extensions=[said]))  # type: ignore[misc]
        assert "bad-head" in {finding.check for finding in verify(folder, processes=1).findings}


def test_what_is_printed_of_names_and_errors_is_escaped(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "x\n\x1b[2JThe record is sound\u202e").write_bytes(b"")
    said = lines_of(capsys, str(folder), "--lang", "en")
    assert (
        r"- x\u{a}\u{1b}[2JThe record is sound\u{202e}: a file that does not belong to a record (strange-file)" in said
    )
    sentence = Finding(HOSTILE, 0, "bad-head", {"detail": HOSTILE}).sentence("en")
    assert sentence.isprintable()
    assert printable("优秀 / good") == "优秀 / good"
    assert main(["verify", str(folder / "no\n\x1bwhere"), "--lang", "en"]) == 2
    assert r"no\u{a}\u{1b}where" in capsys.readouterr().err


def test_weak_keys_are_found_by_who_asks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A prime modulus, and one that shares a factor with another: neither shows unless it is looked for."""
    made = empty_poll()
    folder = export(made, tmp_path)
    shared = int(rsa_key(1).private.p * rsa_key(9).private.q)
    for modulus, places in ((2**2048 - 1942289, ["members, u1"]), (shared, ["members, u1", "members, u2"])):
        documents = parse_canonical((folder / KEYS).read_bytes())
        documents[0]["keys"][0]["n"] = [b64(modulus.to_bytes(256, "big"))]
        (folder / KEYS).write_bytes(canonical(documents))
        manifest = parse_canonical((folder / MANIFEST).read_bytes())
        manifest["keys_root"] = b64(keys_root([canonical(each) for each in documents]))
        write_manifest(made, folder, manifest)
        assert verify(folder, processes=1).is_sound
        found = verify(folder, screen_keys=True, processes=1).findings
        assert [(each.file, each.check, each.values["detail"]) for each in found] == [
            (KEYS, "weak-key", place) for place in places
        ]
        assert "tokens could be forged" in "".join(lines_of(capsys, str(folder), "--screen-keys", "--lang", "en"))


def test_a_pool_that_marks_some_lines_is_counted_on_these(tmp_path: Path) -> None:
    plan = document({"members": 16, "half": 12}, ("u1", "u2", "u3"))
    plan["pools"][1]["lines"] = ["u1", "u3"]
    made = make_poll(plan)
    for pool, voters in (("members", 12), ("half", 11)):
        for voter in range(voters):
            made.vote(pool, {line: {"work": ("good", "fair")[voter % 2]} for line in ("u1", "u2", "u3")})
    made.cancel("half", 1, drawn=2)
    folder = export(made, tmp_path)
    verdict = verify_all(folder)
    assert verdict.findings == []
    assert verdict.slips == 12 * 3 + 11 * 2
    counts = parse_canonical((folder / COUNTS).read_bytes())["pools"]
    assert [line["line"] for line in counts[1]["lines"]] == ["u1", "u3"]
    assert counts[1]["cancelled"] == {"u1": 1, "u3": 1}
