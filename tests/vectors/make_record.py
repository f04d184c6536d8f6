"""Writes tests/vectors/record: a sound record, its scrutineers' openings, and tampered variants of it as edits.

Run once by hand (`python -m tests.vectors.make_record`); the folder is the contract, so a new one is a new number.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from tests.blindballot.polls import Poll, document, make_poll
from tests.blindballot.records import cosign_record, export, recount_handed, spoil
from tests.vectors.bound_variants import bound_variants, empty_poll, manifest_variants
from tests.vectors.paper_variants import paper_variants
from tests.vectors.proof_variants import proof_variants
from tests.vectors.question_variants import question_poll, question_variants
from tests.vectors.record_variants import Variant, variants
from tests.vectors.scrutiny import write_scrutiny

from blindballot.format.cosigning import Cosignature
from blindballot.format.manifest import read_manifest
from blindballot.format.record import ALL_FILES, BOARD, COSIGNATURES, MANIFEST, Extension
from blindballot.format.runs import build_index
from blindballot.verifying.verifier import verify

TARGET = Path(__file__).parent / "record"
EMPTY = Path(__file__).parent / "empty"
QUESTIONS = Path(__file__).parent / "questions"
MARKS = ["excellent", "good", "fair", "poor", "dont_know"]


def make_sound() -> Poll:
    """Lines published open, in counts, nearly unanimous, in a band, not at all; a pool below its turnout; a pool that marks one
    line; invalid slips of every kind where slips, counts and bands are published; two extensions; a second issuer; paper sheets
    of which some were not drawn; scrutineers.
    """
    sizes = {"members": 20, "guests": 16, "elders": 10, "few": 8, "away": 9, "half": 12}
    plan = document(sizes, ("u1", "u2"), ("work", "service"), {"guests": ("office", "county")})
    plan["lines"][1]["criteria"] = ["work"]
    plan["thresholds"] |= {"open_from": 12, "turnout": [1, 4]}
    plan["pools"][5]["lines"] = ["u2"]
    made = make_poll(plan, scrutineers=3)
    for pool, voters in (("members", 13), ("guests", 11), ("elders", 6), ("few", 3), ("away", 1), ("half", 11)):
        for voter in range(voters):
            first = {"work": MARKS[voter % 4], "service": MARKS[voter % 2]}
            second = "good" if pool == "members" and voter else MARKS[voter % 3]
            made.vote(pool, {"u1": first, "u2": {"work": second}})
    spoil(made, "members", "u1", marks=bytes([9, 1]))
    spoil(made, "members", "u1", sealed=b"\x05")
    spoil(made, "guests", "u1")
    spoil(made, "guests", "u1", sealed=b"\x05")
    spoil(made, "guests", "u1", sealed=made.slips[0].sealed)
    spoil(made, "elders", "u2")
    made.extensions = [
        Extension("2026-11-28T00:00:00Z", "下大雪，道路不通", "2026-11-26T09:30:00Z"),
        Extension("2026-11-30T00:00:00Z", 'Snow still: "no buses"', "2026-11-27T20:00:00Z"),
    ]
    made.cancel("members", 3, drawn=2)
    made.cancel("members", 1)
    made.cancel("half", 0, drawn=2)
    return made


def words_of_scrutineers(made: Poll, folder: Path) -> list[Cosignature]:
    """Two recounted the sealed lines, the third has seen the record."""
    done = recount_handed(folder)
    assert done.findings == []
    checked = [Cosignature("", scrutineer, "checked", done.lines, done.invalid) for scrutineer in ("s1", "s2")]
    return [*checked, Cosignature("", "s3", "seen")]


def all_variants() -> list[Variant]:
    """Every way to tamper, in the order of the vectors."""
    return [*variants(), *paper_variants(), *proof_variants(), *bound_variants()]


def describe(made: Poll, sound: Path, variant: Variant) -> dict[str, Any]:
    """The variant as edits of the sound record, and the finding it must lead to."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "record"
        shutil.copytree(sound, folder)
        shutil.copy(sound.parent / "handover.jsonl", place)
        variant.forge(made, folder)
        found = verify(folder, processes=1).findings
        finding = next(
            (
                [each.file, each.line, each.check]
                for each in found
                if (each.file, each.check) == (variant.file, variant.check)
            ),
            None,
        )
        assert (finding is None) == (variant.check == "") == (found == []), (variant, found)
        assert finding is None or variant.line in (0, finding[1]), (variant, finding)
        names = sorted({*ALL_FILES, COSIGNATURES, *(path.name for path in folder.iterdir())})
        edits = [edit for name in names for edit in edits_between(name, sound / name, folder / name)]
    return {"name": variant.name, "edits": edits, "finding": finding}


def edits_between(name: str, old: Path, new: Path) -> list[dict[str, Any]]:
    """What makes the new file of the old: its text, null if it is gone, or stretches of bytes put anew, the last first."""
    if not new.exists() and not old.exists():
        return []
    if not new.exists() or not old.exists():
        return [{"file": name, "text": new.read_text("utf-8") if new.exists() else None}]
    before, after = (path.read_bytes().splitlines(keepends=True) for path in (old, new))
    edits = []
    for kind, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            start, removed, put = narrow(b"".join(before[i:j]), b"".join(after[k:m]))
            if not is_text(put):
                # cut within a letter
                start, removed, put = 0, b"".join(before[i:j]), b"".join(after[k:m])
            position = len(b"".join(before[:i])) + start
            edits.append({"file": name, "at": position, "remove": len(removed), "put": put.decode("utf-8")})
    return edits[::-1]


def is_text(data: bytes) -> bool:
    """Whether the bytes are UTF-8."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def narrow(old: bytes, new: bytes) -> tuple[int, bytes, bytes]:
    """Two stretches without what both begin and end with, and how long the common beginning is."""
    shorter = min(len(old), len(new))
    start = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    end = next((n for n in range(shorter - start) if old[-1 - n] != new[-1 - n]), shorter - start)
    return start, old[start : len(old) - end], new[start : len(new) - end]


def write_index() -> None:
    """The index of the board in runs of sixteen slips."""
    digest = read_manifest((TARGET / "record" / MANIFEST).read_bytes()).digest
    index, _ = build_index(TARGET / "record" / BOARD, digest, 4)
    (TARGET / "index-4.json").write_bytes(index.to_bytes())


def write_folder(
    target: Path,
    made: Poll,
    changed: Iterable[Variant],
    cosigned: Callable[[Poll, Path], Sequence[Cosignature]] = lambda made, sound: (),
) -> None:
    """Write a folder anew: the sound record, and what each variant changes in it."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    sound = export(made, target)
    said = cosigned(made, sound)
    if said:
        cosign_record(made, sound, said)
    described = [describe(made, sound, variant) for variant in changed]
    text = json.dumps(described, ensure_ascii=False, indent=1) + "\n"
    (target / "variants.json").write_text(text, encoding="utf-8")


def main() -> None:
    """Write the record with its variants and the index of its board."""
    sound = make_sound()
    write_folder(TARGET, sound, all_variants(), words_of_scrutineers)
    write_scrutiny(sound, TARGET, edits_between)
    write_folder(EMPTY, empty_poll(), manifest_variants())
    asked = question_poll()
    write_folder(QUESTIONS, asked, question_variants())
    write_scrutiny(asked, QUESTIONS, edits_between)
    write_index()


if __name__ == "__main__":
    main()
