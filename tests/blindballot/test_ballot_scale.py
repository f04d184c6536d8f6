"""More slips than memory: the same bytes as within it, a bound that is kept, nothing left behind whatever happens."""

from __future__ import annotations

import random
import tracemalloc
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from tests.blindballot.polls import Poll, document, make_poll
from tests.blindballot.records import export, verify_all

from blindballot.closing.boardwriting import BoardWriter
from blindballot.closing.exporting import ExportError
from blindballot.format.encoding import sha256
from blindballot.format.lines import CancelledSlip, Opening, read_board_line
from blindballot.format.merkle import merkle_root
from blindballot.format.record import ALL_FILES, BOARD, CANCELLED, INVALID, OPENED, SEALED
from blindballot.format.serials import SerialRegister
from blindballot.format.slips import Slip
from blindballot.format.sorting import RowSorter

SLIPS = 8_000


@pytest.fixture(scope="module")
def large() -> Poll:
    return make_poll(document({"members": 50, "guests": 50, "few": 50}, ("u1", "u2")))


def cheap_slips(count: int) -> Iterator[Slip]:
    """Slips of random bytes, which nobody signed or sealed: enough for what only sorts and writes them."""
    chance = random.Random(4)
    for number in range(count):
        place = (("members", "guests", "few")[number % 3], ("u1", "u2")[number % 2])
        serial = b"\x04" + chance.randbytes(64)
        tokens, sealed = (chance.randbytes(288),), b"\x05" + chance.randbytes(113)
        yield Slip(*place, serial, tokens, 1, bytes(32), sealed, chance.randbytes(64))


def written(made: Poll, at: Path, memory: int, count: int) -> tuple[bytes, int]:
    """The files of a board of cheap slips, every seventh of them invalid; its root and size."""
    folder = at / "record"
    folder.mkdir(parents=True)
    kinds = {**dict.fromkeys(made.manifest.places, "counts"), ("members", "u1"): "open", ("guests", "u1"): "band"}
    with BoardWriter(made.manifest, at, memory) as board:
        for slip in cheap_slips(count):
            board.add(slip)
        for number in range(count // 10):
            serial = b"\x04" + sha256(b"%d" % number) * 2
            board.add_cancelled(CancelledSlip("few", "u1", serial, 1, bytes(16), number, (bytes(32),)))
        assert list(board.repeated()) == []
        for number, row in enumerate(board.write_board(folder)):
            name = row.slip.name(made.manifest.digest)
            marks = Opening(name, bytes([number % 5]), sha256(name))
            board.keep_opening(row, Opening(name, invalid="unreadable") if number % 7 == 0 else marks)
        handed = [place for place, kind in kinds.items() if kind != "open"]
        board.write_opened(folder, at / "handover.jsonl", handed, kinds, made.closing_keys)
        board.write_cancelled(folder)
        assert board.returned.total() == count
        return board.roots.root(), board.roots.size


def test_a_board_beyond_memory_has_the_same_bytes_as_one_within(large: Poll, tmp_path: Path) -> None:
    within = written(large, tmp_path / "within", 1 << 30, SLIPS)
    beyond = written(large, tmp_path / "beyond", 1 << 18, SLIPS)
    assert within == beyond
    assert within[1] == SLIPS
    for name in (*(f"record/{name}" for name in (BOARD, OPENED, SEALED, INVALID, CANCELLED)), "handover.jsonl"):
        data = (tmp_path / "beyond" / name).read_bytes()
        assert data == (tmp_path / "within" / name).read_bytes()
        assert data.count(b"\n") > 500, name
    assert sorted(path.name for path in (tmp_path / "beyond").iterdir()) == ["handover.jsonl", "record"]


def test_a_board_is_in_the_order_of_names_and_has_its_root(large: Poll, tmp_path: Path) -> None:
    root, size = written(large, tmp_path, 1 << 14, 500)
    with (tmp_path / "record" / BOARD).open("rb") as file:
        names = [read_board_line(line).name(large.manifest.digest) for line in file]
    assert len(names) == size
    assert all(one < next_ for one, next_ in pairwise(names))
    assert merkle_root(names) == root


def peak_of(large: Poll, at: Path, memory: int, count: int) -> int:
    tracemalloc.start()
    try:
        written(large, at, memory, count)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_stays_within_its_bound(large: Poll, tmp_path: Path) -> None:
    spilled = peak_of(large, tmp_path / "spilled", 1 << 18, 3_000)
    held = peak_of(large, tmp_path / "held", 1 << 30, 3_000)
    assert spilled < 3 << 19
    assert held > 3 * spilled


def test_rows_come_back_sorted_through_several_levels_of_runs(tmp_path: Path) -> None:
    chance = random.Random(9)
    rows = [chance.randbytes(chance.randrange(200)) for _ in range(20_000)]
    with RowSorter(tmp_path, memory=500) as sorter:
        for row in rows:
            sorter.add(row)
        spilled = [path for folder in tmp_path.iterdir() for path in folder.iterdir()]
        assert 2 < len(spilled) < 200
        assert list(sorter.rows()) == sorted(rows)
    assert list(tmp_path.iterdir()) == []


def test_what_is_spilled_cannot_be_read(tmp_path: Path) -> None:
    with RowSorter(tmp_path, memory=1_000) as sorter:
        for number in range(100):
            sorter.add(b"the marks of somebody's slip" + number.to_bytes(4, "big"))
        (folder,) = tmp_path.iterdir()
        assert folder.name.startswith(".")
        spilled = [path.read_bytes() for path in folder.iterdir()]
    assert len(spilled) > 2
    assert not any(b"marks" in data for data in spilled)
    assert len({data[:16] for data in spilled}) == len(spilled)


def test_a_serial_is_found_twice_wherever_it_was_spilled(tmp_path: Path) -> None:
    serials = [b"\x04" + sha256(b"%d" % number) * 2 for number in range(3_000)]
    with SerialRegister(tmp_path, memory=20_000) as register:
        for offset, serial in enumerate(serials):
            register.add_serial(serial, offset)
        register.add(serials[7][1:] + (5_000).to_bytes(8, "big"))
        register.add_cancelled(serials[11], 3)
        register.add_cancelled(b"\x04" + bytes(64), 4)
        register.add_cancelled(b"\x04" + bytes(64), 5)
        assert sorted(register.repeated()) == [(4, 5, 2), (7, 5_000, 0), (11, 3, 1)]
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def made() -> Poll:
    made = make_poll(document({"members": 20, "guests": 12}, ("u1", "u2")))
    for pool, voters in (("members", 14), ("guests", 7)):
        for voter in range(voters):
            made.vote(pool, {"u1": {"work": ("good", "fair")[voter % 2]}, "u2": {"work": "poor"}})
    made.cancel("guests", 5)
    return made


def test_an_export_beyond_memory_is_the_same_record(made: Poll, tmp_path: Path) -> None:
    folders = []
    for memory in (1 << 20, 4_000):
        (tmp_path / str(memory)).mkdir()
        folders.append(export(made, tmp_path / str(memory), memory=memory))
    for name in ALL_FILES:
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes()
    handed = [(folder.parent / "handover.jsonl").read_bytes().splitlines() for folder in folders]
    assert [line for line in handed[0] if b"slip" in line] == [line for line in handed[1] if b"slip" in line]
    assert verify_all(folders[1]).is_sound


def test_an_export_that_fails_late_leaves_no_hidden_files(made: Poll, tmp_path: Path) -> None:
    seen = []

    def slips() -> Iterator[object]:
        yield from made.slips
        seen.extend(path.name for path in tmp_path.iterdir())
        yield made.slips[0]

    twice = Poll(**{**vars(made), "slips": slips()})
    with pytest.raises(ExportError, match="stands twice"):
        export(twice, tmp_path, memory=4_000)
    assert any(name.startswith(".sorting.") for name in seen)
    assert list(tmp_path.iterdir()) == []
