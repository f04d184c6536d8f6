"""The board in runs: a slip is found byte for byte, its absence is proved, a false index or run is refused."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest

from blindballot.format.encoding import FormatError, canonical, parse_canonical
from blindballot.format.lines import read_board_line
from blindballot.format.manifest import Manifest, read_manifest
from blindballot.format.merkle import RootBuilder, leaf_hash
from blindballot.format.record import ALL_FILES, BOARD, COSIGNATURES, RECORD, RecordHead
from blindballot.format.runs import BoardIndex, IndexedBoard, Run, build_index
from blindballot.format.slips import BoardSlip

VECTOR = Path(__file__).parents[1] / "vectors" / "record"
FOLDER = VECTOR / "record"


@pytest.fixture(scope="module")
def manifest() -> Manifest:
    return read_manifest((FOLDER / "manifest.json").read_bytes())


@pytest.fixture(scope="module")
def head() -> RecordHead:
    return RecordHead.read((FOLDER / RECORD).read_bytes())


@pytest.fixture(scope="module")
def slips() -> list[BoardSlip]:
    return [read_board_line(line) for line in (FOLDER / BOARD).read_bytes().splitlines(keepends=True)]


@pytest.mark.parametrize("height", [0, 1, 3, 4, 6, 7, 10])
def test_runs_of_any_height_are_the_board_and_hash_to_its_root(
    tmp_path: Path, manifest: Manifest, head: RecordHead, slips: list[BoardSlip], height: int
) -> None:
    board = IndexedBoard.open(FOLDER, tmp_path / "cache.json", height)
    board.index.check(head)
    runs = [board.run(number) or b"" for number in range(len(board.index.runs))]
    assert len(runs) == -(-len(slips) // 2**height)
    assert b"".join(runs) == (FOLDER / BOARD).read_bytes()
    assert board.run(len(runs)) is None
    assert board.run(-1) is None
    for place, slip in enumerate(slips):
        number = board.index.run_of(slip.name(manifest.digest))
        assert number == place >> height
        assert slip in board.index.read_run(number, runs[number], manifest.digest)
    assert BoardIndex.read(board.index.to_bytes()) == board.index


def test_the_index_is_that_of_the_vectors(manifest: Manifest) -> None:
    index, offsets = build_index(FOLDER / BOARD, manifest.digest, 4)
    assert index.to_bytes() == (VECTOR / "index-4.json").read_bytes()
    assert offsets[0] == 0
    assert len(offsets) == len(index.runs) == 6


def test_an_altered_and_a_missing_slip_are_not_found(manifest: Manifest, slips: list[BoardSlip]) -> None:
    index, _ = build_index(FOLDER / BOARD, manifest.digest, 4)
    lines = (FOLDER / BOARD).read_bytes().splitlines(keepends=True)
    altered = dataclasses.replace(slips[20], version=2)
    number = index.run_of(altered.name(manifest.digest))
    run = index.read_run(number, b"".join(lines[16 * number : 16 * number + 16]), manifest.digest)
    assert altered not in run


def test_a_false_index_is_refused(manifest: Manifest, head: RecordHead, slips: list[BoardSlip]) -> None:
    index, _ = build_index(FOLDER / BOARD, manifest.digest, 4)
    first, second, *rest = index.runs
    for runs in (
        (second, first, *rest),
        (first, *rest),
        (first, Run(second.first, first.root), *rest),
        (Run(second.first, first.root), second, *rest),
    ):
        with pytest.raises(FormatError):
            dataclasses.replace(index, runs=runs).check(head)
    for changes in ({"size": len(slips) - 1}, {"height": 5}):
        with pytest.raises(FormatError, match="number of slips"):
            dataclasses.replace(index, **changes).check(head)
    document = parse_canonical(index.to_bytes())
    for change in ({"format": "blindballot-board-index-2"}, {"height": -1}, {"runs": [1]}, {"more": 1}):
        with pytest.raises(FormatError):
            BoardIndex.read(canonical(document | change))


def test_a_false_run_and_a_false_first_name_are_refused(manifest: Manifest) -> None:
    index, _ = build_index(FOLDER / BOARD, manifest.digest, 4)
    lines = (FOLDER / BOARD).read_bytes().splitlines(keepends=True)
    for some in (lines[:15], lines[:17], lines[16:32], [lines[1], lines[0], *lines[2:16]], []):
        with pytest.raises(FormatError, match="run 0"):
            index.read_run(0, b"".join(some), manifest.digest)
    moved = dataclasses.replace(index, runs=(Run(bytes(32), index.runs[0].root), *index.runs[1:]))
    with pytest.raises(FormatError, match="another first slip"):
        moved.read_run(0, b"".join(lines[:16]), manifest.digest)


def test_the_index_is_kept_outside_the_folder_and_built_anew_for_another_board(
    tmp_path: Path, manifest: Manifest, slips: list[BoardSlip]
) -> None:
    folder = Path(shutil.copytree(FOLDER, tmp_path / "record"))
    cache = tmp_path / "board-index.json"
    built = IndexedBoard.open(folder, cache, 4)
    kept = cache.read_bytes()
    assert IndexedBoard.open(folder, cache, 4) == built
    assert sorted(path.name for path in folder.iterdir()) == sorted([*ALL_FILES, COSIGNATURES])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["board-index.json", "record"]
    for broken in (b"", b"[]", b"{}", kept[:-9], kept.replace(b'"height": 4', b'"height": 5')):
        cache.write_bytes(broken)
        assert IndexedBoard.open(folder, cache, 4) == built
        assert cache.read_bytes() == kept
    assert IndexedBoard.open(folder, cache, 6).index.height == 6

    builder = RootBuilder()
    for slip in slips[:30]:
        builder.add(leaf_hash(slip.name(manifest.digest)))
    lines = (folder / BOARD).read_bytes().splitlines(keepends=True)
    (folder / BOARD).write_bytes(b"".join(lines[:30]))
    with pytest.raises(FormatError):
        IndexedBoard.open(folder, tmp_path / "new.json", 4)
    document = parse_canonical((folder / RECORD).read_bytes())
    head = dataclasses.replace(RecordHead.read(canonical(document)), board_root=builder.root(), board_size=30)
    (folder / RECORD).write_bytes(head.to_bytes())
    assert IndexedBoard.open(folder, cache, 4).index.size == 30


def test_a_board_without_slips_has_an_index_without_runs(tmp_path: Path, manifest: Manifest, head: RecordHead) -> None:
    (tmp_path / BOARD).write_bytes(b"")
    index, offsets = build_index(tmp_path / BOARD, manifest.digest)
    assert (index.size, index.runs, offsets) == (0, (), ())
    index.check(dataclasses.replace(head, board_root=RootBuilder().root(), board_size=0))
