"""From votes to a record and back: the tallies are the votes, every file is under guard, one core or two."""

from __future__ import annotations

import dataclasses
import multiprocessing
import random
import shutil
import stat
import threading
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.blindballot.polls import GRADES, Poll, document, make_poll
from tests.blindballot.records import CLOSED_AT, export, recount_handed, spoil, verify_all

from blindballot.__main__ import main
from blindballot.closing.exporting import ClosingKeys, ExportError, OnPaper, export_record
from blindballot.format.encoding import parse_canonical
from blindballot.format.keys import generate_acknowledgement_key, generate_point_key
from blindballot.format.lines import read_sealed_line, write_sealed_line
from blindballot.format.record import ALL_FILES, BOARD, COUNTS, OPENED, RECORD, SIGNATURE
from blindballot.verifying.scrutiny import Papers
from blindballot.verifying.verifier import UnreadableError, Verdict, verify

IDS = [grade for grade, _, _ in GRADES]


def small_poll() -> Poll:
    """A poll whose lines are published open, in counts, in a band and not at all."""
    plan = document(
        {"members": 60, "guests": 12, "elders": 10, "few": 8}, ("u1",), ("work",), {"guests": ("office", "county")}
    )
    plan["thresholds"] |= {"open_from": 12, "turnout": [1, 4]}
    made = make_poll(plan)
    chance = random.Random(7)
    for pool, voters in (("members", 15), ("guests", 10), ("elders", 6), ("few", 3)):
        for _ in range(voters):
            made.vote(pool, {"u1": {"work": chance.choice(IDS)}})
    spoil(made, "members", "u1")
    spoil(made, "guests", "u1")
    made.cancel("members", 4)
    made.cancel("few")
    return made


@pytest.fixture(scope="module")
def made() -> Poll:
    return small_poll()


@pytest.fixture(scope="module")
def sound(made: Poll, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export(made, tmp_path_factory.mktemp("sound"))


@pytest.fixture
def folder(sound: Path, tmp_path: Path) -> Path:
    shutil.copytree(sound, tmp_path / "record")
    shutil.copy(sound.parent / "handover.jsonl", tmp_path / "handover.jsonl")
    return tmp_path / "record"


def checks(verdict: Verdict) -> list[tuple[str, int, str]]:
    return [(finding.file, finding.line, finding.check) for finding in verdict.findings]


def test_a_sound_record_is_sound(made: Poll, sound: Path) -> None:
    verdict = verify(sound, announced=made.manifest.fingerprint)
    assert verdict.findings == []
    assert (verdict.slips, verdict.opened) == (36, 16)
    assert [(pool.pool, pool.size, pool.returned, pool.verdict) for pool in verdict.pools] == [
        ("members", 60, 16, "valid"),
        ("guests", 12, 11, "valid"),
        ("elders", 10, 6, "valid"),
        ("few", 8, 3, "valid"),
    ]
    done = recount_handed(sound)
    assert (done.findings, done.slips, done.invalid) == ([], 17, ())
    assert done.lines == (("guests", "u1"), ("elders", "u1"))


def test_each_pool_is_published_as_its_numbers_allow(sound: Path) -> None:
    counts = parse_canonical((sound / COUNTS).read_bytes())
    assert [pool["lines"][0]["publication"] for pool in counts["pools"]] == ["open", "counts", "band", "nothing"]


def test_nothing_of_the_order_of_casting_is_left(made: Poll, sound: Path, tmp_path: Path) -> None:
    made.slips.reverse()
    made.cancelled.reverse()
    again = export(made, tmp_path)
    made.slips.reverse()
    made.cancelled.reverse()
    for name in ALL_FILES:
        assert (again / name).read_bytes() == (sound / name).read_bytes()


def test_the_handover_is_for_its_owner_only(sound: Path) -> None:
    handover = sound.parent / "handover.jsonl"
    assert stat.S_IMODE(handover.stat().st_mode) == 0o600
    assert sorted(entry.name for entry in sound.parent.iterdir()) == ["handover.jsonl", "record"]
    assert sorted(entry.name for entry in sound.iterdir()) == sorted(ALL_FILES)


votes = st.lists(
    st.dictionaries(st.sampled_from(["work", "service"]), st.sampled_from([*IDS, "dont_know"])), max_size=14
)


@pytest.fixture(scope="module")
def voted() -> Poll:
    plan = document({"members": 14}, ("u1",), ("work", "service"))
    plan["thresholds"] |= {"open_from": 10, "turnout": [0, 1]}
    return make_poll(plan)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(votes)
def test_tallies_equal_what_was_voted(
    voted: Poll, tmp_path_factory: pytest.TempPathFactory, cast: list[dict[str, str]]
) -> None:
    voted.slips.clear()
    voted.issued["members"]["office"] = 0
    for marks in cast:
        voted.vote("members", {"u1": marks})
    folder = export(voted, tmp_path_factory.mktemp("voted"))
    assert verify_all(folder).findings == []
    line = parse_canonical((folder / COUNTS).read_bytes())["pools"][0]["lines"][0]
    assert line["valid"] == line["returned"] == len(cast)
    assert (folder / OPENED).read_bytes().count(b"\n") == (len(cast) if line["publication"] == "open" else 0)
    for criterion in line.get("criteria", ()):
        counted = Counter(marks.get(criterion["criterion"], "unmarked") for marks in cast)
        if "most" in criterion:
            assert counted[criterion["most"]] >= len(cast) - max(2, len(cast) // 10)
        else:
            assert all(sum(counted[mark] for mark in cell["marks"]) == cell["n"] for cell in criterion["cells"])


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_changed_byte_is_found_and_its_file_named(sound: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(ALL_FILES))
    path = sound / name
    original = path.read_bytes()
    position = data.draw(st.integers(0, len(original) - 1))
    changed = bytearray(original)
    changed[position] ^= data.draw(st.integers(1, 255))
    path.write_bytes(changed)
    try:
        verdict = verify(sound, processes=1)
    finally:
        path.write_bytes(original)
    named = {finding.file for finding in verdict.findings}
    assert named & ({RECORD, SIGNATURE} if name == RECORD else {name})
    assert all(finding.sentence("en") and finding.sentence("zh-hans") for finding in verdict.findings)


def test_the_line_of_a_changed_byte_is_named(folder: Path) -> None:
    board = folder / BOARD
    lines = board.read_bytes().splitlines(keepends=True)
    at = lines[16].index(b'"serial":"') + 30
    lines[16] = lines[16][:at] + (b"A" if lines[16][at : at + 1] != b"A" else b"B") + lines[16][at + 1 :]
    board.write_bytes(b"".join(lines))
    found = checks(verify(folder))
    assert (BOARD, 17, "forged-token") in found
    assert (BOARD, 0, "file-changed") in found
    assert not [each for each in found if each[0] == BOARD and each[1] not in (0, 17)]


@pytest.mark.parametrize("name", ALL_FILES)
def test_a_missing_a_cut_and_an_empty_file_are_found(folder: Path, name: str) -> None:
    data = (folder / name).read_bytes()
    for changed in (data[:-1], b"", data + b"\n"):
        (folder / name).write_bytes(changed)
        assert not verify(folder).is_sound
    (folder / name).unlink()
    assert checks(verify(folder)) == [(name, 0, "missing-file")]


def test_a_file_that_does_not_belong_is_found(folder: Path) -> None:
    shutil.copy(folder.parent / "handover.jsonl", folder / "handover.jsonl")
    assert checks(verify(folder)) == [("handover.jsonl", 0, "strange-file")]


def test_another_manifest_than_announced_is_found(folder: Path) -> None:
    assert checks(verify(folder, announced="0" * 64)) == [("manifest.json", 0, "other-manifest")]


def test_a_changed_handover_is_found(folder: Path) -> None:
    handover = folder.parent / "handover.jsonl"
    head, guests, elders, *lines = handover.read_bytes().splitlines(keepends=True)

    def found(*changed: bytes) -> list[str]:
        handover.write_bytes(head + guests + elders + b"".join(changed))
        return [finding.check for finding in recount_handed(folder).findings]

    assert found(*lines) == []
    assert found(*lines[1:]) == ["opened-missing"]
    assert found(*lines, lines[0]) == ["sealed-stranger"]
    open_ones = (folder / "sealed.jsonl").read_bytes().splitlines(keepends=True)
    assert set(found(*sorted([*lines, *open_ones], key=lambda line: read_sealed_line(line).name))) == {
        "sealed-stranger"
    }
    other = read_sealed_line(lines[0])
    assert found(write_sealed_line(dataclasses.replace(other, sealed=bytes(len(other.sealed)))), *lines[1:]) == [
        "other-sealed"
    ]
    with pytest.raises(UnreadableError, match="not a sealed slip"):
        found(*lines, b"{}\n")
    assert [found(*lines[:place], *lines[place + 1 :]) for place in range(3)] == [["opened-missing"]] * 3
    handover.write_bytes(head.replace(b'"places":2', b'"places":1') + guests + b"".join(lines))
    assert [finding.check for finding in recount_handed(folder).findings] == ["other-places"]
    handover.write_bytes(head + elders + guests + b"".join(lines))
    with pytest.raises(UnreadableError, match="in its order"):
        recount_handed(folder)


def test_export_is_whole_or_not_at_all(made: Poll, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="stands twice"):
        export(Poll(**{**vars(made), "slips": [*made.slips, made.slips[0]]}), tmp_path)
    with pytest.raises(ExportError, match="head key"):
        export(Poll(**{**vars(made), "head_key": generate_acknowledgement_key()}), tmp_path)
    keys = {**made.closing_keys, ("few", "u1"): generate_point_key()}
    with pytest.raises(ExportError, match="closing key of few, u1"):
        export(Poll(**{**vars(made), "closing_keys": keys}), tmp_path)
    with pytest.raises(KeyError):
        export(Poll(**{**vars(made), "issued": {}}), tmp_path)
    assert list(tmp_path.iterdir()) == []
    export(made, tmp_path)
    with pytest.raises(FileExistsError):
        export(made, tmp_path)


def test_a_failure_half_way_leaves_nothing(made: Poll, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="closed_at"):
        export_record(
            tmp_path / "record",
            handover=tmp_path / "handover.jsonl",
            manifest=made.manifest,
            keys=made.keys,
            private=ClosingKeys(made.closing_keys, made.head_key),
            slips=made.slips,
            issued=made.issued,
            closed_at="yesterday",
            paper=OnPaper(made.batches, made.cancelled),
            statements=made.statements(),
        )
    assert CLOSED_AT != "yesterday"
    assert list(tmp_path.iterdir()) == []


def test_a_poll_nobody_voted_in(tmp_path: Path) -> None:
    folder = export(make_poll(lines=("u1",)), tmp_path)
    verdict = verify_all(folder)
    assert verdict.findings == []
    assert verdict.pools[0].verdict == "below-turnout"


@pytest.fixture(scope="module")
def long_record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Long enough for several stretches."""
    plan = document({"members": 400, "guests": 20}, ("u1",), ("work",))
    plan["thresholds"] |= {"turnout": [1, 4]}
    made = make_poll(plan)
    for number in range(400):
        made.vote("members", {"u1": {"work": IDS[number % 4]}})
    for number in range(20):
        made.vote("guests", {"u1": {"work": IDS[number % 3]}})
    return export(made, tmp_path_factory.mktemp("long"))


def test_two_cores_find_what_one_finds(long_record: Path) -> None:
    alone, together = (verify(long_record, decrypt_all=True, processes=count) for count in (1, 2))
    assert alone == together
    assert alone.findings == []
    assert alone.opened == 400
    original = (long_record / BOARD).read_bytes()
    changed = bytearray(original)
    for position in (1000, 200_000, 300_000):
        changed[position] ^= 1
    (long_record / BOARD).write_bytes(changed)
    try:
        alone, together = (verify(long_record, processes=count) for count in (1, 2))
    finally:
        (long_record / BOARD).write_bytes(original)
    assert {finding.line for finding in together.findings if finding.file == BOARD} >= {2}
    assert not alone.is_sound
    assert checks(alone) == checks(together)


def test_a_process_with_threads_does_not_fork(long_record: Path) -> None:
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        assert verify(long_record, processes=2).is_sound
    finally:
        done.set()
        thread.join()


def test_a_worker_that_dies_does_not_change_the_verdict(long_record: Path) -> None:
    killed = []

    def kill_once(_done: int, _size: int) -> None:
        if not killed:
            killed.extend(child.kill() or child for child in multiprocessing.active_children())

    verdict = verify(long_record, processes=2, progress=kill_once)
    assert killed
    assert verdict.is_sound
    assert verdict.slips == 420


def test_progress_reaches_the_end(long_record: Path) -> None:
    seen: list[tuple[int, int]] = []
    verify(long_record, processes=2, progress=lambda done, size: seen.append((done, size)))
    assert seen == sorted(seen)
    assert seen[-1][0] == seen[-1][1] == (long_record / BOARD).stat().st_size


def test_command_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(folder), "--lang", "en"]) == 0
    english = capsys.readouterr().out
    assert "36 slips checked, 16 of them opened and counted again." in english
    assert "members\t60\toffice 16\t16\tvalid" in english
    assert "rest on the scrutineers" in english
    assert "Not yet checked by scrutineers" in english
    assert main(["verify", str(folder), "--lang", "zh", "--decrypt-all"]) == 0
    assert "记录本身完好" in capsys.readouterr().out
    (folder / BOARD).write_bytes((folder / BOARD).read_bytes()[:-1])
    assert main(["verify", str(folder), "--lang", "zh"]) == 1
    assert "board.jsonl 第 36 行" in capsys.readouterr().out
    assert main(["verify", str(folder), "--lang", "en"]) == 1
    assert "board.jsonl, line 36: the line cannot be read" in capsys.readouterr().out


def test_command_line_without_anything_to_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(tmp_path / "nowhere"), "--lang", "en"]) == 2
    assert "not a folder" in capsys.readouterr().err
    with pytest.raises(SystemExit) as ended:
        main(["count", str(tmp_path)])
    assert ended.value.code == 2
    with pytest.raises(UnreadableError, match="not a folder"):
        verify(tmp_path / "nothing")
    with pytest.raises(UnreadableError, match="No such file"):
        Papers.read(tmp_path, tmp_path / "nothing")
